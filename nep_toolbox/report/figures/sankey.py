"""The Sankey diagram of land cover: the classes of each date as bars, the changes between dates as bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...colours import blend, categorical
from ...errors import InvalidParameter
from ..charts.labels import apart
from . import sheet
from .scales import legend_columns
from .texts import ink_on, measure, share_text, value, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: In mm: a bar with and without its share written in it, the dates above, the gap between bars, what is below all, and
#: from a bar to its name.
_WIDE, _NARROW, _ABOVE, _GAP, _MARGIN, _TO_NAME = 8.5, 4.0, 6.0, 1.2, 1.5, 4.0
#: A figure this wide, in mm, has the names of the classes on both sides; a narrower one a legend below.
_NAMES_BESIDE = 120.0

_TOO_LOW = "A Sankey diagram of {} classes needs a height of at least {:.0f} mm, not {:g}: choose a larger one."


class Node(NamedTuple):
    """A class on a date."""

    year: int
    code: int


class Bar(NamedTuple):
    """Where a class of a date is drawn, in mm."""

    left: float
    bottom: float
    height: float


def sankey(
    areas, transitions, words, size_mm: tuple = (sheet.PAGE, None), colours: dict | None = None, least: float = 0.05
) -> Figure:
    """Flows between land-cover classes over all dates.

    Parameters
    ----------
    areas : list of dict
        ``year``, ``class``, ``label``, ``area_km2``, ``percent``: the classes of each date.
    transitions : list of dict
        ``from_year``, ``to_year``, ``from_class``, ``to_class``, ``area_km2``.
    words, size_mm
        As in `annual.annual`.
    colours : dict of class to str, optional
        ``#rrggbb``, as in the maps; those of `colours.categorical` where it has none.
    least : float
        Flows of a smaller share (percent) of the area are not drawn (`left_out`).
    """
    codes = _ordered(areas)
    colours = {**class_colours(codes), **(colours or {})}
    labels = {int(row["class"]): words.label(str(row["label"])) for row in areas}
    years = sorted({int(row["year"]) for row in areas})
    with sheet.drawing(words):
        diagram = _Diagram(areas, years, codes, colours, labels)
        figure, axes, below, names = _prepare(diagram, size_mm, words)
        width, height = (side * sheet.INCH for side in figure.get_size_inches())
        side = max((measure(figure, name)[0] for name in names.values()), default=-_TO_NAME) + _TO_NAME + 1.0
        diagram.place(
            (side, below, width - side, height - _ABOVE), _WIDE if width / max(len(years), 1) > 16 else _NARROW
        )
        _draw_bands(axes, diagram, _flows(transitions, diagram, least)[0])
        _draw_bars(axes, diagram, names, words)
        _write_years(axes, diagram, height)
        _write_names(axes, diagram, names, (1.0, height - _ABOVE + 1.0))
        return sheet.finished(figure)


def left_out(areas, transitions, least: float = 0.05) -> tuple:
    """How many flows `sankey` does not draw, and the largest sum of their shares (percent) in one interval."""
    diagram = _Diagram(areas, sorted({int(row["year"]) for row in areas}), _ordered(areas), {}, {})
    small: dict = {}
    for source, _, share in _flows(transitions, diagram, least)[1]:
        small.setdefault(source.year, []).append(share)
    return sum(map(len, small.values())), max(map(sum, small.values()), default=0.0)


def _prepare(diagram: _Diagram, size_mm: tuple, words) -> tuple:
    """The figure, axes in mm all over it, the height of what is below the bars, and the names beside the outer ones."""
    figure = sheet.blank((size_mm[0], 100.0))
    axes = sheet.axes_at(figure, 0, 0, size_mm[0], 100.0)
    axes.set_axis_off()
    names: dict = {}
    below, least = _MARGIN, 95.0
    if size_mm[0] >= _NAMES_BESIDE:
        names = {node: _side_name(figure, diagram, node, words) for node in diagram.outer}
        columns = [[names[node] for node in column if node in names] for column in diagram.columns]
        least = max(least, _ABOVE + max((1.15 * sum(_heights(figure, column)) for column in columns), default=0.0))
    elif diagram.codes:
        below = _legend(axes, diagram, size_mm[0])
        least = _ABOVE + below + 68.0
    size = sheet.size(size_mm, least)
    figure.set_size_inches([side / sheet.INCH for side in size])
    axes.set(xlim=(0, size[0]), ylim=(0, size[1]))
    if size[1] - _ABOVE - below < 20.0:
        raise InvalidParameter(_TOO_LOW.format(len(diagram.codes), _ABOVE + below + 20.0, size[1]))
    return figure, axes, below, names


def class_colours(codes) -> dict:
    """Colours of land-cover classes where the map has none: those of the palette in the order of the codes."""
    return dict(zip(sorted(codes), categorical(len(set(codes)))))


class _Diagram:
    """The bars of a diagram; lengths in mm."""

    def __init__(self, areas, years: list, codes: list, colours: dict, labels: dict):
        self.years, self.codes, self.colours, self.labels = years, codes, colours, labels
        self.area = {Node(int(row["year"]), int(row["class"])): value(row, "area_km2") for row in areas}
        self.area = {node: area for node, area in self.area.items() if area > 0}
        self.whole = {year: sum(area for node, area in self.area.items() if node.year == year) for year in years}
        self.columns = [[Node(year, code) for code in codes if Node(year, code) in self.area] for year in years]
        self.outer = [node for column in {0, len(years) - 1} for node in (self.columns[column] if years else [])]
        # As the table has them, rounded as they may be: two roundings must not differ.
        self.percent = {Node(int(row["year"]), int(row["class"])): value(row, "percent") for row in areas}
        self.bars: dict = {}
        self.scale = self.thickness = 0.0

    def place(self, inside: tuple, thickness: float) -> None:
        """Put the bars into (left, bottom, right, top)."""
        left, bottom, right, top = inside
        most = max((len(column) for column in self.columns), default=1)
        room = top - bottom - _GAP * max(most - 1, 0)
        self.scale = room / (max(self.whole.values(), default=0.0) or 1.0)
        self.thickness = thickness
        step = (right - left - thickness) / max(len(self.years) - 1, 1)
        for position, column in enumerate(self.columns):
            used = self.scale * sum(self.area[node] for node in column) + _GAP * (len(column) - 1)
            level = top - (top - bottom - used) / 2
            for node in column:
                height = self.scale * self.area[node]
                level -= height
                self.bars[node] = Bar(left + step * position, level, height)
                level -= _GAP


def _ordered(areas) -> list:
    """Classes from the largest to the smallest over all dates, so that every column has one order."""
    total: dict = {}
    for row in areas:
        area = value(row, "area_km2")
        if area > 0:
            total[int(row["class"])] = total.get(int(row["class"]), 0.0) + area
    return sorted(total, key=lambda code: (-total[code], code))


def _flows(transitions, diagram: _Diagram, least: float) -> tuple[list, list]:
    """Flows to draw as (from, to, km2), and those that are too small as (from, to, percent of the area)."""
    drawn, small = [], []
    for row in transitions:
        source = Node(int(row["from_year"]), int(row["from_class"]))
        target = Node(int(row["to_year"]), int(row["to_class"]))
        area = value(row, "area_km2")
        if not (area > 0 and source in diagram.area and target in diagram.area):
            continue
        share = 100.0 * area / diagram.whole[source.year]
        if share < least and source.code != target.code:
            small.append((source, target, share))
        else:
            drawn.append((source, target, area))
    rank = {code: place for place, code in enumerate(diagram.codes)}
    return sorted(drawn, key=lambda flow: (flow[0].year, rank[flow[0].code], rank[flow[1].code])), small


def _draw_bands(axes: Axes, diagram: _Diagram, flows: list) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    leaving = {node: bar.bottom + bar.height for node, bar in diagram.bars.items()}
    arriving = dict(leaving)
    for source, target, area in flows:
        height = diagram.scale * area
        x = diagram.bars[source].left + diagram.thickness, diagram.bars[target].left
        middle, y = (x[0] + x[1]) / 2, (leaving[source], arriving[target])
        leaving[source] -= height
        arriving[target] -= height
        corners = [(x[0], y[0]), (middle, y[0]), (middle, y[1]), (x[1], y[1])]
        corners += [(across, level - height) for across, level in reversed(corners)] + corners[:1]
        codes = [Path.MOVETO, *3 * [Path.CURVE4], Path.LINETO, *3 * [Path.CURVE4], Path.CLOSEPOLY]
        # What stays is pale and lies behind, so that the eye finds what changed.
        stays = source.code == target.code
        axes.add_patch(PathPatch(
            Path(corners, codes), facecolor=diagram.colours[source.code], alpha=0.22 if stays else 0.75,
            linewidth=0, zorder=1 if stays else 2, clip_on=False, gid=f"{source} {target}",
        ))


def _draw_bars(axes: Axes, diagram: _Diagram, names: dict, words) -> None:
    """The bars, with the share in each that has room for it and no name beside it."""
    from matplotlib.patches import Rectangle

    for node, bar in diagram.bars.items():
        colour = diagram.colours[node.code]
        axes.add_patch(Rectangle(
            (bar.left, bar.bottom), diagram.thickness, bar.height, facecolor=colour,
            edgecolor=blend(colour, sheet.INK, 0.5), linewidth=0.3, zorder=3, clip_on=False,
        ))
        text = words.number(diagram.percent[node], "percent")
        wide, high = measure(axes.figure, text, sheet.SMALL)
        if node not in names and diagram.thickness > wide and bar.height > high:
            axes.text(
                bar.left + diagram.thickness / 2, bar.bottom + bar.height / 2, text, fontsize=sheet.SMALL,
                color=ink_on(colour), ha="center", va="center_baseline", zorder=4,
            )


def _write_years(axes: Axes, diagram: _Diagram, height: float) -> None:
    """The dates above the columns."""
    for year, column in zip(diagram.years, diagram.columns):
        if column:
            middle = diagram.bars[column[0]].left + diagram.thickness / 2
            axes.text(
                middle, height - _MARGIN, str(year), ha="center", va="top", fontsize=sheet.LETTER, fontweight="bold"
            )


def _side_name(figure: Figure, diagram: _Diagram, node: Node, words) -> str:
    """What is written beside a bar of an outer column."""
    text = f"{diagram.labels[node.code]} {share_text(words, diagram.percent[node])}"
    return wrapped(figure, text, 0.2 * figure.get_size_inches()[0] * sheet.INCH)


def _heights(figure: Figure, names: list) -> list:
    """The room that each name takes, in mm."""
    return [measure(figure, name)[1] + 0.4 for name in names]


def _write_names(axes: Axes, diagram: _Diagram, names: dict, room: tuple) -> None:
    """Names beside the outer columns, moved apart where they would touch, with a line to their bars."""
    for place, (side, align) in {0: (-1, "right"), len(diagram.columns) - 1: (1, "left")}.items():
        column = [node for node in diagram.columns[place] if node in names] if names else []
        wanted = [diagram.bars[node].bottom + diagram.bars[node].height / 2 for node in column]
        placed = apart(wanted, _heights(axes.figure, [names[node] for node in column]), *room)
        for node, middle, level in zip(column, placed, wanted):
            x = diagram.bars[node].left + (diagram.thickness if side > 0 else 0.0)
            axes.plot(
                [x, x + 0.8 * side, x + (_TO_NAME - 1.1) * side, x + (_TO_NAME - 0.5) * side],
                [level, level, middle, middle], color=sheet.MUTED, linewidth=0.4, clip_on=False,
            )
            axes.text(x + _TO_NAME * side, middle, names[node], ha=align, va="center", linespacing=1.05)


def _legend(axes: Axes, diagram: _Diagram, width: float) -> float:
    """The classes below the diagram; returns the height that they take, in mm."""
    from matplotlib.patches import Patch

    labels = [wrapped(axes.figure, diagram.labels[code], width / 2 - 10.5, most=2) for code in diagram.codes]
    legend = axes.legend(
        [Patch(facecolor=diagram.colours[code]) for code in diagram.codes], labels, loc="lower center",
        ncol=legend_columns(axes.figure, labels, width - 2.0), bbox_to_anchor=(0.5, 0.0), borderaxespad=0.5,
    )
    height = legend.get_window_extent(axes.figure.canvas.get_renderer()).height / axes.figure.dpi * sheet.INCH
    return height + 4.0
