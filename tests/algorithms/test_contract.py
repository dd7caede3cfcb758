"""What every tool of the provider must keep to. The tools are found by listing the provider."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from examples import brief, example
from osgeo import gdal, ogr
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProperty,
)
from qgis.PyQt.QtCore import QEventLoop, QTimer
from testkit.contract import every_tool as every_run
from testkit.files import contents
from testkit.rasters import identical
from testkit.tools import Feedback, algorithm, destinations, run

from nep_toolbox.algorithms import ALGORITHMS
from nep_toolbox.framework.log import Log
from nep_toolbox.framework.run import Run

PROJECT = Path(__file__).resolve().parents[2]
INTERFACE = Path(__file__).with_name("interface.json")
UPDATE = "pytest tests/algorithms/test_contract.py --update-interface"

IDENTIFIERS = [f"nep:{tool().name()}" for tool in ALGORITHMS]
every_tool = pytest.mark.parametrize("identifier", IDENTIFIERS)

LAYERS = (QgsProcessingParameterMultipleLayers, QgsProcessingParameterRasterLayer)

pytestmark = pytest.mark.usefixtures("provider")


# The declaration ------------------------------------------------------------------------------------------------------


def test_provider_lists_every_tool(provider):
    listed = [tool.id() for tool in provider.algorithms() if not isinstance(tool, QgsProcessingModelAlgorithm)]
    assert sorted(listed) == sorted(IDENTIFIERS)
    assert provider.id() == "nep"
    assert provider.name() == "NEP Toolbox"
    assert Path(provider.svgIconPath()).is_file()


def interface_of(identifier: str) -> dict:
    """What models, scripts and batch files depend on."""
    tool = algorithm(identifier)
    return {
        "parameters": {each.name(): _parameter(each) for each in tool.parameterDefinitions()},
        "outputs": {each.name(): each.type() for each in tool.outputDefinitions()},
    }


def _parameter(definition) -> dict:
    facts = {
        "type": definition.type(),
        "optional": bool(definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional),
        "default": definition.defaultValue(),
    }
    if isinstance(definition, QgsProcessingParameterEnum):
        facts["options"] = definition.options()
        facts["several"] = definition.allowMultiple()
    return facts


def test_interface_is_frozen(request):
    now = {identifier: interface_of(identifier) for identifier in IDENTIFIERS}
    if request.config.getoption("--update-interface"):
        INTERFACE.write_text(
            json.dumps(now, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )
    frozen = json.loads(INTERFACE.read_text(encoding="utf-8"))
    changes = _differences(frozen, json.loads(json.dumps(now)), "")
    assert not changes, (
        "the public interface has changed, on which models and scripts depend:\n  " + "\n  ".join(changes) +
        f"\nIf that is meant: {UPDATE}"
    )


def _differences(old, new, place: str) -> list:
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in sorted(set(old) | set(new)):
            where = f"{place}/{key}" if place else key
            if key not in new:
                found.append(f"{where} is gone")
            elif key not in old:
                found.append(f"{where} is new")
            else:
                found += _differences(old[key], new[key], where)
        return found
    return [] if old == new else [f"{place} was {old!r} and is {new!r}"]


@every_tool
def test_names(identifier):
    tool = algorithm(identifier)
    assert re.fullmatch(r"[a-z0-9]+", tool.name())
    assert re.fullmatch(r"[a-z]+", tool.groupId())
    assert tool.group()
    label = tool.displayName()
    assert label and ":" not in label
    assert label[0].isupper() and label == label.strip()
    for definition in tool.parameterDefinitions():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", definition.name())
        assert definition.description(), definition.name()
    for definition in tool.outputDefinitions():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", definition.name())
        assert definition.description(), definition.name()


@every_tool
def test_help(identifier):
    tool = algorithm(identifier)
    sentence = tool.shortDescription()
    # One sentence: one full stop, at the end. Numbers and abbreviations such as "1.5" have no space behind the stop.
    assert re.fullmatch(r"[A-Z].*[^.]\.", sentence) and not re.search(r"\.\s", sentence)
    assert sentence in tool.shortHelpString()
    assert len(tool.shortHelpString()) > len(sentence) + 100
    # qgis_process prints the help as it is: simple marks only.
    marks = set(re.findall(r"</?([a-z0-9]+)", tool.shortHelpString()))
    assert marks <= {"p", "ul", "li", "b", "i", "sub", "sup", "br"}
    for definition in tool.parameterDefinitions():
        assert definition.help().strip(), f"{definition.name()} has no help"
    assert len(tool.tags()) >= 3 and all(tag.strip() for tag in tool.tags())
    assert Path(tool.svgIconPath()).is_file()
    assert not tool.icon().isNull()


@every_tool
def test_create_instance(identifier):
    tool = algorithm(identifier)
    one, other = tool.createInstance(), tool.createInstance()
    assert type(one) is type(other) is type(tool)
    assert one is not other
    one.only_here = None
    assert not hasattr(other, "only_here")


@every_tool
def test_may_run_in_the_background(identifier):
    assert not algorithm(identifier).flags() & QgsProcessingAlgorithm.Flag.FlagNoThreading


def test_declaring_tools_loads_no_heavy_library():
    program = (
        "import sys; from qgis.core import QgsApplication; app = QgsApplication([], False);"
        "from nep_toolbox.provider import NepProvider; provider = NepProvider(); provider.refreshAlgorithms();"
        "tools = [tool.create() for tool in provider.algorithms()]; [tool.shortHelpString() for tool in tools];"
        "print(len(tools), sorted({'scipy', 'plotly', 'pandas', 'matplotlib', 'dask'} & set(sys.modules)));"
        "sys.stdout.flush(); import os; os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=60,
        env=dict(os.environ, PYTHONPATH=str(PROJECT), QT_QPA_PLATFORM="offscreen", PYTHONDONTWRITEBYTECODE="1"),
    )
    assert done.stdout.strip() == f"{len(IDENTIFIERS)} []", done.stdout + done.stderr


# Values of parameters -------------------------------------------------------------------------------------------------


@every_tool
def test_check_of_parameters_takes_what_a_model_cannot_resolve_yet(identifier, province):
    tool = algorithm(identifier)
    context = QgsProcessingContext()
    given = dict(example(identifier, province), **destinations(identifier, "/tmp/unused"))
    later = {
        definition.name(): QgsProperty.fromExpression("@value_of_a_later_step")
        for definition in tool.parameterDefinitions()
        if not definition.isDestination() and not isinstance(definition, LAYERS)
    }
    fits, message = tool.checkParameterValues(dict(given, **later), context)
    assert fits, message
    # Layers that do not exist yet are refused by QGIS itself; the tool's own check must not fail on them.
    layers = {each.name(): "output_of_a_later_step" for each in tool.parameterDefinitions() if isinstance(each, LAYERS)}
    for parameters in (dict(given, **layers), {name: [value] for name, value in layers.items()}, {}):
        fits, message = tool.checkParameterValues(parameters, context)
        assert isinstance(fits, bool) and isinstance(message, str)


@every_tool
def test_a_missing_layer_is_named(identifier, province, tmp_path):
    tool = algorithm(identifier)
    for definition in tool.parameterDefinitions():
        if not isinstance(definition, LAYERS):
            continue
        missing = str(tmp_path / "not_there_2001.tif")
        value = [missing] if isinstance(definition, QgsProcessingParameterMultipleLayers) else missing
        parameters = dict(example(identifier, province), **destinations(identifier, tmp_path))
        parameters[definition.name()] = value
        fits, message = tool.checkParameterValues(parameters, QgsProcessingContext())
        assert not fits and "not_there_2001.tif" in message


# Running --------------------------------------------------------------------------------------------------------------


def run_example(identifier, folder, target, feedback=None, given=example, **changes) -> dict:
    """Run a tool's example with every result asked for."""
    target.mkdir(parents=True, exist_ok=True)
    parameters = dict(given(identifier, folder), **destinations(identifier, target), **changes)
    return run(identifier, parameters, feedback)


def require_delivered(identifier, results, target):
    """Every declared output is there and can be opened."""
    asked, tool = destinations(identifier, target), algorithm(identifier)
    for definition in tool.outputDefinitions():
        name = definition.name()
        assert name in results, f"{name} was asked for and is not delivered"
        if name not in asked:  # a number or a text
            assert results[name] is not None
            continue
        assert os.path.exists(asked[name]), f"{name} is not where it was asked for"
        if definition.type() == "outputRaster":
            assert results[name] == asked[name]
            assert gdal.Open(asked[name]).RasterCount >= 1
        elif definition.type() == "outputVector":
            source = ogr.Open(asked[name])
            assert source.GetLayer(0).GetFeatureCount() > 0, f"{name} has no row"
        elif definition.type() == "outputFolder":
            assert os.listdir(asked[name])
        else:
            assert os.path.getsize(asked[name]) > 0


def require_same_results(identifier, one, other):
    """Rasters are the same bit for bit, tables row for row."""
    first, second = destinations(identifier, one), destinations(identifier, other)
    for name, path in first.items():
        if path.endswith(".tif"):
            assert identical(path, second[name]), f"{name} differs"
        elif path.endswith((".csv", ".gpkg")):
            assert _rows(path) == _rows(second[name]), f"{name} differs"


def _rows(path) -> list:
    source = ogr.Open(path)
    return sorted(
        repr((feature.items(), feature.geometry() and feature.geometry().ExportToWkt()))
        for feature in source.GetLayer(0)
    )


@every_run
def test_every_output_is_delivered(identifier, province, tmp_path):
    results = run_example(identifier, province, tmp_path)
    require_delivered(identifier, results, tmp_path)
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


@every_run
def test_optional_outputs_may_be_left_out(identifier, province, tmp_path):
    tool = algorithm(identifier)
    optional = [
        definition.name() for definition in tool.destinationParameterDefinitions()
        if definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional
    ]
    asked = {name: path for name, path in destinations(identifier, tmp_path).items() if name not in optional}
    results = run(identifier, dict(example(identifier, province), **asked))
    assert set(results) & set(optional) == set()
    assert set(asked) <= set(results)
    if not any(os.path.isdir(path) for path in asked.values()):
        made = {os.path.splitext(name)[0] for name in os.listdir(tmp_path)}
        assert made == {name.lower() for name in asked}


@every_run
def test_a_folder_with_any_name(identifier, province, tmp_path):
    folder = tmp_path / "数据 空格"
    shutil.copytree(province, folder / "输入 1")
    results = run_example(identifier, folder / "输入 1", folder / "结果 é")
    require_delivered(identifier, results, folder / "结果 é")


@every_run
def test_order_of_inputs_does_not_matter(identifier, province, tmp_path):
    tool, given = algorithm(identifier), example(identifier, province)
    several = {
        definition.name(): given[definition.name()] for definition in tool.parameterDefinitions()
        if isinstance(definition, QgsProcessingParameterMultipleLayers)
        and isinstance(given.get(definition.name()), list) and len(given[definition.name()]) > 1
    }
    if not several:
        pytest.skip("takes no list of layers")
    shuffled = {name: random.Random(5).sample(layers, len(layers)) for name, layers in several.items()}
    assert shuffled != several
    run_example(identifier, province, tmp_path / "in order")
    run_example(identifier, province, tmp_path / "shuffled", **shuffled)
    require_same_results(identifier, tmp_path / "in order", tmp_path / "shuffled")


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of three rows, so that the small province has many."""
    monkeypatch.setattr(Run, "block", (100_000, 3))


@every_run
def test_cancel_leaves_nothing_behind(identifier, province, tmp_path, small_blocks):  # noqa: ARG001
    whole = Feedback()
    run_example(identifier, province, tmp_path / "whole", whole, brief)
    assert whole.moves >= 3, "the progress bar hardly moves"
    before = contents(tmp_path / "whole")
    for moves in (0, 1, whole.moves // 2):
        stopped = Feedback(cancel_after=moves)
        results = run_example(identifier, province, tmp_path / "fresh", stopped, brief)
        assert results == {}
        assert stopped.moves <= moves + 1, "the tool went on after it was cancelled"
        left = os.listdir(tmp_path / "fresh")
        assert left == [], f"left behind after {moves} moves of the progress bar"
        run_example(identifier, province, tmp_path / "whole", Feedback(cancel_after=moves), brief)
        assert contents(tmp_path / "whole") == before, f"changed after {moves} moves of the progress bar"


@every_run
def test_a_cancel_at_any_question_leaves_nothing_behind(identifier, province, tmp_path, monkeypatch):
    # Blocks are large here: most questions come from the middle of one, in its thread.
    asked, at, stopped = [], [0], Feedback()
    is_cancelled = Log.is_cancelled

    def cancelled_at(log) -> bool:
        asked.append(threading.current_thread())
        if len(asked) == at[0]:
            stopped.cancel()
        return is_cancelled(log)

    run_example(identifier, province, tmp_path / "first", given=brief)  # with what is made or simulated once
    monkeypatch.setattr(Log, "is_cancelled", cancelled_at)
    run_example(identifier, province, tmp_path / "whole", given=brief)
    whole = len(asked)
    assert whole >= 5, "the tool hardly looks whether it is cancelled"
    for part in (0.3, 0.7):
        asked.clear()
        at[0], stopped = int(part * whole), Feedback()
        assert run_example(identifier, province, tmp_path / "fresh", stopped, brief) == {}
        assert stopped.infos[-1] == "Cancelled: nothing was written."
        assert len(asked) - at[0] <= 10, "the tool went on after it was cancelled"
        assert os.listdir(tmp_path / "fresh") == []


@every_run
def test_runs_in_a_background_thread(identifier, province, tmp_path):
    tool = algorithm(identifier)
    parameters = dict(brief(identifier, province), **destinations(identifier, tmp_path))
    context, feedback = QgsProcessingContext(), Feedback()
    task = QgsProcessingAlgRunnerTask(tool, parameters, context, feedback)
    outcome, loop = [], QEventLoop()
    task.executed.connect(lambda succeeded, results: (outcome.append((succeeded, results)), loop.quit()))
    QTimer.singleShot(60_000, loop.quit)
    QgsApplication.taskManager().addTask(task)
    if not outcome:
        getattr(loop, "exec" if Qgis.QGIS_VERSION_INT >= 40000 else "exec_")()
    assert outcome, "the task did not end"
    succeeded, results = outcome[0]
    assert succeeded, feedback.log
    require_delivered(identifier, results, tmp_path)
