"""A study at work: what its steps are given, and how one of them becomes files in the folder of the study."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from qgis.core import QgsApplication

from ...errors import Cancelled, ChildFailed, OutputError, ToolboxError
from ...framework.children import takes
from ...framework.texts import sentence, tr
from ...raster.disk import full_disk_error
from ...raster.leftovers import PREFIX
from ...raster.staging import Staging
from ._plan import Plan
from ._state import DONE, FAILED, FILE, SKIPPED, State, code_version, file_facts, fingerprint

_KEPT = "{} cannot be removed: {}. It may be open: remove its layer from the project, or choose another folder."

#: Stands among the steps for the one that makes the series which is analysed.
SERIES = "series"

#: The folder of what steps need of each other and nobody else does.
BETWEEN = ".study"


@dataclass(frozen=True)
class Step:
    """A part of a study.

    Parameters
    ----------
    name, label : str
        In `study.json`, and for the log.
    share : float
        Of the time, as a number that is compared with those of the others.
    work : callable
        ``work(work, stage)`` does it.
    keys : tuple of str
        The parameters it depends on.
    needs : tuple of str
        The steps whose files it reads; where one of them failed or was left out it cannot be done either, but for
        those that ``uses`` names, whose files it takes as far as they are there.
    uses : tuple of str
    why_not : callable
        Takes the work and says why the step is left out; empty where it is not.
    """

    name: str
    label: str
    share: float
    work: Callable
    keys: tuple = ()
    needs: tuple = ()
    uses: tuple = ()
    why_not: Callable = lambda _work: ""


class Work:
    """What all steps share.

    Parameters
    ----------
    run : Run
    plan : Plan
    folder : str
        Of the study.
    state : State
    inputs : list
        What a fingerprint has of the inputs.
    sources : dict
        By the parameters of layers of features what opens them.
    """

    def __init__(self, run, plan: Plan, folder: str, state: State, inputs: list, sources: dict):
        self.run = run
        self.plan = plan
        self.folder = folder
        self.state = state
        self.inputs = inputs
        self.sources = sources
        self.failures: dict = {}
        self.step_labels: dict = {}

    def path(self, name: str) -> str:
        """A file of the folder, such as "rasters/nep.tif"."""
        return os.path.join(self.folder, *name.split("/"))

    def entry(self, step: str) -> dict:
        """What became of a step."""
        if step == SERIES:
            step = "productivity" if self.makes_nep else "prepare"
        return self.state.steps.get(step, {})

    def done(self, step: str) -> bool:
        """Whether a step was done."""
        return self.entry(step).get("state") == DONE

    def numbers(self, step: str) -> dict:
        """The numbers that a step has found."""
        return self.entry(step).get("numbers", {})

    @property
    def makes_nep(self) -> bool:
        """Whether the variable is computed from NPP and climate, not given."""
        return self.plan.makes_nep

    @property
    def has_regions(self) -> bool:
        """Whether regions were given."""
        return bool(self.run.raw_regions)

    @property
    def series(self) -> str:
        """The file of the series that is analysed."""
        return self.path("rasters/nep.tif" if self.makes_nep else "data/npp.tif")

    def regions(self) -> dict:
        """REGIONS and REGION_FIELD of a tool."""
        if not self.has_regions:
            return {}
        return {"REGIONS": self.path(f"{BETWEEN}/regions.gpkg|layername=regions"), "REGION_FIELD": "region"}

    def execution(self) -> dict:
        """THREADS, MEMORY and SCHEDULER of a tool."""
        return {name: self.run.parameters.raw(name) for name in ("THREADS", "MEMORY", "SCHEDULER")}

    def labels(self) -> str:
        """CLASS_NAMES of a tool."""
        return ";".join(f"{code}={label.replace(';', ',')}" for code, label in sorted(self.plan.labels.items()))


class Stage:
    """What a step makes, in a hidden folder until it is done.

    Attributes
    ----------
    run : Run
        The run for this step: its log, and its share of the progress bar.
    numbers : dict
        What the step found, for `study.json`.
    """

    def __init__(self, work: Work, run, root: str):
        self.work = work
        self.run = run
        self.root = root
        self.numbers: dict = {}

    def path(self, name: str) -> str:
        """Where to write a file of the folder, such as "rasters/nep.tif"."""
        path = os.path.join(self.root, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def scratch(self) -> str:
        """A folder for what is not needed when the step is done."""
        return tempfile.mkdtemp(dir=os.path.dirname(self.root))

    def child(self, tool: str, parameters: dict, start: float = 0.0, end: float = 1.0,
              told: list | None = None, quiet: bool = False, known: str = "") -> dict:
        """Run a tool and return its results; parameters that it does not have are left out. What it says is added to
        ``told``; a quiet one says nothing to the user, and none a warning that holds ``known``."""
        given = {**self.work.execution(), **parameters}
        wanted = {name: value for name, value in given.items() if value is not None and takes(tool, name)}
        return self.run.child(tool, wanted, start, end, told, quiet, known)

    def note(self, results: dict) -> None:
        """Keep the numbers among the results of a tool."""
        self.numbers.update({
            name: value for name, value in results.items() if isinstance(value, (int, float)) and name.isupper()
        })

    def files(self) -> dict:
        """Size and time of every file made, by its name in the folder."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(PREFIX)]
            for name in names:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, self.root).replace(os.sep, "/")] = file_facts(path)
        return dict(sorted(found.items()))


def carry_out(work: Work, steps: tuple, reuse: bool) -> None:
    """Do all steps, one after the other; one that fails stops none that does not need it.

    Raises
    ------
    Cancelled
        If the user stopped the run; the steps that are done stay.
    """
    whole, start = sum(step.share for step in steps), 0.0
    work.step_labels = {step.name: step.label for step in steps}
    for step in steps:
        end = start + step.share / whole
        work.run.advance(start)
        _step(work, step, (start, end), reuse)
        start = end


def _step(work: Work, step: Step, part: tuple, reuse: bool) -> None:
    """Do a step, or find out that it need not or cannot be done."""
    lost = next((name for name in step.needs if not work.done(name)), "")
    why = step.why_not(work) or (f"the step '{lost}' has no results" if lost else "")
    if why:
        work.run.log.info(tr("{}: left out, as {}.").format(step.label, why))
        _settle(work, step, {"state": SKIPPED, "why": sentence(why)})
        return
    mark = _fingerprint(work, step)
    if reuse and work.state.unchanged(step.name, mark):
        work.run.log.info(tr("{}: as before, nothing has changed.").format(step.label))
        work.state.record(step.name, work.state.before[step.name])
        return
    work.run.log.info(tr("{} ...").format(step.label))
    told: list = []
    try:
        _do(work, step, work.run.part(*part, told), mark, told)
        return
    except ToolboxError as error:
        message = str(error)
    work.failures[step.name] = message
    work.run.log.feedback.reportError(f"{step.label}: {message}")
    _settle(work, step, {"state": FAILED, "why": message, "log": told})


def _message(error: Exception, folder: str) -> str:
    full = full_disk_error(error, folder)
    if full or isinstance(error, ToolboxError):
        return sentence(str(full or error))
    return sentence(f"{type(error).__name__}: {error}")


def _fingerprint(work: Work, step: Step) -> str:
    """What the results of a step depend on."""
    parameters = {key: work.run.parameters.value(key) for key in step.keys}
    if parameters.get("LANGUAGE") == 0:
        parameters["LANGUAGE"] = QgsApplication.locale()
    before = {
        name: [work.entry(name).get(key) for key in ("state", "fingerprint", "why")]
        for name in (*step.needs, *step.uses)
    }
    return fingerprint(code_version(), step.name, parameters, before, work.inputs if not step.needs else [])


def _do(work: Work, step: Step, run, mark: str, told: list) -> None:
    """Do a step in a hidden folder; its files and the new `study.json` take their places together."""
    staging, began = Staging(), time.time()
    try:
        stage = Stage(work, run, staging.folder(work.folder))
        try:
            step.work(work, stage)
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a step, the others go on
            raise ChildFailed(staging.in_place(_message(error, work.folder))) from error
        run.advance(1.0)
        files = stage.files()
        work.state.record(step.name, {
            "state": DONE, "fingerprint": mark, "seconds": round(time.time() - began, 2), "files": files,
            "numbers": stage.numbers, "log": told,
        })
        _remove_stale(work, step.name, files)
        with open(stage.path(FILE), "w", encoding="utf-8") as file:
            file.write(work.state.text())
        staging.commit()
    finally:
        staging.abort()


def _settle(work: Work, step: Step, entry: dict) -> None:
    """Note that a step has no results, and remove those it had."""
    work.state.record(step.name, entry)
    _remove_stale(work, step.name, ())
    work.state.write()


def _remove_stale(work: Work, name: str, files) -> None:
    """Remove the files that a step of an earlier run left and that are its no longer."""
    for file in work.state.stale(name, files):
        path = work.path(file)
        try:
            if os.path.exists(path):
                os.remove(path)
        except OSError as error:
            raise OutputError(_KEPT.format(path, error.strerror)) from error
