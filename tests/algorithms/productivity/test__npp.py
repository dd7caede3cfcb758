"""NPP as both tools take it: what is told of its values; through files it is read by the tests of these tools."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.algorithms.productivity._npp import LACKING_SHARE, _tell_gaps


class Log:
    def __init__(self):
        self.said: list = []

    def info(self, text):
        self.said.append(("info", text))

    def warn(self, text):
        self.said.append(("warn", text))


@pytest.mark.parametrize(("lacking", "kind"), [(5, "info"), (6, "warn")])
def test_gaps_are_worth_a_warning_where_they_are_many(lacking, kind):
    log = Log()
    _tell_gaps(log, 1000, lacking)
    (found,) = log.said
    assert found[0] == kind
    assert found[1].startswith(f"{lacking} of 1000 pixels with NPP have no climate")
    assert ("FILL_RIM" in found[1]) == (kind == "warn")
    assert LACKING_SHARE * 1000 == 5


def test_nothing_is_told_without_gaps():
    log = Log()
    _tell_gaps(log, *map(int, np.array([1000, 0])))
    assert log.said == []
