"""nep:geodetector on scales, years and strata, beside the reference file and beside plain code."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from testkit import plain_detector as plain
from testkit.geodetector import breaks_of, by, detect
from testkit.rasters import band_names, numbers, write_raster

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetector"
BANDS = ("npp", "pre", "tem", "elev", "hfp")


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))


# Years of the reference file ------------------------------------------------------------------------------------------


def test_years_have_the_q_p_and_limits_of_the_reference(reference, tmp_path):
    known = reference["by_year"]
    years = list(known["years"])
    target = np.array([known["years"][year]["y"] for year in years]).reshape(len(years), 10, 15)
    path = write_raster(tmp_path / "nep.tif", target, descriptions=years, kind="float64")
    strata = write_raster(tmp_path / "zone.tif", np.array(known["strata"]).reshape(10, 15), kind="uint8")
    found = detect(TOOL, tmp_path / "out", TARGET=path, CATEGORICAL=[strata])
    assert [row["year"] for row in found["BY_YEAR"]] == years
    for row in found["BY_YEAR"]:
        its = known["years"][row["year"]]
        assert float(row["q"]) == pytest.approx(its["q"], rel=1e-12)
        assert float(row["p_f"]) == pytest.approx(its["p_f"], rel=1e-9)
        assert [float(row["q_lower"]), float(row["q_upper"])] == pytest.approx(its["interval95"], abs=1e-9)
        assert (row["factor"], row["rank"]) == ("zone", "1")


# Scales of real rasters -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def china(shared, tmp_path_factory) -> str:
    link = tmp_path_factory.mktemp("china") / "china.tif"
    link.symlink_to(shared / "data/china_npp_factors/npp.tif")
    return str(link)


@pytest.fixture(scope="module")
def scales(china, tmp_path_factory) -> list:
    return detect(TOOL, tmp_path_factory.mktemp("scales"), TARGET=china, TARGET_BAND=1, CONTINUOUS=[china],
                  METHODS=[0, 2], SCALES="4,8,16,32")["SCALE_TABLE"]


def test_scales_of_the_reference(scales, reference):
    known = reference["raster_scales"]
    rows = by(scales, "block", "factor")
    assert len(scales) == len(rows) == 16
    for scale in known["scales"]:
        block = str(scale["block"])
        for number, factor in scale["factors"].items():
            row = rows[block, BANDS[int(number)]]
            assert int(row["rows"]) == scale["rows"]
            assert float(row["q"]) == pytest.approx(factor["q"], rel=1e-12)
            assert float(row["p_f"]) == pytest.approx(factor["p_f"], rel=1e-9)
            assert float(row["q90"]) == pytest.approx(scale["q90"], rel=1e-12)
            expected = plain.adjusted(factor["q"], scale["rows"], factor["k"])
            assert float(row["q_adjusted"]) == pytest.approx(expected, abs=1e-12)
            assert row["best"] == str(int(scale["block"] == known["optimum"]))


def test_quantiles_of_the_scales(scales):
    for block in ("4", "8", "16", "32"):
        rows = [row for row in scales if row["block"] == block]
        for name, of in (("q90", "q"), ("q90_adjusted", "q_adjusted")):
            held = [float(row[of]) for row in rows if float(row["p_f"]) < 0.05]
            assert 2 <= len(held) <= 4
            expected = plain.quantile(held, Fraction(9, 10))
            assert [float(row[name]) for row in rows] == pytest.approx([expected] * 4, rel=1e-12)
    assert len([row for row in scales if row["block"] == "32" and float(row["p_f"]) >= 0.05]) == 1


# Scales, strata and years of a small raster with gaps -----------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """A target of two years, a factor with gaps of each year, one without a year, and land cover."""
    folder, random = tmp_path_factory.mktemp("made"), np.random.default_rng(17)
    shape = (34, 47)
    height = np.round(random.gamma(2.0, 300.0, shape), 2)
    rain = np.round(random.normal(800, 90, (2, *shape)), 2)
    rain[0][random.random(shape) < 0.15] = np.nan
    cover = random.integers(1, 5, shape).astype(float)
    cover[:3, 40:] = 0
    target = np.round(0.2 * rain + 0.02 * height + 15 * cover + random.normal(0, 25, rain.shape), 2)
    target[:, 10:16, 20:31] = np.nan
    cells = {
        "target": target[0], "height": height, "rain": rain[0], "cover": np.where(cover == 0, np.nan, cover),
    }
    return {
        "target": write_raster(folder / "nep.tif", target, descriptions=(2013, 2015), kind="float64"),
        "CONTINUOUS": [write_raster(folder / "height.tif", height, kind="float64"), *(
            write_raster(folder / f"rain_{year}.tif", plane, kind="float64") for year, plane in zip((2013, 2015), rain)
        )],
        "CATEGORICAL": [write_raster(folder / "cover.tif", cover, nodata=0, kind="uint8")],
        "cells": {name: [[None if x != x else x for x in row] for row in each.tolist()]
                  for name, each in cells.items()},
    }


def run_made(made, folder, **changes) -> dict:
    given = {"TARGET": made["target"], "CONTINUOUS": made["CONTINUOUS"], "CATEGORICAL": made["CATEGORICAL"],
             "METHODS": [0, 1, 2], "MIN_CLASSES": 3, "MAX_CLASSES": 4, "SCALES": "1,2,5"}
    return detect(TOOL, folder, **dict(given, **changes))


@pytest.fixture(scope="module")
def found(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("found")
    return run_made(made, folder), folder


def test_scales_are_those_of_plain_blocks(made, found):
    rows = by([row for row in found[0]["SCALE_TABLE"] if row["year"] == "2013"], "block", "factor")
    assert len(rows) == 9
    factors = by([row for row in found[0]["FACTORS"] if row["year"] == "2013"], "factor")
    for name, row in factors.items():  # blocks of one cell are the cells
        assert [rows["1", name][column] for column in ("q", "p", "p_f", "q_adjusted")] == [
            row[column] for column in ("q", "p", "p_f", "q_adjusted")]
    for block in (2, 5):
        values = plain.blocks_of(made["cells"], {"cover"}, block)
        y = [row["target"] for row in values]
        for factor in ("height", "rain", "cover"):
            row, own = rows[str(block), factor], [each[factor] for each in values]
            assert int(row["rows"]) == len(values)
            assert int(row["cells"]) == -(-34 // block) * -(-47 // block)
            options = [own] if factor == "cover" else [
                [plain.class_of(x, breaks) for x in own]
                for breaks in plain.candidates(own, ("equal", "natural", "quantile"), (3, 4)).values()
            ]
            q, strata = max(((plain.q_of(y, codes), codes) for codes in options), key=lambda pair: pair[0])
            assert float(row["q"]) == pytest.approx(float(q), rel=1e-11), (block, factor)
            expected = plain.adjusted(q, len(y), len(set(strata)))
            assert float(row["q_adjusted"]) == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_blocks_and_threads_do_not_matter(made, found, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (7, 13))
    again = run_made(made, tmp_path, THREADS=2)
    assert {name: rows for name, rows in again.items() if name != "CHART"} == {
        name: rows for name, rows in found[0].items() if name != "CHART"}
    for name in ("strata_map.tif", "strata_means.tif"):
        np.testing.assert_array_equal(numbers(tmp_path / name), numbers(found[1] / name))


def test_strata_on_the_map_are_those_of_the_table(made, found):
    tables, folder = found
    strata, means = numbers(folder / "strata_map.tif"), numbers(folder / "strata_means.tif")
    factors = by([row for row in tables["FACTORS"] if row["year"] == "2013"], "factor")
    assert band_names(folder / "strata_map.tif") == list(factors)
    rows = by([row for row in tables["STRATA"] if row["year"] == "2013"], "factor", "class")
    cells = made["cells"]
    for band, (name, factor) in enumerate(factors.items()):
        for r in range(34):
            for c in range(47):
                if any(cells[one][r][c] is None for one in cells):
                    assert np.isnan(strata[band, r, c]) and np.isnan(means[band, r, c])
                    continue
                x = cells[name][r][c]
                code = int(x) if name == "cover" else plain.class_of(x, breaks_of(factor))
                assert strata[band, r, c] == code
                assert means[band, r, c] == pytest.approx(float(rows[name, str(code)]["mean"]), rel=1e-6)
    for (name, label), row in rows.items():
        band = list(factors).index(name)
        assert np.count_nonzero(strata[band] == int(label)) == int(row["n"])
