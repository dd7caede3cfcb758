"""nep:variability through files: the reference, real NPP, limits, legend, tables, numbers, errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsRasterLayer
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, algorithm, destinations, run, table

from nep_toolbox.colours import stability
from nep_toolbox.core.balance.variability import class_labels
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

MAPS = ("CV", "CV_DETRENDED", "MEAN", "STD")
USUAL = (0.05, 0.10, 0.15, 0.20)


def varied(layers, folder, feedback=None, leave=(), **options) -> dict:
    """Run the tool with every result asked for but those left out; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: path for name, path in destinations("nep:variability", folder).items() if name not in leave}
    return {**run("nep:variability", {"INPUT": layers, **options, **paths}, feedback), **paths}


def legend(path) -> list:
    """Code, label and colour of each entry."""
    layer = QgsRasterLayer(path, "again")  # which owns the renderer
    return [(int(entry.value), entry.label, entry.color.name()) for entry in layer.renderer().classes()]


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/variability_sinksource.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def real(huaihai, tmp_path_factory):
    """All results on 22 real NPP rasters, and what was said."""
    feedback = Feedback()
    return varied(huaihai, tmp_path_factory.mktemp("variability"), feedback), feedback


def test_the_reference_through_files(reference, tmp_path):
    series = {name: each for name, each in reference["small"].items() if len(each["x"]) == 20}
    stack = np.array([each["x"] for each in series.values()], dtype=float).T[:, np.newaxis]
    layer = write_raster(tmp_path / "x.tif", np.nan_to_num(stack, nan=-1e9), nodata=-1e9, kind="float64",
                         descriptions=range(2001, 2021))
    found = varied([layer], tmp_path / "out", leave=("CHART",))
    for place, (name, each) in enumerate(series.items()):
        expected = each["variability"]
        known = [np.nan if expected[key.lower()] is None else np.float32(expected[key.lower()]) for key in MAPS]
        np.testing.assert_allclose([numbers(found[key])[0, place] for key in MAPS], known, rtol=1e-7, err_msg=name)
        assert stored(found["CLASS"])[0, 0, place] == (expected["class"] or -32768)


def test_real_rasters_have_the_values_of_the_reference(real, reference):
    paths, expected = real[0], reference["real"]
    rows, cols = (slice(*expected["window"][name]) for name in ("rows", "cols"))
    cv, detrended = (numbers(paths[name])[rows, cols] for name in ("CV", "CV_DETRENDED"))
    complete = np.isfinite(cv)
    assert complete.sum() == expected["complete_pixels"]
    np.testing.assert_allclose(cv[complete][:20], np.float32(expected["cv_first_20"]), rtol=1e-7)
    assert cv[complete].mean() == pytest.approx(expected["cv_mean"], rel=1e-8)
    assert detrended[complete].mean() == pytest.approx(expected["cv_detrended_mean"], rel=1e-8)
    classes = stored(paths["CLASS"])[0, rows, cols]
    assert classes.dtype == np.int16
    assert {code: int((classes == int(code)).sum()) for code in expected["cv_class_pixels"]} == (
        expected["cv_class_pixels"]
    )


def test_numbers_and_log_of_real_rasters(real):
    paths, feedback = real
    cv = numbers(paths["CV"])
    assert paths["MEAN_CV"] == pytest.approx(np.nanmean(cv), rel=1e-7)
    assert f"41289 pixels: {paths['MEAN_CV']:.4g}" in feedback.log
    assert paths["UNDEFINED_PERCENT"] == 0
    assert feedback.warnings == []


def test_the_legend_has_the_limits(real, tmp_path):
    labels = class_labels(USUAL)
    assert legend(real[0]["CLASS"]) == [(code, labels[code], stability(5)[code]) for code in range(1, 6)]
    stack = np.array([[[1.0, 1.0]], [[1.0, 1.2]], [[1.0, 1.4]]])
    found = varied([write_raster(tmp_path / "x.tif", stack, descriptions=(2001, 2002, 2003))], tmp_path / "out",
                   LIMITS="0.1", MIN_OBSERVATIONS=3)
    assert legend(found["CLASS"]) == [(1, "CV ≤ 0.1", stability(2)[1]), (2, "CV > 0.1", stability(2)[2])]
    assert stored(found["CLASS"])[0].tolist() == [[1, 2]]
    assert [row["label"] for row in table(found["TABLE"])] == ["CV ≤ 0.1", "CV > 0.1"]
    page = Path(found["CHART"]).read_text(encoding="utf-8")
    assert "CV &gt; 0.1" in page and "2001 to 2003" in page


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> str:
    """Twelve years of 24 x 290 cells, whose mean is near 0 in the west, with gaps."""
    rng = np.random.default_rng(31)
    values = rng.normal(np.repeat([0.0, 100.0], [90, 200]), 12, (12, 24, 290))
    values[rng.random(values.shape) < 0.1] = -9999.0
    return write_raster(tmp_path_factory.mktemp("made") / "x.tif", values, nodata=-9999.0, kind="float64",
                        descriptions=range(2001, 2013))


def test_a_mean_near_0_has_no_coefficient(made, tmp_path):
    feedback = Feedback()
    found = varied([made], tmp_path, feedback, REGIONS=polygons({"east": (0, 24, 95, 280), "west": (0, 24, 0, 90)}),
                   REGION_FIELD="name", leave=("CHART",))
    mean, std, cv = (numbers(found[name]) for name in ("MEAN", "STD", "CV"))
    count = np.isfinite(numbers(made)).sum(axis=0)
    clear = np.abs(mean) >= 2 * std / np.sqrt(count)
    assert np.array_equal(np.isfinite(cv), clear)
    np.testing.assert_allclose(cv[clear], (std / np.abs(mean))[clear], rtol=3e-7)
    undefined = int((np.isfinite(mean) & ~clear).sum())
    assert undefined > 1500
    assert found["UNDEFINED_PERCENT"] == pytest.approx(100 * undefined / np.isfinite(mean).sum(), rel=1e-12)
    assert f"{undefined} of {np.isfinite(mean).sum()} pixels with enough values have no" in feedback.log
    classes = stored(found["CLASS"])[0]
    for name, inside in (("all", np.s_[:, :]), ("east", np.s_[:, 95:280]), ("west", np.s_[:, :90])):
        rows = [row for row in table(found["TABLE"]) if row["region"] == name]
        assert {row["class"]: int(row["pixels"]) for row in rows if row["class"]} == {
            str(code): int((classes[inside] == code).sum()) for code in range(1, 6)
        }
        lost = [int(row["pixels"]) for row in rows if row["label"] == "no result"]
        assert lost == ([undefined] if name != "east" else [])


def test_the_same_in_any_blocks_and_threads(made, tmp_path, monkeypatch):
    one = varied([made], tmp_path / "one", THREADS=1)
    monkeypatch.setattr(Run, "block", (256, 16))
    other = varied([made], tmp_path / "other", THREADS=2)
    assert all(identical(one[name], other[name]) for name in (*MAPS, "CLASS"))
    assert Path(one["TABLE"]).read_bytes() == Path(other["TABLE"]).read_bytes()
    assert one["MEAN_CV"] == other["MEAN_CV"]


def test_a_line_is_one_over_the_real_years(tmp_path):
    years = (2001, 2002, 2003, 2010, 2020)
    stack = np.array(years, dtype=float)[:, np.newaxis, np.newaxis] - 1900.0
    layer = write_raster(tmp_path / "x.tif", stack, kind="float64", descriptions=years)
    found = varied([layer], tmp_path / "out", MIN_OBSERVATIONS=5, leave=("CHART",))
    assert numbers(found["CV_DETRENDED"])[0, 0] < 1e-12 < 0.05 < numbers(found["CV"])[0, 0]


def test_a_raster_without_any_coefficient(tmp_path):
    feedback = Feedback()
    stack = np.array([-1.0, 1.0, -1.0, 1.0])[:, np.newaxis, np.newaxis]
    layer = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2005))
    found = varied([layer], tmp_path / "out", feedback, MIN_OBSERVATIONS=3)
    assert "1 of 1 pixel with enough values have no" in feedback.log
    assert "MEAN_CV" not in found
    assert found["UNDEFINED_PERCENT"] == 100


@pytest.mark.parametrize(("options", "part"), [
    ({"LIMITS": "0.1,zwei"}, "'zwei'"), ({"LIMITS": "0.2,0.1"}, "0.1 after 0.2"), ({"MIN_OBSERVATIONS": 13}, "12"),
])
def test_what_makes_no_sense(made, tmp_path, options, part):
    with pytest.raises(QgsProcessingException, match=part):
        varied([made], tmp_path, **options)


def test_limits_in_percent_are_pointed_out(tmp_path):
    """Nine values: a coefficient beyond 1.5 is none, as the mean does not differ from 0."""
    stack = np.array([4.0] * 8 + [40.0])[:, np.newaxis, np.newaxis]
    layer = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2010))
    for limits, warned in (("5,10,15,20", "holds 20,"), ("0.5,1.5", "holds 1.5,"), ("0.5,1.4999", "")):
        feedback = Feedback()
        varied([layer], tmp_path / limits, feedback, LIMITS=limits, leave=("CHART",))
        told = [each for each in feedback.warnings if "LIMITS" in each]
        assert len(told) == bool(warned)
        assert all(warned in each and "of 9 years the coefficient of variation is 1.5 at most" in each for each in told)


def test_limits_are_checked_before_anything_is_read(made):
    tool = algorithm("nep:variability")
    given = {"INPUT": [made], "LIMITS": "0.1,x", "CV": "cv.tif"}
    fits, words = tool.checkParameterValues(given, QgsProcessingContext())
    assert not fits and "'x', which is no number" in words
