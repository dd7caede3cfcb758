"""Tables and flows from land-cover counts: the rows a person reads and the links of a Sankey diagram."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import InvalidParameter
from ..exact_sums import as_float

KM2 = 1_000_000

TRANSITION_COLUMNS = (
    "from_year",
    "to_year",
    "from_class",
    "to_class",
    "from_label",
    "to_label",
    "pixels",
    "area_km2",
    "percent_of_from",
)
AREA_COLUMNS = ("year", "class", "label", "pixels", "area_km2", "percent")

# Another number=name inside of a name: the classes were not separated by semicolons.
_SECOND_CLASS = re.compile(r"[,，、|\s]\s*[-+]?\d+\s*=")
_NO_CODE = "⟨{}⟩ holds '{}', which is no code of a class. Write the codes as 5,7."


class MergedFlows(NamedTuple):
    """Flows between two dates with the small changes put together.

    ``kept`` maps (from, to) to km2; ``leaving`` and ``arriving`` map a class to the km2 of its small losses and gains.
    """

    kept: dict
    leaving: dict
    arriving: dict


class Changed(NamedTuple):
    """What changes its class: km2, its percentage of what is compared, and the largest change (from, to), None where
    there is none, with its km2."""

    area: float
    percent: float
    largest: tuple | None
    largest_area: float


def parse_class_names(text: str) -> dict:
    """Read class names as a person types them.

    Parameters
    ----------
    text : str
        ``"1=Cropland;2=Forest"``; blanks and a last semicolon do no harm, and full-width signs are understood.

    Returns
    -------
    dict of int to str
        Empty for an empty text.

    Raises
    ------
    InvalidParameter
        Where a part is no ``number=name``, a name holds a second one (``1=Cropland,2=Forest``), or a number comes
        twice.
    """
    names: dict = {}
    for part in text.replace("；", ";").replace("＝", "=").replace("\n", ";").split(";"):
        if not part.strip():
            continue
        code, sign, name = (piece.strip() for piece in part.partition("="))
        try:
            number = int(code)
        except ValueError:
            number = None
        if number is None or not sign or not name:
            raise InvalidParameter(
                f"'{part.strip()}' in ⟨CLASS_NAMES⟩ is not of the form number=name. Write them as "
                "1=Cropland;2=Forest."
            )
        if _SECOND_CLASS.search(name):
            raise InvalidParameter(
                f"'{part.strip()}' in the class names holds several classes: separate them by semicolons, as in "
                "1=Cropland;2=Forest."
            )
        if number in names:
            raise InvalidParameter(
                f"Class {number} is named twice in ⟨CLASS_NAMES⟩: '{names[number]}' and '{name}'. Keep one of them."
            )
        names[number] = name
    return names


def parse_classes(text: str, key: str) -> set:
    """Read the codes of classes as a person types them in the parameter ``key``: "5,7"; empty for an empty text.

    Raises
    ------
    InvalidParameter
        Where a part is no whole number.
    """
    codes = set()
    for part in re.split(r"[,;，；、\s]+", text.strip(" ,;，；、")):
        if re.fullmatch(r"[-+]?\d+", part):
            codes.add(int(part))
        elif part:
            raise InvalidParameter(_NO_CODE.format(key, part))
    return codes


def label_of(code: int, names: dict) -> str:
    """Name of a class, or its number where it has none."""
    return names.get(code, str(code))


def transition_rows(transitions: list, years, names: dict) -> list:
    """Rows of the transition table, `TRANSITION_COLUMNS`.

    Parameters
    ----------
    transitions : list of n-1 dict
        As in `LandCoverCounts`.
    years : sequence of n int
        Years of the dates.
    names : dict of int to str
        Class names.

    Returns
    -------
    list of tuple
        In order of date, from class and to class; unchanged classes are included. ``percent_of_from`` is the share of
        the area that the from class had.
    """
    rows = []
    for first, second, counts in zip(years, years[1:], transitions):
        of_class: dict = {}
        for (before, _), tally in counts.items():
            of_class[before] = of_class.get(before, 0) + tally.area
        for (before, after), tally in sorted(counts.items()):
            rows.append(
                (first, second, before, after, label_of(before, names), label_of(after, names))
                + (tally.pixels, as_float(tally.area, KM2), 100 * tally.area / of_class[before])
            )
    return rows


def area_rows(classes: list, years, names: dict) -> list:
    """Rows of the table of areas, `AREA_COLUMNS`: one for each date and class, with its share of the valid area.

    Parameters are those of `transition_rows`, with the ``classes`` of `LandCoverCounts`.
    """
    rows = []
    for year, counts in zip(years, classes):
        total = sum(tally.area for tally in counts.values())
        for code, tally in sorted(counts.items()):
            share = 100 * tally.area / total
            rows.append((year, code, label_of(code, names), tally.pixels, as_float(tally.area, KM2), share))
    return rows


def flows_km2(counts: dict) -> dict:
    """Flows (from, to) -> km2 of the transitions between two dates."""
    return {key: as_float(tally.area, KM2) for key, tally in counts.items()}


def changed_km2(transitions: list) -> Changed:
    """How much changes its class, summed over all steps between two dates.

    Parameters
    ----------
    transitions : list of dict
        As in `LandCoverCounts`; at least one is not empty.
    """
    whole = changed = 0
    of_pair: dict = {}
    for counts in transitions:
        for (before, after), tally in counts.items():
            whole += tally.area
            if before != after:
                changed += tally.area
                of_pair[before, after] = of_pair.get((before, after), 0) + tally.area
    largest = min(of_pair, key=lambda pair: (-of_pair[pair], pair), default=None)
    return Changed(as_float(changed, KM2), 100 * changed / whole, largest, as_float(of_pair.get(largest, 0), KM2))


def merge_small_flows(flows: dict, threshold_percent: float) -> MergedFlows:
    """Put the small changes of a Sankey diagram together.

    Parameters
    ----------
    flows : dict of (int, int) to float
        Flows (km2) from class to class between two dates.
    threshold_percent : float
        Changes below this share of the whole area are merged; unchanged areas never are. 0 merges nothing.

    Returns
    -------
    MergedFlows
        The sums over ``leaving`` and over ``arriving`` are equal, and each class keeps its total.

    Raises
    ------
    InvalidParameter
        Where the threshold is not a percentage.
    """
    if not 0 <= threshold_percent <= 100:
        raise InvalidParameter(f"The threshold of small flows is a percentage from 0 to 100, not {threshold_percent}.")
    limit = threshold_percent / 100 * sum(flows.values())
    small = {key for key, area in flows.items() if key[0] != key[1] and area < limit}
    if len(small) < 2:
        small = set()
    leaving: dict = {}
    arriving: dict = {}
    for before, after in sorted(small):
        area = flows[before, after]
        leaving[before] = leaving.get(before, 0.0) + area
        arriving[after] = arriving.get(after, 0.0) + area
    return MergedFlows({key: area for key, area in flows.items() if key not in small}, leaving, arriving)
