"""The parameters of studies of the sample province, and what they have made."""

from __future__ import annotations

import json
import os
from pathlib import Path

from testkit.files import contents

from nep_toolbox.algorithms.study import _steps


def given(province: Path, **changes) -> dict:
    """The parameters of a whole study of the province; None takes one out."""
    def files(pattern):
        return sorted(str(path) for path in province.glob(pattern))

    parameters = {
        "NPP": files("npp_*.tif"), "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700,
        "TEMPERATURE": files("temperature_*.tif"), "PRECIPITATION": files("precipitation_*.tif"), "FORCING": 3,
        "REGIONS": str(province / "regions.gpkg"), "REGION_FIELD": "name", "LANDCOVER": files("landcover_*.tif"),
        "CONTINUOUS": [str(province / "elevation.tif"), str(province / "pm25.tif")], "FACTOR_NAMES": "pm25=PM2.5",
        "FORMATS": "png", "DPI": 50, **changes,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def npp_only(province: Path, **changes) -> dict:
    """The parameters of a study of NPP alone, which has fewest steps."""
    left_out = dict.fromkeys(("TEMPERATURE", "PRECIPITATION", "FORCING", "REGIONS", "REGION_FIELD", "LANDCOVER",
                              "CONTINUOUS", "FACTOR_NAMES"))
    return given(province, **{**left_out, "VARIABLE": "NPP", **changes})


def state(folder) -> dict:
    """What `study.json` holds."""
    return json.loads((folder / "study.json").read_text(encoding="utf-8"))


def states(folder) -> dict:
    """What became of each step."""
    return {name: entry["state"] for name, entry in state(folder)["steps"].items()}


def made(folder) -> dict:
    """The content of a study without what may differ: times, files in which QGIS notes the time, and styles, in which
    it orders attributes by chance."""
    found = {}
    for name, data in contents(folder).items():
        name = name.replace(os.sep, "/")
        if name.endswith((".qgz", ".gpkg", "-wal", "-shm", ".qml")):
            data = b""
        if name == "study.json":
            entries = json.loads(data)["steps"]
            data = {step: [entry["state"], entry.get("fingerprint"), sorted(entry.get("files", {}))]
                    for step, entry in entries.items()}
        found[name] = data
    return found


def quick(monkeypatch, *more: str) -> None:
    """Leave out the steps that take long and say nothing new."""
    out = {"figures", "project", "report", *more}
    steps = tuple(step for step in _steps.STEPS if step.name not in out)
    monkeypatch.setattr("nep_toolbox.algorithms.study.study.STEPS", steps)
