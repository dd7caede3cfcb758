"""What all charts share: plain data, escaped names, layout."""

from __future__ import annotations

import html
import math
from typing import NamedTuple

from ...colours import CATEGORIES
from .. import theme

#: A line of a legend, a letter, what else an entry takes, and a page of usual width, in pixels.
_LINE, _LETTER, _ENTRY, _PAGE = 20, 7.0, 56, 780


class Chart(NamedTuple):
    """A figure and the numbers behind it.

    Attributes
    ----------
    figure : dict
        ``data`` and ``layout`` as plotly defines them, of plain Python values.
    columns : tuple of str
        Names of the columns of the table behind the figure.
    rows : list of tuple
        That table.
    """

    figure: dict
    columns: tuple
    rows: list


def plain(values) -> list:
    """Numbers as plain Python values; None where missing, which plotly shows as a gap."""
    return [number(value) for value in values]


def plain_rows(rows) -> list:
    """The rows of a table as tuples of plain Python values."""
    return [tuple(plain(row)) for row in rows]


def number(value):
    """One plain Python value; None for a missing or infinite number."""
    if value is None:
        return None
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def text(name) -> str:
    """A name, escaped for plotly, which interprets markup in every text it draws."""
    return html.escape(str(name), quote=False)


def present(values) -> list:
    """The values that are not missing."""
    return [value for value in plain(values) if value is not None]


def region_label(region: str, sparse: dict) -> str:
    """The name of a region; one of those with few values, ``sparse``, is marked for the `sparse_note`."""
    return f"{region} †" if region in sparse else str(region)


def sparse_note(sparse: dict) -> str:
    """The footnote of a chart on the regions with few values: of each the share of its area, in percent."""
    if not sparse:
        return ""
    named = ", ".join(f"{region} ({theme.percent_text(share)})" for region, share in sparse.items())
    return f"† In grey, as little of the area of these regions has values: {named}."


def class_label(code, label) -> str:
    """What a class is called; one that bears its number alone is ``Class 2``, so that no one takes it for a value."""
    return f"Class {code}" if str(label) == str(code) else str(label)


def axis(title: str = "", **more) -> dict:
    """An axis with its title."""
    return {
        "title": {"text": title, "standoff": 12, "font": {"size": 14}},
        "automargin": True,
        "gridcolor": theme.GRID,
        "zerolinecolor": theme.NEUTRAL,
        "linecolor": theme.NEUTRAL,
        "tickcolor": theme.NEUTRAL,
        "ticks": "outside",
        "showline": True,
        **more,
    }


def year_axis(years) -> dict:
    """An axis of years: whole numbers, without a thousands separator, all of them where there is room."""
    if not years:
        return axis("Year")
    first, last = min(years), max(years)
    step = max(1, math.ceil((last - first) / 24))
    return axis("Year", tickformat="d", tick0=first, dtick=step, range=[first - 0.6, last + 0.6], showgrid=False)


def layout(height: int = 460, **more) -> dict:
    """Layout of every figure; one with a drop-down list has the list above and the legend below."""
    top, bottom = 56, 60
    legend = {"y": 1.02, "yanchor": "bottom"}
    if more.get("updatemenus"):
        legend = {"y": -62 / (height - top - bottom), "yanchor": "top"}
    return {
        "autosize": True,
        "height": height,
        "font": {"family": theme.FONTS, "size": 13, "color": theme.INK},
        "paper_bgcolor": theme.PAPER,
        "plot_bgcolor": theme.PAPER,
        "colorway": list(CATEGORIES),
        "margin": {"l": 70, "r": 30, "t": top, "b": bottom},
        "hoverlabel": {"font": {"family": theme.FONTS, "size": 13}, "align": "left"},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", **legend},
        **more,
    }


def band(x: list, lower: list, upper: list, name: str, colour: str) -> dict:
    """The area between two lines: a closed polygon for each stretch without a gap.

    Parameters
    ----------
    x, lower, upper : lists
        Plain numbers; None is a gap.
    name, colour : str
    """
    stretches: list = [[]]
    for point in zip(x, lower, upper):
        if None in point:
            stretches.append([])
        else:
            stretches[-1].append(point)
    across, up = [], []
    for stretch in filter(None, stretches):
        across += [point[0] for point in stretch] + [point[0] for point in reversed(stretch)] + [None]
        up += [point[2] for point in stretch] + [point[1] for point in reversed(stretch)] + [None]
    return {
        "type": "scatter", "mode": "lines", "x": across[:-1], "y": up[:-1], "fill": "toself", "fillcolor": colour,
        "name": text(name), "line": {"width": 0}, "hoverinfo": "skip",
    }


def legend_below(entries, height: int, top: int = 56) -> dict:
    """The settings of a figure whose legend is below its plot, higher by what a legend of several lines takes.

    Parameters
    ----------
    entries : sequence of str
        Of the legend.
    height : int
        With a legend of one line, in pixels.
    top : int
        What lies above the plot, in pixels.
    """
    widest = _ENTRY + _LETTER * max(map(theme.text_width, entries), default=0)
    more = _LINE * (math.ceil(len(entries) / max(1, int(_PAGE / widest))) - 1) if entries else 0
    return {
        "height": height + more, "margin": {"l": 70, "r": 30, "t": top, "b": 60 + more},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": -62 / (height - top - 60), "yanchor": "top",
                   "tracegroupgap": 0},
    }


def one_at_a_time(parts) -> tuple[list, list]:
    """Traces of several groups, of which the first is shown at the start.

    Parameters
    ----------
    parts : sequence of (str, list of dict)
        Name and traces of each group.

    Returns
    -------
    traces : list of dict
    groups : list of str
        For each trace the name of its group.
    """
    parts = list(parts)
    traces = [{**trace, "visible": order == 0} for order, (_, own) in enumerate(parts) for trace in own]
    return traces, [name for name, own in parts for _ in own]


def chooser(names, groups, titles=None) -> list:
    """A drop-down list that shows one group of traces at a time.

    Parameters
    ----------
    names : sequence of str
        One entry each.
    groups : sequence of str
        For each trace the name of its entry.
    titles : dict, optional
        For some names, further settings of the layout that go with the entry.

    Returns
    -------
    list
        For ``layout.updatemenus``; empty where there is nothing to choose.
    """
    if len(names) < 2:
        return []
    return [
        {
            "buttons": [
                {
                    "label": text(name),
                    "method": "update",
                    "args": [{"visible": [group == name for group in groups]}, (titles or {}).get(name, {})],
                }
                for name in names
            ],
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "pad": {"b": 12},
            "bgcolor": theme.PAPER,
            "bordercolor": theme.NEUTRAL,
            "showactive": True,
        }
    ]
