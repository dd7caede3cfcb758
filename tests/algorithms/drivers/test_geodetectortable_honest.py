"""nep:geodetectortable beyond the largest q: intervals, p of the search and choice, beside R and beside plain code."""

from __future__ import annotations

import json

import pytest
from testkit import plain_detector as plain
from testkit.geodetector import breaks_of, by, detect, write_csv
from testkit.tools import Feedback

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetectortable"
METHODS = ("equal", "natural", "quantile")
COUNTS = range(3, 9)
PERMUTATIONS, SEED = 999, 42


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))


# Intervals ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["30", "50"])
def ndvi(request, reference, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ndvi")
    path = folder / "ndvi.csv"
    path.write_bytes((shared / f"reference/data/gd_ndvi_{request.param}.csv").read_bytes())
    known = reference["gd_scales"]
    found = detect(TOOL, folder / "out", INPUT=str(path), TARGET=known["target"], CONTINUOUS=known["continuous"],
                   CATEGORICAL=["Climatezone", "Mining"], MIN_CLASSES=3, MAX_CLASSES=7)
    return known["scales"][request.param], by(found["FACTORS"], "factor")


def test_limits_of_q_are_those_of_gdverse(ndvi):
    known, found = ndvi
    assert len(known["interval95"]) == len(found) == 6
    better = 0
    for row, expected in zip(known["interval95"], known["q"]):
        own = found[row["variable"]]
        q, limits = float(own["q"]), [float(own["q_lower"]), float(own["q_upper"])]
        size = row["rows"], int(own["classes"])
        if q > expected + 1e-9:  # GD tries a geometric cut less, whose breaks it counts
            better += 1
        else:
            assert q == pytest.approx(expected, rel=1e-12)
            assert limits == pytest.approx([row["lower"], row["upper"]], abs=1e-6)
            assert limits == pytest.approx(row["ours"], abs=1e-9)
            assert size[1] == row["L"]
        assert [plain.below_at(limit, q, *size) for limit in limits] == pytest.approx([0.975, 0.025], abs=1e-8)
        assert float(own["q_adjusted"]) == pytest.approx(plain.adjusted(q, *size), rel=1e-11)
        assert (own["p_search"], own["q_cv"]) == ("", "")
    assert better <= 1


# Search and choice ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searched(reference, tmp_path_factory):
    """One factor of noise and one that acts; the reference file has both on the same x, apart from each other."""
    folder, found = tmp_path_factory.mktemp("search"), {}
    for name in ("noise_n200", "noise_n400", "few_distinct", "step_n200"):
        case = reference["cross_validation_and_permutation"][name]
        path = write_csv(folder / f"{name}.csv", {"y": case["y"], "x": case["x"]}, ("Real", "Real"))
        feedback = Feedback()
        tables = detect(TOOL, folder / name, feedback, INPUT=path, TARGET="y", CONTINUOUS=["x"], METHODS=[0, 1, 2],
                        MIN_CLASSES=3, MAX_CLASSES=8, PERMUTATIONS=PERMUTATIONS, CHOICE=1, SEED=SEED)
        found[name] = case, tables, feedback
    return found


@pytest.mark.parametrize("name", ["noise_n200", "noise_n400"])
def test_p_of_the_search_counts_the_same_orders(searched, name):
    case, found, _feedback = searched[name]
    its = case["permutation"]
    assert (its["B"], its["seed"]) == (PERMUTATIONS, SEED)
    (factor,) = found["FACTORS"]
    assert float(factor["p_search"]) == pytest.approx((1 + its["exceed"]) / (1 + PERMUTATIONS), rel=1e-14)
    assert factor["significant"] == str(int(float(factor["p_search"]) < 0.05))


def test_p_of_the_search_where_quantiles_coincide(searched):
    """The cuts of such quantiles are among those searched; the reference file leaves them out."""
    case, found, _feedback = searched["few_distinct"]
    cuts = plain.candidates(case["x"], METHODS, COUNTS)
    assert len([row for row in found["DISCRETIZATION"] if row["candidate"] == "1"]) == len(cuts) == 11
    strata = [[plain.class_of(x, breaks) for x in case["x"]] for breaks in cuts.values()]
    expected = (1 + plain.exceeding(case["y"], strata, PERMUTATIONS, SEED)) / (1 + PERMUTATIONS)
    assert float(found["FACTORS"][0]["p_search"]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", ["noise_n200", "few_distinct"])
def test_classes_are_chosen_by_cross_validation(searched, name):
    case, found, _feedback = searched[name]
    x, y = case["x"], case["y"]
    folds = plain.folds_of(len(x), SEED)
    scores = {}
    rows = [row for row in found["DISCRETIZATION"] if row["candidate"] == "1"]
    cuts = plain.candidates(x, METHODS, COUNTS)
    assert [row["method"] for row in rows] == [method for method, _k in cuts]
    for row, (key, breaks) in zip(rows, cuts.items()):
        assert int(row["classes"]) == len(breaks) - 1
        expected = plain.cross_validated(x, y, folds, lambda known, key=key: plain.breaks_of(known, *key))
        shown = [row[name] for name in ("cv_mse", "cv_se", "q_cv")]
        if expected is None:
            assert shown == ["", "", ""], key
        else:
            assert [float(number) for number in shown] == pytest.approx(expected, rel=1e-11, abs=1e-12), key
            scores[key] = len(breaks) - 1, *expected
    chosen = plain.one_standard_error({key: score[:3] for key, score in scores.items()})
    (factor,) = found["FACTORS"]
    assert (factor["method"], int(factor["classes"])) == (chosen[0], scores[chosen][0])
    assert breaks_of(factor) == pytest.approx(cuts[chosen], rel=1e-14)
    codes = [plain.class_of(value, cuts[chosen]) for value in x]
    assert float(factor["q"]) == pytest.approx(float(plain.q_of(y, codes)), rel=1e-12)
    assert float(factor["q_cv"]) == pytest.approx(scores[chosen][3], rel=1e-11, abs=1e-12)
    q = plain.q_of(y, codes)
    assert float(factor["q_adjusted"]) == pytest.approx(plain.adjusted(q, len(x), scores[chosen][0]), abs=1e-12)


def test_fewer_classes_are_taken_than_the_least_error_has(searched):
    _case, found, _feedback = searched["step_n200"]
    scores = {
        (row["method"], int(row["classes"])): (int(row["classes"]), float(row["cv_mse"]), float(row["cv_se"]))
        for row in found["DISCRETIZATION"] if row["cv_mse"]
    }
    (factor,) = found["FACTORS"]
    chosen = factor["method"], int(factor["classes"])
    assert chosen == plain.one_standard_error(scores)
    assert chosen[1] < min(scores.values(), key=lambda score: score[1])[0]


def test_the_log_says_where_both_p_disagree(searched, tmp_path):
    case, _found, agreed = searched["noise_n400"]
    path = write_csv(tmp_path / "noise.csv", {"y": case["y"], "x": case["x"]}, ("Real", "Real"))
    feedback = Feedback()
    found = detect(TOOL, tmp_path / "out", feedback, INPUT=path, TARGET="y", CONTINUOUS=["x"], METHODS=[0, 1, 2],
                   PERMUTATIONS=99, SEED=SEED)
    (factor,) = found["FACTORS"]
    assert float(factor["p_f"]) < 0.05 < float(factor["p_search"]) and factor["significant"] == "0"
    assert any("search" in text and text.endswith(": 'x'.") for text in feedback.warnings)
    assert not agreed.warnings


# The same, whoever asks -----------------------------------------------------------------------------------------------


def kind_of(x: float) -> str:
    """A category of some values next to each other."""
    return "abcd"[min(int(x) // 60, 3)]


@pytest.fixture(scope="module")
def mixed(reference, tmp_path_factory):
    """A table of two continuous factors and one of categories, in its order and in another."""
    case = reference["cross_validation_and_permutation"]["step_n200"]
    columns = {
        "y": case["y"], "x": case["x"], "fold": [float(fold) for fold in case["folds"]],
        "kind": [kind_of(x) for x in case["x"]],
    }
    folder = tmp_path_factory.mktemp("mixed")
    return write_csv(folder / "mixed.csv", columns, ("Real", "Real", "Real", "String"))


def _run(path, folder, **changes) -> dict:
    given = {"CONTINUOUS": ["x", "fold"], "CATEGORICAL": ["kind"], "PERMUTATIONS": 99, "CHOICE": 1, "SEED": 7}
    return detect(TOOL, folder, INPUT=path, TARGET="y", **dict(given, **changes))


def test_a_factor_alone_has_the_numbers_it_has_among_others(mixed, tmp_path):
    """The orders and the folds are those of the rows, whatever else is detected with them."""
    together = by(_run(mixed, tmp_path / "all")["FACTORS"], "factor")
    for name, kind in (("x", "CONTINUOUS"), ("kind", "CATEGORICAL")):
        alone = _run(mixed, tmp_path / name, **{"CONTINUOUS": [], "CATEGORICAL": [], kind: [name]})
        assert alone["FACTORS"] == [together[name]]


def test_what_is_asked_for_beyond_changes_nothing_else(mixed, tmp_path):
    plain_run = _run(mixed, tmp_path / "0", PERMUTATIONS=0, CHOICE=0)
    with_p = _run(mixed, tmp_path / "1", PERMUTATIONS=99, CHOICE=0)
    for one, other in zip(plain_run["FACTORS"], with_p["FACTORS"]):
        changed = {name for name in one if one[name] != other[name]}
        assert changed <= {"p_search", "significant"}
        assert other["p_search"] != "" and one["p_search"] == ""
    for name in ("INTERACTIONS", "RISK", "STRATA", "ECOLOGICAL", "DISCRETIZATION", "COLLINEARITY"):
        assert plain_run[name] == with_p[name], name


def test_p_of_the_search_of_categories_is_that_of_their_one_cut(mixed, reference, tmp_path):
    case = reference["cross_validation_and_permutation"]["step_n200"]
    found = by(_run(mixed, tmp_path)["FACTORS"], "factor")
    codes = [kind_of(x) for x in case["x"]]
    expected = (1 + plain.exceeding(case["y"], [codes], 99, 7)) / 100
    assert float(found["kind"]["p_search"]) == pytest.approx(expected, rel=1e-14)
    noise = [fold % 3 for fold in case["folds"]]
    assert plain.exceeding(case["y"], [noise], 99, 7) > 2  # the witness does not always say 0


def test_adding_a_constant_and_a_scale_changes_no_answer(mixed, reference, tmp_path):
    case = reference["cross_validation_and_permutation"]["step_n200"]
    path = write_csv(tmp_path / "moved.csv", {
        "y": [1000.0 - 8.0 * y for y in case["y"]], "x": case["x"], "fold": [float(fold) for fold in case["folds"]],
        "kind": [kind_of(x) for x in case["x"]],
    }, ("Real", "Real", "Real", "String"))
    before, after = (_run(each, tmp_path / str(place)) for place, each in enumerate((mixed, path)))
    for one, other in zip(before["FACTORS"], after["FACTORS"]):
        assert [one[name] for name in ("factor", "method", "classes", "breaks", "p_search", "significant")] == [
            other[name] for name in ("factor", "method", "classes", "breaks", "p_search", "significant")]
        for name in ("q", "q_lower", "q_upper", "q_adjusted", "q_cv"):
            assert float(one[name]) == pytest.approx(float(other[name]), abs=1e-9), name
