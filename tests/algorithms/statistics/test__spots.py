"""What is told of the spots of each step, by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from nep_toolbox.algorithms.statistics._spots import SCHEMES, Spots, class_rows
from nep_toolbox.core.class_areas import areas_of_map
from nep_toolbox.core.hotspots.local import Method
from nep_toolbox.core.hotspots.whole import Whole
from nep_toolbox.core.labels import Labels
from nep_toolbox.framework.class_maps import Tally

WHOLE = Whole(40, 10.0, 2.0, 0.5, 1.0, 840**2 * 10, 840**2 * 160)


@dataclass(frozen=True)
class Named:
    """Stands for a region."""

    name: str


REGIONS = (Named("b"), Named("a"))


def found(year: int, method: Method, codes, lost=()) -> Spots:
    """Spots of one row of cells, each of 2 km2: the first three lie in b, the last three in a."""
    codes = np.array([codes], dtype=np.int16)
    missing = np.isin(np.arange(codes.size), lost)[np.newaxis]
    scheme = SCHEMES[method]
    regions = Labels.of_pairs(codes.shape, np.array([0, 1, 2, codes.size - 3, codes.size - 2, codes.size - 1]),
                              np.repeat([0, 1], 3))
    tally = Tally(scheme, REGIONS)
    area = np.full((1, 1), 2e6)
    tally.add(areas_of_map(codes, scheme.first, max(scheme.labels), missing, area, regions))
    return Spots(year, WHOLE, 3, tally, method)


def test_hot_and_cold_areas():
    gi = found(2001, Method.GI_STAR, [3, 2, 1, 0, 0, -1, -2, -3, -3, -32768], lost=[9])
    assert gi.areas() == pytest.approx((4.0, 100 * 2 / 9, 6.0, 100 * 3 / 9))
    moran = found(2001, Method.MORAN, [1, 1, 2, 3, 4, 0, 0, 0])
    assert moran.areas() == pytest.approx((4.0, 25.0, 2.0, 12.5))
    nothing = found(2001, Method.MORAN, [-32768] * 6)
    assert nothing.areas() == (0.0, 0.0, 0.0, 0.0)


def test_a_row_of_the_summary():
    spots = found(2001, Method.MORAN, [1, 0, 0, 0, 3, 3, 0, 0])
    moran = WHOLE.moran()
    assert spots.row() == (2001, 0.5, moran.z, moran.p_value, 2.0, 4.0, 12.5, 25.0, 40, 3)
    assert found(0, Method.MORAN, [0] * 6).row()[0] is None


def test_rows_of_classes():
    spots = [found(year, Method.MORAN, [1, 1, 0, 3, 3, -32768], lost=[5]) for year in (2001, 2002)]
    plain = class_rows(spots, ())
    assert [row[:4] for row in plain[:6]] == [
        (2001, 1, "high among high", 2), (2001, 4, "high among low", 0), (2001, 0, "not significant", 1),
        (2001, 2, "low among high", 0), (2001, 3, "low among low", 2), (2001, None, "no result", 1),
    ]
    assert [row[0] for row in plain] == [2001] * 6 + [2002] * 6
    rows = class_rows(spots, REGIONS)
    assert list(dict.fromkeys((row[0], row[1]) for row in rows)) == [
        (name, year) for name in ("all", "b", "a") for year in (2001, 2002)
    ]
    assert [row[1:] for row in rows if row[0] == "all"] == plain
    assert [(row[2], row[4]) for row in rows if row[0] == "a" and row[1] == 2002 and row[4]] == [(3, 2), (None, 1)]
