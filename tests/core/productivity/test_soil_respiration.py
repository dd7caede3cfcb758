"""Models of soil respiration against the numbers of the reference and values by hand."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nep_toolbox.core.productivity.models import (
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    Raich,
    RespirationModel,
)
from nep_toolbox.core.productivity.respiration import Forcing, respiration_series
from nep_toolbox.core.productivity.soil_respiration import (
    by_q10,
    daily_soil_respiration,
    days_of_months,
    heterotrophic,
    lloyd_taylor,
    raich,
    soil_respiration,
)
from nep_toolbox.errors import InvalidParameter

NAN, INF = np.nan, np.inf
RAICH = RespirationModel(Raich(), BondLamberty())
LLOYD = RespirationModel(LloydTaylor(1.0), BondLamberty())
BY_Q10 = RespirationModel(ByQ10(1.0), Fraction(0.55))
LEAP, COMMON = 2004, 2003


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference/respiration_models.json").read_text())


def test_points_of_the_reference(reference):
    points, year = reference["points"], np.array([1.0])
    found = {
        "raich2002 T=10 P=80mm, one day": raich(10.0, 80.0), "raich2002 T=20 P=0": raich(20.0, 0.0),
        "raich2002 T=-13.4 P=80": raich(-13.4, 80.0), "raich2002 T=-13.3 P=80": raich(-13.3, 80.0),
        "raich2002 T=40 P=80 (as 33.5)": raich(40.0, 80.0), "lloyd_taylor T=10": lloyd_taylor(10.0, LloydTaylor(1.0)),
        "lloyd_taylor T=0": lloyd_taylor(0.0, LloydTaylor(1.0)), "q10 T=25 Q=2": by_q10(25.0, ByQ10(1.0)),
        "bond_lamberty RS=700": heterotrophic(700.0 * year, BondLamberty())[0],
    }
    assert set(found) == set(points)
    for name, value in points.items():
        assert float(found[name]) == pytest.approx(value, rel=1e-12), name


def test_climates_of_the_reference(reference):
    """The reference takes 28 days for February."""
    assert days_of_months([COMMON]).tolist() == [reference["days"]]
    for site in reference["sites"]:
        warmth, rain = (np.array(site[name]).reshape(12, 1) for name in "TP")
        for model, key in ((RAICH, "raich2002_year"), (LLOYD, "lloyd_taylor_R10_1"), (BY_Q10, "q10_R10_1_Q_2")):
            found = soil_respiration(warmth, rain, [COMMON], model)
            np.testing.assert_allclose(found[0, 0], site[f"RS_{key}"], rtol=1e-12)
        respired = respiration_series(warmth, rain, [COMMON], Forcing.MONTHLY, RAICH)
        np.testing.assert_allclose(respired[0, 0], site["RH_bond_lamberty2004"], rtol=1e-12)
        pei = respiration_series(warmth, rain, [COMMON], Forcing.MONTHLY)
        np.testing.assert_allclose(pei[0, 0], site["RH_pei_monthly"], rtol=1e-12)


def test_months_are_as_long_as_in_their_year():
    days = days_of_months([1900, 2000, 2003, 2004])
    assert days.sum(axis=1).tolist() == [365, 366, 365, 366]
    assert days[:, 1].tolist() == [28, 29, 28, 29]
    # only February respires: at -46.02 degC and below the curve is 0
    warmth = np.full((24, 1), -50.0)
    warmth[[1, 13]] = 10.0
    assert soil_respiration(warmth, None, [COMMON, LEAP], LLOYD)[:, 0].tolist() == pytest.approx([28.0, 29.0])


def test_each_year_is_its_own():
    rng = np.random.default_rng(3)
    warmth, rain = rng.normal(10, 10, (36, 2, 3)), rng.gamma(2, 30, (36, 2, 3))
    years = [2003, 2004, 2007]
    for model in (RAICH, LLOYD, BY_Q10):
        together = soil_respiration(warmth, rain, years, model)
        for place, year in enumerate(years):
            months = slice(12 * place, 12 * place + 12)
            alone = soil_respiration(warmth[months], rain[months], [year], model)
            np.testing.assert_array_equal(together[place], alone[0])


def test_formulas_by_hand():
    assert float(raich(15.0, 60.0, Raich(1.1, 0.05, 4.0))) == pytest.approx(1.1 * math.exp(0.75) * 6.0 / 10.0)
    assert float(lloyd_taylor(20.0, LloydTaylor(2.0, 300.0))) == pytest.approx(
        2.0 * math.exp(300.0 * (1 / 56.02 - 1 / 66.02)))
    assert float(by_q10(-10.0, ByQ10(3.0, 2.5))) == pytest.approx(3.0 / 6.25)
    assert heterotrophic(np.array([400.0, 0.0]), Fraction(0.25)).tolist() == [100.0, 0.0]
    assert heterotrophic(np.array([math.e, 0.0]), BondLamberty(1.0, 2.0)).tolist() == pytest.approx([math.e**3, 0.0])
    for b in (0.0, -0.5):  # coefficients of a user, at which the logarithm of nothing would give something
        assert heterotrophic(np.array([0.0, 1.0]), BondLamberty(1.0, b)).tolist() == pytest.approx([0.0, math.e])


def test_ends_of_the_curves():
    at, beyond = raich(np.array([33.5, -13.3]), 80.0), raich(np.array([80.0, -13.300001]), 80.0)
    assert at[0] == beyond[0] and at[1] > 0.39 and beyond[1] == 0.0
    cold = lloyd_taylor(np.array([-46.02, -46.03, -300.0, -45.0]), LloydTaylor(1.0))
    assert cold[:3].tolist() == [0.0, 0.0, 0.0] and 0.0 < cold[3] < 1e-100


@pytest.mark.parametrize("bad", [(NAN, 10.0), (INF, 10.0), (-INF, 10.0), (10.0, NAN), (10.0, INF), (10.0, -0.01),
                                 (-20.0, -1.0), (-20.0, NAN), (-20.0, INF)])
def test_what_is_missing_and_invalid_is_missing(bad):
    with np.errstate(all="raise"):
        assert np.isnan(raich(np.array([bad[0], 5.0]), np.array([bad[1], 20.0]))).tolist() == [True, False]
        if not np.isfinite(bad[0]):
            for formula, given in ((lloyd_taylor, LloydTaylor(1.0)), (by_q10, ByQ10(1.0))):
                assert np.isnan(formula(np.array([bad[0], 5.0]), given)).tolist() == [True, False]


def test_a_missing_month_makes_its_year_missing_for_that_pixel():
    warmth, rain = np.full((24, 3), 10.0), np.full((24, 3), 50.0)
    warmth[3, 0], rain[15, 1] = NAN, -1.0
    assert np.isnan(soil_respiration(warmth, rain, [COMMON, LEAP], RAICH)).tolist() == [
        [True, False, False], [False, True, False]]
    # rain plays no part in the two others
    assert np.isnan(soil_respiration(warmth, rain, [COMMON, LEAP], LLOYD)).tolist() == [
        [True, False, False], [False, False, False]]


def test_a_raster_of_respiration_at_10_degrees():
    warmth = np.random.default_rng(5).normal(10, 8, (24, 5))
    r10 = np.array([1.5, 0.0, -0.1, NAN, INF])
    for model in (LLOYD, BY_Q10):
        whole = soil_respiration(warmth, None, [COMMON, LEAP], model)
        found = soil_respiration(warmth, None, [COMMON, LEAP], model, r10)
        np.testing.assert_allclose(found[:, 0], 1.5 * whole[:, 0], rtol=1e-14)
        assert found[:, 1].tolist() == [0.0, 0.0] and np.isnan(found[:, 2:]).all()
        twice = soil_respiration(warmth, None, [COMMON, LEAP], model.times({"r10": 2.0}), r10)
        np.testing.assert_allclose(twice[:, 0], 3.0 * whole[:, 0], rtol=1e-14)


def test_what_no_number_can_hold_is_missing():
    warmth = np.full((12, 1), 20.0)
    for model, r10 in ((RespirationModel(ByQ10(1e307), Fraction(0.5)), None), (BY_Q10, np.array([1e307]))):
        with np.errstate(all="raise"):
            assert np.isnan(soil_respiration(warmth, None, [COMMON], model, r10)).all()
    assert np.isnan(heterotrophic(500.0, BondLamberty(800.0, 1.0)))


def test_single_precision_is_computed_in_double():
    warmth, rain = (np.random.default_rng(6).uniform(0, 30, (12, 4)).astype(np.float32) for _ in range(2))
    for model in (RAICH, LLOYD, BY_Q10):
        single, double = (
            soil_respiration(warmth.astype(kind), rain.astype(kind), [COMMON], model) for kind in (np.float32, float)
        )
        assert single.dtype == np.float64
        np.testing.assert_array_equal(single, double)


def test_eleven_months_are_refused():
    with pytest.raises(InvalidParameter, match="twelve temperature rasters a year: 12, and there are 11"):
        soil_respiration(np.zeros((11, 1)), None, [COMMON], LLOYD)
    with pytest.raises(InvalidParameter, match="twelve precipitation rasters a year: 24, and there are 12"):
        soil_respiration(np.zeros((24, 1)), np.zeros((12, 1)), [COMMON, LEAP], RAICH)


def test_one_call_for_all_models():
    warmth, rain = np.array([5.0]), np.array([30.0])
    np.testing.assert_array_equal(daily_soil_respiration(warmth, rain, RAICH), raich(warmth, rain))
    np.testing.assert_array_equal(daily_soil_respiration(warmth, None, LLOYD), lloyd_taylor(warmth, LLOYD.rate))
    np.testing.assert_array_equal(daily_soil_respiration(warmth, None, BY_Q10), by_q10(warmth, BY_Q10.rate))
