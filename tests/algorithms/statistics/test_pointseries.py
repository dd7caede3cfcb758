"""nep:pointseries: the numbers of nep:trend and nep:hurst at the pixels, plain reading of pixels, and what is said."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProcessingContext, QgsProperty, QgsVectorLayer
from qgis.PyQt.QtCore import NULL
from testkit.rasters import UTM_TRANSFORM, numbers, write_raster
from testkit.tools import Feedback, algorithm, run, table

from nep_toolbox.algorithms.statistics import pointseries as tool
from nep_toolbox.core.sampling.point_series import point_summary
from nep_toolbox.framework.run import Run
from nep_toolbox.qgis_compat import field
from nep_toolbox.raster import reader

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2021))
X0, SIZE, _, Y0, *_rest = UTM_TRANSFORM


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> str:
    """Twenty years of 30 x 25 pixels with gaps, one pixel without a value."""
    rng = np.random.default_rng(3)
    stack = 100 + np.cumsum(rng.normal(1, 5, (20, 30, 25)), axis=0)
    stack[rng.random(stack.shape) < 0.05] = np.nan
    stack[:, 4, 5] = np.nan
    stack[6:, 4, 6] = np.nan
    path = tmp_path_factory.mktemp("series") / "NPP.tif"
    return write_raster(path, np.where(np.isnan(stack), -9999, stack), nodata=-9999, descriptions=YEARS)


def layer(cells, names=None) -> QgsVectorLayer:
    """Points in the middle of cells (row, col)."""
    made = QgsVectorLayer("Point?crs=EPSG:32650", "points", "memory")
    made.dataProvider().addAttributes([field("site", "text")])
    made.updateFields()
    features = []
    for place, (row, col) in enumerate(cells):
        feature = QgsFeature(made.fields())
        feature.setAttributes([names[place] if names else f"r{row} c{col}"])
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(X0 + SIZE * (col + 0.5), Y0 - SIZE * (row + 0.5))))
        features.append(feature)
    assert made.dataProvider().addFeatures(features)[0]
    return made


def pointseries(inputs, cells, folder, feedback=None, names=None, **given) -> tuple:
    """The rows of both tables."""
    run("nep:pointseries", {
        "INPUT": inputs, "POINTS": layer(cells, names), "POINT_FIELD": "site", "TABLE": str(folder / "table.csv"),
        "SUMMARY": str(folder / "summary.csv"), "CHART": str(folder / "chart.html"), **given,
    }, feedback)
    return table(folder / "table.csv"), table(folder / "summary.csv")


def value(text: str) -> float:
    return float(text) if text else np.nan


EVERY = [(row, col) for row in range(30) for col in range(25)]


def test_every_pixel_has_the_numbers_of_the_maps(series, tmp_path):
    target = str(tmp_path / "points.gpkg")
    run("nep:pointseries", {
        "INPUT": [series], "POINTS": layer(EVERY), "TABLE": str(tmp_path / "table.csv"), "SUMMARY": target,
    })
    summary = list(QgsVectorLayer(target, "points", "ogr").getFeatures())
    maps = {key: str(tmp_path / f"{key}.tif") for key in ("SLOPE", "LOWER", "UPPER", "Z", "PVALUE", "HURST")}
    trend = {key: path for key, path in maps.items() if key != "HURST"}
    run("nep:trend", {"INPUT": [series], "MIN_OBSERVATIONS": 8, **trend})
    run("nep:hurst", {"INPUT": [series], "HURST": maps["HURST"]})
    for key, path in maps.items():
        column = {"PVALUE": "p"}.get(key, key.lower())
        found = np.array([np.nan if row[column] == NULL else row[column] for row in summary]).reshape(30, 25)
        # The maps are of single precision.
        np.testing.assert_array_equal(found.astype(np.float32), numbers(path).astype(np.float32), err_msg=key)
        assert np.isfinite(found).sum() > 700


def test_values_are_those_of_the_pixels(series, tmp_path):
    rows, summary = pointseries([series], EVERY, tmp_path)
    stack = numbers(series)
    found = np.array([value(row["value"]) for row in rows]).reshape(30, 25, 20)
    np.testing.assert_allclose(found, stack.transpose(1, 2, 0), rtol=1e-14)  # a CSV holds fifteen digits
    assert [int(row["year"]) for row in rows[:20]] == YEARS
    assert {row["point"] for row in rows[:20]} == {"r0 c0"}
    valid = np.isfinite(stack)
    assert [int(row["n"]) for row in summary] == valid.sum(axis=0).ravel().tolist()
    with np.errstate(invalid="ignore"):
        means = np.where(valid, stack, 0).sum(axis=0) / valid.sum(axis=0)
    np.testing.assert_allclose([value(row["mean"]) for row in summary], means.ravel(), rtol=1e-12)
    assert (float(summary[27]["x"]), float(summary[27]["y"])) == (X0 + SIZE * 2.5, Y0 - SIZE * 1.5)


@pytest.mark.parametrize("block", [None, (25, 4), (7, 5)])
@pytest.mark.parametrize("options", [("TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"), ("INTERLEAVE=PIXEL",)])
def test_nothing_depends_on_blocks_and_files(series, tmp_path, monkeypatch, block, options):
    cells = [(29, 24), (0, 0), (15, 3), (15, 3), (4, 5), (16, 16)]
    monkeypatch.setattr(Run, "block", block)
    other = str(tmp_path / "other" / "NPP.tif")
    (tmp_path / "other").mkdir()
    gdal.Translate(other, series, creationOptions=list(options))
    singles = [str(tmp_path / f"npp_{year}.tif") for year in YEARS]
    for number, path in enumerate(singles, start=1):
        gdal.Translate(path, series, bandList=[number])
    one = pointseries([series], cells, tmp_path)
    assert pointseries([other], cells, tmp_path) == one
    assert pointseries(singles[::-1], cells, tmp_path, THREADS=1) == one
    assert one[1][2]["mean"] == one[1][3]["mean"] != "", "two points in one pixel"


def test_only_what_is_around_the_points_is_read(tmp_path, monkeypatch):
    path = write_raster(tmp_path / "npp.tif", np.ones((10, 200, 300)), descriptions=range(2001, 2011))
    read, cells = reader.StackReader.read, []

    def counting(self, window):
        cells.append(window.width * window.height)
        return read(self, window)

    monkeypatch.setattr(reader.StackReader, "read", counting)
    pointseries([path], [(0, 0), (199, 299), (100, 150)], tmp_path)
    glances = cells[:-3]
    assert cells[-3:] == [1, 1, 1] and len(glances) <= 16


def test_what_is_said_of_points_without_values(series, tmp_path):
    feedback = Feedback()
    cells = [(4, 5), (4, 6), (3, 3), (-1, 3), (3, 25)]
    rows, summary = pointseries([series], cells, tmp_path, feedback, names=["sea", "short", "land", "north", "east"])
    assert "2 of 5 points lie beyond the raster and have no values: 'north', 'east'. Check their CRS." in feedback.log
    assert "1 of 5 points lie on pixels without a single value: 'sea'." in feedback.log
    few = "1 of 5 points have fewer valid values than 'Minimum number of valid values' (MIN_OBSERVATIONS) asks for"
    assert few in feedback.log
    assert "5 points in 3 pixels; 1 with a trend" in feedback.log
    valid = np.isfinite(numbers(series))
    assert [int(row["n"]) for row in summary] == [0, valid[:, 4, 6].sum(), valid[:, 3, 3].sum(), 0, 0]
    assert [bool(row["mean"]) for row in summary] == [False, True, True, False, False]
    assert [bool(row["slope"]) for row in summary] == [False, False, True, False, False]
    assert len(rows) == 100 and not any(row["value"] for row in rows if row["point"] in ("sea", "north", "east"))
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "2 of 5 points are drawn; 3 have no value." in page
    assert "<b>short</b><br>no trend" in page.replace("\\u003c", "<").replace("\\u003e", ">")


def test_points_beyond_the_raster_alone(series, tmp_path):
    feedback = Feedback()
    _rows, summary = pointseries([series], [(-5, -5)], tmp_path, feedback)
    assert summary[0]["n"] == "0" and "1 of 1 points lie beyond the raster" in feedback.log
    assert (tmp_path / "chart.html").exists()


def test_a_short_series_has_values_and_no_trend(tmp_path):
    path = write_raster(tmp_path / "npp.tif", np.arange(12.0).reshape(3, 2, 2), descriptions=[2001, 2002, 2003])
    rows, summary = pointseries([path], [(1, 1)], tmp_path)
    assert [row["value"] for row in rows] == ["3", "7", "11"]
    assert summary[0]["mean"] == "7" and summary[0]["slope"] == summary[0]["hurst"] == ""


def test_only_the_first_of_many_points_are_drawn(series, tmp_path):
    pointseries([series], EVERY[:100], tmp_path)
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "60 of 100 points are drawn; 0 have no value. The tables hold all of them." in page


def test_a_summary_is_a_layer_of_points_with_a_style(series, tmp_path):
    target = str(tmp_path / "points.gpkg")
    run("nep:pointseries", {
        "INPUT": [series], "POINTS": layer([(1, 1), (2, 2)]), "TABLE": str(tmp_path / "t.csv"), "SUMMARY": target,
    })
    found = QgsVectorLayer(target, "points", "ogr")
    assert found.crs().authid() == "EPSG:32650" and found.renderer().type() == "RuleRenderer"
    assert [each.name() for each in found.fields()][1:] == [
        "point", "x", "y", "n", "mean", "slope", "lower", "upper", "z", "p", "hurst"
    ]
    places = [each.geometry().asPoint() for each in found.getFeatures()]
    assert places == [QgsPointXY(X0 + SIZE * 1.5, Y0 - SIZE * 1.5), QgsPointXY(X0 + SIZE * 2.5, Y0 - SIZE * 2.5)]


def test_results_in_memory(series):
    context = QgsProcessingContext()
    results = run("nep:pointseries", {
        "INPUT": [series], "POINTS": layer([(1, 1), (2, 2)]), "TABLE": "memory:", "SUMMARY": "memory:",
    }, context=context)
    rows = context.getMapLayer(results["TABLE"])
    assert rows.featureCount() == 40 and context.getMapLayer(results["SUMMARY"]).featureCount() == 2


def test_no_point_is_told_before_the_run(series, tmp_path):
    given = {"INPUT": [series], "TABLE": str(tmp_path / "table.csv")}
    for nothing in ({}, {"POINTS": None}, {"POINTS": "", "POINT": ""}):
        fits, message = algorithm("nep:pointseries").checkParameterValues({**given, **nothing}, QgsProcessingContext())
        assert not fits and message == (
            "No point was given. Choose a layer of points for 'Points' (POINTS), or click a point on the map for 'A "
            "point on the map' (POINT)."
        )
    later = {"POINTS": QgsProperty.fromExpression("@points")}
    assert algorithm("nep:pointseries").checkParameterValues({**given, **later}, QgsProcessingContext())[0]


def test_many_points_are_computed_in_parts(series, tmp_path, monkeypatch):
    """So memory does not grow with their number; and no part says otherwise than all at once."""
    cells, most = EVERY[:50], []

    def summary(values, *arguments, **options):
        most.append(values.shape[1])
        return point_summary(values, *arguments, **options)

    monkeypatch.setattr(tool, "point_summary", summary)
    whole = pointseries([series], cells, tmp_path)
    monkeypatch.setattr(tool, "AT_ONCE", 7)
    assert pointseries([series], cells, tmp_path) == whole
    assert most == [50, *[7] * 7, 1]
