"""nep:breakpoint through files: the reference, real rasters, the legend of years, table, chart, numbers, errors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsNumericFormatContext, QgsProcessingException, QgsRasterLayer
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.colours import TIME, channels
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

MAPS = ("BREAK_YEAR", "PVALUE", "SLOPE_BEFORE", "SLOPE_AFTER", "TURN", "PVALUE_BEFORE", "PVALUE_AFTER")
KEYS = ("pettitt", "hinge", "two_lines")
METHODS = pytest.mark.parametrize("method", [0, 1, 2])


def broken(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:breakpoint", folder)
    return {**run("nep:breakpoint", {"INPUT": layers, **options, **paths}, feedback), **paths}


def legend(path) -> list:
    """Code, label and colour of each entry."""
    layer = QgsRasterLayer(path, "again")  # which owns the renderer
    return [(int(entry.value), entry.label, entry.color.name()) for entry in layer.renderer().classes()]


@pytest.fixture(scope="module")
def real(huaihai, tmp_path_factory):
    """All results on 22 real NPP rasters, and the log, by method."""
    found = []
    for method in range(3):
        feedback = Feedback()
        folder = tmp_path_factory.mktemp(KEYS[method])
        found.append((broken(huaihai, folder, feedback, METHOD=method), feedback))
    return found


@METHODS
def test_the_reference_through_files(shared, tmp_path, method):
    cases = json.loads((shared / "reference/breakpoint.json").read_text(encoding="utf-8"))["series"]
    compared = 0
    for length in {len(case["x"]) for case in cases.values()}:
        for times in {tuple(case["t"]) for case in cases.values() if len(case["x"]) == length}:
            alike = {name: case for name, case in cases.items() if tuple(case["t"]) == times and KEYS[method] in case}
            if not alike:
                continue
            stack = np.array([case["x"] for case in alike.values()]).T[:, np.newaxis]
            folder = tmp_path / str(compared)
            layer = write_raster(folder / "x.tif", stack, kind="float64", descriptions=[int(each) for each in times])
            maps = {name: numbers(path)[0] for name, path in broken([layer], folder / "out", METHOD=method).items()
                    if name in MAPS}
            for place, case in enumerate(alike.values()):
                compare({name: values[place] for name, values in maps.items()}, case[KEYS[method]], case["x"])
                compared += 1
    assert compared == (15 if method == 0 else 14)


def compare(found: dict, expected: dict, series: list) -> None:
    """A pixel of the maps with the numbers of the reference, in single precision."""
    p = expected.get("p_simulated", expected["p"])
    assert found["PVALUE"] == pytest.approx(p, abs=max(0.012, 4 * np.sqrt(p * (1 - p) / 20_000)))
    if not expected.get("K", 1):
        assert np.isnan(found["BREAK_YEAR"]) and found["TURN"] == 0
        return
    assert found["BREAK_YEAR"] == expected.get("break_year", expected.get("first_year_after"))
    if "K" in expected:
        up = np.median(series[expected["k"] :]) > np.median(series[: expected["k"]])
        assert found["TURN"] == (0 if found["PVALUE"] >= 0.05 else 8 if up else 9)
        return
    assert found["TURN"] == expected["turn_alpha05"]
    for name, key in (("SLOPE_BEFORE", "sen_before"), ("SLOPE_AFTER", "sen_after"), ("PVALUE_BEFORE", "mk_p_before"),
                      ("PVALUE_AFTER", "mk_p_after")):
        assert found[name] == pytest.approx(expected[key], rel=1e-6, abs=1e-9)


@METHODS
def test_real_rasters(real, method):
    paths, feedback = real[method]
    years, p, turns = stored(paths["BREAK_YEAR"])[0], numbers(paths["PVALUE"]), stored(paths["TURN"])[0]
    assert years.dtype == turns.dtype == np.int16
    tested = np.isfinite(p)
    assert tested.sum() == 41289
    np.testing.assert_array_equal(turns != -32768, tested)
    np.testing.assert_array_equal(years != -32768, tested)
    first, last = (2002, 2022) if method == 0 else (2005, 2017)
    assert (years[tested].min(), years[tested].max()) >= (first, last - 2) and years[tested].max() <= last
    np.testing.assert_array_equal(turns[tested] > 0, p[tested] < 0.05)
    before, after = numbers(paths["SLOPE_BEFORE"]), numbers(paths["SLOPE_AFTER"])
    if method:
        assert (before[turns == 2] < 0).all() and (after[turns == 2] > 0).all() and (turns == 2).sum() > 300
        assert (before[turns == 1] > 0).all() and (after[turns == 1] < 0).all() and (turns == 1).sum() > 300
        assert (after[turns == 3] > before[turns == 3]).all() and (before[turns == 3] > 0).all()
    significant = int((p < 0.05).sum())
    assert paths["SIGNIFICANT_PERCENT"] == 100 * significant / 41289
    assert f"(p < 0.05) in {significant} of 41289 pixels" in feedback.log
    assert "chance alone makes it 5 %" in feedback.log
    kinds, counts = np.unique(years[tested & (p < 0.05)], return_counts=True)
    assert paths["MAIN_YEAR"] == kinds[counts.argmax()]
    assert f"commonest year of a significant break is {kinds[counts.argmax()]}: {counts.max()} pixels" in feedback.log
    said = ("the first year of the new level", "the last year of the first part")[method > 0]
    assert f"the year is {said}" in feedback.log
    assert re.search(r"against 20000 series of white noise of 22 values", feedback.log)


@METHODS
def test_table_and_legend_of_turns(real, method):
    paths, feedback = real[method]
    codes, rows = stored(paths["TURN"])[0], table(paths["TABLE"])
    expected = [8, 9, 0] if method == 0 else [2, 3, 4, 7, 6, 5, 1, 0]
    assert [int(row["class"]) for row in rows] == expected
    assert [int(row["pixels"]) for row in rows] == [int((codes == code).sum()) for code in expected]
    assert sum(float(row["percent"]) for row in rows) == pytest.approx(100)
    assert [entry[:2] for entry in legend(paths["TURN"])] == [(int(row["class"]), row["label"]) for row in rows]
    for row in rows:
        assert f"{row['label']}: {row['pixels']} pixel" in feedback.log


@METHODS
def test_the_legend_of_years_names_those_that_occur_from_dark_to_light(real, method):
    paths, _feedback = real[method]
    years = stored(paths["BREAK_YEAR"])[0]
    entries = legend(paths["BREAK_YEAR"])
    assert [code for code, _label, _colour in entries] == sorted(set(years.ravel().tolist()) - {-32768})
    assert [label for _code, label, _colour in entries] == [str(code) for code, _label, _colour in entries]
    lightness = [sum(weight * part for weight, part in zip((0.299, 0.587, 0.114), channels(colour)))
                 for _code, _label, colour in entries]
    assert lightness == sorted(lightness) and len(set(lightness)) == len(entries)
    # the whole ramp, whose ends are the first and the last year that can be
    if method:
        assert (entries[0][0], entries[0][2], entries[-1][0], entries[-1][2]) == (2005, TIME[0], 2017, TIME[-1])


def test_a_year_has_one_colour_whatever_years_occur(tmp_path):
    years, found = range(2001, 2021), {}
    for name, bends in (("one", [9]), ("more", [6, 9, 12])):
        stack = np.stack([np.maximum(np.arange(20.0) - bend, 0) for bend in bends], axis=1)[:, np.newaxis]
        stack += np.random.default_rng(1).normal(0, 0.01, stack.shape)
        layer = write_raster(tmp_path / f"{name}.tif", stack, descriptions=years)
        paths = broken([layer], tmp_path / name)
        found[name] = {code: colour for code, _label, colour in legend(paths["BREAK_YEAR"])}
    assert sorted(found["more"]) == [2007, 2010, 2013] and len(set(found["more"].values())) == 3
    assert found["one"] == {2010: found["more"][2010]}


@pytest.mark.parametrize(("count", "named"), [(39, True), (40, False)])
def test_the_legend_of_many_years_is_a_scale(tmp_path, count, named):
    years = range(1960, 1960 + count)
    layer = write_raster(tmp_path / "x.tif", np.random.default_rng(2).normal(size=(count, 9, 9)), descriptions=years)
    path = broken([layer], tmp_path / "out")["BREAK_YEAR"]
    layer = QgsRasterLayer(path, "again")
    assert (layer.renderer().type() == "paletted") == named
    if not named:
        function = layer.renderer().shader().rasterShaderFunction()
        stops = function.colorRampItemList()
        plain = function.legendSettings().numericFormat()
        assert plain.formatDouble(1964, QgsNumericFormatContext()) == "1964"  # without a separator of thousands
        assert [stop.color.name() for stop in stops] == list(TIME)
        assert (stops[0].label, stops[-1].label) == ("1964", str(1960 + count - 6))


@METHODS
def test_the_chart_holds_the_share_of_each_year(real, method):
    paths, feedback = real[method]
    page = Path(paths["CHART"]).read_text(encoding="utf-8")
    years, p = stored(paths["BREAK_YEAR"])[0], numbers(paths["PVALUE"])
    assert "Break points: NPP" in page and "What the series does at its break" in page
    assert "the others may be chance alone" in page
    for said in (page, feedback.log):
        assert ("a steady trend is a step too" in said) == (method == 0)
    rows = re.findall(r"<tr><td[^>]*>(20\d\d)</td>(.*?)</tr>", page)
    assert [int(year) for year, _cells in rows] == list(range(2001, 2023))
    shares = np.array([[float(cell.replace(",", "")) for cell in re.findall(r"<td[^>]*>([^<]*)</td>", cells)]
                       for _year, cells in rows])
    for place, year in enumerate(range(2001, 2023)):
        for column, chosen in ((1, (years == year) & (p < 0.05)), (3, (years == year) & (p >= 0.05))):
            assert shares[place, column] == pytest.approx(100 * chosen.sum() / 41289, abs=0.05)  # areas differ a little
            assert (shares[place, column] == 0) == (not chosen.any())
    assert shares[:, [1, 3]].sum() == pytest.approx(100, abs=1e-3)


@METHODS
def test_result_does_not_depend_on_blocks_threads_or_order(huaihai, real, tmp_path, monkeypatch, method):
    paths, _feedback = real[method]
    monkeypatch.setattr(Run, "block", (67, 41))
    other = broken(huaihai[::-1], tmp_path, METHOD=method, THREADS=3, MEMORY=64)
    for name in MAPS:
        assert identical(paths[name], other[name]), name
    assert table(paths["TABLE"]) == table(other["TABLE"])
    assert Path(paths["CHART"]).read_bytes() == Path(other["CHART"]).read_bytes()
    for name in ("SIGNIFICANT_PERCENT", "MAIN_YEAR"):
        assert paths[name] == other[name]


def test_gaps_constant_pixels_and_too_few_values(tmp_path):
    rng = np.random.default_rng(3)
    years = [*range(2001, 2010), *range(2012, 2023)]
    bend = np.maximum(np.array(years) - 2008, 0.0)
    stack = rng.normal(0, 0.2, (20, 1, 5)) + bend[:, np.newaxis, np.newaxis]
    stack[[2, 15], 0, 1] = -9999
    stack[:9, 0, 2] = -9999  # eleven values
    stack[:, 0, 3] = 250.0
    stack[:, 0, 4] = 0.5 * np.array(years)
    layer = write_raster(tmp_path / "x.tif", stack, kind="float64", nodata=-9999, descriptions=years)
    paths = broken([layer], tmp_path / "out")
    assert stored(paths["BREAK_YEAR"])[0, 0].tolist() == [2008, 2008, -32768, -32768, -32768]
    assert stored(paths["TURN"])[0, 0].tolist()[2:] == [-32768, -32768, 0]
    p = numbers(paths["PVALUE"])[0]
    assert (p[:2] < 0.001).all() and np.isnan(p[2:4]).all() and p[4] == 1
    rows = table(paths["TABLE"])
    assert (rows[-1]["class"], rows[-1]["label"], rows[-1]["pixels"]) == ("", "no result", "1")
    step = broken([layer], tmp_path / "step", METHOD=0)
    assert np.isnan(numbers(step["PVALUE"])[0]).tolist() == [False, False, True, False, False]
    assert stored(step["TURN"])[0, 0].tolist()[3] == 0 and stored(step["BREAK_YEAR"])[0, 0, 3] == -32768
    assert [row["label"] for row in table(step["TABLE"])] == ["Step up", "Step down", "No significant break"]
    # the year after the gap is the first of the new level: the step lies between 2009 and 2012
    jump = np.where(np.array(years) > 2010, 5.0, 0.0)[:, np.newaxis, np.newaxis] + rng.normal(0, 0.2, (20, 1, 1))
    layer = write_raster(tmp_path / "y.tif", jump, descriptions=years)
    assert stored(broken([layer], tmp_path / "jump", METHOD=0)["BREAK_YEAR"]).tolist() == [[[2012]]]


def test_no_pixel_with_a_break_gives_no_numbers(tmp_path):
    layer = write_raster(tmp_path / "x.tif", np.full((20, 2, 2), 4.0), descriptions=range(2001, 2021))
    feedback = Feedback()
    results = broken([layer], tmp_path / "out", feedback)
    assert "SIGNIFICANT_PERCENT" not in results and "MAIN_YEAR" not in results
    assert "No pixel has a result" in feedback.log
    step = broken([layer], tmp_path / "step", METHOD=0)
    assert step["SIGNIFICANT_PERCENT"] == 0 and "MAIN_YEAR" not in step
    assert QgsRasterLayer(step["BREAK_YEAR"], "years").isValid()


def test_the_approximation_and_the_level_of_significance(huaihai, real, tmp_path):
    feedback = Feedback()
    paths = broken(huaihai, tmp_path, feedback, METHOD=0, P_METHOD=1, ALPHA=0.2)
    assert "the approximation of Pettitt" in feedback.log and "white noise" not in feedback.log
    simulated, p = numbers(real[0][0]["PVALUE"]), numbers(paths["PVALUE"])
    tested = np.isfinite(p)
    assert (p[tested] > simulated[tested]).mean() > 0.9
    np.testing.assert_array_equal(stored(paths["TURN"])[0][tested] > 0, p[tested] < 0.2)
    assert "(p < 0.2)" in feedback.log and "by this approximation chance alone makes it less than 20 %" in feedback.log


def test_settings_that_are_refused(huaihai, tmp_path):
    for options, message in (
        ({"METHOD": 1, "P_METHOD": 1}, r"'p-value from' \(P_METHOD\) is the approximation of Pettitt.*steps alone"),
        ({"MIN_SEGMENT": 12}, r"has 22 time steps, but 'Shortest part' \(MIN_SEGMENT\) asks for 24"),
        ({"MIN_OBSERVATIONS": 23}, r"MIN_OBSERVATIONS\) asks for 23"),
        ({"MIN_SEGMENT": 2}, "MIN_SEGMENT"),
    ):
        with pytest.raises(QgsProcessingException, match=message):
            broken(huaihai, tmp_path, **options)
    assert list(tmp_path.iterdir()) == []
    assert broken(huaihai, tmp_path / "step", METHOD=0, MIN_SEGMENT=12)["MAIN_YEAR"] == 2014
