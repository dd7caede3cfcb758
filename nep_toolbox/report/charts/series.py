"""Charts of annual series: the course of the mean, and one series against another."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import with_alpha
from ...typesetting import with_unit
from .. import theme
from .base import (
    Chart,
    axis,
    band,
    chooser,
    layout,
    number,
    one_at_a_time,
    plain,
    present,
    region_label,
    text,
    year_axis,
)
from .labels import ABOVE, TEXT_POSITIONS, label_sides, scaled, year_colours

#: About the width and height of the scatter plot on a narrow page, in pixels.
SCATTER = (500, 340)


class AnnualSeries(NamedTuple):
    """Annual means of one region.

    Attributes
    ----------
    region : str
    years : sequence of int
    mean, std : sequences of float
        Mean and standard deviation of each year; NaN is missing.
    slope : float
        Least-squares slope of the mean per year; NaN draws no line.
    p_value : float
        Of this slope.
    """

    region: str
    years: list
    mean: list
    std: list
    slope: float = float("nan")
    p_value: float = float("nan")


def annual_series(regions, quantity: str, unit: str, sparse: dict | None = None) -> Chart:
    """The annual mean with a band of one standard deviation, its least-squares line and the multi-year mean.

    Parameters
    ----------
    regions : sequence of AnnualSeries
        Shown one at a time, the first at the start.
    quantity, unit : str
        Of the values: ``"NEP"``, ``"gC m-2 yr-1"``.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are grey and marked for the `sparse_note`.

    Returns
    -------
    Chart
        Table: region, year, mean, std, trend.
    """
    parts, rows, sparse = [], [], sparse or {}
    for region in regions:
        trend = line_through(region.years, region.mean, region.slope)
        parts.append((region_label(region.region, sparse), _traces(region, trend, unit, region.region in sparse)))
        numbers = zip(plain(region.years), plain(region.mean), plain(region.std), trend)
        rows += [(region.region, *year) for year in numbers]
    years = [year for region in regions for year in plain(region.years)]
    traces, groups = one_at_a_time(parts)
    figure = {
        "data": traces,
        "layout": layout(
            xaxis=year_axis(years),
            yaxis=axis(theme.quantity_text(text(quantity), unit)),
            updatemenus=chooser([name for name, _ in parts], groups),
            hovermode="x unified",
        ),
    }
    return Chart(figure, ("region", "year", "mean", "std", "trend"), rows)


def line_through(years, values, slope) -> list:
    """A line through the mean of the years and values that are not missing, as the least-squares line is.

    Parameters
    ----------
    years, values : sequences
        NaN or None is missing.
    slope : float
        Per year; NaN or None gives no line.

    Returns
    -------
    list of float or None
        A value for each year.
    """
    years, slope = plain(years), number(slope)
    pairs = [(year, value) for year, value in zip(years, plain(values)) if value is not None]
    if slope is None or not pairs:
        return [None] * len(years)
    middle = sum(year for year, _ in pairs) / len(pairs)
    level = sum(value for _, value in pairs) / len(pairs)
    return [level + slope * (year - middle) for year in years]


def _traces(region: AnnualSeries, trend: list, unit: str, pale: bool) -> list:
    years, mean = plain(region.years), plain(region.mean)
    colour, accent = (theme.NEUTRAL, theme.MUTED) if pale else (theme.ACCENT, theme.CONTRAST)
    traces = _spread(years, mean, plain(region.std), colour)
    values = present(mean)
    if values:
        level = sum(values) / len(values)
        traces.append({
            "type": "scatter", "mode": "lines", "x": [years[0], years[-1]], "y": [level, level],
            "name": f"mean of {len(values)} years: {level:.5g}",
            "line": {"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip",
        })
    if present(trend):
        traces.append({
            "type": "scatter", "mode": "lines", "x": years, "y": trend,
            "name": f"least squares: {with_unit(f'{region.slope:+.3g}', unit)} per year, "
                    f"{theme.p_text(region.p_value)}",
            "line": {"color": accent, "width": 2, "dash": "dash"}, "hoverinfo": "skip",
        })
    traces.append({
        "type": "scatter", "mode": "lines+markers", "x": years, "y": mean, "name": "annual mean",
        "line": {"color": colour, "width": 2.5}, "marker": {"size": 7},
        "customdata": plain(region.std), "hovertemplate": "%{y:.5g} (std %{customdata:.4g})<extra></extra>",
    })
    return traces


def _spread(years: list, mean: list, std: list, colour: str) -> list:
    """The band of one standard deviation, if there is any."""
    limits = [(None, None) if None in pair else (pair[0] - pair[1], pair[0] + pair[1]) for pair in zip(mean, std)]
    if not any(low is not None for low, _high in limits):
        return []
    lower, upper = zip(*limits)
    return [band(years, lower, upper, "± 1 standard deviation", with_alpha(colour, 0.14))]


class Relation(NamedTuple):
    """Annual means of two series with their correlation and regression line (y on x); NaN is missing.

    ``symbol`` is what the correlation is called.
    """

    region: str
    years: list
    x: list
    y: list
    r: float
    p_value: float
    slope: float
    intercept: float
    symbol: str = "r"


def scatter_with_regression(relations, x_quantity: str, x_unit: str, y_quantity: str, y_unit: str,
                            sparse: dict | None = None) -> Chart:
    """Annual means of one series against another, one point per year, with the regression line.

    Parameters
    ----------
    relations : sequence of Relation
        Shown one at a time, the first at the start.
    x_quantity, x_unit, y_quantity, y_unit : str
        What the axes show.
    sparse : dict of str to float, optional
        As for `annual_series`.

    Returns
    -------
    Chart
        Table: region, year, x, y.
    """
    parts, rows, sparse = [], [], sparse or {}
    for relation in relations:
        points = [
            point for point in zip(plain(relation.years), plain(relation.x), plain(relation.y)) if None not in point[1:]
        ]
        rows += [(relation.region, *point) for point in points]
        parts.append((region_label(relation.region, sparse),
                      _relation_traces(relation, points, relation.region in sparse)))
    traces, groups = one_at_a_time(parts)
    figure = {
        "data": traces,
        "layout": layout(
            height=500,
            xaxis=axis(theme.quantity_text(text(x_quantity), x_unit)),
            yaxis=axis(theme.quantity_text(text(y_quantity), y_unit)),
            updatemenus=chooser([name for name, _ in parts], groups),
            hovermode="closest",
        ),
    }
    return Chart(figure, ("region", "year", x_quantity, y_quantity), rows)


def _relation_traces(relation: Relation, points: list, pale: bool) -> list:
    years, x, y = ([point[place] for point in points] for place in range(3))
    sides = label_sides(years, scaled(x, SCATTER[0]), scaled(y, SCATTER[1]))
    traces = [{
        "type": "scatter", "mode": "markers+text", "x": x, "y": y, "customdata": [str(year) for year in years],
        "text": [str(year) if side else "" for year, side in zip(years, sides)],
        "textposition": [TEXT_POSITIONS[side or ABOVE] for side in sides],
        "textfont": {"size": 10, "color": theme.MUTED}, "name": "a year each",
        "marker": {
            "size": 11, "line": {"color": "#ffffff", "width": 1},
            **({"color": theme.NEUTRAL} if pale else year_colours(years)),
        },
        "hovertemplate": "%{customdata}: %{x:.5g}, %{y:.5g}<extra></extra>", "showlegend": False, "cliponaxis": False,
    }]
    slope, intercept = number(relation.slope), number(relation.intercept)
    if points and slope is not None and intercept is not None:
        ends = [min(x), max(x)]
        r = f"{relation.symbol} = {relation.r:.3f}"
        if number(relation.r) is None:
            r = f"{relation.symbol} not defined"
        traces.insert(0, {
            "type": "scatter", "mode": "lines", "x": ends, "y": [intercept + slope * end for end in ends],
            "name": f"y = {intercept:.4g} {'+' if slope >= 0 else '−'} {abs(slope):.4g} x, {r}, "
                    f"{theme.p_text(relation.p_value)}, n = {len(points)}",
            "line": {"color": theme.MUTED if pale else theme.CONTRAST, "width": 2}, "hoverinfo": "skip",
        })
    return traces
