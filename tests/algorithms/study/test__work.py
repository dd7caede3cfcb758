"""How a step becomes files in the folder of the study."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace

import pytest
from qgis.core import QgsApplication
from testkit.tools import Feedback

from nep_toolbox.algorithms.study._state import DONE, FAILED, SKIPPED, State
from nep_toolbox.algorithms.study._work import Stage, Step, Work, carry_out
from nep_toolbox.errors import Cancelled, InvalidParameter
from nep_toolbox.framework.log import Log

pytestmark = pytest.mark.usefixtures("provider")


class Run:
    """What the work takes of a run."""

    raw_regions: list = []

    def __init__(self, feedback, parameters=None, log=None):
        self.log = log or Log(feedback)
        self.values = parameters or {}
        self.parameters = SimpleNamespace(value=self.values.get)

    def part(self, start, end, told=None):
        return Run(None, self.values, self.log.part(start, end, told))

    def advance(self, share):
        self.log.progress(share)
        if self.log.is_cancelled():
            raise Cancelled


def writes(name: str, text: str = "", **numbers):
    """The work of a step that writes a file."""
    def work(work, stage: Stage) -> None:
        with open(stage.path(name), "w", encoding="utf-8") as file:
            file.write(text or work.run.parameters.value("A") or "")
        stage.run.log.info(f"wrote {name}")
        stage.numbers.update(numbers)

    return work


def fails(_work, stage: Stage) -> None:
    stage.path("half/done.dat")
    open(stage.path("half/done.dat"), "w", encoding="utf-8").close()
    raise InvalidParameter(f"{stage.root} is wrong")


STEPS = (
    Step("prepare", "Preparation", 1, writes("a/one.dat", "1", pixels=3), ("A",)),
    Step("trend", "Trend", 3, writes("a/two.dat"), ("A",), ("prepare",)),
    Step("hurst", "Hurst", 1, writes("a/three.dat", "3"), (), ("trend",)),
    Step("never", "Never", 1, fails, (), (), (), lambda _work: "nobody wants it"),
)


@pytest.fixture
def study(tmp_path):
    """A function that does steps in one folder; gives the work and what was said."""
    def do(steps=STEPS, reuse=True, inputs=(), cancel_after=None, **parameters):
        feedback = Feedback(cancel_after)
        work = Work(Run(feedback, parameters), SimpleNamespace(climate={}), str(tmp_path), State(str(tmp_path)),
                    list(inputs), {})
        carry_out(work, steps, reuse)
        work.state.write()
        return work, feedback

    return do


def found(folder) -> dict:
    steps = json.loads((folder / "study.json").read_text(encoding="utf-8"))["steps"]
    return {name: entry["state"] for name, entry in steps.items()}


def test_steps_take_their_places(study, tmp_path):
    work, feedback = study(A="x")
    assert found(tmp_path) == {"prepare": DONE, "trend": DONE, "hurst": DONE, "never": SKIPPED}
    assert (tmp_path / "a" / "two.dat").read_text() == "x" and work.numbers("prepare") == {"pixels": 3}
    assert work.state.steps["never"]["why"] == "Nobody wants it."
    assert "Never: left out, as nobody wants it." in feedback.infos and "wrote a/one.dat" in feedback.infos
    assert work.state.steps["prepare"]["log"] == [("info", "wrote a/one.dat")]
    assert sorted(os.listdir(tmp_path)) == ["a", "study.json"]


def test_what_has_not_changed_stays(study, tmp_path):
    study(A="x")
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.dat")}
    _work, feedback = study(A="x")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.dat")} == times
    assert sum("as before" in line for line in feedback.infos) == 3
    for change in ({"A": "y"}, {"A": "x", "inputs": ["file"]}, {"A": "x", "reuse": False}):
        _work, feedback = study(**change)
        assert not any("as before" in line for line in feedback.infos), change


def test_the_language_of_qgis_counts_where_it_is_that_of_a_step(study, monkeypatch):
    steps = (Step("report", "Report", 1, writes("a/page.dat", "1"), ("LANGUAGE",)), STEPS[0])
    study(steps, LANGUAGE=0)
    monkeypatch.setattr(QgsApplication, "locale", lambda: "zh_CN")
    _work, feedback = study(steps, LANGUAGE=0)
    assert [line for line in feedback.infos if "as before" in line] == ["Preparation: as before, nothing has changed."]


def test_a_change_goes_on_to_what_needs_it(study, tmp_path):
    study(A="x")
    (tmp_path / "a" / "two.dat").write_text("touched")
    _work, feedback = study(A="x")
    assert [line for line in feedback.infos if "as before" in line] == [
        "Preparation: as before, nothing has changed.", "Hurst: as before, nothing has changed.",
    ]
    assert (tmp_path / "a" / "two.dat").read_text() == "x"


def test_a_failure_takes_back_the_step_and_leaves_out_what_needs_it(study, tmp_path):
    study(A="x")
    steps = (STEPS[0], Step("trend", "Trend", 3, fails, ("A",), ("prepare",)), STEPS[2], STEPS[3])
    work, feedback = study(steps, A="y")
    assert found(tmp_path) == {"prepare": DONE, "trend": FAILED, "hurst": SKIPPED, "never": SKIPPED}
    assert work.failures == {"trend": f"{tmp_path} is wrong."} and feedback.errors == [f"Trend: {tmp_path} is wrong."]
    assert work.state.steps["hurst"]["why"] == "The step 'trend' has no results."
    assert sorted(path.name for path in tmp_path.rglob("*.dat")) == ["one.dat"], "results of other parameters are gone"


@pytest.mark.parametrize("moves", range(1, 8))
def test_a_cancel_leaves_whole_steps(study, tmp_path, moves):
    try:
        study(A="x", cancel_after=moves)
    except Cancelled:
        names = {path.name for path in tmp_path.rglob("*.dat")}
        steps = found(tmp_path) if (tmp_path / "study.json").exists() else {}
        files = {"prepare": "one.dat", "trend": "two.dat", "hurst": "three.dat"}
        assert names == {files[name] for name in steps if name in files}
        assert not [name for name in os.listdir(tmp_path) if name.startswith(".nep-")]
    study(A="x")
    assert {path.name for path in tmp_path.rglob("*.dat")} == {"one.dat", "two.dat", "three.dat"}
