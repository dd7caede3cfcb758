"""The geographical detector: bars, triangles and ranks equal the tables, for any number of dates and factors."""

from __future__ import annotations

import math

import pytest
from matplotlib.colors import to_hex
from testkit.study_tables import FACTORS, detector_rows

from nep_toolbox.colours import LIGHT_TO_DARK
from nep_toolbox.report.figures import English, detector
from nep_toolbox.report.figures.detector import MARKS, _cells, _round_ticks, _scale

TWELVE = (*FACTORS, "Distance to rivers", "Soil organic carbon", "Nighttime lights")


def panels(figure):
    """Axes of bars and of triangles, each in the order of the dates."""
    bars = [axes for axes in figure.axes if axes.get_title(loc="left") and axes.get_yticklabels()]
    count = len(bars[0].get_yticklabels())
    triangles = [axes for axes in figure.axes if len(axes.patches) == count * (count - 1) / 2 and axes not in bars]
    return bars, triangles


def test_bars_are_q_in_one_order_of_factors():
    factors, pairs = detector_rows()
    bars, _ = panels(detector(factors, pairs, English()))
    names = [label.get_text().replace("\n", " ") for label in bars[0].get_yticklabels()]
    mean = {name: sum(row["q"] for row in factors if row["factor"] == name) for name in FACTORS}
    assert names == sorted(FACTORS, key=lambda name: -mean[name])
    for year, axes in zip((2013, 2015, 2017, 2019), bars):
        q = {row["factor"]: row["q"] for row in factors if row["year"] == year}
        assert [bar.get_width() for bar in axes.patches] == [q[name] for name in names]
        written = [text.get_text() for text in axes.texts if "." in text.get_text()]
        assert written == [f"{q[name]:.3f}" for name in names]
        assert [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()] == names
    assert [axes.get_title(loc="left") for axes in bars] == ["(A)", "(B)", "(C)", "(D)"]
    assert len({axes.get_xlim() for axes in bars}) == 1, "one scale for all dates"


def test_the_interval_is_a_line_of_its_own(outside, covering):
    """Near 0, q may lie above its upper limit: the line is not hung on the end of the bar."""
    limits = {"a": (0.35, 0.48), "b": (0.0, 0.0086), "c": (None, None)}
    q = {"a": 0.4, "b": 0.02, "c": 0.1}
    factors = [{"year": 2001, "factor": name, "q": q[name], "q_lower": low, "q_upper": high}
               for name, (low, high) in limits.items()]
    figure = detector(factors, [], English())
    ((axes,), _) = panels(figure)
    places = {label.get_text(): place for place, label in enumerate(axes.get_yticklabels())}
    assert sorted(tuple(map(tuple, line.get_xydata().tolist())) for line in axes.get_lines()) == sorted(
        tuple((limit, float(places[name])) for limit in limits[name]) for name in "ab"
    )
    ends = {text.get_text(): text.xy[0] for text in axes.texts if "." in text.get_text()}
    assert ends == {"0.400": 0.48, "0.020": 0.02, "0.100": 0.1}  # what is written stands behind bar and line
    assert axes.get_xlim()[1] > 0.48 and outside(figure) == [] and covering(figure) == []


def test_cells_are_the_pairs():
    factors, pairs = detector_rows()
    bars, triangles = panels(detector(factors, pairs, English()))
    names = [label.get_text().replace("\n", " ") for label in bars[0].get_yticklabels()]
    assert len(triangles) == 4
    for year, axes in zip((2013, 2015, 2017, 2019), triangles):
        q = {frozenset((row["factor_1"], row["factor_2"])): row for row in pairs if row["year"] == year}
        assert len(axes.patches) == len(q) == 36
        written = {(round(t.get_position()[0]), round(t.get_position()[1])): t.get_text() for t in axes.texts}
        for (across, down), text in written.items():
            assert across < down
            assert text == f"{q[frozenset((names[across], names[down]))]['q_12']:.2f}"
        marked = {
            (round(x), round(y)): (line.get_marker(), line.get_markerfacecolor() != "none")
            for line in axes.get_lines() for x, y in line.get_xydata()
        }
        for (across, down), mark in marked.items():
            assert mark == MARKS[q[frozenset((names[across], names[down]))]["interaction"]]
        assert len(written) == len(marked) == 36


def test_colours_span_all_dates():
    rows = [{"q_12": q} for q in (0.12, 0.31, math.nan, 0.55)]
    assert _scale(rows) == pytest.approx((0.10, 0.55))
    assert _scale([]) == (0.0, 1.0)
    assert _scale([{"q_12": 0.3}]) == pytest.approx((0.30, 0.35))
    factors = [{"year": 2001, "factor": name, "q": 0.1} for name in "abc"]
    pairs = [
        {"year": 2001, "factor_1": "a", "factor_2": "b", "q_12": 0.2, "interaction": "independent"},
        {"year": 2001, "factor_1": "c", "factor_2": "a", "q_12": 0.6, "interaction": "enhance, nonlinear"},
    ]
    triangle = next(axes for axes in detector(factors, pairs, English()).axes if len(axes.patches) == 2)
    assert [to_hex(cell.get_facecolor()) for cell in triangle.patches] == [LIGHT_TO_DARK[0], LIGHT_TO_DARK[-1]]


def test_legend_names_the_types_that_occur():
    figure = detector(*detector_rows((2013,)), English())
    (legend,) = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    assert [text.get_text() for text in legend.get_texts()] == ["Enhance, nonlinear", "Enhance, bi-variable"]
    strong, weak = legend.legend_handles if hasattr(legend, "legend_handles") else legend.legendHandles
    assert strong.get_markerfacecolor() != "none" and weak.get_markerfacecolor() == "none"
    assert len(set(MARKS.values())) == len(MARKS), "each type has a mark of its own"


def test_stronger_factors_are_columns():
    row = {"factor_1": "b", "factor_2": "a", "q_12": 0.5, "interaction": "independent"}
    assert _cells(["a", "b"], [row]) == [(0, 1, 0.5, "independent")]
    for wrong in ({"factor_1": "a"}, {"factor_1": "c"}, {"q_12": None}):
        assert _cells(["a", "b"], [{**row, **wrong}]) == []


@pytest.mark.parametrize("dates", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [2, 5, 12])
@pytest.mark.parametrize("width", [174.0, 85.0])
def test_all_texts_are_inside_and_clear(dates, count, width, outside, covering):
    figure = detector(*detector_rows(range(2001, 2001 + dates), TWELVE[:count]), English(), (width, None))
    assert outside(figure) == []
    assert covering(figure) == []
    assert figure.get_size_inches()[1] * 25.4 < 262
    bars, triangles = panels(figure)
    assert len(bars) == dates
    ranks = [axes for axes in figure.axes if axes.get_title(loc="left") == f"({chr(65 + dates)})"]
    assert len(ranks) == (dates > 1)


def test_a_factor_that_a_date_lacks(texts, outside):
    factors, pairs = detector_rows((2001, 2005), ("a", "b", "c"))
    factors = [row for row in factors if (row["year"], row["factor"]) != (2001, "c")]
    pairs = [row for row in pairs if row["year"] == 2005 or "c" not in (row["factor_1"], row["factor_2"])]
    figure = detector(factors, pairs, English())
    assert "–" in texts(figure)
    assert outside(figure) == []


@pytest.mark.parametrize("factors", [
    [], [{"year": 2001, "factor": "a", "q": 0.3}], [{"year": 2001, "factor": "a", "q": None}],
    [{"year": year, "factor": name, "q": 0.0} for year in (2001, 2005) for name in "ab"],
], ids=["none", "one", "missing", "zero"])
def test_poor_data(factors, outside):
    assert outside(detector(factors, [], English())) == []


def test_ticks():
    assert _round_ticks(0.43, 40.0) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])
    assert _round_ticks(0.43, 10.0) == pytest.approx([0.0, 0.4])
    assert _round_ticks(0.004, 30.0) == [0.0, 0.004]
