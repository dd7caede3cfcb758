"""nep:landcoverstatistics through files: quantities cut into classes, and pixels that keep their class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.pages import figures
from testkit.rasters import write_raster
from testkit.tools import Feedback, destinations, run, table

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2003, 2009)
SHAPE = (20, 60)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """Six years of values with gaps, a height and three dates of land cover, as arrays and rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(6)
    values = rng.normal(size=(6, *SHAPE)).astype(np.float32).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    height = rng.uniform(-50, 1500, SHAPE).astype(np.float32).astype(float)
    height[0, :5], height[1, :5] = 500.0, np.nan
    cover = rng.integers(1, 4, (3, *SHAPE))
    cover[1:] = np.where(rng.random((2, *SHAPE)) < 0.7, cover[0], cover[1:])
    cover[rng.random(cover.shape) < 0.05] = 0
    series = write_raster(folder / "nep.tif", np.nan_to_num(values, nan=-9999.0), nodata=-9999.0, descriptions=YEARS)
    hills = write_raster(folder / "elevation.tif", np.nan_to_num(height, nan=-9999.0), nodata=-9999.0)
    dates = [
        write_raster(folder / f"cover_{year}.tif", plane, nodata=0, kind="uint8")
        for year, plane in zip((2003, 2006, 2020), cover)
    ]
    return values, height, cover, series, hills, dates


def statistics(folder, values, landcover, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:landcoverstatistics", folder)
    run("nep:landcoverstatistics", {"INPUT": values, "LANDCOVER": landcover, **options, **paths}, feedback)
    return paths


def require_same(found, values, classes):
    """The table is that of ``values`` by ``classes`` (0 is missing), a plane for each year."""
    expected = {}
    for year, layer, plane in zip(YEARS, values, classes):
        for code in np.unique(plane[np.isfinite(plane)]).tolist():
            inside = layer[(plane == code) & np.isfinite(layer)]
            if inside.size:
                expected[year, int(code)] = (inside.size, inside.sum() * 900.0)
    assert {(int(row["year"]), int(row["class"])): int(row["pixels"]) for row in found} == {
        key: size for key, (size, _) in expected.items()
    }
    totals = [expected[int(row["year"]), int(row["class"])][1] for row in found]
    assert [float(row["total"]) for row in found] == pytest.approx(totals, rel=1e-10, abs=1e-6)


def test_a_height_cut_into_classes(made, tmp_path):
    values, height, _, series, hills, _ = made
    feedback = Feedback()
    paths = statistics(tmp_path / "1", [series], [hills], feedback, CLASS_BREAKS="0, 500;1000")
    classes = np.where(np.isnan(height), np.nan, np.digitize(height, [0, 500, 1000]))
    assert {0, 1, 2, 3} == set(np.unique(classes[np.isfinite(classes)]))
    require_same(table(paths["TABLE"]), values, [classes] * 6)
    labels = {row["class"]: row["label"] for row in table(paths["SUMMARY"])}
    assert labels == {"0": "below 0", "1": "0 to 500", "2": "500 to 1000", "3": "1000 and more"}
    assert "The land cover 'elevation' has no year: it is taken for all years." in feedback.log
    assert "<h1>NEP by classes of elevation</h1>" in Path(paths["CHART"]).read_text(encoding="utf-8")
    colours = [trace["line"]["color"] for trace in figures(paths["CHART"])[0]["data"]]
    assert len(set(colours)) == 4 and colours[0] == "#440154"  # from dark to light


def test_names_and_unit_of_the_classes_of_a_quantity(made, tmp_path):
    _, _, _, series, hills, _ = made
    copy = gdal.Translate(str(tmp_path / "dem.tif"), hills)
    copy.GetRasterBand(1).SetUnitType("m")
    copy = None
    dem = [str(tmp_path / "dem.tif")]
    paths = statistics(tmp_path / "out", [series], dem, CLASS_BREAKS="500", CLASS_NAMES="1=Highland", EXCLUDE="7")
    assert [row["label"] for row in table(paths["SUMMARY"])] == ["below 500 m", "Highland"]


def test_a_quantity_of_each_year(made, tmp_path):
    values, height, _, series, _, _ = made
    rain = [np.nan_to_num(height, nan=-9999.0) + 100 * step * (height > 0) for step in range(6)]
    files = [write_raster(tmp_path / f"rain_{year}.tif", plane, nodata=-9999.0) for year, plane in zip(YEARS, rain)]
    planes = [np.where(np.isnan(height), np.nan, np.digitize(plane.astype(np.float32), [800])) for plane in rain]
    paths = statistics(tmp_path / "1", [series], files, CLASS_BREAKS="800")
    require_same(table(paths["TABLE"]), values, planes)
    kept = np.where((np.array(planes) == planes[0]).all(axis=0), planes[0], np.nan)
    paths = statistics(tmp_path / "2", [series], files, CLASS_BREAKS="800", STABLE_ONLY=True)
    require_same(table(paths["TABLE"]), values, [kept] * 6)


def test_only_pixels_that_keep_their_class(made, tmp_path):
    values, _, cover, series, _, dates = made
    feedback = Feedback()
    paths = statistics(tmp_path, [series], dates, feedback, STABLE_ONLY=True)
    # The land cover of 2020 is that of no year.
    same = (cover[0] == cover[1]) & (cover[0] > 0)
    require_same(table(paths["TABLE"]), values, [np.where(same, cover[0], np.nan)] * 6)
    known = (cover[:2] > 0).all(axis=0).sum()
    changed = known - same.sum()
    share = 100 * changed / known
    assert f"Of {known} pixels with a class on all 2 dates {changed} change it ({share:.3g} %)" in feedback.log


def test_one_date_has_no_change(made, tmp_path):
    _, _, _, series, _, dates = made
    feedback = Feedback()
    found = statistics(tmp_path / "1", [series], dates[:1], feedback, STABLE_ONLY=True)
    assert any("'cover_2003' has one date, so that no class changes" in text for text in feedback.warnings)
    assert table(found["TABLE"]) == table(statistics(tmp_path / "2", [series], dates[:1])["TABLE"])


def test_no_pixel_keeps_its_class(made, tmp_path):
    _, _, cover, series, _, dates = made
    other = write_raster(tmp_path / "cover_2006.tif", np.where(cover[0] > 0, cover[0] + 1, 0), nodata=0, kind="uint8")
    message = "No pixel with a value in 'nep' has the same class on all dates of 'cover.*Switch .*STABLE_ONLY. off"
    with pytest.raises(QgsProcessingException, match=message):
        statistics(tmp_path / "out", [series], [dates[0], other], STABLE_ONLY=True)


@pytest.mark.parametrize(("breaks", "message"), [
    ("0,high", "'Breaks that cut a quantity into classes .*' .CLASS_BREAKS. holds 'high', which is no number"),
    ("500,0", "holds 0 after 500. Write the breaks from the lowest to the highest"),
    ("", "'elevation' holds -?[0-9.]+, and a class is a whole number.*CLASS_BREAKS"),
])
def test_breaks_that_cannot_be(made, breaks, message, tmp_path):
    _, _, _, series, hills, _ = made
    with pytest.raises(QgsProcessingException, match=message):
        statistics(tmp_path / "out", [series], [hills], CLASS_BREAKS=breaks)
    assert list((tmp_path / "out").iterdir()) == []
