"""What docs/ledger.md tells: made by the script, held to other code and to what must be so."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from osgeo import gdal
from testkit.evidence_tables import assert_alike, rows

import evidence_errors
import evidence_ledger
import evidence_series
from nep_toolbox.core.ensemble.draws import draw
from nep_toolbox.core.productivity.models import PUBLISHED

#: Half a unit of the last digit of a page, and a few pixels that fall on the other side of a limit by the last bit.
OF_PARTS, OF_SHARES, OF_CV = 0.00006, 0.06, 0.0006
#: Runs of their own of the simulations, fewer than those of the page.
SEEDS, WORLDS = 40, 80


@pytest.fixture
def real(shared, monkeypatch):
    monkeypatch.setattr(evidence_series, "DATA", shared / "data")


# Stated errors --------------------------------------------------------------------------------------------------------


def respired(temperature, precipitation) -> np.ndarray:
    """R_H of Pei et al. (2010) of months, in gC m-2."""
    return 0.22 * (np.exp(0.0913 * temperature) + np.log(0.3145 * precipitation + 1)) * 30 * 0.465


def test_the_spread_of_draws_is_that_of_the_error():
    given, found = evidence_errors.region(), rows("draws")[1:]
    total = respired(given.temperature, given.precipitation).sum(axis=0).sum() / len(evidence_errors.YEARS) * 1e6
    for count, mean, shown, theory in found:
        error = 1 / math.sqrt(2 * (count - 1))
        # three standard errors of the mean of all seeds; a standard deviation is low by a quarter of 1 / n in the mean
        assert mean == pytest.approx(1 - 0.25 / count, abs=3 * error / math.sqrt(evidence_errors.SEEDS) + 0.0005)
        low, high = (float(each) for each in shown.split(" to "))
        assert theory == "{:.2f} to {:.2f}".format(*evidence_errors.ends_of_spread(int(count)))
        assert 0.8 * 3.29 * error < high - low < 1.2 * 3.29 * error
    # the spread of the total is that of the multipliers of d, times R_H by its formula
    for seed in range(3):
        sd = evidence_errors.interval(given, 50, seed, {"d": evidence_errors.OF_D})["sd"]
        spread = draw({"d": evidence_errors.OF_D}, 50, seed).values.std(ddof=1)
        assert sd == pytest.approx(spread * total, rel=1e-9)


def test_the_spreads_are_those_of_the_kernels():
    for count, mean, shown, _theory in rows("draws")[1:3]:
        found = evidence_errors.spreads(int(count), SEEDS)
        error = 1 / math.sqrt(2 * (count - 1) * SEEDS)
        assert found.mean() == pytest.approx(mean, abs=3 * error)
        low, high = (float(each) for each in shown.split(" to "))
        assert ((low <= found) & (found <= high)).mean() > 0.75


def test_an_interval_holds_what_is_promised_where_the_errors_are_as_stated():
    found = rows("coverage")[1:]
    assert [row[:2] for row in found] == [(case.words, case.draws) for case in evidence_errors.CASES]
    for row, case in zip(found, evidence_errors.CASES):
        promised, held = row[2:]
        assert promised == pytest.approx(100 * evidence_errors.promised(case.draws), abs=OF_SHARES)
        error = 100 * math.sqrt(0.9 * 0.1 / evidence_errors.WORLDS)
        if case.world in (evidence_errors.as_stated, evidence_errors.around_the_truth):
            assert held == pytest.approx(promised, abs=3 * error), row
    shares = {case.world: row[3] for row, case in zip(found, evidence_errors.CASES)}
    # of errors twice as large, 1.645 standard deviations are half as many
    assert shares[evidence_errors.twice] == pytest.approx(100 * math.erf(1.645 / 2 / math.sqrt(2)), abs=5)
    assert shares[evidence_errors.by_pixel] > shares[evidence_errors.as_stated] + 3
    assert shares[evidence_errors.other_model] < 50


@pytest.mark.parametrize("place", [0, 1, 4, 5, 6])  # a thousand draws take long
def test_the_shares_of_worlds_are_those_of_the_kernels(place):
    case, held = evidence_errors.CASES[place], rows("coverage")[1 + place][3]
    found = evidence_errors.held(case, WORLDS)
    share = min(held, 95.0) / 100
    assert found == pytest.approx(held, abs=300 * math.sqrt(share * (1 - share) / WORLDS))


def test_a_world_in_plain_numpy():
    """Both the interval of a region and its true total, by the formula."""
    given, random = evidence_errors.region(), np.random.RandomState(5)
    seen, true = evidence_errors.as_stated(given, random)
    random = np.random.RandomState(5)
    b, d, npp, shift = (random.standard_normal() for _ in evidence_errors.ERRORS)
    assert list(evidence_errors.ERRORS) == ["b", "d", "npp", "temperature"]

    def total(b, d, npp, shift) -> float:
        heat = np.exp(PUBLISHED.rate.b * b * (given.temperature + shift))
        months = 0.22 * (heat + np.log(0.3145 * given.precipitation + 1)) * 30 * d * 0.465
        return (npp * given.npp.sum() - months.sum()) / 5 * 1e6

    assert true == pytest.approx(total(1 + 0.05 * b, 1 + 0.1 * d, 1 + 0.1 * npp, 0.5 * shift), rel=1e-9)
    found, draws = evidence_errors.interval(seen, 40, 8), draw(evidence_errors.ERRORS, 40, 8)
    totals = [total(*row) for row in draws.values.tolist()]
    assert (found["lower"], found["upper"]) == pytest.approx(tuple(np.quantile(totals, (0.05, 0.95))), rel=1e-9)


# Assaba ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real")
def test_the_effects_of_assaba_are_those_of_the_kernels():
    assert_alike([*evidence_ledger.landcover_effects()][1], rows("effects")[1:], OF_PARTS)


def test_the_effects_of_assaba_are_those_of_the_reference(shared):
    known = json.loads((shared / "reference/landuse_contribution.json").read_text(encoding="utf-8"))["real"]
    found = {row[:4]: row[4:] for row in rows("effects")[1:]}
    for words, name in (("stable pixels", "stable"), ("all pixels of a class", "class_mean")):
        *parts, share = found[(*map(float, known["years"]), 1.0, words)]
        expected = [known[name][key] for key in ("total_change_tg", "land_use_tg", "density_tg")]
        assert parts == pytest.approx(expected, abs=OF_PARTS)
        assert share == pytest.approx(known[name]["share_land_use_percent"], abs=0.006)


def test_the_effects_of_assaba_in_plain_numpy(shared):
    """Each row anew, from the files, in arrays of doubles."""
    folder = shared / "data/assaba_gpp_2010_2023"

    def plane(path) -> np.ndarray:
        return gdal.Open(str(folder / path)).ReadAsArray().astype(float)

    gpp = {year: plane(f"gpp/{year}_GP.tif") for year in range(2010, 2024)}
    cover = {year: plane(f"landcover/{year}LCT.tif") for year in (2010, 2012, 2021, 2022)}
    around = {(2010, 1): [2010], (2010, 3): [2010, 2011, 2012], (2010, 5): [*range(2010, 2015)],
              (2012, 1): [2012], (2012, 3): [2011, 2012, 2013], (2012, 5): [*range(2010, 2015)],
              (2022, 1): [2022], (2022, 3): [2021, 2022, 2023], (2022, 5): [*range(2019, 2024)],
              (2021, 1): [2021], (2021, 3): [2020, 2021, 2022], (2021, 5): [*range(2019, 2024)]}
    area = 463.312716528 ** 2 / 1e12
    for first, last, window, words, *parts, share in rows("effects")[1:]:
        then, now = cover[first], cover[last]
        start, end = (np.mean([np.where(gpp[year] > 65500, np.nan, 0.1 * gpp[year])
                               for year in around[date, int(window)]], axis=0) for date in (first, last))
        used = np.isfinite(start + end) & ~np.isin(then, (-128, 255)) & ~np.isin(now, (-128, 255))
        land_use = 0.0
        for code in np.unique([then[used], now[used]]):
            before, after = used & (then == code), used & (now == code)
            if words == "stable pixels" and (before & after).any():
                before, after = before & after, before & after
            density = np.mean([values[here].mean() for values, here in ((start, before), (end, after)) if here.any()])
            land_use += density * ((used & (now == code)).sum() - (used & (then == code)).sum()) * area
        change = (end - start)[used].sum() * area
        assert parts == pytest.approx([change, land_use, change - land_use], abs=OF_PARTS), (first, window, words)
        assert share == pytest.approx(100 * land_use / change, abs=0.006)


# Stability ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real")
def test_the_variability_of_real_series_in_plain_numpy():
    made = [evidence_series.gpp(), evidence_series.lai(), evidence_series.npp(), evidence_ledger.balances()]
    limits = np.array([0, 0.05, 0.10, 0.15, 0.20, np.inf])
    head, *found = rows("variability")
    assert len(found) == len(made) and len(head) == 6 + len(limits) - 1
    for row, series in zip(found, made):
        assert row[:2] == (series.name, f"{series.years[0]}-{series.years[-1]}")
        stack = series.stack[:, np.isfinite(series.stack).sum(axis=0) >= 8]
        assert row[2] == stack.shape[1]
        t, mean, sd, count = (series.years - series.years.mean(), np.nanmean(stack, axis=0),
                              np.nanstd(stack, axis=0, ddof=1), np.isfinite(stack).sum(axis=0))
        known = np.abs(mean) > 2 * sd / np.sqrt(count)
        assert row[3] == pytest.approx(100 * (~known).mean(), abs=OF_SHARES)
        cv = (sd / np.abs(mean))[known]
        assert row[4] == pytest.approx(np.median(cv), abs=OF_CV)
        whole = known & (count == len(t))  # nearly all are
        line = np.polynomial.polynomial.polyfit(t, stack[:, whole], 1)
        rest = stack[:, whole] - np.polynomial.polynomial.polyval(t, line).T
        spread = np.sqrt((rest**2).sum(axis=0) / (len(t) - 2)) / np.abs(mean[whole])
        assert whole.mean() > 0.9 * known.mean() and row[5] == pytest.approx(np.median(spread), abs=2 * OF_CV)
        shares = [100 * ((low < cv) & (cv <= high)).mean() for low, high in zip(limits, limits[1:])]
        assert row[6:] == pytest.approx(shares, abs=OF_SHARES)


@pytest.mark.usefixtures("real")
def test_the_variability_of_npp_is_that_of_the_reference(shared):
    known = json.loads((shared / "reference/variability_sinksource.json").read_text(encoding="utf-8"))["real"]
    found = evidence_ledger.stability(evidence_series.npp())
    window = tuple(slice(*known["window"][name]) for name in ("rows", "cols"))
    cv, classes = found["cv"][window], found["class"][window]
    assert np.nanmean(cv) == pytest.approx(known["cv_mean"], rel=1e-9)
    assert {code: int((classes == int(code)).sum()) for code in known["cv_class_pixels"]} == known["cv_class_pixels"]
