"""nep:landcoverstatistics through files: a province with known answers, plain counting, years of the land cover."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.pages import figures
from testkit.rasters import write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

CELL = 900.0  # m2


def statistics(folder, values, landcover, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:landcoverstatistics", folder)
    run("nep:landcoverstatistics", {"INPUT": values, "LANDCOVER": landcover, **options, **paths}, feedback)
    return paths


def rows_of(paths) -> dict:
    """Rows by year and class."""
    return {(int(row["year"]), int(row["class"])): row for row in table(paths["TABLE"])}


def test_the_made_up_province(province, tmp_path):
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))["landcover"]
    files = {
        name: sorted(map(str, province.glob(f"{name}_*.tif")))
        for name in ("npp", "temperature", "precipitation", "landcover")
    }
    nep = str(tmp_path / "nep.tif")
    run("nep:productivity", {
        "NPP": files["npp"], "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700, "FORCING": 2,
        "TEMPERATURE": files["temperature"], "PRECIPITATION": files["precipitation"], "OUTPUT": nep,
    })
    found = rows_of(statistics(tmp_path / "out", [nep], files["landcover"]))
    assert len(truth["nep_by_class"]) > 20
    dates = set(truth["dates"])
    assert {key for key in found if key[0] in dates} == {(row["year"], row["class"]) for row in truth["nep_by_class"]}
    assert {year for year, _ in found} == set(range(2001, 2013))
    for row in truth["nep_by_class"]:
        mine = found[row["year"], row["class"]]
        assert mine["label"] == truth["classes"][str(row["class"])]
        assert int(mine["pixels"]) == row["pixels"]
        assert float(mine["area_km2"]) == row["area_km2"]
        assert float(mine["mean"]) == pytest.approx(row["mean"], rel=1e-6)
        assert float(mine["total_tg"]) == pytest.approx(row["total_tg"], rel=1e-6)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """Seven years of values and three dates of land cover with gaps, as arrays and rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(1)
    values = (rng.normal(size=(7, 37, 530)) * 80 - 20).astype(np.float32).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    cover = rng.integers(1, 6, (3, 37, 530)).astype(float)
    cover[0, 5, 6] = 77  # once
    values[0, 5, 6] = 12.5
    cover[rng.random(cover.shape) < 0.05] = np.nan
    cover[0, 5, 6] = 77
    filled = np.nan_to_num(values, nan=-9999.0)
    series = [write_raster(folder / "nep.tif", filled, nodata=-9999.0, descriptions=range(2003, 2010))]
    dates = [
        write_raster(folder / f"cover_{year}.tif", np.nan_to_num(plane, nan=0), nodata=0, kind="uint8")
        for year, plane in zip((2004, 2007, 2015), cover)
    ]
    return values, cover, series, dates


def test_equals_plain_counting(made, tmp_path):
    values, cover, series, dates = made
    found = rows_of(statistics(tmp_path, series, dates))
    expected = {}
    for year, layer in zip(range(2003, 2010), values):
        plane = cover[0] if year < 2007 else cover[1]
        for code in np.unique(plane[np.isfinite(plane)]):
            inside = layer[(plane == code) & np.isfinite(layer)]
            if inside.size:
                expected[year, int(code)] = inside
    assert set(found) == set(expected)
    assert int(found[2003, 77]["pixels"]) == 1 and float(found[2003, 77]["mean"]) == 12.5
    for key, inside in expected.items():
        row = found[key]
        assert int(row["pixels"]) == inside.size
        assert float(row["area_km2"]) == pytest.approx(inside.size * CELL / 1e6, rel=1e-14)
        assert float(row["mean"]) == pytest.approx(inside.mean(), rel=1e-11)
        assert float(row["std"]) == pytest.approx(inside.std(), rel=1e-11)
        assert float(row["total"]) == pytest.approx(inside.sum() * CELL, rel=1e-11)
        assert float(row["total_tg"]) == pytest.approx(inside.sum() * CELL / 1e12, rel=1e-11)


def test_blocks_do_not_matter(made, tmp_path, monkeypatch):
    _, _, series, dates = made
    one = statistics(tmp_path / "1", series, dates, THREADS=1)
    monkeypatch.setattr(Run, "block", (256, 16))
    other = statistics(tmp_path / "2", series, dates, THREADS=3)
    assert table(one["TABLE"]) == table(other["TABLE"])


def test_the_log_tells_which_land_cover_a_year_takes(made, tmp_path):
    _, _, series, dates = made
    feedback = Feedback()
    statistics(tmp_path, series, dates, feedback)
    assert "  2003: land cover of 2004, the first there is" in feedback.warnings
    assert "  2004 to 2006: land cover of 2004" in feedback.infos
    assert "  2007 to 2009: land cover of 2007" in feedback.infos
    yearly = Feedback()
    plane = gdal.Open(dates[0]).ReadAsArray()
    again = [write_raster(tmp_path / f"again_{year}.tif", plane, kind="uint8") for year in range(2003, 2010)]
    statistics(tmp_path / "yearly", series, again, feedback=yearly)
    assert "  2003 to 2009: land cover of the same year" in yearly.infos


def test_one_land_cover_without_a_year_serves_all(made, tmp_path):
    _, _, series, dates = made
    plane = gdal.Open(dates[0]).ReadAsArray()
    undated = write_raster(tmp_path / "cover.tif", plane, nodata=0, kind="uint8")
    feedback = Feedback()
    one = statistics(tmp_path / "1", series, [undated], feedback)
    assert "The land cover 'cover' has no year: it is taken for all years." in feedback.log
    other = statistics(tmp_path / "2", series, dates[:1])
    assert table(one["TABLE"]) == table(other["TABLE"])


def test_years_of_the_land_cover_given_apart(made, tmp_path):
    _, _, series, dates = made
    planes = [gdal.Open(path).ReadAsArray() for path in dates]
    undated = [
        write_raster(tmp_path / f"{name}.tif", plane, nodata=0, kind="uint8") for name, plane in zip("abc", planes)
    ]
    other = statistics(tmp_path / "2", series, undated, LANDCOVER_YEARS="2004,2007,2015")
    assert table(other["TABLE"]) == table(statistics(tmp_path / "1", series, dates)["TABLE"])
    with pytest.raises(QgsProcessingException, match="No single year could be read"):
        statistics(tmp_path / "3", series, undated)
    # YEARS is for the series; the land cover keeps the years in its names.
    third = statistics(tmp_path / "4", series, dates, YEARS="2003-2009")
    assert table(third["TABLE"]) == table(other["TABLE"])
    with pytest.raises(QgsProcessingException, match="'Years of the land cover' .LANDCOVER_YEARS. holds '20o4'"):
        statistics(tmp_path / "5", series, dates, LANDCOVER_YEARS="20o4")


def test_another_grid_names_the_tool_that_mends_it(made, tmp_path):
    _, _, series, _ = made
    coarse = write_raster(
        tmp_path / "coarse_2004.tif", np.ones((19, 265)), transform=(500000, 60, 0, 4000000, 0, -60), kind="uint8"
    )
    with pytest.raises(QgsProcessingException, match="'coarse_2004' does not lie on the grid of 'nep'.*nep:harmonize"):
        statistics(tmp_path / "out", series, [coarse])
    assert list((tmp_path / "out").iterdir()) == []


def test_fractions_are_no_classes(made, tmp_path):
    _, _, series, _ = made
    plane = np.ones((37, 530))
    plane[30, 400] = 1.25
    averaged = write_raster(tmp_path / "averaged_2004.tif", plane)
    with pytest.raises(QgsProcessingException, match="'averaged_2004' holds 1.25, and a class is a whole number"):
        statistics(tmp_path / "out", series, [averaged])
    assert list((tmp_path / "out").iterdir()) == []


def test_sixty_classes_in_floats(made, tmp_path):
    values, _, series, _ = made
    plane = np.random.default_rng(2).integers(1, 61, (37, 530)).astype(float)
    cover = write_raster(tmp_path / "cover_2001.tif", plane, kind="float64")
    found = rows_of(statistics(tmp_path / "out", series, [cover]))
    assert len(found) == 7 * 60
    inside = values[6][(plane == 60) & np.isfinite(values[6])]
    assert float(found[2009, 60]["mean"]) == pytest.approx(inside.mean(), rel=1e-11)


def test_nothing_in_common(made, tmp_path):
    _, _, series, _ = made
    empty = write_raster(tmp_path / "empty_2004.tif", np.zeros((37, 530)), nodata=0, kind="uint8")
    with pytest.raises(QgsProcessingException, match="No pixel is valid in both 'nep' and 'empty_2004'"):
        statistics(tmp_path / "out", series, [empty])


def test_charts(made, tmp_path):
    _, _, series, dates = made
    paths = statistics(tmp_path, series, dates, CLASS_NAMES="1=Cropland;2=Forest")
    means, totals = (figure["data"] for figure in figures(paths["CHART"]))
    found = rows_of(paths)
    assert [trace["name"] for trace in means] == [
        "Cropland", "Forest", "Class 3", "Class 4", "Class 5", "Class 77 †"
    ]
    # Few pixels make a line of leaps: it waits for a click.
    assert [trace["visible"] for trace in means] == [True] * 5 + ["legendonly"]
    page = Path(paths["CHART"]).read_text(encoding="utf-8")
    assert "shown on a click in the legend: Class 77.</figcaption>" in page
    assert "Classes without a name are shown by their number" in page
    years = list(range(2003, 2010))
    assert means[1]["y"] == pytest.approx([float(found[year, 2]["mean"]) for year in years], rel=1e-14)
    assert totals[0]["y"] == pytest.approx([float(found[year, 1]["total"]) for year in years], rel=1e-14)
    assert {trace["type"] for trace in totals} == {"bar"}


def test_totals_of_what_is_no_carbon_have_their_own_unit(made, tmp_path):
    _, _, series, dates = made
    copy = gdal.Translate(str(tmp_path / "heat.tif"), series[0])
    for band in range(1, 8):
        copy.GetRasterBand(band).SetUnitType("degC")
    copy = None
    paths = statistics(tmp_path / "out", [str(tmp_path / "heat.tif")], dates)
    assert {row["total_tg"] for row in table(paths["TABLE"])} == {""}
    assert all(float(row["total"]) for row in table(paths["TABLE"]))
    totals = figures(paths["CHART"])[1]
    assert totals["layout"]["yaxis"]["title"]["text"] == "Total heat (degC × m²)"
    assert "Tg C" not in Path(paths["CHART"]).read_text(encoding="utf-8").partition("<h2>Annual total")[2]


def test_totals_of_carbon_are_drawn_in_teragrams(made, tmp_path):
    _, _, series, dates = made
    copy = gdal.Translate(str(tmp_path / "nep.tif"), series[0])
    for band in range(1, 8):
        copy.GetRasterBand(band).SetUnitType("gC m-2 yr-1")
    copy = None
    paths = statistics(tmp_path / "out", [str(tmp_path / "nep.tif")], dates)
    totals = figures(paths["CHART"])[1]
    found = rows_of(paths)
    assert totals["data"][0]["y"][0] == pytest.approx(float(found[2003, 1]["total_tg"]), rel=1e-14)
    assert totals["layout"]["yaxis"]["title"]["text"] == "Total NEP (Tg C yr⁻¹)"
    assert "in Tg C (10¹² g)" in Path(paths["CHART"]).read_text(encoding="utf-8")


# Summary, classes left out, least area --------------------------------------------------------------------------------


def by_class(paths, name="SUMMARY") -> dict:
    return {int(row["class"]): row for row in table(paths[name])}


def test_summary_is_that_of_the_table(made, tmp_path):
    _, _, series, dates = made
    paths = statistics(tmp_path, series, dates, CLASS_NAMES="1=Cropland;2=Forest")
    rows, summary = rows_of(paths), by_class(paths)
    assert list(summary) == [1, 2, 3, 4, 5, 77]
    years = list(range(2003, 2010))
    totals, areas = (
        {code: sum(float(rows[year, code][name]) for year in years if (year, code) in rows) / 7 for code in summary}
        for name in ("total", "area_km2")
    )
    for code, row in summary.items():
        means = [(year, float(rows[year, code]["mean"])) for year in years if (year, code) in rows]
        assert row["label"] == rows[means[0][0], code]["label"]
        assert float(row["mean"]) == pytest.approx(np.mean([mean for _, mean in means]), rel=1e-12)
        assert float(row["total"]) == pytest.approx(totals[code], rel=1e-12)
        assert float(row["total_tg"]) == pytest.approx(totals[code] / 1e12, rel=1e-12)
        assert float(row["share"]) == pytest.approx(100 * totals[code] / sum(totals.values()), rel=1e-11)
        assert float(row["area_km2"]) == pytest.approx(areas[code], rel=1e-12)
        assert float(row["area_percent"]) == pytest.approx(100 * areas[code] / sum(areas.values()), rel=1e-12)
        if len(means) > 3:
            assert float(row["slope"]) == pytest.approx(np.polyfit(*zip(*means), 1)[0], rel=1e-8)
            pairs = [(b - a) / (t - s) for s, a in means for t, b in means if t > s]
            assert float(row["sen_slope"]) == pytest.approx(np.median(pairs), rel=1e-12)
    assert list(summary[1]) == [
        "class", "label", "mean", "slope", "sen_slope", "p", "p_ols", "total", "total_tg", "share", "area_km2",
        "area_percent",
    ]
    page = Path(paths["CHART"]).read_text(encoding="utf-8")
    assert "Mean and trend of each class" in page and "p (Mann-Kendall)" in page


def test_classes_left_out_are_as_missing_everywhere(made, tmp_path):
    _, cover, series, dates = made
    feedback = Feedback()
    found = statistics(tmp_path / "1", series, dates, feedback, EXCLUDE="2, 77,8")
    warning = "'Classes to leave out (5,7)' (EXCLUDE) names 8, which no pixel with a value has. The classes are: 1, 2"
    assert any(warning in text for text in feedback.warnings)
    without = [
        write_raster(tmp_path / f"less_{year}.tif", np.nan_to_num(np.where((plane == 2) | (plane == 77), 0, plane)),
                     nodata=0, kind="uint8")
        for year, plane in zip((2004, 2007, 2015), cover)
    ]
    expected = statistics(tmp_path / "2", series, without)
    for name in ("TABLE", "SUMMARY"):
        assert table(found[name]) == table(expected[name])
    charts = [[trace["name"] for trace in figure["data"]] for figure in figures(found["CHART"])]
    assert charts == [["Class 1", "Class 3", "Class 4", "Class 5"]] * 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"EXCLUDE": "water"}, "'Classes to leave out .5,7.' .EXCLUDE. holds 'water', which is no code of a class"),
        ({"EXCLUDE": "1,2,3,4,5,77"}, "names all classes there are: 1, 2, 3, 4, 5, 77. Leave one of them in"),
        ({"MIN_AREA": 99}, "No class has 99 % of the area, as .*MIN_AREA. asks for: the largest has 2"),
    ],
)
def test_nothing_to_show_is_an_error(made, tmp_path, options, message):
    _, _, series, dates = made
    with pytest.raises(QgsProcessingException, match=message):
        statistics(tmp_path / "out", series, dates, **options)
    assert list((tmp_path / "out").iterdir()) == []


def test_small_classes_keep_their_rows_but_are_not_shown(made, tmp_path):
    _, _, series, dates = made
    feedback = Feedback()
    found, whole = (
        statistics(tmp_path / "1", series, dates, feedback, MIN_AREA=0.01), statistics(tmp_path / "2", series, dates)
    )
    assert table(found["TABLE"]) == table(whole["TABLE"])
    expected = by_class(whole)
    assert expected.pop(77)
    assert by_class(found) == expected
    assert "Below 0.01 % of the area, left out of summary and charts: 77 (" in feedback.log
    assert [trace["name"] for trace in figures(found["CHART"])[0]["data"]] == [f"Class {code}" for code in range(1, 6)]
    page = Path(found["CHART"]).read_text(encoding="utf-8")
    assert "Left out, as they have little of the area: 77 (" in page


def test_a_map_of_changes_is_a_land_cover_of_all_years(made, tmp_path):
    values, _, series, _ = made
    rng = np.random.default_rng(5)
    dates = rng.integers(1, 4, (2, 37, 530))
    dates[:, 0, :4] = 0
    covers = [
        write_raster(tmp_path / f"cover_{year}.tif", plane, nodata=0, kind="uint8")
        for year, plane in zip((2003, 2009), dates)
    ]
    change = str(tmp_path / "landcover_change.tif")
    run("nep:landcovertransition", {
        "INPUT": covers, "CLASS_NAMES": "1=Cropland;2=Forest;3=Grass", "CHANGE": change,
        "TRANSITIONS": "TEMPORARY_OUTPUT",
    })
    feedback = Feedback()
    paths = statistics(tmp_path / "out", series, [change], feedback, YEARS="2003-2009")
    assert "has no year: it is taken for all years" in feedback.log
    rows, summary = rows_of(paths), by_class(paths)
    codes = {1000 * a + b for a in (1, 2, 3) for b in (1, 2, 3)}
    assert set(summary) == codes
    for code in codes:
        inside = (dates[0] == code // 1000) & (dates[1] == code % 1000)
        for step, year in enumerate(range(2003, 2010)):
            total = np.nansum(values[step][inside]) * CELL
            assert float(rows[year, code]["total"]) == pytest.approx(total, rel=1e-11)
    assert summary[1002]["label"] == "Cropland to Forest" and summary[3003]["label"] == "Grass, unchanged"
