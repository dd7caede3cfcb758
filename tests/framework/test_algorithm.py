"""The frame of a tool: its hooks, its errors, its declaration."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
)
from testkit.http import serving
from testkit.rasters import numbers, open_files, write_raster
from testkit.tools import Feedback, run
from testkit.toy import Toy, call, toy

from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.framework.algorithm import ToolboxAlgorithm

pytestmark = pytest.mark.usefixtures("qgis_app")


def wrong(*_arguments) -> None:
    raise InvalidParameter("'npp' is wrong. Choose another")


def declared(tool):
    tool.initAlgorithm()
    return tool


# Hooks and errors -----------------------------------------------------------------------------------------------------


def test_an_error_in_check():
    tool = declared(toy(check=wrong))
    assert tool.checkParameterValues({}, QgsProcessingContext()) == (False, "'npp' is wrong. Choose another.")
    assert declared(toy()).checkParameterValues({}, QgsProcessingContext())[0] is True


def test_check_gets_the_values():
    seen = []
    tool = declared(toy(check=lambda parameters: seen.append(parameters.number("LIMIT"))))
    tool.checkParameterValues({"LIMIT": 7}, QgsProcessingContext())
    assert seen == [7.0]


def test_years_are_checked_before_the_run():
    tool = declared(toy())
    fits, message = tool.checkParameterValues({"YEARS": "20001-x"}, QgsProcessingContext())
    assert not fits and "20001-x" in message and message.endswith(".")
    assert tool.checkParameterValues({"YEARS": "2001-2003"}, QgsProcessingContext())[0]


def test_a_layer_that_cannot_be_loaded_is_named(tmp_path):
    gone = str(tmp_path / "gone.tif")
    fits, message = declared(toy()).checkParameterValues({"INPUT": [gone]}, QgsProcessingContext())
    assert not fits and message.startswith(f"'{gone}' is no raster that QGIS can load")


def test_a_raster_on_a_server_is_taken_as_a_file_is(raster, tmp_path):
    """Fetched once by the check and the run together, but for its head."""
    context, tool = QgsProcessingContext(), declared(toy())
    gdal.VSICurlClearCache()
    with serving(Path(raster).parent) as served:
        remote = {"INPUT": [served.url(Path(raster).name)], "MAP": str(tmp_path / "remote.tif")}
        assert tool.checkParameterValues(remote, context) == (True, "")
        assert not tool.checkParameterValues({**remote, "CHOICE": 7}, context)[0]
        assert not tool.checkParameterValues({"INPUT": [served.url("gone_2001.tif")]}, QgsProcessingContext())[0]
        call(tool, remote, context=context)
        fetched = served.bytes_served(Path(raster).name)
    call(tool, {"INPUT": [raster], "MAP": str(tmp_path / "local.tif")})
    assert numbers(tmp_path / "remote.tif").tolist() == numbers(tmp_path / "local.tif").tolist()
    assert 0 < fetched <= 2 * os.path.getsize(raster)


@pytest.mark.parametrize("hook", ["prepare", "compute"])
def test_an_error_of_the_toolbox_becomes_a_sentence(hook, out, unchanged):
    unchanged()
    with pytest.raises(QgsProcessingException) as caught:
        call(toy(**{hook: wrong}), {"TABLE": str(out / "table.csv")})
    assert str(caught.value) == "'npp' is wrong. Choose another."


def names_keys(*_arguments) -> None:
    raise InvalidParameter("⟨LIMIT⟩ or ⟨TABLE⟩, not ⟨NOTHING⟩")


WITH_LABELS = "'Limit' (LIMIT) or 'Table' (TABLE), not NOTHING."


def test_an_error_calls_parameters_by_their_labels(out):
    assert declared(toy(check=names_keys)).checkParameterValues({}, QgsProcessingContext()) == (False, WITH_LABELS)
    for hook in ("prepare", "compute"):
        with pytest.raises(QgsProcessingException) as caught:
            call(toy(**{hook: names_keys}), {"TABLE": str(out / "table.csv")})
        assert str(caught.value) == WITH_LABELS


def test_the_log_calls_parameters_by_their_labels(out):
    feedback = Feedback()

    def say(run):
        run.log.info("⟨LIMIT⟩ is 7")
        run.log.warn("⟨LIMIT⟩ is low")

    call(toy(compute=say), {"TABLE": str(out / "table.csv")}, feedback)
    assert (feedback.infos, feedback.warnings) == (["'Limit' (LIMIT) is 7"], ["'Limit' (LIMIT) is low"])


def test_help_calls_parameters_by_their_labels():
    class Helped(Toy):
        NAME = "helped"
        LABEL = "A helped toy"
        HELP = "<p>See ⟨LATER⟩ and ⟨nep:toy⟩.</p>"

        def declare(self):
            self.add_number("SOONER", "Sooner", "Less than ⟨LATER⟩.")
            self.add_number("LATER", "Later", "More than ⟨nep:toy:LIMIT⟩ of ⟨nep:toy⟩, less than ⟨nep:no⟩.")

    tool = declared(Helped())
    assert tool.parameterDefinition("SOONER").help() == "Less than 'Later' (LATER)."
    assert tool.parameterDefinition("LATER").help() == (
        f"More than 'Limit' (LIMIT) of '{Toy.LABEL}' (nep:toy), less than nep:no."
    )
    assert f"<p>See 'Later' (LATER) and '{Toy.LABEL}' (nep:toy).</p>" in tool.shortHelpString()


def test_qgis_shows_the_error(out, unchanged):
    unchanged()
    feedback = Feedback()
    parameters = {"TABLE": str(out / "table.csv")}
    results, succeeded = toy(prepare=wrong).run(parameters, QgsProcessingContext(), feedback, {}, True)
    assert (results, succeeded, feedback.errors) == ({}, False, ["'npp' is wrong. Choose another."])
    results, succeeded = toy(compute=wrong).run(parameters, QgsProcessingContext(), feedback, {}, True)
    assert (results, succeeded) == ({}, False) and feedback.errors[1:] == ["'npp' is wrong. Choose another."]


@pytest.mark.parametrize("hook", ["check", "prepare", "compute"])
def test_other_exceptions_come_as_they_are(hook, out, unchanged):
    unchanged()

    def broken(*_arguments):
        raise KeyError("a fault of the program")

    tool = toy(**{hook: broken})
    with pytest.raises(KeyError, match="a fault of the program"):
        if hook == "check":
            declared(tool).checkParameterValues({}, QgsProcessingContext())
        else:
            call(tool, {"TABLE": str(out / "table.csv")})


def test_a_cancelled_run_has_no_results(out, unchanged):
    unchanged()

    def cancelled(_run):
        raise Cancelled

    assert call(toy(compute=cancelled), {"TABLE": str(out / "table.csv")}) == {}


def test_prepare_gets_plain_layers(raster):
    seen = []
    tool = toy(
        prepare=lambda _parameters, inputs: seen.append(inputs),
        compute=lambda run: seen.append(run.layers("INPUT")),
    )
    call(tool, {"INPUT": [raster]})
    inputs, layers = seen
    assert inputs.rasters["INPUT"] == layers and [layer.path for layer in layers] == [raster]
    assert inputs.regions == []


def test_a_library_that_is_missing():
    assert toy(NEEDS=("numpy", "os")).canExecute() == (True, "")
    can, message = toy(NEEDS=("numpy", "no_such_library")).canExecute()
    assert not can and "no_such_library" in message and "numpy" not in message


# The declaration ------------------------------------------------------------------------------------------------------


def test_what_qgis_asks_for():
    tool = toy(TAGS=("one", "two"), SUMMARY="Does it.", HELP="<p>How\nand why.</p>")
    assert (tool.name(), tool.displayName(), tool.tags()) == ("toy", "Toy", ["one", "two"])
    assert (tool.groupId(), tool.group()) == (Toy.GROUP.id, Toy.GROUP.label)
    assert tool.shortHelpString() == "<p>Does it.</p><p>How and why.</p>"
    assert re.fullmatch(r"file:///\S+/nep_toolbox/manual/toy\.html", tool.helpUrl())
    assert os.path.isfile(tool.svgIconPath()) and not tool.icon().isNull()
    assert type(tool.createInstance()) is type(tool) and tool.createInstance() is not tool


def test_parameters_have_their_help_and_flags():
    tool = declared(toy())
    flags = QgsProcessingParameterDefinition.Flag
    assert all(each.help() for each in tool.parameterDefinitions())
    threads, limit = (tool.parameterDefinition(name) for name in ("THREADS", "LIMIT"))
    assert threads.flags() & flags.FlagAdvanced and not limit.flags() & flags.FlagAdvanced
    assert (threads.minimum(), threads.maximum(), threads.dataType()) == (0, 256, QgsProcessingParameterNumber.Integer)
    assert limit.defaultValue() == 3.0 and not limit.flags() & flags.FlagOptional
    assert tool.parameterDefinition("INPUT").minimumNumberInputs() == 0
    assert "Rasters of one band or several" in tool.parameterDefinition("INPUT").help()


def test_a_number_is_an_output_with_a_label():
    tool = declared(toy(declare=lambda: None))
    tool.add_number_output("SHARE", "Share (%)")
    output = tool.outputDefinition("SHARE")
    assert (output.type(), output.description()) == ("outputNumber", "Share (%)")


@pytest.mark.parametrize(
    ("options", "optional", "by_default"),
    [({}, True, False), ({"offered": True}, True, True), ({"optional": False}, False, True)],
)
def test_results_are_made_where_asked_for_or_offered(options, optional, by_default):
    class Made(ToolboxAlgorithm):
        def declare(self):
            self.add_raster_output("MAP", "Map", "A map.", **options)
            self.add_table_output("TABLE", "Table", "A table.", **options)

    tool = Made()
    tool.declare()
    for definition in tool.destinationParameterDefinitions():
        assert bool(definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional) is optional
        assert definition.createByDefault() is by_default


def test_a_series_needs_a_layer_unless_it_is_optional():
    class Needy(ToolboxAlgorithm):
        def declare(self):
            self.add_series("INPUT", "Series", "A series.")
            self.add_raster("RASTER", "Raster", "A raster.", optional=True)

    tool = Needy()
    tool.declare()
    assert tool.parameterDefinition("INPUT").minimumNumberInputs() == 1
    assert not tool.parameterDefinition("INPUT").checkValueIsAcceptable([])
    assert tool.parameterDefinition("RASTER").checkValueIsAcceptable(None)


@pytest.mark.parametrize("hook", ["declare", "compute"])
def test_a_tool_without_a_body(hook):
    with pytest.raises(NotImplementedError):
        getattr(ToolboxAlgorithm(), hook)(*([None] if hook == "compute" else []))


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("changes", [{"PVALUE": "s.tif"}, {"YEARS": "2001"}, {}])
def test_no_input_stays_open_after_a_run(tmp_path, changes):
    """However it ends: an error before or while the tool works, or none."""
    inputs = [write_raster(tmp_path / f"npp_{year}.tif", np.full((2, 2), year)) for year in range(2001, 2010)]
    parameters = {"INPUT": inputs, "SLOPE": str(tmp_path / "s.tif"), "MIN_OBSERVATIONS": 5}
    for key, value in changes.items():
        parameters[key] = str(tmp_path / value) if value.endswith(".tif") else value
    if changes:
        with pytest.raises((QgsProcessingException, AssertionError)):
            run("nep:trend", parameters)
    else:
        run("nep:trend", parameters)
    assert not [path for path in open_files() if str(tmp_path) in path]
