"""Statistics by land cover against plain numpy."""

from __future__ import annotations

import numpy as np
from testkit.landcover import landcover_sums

from nep_toolbox.core.landcover.patches import landcover_patches
from nep_toolbox.core.landcover.statistics import COLUMNS, LandCoverTotal, statistics_rows
from nep_toolbox.core.zonal.reduction import PATCH


def case():
    rng = np.random.default_rng(1)
    values = rng.normal(300, 120, (4, 20, 30)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    landcover = rng.choice([1, 2, 17], (2, 20, 30)).astype(np.float32)
    landcover[rng.random(landcover.shape) < 0.1] = np.nan
    return values, landcover, [0, 0, 1, 1], rng.uniform(2e5, 3e5, (20, 1))


def as_rows(gathered):
    return [dict(zip(COLUMNS, row)) for row in statistics_rows(gathered, (2001, 2004, 2005, 2011), {17: "Urban"})]


def test_equals_numpy():
    values, landcover, which, area = case()
    rows = as_rows(landcover_sums(values, landcover, which, area))
    assert len(rows) == 12
    areas = np.broadcast_to(area, (20, 30))
    for row in rows:
        step = (2001, 2004, 2005, 2011).index(row["year"])
        inside = (landcover[which[step]] == row["class"]) & np.isfinite(values[step])
        value, weight = values[step][inside].astype(float), areas[inside]
        mean = np.average(value, weights=weight)
        assert row["pixels"] == inside.sum()
        assert row["label"] == ("Urban" if row["class"] == 17 else str(row["class"]))
        np.testing.assert_allclose(
            [row["area_km2"], row["mean"], row["std"], row["total"], row["total_tg"]],
            [weight.sum() / 1e6, mean, np.sqrt(np.average((value - mean) ** 2, weights=weight)),
             (value * weight).sum(), (value * weight).sum() / 1e12],
            rtol=1e-10,
        )


def total_of_blocks(values, landcover, which, area, shape):
    """Walk the rasters in blocks of (rows, cols) as a tool does."""
    rows, cols = values.shape[1:]
    total = LandCoverTotal(which)
    for top in range(0, rows, shape[0]):
        for left in range(0, cols, shape[1]):
            down, across = slice(top, top + shape[0]), slice(left, left + shape[1])
            patches = landcover_patches(values[:, down, across], landcover[:, down, across], which, area[down])
            total.add(patches, last=left + shape[1] >= cols)
    return total.sums


def test_totals_have_the_same_bits_whatever_the_blocks_and_are_those_of_the_whole():
    tall, wide = PATCH
    values, landcover, which, area = (np.tile(case()[0], (1, 3, 20)), np.tile(case()[1], (1, 3, 20)), case()[2],
                                      np.tile(case()[3], (3, 1)))
    landcover[1, 50:, 580:] = 40  # a class of the last patch alone
    assert values.shape[1] > 2 * tall and values.shape[2] > 2 * wide
    whole = total_of_blocks(values, landcover, which, area, values.shape[1:])
    assert whole.classes == (1, 2, 17, 40)
    assert as_rows(landcover_sums(values, landcover, which, area)) == as_rows(whole)
    for shape in ((tall, 600), (60, wide), (2 * tall, 2 * wide)):
        assert as_rows(total_of_blocks(values, landcover, which, area, shape)) == as_rows(whole)


def test_a_year_without_values_has_no_row():
    values, landcover, which, area = case()
    values[1] = np.nan
    assert {row["year"] for row in as_rows(landcover_sums(values, landcover, which, area))} == {2001, 2005, 2011}


def test_nothing_valid():
    values, landcover, which, area = case()
    assert as_rows(landcover_sums(values, np.full_like(landcover, np.nan), which, area)) == []
