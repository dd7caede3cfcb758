"""The densities of the classes that nep:scenario takes its totals from."""

from __future__ import annotations

from functools import partial

from ...core.exact_sums import as_float
from ...core.landcover.blocks import density_block
from ...core.landcover.intensity import Interval, classes_of
from ...core.landcover.scenario import Densities, class_values, parse_errors, year_densities
from ...core.landcover.statistics import LandCoverSums, LandCoverTotal
from ...core.nearest_years import nearest_years
from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.series import Series
from ._effect_dates import years_text

#: Classes of which a smaller share of the area has values are pointed out.
LEAST_COVERED = 0.5


def read_densities(run, values: Series, pair: Series, interval: Interval, names: dict,
                   part: tuple = (0.0, 1.0)) -> Densities:
    """The density of each class and its error, which the log tells.

    Parameters
    ----------
    values : Series
    pair : Series
        The land cover at both dates, on the same grid.
    interval : Interval
    names : dict of int to str
        Of the classes.
    part : (start, end)
        Of the run, for the progress bar.

    Raises
    ------
    InvalidParameter
        If there is no value at the last date.
    """
    readers = {
        "stack": StackReader.of(values), "landcover": StackReader.of(pair), "cell_area": run.cell_areas(pair.grid),
    }
    kernel = partial(density_block, titles=tuple(f"'{step.label}'" for step in pair.steps))
    kept, joined = (LandCoverTotal((0,) * len(values.years)) for _ in range(2))
    working = 8.0 * 24  # classes as 64-bit integers, and the cells of each date in their order
    for window, block in run.blocks(kernel, readers, pair.grid, working, part=part):
        last = window.ends_row_of(pair.grid)
        kept.add(block["kept"], last)
        joined.add(block["joined"], last)
    window = run.parameters.optional_integer("WINDOW", empty=1)
    years = nearest_years(values.years, interval.last, window)
    given = parse_errors(run.parameters.text("DENSITY_ERRORS"))
    places = [values.years.index(year) for year in years]
    densities = class_values(year_densities(kept.sums, joined.sums), places, given)
    if not densities.values:
        raise InvalidParameter(
            tr("'{}' has no value in {} on any pixel with a class on both dates. Look at the nodata values, which "
               "the log lists.").format(values.name, interval.last)
        )
    warn_of_unknown(run, "DENSITY_ERRORS", set(given), interval)
    covered = {
        code: sum(_area(part.sums, values.years.index(interval.last), code) for part in (kept, joined)) / as_float(area)
        for code, area in interval.end.items()
    }
    _tell_years(run, years)
    _tell_densities(run, densities, covered, interval, names, values.unit)
    return densities


def unknown_classes(key: str, codes: set, interval: Interval) -> str:
    """What is said of classes that the parameter ``key`` names and no pixel has."""
    there = classes_of([interval])
    return tr("⟨{}⟩ names {}, which no pixel has. The classes are: {}.").format(
        key, ", ".join(map(str, sorted(codes - set(there)))), ", ".join(map(str, there))
    )


def warn_of_unknown(run, key: str, codes: set, interval: Interval) -> None:
    """Say it, if there are such classes."""
    if codes - set(classes_of([interval])):
        run.log.warn(unknown_classes(key, codes, interval))


def _area(gathered: LandCoverSums, year: int, code: int) -> float:
    """Area of the pixels of a class with a value in a year, m2."""
    if code not in gathered.classes:
        return 0.0
    return float(gathered.sums.statistics()["area"][year, gathered.classes.index(code)])


def _tell_years(run, years: tuple) -> None:
    """The years whose values stand for the last date."""
    words = tr("The densities are the means of those of {}.") if len(years) > 1 else tr(
        "The densities are those of {} alone, with its weather. ⟨WINDOW⟩ takes the mean of several years."
    )
    run.log.info(words.format(years_text(years)))


def _tell_densities(run, densities: Densities, covered: dict, interval: Interval, names: dict, unit: str) -> None:
    """The density of each class that there is at the last date, its error, and how much of it has values; what stands
    in and what lacks. ``covered`` is the share of the area of each class."""
    run.log.info(tr("Density of each class ± standard error ({}), and the share of its area with values:").format(
        unit or tr("no unit")
    ))
    value, error = densities.values, densities.errors
    there = [code for code in sorted(interval.end) if code in value]
    for code in there:
        spread = f" ± {error[code]:.3g}" if code in error else ""
        run.log.info(tr("  {}: {:.6g}{}, {:.3g} %").format(names[code], value[code], spread, 100 * covered[code]))
    new = ", ".join(names[code] for code in there if not interval.flows.get((code, code)))
    if new:
        run.log.warn(
            tr("No pixel has these classes on both dates, so that all their pixels at the last date stand for them: "
               "{}.").format(new)
        )
    lacking = ", ".join(names[code] for code in sorted(interval.end) if code not in value)
    if lacking:
        run.log.warn(
            tr("No pixel that keeps these classes has a value, so that their areas add nothing to the totals: {}.")
            .format(lacking)
        )
    few = ", ".join(f"{names[code]} ({100 * covered[code]:.2g} %)" for code in there if covered[code] < LEAST_COVERED)
    if few:
        run.log.warn(
            tr("Less than half of the area of these classes has values, and the totals take the rest to be like it: "
               "{}.").format(few)
        )
    if any(code not in error for code in there):
        run.log.warn(
            tr("Values of one year say nothing of the errors of the densities: the standard deviations are empty. Give "
               "a series of years, or ⟨DENSITY_ERRORS⟩.")
        )
