"""The kernels of hot spots beside esda on the same raster, in one process.

    python benchmarks/hotspots_kernel.py [side]

Needs esda and libpysal. Ours begins with the raster and ends with the statistic and p of every cell. esda takes
weights, which libpysal makes of the raster; the time of both, with p of the normal distribution, is one column, and
esda alone another. Its usual p, by 999 permutations of each cell, is a third.
"""

from __future__ import annotations

import sys
import warnings
from functools import partial
from statistics import median

import numpy as np

from clock import rounds, seconds
from nep_toolbox.core.hotspots.blocks import hotspot_block
from nep_toolbox.core.hotspots.local import Method
from nep_toolbox.core.hotspots.whole import LevelSums, MoranSums, Whole, level_block, moran_block
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.zonal.reduction import Total
from sections import Section, show, spread

SIDE = 1000
#: Of the raster that esda is given, and of the one whose cells it permutes.
OTHERS, PERMUTED = 150, 60


def whole(around: Surrounded) -> Whole:
    """What the kernels need to know of a raster, global Moran's I with it."""

    def gathered(block: dict, empty):
        total = Total(partial(empty, 1))
        total.add(block["sums"], last=True)
        return total.sums

    level = gathered(level_block(around), LevelSums.empty)
    count, mean = int(level.count[0, 0]), float(level.total[0, 0] / level.count[0, 0])
    block = moran_block(around, means=(mean,))
    sums = gathered(block, MoranSums.empty)
    return Whole(count, mean, *(float(part[0, 0]) for part in sums), *block["weights"][0].tolist())


def ours(values: np.ndarray, method: Method) -> tuple:
    """Z and p of every cell, and global Moran's I."""
    around = Surrounded(values[np.newaxis], slice(None), slice(None))
    known = whole(around)
    found = hotspot_block(around, np.ones((len(values), 1)), wholes=(known,), method=method)
    return found["z"][0], found["p_value"][0], known.moran()


def weights(side: int, method: Method):
    """Those of esda: the shares of the up to 8 neighbours for Moran; for Gi* it makes them binary itself."""
    from libpysal.weights import lat2W

    found = lat2W(side, side, rook=False)
    if method == Method.MORAN:
        found.transform = "r"
    return found


def by_esda(values: np.ndarray, given, method: Method, permutations: int = 0):
    """Global Moran's I and the local statistic."""
    import esda

    if method == Method.MORAN:
        return esda.Moran(values.ravel(), given, permutations=0), esda.Moran_Local(
            values.ravel(), given, permutations=permutations, n_jobs=1)
    return None, esda.G_Local(values.ravel(), given, transform="B", star=True, permutations=permutations, n_jobs=1)


def row(method: Method, side: int) -> tuple:
    """One row of the table."""
    random = np.random.default_rng(1)
    # above 0: esda divides Gi* by the sum of the values, and turns its sign where that is negative
    values, some, few = (random.normal(10.0, 1.0, (each, each)) for each in (side, OTHERS, PERMUTED))
    given, of_few = weights(OTHERS, method), weights(PERMUTED, method)
    made, (moran, local) = ours(some, method), by_esda(some, given, method)
    if method == Method.MORAN:
        difference = max(abs(made[2].i / moran.I - 1), abs(made[2].z / moran.z_rand - 1))
    else:
        difference = np.abs(made[0].ravel() / local.Zs - 1).max()
    mine, all_of_it, alone, permuted = rounds(
        lambda: seconds(lambda: ours(values, method)) / values.size,
        lambda: seconds(lambda: by_esda(some, weights(OTHERS, method), method)) / some.size,
        lambda: seconds(lambda: by_esda(some, given, method)) / some.size,
        lambda: seconds(lambda: by_esda(few, of_few, method, 999)) / few.size,
    )
    return ("local Moran, global Moran" if method == Method.MORAN else "Gi*, 3 x 3", f"{median(mine) * 1e9:.0f}",
            *(spread([other / one for other, one in zip(side_, mine)], 0) for side_ in (all_of_it, alone, permuted)),
            f"{difference:.0e}")


def sections(side: int = SIDE) -> list:
    """The table of this benchmark."""
    warnings.simplefilter("ignore")  # esda's on islands and on numba, which it does not need
    return [Section(
        "Hot spot kernels", f"One thread, processor time, numpy {np.__version__}. Ours is from the raster to Z, p and "
        "class of every cell, global Moran's I with it. esda works on weights, which libpysal makes of the raster. The "
        "difference is relative, of the Z of all cells of Gi*, and of global Moran's I and its z.",
        ("statistic", "ours, ns a cell", "libpysal and esda / ours", "esda alone / ours",
         "esda with 999 permutations / ours", "largest difference"),
        [row(method, side) for method in Method],
    )]


if __name__ == "__main__":
    show(sections(int(sys.argv[1]) if len(sys.argv) > 1 else SIDE))
