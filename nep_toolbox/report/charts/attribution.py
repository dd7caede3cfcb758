"""Charts of attribution: what drivers explain of a trend and what they leave, in regions, years and classes."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import CLIMATE, REST, blend
from ...typesetting import with_unit
from .. import theme
from .base import (
    Chart,
    axis,
    chooser,
    layout,
    one_at_a_time,
    plain,
    plain_rows,
    present,
    region_label,
    text,
    year_axis,
)
from .series import line_through
from .slope_parts import GAP, slope_parts

#: What the parts are called.
PARTS = ("climate", "rest")
#: Shares of the height: observed and climate above, the rest below.
_UPPER, _LOWER = (0.42, 1.0), (0.0, 0.3)
_NAME, _PER_YEAR = "{}: {}", "{} per year"


def attributed_slopes(regions, unit: str, alpha: float = 0.05, whole: str = "", sparse: dict | None = None) -> Chart:
    """The observed slope of each region as the sum of the slopes of climate and of the rest.

    Parameters
    ----------
    regions : sequence of SlopeParts
        Their parts: the slope of the climate series, and that of the residual series.
    unit, alpha, whole, sparse
        As for `slope_parts`.

    Returns
    -------
    Chart
        Table: region, slope, p, climate, rest.
    """
    return slope_parts(regions, PARTS, (CLIMATE, REST), unit, alpha, whole, sparse)


class AttributedSeries(NamedTuple):
    """Annual means of a region and of their parts; NaN is missing.

    Attributes
    ----------
    region : str
    years : sequence of int
    observed, climate, rest : sequences of float
        The observed mean, what the drivers explain of it, and observed minus explained.
    slopes : (float, float, float)
        Of the three, per year; NaN draws no line.
    p_values : (float, float, float)
        Of the slopes; NaN is not written.
    """

    region: str
    years: list
    observed: list
    climate: list
    rest: list
    slopes: tuple = (float("nan"),) * 3
    p_values: tuple = (float("nan"),) * 3


def attributed_series(regions, quantity: str, unit: str, sparse: dict | None = None) -> Chart:
    """Annual means, above what the drivers explain of them, below what they leave, each with its line.

    Parameters
    ----------
    regions : sequence of AttributedSeries
        Shown one at a time, the first at the start.
    quantity, unit : str
        Of the values.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are marked for the `sparse_note`.

    Returns
    -------
    Chart
        Table: region, year, observed, climate, rest.
    """
    parts, rows, sparse = [], [], sparse or {}
    for region in regions:
        years, *series = (plain(values) for values in region[1:5])
        rows += [(region.region, *values) for values in zip(years, *series)]
        parts.append((region_label(region.region, sparse), _traces(region, unit, region.region in sparse)))
    traces, groups = one_at_a_time(parts)
    settings = year_axis([year for region in regions for year in plain(region.years)])
    figure = {
        "data": traces,
        "layout": layout(
            height=620, hovermode="x unified", updatemenus=chooser([name for name, _ in parts], groups),
            xaxis={**settings, "anchor": "y", "title": {"text": ""}, "showticklabels": False},
            yaxis=axis(theme.quantity_text(text(quantity), unit), domain=list(_UPPER)),
            xaxis2={**settings, "anchor": "y2", "matches": "x"},
            yaxis2=axis("Rest", domain=list(_LOWER), anchor="x2", zerolinecolor=theme.INK, zerolinewidth=1.5),
        ),
    }
    return Chart(figure, ("region", "year", "observed", *PARTS), rows)


def _traces(region: AttributedSeries, unit: str, pale: bool) -> list:
    years = plain(region.years)
    traces = []
    for name, values, colour, slope, p_value, place in zip(
        ("observed", *PARTS), region[2:5], (theme.INK, CLIMATE, blend(REST, theme.INK, 0.4)), plain(region.slopes),
        plain(region.p_values), ("", "", "2"),
    ):
        colour = blend(colour, theme.NEUTRAL, 0.6) if pale else colour
        where = {"type": "scatter", "x": years, "xaxis": f"x{place}", "yaxis": f"y{place}", "legendgroup": name}
        traces.append({
            **where, "mode": "lines+markers", "y": plain(values), "line": {"color": colour, "width": 2},
            "name": _named(name, slope, p_value, unit), "marker": {"size": 6},
            "meta": name, "hovertemplate": "%{y:.5g}<extra>%{meta}</extra>",
        })
        if slope is not None and present(values):
            traces.append({
                **where, "mode": "lines", "y": line_through(years, plain(values), slope), "showlegend": False,
                "line": {"color": colour, "width": 1.5, "dash": "dash"}, "hoverinfo": "skip", "name": name,
            })
    return traces


def _named(name: str, slope, p_value, unit: str) -> str:
    """A series with its slope, and with p where there is one."""
    if slope is None:
        return name
    told = _PER_YEAR.format(with_unit(f"{slope:+.3g}", unit))
    return _NAME.format(name, told if p_value is None else f"{told}, {theme.p_text(p_value)}")


def attributed_shares(rows, colours: dict) -> Chart:
    """The share of the area of each class, and how much of it has a significant trend.

    Parameters
    ----------
    rows : sequence of (class, label, pixels, area_km2, percent, significant_percent)
        In the order from top to bottom; the last is the part of the class, in percent of the class, in which the
        observed trend is significant. NaN: all of it counts as not significant.
    colours : dict of class to str
        ``#rrggbb``.

    Returns
    -------
    Chart
        One bar a class: its significant part in full colour, the other pale. Table: as given.
    """
    rows = plain_rows(rows)
    shown = [text(row[1]) for row in rows]
    strong = [colours.get(row[0], theme.NEUTRAL) for row in rows]
    sure = [(row[4] or 0.0) * (row[5] or 0.0) / 100 for row in rows]
    unsure = [(row[4] or 0.0) - part for row, part in zip(rows, sure)]
    traces = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": shown, "x": values, "showlegend": False,
            "marker": {"color": fill, "line": {"color": strong, "width": 1}},
            "hovertemplate": "%{y}: %{x:.4g} % of the area<extra>%{fullData.name}</extra>",
        }
        for name, values, fill in (
            ("significant trend", sure, strong),
            ("trend not significant", unsure, [blend(colour, theme.PAPER, 0.7) for colour in strong]),
        )
    ]
    traces.append({
        "type": "scatter", "mode": "text", "name": "share", "x": [row[4] or 0.0 for row in rows], "y": shown,
        "text": ["" if row[4] is None else GAP + theme.percent_text(row[4]) for row in rows],
        "textposition": "middle right", "showlegend": False, "hoverinfo": "skip", "cliponaxis": False,
    })
    most = max((row[4] or 0.0 for row in rows), default=0.0)
    figure = {
        "data": traces,
        "layout": layout(
            height=150 + 34 * len(rows), barmode="stack", bargap=0.25, hovermode="closest",
            xaxis=axis("Share of the area (%)<br>full colour: with a significant trend", range=[0, 1.15 * most or 1]),
            yaxis=axis("", autorange="reversed", showgrid=False, ticks="", type="category"),
        ),
    }
    return Chart(figure, ("class", "label", "pixels", "area_km2", "percent", "significant_percent"), rows)
