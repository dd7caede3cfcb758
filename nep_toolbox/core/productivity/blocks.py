"""Respiration and NEP of a block of a raster, with what the check of the units needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..checkpoint import checkpoint
from .respiration import PUBLISHED, Coefficients, Forcing, nep, respiration_series

#: Codes of `source_sink` and what they mean.
SOURCE_SINK = {1: "Carbon sink", 0: "Neutral", -1: "Carbon source"}
SOURCE_SINK_NODATA = -32768

#: Values of a year's steps that are worked on together: few enough for the cache of a processor core.
PART = 2**18


def respiration_block(
    temperature, precipitation, years: int, forcing: Forcing, coefficients: Coefficients = PUBLISHED
) -> dict:
    """Respiration of a block of a raster, and what the check of the units needs.

    Parameters
    ----------
    temperature, precipitation, years, forcing, coefficients
        As `respiration_series`.

    Returns
    -------
    dict
        ``respiration`` (years, ...), and ``temperature`` and ``precipitation``: arrays (steps, 2) of the sum and the
        number of the valid values of each step.
    """
    respired = np.empty((years,) + temperature.shape[1:])
    sums: dict = {}
    for warmth, rain, out in _parts(years, temperature, precipitation, respired):
        out[...] = respiration_series(warmth, rain, years, forcing, coefficients)
        _add(sums, temperature=sums_of_steps(warmth), precipitation=sums_of_steps(rain))
    return {"respiration": respired, **sums}


def productivity_block(
    npp, temperature, precipitation, forcing: Forcing, coefficients: Coefficients = PUBLISHED
) -> dict:
    """NEP of a block of a raster.

    Parameters
    ----------
    npp : array (years, ...)
        Net primary productivity (gC m-2 yr-1).
    temperature, precipitation, forcing, coefficients
        As `respiration_series`.

    Returns
    -------
    dict
        As `respiration_block`, ``nep`` (years, ...) and ``mean`` (...) over the valid years of each pixel; ``npp``, the
        `sums_of_steps`; ``pixels``: an array of how many have NPP, and how many of these lack the climate in a year
        that has NPP; and ``source_sink``, the `source_sink` of the mean.
    """
    years, shape = len(npp), npp.shape[1:]
    block = {"respiration": np.empty(npp.shape), "nep": np.empty(npp.shape), "mean": np.empty(shape)}
    sums: dict = {}
    pieces = _parts(years, npp, temperature, precipitation, block["respiration"], block["nep"], block["mean"])
    for fixed, warmth, rain, respired, net, mean in pieces:
        respired[...] = respiration_series(warmth, rain, years, forcing, coefficients)
        net[...] = nep(fixed, respired)
        valid = ~np.isnan(net)
        with np.errstate(invalid="ignore"):
            mean[...] = _or_zero(net, valid).sum(axis=0) / valid.sum(axis=0, dtype=np.int32)
        present = np.isfinite(fixed)
        lacking = present & np.isnan(respired)
        _add(
            sums, temperature=sums_of_steps(warmth), precipitation=sums_of_steps(rain), npp=sums_of_steps(fixed),
            pixels=np.array([np.count_nonzero(each.any(axis=0)) for each in (present, lacking)]),
        )
    return {**block, **sums, "source_sink": source_sink(block["mean"])}


def _parts(years: int, *arrays) -> Iterator[list]:
    """The same cells of arrays (steps, ...) or (...), a part of the cells at a time, as views (steps, n) or (n)."""
    shape = arrays[0].shape[1:]
    flat = [each.reshape(-1) if each.shape == shape else each.reshape(len(each), -1) for each in arrays]
    cells = flat[0].shape[1]
    count = max(1, cells * years // PART)  # of equal size: numpy adds up the months of a single cell in another order
    for number in range(count):
        checkpoint()
        part = slice(number * cells // count, (number + 1) * cells // count)
        yield [each[..., part] for each in flat]


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
