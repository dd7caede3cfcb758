"""nep:changefrequency: counts of pixels and of regional means against plain numpy, table, chart and order of work."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer, QgsVectorLayer
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.raster.reader import StackReader

pytestmark = pytest.mark.usefixtures("provider")

HENAN = "data/henan_boundaries/henan_prefectures_wgs84_mapchina.geojson"


def frequency(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for that it can make; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:changefrequency", folder)
    if "REGIONS" not in options:
        del paths["POLYGONS"]
    run("nep:changefrequency", dict({"INPUT": layers}, **options, **paths), feedback)
    return paths


@pytest.fixture(scope="module")
def real(huaihai, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("frequency")
    return frequency(huaihai, folder, REGIONS=str(shared / HENAN), REGION_FIELD="name")


def test_real_pixels_equal_plain_numpy(real, huaihai):
    stack = np.array([gdal.Open(layer).ReadAsArray() for layer in huaihai], dtype=float)
    with np.errstate(invalid="ignore"):
        rise, fall = (np.diff(stack, axis=0) > 0).sum(axis=0), (np.diff(stack, axis=0) < 0).sum(axis=0)
    compared = np.isfinite(np.diff(stack, axis=0)).sum(axis=0)
    some = compared > 0
    assert some.sum() >= 41289 and (rise + fall)[some].min() < 21, "some pixels stay as they are for a year"
    for name, expected in (("INCREASES", rise), ("DECREASES", fall)):
        assert np.array_equal(stored(real[name])[0], np.where(some, expected, -32768)), name
    share = np.divide(100.0 * rise, compared, out=np.full(rise.shape, np.nan), where=some)
    np.testing.assert_allclose(numbers(real["INCREASE_PERCENT"]), share, rtol=1e-7)


def test_regions_are_counted_on_their_means(real, huaihai, shared, tmp_path):
    path = str(tmp_path / "means.csv")
    run("nep:annualstatistics", {
        "INPUT": huaihai, "REGIONS": str(shared / HENAN), "REGION_FIELD": "name", "TABLE": path,
    })
    rows = {row["region"]: row for row in table(real["TABLE"])}
    assert list(rows)[0] == "all" and len(rows) == 19
    seen = 0
    for region, row in rows.items():
        means = [float(each["mean"]) for each in table(path) if each["region"] == region and each["mean"]]
        step = np.diff(means)
        expected = ((step > 0).sum(), (step < 0).sum(), (step == 0).sum(), step.size)
        assert tuple(int(row[name]) for name in ("increases", "decreases", "unchanged", "comparisons")) == expected
        seen += step.size == 21
        rises = expected[0] + expected[1]
        if rises:
            from scipy.stats import binomtest

            assert float(row["p_sign"]) == pytest.approx(binomtest(int(expected[0]), int(rises)).pvalue, rel=1e-12)
        else:
            assert row["p_sign"] == ""
    assert seen == 2, "the whole raster and the prefecture that reaches it"


def test_areas_by_count_equal_plain_numpy(real, huaihai):
    stack = np.array([gdal.Open(layer).ReadAsArray() for layer in huaihai], dtype=float)
    complete = np.isfinite(stack).all(axis=0)
    rows = table(real["COUNTS"])
    assert [int(row["count"]) for row in rows] == list(range(22))
    for name, sign in (("increase", 1), ("decrease", -1)):
        with np.errstate(invalid="ignore"):
            times = (np.sign(np.diff(stack, axis=0)) == sign).sum(axis=0)[complete]
        found = [int(row[f"{name}_pixels"]) for row in rows]
        assert found == np.bincount(times, minlength=22).tolist() and sum(found) == complete.sum()
        assert sum(float(row[f"{name}_percent"]) for row in rows) == pytest.approx(100, rel=1e-12)
        areas = [float(row[f"{name}_km2"]) for row in rows]
        shares = [float(row[f"{name}_percent"]) for row in rows]
        assert shares == pytest.approx([100 * area / sum(areas) for area in areas], rel=1e-12)


def test_pixels_that_lack_steps_are_left_out_of_the_areas_and_told(tmp_path):
    values = np.array([[1, 1, 5], [2, np.nan, 5], [1, np.nan, 6], [3, 1, 7.0]])
    layer = write_raster(tmp_path / "x.tif", values[:, np.newaxis], descriptions=range(2001, 2005))
    feedback = Feedback()
    rows = table(frequency([layer], tmp_path / "out", feedback)["COUNTS"])
    assert [(row["increase_pixels"], row["decrease_pixels"]) for row in rows] == [
        ("0", "1"), ("0", "1"), ("2", "0"), ("0", "0")
    ]
    assert "left out" not in feedback.log, "a pixel without any comparison has nothing to count"
    values[3, 1], values[2, 1] = 1, 4
    layer = write_raster(tmp_path / "y.tif", values[:, np.newaxis], descriptions=range(2001, 2005))
    frequency([layer], tmp_path / "y", feedback)
    assert "33.3 % of the area with comparisons lacks steps and is left out" in feedback.log


def test_the_tolerance_holds_for_pixels_and_regions(tmp_path):
    values = np.array([[1, 10], [1.5, 10], [2.5, 8], [2.5, 9.0]])
    layer = write_raster(tmp_path / "x.tif", values[:, np.newaxis], descriptions=range(2001, 2005))
    paths = frequency([layer], tmp_path / "out", TOLERANCE=0.5)
    assert stored(paths["INCREASES"])[0].tolist() == [[1, 1]] and stored(paths["DECREASES"])[0].tolist() == [[0, 1]]
    (row,) = table(paths["TABLE"])  # means 5.5, 5.75, 5.25, 5.75
    assert [row[name] for name in ("increases", "decreases", "unchanged")] == ["0", "0", "3"] and row["p_sign"] == ""
    np.testing.assert_allclose(numbers(paths["INCREASE_PERCENT"]), [[100 / 3, 100 / 3]], rtol=1e-6)
    plain = frequency([layer], tmp_path / "plain")
    (row,) = table(plain["TABLE"])
    assert [row[name] for name in ("increases", "decreases", "unchanged")] == ["2", "1", "0"]


def test_regions_take_the_rounding_of_stored_values_as_pixels_do(tmp_path):
    values = np.full((4, 1, 3), 0.1) * np.array([2, 3, 2, 4]).reshape(4, 1, 1)
    layer = write_raster(tmp_path / "x.tif", values, descriptions=range(2001, 2005))  # Float32: 0.3 - 0.2 > 0.1
    paths = frequency([layer], tmp_path / "out", TOLERANCE=0.1)
    assert stored(paths["INCREASES"])[0].tolist() == [[1, 1, 1]]
    (row,) = table(paths["TABLE"])
    assert [row[name] for name in ("increases", "decreases", "unchanged")] == ["1", "0", "2"]


def test_the_layer_of_regions_holds_the_table(real):
    layer = QgsVectorLayer(real["POLYGONS"], "regions", "ogr")
    rows = {row["region"]: row for row in table(real["TABLE"])}
    assert layer.featureCount() == len(rows) - 1 == 18, "the whole raster is no region"
    for feature in layer.getFeatures():
        row = rows[feature["region"]]
        for name in ("increases", "decreases", "unchanged", "comparisons", "coverage"):
            assert float(feature[name]) == pytest.approx(float(row[name]), rel=1e-12)
    labels = [rule.label() for rule in layer.renderer().rootRule().children()]
    assert labels == ["Values on less than 10 % of the area, or nothing to compare"]


def test_gaps_ties_and_a_known_patch(tmp_path, province):
    values = np.array([[1, 1, np.nan, 5, 3], [2, 0, 1, 5, np.nan], [2, np.nan, np.nan, 4, 9], [3, 1, 1, 6, 9]])
    layer = write_raster(tmp_path / "x.tif", values[:, np.newaxis], descriptions=range(2001, 2005))
    paths = frequency([layer], tmp_path / "out")
    assert stored(paths["INCREASES"])[0].tolist() == [[2, 0, -32768, 1, 0]]
    assert stored(paths["DECREASES"])[0].tolist() == [[0, 1, -32768, 1, 0]]
    np.testing.assert_allclose(numbers(paths["INCREASE_PERCENT"]), [[200 / 3, 0, np.nan, 100 / 3, 0]], rtol=1e-6)
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))
    nep = str(tmp_path / "nep.tif")  # in which the codes of the stored NPP are missing values
    given = {name: sorted(str(path) for path in province.glob(f"{name.lower()}_*.tif"))
             for name in ("NPP", "TEMPERATURE", "PRECIPITATION")}
    run("nep:productivity", {**given, "NPP_SCALE": 0.1, "NPP_VALID_MAX": 32700, "FORCING": 2, "OUTPUT": nep})
    paths = frequency([nep], tmp_path / "province")
    for patch in truth["patches"]:
        inside = np.s_[slice(*patch["rows"]), slice(*patch["cols"])]
        known = (patch["increases"], patch["decreases"])
        assert (stored(paths["INCREASES"])[0][inside] == known[0]).all(), patch["name"]
        assert (stored(paths["DECREASES"])[0][inside] == known[1]).all(), patch["name"]


def test_an_unchanged_region(tmp_path):
    stack = np.full((4, 5, 5), 0.1)
    stack[3] = 0.3
    rows = table(frequency([write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2005))],
                           tmp_path / "out")["TABLE"])
    assert rows == [{"region": "all", "increases": "1", "decreases": "0", "unchanged": "2", "comparisons": "3",
                     "coverage": "", "p_sign": "1"}]


def test_chart_holds_the_numbers_of_the_table(real):
    page = Path(real["CHART"]).read_text(encoding="utf-8")
    figure = json.loads(re.search(r"var figure = (.*);\n", page).group(1))
    drawn = {trace["name"]: dict(zip(trace["y"], trace["x"])) for trace in figure["data"]}
    rows = table(real["TABLE"])
    names = {row["region"]: row["region"] + " †" * (0 < float(row["coverage"] or 0) < 10) for row in rows}
    assert sum(name.endswith("†") for name in names.values()) == 1, "Shangqiu, of which a corner lies on the raster"
    assert drawn["increases"] == {names[row["region"]]: int(row["increases"]) for row in rows}
    assert drawn["decreases"] == {names[row["region"]]: -int(row["decreases"]) for row in rows}
    assert "† In grey, as little of the area" in page


def test_threads_memory_and_order_do_not_matter(huaihai, real, shared, tmp_path):
    other = frequency(huaihai[::-1], tmp_path, REGIONS=str(shared / HENAN), REGION_FIELD="name", THREADS=6, MEMORY=16)
    assert table(other["TABLE"]) == table(real["TABLE"])
    assert table(other["COUNTS"]) == table(real["COUNTS"])
    for name in ("INCREASES", "DECREASES", "INCREASE_PERCENT"):
        assert identical(other[name], real[name])


def test_every_value_is_read_once(huaihai, shared, tmp_path, monkeypatch):
    cells = []
    read = StackReader.read

    def counting(reader, window):
        if len(reader.steps) == len(huaihai):  # one step is looked at for codes of missing values
            cells.append(window.width * window.height)
        return read(reader, window)

    monkeypatch.setattr(StackReader, "read", counting)
    frequency(huaihai, tmp_path, REGIONS=str(shared / HENAN), REGION_FIELD="name", MEMORY=16)
    assert sum(cells) == gdal.Open(huaihai[0]).ReadAsArray().size and len(cells) > 1


def test_rasters_without_crs_still_have_counts_but_no_regional_means(tmp_path):
    stack = np.arange(12.0).reshape(3, 2, 2)
    layer = write_raster(tmp_path / "in" / "x.tif", stack, crs="", descriptions=[2001, 2002, 2003])
    asked = {name: str(tmp_path / f"{name}.tif") for name in ("INCREASES", "DECREASES")}
    with pytest.raises(QgsProcessingException, match="'.+' has no CRS"):
        run("nep:changefrequency", {"INPUT": [layer], **asked, "TABLE": str(tmp_path / "t.csv")})
    assert [path.name for path in tmp_path.iterdir()] == ["in"], "nothing may be left of a run that failed"
    run("nep:changefrequency", {"INPUT": [layer], **asked})
    assert (stored(asked["INCREASES"]) == 2).all()


def test_one_step_is_refused(huaihai, tmp_path):
    feedback = Feedback()
    with pytest.raises(QgsProcessingException, match="has 1 time step, but this tool compares dates"):
        frequency(huaihai[:1], tmp_path, feedback)


def test_half_divides_the_colours_of_the_share_only_where_all_else_falls(tmp_path):
    values = np.random.default_rng(1).normal(size=(9, 5, 5))
    layer = write_raster(tmp_path / "x.tif", values, descriptions=range(2001, 2010))
    for tolerance, divided in ((0, True), (1.5, False)):
        path = frequency([layer], tmp_path / str(tolerance), TOLERANCE=tolerance)["INCREASE_PERCENT"]
        share = QgsRasterLayer(path, "share")
        shader = share.renderer().shader().rasterShaderFunction()
        middle = (shader.minimumValue() + shader.maximumValue()) / 2
        assert (middle == pytest.approx(50)) == divided, tolerance


def test_styles_come_back_with_the_files(real):
    layer = QgsRasterLayer(real["INCREASE_PERCENT"], "again")
    shader = layer.renderer().shader().rasterShaderFunction()
    assert (shader.minimumValue() + shader.maximumValue()) / 2 == pytest.approx(50)
    for name in ("INCREASES", "DECREASES"):
        layer = QgsRasterLayer(real[name], "again")
        items = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
        assert 5 <= items[0].value < items[-1].value <= 16
        assert len({item.color.name() for item in items}) == len(items)
