"""What a person sees: names, styles and legends of results in a project, and of their files opened later."""

from __future__ import annotations

import math
import os

import numpy as np
import processing
import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDateTime
from testkit.rasters import numbers, write_raster
from testkit.tools import Feedback, algorithm, destinations, run

from nep_toolbox.algorithms.trend.trend import SCHEME

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2013))


@pytest.fixture(scope="module")
def files(province, tmp_path_factory) -> dict:
    """NEP of the sample province and its trend, with every result."""
    folder = tmp_path_factory.mktemp("results")

    def layers(pattern):
        return sorted(str(path) for path in province.glob(pattern))

    nep = destinations("nep:productivity", folder / "nep")
    (folder / "nep").mkdir()
    run("nep:productivity", dict(
        nep, NPP=layers("npp_*.tif"), TEMPERATURE=layers("temperature_*.tif"), NPP_SCALE=0.1, NPP_VALID_MAX=32700,
        PRECIPITATION=layers("precipitation_*.tif"),
    ))
    trend = destinations("nep:trend", folder / "trend")
    (folder / "trend").mkdir()
    run("nep:trend", dict(trend, INPUT=[nep["OUTPUT"]]))
    return {"NEP": nep["OUTPUT"], "RESPIRATION": nep["RESPIRATION"], "MEAN": nep["MEAN"], **trend}


@pytest.fixture
def opened(files):
    """Opens a result as a plain layer, as a person does later, and keeps it alive for the test."""
    kept = []

    def open_layer(name) -> QgsRasterLayer:
        layer = QgsRasterLayer(files[name], name)
        assert layer.isValid()
        kept.append(layer)
        return layer

    return open_layer


# Files opened later ---------------------------------------------------------------------------------------------------


def test_legend_of_classes(opened):
    layer = opened("CLASS")
    renderer = layer.renderer()
    assert renderer.type() == "paletted"
    entries = renderer.classes()
    assert [entry.value for entry in entries] == [4, 3, 2, 1, 0, -1, -2, -3, -4]
    assert [entry.label for entry in entries] == list(SCHEME.labels.values())
    assert [entry.color.name() for entry in entries] == [SCHEME.colours[entry.value] for entry in entries]
    assert len(set(SCHEME.colours.values())) == 9
    assert layer.dataProvider().sourceHasNoDataValue(1) and layer.dataProvider().sourceNoDataValue(1) == -32768


def ramp(layer) -> list:
    """Value and colour of each stop of a layer's ramp."""
    renderer = layer.renderer()
    assert renderer.type() == "singlebandpseudocolor"
    assert renderer.band() == 1
    return [(item.value, item.color.name()) for item in renderer.shader().rasterShaderFunction().colorRampItemList()]


@pytest.mark.parametrize("name", ["SLOPE", "Z", "LOWER", "UPPER", "TAU"])
def test_diverging_ramps_are_symmetric_about_zero(opened, name):
    stops = ramp(opened(name))
    values = [value for value, _ in stops]
    assert len(values) % 2 == 1 and values[len(values) // 2] == 0
    np.testing.assert_allclose(values, [-value for value in values[::-1]], rtol=1e-9)
    assert values == sorted(values) and values[-1] > 0
    # The middle is neutral: about the same red, green and blue.
    layer = opened(name)
    colour = layer.renderer().shader().rasterShaderFunction().colorRampItemList()[len(values) // 2].color
    assert max(colour.red(), colour.green(), colour.blue()) - min(colour.red(), colour.green(), colour.blue()) < 12


def test_ends_of_the_slope_follow_the_values(opened, files):
    stops = ramp(opened("SLOPE"))
    slope = numbers(files["SLOPE"])
    low, high = np.nanquantile(slope, [0.02, 0.98])
    assert stops[-1][0] == pytest.approx(max(abs(low), abs(high)), rel=0.01)  # rounded for the legend


@pytest.mark.parametrize(
    ("name", "unit"),
    [("NEP", "gC m-2 yr-1"), ("MEAN", "gC m-2 yr-1"), ("INTERCEPT", "gC m-2 yr-1"), ("PVALUE", ""), ("TAU", ""),
     *((name, "gC m-2 yr-1 per year") for name in ("SLOPE", "LOWER", "UPPER"))],
)
def test_the_unit_is_in_the_file_and_in_the_legend(opened, files, name, unit):
    assert gdal.Open(files[name]).GetRasterBand(1).GetUnitType() == unit
    function = opened(name).renderer().shader().rasterShaderFunction()
    assert function.legendSettings().suffix() == (f" {unit}" if unit else "")


def test_the_log_says_whose_range_the_legend_of_a_series_is(province, tmp_path):
    feedback = Feedback()
    layers = {
        name: sorted(str(path) for path in province.glob(f"{name.lower()}_*.tif"))
        for name in ("NPP", "TEMPERATURE", "PRECIPITATION")
    }
    asked = {"OUTPUT": str(tmp_path / "nep.tif"), "MEAN": str(tmp_path / "mean.tif")}
    run("nep:productivity", dict(layers, NPP_SCALE=0.1, NPP_VALID_MAX=32700, **asked), feedback)
    assert [line for line in feedback.infos if "legend" in line] == [
        "The legend of 'NEP 2001-2012 (gC m-2 yr-1)' is one for all its bands: from the 2nd to the 98th percentile of "
        "their values."
    ]


@pytest.mark.parametrize("name", ["NEP", "RESPIRATION", "MEAN"])
def test_sequential_ramps_grow_darker(opened, files, name):
    layer = opened(name)
    stops = ramp(layer)
    values = [value for value, _ in stops]
    assert values == sorted(values)
    darkness = [item.color.lightness() for item in layer.renderer().shader().rasterShaderFunction().colorRampItemList()]
    assert darkness == sorted(darkness, reverse=True)
    data = numbers(files[name])
    low, high = np.nanquantile(data, [0.02, 0.98])
    rounded = 0.01 * (high - low)
    assert values[0] == pytest.approx(low, abs=rounded) and values[-1] == pytest.approx(high, abs=rounded)


@pytest.mark.parametrize("name", ["NEP", "RESPIRATION"])
def test_a_series_is_a_map_of_its_first_year(opened, name):
    layer = opened(name)
    assert layer.bandCount() == len(YEARS)
    assert [layer.bandName(band) for band in (1, 12)] == ["Band 01: 2001", "Band 12: 2012"]
    assert layer.renderer().type() == "singlebandpseudocolor" and layer.renderer().band() == 1


@pytest.mark.skipif(Qgis.QGIS_VERSION_INT < 33800, reason="QGIS has the time of bands from 3.38 on")
def test_the_temporal_controller_steps_through_the_years(opened):
    layer = opened("NEP")
    properties = layer.temporalProperties()
    # QGIS leaves the switch off when it opens a file by itself, whatever its style says; loading the style sets it.
    layer.loadDefaultStyle()
    assert properties.isActive()
    assert properties.mode() == Qgis.RasterTemporalMode.FixedRangePerBand
    ranges = properties.fixedRangePerBand()
    assert sorted(ranges) == list(range(1, 13))
    for band, year in enumerate(YEARS, start=1):
        assert ranges[band].begin().date().year() == ranges[band].end().date().year() == year
        assert ranges[band].contains(QDateTime.fromString(f"{year}-07-01T12:00:00", "yyyy-MM-ddTHH:mm:ss"))
    assert not opened("MEAN").temporalProperties().isActive()


def test_every_raster_has_a_style_beside_it(files):
    for name, path in files.items():
        if path.endswith(".tif"):
            assert os.path.exists(os.path.splitext(path)[0] + ".qml"), name


def test_styles_of_constant_and_of_empty_results(tmp_path):
    for name, values in (("constant", np.full((9, 5, 6), 3.0)), ("empty", np.full((9, 5, 6), math.nan))):
        source = write_raster(tmp_path / f"{name}.tif", values, descriptions=range(2001, 2010))
        slope, intercept = str(tmp_path / f"{name}_slope.tif"), str(tmp_path / f"{name}_intercept.tif")
        run("nep:trend", {"INPUT": [source], "SLOPE": slope, "INTERCEPT": intercept})
        for path in (slope, intercept):
            layer = QgsRasterLayer(path)
            values = [item.value for item in layer.renderer().shader().rasterShaderFunction().colorRampItemList()]
            assert all(math.isfinite(value) for value in values)
            assert values == sorted(set(values)), "a ramp needs two different ends"


def test_a_narrow_range_far_from_zero_keeps_its_contrast(tmp_path):
    values = 100000 + np.linspace(0.2, 0.9, 30).reshape(1, 5, 6) + np.zeros((9, 1, 1))
    rain = write_raster(tmp_path / "p 2001-2009.tif", np.zeros((9, 5, 6)))
    npp = write_raster(tmp_path / "npp 2001-2009.tif", values)
    mean = str(tmp_path / "mean.tif")
    run("nep:productivity", {
        "NPP": [npp], "TEMPERATURE": [rain], "PRECIPITATION": [rain], "FORCING": 2, "OUTPUT": str(tmp_path / "o.tif"),
        "MEAN": mean,
    })
    layer = QgsRasterLayer(mean)
    stops = ramp(layer)
    assert 0.5 < stops[-1][0] - stops[0][0] < 0.8


# Loaded by Processing -------------------------------------------------------------------------------------------------


@pytest.fixture
def project(qgis_new_project, monkeypatch):
    # Without a window, as qgis_process has it; the stand-in for one that tests get is none QGIS 3.44 takes.
    monkeypatch.setattr("processing.gui.Postprocessing.iface", None, raising=False)
    yield qgis_new_project
    qgis_new_project.clear()


def layers_by_name(project) -> dict:
    return {layer.name(): layer for layer in project.mapLayers().values()}


def test_results_load_with_name_and_style(files, project, tmp_path):
    paths = {name: str(tmp_path / f"{name}.tif") for name in ("SLOPE", "CLASS", "PVALUE")}
    processing.runAndLoadResults("nep:trend", dict(paths, INPUT=[files["NEP"]]), feedback=Feedback())
    loaded = layers_by_name(project)
    slope = "Sen slope 2001-2012 (gC m-2 yr-1 per year)"
    assert set(loaded) == {slope, "Trend classes 2001-2012", "Mann-Kendall p 2001-2012"}
    assert loaded["Trend classes 2001-2012"].renderer().type() == "paletted"
    assert len(loaded["Trend classes 2001-2012"].renderer().classes()) == 9
    stops = ramp(loaded[slope])
    assert stops[0][0] == pytest.approx(-stops[-1][0], rel=1e-12)


def test_the_names_of_two_runs_differ_and_their_order_does_not(province, project):
    asked = dict.fromkeys(("PVALUE", "SLOPE", "TABLE", "CLASS"), "TEMPORARY_OUTPUT")
    for quantity in ("npp", "temperature"):
        series = sorted(str(path) for path in province.glob(f"{quantity}_*.tif"))
        processing.runAndLoadResults("nep:trend", dict(asked, INPUT=series), feedback=Feedback())
    assert [node.name() for node in project.layerTreeRoot().children()] == [
        "temperature: Trend classes 2001-2012", "temperature: Sen slope 2001-2012 (degC per year)",
        "temperature: Mann-Kendall p 2001-2012", "temperature: Area of the trend classes 2001-2012",
        "NPP: Trend classes 2001-2012", "NPP: Sen slope 2001-2012 (0.1 gC m-2 yr-1 per year)",
        "NPP: Mann-Kendall p 2001-2012", "NPP: Area of the trend classes 2001-2012",
    ]


def test_a_loaded_table_is_headed_for_a_reader(files, project):
    processing.runAndLoadResults(
        "nep:annualstatistics", {"INPUT": [files["NEP"]], "TABLE": "TEMPORARY_OUTPUT"}, feedback=Feedback()
    )
    [layer] = project.mapLayers().values()
    assert [layer.attributeDisplayName(place) for place in range(6)] == [
        "Region", "Year", "Pixels", "Area (km²)", "Mean (gC m-2 yr-1)", "Standard deviation (gC m-2 yr-1)",
    ]
    assert layer.editorWidgetSetup(4).config() == {"Precision": 3}  # means of some hundreds
    mean = next(layer.getFeatures())["mean"]
    assert mean != round(mean, 3)


def test_results_of_a_model_are_called_as_its_outputs(files, project):
    model = QgsProcessingModelAlgorithm("study", "study")
    step = QgsProcessingModelChildAlgorithm("nep:trend")
    step.setChildId("trend")
    step.addParameterSources("INPUT", [QgsProcessingModelChildParameterSource.fromStaticValue(files["NEP"])])
    outputs = {}
    for name, result in (("Classes", "CLASS"), ("My slope", "SLOPE")):
        output = QgsProcessingModelOutput(name, name)
        output.setChildId("trend")
        output.setChildOutputName(result)
        outputs[name] = output
    step.setModelOutputs(outputs)
    model.addChildAlgorithm(step)
    model.initAlgorithm()
    asked = {each.name(): "TEMPORARY_OUTPUT" for each in model.destinationParameterDefinitions()}
    processing.runAndLoadResults(model, asked, feedback=Feedback())
    assert set(layers_by_name(project)) == {"Classes", "My slope"}


def test_a_loaded_series_shows_its_first_year(province, project):
    given = {
        name: sorted(str(path) for path in province.glob(f"{name.lower()}_*.tif"))
        for name in ("NPP", "TEMPERATURE", "PRECIPITATION")
    }
    processing.runAndLoadResults(
        "nep:productivity", dict(given, NPP_SCALE=0.1, NPP_VALID_MAX=32700, OUTPUT="TEMPORARY_OUTPUT"),
        feedback=Feedback(),
    )
    [(name, layer)] = layers_by_name(project).items()
    assert name == "NEP 2001-2012 (gC m-2 yr-1)"
    assert layer.bandCount() == 12
    assert layer.renderer().type() == "singlebandpseudocolor" and layer.renderer().band() == 1
    if Qgis.QGIS_VERSION_INT >= 33800:
        assert layer.temporalProperties().isActive()


def test_a_temporary_table_has_its_fields(files):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    slope = QgsProcessingUtils.generateTempFilename("slope.tif")
    tool = algorithm("nep:trend")
    results, succeeded = tool.run(
        {"INPUT": [files["NEP"]], "SLOPE": slope, "TABLE": "memory:"}, context, Feedback(), {}, False
    )
    assert succeeded
    table = QgsProcessingUtils.mapLayerFromString(results["TABLE"], context)
    assert [field.name() for field in table.fields()] == ["class", "label", "pixels", "area_km2", "percent"]
    rows = [feature.attributes() for feature in table.getFeatures()]
    assert len(rows) == 9
    assert isinstance(rows[0][2], int) and isinstance(rows[0][3], float)
    assert sum(row[4] for row in rows) == pytest.approx(100.0)
