"""The kernel of uncertainty against the numbers of the reference, by hand, and by what must not matter."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.checkpoint import heeding
from nep_toolbox.core.ensemble.draws import Draws, draw
from nep_toolbox.core.ensemble.over_draws import over_draws
from nep_toolbox.core.ensemble.regional import DrawnSums
from nep_toolbox.core.ensemble.uncertainty import Method, uncertainty_block
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.productivity.blocks import productivity_block
from nep_toolbox.core.productivity.models import BondLamberty, Raich, RespirationModel
from nep_toolbox.core.productivity.respiration import Forcing
from nep_toolbox.core.trend.theil_sen import trend
from nep_toolbox.core.zonal.reduction import Total
from nep_toolbox.errors import Cancelled

YEARS = (2001, 2002, 2004, 2005, 2006, 2007, 2008, 2009)
MAPS = ("mean", "sd", "lower", "upper", "sink_probability", "slope_sd", "trend_probability")


def inputs(rows=3, cols=4, seed=2):
    rng = np.random.default_rng(seed)
    months = (12 * len(YEARS), rows, cols)
    return {
        "npp": rng.normal(330, 60, (len(YEARS), rows, cols)), "temperature": rng.uniform(-5, 28, months),
        "precipitation": rng.gamma(2, 35, months),
    }


def method(errors, draws=20, seed=1, **options):
    return Method(YEARS, Forcing.MONTHLY, draw(errors, draws, seed), **options)


def run(given, how, regions=None, area=None):
    rows = given["npp"].shape[1]
    area = np.linspace(1e6, 2e6, rows)[:, np.newaxis] if area is None else area
    return uncertainty_block(**given, cell_area=area, regions=regions, method=how)


def zones(found, count=1):
    total = Total(lambda: DrawnSums.empty(*next(iter([found["sums"].sums])).total.shape[:2], count))
    total.add(found["sums"], last=True)
    return total.sums


def test_draws_of_the_reference(shared):
    known = json.loads((shared / "reference/respiration_models.json").read_text())["parameter_draws"]
    years = [int(year) for year in known["years"]]
    given = {
        "npp": np.array(known["npp"]).reshape(-1, 1, 1), "temperature": np.array(known["T"]).reshape(-1, 1, 1),
        "precipitation": np.array(known["P"]).reshape(-1, 1, 1),
    }
    how = Method(years, Forcing.MONTHLY, Draws(tuple("abcde"), np.array(known["multipliers_a_to_e"])))
    found, expected = run(given, how, area=np.ones((1, 1))), known["over_draws"]
    for name, (of, what) in {
        "mean": ("nep_mean", "mean"), "sd": ("nep_mean", "sd"), "lower": ("nep_mean", "q05"),
        "upper": ("nep_mean", "q95"), "sink_probability": ("nep_mean", "share_positive"),
        "slope_sd": ("sen_slope", "sd"), "trend_probability": ("sen_slope", "share_positive"),
    }.items():
        assert found[name].item() == pytest.approx(expected[of][what], rel=1e-12), name
    # of a region of one pixel of 1 m2, total and mean are those of the pixel
    np.testing.assert_allclose(zones(found).total[..., 0], known["nep"], rtol=1e-12)
    regional = zones(found).statistics(years, 8)
    for of, name in (("nep_mean", "mean"), ("nep_mean", "total"), ("sen_slope", "slope")):
        for what, column in (("mean", "mean"), ("sd", "sd"), ("q05", "lower"), ("q95", "upper")):
            assert regional[name][column].item() == pytest.approx(expected[of][what], rel=1e-12), (name, column)


def test_an_error_of_d_alone_is_that_of_respiration():
    given, how = inputs(), method({"d": 0.13}, 50)
    certain = productivity_block(**given, years=YEARS, forcing=Forcing.MONTHLY)
    found, spread = run(given, how), how.draws.values[:, 0].std(ddof=1)
    np.testing.assert_allclose(found["sd"], spread * certain["respiration"].mean(axis=0), rtol=1e-12)
    assert spread == pytest.approx(0.13, rel=4 / np.sqrt(2 * 49))  # within four standard errors


def test_every_draw_by_the_other_tools():
    """NEP of each draw by the kernel of nep:productivity, its slope by that of nep:trend."""
    model = RespirationModel(Raich(), BondLamberty())
    given, how = inputs(), method({"q": 0.1, "rh_b": 0.02, "npp": 0.1}, 6, model=model, min_observations=7)
    given["npp"][4, 0, 1] = np.nan  # a gap is no 0
    means, slopes = [], []
    for q, rh_b, factor in how.draws.values.tolist():
        each = productivity_block(
            factor * given["npp"], given["temperature"], given["precipitation"], years=YEARS, forcing=Forcing.MONTHLY,
            model=model.times({"q": q, "rh_b": rh_b}),
        )
        means.append(each["mean"].ravel())
        slopes.append(trend(each["nep"], YEARS, min_observations=7)["slope"].ravel())
    found = run(given, how)
    mean, slope = over_draws(np.array(means)), over_draws(np.array(slopes))
    for name, expected in {
        "mean": mean["mean"], "sd": mean["sd"], "lower": mean["lower"], "upper": mean["upper"],
        "sink_probability": mean["positive"], "slope_sd": slope["sd"], "trend_probability": slope["positive"],
    }.items():
        np.testing.assert_allclose(found[name].ravel(), expected, rtol=1e-10, err_msg=name)


def test_gaps():
    given, how = inputs(), method({"a": 0.1, "b": 0.1}, min_observations=7)
    given["npp"][0, 0, 0] = np.nan  # a year less: it has a slope still
    given["temperature"][13:40, 0, 1] = np.nan  # three years less: too few
    given["precipitation"][:, 0, 2] = -1.0
    found, whole = run(given, how), run(inputs(), how)
    assert np.isnan(found["mean"]).sum() == 1 and np.isnan(found["mean"][0, 2])
    assert np.flatnonzero(np.isnan(found["slope_sd"])).tolist() == [1, 2]
    for name in MAPS:
        np.testing.assert_array_equal(found[name][1:], whole[name][1:])
    certain = productivity_block(**given, years=YEARS, forcing=Forcing.MONTHLY)
    np.testing.assert_allclose(run(given, method({"a": 1e-9}))["mean"], certain["mean"], rtol=1e-7)
    assert found["pixels"].tolist() == certain["pixels"].tolist() == [12, 2]
    np.testing.assert_allclose(found["npp"], certain["npp"], rtol=1e-13)
    np.testing.assert_array_equal(found["temperature"], certain["temperature"])


def test_sums_of_regions_by_hand():
    given, how = inputs(), method({"c": 0.2, "npp": 0.1}, 4)
    given["npp"][2, 1, 1] = given["npp"][:, 0, 2] = np.nan
    cells, region = np.array([0, 1, 5, 5, 11]), np.array([0, 0, 0, 1, 1])  # cell 5 lies in both
    area = np.arange(1.0, 13.0).reshape(3, 4)
    found = zones(run(given, how, Labels.of_pairs((3, 4), cells, region), area), 3)
    for place, (c, factor) in enumerate(how.draws.values.tolist()):
        nep = productivity_block(
            factor * given["npp"], given["temperature"], given["precipitation"], years=YEARS, forcing=Forcing.MONTHLY,
            model=how.model.times({"c": c}),
        )["nep"].reshape(len(YEARS), -1)
        for zone, inside in enumerate((np.arange(12), [0, 1, 5], [5, 11])):
            expected = np.nansum(nep[:, inside] * area.ravel()[inside], axis=1)
            np.testing.assert_allclose(found.total[place, :, zone], expected, rtol=1e-12)
    without = area.ravel() * np.isfinite(given["npp"]).reshape(len(YEARS), -1)
    np.testing.assert_allclose(found.area[:, 2], without[:, [5, 11]].sum(axis=1), rtol=1e-15)


def test_no_bit_depends_on_the_block():
    given, how = inputs(32, 300), method({"b": 0.1, "temperature": 0.4}, 4)
    given["npp"][:, 3:20, 100:280] = np.nan
    area = np.random.default_rng(1).uniform(1, 2, (32, 300))
    cells = np.flatnonzero(np.random.default_rng(2).random((32, 300)) < 0.3)
    labels = Labels.of_pairs((32, 300), cells, np.zeros(cells.size, dtype=int))
    whole, total = run(given, how, labels, area), Total(lambda: DrawnSums.empty(4, len(YEARS), 2))
    for top in (0, 16):
        for left, right in ((0, 256), (256, 300)):
            part = slice(top, top + 16), slice(left, right)
            some = run({name: each[(..., *part)] for name, each in given.items()}, how,
                       Labels(labels.of_cell[part], labels.regions).tidy(), area[part])
            for name in MAPS:
                np.testing.assert_array_equal(some[name], whole[name][part])
            total.add(some["sums"], last=right == 300)
    for one, other in zip(total.sums, zones(whole, 2)):
        np.testing.assert_array_equal(one, other)


def test_without_slopes_and_without_a_value():
    given, how = inputs(), method({"a": 0.1}, 3, sloped=False)
    assert not {"slope_sd", "trend_probability"} & run(given, how).keys()
    given["npp"][:] = np.nan
    found = run(given, how)
    assert np.isnan(found["mean"]).all()
    assert zones(found).total.tolist() == np.zeros((3, len(YEARS), 1)).tolist()
    assert np.isnan(zones(found).statistics(YEARS, 8)["mean"]["mean"]).all()


def test_a_cancel_is_heard_within_a_patch():
    asked = iter(range(1000))
    with pytest.raises(Cancelled), heeding(lambda: next(asked) > 30):
        run(inputs(16, 256), method({"a": 0.1}, 100))
    assert next(asked) < 40
