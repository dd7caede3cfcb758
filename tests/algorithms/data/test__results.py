"""Rasters that are alike are brought onto the grid together."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.harmonize import FINE_TRANSFORM, harmonize
from testkit.rasters import COARSE_TRANSFORM, numbers, stored, write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.data import _results
from nep_toolbox.raster.ingest.warping import WarpedReader

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def warped(monkeypatch) -> list:
    """How many bands each reader on the grid has, in the order they were made."""
    made, inner = [], WarpedReader.of

    def of(source, name, target, method):
        made.append((source.bands, method.name))
        return inner(source, name, target, method)

    monkeypatch.setattr(WarpedReader, "of", of)
    return made


@pytest.fixture
def series(tmp_path) -> list:
    rng = np.random.default_rng(1)
    values = rng.normal(10, 3, (30, 60, 60)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    return [
        write_raster(tmp_path / f"T_{year}.tif", each, FINE_TRANSFORM) for year, each in enumerate(values, start=1981)
    ]


def expected(path) -> np.ndarray:
    return np.nanmean(numbers(path).reshape(12, 5, 12, 5).astype(float), axis=(1, 3))


def test_single_rasters_are_read_once_and_warped_together(tmp_path, series, warped):
    reference = write_raster(tmp_path / "r.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    results = harmonize(tmp_path, {"INPUT": series, "REFERENCE": reference})
    assert warped == [(30, "AVERAGE")]
    for path, result in zip(series, results):
        np.testing.assert_allclose(numbers(result), expected(path), rtol=1e-5)


@pytest.mark.parametrize("most, together", [(7, [7, 7, 7, 7, 2]), (30, [30])])
def test_no_more_files_are_open_than_may_be(tmp_path, series, warped, monkeypatch, most, together):
    monkeypatch.setattr(_results, "MOST_FILES", most)
    reference = write_raster(tmp_path / "r.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    results = harmonize(tmp_path, {"INPUT": series, "REFERENCE": reference})
    assert [bands for bands, _method in warped] == together
    np.testing.assert_allclose(numbers(results[-1]), expected(series[-1]), rtol=1e-5)


def test_other_grids_and_methods_and_bands_apart_go_apart(tmp_path, series, warped):
    """Files of one and of several bands on one grid go together, in groups that memory bounds."""
    left, *rest = FINE_TRANSFORM
    shifted = write_raster(tmp_path / "far_2001.tif", np.full((60, 60), 1.5), (left + 100, *rest))
    many = write_raster(
        tmp_path / "P.tif", np.random.default_rng(2).normal(size=(4, 60, 60)), FINE_TRANSFORM,
        descriptions=["2001", "2002", "2003", "2004"],
    )
    land = write_raster(tmp_path / "land.tif", np.ones((60, 60)), FINE_TRANSFORM, kind="uint8", nodata=0)
    reference = write_raster(tmp_path / "r.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    files = [series[0], shifted, many, land, series[1]]
    results = harmonize(tmp_path, {"INPUT": files, "REFERENCE": reference})
    assert warped == [(6, "AVERAGE"), (1, "AVERAGE"), (1, "MODE")]
    np.testing.assert_allclose(numbers(results[4]), expected(series[1]), rtol=1e-5)
    np.testing.assert_allclose(
        numbers(results[2]), numbers(many).reshape(4, 12, 5, 12, 5).mean(axis=(2, 4)), rtol=1e-5, atol=1e-7
    )
    assert (stored(results[3]) == 1).all()


def test_the_rim_of_each_raster_is_counted_apart(tmp_path):
    wide = write_raster(tmp_path / "r.tif", np.zeros((2, 3)), COARSE_TRANSFORM)
    files = [
        write_raster(tmp_path / f"P_{year}.tif", values, COARSE_TRANSFORM, nodata=-9)
        for year, values in ((2001, [[1, 2], [3, 4]]), (2002, [[1, -9], [3, -9]]), (2003, [[5, 6], [7, 8]]))
    ]
    feedback = Feedback()
    harmonize(tmp_path, {"INPUT": files, "REFERENCE": wide, "FILL_RIM": True}, feedback)
    assert "'P_2001', 'P_2002', 'P_2003': 2 cells at the rim took the nearest value" in feedback.infos
