"""Land cover and its total if the changes of an interval went on: a Markov chain, and what it would mean."""

from __future__ import annotations

import re
import statistics
from typing import NamedTuple

import numpy as np

from ...errors import InvalidParameter
from ..carbon import TERAGRAM
from ..checkpoint import checkpoint
from .statistics import LandCoverSums
from .tables import KM2, label_of

AREA_COLUMNS = ("scenario", "horizon", "class", "label", "area_km2")
TOTAL_COLUMNS = ("scenario", "horizon", "total_tg", "sd", "change_tg", "change_sd")

#: What the two scenarios are called: all classes change as they did; those to protect lose nothing.
FREE, PROTECTED = "free", "protected"

#: Years ahead of the last date; what goes on for longer is no land cover.
FARTHEST = 1000

_NO_HORIZON = "⟨HORIZONS⟩ holds '{}', and a horizon is a whole number of years from 1 to {}. Write them as 5,10,20."
_NO_ERROR = (
    "'{}' in ⟨DENSITY_ERRORS⟩ is not of the form number=error, with an error that is not negative. Write them as "
    "1=12;2=20."
)
_TOO_LARGE = (
    "In ⟨VALUES⟩ class {} has a mean of {:.6g} in a year, which is too large for a total: is there an undeclared "
    "nodata value? Set the nodata value of the raster."
)
#: Squares of so large means times areas stay within the range of float64.
_LARGEST = 1e100
_TWICE = "Class {} has two errors in ⟨DENSITY_ERRORS⟩. Keep one of them."


class Densities(NamedTuple):
    """The value that stands for each class, and its standard error, in the unit of the values.

    Attributes
    ----------
    values, errors : dict of int to float
        Classes without a value are in neither; those with a value of one year alone, and no given error, have none.
    """

    values: dict
    errors: dict


class Totals(NamedTuple):
    """What areas and densities make, in the unit of the values times m2; float64 arrays (horizons,).

    Attributes
    ----------
    total, change : arrays
        ``change`` is the difference from the total at the last date.
    sd, change_sd : arrays
        Standard deviations from the errors of the densities; NaN where a class with area has none.
    """

    total: np.ndarray
    sd: np.ndarray
    change: np.ndarray
    change_sd: np.ndarray


def parse_horizons(text: str) -> list:
    """Read horizons as a person types them in HORIZONS: "5,10,20".

    Returns
    -------
    list of int
        Years, ascending, each once; at least one.

    Raises
    ------
    InvalidParameter
        Where a part is no whole number from 1 to `FARTHEST`, or there is none.
    """
    found = set()
    for part in re.split(r"[,;，；、\s]+", text.strip(" ,;，；、")):
        if not re.fullmatch(r"\d{1,4}", part) or not 1 <= int(part) <= FARTHEST:
            raise InvalidParameter(_NO_HORIZON.format(part, FARTHEST))
        found.add(int(part))
    return sorted(found)


def parse_errors(text: str) -> dict:
    """Read standard errors of densities as a person types them in DENSITY_ERRORS: "1=12;2=20".

    Returns
    -------
    dict of int to float

    Raises
    ------
    InvalidParameter
        Where a part is no ``number=error``, an error is negative, or a class comes twice.
    """
    found: dict = {}
    for part in re.split(r"[;；\n]", text.replace("＝", "=")):
        if not part.strip():
            continue
        code, _sign, error = (piece.strip() for piece in part.partition("="))
        if not re.fullmatch(r"[-+]?\d+", code) or not re.fullmatch(r"\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?", error):
            raise InvalidParameter(_NO_ERROR.format(part.strip()))
        if int(code) in found:
            raise InvalidParameter(_TWICE.format(int(code)))
        found[int(code)] = float(error)
    return found


def transition_probabilities(flows: dict, classes: list, protected=frozenset()) -> np.ndarray:
    """Which share of each class becomes which in the interval.

    Parameters
    ----------
    flows : dict of (int, int) to int
        Exact area of each transition, unchanged areas included.
    classes : list of n int
        All that occur.
    protected : set of int
        Classes that lose nothing.

    Returns
    -------
    float64 array (n, n)
        From rows to columns; each row sums to 1. A class that the first date does not have keeps what it has.
    """
    matrix = np.eye(len(classes))
    for row, before in enumerate(classes):
        areas = [flows.get((before, after), 0) for after in classes]
        whole = sum(areas)
        if before not in protected and whole:
            checkpoint()
            matrix[row] = [area / whole for area in areas]
    return matrix


def areas_after(start: np.ndarray, matrix: np.ndarray, step: int, horizon: int) -> np.ndarray:
    """Area of each class after some years, if the interval repeated itself.

    Parameters
    ----------
    start : float64 array (n,)
        Area at the last date.
    matrix : float64 array (n, n)
        From `transition_probabilities`.
    step, horizon : int
        Years of the interval, and ahead.

    Returns
    -------
    float64 array (n,)
        In the unit of ``start``, with its sum. Inside the last interval, areas move evenly from its start to its end: a
        root of the matrix may not exist, or be negative.
    """
    area = np.asarray(start, dtype=np.float64)
    whole, rest = divmod(horizon, step)
    for _ in range(whole):
        checkpoint()
        area = _stepped(area, matrix)
    if not rest:
        return area
    # By differences, so that areas that do not change in the step keep every digit inside of it.
    return area + rest / step * (_stepped(area, matrix) - area)


def year_densities(kept: LandCoverSums, joined: LandCoverSums) -> list:
    """What stands for each class in each year.

    Parameters
    ----------
    kept, joined : LandCoverSums
        Of the pixels that have the class on both dates, and of those that have it at the last date alone, from
        `blocks.density_block`; their classes are those of pixels with or without a value.

    Returns
    -------
    list of dict of int to float
        For each year the area-weighted mean of the pixels that keep the class; of a class that no pixel keeps, that of
        all its pixels at the last date. A class that pixels keep, none of them with a value, such as water, has none:
        others that have just become water do not stand for it.
    """
    found: list = [{} for _ in kept.sums.count]
    for gathered, stands in ((kept, True), (joined, False)):
        mean = gathered.sums.statistics()["mean"]
        for place, code in enumerate(gathered.classes):
            if (code in kept.classes) == stands:
                for year, densities in enumerate(found):
                    if gathered.sums.count[year, place]:
                        densities[code] = float(mean[year, place])
    return found


def class_values(of_years: list, last: list, given: dict) -> Densities:
    """The densities of a scenario from those of single years.

    Parameters
    ----------
    of_years : list of dict of int to float
        From `year_densities`.
    last : list of int
        The places of the years whose mean stands for the last date.
    given : dict of int to float
        Errors that take the place of the standard deviation over the years.

    Returns
    -------
    Densities
        The errors are standard deviations over all years (n - 1).

    Raises
    ------
    InvalidParameter
        Where a value is too large to be squared.
    """
    for code, value in (each for year in of_years for each in year.items()):
        if not abs(value) <= _LARGEST:
            raise InvalidParameter(_TOO_LARGE.format(code, value))
    values, errors = {}, {}
    for code in sorted({code for place in last for code in of_years[place]}):
        values[code] = statistics.fmean(of_years[place][code] for place in last if code in of_years[place])
        series = [year[code] for year in of_years if code in year]
        if code in given:
            errors[code] = given[code]
        elif len(series) > 1:
            errors[code] = float(np.std(series, ddof=1))
    return Densities(values, errors)


def scenario_totals(areas: np.ndarray, start: np.ndarray, classes: list, densities: Densities) -> Totals:
    """The total at each horizon; a class without a value adds nothing.

    Parameters
    ----------
    areas : float64 array (horizons, n)
        m2.
    start : float64 array (n,)
        At the last date.
    classes : list of n int
    densities : Densities
        The errors of the classes are taken as independent of one another, and the areas as without error.
    """
    value = np.array([densities.values.get(code, 0.0) for code in classes])
    error = np.array([
        densities.errors.get(code, np.nan) if code in densities.values else 0.0 for code in classes
    ])
    total = _sums(areas * value)
    return Totals(total, _spread(areas, error), total - _sums(start * value), _spread(areas - start, error))


def area_rows(classes: list, areas: dict, horizons: list, names: dict) -> list:
    """Rows of the table of areas, `AREA_COLUMNS`.

    Parameters
    ----------
    classes : list of n int
    areas : dict of str to float64 array (horizons, n)
        By scenario, m2.
    horizons : list of int
    names : dict of int to str
    """
    return [
        (scenario, horizon, code, label_of(code, names), float(area) / KM2)
        for scenario, found in areas.items() for horizon, row in zip(horizons, found)
        for code, area in zip(classes, row)
    ]


def total_rows(totals: dict, horizons: list, teragram: float = TERAGRAM) -> list:
    """Rows of the table of totals, `TOTAL_COLUMNS`.

    Parameters
    ----------
    totals : dict of str to Totals
        By scenario; the first horizon is 0.
    horizons : list of int
    teragram : float
        How much of the total is one Tg of carbon, from `carbon.per_teragram`.

    Returns
    -------
    list of tuple
        ``change_tg`` is the difference of the totals as they are written.
    """
    rows = []
    for scenario, found in totals.items():
        total, sd, change_sd = (
            (part / teragram).tolist() for part in (found.total, found.sd, found.change_sd)
        )
        rows += [
            (scenario, horizon, whole, spread, whole - total[0], spread_of_change)
            for horizon, whole, spread, spread_of_change in zip(horizons, total, sd, change_sd)
        ]
    return rows


def _stepped(area: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return (area[:, np.newaxis] * matrix).sum(axis=0)


def _sums(products: np.ndarray) -> np.ndarray:
    return products.sum(axis=-1)


def _spread(areas: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Standard deviation of the sums of area times density; what has no area needs no error."""
    return np.sqrt((np.where(areas == 0.0, 0.0, areas * error) ** 2).sum(axis=-1))
