"""Counts of pixels and sums of regional means from one block."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.core.zonal.frequency import regional_frequency_block


def test_counts_and_means_by_hand():
    stack = np.array([[[1.0, 3.0], [5.0, np.nan]], [[2.0, 0.0], [5.0, 7.0]]])
    area = np.array([[1.0], [2.0]])
    block = regional_frequency_block(stack, area, tolerance=1.5, counted=True)
    assert block["increases"].tolist() == [[0, 0], [0, -32768]] and block["decreases"].tolist() == [[0, 1], [0, -32768]]
    assert (block["count_areas"] == frequency_block(stack, area, 1.5)["count_areas"]).all()
    np.testing.assert_allclose(block["means"].sums.statistics()["mean"][:, 0], [14 / 4, 26 / 6], rtol=1e-15)
    assert "count_areas" not in regional_frequency_block(stack, area), "areas by count were not asked for"
