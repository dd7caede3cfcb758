"""The sign test against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.trend.sign_test import sign_test


def test_by_hand():
    # 6 against 7 is the most even outcome; 0 of 5 has twice 1/32; 1 of 4 twice (1 + 4) / 16.
    assert sign_test([6, 0, 5, 1, 2], [7, 5, 0, 3, 2]).tolist() == [1.0, 0.0625, 0.0625, 0.625, 1.0]


def test_equals_scipy():
    from scipy.stats import binomtest

    pairs = [(up, down) for up in range(0, 31) for down in range(0, 31) if up + down]
    found = sign_test(*np.array(pairs).T)
    expected = [binomtest(up, up + down).pvalue for up, down in pairs]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_long_series_and_none():
    from scipy.stats import binomtest

    assert np.isnan(sign_test([0], [0])[0])
    assert sign_test([900], [1100])[0] == pytest.approx(binomtest(900, 2000).pvalue, rel=1e-10)
    assert 0 <= sign_test([0], [32767])[0] < 1e-300, "no float overflows on the way"
