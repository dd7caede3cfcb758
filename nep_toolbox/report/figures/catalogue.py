"""Which chart is made of which tables, and what its file is called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Callable, NamedTuple

from . import sheet
from .annual import annual
from .attribution import MOST_ROWS, attribution_shares, contributions, importance, strongest, trend_parts
from .detector import detector
from .landcover import landcover
from .landcover import left_out as small_classes
from .landcover_effect import landcover_effect
from .sankey import left_out as small_flows
from .sankey import sankey
from .scatter import DRIVERS, scatter
from .shares import frequency_shares, future_shares, trend_shares

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Width and height in mm of panels whose place on a page is not told; a height of None is chosen.
PANELS = {
    "fig04_counts": (sheet.COLUMN, 55.0), "fig05_shares": (sheet.COLUMN, None), "fig06_shares": (sheet.COLUMN, None),
    **{f"fig07_{driver}": (sheet.COLUMN, 66.0) for driver in DRIVERS},
    **dict.fromkeys(("fig11_shares", "fig11_parts", "fig12_shares", "fig12_contributions", "fig12_importance"),
                    (sheet.COLUMN, None)),
}


class Planned(NamedTuple):
    """A chart that can be made of the tables.

    Attributes
    ----------
    path : str
        Of its files, below the folder of the figures and without suffix.
    draw : callable
        Returns the figure.
    note : str
        What it leaves out, for its caption; mostly empty.
    """

    path: str
    draw: Callable[[], Figure]
    note: str = ""


def plan(tables: dict, settings: dict, words, panels: dict | None = None, colours: dict | None = None) -> list:
    """The charts of a study, in the order of its figures; those without rows are left out.

    Parameters
    ----------
    tables : dict of str to list of dict
        The rows of each table, by its name (``fig02_annual``, ...).
    settings : dict
        ``variable``, ``unit``; ``width_mm``, ``carbon``, ``min_class_area`` (percent) where they are set.
    words : mapping
        As `texts.English`.
    panels : dict of str to (width, height), optional
        Sizes in mm of the panels in layouts; `PANELS` for those that it lacks.
    colours : dict of class to str, optional
        ``#rrggbb`` of the land-cover classes in the maps.

    Returns
    -------
    list of Planned
    """
    whole = (float(settings.get("width_mm") or sheet.PAGE), None)
    name, unit = settings["variable"], settings["unit"]
    rows = {key: tables.get(key) or [] for key in _TABLES}
    sizes = {**PANELS, **(panels or {})}
    found = []
    if rows["fig02_annual"]:
        found.append(Planned("fig02_annual", partial(
            annual, rows["fig02_annual"], _row(rows["fig02_summary"], variable="nep"), name, unit, words, whole,
            _all(rows["fig02_budget"]) if settings.get("carbon") else (),
        )))
    for stem, table, draw in (
        ("fig04_counts", "fig04_counts", partial(frequency_shares, rows["fig04_counts"])),
        ("fig05_shares", "fig05_class_areas", partial(trend_shares, _all(rows["fig05_class_areas"]))),
        ("fig06_shares", "fig06_class_areas",
         partial(future_shares, _all(rows["fig06_class_areas"]), _all(rows["fig06_evidence"]))),
    ):
        if rows[table]:
            found.append(Planned(f"panels/{stem}", partial(draw, words, sizes[stem])))
    for driver in DRIVERS:
        relation = _row(rows["fig07_correlation"], variable="nep", driver=driver)
        if relation and any(row.get(driver) is not None for row in rows["fig02_annual"]):
            found.append(Planned(f"panels/fig07_{driver}", partial(
                scatter, rows["fig02_annual"], driver, relation, name, unit, words, sizes[f"fig07_{driver}"]
            )))
    found += _of_landcover(rows, settings, words, whole, colours) + _of_factors(rows, words, whole)
    refused = settings.get("numbers", {}).get("drivers", {}).get("REFUSED_PERCENT") or 0.0
    return found + _of_attribution(rows, unit, refused, words, sizes)


_TABLES = (
    "fig02_annual", "fig02_budget", "fig02_summary", "fig04_counts", "fig05_class_areas", "fig06_class_areas",
    "fig06_evidence", "fig07_correlation", "fig08_areas", "fig08_transitions", "fig09_annual", "fig09b_effect",
    "fig09b_effect_total", "fig10_factors", "fig10_pairs", "fig11_class_areas", "fig11_summary", "fig12_drivers",
)


def _of_landcover(rows: dict, settings: dict, words, size: tuple, colours: dict | None) -> list:
    found = []
    areas, transitions, means = (rows[table] for table in ("fig08_areas", "fig08_transitions", "fig09_annual"))
    if areas:
        count, share = small_flows(areas, transitions)
        note = words["{} flows that are too small to be seen, at most {} of the area in one interval, are not drawn."]
        found.append(Planned(
            "fig08_landcover", partial(sankey, areas, transitions, words, size, colours),
            note.format(count, words.percent(share)) if count else "",
        ))
    if means:
        name, unit, least = settings["variable"], settings["unit"], settings.get("min_class_area", 0.5)
        total = "Tg C yr-1" if settings.get("carbon") else f"{unit} × m2" if unit else ""
        out = [words.label(label) for label in small_classes(means, least)]
        note = words["Classes with less than {} of the area are left out: {}."]
        found.append(Planned(
            "fig09_landcover_nep", partial(landcover, means, name, unit, total, words, size, colours, least),
            note.format(words.percent(least), words.join(out)) if out else "",
        ))
    totals, pairs = rows["fig09b_effect_total"], rows["fig09b_effect"]
    if totals and pairs:
        found.append(Planned("fig09b_landcover_effect", partial(landcover_effect, totals, _all(pairs), words, size),
                             _not_drawn(totals, words)))
    return found


def _of_factors(rows: dict, words, size: tuple) -> list:
    if not rows["fig10_factors"]:
        return []
    return [Planned("fig10_geodetector", partial(detector, rows["fig10_factors"], rows["fig10_pairs"], words, size))]


def _of_attribution(rows: dict, unit: str, refused: float, words, sizes: dict) -> list:
    """The panels of figures 11 and 12, of the variable and not of NPP beside it."""
    areas, parts, drivers = (_first(rows[table], "variable") for table in (
        "fig11_class_areas", "fig11_summary", "fig12_drivers"))
    whole = _all(drivers)
    given = [row for row in drivers if row.get("mean_contribution") is not None]
    sums = {key: sum(row.get(key) or 0.0 for row in whole) for key in (
        "dominant_positive_percent", "dominant_negative_percent", "mean_lmg")}
    found = [
        ("fig11_shares", any(row.get("percent") for row in areas), attribution_shares, (_all(areas),)),
        ("fig11_parts", any(row.get("slope") is not None for row in parts), trend_parts, (parts, unit)),
        ("fig12_shares", sums["dominant_positive_percent"] or sums["dominant_negative_percent"], strongest,
         (whole, refused)),
        ("fig12_contributions", given, contributions, (given, unit)),
        ("fig12_importance", sums["mean_lmg"], importance, (whole,)),
    ]
    notes = {"fig11_parts": _not_drawn(parts, words), "fig12_contributions": _not_drawn(drivers, words)}
    return [
        Planned(f"panels/{stem}", partial(draw, *taken, words, sizes[stem]), notes.get(stem, ""))
        for stem, wanted, draw, taken in found if wanted
    ]


def _not_drawn(rows: list, words) -> str:
    """What is to be said of the regions that are too many for a panel."""
    more = len({row["region"] for row in rows}) - MOST_ROWS
    return words["{} regions are not drawn; the tables have them."].format(more) if more > 0 else ""


def _first(rows: list, column: str) -> list:
    """The rows that have in a column what the first one has."""
    return [row for row in rows if row[column] == rows[0][column]]


def _all(rows: list) -> list:
    """The rows of the first region of a table, which is the whole area."""
    return [row for row in rows if row.get("region") == rows[0].get("region")]


def _row(rows: list, **wanted: str) -> dict:
    return next((row for row in rows if all(row.get(key) == value for key, value in wanted.items())), {})
