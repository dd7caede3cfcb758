"""The carbon budget of each year: what sinks take up above zero, what sources give off below, and the balance."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import SOURCE_SINK_CLASSES, blend
from .. import theme
from .base import Chart, axis, chooser, layout, one_at_a_time, plain, region_label, year_axis

#: How much of its colour a region with few values loses.
_PALE = 0.75


class Budget(NamedTuple):
    """The budget of one region; NaN is missing.

    Attributes
    ----------
    name : str
        Of the region.
    years : sequence of int
    sink : sequence of float
        What cells with NEP above 0 take up.
    source : sequence of float
        What cells with NEP below 0 take up: negative.
    net : sequence of float
        The balance.
    """

    name: str
    years: list
    sink: list
    source: list
    net: list


def budget_bars(budgets, unit: str = "Tg C yr-1", sparse: dict | None = None) -> Chart:
    """Sinks above zero and sources below it, year by year, with the balance as a line.

    Parameters
    ----------
    budgets : sequence of Budget
        Shown one at a time, the first at the start.
    unit : str
        Of all values.
    sparse : dict of str to float, optional
        Regions with few values and the share of each, percent: they are grey and marked for the `sparse_note`.

    Returns
    -------
    Chart
        Table: region, year, sink, source, net.
    """
    parts, rows, sparse = [], [], sparse or {}
    for budget in budgets:
        columns = [plain(column) for column in budget[1:]]
        rows += [(budget.name, *year) for year in zip(*columns)]
        parts.append((region_label(budget.name, sparse), _traces(*columns, budget.name in sparse)))
    traces, groups = one_at_a_time(parts)
    figure = {
        "data": traces,
        "layout": layout(
            barmode="relative", bargap=0.2, hovermode="x unified",
            xaxis=year_axis([row[1] for row in rows]),
            yaxis=axis(theme.quantity_text("Total", unit), zerolinecolor=theme.INK, zerolinewidth=1.5,
                       exponentformat="none", separatethousands=True),
            updatemenus=chooser([name for name, _ in parts], groups),
        ),
    }
    return Chart(figure, ("region", "year", "sink", "source", "net"), rows)


def _traces(years: list, sink: list, source: list, net: list, pale: bool) -> list:
    bars = [
        {
            "type": "bar", "name": name, "x": years, "y": values,
            "marker": {"color": blend(SOURCE_SINK_CLASSES[code], theme.NEUTRAL, _PALE) if pale
                       else SOURCE_SINK_CLASSES[code]},
            "hovertemplate": "%{y:.5g}",
        }
        for name, values, code in (("sinks", sink, 1), ("sources", source, -1))
    ]
    return [*bars, {
        "type": "scatter", "mode": "lines+markers", "name": "balance", "x": years, "y": net, "cliponaxis": False,
        "line": {"color": theme.MUTED if pale else theme.INK, "width": 2},
        "marker": {"size": 8, "symbol": "diamond", "line": {"color": theme.PAPER, "width": 1}},
        "hovertemplate": "%{y:+.5g}",
    }]
