"""Charts of hot spots: how much of the area is hot and cold, and how alike neighbours are, year by year."""

from __future__ import annotations

from ...colours import HOT_COLD_CLASSES
from .. import theme
from .base import Chart, axis, layout, plain_rows, year_axis

#: Below this p Moran's I is drawn as a full circle.
_LEVEL = 0.05
#: Between ticks of shares, in percent: from that of a cell among millions on.
_STEPS = (*(float(f"{digit}e{power}") for power in range(-6, 1) for digit in (1, 2, 5)), 10.0, 20.0)
_Z, _NO_Z = "z = {:.4g}", "z not defined"


def spot_areas(rows) -> Chart:
    """The share of the area that is hot, upwards, and cold, downwards.

    Parameters
    ----------
    rows : sequence of (year, hot_km2, hot_percent, cold_km2, cold_percent)
        By year; shares are of the cells with a result.

    Returns
    -------
    Chart
        Two bars a year, one above the other. Table: as given.
    """
    rows = plain_rows(rows)
    years = [row[0] for row in rows]
    traces = [
        {
            "type": "bar", "name": name, "x": years, "y": [sign * row[column + 1] for row in rows],
            "marker": {"color": colour}, "customdata": [[row[column], row[column + 1]] for row in rows],
            "hovertemplate": "%{x}: %{customdata[1]:.4g} %, %{customdata[0]:,.6~g} km²",
        }
        for name, column, sign, colour in (
            ("hot", 1, 1, HOT_COLD_CLASSES[2]), ("cold", 3, -1, HOT_COLD_CLASSES[-2])
        )
    ]
    figure = {
        "data": traces,
        "layout": layout(
            barmode="relative", bargap=0.15, xaxis=year_axis(years),
            yaxis=axis("Share of the area (%)", **_ticks(rows)),
        ),
    }
    return Chart(figure, ("year", "hot_km2", "hot_percent", "cold_km2", "cold_percent"), rows)


def _ticks(rows: list) -> dict:
    """Ticks at round shares on both sides of 0, without a sign: those of cold cells are none below 0."""
    most = max((share for row in rows for share in (row[2], row[4])), default=0.0)
    step = next((step for step in _STEPS if most <= 4 * step), 25) if most else 0.1
    values = [step * place for place in range(-5, 6) if abs(step * place) <= most + step]
    ticks = {"tickvals": values, "ticktext": [f"{abs(value):.6f}".rstrip("0").rstrip(".") for value in values]}
    return ticks if most else {**ticks, "range": [-step, step]}  # which is far wider by itself


def moran_by_year(rows) -> Chart:
    """Global Moran's I of each year.

    Parameters
    ----------
    rows : sequence of (year, moran_i, z, p)
        By year.

    Returns
    -------
    Chart
        A line with full circles where p is below 0.05, else hollow ones. Table: as given.
    """
    rows = plain_rows(rows)
    full = [row[3] is not None and row[3] < _LEVEL for row in rows]
    figure = {
        "data": [{
            "type": "scatter", "mode": "lines+markers", "x": [row[0] for row in rows], "y": [row[1] for row in rows],
            "line": {"color": theme.ACCENT, "width": 2.5}, "name": "Moran's I",
            "marker": {
                "size": 9, "color": [theme.ACCENT if each else theme.PAPER for each in full],
                "line": {"color": theme.ACCENT, "width": 2},
            },
            "customdata": [
                [_Z.format(row[2]) if row[2] is not None else _NO_Z, theme.exact_p_text(row[3])] for row in rows
            ],
            "hovertemplate": "%{x}: %{y:.4g}, %{customdata[0]}, %{customdata[1]}<extra></extra>",
        }],
        "layout": layout(
            height=360, xaxis=year_axis([row[0] for row in rows]), yaxis=axis("Moran's I", rangemode="tozero"),
        ),
    }
    return Chart(figure, ("year", "moran_i", "z", "p"), rows)
