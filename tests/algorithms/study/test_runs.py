"""A study in a background thread, in a model, and killed at random moments."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
)
from study_inputs import made, npp_only, quick, states
from testkit.kills import dying
from testkit.tools import Feedback, algorithm, run

from nep_toolbox.algorithms.study._state import DONE

pytestmark = pytest.mark.usefixtures("provider")


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same study."""
    return {name: data for name, data in made(one).items() if name != "log.txt"} == {
        name: data for name, data in made(other).items() if name != "log.txt"
    }


def test_a_study_in_a_background_thread(province, tmp_path, monkeypatch):
    quick(monkeypatch, "hurst", "future", "centre")
    parameters, found = npp_only(province), []
    run("nep:study", {**parameters, "OUTPUT_FOLDER": str(tmp_path / "here")})
    study, context = algorithm("nep:study"), QgsProcessingContext()
    given = {**parameters, "OUTPUT_FOLDER": str(tmp_path / "there")}
    assert study.prepareAlgorithm(given, context, Feedback())
    thread = threading.Thread(target=lambda: found.append(study.processAlgorithm(given, context, Feedback())))
    thread.start()
    thread.join()
    assert found[0]["SKIPPED"] == 11 and same(tmp_path / "here", tmp_path / "there")


def test_a_study_in_a_model(province, tmp_path, monkeypatch):
    """What a model imports, the study takes; its report is a result of the model."""
    quick(monkeypatch, "hurst", "future", "centre", "trend")
    model = QgsProcessingModelAlgorithm("study", "study")
    files = QgsProcessingParameterMultipleLayers("FILES", "Files")
    model.addModelParameter(files, QgsProcessingModelParameter("FILES"))
    source = QgsProcessingModelChildParameterSource
    child = QgsProcessingModelChildAlgorithm("nep:study")
    child.setChildId("study")
    for name, value in {
        "NPP": source.fromModelParameter("FILES"), "NPP_SCALE": source.fromStaticValue(0.1),
        "NPP_VALID_MAX": source.fromStaticValue(32700), "VARIABLE": source.fromStaticValue("NPP"),
    }.items():
        child.addParameterSources(name, [value])
    output = QgsProcessingModelOutput("FOLDER")
    output.setChildId("study")
    output.setChildOutputName("OUTPUT_FOLDER")
    child.setModelOutputs({"FOLDER": output})
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    destination = next(
        each.name() for each in model.destinationParameterDefinitions()
        if isinstance(each, QgsProcessingParameterFolderDestination)
    )
    results, succeeded = model.run(
        {"FILES": npp_only(province)["NPP"], destination: str(tmp_path / "study")}, QgsProcessingContext(), Feedback()
    )
    assert succeeded and results[destination] == str(tmp_path / "study")
    assert states(tmp_path / "study")["statistics"] == DONE


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")
def test_three_kills(province, tmp_path, monkeypatch):
    """Whatever the moment, the next run makes the same folder of it."""
    out = ("figures", "project", "report", "hurst", "future", "centre", "trend")
    quick(monkeypatch, *out)
    folder, expected = tmp_path / "study", tmp_path / "expected"
    given = {**npp_only(province), "THREADS": 1, "OUTPUT_FOLDER": str(folder)}
    run("nep:study", {**given, "OUTPUT_FOLDER": str(expected)})
    chance = random.Random(1)
    fewer = (
        "from nep_toolbox.algorithms.study import study; "
        f"study.STEPS = tuple(step for step in study.STEPS if step.name not in {out!r})"
    )
    with dying("nep:study", given, fewer) as until:
        what, calls = until(10**9)
        assert what == "completed" and same(folder, expected)
        for number in range(3):
            # From nothing, and over a study of other numbers.
            if number % 2:
                run("nep:study", {**given, "NPP_SCALE": 0.2})
            else:
                for path in sorted(folder.rglob("*"), reverse=True):
                    path.rmdir() if path.is_dir() else path.unlink()
            assert until(int(chance.uniform(0.3, 0.95) * int(calls)))[0] == "killed"
            run("nep:study", given)
            assert same(folder, expected), number
            assert not [path.name for path in folder.rglob(".nep-*")]
