"""Budget bars hold the numbers they were given, sinks above zero and sources below."""

from __future__ import annotations

import math

from nep_toolbox.colours import SOURCE_SINK_CLASSES
from nep_toolbox.report import theme
from nep_toolbox.report.charts import Budget, budget_bars

NAN = math.nan
ALL = Budget("all", [2001, 2002, 2003], [2.0, NAN, 1.0], [-0.5, NAN, -1.5], [1.5, NAN, -0.5])
SOUTH = Budget("<South>", [2001, 2002], [1.0, 0.0], [0.0, -1.0], [1.0, -1.0])


def test_bars_by_year_and_the_balance(valid, trace):
    chart = budget_bars([ALL])
    valid(chart)
    sinks, sources, net = (trace(chart, name) for name in ("sinks", "sources", "balance"))
    assert (sinks["y"], sources["y"], net["y"]) == ([2.0, None, 1.0], [-0.5, None, -1.5], [1.5, None, -0.5])
    assert sinks["x"] == sources["x"] == net["x"] == [2001, 2002, 2003]
    assert (sinks["marker"]["color"], sources["marker"]["color"]) == (SOURCE_SINK_CLASSES[1], SOURCE_SINK_CLASSES[-1])
    assert (sinks["type"], net["mode"]) == ("bar", "lines+markers")
    settings = chart.figure["layout"]
    assert (settings["barmode"], settings["updatemenus"]) == ("relative", [])
    assert settings["yaxis"]["title"]["text"] == "Total (Tg C yr⁻¹)"
    assert settings["yaxis"]["exponentformat"] == "none"
    assert chart.columns == ("region", "year", "sink", "source", "net")
    assert chart.rows == [("all", 2001, 2.0, -0.5, 1.5), ("all", 2002, None, None, None),
                          ("all", 2003, 1.0, -1.5, -0.5)]


def test_regions_are_chosen_and_those_with_few_values_are_pale(valid):
    chart = budget_bars([ALL, SOUTH], "gC m-2 yr-1", {"<South>": 3.0})
    valid(chart)
    first, second = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert (first["label"], second["label"]) == ("all", "&lt;South&gt; †")
    assert second["args"][0]["visible"] == [False] * 3 + [True] * 3
    assert [each["visible"] for each in chart.figure["data"]] == [True] * 3 + [False] * 3
    strong, pale = (chart.figure["data"][place]["marker"]["color"] for place in (0, 3))
    assert strong == SOURCE_SINK_CLASSES[1] != pale
    assert chart.figure["data"][5]["line"]["color"] == theme.MUTED != chart.figure["data"][2]["line"]["color"]
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == "Total (gC m⁻² yr⁻¹)"


def test_nothing_at_all(valid):
    valid(budget_bars([]))
    valid(budget_bars([Budget("all", [2001], [NAN], [NAN], [NAN])]))
