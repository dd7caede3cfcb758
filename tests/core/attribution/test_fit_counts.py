"""How many pixels are refused and why, of pixels made to be."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.attribution.fit_counts import fit_counts
from nep_toolbox.core.attribution.regression import COLLINEAR, CONSTANT, DEPENDENT, PLAIN, fit

YEARS = np.arange(2001, 2016)


def test_each_kind():
    rng = np.random.default_rng(4)
    y, first, second = rng.normal(size=(3, 15, 8))
    y[:, 0] = 3.0
    second[:, 1] = 4.0
    second[:, 2] = 5.0 - 2.0 * first[:, 2]
    second[:, 3] = first[:, 3] + 1e-3 * rng.normal(size=15)
    y[2:, 4] = np.nan
    y[:, 5] = np.nan
    found = fit(y, [first, second], YEARS, method=PLAIN)
    counts = fit_counts(found)
    blame = int(found.blame[3])
    assert blame in (1, 2)
    refused = counts.pop("refused")
    assert set(refused) == {(CONSTANT, 0), (CONSTANT, 2), (DEPENDENT, found.blame[2]), (COLLINEAR, blame)}
    assert set(refused.values()) == {1}
    assert counts == {"fitted": 3, "few": 1, "along": {}, "largest_vif": pytest.approx(1e6, rel=1.0)}
    assert counts["largest_vif"] == found.vif[:, 3].max()


def test_of_nothing():
    found = fit(np.full((15, 2), np.nan), [np.full((15, 2), np.nan)], YEARS)
    assert fit_counts(found) == {"fitted": 0, "few": 0, "refused": {}, "along": {}, "largest_vif": 0.0}


def test_drivers_along_a_line():
    rng = np.random.default_rng(4)
    y, first, second = rng.normal(size=(3, 15, 8))
    first[:, :3] += 4.0 * YEARS[:, None]
    second[:, 7] -= 4.0 * YEARS
    second[2:, 2] = np.nan
    assert fit_counts(fit(y, [first, second], YEARS))["along"] == {1: 2, 2: 1}
