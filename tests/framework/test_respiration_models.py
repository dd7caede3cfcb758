"""The models of respiration through files: against their formulas written out here, and what is refused or told."""

from __future__ import annotations

import math
from calendar import monthrange

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.rasters import identical, numbers, write_raster
from testkit.runs import prepared
from testkit.tools import Feedback, run

from nep_toolbox.core.productivity.models import (
    PUBLISHED,
    PUBLISHED_RAICH,
    BondLamberty,
    ByQ10,
    Fraction,
    LloydTaylor,
    Model,
    Pei,
    RespirationModel,
)
from nep_toolbox.framework.respiration_models import KEYS, MODELS, NUMBERS, model_of, unused

pytestmark = pytest.mark.usefixtures("provider")

RAICH, LLOYD, Q10 = 1, 2, 3
YEARS = (2003, 2004)
TIMES = [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]
SHAPE = (5, 4)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict:
    """Two years of climate, of which the second is a leap year, with NPP and respiration at 10 degC."""
    folder, rng = tmp_path_factory.mktemp("climate"), np.random.default_rng(7)
    season = -np.cos(2 * np.pi * (np.arange(24) + 0.5) / 12)[:, None, None]
    # One corner lies below -13.3 degC in winter and one above 33.5 in summer.
    warmth = (12 + 14 * season + rng.normal(0, 1, (24, *SHAPE)) + np.linspace(-14, 12, 20).reshape(SHAPE))
    rain = 60 + 50 * season + rng.uniform(0, 20, (24, *SHAPE))
    warmth[3, 0, 0], rain[17, 2, 2] = np.nan, -1.0
    r10 = rng.uniform(0.5, 2.0, SHAPE)
    r10[4, 3] = np.nan
    arrays = {"TEMPERATURE": warmth, "PRECIPITATION": rain, "NPP": rng.normal(500, 60, (2, *SHAPE)), "R10_RASTER": r10}
    times = {"NPP": YEARS, "R10_RASTER": ()}
    paths = {
        name: write_raster(folder / f"{name.lower()}.tif", values.astype(np.float32),
                           descriptions=times.get(name, TIMES))
        for name, values in arrays.items()
    }
    values = {name: numbers(path).astype(np.float64) for name, path in paths.items()}
    return {"values": values, **{name: path if name == "R10_RASTER" else [path] for name, path in paths.items()}}


def of(files, *names) -> dict:
    return {name: files[name] for name in names}


CLIMATE = ("TEMPERATURE", "PRECIPITATION")


def by_hand(files, model: int, r10=1.5, q10=2.0) -> np.ndarray:
    """Soil respiration of the two years, cell by cell with ``math`` alone; NaN where there is none."""
    warmth, rain = (files["values"][name] for name in CLIMATE)
    found = np.zeros((2, *SHAPE))
    for year, row, col in np.ndindex(found.shape):
        for month in range(12):
            t, p = (float(each[12 * year + month, row, col]) for each in (warmth, rain))
            here = r10 if np.isscalar(r10) else float(r10[row, col])
            if math.isnan(t) or math.isnan(here) or (model == RAICH and not p >= 0):
                rate = math.nan
            elif model == RAICH:
                depth = p / 10
                rate = 0.0 if t < -13.3 else 1.25 * math.exp(0.05452 * min(t, 33.5)) * depth / (4.259 + depth)
            elif model == LLOYD:
                rate = here * math.exp(308.56 * (1 / 56.02 - 1 / (t + 46.02)))
            else:
                rate = here * q10 ** ((t - 10) / 10)
            found[year, row, col] += rate * monthrange(YEARS[year], month + 1)[1]
    return found


def bond_lamberty(soil, a=1.22, b=0.73):
    return np.exp(a) * soil ** b


@pytest.mark.parametrize(("model", "given", "share"), [
    (RAICH, {}, bond_lamberty), (RAICH, {"RH_FRACTION": 0.6}, lambda soil: 0.6 * soil),
    (LLOYD, {"R10": 1.5}, bond_lamberty),
    (LLOYD, {"R10": 1.5, "RH_A": 1.0, "RH_B": 0.8}, lambda soil: bond_lamberty(soil, 1.0, 0.8)),
    (Q10, {"R10": 1.5, "Q10": 3.0, "RH_FRACTION": 0.5}, lambda soil: 0.5 * soil),
    (Q10, {"R10": 1.5, "Q10": None, "RH_A": None, "RH_B": None, "RH_FRACTION": None}, bond_lamberty),
])
def test_nep_by_hand(files, tmp_path, model, given, share):
    paths = {name: str(tmp_path / f"{name}.tif") for name in ("OUTPUT", "RESPIRATION")}
    run("nep:productivity", {**of(files, "NPP", *CLIMATE), "MODEL": model, **given, **paths})
    respired = share(by_hand(files, model, q10=given.get("Q10") or 2.0))
    assert np.isnan(respired).sum() == 1 + (model == RAICH)
    np.testing.assert_allclose(numbers(paths["RESPIRATION"]), respired, rtol=1e-7)
    np.testing.assert_allclose(numbers(paths["OUTPUT"]), files["values"]["NPP"] - respired, rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize("model", [LLOYD, Q10])
def test_respiration_at_10_degrees_as_a_raster(files, tmp_path, model):
    said = Feedback()
    given = {**of(files, "TEMPERATURE", "R10_RASTER"), "MODEL": model}
    run("nep:respiration", {**given, "OUTPUT": str(tmp_path / "rh.tif")}, said)
    expected = bond_lamberty(by_hand(files, model, r10=files["values"]["R10_RASTER"]))
    np.testing.assert_allclose(numbers(str(tmp_path / "rh.tif")), expected, rtol=1e-7)
    assert "Soil respiration at 10 degC is that of 'r10_raster', cell by cell, times r10." in said.log
    # blocks of one row by threads
    run("nep:respiration", {**given, "MEMORY": 16, "THREADS": 3, "OUTPUT": str(tmp_path / "again.tif")})
    assert identical(str(tmp_path / "rh.tif"), str(tmp_path / "again.tif"))


def test_cells_without_respiration_at_10_degrees_do_not_want_for_climate(files, tmp_path):
    said = Feedback()
    given = {**of(files, "NPP", "TEMPERATURE", "R10_RASTER"), "MODEL": Q10}
    run("nep:productivity", {**given, "OUTPUT": str(tmp_path / "nep.tif")}, said)
    lacking, without = (
        next(each for each in said.warnings if words in each) for words in ("no climate", "R10_RASTER")
    )
    assert lacking.startswith("1 of 20 pixels with NPP have no climate") and "FILL_RIM" in lacking
    assert without == ("1 of 20 pixels with NPP are missing, or below 0, in 'Soil respiration at 10 degC, as a raster "
                       "(gC m-2 d-1)' (R10_RASTER), and have no NEP.")


def test_a_climatology_has_the_days_of_each_year(files, tmp_path):
    months = [f"T_{month:02d}" for month in range(1, 13)]
    warmth = write_raster(tmp_path / "warm.tif", np.full((12, *SHAPE), 10.0), descriptions=months)
    said, target = Feedback(), str(tmp_path / "nep.tif")
    run("nep:productivity", {
        **of(files, "NPP"), "TEMPERATURE": [warmth], "MODEL": Q10, "R10": 1.0, "RH_FRACTION": 0.5, "OUTPUT": target,
    }, said)
    respired = files["values"]["NPP"] - numbers(target)
    np.testing.assert_allclose(respired, np.array([182.5, 183.0])[:, None, None] * np.ones(SHAPE), rtol=1e-5)
    assert "as a climatology, a value for each month" in said.warnings[0]
    # neither of both says a year
    with pytest.raises(QgsProcessingException, match="The temperature says no year"):
        run("nep:respiration", {"TEMPERATURE": [warmth], "MODEL": Q10, "R10": 1.0, "OUTPUT": target})


def test_what_is_told(files, tmp_path):
    said = Feedback()
    run("nep:productivity", {
        **of(files, "NPP", *CLIMATE, "R10_RASTER"), "MODEL": RAICH, "A": 0.3, "Q10": 3.0,
        "OUTPUT": str(tmp_path / "nep.tif"),
    }, said)
    assert said.log.count("plays no part in the model 'Raich et al. (2002)") == 3
    for name in ("A", "Q10", "R10_RASTER"):
        assert f"({name}) was given, and plays" in said.log
    assert ("Respiration model: soil respiration R_S by Raich et al. (2002), of each month times its days, summed over "
            "the year; of the year ln R_H = 1.22 + 0.73 ln R_S") in said.log
    assert "Coefficients: f = 1.25, q = 0.05452, k = 4.259, rh_a = 1.22, rh_b = 0.73" in said.log
    soil = by_hand(files, RAICH)
    valid = np.isfinite(soil)
    npp = files["values"]["NPP"][valid].mean()
    respired = bond_lamberty(soil[valid]).mean()
    assert f"Mean heterotrophic respiration R_H: {respired:.4g} gC" in said.log
    assert f"soil respiration R_S, {soil[valid].mean():.4g} gC" in said.log
    ratio = respired / npp
    assert f"mean NPP is {npp:.4g}, R_H / NPP {ratio:.2f} and the mean NEP {npp - respired:.4g} gC" in said.log
    warmth, rain = (files["values"][name].reshape(2, 12, *SHAPE) for name in CLIMATE)
    with np.errstate(invalid="ignore"):
        pei = (0.22 * (np.exp(0.0913 * warmth) + np.log(0.3145 * rain + 1)) * 30 * 0.465).sum(axis=1)[valid].mean()
    assert f"as published, monthly, the mean R_H of these would be {pei:.4g}." in said.log
    assert f"would be {npp - pei:.4g}: the choice of the model moves it by {pei - respired:.4g}." in said.log
    said = Feedback()
    run("nep:respiration", {
        **of(files, *CLIMATE, "R10_RASTER"), "MODEL": LLOYD, "RH_FRACTION": 0.5, "RH_A": 1.0, "RH_B": 0.8,
        "OUTPUT": str(tmp_path / "rh.tif"),
    }, said)
    assert "R_H of the year is 0.5 R_S." in said.log
    for name in ("RH_A", "RH_B", "PRECIPITATION"):
        assert f"({name}) was given, and plays no part in the model 'Lloyd and Taylor (1994)" in said.log
    assert "by Pei" not in said.log



REFUSALS = [
    ({"MODEL": LLOYD}, "Give 'Soil respiration at 10 degC .*R10_RASTER"),
    ({"MODEL": Q10}, "needs the soil respiration at 10 degC"),
    ({"MODEL": Q10, "R10": 0.0}, "is 0, and nothing would respire"),
    ({"MODEL": LLOYD, "R10": 1.0, "R10_RASTER": "?"}, "were both given. Leave one empty"),
    ({"MODEL": RAICH, "FORCING": 2}, "takes monthly values, and .*FORCING.* is an annual form"),
    ({"MODEL": RAICH, "FORCING": 3}, "takes monthly values, and .*FORCING.* is an annual form"),
    ({"MODEL": RAICH, "RH_FRACTION": 0.0}, "is 0, and no soil respires without microbes"),
    ({"MODEL": RAICH, "RH_B": -0.73}, "is -0.73, and R_H would not grow with R_S.* such as 0.73"),
    ({"MODEL": LLOYD, "R10": 1.0, "RH_B": 0.0}, "is 0, and R_H would not grow"),
    ({"MODEL": RAICH, "PRECIPITATION": None}, "Raich .* takes precipitation too. Give 'Precipitation"),
    ({"MODEL": 0, "PRECIPITATION": None}, "Pei .* takes precipitation too. Give 'Precipitation"),
]


@pytest.mark.parametrize(("given", "words"), REFUSALS)
def test_what_is_refused_before_the_run(files, tmp_path, given, words):
    given = {name: files["R10_RASTER"] if value == "?" else value for name, value in given.items()}
    parameters = {**of(files, *CLIMATE), **given, "OUTPUT": str(tmp_path / "rh.tif")}
    with pytest.raises(QgsProcessingException, match=words):
        run("nep:respiration", {name: value for name, value in parameters.items() if value is not None})
    assert list(tmp_path.iterdir()) == []


def test_annual_series_are_named(files, tmp_path):
    annual = [write_raster(tmp_path / f"mean_{year}.tif", np.full(SHAPE, 10.0)) for year in YEARS]
    words = "'mean_2003', are 1, and 'Raich et al. .* takes the twelve months.*or choose 'Pei et al."
    for name in CLIMATE:
        with pytest.raises(QgsProcessingException, match=words):
            run("nep:respiration", {
                **of(files, *CLIMATE), name: annual, "MODEL": RAICH, "OUTPUT": str(tmp_path / "rh.tif"),
            })


def test_a_raster_on_another_grid_is_refused(files, tmp_path):
    wide = write_raster(tmp_path / "wide.tif", np.ones(SHAPE), transform=(500000.0, 60.0, 0.0, 4000000.0, 0.0, -60.0))
    with pytest.raises(QgsProcessingException, match="'wide' does not lie on the grid of 'temperature'.*nep:harmonize"):
        run("nep:respiration", {
            **of(files, "TEMPERATURE"), "MODEL": LLOYD, "R10_RASTER": wide, "OUTPUT": str(tmp_path / "rh.tif"),
        })


def test_models_and_their_parameters(files):
    found = {}
    for code, given in enumerate(({"A": 0.3}, {"RH_A": 1.0}, {"R10": 1.5, "RH_FRACTION": 0.4},
                                  {"R10": 1.5, "Q10": 2.5, "RH_B": 0.8})):
        tool, started = prepared("nep:respiration", {**of(files, *CLIMATE), "MODEL": code, **given})
        found[code] = model_of(started.parameters)
        assert found[code].model == code and unused(started.parameters) == []
    assert found == {
        0: RespirationModel(Pei(a=0.3)), 1: PUBLISHED_RAICH._replace(share=BondLamberty(1.0, 0.73)),
        2: RespirationModel(LloydTaylor(1.5), Fraction(0.4)),
        3: RespirationModel(ByQ10(1.5, 2.5), BondLamberty(1.22, 0.8)),
    }
    assert len(MODELS) == len(KEYS) == len(Model)
    # defaults of the dialog are those of the models, and the default model is that of Pei as published
    assert (NUMBERS["RH_A"][2], NUMBERS["RH_B"][2], NUMBERS["Q10"][2]) == (1.22, 0.73, 2.0)
    _tool, started = prepared("nep:respiration", of(files, *CLIMATE))
    assert model_of(started.parameters) == PUBLISHED
