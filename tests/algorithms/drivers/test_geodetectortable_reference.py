"""nep:geodetectortable on the tables of the R packages geodetector and GD, beside their results."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from qgis.core import QgsVectorLayer
from testkit.geodetector import bars_of, breaks_of, by, detect, figures, names_of, write_csv
from testkit.tools import Feedback

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetectortable"
R_NOISE = 2e-9  # absolute, of R's noncentral F
METHODS = ("equal", "natural", "quantile", "geometric", "sd")
TYPES_OF_GD = {"Enhance, bi-": "enhance, bi-variable", "Enhance, nonlinear": "enhance, nonlinear"}


def copied(shared, name, folder) -> tuple:
    """A table of the references as a file QGIS may write beside, with what R made of it."""
    reference = json.loads((shared / "reference" / name).read_text(encoding="utf-8"))
    source = shared / "reference" / reference["data"]
    path = folder / source.name
    path.write_bytes(source.read_bytes())
    return reference, str(path)


def columns_of(path) -> dict:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.fixture(scope="module")
def heshun(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("heshun")
    reference, path = copied(shared, "heshun.json", folder)
    found = detect(TOOL, folder / "out", INPUT=path, TARGET="incidence",
                   CATEGORICAL=["soiltype", "watershed", "elevation"])
    return reference, found, path


def test_factors_of_heshun(heshun):
    reference, found, _ = heshun
    q = {row["variable"]: float(row["q"]) for row in reference["geodetector"]["factor_17g"]}
    p = {row["variable"]: row["sig"] for row in reference["GD"]["factor"]}
    strata = {row["variable"]: row["L"] for row in reference["ingredients"]}
    assert [row["factor"] for row in found["FACTORS"]] == ["soiltype", "watershed", "elevation"]
    for row in found["FACTORS"]:
        assert float(row["q"]) == pytest.approx(q[row["factor"]], rel=1e-12)
        assert float(row["p"]) == pytest.approx(p[row["factor"]], rel=0, abs=R_NOISE)
        assert (row["kind"], row["method"], row["breaks"]) == ("categorical", "", "")
        assert int(row["classes"]) == strata[row["factor"]]


def test_interactions_of_heshun(heshun):
    reference, found, _ = heshun
    expected = {frozenset((row["var1"], row["var2"])): row["q"] for row in reference["geodetector"]["interaction_q"]}
    kinds = {frozenset((row["var1"], row["var2"])): row["interaction"] for row in reference["GD"]["interaction"]}
    assert len(found["INTERACTIONS"]) == 3
    for row in found["INTERACTIONS"]:
        pair = frozenset((row["factor_1"], row["factor_2"]))
        assert float(row["q_12"]) == pytest.approx(expected[pair], rel=1e-12)
        assert row["interaction"] == TYPES_OF_GD[kinds[pair]]


def test_risk_of_heshun(heshun):
    reference, found, _ = heshun
    rows = by(found["RISK"], "factor", "class_1", "class_2")
    count = 0
    for variable in reference["welch_pairs"]:
        for pair in variable["pairs"]:
            row = rows[variable["variable"], str(pair["a"]), str(pair["b"])]
            if row["t"] == "":
                continue
            count += 1
            assert float(row["t"]) == pytest.approx(pair["t"], rel=1e-11)
            assert float(row["df"]) == pytest.approx(pair["df"], rel=1e-11)
            assert float(row["p"]) == pytest.approx(pair["p"], rel=1e-9)
    assert count == len(rows) == 67


def test_strata_of_heshun(heshun):
    reference, found, _ = heshun
    rows = by(found["STRATA"], "factor", "class")
    for variable in reference["ingredients"]:
        for code, n, mean in zip(variable["strata"], variable["n_h"], variable["mean_h"]):
            row = rows.pop((variable["variable"], str(code)))
            assert int(row["n"]) == n
            assert float(row["mean"]) == pytest.approx(mean, rel=1e-13)
            assert (row["lower"], row["upper"]) == ("", "")
    assert not rows


def test_ecological_of_heshun(heshun):
    reference, found, _ = heshun
    expected = {
        (row["var1"], row["var2"]): (row["wang2010_F_SSW1_over_SSW2"], row["wang2010_F_two_sided_p"])
        for row in reference["geodetector"]["ecological_pairs"]
    }
    for row in found["ECOLOGICAL"]:
        f, p = expected[row["factor_1"], row["factor_2"]]
        assert float(row["f"]) == pytest.approx(f, rel=1e-12)
        assert float(row["p"]) == pytest.approx(p, rel=1e-9)


def test_text_that_holds_numbers_is_read_as_numbers(heshun, tmp_path):
    _, found, path = heshun
    columns = columns_of(path)
    text = write_csv(tmp_path / "text.csv", columns, ["String"] * 4)
    number = write_csv(tmp_path / "number.csv", columns, ["Real"] * 4)
    kinds = [[field.isNumeric() for field in QgsVectorLayer(file, "table", "ogr").fields()] for file in (text, number)]
    assert kinds == [[False] * 4, [True] * 4]
    given = {"TARGET": "incidence", "CATEGORICAL": ["soiltype", "watershed", "elevation"]}
    assert detect(TOOL, tmp_path / "a", INPUT=text, **given) == found
    assert detect(TOOL, tmp_path / "b", INPUT=number, **given) == found
    given = {"TARGET": "incidence", "CONTINUOUS": ["elevation"], "CATEGORICAL": ["watershed"], "MAX_CLASSES": 4}
    feedback = Feedback()
    one = detect(TOOL, tmp_path / "c", feedback, INPUT=text, **given)
    assert one == detect(TOOL, tmp_path / "d", INPUT=number, **given)
    assert feedback.warnings == [] and one["FACTORS"][0]["kind"] == "continuous"


@pytest.fixture(scope="module", params=["gd_ndvi_40.json", "gd_ndvi_40_vignette.json"])
def ndvi(shared, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ndvi")
    reference, path = copied(shared, request.param, folder)
    counts, continuous = reference["meta"]["discitv"], reference["meta"]["continuous"]
    found = detect(
        TOOL, folder / "out", INPUT=path, TARGET=reference["y"], CONTINUOUS=continuous,
        CATEGORICAL=[row["variable"] for row in reference["factor"] if row["variable"] not in continuous],
        METHODS=[METHODS.index(method) for method in reference["meta"]["discmethod"]],
        MIN_CLASSES=min(counts), MAX_CLASSES=max(counts),
    )
    return reference, found, columns_of(path)


def test_cuts_chosen_by_gd(ndvi):
    reference, found, _ = ndvi
    rows = by(found["FACTORS"], "factor")
    q = {row["variable"]: float(row["qv17"]) for row in reference["factor"]}
    p = {row["variable"]: float(row["sig17"]) for row in reference["factor"]}
    assert set(rows) == set(q)
    for name, cut in reference["discretization"].items():
        assert (rows[name]["method"], int(rows[name]["classes"])) == (cut["method"], len(cut["breaks17"]) - 1)
        assert breaks_of(rows[name]) == pytest.approx([float(value) for value in cut["breaks17"]], rel=1e-12, abs=1e-15)
    for name, row in rows.items():
        assert float(row["q"]) == pytest.approx(q[name], rel=1e-12)
        assert float(row["p"]) == pytest.approx(p[name], rel=0, abs=R_NOISE)


def test_q_of_every_cut_of_gd(ndvi):
    """The geometric method counts breaks there and classes here; rows that GD leaves unclassified change its q."""
    reference, found, _ = ndvi
    own: dict = {}
    for row in found["DISCRETIZATION"]:
        own.setdefault((row["factor"], row["method"], int(row["classes"])), row)
    fewest = min(reference["meta"]["discitv"])
    cuts = [cut for cut in reference["all_discretizations"] if not cut["n_unclassified"] and cut["q"] is not None]
    compared = [cut for cut in cuts if cut["n_breaks"] - 1 >= fewest]
    assert all(cut["method"] == "geometric" for cut in cuts if cut not in compared)
    assert len(compared) >= 0.6 * len(reference["all_discretizations"])
    for cut in compared:
        row = own[cut["variable"], cut["method"], cut["n_breaks"] - 1]
        assert row["candidate"] == "1"
        assert float(row["q"]) == pytest.approx(cut["q"], rel=1e-12), cut


def test_interactions_of_gd(ndvi):
    reference, found, _ = ndvi
    rows = {frozenset(pair): row for pair, row in by(found["INTERACTIONS"], "factor_1", "factor_2").items()}
    assert len(rows) == len(reference["interaction"])
    for expected in reference["interaction"]:
        row = rows[frozenset((expected["var1"], expected["var2"]))]
        assert float(row["q_12"]) == pytest.approx(expected["q_keep_singles"], rel=1e-12)


def test_text_categories_are_labels(ndvi):
    reference, found, columns = ndvi
    target = np.array(columns[reference["y"]], dtype=float)
    zones = np.array(columns["Climatezone"])
    rows = {row["class"]: row for row in found["STRATA"] if row["factor"] == "Climatezone"}
    assert set(rows) == set(zones)
    for zone, row in rows.items():
        assert int(row["n"]) == (zones == zone).sum()
        assert float(row["mean"]) == pytest.approx(target[zones == zone].mean(), rel=1e-12)


def test_every_figure_shows_the_numbers_of_the_tables(ndvi):
    _, found, _ = ndvi
    bars, cuts, matrix, risk, *_collinearity = figures(found["CHART"])
    assert bars_of(bars) == pytest.approx({row["factor"]: float(row["q"]) for row in found["FACTORS"]}, rel=1e-14)
    heat, names = matrix["data"][0], names_of(matrix)
    pairs = {
        (names[across], names[down]): value
        for down, line in enumerate(heat["z"]) for across, value in enumerate(line[:down])
    }
    assert pairs == pytest.approx({
        (row["factor_1"], row["factor_2"]): float(row["q_12"]) for row in found["INTERACTIONS"]
    }, rel=1e-14)
    shown = sorted(q for trace in cuts["data"] if trace["mode"] != "markers" for q in trace["y"])
    assert shown == pytest.approx(sorted(float(row["q"]) for row in found["DISCRETIZATION"] if row["q"]), rel=1e-14)
    means = [mean for trace in risk["data"] for mean in trace["y"]]
    assert means == pytest.approx([float(row["mean"]) for row in found["STRATA"]], rel=1e-14)
    assert [len(trace["x"]) == len(set(trace["x"])) for trace in risk["data"]] == [True] * len(risk["data"])
