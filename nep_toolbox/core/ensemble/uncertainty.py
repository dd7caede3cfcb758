"""NEP under draws of what is uncertain, for a block of a raster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..labels import Labels
from ..productivity.blocks import productivity_block
from ..productivity.models import PUBLISHED, RespirationModel
from ..productivity.respiration import Forcing
from ..sums import sum_over_time
from ..trend.theil_sen import theil_sen_slope
from ..zonal.grouped import beside, starts_of
from ..zonal.reduction import PATCH, PatchSums, Runs, patch_sums
from .drawn import Pixels
from .draws import Draws
from .over_draws import over_draws
from .regional import DrawnSums

#: Values of NEP that are worked on together: the draws of a patch that make up so many.
_VALUES = 2**19

#: What is told of the multi-year mean and of the slope of a pixel, by the names of `over_draws`.
TOLD = {
    "mean": {"mean": "mean", "sd": "sd", "lower": "lower", "upper": "upper", "sink_probability": "positive"},
    "slope": {"slope_sd": "sd", "trend_probability": "positive"},
}

#: What a run without errors gives of each pixel.
_MAPS = {"respiration", "nep", "mean", "source_sink"}


class Method(NamedTuple):
    """How NEP is drawn.

    Attributes
    ----------
    years : tuple of int
    forcing : Forcing
    draws : Draws
        The same for all pixels and years: a coefficient that is wrong is wrong everywhere.
    model : RespirationModel
    sloped : bool
        Whether slopes are wanted, which take most of the time.
    min_observations : int
        Pixels with values in fewer years have no slope.
    """

    years: Sequence[int]
    forcing: Forcing
    draws: Draws
    model: RespirationModel = PUBLISHED
    sloped: bool = True
    min_observations: int = 8


def uncertainty_block(
    npp, temperature, precipitation=None, r10=None, *, cell_area, regions: Labels | None = None, method: Method
) -> dict:
    """The NEP of a block over draws of what is uncertain.

    Parameters
    ----------
    npp, temperature, precipitation, r10
        As for `productivity_block`, (steps, rows, cols).
    cell_area : array (rows, 1) or (rows, cols), m2
    regions : Labels, optional
        As a ZoneReader reads them.
    method : Method

    Returns
    -------
    dict
        Float64 arrays (rows, cols), NaN where there is none: ``mean``, ``sd``, ``lower`` and ``upper`` of the
        multi-year mean of NEP (gC m-2 yr-1), ``sink_probability``, the share of the draws in which it is above 0, and
        where wanted ``slope_sd`` and ``trend_probability`` of the Theil-Sen slope. ``sums``: the PatchSums of
        `DrawnSums`. What checks need of the run without errors, as `productivity_block` has it.

    Notes
    -----
    A pixel's bits do not depend on its neighbours, and those of the sums not on the block: patches are worked on one
    after the other, and what belongs to one region in a patch is added up together.
    """
    shape = npp.shape[1:]
    names = [*TOLD["mean"], *(TOLD["slope"] if method.sloped else ())]
    block = {name: np.full(shape, np.nan) for name in names}
    cell_area, pieces, checks = np.broadcast_to(cell_area, shape), _Pieces(), {}
    for strip, patch, part in _patches(shape):
        inputs = [each if each is None else each[(..., *part)] for each in (npp, temperature, precipitation, r10)]
        certain = productivity_block(*inputs, years=method.years, forcing=method.forcing, model=method.model)
        for name in certain:
            if name not in _MAPS:
                checks[name] = checks.get(name, 0) + certain[name]
        pixels, index = Pixels.of(certain["nep"], *inputs, method.years, method.forcing, method.model)
        if not index.size:
            continue
        label = np.zeros(index.size, dtype=np.int64) if regions is None else regions.of_cell[part].ravel()[index]
        drawn, sums = _drawn(pixels, method, cell_area[part].ravel()[index], label)
        pieces.add(strip, patch, np.unique(label), sums)
        for quantity, values in drawn.items():
            found = over_draws(values)
            for name, what in TOLD[quantity].items():
                np.put(block[name][part], index, found[what])
    return {**checks, **block, "sums": pieces.joined(regions, method)}


def _patches(shape: tuple) -> Iterator[tuple]:
    """The patches of a block: strip, place in it, and slices of rows and columns."""
    for strip, top in enumerate(range(0, shape[0], PATCH[0])):
        for patch, left in enumerate(range(0, shape[1], PATCH[1])):
            yield strip, patch, (slice(top, top + PATCH[0]), slice(left, left + PATCH[1]))


def _drawn(pixels: Pixels, method: Method, area: np.ndarray, label: np.ndarray) -> tuple:
    """Means, and slopes where wanted, (draws, n) of pixels, and the sums of each label there is, ascending."""
    (steps, n), draws = pixels.npp.shape, method.draws.each()
    order = np.argsort(label, kind="stable")
    starts, weights = starts_of(label[order]), area[order]
    drawn = {name: np.full((len(draws), n), np.nan) for name in TOLD if name != "slope" or method.sloped}
    total = np.empty((len(draws), steps, starts.size))
    count, many = pixels.valid.sum(axis=0), max(1, _VALUES // pixels.npp.size)
    for first in range(0, len(draws), many):
        nep, part = pixels.nep(method.model, draws[first : first + many]), slice(first, first + many)
        drawn["mean"][part] = sum_over_time(nep.reshape(steps, -1)).reshape(-1, n) / count
        total[part] = np.add.reduceat(nep[..., order] * weights, starts, axis=-1).swapaxes(0, 1)
        if method.sloped:
            nep[~np.broadcast_to(pixels.valid[:, np.newaxis], nep.shape)] = np.nan
            slope = theil_sen_slope(nep.reshape(steps, -1), np.asarray(method.years, dtype=np.float64))
            drawn["slope"][part] = np.where(count < method.min_observations, np.nan, slope.reshape(-1, n))
    return drawn, DrawnSums(np.add.reduceat(pixels.valid[:, order] * weights, starts, axis=-1), total)


class _Pieces:
    """The sums of the labels of each patch of a block."""

    def __init__(self):
        self._places, self._labels, self._sums = [], [], []

    def add(self, strip: int, patch: int, labels: np.ndarray, sums: DrawnSums) -> None:
        """Add the labels of a patch."""
        self._places.extend([(strip, patch)] * len(labels))
        self._labels.append(labels)
        self._sums.append(sums)

    def joined(self, regions: Labels | None, method: Method) -> PatchSums:
        """The sums of the regions of each patch."""
        if not self._sums:
            none = np.empty(0, dtype=np.int64)
            return PatchSums(none, none, DrawnSums.empty(len(method.draws.values), len(method.years), 0))
        strip, patch = np.array(self._places).T
        none = np.zeros_like(strip)
        runs = Runs(none, none, none, none, strip, patch, np.concatenate(self._labels))
        return patch_sums(runs, regions, beside(self._sums))
