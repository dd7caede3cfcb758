"""Which years stand for a date, by hand."""

from __future__ import annotations

import pytest

from nep_toolbox.core.nearest_years import nearest_years


@pytest.mark.parametrize(("years", "date", "window", "expected"), [
    ([2001, 2002, 2003, 2004], 2001, 3, (2001, 2002, 2003)),
    ([2001, 2002, 2003, 2004], 2003, 3, (2002, 2003, 2004)),
    ([2001, 2002, 2003, 2004], 2003, 2, (2002, 2003)),  # of 2002 and 2004, as near, the earlier one
    ([2009, 2001, 2005], 2005, 1, (2005,)),
    ([2001, 2005, 2009], 2006, 2, (2005, 2009)),
    ([2001, 2005], 2010, 5, (2001, 2005)),
])
def test_nearest_years(years, date, window, expected):
    assert nearest_years(years, date, window) == expected
