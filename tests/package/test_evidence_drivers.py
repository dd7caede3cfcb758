"""What docs/attribution.md and docs/validation.md tell of drivers: made by the script, held to others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from testkit.evidence_tables import assert_alike, rows

import evidence_attribution
import evidence_drivers
import evidence_rain
import evidence_series
import evidence_sizes
from evidence_noise import LENGTHS
from nep_toolbox.core.attribution.regression import DETRENDED, PLAIN
from nep_toolbox.sample.known_answers import known_answers
from nep_toolbox.sample.province import make_province

PROJECT = Path(__file__).resolve().parents[2]
#: Half a unit of the last digit of a page, and a few series that fall on the other side of a limit by the last bit.
OF_SIZES, OF_SHARES, OF_SLOPES = 0.06, 0.52, 0.00052
CASES = (*evidence_drivers.OF_WHITE_NOISE, *evidence_drivers.OF_OTHERS)
PAGE = (PROJECT / "docs" / "attribution.md").read_text(encoding="utf-8")


# Sizes ----------------------------------------------------------------------------------------------------------------


def test_every_test_finds_four_to_six_percent_of_white_noise():
    sizes = rows("driver_sizes")[1:]
    assert [row[:2] for row in sizes] == [(case.test, case.noise) for case in CASES]
    for case, row in zip(evidence_drivers.OF_WHITE_NOISE, sizes):
        assert all(4.0 <= share <= 6.0 for share in row[2:]), case.test


@pytest.mark.parametrize("place", range(len(CASES)))
def test_the_sizes_are_those_of_the_kernels(place):
    found = evidence_sizes.size(CASES[place], LENGTHS[0])
    assert found == pytest.approx(rows("driver_sizes")[1 + place][2], abs=OF_SIZES)


def test_what_serial_correlation_and_differences_do_is_what_another_simulation_found():
    """4,000 series of 20 years: 13 to 17 % of AR(1) 0.4, and 8 to 20 % of the Mann-Kendall tests of differences."""
    found = {(row[0], row[1]): row[3] for row in rows("driver_sizes")[1:]}
    alike = [share for (test, noise), share in found.items() if test.startswith("Rest") and noise.endswith("AR(1) 0.4")]
    assert len(alike) == 2 and all(13 - 1 <= share <= 17 + 1 for share in alike)
    differences = [share for (test, _noise), share in found.items() if "first differences" in test]
    assert len(differences) == 2 and all(8 - 1 <= share <= 20 for share in differences)


# What was planted -----------------------------------------------------------------------------------------------------


def test_the_rest_is_what_another_simulation_found():
    """4,000 series: a standard error of 0.7 to 0.8 %."""
    head, *found = rows("rest")
    plain, plain_share, detrended, detrended_share, differences = next(row[1:] for row in found if row[0] == 0.15)
    assert head[0] == "trend of the driver"
    assert (plain, detrended, differences) == pytest.approx((0.077, 0.151, 0.151), abs=0.002)
    assert (plain_share, detrended_share) == pytest.approx((34, 71), abs=2)


def test_the_plain_fit_loses_more_the_steeper_the_driver():
    found = rows("rest")[1:]
    assert [row[0] for row in found] == list(evidence_attribution.DRIVER_TRENDS)
    plain, share = [row[1] for row in found], [row[2] for row in found]
    assert plain == sorted(plain, reverse=True) and share == sorted(share, reverse=True)
    assert all(row[3] == pytest.approx(0.15, abs=0.0011) and row[5] == pytest.approx(0.15, abs=0.0011) for row in found)


def test_the_rest_is_that_of_the_kernel():
    for row in rows("rest")[1::3]:
        for place, method in ((1, PLAIN), (3, DETRENDED)):
            slope, share = evidence_attribution.found(method, 20, 0.15, row[0])
            assert slope == pytest.approx(row[place], abs=OF_SLOPES)
            assert share == pytest.approx(row[place + 1], abs=OF_SHARES)


def test_the_rest_is_that_of_least_squares():
    """The definition of each fit, a series at a time."""
    y, drivers = evidence_attribution.planted(20, 0.15, 0.15, 60)
    t = np.arange(20.0)
    for method, taken in ((PLAIN, []), (DETRENDED, [t])):
        slopes = []
        for series, x in zip(y.T, drivers.transpose(2, 1, 0)):
            b = np.linalg.lstsq(np.column_stack([np.ones(20), x, *taken]), series, rcond=None)[0]
            slopes.append(np.polyfit(t, series - x @ b[1:3], 1)[0])
        assert evidence_attribution.found(method, 20, 0.15, 0.15, 60)[0] == pytest.approx(np.mean(slopes), rel=1e-9)


def test_how_often_a_rest_is_found_grows_with_the_years():
    head, *found = rows("years")
    assert head == ("years", *(f"rest {each:g}" for each in evidence_attribution.RESTS))
    shares = np.array([row[1:] for row in found])
    assert (shares[:, 0] == 5).all() and all((np.diff(shares, axis=axis) >= 0).all() for axis in (0, 1))
    for rest, share in zip(evidence_attribution.RESTS, shares[0]):
        assert evidence_attribution.found(DETRENDED, 15, rest, 0.15)[1] == pytest.approx(share, abs=OF_SHARES)


def test_what_the_page_says_of_the_province():
    found = known_answers(make_province())["attribution"]
    assert f"{found['pixels']:,} of its pixels" in PAGE
    plain, detrended = (f"{found[fit]['slope_rest']:.2f}" for fit in ("plain", "detrended"))
    planted = f"{found['planted']['slope_rest']:.2f}"
    assert f"finds {plain} of a rest of {planted}; the detrended one finds {detrended}" in PAGE


# Rain -----------------------------------------------------------------------------------------------------------------


def test_what_rain_explains_is_what_the_kernel_finds(shared, monkeypatch):
    monkeypatch.setattr(evidence_series, "DATA", shared / "data")
    head, made = evidence_rain.of_rain()
    assert_alike([head, *made], rows("rain"), 0.101)
    series = evidence_rain.rained()
    trending = 100 * evidence_rain.significant_trends(series).mean()
    assert f"a significant trend in {trending:.1f} % of the" in PAGE.replace("\n", " ")
    assert f"the rest in {rows('rain')[2][7]:.1f} %" in PAGE
