"""What the log tells of factors that say the same."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.geodetector import write_csv
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.drivers._collinearity import strong_pairs, tell_collinear
from nep_toolbox.core.geodetector.complete_rows import Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.settings import Settings


class Log:
    """Keeps what it is told."""

    def __init__(self):
        self.infos, self.warnings = [], []
        self.info, self.warn = self.infos.append, self.warnings.append


def told(columns: dict) -> Log:
    log = Log()
    tell_collinear(log, result_of(columns))
    return log


def result_of(columns: dict):
    target = np.random.default_rng(0).normal(size=len(next(iter(columns.values()))))
    return detect(target, [Factor(name, values) for name, values in columns.items()], Settings(("quantile",), 3, 3))


def of_correlation(r: float, rows: int = 500) -> tuple:
    """Two columns whose sample correlation is r."""
    a, b = np.random.default_rng(3).normal(size=(2, rows))
    a, b = a - a.mean(), b - b.mean()
    b -= a * (a @ b) / (a @ a)
    return a, r * a / np.sqrt(a @ a) + np.sqrt(1 - r * r) * b / np.sqrt(b @ b)


def test_a_vif_above_ten_is_warned_of_by_name_and_a_pair_beyond_nine_tenths_is_named():
    # Of two factors VIF = 1 / (1 - r^2): 10.26 at 0.95, 9.14 at 0.944.
    a, b = of_correlation(-0.95)
    log = told({"rain": a, "cold": b, "dust": np.random.default_rng(9).normal(size=500)})
    [warning] = log.warnings
    assert "rain (VIF 10." in warning and "cold (VIF 10." in warning and "dust" not in warning
    assert log.infos == ["Correlations beyond 0.9: rain and cold (r = -0.9500)."]
    log = told(dict(zip(("rain", "cold"), of_correlation(0.944))))
    assert log.warnings == [] and log.infos == ["Correlations beyond 0.9: rain and cold (r = 0.9440)."]
    log = told(dict(zip(("rain", "cold"), of_correlation(0.899))))
    assert log.warnings == [] and log.infos == []


def test_dependent_factors_are_told_apart_from_a_constant_one():
    a, _b = of_correlation(0.5)
    log = told({"rain": a, "flat": np.ones(500), "twice": 2 * a + 1})
    assert log.warnings == [
        "Linearly dependent on other factors, so that their VIF is infinite and left empty: rain, twice."
    ]
    assert log.infos == ["Correlations beyond 0.9: rain and twice (r = 1.0000)."]


def test_pairs_come_by_strength_and_only_so_many():
    a, noise = of_correlation(0.0)
    columns = {f"f{place}": a / np.sqrt(a @ a) + 0.02 * place * noise / np.sqrt(noise @ noise) for place in range(1, 7)}
    pairs = strong_pairs(result_of(columns))
    assert len(pairs) == 15 and [r for *_names, r in pairs] == sorted((r for *_names, r in pairs), reverse=True)
    for one, other, r in pairs:
        assert r == pytest.approx(np.corrcoef(columns[one], columns[other])[0, 1], rel=1e-12)
    [line] = told(columns).infos
    assert line.count("(r = ") == 12 and line.endswith(", and 3 more pairs.")


@pytest.mark.usefixtures("provider")
def test_the_tool_on_a_table_tells_it_too(tmp_path):
    a, b = of_correlation(0.96)
    path = write_csv(tmp_path / "t.csv", {"y": (a + b).tolist(), "rain": a.tolist(), "cold": b.tolist()})
    feedback = Feedback()
    run("nep:geodetectortable", {"INPUT": path, "TARGET": "y", "CONTINUOUS": ["rain", "cold"], "METHODS": [0],
                                 "FACTORS": str(tmp_path / "f.csv")}, feedback)
    assert "rain and cold (r = 0.9600)" in feedback.log
    assert any("rain (VIF 12.7" in warning and "cold (VIF 12.7" in warning for warning in feedback.warnings)
