"""Regions coloured by a number."""

from __future__ import annotations

import math
from functools import partial

from qgis.core import QgsExpressionContextUtils, QgsFillSymbol, QgsRuleBasedRenderer, QgsVectorLayer

from ..colours import BROWN_TO_GREEN, GREENS, PURPLES, along
from .styles import unit_suffix

#: Classes of a choropleth at most.
MOST_CLASSES = 7

#: The variable of a layer that says the unit of its values; `layouts/atlas.qpt` writes it.
UNIT = "nep_unit"

#: Hatched, as no colour of a class is.
WITHOUT = {"style": "f_diagonal", "color": "#8c8c8c", "outline_color": "#6e6e6e", "outline_width": "0.2"}


def style_means(layer: QgsVectorLayer, unit: str, least_coverage: float) -> None:
    """Colour regions by their mean: green above 0, purple below, hatched where little of them or nothing has values.

    Parameters
    ----------
    layer : QgsVectorLayer
        With the fields ``mean`` and ``coverage``.
    unit : str
        Of the means, for the legend, and as the variable `UNIT` of the layer for expressions in layouts.
    least_coverage : float
        Regions with less of it, in percent, are hatched.
    """
    QgsExpressionContextUtils.setLayerVariable(layer, UNIT, unit)
    sparse = _sparse('"mean" IS NULL', least_coverage)
    drawn, left_out = _apart(layer, sparse)
    means = [feature["mean"] for feature in drawn if math.isfinite(feature["mean"])]
    classes = []
    if means and math.isfinite(max(means) - min(means)):
        breaks = round_breaks(min(means), max(means))
        conditions = [f'"mean" >= {low!r} AND "mean" < {high!r}' for low, high in zip(breaks, breaks[1:])]
        conditions[-1] = conditions[-1].replace("<", "<=")
        suffix = unit_suffix(unit)
        labels = [f"{low:.10g} to {high:.10g}{suffix}" for low, high in zip(breaks, breaks[1:])]
        classes = list(zip(conditions, labels, _colours(breaks)))
    label = f"Values on less than {least_coverage:g} % of the area"
    layer.setRenderer(_rules(classes, sparse, label if left_out else ""))


def style_balance(layer: QgsVectorLayer, least_coverage: float) -> None:
    """Colour regions by increases less decreases, ties grey, hatched where little of them or nothing has values.

    Parameters
    ----------
    layer : QgsVectorLayer
        With the fields ``increases``, ``decreases``, ``comparisons`` and ``coverage``.
    least_coverage : float
        As for `style_means`.
    """
    sparse = _sparse('"comparisons" = 0', least_coverage)
    drawn, left_out = _apart(layer, sparse)
    most = max((abs(feature["increases"] - feature["decreases"]) for feature in drawn), default=0)
    size = math.ceil(most / 3)
    sides = [(step * size + 1, (step + 1) * size) for step in range(math.ceil(most / size) if size else 0)]
    ends = [*sides[::-1], (0, 0), *((-high, -low) for low, high in sides)]
    middle = len(BROWN_TO_GREEN) // 2
    classes = [
        (f'"increases" - "decreases" >= {low} AND "increases" - "decreases" <= {high}', _balance(low, high),
         BROWN_TO_GREEN[middle + len(sides) - place])
        for place, (low, high) in enumerate(ends)
    ] if drawn else []
    label = f"Values on less than {least_coverage:g} % of the area, or nothing to compare"
    layer.setRenderer(_rules(classes, sparse, label if left_out else ""))


def _balance(low: int, high: int) -> str:
    """What a range of increases less decreases is called."""
    if low == high == 0:
        return "As many increases as decreases"
    near, far = sorted((abs(low), abs(high)))
    number = str(near) if near == far else f"{near} to {far}"
    return f"{number} more {'increase' if low > 0 else 'decrease'}{'s' * (far > 1)}"


def _sparse(nothing: str, least_coverage: float) -> str:
    """The condition of regions that are hatched."""
    return f'{nothing} OR coalesce("coverage", 100) < {least_coverage:g}'


def _apart(layer: QgsVectorLayer, sparse: str) -> tuple:
    """The features that get a colour, and whether there are others."""
    drawn = list(layer.getFeatures(f"NOT ({sparse})"))
    return drawn, len(drawn) < layer.featureCount()


def round_breaks(low: float, high: float) -> list:
    """Round numbers at equal distances around two numbers, 0 among them where it lies between.

    Returns
    -------
    list of float
        Ascending, at least two and at most `MOST_CLASSES` + 1; the first is not above ``low``, the last not below
        ``high``.
    """
    span = (high - low) or abs(low) or 1.0
    power = math.floor(math.log10(span / MOST_CLASSES))
    steps = (float(f"{digits}e{power}") for digits in (1, 2, 2.5, 5, 10, 20))
    ends = map(partial(_around, low, high), steps)
    step, first, last = next(each for each in ends if each[2] - each[1] <= MOST_CLASSES)
    breaks = [round(place * step, 1 - power) for place in range(first, last + 1)]
    # Rounding may have moved an end to the wrong side of a number that lies on it.
    return [min(breaks[0], low), *breaks[1:-1], max(breaks[-1], high)]


def _around(low: float, high: float, step: float) -> tuple:
    """A step, and the multiples of it around two numbers."""
    first = math.floor(low / step)
    return step, first, max(math.ceil(high / step), first + 1)


def _colours(breaks: list) -> list:
    """A colour for each class between two breaks."""
    below = sum(1 for high in breaks[1:] if high <= 0)
    above = len(breaks) - 1 - below
    purples, greens = (
        [along(ramp, 0.5 if count == 1 else place / (count - 1)) for place in range(count)]
        for ramp, count in ((PURPLES, below), (GREENS, above))
    )
    return purples[::-1] + greens


def _rules(classes: list, sparse: str, label: str) -> QgsRuleBasedRenderer:
    """A renderer of classes, and of the regions that have none.

    Parameters
    ----------
    classes : list of (condition, label, colour)
        Of the regions that are not sparse.
    sparse, label : str
        The condition of the regions that are hatched, and what the legend calls them; empty where there are none.
    """
    rules = QgsRuleBasedRenderer.Rule(None)
    for condition, text, colour in classes:
        symbol = QgsFillSymbol.createSimple({"color": colour, "outline_color": "#ffffff", "outline_width": "0.3"})
        rules.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, f"NOT ({sparse}) AND {condition}", text))
    if label:
        rules.appendChild(QgsRuleBasedRenderer.Rule(QgsFillSymbol.createSimple(WITHOUT), 0, 0, sparse, label))
    return QgsRuleBasedRenderer(rules)
