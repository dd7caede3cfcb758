"""What each transition of land cover did to the total, the largest first."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import DIVERGING
from ...typesetting import with_unit
from .. import theme
from .base import Chart, plain, text
from .lists import GAP, bars, list_figure, nothing, row_label

#: So many bars at most, and one for all others.
MOST = 15
#: Letters of a line, and of the end of a name that is shortened.
_LONG, _END, _ARROW = 40, 12, " → "
#: So many more digits than the largest number of a list has are written plainly.
_MORE = 3
_OTHERS, _ONE, _ALL, _NONE = "{} other transitions", "1 other transition", "all transitions", "no effect"
_NUMBER, _TINY = "{:+,.{}f}", "{:+.0e}"
_BOLD, _TOLD = "<b>{}</b>", "{}: {}<br>change of the total: {}<br>of this, change of density: {}"


class Effect(NamedTuple):
    """What one transition, or a class that stayed, did to the total; NaN is missing.

    Attributes
    ----------
    label : str
        ``"Forest → Cropland"``.
    change : float
        Of the total on the cells of the transition.
    land_use : float
        The part of the change of class.
    density : float
        The part of the change of density: the rest.
    """

    label: str
    change: float
    land_use: float
    density: float


def ranked_effects(regions, unit: str = "Tg C yr-1") -> Chart:
    """The effects of land-use change by transition: a bar for all, then the largest, and one for the rest.

    Parameters
    ----------
    regions : sequence of (str, sequence of Effect)
        Name and transitions of each region, without a total; shown one at a time, the first at the start.
    unit : str
        Of the effects.

    Returns
    -------
    Chart
        Transitions with a land-use effect of 0, as of classes that stayed, have no bar. Table: region, transition,
        change, land_use, density, largest land_use first.
    """
    lists, rows = [], []
    for region, effects in regions:
        ranked = sorted((Effect(effect[0], *plain(effect[1:])) for effect in effects),
                        key=lambda effect: -abs(effect.land_use or 0.0))
        rows += [(region, *effect) for effect in ranked]
        lists.append((str(region), *_list([effect for effect in ranked if effect.land_use], unit)))
    title = theme.quantity_text("Effect of land-use change on the total", unit)
    figure = list_figure(lists, title, showlegend=False)
    return Chart(figure, ("region", "transition", "change", "land_use", "density"), rows)


def _list(effects: list, unit: str) -> tuple[list, list]:
    """The traces and labels of one region."""
    if not effects:
        return [nothing(_NONE)], [GAP]
    shown, rest = effects[:MOST], effects[MOST:]
    if rest:
        shown.append(_together(_ONE if len(rest) == 1 else _OTHERS.format(len(rest)), rest))
    labels = [_label(effect.label) for effect in shown]
    places = list(range(len(shown)))
    if len(effects) > 1:  # the bar of all stands apart
        shown, labels, places = [_together(_ALL, effects), *shown], [_BOLD.format(_ALL), GAP, *labels], [
            0, *(place + 2 for place in places)
        ]
    digits = max(0, 2 - math.floor(math.log10(max(abs(effect.land_use) for effect in shown))))
    traces = []
    for name, sign, colour in (("gain", 1, DIVERGING[-1]), ("loss", -1, DIVERGING[0])):
        chosen = [(place, effect) for place, effect in zip(places, shown) if sign * effect.land_use > 0]
        traces.append(bars(
            name, [place for place, _ in chosen], [effect.land_use for _, effect in chosen], colour,
            [_told(effect, unit) for _, effect in chosen],
            text=[_number(effect.land_use, digits) for _, effect in chosen],
            textposition="outside", cliponaxis=False,
        ))
    return traces, labels


def _label(transition: str) -> str:
    """The name of a transition; of a long one each class on its own line, its middle left out if need be."""
    if len(transition) <= _LONG or _ARROW not in transition:
        return row_label(transition)
    before, after = (
        name if len(name) <= _LONG else name[: _LONG - _END - 1] + "…" + name[-_END:]
        for name in transition.split(_ARROW, 1)
    )
    return "<br>".join([text(before + _ARROW), text(after)])


def _together(label: str, effects: list) -> Effect:
    """The sum of some effects."""
    return Effect(label, *(math.fsum(value for value in values if value is not None)
                           for values in list(zip(*effects))[1:]))


def _number(value: float, digits: int) -> str:
    """A value with so many digits behind the point; a small one with as many as its first digit needs."""
    first = -math.floor(math.log10(abs(value)))
    words = _NUMBER.format(value, max(digits, first)) if first <= digits + _MORE else _TINY.format(value)
    return words.replace("-", "−")


def _told(effect: Effect, unit: str) -> str:
    numbers = ("–" if value is None else with_unit(f"{value:+.4g}", unit)
               for value in (effect.land_use, effect.change, effect.density))
    return _TOLD.format(text(effect.label), *numbers)
