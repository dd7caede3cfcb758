"""Charts of the geographical detector over years: q of the factors in each year, and how their ranks change."""

from __future__ import annotations

import math

from ...colours import blend, categorical, legible
from .. import theme
from .base import Chart, axis, layout, plain_rows, present, text
from .geodetector import DetectedFactor, ends, intervals, told, unseen
from .lists import row_label

#: Panels beside each other, at most; height of a bar, and of what else a row of panels takes, in pixels.
_ACROSS, _BAR, _RIM = 3, 26, 74
#: Above and below all panels, and between two of them for the numbers of one and the title of the next, in pixels.
_ABOVE, _BELOW, _BETWEEN = 64, 50, 58
#: Width of a letter, and height of a step of the ranks, in pixels.
_LETTER, _STEP = 7.2, 40
_TITLE, _INTERVAL = "<b>{}</b>", "{:g} % interval"


def q_by_year(years: dict, confidence: float = 95.0) -> Chart:
    """Explanatory power of the factors, a panel for each year.

    Parameters
    ----------
    years : dict of int to sequence of DetectedFactor
    confidence : float
        Of the intervals, in percent.

    Returns
    -------
    Chart
        The factors stand in one order in all panels, by their mean q. Full colour and a star: significant. Lines: the
        intervals; diamonds: q on rows not seen. Four years stand in two rows of two. Table: year, factor, q, p (a text
        where it is 0), significant, q_lower, q_upper, q_cv.
    """
    years = {year: [DetectedFactor(*row) for row in plain_rows(years[year])] for year in sorted(years)}
    rows = [(year, row) for year, own in years.items() for row in own]
    order = _by_mean([(row.factor, row.q) for _year, row in rows])[::-1]
    across = 2 if len(years) == 4 else min(_ACROSS, len(years))
    down = math.ceil(len(years) / across)
    most = max(present(value for _year, row in rows for value in (row.q, row.upper)), default=0.0) or 1.0
    least = min(present(row.q_cv for _year, row in rows), default=0.0)
    names = [row_label(factor) for factor in order]
    height = 104 + down * (_RIM + _BAR * max(len(order), 3))
    between = _BETWEEN / (height - _ABOVE - _BELOW)
    data, settings, titles = [], {}, []
    for place, (year, own) in enumerate(years.items()):
        line, column = divmod(place, across)
        suffix = str(place + 1) if place else ""
        left, right = _span(column, across, 0.06)
        bottom, top = _span(down - 1 - line, down, between)
        settings[f"xaxis{suffix}"] = axis(
            "q" if place + across >= len(years) else "", domain=[left, right], anchor=f"y{suffix}",
            range=[min(0.0, 1.3 * least), 1.3 * most],
        )
        settings[f"yaxis{suffix}"] = axis(
            "", domain=[bottom, top], anchor=f"x{suffix}", showgrid=False, ticks="", zeroline=False,
            tickvals=list(range(len(order))), ticktext=names, range=[-0.6, len(order) - 0.4],
            showticklabels=column == 0,
        )
        data += _panel(own, order, confidence, suffix)
        titles.append({
            "text": _TITLE.format(year), "x": (left + right) / 2, "y": top, "xref": "paper", "yref": "paper",
            "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 14},
        })
    widest = max((theme.text_width(part) for name in names for part in name.split("<br>")), default=0)
    figure = {
        "data": data,
        "layout": layout(
            height=height, margin={"l": 30 + _LETTER * widest, "r": 20, "t": _ABOVE, "b": _BELOW},
            annotations=titles, bargap=0.25, showlegend=False, hovermode="closest", **settings,
        ),
    }
    table = [
        (year, *row._replace(p_value=theme.BELOW_ALL if row.p_value == 0 else row.p_value)) for year, row in rows
    ]
    return Chart(figure, ("year", "factor", "q", "p", "significant", "q_lower", "q_upper", "q_cv"), table)


def _panel(factors: list, order: list, confidence: float, suffix: str) -> list:
    """The traces of one year."""
    pale = blend(theme.ACCENT, "#ffffff", 0.75)
    factors = sorted(factors, key=lambda row: order.index(row.factor))
    places = [order.index(row.factor) for row in factors]
    bars = {
        "type": "bar", "orientation": "h", "x": [row.q for row in factors], "y": places,
        "marker": {
            "color": [theme.ACCENT if row.significant else pale for row in factors],
            "line": {"color": theme.ACCENT, "width": 1},
        },
        "hovertext": [told(row) for row in factors], "hovertemplate": "%{hovertext}<extra></extra>",
    }
    lines = intervals(places, factors, _INTERVAL.format(confidence))
    diamonds = unseen(places, factors)
    traces = [bars, *(each for each in (lines, diamonds) if each["x"]), ends(places, factors, 11)]
    return [{**trace, "xaxis": f"x{suffix}", "yaxis": f"y{suffix}"} for trace in traces]


def q_ranks(rows) -> Chart:
    """How the ranks of the factors change from year to year.

    Parameters
    ----------
    rows : sequence of (year, factor, rank)

    Returns
    -------
    Chart
        A line for each factor, the first rank on top, with its name at both ends. Table: as given.
    """
    rows = plain_rows(rows)
    years = sorted({row[0] for row in rows})
    names = _by_mean([(factor, -rank) for _year, factor, rank in rows])
    traces, labels = [], []
    for name, colour in zip(names, categorical(len(names))):
        ranks = {year: rank for year, factor, rank in rows if factor == name}
        colour = legible(colour)
        traces.append({
            "type": "scatter", "mode": "lines+markers+text", "name": text(name), "x": list(range(len(years))),
            "y": [ranks.get(year) for year in years], "text": [str(ranks.get(year, "")) for year in years],
            "textposition": "middle center", "textfont": {"color": "#ffffff", "size": 11},
            "line": {"color": colour, "width": 2.5}, "marker": {"size": 20, "color": colour}, "connectgaps": True,
            "customdata": years, "hovertemplate": "%{customdata}: rank %{y}",
        })
        there = [year for year in years if year in ranks]
        labels += [
            {
                "text": text(name), "x": years.index(year), "y": ranks[year], "xref": "x", "yref": "y",
                "showarrow": False, "xanchor": anchor, "xshift": shift, "font": {"size": 12, "color": colour},
            }
            for year, anchor, shift in ((there[0], "right", -16), (there[-1], "left", 16))
        ]
    room = 40 + _LETTER * max(map(theme.text_width, names), default=0)
    most = max((row[2] for row in rows), default=1)
    figure = {
        "data": traces,
        "layout": layout(
            height=120 + _STEP * most, margin={"l": room, "r": room, "t": 30, "b": 50}, annotations=labels,
            # Years stand at equal distances, whatever lies between them.
            xaxis=axis("", tickvals=list(range(len(years))), ticktext=list(map(str, years)), zeroline=False,
                       range=[-0.4, len(years) - 0.6], showgrid=False, ticks=""),
            showlegend=False, hovermode="closest",
            yaxis=axis("", range=[most + 0.6, 0.4], showticklabels=False, showgrid=False, showline=False, ticks="",
                       zeroline=False),
        ),
    }
    return Chart(figure, ("year", "factor", "rank"), rows)


def _by_mean(values: list) -> list:
    """Names by the mean of their values, the largest first."""
    of_name: dict = {}
    for name, value in values:
        of_name.setdefault(name, []).append(0.0 if value is None else value)
    return sorted(of_name, key=lambda name: -sum(of_name[name]) / len(of_name[name]))


def _span(place: int, count: int, gap: float) -> tuple:
    """The share of an axis that the panel at a place of ``count`` takes, with a gap between panels."""
    size = (1.0 - gap * (count - 1)) / count
    return place * (size + gap), place * (size + gap) + size
