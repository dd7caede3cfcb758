"""A block of an ensemble: pixel by pixel, with its trends, its counts and its sums over regions."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.ensemble import blocks
from nep_toolbox.core.ensemble.blocks import COUNT_NODATA, ensemble_block
from nep_toolbox.core.ensemble.spread import SPREAD, share_above_zero, spread
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.reduction import Total
from nep_toolbox.core.zonal.statistics import empty_sums
from nep_toolbox.errors import Cancelled

YEARS = [2001, 2002, 2004, 2005, 2006, 2007, 2008, 2009, 2010, 2012]


@pytest.fixture(scope="module")
def members() -> tuple:
    """Three members with gaps, one of them in single precision; a pixel that one has, and one that none has."""
    rng = np.random.default_rng(8)
    values = rng.normal(0, 30, (3, len(YEARS), 6, 7)) + np.linspace(-20, 20, 7)
    values[rng.random(values.shape) < 0.15] = np.nan
    values[:2, :, 0, 0] = values[:, :, 5, 6] = np.nan
    return values[0].astype(np.float32), values[1], values[2]


def test_each_pixel_and_year(members):
    found = ensemble_block(members, years=YEARS)
    expected = spread(np.stack(members))
    for key in SPREAD:
        assert np.array_equal(found[key], expected[key], equal_nan=True) and found[key].dtype == np.float64, key
    assert found["count"].dtype == np.int16 and (found["count"][:, 5, 6] == COUNT_NODATA).all()
    assert np.array_equal(found["count"] == COUNT_NODATA, expected["count"] == 0)
    assert np.array_equal(np.maximum(found["count"], 0), expected["count"])
    assert "trend_agreement" not in found and found["sums"] == () and found["trends"].tolist() == [0, 0, 0]


def test_single_precision_stays_what_it_is(members):
    single = tuple(each.astype(np.float32) for each in members)
    found, exact = ensemble_block(single, years=YEARS), spread(np.stack(single))
    for key in SPREAD:
        assert found[key].dtype == np.float32
        assert np.array_equal(found[key], exact[key].astype(np.float32), equal_nan=True)


def test_parts_that_are_worked_on_at_a_time_do_not_matter(members, monkeypatch):
    whole = ensemble_block(members, years=YEARS)
    monkeypatch.setattr(blocks, "_PIXELS", 5)
    parts = ensemble_block(members, years=YEARS)
    assert all(parts[key].tobytes() == whole[key].tobytes() for key in (*SPREAD, "count"))


def test_a_cancel_is_heard_in_every_year(members):
    asked: list = []
    with heeding(lambda: asked.append(1)):  # never says yes
        ensemble_block(members, years=YEARS)
    assert len(asked) >= len(YEARS)
    with pytest.raises(Cancelled), heeding(lambda: True):
        ensemble_block(members, years=YEARS)


def test_trends_by_scipy(members):
    from scipy.stats import theilslopes

    found = ensemble_block(members, years=YEARS, trended=True, min_observations=8)
    slopes = np.full((3, 6, 7), np.nan)
    for place in np.ndindex(slopes.shape):
        values = members[place[0]][(slice(None), *place[1:])].astype(float)
        valid = np.isfinite(values)
        if valid.sum() >= 8:
            slopes[place] = theilslopes(values[valid], np.array(YEARS)[valid])[0]
    expected = share_above_zero(slopes)
    assert {100.0, 0.0} < set(expected[np.isfinite(expected)].tolist()) and np.isnan(expected[0, 0])
    np.testing.assert_array_equal(found["trend_agreement"], expected)
    tested = expected[np.isfinite(expected)]
    assert found["trends"].tolist() == [tested.size, (tested == 100).sum(), (tested == 0).sum()]


def test_counts_by_plain_counting(members):
    found = ensemble_block(members, years=YEARS)
    in_all = several = agreed = 0
    for year, row, col in np.ndindex(len(YEARS), 6, 7):
        own = [each[year, row, col] for each in members if np.isfinite(each[year, row, col])]
        in_all += len(own) == 3
        several += len(own) > 1
        agreed += len(own) > 1 and (min(own) > 0 or max(own) < 0)
    assert (found["in_all"], found["in_several"], found["agreed"]) == (in_all, several, agreed)
    assert found["values"].tolist() == [np.isfinite(each).sum() for each in members]


def test_sums_are_of_the_pixels_that_all_members_have(members):
    area = np.linspace(1.0, 2.0, 6)[:, np.newaxis]
    inside = np.zeros((6, 7), dtype=bool)
    inside[1:4, 2:6] = True
    regions = Labels.of_pairs((6, 7), np.flatnonzero(inside), np.zeros(inside.sum(), dtype=int))
    sums = ensemble_block(members, area, regions, years=YEARS)["sums"]
    common = np.isfinite(np.stack(members)).all(axis=0)
    for member, strips in zip(members, sums):
        total = Total(partial(empty_sums, len(YEARS), 2))
        total.add(strips, last=True)
        found = total.sums.statistics()
        for zone, where in enumerate((np.ones_like(inside), inside)):
            weights = np.where(common & where, area, 0.0)
            expected = (np.where(common, member, 0.0) * weights).sum(axis=(1, 2)) / weights.sum(axis=(1, 2))
            np.testing.assert_allclose(found["mean"][:, zone], expected, rtol=1e-12)
            assert found["pixels"][:, zone].tolist() == (common & where).sum(axis=(1, 2)).tolist()
