"""How many pixels of a block a fit refuses, and why."""

from __future__ import annotations

import numpy as np

from .regression import COLLINEAR, FINE, TOO_FEW, Fit


def fit_counts(found: Fit) -> dict:
    """What a log tells of the pixels of a block.

    Parameters
    ----------
    found : Fit

    Returns
    -------
    dict
        ``fitted``, pixels with a fit, collinear ones too; ``few``, pixels with values, but in too few years;
        ``refused``, pixels by (status, blame) of the fit where it is neither; ``along``, pixels by driver whose
        `Fit.along` is one; ``largest_vif`` of any pixel that is not dependent, 0 without one. Counts of blocks add up,
        and the largest is that of all.
    """
    refused = (found.status != FINE) & (found.status != TOO_FEW)
    pairs, counts = np.unique(
        np.stack([found.status[refused], found.blame[refused]]), axis=1, return_counts=True
    )
    lines, pixels = np.unique(found.along[found.along > 0], return_counts=True)
    return {
        "fitted": int(np.count_nonzero((found.status == FINE) | (found.status == COLLINEAR))),
        "few": int(np.count_nonzero((found.status == TOO_FEW) & (found.count > 0))),
        "refused": dict(zip(map(tuple, pairs.T.tolist()), counts.tolist())),
        "along": dict(zip(lines.tolist(), pixels.tolist())),
        "largest_vif": float(found.vif[np.isfinite(found.vif)].max(initial=0.0)),
    }
