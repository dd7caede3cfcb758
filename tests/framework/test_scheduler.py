"""Which scheduler a run asks: that of the run, of the environment, of the options, or none."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingContext, QgsSettings
from testkit.tools import algorithm

from nep_toolbox.framework.parameters import Parameters
from nep_toolbox.framework.scheduler import NAME, add_option, remove_option, scheduler_of

pytestmark = pytest.mark.usefixtures("provider")

RUN, ENVIRONMENT, OPTION = "tcp://run:1", "tcp://environment:2", "tls://option:3"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    """Neither the environment nor the options name a scheduler, and what a test sets is taken back."""
    monkeypatch.delenv(NAME, raising=False)
    QgsSettings().remove(f"Processing/Configuration/{NAME}")
    yield
    QgsSettings().remove(f"Processing/Configuration/{NAME}")


@pytest.mark.parametrize(("run", "environment", "option", "expected"), [
    ("", None, None, ""),
    (f" {RUN} ", None, None, RUN),
    (RUN, ENVIRONMENT, OPTION, RUN),
    ("", ENVIRONMENT, OPTION, ENVIRONMENT),
    ("", " ", OPTION, OPTION),
    (None, None, OPTION, OPTION),
    ("local", ENVIRONMENT, OPTION, ""),
    ("", "Local", OPTION, ""),
    ("", None, "", ""),
])
def test_the_first_that_names_one(monkeypatch, run, environment, option, expected):
    if environment is not None:
        monkeypatch.setenv(NAME, environment)
    if option is not None:
        QgsSettings().setValue(f"Processing/Configuration/{NAME}", option)
    given = Parameters(algorithm("nep:trend"), {"SCHEDULER": run}, QgsProcessingContext())
    assert scheduler_of(given) == expected


def test_a_tool_that_computes_no_blocks_asks_none(monkeypatch):
    monkeypatch.setenv(NAME, ENVIRONMENT)
    assert scheduler_of(Parameters(algorithm("nep:harmonize"), {}, QgsProcessingContext())) == ""


def test_the_option_of_the_provider():
    """What a user enters in the options of Processing is what a run takes."""
    from processing.core.ProcessingConfig import ProcessingConfig

    assert ProcessingConfig.settings[NAME].group == "NEP Toolbox"
    ProcessingConfig.setSettingValue(NAME, OPTION)
    given = Parameters(algorithm("nep:trend"), {}, QgsProcessingContext())
    assert scheduler_of(given) == OPTION
    remove_option()
    remove_option()
    assert NAME not in ProcessingConfig.settings
    add_option("NEP Toolbox")
    assert ProcessingConfig.getSetting(NAME) == OPTION
