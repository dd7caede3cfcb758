"""What texts, figures and pages are told of a study beside its tables."""

from __future__ import annotations

import platform

from osgeo import gdal
from qgis.core import Qgis, QgsApplication

from ...core.carbon import carbon_density
from ...framework.respiration_models import NUMBERED, taken
from ...layouts.catalogue import is_height
from ...version import version
from ._work import Work

#: What is told of the parameters, in this order; the rest are inputs or have places of their own.
_SPOKEN = (
    "FORCING", "PREPARE", "ALPHA", "MIN_OBSERVATIONS", "CORRECTION", "FIELD_SIGNIFICANCE", "DETREND", "NEGATIVE",
    "METHODS", "MIN_CLASSES", "MAX_CLASSES", "SPACING", "NPP_SCALE", "NPP_VALID_MIN", "NPP_VALID_MAX",
    "TEMPERATURE_SCALE", "TEMPERATURE_OFFSET", "PRECIPITATION_SCALE", "MODEL", *NUMBERED, "ERRORS",
)


def facts_of(work: Work) -> dict:
    """What `study.json` holds beside the steps."""
    settings = settings_of(work)
    files, layers, _polygons = work.inputs
    del settings["steps"], settings["numbers"], settings["checks"]
    return {
        "format": 1, "settings": settings, "parameters": settings.pop("parameters"),
        "versions": settings.pop("versions"), "command": settings.pop("command"),
        "inputs": [{"path": path, "size": size, "modified_ns": modified} for path, size, modified in files],
    }


def language_of(choice: int) -> str:
    """The language of figures and texts: "en" or "zh"."""
    if choice == 0:
        return "zh" if QgsApplication.locale().lower().startswith("zh") else "en"
    return "zh" if choice == 2 else "en"


def settings_of(work: Work) -> dict:
    """The settings, as a dictionary of plain values."""
    plan, given = work.plan, work.run.parameters
    numbers = {name: entry.get("numbers", {}) for name, entry in work.state.steps.items()}
    place = numbers.get("prepare", {})
    statistics = numbers.get("statistics", {})
    unit = given.text("UNIT").strip()
    return {
        "variable": given.text("VARIABLE").strip() or "NEP", "unit": unit,
        "region_name": given.text("REGION_NAME").strip(), "years": list(plan.years), "map_years": list(plan.map_years),
        "stages": [list(stage) for stage in plan.stages], "lc_years": list(plan.lc_years),
        "detector_years": list(plan.detector_years), "alpha": given.number("ALPHA"),
        "min_class_area": given.number("MIN_CLASS_AREA"), "min_coverage": given.number("MIN_COVERAGE"),
        "language": language_of(given.choice("LANGUAGE")), "dpi": given.integer("DPI"),
        "width_mm": given.number("WIDTH_MM"), "formats": list(plan.formats),
        "has": {
            "climate": work.makes_nep, "landcover": plan.landcover is not None, "regions": work.has_regions,
            "factors": bool(plan.factors),
        },
        "carbon": carbon_density(unit) is not None,
        "relief": next((factor.name for factor in plan.factors if is_height(factor.name)), None),
        "steps": {
            name: {"state": entry["state"], "why": entry.get("why", "")} for name, entry in work.state.steps.items()
        },
        "numbers": numbers, "form": numbers.get("productivity", {}).get("forcing", {}).get("form"),
        "checks": checks_of(work),
        "gradient": {"r_x": statistics.get("r_x"), "r_y": statistics.get("r_y")}, "place": place,
        "landcover_classes": [
            {"code": code, "label": plan.labels.get(code, str(code)), "colour": plan.colours.get(code)}
            for code in place.get("codes", [])
        ],
        "options": {key.lower(): given.value(key) for key in _SPOKEN}, "excluded_classes": list(plan.excluded),
        "versions": versions(), "parameters": parameters_of(work),
        "command": command_of(work),
    }


def checks_of(work: Work) -> list:
    """What a reader must know of the inputs: by the name of the check, with its numbers."""
    place, found = work.numbers("prepare"), []
    if not place:
        return found
    if place.get("mean") is not None and carbon_density(work.plan.npp.unit) is not None:
        found.append({"check": "unit", "plausible": place["plausible"], "mean": place["mean"]})
    if work.makes_nep:
        found.append({"check": "lost_climate", "percent": _percent(place, "pixels_without_climate")})
    if work.plan.factors:
        found.append({"check": "lost_factors", "percent": _percent(place, "pixels_without_factor")})
    if work.makes_nep and work.done("productivity"):
        found.append({"check": "forcing", **work.numbers("productivity").get("forcing", {})})
    found += [
        {"check": "climatology", "variable": name} for name, source in work.plan.climate.items() if source.constant
    ]
    return found


def _percent(place: dict, key: str) -> float:
    return 100.0 * place[key] / place["pixels"] if place["pixels"] else 0.0


def versions() -> dict:
    """The software of the run."""
    import numpy

    found = {
        "NEP Toolbox": version(), "QGIS": Qgis.QGIS_VERSION.split("-")[0], "GDAL": gdal.VersionInfo("RELEASE_NAME"),
        "Python": platform.python_version(), "numpy": numpy.__version__,
    }
    try:
        import scipy

        found["scipy"] = scipy.__version__
    except ImportError:
        pass
    return found


def parameters_of(work: Work) -> list:
    """Label, value and key of the parameters that say how things were computed."""
    given, found = work.run.parameters, []
    used = taken(given)
    definitions = {each.name(): each for each in given.definitions()}
    for name in _SPOKEN:
        value = given.value(name)
        if value in (None, "") or name in NUMBERED and name not in used:
            continue
        options = definitions[name].options() if hasattr(definitions[name], "options") else []
        if options:
            value = ", ".join(options[each] for each in (value if isinstance(value, list) else [value]))
        found.append({"key": name, "label": given.label(name), "value": value})
    return found


def command_of(work: Work) -> str:
    """The command that repeats the run."""
    given, words = work.run.parameters, ["qgis_process", "run", "nep:study"]
    for definition in given.definitions():
        name = definition.name()
        layers = [layer.path for layer in work.run.layers(name)]
        if name == "OUTPUT_FOLDER":
            values = [work.folder]
        elif name in ("REGIONS", "MASK"):
            values = [work.sources.get(name, "")]
        elif layers:
            values = layers
        else:
            values = [_written(given.value(name))] if given.value(name) != _default(given, definition) else []
        words += [f"--{name}={quoted(each)}" for each in values if each]
    return " ".join(words)


def _default(given, definition):
    """The default of a parameter, as `Parameters.value` gives it."""
    default = definition.defaultValue()
    value = given.value(definition.name())
    if isinstance(value, float) and default is not None:
        return float(default)
    return ("" if isinstance(value, str) else None) if default is None else default


def _written(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def quoted(value: str) -> str:
    """A value as a shell takes it."""
    if value and all(sign.isalnum() or sign in "/._-:,+" for sign in value):
        return value
    return "'{}'".format(value.replace("'", "'\\''"))
