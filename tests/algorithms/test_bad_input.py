"""Each kind of bad input has its own message, which names the layer and the way out, and leaves every file alone."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject, QgsRasterLayer
from testkit.files import contents
from testkit.rasters import UTM_TRANSFORM, numbers, stored, write_raster
from testkit.tools import Feedback, algorithm, run

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2011))
SET_YEARS = "set 'Years, if names do not say them' (YEARS)"
MINIMUM = "lower 'Minimum number of valid values' (MIN_OBSERVATIONS)"
OLD = b"the result of an earlier run"


@pytest.fixture
def series(tmp_path) -> list:
    """Ten rasters of 40 x 30 cells, a year each."""
    rng = np.random.default_rng(1)
    return [write_raster(tmp_path / "in" / f"npp_{year}.tif", rng.normal(500, 50, (30, 40))) for year in YEARS]


@pytest.fixture
def out(tmp_path):
    """A folder with the results of an earlier run."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("slope.tif", "slope.qml", "class.tif", "table.csv", "nep.tif"):
        (folder / name).write_bytes(OLD)
    return folder


def refused(out, identifier, parameters, context=None) -> str:
    """Run a tool that must fail, and return its message; nothing may be written, and nothing old may change."""
    before = contents(out.parent)
    with pytest.raises(QgsProcessingException) as caught:
        run(identifier, parameters, Feedback(), context)
    assert contents(out.parent) == before, "the failed run changed files"
    message = str(caught.value)
    assert "Traceback" not in message and "Error:" not in message
    assert message[-1] in ".?" and "\n" not in message
    return message


def trend_refused(out, layers, context=None, **options) -> str:
    """The message of nep:trend on a bad series."""
    results = {"SLOPE": "slope.tif", "CLASS": "class.tif", "TABLE": "table.csv"}
    paths = {name: str(out / file) for name, file in results.items()}
    return refused(out, "nep:trend", dict({"INPUT": layers}, **options, **paths), context)


def productivity_refused(out, **parameters) -> str:
    """The message of nep:productivity."""
    return refused(out, "nep:productivity", dict(parameters, OUTPUT=str(out / "nep.tif")))


# Grids ----------------------------------------------------------------------------------------------------------------


def test_another_reference_system(series, out):
    write_raster(series[4], stored(series[4]), crs=32651)
    message = trend_refused(out, series)
    assert "'npp_2005' does not lie on the grid of 'npp_2001'" in message
    assert "EPSG:32651 instead of EPSG:32650" in message and "nep:harmonize" in message


def test_a_shifted_grid(series, out):
    x, *rest = UTM_TRANSFORM
    write_raster(series[3], stored(series[3]), transform=(x + 15.0, *rest))
    message = trend_refused(out, series)
    assert "'npp_2004'" in message and "shifted by 0.5 columns" in message and "nep:harmonize" in message


def test_another_size(series, out):
    write_raster(series[9], stored(series[9])[:, :29, :39])
    message = trend_refused(out, series)
    assert "'npp_2010'" in message and "39 x 29 cells instead of 40 x 30" in message and "nep:harmonize" in message


def test_another_cell_size(series, out):
    x, _, _, y, _, _ = UTM_TRANSFORM
    write_raster(series[1], stored(series[1]), transform=(x, 31.0, 0.0, y, 0.0, -31.0))
    message = trend_refused(out, series)
    assert "'npp_2002'" in message and "31 x 31 instead of 30 x 30" in message and "nep:harmonize" in message


def test_a_shift_within_the_tolerance_is_none(series, out):
    x, *rest = UTM_TRANSFORM
    write_raster(series[3], stored(series[3]), transform=(x + 0.02, *rest))
    run("nep:trend", {"INPUT": series, "SLOPE": str(out / "slope.tif")})
    assert np.isfinite(numbers(out / "slope.tif")).all()


def test_climate_on_another_grid(series, out, tmp_path):
    climate = [write_raster(tmp_path / "in" / f"t_{year}.tif", np.ones((15, 20))) for year in YEARS]
    message = productivity_refused(out, NPP=series, TEMPERATURE=climate, PRECIPITATION=series)
    assert "'t_2001' does not lie on the grid of 'npp_2001'" in message and "nep:harmonize" in message


# Years ----------------------------------------------------------------------------------------------------------------


def test_no_year(series, out, tmp_path):
    plain = write_raster(tmp_path / "in" / "latest.tif", stored(series[0])[0])
    message = trend_refused(out, series + [plain])
    assert "No single year" in message and "'latest'" in message and SET_YEARS in message


def test_the_same_year_twice(series, out, tmp_path):
    again = write_raster(tmp_path / "in" / "copy_of_npp_2003.tif", stored(series[0])[0])
    message = trend_refused(out, series + [again])
    assert "'npp_2003'" in message and "'copy_of_npp_2003'" in message
    assert "all say 2003" in message and SET_YEARS in message


def test_layer_and_file_disagree(series, out):
    context, project = QgsProcessingContext(), QgsProject()
    context.setProject(project)
    layers = [QgsRasterLayer(path, f"npp {year}") for path, year in zip(series, YEARS)]
    layers[2].setName("npp 2013")
    project.addMapLayers(layers)
    message = trend_refused(out, [layer.id() for layer in layers], context)
    assert "'npp 2013' (layer 2013, file 2003)" in message and SET_YEARS in message
    results = {"SLOPE": str(out / "slope.tif")}
    run("nep:trend", dict(results, INPUT=layers, YEARS="2001-2010"), context=context)
    assert np.isfinite(numbers(out / "slope.tif")).all()


def test_years_that_are_none(series, out):
    for text in ("2001-201", "lately", "2010-2001"):
        message = trend_refused(out, series, YEARS=text)
        assert f"'{text}'" in message and ("write years as 2001-2020" in message or "first year first" in message)


def test_years_that_do_not_fit(series, out):
    message = trend_refused(out, series, YEARS="2001-2009")
    assert "(YEARS) names 9 years" in message and "'npp_2001' has 10 time steps" in message
    message = trend_refused(out, series, YEARS="2001-2009,2009")
    assert "2009 more than once" in message


def test_too_few_years(series, out):
    message = trend_refused(out, series[:6])
    assert "'npp_2001' has 6 time steps" in message and MINIMUM in message
    message = trend_refused(out, series, MIN_OBSERVATIONS=11)
    assert "has 10 time steps" in message and "asks for 11" in message


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_truncated_file(series, out):
    with open(series[6], "r+b") as file:
        file.truncate(3000)
    message = trend_refused(out, series)
    assert "npp_2007" in message and "Copy or download the file again" in message


def test_a_file_that_is_no_raster(series, out):
    with open(series[2], "w", encoding="utf-8") as file:
        file.write("year,npp\n2003,512\n")
    message = trend_refused(out, series)
    assert "npp_2003.tif' is no raster that QGIS can load" in message and "Choose a raster layer" in message


def test_a_missing_file(series, out):
    message = trend_refused(out, series + [series[0].replace("2001", "2011")])
    assert "npp_2011.tif' is no raster that QGIS can load" in message


def test_a_stack_of_another_number_of_bands_than_its_name_says(series, out, tmp_path):
    stack = write_raster(tmp_path / "in" / "npp_2011-2013.tif", np.ones((2, 30, 40)))
    message = trend_refused(out, series + [stack])
    assert "No single year could be read from the name of 'npp_2011-2013' (2 bands)." in message
    assert "(YEARS)" in message


def test_a_result_that_is_an_input(series, tmp_path):
    before = contents(tmp_path)
    with pytest.raises(QgsProcessingException, match="both an input and the result 'Sen slope' .SLOPE."):
        run("nep:trend", {"INPUT": series, "SLOPE": series[0]})
    assert contents(tmp_path) == before


def test_one_file_for_two_results(series, out):
    same = str(out / "slope.tif")
    message = refused(out, "nep:trend", {"INPUT": series, "SLOPE": same, "Z": same})
    assert "given for two results" in message


# Climate --------------------------------------------------------------------------------------------------------------


def test_a_year_the_precipitation_lacks(series, out):
    rain = [shutil.copy(path, path.replace("npp", "rain")) for path in series if "2006" not in path]
    warmth = [shutil.copy(path, path.replace("npp", "warmth")) for path in series]
    message = productivity_refused(out, NPP=series, TEMPERATURE=warmth, PRECIPITATION=rain)
    assert "precipitation series of 'rain_2001' has no step for 2006" in message
    assert "Add the rasters" in message and "leave the years out" in message


def test_eleven_months(out, tmp_path):
    npp = [write_raster(tmp_path / "in" / f"npp_{year}.tif", np.ones((3, 4))) for year in (2001, 2002)]
    climate = {
        name: [write_raster(tmp_path / "in" / f"{name}_{year}_{month:02d}.tif", np.ones((3, 4)))
               for year in (2001, 2002) for month in range(1, 13)]
        for name in ("t", "p")
    }
    rain = [path for path in climate["p"] if not path.endswith("p_2002_04.tif")]
    message = productivity_refused(out, NPP=npp, TEMPERATURE=climate["t"], PRECIPITATION=rain)
    assert "year 2002" in message and "'p_2001_01'" in message
    assert "11 months instead of twelve" in message and "month 4 is missing" in message


def test_monthly_form_of_annual_series(series, out):
    message = productivity_refused(out, NPP=series, TEMPERATURE=series, PRECIPITATION=series, FORCING=1)
    assert "twelve" in message and "annual 'Form of the respiration model' (FORCING)" in message


# Nothing to compute ---------------------------------------------------------------------------------------------------


def test_a_stack_without_any_value(tmp_path):
    empty = [
        write_raster(tmp_path / f"npp_{year}.tif", np.full((30, 40), -3.4e38, np.float32), nodata=-3.4e38)
        for year in YEARS
    ]
    said = Feedback()
    paths = {name: str(tmp_path / "out" / f"{name}.tif") for name in ("SLOPE", "PVALUE", "CLASS")}
    (tmp_path / "out").mkdir()
    table = str(tmp_path / "out" / "table.csv")
    for adjusted in (False, True):
        run("nep:trend", dict(paths, INPUT=empty, TABLE=table, FIELD_SIGNIFICANCE=adjusted), said)
        assert (stored(paths["SLOPE"]) == -9999).all() and (stored(paths["PVALUE"]) == -9999).all()
        assert (stored(paths["CLASS"]) == -32768).all()
        assert any(text.startswith("No pixel has a result") for text in said.warnings)
    nep = str(tmp_path / "out" / "nep.tif")
    said = Feedback()
    run("nep:productivity", {"NPP": empty, "TEMPERATURE": empty, "PRECIPITATION": empty, "OUTPUT": nep}, said)
    assert stored(nep).shape == (10, 30, 40) and (stored(nep) == -9999).all()
    assert any(text.startswith("No pixel has a result") for text in said.warnings)


# Numbers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tool", "given", "words"), [
    ("changefrequency", {"TOLERANCE": "x"}, r"\(TOLERANCE\) is 'x', and a number is wanted, such as 0\.1"),
    ("annualclimate", {"SCALE": 0}, r"'Scale of the values' \(SCALE\) is 0, and each value times 0 is 0\. Give 1 to"),
    ("annualclimate", {"SCALE": "one"}, r"\(SCALE\) is 'one', and a number is wanted"),
    ("productivity", {"NPP_SCALE": 0.0}, r"\(NPP_SCALE\) is 0, and each"),
    ("respiration", {"TEMPERATURE_SCALE": "0"}, r"\(TEMPERATURE_SCALE\) is 0, and each"),
    ("annualclimate", {"MONTHS": "2001-01/2001-12", "YEARS": "2001"}, r"so .*\(YEARS\) has nothing left to say"),
])
def test_numbers_that_are_none_or_make_all_alike(series, tool, given, words):
    """Before the run, so that a dialog stays open."""
    found = algorithm(f"nep:{tool}")
    fits, message = found.checkParameterValues({"INPUT": series, **given}, QgsProcessingContext())
    assert not fits and re.search(words, message), message
