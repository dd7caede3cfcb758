"""What the log tells of the test of the whole search."""

from __future__ import annotations

import numpy as np

from ...core.geodetector.settings import Settings
from ...core.geodetector.tables import Factors
from ...framework.texts import tr
from ...raster.wording import listed
from ...report.theme import exact_p_text


def tell_search(log, table: Factors, settings: Settings) -> None:
    """Tell p_search of each factor, and warn of factors that are significant by p_f alone.

    Says nothing where the search was not tested.
    """
    permutations, alpha = settings.permutations, settings.alpha
    if not permutations:
        return
    log.info(tr("The largest q of each search against those of {} permutations:").format(permutations))
    for name, p in zip(table.factor, table.p_search):
        log.info(tr("  {}: {}").format(name, exact_p_text(p, "p_search")))
    if 1.0 / (permutations + 1) >= alpha:
        log.warn(tr("{} permutations give no p_search below {:g}, so that no factor can be significant at {:g}. Ask "
                    "for more ⟨PERMUTATIONS⟩.").format(permutations, 1.0 / (permutations + 1), alpha))
        return
    by_chance = np.flatnonzero((table.p_f < alpha) & (table.p_search >= alpha)).tolist()
    if by_chance:
        log.warn(tr("Not significant once the search is taken into account, though p_f is below {:g}: {}.").format(
            alpha, listed([table.factor[place] for place in by_chance])))
