"""The months of a season as a user writes them."""

from __future__ import annotations

import re

from ..core.productivity.annual_climate import MONTHS, WHOLE_YEAR, Season
from ..errors import InvalidParameter
from .years import HYPHENS

_NO_SEASON = (
    "⟨SEASON⟩ holds '{}': write its first and last month as numbers, such as 4-10 for April to October, or 12-2 for "
    "December of the year before to February."
)


def parse_season(text: str) -> Season:
    """A season as a user writes it: "4-10", "12-2" across the end of the year, "7" for July alone.

    Returns
    -------
    Season
        The whole year for an empty text.

    Raises
    ------
    InvalidParameter
        If it is none.
    """
    text = text.strip()
    if not text:
        return WHOLE_YEAR
    match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", re.sub(HYPHENS, "-", text))
    months = [int(number) for number in match.groups() if number] if match else []
    if not months or not all(1 <= month <= MONTHS for month in months):
        raise InvalidParameter(_NO_SEASON.format(text))
    return Season(months[0], months[-1])
