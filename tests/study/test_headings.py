"""Tables as readers see them."""

from __future__ import annotations

import pytest
from testkit.study import study

from nep_toolbox.study import headings

TABLES, SETTINGS = study()


def table(section: str, name: str, **settings) -> headings.Shown:
    """A table of the sample study."""
    found = headings.section_tables(section, TABLES, {**SETTINGS, **settings})
    return next(each for each in found if each.name == name)


def test_headings_carry_units():
    heading = {name: text for name, text, _ in table("f2", "fig02_annual").columns}
    assert heading["mean"] == "Mean (gC m⁻² yr⁻¹)"
    assert heading["std"] == "Standard deviation of the pixels (gC m⁻² yr⁻¹)"
    assert heading["total_tg"] == "Total (Tg C)"
    assert heading["precipitation"] == "Precipitation (mm)"
    assert heading["year"] == "Year"
    slope = {name: text for name, text, _ in table("f3", "fig03_regions").columns}["sen_slope"]
    assert slope == "Theil–Sen slope (gC m⁻² yr⁻¹ per year)"


def test_numbers_are_written_by_their_kind():
    first = dict(zip((name for name, _, _ in table("f2", "fig02_annual").columns), table("f2", "fig02_annual").rows[0]))
    assert first == {
        "year": "2001", "mean": "300.0", "std": "50.00", "total_tg": "48.00", "sink_percent": "98.0", "npp": "500.0",
        "rh": "200.0", "rh_of_npp_percent": "40.0", "precipitation": "700.0", "temperature": "14.00"}


def test_rows_stand_in_the_order_of_their_ranks():
    rows = [{"year": 2008, "factor": "b", "q": 0.2, "rank": 2}, {"year": 2008, "factor": "a", "q": 0.4, "rank": 1},
            {"year": 2001, "factor": "c", "q": None, "rank": None}, {"year": 2001, "factor": "d", "q": 0.1, "rank": 1}]
    assert [row[1] for row in headings.shown("fig10_factors", rows, SETTINGS).rows] == ["d", "c", "a", "b"]
    assert [row[2] for row in table("f10", "fig10_vif").rows] == ["12.4", "1.20"]
    rows = [{"region": name, "coverage": percent, "rank": rank} for name, percent, rank in (
        ("empty", 0.0, None), ("sparse", 4.0, None), ("second", 70.0, 2), ("first", 60.0, 1))]
    assert [row[0] for row in headings.shown("fig03_regions", rows, SETTINGS).rows] == [
        "first", "second", "sparse", "empty"]


def test_columns_that_hold_nothing_are_left_out():
    rows = [{"year": 2001, "mean": 0.5, "total_tg": None}]
    assert [name for name, _, _ in headings.shown("fig02_annual", rows, SETTINGS).columns] == ["year", "mean"]


def test_variables_of_several_units_have_each_its_own():
    shown = table("f2", "fig02_summary")
    assert [row[0] for row in shown.rows] == [
        "NEP (gC m⁻² yr⁻¹)", "NPP (gC m⁻² yr⁻¹)", "RH (gC m⁻² yr⁻¹)", "Precipitation (mm)", "Temperature (°C)"]
    assert shown.columns[1][1] == "Mean"


def test_names_of_files_reach_no_reader():
    settings = {**SETTINGS, "variable": "NDVI", "unit": "", "has": {"climate": False}}
    shown = headings.shown("fig02_summary", [{"variable": "npp", "mean": 0.5}], settings)
    assert shown.rows == [["NDVI", "0.5000"]]
    assert headings.shown("fig02_annual", [{"year": 2001, "mean": 0.5}], settings).title == "NDVI by year"


def test_regions_are_spread_over_columns():
    shown = table("f5", "fig05_regions")
    assert shown.file == "fig05_class_areas"
    assert shown.columns[1][1] == "Extremely significant increase"
    assert shown.rows[0][:2] == ["Whole area", "20.0"]
    assert shown.rows[1][:4] == ["Alba", "50.0", "0", "0"]
    assert [row[0] for row in shown.rows] == ["Whole area", "Alba", "Bern", "Como", "Dole"]


def test_evidence_by_region_and_the_hindcast():
    shown = table("f6", "fig06_regions")
    assert [text for _, text, _ in shown.columns] == [
        "Region", "Likely to continue", "Unclear", "Likely to reverse", "no result"]
    assert shown.rows[2] == ["Bern", "0", "96.0", "4.0", "0"]
    scores = table("f6", "fig06_hindcast_scores")
    assert scores.rows == [["2001–2006", "2007–2008", "150,001", "72.2", "0.180", "0.102", "0.100", "−1.416"]]
    assert [row[0] for row in table("f6", "fig06_hindcast", language="zh").rows] == [
        "显著上升，可能延续", "显著上升，不明确：无证据"]


def test_a_hindcast_of_no_pixel_has_a_table_of_none():
    shown = headings.shown("fig06_hindcast_scores", [{"fit": None, "pixels": 0}], SETTINGS)
    assert shown.rows == [["0"]]
    rows = [{"label": "a", "pixels": 0}, {"label": "b", "pixels": 2}]
    assert headings.shown("fig06_hindcast", rows, SETTINGS).rows == [["b", "2"]]


def test_correlation_by_region_is_that_of_the_variable():
    shown = table("f7", "fig07_precipitation")
    assert shown.title == "Correlation of NEP with precipitation by region (% of the region)"
    assert shown.rows == [["Whole area", "90.0", "10.0"], ["Alba", "90.0", "10.0"]]
    assert [each.name for each in headings.section_tables("f7", TABLES, SETTINGS)] == [
        "fig07_correlation", "fig07_precipitation"]


def test_attribution_and_drivers():
    shown = table("f11", "fig11_summary")
    assert [text for _, text, _ in shown.columns][2:] == [
        "Least-squares slope (gC m⁻² yr⁻¹ per year)", "Slope of the drivers' part (gC m⁻² yr⁻¹ per year)",
        "Slope of the rest (gC m⁻² yr⁻¹ per year)", "Share of the drivers (%)", "R²", "p"]
    assert shown.rows[0] == ["NEP", "Whole area", "9.00", "5.40", "3.60", "60.0", "0.710", "0.012"]
    assert shown.rows[-1][:2] == ["NPP", "Whole area"]
    areas = table("f11", "fig11_class_areas")
    assert areas.rows[0] == ["NEP", "Increase: climate and the rest", "405", "405", "40.5", "50.0"]
    regions = table("f11", "fig11_regions", language="zh")
    assert [text for _, text, _ in regions.columns][:2] == ["区域", "上升：驱动因素与其余部分"]
    assert [row[0] for row in regions.rows] == ["全区", "Alba", "Bern"]
    drivers = table("f12", "fig12_drivers")
    assert [row[:2] for row in drivers.rows] == [
        ["NEP", "Precipitation"], ["NEP", "Temperature"], ["NEP", "Rest"], ["NPP", "Precipitation"],
        ["NPP", "Temperature"]]
    assert drivers.rows[1][2:] == ["3.0", "8.5", "14.0", "−0.21", "0.600", "0.120"]


def test_the_ledger():
    budget = table("f2", "fig02_budget")
    assert [text for _, text, _ in budget.columns] == [
        "Year", "Area of sinks (km²)", "Area of sources (km²)", "Sinks (Tg C)", "Sources (Tg C)", "Balance (Tg C)"]
    assert budget.rows[0] == ["2001", "150,000", "10,000", "50.00", "−16.00", "34.00"] and len(budget.rows) == 8
    assert [row[0] for row in table("f3", "fig03_sink_regions").rows] == ["Whole area", "Alba", "Bern"]
    total = table("f9b", "fig09b_effect_total")
    assert [text for _, text, _ in total.columns][-4:] == [
        "Change of the total (Tg C)", "By change of land cover (Tg C)", "Within the classes (Tg C)",
        "Share of the change of land cover (%)"]
    assert total.rows[0] == ["Whole area", "973", "73.0", "6.00", "1.50", "4.50", "25.0"]
    pairs = table("f9b", "fig09b_effect", language="zh")
    assert [row[:3] for row in pairs.rows] == [
        ["合计", "合计", "973"], ["耕地", "耕地", "600"], ["林地", "林地", "300"], ["耕地", "林地", "50.0"],
        ["耕地", "建设用地", "20.0"], ["建设用地", "耕地", "3.00"]]
    found = table("uncertainty", "uncertainty")
    assert [text for _, text, _ in found.columns][-4:] == [
        "Probability of a sink", "Theil–Sen slope (gC m⁻² yr⁻¹ per year)",
        "Standard deviation of the slope (gC m⁻² yr⁻¹ per year)", "Probability of a rise"]
    assert found.rows[0] == [
        "Whole area", "336.0", "41.25", "262.5", "401.5", "53.75", "6.625", "0.97", "9.25", "0.750", "1.00"]


def test_transitions_of_classes_without_a_name_have_their_numbers():
    rows = [{"from": 1, "to": 2, "from_label": None, "to_label": "", "area_km2": 3.0}]
    assert headings.shown("fig09b_effect", rows, SETTINGS).rows == [["1", "2", "3.00"]]


def test_tables_of_classes_show_the_whole_area():
    assert sum(float(row[-1]) for row in table("f5", "fig05_class_areas").rows) == pytest.approx(100.0)


def test_spans_of_years_and_cells():
    rows = [{"variable": "NPP", "files": "a, b and 3 more", "years": "2001-2020", "cell": "500 x 500, EPSG:32649"}]
    assert headings.shown("data", rows, SETTINGS).rows == [
        ["NPP", "a, b and 3 more", "2001–2020", "500 × 500, EPSG:32649"]]
    assert headings.shown("data", rows, {**SETTINGS, "language": "zh"}).rows[0][1:3] == ["a, b等，另有3个", "2001—2020"]
    assert table("f2", "fig02_stages").rows[0][0] == "2001–2004"


def test_how_inputs_were_resampled():
    rows = [{"variable": "landcover", "resampling": "resampled (mode), as the target cells are 2.5 times as wide"},
            {"variable": "dem", "resampling": "resampled (bilinear), as the target cells are about as wide; 12 cells "
             "at the rim took the nearest value"},
            {"variable": "NPP", "resampling": "values as they are: it lies on the grid of NPP"}]
    assert headings.shown("data", rows, SETTINGS).rows[0] == ["Land cover", rows[0]["resampling"]]
    chinese = headings.shown("data", rows, {**SETTINGS, "language": "zh"}).rows
    assert chinese == [
        ["土地覆盖", "重采样（众数），目标像元的宽度为其2.5倍"],
        ["dem", "重采样（双线性），目标像元的宽度与其相近；边缘12个像元取最近值"],
        ["NPP", "未重采样：与NPP格网一致"],
    ]


def test_no_regions_no_table_of_them():
    tables = {"fig05_class_areas": [row for row in TABLES["fig05_class_areas"] if row["region"] == "all"]}
    assert [each.name for each in headings.section_tables("f5", tables, SETTINGS)] == ["fig05_class_areas"]


def test_chinese():
    shown = table("f5", "fig05_regions", language="zh")
    assert shown.columns[1][1] == "极显著上升"
    assert shown.rows[0][0] == "全区"
    assert table("f8", "fig08_largest", language="zh").rows[0][:2] == ["耕地", "林地"]
    assert headings.section_titles({"language": "zh"})["f9"] == "不同土地覆盖类型的NEP"


def test_classes_without_a_name_have_their_number():
    rows = [{"from_class": 1, "to_class": 2, "from_label": None, "to_label": "", "area_km2": 3.0}]
    assert headings.shown("fig08_largest", rows, SETTINGS).rows == [["1", "2", "3.00"]]


def test_every_column_of_every_table_has_a_heading():
    for title, columns in headings.TABLES.values():
        assert set(columns.split()) <= set(headings.COLUMNS), title


def test_every_heading_is_known_in_chinese():
    titles = [title for title, _ in headings.TABLES.values()] + [each[0] for each in headings.SPREAD.values()]
    spoken = headings.words("zh")
    texts = [*titles, *(text for text, _, _ in headings.COLUMNS.values()), *headings._TITLES.values(),
             *headings._OWN_HEADINGS.values()]
    same = {text for text in texts if spoken[text] == text}
    assert same == {"NPP", "RH", "RH / NPP", "Z", "p", "r", "q", "R²"}


def test_a_variable_without_sinks_has_no_area_of_sinks():
    gpp = {**SETTINGS, "variable": "GPP", "has": {"climate": False}}
    tables = [table for section in headings.SECTIONS for table in headings.section_tables(section, TABLES, gpp)]
    assert tables and "fig03_years" not in [table.name for table in tables]
    assert not [table.name for table in tables if "sink_percent" in [name for name, _, _ in table.columns]]
    assert "sink_percent" in [name for name, _, _ in table("f3", "fig03_years").columns]


def test_no_more_than_all_is_covered():
    rows = [{"region": name, "coverage": coverage} for name, coverage in zip("abcd", (100.0, 100.08, 99.97, 45.4))]
    assert [row[1] for row in headings.shown("fig03_regions", rows, SETTINGS).rows] == [
        "100.0", "100.0", "100.0", "45.4"]


def test_regions_without_a_value_are_left_out():
    rows = [{"region": region, "increases": count, "decreases": 0, "comparisons": count}
            for region, count in (("all", 7), ("a", 0), ("b", 7))]
    assert [row[0] for row in headings.shown("fig04_frequency", rows, SETTINGS).rows] == ["Whole area", "b"]
    rows = [{"region": region, "class": 1, "label": "c", "percent": percent}
            for region, percent in (("all", 100.0), ("a", 0.0), ("b", 100.0))]
    assert headings.shown("fig05_regions", rows, SETTINGS).rows == [["Whole area", "100"], ["b", "100"]]


def test_classes_without_area_are_left_out():
    rows = [
        {"region": region, "class": code, "label": f"c{code}", "pixels": 1, "area_km2": percent, "percent": percent}
        for region, percents in (("all", (60.0, 0.0, 40.0)), ("a", (0.0, 0.0, 100.0)))
        for code, percent in enumerate(percents)
    ]
    assert [row[0] for row in headings.shown("fig05_class_areas", rows, SETTINGS).rows] == ["c0", "c2"]
    spread = headings.shown("fig05_regions", rows, SETTINGS)
    assert [name for name, _, _ in spread.columns] == ["region", "c0", "c2"]
    assert spread.rows == [["Whole area", "60.0", "40.0"], ["a", "0", "100"]]


def test_numbers_of_changes_that_no_area_has_are_left_out():
    rows = [{"count": count, "increase_percent": rise, "decrease_percent": fall}
            for count, rise, fall in ((0, 0.0, 0.0), (1, 0.0, 30.0), (2, 100.0, 70.0), (3, 0.0, 0.0))]
    assert [row[0] for row in headings.shown("fig04_counts", rows, SETTINGS).rows] == ["1", "2"]


@pytest.mark.parametrize(("language", "cut"), [("en", "Natural breaks"), ("zh", "自然断点")])
def test_cuts_have_names(language, cut):
    rows = [{"year": 2001, "factor": "a", "q": 0.1, "rank": 1, "method": method} for method in ("natural", None)]
    shown = headings.shown("fig10_factors", rows, {**SETTINGS, "language": language})
    place = [name for name, _, _ in shown.columns].index("method")
    assert [row[place] for row in shown.rows] == [cut, ""]
