"""What tools say of the totals of a series over an area."""

from __future__ import annotations

import math

from ..core.carbon import per_teragram
from ..raster.series import Series


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
