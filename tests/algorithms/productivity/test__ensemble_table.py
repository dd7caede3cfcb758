"""Means of the members by zone: the rows of both tables, and warnings of members in another unit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from nep_toolbox.algorithms.productivity._ensemble_table import MEMBERS, SUMMARY, MemberMeans, tell_totals
from nep_toolbox.core.ensemble.blocks import ensemble_block
from nep_toolbox.core.labels import Labels

YEARS = [2001, 2002, 2004, 2005]
SHAPE = (4, 6)
AREA = np.full((4, 1), 2e6)
NAMES = ["a", "b"]


def told() -> SimpleNamespace:
    """A run that keeps what is said and its numbers."""
    said: dict = {"info": [], "warn": [], "numbers": {}}
    log = SimpleNamespace(info=said["info"].append, warn=said["warn"].append)
    return SimpleNamespace(log=log, said=said, number=lambda name, value: said["numbers"].update({name: value}))


def gathered(values, run) -> MemberMeans:
    """The means of two members over the raster, its upper half and a region without values."""
    cells = np.arange(24).reshape(SHAPE)
    pairs = [(cell, 0) for cell in cells[:2].ravel()] + [(cell, 1) for cell in cells[3].ravel()]
    labels = Labels.of_pairs(SHAPE, *np.array(pairs).T)
    regions = tuple(SimpleNamespace(name=name, area=area) for name, area in (("upper", 24e6), ("lost", 12e6)))
    means = MemberMeans(regions, NAMES, YEARS)
    means.add(ensemble_block(tuple(values), AREA, labels, years=YEARS)["sums"], last=True)
    means.close(run)
    return means


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    made = np.random.default_rng(2).normal(300, 40, (2, 4, *SHAPE))
    made[1, :, 3] = made[0, 2, 1, :3] = np.nan
    return made


@pytest.mark.parametrize(("unit", "gram"), [("gC m-2 yr-1", 1), ("kgC m-2 yr-1", 1000), ("", 1), ("mm", np.nan)])
def test_summary(values, unit, gram):
    run = told()
    means = gathered(values, run)
    rows = means.summary(unit)
    assert [row[:2] for row in rows] == [(zone, year) for zone in ("all", "upper", "lost") for year in YEARS]
    row = dict(zip(SUMMARY, rows[6][1:]))  # the upper half in 2004, where three pixels lack the first member
    own = values[:, 2, :2].reshape(2, -1)[:, [0, 1, 2, 3, 4, 5, 9, 10, 11]].mean(axis=1)
    expected = {
        "year": 2004, "mean": own.mean(), "sd": own.std(ddof=1), "min": own.min(), "max": own.max(), "agreement": 100,
        "members": 2, "pixels": 9, "area_km2": 18, "total_tg": own.mean() * 18e6 * gram / 1e12,
        "total_sd_tg": own.std(ddof=1) * 18e6 * gram / 1e12,
    }
    for key, value in expected.items():
        assert row[key] == pytest.approx(value, rel=1e-12, nan_ok=True), key
    lost = dict(zip(SUMMARY, rows[8][1:]))
    assert lost["pixels"] == 0 and lost["members"] == 0 and np.isnan([lost["mean"], lost["total_tg"]]).all()
    assert any("'lost'" in each for each in run.said["warn"])


def test_members(values):
    rows = gathered(values, told()).of_members()
    assert [row[:2] for row in rows] == [(zone, name) for zone in ("all", "upper", "lost") for name in NAMES]
    common = np.where(np.isfinite(values).all(axis=0), values, np.nan)
    annual = np.nanmean(common, axis=(2, 3))
    for row, own in zip(rows, annual):
        found = dict(zip(MEMBERS, row[1:]))
        np.testing.assert_allclose(row[6:], own, rtol=1e-12)
        assert found["mean"] == pytest.approx(own.mean()) and found["std"] == pytest.approx(own.std(ddof=1))
        slopes = [(own[j] - own[i]) / (YEARS[j] - YEARS[i]) for i in range(4) for j in range(i + 1, 4)]
        assert found["sen_slope"] == pytest.approx(np.median(slopes))
    assert np.isnan(rows[4][2:]).all()


@pytest.mark.parametrize(("change", "warned"), [
    (lambda each: each * 0.1, True), (lambda each: each * 1000, True), (lambda each: each * 0.3, False),
    (lambda each: each - 280, False), (lambda each: (each - each.mean()) * 9 + each.mean(), False),
])
def test_a_member_of_another_size(change, warned):
    values = np.random.default_rng(7).normal(300, 40, (2, 4, *SHAPE))
    values[1] = change(values[1])
    run = told()
    gathered(values, run).report(run, "gC m-2 yr-1")
    assert len(run.said["warn"]) == warned
    levels = values.mean(axis=(1, 2, 3))
    assert run.said["numbers"] == {"MEMBERS_MEAN": pytest.approx(levels.mean()),
                                   "MEMBERS_SD": pytest.approx(levels.std(ddof=1))}
    assert f"'a' {levels[0]:.5g}, 'b' {levels[1]:.5g}. Mean of the members" in run.said["info"][0]


@pytest.mark.parametrize("others", [
    np.zeros(SHAPE), np.where(np.indices(SHAPE).sum(axis=0) % 2, 5.0, -5.0), np.full(SHAPE, 20.0),
], ids=["zeros", "a mean of 0", "all alike"])
def test_what_has_no_ratio_is_no_other_unit(others):
    values = np.stack([np.random.default_rng(7).normal(300, 40, (4, *SHAPE)), others + np.zeros((4, 1, 1))])
    for both in (values, values[::-1]):
        run = told()
        gathered(both, run).report(run, "gC m-2 yr-1")
        assert run.said["warn"] == []


@pytest.mark.filterwarnings("error")
def test_a_single_pixel_tells_no_unit():
    means, run = MemberMeans((), NAMES, YEARS), told()
    values = np.random.default_rng(7).normal(300, 40, (2, 4, 1, 1)) * np.array([1.0, 0.05]).reshape(2, 1, 1, 1)
    means.add(ensemble_block(tuple(values), AREA[:1], years=YEARS)["sums"], last=True)
    means.close(run)
    means.report(run, "gC m-2 yr-1")
    assert run.said["warn"] == [] and len(run.said["info"]) == 1


@pytest.mark.parametrize(("unit", "said"), [
    ("gC m-2 yr-1", ""), ("kgC/m2", ""), ("", "no unit: total_tg and total_sd_tg take them for gC m-2"),
    ("degC", "in degC, which is no carbon per area: total_tg and total_sd_tg are empty"),
])
def test_totals_are_told(unit, said):
    run = told()
    tell_totals(run, unit)
    assert len(run.said["info"]) == bool(said) and said in "".join(run.said["info"])


@pytest.mark.parametrize("factor", [0.001, 1000.0])
def test_the_member_in_another_unit_is_named(factor):
    means = MemberMeans((), ["a", "b", "c"], YEARS)
    values = np.random.default_rng(9).normal(300, 40, (3, 4, *SHAPE)) * np.array([1, factor, 1]).reshape(3, 1, 1, 1)
    means.add(ensemble_block(tuple(values), AREA, years=YEARS)["sums"], last=True)
    run = told()
    means.close(run)
    means.report(run, "")
    warning, = run.said["warn"]
    times = values[1].mean() / values[[0, 2]].mean()
    assert warning.startswith(f"The mean of 'b' is {times:.3g} times that of the other members")
