"""Finding the year (and month) of a time step in the names people give to rasters."""

from __future__ import annotations

import re

import numpy as np

from ..errors import InvalidParameter, YearNotFound

_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_WORDS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)

# A unit of length behind a number, which is then the side of a cell.
_LENGTH = r"(?![-_. ](?:km|m|deg(?:rees?)?|arc-?(?:min|sec)\w*)(?![a-z]))"

# In this order at each place:
# - two dates of one year (20010101_20011231, 2001-01_2001-12), whose month counts if it is one;
# - year and day of the year, as MODIS (A2001001, doy2001001; with a time of day too: A2001001.2015.061,
#   doy2001001201500) and MODIStsp (2001_001, but not 2001_250m) write it;
# - day (20010131);
# - month before the year (T_01_2001, T_1_2001, Jan2001): neither part of a word or number (B01_2001), nor behind a day
#   (05_01_2001, which may be either), nor before another month, nor before a span of years (01_1981-2010);
# - month (200101; 2001-Jan; 2001M01; 2001_1, but neither 2001_1km nor 2001_1.5km nor 2001_05_km), year (2001).
_TOKEN = re.compile(
    rf"(?<!\d)(?P<span>{_YEAR})[-_. ]?(?P<first>{_MONTH})(?:[-_. ]?{_DAY})?(?:[-_.\s\u2013]+|[_\s]*to[_\s]*)"
    rf"(?P=span)[-_. ]?(?P<last>{_MONTH})(?:[-_. ]?{_DAY})?(?!\d)"
    rf"|(?:(?<![a-z])A|doy)(?P<modis>{_YEAR})(?P<modisday>[0-3]\d\d)(?:\d{{6}}|\.[0-2]\d[0-5][05](?=\.))?(?!\d)"
    rf"|(?<!\d)(?P<tsp>{_YEAR})_(?P<tspday>[0-3]\d\d)(?![\da-z]|\.\d)"
    rf"|(?<!\d)(?P<day>{_YEAR})(?P<daymonth>{_MONTH}){_DAY}(?!\d)"
    rf"|(?<![a-z\d])(?<!\d[-_.])(?P<before>{_MONTH}(?=[-_.])|[1-9](?=_))[-_.](?P<behind>{_YEAR})(?!\d)"
    rf"(?![-_. ]?{_MONTH}(?!\d))(?![-\u2013]{_YEAR}(?!\d))"
    rf"|(?<![a-z])(?P<word>{_WORD})[-_. ]?(?P<wordyear>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?P<year>{_YEAR})(?:[-_. \u5e74](?P<month>{_MONTH}){_LENGTH}|m?(?P<close>{_MONTH})"
    rf"|[-_. ]?(?P<name>{_WORD})|[-_.\u5e74](?P<digit>[1-9])(?![a-z]|\.\d){_LENGTH})?(?!\d)",
    re.IGNORECASE,
)
# What ends a range is looked at, not taken: in product_2020_2001-2010 it begins another one.
_RANGE = re.compile(rf"(?<!\d)({_YEAR})(?=[\s_]*(?:[-_.\u2013]|to)[\s_]*({_YEAR})(?!\d))")
_MONTH_RANGE = re.compile(
    rf"(?<!\d)({_YEAR})[-_.]?({_MONTH})(?=[\s_]*(?:[-_\u2013]|to)[\s_]*({_YEAR})[-_.]?({_MONTH})(?!\d))"
)

# What a keyboard or a word processor makes of a comma, a semicolon or a hyphen.
COMMAS = "[,;\uff0c\uff1b\u3001\\s]+"
HYPHENS = "\\s*[-\u2013\u2014]\\s*"


def stamps(text: str) -> list:
    """Every year in a name, in order, as ``(year, month or None)``."""
    found = []
    for match in _TOKEN.finditer(text or ""):
        part = match.groupdict()
        year = next(filter(None, (part[name] for name in _YEARS)))
        month = part["first"] if part["first"] == part["last"] else None
        month = month or part["daymonth"] or part["before"] or part["month"] or part["close"] or part["digit"]
        month = month or _month_of_day(year, part["modisday"] or part["tspday"])
        month = month or _month_of_word(part["word"] or part["name"])
        found.append((int(year), int(month) if month else None))
    return found


#: The groups of `_TOKEN` that hold a year.
_YEARS = ("span", "modis", "tsp", "day", "behind", "wordyear", "year")


def _month_of_day(year: str, day: str | None) -> int | None:
    """The month of a day of the year; None where there is none."""
    if not day or not 1 <= int(day) <= 366:
        return None
    date = np.datetime64(f"{year}-01-01") + np.timedelta64(int(day) - 1, "D")
    return int(date.astype("datetime64[M]").astype(int) % 12 + 1) if str(date).startswith(year) else None


def _month_of_word(word: str | None) -> int | None:
    return _WORDS.index(word[:3].lower()) + 1 if word else None


def without_times(text: str) -> str:
    """A name without its years and months; of "npp_2001_01km" the 01 stays, which is no month."""

    def rest(match) -> str:
        unit = (match["month"] or match["close"]) and text[match.end():match.end() + 1].isalpha()
        return " " + ((match["month"] or match["close"]) if unit else "")

    return _TOKEN.sub(rest, text)


def stamps_that_differ(names: list) -> list:
    """For each name its one stamp: where names hold several years, the one that differs between the names.

    Parameters
    ----------
    names : list of str

    Returns
    -------
    list of ``(year, month or None)``, or None where a name has no stamp or several that could be meant
    """
    found = [stamps(name) for name in names]
    counts = {len(each) for each in found if each}
    if len(counts) == 1:
        places = [place for place in range(counts.pop()) if len({each[place] for each in found if each}) > 1]
        if len(places) == 1:
            return [each[places[0]] if each else None for each in found]
    elif counts:
        common = set.intersection(*(set(each) for each in found))
        found = [each if len(each) == 1 else [stamp for stamp in each if stamp not in common] for each in found]
    return [_only(each) for each in found]


def _only(found: list) -> tuple | None:
    """The one time that some stamps say: a year and a month of this year are one."""
    with_month = {year for year, month in found if month}
    different = {stamp for stamp in found if stamp[1] or stamp[0] not in with_month}
    return different.pop() if len(different) == 1 else None


def range_in(text: str, length: int):
    """The years of a range in a name ("NPP_2001-2020") if it has ``length`` years, else None."""
    for match in _RANGE.finditer(text or ""):
        first, last = int(match[1]), int(match[2])
        if last - first + 1 == length:
            return list(range(first, last + 1))
    return None


def months_in(text: str, length: int):
    """The (year, month) of a range of months in a name ("tas_198201-198412") if it has ``length``, else None."""
    for match in _MONTH_RANGE.finditer(text or ""):
        first, last = (12 * int(match[part]) + int(match[part + 1]) - 1 for part in (1, 3))
        if last - first + 1 == length:
            return [(month // 12, month % 12 + 1) for month in range(first, last + 1)]
    return None


def month_in(text: str, place: int):
    """The month that the number at a place in a name says, counted from the end, or a name of a month; else None."""
    word = re.search(rf"(?<![a-z]){_WORD}", text, re.IGNORECASE)
    numbers = re.findall(r"(?<!\d)(?:0?[1-9]|1[0-2])(?!\d)", text)
    if word and not place:
        return _month_of_word(word[0])
    return int(numbers[-place]) if 0 < place <= len(numbers) else None


def parse_years(text: str, key: str = "YEARS") -> list:
    """Years as a user writes them in the parameter ``key``: "2001-2020", "2001,2003,2005", or a mixture.

    Raises
    ------
    YearNotFound
        If a part is neither a year nor a range.
    """
    years: list = []
    for item in re.split(COMMAS, re.sub(HYPHENS, "-", text).strip(" ,;")):
        match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", item)
        if not match:
            raise YearNotFound(f"⟨{key}⟩ holds '{item}': write years as 2001-2020 or 2001,2003,2005.")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise YearNotFound(f"⟨{key}⟩ holds '{item}', which runs backwards: write the first year first.")
        years.extend(range(first, last + 1))
    return years


_NO_STAGE = "⟨{}⟩ holds '{}': write stages as 2001-2005,2006-2010."
_SHORT_STAGE = "⟨{}⟩ holds '{}': a stage ends at least one year after it begins."
_STAGES_OVERLAP = "⟨{}⟩ holds the stages {} and {}, which overlap: begin each stage after the end of the one before."
_NOT_IN_SERIES = "⟨{}⟩ holds the stage {}, but the series has no {}. Begin and end stages in its years: {}."


def parse_stages(text: str, years=None, key: str = "STAGES", may_meet: bool = False) -> list:
    """Stages as a user writes them in the parameter ``key``: "2001-2005,2006-2010".

    Parameters
    ----------
    text : str
    years : sequence of int, optional
        Those of the series, where they are known: each stage must begin and end in one of them.
    key : str
    may_meet : bool
        Whether a stage may begin in the year in which the one before ends.

    Returns
    -------
    list of (first, last)
        In the order of time; empty for an empty text.

    Raises
    ------
    InvalidParameter
        If a part is no range of years or runs backwards, stages overlap, or the series lacks a year.
    """
    stages = []
    for item in filter(None, re.split(COMMAS, re.sub(HYPHENS, "-", text.strip()))):
        match = re.fullmatch(r"(\d{4})-(\d{4})", item)
        if not match:
            raise InvalidParameter(_NO_STAGE.format(key, item))
        first, last = int(match[1]), int(match[2])
        if last <= first:
            raise InvalidParameter(_SHORT_STAGE.format(key, item))
        stages.append((first, last))
    stages.sort()
    for (first, last), (begin, end) in zip(stages, stages[1:]):
        if begin < last or (begin == last and not may_meet):
            raise InvalidParameter(_STAGES_OVERLAP.format(key, f"{first}-{last}", f"{begin}-{end}"))
    for stage in stages if years is not None else ():
        for year in stage:
            if year not in years:
                known = ", ".join(map(str, years))
                raise InvalidParameter(_NOT_IN_SERIES.format(key, "{}-{}".format(*stage), year, known))
    return stages


def thirds(years) -> list:
    """Three stages of as many years each, as nearly as the number of years allows: ``(first, last)`` of each.

    ``years`` ascend. Each stage has two years or more, so that fewer than six years make fewer stages.
    """
    years, count = list(years), min(3, len(years) // 2)
    cuts = [len(years) * part // count for part in range(count + 1)] if count else []
    return [(years[first], years[after - 1]) for first, after in zip(cuts, cuts[1:])]


def nearest(years: list, date: int, window: int) -> tuple:
    """So many of the years as ``window`` says that lie nearest to a date, of two that are as near the earlier one."""
    return tuple(sorted(sorted(years, key=lambda year: (abs(year - date), year))[:window]))
