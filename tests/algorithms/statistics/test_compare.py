"""nep:compare: the reference results through files, sites, a second product, classes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer
from testkit.comparison import FIELDS, LEFT, SIZE, TOP, YEARS, as_number, centre, compared, points, series, values
from testkit.rasters import numbers, write_raster
from testkit.tools import Feedback

from nep_toolbox.core.validation.scores import scores
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

NUMBERS = ("n", "bias", "rmse", "mae", "r", "r2", "nse", "kge_2009", "kge_2012", "kge_2021", "slope", "intercept", "p",
           "sd_ratio", "crmse", "taylor")

#: What the reference calls the scores that have another name there.
THEIRS = {
    "kge_2009": "kge2009", "kge_2012": "kge2012", "kge_2021": "kge2021", "s_bias": "ilamb_bias",
    "s_rmse": "ilamb_rmse", "s_iav": "ilamb_iav", "slope": "slope_ma", "intercept": "intercept_ma",
    "taylor": "taylor_score",
}


def assert_scores(row: dict, expected: dict, names=NUMBERS) -> None:
    for name in names:
        assert as_number(row[name]) == pytest.approx(expected[name], rel=1e-10, abs=1e-12, nan_ok=True), name


@pytest.fixture
def stack() -> np.ndarray:
    return values()


@pytest.mark.parametrize("case", ["good", "biased", "near_zero_mean", "anti", "constant_sim", "three", "missing"])
def test_reference_results_through_points_and_a_second_product(shared, tmp_path, case):
    pairs = json.loads((shared / "reference" / "validation_scores.json").read_text(encoding="utf-8"))["pairs"][case]
    observed, simulated = (np.array([np.nan if value is None else value for value in pairs[key]])
                           for key in ("obs", "sim"))
    years = list(range(1990, 1990 + observed.size))
    inputs = {
        "INPUT": series(tmp_path / "nep.tif", simulated[:, None, None], years, kind="float64"),
        "REFERENCE": series(tmp_path / "other.tif", observed[:, None, None], years, kind="float64"),
        "POINTS": points([("a", *pair, centre(0, 0)) for pair in zip(years, observed.tolist())]), **FIELDS,
    }
    found, _pairs = compared(tmp_path, **inputs)
    assert set(found) == {("other", "all"), ("towers", "all"), ("towers", "a")}
    expected = pairs["scores"]
    for row in found.values():
        for name in (*NUMBERS, "s_bias", "s_rmse", "s_iav"):
            value = expected.get(THEIRS.get(name, name))
            assert value is None or float(row[name]) == pytest.approx(value, rel=1e-10), name
        assert case != "constant_sim" or row["r"] == row["kge_2021"] == row["slope"] == ""


def test_sites_have_the_values_of_their_pixels(tmp_path, stack):
    places = {"north": (1, 5), "south": (4, 0)}
    rows = [(name, year, 10.0 * year + row, centre(row, col)) for name, (row, col) in places.items() for year in YEARS]
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack, kind="float64"), "POINTS": points(rows[::-1]), **FIELDS}
    found, pairs = compared(tmp_path, **inputs)
    assert [(row["group"], int(row["year"])) for row in pairs] == [(name, year) for name in places for year in YEARS]
    for row in pairs:
        place = places[row["group"]]
        assert float(row["simulated"]) == stack[YEARS.index(int(row["year"])), place[0], place[1]]
        assert float(row["difference"]) == pytest.approx(float(row["simulated"]) - float(row["observed"]))
    for name, (row, col) in places.items():
        assert_scores(found["towers", name], scores([10.0 * year + row for year in YEARS], stack[:, row, col]))
    assert int(found["towers", "all"]["n"]) == 12 and int(found["towers", "all"]["years"]) == 6
    means = np.mean([stack[:, row, col] for row, col in places.values()], axis=0)
    by_year = scores([np.mean([10.0 * year + row for row, _ in places.values()]) for year in YEARS], means)
    assert_scores(found["towers", "all"], by_year, ("s_bias", "s_rmse", "s_iav"))


def test_a_reversed_sign_is_that_of_the_observed_values(tmp_path, stack):
    nep = series(tmp_path / "nep.tif", stack)
    nee = series(tmp_path / "nee.tif", -stack[..., ::-1])
    turned = series(tmp_path / "turned.tif", stack[..., ::-1])
    rows = [("a", year, value, centre(2, 2)) for year, value in zip(YEARS, (-stack[:, 2, 2] * 1.1).tolist())]
    feedback = Feedback()
    compared(tmp_path, feedback, INPUT=nep, POINTS=points(rows), **FIELDS)
    assert any("count the other way" in warning and "(SIGN)" in warning for warning in feedback.warnings)
    feedback = Feedback()
    found, _pairs = compared(tmp_path, feedback, INPUT=nep, POINTS=points(rows), REFERENCE=nee, SIGN=1, **FIELDS)
    assert not feedback.warnings
    assert float(found["towers", "all"]["r"]) == pytest.approx(1.0)
    plain, _pairs = compared(tmp_path, INPUT=nep, REFERENCE=turned)
    assert_scores(found["NEE", "all"], {key: as_number(plain["turned", "all"][key]) for key in NUMBERS})


def test_classes_and_maps_of_a_second_product(tmp_path, stack):
    other = stack * 0.9 + np.random.default_rng(4).normal(0, 10, stack.shape)
    other[:, 0, 0], other[4:, 1, 1], stack[:4, 1, 1] = -9999, -9999, -9999
    classes = np.full((5, 7), 2.0)
    classes[:, 4:], classes[4, 6] = 5, -9999
    file = write_raster(tmp_path / "cover.tif", classes, nodata=-9999)
    inputs = {
        "INPUT": series(tmp_path / "nep.tif", stack, kind="float64"), "CLASSES": file,
        "REFERENCE": series(tmp_path / "other.tif", other[1:], YEARS[1:], kind="float64"),
        "BIAS": str(tmp_path / "bias.tif"), "RMSE": str(tmp_path / "rmse.tif"), "CHART": str(tmp_path / "c.html"),
    }
    feedback = Feedback()
    found, pairs = compared(tmp_path, feedback, **inputs)
    assert any("lacks these years: 2001" in warning for warning in feedback.warnings)
    o, s = (np.where(each == -9999, np.nan, each)[1:] for each in (other, stack))
    both = np.isfinite(o) & np.isfinite(s)
    for group, inside in {"all": classes != 0, "2": classes == 2, "5": classes == 5}.items():
        chosen = both & inside
        assert_scores(found["other", group], scores(o[chosen], s[chosen]))
        means = [[values[year][chosen[year]].mean() for year in range(5)] for values in (o, s)]
        assert_scores(found["other", group], scores(*means), ("s_bias", "s_rmse", "s_iav"))
        here = [row for row in pairs if row["group"] == group]
        assert [int(row["n"]) for row in here] == chosen.sum(axis=(1, 2)).tolist()
        np.testing.assert_allclose([float(row["observed"]) for row in here], means[0], rtol=1e-12)
        difference = np.subtract(*means[::-1])
        np.testing.assert_allclose([float(row["difference"]) for row in here], difference, rtol=1e-9)
    difference = np.where(both, s - o, np.nan)
    assert np.isnan(numbers(inputs["BIAS"])[[0, 1], [0, 1]]).all()  # no pair, and two years
    few = both.sum(axis=0) < 3
    for name, expected in (("BIAS", difference.sum(axis=0) / 5), ("RMSE", np.sqrt((difference**2).sum(axis=0) / 5))):
        np.testing.assert_allclose(numbers(inputs[name]), np.where(few, np.nan, expected), rtol=1e-6)
    assert "Diagram of Taylor" in (tmp_path / "c.html").read_text(encoding="utf-8")


def test_neither_blocks_nor_threads_change_a_bit(tmp_path, monkeypatch):
    rng = np.random.default_rng(9)
    values = rng.normal(300, 80, (2, 4, 70, 600)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = -9999
    inputs = {
        "INPUT": series(tmp_path / "nep.tif", values[0], YEARS[:4]), "BIAS": str(tmp_path / "bias.tif"),
        "REFERENCE": series(tmp_path / "other.tif", values[1], YEARS[:4]), "CHART": str(tmp_path / "c.html"),
        "CLASSES": write_raster(tmp_path / "cover.tif", rng.integers(1, 6, (70, 600))),
    }
    found = []
    for block, threads in ((None, 1), ((256, 16), 2), ((600, 32), 2)):
        monkeypatch.setattr(Run, "block", block)
        tables = compared(tmp_path, **inputs, THREADS=threads)
        page = (tmp_path / "c.html").read_text(encoding="utf-8")
        found.append((*tables, numbers(inputs["BIAS"]).tobytes(), page))
    assert found[0] == found[1] == found[2]
    assert len(found[0][0]) == 6


def test_classes_of_sites(tmp_path, stack):
    cover = write_raster(tmp_path / "cover.tif", np.where(np.arange(7) < 3, 1.0, 4.0) * np.ones((5, 1)))
    rows = [(f"{row}/{col}", year, float(year + col), centre(row, col)) for row, col in ((0, 0), (3, 2), (2, 6))
            for year in YEARS]
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack, kind="float64"), "POINTS": points(rows), **FIELDS}
    found, pairs = compared(tmp_path, **inputs, CLASSES=cover)
    assert list(found) == [("towers", group) for group in ("all", "1", "4", "0/0", "2/6", "3/2")]
    assert [row["class"] for row in pairs] == ["1"] * 6 + ["4"] * 6 + ["1"] * 6
    assert_scores(found["towers", "4"], {key: as_number(found["towers", "2/6"][key]) for key in NUMBERS})
    assert int(found["towers", "1"]["n"]) == 12


def test_maps_are_of_a_second_product_alone(tmp_path, stack):
    rows = [("a", year, float(year), centre(0, 0)) for year in YEARS]
    inputs = {"INPUT": series(tmp_path / "nep.tif", stack), "POINTS": points(rows), **FIELDS}
    message = refused(tmp_path, **inputs, BIAS=str(tmp_path / "bias.tif"))
    assert "(BIAS)" in message and "(REFERENCE). Give it, or leave the maps out." in message
    assert not (tmp_path / "bias.tif").exists()


def refused(tmp_path, **parameters) -> str:
    feedback = Feedback()
    with pytest.raises((QgsProcessingException, AssertionError)) as caught:
        compared(tmp_path, feedback, **parameters)
    # An error while the layers are read is in the log only.
    return str(caught.value) if caught.type is QgsProcessingException else "\n".join(feedback.errors)


def test_bad_input(tmp_path, stack):
    nep = series(tmp_path / "nep.tif", stack)
    towers = points([("a", year, 1.0, centre(0, 0)) for year in YEARS])
    assert "Give 'Sites with annual values' (POINTS), 'Second product' (REFERENCE)" in refused(tmp_path, INPUT=nep)
    assert "(YEAR_FIELD)" in refused(tmp_path, INPUT=nep, POINTS=towers, VALUE_FIELD="nee")
    wrong = {**FIELDS, "VALUE_FIELD": "gpp"}
    assert "no field 'gpp'" in refused(tmp_path, INPUT=nep, POINTS=towers, **wrong)
    words = {**FIELDS, "VALUE_FIELD": "site"}
    assert "no row with a year and a value" in refused(tmp_path, INPUT=nep, POINTS=towers, **words)
    lines = QgsVectorLayer("LineString?crs=EPSG:32650&field=site:string", "roads", "memory")
    assert "'roads' holds lines" in refused(tmp_path, INPUT=nep, POINTS=lines, **FIELDS)
    far = points([("a", 2003, 1.0, (0.0, 0.0))])
    assert "beyond the raster" in refused(tmp_path, INPUT=nep, POINTS=far, **FIELDS)
    late = points([("a", 2030, 1.0, centre(0, 0))])
    assert "2001 to 2006, the sites of 2030 to 2030" in refused(tmp_path, INPUT=nep, POINTS=late, **FIELDS)
    listed = tmp_path / "list.csv"
    listed.write_text("site,year,nee\na,2003,1\n", encoding="utf-8")
    assert "longitude and latitude" in refused(tmp_path, INPUT=nep, POINTS=str(listed), **FIELDS)


def test_a_second_product_that_does_not_fit(tmp_path, stack):
    nep = series(tmp_path / "nep.tif", stack)
    shifted = series(tmp_path / "other.tif", stack, transform=(LEFT + 15, SIZE, 0, TOP, 0, -SIZE))
    assert "'other' does not lie on the grid of 'nep'" in refused(tmp_path, INPUT=nep, REFERENCE=shifted)
    later = series(tmp_path / "later.tif", stack, [year + 10 for year in YEARS])
    assert "no year in common" in refused(tmp_path, INPUT=nep, REFERENCE=later)
    empty = series(tmp_path / "empty.tif", np.full_like(stack, -9999))
    assert "No pixel has a value of 'nep' and of 'empty'" in refused(tmp_path, INPUT=nep, REFERENCE=empty)
