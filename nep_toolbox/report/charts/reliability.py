"""Charts of forecasts against what came: a reliability diagram, and Brier scores."""

from __future__ import annotations

import math

from .. import theme
from .base import Chart, axis, layout, plain_rows, text

#: Diameters of the largest and of the smallest circle.
_LARGEST, _SMALLEST = 60.0, 7.0

_CATEGORY = "{}  {}: {:,} pixels"
_BASE_RATE = "base rate: {:.3f}"
_SCORE = "{:.3f}"
_SCORES = "{:.3f}, skill {:.3f}"


def reliability_diagram(rows, base_rate: float, colours: dict) -> Chart:
    """Observed share against the forecast of each category.

    Parameters
    ----------
    rows : sequence of (category, label, pixels, forecast, observed)
        Shares from 0 to 1.
    base_rate : float
        The observed share of all pixels.
    colours : dict of category to str
        ``#rrggbb``.

    Returns
    -------
    Chart
        A circle for each category, its area that of the number of pixels but for the smallest; the diagonal, and the
        base rate. Table: as given.
    """
    rows = plain_rows(rows)
    most = max((row[2] for row in rows), default=1)
    lines = [
        {
            "type": "scatter", "mode": "lines", "x": [0.0, 1.0], "y": ends, "name": name, "hoverinfo": "skip",
            "line": {"color": colour, "width": 1.5, "dash": dash},
        }
        for name, ends, colour, dash in (
            ("forecast = observed", [0.0, 1.0], theme.NEUTRAL, "dot"),
            (_BASE_RATE.format(base_rate), [base_rate, base_rate], theme.CONTRAST, "dash"),
        )
    ]
    share = {**axis(), "range": [-0.04, 1.04], "tickvals": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], "constrain": "domain"}
    figure = {
        # The largest first, so that none hides another.
        "data": lines + [_circle(row, most, colours) for row in sorted(rows, key=lambda row: -row[2])],
        "layout": layout(
            height=670 + 20 * len(rows),
            margin={"l": 70, "r": 30, "t": 24, "b": 60},
            xaxis={**share, **_titled("Forecast: share whose slope keeps its sign")},
            yaxis={**share, **_titled("Observed share"), "scaleanchor": "x"},
            legend={"orientation": "v", "x": 0, "xanchor": "left", "y": -0.13, "yanchor": "top",
                    "itemsizing": "constant"},
            hovermode="closest",
        ),
    }
    return Chart(figure, ("category", "label", "pixels", "forecast", "observed"), rows)


def _titled(title: str) -> dict:
    return {"title": axis(title)["title"]}


def _circle(row: tuple, most: int, colours: dict) -> dict:
    category, label, pixels, forecast, observed = row
    return {
        "type": "scatter", "mode": "markers", "x": [forecast], "y": [observed], "cliponaxis": False,
        "name": _CATEGORY.format(category, text(label), pixels),
        "marker": {
            "size": max(_SMALLEST, _LARGEST * math.sqrt(pixels / most)), "opacity": 0.8,
            "color": colours.get(category, theme.NEUTRAL), "line": {"color": theme.INK, "width": 0.8},
        },
        "text": [text(label)], "customdata": [pixels],
        "hovertemplate": "%{text}: forecast %{x:.3f}, observed %{y:.3f}, %{customdata:,} pixels<extra></extra>",
    }


def brier_scores(rows) -> Chart:
    """Brier scores of several forecasts of the same events.

    Parameters
    ----------
    rows : sequence of (forecast, brier, skill)
        In the order from top to bottom; a skill that is missing is not told.

    Returns
    -------
    Chart
        A bar for each. Table: as given.
    """
    rows = plain_rows(rows)
    words = [
        _SCORE.format(row[1]) if row[2] is None else _SCORES.format(row[1], round(row[2], 3) + 0.0) for row in rows
    ]
    figure = {
        "data": [{
            "type": "bar", "orientation": "h", "x": [row[1] for row in rows], "y": [text(row[0]) for row in rows],
            "text": [each.replace("-", "−") for each in words], "textposition": "outside", "cliponaxis": False,
            "marker": {"color": [theme.NEUTRAL if row[2] is None else theme.ACCENT for row in rows]},
            "hovertemplate": "%{y}: %{x:.4f}<extra></extra>",
        }],
        "layout": layout(
            height=130 + 44 * len(rows),
            margin={"l": 70, "r": 150, "t": 30, "b": 60},
            xaxis=axis("Brier score", rangemode="tozero"),
            yaxis=axis("", autorange="reversed", showgrid=False, ticks=""),
            bargap=0.35,
        ),
    }
    return Chart(figure, ("forecast", "brier", "skill"), rows)
