"""What the trend follows: shares of the classes, slopes and their parts, and the drivers one by one.

These are panels, to be placed beside maps: they carry no letters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...colours import ATTRIBUTION_CLASSES, CLIMATE, NO_DRIVER, REST, blend, of_drivers
from . import sheet
from .shares import bars, with_area
from .stacks import Row, stacked
from .texts import present, value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Rows that are drawn at most, and the row of a table that is the whole area.
MOST_ROWS, WHOLE = 16, "all"
#: What stands in a table of drivers for all that is none.
REST_ROW = "rest"
#: How much lighter the part of a bar is on which the trend is not significant.
_PALE = 0.6
#: The order of the classes: increases, decreases, others.
_ORDER = (1, 2, 3, -3, -2, -1, 0, 9)


def attribution_shares(rows, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """The share of the area of each class, dark where the trend is significant.

    Parameters
    ----------
    rows : list of dict
        ``class`` (`colours.ATTRIBUTION_CLASSES`), ``label``, ``percent`` of the area and ``significant_percent`` of the
        class. Rows without a class and classes without area are left out.
    words, size_mm
        As in `annual.annual`.
    """
    shown = sorted(with_area(rows), key=lambda row: _ORDER.index(row["class"]))
    pale = {code: blend(colour, "#ffffff", _PALE) for code, colour in ATTRIBUTION_CLASSES.items()}
    known = [value(row, "significant_percent") * value(row, "percent") / 100.0 for row in shown]
    with sheet.drawing(words):
        figure = bars(shown, pale if present(known) else ATTRIBUTION_CLASSES, words, size_mm)
        strong = [share if math.isfinite(share) else 0.0 for share in known]
        colours = [ATTRIBUTION_CLASSES[row["class"]] for row in shown]
        figure.axes[0].barh(range(len(shown)), strong, height=0.68, color=colours, edgecolor=sheet.INK, linewidth=0.3)
        return sheet.finished(figure)


def trend_parts(rows, unit: str, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """The slope of the annual means of each region as the sum of what follows the drivers and the rest.

    Parameters
    ----------
    rows : list of dict
        ``region``, ``slope``, ``slope_climate`` and ``slope_residual``; the whole area first.
    unit : str
        Of the values; slopes are per year.
    words, size_mm
        As in `annual.annual`.
    """
    found = [
        Row(_region(row["region"], words), [value(row, "slope_climate"), value(row, "slope_residual")],
            value(row, "slope")) for row in drawn(rows)
    ]
    parts = [(words["Follows the drivers"], CLIMATE), (words["Rest"], REST)]
    return stacked(found, parts, slope_title(unit, words), words["Slope of the annual means"], words, size_mm)


def contributions(rows, unit: str, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """What each driver and the rest contribute to the mean slope of each region.

    Parameters
    ----------
    rows : list of dict
        ``region``, ``driver`` (`REST_ROW` for the rest) and ``mean_contribution``.
    unit : str
        Of the values.
    words, size_mm
        As in `annual.annual`.
    """
    names = list(dict.fromkeys(row["driver"] for row in rows if row["driver"] != REST_ROW))
    colours = dict(zip(names, (strong for strong, _light in of_drivers(len(names)))))
    if any(row["driver"] == REST_ROW for row in rows):
        names.append(REST_ROW)
        colours[REST_ROW] = REST
    known = {(row["region"], row["driver"]): value(row, "mean_contribution") for row in rows}
    found = []
    for row in drawn([{"region": region} for region in dict.fromkeys(row["region"] for row in rows)]):
        values = [known.get((row["region"], name), math.nan) for name in names]
        found.append(Row(_region(row["region"], words), values, math.fsum(present(values))))
    parts = [(driver_name(name, words), colours[name]) for name in names]
    return stacked(found, parts, slope_title(unit, words), words["Sum"], words, size_mm)


def strongest(rows, refused: float, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """The share of the area on which each driver is the strongest, by its sign, and where none is significant.

    Parameters
    ----------
    rows : list of dict
        ``driver``, ``dominant_positive_percent`` and ``dominant_negative_percent`` of the whole area.
    refused : float
        Percent of the area on which drivers are not told apart.
    words, size_mm
        As in `annual.annual`.
    """
    known = [row for row in rows if row["driver"] != REST_ROW]
    found, colours = [], {}
    for (strong, light), row in zip(of_drivers(len(known)), known):
        name = driver_name(row["driver"], words)
        for sign, column, colour in (("positive", "dominant_positive_percent", strong),
                                     ("negative", "dominant_negative_percent", light)):
            found.append({"class": len(colours), "label": words[f"{{}}, {sign}"].format(name),
                          "percent": value(row, column)})
            colours[len(colours)] = colour
    none = 100.0 - refused - math.fsum(present([row["percent"] for row in found]))
    for label, percent, colour in (("None is significant", none, NO_DRIVER), ("Not told apart", refused, sheet.MUTED)):
        found.append({"class": len(colours), "label": words[label], "percent": percent})
        colours[len(colours)] = colour
    with sheet.drawing(words):
        return sheet.finished(bars(with_area(found), colours, words, size_mm))


def importance(rows, words, size_mm: tuple = (sheet.COLUMN, None)) -> Figure:
    """How much of the variance beyond the year each driver explains, averaged over the area.

    Parameters
    ----------
    rows : list of dict
        ``driver`` and ``mean_lmg`` of the whole area.
    words, size_mm
        As in `annual.annual`.
    """
    known = [row for row in rows if row["driver"] != REST_ROW]
    colours = [strong for strong, _light in of_drivers(len(known))]
    found = [{"class": place, "label": driver_name(row["driver"], words), "percent": 100.0 * value(row, "mean_lmg")}
             for place, row in enumerate(known)]
    with sheet.drawing(words):
        figure = bars(with_area(found), dict(enumerate(colours)), words, size_mm)
        figure.axes[0].set_xlabel(words["Share of the variance (%)"])
        return sheet.finished(figure)


def drawn(rows: list) -> list:
    """The rows of the regions that are drawn: the whole area first, and of many the first ones."""
    ordered = sorted(rows, key=lambda row: row["region"] != WHOLE)
    return ordered[:MOST_ROWS]


def driver_name(driver: str, words) -> str:
    """What a driver is called; those of the climate with a capital."""
    name = words.label({"rest": "Rest"}.get(driver, driver))
    return name[:1].upper() + name[1:] if driver in ("precipitation", "temperature") else name


def slope_title(unit: str, words) -> str:
    """The title of an axis of slopes."""
    return words.quantity(words["Slope"], f"{unit} yr-1" if unit else "yr-1")


def _region(name: str, words) -> str:
    return words["Whole area"] if name == WHOLE else name
