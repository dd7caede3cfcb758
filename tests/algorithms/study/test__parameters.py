"""The parameters of a study."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingParameterDefinition
from testkit.tools import algorithm

from nep_toolbox.algorithms.study._parameters import NO_RESPIRATION

pytestmark = pytest.mark.usefixtures("provider")

BASIC = [
    "NPP", "TEMPERATURE", "PRECIPITATION", "VARIABLE", "UNIT", "REGION_NAME", "MASK", "REGIONS", "REGION_FIELD",
    "LANDCOVER", "CLASS_NAMES", "EXCLUDE_CLASSES", "LC_YEARS", "CONTINUOUS", "CATEGORICAL", "FACTOR_NAMES",
    "DETECTOR_YEARS", "MAP_YEARS", "STAGES", "OUTPUT_FOLDER",
]

DEFAULTS = {
    "NPP_SCALE": 1, "TEMPERATURE_SCALE": 1, "PRECIPITATION_SCALE": 1, "FORCING": 0, "VARIABLE": "NEP",
    "UNIT": "gC m-2 yr-1", "PREPARE": 1, "INCLUDE_CLIMATE": True, "INCLUDE_LANDCOVER": True, "ALPHA": 0.05,
    "MIN_OBSERVATIONS": 8, "CORRECTION": 0, "FIELD_SIGNIFICANCE": False, "DETREND": 1, "NEGATIVE": 0, "MIN_CLASSES": 3,
    "MAX_CLASSES": 8, "SPACING": 0, "DPI": 300, "WIDTH_MM": 174, "FORMATS": "png,svg,pdf", "LANGUAGE": 0,
    "MIN_CLASS_AREA": 0.5, "MIN_COVERAGE": 10, "REUSE": True, "A": 0.22, "B": 0.0913, "C": 0.3145, "D": 30, "E": 0.465,
}


def test_the_dialog_shows_few():
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    study = algorithm("nep:study")
    assert [each.name() for each in study.parameterDefinitions() if not each.flags() & advanced] == BASIC


def test_defaults():
    study = algorithm("nep:study")
    assert {name: study.parameterDefinition(name).defaultValue() for name in DEFAULTS} == DEFAULTS
    assert {each.name() for each in study.outputDefinitions()} == {"OUTPUT_FOLDER", "REPORT", "FIGURES", "SKIPPED"}


@pytest.mark.parametrize(("tool", "name"), [
    ("nep:productivity", "FORCING"), ("nep:trend", "CORRECTION"), ("nep:hurst", "DETREND"),
    ("nep:gravitycenter", "NEGATIVE"), ("nep:geodetector", "METHODS"),
])
def test_its_choices_are_those_of_the_tools(tool, name):
    study, other = algorithm("nep:study"), algorithm(tool)
    mine, theirs = (each.parameterDefinition(name) for each in (study, other))
    own = mine.options()[NO_RESPIRATION:] if name == "FORCING" else []
    assert mine.options() == [*theirs.options(), *own] and len(own) == (name == "FORCING")
    assert mine.defaultValue() == theirs.defaultValue()
