"""nep:hurst through files: real pixels against nolds, p against a simulation apart, classes, areas and the log."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core import simulation
from nep_toolbox.core.persistence.detrend import Detrend
from nep_toolbox.core.persistence.interval import interval

pytestmark = pytest.mark.usefixtures("provider")

REFERENCE = json.loads(Path(__file__).with_name("hurst_nolds.json").read_text(encoding="utf-8"))
ROW, COL, RAW, RAW_R2, CORRECTED, CORRECTED_R2 = range(6)


def hurst(layers, folder, feedback=None, **options) -> dict:
    """Run the tool on the series as they are, with every result asked for; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:hurst", folder)
    if options.get("METHOD") == 1 or options.get("CORRECTED") is False:  # no interval of other forms
        del paths["LOWER"], paths["UPPER"]
    results = run("nep:hurst", {"INPUT": layers, "DETREND": 0, **options, **paths}, feedback)
    return {**results, **paths}


def noise_mean(feedback) -> float:
    return float(re.search(r"White noise of \d+ steps has a mean H of ([\d.]+)", feedback.log).group(1))


@pytest.fixture(scope="module")
def real(huaihai, tmp_path_factory):
    """All results on 22 real NPP rasters, and the log."""
    feedback = Feedback()
    return hurst(huaihai, tmp_path_factory.mktemp("hurst"), feedback), feedback


@pytest.fixture(scope="module")
def pixels():
    return np.array(REFERENCE["pixels"])


def at(path, pixels) -> np.ndarray:
    return numbers(path)[pixels[:, ROW].astype(int), pixels[:, COL].astype(int)]


def test_real_pixels_equal_nolds(real, pixels):
    paths, _ = real
    assert len(pixels) == 120
    np.testing.assert_allclose(at(paths["HURST"], pixels), pixels[:, CORRECTED], rtol=0, atol=1e-6)
    np.testing.assert_allclose(at(paths["RSQUARED"], pixels), pixels[:, CORRECTED_R2], rtol=0, atol=1e-6)


def test_raw_values_equal_nolds(huaihai, pixels, tmp_path):
    feedback = Feedback()
    paths = hurst(huaihai, tmp_path, feedback, CORRECTED=False)
    np.testing.assert_allclose(at(paths["HURST"], pixels), pixels[:, RAW], rtol=0, atol=1e-6)
    np.testing.assert_allclose(at(paths["RSQUARED"], pixels), pixels[:, RAW_R2], rtol=0, atol=1e-6)
    assert "raw" in feedback.log and not feedback.warnings
    assert noise_mean(feedback) > 0.6, "the bias of the raw estimator must be told"


def test_every_complete_pixel_has_a_value_and_no_other(real, huaihai):
    paths, _ = real
    complete = np.isfinite([gdal.Open(layer).ReadAsArray() for layer in huaihai]).all(axis=0)
    assert complete.sum() == 41289
    for name in ("HURST", "PVALUE", "RSQUARED", "LOWER", "UPPER"):
        assert np.array_equal(np.isfinite(numbers(paths[name])), complete), name
    assert np.array_equal(stored(paths["CLASS"])[0] != -32768, complete)


def test_classes_follow_the_exponent_and_the_table_the_classes(real):
    paths, feedback = real
    exponent, codes = numbers(paths["HURST"]), stored(paths["CLASS"])[0]
    for code, chosen in ((1, exponent < 0.5), (2, exponent > 0.5)):
        # A value next to 0.5 may round to it in Float32.
        assert not np.any(chosen & (codes != code))
    # The area of a cell on the ellipsoid, by integrating the zone between two parallels in a thousand strips.
    x0, width, _, y0, _, height = gdal.Open(paths["CLASS"]).GetGeoTransform()
    area = np.array([strips(y0 + height * row, y0 + height * (row + 1), width) for row in range(codes.shape[0])])
    rows = table(paths["TABLE"])
    assert [row["class"] for row in rows] == ["2", "0", "1"]
    total = sum((codes == code).sum(axis=1) @ area for code in (0, 1, 2))
    for row in rows:
        chosen = codes == int(row["class"])
        assert int(row["pixels"]) == chosen.sum()
        assert float(row["area_km2"]) == pytest.approx(chosen.sum(axis=1) @ area / 1e6, rel=1e-8)
        assert float(row["percent"]) == pytest.approx(100 * (chosen.sum(axis=1) @ area) / total, rel=1e-8, abs=1e-9)
        assert row["label"][0].isupper()
        assert f"{row['label']}: {chosen.sum()} pixels" in feedback.log


def strips(south, north, width) -> float:
    """Area between two parallels over ``width`` degrees on WGS84: the sum of N cos(lat) M dlat dlon."""
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    edges = np.radians(np.linspace(south, north, 1001))
    middle = (edges[1:] + edges[:-1]) / 2
    w2 = 1 - e2 * np.sin(middle) ** 2
    element = a * np.cos(middle) / np.sqrt(w2) * a * (1 - e2) / w2**1.5
    return float(abs((element * np.diff(edges)).sum()) * np.radians(width))


def plain_hurst(series) -> float:
    """The definition (pieces from length 4 on, corrected), a number at a time."""
    points = []
    for length in range(4, len(series) // 2 + 1):
        ratios = []
        for start in range(0, len(series) - length + 1, length):
            piece = series[start : start + length]
            path = np.cumsum(piece - piece.mean())
            ratios.append((path.max() - path.min()) / piece.std(ddof=1))
        # Anis and Lloyd in Peters' form
        terms = sum(np.sqrt((length - i) / i) for i in range(1, length))
        factor = math.gamma((length - 1) / 2) / (math.sqrt(math.pi) * math.gamma(length / 2))
        expected = (length - 0.5) / length * factor * terms
        points.append((np.log(length), np.log(np.mean(ratios)) - np.log(expected)))
    return 0.5 + np.polyfit(*zip(*points), 1)[0]


def test_p_values_against_a_simulation_of_its_own(real, pixels):
    paths, feedback = real
    rng = np.random.default_rng(77)
    null = np.sort([plain_hurst(rng.standard_normal(22)) for _ in range(3000)])
    exponent, found = at(paths["HURST"], pixels), at(paths["PVALUE"], pixels)
    below = np.searchsorted(null, exponent) / null.size
    expected = 2 * np.minimum(below, 1 - below)
    # Four standard errors of a share of 3000, doubled for two sides, at its widest.
    np.testing.assert_allclose(found, expected, rtol=0, atol=4 * 2 * 0.5 / np.sqrt(3000))
    assert noise_mean(feedback) == pytest.approx(null.mean(), abs=4 * null.std() / np.sqrt(3000) + 5e-4)
    assert 0.49 < noise_mean(feedback) < 0.51
    assert paths["WHITE_NOISE_MEAN"] == pytest.approx(noise_mean(feedback), abs=5e-4)
    share = 100 * (null > 0.5).mean()
    assert paths["WHITE_NOISE_PERSISTENT"] == pytest.approx(share, abs=4 * 50 / np.sqrt(3000))
    said = re.search(r"and (\d+) % of such series have an H above 0.5", feedback.log)
    assert float(said[1]) == pytest.approx(paths["WHITE_NOISE_PERSISTENT"], abs=0.5)


def test_gaps_use_the_valid_values_in_order(huaihai, tmp_path):
    stack = np.array([gdal.Open(layer).ReadAsArray()[80:84, 80:90] for layer in huaihai])
    gapped = np.insert(stack, [3, 9, 9, 20], np.nan, axis=0)
    names = list(range(2001, 2027))
    one = write_raster(tmp_path / "whole_2001-2022.tif", stack, descriptions=names[:22])
    other = write_raster(tmp_path / "gaps.tif", gapped, descriptions=names)
    whole, gaps = hurst([one], tmp_path / "a"), hurst([other], tmp_path / "b")
    for name in ("HURST", "CLASS", "RSQUARED", "PVALUE", "LOWER", "UPPER"):
        assert np.array_equal(stored(whole[name]), stored(gaps[name])), name
    assert np.isfinite(numbers(gaps["HURST"])).any()


def test_a_constant_raster_is_said_to_be_one(tmp_path):
    feedback = Feedback()
    path = write_raster(tmp_path / "npp.tif", np.full((14, 2, 3), 7.0), descriptions=range(2001, 2015))
    paths = hurst([path], tmp_path / "out", feedback)
    assert np.isnan(numbers(paths["HURST"])).all() and table(paths["TABLE"])[-1]["pixels"] == "6"
    assert [text for text in feedback.warnings if "No pixel" in text][0].endswith("too few, or all the same.")


def test_constant_short_and_just_long_enough(tmp_path):
    rng = np.random.default_rng(4)
    stack = rng.normal(300, 20, (20, 1, 4))
    stack[:, 0, 1] = 250.0
    stack[:9, 0, 2] = np.nan  # eleven values
    stack[:8, 0, 3] = np.nan  # twelve
    layer = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2021))
    paths = hurst([layer], tmp_path / "out")
    assert np.isfinite(numbers(paths["HURST"])).tolist() == [[True, False, False, True]]
    assert stored(paths["CLASS"])[0, 0, 1:3].tolist() == [-32768, -32768]
    assert stored(paths["HURST"])[0, 0, 1] == -9999


def test_result_does_not_depend_on_threads_memory_or_order(huaihai, real, tmp_path):
    paths, _ = real
    other = hurst(huaihai[::-1], tmp_path, THREADS=5, MEMORY=16)
    for name, path in paths.items():
        if name == "TABLE":
            assert table(path) == table(other[name])
        elif isinstance(path, float):
            assert path == other[name]
        else:
            assert identical(path, other[name]), name


def test_expanding_windows(huaihai, tmp_path):
    feedback = Feedback()
    paths = hurst(huaihai[:14], tmp_path, feedback, METHOD=1, CORRECTED=False)
    stack = np.array([gdal.Open(layer).ReadAsArray() for layer in huaihai[:14]], dtype=float)
    for row, col in ((60, 60), (100, 120), (150, 30)):
        x = stack[:, row, col]
        points = []
        for length in range(4, 15):
            part = x[:length]
            path = np.cumsum(part - part.mean())
            points.append((np.log(length), np.log((path.max() - path.min()) / part.std())))
        assert numbers(paths["HURST"])[row, col] == pytest.approx(np.polyfit(*zip(*points), 1)[0], abs=1e-6)
    assert "expanding" in feedback.log


def test_too_few_lengths_of_windows_are_refused(huaihai, tmp_path):
    with pytest.raises(QgsProcessingException, match="fewer than three lengths of windows.*MIN_WINDOW"):
        hurst(huaihai, tmp_path, MIN_WINDOW=10)
    with pytest.raises(QgsProcessingException, match="'Minimum number of valid values' .MIN_OBSERVATIONS. asks for 12"):
        hurst(huaihai[:11], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_styles_come_back_with_the_file(real):
    paths, _ = real
    classes = QgsRasterLayer(paths["CLASS"], "again")
    assert [entry.label for entry in classes.renderer().classes()] == [
        "Persistent (H > 0.5)", "Random (H = 0.5)", "Anti-persistent (H < 0.5)",
    ]
    exponent = QgsRasterLayer(paths["HURST"], "again")  # which owns the shader
    shader = exponent.renderer().shader().rasterShaderFunction()
    assert (shader.minimumValue() + shader.maximumValue()) / 2 == pytest.approx(0.5)


def test_the_log_tells_where_h_is_chance_and_where_it_rests_on_few_values(real, tmp_path):
    paths, feedback = real
    found, p = numbers(paths["HURST"]), numbers(paths["PVALUE"])
    pixels, significant = np.isfinite(found).sum(), (p < 0.05).sum()
    said = re.search(r"\(p < 0.05\) in (\d+) of (\d+) pixels, (\S+) %; chance alone makes it 5 %", feedback.log)
    assert [int(said[1]), int(said[2])] == [significant, pixels]
    assert float(said[3]) == pytest.approx(100 * significant / pixels, abs=0.051)
    assert paths["SIGNIFICANT_PERCENT"] == 100 * significant / pixels
    assert paths["MEAN_H"] == pytest.approx(np.nanmean(found), abs=1e-8)
    assert "distinct values" not in feedback.log

    stack = np.random.default_rng(4).normal(300, 20, (20, 1, 4))
    stack[:, 0, 1] = 0.0
    stack[[3, 8, 13], 0, 1] = [0.024, 0.033, 0.007]  # the sea of a product of leaf area
    stack[:, 0, 2] = 250.0
    layer = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2021))
    feedback = Feedback()
    results = run("nep:hurst", {
        "INPUT": [layer], "HURST": str(tmp_path / "h.tif"), "TABLE": str(tmp_path / "t.csv"),
    }, feedback)
    assert "SIGNIFICANT_PERCENT" not in results
    assert results["MEAN_H"] == pytest.approx(np.nanmean(numbers(tmp_path / "h.tif")), abs=1e-7)
    assert "1 of 3 pixels have fewer than 5 distinct values in the whole series" in feedback.log
    assert "p < 0.05" not in feedback.log
    last = table(tmp_path / "t.csv")[-1]
    assert (last["label"], last["pixels"], float(last["percent"])) == ("no result", "1", pytest.approx(25))


@pytest.mark.parametrize("detrend", [1, 2])
def test_the_line_of_each_pixel_is_taken_out(tmp_path, detrend):
    from scipy.stats import theilslopes

    years = np.array([*range(2001, 2012), *range(2014, 2026)])
    values = np.random.default_rng(8).normal(300, 30, (23, 4, 5))
    line = np.multiply.outer(years - 2001.0, np.linspace(-40, 40, 20).reshape(4, 5))
    results, feedback = [], Feedback()
    for name, stack in (("plain", values), ("steep", values + line)):
        source = write_raster(tmp_path / f"{name}.tif", stack, kind="float64", descriptions=years)
        results.append(hurst([source], tmp_path / name, feedback, **{"DETREND": detrend} if detrend == 2 else {
            "DETREND": None,  # as of a model that does not name it
        }))
    plain, steep = (numbers(each["HURST"]) for each in results)
    np.testing.assert_allclose(steep, plain, rtol=0, atol=1e-6)
    for row, col in np.ndindex(4, 5):
        series = values[:, row, col]
        slope = np.polyfit(years, series, 1)[0] if detrend == 1 else theilslopes(series, years)[0]
        assert plain[row, col] == pytest.approx(plain_hurst(series - slope * years), abs=1e-6)
    said = {1: "Least-squares line", 2: "Theil-Sen line"}[detrend]
    assert f"Detrending: {said}" in feedback.infos
    kept = hurst([str(tmp_path / "steep.tif")], tmp_path / "kept")
    assert (numbers(kept["HURST"]) - steep).max() > 0.3
    assert results[0]["WHITE_NOISE_MEAN"] < kept["WHITE_NOISE_MEAN"]


def test_every_series_of_the_reference_through_a_raster(shared, tmp_path):
    entries = json.loads((shared / "reference/hurst_detrend.json").read_text(encoding="utf-8"))["series"]
    kinds, compared = ("none", "ols", "sen"), 0
    by_years = {}
    for entry in entries.values():
        by_years.setdefault(tuple(map(int, entry["t"])), []).append(entry)
    for number, (years, group) in enumerate(by_years.items()):
        stack = np.array([entry["x"] for entry in group], dtype=float).T[:, np.newaxis]
        source = write_raster(tmp_path / f"{number}.tif", stack, kind="float64", descriptions=years)
        for detrend, kind in enumerate(kinds):
            for form, corrected in (("pieces_corrected", True), ("pieces_raw", False)):
                path = str(tmp_path / f"{number}_{kind}_{form}.tif")
                run("nep:hurst", {"INPUT": [source], "DETREND": detrend, "CORRECTED": corrected, "HURST": path})
                expected = [np.nan if entry["results"][kind] is None else entry["results"][kind][form]
                            for entry in group]
                np.testing.assert_allclose(numbers(path)[0], expected, rtol=0, atol=1e-6)
                compared += len(group)
    assert compared == 21 * 3 * 2


def test_limits_are_those_of_another_simulation(huaihai, shared, tmp_path):
    reference = json.loads((shared / "reference/hurst_interval.json").read_text(encoding="utf-8"))
    curves, grid = np.array(reference["curves"]["n20|ols"]), reference["meta"]["grid"]
    feedback = Feedback()
    paths = hurst(huaihai[:20], tmp_path, feedback, DETREND=1)
    exponent, lower, upper = (numbers(paths[name]) for name in ("HURST", "LOWER", "UPPER"))
    there = np.isfinite(exponent)
    for found, limit in zip((lower, upper), interval(exponent, 20, 90.0, detrend=Detrend.OLS)):
        np.testing.assert_allclose(found, limit, rtol=0, atol=1e-6)
    for found, column in ((lower, 4), (upper, 2)):
        expected = np.interp(exponent[there], np.maximum.accumulate(curves[:, column]), grid)
        off = np.abs(found[there] - expected)
        # The curves of both rest on 20,000 series; where one is nearly flat, near an H of 1, it moves the limit more.
        assert (off <= 0.03).mean() > 0.998 and off.max() < 0.05
    assert (lower[there] <= upper[there]).all() and np.isfinite(lower[there]).all()
    half = 100 * ((lower <= 0.5) & (upper >= 0.5)).sum() / there.sum()
    assert paths["INTERVALS_WITH_HALF"] == pytest.approx(half, abs=0.01)
    assert paths["INTERVAL_WIDTH"] == pytest.approx((upper - lower)[there].mean(), abs=1e-6)
    said = re.search(
        r"Intervals of 90 % are (\S+) wide in the mean, and 0.5 lies in (\d+) of (\d+), (\S+) %", feedback.log
    )
    assert int(said[3]) == there.sum() and paths["INTERVALS_WITH_HALF"] == 100 * int(said[2]) / int(said[3])
    assert [float(said[1]), float(said[4])] == pytest.approx(
        [paths["INTERVAL_WIDTH"], paths["INTERVALS_WITH_HALF"]], abs=0.051)
    [warning] = feedback.warnings
    assert "how well 20 values tell this H" in warning and "no limits of a forecast" in warning
    layer = QgsRasterLayer(paths["LOWER"], "again")
    shader = layer.renderer().shader().rasterShaderFunction()
    assert (shader.minimumValue(), shader.maximumValue()) == (0.0, 1.0)


def test_one_limit_alone_and_the_level_of_a_model_that_does_not_name_it(huaihai, tmp_path):
    stack = np.array([gdal.Open(layer).ReadAsArray()[80:84, 80:90] for layer in huaihai[:14]])
    source = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2015))
    results = {}
    for name, level in (("plain", {}), ("none", {"CONFIDENCE": None}), ("ninety", {"CONFIDENCE": 90}),
                        ("narrow", {"CONFIDENCE": 60})):
        results[name] = run("nep:hurst", {
            "INPUT": [source], **level, "HURST": str(tmp_path / "h.tif"), "UPPER": str(tmp_path / f"{name}.tif"),
        })
    upper = {name: numbers(tmp_path / f"{name}.tif") for name in results}
    assert np.array_equal(upper["plain"], upper["none"]) and np.array_equal(upper["plain"], upper["ninety"])
    assert (upper["narrow"] <= upper["plain"]).all() and (upper["narrow"] < upper["plain"]).any()
    assert results["narrow"]["INTERVAL_WIDTH"] < results["plain"]["INTERVAL_WIDTH"] == results["none"]["INTERVAL_WIDTH"]
    assert results["narrow"]["INTERVALS_WITH_HALF"] < results["plain"]["INTERVALS_WITH_HALF"]
    bare = run("nep:hurst", {"INPUT": [source], "HURST": str(tmp_path / "h.tif")})
    assert not {"INTERVAL_WIDTH", "INTERVALS_WITH_HALF"} & set(bare)


@pytest.mark.parametrize(("form", "limit"), [({"METHOD": 1}, "LOWER"), ({"CORRECTED": False}, "UPPER")])
def test_limits_of_another_form_are_refused_before_anything_is_done(huaihai, form, limit, tmp_path):
    made, feedback = {"HURST": str(tmp_path / "h.tif"), limit: str(tmp_path / "l.tif")}, Feedback()
    with pytest.raises(QgsProcessingException, match=r"\(LOWER\).*for no other form.*Set 'Windows' \(METHOD\) to pie"):
        run("nep:hurst", {"INPUT": huaihai, **form, **made}, feedback)
    assert list(tmp_path.iterdir()) == [] and not feedback.log


def test_the_progress_bar_moves_while_noise_is_simulated(huaihai, tmp_path, monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    feedback, told = Feedback(), []
    feedback.progressChanged.connect(told.append)
    hurst(huaihai[:16], tmp_path, feedback, DETREND=1)
    assert told == sorted(told) and told[-1] == pytest.approx(100)
    assert sum(share < 5.0 for share in told) >= 9 and sum(5.0 < share < 15.0 for share in told) >= 75
