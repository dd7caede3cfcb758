"""What the tools of productivity share: the climate of a run, its years, its scales and the check of its units."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from osgeo import gdal
from testkit.rasters import write_raster, yearly
from testkit.runs import prepared
from testkit.tools import Feedback, destinations, run

from nep_toolbox.algorithms.productivity._climate import FORCINGS, Climate
from nep_toolbox.core.productivity.blocks import respiration_block
from nep_toolbox.core.productivity.models import Pei, RespirationModel
from nep_toolbox.core.productivity.respiration import Forcing
from nep_toolbox.errors import GridMismatch, YearNotFound

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:productivity"


def annual(folder, name, years, value=1.0, **options) -> list:
    return [
        write_raster(folder / f"{name}_{year}.tif", np.full((3, 4), value), **options) for year in years
    ]


def monthly(folder, name, years, value=1.0) -> list:
    times = [f"{year}-{month:02d}" for year in years for month in range(1, 13)]
    return [write_raster(folder / f"{name}.tif", np.full((len(times), 3, 4), value), descriptions=times)]


def climate_of(npp, temperature, precipitation, feedback=None, **parameters) -> tuple:
    """The NPP series and the climate of a run."""
    given = {"NPP": npp, "TEMPERATURE": temperature, "PRECIPITATION": precipitation, **parameters}
    _tool, started = prepared(TOOL, given, feedback)
    return started.series("NPP"), Climate(started)


# Years ----------------------------------------------------------------------------------------------------------------


def test_years_that_the_climate_lacks_are_named_in_words(tmp_path):
    npp = annual(tmp_path, "npp", range(2001, 2006))
    series, climate = climate_of(
        npp, annual(tmp_path, "t", range(2001, 2006)), annual(tmp_path, "p", (2000, 2001, 2003, 2004))
    )
    with pytest.raises(YearNotFound) as refusal:
        climate.restrict_to(series, "NPP")
    assert str(refusal.value) == (
        "The precipitation series of 'p_2000' has no step for 2002, 2005, which NPP has. Add the rasters of these "
        "years, or leave the years out of NPP."
    )
    series, climate = climate_of(npp, annual(tmp_path, "u", (2001, 2005)), annual(tmp_path, "q", range(2001, 2006)))
    with pytest.raises(YearNotFound, match="temperature series of 'u_2001' has no step for 2002, 2003, 2004, which"):
        climate.restrict_to(series, "NPP")


def test_spare_years_are_left_out_and_named_in_words(tmp_path):
    said = Feedback()
    series, climate = climate_of(
        annual(tmp_path, "npp", (2002, 2004)), monthly(tmp_path, "t", (2001, 2002, 2003, 2004)),
        monthly(tmp_path, "p", (2002, 2004, 2005)), said,
    )
    climate.restrict_to(series, "NPP")
    assert [text for text in said.infos if text.startswith("Left out")] == [
        "Left out of the temperature series, as NPP lacks these years: 2001, 2003.",
        "Left out of the precipitation series, as NPP lacks these years: 2005.",
    ]
    for kept in (climate.temperature, climate.precipitation):
        assert [(step.year, step.month) for step in kept.steps] == [
            (year, month) for year in (2002, 2004) for month in range(1, 13)
        ]


def test_years_that_agree_are_not_spoken_of(tmp_path):
    said = Feedback()
    years = (2001, 2002)
    series, climate = climate_of(
        annual(tmp_path, "npp", years), annual(tmp_path, "t", years), annual(tmp_path, "p", years), said
    )
    climate.restrict_to(series, "NPP")
    assert "Left out" not in said.log and climate.temperature.years == [2001, 2002]


# Climatologies --------------------------------------------------------------------------------------------------------


def undated(folder, name, values, **options) -> list:
    """One raster without a year, a band for each of ``values``."""
    return [write_raster(folder / f"{name}.tif", np.stack([np.full((3, 4), value) for value in values]), **options)]


def read(climate) -> dict:
    """What the readers give at one cell."""
    return {name: reader.read(climate.temperature.grid.whole)[:, 0, 0] for name, reader in climate.readers().items()}


def test_a_raster_without_a_year_is_taken_for_every_year(tmp_path):
    said = Feedback()
    years = (2001, 2002, 2004)
    series, climate = climate_of(
        annual(tmp_path, "npp", years), undated(tmp_path, "worldclim", [9.0]), annual(tmp_path, "p", years, 700.0),
        said, TEMPERATURE_SCALE=0.5,
    )
    climate.restrict_to(series, "NPP")
    assert read(climate)["temperature"].tolist() == [4.5] * 3
    assert read(climate)["precipitation"].tolist() == [700.0] * 3
    assert climate.constant == {"temperature"} and climate.forcing is Forcing.ANNUAL_LITERAL
    assert said.warnings[0] == (
        "The temperature of 'worldclim' has no year: it is taken for every year, as a climatology. Respiration then "
        "does not follow the weather of a year."
    )
    assert any("worldclim (Float32, " in text for text in said.infos)


def test_a_single_year_is_taken_for_all_where_there_are_more(tmp_path):
    said = Feedback()
    years = (2001, 2002)
    series, climate = climate_of(
        annual(tmp_path, "npp", years), annual(tmp_path, "t", years), annual(tmp_path, "p", (1990,), 700.0), said
    )
    climate.restrict_to(series, "NPP")
    assert read(climate)["precipitation"].tolist() == [700.0] * 2
    assert "The precipitation of 'p_1990' is of 1990 alone: it is taken for every year" in said.warnings[-1]
    # Of one year each, another year is a mistake.
    series, climate = climate_of(
        annual(tmp_path, "npp", (2001,)), annual(tmp_path, "t", (2001,)), annual(tmp_path, "p", (1990,))
    )
    with pytest.raises(YearNotFound, match="'p_1990' has no step for 2001, which NPP has"):
        climate.restrict_to(series, "NPP")


def test_years_given_for_npp_do_not_keep_a_raster_from_being_a_climatology(tmp_path):
    npp = [write_raster(tmp_path / f"{name}.tif", np.ones((3, 4))) for name in "abc"]
    rain = [write_raster(tmp_path / f"rain {name}.tif", np.ones((3, 4))) for name in "abc"]
    series, climate = climate_of(npp, undated(tmp_path, "t", [9.0]), rain, YEARS="2001-2003")
    climate.restrict_to(series, "NPP")
    assert climate.constant == {"temperature"} and climate.precipitation.years == [2001, 2002, 2003]


def test_twelve_steps_without_a_year_are_months_of_every_year(tmp_path):
    said = Feedback()
    years = (2001, 2002)
    series, climate = climate_of(
        annual(tmp_path, "npp", years), undated(tmp_path, "t", range(12)), monthly(tmp_path, "p", years, 60.0), said
    )
    climate.restrict_to(series, "NPP")
    assert climate.forcing is Forcing.MONTHLY
    assert read(climate)["temperature"].tolist() == [*range(12)] * 2
    assert "as a climatology, a value for each month. Respiration" in said.warnings[0]


def test_twelve_bands_beside_twelve_years_must_say_what_they_are(tmp_path):
    npp = annual(tmp_path, "npp", range(2001, 2013))
    rain = monthly(tmp_path, "p", range(2001, 2013), 60.0)
    series, climate = climate_of(npp, undated(tmp_path, "t", range(12)), rain)
    with pytest.raises(YearNotFound, match="The twelve bands of 't' may be the months .* or the twelve years of 'npp_"):
        climate.restrict_to(series, "NPP")
    said = [f"T_{month:02d}" for month in range(1, 13)]
    series, climate = climate_of(npp, undated(tmp_path, "u", range(12), descriptions=said), rain)
    climate.restrict_to(series, "NPP")
    assert read(climate)["temperature"].tolist() == [*range(12)] * 12


def test_other_numbers_of_steps_without_a_year_are_refused_as_before(tmp_path):
    with pytest.raises(YearNotFound, match="No single year could be read from the name of"):
        climate_of(annual(tmp_path, "npp", (2001,)), undated(tmp_path, "t", [1, 2, 3]), annual(tmp_path, "p", (2001,)))


def test_climate_on_another_grid_is_refused(tmp_path):
    npp, good = annual(tmp_path, "npp", (2001,)), annual(tmp_path, "t", (2001,))
    wide = annual(tmp_path, "p", (2001,), transform=(500000.0, 60.0, 0.0, 4000000.0, 0.0, -60.0))
    series, climate = climate_of(npp, good, wide)
    with pytest.raises(GridMismatch, match="'p_2001' does not lie on the grid of 'npp_2001'.*nep:harmonize"):
        climate.restrict_to(series, "NPP")


# Scales, form and coefficients ----------------------------------------------------------------------------------------


def test_each_reader_applies_its_scale_and_offset_after_those_of_the_file(tmp_path):
    npp = annual(tmp_path, "npp", (2001,))
    warmth = annual(tmp_path, "t", (2001,), 2881.0, scale=0.1, offset=-273.15)
    rain = annual(tmp_path, "p", (2001,), 12.0)
    for given, expected in (
        ({}, (14.95, 12.0)), ({"TEMPERATURE_SCALE": 0.5}, (7.475, 12.0)),
        ({"PRECIPITATION_SCALE": 100}, (14.95, 1200.0)), ({"TEMPERATURE_OFFSET": 273.15}, (288.1, 12.0)),
        ({"TEMPERATURE_OFFSET": 1.5, "TEMPERATURE_SCALE": 2.0}, (31.4, 12.0)),
        ({"TEMPERATURE_OFFSET": None}, (14.95, 12.0)),
    ):
        _, climate = climate_of(npp, warmth, rain, **given)
        readers = climate.readers()
        assert list(readers) == ["temperature", "precipitation"]
        for reader, value in zip(readers.values(), expected):
            found = reader.read(climate.temperature.grid.whole)
            np.testing.assert_allclose(found, np.full((1, 3, 4), value), rtol=1e-6)


def test_readers_read_the_years_that_were_kept(tmp_path):
    folder = tmp_path / "in"
    npp = [layer.path for layer in yearly(folder / "npp", (2002, 2003))]
    warmth = [layer.path for layer in yearly(folder / "t", range(2000, 2005))]
    rain = [layer.path for layer in yearly(folder / "p", range(2001, 2004))]
    series, climate = climate_of(npp, warmth, rain)
    climate.restrict_to(series, "NPP")
    for reader in climate.readers().values():
        assert reader.read(series.grid.whole)[:, 0, 0].tolist() == [2002.0, 2003.0]


def test_the_log_tells_form_and_coefficients(tmp_path):
    files = [annual(tmp_path, name, (2001,)) for name in ("npp", "t", "p")]
    said = Feedback()
    _, climate = climate_of(*files, said, A=0.3, E=0.5)
    climate.log()
    assert climate.forcing is Forcing.ANNUAL_LITERAL
    assert climate.model == RespirationModel(Pei(0.3, 0.0913, 0.3145, 30.0, 0.5))
    assert said.infos[-1] == "Coefficients: a = 0.3, b = 0.0913, c = 0.3145, d = 30, e = 0.5"
    assert said.infos[-2].startswith("Respiration model, annual, literal:")
    # the form that nobody chose and that comes out tenfold low: a warning, which names the other by its label
    assert len(said.warnings) == 1 and f"choose '{FORCINGS[3]}'" in said.warnings[0]
    for chosen in (2, 3):
        quiet = Feedback()
        climate_of(*files, quiet, FORCING=chosen)[1].log()
        assert quiet.warnings == []
    _, climate = climate_of(*files, FORCING=3)
    assert climate.forcing is Forcing.ANNUAL_MONTHLY_EQUIVALENT


def test_results_are_called_by_the_model(tmp_path):
    years = (2001, 2003)
    files = [annual(tmp_path, "npp", years), *(monthly(tmp_path, name, years) for name in "tp")]
    r10 = write_raster(tmp_path / "r10.tif", np.ones((3, 4)))
    found = {}
    for given in ({}, {"MODEL": 1}, {"MODEL": 2, "R10_RASTER": r10}, {"MODEL": 3, "R10": 1.0}):
        npp, climate = climate_of(*files, **given)
        climate.restrict_to(npp, "NPP")
        found[climate.span] = climate.sizes.r10, sorted(climate.readers())
    assert found == {
        "2001-2003": ("R10", ["precipitation", "temperature"]),
        "by Raich 2001-2003": ("R10", ["precipitation", "temperature"]),
        "by Lloyd-Taylor 2001-2003": ("R10_RASTER", ["r10", "temperature"]),
        "by Q10 2001-2003": ("R10", ["temperature"]),
    }
    npp, climate = climate_of(annual(tmp_path, "single", (2003,)), *files[1:])
    climate.restrict_to(npp, "NPP")
    assert climate.span == "2003"


# Units ----------------------------------------------------------------------------------------------------------------


def said_of_blocks(folder, blocks, steps=1) -> list:
    """The warnings after blocks of (temperature, precipitation), arrays (steps, pixels)."""
    make = annual if steps == 1 else monthly
    said = Feedback()
    files = annual(folder, "npp", (2001,)), make(folder, "t", (2001,)), make(folder, "p", (2001,))
    _, climate = climate_of(*files, said)
    for warmth, rain in blocks:
        climate.count(respiration_block(
            np.array(warmth, float), np.array(rain, float), years=[2001], forcing=climate.forcing
        ))
    climate.check_units()
    return said.warnings


def test_units_are_judged_by_the_mean_over_all_blocks(tmp_path):
    hot, cool = ([[200.0]], [[700.0]]), ([[10.0] * 99], [[700.0] * 99])
    # One pixel in a hundred is no sign, whichever block it lies in; ninety-nine are.
    assert said_of_blocks(tmp_path / "1", [hot, cool]) == said_of_blocks(tmp_path / "2", [cool, hot]) == []
    many, one = ([[200.0] * 99], [[700.0] * 99]), ([[10.0]], [[700.0]])
    for place, blocks in enumerate(([many, one], [one, many])):
        (warning,) = said_of_blocks(tmp_path / f"3{place}", blocks)
        assert warning.startswith("A temperature raster has a mean of 198.1, which cannot be degC.")
        assert "⟨TEMPERATURE_SCALE⟩ to 0.1" in warning


def test_missing_values_do_not_count_and_empty_steps_are_silent(tmp_path):
    hole = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said_of_blocks(tmp_path / "1", [([[hole, hole]], [[hole, hole]])]) == []
        (warning,) = said_of_blocks(tmp_path / "2", [([[hole, 12.0]], [[9000.0, hole]]), ([[hole]], [[8000.0]])])
    assert "comes to 8500 in a year" in warning and "⟨PRECIPITATION_SCALE⟩ to 0.1" in warning


def test_the_limit_of_rain_follows_the_steps_a_year(tmp_path):
    warmth, rain = np.full((12, 2), 15.0), np.full((12, 2), 100.0)
    rain[6] = 2000.0
    (warning,) = said_of_blocks(tmp_path / "1", [(warmth, rain)], steps=12)
    assert "comes to 2000 in a month" in warning
    assert said_of_blocks(tmp_path / "2", [(warmth[:1], rain[6:7])]) == []


def in_units(folder, name, values, unit, times) -> list:
    """A series whose bands say a unit."""
    path = write_raster(folder / f"{name}.tif", values, descriptions=times, kind="float64")
    dataset = gdal.Open(path, gdal.GA_Update)
    for number in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(number).SetUnitType(unit)
    dataset.FlushCache()
    return [path]


def test_units_in_the_files_are_told_with_numbers_that_give_the_same_nep(tmp_path):
    """Kelvin, and a rate over months of 30 days, against degC and mm."""
    rng = np.random.default_rng(5)
    times = [f"2001-{month:02d}" for month in range(1, 13)]
    warmth, rain = rng.normal(12, 8, (12, 3, 4)), rng.gamma(2, 35, (12, 3, 4))
    npp = annual(tmp_path, "npp", (2001,), 600.0)
    found = {}
    for name, files, given in (
        ("plain", (in_units(tmp_path, "t1", warmth, "degC", times), in_units(tmp_path, "p1", rain, "mm", times)), {}),
        ("other", (in_units(tmp_path, "t2", warmth + 273.15, "K", times),
                   in_units(tmp_path, "p2", rain / 2592000, "kg m-2 s-1", times)), {}),
        ("typed", (["t2.tif"], ["p2.tif"]), {"TEMPERATURE_OFFSET": -273.15, "PRECIPITATION_SCALE": 2592000}),
    ):
        said = Feedback()
        temperature, precipitation = ([str(tmp_path / file) for file in each] for each in files)
        run(TOOL, {
            "NPP": npp, "TEMPERATURE": temperature, "PRECIPITATION": precipitation, **given,
            "OUTPUT": str(tmp_path / f"nep_{name}.tif"),
        }, said)
        found[name] = gdal.Open(str(tmp_path / f"nep_{name}.tif")).ReadAsArray(), said.warnings
    assert found["plain"][1] == found["typed"][1] == []
    np.testing.assert_allclose(found["typed"][0], found["plain"][0], rtol=1e-6)
    assert any("is 'K': set 'Offset of the temperature' (TEMPERATURE_OFFSET) to -273.15." in text
               for text in found["other"][1])
    rate = "'kg m-2 s-1': set 'Scale of the precipitation' (PRECIPITATION_SCALE) to 2629746, the seconds of a month."
    assert any(rate in text for text in found["other"][1])


def test_unscaled_data_raise_a_warning(shared, tmp_path):
    source = gdal.Open(str(shared / "data/china_npp_factors/npp.tif"))
    bands = source.ReadAsArray()
    files = [
        write_raster(tmp_path / f"{name}_2010.tif", bands[place], source.GetGeoTransform(), source.GetProjection())
        for place, name in enumerate(("npp", "pre", "tem"))
    ]
    for scaled in (False, True):
        said = Feedback()
        scales = {"TEMPERATURE_SCALE": 0.1, "PRECIPITATION_SCALE": 0.1} if scaled else {}
        run(TOOL, {
            "NPP": [files[0]], "TEMPERATURE": [files[2]], "PRECIPITATION": [files[1]], "FORCING": 2, **scales,
            **destinations(TOOL, tmp_path / "out"),
        }, said)
        for name in ("TEMPERATURE", "PRECIPITATION"):
            cure = f"'Scale of the {name.lower()}' ({name}_SCALE) to 0.1"
            assert any(cure in text for text in said.warnings) is not scaled
