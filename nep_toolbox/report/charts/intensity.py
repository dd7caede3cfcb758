"""Intensity analysis after Aldwaik and Pontius (2012, doi:10.1016/j.landurbplan.2012.02.010): intervals, categories and
transitions, each with the line of a uniform change."""

from __future__ import annotations

import math

from ...colours import DIVERGING, blend
from .. import theme
from .base import Chart, axis, chooser, layout, one_at_a_time, plain_rows, text
from .lists import GAP, bars, ends, line_down, list_figure, nothing, row_label

_INTERVAL, _OF_REGION, _OF_INTERVAL = "{}–{}", "{}, {}", "{}, {}"
_CHANGE, _OF_CLASS = "Change (% of the area a year)", "Change (% of the class a year)"
_EVEN, _UNIFORM, _NUMBER = "as uniform", "uniform: {:.3g}", "{:.3g}"
#: How much of its colour a bar loses that is not above the line; the length of an interval that its bar takes.
_PALE, _LENGTH = 0.62, 0.94
#: Rates that differ by less, as a share, are the same but for rounding.
_SAME = 1e-9
#: From so many intervals on there is no room for numbers.
_MANY = 16
GAINS, LOSSES = DIVERGING[-1], DIVERGING[0]


def intensity_intervals(regions) -> Chart:
    """How fast land cover changed in each interval; the area of a bar is the change in its interval.

    Parameters
    ----------
    regions : sequence of (str, sequence of (from_year, to_year, s, u, fast))
        Name and intervals of each region: intensity of change and uniform intensity, in percent of the area a year, and
        whether the first is larger, 1 or 0. Shown one at a time, the first at the start.

    Returns
    -------
    Chart
        Table: region and the columns as given.
    """
    parts, rows = [], []
    for region, intervals in regions:
        intervals = plain_rows(intervals)
        rows += [(region, *interval) for interval in intervals]
        parts.append((str(region), _interval_traces(intervals)))
    traces, groups = one_at_a_time(parts)
    years = sorted({year for row in rows for year in row[1:3]})
    figure = {
        "data": traces,
        "layout": layout(
            height=400, barmode="overlay", hovermode="closest",
            xaxis=axis("Year", showgrid=False, tickformat="d", **({"tickvals": years} if len(years) < 26 else {})),
            yaxis=axis(_CHANGE, rangemode="tozero"), updatemenus=chooser([name for name, _ in parts], groups),
        ),
    }
    return Chart(figure, ("region", "from_year", "to_year", "s", "u", "fast"), rows)


def _interval_traces(intervals: list) -> list:
    traces = []
    known = [row for row in intervals if row[2] is not None]
    for name, colour in (("fast", theme.CONTRAST), ("slow", theme.ACCENT), (_EVEN, theme.NEUTRAL)):
        chosen = [row for row in known if _pace(row) == name]
        traces.append({
            "type": "bar", "name": name, "marker": {"color": colour}, "x": [(row[0] + row[1]) / 2 for row in chosen],
            "y": [row[2] for row in chosen], "width": [_LENGTH * (row[1] - row[0]) for row in chosen],
            "text": [_NUMBER.format(row[2]) if len(intervals) < _MANY else "" for row in chosen],
            "textposition": "outside", "cliponaxis": False,
            "customdata": [_INTERVAL.format(row[0], row[1]) for row in chosen],
            "hovertemplate": "%{customdata}: %{y:.4g} %<extra>%{fullData.name}</extra>",
        })
    uniform = [row for row in intervals if row[3] is not None]
    if uniform:
        traces.append({
            "type": "scatter", "mode": "lines", "name": _UNIFORM.format(uniform[0][3]),
            "x": [min(row[0] for row in intervals), max(row[1] for row in intervals)], "y": [uniform[0][3]] * 2,
            "line": {"color": theme.INK, "width": 1.5, "dash": "dash"}, "hoverinfo": "skip",
        })
    return traces


def _pace(row: tuple) -> str:
    """Whether an interval is fast, slow, or as all together, as the only one is."""
    _first, _last, rate, uniform, fast = row
    if fast:
        return "fast"
    return _EVEN if uniform is None or math.isclose(rate, uniform, rel_tol=_SAME) else "slow"


def intensity_categories(regions) -> Chart:
    """How intensively each class gained and lost, and the line of the interval.

    Parameters
    ----------
    regions : sequence of (str, sequence of (from_year, to_year, label, gain, loss, s, gain_active, loss_active))
        Name and rows of each region: gain in percent of the class at the end and loss in percent of the class at the
        start, a year, the intensity of the interval, and whether they are above it, 1 or 0. Each interval of each
        region is shown by itself, the first at the start.

    Returns
    -------
    Chart
        Bars above the line in full colour, the others pale. Table: region and the columns as given.
    """
    lists, rows = [], []
    for name, region, chosen in _by_interval(regions):
        rows += [(region, *row) for row in chosen]
        lists.append((name, *_category_list([row for row in chosen if row[3] is not None or row[4] is not None])))
    columns = ("region", "from_year", "to_year", "class", "gain", "loss", "s", "gain_active", "loss_active")
    return Chart(list_figure(lists, _OF_CLASS), columns, rows)


def _category_list(rows: list) -> tuple[list, list]:
    """The traces and labels of one interval."""
    if not rows:
        return [nothing()], [GAP]
    traces = []
    for value, active, colour, shift, names in (
        (3, 6, GAINS, -0.19, ("gain, active", "gain, dormant")),
        (4, 7, LOSSES, 0.19, ("loss, active", "loss, dormant")),
    ):
        for name, kind in zip(names, (True, False)):
            chosen = [
                (place + shift, row) for place, row in enumerate(rows)
                if row[value] is not None and bool(row[active]) == kind
            ]
            shade = colour if kind else blend(colour, theme.PAPER, _PALE)
            traces.append(_intensities(name, chosen, 2, value, shade, 0.36))
    traces.append(ends([
        (place + shift, row[value], row[5])
        for value, shift in ((3, -0.19), (4, 0.19)) for place, row in enumerate(rows) if row[value] is not None
    ]))
    levels = [row[5] for row in rows if row[5] is not None]
    if levels:
        traces.append(line_down(_UNIFORM.format(levels[0]), [(levels[0], 0, len(rows) - 1)]))
    return traces, [row_label(row[2]) for row in rows]


def intensity_transitions(regions) -> Chart:
    """How intensively each class gained from the others and lost to them, and the lines of uniform transitions.

    Parameters
    ----------
    regions : sequence of (str, sequence of (from_year, to_year, from_label, to_label, r, w, targeted_gain, q, v,
        targeted_loss))
        Name and rows of each region, in percent of a class a year: from the view of the class that gains, the
        intensity, that of a uniform gain, and whether it is above, 1 or 0; and the same from the view of the class that
        loses. Each interval of each region is shown by itself, its gains and its losses.

    Returns
    -------
    Chart
        Bars above their line in full colour, the others pale; none where nothing changed. Table: region and the columns
        as given.
    """
    lists, rows = [], []
    for name, region, chosen in _by_interval(regions):
        rows += [(region, *row) for row in chosen]
        lists.append((_OF_INTERVAL.format(name, "gains"), *_transition_list(chosen, _GAINS)))
        lists.append((_OF_INTERVAL.format(name, "losses"), *_transition_list(chosen, _LOSSES)))
    columns = ("region", "from_year", "to_year", "from", "to", "r", "w", "targeted_gain", "q", "v", "targeted_loss")
    return Chart(list_figure(lists, _OF_CLASS), columns, rows)


#: Of a view: the columns of the class that it is of, of the other, of the intensity, the uniform one and the flag; the
#: colour, and the heading of a class.
_GAINS = (3, 2, 4, 5, 6, GAINS, "<b>{}</b> gains from")
_LOSSES = (2, 3, 7, 8, 9, LOSSES, "<b>{}</b> loses to")


def _transition_list(rows: list, view: tuple) -> tuple[list, list]:
    """The traces and labels of one interval, by the class that gains or loses."""
    own, other, value, uniform, targeted, colour, heading = view
    groups: dict = {name: [] for column in (2, 3) for name in [row[column] for row in rows]}
    for row in rows:
        if row[value]:
            groups[row[own]].append(row)
    labels, placed, lines = [], [], []
    for name, group in groups.items():
        if not group:
            continue
        labels += [*([GAP] if labels else []), heading.format(row_label(name))]
        if group[0][uniform] is not None:
            lines.append((group[0][uniform], len(labels), len(labels) + len(group) - 1))
        placed += enumerate(group, len(labels))
        labels += [row_label(row[other]) for row in group]
    if not labels:
        return [nothing()], [GAP]
    traces = [
        _intensities(name, [(place, row) for place, row in placed if bool(row[targeted]) == kind], other, value, shade)
        for name, kind, shade in (("targeted", True, colour), ("avoided", False, blend(colour, theme.PAPER, _PALE)))
    ]
    traces.append(ends([(place, row[value], row[uniform]) for place, row in placed]))
    return [*traces, *([line_down("uniform", lines)] if lines else [])], labels


def _intensities(name: str, placed: list, label: int, value: int, colour: str, width: float = 0.72) -> dict:
    """Bars of one kind."""
    values = [row[value] for _place, row in placed]
    return bars(
        name, [place for place, _row in placed], values, colour,
        [f"{text(row[label])}: {row[value]:.4g} %" for _place, row in placed], width,
    )


def _by_interval(regions) -> list:
    """For each interval of each region: what it is called in the list, the region and its rows."""
    regions = [(str(region), plain_rows(rows)) for region, rows in regions]
    parts = []
    for region, rows in regions:
        for interval in dict.fromkeys(row[:2] for row in rows):
            name = _INTERVAL.format(*interval)
            if len(regions) > 1:
                name = _OF_REGION.format(region, name)
            parts.append((name, region, [row for row in rows if row[:2] == interval]))
    return parts
