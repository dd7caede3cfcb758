"""Series restricted to the years that all of them have."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from testkit.rasters import COARSE_TRANSFORM, write_layer

from nep_toolbox.errors import GridMismatch, YearNotFound
from nep_toolbox.framework.matched import matched
from nep_toolbox.raster.series import resolve


def series(folder, name, first, last, **options):
    """A series of these years."""
    years = range(first, last + 1)
    return resolve([write_layer(folder / f"{name}.tif", np.ones((len(years), 2, 2)), descriptions=years, **options)])


def told(found):
    """A run that keeps its warnings."""
    return SimpleNamespace(log=SimpleNamespace(warn=found.append))


def test_the_years_in_common_are_taken_and_the_others_named(tmp_path):
    warnings: list = []
    one, other = series(tmp_path, "one", 2001, 2006), series(tmp_path, "other", 2004, 2009)
    found = matched(told(warnings), {"INPUT 'one'": one, "driver 'other'": other})
    assert [each.years for each in found] == [[2004, 2005, 2006]] * 2
    assert [each.name for each in found] == ["one", "other"]
    assert [step.band for step in found[1].steps] == [1, 2, 3]
    assert warnings == [
        "Left out of INPUT 'one', as another series lacks these years: 2001, 2002, 2003",
        "Left out of driver 'other', as another series lacks these years: 2007, 2008, 2009",
    ]


def test_nothing_is_said_where_all_years_are_common(tmp_path):
    warnings: list = []
    same = [series(tmp_path, name, 2001, 2003) for name in "ab"]
    assert matched(told(warnings), dict(zip("ab", same))) == same and not warnings


def test_series_that_do_not_meet_are_refused(tmp_path):
    first = series(tmp_path, "first", 2001, 2003)
    with pytest.raises(YearNotFound, match="no year in common .a: 2001-2003; b: 2005-2006."):
        matched(told([]), {"a": first, "b": series(tmp_path, "late", 2005, 2006)})
    with pytest.raises(GridMismatch, match="'coarse' does not lie on the grid of 'first'"):
        matched(told([]), {"a": first, "b": series(tmp_path, "coarse", 2001, 2003, transform=COARSE_TRANSFORM)})
