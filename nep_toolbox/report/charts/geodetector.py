"""Charts of the geographical detector: q of factors, of cuts and of pairs, and the means of strata."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import CATEGORIES, LIGHT_TO_DARK, blend
from .. import theme
from .base import Chart, axis, chooser, layout, number, plain, plain_rows, text

# A sign for each type, so that the matrix can be read without colours.
INTERACTION_SIGNS = {
    "enhance, nonlinear": "⬆",
    "enhance, bi-variable": "↑",
    "independent": "=",
    "weaken, uni-variable": "↓",
    "weaken, nonlinear": "⬇",
}
# Width of a letter and of the matrix on a page of usual width, in pixels.
_LETTER, _MATRIX_WIDTH = 8, 700
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")


def q_bars(factors, q, p_value, significant) -> Chart:
    """Explanatory power of the factors, the strongest on top.

    Parameters
    ----------
    factors : sequence of str
    q, p_value : sequences of float
    significant : sequence of bool

    Returns
    -------
    Chart
        Full colour and a star: significant; pale: not. Table: factor, q, p (a text where it is 0), significant.
    """
    rows = list(zip(factors, plain(q), plain(p_value), map(bool, significant)))
    ordered = sorted(rows, key=lambda row: -1.0 if row[1] is None else row[1])
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name,
            "x": [row[1] for row in chosen], "y": [text(row[0]) for row in chosen],
            "text": ["" if row[1] is None else f"{row[1]:.3f}{star}" for row in chosen],
            "textposition": "outside", "cliponaxis": False,
            "marker": {"color": colour, "line": {"color": theme.ACCENT, "width": 1}},
            "customdata": [theme.exact_p_text(row[2]) for row in chosen],
            "hovertemplate": "%{y}: q = %{x:.4f}, %{customdata}<extra></extra>",
        }
        for name, star, colour, chosen in (
            ("significant *", " *", theme.ACCENT, [row for row in ordered if row[3]]),
            ("not significant", "", blend(theme.ACCENT, "#ffffff", 0.75), [row for row in ordered if not row[3]]),
        )
        if chosen
    ]
    figure = {
        "data": traces,
        "layout": layout(
            height=150 + 34 * len(rows),
            margin={"l": 70, "r": 70, "t": 50, "b": 60},
            xaxis=axis("q, share of the variance explained", rangemode="tozero"),
            yaxis=axis(
                "", showgrid=False, ticks="", categoryorder="array", categoryarray=[text(row[0]) for row in ordered]
            ),
            bargap=0.3, showlegend=True,
        ),
    }
    table = [(name, power, theme.BELOW_ALL if p == 0 else p, star) for name, power, p, star in rows]
    return Chart(figure, ("factor", "q", "p", "significant"), table)


def cut_lines(rows, chosen: dict) -> Chart:
    """q against the number of classes, one line per method, for one factor at a time.

    Parameters
    ----------
    rows : sequence of (factor, method, classes, q, candidate)
    chosen : dict of factor to (method, classes)
        The cut that won.

    Returns
    -------
    Chart
        The chosen cut is marked with a ring. Table: as given.
    """
    rows = plain_rows(rows)
    factors = list(dict.fromkeys(row[0] for row in rows))
    methods = list(dict.fromkeys(row[1] for row in rows))
    traces, groups = [], []
    for factor in factors:
        own = [row for row in rows if row[0] == factor]
        for place, method in enumerate(methods):
            points = sorted((row[2], row[3], row[4]) for row in own if row[1] == method and row[3] is not None)
            if points:
                traces.append(_method_line(method, place, points))
                groups.append(factor)
        best = [row for row in own if (row[1], row[2]) == tuple(chosen.get(factor, ()))]
        if best:
            traces.append({
                "type": "scatter", "mode": "markers", "x": [best[0][2]], "y": [best[0][3]],
                "name": f"chosen: {text(best[0][1])}, {best[0][2]} classes", "hoverinfo": "skip",
                "marker": {"size": 20, "symbol": "circle-open", "color": theme.CONTRAST, "line": {"width": 3}},
            })
            groups.append(factor)
    for trace, group in zip(traces, groups):
        trace["visible"] = group == factors[0]
    figure = {
        "data": traces,
        "layout": layout(
            xaxis=axis("Number of classes", dtick=1, showgrid=False), yaxis=axis("q"),
            updatemenus=chooser(factors, groups), hovermode="closest",
        ),
    }
    return Chart(figure, ("factor", "method", "classes", "q", "candidate"), rows)


def _method_line(method: str, place: int, points: list) -> dict:
    colour = CATEGORIES[place % len(CATEGORIES)]
    return {
        "type": "scatter", "mode": "lines+markers", "name": text(method),
        "x": [point[0] for point in points], "y": [point[1] for point in points],
        "line": {"color": colour, "width": 2, "dash": _DASHES[place % len(_DASHES)]},
        # A hollow mark: this cut was no candidate.
        "marker": {
            "size": 8, "color": [colour if point[2] else "#ffffff" for point in points],
            "symbol": _SYMBOLS[place % len(_SYMBOLS)], "line": {"color": colour, "width": 1.5},
        },
        "customdata": ["" if point[2] else " (no candidate)" for point in points],
        "hovertemplate": text(method) + ", %{x} classes: q = %{y:.4f}%{customdata}<extra></extra>",
    }


def interaction_matrix(factors, q, rows) -> Chart:
    """q of every pair of factors with the type of their interaction; the diagonal holds q of the factor alone.

    Parameters
    ----------
    factors : sequence of str
    q : sequence of float
        Of each factor alone.
    rows : sequence of (factor_1, factor_2, q_12, interaction)

    Returns
    -------
    Chart
        Lower triangle; the signs are explained by hovering and in the legend line. Table: as ``rows``.
    """
    factors = list(factors)
    place = {factor: index for index, factor in enumerate(factors)}
    size = len(factors)
    values = [[None] * size for _ in factors]
    shown = [[""] * size for _ in factors]
    hover = [[""] * size for _ in factors]
    for index, (factor, alone) in enumerate(zip(factors, plain(q))):
        values[index][index] = alone
        shown[index][index] = "" if alone is None else f"<b>{alone:.3f}</b>"
        hover[index][index] = f"{text(factor)} alone"
    pairs = plain_rows(rows)
    for first, second, together, kind in pairs:
        down, across = max(place[first], place[second]), min(place[first], place[second])
        values[down][across] = together
        shown[down][across] = "" if together is None else f"{together:.3f} {INTERACTION_SIGNS.get(kind, '')}"
        hover[down][across] = f"{text(first)} with {text(second)}: {text(kind)}"
    names = [text(factor) for factor in factors]
    longest = max(len(str(factor)) for factor in factors)
    # Names wider than their cells lean to the left, away from the colour bar.
    slanted = longest * _LETTER > _MATRIX_WIDTH / size
    highest = max([value for line in values for value in line if value is not None], default=1.0)
    occurring = [kind for kind in INTERACTION_SIGNS if any(row[3] == kind for row in pairs)]
    figure = {
        "data": [{
            "type": "heatmap", "x": names, "y": names, "z": values, "customdata": hover,
            "colorscale": theme.colorscale(LIGHT_TO_DARK), "zmin": 0, "zmax": highest, "xgap": 2, "ygap": 2,
            "hoverongaps": False, "hovertemplate": "%{customdata}<br>q = %{z:.4f}<extra></extra>",
            "colorbar": {"title": {"text": "q"}, "thickness": 14, "outlinewidth": 0},
        }],
        "layout": layout(
            height=160 + 46 * size + (5 * longest if slanted else 30),
            margin={"l": 70, "r": 30, "t": 60, "b": 40},
            xaxis=axis("", showgrid=False, ticks="", type="category", tickangle=-40 if slanted else 0),
            yaxis=axis("", showgrid=False, ticks="", type="category", autorange="reversed"),
            annotations=_cell_texts(names, values, shown, highest) + [_legend_line(occurring)],
        ),
    }
    return Chart(figure, ("factor_1", "factor_2", "q_12", "interaction"), pairs)


def _cell_texts(names: list, values: list, shown: list, highest: float) -> list:
    """A text in every cell, light on dark and dark on light (older plotly cannot write into a heatmap itself)."""
    return [
        {
            "x": names[across], "y": names[down], "text": shown[down][across], "showarrow": False,
            "font": {"size": 12, "color": "#ffffff" if values[down][across] > 0.5 * highest else theme.INK},
        }
        for down in range(len(names))
        for across in range(len(names))
        if values[down][across] is not None
    ]


def _legend_line(kinds: list) -> dict:
    return {
        "text": "   ".join(f"{INTERACTION_SIGNS[kind]} {kind}" for kind in kinds), "showarrow": False, "x": 0, "y": 1,
        "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 10,
        "font": {"color": theme.MUTED},
    }


class Stratum(NamedTuple):
    """Mean of the target in one stratum of one factor."""

    factor: str
    stratum: str
    n: int
    mean: float
    std: float


def risk_means(strata, quantity: str, unit: str) -> Chart:
    """Mean of the target in the strata of one factor at a time, with its standard deviation.

    Parameters
    ----------
    strata : sequence of Stratum
        In the order of the classes.
    quantity, unit : str
        Of the target.

    Returns
    -------
    Chart
        Table: factor, stratum, n, mean, std.
    """
    rows = plain_rows(strata)
    factors = list(dict.fromkeys(row[0] for row in rows))
    traces = []
    for factor in factors:
        own = [row for row in rows if row[0] == factor]
        traces.append({
            "type": "bar", "x": [text(row[1]) for row in own], "y": [row[3] for row in own],
            "error_y": {
                "type": "data", "array": [number(row[4]) or 0 for row in own], "color": theme.MUTED, "width": 4,
            },
            "marker": {"color": blend(theme.ACCENT, "#ffffff", 0.35)},
            "customdata": [[row[2], row[4]] for row in own], "name": text(factor), "visible": factor == factors[0],
            "hovertemplate": "%{x}: %{y:.5g} (std %{customdata[1]:.4g}, n = %{customdata[0]})<extra></extra>",
            "showlegend": False,
        })
    titles = {factor: {"xaxis.title.text": text(factor)} for factor in factors}
    figure = {
        "data": traces,
        "layout": layout(
            xaxis=axis(text(factors[0]) if factors else "", showgrid=False, type="category"),
            yaxis=axis(theme.quantity_text(_mean_of(text(quantity)), unit)),
            updatemenus=chooser(factors, factors, titles), bargap=0.35,
        ),
    }
    return Chart(figure, ("factor", "stratum", "n", "mean", "std"), rows)


def _mean_of(quantity: str) -> str:
    """What the mean of a quantity is called; that of a mean is one, too."""
    return quantity if quantity.lower().startswith("mean") else f"Mean of {quantity}"
