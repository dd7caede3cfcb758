"""The Sankey diagram of land-cover change over several dates."""

from __future__ import annotations

from typing import NamedTuple

from ...colours import categorical, with_alpha
from .. import theme
from .base import Chart, class_label, layout, text
from .labels import apart

TOP, BOTTOM = 56, 24
NODE_WIDTH = 16
STRIP = 26
LABEL_DISTANCE = 17
#: Of the names beside the outer columns: width of a letter in pixels, and the most letters.
LETTER, LONGEST = 7.2, 20
SMALL = "other changes"


class Node(NamedTuple):
    """A bar of the diagram: a class on a date, or the merged small changes (class None) after that date."""

    date: int
    code: object


def sankey(dates, steps, labels: dict, colours: dict) -> Chart:
    """Flows between land-cover classes over all dates.

    Parameters
    ----------
    dates : sequence of n str or int
        One column each, in order.
    steps : sequence of n-1
        Flows between consecutive dates: a dict of (from, to) to km2, or an object with such a dict as ``kept`` and
        with ``leaving`` and ``arriving``, class to km2, for the small changes merged
        (`core.landcover.tables.MergedFlows`).
    labels : dict of class to str
    colours : dict of class to str
        ``#rrggbb``; classes without one get one of the palette.

    Returns
    -------
    Chart
        Links are areas (km2); hovering shows km2 and the percentage of the from class. Table: from, to, km2, percent.
    """
    diagram = _Diagram(dates, steps, labels, colours)
    figure = {
        "data": [diagram.trace()],
        "layout": layout(
            height=diagram.height, margin={"l": diagram.side, "r": diagram.side, "t": TOP, "b": BOTTOM},
            annotations=diagram.annotations(), hovermode="closest",
        ),
    }
    return Chart(figure, ("from", "to", "area_km2", "percent_of_from"), diagram.rows())


class _Diagram:
    """The nodes and links of a diagram, and where they are drawn; the parameters are those of `sankey`."""

    def __init__(self, dates, steps, labels: dict, colours: dict):
        self.dates, self.labels = dates, {code: class_label(code, label) for code, label in labels.items()}
        self.last = max(len(dates) - 1, 1)
        self.links = [link for position, step in enumerate(steps) for link in _links(position, step)]
        incoming, self.outgoing = _totals(self.links, 1), _totals(self.links, 0)
        self.value = {
            node: max(incoming.get(node, 0.0), self.outgoing.get(node, 0.0)) for node in {**incoming, **self.outgoing}
        }
        classes = _ordered_classes(self.value)
        self.colours = {**dict(zip(classes, categorical(len(classes)))), **colours, None: theme.NEUTRAL}
        self.nodes = sorted(self.value, key=lambda node: (node.date, node.code is None, _rank(classes, node)))
        self.names = {node: self._name(node) for node in self.nodes}
        self.columns = [
            [node for node in self.nodes if node.date == date and node.code is not None] for date in range(len(dates))
        ]
        self.totals = [sum(self.value[node] for node in column) for column in self.columns]
        self.height = min(1000, 420 + 30 * len(classes))
        written = [self._side_label(node) for column in (self.columns[:1] + self.columns[-1:]) for node in column]
        self.side = 34 + LETTER * max((theme.text_width(f"{name} {share}") for name, share in written), default=0)
        self.centres, self.pad = _vertical_layout(self.columns, self.value, self.height - TOP - BOTTOM)

    def _name(self, node: Node) -> str:
        if node.code is None:
            return f"{SMALL}, {self.dates[node.date]} to {self.dates[node.date + 1]}"
        label, date = self._label(node), self.dates[node.date]
        return f"{label}, {date}" if label[-1:].isdigit() else f"{label} {date}"

    def _label(self, node: Node) -> str:
        return self.labels.get(node.code, class_label(node.code, node.code))

    def _side_label(self, node: Node) -> tuple:
        """Name and share of a class beside an outer column."""
        return _short(self._label(node)), f"({theme.percent_text(100 * self.value[node] / self.totals[node.date])})"

    def trace(self) -> dict:
        """The diagram itself."""
        return {
            "type": "sankey",
            "arrangement": "fixed",
            "valuesuffix": " km²",
            "valueformat": ",.6~g",
            "node": self._bars(),
            "link": self._bands(),
        }

    def _bars(self) -> dict:
        return {
            # Names are written beside the first and last column, where there is room for them.
            "label": [""] * len(self.nodes),
            "customdata": [
                text(_node_text(self.names[node], self.value[node], self.totals[node.date])) for node in self.nodes
            ],
            "color": [self.colours[node.code] for node in self.nodes],
            "x": [_inside((node.date + (0.5 if node.code is None else 0.0)) / self.last) for node in self.nodes],
            "y": [_inside(self.centres[node]) for node in self.nodes],
            "pad": self.pad,
            "thickness": NODE_WIDTH,
            "line": {"color": "#ffffff", "width": 0.5},
            "hovertemplate": "%{customdata}<extra></extra>",
        }

    def _bands(self) -> dict:
        place = {node: position for position, node in enumerate(self.nodes)}
        return {
            "source": [place[source] for source, _, _ in self.links],
            "target": [place[target] for _, target, _ in self.links],
            "value": [float(area) for _, _, area in self.links],
            "color": [_link_colour(source, target, self.colours) for source, target, _ in self.links],
            "customdata": [
                text(f"{source} → {target}: {area:,.6g} km², {theme.percent_text(percent)} of {source}")
                for source, target, area, percent in self.rows()
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        }

    def annotations(self) -> list:
        """The dates, the classes beside the outer columns, and what the merged changes are called."""
        notes = [_heading(date, place / self.last) for place, date in enumerate(self.dates)]
        notes += self._side_labels(0, "left") + self._side_labels(len(self.dates) - 1, "right")
        merged = [node.date for node in self.nodes if node.code is None]
        return [*notes, _foot_note(merged[0], self.last)] if merged else notes

    def _side_labels(self, date: int, side: str) -> list:
        """Names beside an outer column, moved apart where those of small classes would overlap."""
        room = self.height - TOP - BOTTOM
        column = self.columns[date]
        wanted = [(1 - self.centres[node]) * room for node in column]
        heights = [LABEL_DISTANCE] * len(column)
        return [
            {
                "text": f"<span style='color:{self.colours[node.code]}'>■</span> {text(name)} "
                        f"<span style='color:{theme.MUTED}'>{text(share)}</span>",
                "x": 0 if side == "left" else 1, "y": place / room, "xref": "paper", "yref": "paper",
                "xanchor": "right" if side == "left" else "left", "yanchor": "middle",
                "xshift": -6 if side == "left" else 6, "showarrow": False, "font": {"size": 13},
            }
            for node, place in zip(column, apart(wanted, heights, 0, room))
            for name, share in [self._side_label(node)]
        ]

    def rows(self) -> list:
        """From, to, km2 and percentage of the from class, for each link."""
        return [
            (self.names[source], self.names[target], area, 100 * area / self.outgoing[source])
            for source, target, area in self.links
        ]


def _links(date: int, step) -> list:
    kept = getattr(step, "kept", step)
    links = [(Node(date, i), Node(date + 1, j), area) for (i, j), area in sorted(kept.items())]
    small = Node(date, None)
    links += [(Node(date, i), small, area) for i, area in sorted(getattr(step, "leaving", {}).items())]
    links += [(small, Node(date + 1, j), area) for j, area in sorted(getattr(step, "arriving", {}).items())]
    return [link for link in links if link[2] > 0]


def _totals(links: list, end: int) -> dict:
    totals: dict = {}
    for link in links:
        totals[link[end]] = totals.get(link[end], 0.0) + link[2]
    return totals


def _ordered_classes(value: dict) -> list:
    """Classes from the largest to the smallest over all dates, so that every column has one order."""
    total: dict = {}
    for node, area in value.items():
        if node.code is not None:
            total[node.code] = total.get(node.code, 0.0) + area
    return sorted(total, key=lambda code: (-total[code], code))


def _rank(classes: list, node: Node) -> int:
    return len(classes) if node.code is None else classes.index(node.code)


def _vertical_layout(columns: list, value: dict, height: float) -> tuple[dict, float]:
    """The vertical positions of the nodes.

    Parameters
    ----------
    columns : list of list of Node
        The classes of each date, from top to bottom.
    value : dict of Node to float
        Area of every node, merged small changes included.
    height : float
        Room for the bars, in pixels.

    Returns
    -------
    centres : dict
        Centre of every node as a share of the height, from the top.
    pad : float
        The gap to ask plotly for. Plotly takes the positions as given but derives the scale from its gap: this one
        leaves a strip for the merged changes below the columns.
    """
    columns = [column for column in columns if column]
    total = [sum(value[node] for node in column) for column in columns]
    merged = max((area for node, area in value.items() if node.code is None), default=0.0)
    strip = STRIP if merged else 0.0
    most = max((len(column) for column in columns), default=1)
    gap = min(14.0, 0.3 * height / max(most - 1, 1))
    scale = min(
        (height - strip - (len(column) - 1) * gap) / (area + merged) for column, area in zip(columns, total)
    )
    pads = [(height - scale * area) / (len(column) - 1) for column, area in zip(columns, total) if len(column) > 1]
    centres = {node: 1.0 - scale * area / 2 / height for node, area in value.items()}
    for column, area in zip(columns, total):
        top = (height - strip - scale * (area + merged) - gap * (len(column) - 1)) / 2
        for node in column:
            size = scale * value[node]
            centres[node] = (top + size / 2) / height
            top += size + gap
    return centres, min(pads, default=gap)


def _inside(share: float) -> float:
    """A position plotly takes as given; it ignores an exact 0 and clips beyond 1."""
    return min(max(share, 0.001), 0.999)


def _link_colour(source: Node, target: Node, colours: dict) -> str:
    if None in (source.code, target.code):
        return with_alpha(theme.NEUTRAL, 0.4)
    # What stays is pale, so that the eye finds what changed.
    return with_alpha(colours[source.code], 0.28 if source.code == target.code else 0.7)


def _node_text(name: str, area: float, whole: float) -> str:
    return f"{name}: {area:,.6g} km², {theme.percent_text(100 * area / whole)}"


def _heading(date, share: float) -> dict:
    return {
        "text": f"<b>{text(date)}</b>", "x": share, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "center",
        "yanchor": "bottom", "yshift": 14, "xshift": NODE_WIDTH * (0.5 - share), "showarrow": False,
        "font": {"size": 15},
    }


def _foot_note(date: int, last: int) -> dict:
    return {
        "text": SMALL, "x": (date + 0.5) / last, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "center",
        "yanchor": "top", "yshift": -2, "showarrow": False, "font": {"size": 11, "color": theme.MUTED},
    }


def _short(name: str) -> str:
    width = theme.text_width(name)
    return name if width <= LONGEST else name[: int(LONGEST * len(name) / width) - 1] + "…"
