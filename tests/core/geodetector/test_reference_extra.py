"""The plain witnesses of intervals, search, choice and scales, beside the reference file: they may then judge."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal
from testkit import plain_detector as plain

METHODS = ("equal", "natural", "quantile")


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases(reference):
    return reference["cross_validation_and_permutation"]


def test_limits_are_where_the_tails_say(reference):
    compared = 0
    for scale in reference["gd_scales"]["scales"].values():
        for row in scale["interval95"]:
            size = row["q"], row["rows"], row["L"]
            below = [plain.below_at(limit, *size) for limit in row["ours"]]
            assert below == pytest.approx([0.975, 0.025], abs=1e-10)
            compared += 1
    assert compared == 18


@pytest.mark.parametrize("name", ["step_n200", "noise_n400", "smooth_n400", "few_distinct"])
def test_cuts_and_orders(cases, name):
    case = cases[name]
    cuts = plain.candidates(case["x"], METHODS, range(3, 9))
    if name == "few_distinct":  # quantiles that coincide are none there
        cuts = {key: cuts[key] for key in cuts if key not in {("quantile", 5), ("quantile", 6)}}
    strata = {key: [plain.class_of(x, breaks) for x in case["x"]] for key, breaks in cuts.items()}
    found = {key: float(plain.q_of(case["y"], codes)) for key, codes in strata.items()}
    expected = {(row["method"], row["k"]): row["q"] for row in case["choice"]["candidates"]}
    assert found == pytest.approx(expected, abs=1e-14)
    its = case["permutation"]
    assert plain.exceeding(case["y"], list(strata.values()), its["B"], its["seed"]) == its["exceed"]


def test_choice_in_the_folds_that_are_stored(cases):
    case, scores = cases["few_distinct"], {}
    for row in case["choice"]["candidates"]:
        key = row["method"], row["k"]
        found = plain.cross_validated(
            case["x"], case["y"], case["folds"], lambda known, key=key: plain.breaks_of(known, *key))
        if row["cv_mse"] is None:
            assert found is None
        else:
            assert found == pytest.approx((row["cv_mse"], row["cv_se"], row["q_cv"]), rel=1e-12)
            scores[key] = (row["k"], *found[:2])
    assert list(plain.one_standard_error(scores)) == case["choice"]["chosen_one_se"]


def test_blocks_of_real_rasters(reference, shared):
    with_nan = gdal.Open(str(shared / "data/china_npp_factors/npp.tif")).ReadAsArray().astype(np.float64)
    bands = {
        str(number): [[None if np.isnan(x) else x for x in row] for row in band.tolist()]
        for number, band in enumerate(with_nan)
    }
    for scale in reference["raster_scales"]["scales"][2:]:
        rows = plain.blocks_of(bands, (), scale["block"])
        assert len(rows) == scale["rows"]
        means = {name: np.mean([row[name] for row in rows]) for name in bands}
        expected = {"0": scale["target_mean"], **{name: one["mean"] for name, one in scale["factors"].items()}}
        assert means == pytest.approx(expected, rel=1e-12)
