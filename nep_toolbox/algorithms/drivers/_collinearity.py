"""What the log of the geodetector tells of factors that say the same."""

from __future__ import annotations

import numpy as np

from ...core.geodetector.detect import GeodetectorResult
from ...framework.texts import tr

#: What is told of: a VIF above, and a correlation beyond, up to so many pairs.
LARGE_VIF, STRONG, PAIRS = 10.0, 0.9, 12


def tell_collinear(log, result: GeodetectorResult) -> None:
    """Warn of factors that follow from others, and name pairs that are strongly correlated."""
    names, vif = result.collinearity
    left_out = {name for name, _why in result.left_out}
    dependent = [name for name, value in zip(names, vif) if np.isnan(value) and name not in left_out]
    if dependent:
        log.warn(tr("Linearly dependent on other factors, so that their VIF is infinite and left empty: {}.").format(
            ", ".join(dependent)))
    large = [tr("{} (VIF {:.4g})").format(name, value) for name, value in zip(names, vif) if value > LARGE_VIF]
    if large:
        log.warn(tr("A VIF above {:g} says that the other factors say nearly the same, and q cannot tell which "
                    "counts: {}.").format(LARGE_VIF, ", ".join(large)))
    pairs = strong_pairs(result)
    if pairs:
        told = [tr("{} and {} (r = {:.4f})").format(*pair) for pair in pairs[:PAIRS]]
        more = tr(", and {} more pairs").format(len(pairs) - PAIRS) if len(pairs) > PAIRS else ""
        log.info(tr("Correlations beyond {:g}: {}{}.").format(STRONG, ", ".join(told), more))


def strong_pairs(result: GeodetectorResult) -> list:
    """(factor, factor, r) of every two continuous factors whose r is beyond `STRONG`, the strongest first."""
    names, r = result.collinearity.factor, result.correlations
    found = [
        (names[first], names[second], float(r[first, second]))
        for first, second in zip(*np.triu_indices(len(names), 1)) if abs(r[first, second]) > STRONG
    ]
    return sorted(found, key=lambda pair: -abs(pair[2]))
