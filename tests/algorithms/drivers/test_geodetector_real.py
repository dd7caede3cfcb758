"""nep:geodetector on real NPP with its factors, beside plain numpy and scipy."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from osgeo import gdal
from testkit.geodetector import bars_of, breaks_of, by, classes_by_breaks, detect, figures, names_of, q_statistic
from testkit.tools import Feedback

pytestmark = pytest.mark.usefixtures("provider")

TOOL = "nep:geodetector"
#: What the dialog calls the methods.
METHODS = {
    "equal": "Equal intervals", "natural": "Natural breaks (Fisher-Jenks)", "quantile": "Quantiles",
    "geometric": "Geometric intervals", "sd": "Standard deviations",
}

BANDS = ("npp", "pre", "tem", "elev", "hfp")


@pytest.fixture(scope="module")
def china(shared, tmp_path_factory) -> str:
    """Five bands: NPP, rain, temperature, elevation, human footprint. A link, since QGIS may write beside it."""
    link = tmp_path_factory.mktemp("china") / "china.tif"
    link.symlink_to(shared / "data/china_npp_factors/npp.tif")
    return str(link)


@pytest.fixture(scope="module")
def real(china, tmp_path_factory):
    """All results on the real rasters, and the log. The target's own band is among the factors given."""
    feedback = Feedback()
    folder = tmp_path_factory.mktemp("real")
    return detect(TOOL, folder, feedback, TARGET=china, TARGET_BAND=1, CONTINUOUS=[china]), feedback


@pytest.fixture(scope="module")
def values(china) -> dict:
    """The complete pixels of the real rasters."""
    bands = gdal.Open(china).ReadAsArray().astype(np.float64).reshape(5, -1)
    return dict(zip(BANDS, bands[:, np.isfinite(bands).all(axis=0)]))


@pytest.fixture(scope="module")
def strata(real, values) -> dict:
    """The class of each pixel by the breaks in the table of factors."""
    return {row["factor"]: classes_by_breaks(values[row["factor"]], breaks_of(row)) for row in real[0]["FACTORS"]}


def test_q_of_the_cuts_chosen(real, values, strata):
    found, feedback = real
    assert [row["factor"] for row in found["FACTORS"]] == list(BANDS[1:])
    assert values["npp"].size == 51875
    assert "51875 complete rows; 1435 left out" in feedback.log
    assert "'npp' is the target and is left out of the factors" in feedback.log
    for row in found["FACTORS"]:
        assert float(row["q"]) == pytest.approx(q_statistic(values["npp"], strata[row["factor"]]), rel=1e-12)
        assert (row["kind"], row["target"]) == ("continuous", "npp")
        assert int(row["classes"]) == len(breaks_of(row)) - 1 == len(np.unique(strata[row["factor"]]))
        assert breaks_of(row)[0] == values[row["factor"]].min()
        assert breaks_of(row)[-1] == values[row["factor"]].max()


def test_p_of_the_f_test_is_that_of_a_one_way_analysis_of_variance(real, values, strata):
    stats = pytest.importorskip("scipy.stats")
    for row in real[0]["FACTORS"]:
        codes = strata[row["factor"]]
        expected = stats.f_oneway(*(values["npp"][codes == code] for code in np.unique(codes))).pvalue
        assert float(row["p_f"]) == pytest.approx(expected, rel=1e-6, abs=1e-300)
        assert row["significant"] == "1"


def test_the_cut_with_the_largest_q_is_chosen(real):
    found = real[0]
    for row in found["FACTORS"]:
        own = [cut for cut in found["DISCRETIZATION"] if cut["factor"] == row["factor"]]
        assert len(own) == 5 * 6
        candidates = [cut for cut in own if cut["candidate"] == "1"]
        best = max(candidates, key=lambda cut: float(cut["q"]))
        assert (best["method"], best["classes"]) == (row["method"], row["classes"])
        assert float(best["q"]) == pytest.approx(float(row["q"]), rel=1e-12)
        assert all(cut["q"] == "" for cut in own if cut["candidate"] == "0")


def test_q_of_every_number_of_equal_intervals_and_quantiles(real, values):
    for row in real[0]["DISCRETIZATION"]:
        x, k = values[row["factor"]], int(row["classes"])
        if row["candidate"] == "0" or row["method"] not in ("equal", "quantile"):
            continue
        shares = np.arange(k + 1) / k
        breaks = np.linspace(x.min(), x.max(), k + 1) if row["method"] == "equal" else np.quantile(x, shares)
        expected = q_statistic(values["npp"], classes_by_breaks(x, breaks))
        assert float(row["q"]) == pytest.approx(expected, rel=1e-12), (row["factor"], row["method"], k)


def test_interactions(real, values, strata):
    rows = real[0]["INTERACTIONS"]
    assert [(row["factor_1"], row["factor_2"]) for row in rows] == list(combinations(BANDS[1:], 2))
    for row in rows:
        one, two = strata[row["factor_1"]], strata[row["factor_2"]]
        q_1, q_2, q_12 = (q_statistic(values["npp"], codes) for codes in (one, two, 1000 * one + two))
        assert [float(row[name]) for name in ("q_1", "q_2", "q_12")] == pytest.approx([q_1, q_2, q_12], rel=1e-12)
        assert row["interaction"] == ("enhance, nonlinear" if q_12 > q_1 + q_2 else "enhance, bi-variable")


def test_strata(real, values, strata):
    rows = by(real[0]["STRATA"], "factor", "class")
    for factor in real[0]["FACTORS"]:
        codes, breaks = strata[factor["factor"]], breaks_of(factor)
        for code in range(1, len(breaks)):
            row, own = rows.pop((factor["factor"], str(code))), values["npp"][codes == code]
            assert int(row["n"]) == own.size
            found = [float(row[name]) for name in ("lower", "upper", "mean", "std")]
            assert found == pytest.approx([breaks[code - 1], breaks[code], own.mean(), own.std()], rel=1e-10)
    assert not rows


def test_risk_is_the_test_of_welch(real, values, strata):
    stats = pytest.importorskip("scipy.stats")
    for factor in BANDS[1:]:
        rows = [row for row in real[0]["RISK"] if row["factor"] == factor]
        codes = strata[factor]
        assert len(rows) == len(list(combinations(np.unique(codes), 2)))
        for row in rows:
            one, two = (values["npp"][codes == int(row[name])] for name in ("class_1", "class_2"))
            expected = stats.ttest_ind(one, two, equal_var=False)
            assert float(row["t"]) == pytest.approx(expected.statistic, rel=1e-9)
            assert float(row["p"]) == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-290)
            assert [float(row["mean_1"]), float(row["mean_2"])] == pytest.approx([one.mean(), two.mean()], rel=1e-12)
        ordered = sorted(rows, key=lambda row: float(row["p"]))
        highest = 0.0
        for place, row in enumerate(ordered):
            highest = max(highest, min(1.0, (len(ordered) - place) * float(row["p"])))
            assert float(row["p_holm"]) == pytest.approx(highest, rel=1e-12, abs=1e-300)
            assert row["significant"] == str(int(highest < 0.05))


def test_ecological(real, values, strata):
    stats = pytest.importorskip("scipy.stats")
    size = values["npp"].size
    for row in real[0]["ECOLOGICAL"]:
        one, two = (1.0 - q_statistic(values["npp"], strata[row[name]]) for name in ("factor_1", "factor_2"))
        assert float(row["f"]) == pytest.approx(one / two, rel=1e-11)
        expected = min(1.0, 2 * stats.f.sf(max(one / two, two / one), size - 1, size - 1))
        assert float(row["p"]) == pytest.approx(expected, rel=1e-6, abs=1e-300)


def test_every_figure_shows_the_numbers_of_the_tables(real):
    found = real[0]
    bars, cuts, matrix, risk, *_collinearity = figures(found["CHART"])
    assert bars_of(bars) == pytest.approx({row["factor"]: float(row["q"]) for row in found["FACTORS"]}, rel=1e-14)
    points = [
        (trace["name"], k, q) for trace in cuts["data"] if trace["mode"] != "markers"
        for k, q in zip(trace["x"], trace["y"])
    ]
    candidates = [row for row in found["DISCRETIZATION"] if row["candidate"] == "1"]
    assert len(points) == len(candidates)
    for (method, k, q), row in zip(points, candidates):
        assert (method, k) == (METHODS[row["method"]], int(row["classes"]))
        assert q == pytest.approx(float(row["q"]), rel=1e-14)
    rings = [(trace["x"][0], trace["y"][0]) for trace in cuts["data"] if trace["mode"] == "markers"]
    assert rings == [
        (int(row["classes"]), pytest.approx(float(row["q"]), rel=1e-12)) for row in found["FACTORS"]
    ]
    heat = matrix["data"][0]
    place = {name: index for index, name in enumerate(names_of(matrix))}
    assert [heat["z"][index][index] for index in range(4)] == pytest.approx(
        [float(row["q"]) for row in found["FACTORS"]], rel=1e-14)
    for row in found["INTERACTIONS"]:
        down, across = place[row["factor_2"]], place[row["factor_1"]]
        assert heat["z"][down][across] == pytest.approx(float(row["q_12"]), rel=1e-14)
        assert row["interaction"] in heat["customdata"][down][across]
    means = [mean for trace in risk["data"] for mean in trace["y"]]
    deviations = [deviation for trace in risk["data"] for deviation in trace["error_y"]["array"]]
    counts = [number for trace in risk["data"] for number, _ in trace["customdata"]]
    assert means == pytest.approx([float(row["mean"]) for row in found["STRATA"]], rel=1e-14)
    assert deviations == pytest.approx([float(row["std"]) for row in found["STRATA"]], rel=1e-14)
    assert counts == [int(row["n"]) for row in found["STRATA"]]


def test_a_p_too_small_for_a_number_is_written_as_such(real):
    found, feedback = real
    assert float(by(found["FACTORS"], "factor")["pre"]["p_f"]) == 0.0
    assert "pre: q = 0.6622 (Geometric intervals, 8 classes), p_f < 1e-300" in feedback.log
    (said,) = [words for words in figures(found["CHART"])[0]["data"][0]["hovertext"] if words.startswith("pre: ")]
    assert said.endswith(", p < 1e-300")
    assert "<td class=\"number\">&lt; 1e-300</td>" in found["CHART"]
