"""What a run is asked for, checked before anything is computed."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.geodetector.complete_rows import Factor
from nep_toolbox.core.geodetector.detect import detect
from nep_toolbox.core.geodetector.discretize import METHODS
from nep_toolbox.core.geodetector.settings import DEFAULT, LARGEST_Q, ONE_STANDARD_ERROR, Settings
from nep_toolbox.errors import InvalidParameter


def test_nothing_new_is_asked_for_by_default():
    assert tuple(DEFAULT) == (METHODS, 3, 8, 0.05, 95.0, LARGEST_Q, 0, 1)
    assert list(DEFAULT.counts) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "arguments",
    [{"confidence": 0.1}, {"confidence": 99.9}, {"choice": ONE_STANDARD_ERROR}, {"permutations": 1}, {"seed": 0},
     {"seed": 2**32 - 1}, {"min_classes": 2, "max_classes": 2}],
)
def test_the_ends_of_what_makes_sense(arguments):
    Settings(**arguments).check()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"methods": ["equal", "jenks"]}, "no method 'jenks'"),
        ({"methods": []}, "no method of discretisation is chosen"),
        ({"min_classes": 1}, "from 1 to 8"),
        ({"min_classes": 5, "max_classes": 4}, "from 5 to 4"),
        ({"alpha": 5}, "level of significance of 5"),
        ({"alpha": -0.05}, "level of significance of -0.05"),
        ({"alpha": 0}, "level of significance of 0"),
        ({"alpha": 1}, "level of significance of 1"),
        ({"confidence": 0}, "confidence of 0 %"),
        ({"confidence": 100}, "confidence of 100 %"),
        ({"choice": 2}, "no choice 2"),
        ({"permutations": -1}, "-1 permutations"),
        ({"seed": -1}, "a seed of -1"),
        ({"seed": 2**32}, "a seed of 4294967296"),
    ],
)
def test_settings_that_make_no_sense(arguments, message):
    factor = Factor("rain", np.arange(9.0))
    with pytest.raises(InvalidParameter, match=message):
        detect(np.arange(9.0) ** 2, [factor], Settings(**arguments))
