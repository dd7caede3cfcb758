"""The report of a study, from its folder: what `study` says, in the form that `report.document` gives it."""

from __future__ import annotations

import os
import re

from qgis.PyQt.QtCore import QBuffer, Qt
from qgis.PyQt.QtGui import QImage

from ...report import document as report
from ...study.captions import NAMES, captions
from ...study.checks import checks
from ...study.headings import section_titles
from ...study.methods import limits, methods, references
from ...study.sentences import sentences
from ...study.words import words
from ._report_tables import section_tables, sheets

#: Figures that are drawings; the others are pictures.
DRAWN = ("fig02_annual", "fig08_landcover", "fig09_landcover_nep", "fig09b_landcover_effect", "fig10_geodetector")

#: The figure whose caption says itself what is left out.
_TOLD = "fig09"

#: Dots per inch of pictures in the page, coarser ones for a page that would be larger than so many bytes.
DPI, LARGEST = (150, 110, 80), 10_000_000

#: The steps that feed a section, with what they find.
STEPS = {
    "f1": {"prepare": "Prepared data"},
    "f2": {"productivity": "NEP from NPP and climate", "statistics": "Annual statistics"},
    "f3": {"statistics": "Annual statistics", "source_sink": "Sources and sinks"},
    "f4": {"frequency": "Change frequency"},
    "f5": {"trend": "Trend", "centre": "Gravity centre"},
    "f6": {"hurst": "Hurst exponent", "future": "Future trend", "hindcast": "Hindcast"},
    "f7": {"correlation": "Correlation"},
    "f8": {"landcover": "Land cover"},
    "f9": {"landcover_statistics": "Statistics by land cover"},
    "f9b": {"landcover_effect": "Effect of land-cover change"},
    "f10": {"detector": "Geodetector"},
    "f11": {"attribution": "Attribution"},
    "f12": {"drivers": "Drivers"},
}
#: Steps that make what is beside the report.
_BESIDE = {"figures": "Figures", "project": "QGIS project", "uncertainty": "Uncertainty"}

_METRES_OF_INCH = 0.0254

REPORT, RESULTS, METHODS, CAPTIONS, TABLES = "report.html", "results.md", "methods.md", "captions.txt", "tables.xlsx"


def write_report(source: str, target: str, settings: dict, tables: dict, facts: dict) -> list:
    """Write the report of a study, and its texts and tables beside it.

    Parameters
    ----------
    source : str
        The folder of the study, with ``tables``, ``figures`` and ``log.txt``.
    target : str
        The folder to write to.
    settings : dict
        The settings of the study, as in ``study.json``.
    tables : dict of str to list of dict
        As `study.tables.read_tables` gives them.
    facts : dict
        As `study.facts.facts` gives them.

    Returns
    -------
    list of str
        The paths of what was written.
    """
    for dpi in DPI:
        document = make_document(source, settings, tables, facts, dpi)
        text = report.page(document)
        if len(text.encode("utf-8")) < LARGEST:
            break
    paths = [os.path.join(target, name) for name in (REPORT, RESULTS, METHODS, CAPTIONS)]
    texts = (text, report.results(document), report.methods(document), report.captions(document))
    for path, text in zip(paths, texts):
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    found = sheets(tables, settings)
    if found:
        paths.append(os.path.join(target, TABLES))
        report.write_workbook(found, paths[-1])
    return paths


def make_document(source: str, settings: dict, tables: dict, facts: dict, dpi: int = DPI[0]) -> report.Document:
    """The report of a study as plain data, with pictures of ``dpi``; other parameters are those of `write_report`."""
    language = words(settings.get("language", "en"))
    settings = {**settings, "language": language.language}
    notes = settings.get("numbers", {}).get("figures", {}).get("notes", {})
    titles, said, described = section_titles(settings), sentences(facts, settings), captions(facts, settings)
    folder = os.path.join(source, "tables")
    sections = [
        report.Section(
            name, titles[name], tuple(said.get(name, ())), _figure(source, NAMES[name], described, dpi),
            section_tables(name, name[1:], folder, tables, settings),
            tuple(note for path, note in notes.items() if _stem(path) == _stem(NAMES[name]) != _TOLD),
            _states(steps, "failed", settings, language),
            _states(steps, "skipped", settings, language),
        )
        for name, steps in STEPS.items()
    ]
    return report.Document(
        title=_title(settings, language), language=language.language, summary=tuple(said.get("head", ())),
        facts=_facts(settings, language),
        checks=tuple(report.Check(check.text, check.level == "bad") for check in checks(facts, settings)),
        uncertainty=tuple(said.get("uncertainty", ())),
        uncertain=section_tables("uncertainty", "1b", folder, tables, settings),
        errors=_states(_BESIDE, "failed", settings, language),
        tables=section_tables("head", "1", folder, tables, settings), sections=sections,
        methods=tuple(report.Method(method.title, tuple(method.parts)) for method in methods(facts, settings)),
        references=tuple(_reference(reference) for reference in references(facts, settings)),
        limits=tuple(limits(facts, settings)),
        parameters=tuple(
            (language[each["label"]], _value(each["value"], language)) for each in settings.get("parameters", ())
        ),
        versions=tuple(settings.get("versions", {}).items()), command=settings.get("command", ""), log=_log(source),
    )


def _stem(path: str) -> str:
    """What the names of the files of a figure begin with."""
    return path.rpartition("/")[2].partition("_")[0]


def _title(settings: dict, language) -> str:
    region = settings.get("region_name")
    template = language["{variable} of {region}, {period}"] if region else language["{variable}, {period}"]
    years = settings["years"]
    return template.format(
        variable=settings["variable"], region=region, period=language.period(min(years), max(years))
    )


def _facts(settings: dict, language) -> tuple:
    """What a reader looks for first."""
    place, years = settings.get("place", {}), settings["years"]
    cell = place.get("cell")
    unit = language["degrees"] if place.get("cell_unit") == "degrees" else "m"
    found = {
        "Region": settings.get("region_name"),
        "Period": language.period(min(years), max(years)),
        "Variable": language.quantity(settings["variable"], settings.get("unit", "")),
        "Area": f"{language.number(place.get('area_km2'), 'area')} km²" if place.get("area_km2") else "",
        "Pixels": language.number(place.get("pixels"), "count"),
        "Cell size": f"{language.number(cell)} {unit}" if cell else "",
        "Coordinate reference system": place.get("crs"),
    }
    return tuple((language[label], str(value)) for label, value in found.items() if value)


def _states(steps: dict, state: str, settings: dict, language) -> tuple:
    """What is to be said of the steps in a state."""
    entries = {name: settings.get("steps", {}).get(name, {}) for name in steps}
    return tuple(
        language["{}. {}"].format(language[title], _reason(entries[name].get("why", ""), language))
        for name, title in steps.items() if entries[name].get("state") == state
    )


def _reason(why: str, language) -> str:
    """Why a step has no results; a text that no translation is known of stays as it is."""
    template = re.sub(r"\d+", "{}", why)
    return why if language[template] == template else language[template].format(*re.findall(r"\d+", why))


def _figure(source: str, name: str, said: dict, dpi: int) -> report.Figure | None:
    """The figure of a section; None where it was not drawn."""
    endings = (".svg", ".png") if name in DRAWN else (".png", ".svg")
    files = [f"figures/{name}{ending}" for ending in (*endings, ".pdf")]
    files = [file for file in files if os.path.exists(os.path.join(source, file))]
    content = b""
    if files and not files[0].endswith(".pdf"):
        with open(os.path.join(source, files[0]), "rb") as file:
            content = _smaller(file.read(), dpi)
    return report.Figure(name, said.get(name, ""), content, tuple(files)) if files else None


def _smaller(content: bytes, dpi: int) -> bytes:
    """A picture with the resolution of the page; a drawing, or a picture that is not finer, as it is."""
    image = QImage.fromData(content, "PNG")
    own = image.dotsPerMeterX() * _METRES_OF_INCH
    if image.isNull() or own <= dpi:
        return content
    width = round(image.width() * dpi / own)
    buffer = QBuffer()  # opened by what writes to it
    image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation).save(buffer, "PNG")
    return bytes(buffer.data())


def _value(value, language) -> str:
    """A value of a parameter: of a choice its option, or its options."""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if not isinstance(value, str):
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    option = language[value]
    comma = "、" if language.chinese else ", "
    return comma.join(language[part] for part in value.split(", ")) if option == value else option


def _reference(reference) -> str:
    return f"{reference.text} https://doi.org/{reference.doi}" if reference.doi else reference.text


def _log(source: str) -> str:
    path = os.path.join(source, "log.txt")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()
