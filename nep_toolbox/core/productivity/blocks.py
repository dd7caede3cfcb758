"""Respiration and NEP of a block of a raster, with what the check of the units needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..checkpoint import checkpoint
from .models import PUBLISHED, RespirationModel
from .respiration import Forcing, nep, respiration_series
from .soil_respiration import heterotrophic, soil_respiration

#: Codes of `source_sink` and what they mean.
SOURCE_SINK = {1: "Carbon sink", 0: "Neutral", -1: "Carbon source"}
SOURCE_SINK_NODATA = -32768

#: Values of a year's steps that are worked on together: few enough for the cache of a processor core.
PART = 2**18


def respiration_block(
    temperature, precipitation=None, r10=None, *, years: Sequence[int], forcing: Forcing,
    model: RespirationModel = PUBLISHED,
) -> dict:
    """Respiration of a block of a raster, and what the checks of units and sizes need.

    Parameters
    ----------
    temperature, precipitation, years, forcing, model
        As `respiration_series`.
    r10 : array (1, ...), optional
        Respiration at 10 degC, as of `soil_respiration`.

    Returns
    -------
    dict
        ``respiration`` (years, ...); ``temperature``, ``precipitation`` (unless it is None) and ``respired``: arrays
        (steps, 2) of the sum and the number of the valid values of each step, the last of respiration. With a model of
        soil respiration also ``soil``, the same of it; ``above_soil``, in how many pixels and years respiration is
        more than that; and with precipitation ``pei``, the same of respiration by the model of Pei as published.
    """
    respired = np.empty((len(years),) + temperature.shape[1:])
    sums: dict = {}
    for warmth, rain, warm, out in _parts(len(years), temperature, precipitation, r10, respired):
        found = _respiration(warmth, rain, warm, years, forcing, model)
        out[...] = found["respired"]
        _add_sizes(sums, found, ~np.isnan(out))
        _add_climate(sums, warmth, rain)
    return {"respiration": respired, **sums}


def productivity_block(
    npp, temperature, precipitation=None, r10=None, *, years: Sequence[int], forcing: Forcing,
    model: RespirationModel = PUBLISHED,
) -> dict:
    """NEP of a block of a raster.

    Parameters
    ----------
    npp : array (years, ...)
        Net primary productivity (gC m-2 yr-1).
    temperature, precipitation, r10, years, forcing, model
        As `respiration_block`.

    Returns
    -------
    dict
        As `respiration_block`, of what is told of respiration only where there is NEP; ``nep`` (years, ...) and
        ``mean`` (...) over the valid years of each pixel; ``npp`` and ``fixed``, arrays (steps, 2) as above of NPP, and
        of NPP where there is NEP; ``above_npp``, in how many pixels and years respiration is more than NPP; ``pixels``:
        an array of how many have NPP, and how many of these lack the climate in a year that has NPP; with ``r10`` also
        ``without_r10``, how many have NPP and no respiration at 10 degC, of which none lacks the climate as well; and
        ``source_sink``, the `source_sink` of the mean.
    """
    shape = npp.shape[1:]
    block = {"respiration": np.empty(npp.shape), "nep": np.empty(npp.shape), "mean": np.empty(shape)}
    sums: dict = {}
    pieces = _parts(
        len(years), npp, temperature, precipitation, r10, block["respiration"], block["nep"], block["mean"]
    )
    for fixed, warmth, rain, warm, respired, net, mean in pieces:
        found = _respiration(warmth, rain, warm, years, forcing, model)
        respired[...] = found["respired"]
        net[...] = nep(fixed, respired)
        valid = ~np.isnan(net)
        with np.errstate(invalid="ignore"):
            mean[...] = _or_zero(net, valid).sum(axis=0) / valid.sum(axis=0, dtype=np.int32)
            above = np.count_nonzero(net < 0.0)
        present = np.isfinite(fixed)
        lacking = present & np.isnan(respired)
        if warm is not None:
            known = np.isfinite(warm[0]) & (warm[0] >= 0.0)
            lacking &= known
            _add(sums, without_r10=np.count_nonzero(present.any(axis=0) & ~known))
        _add_climate(sums, warmth, rain)
        _add_sizes(sums, {**found, "fixed": fixed}, valid)
        _add(
            sums, npp=sums_of_steps(fixed), above_npp=above,
            pixels=np.array([np.count_nonzero(each.any(axis=0)) for each in (present, lacking)]),
        )
    return {**block, **sums, "source_sink": source_sink(block["mean"])}


def _respiration(warmth, rain, r10, years, forcing: Forcing, model: RespirationModel) -> dict:
    """Respiration of a part of the cells, what it is a part of, and what the model of Pei would give."""
    if not model.of_soil:
        return {"respired": respiration_series(warmth, rain, years, forcing, model)}
    soil = soil_respiration(warmth, rain, years, model, None if r10 is None else r10[0])
    found = {"respired": heterotrophic(soil, model.share), "soil": soil}
    return found if rain is None else {**found, "pei": respiration_series(warmth, rain, years, Forcing.MONTHLY)}


def _add_sizes(sums: dict, found: dict, valid) -> None:
    """Add up what was found where it is valid."""
    numbers = [np.count_nonzero(step) for step in valid]
    _add(sums, **{
        name: np.column_stack((_or_zero(values, valid).sum(axis=1, dtype=np.float64), numbers))
        for name, values in found.items()
    })
    if "soil" in found:
        with np.errstate(invalid="ignore"):
            _add(sums, above_soil=np.count_nonzero((found["respired"] > found["soil"]) & valid))


def _add_climate(sums: dict, warmth, rain) -> None:
    _add(sums, temperature=sums_of_steps(warmth), **({} if rain is None else {"precipitation": sums_of_steps(rain)}))


def _parts(years: int, *arrays) -> Iterator[list]:
    """The same cells of arrays (steps, ...) or (...), a part of the cells at a time, as views (steps, n) or (n); None
    stays None."""
    shape = arrays[0].shape[1:]
    cells = int(np.prod(shape))
    flat = [None if each is None else each.reshape(-1 if each.shape == shape else (len(each), cells))
            for each in arrays]
    count = max(1, cells * years // PART)  # of equal size: numpy adds up the months of a single cell in another order
    for number in range(count):
        checkpoint()
        part = slice(number * cells // count, (number + 1) * cells // count)
        yield [None if each is None else each[..., part] for each in flat]


def _add(sums: dict, **parts) -> None:
    for name, part in parts.items():
        sums[name] = sums.get(name, 0) + part


def source_sink(mean) -> np.ndarray:
    """Whether pixels take up carbon or give it off.

    Parameters
    ----------
    mean : float array
        Mean net ecosystem productivity; NaN is missing.

    Returns
    -------
    int16 array
        A code of `SOURCE_SINK`: 1 sink (above 0), -1 source (below), 0 exactly neutral; `SOURCE_SINK_NODATA` where it
        is missing.
    """
    return np.where(np.isnan(mean), SOURCE_SINK_NODATA, np.sign(mean)).astype(np.int16)


def sums_of_steps(stack) -> np.ndarray:
    """Sum and number of the valid values of each step of a stack (steps, ...): an array (steps, 2)."""
    checkpoint()
    flat = stack.reshape(len(stack), -1)
    valid = np.isfinite(flat)
    sums = _or_zero(flat, valid).sum(axis=1, dtype=np.float64)
    return np.column_stack((sums, [np.count_nonzero(step) for step in valid]))


def _or_zero(values, valid) -> np.ndarray:
    return values if valid.all() else np.where(valid, values, 0.0)
