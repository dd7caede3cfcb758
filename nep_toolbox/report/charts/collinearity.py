"""How far the continuous factors say the same: their variance inflation and their correlations."""

from __future__ import annotations

import math

from ...colours import RED_TO_BLUE
from .. import theme
from .base import Chart, axis, layout, number, plain_rows, text
from .cells import LETTER, cell_texts, fitting_size, matrix_width, shortened, widest
from .lists import row_label
from .slope_parts import GAP as SPACE

#: Where factors are said to be collinear, and the largest VIF of a linear axis.
_LIMIT, _LINEAR = 10.0, 50.0
#: Correlations stronger than these: in bold, and on a dark cell.
_STRONG, _DARK = 0.9, 0.62
#: Height of a cell in pixels, and letters of a name at most.
_CELL, _NAME = 26, 36
#: What a number at the end of a bar takes of the axis.
_ROOM = 0.09
_SMALL, _LARGE = "VIF up to 10", "VIF above 10"
_NONE = "none (constant, or depends on others linearly)"
_SAID, _PAIR, _NO_RESULT = "{}: VIF = {}", "{} with {}: r = {:.4f}", "{} with {}: no result"
_TITLE, _BOLD = "Variance inflation factor (VIF)", "<b>{}</b>"


def vif_bars(rows) -> Chart:
    """The variance inflation factor of each continuous factor, the largest on top.

    Parameters
    ----------
    rows : sequence of (factor, vif)
        Missing where it is infinite or the factor is constant.

    Returns
    -------
    Chart
        In another colour: above 10, where the line is. The axis is logarithmic where one exceeds 50. Table: as given.
    """
    rows = plain_rows(rows)
    ordered = sorted(rows, key=lambda row: math.inf if row[1] is None else row[1])
    placed = [(place, name, vif) for place, (name, vif) in enumerate(ordered)]
    most = max((vif for _place, _name, vif in placed if vif is not None), default=1.0)
    logarithmic = most > _LINEAR
    extent = [0.0, math.log10(most) * 1.15] if logarithmic else [0.0, 1.15 * most]
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "x": [vif for _, _, vif in chosen],
            "y": [place for place, _, _ in chosen], "marker": {"color": colour},
            "hovertext": [_SAID.format(text(factor), theme.number_text(vif)) for _, factor, vif in chosen],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        for name, colour, chosen in (
            (_SMALL, theme.ACCENT, [each for each in placed if each[2] is not None and each[2] <= _LIMIT]),
            (_LARGE, theme.CONTRAST, [each for each in placed if each[2] is not None and each[2] > _LIMIT]),
        ) if chosen
    ]
    shown = extent[1] > (math.log10(_LIMIT) if logarithmic else _LIMIT)
    traces.append(_ends(placed, _nearest(extent[1], logarithmic) if shown else math.inf, 1.0 if logarithmic else 0.0))
    line = {"type": "line", "x0": _LIMIT, "x1": _LIMIT, "y0": 0, "y1": 1, "yref": "paper",
            "layer": "below", "line": {"color": theme.INK, "width": 1.5, "dash": "dash"}}
    figure = {
        "data": traces,
        "layout": layout(
            height=150 + 30 * len(rows), margin={"l": 70, "r": 70, "t": 50, "b": 60}, bargap=0.3, barmode="overlay",
            showlegend=True, hovermode="closest", shapes=[line] if shown else [],
            xaxis=axis(_TITLE, range=extent, **({"type": "log", "dtick": 1} if logarithmic else {})),
            yaxis=axis("", showgrid=False, zeroline=False, ticks="", tickvals=[place for place, _, _ in placed],
                       ticktext=[row_label(name) for _, name, _ in placed], range=[-0.6, len(rows) - 0.4]),
        ),
    }
    return Chart(figure, ("factor", "vif"), rows)


def _nearest(end: float, logarithmic: bool) -> float:
    """The least value whose number at the end of its bar would be crossed by the line; ``end`` is that of the axis."""
    return 10 ** (math.log10(_LIMIT) - _ROOM * end) if logarithmic else _LIMIT - _ROOM * end


def _ends(placed: list, nearest: float, origin: float) -> dict:
    """The numbers at the ends of the bars, right of the line where it would cross them; words where there is none.

    Bars begin at ``origin``; the line crosses the numbers from ``nearest`` on.
    """
    x = [
        vif if vif is not None and not nearest <= vif < _LIMIT else origin if nearest == math.inf else _LIMIT
        for _place, _name, vif in placed
    ]
    return {
        "type": "scatter", "mode": "text", "name": "values", "y": [place for place, _, _ in placed], "x": x,
        "text": [SPACE + (_NONE if vif is None else theme.number_text(vif, 3)) for _, _, vif in placed],
        "textposition": "middle right", "textfont": {"size": 12}, "showlegend": False, "hoverinfo": "skip",
        "cliponaxis": False,
    }


def correlation_matrix(names, correlations) -> Chart:
    """The correlations between the continuous factors.

    Parameters
    ----------
    names : sequence of str
    correlations : array (names, names)
        Pearson's r; NaN where a factor is constant.

    Returns
    -------
    Chart
        Below the diagonal; bold: stronger than 0.9. Table: factor_1, factor_2, r of every two.
    """
    names, count = list(names), len(names)
    pairs = [(down, across, number(correlations[down][across])) for down in range(count) for across in range(down)]
    values, said, shown = ([[empty] * count for _ in names] for empty in (None, "", ""))
    for down, across, r in pairs:
        both = text(names[down]), text(names[across])
        values[down][across] = r
        said[down][across] = _NO_RESULT.format(*both) if r is None else _PAIR.format(*both, r)
        shown[down][across] = "–" if r is None else _two_digits(r)
    labels = [shortened(name, _NAME) for name in names]
    width = matrix_width(labels) / max(count - 1, 1)
    size, longest = fitting_size(width, 5, 12), widest(labels)
    slanted = longest * LETTER > width
    dark = [[value is not None and abs(value) > _DARK for value in line] for line in values]
    places = list(range(count))
    labels = list(map(text, labels))
    marks = {"showgrid": False, "zeroline": False, "ticks": ""}
    heat = {
        "type": "heatmap", "x": places, "y": places, "z": values, "customdata": said, "xgap": 2, "ygap": 2,
        "colorscale": theme.colorscale(RED_TO_BLUE), "zmin": -1, "zmax": 1, "hoverongaps": False,
        "hovertemplate": "%{customdata}<extra></extra>",
        "colorbar": {"title": {"text": "r"}, "thickness": 14, "outlinewidth": 0, "tickvals": [-1, -0.5, 0, 0.5, 1]},
    }
    figure = {
        "data": [heat, *([cell_texts(shown, dark, size)] if size else [])],
        "layout": layout(
            height=150 + _CELL * max(count - 1, 2) + (5 * longest if slanted else 20),
            margin={"l": 70, "r": 30, "t": 40, "b": 40}, showlegend=False,
            xaxis=axis("", tickvals=places[:-1], ticktext=labels[:-1], range=[-0.5, count - 1.5],
                       tickangle=-40 if slanted else 0, **marks),
            yaxis=axis("", tickvals=places[1:], ticktext=labels[1:], range=[count - 0.5, 0.5], **marks),
        ),
    }
    table = [(names[across], names[down], r) for down, across, r in pairs]
    return Chart(figure, ("factor_1", "factor_2", "r"), table)


def _two_digits(r: float) -> str:
    written = f"{round(r, 2) + 0.0:.2f}".replace("-", "−")
    return _BOLD.format(written) if abs(r) > _STRONG else written
