"""The last steps: numbers, figures, maps and the report."""

from __future__ import annotations

import json
import os
import shutil

from ...errors import MissingLibrary
from ...framework.main_thread import in_main_thread
from ...study.facts import facts
from ...study.tables import read_tables
from ...study.words import words
from ._log import write_log
from ._settings import settings_of
from ._state import plain
from ._vectors import FILE, write_vectors
from ._work import BETWEEN, Stage, Work


def figures(work: Work, stage: Stage) -> None:
    """The numbers of the study, its layers of features, and the figures that are charts."""
    from ...layouts.arrangement import panel_sizes
    from ...report import figures as charts

    settings, tables = settings_of(work), read_tables(work.path("tables"))
    language = words(settings["language"])
    with open(stage.path("results.json"), "w", encoding="utf-8") as file:
        json.dump(plain(facts(tables, settings)), file, indent=1, ensure_ascii=False)
    write_vectors(work, stage)
    stage.run.advance(0.1)
    note = charts.font_note(settings["language"])
    if note:
        stage.run.log.warn(note)
    colours = {each["code"]: each["colour"] for each in settings["landcover_classes"] if each["colour"]}
    west, south, east, north = settings["place"]["extent"]
    sizes = panel_sizes(settings["width_mm"], (north - south) / (east - west))
    drawn = words(charts.drawable(settings["language"]))
    planned = charts.plan(tables, settings, drawn, sizes, colours)
    told = charts.plan(tables, settings, language, sizes, colours)
    stage.numbers["notes"] = {chart.path: chart.note for chart in told if chart.note}
    for place, chart in enumerate(planned):
        stage.run.advance(0.1 + 0.9 * place / len(planned))
        # Panels are placed on the maps as drawings, whatever the formats of figures.
        formats = ("svg",) if chart.path.startswith("panels/") else tuple(settings["formats"])
        try:
            charts.save(chart.draw(), stage.path(f"figures/{chart.path}"), formats, settings["dpi"])
        except MissingLibrary as error:
            stage.run.log.warn(str(error))
            return


def project(work: Work, stage: Stage) -> None:
    """The maps and the project: built in a mirror of the folder, in which they see all files where they will be."""
    from ...layouts.project import PROJECT, build
    from ...report.figures import drawable

    settings, run = settings_of(work), stage.run
    mirror = _mirror(work, stage.scratch())
    result = build(
        mirror, settings, words(drawable(settings["language"])), lambda percent: run.log.progress(percent / 100.0),
        run.log.is_cancelled, in_main_thread,
    )
    for warning in result["warnings"]:
        run.log.warn(warning)
    files = [os.path.relpath(file, mirror) for made in result["figures"].values() for file in made]
    for file in (PROJECT, *files):
        shutil.move(os.path.join(mirror, file), stage.path(file.replace(os.sep, "/")))


def _mirror(work: Work, folder: str) -> str:
    """A folder with the files of the study, which takes no room on the disk where this can be."""
    for entry in work.state.steps.values():
        for file in entry.get("files", {}):
            if file.startswith(f"{BETWEEN}/"):
                continue
            target = os.path.join(folder, *file.split("/"))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if file != FILE:  # which QGIS opens for writing
                try:
                    os.link(work.path(file), target)
                    continue
                except OSError:  # the disk knows no second name for a file
                    pass
            shutil.copy2(work.path(file), target)
    return folder


def report(work: Work, stage: Stage) -> None:
    """The report and its texts."""
    from ._report import write_report

    settings, tables = settings_of(work), read_tables(work.path("tables"))
    write_log(work)
    write_report(work.folder, stage.root, settings, tables, facts(tables, settings))
