"""The land cover of a coast at four dates, made so that its rates of change are known: cells change class by plan."""

from __future__ import annotations

import numpy as np

FOREST, CROPLAND, BUILT, WATER = 1, 2, 3, 4
CLASSES = (FOREST, CROPLAND, BUILT, WATER)
NAMES = "1=Forest;2=Cropland;3=Built-up;4=Water"
YEARS = (1971, 1985, 1991, 2005)
SHAPE = (50, 220)
#: Cells at the first date; beside them a rim without a class.
CELLS = {FOREST: 5000, CROPLAND: 2000, BUILT: 1000, WATER: 2000}
#: Cells that change in each interval. Built-up land takes cropland above all, and forest less than its share; cropland
#: grows into forest; water is left alone. The second interval is short and fast.
FLOWS = (
    {(CROPLAND, BUILT): 84, (FOREST, BUILT): 42, (FOREST, CROPLAND): 28},
    {(CROPLAND, BUILT): 120, (FOREST, BUILT): 60, (FOREST, CROPLAND): 30, (CROPLAND, FOREST): 6},
    {(CROPLAND, BUILT): 112, (FOREST, BUILT): 56, (FOREST, CROPLAND): 28},
)


def coast() -> np.ndarray:
    """Classes (dates, rows, cols), 0 without one; the cells that change lie anywhere."""
    rng = np.random.default_rng(1971)
    cells = rng.permutation(np.repeat([*CELLS, 0], [*CELLS.values(), SHAPE[0] * SHAPE[1] - sum(CELLS.values())]))
    dates = [cells]
    for flows in FLOWS:
        now = dates[-1].copy()
        for (before, after), number in flows.items():
            of_class = np.flatnonzero((dates[-1] == before) & (now == before))
            now[rng.choice(of_class, number, replace=False)] = after
        dates.append(now)
    return np.stack(dates).reshape(-1, *SHAPE)


def counts(date: int) -> dict:
    """Cells of each class at a date by its place, by the plan."""
    found = dict(CELLS)
    for flows in FLOWS[:date]:
        for (before, after), number in flows.items():
            found[before] -= number
            found[after] += number
    return found
