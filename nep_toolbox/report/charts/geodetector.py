"""Charts of the geographical detector: q of factors and of cuts, and the means of strata."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import CATEGORIES, blend
from .. import theme
from .base import Chart, axis, chooser, layout, legend_below, number, one_at_a_time, plain_rows, present, text
from .lists import row_label
from .slope_parts import GAP as SPACE

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
_SIGNIFICANT, _NOT_SIGNIFICANT, _INTERVAL = "significant *", "not significant", "{:g} % interval"
_SEEN, _UNSEEN = "q of all rows", "q of rows not seen (cross-validation)"
_Q, _Q_STAR, _CHOSEN = "{:.3f}", "{:.3f} *", "chosen: {}, {} classes"
_TOLD, _LIMITS, _TOLD_UNSEEN = "{}: q = {:.4f}{}, {}{}", " ({:.4f} to {:.4f})", ", of rows not seen {:.4f}"
_FAR = " (not within one standard error of the best)"
#: The second panel.
_RIGHT = {"xaxis": "x2", "yaxis": "y2"}


class DetectedFactor(NamedTuple):
    """What the factor detector says of one factor; numbers that were not asked for are missing.

    Attributes
    ----------
    factor : str
    q, p_value : float
    significant : bool
    lower, upper : float
        Limits of the interval of q. Where q is smaller than chance gives it, q lies above both.
    q_cv : float
        q on rows that the cut has not seen.
    """

    factor: str
    q: float
    p_value: float
    significant: bool
    lower: float = math.nan
    upper: float = math.nan
    q_cv: float = math.nan


def q_bars(factors, confidence: float = 95.0) -> Chart:
    """Explanatory power of the factors, the strongest on top.

    Parameters
    ----------
    factors : sequence of DetectedFactor
    confidence : float
        Of the intervals, in percent.

    Returns
    -------
    Chart
        Full colour and a star: significant; pale: not. Lines: the intervals; diamonds: q on rows not seen. Table:
        factor, q, p (a text where it is 0), significant, q_lower, q_upper, q_cv.
    """
    factors = [DetectedFactor(*row) for row in plain_rows(factors)]
    ordered = sorted(factors, key=lambda row: -1.0 if row.q is None else row.q)
    places = list(range(len(ordered)))
    traces = [
        _bars([(place, row) for place, row in zip(places, ordered) if row.significant is star], name, colour)
        for star, name, colour in (
            (True, _SIGNIFICANT, theme.ACCENT), (False, _NOT_SIGNIFICANT, blend(theme.ACCENT, "#ffffff", 0.75)),
        )
    ]
    traces += [intervals(places, ordered, _INTERVAL.format(confidence)), unseen(places, ordered),
               ends(places, ordered)]
    names = [row_label(row.factor) for row in ordered]
    figure = {
        "data": [trace for trace in traces if trace["x"]],
        "layout": layout(
            height=150 + 34 * len(factors),
            margin={"l": 70, "r": 70, "t": 50, "b": 60},
            xaxis=axis("q, share of the variance explained", rangemode="tozero"),
            yaxis=axis("", showgrid=False, ticks="", zeroline=False, tickvals=places, ticktext=names,
                       range=[-0.6, len(factors) - 0.4]),
            bargap=0.3, showlegend=True, barmode="overlay", hovermode="closest",
        ),
    }
    columns = ("factor", "q", "p", "significant", "q_lower", "q_upper", "q_cv")
    table = [row._replace(p_value=theme.BELOW_ALL if row.p_value == 0 else row.p_value) for row in factors]
    return Chart(figure, columns, [tuple(row) for row in table])


def _bars(placed: list, name: str, colour: str) -> dict:
    """The bars of the factors that are significant, or of the others."""
    return {
        "type": "bar", "orientation": "h", "name": name, "x": [row.q for _, row in placed],
        "y": [place for place, _ in placed], "marker": {"color": colour, "line": {"color": theme.ACCENT, "width": 1}},
        "hovertext": [told(row) for _, row in placed], "hovertemplate": "%{hovertext}<extra></extra>",
    }


def told(row: DetectedFactor) -> str:
    """What is said of a factor when one points at it."""
    if row.q is None:
        return text(row.factor)
    limits = "" if row.lower is None or row.upper is None else _LIMITS.format(row.lower, row.upper)
    unseen = "" if row.q_cv is None else _TOLD_UNSEEN.format(row.q_cv)
    return _TOLD.format(text(row.factor), row.q, limits, theme.exact_p_text(row.p_value), unseen)


def intervals(places: list, factors: list, name: str) -> dict:
    """The intervals as lines of their own: q may lie outside.

    Parameters
    ----------
    places : list of float
        Where the factors stand.
    factors : list of DetectedFactor
    name : str
        For the legend.
    """
    x, y = [], []
    for place, row in zip(places, factors):
        if row.lower is not None and row.upper is not None:
            x += [row.lower, row.upper, None]
            y += [place, place, None]
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": x[:-1], "y": y[:-1], "hoverinfo": "skip",
        "line": {"color": theme.INK, "width": 1.5}, "cliponaxis": False,
        "marker": {"symbol": "line-ns-open", "size": 9, "color": theme.INK, "line": {"width": 1.5}},
    }


def unseen(places: list, factors: list) -> dict:
    """q on rows not seen, as diamonds; as for `intervals`."""
    known = [(place, row.q_cv) for place, row in zip(places, factors) if row.q_cv is not None]
    return {
        "type": "scatter", "mode": "markers", "name": _UNSEEN, "x": [value for _, value in known],
        "y": [place for place, _ in known], "cliponaxis": False, "hovertemplate": "q = %{x:.4f}<extra></extra>",
        "marker": {"symbol": "diamond", "size": 11, "color": theme.PAPER,
                   "line": {"color": theme.CONTRAST, "width": 2.5}},
    }


def ends(places: list, factors: list, size: int = 12) -> dict:
    """q in numbers, right of all that is drawn of a factor; as for `intervals`."""
    known = [(place, row) for place, row in zip(places, factors) if row.q is not None]
    return {
        "type": "scatter", "mode": "text", "name": "values", "y": [place for place, _ in known],
        "x": [max(present((row.q, row.upper, row.q_cv, 0.0))) for _, row in known],
        # A diamond reaches further to the right than its value.
        "text": [
            SPACE * (1 if row.q_cv is None else 2) + (_Q_STAR if row.significant else _Q).format(row.q)
            for _, row in known
        ],
        "textposition": "middle right", "textfont": {"size": size}, "showlegend": False, "hoverinfo": "skip",
        "cliponaxis": False,
    }


class TriedCut(NamedTuple):
    """A cut that was tried; the last three numbers are missing where it was not cross-validated.

    Attributes
    ----------
    factor, method : str
    classes : int
    q : float
    candidate : bool
    cv_mse, cv_se : float
        Mean squared error on rows not seen, and its standard error.
    q_cv : float
        q on rows not seen.
    """

    factor: str
    method: str
    classes: int
    q: float
    candidate: bool
    cv_mse: float = math.nan
    cv_se: float = math.nan
    q_cv: float = math.nan


def cut_lines(rows, chosen: dict) -> Chart:
    """q against the number of classes, one line per method, for one factor at a time.

    Parameters
    ----------
    rows : sequence of TriedCut
    chosen : dict of factor to (method, classes)
        The cut that won.

    Returns
    -------
    Chart
        The chosen cut is marked with a ring, cuts that were no candidates are hollow. Where cuts were cross-validated,
        a second panel of the same scale shows q on rows not seen; filled there are the cuts whose error is within one
        standard error of the least. Table: as given.
    """
    rows = [TriedCut(*row) for row in plain_rows(rows)]
    factors = list(dict.fromkeys(row.factor for row in rows))
    methods = list(dict.fromkeys(row.method for row in rows))
    validated = any(row.q_cv is not None for row in rows)
    parts = [
        (factor, _cuts_of([row for row in rows if row.factor == factor], methods, chosen.get(factor)))
        for factor in factors
    ]
    traces, groups = one_at_a_time(parts)
    panels: dict = {"xaxis": axis("Number of classes", dtick=1, showgrid=False), "yaxis": axis("q")}
    if validated:
        panels["xaxis"]["domain"] = [0.0, 0.45]
        panels["xaxis2"] = axis("Number of classes", dtick=1, showgrid=False, domain=[0.55, 1.0], matches="x")
        panels["yaxis"] = axis(_SEEN)
        panels["yaxis2"] = axis(_UNSEEN, anchor="x2", matches="y")
    figure = {
        "data": traces,
        "layout": layout(
            updatemenus=chooser(factors, groups), hovermode="closest",
            **(legend_below([*methods, *(trace["name"] for trace in traces[-1:])], 520, 90) if validated else {}),
            **panels,
        ),
    }
    return Chart(figure, TriedCut._fields if validated else TriedCut._fields[:5],
                 [tuple(row) if validated else tuple(row)[:5] for row in rows])


def _cuts_of(rows: list, methods: list, chosen: tuple | None) -> list:
    """The traces of one factor."""
    limit = _one_standard_error(rows)
    traces = []
    for place, method in enumerate(methods):
        own = sorted((row for row in rows if row.method == method), key=lambda row: row.classes)
        seen = [row for row in own if row.q is not None]
        unseen = [row for row in own if row.q_cv is not None]
        if seen:
            traces.append(_method_line(method, place, [(row.classes, row.q, row.candidate) for row in seen]))
        if unseen:
            points = [(row.classes, row.q_cv, row.cv_mse <= limit) for row in unseen]
            traces.append({**_method_line(method, place, points, _FAR), "showlegend": not seen, **_RIGHT})
    for row in rows:
        if chosen and (row.method, row.classes) == tuple(chosen):
            traces += [_ring(row, row.q)] if row.q is not None else []
            traces += [{**_ring(row, row.q_cv), "showlegend": False, **_RIGHT}] if row.q_cv is not None else []
    return traces


def _one_standard_error(rows: list) -> float:
    """The least error of the cuts of a factor and its standard error together."""
    best = min((row for row in rows if row.cv_mse is not None), key=lambda row: row.cv_mse, default=None)
    return math.inf if best is None else best.cv_mse + (best.cv_se or 0.0)


def _method_line(method: str, place: int, points: list, hollow: str = " (no candidate)") -> dict:
    """The line of a method through points of (classes, q, whether the mark is filled)."""
    colour = CATEGORIES[place % len(CATEGORIES)]
    return {
        "type": "scatter", "mode": "lines+markers", "name": text(method), "legendgroup": text(method),
        "x": [point[0] for point in points], "y": [point[1] for point in points],
        "line": {"color": colour, "width": 2, "dash": _DASHES[place % len(_DASHES)]},
        "marker": {
            "size": 8, "color": [colour if point[2] else "#ffffff" for point in points],
            "symbol": _SYMBOLS[place % len(_SYMBOLS)], "line": {"color": colour, "width": 1.5},
        },
        "customdata": ["" if point[2] else hollow for point in points],
        "hovertemplate": text(method) + ", %{x} classes: q = %{y:.4f}%{customdata}<extra></extra>",
    }


def _ring(row: TriedCut, height: float) -> dict:
    return {
        "type": "scatter", "mode": "markers", "x": [row.classes], "y": [height],
        "name": _CHOSEN.format(text(row.method), row.classes), "hoverinfo": "skip",
        "marker": {"size": 20, "symbol": "circle-open", "color": theme.CONTRAST, "line": {"width": 3}},
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
