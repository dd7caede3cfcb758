"""The strata of nep:geodetector on the map: every pixel against the tables of the run, and how the maps are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
)
from testkit.geodetector import by, classes_by_breaks, detect
from testkit.rasters import numbers, stored, write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetector"
ROWS, COLS = 37, 46
CONTINUOUS, CATEGORICAL = ("rain", "slope"), ("cover", "soil")


def raster(folder, name, values, kind="float32", unit="") -> str:
    path = write_raster(folder / f"{name}.tif", values, kind=kind)
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType(unit)
    dataset = None
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """A target with gaps, two continuous factors, one with gaps, cover by code and soil by half numbers."""
    folder, random = tmp_path_factory.mktemp("strata"), np.random.default_rng(5)
    rain = np.mgrid[:ROWS, :COLS][1] * 9.0 + random.normal(0, 30, (ROWS, COLS))
    slope = random.gamma(2.0, 5.0, (ROWS, COLS))
    cover = random.choice([1, 2, 4], (ROWS, COLS))
    soil = random.choice([0.5, 1.0, 2.5], (ROWS, COLS))
    target = 3.0 * rain - slope + 100.0 * cover + 80 * soil + random.normal(0, 90, (ROWS, COLS))
    target[5:9, 7:20] = np.nan
    slope[30, :] = np.nan
    # Off the lattice of every third cell: the largest rain, and a cover that no other cell has.
    rain[1, 1], cover[2, 2] = 9999.0, 9
    paths = {
        "target": raster(folder, "nep", target, unit="gC m-2 yr-1"), "rain": raster(folder, "rain", rain, unit="mm"),
        "slope": raster(folder, "slope", slope), "cover": raster(folder, "cover", cover, "uint8"),
        "soil": raster(folder, "soil", soil),
    }
    arrays = {name: gdal.Open(path).ReadAsArray().astype(np.float64) for name, path in paths.items()}
    return {"arrays": arrays, "paths": paths}


def given(made, **changes) -> dict:
    paths = made["paths"]
    return {
        "TARGET": paths["target"], "CONTINUOUS": [paths[name] for name in CONTINUOUS],
        "CATEGORICAL": [paths[name] for name in CATEGORICAL], "MAX_CLASSES": 5, **changes,
    }


@pytest.fixture(scope="module", params=[1, 3])
def found(request, provider, made, tmp_path_factory) -> dict:  # noqa: ARG001
    folder, feedback = tmp_path_factory.mktemp("found"), Feedback()
    tables = detect(TOOL, folder, feedback, **given(made, SPACING=request.param))
    return {**tables, "folder": folder, "feedback": feedback, "spacing": request.param}


def complete_cells(made) -> np.ndarray:
    return np.isfinite(list(made["arrays"].values())).all(axis=0)


# What the pixels hold -------------------------------------------------------------------------------------------------


def test_every_complete_pixel_has_its_stratum_by_the_breaks_of_the_table(found, made):
    strata, complete = stored(found["folder"] / "strata_map.tif"), complete_cells(made)
    assert strata.dtype == np.int16 and strata.shape == (4, ROWS, COLS)
    factors = by(found["FACTORS"], "factor")
    for band, name in zip(strata, CONTINUOUS):
        breaks = [float(text) for text in factors[name]["breaks"].split(";")]
        expected = classes_by_breaks(np.clip(made["arrays"][name][complete], breaks[0], breaks[-1]), breaks)
        assert band[complete].tolist() == expected.tolist()
        assert (band[~complete] == -32768).all()
    cover = made["arrays"]["cover"].copy()
    cover[(cover == 9) if found["spacing"] == 3 else np.zeros_like(complete)] = -32768
    assert strata[2][complete].tolist() == cover[complete].tolist()
    # Half numbers are no codes of a map.
    assert strata[3][complete].tolist() == [[0.5, 1.0, 2.5].index(x) + 1 for x in made["arrays"]["soil"][complete]]
    assert (strata[2:, ~complete] == -32768).all()


def test_means_are_those_of_the_table(found):
    strata, means = stored(found["folder"] / "strata_map.tif"), stored(found["folder"] / "strata_means.tif")
    table_means = {key: float(row["mean"]) for key, row in by(found["STRATA"], "factor", "class").items()}
    for place, name in enumerate((*CONTINUOUS, *CATEGORICAL)):
        texts = ["0.5", "1", "2.5"] if name == "soil" else None
        for code in np.unique(strata[place]):
            values = np.unique(means[place][strata[place] == code])
            text = texts[code - 1] if texts and code > 0 else str(code)
            expected = -9999.0 if code == -32768 else table_means[name, text]
            # The table has 15 digits: a mean in the middle of two numbers of 32 bits may be stored as either.
            assert values.size == 1
            half = 0.5000001 * float(np.spacing(np.float32(abs(expected))))
            assert abs(float(values[0]) - expected) <= half


def test_means_are_those_of_the_pixels_that_are_rows(found, made):
    strata, means = stored(found["folder"] / "strata_map.tif"), stored(found["folder"] / "strata_means.tif")
    rows = np.zeros((ROWS, COLS), dtype=bool)
    rows[:: found["spacing"], :: found["spacing"]] = True
    for band, mean in zip(strata, means):
        for code in set(np.unique(band).tolist()) - {-32768}:
            expected = made["arrays"]["target"][rows & (band == code)].mean()
            assert mean[band == code][0] == pytest.approx(expected, rel=1e-6)


def test_the_log_tells_how_many_pixels_and_what_the_sample_lacks(found, made):
    log = found["feedback"].log
    assert f"Strata are mapped in {complete_cells(made).sum()} pixels that have" in log
    lacking = "In 1 pixel 'cover' has a category that none of the rows has" in log
    assert lacking == (found["spacing"] == 3)


def test_bands_are_called_as_the_factors_and_units_are_kept(found):
    for name, kind, unit in (("strata_map", "Int16", ""), ("strata_means", "Float32", "gC m-2 yr-1")):
        dataset = gdal.Open(str(found["folder"] / f"{name}.tif"))
        bands = [dataset.GetRasterBand(number) for number in range(1, 5)]
        assert [band.GetDescription() for band in bands] == [*CONTINUOUS, *CATEGORICAL]
        assert {gdal.GetDataTypeName(band.DataType) for band in bands} == {kind}
        assert {band.GetUnitType() for band in bands} == {unit}


def test_blocks_and_threads_change_no_pixel(made, tmp_path, monkeypatch):
    def maps(name, **changes):
        paths = {key: str(tmp_path / f"{name}_{key}.tif") for key in ("STRATA_MAP", "STRATA_MEANS")}
        run(TOOL, {**given(made, METHODS=[0], **changes), "FACTORS": str(tmp_path / "f.csv"), **paths})
        return [stored(path).tolist() for path in paths.values()]

    whole = maps("whole", THREADS=1)
    for shape in ((COLS, 5), (7, 11), (1, ROWS)):
        monkeypatch.setattr(Run, "block", shape)
        assert maps(str(shape), THREADS=2) == whole


# How they are drawn ---------------------------------------------------------------------------------------------------


def legend(path) -> list:
    layer = QgsRasterLayer(str(path), "map", "gdal")
    assert layer.renderer().usesBands() == [1]
    return [(each.value, each.label) for each in layer.renderer().classes()]


def test_classes_are_named_by_their_limits_with_the_unit(found):
    rows = [row for row in found["STRATA"] if row["factor"] == "rain"]
    drawn = legend(found["folder"] / "strata_map.tif")
    assert [code for code, _label in drawn] == list(range(1, len(rows) + 1))
    for (_code, label), row in zip(drawn, rows):
        lower, _to, upper, unit = label.split()
        assert unit == "mm"
        assert float(lower) == pytest.approx(float(row["lower"]), rel=1e-3)
        assert float(upper) == pytest.approx(float(row["upper"]), rel=1e-3)


def test_categories_have_the_names_and_colours_of_their_raster(made, tmp_path):
    vrt = gdal.GetDriverByName("VRT").CreateCopy(str(tmp_path / "land.vrt"), gdal.Open(made["paths"]["cover"]))
    vrt.GetRasterBand(1).SetCategoryNames(["", "Wood", "Grass", "", "Water"])
    colours = gdal.ColorTable()
    colours.SetColorEntry(4, (10, 20, 200, 255))
    vrt.GetRasterBand(1).SetColorTable(colours)
    vrt = None
    path = tmp_path / "s.tif"
    feedback = Feedback()
    run(TOOL, {"TARGET": made["paths"]["target"], "CATEGORICAL": [str(tmp_path / "land.vrt")], "STRATA_MAP": str(path),
               "FACTORS": str(tmp_path / "f.csv")}, feedback)
    assert legend(path) == [(1, "Wood"), (2, "Grass"), (4, "Water"), (9, "9")]
    layer = QgsRasterLayer(str(path), "map", "gdal")
    drawn = [each.color.name() for each in layer.renderer().classes()]
    assert drawn[2] == "#0a14c8" and len(set(drawn)) == 4


def test_large_codes_take_32_bits_and_many_strata_a_short_legend(made, tmp_path):
    random = np.random.default_rng(1)
    county = 340_000 + random.integers(0, 230, (ROWS, COLS))
    path = raster(tmp_path, "county", county, "float64")
    feedback = Feedback()
    run(TOOL, {"TARGET": made["paths"]["target"], "CATEGORICAL": [path], "STRATA_MAP": str(tmp_path / "s.tif"),
               "STRATA": str(tmp_path / "strata.csv"), "FACTORS": str(tmp_path / "f.csv")}, feedback)
    found = stored(tmp_path / "s.tif")[0]
    there = np.isfinite(made["arrays"]["target"])
    assert found.dtype == np.int32
    assert (found == np.where(there, county, -(2**31))).all()
    assert "The map of 'county' draws the 200 largest of its" in feedback.log
    drawn = [code for code, _label in legend(tmp_path / "s.tif")]
    sizes = {int(row["class"]): int(row["n"]) for row in table(tmp_path / "strata.csv")}
    assert drawn == sorted(drawn) and len(drawn) == 200
    assert min(sizes[code] for code in drawn) >= max(size for code, size in sizes.items() if code not in drawn)


# With several years ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> dict:
    folder, random = tmp_path_factory.mktemp("series"), np.random.default_rng(8)
    rain = random.normal(800, 90, (2, ROWS, COLS))
    target = 0.3 * rain + random.normal(0, 20, rain.shape)
    return {
        "target": write_raster(folder / "nep.tif", target, descriptions=(2013, 2015)),
        "rain": [write_raster(folder / f"rain_{year}.tif", plane) for year, plane in zip((2013, 2015), rain)],
    }


@pytest.mark.parametrize("cuts", [0, 1])
def test_the_map_of_a_series_is_that_of_its_first_year(series, tmp_path, cuts):
    outputs = {"METHODS": [2], "FACTORS": str(tmp_path / "f.csv"), "STRATA_MAP": str(tmp_path / "s.tif"),
               "STRATA_MEANS": str(tmp_path / "m.tif")}
    run(TOOL, {"TARGET": series["target"], "CONTINUOUS": series["rain"], "CUTS": cuts, **outputs})
    several = [numbers(tmp_path / name).tolist() for name in ("s.tif", "m.tif")]
    dataset = gdal.Open(str(tmp_path / "s.tif"))
    assert dataset.GetRasterBand(1).GetDescription() == "rain"
    dataset = None
    run(TOOL, {"TARGET": series["target"], "TARGET_BAND": 1, "CONTINUOUS": series["rain"][:1], **outputs})
    assert [numbers(tmp_path / name).tolist() for name in ("s.tif", "m.tif")] == several


def test_a_factor_left_out_has_no_band(made, tmp_path):
    flat = raster(tmp_path, "flat", np.where(np.arange(COLS) < 4, np.nan, 7.0) * np.ones((ROWS, 1)))
    run(TOOL, {"TARGET": made["paths"]["target"], "CONTINUOUS": [flat, made["paths"]["rain"]], "METHODS": [0],
               "STRATA_MAP": str(tmp_path / "s.tif"), "FACTORS": str(tmp_path / "f.csv")})
    dataset = gdal.Open(str(tmp_path / "s.tif"))
    assert dataset.RasterCount == 1 and dataset.GetRasterBand(1).GetDescription() == "rain"
    found = dataset.ReadAsArray()
    assert (found[:, :4] == -32768).all()
    assert ((found[:, 4:] > 0) == np.isfinite(made["arrays"]["target"][:, 4:])).all()


def test_layers_are_called_by_the_first_year_and_have_a_style_for_each_factor(series, made, tmp_path):
    context, project = QgsProcessingContext(), QgsProject()
    context.setProject(project)
    files = {"STRATA_MAP": "s.tif", "STRATA_MEANS": "m.tif", "BY_YEAR": "y.csv"}
    results = {
        name: QgsProcessingOutputLayerDefinition(str(tmp_path / file), project) for name, file in files.items()
    }
    run(TOOL, {"TARGET": series["target"], "CONTINUOUS": [*series["rain"], made["paths"]["slope"]], "METHODS": [0],
               "FACTORS": str(tmp_path / "f.csv"), **results}, context=context)
    loaded = {}
    for path, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context)
        details.setOutputLayerName(layer)
        details.postProcessor().postProcessLayer(layer, context, Feedback())
        loaded[layer.name()] = layer
    assert sorted(loaded) == [
        "NEP: Mean in the strata of the factors 2013", "NEP: Strata of the factors 2013", "NEP: q by year 2013-2015",
    ]
    for name in sorted(loaded)[:2]:
        layer = loaded[name]
        styles = layer.styleManager()
        assert styles.currentStyle() == "rain" and sorted(styles.styles()) == ["rain", "slope"]
        assert layer.renderer().usesBands() == [1]
        styles.setCurrentStyle("slope")
        assert layer.renderer().usesBands() == [2]


def test_categories_of_each_year_have_their_names(series, made, tmp_path):
    vrt = gdal.GetDriverByName("VRT").CreateCopy(str(tmp_path / "land.vrt"), gdal.Open(made["paths"]["cover"]))
    vrt.GetRasterBand(1).SetCategoryNames(["", "Wood", "Grass", "", "Water"])
    vrt = None
    run(TOOL, {"TARGET": series["target"], "CATEGORICAL": [str(tmp_path / "land.vrt")],
               "FACTORS": str(tmp_path / "f.csv"), "STRATA": str(tmp_path / "strata.csv"),
               "STRATA_MAP": str(tmp_path / "s.tif")})
    rows = table(tmp_path / "strata.csv")
    assert [row["class"] for row in rows] == ["Wood", "Grass", "Water", "9"] * 2
    assert [row["year"] for row in rows] == ["2013"] * 4 + ["2015"] * 4
    assert legend(tmp_path / "s.tif") == [(1, "Wood"), (2, "Grass"), (4, "Water"), (9, "9")]
