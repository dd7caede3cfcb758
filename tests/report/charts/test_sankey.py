"""The Sankey diagram: links equal the table, totals are kept, names do not print over each other."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from nep_toolbox.core.landcover.tables import flows_km2, merge_small_flows, transition_rows
from nep_toolbox.core.landcover.transitions import count_landcover
from nep_toolbox.report.charts import sankey
from nep_toolbox.report.charts.sankey import LABEL_DISTANCE

YEARS = (2001, 2005, 2010, 2015, 2020)
NAMES = {code: f"Class {code}" for code in range(1, 8)}


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(1)
    stack = [rng.choice(np.arange(1, 8), (60, 80), p=[0.6, 0.2, 0.08, 0.06, 0.04, 0.015, 0.005])]
    for _ in YEARS[1:]:
        changed = rng.random((60, 80)) < 0.15
        stack.append(np.where(changed, rng.integers(1, 8, (60, 80)), stack[-1]))
    return count_landcover(np.array(stack), np.full((60, 1), 40_000.0))


def links(chart):
    link = chart.figure["data"][0]["link"]
    return list(zip(link["source"], link["target"], link["value"]))


def areas(chart):
    """Area of each node: what leaves it or arrives, whichever is more."""
    names = [text.split(":")[0] for text in chart.figure["data"][0]["node"]["customdata"]]
    return {
        name: max(sum(v for s, _, v in links(chart) if s == n), sum(v for _, t, v in links(chart) if t == n))
        for n, name in enumerate(names)
    }


def test_links_equal_the_table(counts, valid):
    chart = sankey(YEARS, [flows_km2(step) for step in counts.transitions], NAMES, {})
    valid(chart)
    node = chart.figure["data"][0]["node"]
    names = [re.match(r"Class \d, 20\d\d", text).group() for text in node["customdata"]]
    drawn = {(names[source], names[target]): value for source, target, value in links(chart)}
    table = {
        (f"{row[4]}, {row[0]}", f"{row[5]}, {row[1]}"): row[7]
        for row in transition_rows(counts.transitions, YEARS, NAMES)
    }
    assert len(table) > 150
    assert drawn == table
    shares = {row[:2]: row[3] for row in chart.rows}
    for row in transition_rows(counts.transitions, YEARS, NAMES):
        assert shares[f"{row[4]}, {row[0]}", f"{row[5]}, {row[1]}"] == pytest.approx(row[8], rel=1e-12)


def test_every_date_is_a_column_in_one_order_of_classes(counts):
    chart = sankey(YEARS, [flows_km2(step) for step in counts.transitions], NAMES, {})
    node = chart.figure["data"][0]["node"]
    assert sorted(set(node["x"])) == pytest.approx([0.001, 0.25, 0.5, 0.75, 0.999])
    for x in set(node["x"]):
        column = [(y, text) for place, y, text in zip(node["x"], node["y"], node["customdata"]) if place == x]
        assert [text[:7] for _, text in sorted(column)] == [text[:7] for _, text in sorted(
            (y, text) for place, y, text in zip(node["x"], node["y"], node["customdata"]) if place == node["x"][0]
        )]


def test_hover_tells_km2_and_percent():
    chart = sankey([2001, 2005], [{(1, 1): 60.0, (1, 2): 20.0, (2, 2): 1234.5}], {1: "Crop", 2: "Wood"}, {})
    link = chart.figure["data"][0]["link"]
    assert "Crop 2001 → Wood 2005: 20 km², 25.0 % of Crop 2001" in link["customdata"]
    assert "Wood 2001: 1,234.5 km², 93.9 %" in chart.figure["data"][0]["node"]["customdata"]


def test_colours_are_those_of_the_classes():
    chart = sankey([2001, 2005], [{(1, 1): 60.0, (1, 2): 20.0, (2, 2): 10.0}], {}, {1: "#aabbcc"})
    trace = chart.figure["data"][0]
    assert trace["node"]["color"].count("#aabbcc") == 2
    stays, changes = (trace["link"]["color"][index] for index in (0, 1))
    assert stays.startswith("rgba(170,187,204,")
    assert float(stays[:-1].split(",")[3]) < float(changes[:-1].split(",")[3])


def test_merged_flows_keep_every_total(counts, valid):
    flows = [flows_km2(step) for step in counts.transitions]
    whole = sankey(YEARS, flows, NAMES, {})
    merged = sankey(YEARS, [merge_small_flows(step, 1.0) for step in flows], NAMES, {})
    valid(merged)
    assert len(links(merged)) < len(links(whole))
    expected = areas(whole)
    assert len(expected) == 35
    assert {name: area for name, area in areas(merged).items() if not name.startswith("other")} == pytest.approx(
        expected, rel=1e-12
    )
    names = merged.figure["data"][0]["node"]["customdata"]
    for place, name in enumerate(names):
        if name.startswith("other changes, "):
            arriving = sum(value for _, target, value in links(merged) if target == place)
            leaving = sum(value for source, _, value in links(merged) if source == place)
            assert arriving == pytest.approx(leaving, rel=1e-12)
            assert arriving > 0


def test_merged_changes_have_a_node_between_their_dates_and_a_note_below_it():
    steps = [{(1, 1): 60.0, (2, 2): 20.0}, {(1, 1): 60.0, (1, 2): 0.1, (2, 1): 0.1, (2, 2): 20.0}]
    chart = sankey([2001, 2005, 2010], [merge_small_flows(step, 1.0) for step in steps], {}, {})
    node, notes = chart.figure["data"][0]["node"], chart.figure["layout"]["annotations"]
    places = {name.split(":")[0]: (x, y) for name, x, y in zip(node["customdata"], node["x"], node["y"])}
    x, y = places["other changes, 2005 to 2010"]
    assert x == 0.75
    assert y > max(place for name, (_, place) in places.items() if not name.startswith("other"))
    assert [(note["x"], note["y"]) for note in notes if note["text"] == "other changes"] == [(0.75, 0)]
    assert len(places) == 7


def test_nodes_do_not_overlap(counts):
    """Drawn at the scale plotly takes from the gap it is given, no bar covers another."""
    for steps in ([flows_km2(step) for step in counts.transitions],
                  [merge_small_flows(flows_km2(step), 1.0) for step in counts.transitions]):
        chart = sankey(YEARS, steps, NAMES, {})
        node, layout = chart.figure["data"][0]["node"], chart.figure["layout"]
        height = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
        size = list(areas(chart).values())
        columns = {x: [n for n in range(len(size)) if node["x"][n] == x] for x in set(node["x"])}
        scale = min((height - (len(column) - 1) * node["pad"]) / sum(size[n] for n in column)
                    for column in columns.values())
        assert scale > 0
        for column in columns.values():
            edges = [(node["y"][n] * height - scale * size[n] / 2, node["y"][n] * height + scale * size[n] / 2)
                     for n in sorted(column, key=lambda n: node["y"][n])]
            assert edges[0][0] > -1
            assert edges[-1][1] < height + 1
            assert all(below[0] > above[1] for above, below in zip(edges, edges[1:]))


def test_names_beside_the_diagram_do_not_print_over_each_other(counts):
    chart = sankey(YEARS, [flows_km2(step) for step in counts.transitions], NAMES, {})
    layout = chart.figure["layout"]
    height = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    for x in (0, 1):
        places = sorted(note["y"] * height for note in layout["annotations"] if note["x"] == x and "■" in note["text"])
        assert len(places) == 7
        assert min(np.diff(places)) > LABEL_DISTANCE - 1e-9


def test_percents_have_one_decimal_and_classes_without_a_name_are_called_so():
    flows = {(1, 1): 9000.0, (1, 2): 60.0, (2, 2): 475.0, (3, 3): 0.5, (4, 4): 475.0}
    chart = sankey([2001, 2005], [flows], {1: "Crop", 2: "2", 3: "Reef"}, {})
    shown = [html.unescape(re.sub("<[^>]*>", "", note["text"])) for note in chart.figure["layout"]["annotations"]]
    assert shown[2:6] == ["■ Crop (90.5 %)", "■ Class 2 (4.7 %)", "■ Class 4 (4.7 %)", "■ Reef (<0.1 %)"]
    hover = chart.figure["data"][0]["node"]["customdata"]
    assert "Class 2, 2001: 475 km², 4.7 %" in hover and "Reef 2001: 0.5 km², &lt;0.1 %" in hover


@pytest.mark.parametrize("name", ["Urban and built-up lands of all kinds", "Wald", "常绿针叶林和落叶阔叶林混交林"])
def test_there_is_room_for_the_names_beside_the_diagram(name):
    chart = sankey([2001, 2005], [{(1, 1): 9e4, (2, 2): 1.0}], {1: name, 2: "Urban and built-up"}, {})
    margin = chart.figure["layout"]["margin"]
    assert margin["l"] == margin["r"]
    for note in chart.figure["layout"]["annotations"][2:]:
        words = re.sub("<[^>]*>", "", note["text"])
        # Seven pixels a letter of 13 pixels, and 13 a Chinese character.
        assert margin["l"] > sum(13 if ord(sign) > 0x2e80 else 7 for sign in words)
    # On a page of 800 pixels the figure is 728 wide: some of it must be left for the diagram.
    assert 728 - 2 * margin["l"] > 150


def test_a_class_that_appears_and_one_that_vanishes(valid):
    chart = sankey(["a", "b", "c"], [{(1, 1): 5.0, (9, 1): 2.0}, {(1, 1): 4.0, (1, 3): 3.0}], {}, {})
    valid(chart)
    assert len(chart.figure["data"][0]["node"]["x"]) == 5


def test_sixty_classes(valid):
    rng = np.random.default_rng(2)
    chart = sankey([1, 2], [{(i, j): float(rng.integers(1, 9)) for i in range(60) for j in range(60)}], {}, {})
    valid(chart)
    assert len(links(chart)) == 3600
