"""The figures of a study: what each needs, what its theme shows, and what draws its page."""

from __future__ import annotations

from typing import Callable, NamedTuple

from . import attribution, charts, classes, correlation, frequency, values


class Figure(NamedTuple):
    """A figure.

    Attributes
    ----------
    wanted : callable
        Takes the study and the layers, and tells whether there is anything to draw.
    theme : callable
        Takes the layers, gives the keys of those that its map theme shows.
    draw : callable
        Takes a `Sheet`, draws the page and gives its height.
    exported : bool
        Whether the layout makes the files of the figure; charts have theirs already.
    """

    wanted: Callable
    theme: Callable
    draw: Callable
    exported: bool = True


def _maps(draw: Callable, *needed: str, shown: tuple = ()) -> Figure:
    """A figure of maps that is wanted where there is one of some layers."""
    return Figure(
        lambda study, layers: any(key in layers for key in needed),  # noqa: ARG005
        lambda layers: ["outline", "borders", *(shown or [key for key in needed if key in layers][:1])],
        draw,
    )


def _chart(name: str, *shown: str) -> Figure:
    return Figure(
        lambda study, layers: bool(charts.chart_file(study, name)),  # noqa: ARG005
        lambda layers: ["outline", "borders", *shown],  # noqa: ARG005
        charts.chart(name), False,
    )


def _first_year(layers) -> list:
    return ["outline", "borders", *(f"year {year}" for year in layers.study.map_years[-1:])]


FIGURES = {
    "fig01_study_area": _maps(values.study_area, "relief", "regions", "outline",
                              shown=("regions", "relief")),
    "fig02_annual": _chart("fig02_annual", "mean"),
    "fig03_maps": Figure(
        lambda study, layers: any(f"year {year}" in layers for year in study.map_years), _first_year, values.years
    ),
    "fig04_frequency": _maps(frequency.frequency, "increases"),
    "fig05_trend": _maps(classes.trend, "trend_class", "centers",
                         shown=("mean_centers", "geometric_centers", "centers", "path", "trend_class")),
    "fig06_future": _maps(classes.future, "future", "hurst"),
    "fig07_correlation": _maps(correlation.correlation, "r_precipitation", "r_temperature"),
    "fig08_landcover": _chart("fig08_landcover", "change"),
    "fig09_landcover_nep": _chart("fig09_landcover_nep", "mean"),
    "fig09b_landcover_effect": _chart("fig09b_landcover_effect", "change"),
    "fig10_geodetector": _chart("fig10_geodetector", "mean"),
    "fig11_attribution": _maps(attribution.attribution, "attribution_class"),
    "fig12_drivers": _maps(attribution.drivers, "dominant"),
}
