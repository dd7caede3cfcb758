"""From climate as people hold it to NEP, without a step by hand: one file of twelve months a year, a model's years of
360 days, a reanalysis in kelvin and metres, a climatology. The witness is the formula, written out here."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.contract import refused
from testkit.netcdf import mid_months, write_netcdf
from testkit.rasters import band_names, numbers, write_raster
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.study import _steps

pytestmark = pytest.mark.usefixtures("provider")

COARSE = (99.9, 0.1, 0.0, 34.1, 0.0, -0.1)
DEGREES = (100.0, 0.05, 0.0, 34.0, 0.0, -0.05)


def respired(temperature, precipitation):
    """A month of the model of Pei et al. (2010), gC m-2; degC and mm."""
    return 0.22 * (np.exp(0.0913 * temperature) + np.log(0.3145 * precipitation + 1.0)) * 30.0 * 0.465


def weather(years, shape=(4, 5)) -> tuple:
    """Monthly temperature (degC) and precipitation (mm): (years, 12, rows, cols)."""
    rng = np.random.default_rng(3)
    season = -np.cos(2 * np.pi * (np.arange(12) + 0.5) / 12)[:, None, None]
    temperature = 9.0 + 10.0 * season + rng.normal(0, 1.0, (len(years), 12, *shape))
    precipitation = 70.0 + 30.0 * season + rng.uniform(0, 30.0, (len(years), 12, *shape))
    return temperature.astype(np.float32), precipitation.astype(np.float32)


def npp_of(folder, years, shape=(4, 5)) -> tuple:
    """Annual NPP (gC m-2), and a file a year."""
    values = np.random.default_rng(4).uniform(400, 900, (len(years), *shape)).astype(np.float32)
    files = [write_raster(folder / f"npp_{year}.tif", plane, DEGREES, 4326) for year, plane in zip(years, values)]
    return values, files


def expected(npp, temperature, precipitation) -> np.ndarray:
    """NEP, (years, rows, cols)."""
    return npp - respired(temperature.astype(float), precipitation.astype(float)).sum(axis=1)


def nep(folder, feedback=None, **parameters) -> np.ndarray:
    path = str(folder / "nep.tif")
    run("nep:productivity", {**parameters, "OUTPUT": path}, feedback)
    return numbers(path)


@pytest.mark.parametrize("described", [False, True])
def test_one_file_of_twelve_bands_a_year(tmp_path, described):
    """The form of the climate of Bavaria, 1982 to 2015: 34 files of twelve bands for each of the two."""
    years = list(range(1982, 2016))
    temperature, precipitation = weather(years)
    files: dict = {}
    for name, values in (("tas", temperature), ("pr", precipitation)):
        for year, months in zip(years, values):
            said = [f"{name}_{year}_{month:02d}" for month in range(1, 13)] if described else ()
            path = tmp_path / (f"{name}.{len(files.get(name, ()))}.tif" if described else f"{name}_{year}.tif")
            files.setdefault(name, []).append(write_raster(path, months, DEGREES, 4326, descriptions=said))
    npp, npp_files = npp_of(tmp_path, years)
    feedback = Feedback()
    found = nep(tmp_path, feedback, NPP=npp_files, TEMPERATURE=files["tas"][::-1], PRECIPITATION=files["pr"][3:]
                + files["pr"][:3])
    np.testing.assert_allclose(found, expected(npp, temperature, precipitation), rtol=1e-6)
    assert band_names(tmp_path / "nep.tif") == [str(year) for year in years] and not feedback.warnings

    annual = str(tmp_path / "annual.tif")
    run("nep:annualclimate", {"INPUT": files["tas"], "OUTPUT": annual})
    np.testing.assert_allclose(numbers(annual), temperature.mean(axis=1), rtol=1e-6)


def test_a_climate_model_whose_years_have_360_days(tmp_path):
    """CMIP: kelvin and kg m-2 s-1 on cells of one degree, months by the middle of their span, years of no name."""
    years = [1990, 1991, 1992]
    temperature, precipitation = weather(years, (1, 1))
    times = mid_months(years)
    spans = np.stack([np.subtract(times, 15), np.add(times, 15)], axis=1)
    rates = {"tas": (temperature + 273.15, "K"), "pr": (precipitation / (30 * 86400), "kg m-2 s-1")}
    files = {
        name: write_netcdf(tmp_path / f"{name}_Amon_model.nc", {
            name: (np.broadcast_to(values.reshape(36, 1, 1), (36, 5, 6)), unit)
        }, times, bounds=spans, west=98.5, north=35.5)
        for name, (values, unit) in rates.items()
    }
    npp, npp_files = npp_of(tmp_path, years)
    run("nep:harmonize", {
        "INPUT": list(files.values()), "REFERENCE": npp_files[0], "OUTPUT_FOLDER": str(tmp_path / "on grid"),
    })
    harmonized = {name: str(tmp_path / "on grid" / f"{name}_Amon_model.tif") for name in files}
    times = [f"{year}-{month:02d}" for year, month in itertools.product(years, range(1, 13))]
    assert band_names(harmonized["tas"]) == times
    found = nep(tmp_path, NPP=npp_files, TEMPERATURE=[harmonized["tas"]], PRECIPITATION=[harmonized["pr"]],
                TEMPERATURE_OFFSET=-273.15, PRECIPITATION_SCALE=30 * 86400)
    np.testing.assert_allclose(found, expected(npp, temperature, precipitation), rtol=1e-5)


def test_a_study_of_a_reanalysis_in_kelvin_and_metres(tmp_path, monkeypatch):
    """ERA5-Land: both variables in one file, seconds since 1970, on cells of a tenth of a degree."""
    kept = {"prepare", "productivity"}
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS",
                        tuple(step for step in _steps.STEPS if step.name in kept))
    years = list(range(2001, 2013))
    temperature, precipitation = weather(years, (1, 1))
    first = [np.datetime64(f"{year}-{month:02d}-01", "s").astype(float) for year in years for month in range(1, 13)]

    def everywhere(values):
        return np.broadcast_to(values.reshape(-1, 1, 1), (144, 5, 6))

    path = write_netcdf(tmp_path / "era5_land.nc", {
        "t2m": (everywhere(temperature + 273.15), "K"), "tp": (everywhere(precipitation / 1000), "m"),
    }, first, "seconds since 1970-01-01", "proleptic_gregorian", axis="valid_time", west=99.95, north=34.05, cell=0.1)
    npp, npp_files = npp_of(tmp_path, years)
    run("nep:study", {
        "NPP": npp_files, "TEMPERATURE": [f'NETCDF:"{path}":t2m'], "PRECIPITATION": [f'NETCDF:"{path}":tp'],
        "TEMPERATURE_OFFSET": -273.15, "PRECIPITATION_SCALE": 1000, "MIN_OBSERVATIONS": 8,
        "OUTPUT_FOLDER": str(tmp_path / "study"),
    })
    found = numbers(tmp_path / "study" / "rasters" / "nep.tif")
    np.testing.assert_allclose(found, expected(npp, temperature, precipitation), rtol=1e-5)
    data = numbers(tmp_path / "study" / "data" / "temperature.tif")
    np.testing.assert_allclose(data, np.broadcast_to(temperature.mean(axis=1), data.shape), rtol=1e-5)


def test_a_study_with_a_climatology_of_twelve_months(tmp_path, monkeypatch):
    kept = {"prepare", "productivity"}
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS",
                        tuple(step for step in _steps.STEPS if step.name in kept))
    years = list(range(2001, 2013))  # as many as there are months
    temperature, precipitation = weather([2001], (1, 1))
    npp, npp_files = npp_of(tmp_path, years)
    files = {name: [
        write_raster(tmp_path / f"wc2.1_30s_{name}_{month:02d}.tif", np.full((5, 6), value), COARSE, 4326)
        for month, value in enumerate(values.ravel(), start=1)
    ] for name, values in (("tavg", temperature), ("prec", precipitation))}
    run("nep:study", {
        "NPP": npp_files, "TEMPERATURE": files["tavg"], "PRECIPITATION": files["prec"], "MIN_OBSERVATIONS": 8,
        "OUTPUT_FOLDER": str(tmp_path / "study"),
    })
    found = numbers(tmp_path / "study" / "rasters" / "nep.tif")
    np.testing.assert_allclose(found, expected(npp, *(
        np.broadcast_to(values, (12, 12, 1, 1)) for values in (temperature, precipitation)
    )), rtol=1e-5)
    total = numbers(tmp_path / "study" / "data" / "precipitation.tif")
    np.testing.assert_allclose(total, precipitation.sum(), rtol=1e-5)
    bands = write_raster(tmp_path / "t.tif", np.ones((12, 4, 5)), DEGREES, 4326)
    with pytest.raises(QgsProcessingException, match="twelve bands of 't' may be the months of a climatology"):
        run("nep:study", {"NPP": npp_files, "TEMPERATURE": [bands], "PRECIPITATION": files["prec"],
                          "OUTPUT_FOLDER": str(tmp_path / "other")})


@pytest.mark.parametrize("form", ["one raster", "twelve rasters", "twelve bands"])
def test_a_climatology_beside_a_series(tmp_path, form):
    years = [2001, 2002, 2003]
    temperature, precipitation = weather(years)
    npp, npp_files = npp_of(tmp_path, years)
    rain = [write_raster(tmp_path / f"rain_{year}.tif", months, DEGREES, 4326)
            for year, months in zip(years, precipitation)]
    mean = temperature.mean(axis=0)
    names = [f"wc2.1_30s_tavg_{month:02d}" for month in range(1, 13)]
    if form == "one raster":
        warm = [write_raster(tmp_path / "bio1.tif", mean.mean(axis=0), DEGREES, 4326)]
        mean = np.broadcast_to(mean.mean(axis=0, dtype=np.float32), mean.shape)
        rain = [write_raster(tmp_path / f"rain_{year}.tif", months.sum(axis=0), DEGREES, 4326)
                for year, months in zip(years, precipitation)]
        precipitation = np.broadcast_to(precipitation.sum(axis=1, keepdims=True) / 12, precipitation.shape)
    elif form == "twelve rasters":
        warm = [write_raster(tmp_path / f"{name}.tif", plane, DEGREES, 4326) for name, plane in zip(names, mean)]
    else:
        warm = [write_raster(tmp_path / "tavg.tif", mean, DEGREES, 4326, descriptions=names)]
    feedback = Feedback()
    found = nep(tmp_path, feedback, NPP=npp_files, TEMPERATURE=warm[::-1], PRECIPITATION=rain,
                FORCING=3 if form == "one raster" else 0)
    np.testing.assert_allclose(found, expected(npp, np.broadcast_to(mean, temperature.shape), precipitation), rtol=1e-5)
    assert any("taken for every year, as a climatology" in warning for warning in feedback.warnings)


# Bad input ------------------------------------------------------------------------------------------------------------


def nep_refused(folder, **parameters) -> str:
    """The error of nep:productivity, which leaves no result."""
    return refused("nep:productivity", {**parameters, "OUTPUT": str(folder / "nep.tif")}, folder)


def test_a_file_of_several_variables_names_them(tmp_path):
    values = np.ones((12, 4, 5))
    path = write_netcdf(tmp_path / "era5.nc", {"t2m": (values, "K"), "tp": (values, "m")}, mid_months([2001]))
    _npp, npp_files = npp_of(tmp_path, [2001])
    said = nep_refused(tmp_path, NPP=npp_files, TEMPERATURE=[path], PRECIPITATION=[f'NETCDF:"{path}":tp'])
    assert f"'{path}' holds several variables: 't2m', 'tp'. Give one of them, as NETCDF:\"{path}\":t2m" in said


def test_a_calendar_that_nobody_knows(tmp_path):
    path = write_netcdf(tmp_path / "tas.nc", {"tas": (np.ones((24, 4, 5)), "K")}, range(24), "sols since 2001-01-01",
                        "martian")
    _npp, npp_files = npp_of(tmp_path, [2001, 2002])
    said = nep_refused(tmp_path, NPP=npp_files, TEMPERATURE=[path], PRECIPITATION=[path])
    assert "name of 'tas' (24 bands). Give each layer a name with its year (NPP_2001) or set" in said
    assert "time axis of 'tas' counts in a way that is not understood: 'sols since 2001-01-01' in the calendar" in said


def test_a_year_of_eleven_months(tmp_path):
    years, warm = [2001, 2002], []
    for year, count in zip(years, (12, 11)):
        warm.append(write_raster(tmp_path / f"tas_{year}.tif", np.ones((count, 4, 5)), DEGREES, 4326))
    _npp, npp_files = npp_of(tmp_path, years)
    assert "from the name of 'tas_2002' (11 bands)" in nep_refused(
        tmp_path, NPP=npp_files, TEMPERATURE=warm, PRECIPITATION=warm
    )
    described = write_raster(tmp_path / "rain.tif", np.ones((23, 4, 5)), DEGREES, 4326, descriptions=[
        f"{year}-{month:02d}" for year in years for month in range(1, 13)
    ][:23])
    said = nep_refused(tmp_path, NPP=npp_files, TEMPERATURE=[described], PRECIPITATION=[described])
    assert "The year 2002 of the series of 'rain' has 11 months instead of twelve: month 12 is missing" in said


def test_months_for_a_tool_of_years(tmp_path):
    files = [write_raster(tmp_path / f"tas_{year}.tif", np.ones((12, 4, 5)), DEGREES, 4326) for year in (2001, 2002)]
    with pytest.raises(QgsProcessingException, match="twelve bands of 'tas_2001', 'tas_2002'.*'Annual climate from"):
        run("nep:trend", {"INPUT": files, "SLOPE": str(tmp_path / "slope.tif")})
