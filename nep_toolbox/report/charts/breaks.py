"""The chart of break points: in which years they lie."""

from __future__ import annotations

from .. import theme
from .base import Chart, axis, layout, plain_rows, year_axis


def break_years(rows) -> Chart:
    """The share of the area by the year of its break.

    Parameters
    ----------
    rows : sequence of (year, significant_km2, significant_percent, other_km2, other_percent)
        By year, those in which no break lies too. Shares are of the whole area with enough values.

    Returns
    -------
    Chart
        A bar a year: the significant breaks, and on top of them those that are not. Table: as given.
    """
    rows = plain_rows(rows)
    years = [row[0] for row in rows]
    traces = [
        {
            "type": "bar", "name": name, "x": years, "y": [row[column + 1] for row in rows],
            "marker": {"color": colour}, "customdata": [row[column] for row in rows],
            "hovertemplate": "%{x}: %{y:.4g} %, %{customdata:,.6~g} km²",
        }
        for name, column, colour in (("significant", 1, theme.ACCENT), ("not significant", 3, theme.NEUTRAL))
    ]
    figure = {
        "data": traces,
        "layout": layout(
            barmode="stack", bargap=0.15, xaxis=year_axis(years),
            yaxis=axis("Share of the area (%)", rangemode="tozero"),
        ),
    }
    columns = ("year", "significant_km2", "significant_percent", "other_km2", "other_percent")
    return Chart(figure, columns, rows)
