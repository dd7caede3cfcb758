"""What the geographical detector finds on real rasters at several scales, and what cross-validation leaves of it.

NPP of farmland in China at 10 km, with rain, temperature, elevation and the human footprint.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from osgeo import gdal

import evidence_series
from nep_toolbox.core.geodetector.coarse_rows import coarse_rows_block
from nep_toolbox.core.geodetector.complete_rows import Factor
from nep_toolbox.core.geodetector.detect import GeodetectorResult, detect
from nep_toolbox.core.geodetector.discretize import METHODS
from nep_toolbox.core.geodetector.scales import Scale, best_of, scale_of
from nep_toolbox.core.geodetector.settings import LARGEST_Q, ONE_STANDARD_ERROR, Settings

#: Sizes of the blocks, in cells of 10 km.
BLOCKS = (1, 4, 8, 16, 32)
#: Of these the choice of classes is told.
CHOSEN_AT = (4, 16)
NAMES = {"pre": "rain", "tem": "temperature", "elev": "elevation", "hfp": "human footprint"}
ALPHA = 0.05
PERMUTATIONS, SEED = 999, 1


@cache
def rows_at(block: int) -> np.ndarray:
    """NPP and the four factors at blocks of so many cells: (5, rows)."""
    bands = gdal.Open(str(evidence_series.DATA / "china_npp_factors/npp.tif")).ReadAsArray().astype(np.float64)
    height, width = bands.shape[1:]
    numbers = np.arange(-(-height // block) * -(-width // block)).reshape(-(-height // block), -1)
    target, *factors = bands[:, np.newaxis]
    return coarse_rows_block((block, numbers), target, tuple(factors), (False,) * len(factors))[1]


@cache
def detected(block: int, choice: int = LARGEST_Q, permutations: int = 0) -> GeodetectorResult:
    """The detector with all methods and 3 to 8 classes."""
    target, *columns = rows_at(block)
    factors = [Factor(name, values) for name, values in zip(NAMES.values(), columns)]
    return detect(target, factors, Settings(METHODS, 3, 8, ALPHA, choice=choice, permutations=permutations, seed=SEED))


def _scale(block: int) -> Scale:
    found = detected(block)
    table = found.factors
    return scale_of(block, rows_at(block).shape[1], found.rows, table.factor, table.q, table.classes, table.p,
                    table.p_f, ALPHA)


def scales() -> tuple:
    """The curve of q over sizes of blocks: head and rows."""
    made = [_scale(block) for block in BLOCKS]
    best, best_adjusted = (best_of([getattr(each, name) for each in made]) for name in ("q90", "q90_adjusted"))
    head = ("block", "rows", *(f"q of {name}" for name in NAMES.values()), "q90", "q90_adjusted")
    return head, [
        (
            f"{each.block * 10} km", f"{each.rows:,}",
            *(_q(q) if p < ALPHA else f"{_q(q)} (p = {p:.2f})" for q, p in zip(each.q, each.p_f)),
            _marked(each.q90, place == best), _marked(each.q90_adjusted, place == best_adjusted),
        )
        for place, each in enumerate(made)
    ]


def choices() -> tuple:
    """Classes by the largest q and by cross-validation, with both p: head and rows."""
    head = (
        "block", "factor", "largest q: classes", "q", "p_f", "p_search", "by cross-validation: classes", "q", "q_cv",
    )
    rows = []
    for block in CHOSEN_AT:
        largest = detected(block, LARGEST_Q, PERMUTATIONS).factors
        chosen = detected(block, ONE_STANDARD_ERROR).factors
        for j, name in enumerate(largest.factor):
            at = chosen.factor.index(name)
            rows.append((
                f"{block * 10} km", name, largest.classes[j], _q(largest.q[j]), _p(largest.p_f[j]),
                _p(largest.p_search[j]), chosen.classes[at], _q(chosen.q[at]), _q(chosen.q_cv[at]),
            ))
    return head, rows


def _q(number: float) -> str:
    return f"{number:.3f}"


def _p(number: float) -> str:
    return f"{number:.3f}" if number >= 0.001 else "< 0.001"


def _marked(number: float, is_best: bool) -> str:
    return f"**{_q(number)}**" if is_best else _q(number)
