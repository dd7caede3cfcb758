"""The contextual test of nep:trend through files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from qgis.core import QgsProcessingContext
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, algorithm, destinations, run, table

from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.trend.contextual import contextual_trend
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

SHARES = ("SIGNIFICANT", "FDR_SIGNIFICANT", "LIMITS_EXCLUDE_ZERO")

#: Those of the test; all others are those of the pixel alone.
OF_THE_TEST = {"PVALUE", "Z", "S", "CLASS", "TABLE", *SHARES}


def trend(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:trend", folder)
    results = run("nep:trend", {"INPUT": layers, "CONTEXTUAL": True, **options, **paths}, feedback)
    return {**paths, **{name: results[name] for name in SHARES if name in results}}


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference/trend_more.json").read_text(encoding="utf-8"))["contextual"]


@pytest.fixture(scope="module")
def source(reference, tmp_path_factory):
    """The raster of the reference, which tests may not change."""
    first, last = reference["years"]
    values = np.array(reference["cube"], dtype=float)
    folder = tmp_path_factory.mktemp("reference")
    return write_raster(folder / "npp.tif", values, kind="float64", descriptions=range(first, last + 1))


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    feedback = Feedback()
    return trend([source], tmp_path_factory.mktemp("whole"), feedback), feedback


def adjusted(p: np.ndarray) -> np.ndarray:
    """Step up over the sorted p-values, one by one."""
    found, smallest = np.full(p.shape, np.nan), 1.0
    places = np.argwhere(np.isfinite(p)).tolist()
    places.sort(key=lambda place: -p[tuple(place)])
    for fewer, place in enumerate(places):
        smallest = min(smallest, p[tuple(place)] * len(places) / (len(places) - fewer))
        found[tuple(place)] = smallest
    return found


def classes_of(slope, p):
    size = np.select([p < 0.01, p < 0.05, p < 0.10], [4, 3, 2], 1)
    return np.where(np.isnan(slope) | np.isnan(p), -32768, np.sign(np.nan_to_num(slope)) * size).astype(int)


def test_reference(whole, reference):
    found, feedback = whole
    result = {name: np.array(each, dtype=float) for name, each in reference["result"]["pearson_shrunk"].items()}
    for name, key in {"S": "S", "Z": "z", "PVALUE": "p"}.items():
        # what a Float32 keeps of ten decimals
        np.testing.assert_allclose(numbers(found[name]), result[key], rtol=6e-8, atol=1e-10, err_msg=name)
    slope = numbers(found["SLOPE"])
    assert np.array_equal(stored(found["CLASS"])[0], classes_of(slope, result["p"]))
    tested = np.isfinite(result["p"])
    assert found["SIGNIFICANT"] == pytest.approx(100 * (result["p"] < 0.05).sum() / tested.sum())
    assert found["FDR_SIGNIFICANT"] == pytest.approx(100 * (adjusted(result["p"]) < 0.05).sum() / tested.sum())
    assert 0 < found["SIGNIFICANT"] < 100
    opposed = (np.sign(slope) == -np.sign(result["z"])) & (slope != 0) & (result["p"] < 0.05)
    assert f"whose own slope runs against Z: {opposed.sum()}. Their class has" in feedback.log
    assert "Contextual test: Z, S, p and the classes are those of a pixel with its neighbours, 3 x 3." in feedback.infos
    mean = result["m"][tested].mean()
    assert f"On average a pixel is tested by {mean:.2f} pixels" in feedback.log and 5 < mean < 9
    assert feedback.warnings == []


def test_all_but_the_test_is_that_of_the_pixel_alone(whole, source, tmp_path):
    alone = trend([source], tmp_path, CONTEXTUAL=False)
    for name, path in whole[0].items():
        if name not in OF_THE_TEST:
            assert identical(path, alone[name]), name
    assert not identical(whole[0]["PVALUE"], alone["PVALUE"]) and not identical(whole[0]["CLASS"], alone["CLASS"])
    assert whole[0]["SIGNIFICANT"] != alone["SIGNIFICANT"]


@pytest.mark.parametrize("field", [False, True])
def test_blocks_and_threads(source, tmp_path, monkeypatch, field):
    whole = trend([source], tmp_path / "whole", FIELD_SIGNIFICANCE=field)
    for shape, threads in (((18, 1), 1), ((5, 16), 2), ((7, 3), 2), ((1, 1), 2)):
        monkeypatch.setattr(Run, "block", shape)
        cut = trend([source], tmp_path / f"{shape}", FIELD_SIGNIFICANCE=field, THREADS=threads)
        for name, path in whole.items():
            if name in SHARES:
                assert path == cut[name]
            elif path.endswith(".tif"):
                assert identical(path, cut[name]), (name, shape)
            else:
                assert table(path) == table(cut[name])


def test_field_significance(whole, source, reference, tmp_path):
    found = trend([source], tmp_path, FIELD_SIGNIFICANCE=True)
    p = np.array(reference["result"]["pearson_shrunk"]["p"], dtype=float)
    expected = adjusted(p)
    values = numbers(found["PVALUE"])
    # narrow bins: too large by at most 2^-12 of itself, and what a Float32 keeps
    assert (values >= expected * (1 - 6e-8))[np.isfinite(p)].all()
    np.testing.assert_allclose(values, expected, rtol=2.0**-12 + 6e-8)
    assert np.array_equal(stored(found["CLASS"])[0], classes_of(numbers(found["SLOPE"]), values))
    assert identical(found["Z"], whole[0]["Z"]) and (values > p)[np.isfinite(p)].any()
    for name in SHARES:
        assert found[name] == whole[0][name]


@pytest.mark.parametrize("field", [False, True])
def test_pixels_that_are_significant_against_their_slope(tmp_path, monkeypatch, field):
    """A pixel that falls among others that rise, and one that is constant, which has no sign."""
    stack = np.random.default_rng(3).normal(0, 2, (20, 6, 9)) + np.arange(20)[:, None, None]
    stack[:, 2, 3], stack[:, 4, 7] = stack[::-1, 2, 3].copy(), 5.0
    source, feedback = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2021)), Feedback()
    monkeypatch.setattr(Run, "block", (4, 2))
    found = trend([source], tmp_path / "out", feedback, FIELD_SIGNIFICANCE=field)
    classes = numbers(found["CLASS"])
    assert np.argwhere(classes < 0).tolist() == [[2, 3]] and classes[2, 3] == -4 and numbers(found["Z"])[2, 3] > 3
    assert "Pixels with p below 0.05 in the map whose own slope runs against Z: 1. " in feedback.log
    alone = Feedback()
    trend([source], tmp_path / "alone", alone, CONTEXTUAL=False)
    assert "runs against Z" not in alone.log


def test_real_rasters(huaihai, tmp_path):
    """Of 22 years of NPP, which has pixels with gaps."""
    found = trend(huaihai, tmp_path)
    values = np.stack([numbers(path) for path in huaihai])
    expected = contextual_trend(
        Surrounded(values, slice(None), slice(None)), np.arange(2001, 2023), wanted=("z", "p_value")
    )
    np.testing.assert_allclose(numbers(found["Z"]), expected["z"], rtol=6e-8, atol=1e-12)
    np.testing.assert_allclose(numbers(found["PVALUE"]), expected["p_value"], rtol=6e-8)
    tested = np.isfinite(expected["z"])
    assert tested.sum() == 41289
    shares = [100 * (p[tested] < 0.05).mean() for p in (expected["p_value"], adjusted(expected["p_value"]))]
    assert [found["SIGNIFICANT"], found["FDR_SIGNIFICANT"]] == pytest.approx(shares) and 0 < shares[1] < shares[0] < 100


def test_pixels_with_a_gap(tmp_path):
    rng = np.random.default_rng(9)
    stack = rng.normal(300, 20, (20, 4, 5)) + 3 * np.arange(20)[:, None, None]
    stack[7, 1, 1] = stack[[0, 9], 3, 4] = np.nan  # gaps
    stack[5:, 0, 2] = np.nan  # too few values: no part of the study
    source, feedback = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2021)), Feedback()
    found = trend([source], tmp_path / "out", feedback)
    slope, p = numbers(found["SLOPE"]), numbers(found["PVALUE"])
    assert np.argwhere(np.isfinite(slope) & np.isnan(p)).tolist() == [[1, 1], [3, 4]] and np.isnan(p).sum() == 3
    *rows, last = table(found["TABLE"])
    assert (last["class"], last["label"], last["pixels"]) == ("", "no result", "2")
    assert sum(float(row["percent"]) for row in (*rows, last)) == pytest.approx(100)
    assert "no result: 2 pixels" in feedback.log and feedback.warnings == []


def test_no_pixel_is_complete(tmp_path):
    stack = np.random.default_rng(9).normal(size=(12, 3, 3))
    stack[4] = np.nan
    source, feedback = write_raster(tmp_path / "x.tif", stack, descriptions=range(2001, 2013)), Feedback()
    found = trend([source], tmp_path / "out", feedback)
    assert np.isfinite(numbers(found["SLOPE"])).all() and np.isnan(numbers(found["PVALUE"])).all()
    (warning,) = [text for text in feedback.warnings if "contextual" in text]
    assert "No pixel has a value in every year" in warning and "(CONTEXTUAL)" in warning
    assert "SIGNIFICANT" not in found


@pytest.mark.parametrize("correction", [1, 4])
def test_not_together_with_a_correction(source, tmp_path, correction):
    with pytest.raises(Exception, match=r"\(CONTEXTUAL\) and .*\(CORRECTION\) are two tests.*switch the contextual"):
        trend([source], tmp_path / "out", CORRECTION=correction)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
    given = {"INPUT": [source], "CONTEXTUAL": True, "CORRECTION": correction, "SLOPE": "TEMPORARY_OUTPUT"}
    fits, message = algorithm("nep:trend").checkParameterValues(given, QgsProcessingContext())
    assert not fits and "are two tests" in message
