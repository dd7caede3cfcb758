"""What tools say of the totals of a series over an area."""

from __future__ import annotations

import math

from ..core.carbon import per_teragram
from ..errors import InvalidParameter
from ..raster.series import Series
from .texts import tr


def teragram_of(run, series: Series) -> float:
    """How much of a total of the series is one Tg of carbon, NaN where it is none; the log tells if it is not plain."""
    unit = series.unit.strip()
    teragram = per_teragram(unit)
    if not unit:
        run.log.info(
            "The values have no unit: total_tg takes them for gC m-2. If they are something else, only total holds, in "
            "their unit times m2."
        )
    elif math.isnan(teragram):
        run.log.info(
            f"The values are in {unit}, which is no carbon per area: total is in {unit} x m2, total_tg empty."
        )
    return teragram


def carbon_teragram(run, series: Series, otherwise: str = "") -> float:
    """How much of a total of the series is one Tg of carbon, for what has no total in another unit; the log tells where
    the unit is assumed.

    Parameters
    ----------
    run : Run
    series : Series
    otherwise : str
        What can be done but to give other values.

    Raises
    ------
    InvalidParameter
        If the values are no carbon per area.
    """
    teragram = per_teragram(series.unit)
    if math.isnan(teragram):
        raise InvalidParameter(
            tr("The values of '{}' are in {}, which is no carbon per area, so that they have no total in Tg C. Give "
               "NEP in gC m-2 yr-1, or values in another unit of carbon per area. {}")
            .format(series.name, series.unit, otherwise).rstrip()
        )
    if not series.unit.strip():
        run.log.info(
            tr("The values have no unit: they are taken for gC m-2. If they are something else, the numbers in Tg C "
               "are wrong.")
        )
    return teragram
