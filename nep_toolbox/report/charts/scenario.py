"""What if the rates of an interval went on: the area of each class, and the total that would follow."""

from __future__ import annotations

from ...colours import CATEGORIES, categorical, legible, with_alpha
from .. import theme
from .base import (
    Chart,
    axis,
    band,
    chooser,
    class_label,
    layout,
    legend_below,
    number,
    one_at_a_time,
    plain_rows,
    present,
    text,
)
from .slope_parts import wrapped

#: Shares of the height: the amounts above, their change since the last date below.
_UPPER, _LOWER = (0.54, 1.0), (0.0, 0.44)
#: A bar is no thinner than this part of the axis.
_THIN = 0.02
#: Half a 95 % interval, in standard deviations.
HALF = 1.96
#: Of the figure, in pixels: its height, what lies above the plots, the drop-down list and a line of the title; letters
#: of such a line.
_HEIGHT, _TOP, _MENU, _LINE, _LETTERS = 680, 26, 44, 21, 80
_WHAT_IF = "What if the rates of {} to {} went on?"
_PROTECTED = "What if the rates of {} to {} went on and nothing were lost of: {}?"
_SINCE, _NAMED, _WITH_BAND = "Years after {}", "{}: {}", "{} (band: ± 1.96 sd)"


def what_if(first: int, last: int, protected=()) -> str:
    """The title of a scenario.

    Parameters
    ----------
    first, last : int
        The years of the interval whose rates go on.
    protected : sequence of str
        Names of the classes that lose nothing.
    """
    if protected:
        return _PROTECTED.format(first, last, ", ".join(map(str, protected)))
    return _WHAT_IF.format(first, last)


def scenario_areas(titles: dict, start, rows, colours: dict, last: int) -> Chart:
    """The area of each class at each horizon, and how it differs from that of the last date.

    Parameters
    ----------
    titles : dict of str to str
        Of each scenario, as `what_if` makes them; shown one at a time, the first at the start.
    start : sequence of (class, label, area_km2)
        At the last date.
    rows : sequence of (scenario, horizon, class, label, area_km2)
        Horizons in years from the last date.
    colours : dict of class to str
        ``#rrggbb``; classes without one get one of the palette.
    last : int
        The year of the last date.

    Returns
    -------
    Chart
        Table: rows as given, after those of horizon 0.
    """
    start, rows = plain_rows(start), plain_rows(rows)
    rows = [
        row for name in titles
        for row in [*((name, 0, *own) for own in start), *(row for row in rows if row[0] == name)]
    ]
    parts = [(name, _area_traces([row for row in rows if row[0] == name], colours)) for name in titles]
    traces, groups = one_at_a_time(parts)
    figure = {"data": traces, "layout": _layout(titles, traces, groups, rows, last, "Area (km²)", "Change (km²)")}
    figure["layout"].update(barmode="stack", bargap=0.3)
    return Chart(figure, ("scenario", "horizon", "class", "label", "area_km2"), rows)


def _area_traces(rows: list, colours: dict) -> list:
    """A stack of bars, and the change of each class."""
    horizons = sorted({row[1] for row in rows})
    labels: dict = {}
    for row in sorted(rows, key=lambda row: row[2]):
        labels.setdefault(row[2], class_label(row[2], row[3]))
    areas = {(row[1], row[2]): row[4] for row in rows}
    step = min((after - before for before, after in zip(horizons, horizons[1:])), default=1)
    width = max(0.7 * step, _THIN * max(horizons, default=0))
    traces = []
    for (code, label), spare in zip(labels.items(), categorical(len(labels))):
        colour, values = colours.get(code, spare), [areas.get((horizon, code)) for horizon in horizons]
        base = areas.get((0, code))
        common = {"x": horizons, "name": text(label), "legendgroup": str(code)}
        traces.append({
            **common, "type": "bar", "y": values, "width": width,
            "marker": {"color": colour, "line": {"color": theme.PAPER, "width": 0.5}},
            "hovertemplate": "%{y:,.6~g} km²<extra>%{fullData.name}</extra>",
        })
        traces.append({
            **common, "type": "scatter", "mode": "lines+markers", "xaxis": "x2", "yaxis": "y2", "showlegend": False,
            "y": [None if value is None or base is None else value - base for value in values],
            "line": {"color": legible(colour), "width": 2}, "marker": {"size": 7},
            "hovertemplate": "%{y:+,.5~g} km²<extra>%{fullData.name}</extra>",
        })
    return traces


def scenario_totals(titles: dict, start, rows, last: int, unit: str = "Tg C yr-1") -> Chart:
    """The total that would follow from the areas, and its change, with bands of 1.96 standard deviations.

    Parameters
    ----------
    titles : dict of str to str
        Of each scenario, as `what_if` makes them; all are shown.
    start : (float, float)
        The total at the last date and its standard deviation.
    rows : sequence of (scenario, horizon, total, sd, change, change_sd)
        Horizons in years from the last date; a missing standard deviation draws no band.
    last : int
        The year of the last date.
    unit : str
        Of the totals.

    Returns
    -------
    Chart
        Table: rows as given, after those of horizon 0.
    """
    ahead = plain_rows(rows)
    rows = [
        row for name in titles
        for row in [(name, 0, number(start[0]), number(start[1]), 0.0, 0.0),
                    *sorted((row for row in ahead if row[0] == name), key=lambda row: row[1])]
    ]
    traces: list = []
    for place, name in enumerate(titles):
        own = [row for row in rows if row[0] == name]
        for value, axes, shown in ((2, "", True), (4, "2", False)):
            traces += _total_traces(own, value, axes, name, place, shown)
    words = (theme.quantity_text(name, unit) for name in ("Total", "Change"))
    figure = {"data": traces, "layout": _layout(titles, traces, [], rows, last, *words)}
    return Chart(figure, ("scenario", "horizon", "total", "sd", "change", "change_sd"), rows)


def _total_traces(rows: list, value: int, axes: str, name: str, place: int, shown: bool) -> list:
    """A band and a line in one of the two plots; from the second scenario on dashed, so that it hides no other."""
    colour = CATEGORIES[place % len(CATEGORIES)]
    horizons, middle = [row[1] for row in rows], [row[value] for row in rows]
    half = [None if row[value] is None or row[value + 1] is None else HALF * row[value + 1] for row in rows]
    limits = [
        [None if size is None else centre + sign * size for centre, size in zip(middle, half)] for sign in (-1, 1)
    ]
    where = {"xaxis": f"x{axes}", "yaxis": f"y{axes}", "legendgroup": name, "showlegend": False}
    traces, words = [], text(name)
    if any(half) and len(present(half)) > 1:
        words = _WITH_BAND.format(words)
        traces.append({**band(horizons, *limits, name, with_alpha(colour, 0.16)), **where})
    return [*traces, {
        **where, "type": "scatter", "mode": "lines+markers", "x": horizons, "y": middle, "name": words,
        "line": {"color": colour, "width": 2.5, "dash": "dash" if place else "solid"},
        "marker": {"size": 6 if place else 9}, "showlegend": shown,
        "customdata": ["" if size is None else f" ± {size:.3g}" for size in half],
        "hovertemplate": "%{y:.5g}%{customdata}<extra>%{fullData.name}</extra>",
    }]


def _layout(titles: dict, traces: list, groups: list, rows: list, last: int, amount: str, change: str) -> dict:
    """Two plots above each other, with what is asked as their title; without groups all scenarios are shown."""
    names = list(titles)
    asked = [_wrapped(titles[name]) for name in names]
    menus = chooser(names, groups, {name: {"annotations[0].text": title} for name, title in zip(names, asked)})
    if groups:
        title = asked[0]
    else:
        menus, title = [], "<br>".join(map(_NAMED.format, names, asked) if len(names) > 1 else asked)
    horizons = sorted({row[1] for row in rows})
    ticks = {"tickvals": horizons} if len(horizons) < 26 else {}
    lines = 1 + max((words.count("<br>") for words in [*asked, title]), default=0)
    top = _TOP + _LINE * lines + (_MENU if menus else 0)
    entries = dict.fromkeys(trace["name"] for trace in traces if trace.get("showlegend", True))
    return layout(
        updatemenus=menus, hovermode="closest",
        annotations=[{
            "text": title, "showarrow": False, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left",
            "yanchor": "bottom", "yshift": 12 + (_MENU if menus else 0), "align": "left", "font": {"size": 16},
        }],
        modebar={"orientation": "v"}, **legend_below(list(entries), _HEIGHT + _LINE * (lines - 1), top),
        xaxis=axis("", anchor="y", showgrid=False, zeroline=False, showticklabels=False, **ticks),
        yaxis=axis(amount, domain=list(_UPPER), exponentformat="none", separatethousands=True),
        xaxis2=axis(_SINCE.format(last), anchor="y2", matches="x", showgrid=False, zeroline=False, **ticks),
        yaxis2=axis(change, domain=list(_LOWER), anchor="x2", zerolinecolor=theme.INK, zerolinewidth=1.5,
                    exponentformat="none", separatethousands=True),
    )


def _wrapped(title: str) -> str:
    """A title in lines that a narrow page holds."""
    return "<br>".join(map(text, wrapped(title, _LETTERS)))
