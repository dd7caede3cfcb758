"""What a study remembers of its runs: `study.json`, by which a later run knows what has not changed."""

from __future__ import annotations

import hashlib
import json
import math
import os
from functools import cache
from pathlib import Path

FILE = "study.json"

DONE, FAILED, SKIPPED = "done", "failed", "skipped"

#: Files that QGIS or a user may touch without changing what the study found.
_MAY_CHANGE = (".qml", ".gpkg", ".qgz", ".aux.xml", ".txt")


class State:
    """The state of a study.

    Parameters
    ----------
    folder : str
        Of the study.

    Attributes
    ----------
    before : dict
        By step, what earlier runs left.
    facts : dict
        What `study.json` holds beside the steps: settings, parameters, versions, inputs.
    """

    def __init__(self, folder: str):
        self.folder = folder
        self.facts: dict = {}
        self.before: dict = {}
        self._steps: dict = {}
        try:
            with open(os.path.join(folder, FILE), encoding="utf-8") as file:
                self.before = dict(json.load(file)["steps"])
        except (OSError, ValueError, KeyError, TypeError):  # none, or none that can be read: everything is done anew
            self.before = {}

    @property
    def steps(self) -> dict:
        """The steps of this run so far: by name what became of each."""
        return self._steps

    def record(self, name: str, entry: dict) -> None:
        """Note what became of a step."""
        self._steps[name] = entry

    def unchanged(self, name: str, fingerprint: str) -> bool:
        """Whether a step was done before from the same, and its files are as they were left."""
        entry = self.before.get(name, {})
        return (
            entry.get("state") == DONE and entry.get("fingerprint") == fingerprint
            and all(same_file(os.path.join(self.folder, file), facts) for file, facts in entry["files"].items())
        )

    def stale(self, name: str, files) -> list:
        """The files of a step of an earlier run that it has no longer."""
        kept = set(files) | {file for entry in self._steps.values() for file in entry.get("files", {})}
        return sorted(set(self.before.get(name, {}).get("files", {})) - kept)

    def text(self) -> str:
        """What `study.json` is to hold. Steps that this run has not come to are as earlier runs left them."""
        steps = {**self.before, **self._steps}
        return json.dumps(plain({**self.facts, "steps": steps}), indent=1, ensure_ascii=False) + "\n"

    def write(self) -> None:
        """Write `study.json`, whole or not at all."""
        draft = os.path.join(self.folder, f".{FILE}.draft")
        with open(draft, "w", encoding="utf-8") as file:
            file.write(self.text())
        os.replace(draft, os.path.join(self.folder, FILE))


def plain(value):
    """A value as JSON takes it: NaN and infinities are null."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(each) for each in value]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def file_facts(path: str) -> list:
    """Size and time of a file, by which a later run knows it again."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns]


def same_file(path: str, facts: list) -> bool:
    """Whether a file is as it was; of those that QGIS itself may touch, whether it is there."""
    try:
        return file_facts(path) == facts or path.endswith(_MAY_CHANGE)
    except OSError:
        return False


def fingerprint(*things) -> str:
    """A text that differs where one of the things does."""
    text = json.dumps(plain(things), sort_keys=True, default=repr)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


@cache
def code_version() -> str:
    """A text that differs where the source of the toolbox does."""
    package = Path(__file__).resolve().parents[2]
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        found.update(path.relative_to(package).as_posix().encode("utf-8") + path.read_bytes())
    return found.hexdigest()[:32]
