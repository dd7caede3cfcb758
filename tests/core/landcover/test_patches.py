"""Sums over classes, patch by patch, against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from testkit.landcover import landcover_sums

from nep_toolbox.core.landcover import patches
from nep_toolbox.core.landcover.patches import dates_of, landcover_patches

ROWS, COLS = 37, 530


def case(level: float, dtype=np.float64):
    """Values about a level, of which some are missing, two dates of land cover, and years that take them in turns."""
    rng = np.random.default_rng(12)
    values = (level + rng.normal(0, 1, (4, ROWS, COLS))).astype(dtype)
    values[:2][rng.random((2, ROWS, COLS)) < 0.1] = np.nan
    values[3, 0, 0] = np.inf
    cover = np.kron(rng.integers(0, 5, (2, 8, 106)), np.ones((5, 5)))[:, :ROWS, :COLS]
    cover[rng.random(cover.shape) < 0.1] = np.nan
    values[2, :, :][cover[1] == 3] = level  # a class of one value
    return values, cover, (0, 0, 1, 1)


AREAS = {
    "one": np.full((ROWS, 1), 250000.0),
    "row": np.linspace(2e5, 3e5, ROWS)[:, np.newaxis],
    "cell": np.linspace(2e5, 3e5, ROWS)[:, np.newaxis] * np.linspace(1, 1.01, COLS),
}


@pytest.mark.parametrize("level", [0.0, 1e6])
@pytest.mark.parametrize("areas", AREAS)
def test_sums_equal_fractions(level, areas):
    values, cover, which = case(level)
    area = np.broadcast_to(AREAS[areas], (ROWS, COLS))
    gathered = landcover_sums(values, cover, which, AREAS[areas])
    assert gathered.classes == (0, 1, 2, 3, 4)
    found = gathered.sums.statistics()
    for year, date in enumerate(which):
        for place, code in enumerate(gathered.classes):
            inside = (cover[date] == code) & np.isfinite(values[year])
            weights = [Fraction(weight) for weight in area[inside].tolist()]
            numbers = [Fraction(value) for value in values[year][inside].tolist()]
            whole, total = sum(weights), sum(map(Fraction.__mul__, weights, numbers))
            mean = total / whole
            squares = sum(weight * (value - mean) ** 2 for weight, value in zip(weights, numbers))
            one = {name: plane[year, place] for name, plane in found.items()}
            assert one["pixels"] == inside.sum() > 0
            assert one["area"] == pytest.approx(float(whole), rel=1e-15)
            assert one["mean"] == pytest.approx(float(mean), rel=1e-15, abs=1e-15)
            assert one["std"] == pytest.approx(math.sqrt(squares / whole), rel=1e-13)
            assert (one["min"], one["max"]) == (float(min(numbers)), float(max(numbers)))
    assert found["std"][2, 3] == 0.0 and found["mean"][2, 3] == level


def test_the_sums_do_not_depend_on_what_is_worked_on_at_a_time(monkeypatch):
    values, cover, which = case(1e3, np.float32)
    whole = landcover_sums(values, cover, which, AREAS["row"])
    for pieces, at_a_time in ((1, 1), (2, 10_000), (1, 2**20)):
        monkeypatch.setattr(patches, "_PATCHES", pieces)
        monkeypatch.setattr(patches, "_VALUES", at_a_time)
        found = landcover_sums(values, cover, which, AREAS["row"])
        assert all((mine == other).all() for mine, other in zip(found.sums, whole.sums))


def test_codes_that_lie_far_apart():
    values, cover, which = case(0.0)
    near = landcover_sums(values, cover, which, AREAS["row"])
    far = landcover_sums(values, cover * 400_000_000 - 800_000_000, which, AREAS["row"])
    assert far.classes == (-800_000_000, -400_000_000, 0, 400_000_000, 800_000_000)
    assert all((mine == other).all() for mine, other in zip(far.sums, near.sums))


def test_a_year_takes_the_classes_of_its_date():
    assert dates_of((3, 1, 1, 3)) == [1, 3]
    cover = np.array([[[9, 9]], [[1, 1]], [[5, 5]], [[2, np.nan]]])
    block = landcover_patches(np.arange(8.0).reshape(4, 1, 2), cover, (3, 1, 1, 3), np.ones((1, 1)))
    assert block.classes == [1, 2]
    assert [part.zones.tolist() for part in block.dates] == [[0], [1]]
    assert [part.sums.count.tolist() for part in block.dates] == [[[2], [2]], [[1], [1]]]
    assert block.dates[1].sums.minimum.tolist() == [[0.0], [6.0]], "the first and the last year, west of the gap"


def test_no_class_at_all():
    block = landcover_patches(np.ones((1, 2, 3)), np.full((1, 2, 3), np.nan), (0,), np.ones((2, 1)))
    assert block.classes == [] and block.dates[0].sums.count.shape == (1, 0)
