"""Respiration and NEP of a block of a raster, with what the check of the units needs."""

from __future__ import annotations

import numpy as np

from ..checkpoint import checkpoint
from .respiration import PUBLISHED, Coefficients, Forcing, nep, respiration_series

#: Codes of `source_sink` and what they mean.
SOURCE_SINK = {1: "Carbon sink", 0: "Neutral", -1: "Carbon source"}
SOURCE_SINK_NODATA = -32768


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
    return {
        "respiration": respiration_series(temperature, precipitation, years, forcing, coefficients),
        "temperature": sums_of_steps(temperature),
        "precipitation": sums_of_steps(precipitation),
    }


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
    block = respiration_block(temperature, precipitation, len(npp), forcing, coefficients)
    block["nep"] = nep(npp, block["respiration"])
    present = np.isfinite(npp)
    lacking = present & np.isnan(block["respiration"])
    block["npp"] = sums_of_steps(npp)
    block["pixels"] = np.array([np.count_nonzero(each.any(axis=0)) for each in (present, lacking)])
    valid = np.isfinite(block["nep"])
    with np.errstate(invalid="ignore"):
        block["mean"] = np.where(valid, block["nep"], 0.0).sum(axis=0) / valid.sum(axis=0)
    block["source_sink"] = source_sink(block["mean"])
    return block


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
    return np.column_stack((np.where(valid, flat, 0.0).sum(axis=1, dtype=np.float64), valid.sum(axis=1)))
