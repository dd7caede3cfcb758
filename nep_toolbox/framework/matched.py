"""Several series of a run, restricted to the years that all of them have."""

from __future__ import annotations

from ..core.correlation.coefficients import common_years
from .texts import tr


def matched(run, series: dict) -> list:
    """The series restricted to their common years; the log names those that are left out.

    Parameters
    ----------
    run : Run
    series : dict of str to Series
        By what the log calls each, such as "⟨INPUT⟩ 'npp'"; the first is that on whose grid all others must lie.

    Raises
    ------
    GridMismatch
        If one lies elsewhere.
    YearNotFound
        If no year is common to all.
    """
    first, *others = series.values()
    for each in others:
        first.grid.require_same(each.grid, first.name, each.name)
    years, left_out = common_years({name: each.years for name, each in series.items()})
    for name, spare in left_out.items():
        run.log.warn(
            tr("Left out of {}, as another series lacks these years: {}").format(name, ", ".join(map(str, spare)))
        )
    return [each.of_years(years) for each in series.values()]
