"""What the log tells of cuts that were chosen by cross-validation."""

from __future__ import annotations

import numpy as np

from ...core.geodetector.detect import GeodetectorResult
from ...core.geodetector.detectors import SAME
from ...core.geodetector.honest_choice import FOLDS
from ...framework.texts import tr
from ...raster.wording import listed


def tell_choice(log, result: GeodetectorResult, methods: dict) -> None:
    """Tell q_cv of each factor, and the cut that the largest q would have taken; ``methods`` has names of methods.

    Warns of factors that predict no more than the mean does. Says nothing where nothing was cross-validated.
    """
    table = result.factors
    judged = np.flatnonzero(~np.isnan(table.q_cv)).tolist()
    if not judged:
        return
    log.info(tr("Cross-validation in {} parts:").format(FOLDS))
    for place in judged:
        log.info(_line(result, place, methods))
    useless = [table.factor[place] for place in judged if table.q_cv[place] <= 0]
    if useless:
        log.warn(tr("q_cv is not above 0 for {}: the means of their strata predict rows that they were not made from "
                    "no better than the mean of all rows does.").format(listed(useless)))


def _line(result: GeodetectorResult, place: int, methods: dict) -> str:
    """q_cv of a factor, and its cut of the largest q where another one was taken."""
    table, cuts = result.factors, result.discretization
    name, q_cv = table.factor[place], f"{table.q_cv[place]:.4g}"
    tried = [row for row, factor in enumerate(cuts.factor) if factor == name and cuts.candidate[row]]
    if not tried:
        return tr("  {}: q_cv = {}").format(name, q_cv)
    most = max(cuts.q[tried])
    largest = next(row for row in tried if cuts.q[row] >= most - SAME)
    if (table.method[place], table.classes[place]) == (cuts.method[largest], cuts.classes[largest]):
        return tr("  {}: q_cv = {}, of the cut with the largest q").format(name, q_cv)
    return tr("  {}: q_cv = {}; the largest q, {}, takes {} classes ({})").format(
        name, q_cv, f"{cuts.q[largest]:.4f}", int(cuts.classes[largest]), methods[cuts.method[largest]]
    )
