"""What the log tells of the test of the whole search."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.drivers._search_test import tell_search
from nep_toolbox.core.geodetector.complete_rows import Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.settings import Settings

RNG = np.random.default_rng(64)
RAIN = RNG.random(80)
TARGET = 3 * RAIN + RNG.normal(0, 0.5, 80)
LUCKY = RNG.random(80) + 0.28 * RAIN


class Log:
    """What was said."""

    def __init__(self):
        self.infos, self.warnings = [], []
        self.info, self.warn = self.infos.append, self.warnings.append


def told(**settings) -> tuple:
    asked, log = Settings(**settings), Log()
    table = detect(TARGET, [Factor("rain", RAIN), Factor("lucky", LUCKY)], asked).factors
    tell_search(log, table, asked)
    return log, table


def test_p_of_each_search_and_what_is_significant_without_it_alone():
    log, table = told(permutations=199)
    assert table.p_f[1] < 0.05 < table.p_search[1]
    assert log.infos == [
        "The largest q of each search against those of 199 permutations:",
        "  rain: p_search = 0.005",
        f"  lucky: p_search = {table.p_search[1]:.3g}",
    ]
    assert log.warnings == [
        "Not significant once the search is taken into account, though p_f is below 0.05: 'lucky'."
    ]


def test_no_warning_where_both_agree():
    log, table = told(permutations=199, alpha=0.5)
    assert (table.p_search < 0.5).all()
    assert log.warnings == []


@pytest.mark.parametrize(("permutations", "warned"), [(19, True), (20, False)])
def test_too_few_permutations_are_told(permutations, warned):
    log, _table = told(permutations=permutations)
    told_so = [text for text in log.warnings if "no p_search below 0.05, so that no factor can be" in text]
    assert bool(told_so) == warned


def test_nothing_is_told_without_permutations():
    log, _table = told()
    assert log.infos == log.warnings == []
