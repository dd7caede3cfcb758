"""Sums by the class on two dates against exact fractions, in blocks and regions."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import numpy as np
import pytest

from nep_toolbox.core.exact_sums import UNIT_EXPONENT
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.landcover import pair_sums as pair_sums_module
from nep_toolbox.core.landcover.pair_sums import NO_PIXEL, PairBlock, PairSums, pair_sums
from nep_toolbox.errors import InvalidParameter

ROWS, COLS = 23, 31
AREAS = {
    "one": np.full((ROWS, 1), 250000.0),
    "row": np.linspace(2e5, 3e5, ROWS)[:, np.newaxis],
    "cell": np.linspace(2e5, 3e5, ROWS)[:, np.newaxis] * np.linspace(1, 1.01, COLS),
}


def case(dtype=np.float64) -> tuple:
    """Values of either sign and of all sizes, and two dates of land cover, with gaps in all."""
    rng = np.random.default_rng(15)
    start, end = (rng.normal(0, 1, (2, ROWS, COLS)) * np.exp(rng.normal(0, 6, (2, ROWS, COLS)))).astype(dtype)
    cover = rng.choice([-3.0, 0.0, 7.0, 2e9], (2, ROWS, COLS))
    for each in (start, end, *cover):
        each[rng.random(each.shape) < 0.1] = np.nan
    start[0, 0], end[0, 1] = np.inf, -np.inf
    return start, end, cover


def exact(total: int) -> Fraction:
    return Fraction(total) * Fraction(2) ** UNIT_EXPONENT


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("areas", AREAS)
def test_sums_equal_fractions(areas, dtype):
    start, end, cover = case(dtype)
    area = np.broadcast_to(AREAS[areas], (ROWS, COLS))
    block = pair_sums(start, end, cover, AREAS[areas])
    found = block.sums[None]
    assert len(found) == 16
    for (before, after), sums in found.items():
        inside = (cover[0] == before) & (cover[1] == after) & np.isfinite(start) & np.isfinite(end)
        first, last = (area[inside] * values[inside].astype(float) for values in (start, end))
        assert sums.pixels == inside.sum() > 0
        assert exact(sums.area) == sum(map(Fraction, area[inside].tolist()))
        assert exact(sums.start) == sum(map(Fraction, first.tolist()))
        assert exact(sums.end) == sum(map(Fraction, last.tolist()))
        assert exact(sums.moved) == sum(map(Fraction, np.abs(last - first).tolist()))
    assert block.classed == np.isfinite(cover).all(axis=0).sum() > sum(sums.pixels for sums in found.values())


def test_blocks_add_up_in_any_order():
    start, end, cover = case()
    labels = Labels.of_pairs((ROWS, COLS), *np.array([(cell, cell % 3) for cell in range(0, ROWS * COLS, 2)]).T)
    whole = pair_sums(start, end, cover, AREAS["cell"], regions=labels)
    parts = [
        pair_sums(
            start[rows, cols], end[rows, cols], cover[:, rows, cols], AREAS["cell"][rows, cols],
            regions=Labels(labels.of_cell[rows, cols], labels.regions),
        )
        for rows in (slice(0, 5), slice(5, 6), slice(6, ROWS)) for cols in (slice(0, 30), slice(30, COLS))
    ]
    assert reduce(PairBlock.merge, parts) == reduce(PairBlock.merge, reversed(parts)) == whole


def test_the_sums_do_not_depend_on_what_is_worked_on_at_a_time(monkeypatch):
    start, end, cover = case()
    labels = Labels.of_pairs((ROWS, COLS), *np.array([(cell, cell % 3) for cell in range(0, ROWS * COLS, 2)]).T)
    whole = [pair_sums(start, end, cover, area, regions=labels) for area in AREAS.values()]
    monkeypatch.setattr(pair_sums_module, "_CELLS", 5 * COLS)
    assert [pair_sums(start, end, cover, area, regions=labels) for area in AREAS.values()] == whole


def test_regions_that_overlap():
    start, end, cover = case()
    cells, regions = np.array([(cell, region) for region in (0, 1) for cell in range(region * 100, 300)]).T
    found = pair_sums(start, end, cover, AREAS["cell"], regions=Labels.of_pairs((ROWS, COLS), cells, regions)).sums
    assert found[None] == pair_sums(start, end, cover, AREAS["cell"]).sums[None]
    for region in (0, 1):
        inside = np.zeros(ROWS * COLS, dtype=bool)
        inside[cells[regions == region]] = True
        alone = np.where(inside.reshape(ROWS, COLS), start, np.nan)
        assert found[region] == pair_sums(alone, end, cover, AREAS["cell"]).sums[None]


def test_no_pixel():
    block = pair_sums(np.full((2, 2), np.nan), np.ones((2, 2)), np.ones((2, 2, 2)), np.ones((2, 1)))
    assert block == PairBlock({None: {}}, 4)
    assert NO_PIXEL + PairSums(1, 2, 3, 4, 5) == PairSums(1, 2, 3, 4, 5)


def test_what_cannot_be_summed_is_named():
    cover, area = np.ones((2, 1, 2)), np.ones((1, 1))
    with pytest.raises(InvalidParameter, match=r"The values hold 1e\+291, which is too large"):
        pair_sums(np.array([[1.0, 1e291]]), np.ones((1, 2)), cover, area)
    with pytest.raises(InvalidParameter, match=r"The values hold -1.7e\+308"):
        pair_sums(np.ones((1, 2)), np.array([[-1.7e308, 0.0]]), cover, 100 * area)
    with pytest.raises(InvalidParameter, match="'2010' holds 1.5"):
        pair_sums(np.ones((1, 2)), np.ones((1, 2)), np.array([[[1, 1]], [[1.5, 1]]]), area, ("'2000'", "'2010'"))
