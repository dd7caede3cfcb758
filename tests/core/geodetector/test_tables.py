"""The tables of a run: columns of their kinds, which belong together."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.geodetector import records

from nep_toolbox.core.geodetector import tables
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect

N = 240


@pytest.fixture
def rain():
    return np.random.default_rng(1).gamma(2.0, 300.0, size=N)


@pytest.fixture
def npp(rain):
    return 100 + 0.2 * rain + np.random.default_rng(2).normal(size=N) * 20


def soil():
    return [("clay", "loam", "sand")[i % 3] for i in range(N)]


def test_tables_have_columns_of_their_kinds(npp, rain):
    result = detect(npp, [Factor("rain", rain), Factor("soil", soil(), CATEGORICAL)], target_name="npp_2010")
    assert result.target == "npp_2010"
    assert (result.rows, result.rows_left_out) == (N, 0)
    kinds = {
        "factors": tables.Factors, "interactions": tables.Interactions, "risk": tables.Risk,
        "strata": tables.StrataTable, "ecological": tables.Ecological,
        "discretization": tables.Discretization, "collinearity": tables.Collinearity,
    }
    texts = {"factor", "kind", "method", "factor_1", "factor_2", "interaction", "class_", "class_1", "class_2"}
    for name, kind in kinds.items():
        table = getattr(result, name)
        assert type(table) is kind
        assert len({len(column) for column in table}) == 1 and len(table[0])
        for column, values in zip(table._fields, table):
            if column in texts:
                assert isinstance(values, tuple) and {type(value) for value in values} <= {str, type(None)}
            elif column == "breaks":
                assert {(type(value), value.dtype.kind) for value in values} == {(np.ndarray, "f")}
            else:
                assert values.dtype == (np.int64 if column in ("classes", "n") else np.float64), column
            if column in ("significant", "candidate"):
                assert set(values) <= {0.0, 1.0}
    assert len(result.discretization.factor) == 5 * 6  # of rain alone
    assert sum(row["n"] for row in records(result.strata) if row["factor"] == "rain") == N
    rows = [row for row in records(result.strata) if row["factor"] == "rain"]
    assert [row["class"] for row in rows] == [str(j + 1) for j in range(len(rows))]
    chosen = next(row for row in records(result.factors) if row["factor"] == "rain")
    assert chosen["breaks"] == tuple([rows[0]["lower"]] + [row["upper"] for row in rows])
    assert [row["class"] for row in records(result.strata) if row["factor"] == "soil"] == ["clay", "loam", "sand"]
