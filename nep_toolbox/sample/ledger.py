"""The sources and sinks of the synthetic sample province, by formulas written out here."""

from __future__ import annotations

import numpy as np

from .attribution import two_sided_p
from .province import Province

LEAST_YEARS = 8
"""Years with NEP below which a pixel has no class."""

ALPHA = 0.05
"""Level at which a sink or source is significant."""


class Ledger:
    """NEP as it is gathered year by year.

    Attributes
    ----------
    budget : list of dict
        A row for each region, the whole province first as ``all``, and year: pixels, areas in km2, Tg C.
    """

    def __init__(self, province: Province, years_with_nep: np.ndarray) -> None:
        """``years_with_nep``: array (rows, cols), the number of years in which a pixel will have NEP."""
        self._province, self._count = province, years_with_nep
        self.budget: list = []
        shape = (province.rows, province.cols)
        self._seen = np.zeros(shape, dtype=int)
        self._level, self._sum, self._squares, self._first, self._last = np.zeros((5, *shape))
        self._sink_years = np.zeros(shape, dtype=int)

    def add(self, year: int, nep: np.ndarray, found: np.ndarray, pixel_km2: float) -> None:
        """Take the NEP of a year and the pixels that have it, (rows, cols)."""
        province = self._province
        for position, name in enumerate(["all", *(name for name, _ in province.regions())], start=-1):
            inside = found if position < 0 else found & (province.region_index == position)
            self.budget.append({"region": name, "year": year, **_budget_row(nep[inside], pixel_km2)})
        value = np.where(found, nep, 0.0)
        self._level = np.where(found & (self._seen == 0), value, self._level)
        half = self._count // 2
        self._first += np.where(self._seen < half, value, 0.0)
        self._last += np.where(self._seen >= self._count - half, value, 0.0)
        self._seen += found
        self._sink_years += value > 0
        value = np.where(found, nep - self._level, 0.0)
        self._sum += value
        self._squares += value**2

    def sources_and_sinks(self) -> dict:
        """Pixels by class, by switch, and their years as a sink."""
        used = self._count >= LEAST_YEARS
        rule = (
            f"t test of the mean of at least {LEAST_YEARS} years against 0, {ALPHA}; switch by the means of the first "
            "and the last half of the years of a pixel, without the one in the middle"
        )
        if not used.any():
            return {"rule": rule, "pixels": 0}
        count = self._count[used]
        difference = self._sum[used] / count
        spread = np.sqrt((self._squares[used] - self._sum[used] * difference) / (count - 1))
        mean = self._level[used] + difference
        with np.errstate(divide="ignore"):
            t = mean * np.sqrt(count) / spread
        significant = two_sided_p(t, count - 1) < ALPHA
        codes = (np.sign(mean) * (1 + significant)).astype(int)
        early, late = self._first[used] > 0, self._last[used] > 0
        switch = np.where(early, np.where(late, 1, 3), np.where(late, 2, 4))
        return {
            "rule": rule, "pixels": int(used.sum()),
            "class_pixels": {str(code): int((codes == code).sum()) for code in (2, 1, 0, -1, -2)},
            "switch_pixels": {str(code): int((switch == code).sum()) for code in (1, 2, 3, 4)},
            "mean_sink_years": float(self._sink_years[used].mean()),
        }


def _budget_row(values: np.ndarray, pixel_km2: float) -> dict:
    sink, source = values > 0, values < 0
    tg = pixel_km2 * 1e6 / 1e12
    return {
        "pixels": int(values.size), "sink_area_km2": float(sink.sum() * pixel_km2),
        "source_area_km2": float(source.sum() * pixel_km2), "sink_tg": float(values[sink].sum() * tg),
        "source_tg": float(values[source].sum() * tg), "net_tg": float(values.sum() * tg),
    }
