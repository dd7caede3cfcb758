"""The last steps: numbers, figures, maps and the report."""

from __future__ import annotations

import json

from ._settings import settings_of
from ._state import plain
from ._work import Stage, Work


def figures(work: Work, stage: Stage) -> None:
    """The numbers of the study, and the figures that are charts."""
    settings = settings_of(work)
    with open(stage.path("results.json"), "w", encoding="utf-8") as file:
        json.dump(plain(settings), file, indent=1, ensure_ascii=False)


def project(work: Work, stage: Stage) -> None:
    """The maps and the project."""


def report(work: Work, stage: Stage) -> None:
    """The report and its texts."""
