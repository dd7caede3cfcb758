"""The pictures of docs/attribution.md: planted trends as the fits find them, and the GPP of Assaba with rain."""

from __future__ import annotations

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

import evidence_rain
from evidence_attribution import DETRENDED, FITS, PLAIN, REST, fit, found, planted
from evidence_pictures import WIDTH, draw_classes, legend
from nep_toolbox.colours import ATTRIBUTION_CLASSES, BLUES, BROWN_TO_GREEN, CATEGORIES
from nep_toolbox.core.attribution.shares import CLASS_LABELS, CLASS_NODATA, shares
from nep_toolbox.sample.province import make_province
from nep_toolbox.sample.years import npp_of

#: Of the driver of the planted series, from left to right.
STEEPEST = 0.3
#: A pixel that has no class.
UNKNOWN = 100
_YEARS, _ROWS, _COLS = 20, 50, 160
_NAMES = {PLAIN: "plain fit (RESTREND)", DETRENDED: "detrended fit"}


def of_planted() -> Figure:
    """The same rest everywhere, and a driver whose trend grows from left to right: what two fits find, and the mean."""
    trends = np.tile(np.linspace(0, STEEPEST, _COLS), _ROWS)
    y, drivers = planted(_YEARS, REST, trends, trends.size)
    figure = Figure((WIDTH, 7.2), layout="constrained")
    *maps, below = figure.subplots(3, 1)
    for axes, (method, words) in zip(maps, _NAMES.items()):
        slope = fit(y, drivers, np.arange(_YEARS), method=method).slope_residual
        _draw(figure, axes, slope.reshape(_ROWS, _COLS), BROWN_TO_GREEN, (-2 * REST, 2 * REST), "rest found",
              extent=(0, STEEPEST, 0, 1), aspect="auto")
        axes.set(xlabel="trend of the driver, standard deviations of the noise a year", yticks=[])
        axes.set_title(f"Rest found by the {words}, where {REST} was planted everywhere", loc="left")
    steps = np.linspace(0, STEEPEST, 13)
    for (words, method), colour in zip(FITS.items(), (CATEGORIES[5], CATEGORIES[0], CATEGORIES[1])):
        below.plot(steps, [found(method, _YEARS, REST, step)[0] for step in steps], color=colour, label=words,
                   linestyle=":" if words == "first differences" else "-", linewidth=2)
    below.axhline(REST, color="0.3", linestyle="--", label="planted", zorder=0)
    below.set(xlim=(0, STEEPEST), ylim=(0, 1.2 * REST), ylabel="mean rest found",
              xlabel="trend of the driver, standard deviations of the noise a year")
    below.legend(loc="lower left", frameon=False, fontsize=9)
    return figure


def of_province() -> Figure:
    """The rest that the sample province has by design, and what two fits find of it."""
    province = make_province()
    valid = province.valid
    years = np.array(province.years)
    npp = np.stack([npp_of(province, year)[0][valid] for year in province.years])
    climate = np.stack([[layer(year)[valid].astype(float) for year in province.years]
                        for layer in (province.precipitation, province.temperature)])
    fits = {method: fit(npp, climate, years, method=method) for method in _NAMES}
    both = np.isfinite(fits[PLAIN].slope_residual)
    maps = [("Built in", province.growth[valid])]
    maps += [(f"Found by the {words}", fits[method].slope_residual) for method, words in _NAMES.items()]
    figure = Figure((WIDTH, 3.4), layout="constrained")
    for axes, (title, values) in zip(figure.subplots(1, 3), maps):
        picture = np.full(valid.shape, np.nan)
        picture[valid] = np.where(both, values, np.nan)
        last = _draw(None, axes, picture, BROWN_TO_GREEN, (-6.0, 6.0), "")
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"{title}\nmean {np.nanmean(picture):.2f}", loc="left", fontsize=10)
    figure.colorbar(last, ax=figure.axes, label="rest, gC m$^{-2}$ yr$^{-1}$ a year", shrink=0.8)
    return figure


def of_rain() -> Figure:
    """GPP with rain: the usual map of classes, the same where GPP has a significant trend, and what rain explains."""
    series = evidence_rain.rained()
    made = evidence_rain.detrended(series)
    classes, _share = shares(made.slope, made.slope_climate, made.slope_residual)
    known = np.where(evidence_rain.significant_trends(series), classes, CLASS_NODATA)
    rows, cols = (slice(each.min(), each.max() + 1) for each in np.nonzero(series.places))
    figure = Figure((WIDTH, 5.6), layout="constrained")
    panels = figure.subplots(1, 3)
    titles = ("Every pixel has a class,\nwhatever its trend", "Classes where GPP has\na trend (p < 0.05)")
    for axes, title, values in zip(panels, titles, (classes, known)):
        codes = np.nan_to_num(series.mapped(values)[rows, cols], nan=CLASS_NODATA)
        codes[codes == CLASS_NODATA] = np.nan
        codes[series.places[rows, cols] & np.isnan(codes)] = UNKNOWN
        draw_classes(axes, codes, {**ATTRIBUTION_CLASSES, UNKNOWN: "#ececec"}, None, "equal")
        axes.set_title(title, loc="left", fontsize=10)
        shown = {code: words for code, words in CLASS_LABELS.items() if np.any(codes == code)}
        legend(axes, codes, shown, ATTRIBUTION_CLASSES, series.gpp.shape[1], (0.0, -0.01))
    last = _draw(None, panels[2], series.mapped(made.r_squared)[rows, cols], BLUES, (0.0, 1.0), "")
    panels[2].set_title("What rain explains of the years,\nbeyond the line", loc="left", fontsize=10)
    bar = panels[2].inset_axes((0.05, -0.07, 0.9, 0.03))
    figure.colorbar(last, cax=bar, label="R squared", orientation="horizontal")
    for axes in panels:
        axes.set(xticks=[], yticks=[], anchor="N")
    return figure


def _draw(figure, axes, values: np.ndarray, ramp: tuple, limits: tuple, words: str, **how):
    """A map of numbers, with its scale beside it where a figure is given; what is missing is white."""
    colours = LinearSegmentedColormap.from_list("ramp", ramp)
    scale = ScalarMappable(Normalize(*limits), colours)
    axes.imshow(values, cmap=colours, norm=scale.norm, interpolation="nearest", **how)
    if figure is not None:
        figure.colorbar(scale, ax=axes, label=words)
    return scale


PICTURES = {"attribution-planted": of_planted, "attribution-province": of_province, "attribution-rain": of_rain}
