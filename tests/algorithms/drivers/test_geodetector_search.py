"""PERMUTATIONS of both geodetector tools: p of the whole search through files, by year, and what follows from it."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.geodetector import by, write_csv
from testkit.rasters import write_raster
from testkit.tools import Feedback, run, table

from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.settings import Settings

pytestmark = pytest.mark.usefixtures("provider")

TABLE_TOOL, RASTER_TOOL = "nep:geodetectortable", "nep:geodetector"
SHAPE = (12, 15)


@pytest.fixture(scope="module")
def columns() -> dict:
    """A target that rain says something of, and two factors that have nothing to do with it."""
    rng = np.random.default_rng(64)
    size = SHAPE[0] * SHAPE[1]
    rain = rng.random(size).astype(np.float32)
    npp = (3 * rain + rng.normal(0, 0.5, size)).astype(np.float32)
    return {
        "npp": npp, "rain": rain, "lucky": (rng.random(size) + 0.1 * rain).astype(np.float32),
        "soil": rng.integers(1, 5, size),
    }


@pytest.fixture(scope="module")
def kernel(columns):
    factors = [Factor(name, columns[name].astype(float)) for name in ("rain", "lucky")]
    factors.append(Factor("soil", columns["soil"], CATEGORICAL))
    return detect(columns["npp"].astype(float), factors, Settings(permutations=99, seed=7)).factors


def same_as(kernel, rows: list) -> None:
    found = by(rows, "factor")
    assert list(found) == list(kernel.factor)
    assert [float(row["p_search"]) for row in found.values()] == kernel.p_search.tolist()
    assert [float(row["significant"]) for row in found.values()] == kernel.significant.tolist()
    assert kernel.significant.tolist() == (kernel.p_search < 0.05).tolist()


def test_a_table(columns, kernel, tmp_path):
    given = {
        "INPUT": write_csv(tmp_path / "in.csv", columns, ["Real", "Real", "Real", "Integer"]), "TARGET": "npp",
        "CONTINUOUS": ["rain", "lucky"], "CATEGORICAL": ["soil"],
    }
    feedback = Feedback()
    run(TABLE_TOOL, {**given, "PERMUTATIONS": 99, "SEED": 7, "FACTORS": str(tmp_path / "out.csv")}, feedback)
    same_as(kernel, table(tmp_path / "out.csv"))
    assert any("against those of 99 permutations" in text for text in feedback.infos)
    run(TABLE_TOOL, {**given, "FACTORS": str(tmp_path / "plain.csv")})
    plain = table(tmp_path / "plain.csv")
    assert {row["p_search"] for row in plain} <= {"", "NULL"}
    assert [row["q"] for row in plain] == [row["q"] for row in table(tmp_path / "out.csv")]


@pytest.fixture
def rasters(columns, tmp_path) -> dict:
    return {
        name: write_raster(tmp_path / f"{name}.tif", values.reshape(SHAPE)) for name, values in columns.items()
    }


def test_rasters_whatever_the_blocks_and_threads(rasters, kernel, tmp_path):
    given = {
        "TARGET": rasters["npp"], "CONTINUOUS": [rasters["rain"], rasters["lucky"]], "CATEGORICAL": [rasters["soil"]],
        "PERMUTATIONS": 99, "SEED": 7, "FACTORS": str(tmp_path / "out.csv"),
    }
    for options in ({}, {"THREADS": 2, "MEMORY": 64}):
        run(RASTER_TOOL, {**given, **options})
        same_as(kernel, table(tmp_path / "out.csv"))


def test_negative_permutations_are_refused(rasters, tmp_path):
    with pytest.raises(QgsProcessingException, match="PERMUTATIONS"):
        run(RASTER_TOOL, {
            "TARGET": rasters["npp"], "CONTINUOUS": [rasters["rain"]], "PERMUTATIONS": -1,
            "FACTORS": str(tmp_path / "out.csv"),
        })
