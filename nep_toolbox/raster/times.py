"""Giving the steps of a series their years and months: as a user wrote them, else as names say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import groupby, islice

from ..errors import YearNotFound
from .wording import counted, joined, listed
from .years import month_in, months_in, parse_years, range_in, stamps_that_differ

MONTHS = 12

GIVEN_HOLD = (
    "⟨{0}⟩ says otherwise than names do; taken are {1}. If that is wrong, give the rasters in the order of ⟨{0}⟩, or "
    "leave it empty to take the {2} from names."
)
_AXIS_SAYS = "'{}' says {} by its name and {} by its time axis, and {} is taken"
_AXES_SAY = "Names and time axes differ: {}. If that is wrong, set ⟨YEARS⟩."
_NAMES_HOLD = (
    "Names of the series of '{0}' say otherwise than ⟨{1}⟩, and hold: ⟨{1}⟩ belongs to the first series and to those "
    "whose names say no years. By ⟨{1}⟩ it would have been {2}."
)

SETTLE = "Give each layer a name with its year (NPP_2001) or set ⟨YEARS⟩, for example 2001-2020."


_MONTHS_GIVEN = (
    "{} all say {}: they are months, and this tool takes one step a year. Make annual means or sums of them first, "
    "with the tool ⟨nep:annualclimate⟩."
)
_NOT_EACH_ONCE = "The descriptions of the twelve bands of '{}' say {}, and month {} is missing. {}"
_IN_ORDER = (
    "Describe each band by its month (T_01 to T_12), or set ⟨YEARS⟩ to take them in their order, from January on."
)
_STRANGE = "The time axis of '{}' counts in a way that is not understood: {}."
_TWELVE = (
    "The twelve bands of {} are taken for the months of a year only by tools for monthly series; make annual means or "
    "sums of them with the tool ⟨nep:annualclimate⟩."
)


def with_times(steps: list, layers: list, years: str, monthly: bool, names_first: bool = False,
               key: str = "YEARS") -> list:
    """The steps with their years and, where ``monthly`` allows twelve steps a year, months.

    Parameters
    ----------
    steps : list of Step
    layers : list of Layer
        The layers the steps are bands of.
    years : str
        As the user wrote them; empty to find them in names.
    monthly : bool
    names_first : bool
        Whether ``years`` only holds where names do not say the time of every step.

    Raises
    ------
    YearNotFound
        If a step has no year, or ``years`` does not fit the steps.
    """
    if years.strip():
        named = _named(steps, layers, monthly) if names_first else None
        return named or with_given_years(
            steps, stamps_of(steps, layers), parse_years(years, key), monthly, key
        )
    stamps = said_by_names(steps, layers, monthly, strict=True)
    lost = [step for step, stamp in zip(steps, stamps) if stamp is None]
    if lost:
        raise YearNotFound(
            f"No single year could be read from the name of {labels_of(lost)}. {SETTLE}"
            f"{why_lost(lost, monthly)}"
        )
    timed = [replace(step, year=year, month=month or 0) for step, (year, month) in zip(steps, stamps)]
    if not _months_matter(timed):
        return [replace(step, month=0) for step in timed]
    if not monthly and all(step.month for step in timed) and len({step.time for step in timed}) == len(timed):
        labels = [step.label for step in timed if step.year == timed[0].year]
        raise YearNotFound(_MONTHS_GIVEN.format(listed(labels), timed[0].year))
    return timed if monthly else [replace(step, month=0) for step in timed]


def labels_of(steps: list) -> str:
    """Some steps as a sentence lists them; several bands of one layer by their number."""
    words = []
    for layer, group in groupby(steps, key=lambda step: step.layer):
        own = list(group)
        words.append(f"'{own[0].label}'" if len(own) == 1 else f"'{layer.name}' ({len(own)} bands)")
    return joined(words)


def why_lost(steps: list, monthly: bool) -> str:
    """What else is known of steps without a time, as further sentences."""
    strange = {step.layer: step.strange_axis for step in steps if step.strange_axis}
    words = [_STRANGE.format(layer.name, axis) for layer, axis in list(strange.items())[:1]]
    counts = Counter(step.layer for step in steps)
    twelve = [layer.name for layer, count in counts.items() if count == MONTHS]
    if twelve and not strange and not monthly:
        words.append(_TWELVE.format(listed(twelve)))
    return "".join(f" {each}" for each in words)


def _named(steps: list, layers: list, monthly: bool) -> list | None:
    """The steps with the times that names say; None unless every step has a time of its own."""
    try:
        timed = with_times(steps, layers, "", monthly)
    except YearNotFound:
        return None
    return timed if len({(step.year, step.month) for step in timed}) == len(timed) else None


def said_by_names(steps: list, layers: list, monthly: bool, strict: bool = False) -> list:
    """For each step the (year, month or None) that names say, or None: as `stamps_of`; of the bands of a layer without
    such a time, or with equal ones, by the range of months or years in its name, one for each band or, if ``monthly``,
    one year for each twelve; and if ``monthly``, of twelve bands by the one year in its name."""
    stamps = iter(stamps_of(steps, layers, strict))
    years = dict(zip(layers, _of_layers(layers)))
    found: list = []
    for layer, group in groupby(steps, key=lambda step: step.layer):
        own = list(group)
        said = list(islice(stamps, len(own)))
        clear = len(own) == 1 or all(said) and len(set(said)) == len(own)
        found += said if clear else _of_bands(own, layer, years[layer], monthly, strict) or said
    return found


def _of_bands(steps: list, layer, year: tuple | None, monthly: bool, strict: bool) -> list | None:
    """The times of the bands of a layer by what its name says of the whole; None where that does not fit."""
    count = len(steps)
    for name in (layer.name, layer.base_name):
        span = range_in(name, count)
        if span:
            return [(each, None) for each in span]
        found = months_in(name, count) if monthly else None
        if found:
            return found
    if not monthly or count % MONTHS:
        return None
    span = range_in(layer.name, count // MONTHS) or range_in(layer.base_name, count // MONTHS)
    if span:
        return [(each, month) for each in span for month in range(1, MONTHS + 1)]
    if year is None or count > MONTHS:
        return None
    months = months_of([step.description for step in steps])
    if strict and months is None:
        require_no_months(steps, _IN_ORDER)
    return [(year[0], month) for month in months or range(1, MONTHS + 1)]


def months_of(names: list) -> list | None:
    """The months of twelve names, by names of months or the last number that differs; None where they say none."""
    if len(names) != MONTHS:
        return None
    most = max(len(re.findall(r"\d+", name)) for name in names)
    for place in range(most + 1):
        months = [month_in(name, place) for name in names]
        if set(months) == set(range(1, MONTHS + 1)):
            return months
    return None


def require_no_months(steps: list, way_out: str) -> None:
    """Raise YearNotFound where the descriptions of twelve bands say months, but not each month once."""
    for place in range(3):
        months = [month_in(step.description, place) for step in steps]
        by_number = place and (None in months or len(set(months)) < MONTHS // 2)
        in_order = all(month in (None, number) for number, month in enumerate(months, start=1))
        if not by_number and not in_order:
            doubled = [str(month) for month, times in sorted(Counter(filter(None, months)).items()) if times > 1]
            lacking = [str(month) for month in range(1, MONTHS + 1) if month not in months]
            twice = f"month {joined(doubled)} more than once" if doubled else "no month in some bands"
            raise YearNotFound(_NOT_EACH_ONCE.format(steps[0].layer.name, twice, joined(lacking, MONTHS), way_out))


def _of_layers(layers: list) -> list:
    """For each layer the time that its name says, else that of its file."""
    titles = stamps_that_differ([layer.name for layer in layers])
    files = stamps_that_differ([layer.base_name for layer in layers])
    return [title or file for title, file in zip(titles, files)]


def contradiction(steps: list, layers: list, timed: list, years: str, monthly: bool, key: str = "YEARS") -> str:
    """A warning where YEARS says otherwise than names do; empty where they agree, or names say nothing of single steps.

    Parameters
    ----------
    steps, layers, years, monthly
        As for `with_times`.
    timed : list of Step
        What `with_times` gave for them.
    key : str
        The parameter the years come from.
    """
    said = said_by_names(steps, layers, monthly)
    given = parse_years(years)
    if len(steps) not in (len(given), 12 * len(given) if monthly else 0):
        return ""  # names hold, and the years are those of another series
    alternative = with_given_years(steps, said, given, monthly)
    words = otherwise(alternative, said)
    if not words:
        return ""
    if [step.time for step in timed] == [step.time for step in alternative]:
        return GIVEN_HOLD.format(key, words, "years")
    return _NAMES_HOLD.format(layers[0].name, key, words)


def axis_contradiction(timed: list, layers: list) -> str:
    """A warning where the name of a layer says one year and the time axis of its file another; empty where none does.

    Parameters
    ----------
    timed : list of Step
        With the times that were found.
    layers : list of Layer
    """
    said = {layer: name[0] for layer, name in zip(layers, _of_layers(layers)) if name}
    words = []
    for layer, group in groupby(timed, key=lambda step: step.layer):
        own = list(group)
        axis = {step.on_axis and step.on_axis[0] for step in own}
        if layer in said and len(axis) == 1 and axis.isdisjoint({None, said[layer]}):
            words.append(_AXIS_SAYS.format(layer.name, said[layer], axis.pop(), own[0].year))
    return _AXES_SAY.format(joined(words)) if words else ""


def otherwise(timed: list, said: list) -> str:
    """The steps whose times are other ones than names say, as "'npp_2003' as 2001"; empty where there are none.

    Names that all say the same say nothing of single steps.
    """
    if len(said) > 1 and len(set(said)) == 1:
        return ""
    return joined([
        f"'{step.label}' as {step.time}" for step, stamp in zip(timed, said)
        if stamp and (stamp[0] != step.year or stamp[1] and step.month and stamp[1] != step.month)
    ])


def with_given_years(steps: list, stamps: list, given: list, monthly: bool, key: str = "YEARS") -> list:
    """The steps with the ``given`` years, in order: one for each step or, if ``monthly``, for each twelve.

    Months are those of ``stamps`` (from `stamps_of`) where every step has its own, else run from 1 to 12. Raises
    YearNotFound if the numbers of years and steps do not fit.
    """
    doubled = [year for year, times in Counter(given).items() if times > 1]
    if doubled:
        raise YearNotFound(f"⟨{key}⟩ names {listed(doubled)} more than once. Name each year once.")
    if len(steps) == len(given):
        return [replace(step, year=year, month=0) for step, year in zip(steps, given)]
    if monthly and len(steps) == 12 * len(given):
        each_once = all(stamp and stamp[1] for stamp in stamps) and len(set(stamps)) == len(stamps)
        if each_once and {stamp[0] for stamp in stamps} == set(given):
            return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, stamps)]
        return _months_in_order(steps, given)
    raise YearNotFound(
        f"⟨{key}⟩ names {counted(len(given), 'year')}, but the series of '{steps[0].layer.name}' has "
        f"{counted(len(steps), 'time step')}. "
        f"Name one year for each step{', or for each twelve of them' if monthly else ''}."
    )


def _months_in_order(steps: list, years: list) -> list:
    times = [(year, month) for year in years for month in range(1, 13)]
    return [replace(step, year=year, month=month) for step, (year, month) in zip(steps, times)]


def _months_matter(steps: list) -> bool:
    """A month in a name counts only where a year has several steps: "NPP_2001_01km" is a year."""
    return len({step.year for step in steps}) < len(steps)


def stamps_of(steps: list, layers: list, strict: bool = False) -> list:
    """For each step its (year, month or None), or None, from the first source that has one: the names of a single band,
    its layer, file and description; the descriptions of several bands; at last the time axis of the file. A month comes
    from the first source that has one for that year.

    ``strict`` refuses layers whose file says another year.
    """
    descriptions = stamps_that_differ([step.description for step in steps])
    titles = stamps_that_differ([layer.name for layer in layers])
    files = stamps_that_differ([layer.base_name for layer in layers])
    bands = Counter(step.layer for step in steps)
    if strict and (len(layers) > 1 or len(steps) == 1):
        _require_agreement(layers, titles, files)
    named = {layer: each for layer, *each in zip(layers, titles, files) if bands[layer] == 1}
    dated = {step.layer for step, said in zip(steps, descriptions) if said}
    found = []
    for step, said in zip(steps, descriptions):
        # Bands of which only some are described by a time are not dated by the axis: it may count otherwise.
        axis = None if bands[step.layer] > 1 and step.layer in dated else step.on_axis
        found.append(_first([*named.get(step.layer, ()), said, axis]))
    return found


def _first(said: list) -> tuple | None:
    """The first time that is said, with the month that is said of its year."""
    time = next(filter(None, said), None)
    if time is None or time[1]:
        return time
    return time[0], next((each[1] for each in said if each and each[0] == time[0] and each[1]), None)


def _require_agreement(layers: list, titles: list, files: list) -> None:
    """Raise YearNotFound where the names of layers and of their files say different years."""
    apart = [
        f"'{layer.name}' (layer {title[0]}, file {file[0]})"
        for layer, title, file in zip(layers, titles, files)
        if title and file and title[0] != file[0]
    ]
    if apart:
        raise YearNotFound(
            f"The name of the layer and the name of its file say different years: {', '.join(apart)}. Rename the layer "
            f"or set ⟨YEARS⟩, which settles it."
        )


def missing_times(steps: list) -> list:
    """The years, or months where steps have some, that lack between the first and the last of steps in order."""
    count = 12 if steps[0].month else 1
    there = [step.year * count + (step.month - 1 if step.month else 0) for step in steps]
    lacking = sorted(set(range(there[0], there[-1])) - set(there))
    return [f"{time // 12}-{time % 12 + 1:02d}" if count == 12 else str(time) for time in lacking]


def require_different_times(steps: list, monthly: bool) -> None:
    """Raise YearNotFound if two steps are of one time."""
    by_time: dict = {}
    for step in steps:
        by_time.setdefault((step.year, step.month), []).append(step.label)
    doubled = {time: labels for time, labels in by_time.items() if len(labels) > 1}
    if doubled:
        (year, month), labels = min(doubled.items())
        when = f"{year}-{month:02d}" if month else str(year)
        hint = " Twelve steps a year need names that say year and month (2001_01)." if monthly and not month else ""
        raise YearNotFound(f"{listed(labels)} all say {when}. Keep one step for each time, or set ⟨YEARS⟩.{hint}")


def steps_per_year(steps: list, monthly: bool) -> int:
    """1 or 12; raises YearNotFound if two steps are of one time, or a year lacks months."""
    require_different_times(steps, monthly)
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
