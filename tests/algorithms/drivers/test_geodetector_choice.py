"""CHOICE of both geodetector tools: the one-standard-error rule through files, by year, and in the log."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.geodetector import breaks_of, by, classes_by_breaks, detect, q_statistic, write_csv
from testkit.rasters import write_raster
from testkit.tools import Feedback, run

from nep_toolbox.core.geodetector.honest_choice import cross_validated_categories, folds_of

pytestmark = pytest.mark.usefixtures("provider")

TABLE_TOOL, RASTER_TOOL = "nep:geodetectortable", "nep:geodetector"
EMPTY = ("", "NULL")
SHAPE = (18, 20)
SEED = 3
CHOSEN = ("method", "classes", "q_cv")


@pytest.fixture(scope="module")
def columns() -> dict:
    """A target that rain and soil say something of, and a factor that says nothing."""
    rng = np.random.default_rng(11)
    size = SHAPE[0] * SHAPE[1]
    rain, soil = rng.normal(600, 150, size), rng.integers(1, 5, size)
    npp = 0.4 * rain + 30 * (soil > 2) + rng.normal(0, 60, size)
    return {"npp": npp, "rain": rain, "noise": rng.random(size), "soil": soil}


@pytest.fixture(scope="module")
def path(columns, tmp_path_factory) -> str:
    return write_csv(
        tmp_path_factory.mktemp("choice") / "in.csv", columns, ["Real", "Real", "Real", "Integer"]
    )


GIVEN = {"TARGET": "npp", "CONTINUOUS": ["rain", "noise"], "CATEGORICAL": ["soil"]}


@pytest.fixture(scope="module")
def honest(path, tmp_path_factory) -> tuple:
    """All tables of CHOICE 1, and what was said."""
    feedback, folder = Feedback(), tmp_path_factory.mktemp("honest")
    return detect(TABLE_TOOL, folder, feedback, INPUT=path, CHOICE=1, SEED=SEED, **GIVEN), feedback


@pytest.fixture(scope="module")
def largest(path, tmp_path_factory) -> dict:
    return detect(TABLE_TOOL, tmp_path_factory.mktemp("largest"), INPUT=path, **GIVEN)


def test_the_cut_is_the_one_that_the_table_of_cuts_says(honest, largest):
    rows = honest[0]["DISCRETIZATION"]
    for factor in ("rain", "noise"):
        tried = [row for row in rows if row["factor"] == factor and row["cv_mse"] not in EMPTY]
        assert len(tried) > 10
        error = [float(row["cv_mse"]) for row in tried]
        best = int(np.argmin(error))
        good = [place for place in range(len(tried)) if error[place] <= error[best] + float(tried[best]["cv_se"])]
        fewest = min(int(tried[place]["classes"]) for place in good)
        taken = min((error[place], place) for place in good if int(tried[place]["classes"]) == fewest)[1]
        row = by(honest[0]["FACTORS"], "factor")[factor]
        assert [row[name] for name in CHOSEN] == [tried[taken][name] for name in CHOSEN]
        assert int(row["classes"]) < int(by(largest["FACTORS"], "factor")[factor]["classes"])
    columns = ("factor", "method", "classes", "q", "candidate")
    assert [[row[name] for name in columns] for row in rows] == [
        [row[name] for name in columns] for row in largest["DISCRETIZATION"]
    ]


def test_q_and_strata_are_those_on_all_rows(honest, columns):
    for row in honest[0]["FACTORS"][:2]:
        codes = classes_by_breaks(columns[row["factor"]], breaks_of(row))
        assert float(row["q"]) == pytest.approx(q_statistic(columns["npp"], codes), rel=1e-12)
        strata = [int(each["n"]) for each in honest[0]["STRATA"] if each["factor"] == row["factor"]]
        assert strata == np.bincount(codes)[1:].tolist()


def test_q_cv_is_that_of_rows_with_no_part_in_the_cut(honest, columns):
    """Of the categories row by row; of noise it is near 0, of rain below q."""
    factors = by(honest[0]["FACTORS"], "factor")
    target, folds = columns["npp"], folds_of(columns["npp"].size, SEED)
    found = cross_validated_categories(target - target.mean(), columns["soil"] - 1, 4, folds)
    assert float(factors["soil"]["q_cv"]) == pytest.approx(found.q_cv, rel=1e-12)
    assert float(factors["noise"]["q_cv"]) < 0.02
    assert float(factors["noise"]["q_cv"]) < float(factors["rain"]["q_cv"]) < float(factors["rain"]["q"])


def test_the_log_tells_of_it(honest):
    found, feedback = honest
    factors = by(found["FACTORS"], "factor")
    lines = feedback.infos[feedback.infos.index("Cross-validation in 10 parts:"):][1:4]
    for line, name in zip(lines, ("rain", "noise", "soil")):
        assert line.startswith(f"  {name}: q_cv = {float(factors[name]['q_cv']):.4g}")
    assert "; the largest q, " in lines[0] and lines[2].endswith(f"{float(factors['soil']['q_cv']):.4g}")


def test_the_largest_q_stays_the_default_and_is_not_judged(largest, path, tmp_path):
    given = detect(TABLE_TOOL, tmp_path, INPUT=path, CHOICE=0, SEED=99, **GIVEN)
    assert given == largest
    assert all(row["q_cv"] in EMPTY for row in largest["FACTORS"])
    assert all(row[name] in EMPTY for row in largest["DISCRETIZATION"] for name in ("cv_mse", "cv_se", "q_cv"))


def test_rasters_give_the_numbers_of_the_table_in_blocks_of_any_shape(honest, columns, tmp_path):
    files = {
        name: write_raster(tmp_path / f"{name}.tif", values.reshape(SHAPE), kind="float64")
        for name, values in columns.items()
    }
    found = detect(
        RASTER_TOOL, tmp_path / "out", TARGET=files["npp"], CONTINUOUS=[files["rain"], files["noise"]],
        CATEGORICAL=[files["soil"]], CHOICE=1, SEED=SEED, THREADS=2,
    )
    for name in ("FACTORS", "DISCRETIZATION"):
        assert found[name] == honest[0][name]


def test_later_years_by_the_cuts_of_the_first_are_not_chosen_and_not_judged(columns, tmp_path):
    shaped = {name: values.reshape(SHAPE) for name, values in columns.items()}
    target = write_raster(
        tmp_path / "npp.tif", np.stack([shaped["npp"], 2 * shaped["npp"] + shaped["noise"]]), kind="float64",
        descriptions=(2001, 2002),
    )
    rain, soil = (write_raster(tmp_path / f"{name}.tif", shaped[name], kind="float64") for name in ("rain", "soil"))
    found = detect(
        RASTER_TOOL, tmp_path / "out", TARGET=target, CONTINUOUS=[rain], CATEGORICAL=[soil], CHOICE=1, CUTS=1, SEED=SEED
    )
    rows = by(found["FACTORS"], "year", "factor")
    assert rows["2001", "rain"]["breaks"] == rows["2002", "rain"]["breaks"]
    assert rows["2002", "rain"]["q_cv"] in EMPTY
    assert all(rows[key]["q_cv"] not in EMPTY for key in rows if key != ("2002", "rain"))


def test_what_cannot_be_cross_validated_is_said(path, tmp_path):
    few = write_csv(tmp_path / "few.csv", {"npp": np.arange(9.0) ** 2, "rain": np.arange(9.0) % 4}, ["Real", "Real"])
    with pytest.raises(QgsProcessingException, match="takes 10 complete rows or more, and there are 9"):
        detect(TABLE_TOOL, tmp_path / "few", INPUT=few, TARGET="npp", CONTINUOUS=["rain"], CHOICE=1)
    with pytest.raises(QgsProcessingException):
        detect(TABLE_TOOL, tmp_path / "two", INPUT=path, CHOICE=2, **GIVEN)


def test_a_run_is_cancelled_within_the_cross_validation(path, tmp_path):
    whole = Feedback()
    detect(TABLE_TOOL, tmp_path / "whole", whole, INPUT=path, CHOICE=1, **GIVEN)
    feedback, results = Feedback(cancel_after=whole.moves // 2), tmp_path / "factors.csv"
    run(TABLE_TOOL, {"INPUT": path, "CHOICE": 1, "FACTORS": str(results), **GIVEN}, feedback)
    assert whole.moves // 2 <= feedback.moves < whole.moves // 2 + 3
    assert not results.exists()
