"""What change of land cover did to the total: the parts of its change, and the transitions that did most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...colours import CATEGORIES, DIVERGING, REST
from . import sheet
from .attribution import drawn
from .scales import legend_columns
from .stacks import AXIS, LINE, ROW, Row, ends_of, finish_axis, named_axes, part_bars
from .texts import measure, present, value, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Transitions that are drawn at most, and one bar for all others.
MOST = 15
#: The row of a table that is the whole area.
_WHOLE = "all"
#: Change of land cover, and change within the classes: the rest.
_LAND_USE, _WITHIN = CATEGORIES[1], REST
#: More and less of the total.
_GAIN, _LOSS = DIVERGING[-1], DIVERGING[0]
#: Above a panel for its letter, and between panels, in mm.
_HEAD, _GAP = 5.0, 4.0
#: The share of a panel that names of transitions may take, in two lines where they need them, and a row of two lines.
_NAMES, _TWO = 0.46, 6.4


def landcover_effect(totals, pairs, words, size_mm: tuple = (sheet.PAGE, None)) -> Figure:
    """The change of the total of each region as the sum of two parts, and the effect of each transition.

    Parameters
    ----------
    totals : list of dict
        ``region``, ``change_tg``, ``land_use_tg``, ``density_tg``; the whole area first.
    pairs : list of dict
        ``from``, ``to``, ``from_label``, ``to_label``, ``land_use_tg`` of the whole area.
    words, size_mm
        As in `annual.annual`.
    """
    rows = [
        Row(words["Whole area"] if row["region"] == _WHOLE else row["region"],
            [value(row, "land_use_tg"), value(row, "density_tg")], value(row, "change_tg")) for row in _told(totals)
    ]
    bars = ranked(pairs, words)
    with sheet.drawing(words):
        figure = sheet.blank(sheet.size(size_mm, 60.0))  # for the widths of texts
        beside = size_mm[0] > 120 and bool(bars)
        width = (size_mm[0] - _GAP) / 2 if beside else size_mm[0]
        names = [words["By change of land cover"], words["Within the classes"], words["Change of the total"]]
        lines = math.ceil(len(names) / legend_columns(figure, names, width - 6.0))
        first = _HEAD + ROW * max(len(rows), 1) + AXIS + LINE * lines + 1.0
        row = _row(figure, bars, width)
        second = _HEAD + row * len(bars) + AXIS if bars else 0.0
        height = max(first, second) if beside else first + second
        figure = sheet.blank(sheet.size(size_mm, height))
        top = figure.get_size_inches()[1] * sheet.INCH - _HEAD
        _parts(figure, rows, names, (0.0, top, width), words)
        if bars:
            left, top = (width + _GAP, top) if beside else (0.0, top - first)
            _effects(figure, bars, (left, top, width), row, words)
            for place, axes in enumerate(figure.axes):
                sheet.letter(axes, place)
        return sheet.finished(figure)


def _told(totals) -> list:
    """The rows to draw, without a single region that is the whole area."""
    rows = drawn(totals)
    alike = len(rows) == 2 and all(rows[0][part] == rows[1][part] for part in ("land_use_tg", "density_tg"))
    return rows[:1] if alike else rows


def ranked(pairs, words) -> list:
    """Name and effect of the transitions with the largest effects, and of all others together."""
    known = [row for row in pairs if row.get("from") is not None and row["from"] != row["to"]]
    known = sorted((row for row in known if value(row, "land_use_tg")), key=lambda row: -abs(value(row, "land_use_tg")))
    found = [
        (f"{_class(row, 'from', words)} → {_class(row, 'to', words)}", value(row, "land_use_tg"))
        for row in known[:MOST]
    ]
    rest = known[MOST:]
    if rest:
        found.append((words["{} others"].format(len(rest)), math.fsum(value(row, "land_use_tg") for row in rest)))
    return found


def _row(figure: Figure, bars: list, width: float) -> float:
    """The height of a row: more where a name needs two lines."""
    return _TWO if any("\n" in wrapped(figure, name, _NAMES * width, most=2) for name, _ in bars) else ROW


def _class(row: dict, end: str, words) -> str:
    label = row.get(f"{end}_label")
    return words.label(str(label)) if label else str(row[end])


def _parts(figure: Figure, rows: list, names: list, place: tuple, words) -> None:
    """The parts of each region, below ``place``: left, top and width in mm."""
    left, top, width = place
    deep = ROW * max(len(rows), 1)
    axes = named_axes(figure, [row.name for row in rows], (left, top - deep, width, deep))
    part_bars(axes, rows, [(names[0], _LAND_USE), (names[1], _WITHIN)], names[2])
    ends = [0.0, *present([end for row in rows for end in (*ends_of(row.parts), row.total)])]
    finish_axis(axes, ends, words.quantity(names[2], "Tg C yr-1"))
    whole = [side * sheet.INCH for side in figure.get_size_inches()]
    figure.legend(
        *axes.get_legend_handles_labels(), loc="upper center", ncol=legend_columns(figure, names, width - 6.0),
        bbox_to_anchor=((left + width / 2) / whole[0], (top - deep - AXIS) / whole[1]),
    )


def _effects(figure: Figure, bars: list, place: tuple, row: float, words) -> None:
    """The bars of the transitions in rows of a height, below ``place``, with their numbers at their ends."""
    left, top, width = place
    deep = row * len(bars)
    axes = named_axes(figure, [name for name, _ in bars], (left, top - deep, width, deep), _NAMES, 2)
    effects = [effect for _, effect in bars]
    axes.barh(range(len(bars)), effects, height=0.66, color=[_GAIN if effect > 0 else _LOSS for effect in effects],
              edgecolor=sheet.INK, linewidth=0.3)
    for number, effect in enumerate(effects):
        axes.annotate(
            words.number(effect, "slope"), (effect, number), xytext=(math.copysign(2, effect), 0),
            textcoords="offset points", va="center_baseline", ha="left" if effect > 0 else "right",
        )
    inside = axes.get_position().width * figure.get_size_inches()[0] * sheet.INCH
    needed = max(measure(figure, words.number(effect, "slope"))[0] for effect in effects) + 1.5
    finish_axis(axes, [0.0, *effects], words.quantity(words["By change of land cover"], "Tg C yr-1"),
                min(needed / max(inside - 2.0 * needed, 1.0), 1.0))
