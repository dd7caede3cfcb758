"""The bundled models, and the chain they stand for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingModelAlgorithm
from testkit.rasters import band_names, identical, numbers
from testkit.tools import Feedback, algorithm, run, table

from nep_toolbox.algorithms.models import FOLDER, MODELS, CarbonLedger, ClimateOrPeople

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2001, 2011)


def inputs(province, temperature="temperature", precipitation="precipitation") -> dict:
    """What the model takes, from the sample province."""

    def files(pattern):
        return [str(path) for year in YEARS for path in sorted(province.glob(pattern.format(year)))]

    return {
        "NPP": files("npp_{0}.tif"), "TEMPERATURE": files(f"monthly/{temperature}_{{0}}_*.tif"),
        "PRECIPITATION": files(f"monthly/{precipitation}_{{0}}_*.tif"), "MASK": str(province / "regions.gpkg"),
        "RESOLUTION": 1500,
    }


def test_every_model_of_the_folder_is_in_the_provider(provider):
    assert sorted(path.name for path in FOLDER.glob("*.model3")) == sorted(model.FILE for model in MODELS)
    for model in MODELS:
        listed = provider.algorithm(model().name())
        assert listed is not None and listed.displayName() == model.LABEL
        assert len(listed.outputDefinitions()) > 0


@pytest.mark.parametrize("model", MODELS)
def test_models_are_complete(model):
    tool = algorithm(f"nep:{model().name()}")
    assert isinstance(tool, QgsProcessingModelAlgorithm)
    fits, problems = tool.validate()
    assert fits, problems
    assert tool.canExecute()[0]
    assert tool.shortDescription() in tool.shortHelpString()
    for definition in tool.parameterDefinitions():
        if not definition.isDestination():
            assert definition.description()
    for definition in tool.destinationParameterDefinitions():
        assert definition.description() == model.RESULTS[definition.name()]
    for child in tool.childAlgorithms().values():
        assert child.algorithm() is not None, f"{child.algorithmId()} is not there"
        known = {each.name() for each in child.algorithm().parameterDefinitions()}
        assert set(child.parameterSources()) <= known


def test_results_are_listed_in_the_order_of_a_study():
    """QGIS keeps to this order from the version on that reads it; the model names each result by step and output."""
    for model in MODELS:
        text = (FOLDER / model.FILE).read_text("utf-8")
        order = re.search(r'name="outputOrder">(.*?)</Option>\s*<Option type', text, re.DOTALL)
        tool = algorithm(f"nep:{model().name()}")
        listed = []
        for child, output in (value.split(":") for value in re.findall(r'value="([^"]+)"', order[1])):
            made = tool.childAlgorithms()[child].modelOutputs().values()
            listed += [f"{child}:{each.name()}" for each in made if each.childOutputName() == output]
        assert listed == list(model.RESULTS)
        assert sorted(listed) == sorted(each.name() for each in tool.destinationParameterDefinitions())


@pytest.fixture(scope="module")
def chain(province, tmp_path_factory):
    """What the model makes of the province."""
    folder = tmp_path_factory.mktemp("model")
    made = {name: str(folder / f"{name.partition(':')[2].lower()}.tif") for name in (
        "nep:NEP", "trend:SLOPE", "trend:PVALUE", "trend:CLASS"
    )}
    feedback = Feedback()
    results = run("nep:npptrend", dict(inputs(province), **made), feedback)
    assert {name: results[name] for name in made} == made
    return {name.partition(":")[2]: path for name, path in made.items()}, feedback


def test_the_chain_runs_as_one_model(chain):
    paths, _feedback = chain
    assert band_names(paths["NEP"]) == [str(year) for year in YEARS]
    assert gdal.Open(paths["NEP"]).GetGeoTransform()[1] == 1500.0
    slope = numbers(paths["SLOPE"])
    nep = numbers(paths["NEP"])
    valid = np.isfinite(slope)
    assert valid.mean() > 0.3
    np.testing.assert_array_equal(valid, np.isfinite(nep).sum(axis=0) >= 8)
    # One pixel's Theil-Sen slope by hand.
    row, col = np.argwhere(np.isfinite(nep).all(axis=0))[20]
    series = nep[:, row, col]
    pairs = [(series[j] - series[i]) / (j - i) for i in range(10) for j in range(i + 1, 10)]
    assert slope[row, col] == pytest.approx(np.median(pairs), rel=1e-5)


def test_the_model_does_what_the_tools_do_one_by_one(chain, province, tmp_path):
    paths, _feedback = chain
    given = inputs(province)
    npp = str(tmp_path / "npp.tif")
    run("nep:importmod17", {"INPUT": given["NPP"], "MASK": given["MASK"], "RESOLUTION": 1500, "OUTPUT": npp})
    annual = {}
    for name, statistic in (("TEMPERATURE", 0), ("PRECIPITATION", 1)):
        layers = run("nep:harmonize", {
            "INPUT": given[name], "REFERENCE": npp, "MASK": given["MASK"], "OUTPUT_FOLDER": str(tmp_path / name),
        })["OUTPUT_LAYERS"]
        annual[name] = str(tmp_path / f"{name}.tif")
        run("nep:annualclimate", {"INPUT": layers, "STATISTIC": statistic, "OUTPUT": annual[name]})
    run("nep:productivity", dict(annual, NPP=npp, FORCING=3, OUTPUT=str(tmp_path / "nep.tif")))
    run("nep:trend", {"INPUT": [str(tmp_path / "nep.tif")], "SLOPE": str(tmp_path / "slope.tif")})
    assert identical(tmp_path / "nep.tif", paths["NEP"])
    assert identical(tmp_path / "slope.tif", paths["SLOPE"])


def test_the_chain_gives_the_productivity_of_the_province(chain, province):
    """Its NEP against NPP less respiration of the province's own annual rasters, as means over the district."""
    paths, _feedback = chain
    nep = numbers(paths["NEP"])
    for index in (0, 5):
        year = YEARS[index]
        stored = gdal.Open(str(province / f"npp_{year}.tif")).ReadAsArray().astype(float)
        npp = np.where(stored <= 32700, stored * 0.1, np.nan)
        temperature, rain = (numbers(province / f"{name}_{year}.tif") for name in ("temperature", "precipitation"))
        respiration = 12 * 0.22 * (np.exp(0.0913 * temperature) + np.log(0.3145 * rain / 12 + 1)) * 30 * 0.465
        assert np.nanmean(nep[index]) == pytest.approx(np.nanmean(npp - respiration), abs=15)


def test_a_model_file_loads_by_itself(provider):  # noqa: ARG001
    """As a user opens it in the model designer."""
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(FOLDER / MODELS[0].FILE))
    assert model.name() == "npptrend"
    assert QgsApplication.processingRegistry().algorithmById("nep:npptrend") is not None


def test_nep_and_its_trend_as_the_tools_give_them(province, tmp_path):
    files = {
        name: [str(path) for path in sorted(province.glob(f"{name}_20*.tif"))]
        for name in ("npp", "temperature", "precipitation")
    }
    scaled = {"NPP": files["npp"], "NPP_SCALE": 0.1, "NPP_VALID_MAX": 32700}
    climate = {"TEMPERATURE": files["temperature"], "PRECIPITATION": files["precipitation"]}
    made = {name: str(tmp_path / f"{name.replace(':', '_')}.tif") for name in (
        "nep:NEP", "nep:MEAN", "trend:SLOPE", "trend:CLASS", "trend:PVALUE")}
    run("nep:neptrend", {**scaled, **climate, "REFERENCE": files["npp"][0], **made})
    # On the province all rasters lie on one grid: bringing the climate onto it changes nothing.
    run("nep:productivity", {**scaled, **climate, "FORCING": 3, "OUTPUT": str(tmp_path / "nep.tif"),
                             "MEAN": str(tmp_path / "mean.tif")})
    run("nep:trend", {"INPUT": [str(tmp_path / "nep.tif")], "SLOPE": str(tmp_path / "slope.tif"),
                      "CLASS": str(tmp_path / "class.tif"), "PVALUE": str(tmp_path / "p.tif")})
    for name, path in (("nep:NEP", "nep"), ("nep:MEAN", "mean"), ("trend:SLOPE", "slope"), ("trend:CLASS", "class"),
                       ("trend:PVALUE", "p")):
        assert identical(tmp_path / f"{path}.tif", made[name]), name


def test_trend_and_persistence_as_the_tools_give_them(province, tmp_path):
    series = [str(path) for path in sorted(province.glob("precipitation_20*.tif"))]
    made = {name: str(tmp_path / f"{name.replace(':', '_')}{ending}") for name, ending in (
        ("trend:SLOPE", ".tif"), ("trend:CLASS", ".tif"), ("trend:PVALUE", ".tif"), ("hurst:HURST", ".tif"),
        ("hurst:PVALUE", ".tif"), ("future:FUTURE", ".tif"), ("future:TABLE", ".csv"))}
    run("nep:trendpersistence", {"INPUT": series, **made})
    run("nep:trend", {"INPUT": series, "SLOPE": str(tmp_path / "slope.tif"), "CLASS": str(tmp_path / "class.tif")})
    run("nep:hurst", {"INPUT": series, "HURST": str(tmp_path / "hurst.tif"), "PVALUE": str(tmp_path / "hurst_p.tif")})
    run("nep:futuretrend", {"TREND": str(tmp_path / "class.tif"), "HURST": str(tmp_path / "hurst.tif"),
                            "EVIDENCE": str(tmp_path / "hurst_p.tif"),
                            "OUTPUT": str(tmp_path / "future.tif"), "TABLE": str(tmp_path / "future.csv")})
    for name, path in (("trend:SLOPE", "slope"), ("hurst:HURST", "hurst"), ("hurst:PVALUE", "hurst_p"),
                       ("future:FUTURE", "future")):
        assert identical(tmp_path / f"{path}.tif", made[name]), name
    assert table(made["future:TABLE"]) == table(tmp_path / "future.csv")
    # A result that is left out is not made for the next step either: the map would be one without evidence.
    for name in ("hurst:PVALUE", "trend:CLASS"):
        with pytest.raises(QgsProcessingException, match=name):
            run("nep:trendpersistence", {"INPUT": series, **{key: made[key] for key in made if key != name}})


def test_everything_on_the_grid_of_the_imported_product(province, tmp_path):
    npp = str(tmp_path / "npp.tif")
    folder = tmp_path / "rasters"
    run("nep:importharmonise", {
        "NPP": [str(province / f"npp_{year}.tif") for year in (2001, 2002)], "VARIABLE": "Npp_500m",
        "RASTERS": [str(province / name) for name in ("landcover_2001.tif", "elevation.tif")],
        "MASK": str(province / "regions.gpkg"), "RESOLUTION": 1500, "npp:NPP": npp, "rasters:FOLDER": str(folder),
    })
    grid = gdal.Open(npp)
    for name in ("landcover_2001", "elevation"):
        raster = gdal.Open(str(folder / f"{name}.tif"))
        assert raster.GetGeoTransform() == grid.GetGeoTransform()
        assert (raster.RasterXSize, raster.RasterYSize) == (grid.RasterXSize, grid.RasterYSize)
    classes = numbers(folder / "landcover_2001.tif")
    assert set(np.unique(classes[np.isfinite(classes)])) <= set(range(1, 8))


def test_climate_or_people_as_the_tools_give_them(province, tmp_path):
    def files(*names):
        return [str(path) for name in names for path in sorted(province.glob(f"{name}_20*.tif"))]

    npp, climate = files("npp"), files("temperature", "precipitation")
    regions = {"REGIONS": str(province / "regions.gpkg"), "REGION_FIELD": "name"}
    ending = {"SUMMARY": "csv", "TABLE": "csv", "CHART": "html"}
    made = {
        name: str(tmp_path / f"{name.replace(':', '_')}.{ending.get(name.partition(':')[2], 'tif')}")
        for name in ClimateOrPeople.RESULTS
    }
    run("nep:climateorpeople", {"NPP": npp, "CLIMATE": climate, "REFERENCE": npp[0], **regions, **made})
    # On the province all rasters lie on one grid: bringing the climate onto it fills its rim and changes nothing else.
    layers = run("nep:harmonize", {
        "INPUT": climate, "REFERENCE": npp[0], "FILL_RIM": True, "OUTPUT_FOLDER": str(tmp_path / "climate"),
    })["OUTPUT_LAYERS"]
    alone = {"INPUT": npp, "DRIVERS": layers, **regions}
    maps = {name: str(tmp_path / f"{name}.tif") for name in ("CLASS", "SLOPE_CLIMATE", "SLOPE_RESIDUAL", "SHARE")}
    run("nep:attribution", {**alone, **maps, "SUMMARY": str(tmp_path / "summary.csv")})
    dominant = {name: str(tmp_path / f"{name}.tif") for name in ("DOMINANT", "CONTRIBUTIONS")}
    run("nep:drivers", {**alone, **dominant, "TABLE": str(tmp_path / "drivers.csv")})
    for tool, paths in (("attribution", maps), ("drivers", dominant)):
        for name, path in paths.items():
            assert identical(path, made[f"{tool}:{name}"]), name
    assert table(made["attribution:SUMMARY"]) == table(tmp_path / "summary.csv")
    assert table(made["drivers:TABLE"]) == table(tmp_path / "drivers.csv")
    assert band_names(made["drivers:CONTRIBUTIONS"])[:2] == ["precipitation", "temperature"]
    # without regions
    whole = dict(made, **{name: str(tmp_path / f"whole_{name.replace(':', '_')}.csv")
                          for name in ("attribution:SUMMARY", "drivers:TABLE")})
    run("nep:climateorpeople", {"NPP": npp, "CLIMATE": climate, "REFERENCE": npp[0], **whole})
    assert identical(whole["attribution:CLASS"], maps["CLASS"])
    assert len(table(whole["attribution:SUMMARY"])) == 1 < len(table(made["attribution:SUMMARY"]))


#: The results of the model, as the tools call them.
LEDGER = {
    "nep:sourcesink": {"SINKS": "CLASS", "SWITCH": "SWITCH", "SINK_YEARS": "SINK_YEARS", "BUDGET": "BUDGET",
                       "SINK_AREAS": "TABLE", "BUDGET_CHART": "CHART"},
    "nep:variability": {"STABILITY": "CLASS", "CV": "CV", "STABILITY_AREAS": "TABLE"},
    "nep:landcovereffect": {"EFFECT": "TABLE", "EFFECT_SUMMARY": "SUMMARY", "EFFECT_CHART": "CHART"},
}


def test_the_carbon_ledger_as_the_tools_give_it(chain, province, tmp_path):
    nep = chain[0]["NEP"]
    cover = [str(province / f"landcover_{year}.tif") for year in (2001, 2006)]
    regions = {"REGIONS": str(province / "regions.gpkg"), "REGION_FIELD": "name"}
    ending = {"BUDGET": "csv", "SUMMARY": "csv", "TABLE": "csv", "CHART": "html"}
    told = {key: ending.get(name, "tif") for names in LEDGER.values() for key, name in names.items()}
    made = {name.partition(":")[2]: name for name in CarbonLedger.RESULTS}
    assert set(made) == set(told)
    paths = {key: str(tmp_path / f"{key}.{told[key]}") for key in made}
    # Three years around each date unless told otherwise, also where no dialog fills the default in.
    run("nep:carbonledger", {
        "NEP": [nep], "LANDCOVER": cover, "REFERENCE": nep, **regions, **{made[key]: paths[key] for key in made},
    })
    layers = run("nep:harmonize", {
        "INPUT": cover, "REFERENCE": nep, "FILL_RIM": True, "OUTPUT_FOLDER": str(tmp_path / "cover"),
    })["OUTPUT_LAYERS"]
    for tool, names in LEDGER.items():
        alone = {name: str(tmp_path / f"alone_{key}.{told[key]}") for key, name in names.items()}
        more = {"LANDCOVER": layers, "WINDOW": 3} if tool == "nep:landcovereffect" else {}
        run(tool, {"INPUT": [nep], **regions, **more, **alone})
        for key, name in names.items():
            if told[key] == "tif":
                assert identical(alone[name], paths[key]), key
            elif told[key] == "csv":
                assert table(alone[name]) == table(paths[key]), key
    assert {row["region"] for row in table(paths["EFFECT_SUMMARY"])} > {"all"}
    assert all("Plotly" in Path(paths[key]).read_text("utf-8") for key in ("BUDGET_CHART", "EFFECT_CHART"))
