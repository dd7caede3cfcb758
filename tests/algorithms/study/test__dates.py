"""Years and dates of a study."""

from __future__ import annotations

import pytest

from nep_toolbox.algorithms.study._dates import chosen_years, spread
from nep_toolbox.errors import YearNotFound

YEARS = list(range(2001, 2021))


def test_spread():
    assert spread(YEARS, 5) == [2001, 2006, 2011, 2015, 2020]
    assert spread([2001, 2002], 5) == [2001, 2002] and spread(range(4), 2) == [0, 3]


def test_years_as_written_or_chosen():
    assert chosen_years("2010, 2003;2010", "MAP_YEARS", YEARS, "the years do", 5) == [2003, 2010]
    assert chosen_years(" ", "MAP_YEARS", [2001, 2005], "the years do", 5) == [2001, 2005]


def test_a_year_that_is_not_there():
    with pytest.raises(YearNotFound, match="⟨LC_YEARS⟩ holds 1999, which the land cover does not have: there are 2001"):
        chosen_years("1999,2001", "LC_YEARS", [2001, 2005], "the land cover does", 5)
