"""The tables of a run: columns of their kinds, which belong together."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from testkit.geodetector import records

from nep_toolbox.core.geodetector import tables
from nep_toolbox.core.geodetector.complete_rows import CATEGORICAL, Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.detectors import QTest, strata_statistics
from nep_toolbox.core.geodetector.q_interval import q_adjusted, q_limits
from nep_toolbox.core.geodetector.settings import Settings

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


@pytest.mark.parametrize("confidence", [80.0, 95.0])
def test_factors_have_the_limits_of_their_rows_and_strata(npp, rain, confidence):
    factors = [Factor("rain", rain), Factor("soil", soil(), CATEGORICAL)]
    rain[:9] = np.nan
    for cuts in (None, {"rain": ("sd", [0.0, 300.0, 500.0, 900.0, 1e6, 2e6])}):
        result = detect(npp, factors, Settings(("equal", "sd"), confidence=confidence), cuts=cuts)
        classes = [sum(name == factor for name in result.strata.factor) for factor in ("rain", "soil")]
        assert classes == [4 if cuts else result.factors.classes[0], 3]  # none beyond 1e6
        for row, number in zip(records(result.factors), classes):
            assert (row["q_lower"], row["q_upper"]) == q_limits(row["q"], N - 9, number, confidence)
            assert row["q_adjusted"] == q_adjusted(row["q"], N - 9, number)
            assert row["q_lower"] < row["q"]
        assert result.factors.q_lower[0] > 0.3


def test_limits_in_four_years_are_those_of_the_reference(shared):
    reference = json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))["by_year"]
    for row in reference["years"].values():
        found = detect(row["y"], [Factor("strata", reference["strata"], CATEGORICAL)]).factors
        assert found.q[0] == pytest.approx(row["q"], abs=1e-12)
        assert found.p_f[0] == pytest.approx(row["p_f"], rel=1e-9)
        assert (found.q_lower[0], found.q_upper[0]) == pytest.approx(row["interval95"], abs=1e-9)


@pytest.mark.parametrize(("permutations", "expected"), [(0, [1.0, 0.0]), (99, [0.0, 1.0])])
def test_significance_follows_the_test_of_the_search_where_it_was_asked_for(permutations, expected):
    strata = strata_statistics(np.array([-1.0, 1.0, 0.5, -0.5]), np.array([0, 1, 1, 0]), 2)
    used = [
        SimpleNamespace(column=SimpleNamespace(name=name, kind=CATEGORICAL), cut=None, labels=("1", "2"), strata=strata,
                        q_cv=np.nan, codes=np.array([0, 1, 1, 0])) for name in "ab"
    ]
    tests = [QTest(0.4, 0.5, 0.01), QTest(0.4, 0.5, 0.2)]
    table = tables.factor_table(used, tests, np.array([0.3, 0.02]), Settings(permutations=permutations),
                                lambda _share: None)
    assert table.significant.tolist() == expected
