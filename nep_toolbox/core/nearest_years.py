"""The years of a series that stand for a date."""

from __future__ import annotations

from collections.abc import Sequence


def nearest_years(years: Sequence[int], date: int, window: int) -> tuple:
    """The years nearest to a date.

    Parameters
    ----------
    years : sequence of int
    date : int
        Need not be one of them.
    window : int
        How many; all where there are no more.

    Returns
    -------
    tuple of int
        Ascending; of two that are as near the earlier one is taken first.
    """
    return tuple(sorted(sorted(years, key=lambda year: (abs(year - date), year))[:window]))
