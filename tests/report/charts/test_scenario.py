"""Charts of scenarios say "what if", begin at the last date, and hold the numbers they were given."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.report.charts import scenario_areas, scenario_totals, what_if

NAN = math.nan
TITLES = {"free": what_if(2010, 2020), "protected": what_if(2010, 2020, ["Forest", "<Bog>"])}
START = [(1, "Forest", 50.0), (2, "2", 30.0)]
AREAS = [("protected", 10, 1, "Forest", 50.0), ("protected", 10, 2, "2", 30.0), ("free", 10, 1, "Forest", 40.0),
         ("free", 10, 2, "2", 40.0), ("free", 30, 1, "Forest", 25.0), ("free", 30, 2, "2", 55.0)]
TOTALS = [("free", 20, 2.0, 0.5, -1.0, 0.25), ("free", 10, 2.5, 0.5, -0.5, 0.125),
          ("protected", 10, 2.75, NAN, -0.25, NAN)]


def title(chart) -> str:
    return chart.figure["layout"]["annotations"][0]["text"]


def test_every_title_asks_what_if():
    assert TITLES["free"] == "What if the rates of 2010 to 2020 went on?"
    assert TITLES["protected"] == "What if the rates of 2010 to 2020 went on and nothing were lost of: Forest, <Bog>?"


@pytest.fixture
def areas(valid):
    made = scenario_areas(TITLES, START, AREAS, {1: "#123456"}, 2020)
    valid(made)
    return made


def test_areas_are_stacked_from_the_last_date_on(areas):
    shown = [each for each in areas.figure["data"] if each["visible"]]
    bars, lines = shown[::2], shown[1::2]
    assert [(each["name"], each["x"], each["y"]) for each in bars] == [
        ("Forest", [0, 10, 30], [50.0, 40.0, 25.0]), ("Class 2", [0, 10, 30], [30.0, 40.0, 55.0])
    ]
    assert [(each["y"], each["yaxis"]) for each in lines] == [([0.0, -10.0, -25.0], "y2"), ([0.0, 10.0, 25.0], "y2")]
    assert bars[0]["marker"]["color"] == lines[0]["line"]["color"] == "#123456"
    assert bars[0]["width"] == 7.0
    settings = areas.figure["layout"]
    assert settings["barmode"] == "stack" and settings["xaxis2"]["title"]["text"] == "Years after 2020"
    assert settings["xaxis"]["tickvals"] == settings["xaxis2"]["tickvals"] == [0, 10, 30]
    assert areas.columns == ("scenario", "horizon", "class", "label", "area_km2")
    assert areas.rows[:2] == [("free", 0, 1, "Forest", 50.0), ("free", 0, 2, "2", 30.0)]
    assert areas.rows[2] == ("free", 10, 1, "Forest", 40.0)
    assert len(areas.rows) == 10


def test_the_title_goes_with_the_scenario(areas):
    first, second = areas.figure["layout"]["updatemenus"][0]["buttons"]
    assert (first["label"], second["label"]) == ("free", "protected")
    assert title(areas) == first["args"][1]["annotations[0].text"] == TITLES["free"]
    asked = second["args"][1]["annotations[0].text"].replace("<br>", " ")
    assert asked == TITLES["protected"].replace("<", "&lt;").replace(">", "&gt;")
    alone = scenario_areas({"free": TITLES["free"]}, START, AREAS[2:], {}, 2020)
    assert title(alone) == TITLES["free"] and alone.figure["layout"]["updatemenus"] == []


def test_totals_have_bands_of_nearly_two_standard_deviations(valid):
    chart = scenario_totals(TITLES, (3.0, 0.75), TOTALS, 2020)
    valid(chart)
    band, line, change_band, change, protected, protected_change = chart.figure["data"]
    assert (line["x"], line["y"], line["name"]) == ([0, 10, 20], [3.0, 2.5, 2.0], "free (band: ± 1.96 sd)")
    assert band["x"] == [0, 10, 20, 20, 10, 0]
    assert band["y"] == pytest.approx([4.47, 3.48, 2.98, 1.02, 1.52, 1.53])
    assert (change["y"], change["yaxis"]) == ([0.0, -0.5, -1.0], "y2")
    assert change_band["y"] == pytest.approx([0.0, -0.255, -0.51, -1.49, -0.745, 0.0])
    assert [each["line"]["dash"] for each in (line, protected)] == ["solid", "dash"]
    assert line["customdata"] == [" ± 1.47", " ± 0.98", " ± 0.98"]
    assert (protected["y"], protected["name"]) == ([3.0, 2.75], "protected")  # whose deviations are missing
    assert protected_change["y"] == [0.0, -0.25]
    assert title(chart).startswith("free: What if") and "<br>protected: What if" in title(chart)
    assert chart.rows[0] == ("free", 0, 3.0, 0.75, 0.0, 0.0) and chart.rows[1][1] == 10
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == "Total (Tg C yr⁻¹)"
    assert chart.figure["layout"]["yaxis2"]["title"]["text"] == "Change (Tg C yr⁻¹)"


def test_nothing_at_all(valid):
    valid(scenario_areas({"free": TITLES["free"]}, [], [], {}, 2020))
    chart = scenario_totals({"free": TITLES["free"]}, (NAN, NAN), [("free", 5, NAN, NAN, NAN, NAN)], 2020, "")
    valid(chart)
    assert title(chart) == TITLES["free"] and [each["mode"] for each in chart.figure["data"]] == ["lines+markers"] * 2
