"""nep:geodetector at several scales: real rasters against the reference, and blocks beside runs on rasters of them."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from qgis.core import QgsProcessingContext, QgsProcessingException
from testkit.geodetector import by, detect
from testkit.rasters import write_raster
from testkit.tools import Feedback, algorithm, run, table

from nep_toolbox.algorithms.drivers import _detector_scales
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetector"
COLUMNS = ["block", "cells", "rows", "factor", "q", "q_adjusted", "p", "p_f", "q90", "q90_adjusted", "best", "target"]
YEARS = (2001, 2004)
SHAPE = 29, 41


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """Two years of a target, rain of each, height in float64 and land cover, all with gaps; and their arrays."""
    folder, random = tmp_path_factory.mktemp("scales"), np.random.default_rng(170)
    height = random.gamma(2.0, 300.0, SHAPE)
    rain = random.normal(800, 90, (2, *SHAPE)) + np.linspace(0, 300, SHAPE[1])
    cover = random.integers(1, 5, SHAPE).astype(float)
    cover[np.add.outer(np.arange(SHAPE[0]) // 6, np.arange(SHAPE[1]) // 6) % 2 == 1] += 3
    target = rain * np.array([0.1, 0.3])[:, None, None] + 0.05 * height + 20 * cover
    target += random.normal(0, 20, target.shape)
    for layer, place in ((target[0], np.s_[3:8, 7:20]), (target[1], np.s_[:4, :9]), (height, np.s_[20:, 33:36])):
        layer[place] = np.nan
    cover[random.random(SHAPE) < 0.1] = np.nan
    arrays = {"target": target, "rain": rain, "height": height, "cover": cover}
    return {
        "target": write_raster(folder / "nep.tif", target, descriptions=YEARS, kind="float64"),
        "height": write_raster(folder / "height.tif", height, kind="float64"),
        "rain": [write_raster(folder / f"rain_{year}.tif", each, kind="float64") for year, each in zip(YEARS, rain)],
        "cover": write_raster(folder / "cover.tif", np.where(np.isnan(cover), 255, cover), kind="uint8", nodata=255),
        "arrays": arrays,
    }


def at(made, folder, place=0, feedback=None, **changes) -> dict:
    """Everything there is of one year."""
    given = {
        "TARGET": made["target"], "TARGET_BAND": place + 1, "CONTINUOUS": [made["height"], made["rain"][place]],
        "CATEGORICAL": [made["cover"]], "MAX_CLASSES": 5, "METHODS": [0, 1, 2],
    }
    if place == 0:
        given["YEARS_TO_DETECT"] = str(YEARS[0])  # the first band is what the dialog gives
    return detect(TOOL, folder, feedback, **dict(given, **changes))


def blocks_of(arrays, size, place) -> dict:
    """The layers in blocks of cells: exact means, and codes counted; NaN where fewer than half of the cells count."""
    layers = {"target": arrays["target"][place], "height": arrays["height"], "rain": arrays["rain"][place],
              "cover": arrays["cover"]}
    shape = -(-SHAPE[0] // size), -(-SHAPE[1] // size)
    coarse = {name: np.full(shape, np.nan) for name in layers}
    for row, col in np.ndindex(shape):
        window = np.s_[row * size : (row + 1) * size, col * size : (col + 1) * size]
        cells = np.array([layer[window].ravel() for layer in layers.values()])
        cells = cells[:, np.isfinite(cells).all(axis=0)]
        if 2 * cells.shape[1] < size * size:
            continue
        for name, values in zip(layers, cells):
            if name == "cover":
                counted = Counter(values.tolist())
                coarse[name][row, col] = min(code for code in counted if counted[code] == max(counted.values()))
            else:
                coarse[name][row, col] = float(sum(map(Fraction, values.tolist())) / values.size)
    return coarse


# Against the reference ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def china(shared, tmp_path_factory):
    """NPP with four factors at four scales, the log, and the reference."""
    folder, feedback = tmp_path_factory.mktemp("china"), Feedback()
    link = folder / "china.tif"
    link.symlink_to(shared / "data/china_npp_factors/npp.tif")
    found = detect(
        TOOL, folder / "found", feedback, TARGET=str(link), TARGET_BAND=1, CONTINUOUS=[str(link)], METHODS=[0, 2],
        SPACING=9, SCALES="4,8,16,32",
    )
    reference = json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))
    return found, feedback, reference["raster_scales"]


def test_the_curve_of_china(china):
    found, _feedback, reference = china
    rows = by(found["SCALE_TABLE"], "block", "factor")
    assert list(found["SCALE_TABLE"][0]) == COLUMNS
    assert len(rows) == 16
    for scale in reference["scales"]:
        size = scale["block"]
        for place, name in enumerate(("pre", "tem", "elev", "hfp"), start=1):
            row, expected = rows[str(size), name], scale["factors"][str(place)]
            assert int(row["rows"]) == scale["rows"]
            assert int(row["cells"]) == -(-483 // size) * -(-404 // size)
            q, classes, number = expected["q"], expected["k"], scale["rows"]
            assert float(row["q"]) == pytest.approx(q, rel=1e-12)
            assert float(row["q_adjusted"]) == pytest.approx(1 - (1 - q) * (number - 1) / (number - classes), rel=1e-11)
            assert float(row["p_f"]) == pytest.approx(expected["p_f"], rel=1e-9)
            assert float(row["q90"]) == pytest.approx(scale["q90"], rel=1e-12)
            assert row["best"] == ("1" if size == reference["optimum"] else "0")
            assert row["target"] == "npp"


def test_the_log_tells_the_curve_and_how_q_rises(china):
    _found, feedback, reference = china
    for scale in reference["scales"]:
        size, number = scale["block"], scale["rows"]
        significant = [each for each in scale["factors"].values() if each["p_f"] < 0.05]
        adjusted = np.quantile([1 - (1 - each["q"]) * (number - 1) / (number - each["k"]) for each in significant], 0.9)
        assert f"  {size} x {size} cells, {number} rows: {scale['q90']:.4f}, adjusted {adjusted:.4f}" in feedback.infos
    assert "Blocks of 16 x 16 cells: 190 of 806 have a value in all rasters on at least half" in feedback.log
    assert "Largest at blocks of 32 x 32 cells. q rises as rows become fewer: adjusted for them" in feedback.log


# Blocks are rows like cells -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(made, tmp_path_factory) -> dict:
    return at(made, tmp_path_factory.mktemp("found"), SCALES="3, 1, 4")


@pytest.mark.parametrize("size", [3, 4])
def test_a_scale_is_a_run_on_rasters_of_blocks(made, found, size, tmp_path):
    coarse = blocks_of(made["arrays"], size, 0)
    paths = {name: write_raster(tmp_path / f"{name}.tif", layer, kind="float64") for name, layer in coarse.items()}
    alone = detect(
        TOOL, tmp_path / "alone", TARGET=paths["target"], CONTINUOUS=[paths["height"], paths["rain"]],
        CATEGORICAL=[paths["cover"]], MAX_CLASSES=5, METHODS=[0, 1, 2],
    )
    rows = [row for row in found["SCALE_TABLE"] if row["block"] == str(size)]
    assert [[row[name] for name in ("q", "p", "p_f")] for row in rows] == [
        [row[name] for name in ("q", "p", "p_f")] for row in alone["FACTORS"]
    ]
    assert {row["rows"] for row in rows} == {str(np.isfinite(coarse["target"]).sum())}


@pytest.mark.parametrize("spacing", [1, 5])
def test_blocks_of_one_cell_are_the_cells_whatever_the_sampling_step(made, found, spacing, tmp_path):
    rows = [row for row in found["SCALE_TABLE"] if row["block"] == "1"]
    if spacing > 1:
        rows = at(made, tmp_path, SCALES="1", SPACING=spacing)["SCALE_TABLE"]
    assert [row["factor"] for row in rows] == ["height", "rain_2001", "cover"]
    assert [[row[name] for name in ("q", "p", "p_f")] for row in rows] == [
        [row[name] for name in ("q", "p", "p_f")] for row in found["FACTORS"]
    ]
    assert {(row["cells"], row["rows"]) for row in rows} == {
        (str(29 * 41), str(np.isfinite(blocks_of(made["arrays"], 1, 0)["target"]).sum()))
    }


@pytest.mark.parametrize(("block", "threads"), [((7, 5), 1), ((3, 2), 2), ((41, 3), 2), ((16, 40), 1)])
def test_no_digit_depends_on_blocks_or_threads(made, found, block, threads, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", block)
    again = at(made, tmp_path, SCALES="1,3,4", SPACING=2, THREADS=threads)
    assert again["SCALE_TABLE"] == found["SCALE_TABLE"]


def test_the_level_of_significance_and_no_permutations_at_a_scale(made, tmp_path, monkeypatch):
    asked, search = [], _detector_scales.detect

    def told(*arguments):
        asked.append(arguments[2].permutations)
        return search(*arguments)

    monkeypatch.setattr(_detector_scales, "detect", told)
    rows = at(made, tmp_path, SCALES="4", ALPHA=0.5, PERMUTATIONS=9, METHODS=[0], MIN_CLASSES=2, MAX_CLASSES=2)
    q, p_f = (np.array([float(row[name]) for row in rows["SCALE_TABLE"]]) for name in ("q", "p_f"))
    assert ((p_f > 0.05) & (p_f < 0.5)).any()
    assert float(rows["SCALE_TABLE"][0]["q90"]) == pytest.approx(np.quantile(q[p_f < 0.5], 0.9), rel=1e-14)
    assert asked == [0]
    assert all(row["p_search"] for row in rows["FACTORS"])


def test_a_factor_that_is_constant_in_blocks_is_named(made, tmp_path):
    cover = np.ones(SHAPE)
    cover[::4, ::4] = 2
    path, feedback = write_raster(tmp_path / "soil.tif", cover), Feedback()
    found = at(made, tmp_path, 1, feedback, SCALES="4", CATEGORICAL=[path, made["cover"]])
    assert [row["factor"] for row in found["SCALE_TABLE"]] == ["height", "rain_2004", "cover"]
    assert "soil" in [row["factor"] for row in found["FACTORS"]]
    rows = 7 * 10 - 2 - 2  # whole blocks without those in the gaps of target and height
    assert f"Blocks of 4 x 4 cells: factor 'soil' is left out: it is constant ('1' on all {rows} rows)" in feedback.log


def test_strata_of_single_blocks_are_told_of_at_their_size(made, tmp_path):
    rows, cols = np.ogrid[: SHAPE[0], : SHAPE[1]]
    county = rows // 4 * 20 + np.minimum(cols // 4, 9)
    county[:8, :8] = 0  # four blocks are alike
    path, feedback = write_raster(tmp_path / "county.tif", county), Feedback()
    at(made, tmp_path, 1, feedback, SCALES="2,4", CATEGORICAL=[path])
    told = [line for line in feedback.warnings if "hold a single row" in line]
    assert len(told) == 1
    assert told[0].startswith("Blocks of 4 x 4 cells: ") and "strata of factor 'county' hold a single row" in told[0]


# Years ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cuts", [0, 1])
def test_each_year_has_its_curve(made, cuts, tmp_path):
    series = {
        "TARGET": made["target"], "CONTINUOUS": [made["height"], *made["rain"]], "CATEGORICAL": [made["cover"]],
        "MAX_CLASSES": 5, "METHODS": [0, 1, 2], "SCALES": "2,5", "CUTS": cuts,
    }
    rows = detect(TOOL, tmp_path / "all", **series)["SCALE_TABLE"]
    assert list(rows[0]) == ["year", *COLUMNS]
    for place, year in enumerate(YEARS):
        alone = at(made, tmp_path / str(year), place, SCALES="2,5", YEARS_TO_DETECT="" if place else str(year))
        for row in alone["SCALE_TABLE"]:
            row["factor"] = row["factor"].replace(f"_{year}", "")
        own = [{name: row[name] for name in COLUMNS[:-1]} for row in rows if row["year"] == str(year)]
        expected = [{name: row[name] for name in COLUMNS[:-1]} for row in alone["SCALE_TABLE"]]
        if place == 0 or not cuts:
            assert own == expected
        else:  # cut as the first year at the same size: no better than the best cut
            assert [float(row["q"]) <= float(best["q"]) for row, best in zip(own, expected)] == [True] * 6
            assert own != expected


# What cannot be ------------------------------------------------------------------------------------------------------


def refused(made, folder, message, **changes):
    with pytest.raises(QgsProcessingException, match=message):
        at(made, folder, **changes)
    assert not [path for path in folder.iterdir() if path.suffix == ".csv"]


@pytest.mark.parametrize("nothing", [" ", ""])
def test_a_table_without_sizes(made, nothing, tmp_path):
    given = {"TARGET": made["target"], "CATEGORICAL": [made["cover"]], "SCALES": nothing}
    places = {name: str(tmp_path / f"{name}.csv") for name in ("FACTORS", "SCALE_TABLE")}
    message = r"'q by scale' \(SCALE_TABLE\) is the table of the sizes in .*Give sizes of blocks in cells"
    with pytest.raises(QgsProcessingException, match=message):
        run(TOOL, {**given, **places})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("scales", "message"), [
    ("1,x", "holds 'x', which is no whole number from 1 on"),
    ("2,30", "of which blocks of 30 x 30 make 2 rows, and the detector takes 3 or more. Leave 30 out of"),
    ("20", "Of 'nep 2001' and its factors 2 blocks of 20 x 20 cells can be used: .* takes 3 or more. Leave 20 out of"),
    ("15", "Blocks of 15 x 15 cells of 'nep 2001': No factor can be used: 'height' has 6 complete rows, too few for 4"),
])
def test_sizes_that_make_no_rows(made, scales, message, tmp_path):
    refused(made, tmp_path, message, SCALES=scales, CATEGORICAL=[], MIN_CLASSES=4)


def test_a_block_beyond_the_memory(tmp_path):
    values = np.random.default_rng(2).normal(size=(2, 1300, 1300))
    paths = [write_raster(tmp_path / f"{name}.tif", layer) for name, layer in zip(("nep", "rain"), values)]
    with pytest.raises(QgsProcessingException, match=r"Blocks of 600 x 600 cells need \d+ MB, .* allows 16. Raise it"):
        run(TOOL, {"TARGET": paths[0], "CONTINUOUS": [paths[1]], "SPACING": 50, "SCALES": "600", "MEMORY": 16,
                   "FACTORS": str(tmp_path / "f.csv")})


def test_sizes_without_a_table_are_told_in_the_log(made, tmp_path):
    feedback = Feedback()
    run(TOOL, {"TARGET": made["target"], "TARGET_BAND": 2, "CATEGORICAL": [made["cover"]], "SCALES": "4",
               "FACTORS": str(tmp_path / "f.csv")}, feedback)
    assert "  4 x 4 cells, 68 rows: " in feedback.log  # of 7 x 10 whole blocks, 2 in the gap
    assert len(table(tmp_path / "f.csv")) == 1
    assert "Largest at" not in feedback.log


def test_the_dialog_tells_what_is_no_size(made):
    given = {"TARGET": made["target"], "CATEGORICAL": [made["cover"]], "SCALES": "2,x", "FACTORS": "f.csv"}
    tool = algorithm(TOOL)
    fits, message = tool.checkParameterValues(given, QgsProcessingContext())
    assert not fits and "holds 'x'" in message


def test_the_progress_bar_never_goes_back(made, tmp_path):
    feedback, shares = Feedback(), []
    feedback.progressChanged.connect(shares.append)
    at(made, tmp_path, 1, feedback, SCALES="2,3")
    assert shares == sorted(shares)
    assert len({share for share in shares if 60 < share < 100}) > 10


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cancel_leaves_nothing(made, share, tmp_path):
    """Half of a size is reading blocks, the other half the search."""
    feedback = Feedback()
    feedback.progressChanged.connect(lambda percent: percent >= 100 * share and feedback.cancel())
    assert run(TOOL, {
        "TARGET": made["target"], "TARGET_BAND": 2, "CONTINUOUS": [made["height"]], "SCALES": "2,3", "SPACING": 8,
        "FACTORS": str(tmp_path / "f.csv"), "SCALE_TABLE": str(tmp_path / "s.csv"),
    }, feedback) == {}
    assert not list(tmp_path.iterdir())
