"""Charts of forecasts against what came: a reliability diagram, and Brier scores."""

from __future__ import annotations

import math

from .. import theme
from .base import Chart, axis, layout, plain_rows, text

#: Diameters of the largest and of the smallest circle.
_LARGEST, _SMALLEST = 60.0, 7.0


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
            (f"base rate: {base_rate:.3f}", [base_rate, base_rate], theme.CONTRAST, "dash"),
        )
    ]
    share = {**axis(), "range": [-0.04, 1.04], "tickvals": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], "constrain": "domain"}
    figure = {
        # The largest first, so that none hides another.
        "data": lines + [_circle(row, most, colours) for row in sorted(rows, key=lambda row: -row[2])],
        "layout": layout(
            height=590 + 20 * len(rows),
            xaxis={**share, **_titled("Forecast: share whose slope keeps its sign")},
            yaxis={**share, **_titled("Observed share"), "scaleanchor": "x"},
            legend={"orientation": "v", "x": 0, "xanchor": "left", "y": -0.16, "yanchor": "top",
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
        "name": f"{category}  {text(label)}: {pixels:,}",
        "marker": {
            "size": max(_SMALLEST, _LARGEST * math.sqrt(pixels / most)), "opacity": 0.8,
            "color": colours.get(category, theme.NEUTRAL), "line": {"color": theme.INK, "width": 0.8},
        },
        "text": [text(label)], "customdata": [pixels],
        "hovertemplate": "%{text}: forecast %{x:.3f}, observed %{y:.3f}, %{customdata:,} pixels<extra></extra>",
    }


def brier_scores(rows, coin: float) -> Chart:
    """Brier scores of several forecasts of the same events.

    Parameters
    ----------
    rows : sequence of (forecast, brier, skill)
        In the order from top to bottom.
    coin : float
        The score of a forecast of one half, which is drawn as a line.

    Returns
    -------
    Chart
        A bar for each. Table: as given.
    """
    rows = plain_rows(rows)
    end = 1.25 * max([coin, *(row[1] for row in rows)])
    figure = {
        "data": [{
            "type": "bar", "orientation": "h", "x": [row[1] for row in rows], "y": [text(row[0]) for row in rows],
            "text": [f"{row[1]:.3f}, skill {row[2]:.3f}".replace("-", "−") for row in rows],
            "textposition": "outside", "cliponaxis": False, "marker": {"color": theme.ACCENT}, "name": "Brier score",
            "customdata": [row[2] for row in rows], "showlegend": False,
            "hovertemplate": "%{y}: %{x:.4f}, skill %{customdata:.4f}<extra></extra>",
        }, {
            "type": "scatter", "mode": "lines", "x": [coin, coin], "y": [0, 1], "yaxis": "y2",
            "name": f"a coin: {coin:g}", "hoverinfo": "skip",
            "line": {"color": theme.CONTRAST, "width": 1.5, "dash": "dash"},
        }],
        "layout": layout(
            height=170 + 44 * len(rows),
            xaxis=axis("Brier score", range=[0.0, end]),
            yaxis=axis("", autorange="reversed", showgrid=False, ticks=""),
            yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
            bargap=0.35,
        ),
    }
    return Chart(figure, ("forecast", "brier", "skill"), rows)
