"""Which dates are compared, and the values of which years stand for them."""

from __future__ import annotations

import pytest

from nep_toolbox.algorithms.landcover._effect_dates import Dates, effect_dates, years_text
from nep_toolbox.errors import InvalidParameter

YEARS = list(range(2001, 2011))


@pytest.mark.parametrize(("given", "expected"), [
    ((None, None, 1), Dates(2001, 2010, (2001,), (2010,))),
    ((2005, None, 1), Dates(2005, 2010, (2005,), (2010,))),
    ((None, 2005, 1), Dates(2001, 2005, (2001,), (2005,))),
    ((None, None, 5), Dates(2001, 2010, (2001, 2002, 2003, 2004, 2005), (2006, 2007, 2008, 2009, 2010))),
    ((2001, 2005, 2), Dates(2001, 2005, (2001, 2002), (2004, 2005))),  # of two as near the earlier one
    ((2005, 2010, 3), Dates(2005, 2010, (2004, 2005, 2006), (2008, 2009, 2010))),
])
def test_dates(given, expected):
    assert effect_dates(YEARS, [1990, 2001, 2005, 2010, 2020], *given) == expected


def test_years_that_lie_apart():
    assert effect_dates([2000, 2004, 2005, 2011, 2012], [2004, 2011], None, None, 2) == Dates(
        2004, 2011, (2004, 2005), (2011, 2012)
    )


@pytest.mark.parametrize(("given", "landcover", "words"), [
    ((1990, None, 1), [1990, 2001, 2005], "⟨FROM_YEAR⟩ is 1990, which the series does not have. Years that both have: "
                                          "2001, 2005. Take one"),
    ((None, 2002, 1), [1990, 2001, 2005], "⟨TO_YEAR⟩ is 2002, which the land cover does not have."),
    ((None, 2030, 1), [1990], "⟨TO_YEAR⟩ is 2030, which neither the land cover nor the series has. Years that both "
                              "have: none."),
    ((None, None, 1), [1990, 2005], "and there is one, 2005. The land cover is of 1990, 2005, the values are of 2001,"),
    ((None, None, 1), [1990], "and there are none. The land cover is of 1990, the values"),
    ((2005, 2005, 1), [2001, 2005], "The first date, 2005, must lie before the last, 2005."),
    ((2005, 2001, 1), [2001, 2005], "The first date, 2005, must lie before the last, 2001. Mend ⟨FROM_YEAR⟩ or "
                                    "⟨TO_YEAR⟩; both have 2001, 2005."),
    ((None, None, 4), [2001, 2005], "The 4 years nearest to 2001 and those nearest to 2005 meet. Lower ⟨WINDOW⟩"),
    ((2003, 2005, 3), [2003, 2005], "The 3 years nearest to 2003 and those nearest to 2005 meet."),
    ((None, None, 99), [2001, 2010], "The 99 years nearest to 2001 and those nearest to 2010 meet."),
])
def test_what_cannot_be_compared_is_told(given, landcover, words):
    with pytest.raises(InvalidParameter) as caught:
        effect_dates(YEARS, landcover, *given)
    assert words in str(caught.value)


def test_years_in_words():
    assert [years_text(years) for years in ((2001,), (2001, 2002), (2001, 2002, 2003), (2001, 2003, 2004))] == [
        "2001", "2001, 2002", "2001-2003", "2001, 2003, 2004"
    ]
