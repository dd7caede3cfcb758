"""Ranked effects: the largest first, at most fifteen, the rest in one bar, and the sum of all apart."""

from __future__ import annotations

import math

import pytest

from nep_toolbox.colours import DIVERGING
from nep_toolbox.report.charts import Effect, ranked_effects

NAN = math.nan


def labels(chart) -> list:
    return chart.figure["layout"]["yaxis"]["ticktext"]


def values(chart, trace) -> dict:
    """The length of the bar in each row."""
    pairs = (pair for name in ("gain", "loss") for pair in zip(trace(chart, name)["y"], trace(chart, name)["x"]))
    return dict(sorted(pairs))


def test_the_largest_effects_come_first(valid, trace):
    chart = ranked_effects([("all", [
        Effect("A → <B>", 1.0, 0.25, 0.75), Effect("B → A", -0.5, -2.0, 1.5), Effect("A", 3.0, 0.0, 3.0),
        Effect("C → A", NAN, NAN, NAN), Effect("A → C", 0.0, 0.5, -0.5),
    ])])
    valid(chart)
    assert labels(chart) == ["<b>all transitions</b>", "B → A", "A → C", "A → &lt;B&gt;"]
    assert values(chart, trace) == {0: -1.25, 2: -2.0, 3: 0.5, 4: 0.25}
    assert chart.figure["layout"]["yaxis"]["tickvals"] == [0, 2, 3, 4]  # a gap below the sum
    assert chart.figure["layout"]["yaxis"]["range"] == [4.5, -0.5]  # from the top down
    gain, loss = trace(chart, "gain"), trace(chart, "loss")
    assert (gain["marker"]["color"], loss["marker"]["color"]) == (DIVERGING[-1], DIVERGING[0])
    assert gain["text"] == ["+0.50", "+0.25"] and loss["text"] == ["−1.25", "−2.00"]
    assert loss["hovertext"][1] == "B → A: -2 Tg C yr⁻¹<br>change of the total: -0.5 Tg C yr⁻¹<br>of this, change of " \
                                   "density: +1.5 Tg C yr⁻¹"
    low, high = chart.figure["layout"]["xaxis"]["range"]
    assert low == pytest.approx(-2.45) and high == pytest.approx(0.95)  # room for the numbers
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Effect of land-use change on the total (Tg C yr⁻¹)"


def test_the_table_has_all_in_the_order_of_the_bars():
    effects = [Effect("a", 1.0, 0.0, 1.0), Effect("b", 2.0, -1.0, 3.0), Effect("c", NAN, NAN, NAN)]
    chart = ranked_effects([("all", effects)])
    assert chart.columns == ("region", "transition", "change", "land_use", "density")
    assert chart.rows == [("all", "b", 2.0, -1.0, 3.0), ("all", "a", 1.0, 0.0, 1.0), ("all", "c", None, None, None)]


@pytest.mark.parametrize(("count", "last"), [(15, "t14"), (16, "1 other transition"), (20, "5 other transitions")])
def test_fifteen_at_most_and_the_rest_together(valid, trace, count, last):
    effects = [Effect(f"t{place}", 1.0, 20.0 - place, place - 19.0) for place in range(count)]
    chart = ranked_effects([("all", effects[::-1])])
    valid(chart)
    shown = labels(chart)
    assert shown[1:16] == [f"t{place}" for place in range(15)] and shown[-1] == last
    assert len(shown) == 1 + min(count, 16)
    bars = list(values(chart, trace).values())
    assert bars[0] == sum(20.0 - place for place in range(count)) == sum(bars[1:])


def test_one_transition_is_its_own_sum(trace):
    chart = ranked_effects([("all", [Effect("A → B", 1.0, 3e-5, 1.0)])])
    assert labels(chart) == ["A → B"] and values(chart, trace) == {0: 3e-5}
    assert chart.figure["layout"]["xaxis"]["exponentformat"] == "none"


def test_numbers_have_the_digits_of_the_largest(trace):
    small = ranked_effects([("all", [Effect("a", 0.0, 4.756e-4, 0.0), Effect("b", 0.0, 8.6e-5, 0.0)])])
    assert trace(small, "gain")["text"] == ["+0.000562", "+0.000476", "+0.000086"]
    tiny = ranked_effects([("all", [Effect("a", 0.0, 0.02, 0.0), Effect("b", 0.0, -4.3e-5, 0.0),
                                    Effect("c", 0.0, -4.3e-12, 0.0)])])
    assert trace(tiny, "loss")["text"] == ["−0.00004", "−4e−12"]
    large = ranked_effects([("all", [Effect("a", 0.0, -1234.5, 0.0)])])
    assert trace(large, "loss")["text"] == ["−1,234"]


def test_long_names_keep_both_classes():
    long = "Evergreen needle-leaved forest, closed to open, type {}"
    chart = ranked_effects([("all", [Effect(f"{long.format(10)} → {long.format(7)}", 1.0, 1.0, 0.0),
                                     Effect("Evergreen needle-leaved forest → <Cropland>", 1.0, 0.5, 0.0)])])
    assert labels(chart)[1:] == [
        "Evergreen needle-leaved for…pen, type 10 → <br>Evergreen needle-leaved for…open, type 7",
        "Evergreen needle-leaved forest → <br>&lt;Cropland&gt;",
    ]


def test_regions_are_chosen_each_with_its_rows(valid):
    chart = ranked_effects([("all", [Effect("a", 1.0, 1.0, 0.0), Effect("b", 1.0, 2.0, -1.0)]),
                            ("<none>", [Effect("A", 1.0, 0.0, 1.0)])], "")
    valid(chart)
    first, second = chart.figure["layout"]["updatemenus"][0]["buttons"]
    assert second["label"] == "&lt;none&gt;" and second["args"][0]["visible"] == [False, False, True]
    assert first["args"][1]["yaxis.ticktext"] == labels(chart) and second["args"][1]["yaxis.ticktext"] == []
    assert first["args"][1]["height"] == chart.figure["layout"]["height"] > second["args"][1]["height"]
    assert chart.figure["data"][2]["text"] == ["\u2002no effect"]
    assert chart.figure["layout"]["xaxis"]["title"]["text"] == "Effect of land-use change on the total"


def test_nothing_at_all(valid):
    valid(ranked_effects([]))
    valid(ranked_effects([("all", [])]))
