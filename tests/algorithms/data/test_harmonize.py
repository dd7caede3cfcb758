"""nep:harmonize: what of rasters of any kind survives on one grid, and what is replaced."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject
from testkit.files import contents
from testkit.harmonize import FINE_TRANSFORM, grid_of, harmonize, small
from testkit.rasters import COARSE_TRANSFORM, band_names, numbers, stored, wkt_of, write_raster
from testkit.tools import Feedback, algorithm, run

pytestmark = pytest.mark.usefixtures("provider")


# Real data ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def assaba(shared, provider, tmp_path_factory):  # noqa: ARG001
    """Real GPP (sinusoidal, 463 m) and rain (degrees, 0.05), the rain on the grid of the GPP."""
    folder = tmp_path_factory.mktemp("assaba")
    data = shared / "data/assaba_gpp_2010_2023"
    rain = sorted(str(path) for path in (data / "precip").glob("*.tif"))
    gpp = sorted(str(path) for path in (data / "gpp").glob("*.tif"))
    feedback = Feedback()
    paths = harmonize(folder, {"INPUT": rain, "REFERENCE": gpp[0]}, feedback)
    return rain, gpp, paths, feedback


def test_rain_has_exactly_the_grid_of_the_gpp(assaba):
    rain, gpp, paths, feedback = assaba
    assert [os.path.basename(path) for path in paths] == [os.path.basename(path) for path in rain]
    for path in paths:
        assert grid_of(path) == grid_of(gpp[0])  # to the last bit
    # All fourteen are alike but for their names.
    (line,) = [text for text in feedback.infos if "bilinear" in text]
    assert line.startswith("'2010R', '2011R', '2012R', '2013R', '2014R', '2015R' and 8 more (1 band, ")
    assert "numbers, as its values (Float32) are not whole; resampled (bilinear), as the target cells are" in line


def test_rain_equals_an_interpolation_made_apart(assaba):
    """At 300 cells: from where the cell lies in the rain raster, the four values round it."""
    rain, _gpp, paths, _feedback = assaba
    source = gdal.Open(rain[0])
    values = source.ReadAsArray().astype(float)
    values[values < -1e30] = np.nan
    found = numbers(paths[0])
    target = grid_of(paths[0])
    rows, cols = np.nonzero(np.isfinite(found))
    chosen = np.random.default_rng(5).choice(rows.size, 300, replace=False)
    x, y = (part[rows[chosen], cols[chosen]] for part in target.centres(target.whole))
    there = osr.CoordinateTransformation(target.crs, grid_of(rain[0]).crs)
    places = np.array(there.TransformPoints(np.column_stack([x, y]).tolist()))
    x0, a, _b, y0, _d, e = source.GetGeoTransform()
    u, v = (places[:, 0] - x0) / a - 0.5, (places[:, 1] - y0) / e - 0.5
    compared = 0
    for value, col, row in zip(found[rows[chosen], cols[chosen]], u, v):
        i, j = int(np.floor(row)), int(np.floor(col))
        if not (0 <= i < values.shape[0] - 1 and 0 <= j < values.shape[1] - 1):
            continue
        four = values[i:i + 2, j:j + 2]
        if np.isfinite(four).all():
            s, t = row - i, col - j
            expected = np.array([1 - s, s]) @ four @ np.array([1 - t, t])
            assert value == pytest.approx(expected, rel=1e-5)
            compared += 1
    assert compared > 200


def test_other_tools_take_gpp_and_rain_together(assaba, tmp_path):
    rain, gpp, paths, _feedback = assaba
    table = tmp_path / "table.csv"
    run("nep:correlation", {
        "INPUT": gpp, "DRIVER": paths, "R": str(tmp_path / "r.tif"), "SUMMARY": str(table), "THREADS": 1,
    })
    assert grid_of(tmp_path / "r.tif") == grid_of(gpp[0])
    with pytest.raises(QgsProcessingException, match="nep:harmonize"):
        run("nep:correlation", {"INPUT": gpp, "DRIVER": rain, "R": str(tmp_path / "no.tif")})


def test_real_land_cover_of_two_kinds(shared, tmp_path):
    """Signed bytes and unsigned ones, whose CRS have two names and one meaning, onto cells three times as wide."""
    folder = shared / "data/assaba_gpp_2010_2023/landcover"
    files = [str(folder / f"{year}LCT.tif") for year in (2010, 2011)]
    fine = grid_of(files[0])
    cells = fine.width // 3, fine.height // 3
    x0, a, _b, y0, _d, e = fine.transform
    reference = write_raster(
        tmp_path / "reference.tif", np.zeros(cells[::-1]), (x0, 3 * a, 0.0, y0, 0.0, 3 * e), fine.wkt
    )
    feedback = Feedback()
    paths = harmonize(tmp_path, {"INPUT": files, "REFERENCE": reference}, feedback)
    assert feedback.log.count("different whole values") == 2
    assert feedback.log.count("; resampled (mode), as the target") == 2
    for path, file, kind, nodata in zip(paths, files, ("Int16", "Byte"), (-128, 255)):
        dataset = gdal.Open(path)
        band = dataset.GetRasterBand(1)
        assert (gdal.GetDataTypeName(band.DataType), band.GetNoDataValue()) == (kind, nodata)
        values = gdal.Open(file).ReadAsArray().astype(int)[:cells[1] * 3, :cells[0] * 3]
        values[values == 128] = -128  # as GDAL reads signed bytes, whatever its version
        blocks = values.reshape(cells[1], 3, cells[0], 3)
        codes = [7, 10, 12, 13, 16]
        assert set(np.unique(values)) <= {*codes, nodata}
        counts = np.stack([(blocks == code).sum(axis=(1, 3)) for code in codes])
        ordered = np.sort(counts, axis=0)
        found = gdal.Open(path).ReadAsArray().astype(int)
        clear = ordered[-1] > ordered[-2]
        np.testing.assert_array_equal(found[clear], np.array(codes)[counts.argmax(axis=0)][clear])
        np.testing.assert_array_equal(found == nodata, ordered[-1] == 0)


# What survives --------------------------------------------------------------------------------------------------------


def land_cover(path, ratio=5, descriptions=()) -> str:
    """Classes with names and colours, in a GeoTIFF."""
    rng = np.random.default_rng(2)
    values = np.kron(rng.integers(1, 4, (12, 12)), np.ones((ratio, ratio), dtype=int))
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 12 * ratio, 12 * ratio, 1, gdal.GDT_Byte)
    dataset.SetGeoTransform(FINE_TRANSFORM)
    dataset.SetProjection(wkt_of(32650))
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(0)
    table = gdal.ColorTable()
    for code, colour in ((1, (255, 255, 0, 255)), (2, (0, 100, 0, 255)), (3, (0, 0, 255, 255))):
        table.SetColorEntry(code, colour)
    band.SetColorTable(table)
    band.SetCategoryNames(["", "Cropland", "Forest", "水域"])
    attributes = gdal.RasterAttributeTable()
    attributes.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    attributes.CreateColumn("Class", gdal.GFT_String, gdal.GFU_Name)
    attributes.SetRowCount(3)
    for row, name in enumerate(("Cropland", "Forest", "水域")):
        attributes.SetValueAsInt(row, 0, row + 1)
        attributes.SetValueAsString(row, 1, name)
    band.SetDefaultRAT(attributes)
    if descriptions:
        band.SetDescription(descriptions[0])
    band.WriteArray(values)
    dataset.FlushCache()
    return str(path)


def test_colours_names_and_attributes_of_classes_survive(tmp_path, pam):  # noqa: ARG001
    path = land_cover(tmp_path / "cover_2001.tif", descriptions=["2001"])
    reference = write_raster(tmp_path / "reference.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference})
    dataset = gdal.Open(result)
    band = dataset.GetRasterBand(1)
    assert gdal.GetDataTypeName(band.DataType) == "Byte" and band.GetNoDataValue() == 0
    assert band.GetDescription() == "2001"
    assert band.GetColorTable().GetColorEntry(2)[:3] == (0, 100, 0)
    assert band.GetCategoryNames()[:4] == ["", "Cropland", "Forest", "水域"]
    table = band.GetDefaultRAT()
    assert [table.GetValueAsString(row, 1) for row in range(table.GetRowCount())] == ["Cropland", "Forest", "水域"]
    np.testing.assert_array_equal(dataset.ReadAsArray(), gdal.Open(path).ReadAsArray()[2::5, 2::5])


def test_bands_descriptions_units_and_styles_survive(tmp_path):
    stack = np.random.default_rng(4).normal(10, 3, (3, 60, 60))
    path = write_raster(tmp_path / "T_2001-2003.tif", stack, FINE_TRANSFORM, descriptions=["2003", "2001", "2002"])
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType("degC")
    dataset = None
    (tmp_path / "T_2001-2003.qml").write_text("<qgis/>", encoding="utf-8")
    reference = write_raster(tmp_path / "reference.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference})
    assert os.path.basename(result) == "T_2001-2003.tif"
    assert band_names(result) == ["2003", "2001", "2002"]
    dataset = gdal.Open(result)
    assert dataset.GetRasterBand(1).GetUnitType() == "degC"
    assert (tmp_path / "out/T_2001-2003.qml").read_text(encoding="utf-8") == "<qgis/>"
    np.testing.assert_allclose(numbers(result), stack.reshape(3, 12, 5, 12, 5).mean(axis=(2, 4)), rtol=1e-5)


def test_scaled_integers(tmp_path):
    """Copied: stored values and their scale. Averaged: numbers, the scale applied once."""
    values = np.arange(3600).reshape(60, 60)
    path = write_raster(tmp_path / "T_2001.tif", values, FINE_TRANSFORM, nodata=7, kind="int16")
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetScale(0.1)
    dataset.GetRasterBand(1).SetOffset(-5.0)
    dataset = None
    (copied,) = harmonize(tmp_path / "a", {"INPUT": [path], "REFERENCE": path})
    dataset = gdal.Open(copied)
    band = dataset.GetRasterBand(1)
    assert (band.GetScale(), band.GetOffset(), band.GetNoDataValue()) == (0.1, -5.0, 7)
    np.testing.assert_array_equal(stored(copied)[0], values)
    reference = write_raster(tmp_path / "reference.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    (averaged,) = harmonize(tmp_path / "b", {"INPUT": [path], "REFERENCE": reference})
    dataset = gdal.Open(averaged)
    assert (dataset.GetRasterBand(1).GetScale() or 1.0) == 1.0
    real = np.where(values == 7, np.nan, values * 0.1 - 5).reshape(12, 5, 12, 5)
    np.testing.assert_allclose(numbers(averaged), np.nanmean(real, axis=(1, 3)), rtol=1e-5)


def test_two_rasters_of_one_name(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    paths = [
        write_raster(tmp_path / name / "2001.tif", np.full((12, 12), number), COARSE_TRANSFORM)
        for number, name in enumerate("ab")
    ]
    results = harmonize(tmp_path, {"INPUT": paths, "REFERENCE": paths[0]})
    assert [os.path.basename(path) for path in results] == ["2001.tif", "2001 (2).tif"]
    assert [np.unique(stored(path)).tolist() for path in results] == [[0.0], [1.0]]
    again = harmonize(tmp_path / "again", {"INPUT": paths[::-1], "REFERENCE": paths[0]})
    assert [os.path.basename(path) for path in again] == ["2001 (2).tif", "2001.tif"]


def test_missing_values_of_any_kind_take_no_part(tmp_path):
    """NaN without a tag, a nodata value and a mask, in one mean."""
    values = np.random.default_rng(4).normal(10, 3, (60, 60))
    holes = np.random.default_rng(5).random(values.shape) < 0.4
    reference = write_raster(tmp_path / "reference.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    lowest = -3.4028235e38
    files = [
        write_raster(tmp_path / "nan.tif", np.where(holes, np.nan, values), FINE_TRANSFORM),
        write_raster(tmp_path / "tag.tif", np.where(holes, lowest, values), FINE_TRANSFORM, nodata=lowest),
        write_raster(tmp_path / "mask.tif", np.where(holes, 1e6, values), FINE_TRANSFORM),
    ]
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    dataset = gdal.Open(files[2], gdal.GA_Update)
    dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
    dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.where(holes, 0, 255).astype(np.uint8))
    dataset = None
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", None)
    expected = np.nanmean(np.where(holes, np.nan, values).reshape(12, 5, 12, 5), axis=(1, 3))
    for path in harmonize(tmp_path, {"INPUT": files, "REFERENCE": reference}):
        np.testing.assert_allclose(numbers(path), expected, rtol=1e-5)


def test_counts_keep_their_total_on_one_reference_system_and_across_two(tmp_path):
    """People in degrees onto larger cells in degrees, and onto UTM; sums are not filled at the rim."""
    people = np.exp(np.random.default_rng(3).normal(2, 2, (60, 80)))
    people[10:20, 30:50] = np.nan
    path = write_raster(tmp_path / "people.tif", people, (117.0, 0.01, 0.0, 36.3, 0.0, -0.01), 4326)
    for crs, cell in (("EPSG:4326", 0.05), ("EPSG:4326", 0.023), ("EPSG:32650", 5000.0), ("EPSG:32650", 300.0)):
        (result,) = harmonize(tmp_path / f"{crs[5:]}_{cell}", {
            "INPUT": [path], "TARGET_CRS": crs, "RESOLUTION": cell, "RESAMPLING": 6, "FILL_RIM": True,
            "EXTENT": "116.9,117.9,35.6,36.4 [EPSG:4326]",
        })
        found = numbers(result)
        assert np.nansum(found) == pytest.approx(np.nansum(people), rel=1e-9 if crs == "EPSG:4326" else 1e-3)
        assert np.isnan(found).any() and stored(result).dtype == np.float64


# Files and layers -----------------------------------------------------------------------------------------------------


def test_one_raster_elsewhere_stops_all_and_leaves_nothing(tmp_path):
    one = small(tmp_path)
    two = small(tmp_path, "P_2001.tif", transform=(900000.0, 500.0, 0.0, 4000000.0, 0.0, -500.0))
    with pytest.raises(QgsProcessingException, match="'P_2001' does not meet the grid"):
        harmonize(tmp_path, {"INPUT": [one, two], "REFERENCE": one})
    assert not (tmp_path / "out").exists() and not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_inputs_are_never_overwritten(tmp_path):
    (tmp_path / "out").mkdir()
    path = small(tmp_path / "out")
    before = contents(tmp_path)
    with pytest.raises(QgsProcessingException, match="both an input and the result T_2001.tif"):
        harmonize(tmp_path, {"INPUT": [path], "REFERENCE": path})
    assert contents(tmp_path) == before


def test_old_results_are_replaced_with_what_lies_beside_them(tmp_path):
    path = small(tmp_path)
    (tmp_path / "out").mkdir()
    shutil.copy(path, tmp_path / "out/T_2001.tif")
    (tmp_path / "out/T_2001.tif.aux.xml").write_text("statistics of the old values", encoding="utf-8")
    (tmp_path / "out/mine.txt").write_text("another file", encoding="utf-8")
    harmonize(tmp_path, {"INPUT": [path], "REFERENCE": path})
    assert sorted(os.listdir(tmp_path / "out")) == ["T_2001.qml", "T_2001.tif", "mine.txt"]


def test_the_user_decides(tmp_path):
    path = land_cover(tmp_path / "cover_2001.tif")
    reference = write_raster(tmp_path / "reference.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    feedback = Feedback()
    (result,) = harmonize(tmp_path, {"INPUT": [path], "REFERENCE": reference, "RESAMPLING": 4}, feedback)
    dataset = gdal.Open(result)
    assert gdal.GetDataTypeName(dataset.GetRasterBand(1).DataType) == "Float32"
    assert any("makes up classes" in warning for warning in feedback.warnings)
    assert "as chosen" in feedback.log


def test_results_are_opened_if_asked_for(tmp_path):
    path = small(tmp_path)
    for asked in (False, True):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        run("nep:harmonize", {
            "INPUT": [path], "REFERENCE": path, "LOAD_LAYERS": asked, "OUTPUT_FOLDER": str(tmp_path / "out"),
        }, None, context)
        waiting = context.layersToLoadOnCompletion()
        assert [(file, details.name) for file, details in waiting.items()] == (
            [(str(tmp_path / "out/T_2001.tif"), "T_2001")] if asked else []
        )


def test_the_dialog_offers_to_open_the_results_but_a_model_does_not():
    tool = algorithm("nep:harmonize")  # which owns its definitions
    parameter = tool.parameterDefinition("LOAD_LAYERS")
    assert parameter.defaultValueForGui() is True and parameter.defaultValue() is False


@pytest.mark.parametrize("moves", [1, 2, 3, 5])
def test_a_cancel_leaves_a_folder_as_it_was(tmp_path, moves):
    (tmp_path / "out").mkdir()
    shutil.copy(small(tmp_path), tmp_path / "out/T_2001.tif")
    left, *rest = COARSE_TRANSFORM  # one column apart, so that they are brought onto the grid one after the other
    paths = [
        small(tmp_path, f"T_{year}.tif", transform=(left + 500 * place, *rest))
        for place, year in enumerate(range(2001, 2007))
    ]
    before = contents(tmp_path)
    feedback = Feedback(cancel_after=moves)
    results = run("nep:harmonize", {
        "INPUT": paths, "RESOLUTION": 333, "TARGET_CRS": "EPSG:32651", "OUTPUT_FOLDER": str(tmp_path / "out"),
    }, feedback)
    assert feedback.isCanceled() and results == {} and contents(tmp_path) == before
