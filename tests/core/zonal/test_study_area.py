"""The inputs of a study cut to its area."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.exact_sums import as_float
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.zonal.study_area import study_block

NAN = np.nan
AREA = np.full((2, 1), 10.0)

NPP = np.array([[[1, 2, 3], [4, NAN, 6]], [[1, NAN, 3], [4, NAN, 6]]])
RAIN = np.array([[[9, 9, NAN], [9, 9, 9]], [[9, NAN, 9], [9, 9, 8]]])
COVER = np.array([[[5, 1, 1], [1, 1, 1]], [[1, 1, 1], [5, 1, 2]]], dtype=float)


def test_everything_counts_without_polygons_and_classes():
    found = study_block(NPP, AREA, climate=(RAIN,), factors=(RAIN[:1],))
    np.testing.assert_array_equal(found["npp"], NPP)
    expected = RAIN.copy()
    expected[np.isnan(NPP)] = NAN
    np.testing.assert_array_equal(found["climate"][0], expected, "a year without NPP has no climate")
    assert found["counts"]["npp"].tolist() == [3, 12]
    # five cells have NPP; their rain lacks one value in each year
    assert found["counts"]["climate"][0].tolist() == [2, 10] and found["counts"]["factors"][0].tolist() == [1, 5]
    # the cell without rain in the second year has no NPP then either
    assert found["pixels"].tolist() == [5, 1, 1]
    assert [as_float(each, 1) for each in found["areas"][:, 1]] == [60.0, 50.0]
    assert found["sums"].tolist() == [[16.0, 5.0], [14.0, 4.0]]
    assert found["box"] == (0, 1, 0, 2)


def test_polygons_cut_all_and_classes_all_but_the_land_cover():
    cells = np.array([0, 1, 3, 4])  # the first two columns
    found = study_block(
        NPP, AREA, regions=Labels.of_pairs(NPP.shape[1:], cells, np.zeros(4)), landcover=COVER, bounded=True,
        excluded=(5,),
    )
    expected = np.array([[[1, 2, NAN], [NAN, NAN, NAN]], [[1, NAN, NAN], [NAN, NAN, NAN]]])
    np.testing.assert_array_equal(found["npp"], expected)
    cover = COVER.copy()
    cover[:, :, 2] = NAN
    np.testing.assert_array_equal(found["landcover"], cover)
    assert found["counts"]["npp"].tolist() == [3, 6] and found["counts"]["landcover"].tolist() == [0, 4]
    assert found["pixels"].tolist() == [2, 0, 0] and found["box"] == (0, 0, 0, 1)


def test_an_area_without_a_cell_here():
    found = study_block(NPP, AREA, regions=Labels.of_pairs(NPP.shape[1:], [], []), climate=(RAIN,), bounded=True)
    assert np.isnan(found["npp"]).all() and found["box"] is None and found["pixels"].tolist() == [0, 0, 0]
