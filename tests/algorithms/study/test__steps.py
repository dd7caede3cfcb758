"""The list of the steps."""

from __future__ import annotations

import pytest
from testkit.tools import algorithm

from nep_toolbox.algorithms.study._steps import STEPS
from nep_toolbox.algorithms.study._work import SERIES

pytestmark = pytest.mark.usefixtures("provider")

NAMES = """
    prepare productivity statistics source_sink frequency trend centre hurst future hindcast correlation landcover
    landcover_statistics landcover_effect detector attribution drivers uncertainty figures project report
"""

#: Parameters that change no result: where it goes, how it is computed, whether it is kept.
_FREE = {"OUTPUT_FOLDER", "THREADS", "MEMORY", "SCHEDULER", "REUSE"}
#: What the fingerprint of the inputs holds itself.
_INPUTS = {"NPP", "TEMPERATURE", "PRECIPITATION", "LANDCOVER", "CONTINUOUS", "CATEGORICAL", "MASK", "REGIONS",
           "REGION_FIELD"}


def test_their_names_are_fixed():
    assert [step.name for step in STEPS] == NAMES.split()


def test_a_step_needs_only_those_before_it():
    for place, step in enumerate(STEPS):
        before = {each.name for each in STEPS[:place]} | {SERIES}
        assert {*step.needs, *step.uses} <= before, step.name


def test_every_parameter_counts_somewhere():
    study = algorithm("nep:study")  # which owns its definitions
    known = {each.name() for each in study.parameterDefinitions()}
    keys = {key for step in STEPS for key in step.keys}
    assert known - _FREE - _INPUTS == keys
