"""Charts of the interaction detector: the matrix of the factors, and those of several years beside each other."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...colours import LIGHT_TO_DARK
from .. import theme
from .base import Chart, axis, layout, plain, plain_rows, text
from .cells import LETTER, cell_texts, fitting_size, matrix_width, shortened, widest

# A sign for each type, so that the matrix can be read without colours.
INTERACTION_SIGNS = {
    "enhance, nonlinear": "⬆",
    "enhance, bi-variable": "↑",
    "independent": "=",
    "weaken, uni-variable": "↓",
    "weaken, nonlinear": "⬇",
}
#: The gap beside a matrix, in pixels.
_GAP = 26
#: Heights in pixels: a cell alone, a cell of a panel with a text and without one, a title.
_CELL, _PANEL_CELL, _BARE_CELL, _TITLE = 46, 27, 15, 34
#: Letters of a name below a matrix, of one in a panel, and panels beside each other, at most.
_NAME, _PANEL_NAME, _ACROSS = 40, 22, 3
#: Narrower cells of panels have no room for a number, and wider ones for three digits, in pixels.
_NARROW, _WIDE = 34, 54
_ALONE, _ALONE_STAR, _TOGETHER = "<b>{:.{}f}</b>", "<b>{:.{}f}*</b>", "{:.{}f}{}{}"
_SAID_ALONE, _SAID_TOGETHER, _YEAR = "{} alone", "{} with {}: {}", "<b>{}</b>"
_HOVER = "%{customdata}<br>q = %{z:.4f}<extra></extra>"


class YearOfPairs(NamedTuple):
    """The interactions of the factors in one year.

    Attributes
    ----------
    year : int
    factors : sequence of str
    q : sequence of float
        Of each factor alone.
    significant : sequence of bool
    pairs : sequence of (factor_1, factor_2, q_12, interaction)
    """

    year: int
    factors: tuple
    q: tuple
    significant: tuple
    pairs: tuple


def interaction_matrix(factors, q, rows) -> Chart:
    """q of every pair of factors with the type of their interaction; the diagonal holds q of the factor alone.

    Parameters
    ----------
    factors : sequence of str
    q : sequence of float
        Of each factor alone.
    rows : sequence of (factor_1, factor_2, q_12, interaction)

    Returns
    -------
    Chart
        Lower triangle; the signs are explained by hovering and in the legend line. Table: as ``rows``.
    """
    factors, pairs = list(factors), plain_rows(rows)
    one = YearOfPairs(0, factors, plain(q), [False] * len(factors), pairs)
    values, shown, said = _cells(one, factors, 3, " ")
    names = [shortened(factor, _NAME) for factor in factors]
    width, longest = matrix_width(names) / max(len(factors), 1), widest(names)
    size = fitting_size(width, len("0.123 ="), 12)
    # Names wider than their cells lean to the left, away from the colour bar.
    slanted = longest * LETTER > width
    highest = _highest(values)
    traces, settings = _panel(values, shown, said, highest, size, "")
    height = _CELL if size else _PANEL_CELL
    figure = {
        "data": traces,
        "layout": layout(
            height=160 + height * len(factors) + (5 * longest if slanted else 30),
            margin={"l": 70, "r": 30, "t": 60, "b": 40},
            xaxis={**settings["xaxis"], "ticktext": list(map(text, names)), "tickangle": -40 if slanted else 0},
            yaxis={**settings["yaxis"], "ticktext": list(map(text, names))},
            coloraxis=_colours(highest), annotations=[_legend_line(pairs)], showlegend=False,
        ),
    }
    return Chart(figure, ("factor_1", "factor_2", "q_12", "interaction"), pairs)


def interaction_panels(years) -> Chart:
    """The matrices of several years beside each other, in one scale of colours and one order of factors.

    Parameters
    ----------
    years : sequence of YearOfPairs

    Returns
    -------
    Chart
        A panel for each year, as `interaction_matrix`; a star on the diagonal: significant. A factor that lacks in a
        year has no cells there. Cells too narrow for a number tell it by their colour and by hovering. Table: year,
        factor_1, factor_2, q_12, interaction.
    """
    years = list(years)
    order = list(dict.fromkeys(factor for one in years for factor in one.factors))
    names = [shortened(factor, _PANEL_NAME) for factor in order]
    grid = _grid(names, len(years))
    cells = [_cells(one, order, grid.digits, "") for one in years]
    highest = max(_highest(values) for values, *_rest in cells)
    data, settings, titles = [], {}, []
    for place, (one, own) in enumerate(zip(years, cells)):
        suffix = str(place + 1) if place else ""
        traces, axes = _panel(*own, highest, grid.size, suffix)
        (left, right), (bottom, top) = grid.box(place)
        labels = {"ticktext": list(map(text, names)), "tickfont": {"size": 11}}
        data += traces
        settings[f"xaxis{suffix}"] = {
            **axes["xaxis"], **labels, "domain": [left, right], "anchor": f"y{suffix}", "tickangle": grid.angle,
            "automargin": False,
        }
        settings[f"yaxis{suffix}"] = {
            **axes["yaxis"], **labels, "domain": [bottom, top], "anchor": f"x{suffix}",
            "showticklabels": place % grid.across == 0,
        }
        titles.append({
            "text": _YEAR.format(one.year), "x": (left + right) / 2, "y": top, "xref": "paper", "yref": "paper",
            "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 14},
        })
    table = [(one.year, *pair) for one in years for pair in plain_rows(one.pairs)]
    figure = {
        "data": data,
        "layout": layout(
            height=round(grid.height + 70), margin={"l": 30 + LETTER * widest(names), "r": 90, "t": 50, "b": 20},
            coloraxis=_colours(highest, min(1.0, 420 / grid.height)), showlegend=False,
            annotations=[*titles, _legend_line([row[1:] for row in table], 16)], **settings,
        ),
    }
    return Chart(figure, ("year", "factor_1", "factor_2", "q_12", "interaction"), table)


class _Grid(NamedTuple):
    """How panels are laid out: pixels, and what is written in their cells."""

    across: int
    down: int
    gap: float  # beside a panel, as a share of the width
    digits: int
    size: float  # of the letters, 0 for none
    angle: int  # of the names below
    matrix: float  # height of a matrix
    rest: float  # height of its title and names

    @property
    def height(self) -> float:
        return self.down * (self.matrix + self.rest)

    def box(self, place: int) -> tuple:
        """The shares of both axes that the panel at a place takes."""
        line, column = divmod(place, self.across)
        size = (1.0 - self.gap * (self.across - 1)) / self.across
        left = column * (size + self.gap)
        top = 1.0 - (line * (self.matrix + self.rest) + _TITLE) / self.height
        return (left, left + size), (top - self.matrix / self.height, top)


def _grid(names: list, count: int) -> _Grid:
    """The grid of so many panels: as many beside each other as leave room for the numbers of their cells."""
    width, longest = matrix_width(names), widest(names)
    across = min(_ACROSS, count, max(1, int(width / (_NARROW * len(names) + _GAP))))
    if across == 3 and count == 4:
        across = 2  # two rows of two rather than three and one
    if across == 1 and count > 1 and width / len(names) < _NARROW:
        across = 2  # there is hardly room for numbers anyway
    cell = (width / across - _GAP) / len(names)
    digits = 3 if cell > _WIDE else 2
    size = fitting_size(cell, digits + 3, 11)
    slanted = longest * LETTER > cell
    return _Grid(
        across, math.ceil(count / across), _GAP / width, digits, size, -50 if slanted else 0,
        len(names) * (_PANEL_CELL if size else _BARE_CELL), _TITLE + (5.6 * longest + 8 if slanted else 24),
    )


def _cells(one: YearOfPairs, order: list, digits: int, gap: str) -> tuple:
    """Values, texts and what is said of the cells of one matrix, each a list of lines."""
    place = {factor: index for index, factor in enumerate(order)}
    values, shown, said = ([[empty] * len(order) for _ in order] for empty in (None, "", ""))
    for factor, alone, star in zip(one.factors, plain(one.q), one.significant):
        at = place[factor]
        values[at][at] = alone
        shown[at][at] = "" if alone is None else (_ALONE_STAR if star else _ALONE).format(alone, digits)
        said[at][at] = _SAID_ALONE.format(text(factor))
    for first, second, together, kind in plain_rows(one.pairs):
        down, across = max(place[first], place[second]), min(place[first], place[second])
        values[down][across] = together
        if together is not None:
            shown[down][across] = _TOGETHER.format(together, digits, gap, INTERACTION_SIGNS.get(kind, ""))
        said[down][across] = _SAID_TOGETHER.format(text(first), text(second), text(kind))
    return values, shown, said


def _panel(values: list, shown: list, said: list, highest: float, size: float, suffix: str) -> tuple:
    """The traces of one matrix and its two axes; cells stand at 0, 1 and so on, from the top left."""
    count = len(values)
    places, extent = list(range(count)), [-0.5, count - 0.5]
    on = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    heat = {
        "type": "heatmap", "x": places, "y": places, "z": values, "customdata": said, "coloraxis": "coloraxis",
        "xgap": 2 if size else 1, "ygap": 2 if size else 1, "hoverongaps": False, "hovertemplate": _HOVER, **on,
    }
    dark = [[value is not None and value > 0.5 * highest for value in line] for line in values]
    names = {"showgrid": False, "zeroline": False, "ticks": "", "tickvals": places}
    axes = {"xaxis": axis("", range=extent, **names), "yaxis": axis("", range=extent[::-1], **names)}
    return [heat, *([{**cell_texts(shown, dark, size), **on}] if size else [])], axes


def _highest(values: list) -> float:
    return max((value for line in values for value in line if value is not None), default=0.0) or 1.0


def _colours(highest: float, length: float = 1.0) -> dict:
    return {
        "colorscale": theme.colorscale(LIGHT_TO_DARK), "cmin": 0, "cmax": highest,
        "colorbar": {
            "title": {"text": "q"}, "thickness": 14, "outlinewidth": 0, "len": length, "y": 1, "yanchor": "top",
        },
    }


def _legend_line(pairs: list, shift: int = 10) -> dict:
    """What the signs mean that occur."""
    kinds = [kind for kind in INTERACTION_SIGNS if any(row[3] == kind for row in pairs)]
    return {
        "text": "   ".join(f"{INTERACTION_SIGNS[kind]} {kind}" for kind in kinds), "showarrow": False, "x": 0, "y": 1,
        "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": shift,
        "font": {"color": theme.MUTED},
    }
