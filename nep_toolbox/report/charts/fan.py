"""A fan: the middle of many possible courses with bands around it, and the single courses where they have names."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import blend, categorical, legible, with_alpha
from .. import theme
from .base import Chart, axis, band, chooser, layout, legend_below, one_at_a_time, plain, region_label, text, year_axis

#: Opacity of the widest band, and what each narrower one adds.
_OPACITY = 0.16
#: In pixels.
_HEIGHT = 460
#: From so many members on all are drawn alike, thin and grey.
_MANY = 9
_LIMITS = "<br>{}: {:.5g} to {:.5g}"


class Fan(NamedTuple):
    """Possible courses of one value in one region; NaN is missing.

    Attributes
    ----------
    name : str
        Of the region.
    years : sequence of int
    middle : sequence of float
        Of each year: the mean or the median.
    bands : sequence of (str, sequence of float, sequence of float)
        Label, lower and upper limit, from the widest to the narrowest.
    members : sequence of (str, sequence of float)
        Name and values of each single course; may be empty.
    """

    name: str
    years: list
    middle: list
    bands: list
    members: list = ()


def fan(fans, quantity: str, unit: str, middle: str = "mean", sparse: dict | None = None) -> Chart:
    """The course of a value with bands around it.

    Parameters
    ----------
    fans : sequence of Fan
        Shown one at a time, the first at the start; bands and members are called alike in all of them.
    quantity, unit : str
        Of the values.
    middle : str
        What the middle is.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are grey and marked for the `sparse_note`.

    Returns
    -------
    Chart
        Table: region, year, the middle, lower and upper limit of each band, the members.
    """
    fans, parts, rows, sparse = list(fans), [], [], sparse or {}
    for each in fans:
        limits = [plain(limit) for _label, *both in each.bands for limit in both]
        courses = [plain(values) for _name, values in each.members]
        rows += [(each.name, *year) for year in zip(plain(each.years), plain(each.middle), *limits, *courses)]
        parts.append((region_label(each.name, sparse), _traces(each, middle, each.name in sparse)))
    traces, groups = one_at_a_time(parts)
    figure = {
        "data": traces,
        "layout": layout(
            hovermode="x unified", xaxis=year_axis([row[1] for row in rows]),
            yaxis=axis(theme.quantity_text(text(quantity), unit), exponentformat="none", separatethousands=True),
            updatemenus=chooser([name for name, _ in parts], groups),
            **legend_below([trace["name"] for trace in parts[0][1] if trace.get("showlegend", True)] if parts else [],
                           _HEIGHT),
        ),
    }
    bands = [f"{side} {label}" for label, *_limits in (fans[0].bands if fans else ()) for side in ("lower", "upper")]
    members = [name for name, _values in (fans[0].members if fans else ())]
    return Chart(figure, ("region", "year", middle, *bands, *members), rows)


def _traces(each: Fan, middle: str, pale: bool) -> list:
    years, colour = plain(each.years), theme.NEUTRAL if pale else theme.ACCENT
    traces = [
        band(years, plain(lower), plain(upper), label, with_alpha(colour, _OPACITY * place))
        for place, (label, lower, upper) in enumerate(each.bands, 1)
    ]
    many = len(each.members) >= _MANY
    for (name, values), own in zip(each.members, categorical(len(each.members))):
        own = theme.NEUTRAL if many else blend(legible(own), theme.NEUTRAL, 0.75 if pale else 0.0)
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": text(name), "x": years, "y": plain(values),
            "line": {"color": own, "width": 1 if many else 1.5}, "marker": {"size": 3 if many else 4},
            "showlegend": not many, "hovertemplate": "%{y:.5g}",
        })
    return [*traces, {
        "type": "scatter", "mode": "lines+markers", "name": text(middle), "x": years, "y": plain(each.middle),
        "line": {"color": theme.MUTED if pale else theme.INK, "width": 2.5}, "marker": {"size": 7},
        "customdata": _limits(each), "hovertemplate": "%{y:.5g}%{customdata}",
    }]


def _limits(each: Fan) -> list:
    """The limits of all bands in each year, in words."""
    words = [""] * len(each.years)
    for label, *limits in each.bands:
        for place, (low, high) in enumerate(zip(*map(plain, limits))):
            if low is not None and high is not None:
                words[place] += _LIMITS.format(text(label), low, high)
    return words
