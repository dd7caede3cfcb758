"""Running a tool as a part of another."""

from __future__ import annotations

import threading

import pytest
from qgis.core import QgsProcessingContext
from testkit.tools import Feedback, run

from nep_toolbox.errors import Cancelled, ChildFailed, SeriesTooShort
from nep_toolbox.framework.children import run_child, takes
from nep_toolbox.framework.log import Log
from nep_toolbox.framework.relay import Relay

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def trend(province, tmp_path) -> dict:
    return {
        "INPUT": sorted(str(path) for path in province.glob("temperature_*.tif")),
        "SLOPE": str(tmp_path / "child" / "slope.tif"), "TABLE": str(tmp_path / "child" / "table.csv"),
    }


def test_the_results_are_those_of_the_tool(trend, tmp_path):
    feedback = Feedback()
    results = run_child("nep:trend", trend, Log(feedback).part(0.5, 1.0, indent="  "), QgsProcessingContext())
    assert results == run("nep:trend", trend)
    alone = {**trend, "SLOPE": str(tmp_path / "alone.tif"), "TABLE": str(tmp_path / "alone.csv")}
    told = Feedback()
    run("nep:trend", alone, told)
    assert (tmp_path / "alone.csv").read_bytes() == (tmp_path / "child" / "table.csv").read_bytes()
    said = [f"  {line}" for line in told.infos if " - band " not in line]
    assert feedback.infos == said and len(said) < len(told.infos) - 10, "the steps of the series are noted alone"


def test_steps_of_series_are_noted_and_known_warnings_are_not_told(province, tmp_path):
    feedback, noted = Feedback(), []
    given = {
        "NPP": sorted(str(path) for path in province.glob("npp_*.tif")), "NPP_VALID_MAX": 32700,
        "TEMPERATURE": sorted(str(path) for path in province.glob("temperature_*.tif")),
        "PRECIPITATION": sorted(str(path) for path in province.glob("precipitation_*.tif")), "FORCING": 3,
        "OUTPUT": str(tmp_path / "nep.tif"),
    }
    whole = Log(Relay(feedback, told=noted))
    run_child("nep:productivity", given, whole.part(0.0, 0.5, indent="  "), QgsProcessingContext(), "mean of")
    assert ("info", "    2001 - npp_2001 - band 1 (Int16, nodata 32761)") in noted
    assert not any(" - band " in line for line in feedback.infos) and not feedback.warnings
    run_child("nep:productivity", given, whole, QgsProcessingContext())
    assert any("mean of" in line for line in feedback.warnings)


def test_it_runs_in_any_thread(trend):
    found: list = []
    thread = threading.Thread(
        target=lambda: found.append(run_child("nep:trend", trend, Log(Feedback()), QgsProcessingContext()))
    )
    thread.start()
    thread.join()
    assert set(found[0]) >= {"SLOPE", "TABLE"}


@pytest.mark.parametrize(("change", "words", "kind"), [
    ({"MIN_OBSERVATIONS": 50}, "but 'Minimum number of valid values' (MIN_OBSERVATIONS) asks for 50",
     SeriesTooShort),  # while it runs
    ({"INPUT": ["/nowhere/a.tif"]}, "'/nowhere/a.tif' is no raster that QGIS can load", None),  # before
    ({"CONFIDENCE": 10}, "CONFIDENCE", None),
])
def test_a_failure_has_the_message_and_the_kind_of_the_tool_and_is_told_once(trend, change, words, kind):
    feedback = Feedback()
    with pytest.raises(ChildFailed, match="(?s).") as caught:
        run_child("nep:trend", {**trend, **change}, Log(feedback), QgsProcessingContext())
    assert words in str(caught.value) and not feedback.errors
    assert caught.value.kind is kind


def test_a_tool_that_is_not_there():
    with pytest.raises(ChildFailed, match="nep:nothing is not there"):
        run_child("nep:nothing", {}, Log(Feedback()), QgsProcessingContext())


@pytest.mark.parametrize("moves", [0, 1])
def test_a_cancel_ends_the_tool_and_the_caller(trend, moves, tmp_path):
    feedback = Feedback(cancel_after=moves)
    with pytest.raises(Cancelled):
        run_child("nep:trend", trend, Log(feedback), QgsProcessingContext())
    assert "Cancelled" not in feedback.log
    assert not list(tmp_path.rglob("*.tif"))


def test_which_parameters_a_tool_has():
    assert takes("nep:trend", "LAG") and not takes("nep:trend", "MAGIC") and not takes("nep:nothing", "LAG")
