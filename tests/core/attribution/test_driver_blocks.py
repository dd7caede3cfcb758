"""The kernel of nep:drivers: its maps and areas, and means of zones that no block changes."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from nep_toolbox.core.attribution.accounts import accounts
from nep_toolbox.core.attribution.dominant import DOMINANT_NODATA
from nep_toolbox.core.attribution.driver_blocks import REGIONAL, drivers_block
from nep_toolbox.core.attribution.regression import COLLINEAR, CONSTANT
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.reduction import Total
from nep_toolbox.core.zonal.statistics import empty_sums

YEARS = range(2001, 2017)
SHAPE = (20, 9)
AREA = np.linspace(1.0, 2.0, SHAPE[0])[:, np.newaxis]
KERNEL = partial(drivers_block, years=YEARS, summed=True, means=True)


@pytest.fixture(scope="module")
def made() -> tuple:
    rng = np.random.default_rng(8)
    x = rng.normal(size=(2, 16, *SHAPE))
    y = 0.8 * x[0] * np.linspace(0, 1, 9) - x[1] + rng.normal(size=(16, *SHAPE)) + 400
    x[1][:, 4] = x[0][:, 4] * (1 + 1e-5) + 1e-3 * x[1][:, 4]  # collinear
    x[1][:, 5, :3] = 1.0
    y[:10, 6] = np.nan
    y[rng.random(y.shape) < 0.01] = np.nan
    return y, tuple(x)


@pytest.fixture(scope="module")
def regions() -> Labels:
    """One region of the upper rows, one that overlaps it."""
    cells = np.arange(20 * 9).reshape(SHAPE)
    pairs = [(cell, 0) for cell in cells[:7].ravel()] + [(cell, 1) for cell in cells[3:12, 2:6].ravel()]
    return Labels.of_pairs(SHAPE, *np.array(pairs).T)


def flat(made) -> tuple:
    y, x = made
    return y.reshape(16, -1), [each.reshape(16, -1) for each in x]


def test_the_maps_are_those_of_the_pixels(made):
    block, found = KERNEL(*made, AREA), accounts(*flat(made), YEARS)
    for name, values in (
        ("contributions", found.contributions), ("beta", found.beta), ("lmg", found.lmg),
        ("partial_r", found.fit.partial_r), ("driver_p", found.fit.driver_p), ("r_squared", found.fit.r_squared),
        ("p_value", found.fit.p_value),
    ):
        np.testing.assert_array_equal(block[name], values.reshape(*values.shape[:-1], *SHAPE), err_msg=name)
    assert block["dominant"].dtype == np.int16
    assert set(np.unique(block["dominant"])) >= {DOMINANT_NODATA, -2, 0, 1}
    assert (block["dominant"][4] == DOMINANT_NODATA).all() and np.isfinite(block["r_squared"][4]).all()
    assert block["refused"].pop((CONSTANT, 2)) == 3
    assert {status for status, _blame in block["refused"]} == {COLLINEAR} and sum(block["refused"].values()) == 9
    assert block["fitted"] == np.isfinite(block["r_squared"]).sum()


def test_areas_of_the_codes(made):
    block = KERNEL(*made, AREA)
    counts = {code: int((block["dominant"] == code).sum()) for code in range(-2, 3)}
    assert block["class_areas"][:, 0].tolist() == list(counts.values())
    assert block["no_result"][0, 0] == 12  # the collinear and the constant ones


def zones(block) -> np.ndarray:
    total = Total(partial(empty_sums, len(REGIONAL) * 2 + 1, 3))
    total.add(block["sums"], last=True)
    return total.sums.statistics()["mean"]


def test_means_of_zones(made, regions):
    block = KERNEL(*made, AREA, regions)
    found = zones(block)
    area = np.broadcast_to(AREA, SHAPE)
    inside = np.zeros((3, *SHAPE), bool)
    inside[0], inside[1, :7], inside[2, 3:12, 2:6] = True, True, True
    tested = np.isfinite(made[0]).sum(axis=0) - 4 >= 5
    for zone, here in enumerate(inside):
        planes = []
        for driver in range(2):
            with np.errstate(invalid="ignore"):
                shares = [block["dominant"] == driver + 1, block["dominant"] == -driver - 1,
                          block["driver_p"][driver] < 0.05]
            planes += [np.where(tested, share, np.nan) for share in shares]
            planes += [block[name][driver] for name in ("partial_r", "contributions", "lmg")]
        planes.append(np.where(np.isnan(block["contributions"][0]), np.nan, block["contributions"][2]))
        for place, plane in enumerate(planes):
            known = here & np.isfinite(plane)
            expected = np.average(plane[known], weights=area[known])
            assert found[place, zone] == pytest.approx(expected, rel=1e-12), (zone, place)
    means = block["means"]
    assert len(means) == 3
    total = Total(partial(empty_sums, 16, 3))
    total.add(means[1], last=True)
    known = np.isfinite([made[0], *made[1]]).all(axis=0)
    expected = [np.average(made[1][0][year][known[year]], weights=area[known[year]]) for year in range(16)]
    np.testing.assert_allclose(total.sums.statistics()["mean"][:, 0], expected, rtol=1e-12)


def test_nothing_depends_on_the_blocks(made):
    whole = KERNEL(*made, AREA)
    parts = [KERNEL(made[0][:, rows], tuple(each[:, rows] for each in made[1]), AREA[rows])
             for rows in (slice(0, 16), slice(16, 20))]
    for name in ("dominant", "contributions", "lmg"):
        joined = np.concatenate([part[name] for part in parts], axis=-2)
        np.testing.assert_array_equal(joined, whole[name])
    total = Total(partial(empty_sums, len(REGIONAL) * 2 + 1, 3))
    for part in parts:
        total.add(part["sums"], last=True)
    np.testing.assert_array_equal(total.sums.statistics()["mean"], zones(whole))


def test_what_is_not_wanted_is_not_made(made):
    block = drivers_block(*made, years=YEARS, important=False)
    assert "lmg" not in block and block["sums"] is None and block["means"] == ()
    found = zones(drivers_block(*made, AREA, years=YEARS, important=False, summed=True))
    assert np.isnan(found[[5, 11]]).all() and np.isfinite(np.delete(found, [5, 11], axis=0)[:, 0]).all()
