"""Giving the steps of a series their years and months: as a user wrote them, else as names say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ..errors import YearNotFound
from .wording import listed
from .years import parse_years, range_in, stamps_that_differ

SETTLE = "Give each layer a name with its year (NPP_2001) or set ⟨YEARS⟩, for example 2001-2020."


def with_times(steps: list, layers: list, years: str, monthly: bool) -> list:
    """The steps with their years and, where ``monthly`` allows twelve steps a year, months.

    Parameters
    ----------
    steps : list of Step
    layers : list of Layer
        The layers the steps are bands of.
    years : str
        As the user wrote them; empty to find them in names.
    monthly : bool

    Raises
    ------
    YearNotFound
        If a step has no year, or ``years`` does not fit the steps.
    """
    count = len(steps)
    if years.strip():
        return with_given_years(steps, stamps_of(steps, layers), parse_years(years), monthly)
    stamps = stamps_of(steps, layers, strict=True)
    if any(stamp is None for stamp in stamps) and len(layers) == 1 and count > 1:
        layer = layers[0]
        span = range_in(layer.name, count) or range_in(layer.base_name, count)
        if span:
            return [replace(step, year=year, month=0) for step, year in zip(steps, span)]
        if monthly and count % 12 == 0:
            span = range_in(layer.name, count // 12) or range_in(layer.base_name, count // 12)
            if span:
                return _months_in_order(steps, span)
    lost = [step.label for step, stamp in zip(steps, stamps) if stamp is None]
    if lost:
        raise YearNotFound(f"No single year could be read from the name of {listed(lost)}. {SETTLE}")
    timed = [replace(step, year=year, month=month or 0) for step, (year, month) in zip(steps, stamps)]
    return timed if monthly and _months_matter(timed) else [replace(step, month=0) for step in timed]


def with_given_years(steps: list, stamps: list, given: list, monthly: bool) -> list:
    """The steps with the ``given`` years, in order: one for each step or, if ``monthly``, for each twelve.

    Months are those of ``stamps`` (from `stamps_of`) where every step has one, else run from 1 to 12. Raises
    YearNotFound if the numbers of years and steps do not fit.
    """
    doubled = [year for year, times in Counter(given).items() if times > 1]
    if doubled:
        raise YearNotFound(f"⟨YEARS⟩ names {listed(doubled)} more than once. Name each year once.")
    if len(steps) == len(given):
        return [replace(step, year=year, month=0) for step, year in zip(steps, given)]
    if monthly and len(steps) == 12 * len(given):
        if all(stamp and stamp[1] for stamp in stamps) and {stamp[0] for stamp in stamps} == set(given):
            return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, stamps)]
        return _months_in_order(steps, given)
    raise YearNotFound(
        f"⟨YEARS⟩ names {len(given)} years, but the series of '{steps[0].layer.name}' has {len(steps)} time steps. "
        f"Name one year for each step{', or for each twelve of them' if monthly else ''}."
    )


def _months_in_order(steps: list, years: list) -> list:
    times = [(year, month) for year in years for month in range(1, 13)]
    return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, times)]


def _months_matter(steps: list) -> bool:
    """A month in a name counts only where a year has several steps: "NPP_2001_01km" is a year."""
    return len({step.year for step in steps}) < len(steps)


def stamps_of(steps: list, layers: list, strict: bool = False) -> list:
    """For each step its (year, month or None), or None, from the first source that has one.

    ``strict`` refuses layers whose file says another year.
    """
    descriptions = stamps_that_differ([step.description for step in steps])
    if len(layers) == 1 and len(steps) > 1:
        return descriptions
    titles = stamps_that_differ([layer.name for layer in layers])
    files = stamps_that_differ([layer.base_name for layer in layers])
    apart = [
        f"'{layer.name}' (layer {title[0]}, file {file[0]})"
        for layer, title, file in zip(layers, titles, files)
        if title and file and title[0] != file[0]
    ]
    if apart and strict:
        raise YearNotFound(
            f"The name of the layer and the name of its file say different years: {', '.join(apart)}. Rename the layer "
            f"or set ⟨YEARS⟩, which settles it."
        )
    return [title or file or description for title, file, description in zip(titles, files, descriptions)]


def steps_per_year(steps: list, monthly: bool) -> int:
    """1 or 12; raises YearNotFound if two steps are of one time, or a year lacks months."""
    by_time: dict = {}
    for step in steps:
        by_time.setdefault((step.year, step.month), []).append(step.label)
    doubled = {time: labels for time, labels in by_time.items() if len(labels) > 1}
    if doubled:
        (year, month), labels = min(doubled.items())
        when = f"{year}-{month:02d}" if month else str(year)
        hint = " Twelve steps a year need names that say year and month (2001_01)." if monthly and not month else ""
        raise YearNotFound(f"{listed(labels)} all say {when}. Keep one step for each time, or set ⟨YEARS⟩.{hint}")
    if not any(step.month for step in steps):
        return 1
    for year in sorted({step.year for step in steps}):
        months = {step.month for step in steps if step.year == year}
        gaps = [str(month) for month in range(1, 13) if month not in months]
        if gaps:
            raise YearNotFound(
                f"The year {year} of the series of '{steps[0].layer.name}' has {len(months)} months instead of twelve: "
                f"month {', '.join(gaps)} is missing. Add it, or leave the year out."
            )
    return 12
