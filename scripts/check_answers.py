#!/usr/bin/env python3
"""Compare the numbers of a study of the sample province with what they must be.

    check_answers.py STUDY TRUTH

STUDY is the folder of a study (nep:study) of the whole sample province, with respiration in its annual,
monthly-equivalent form; TRUTH is the ``truth.json`` of the province, which shares no code with the tools. Says for each
topic how many numbers were compared and how many agree, which known numbers a study does not have, and why, and shows
every number that differs. The exit code is 1 if one differs, or if a known number is neither compared nor excused.

A table holds six digits and a raster Float32: what is read from them may be off by half a unit of the sixth digit and
by a millionth. What is allowed to be off by more says so where it is compared.
"""

from __future__ import annotations

import csv
import fnmatch
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from osgeo import gdal

from answer_topics import FORM, TOPICS, tolerance

gdal.UseExceptions()

_LITERAL = "the literal form of the respiration, which this study does not use"
_OTHER_Q = (
    "q of five quantile classes of the mean of all years; a study tests single years, each factor in its best classes. "
    "Which factors are first and last is compared"
)
_TESTED = "not told by a study; p is compared, which follows from it"

#: Known numbers that a study does not have. The first pattern that fits a path says why.
EXCUSED = {
    "/seed": "how the province is made",
    "/grid/epsg": "no number: compared as the name of the CRS",
    "/npp/*": "how NPP is stored, which the study is told",
    "/respiration/*": "text",
    "/annual/*/nep_*": _LITERAL,
    "/annual/*/respiration_mean/*": _LITERAL,
    "/multi_year/*": _LITERAL,
    "/regions/*": _LITERAL,
    "/gravity/*": _LITERAL,
    "/correlation/*": _LITERAL,
    "/drivers/*": _LITERAL,
    "/ledger/*": _LITERAL,
    "/landcover_effect/*": _LITERAL,
    "/landcover_effect_averaged/*": _LITERAL,
    "/landcover/nep_by_class/*": _LITERAL,
    "/landcover/nodata": "how land cover is stored",
    f"/{FORM}/multi_year/s": _TESTED,
    f"/{FORM}/multi_year/variance_s": _TESTED,
    f"/{FORM}/regions/*/s": _TESTED,
    f"/{FORM}/regions/*/variance_s": _TESTED,
    f"/{FORM}/regions/*/z": _TESTED,
    f"/{FORM}/drivers/q_*": _OTHER_Q,
    f"/{FORM}/ledger/sources_and_sinks/switch_pixels/*": "the switch, which a study does not tell",
    f"/{FORM}/ledger/sources_and_sinks/mean_sink_years": "the years as a sink, which a study does not tell",
    f"/{FORM}/landcover_effect/*": "of single years; a study averages years around both dates, which is compared",
    f"/{FORM}/landcover_effect_averaged/years/*": "the rule of the study by which years are averaged",
    "/patches/*/bounds/*": "rows and columns say the same",
    "/patches/*/stored_npp/*": "input",
    "/patches/*/s": _TESTED,
    "/patches/*/variance_s": _TESTED,
    "/patches/*/z": _TESTED,
    "/design/*": "the plan, before weather and noise",
    "/attribution/planted/*": "the plan, before noise",
    "/attribution/plain/*": "the fit without the year, which a study does not use",
    "/attribution/detrended/slope": "the sum of the means of its parts, which are compared",
    "/attribution/detrended/r_squared": "not told by a study of single pixels",
    "/attribution/detrended/explained_pixels": "not told by a study of NPP",
    "/attribution/detrended/annual_means/contribution/*": "not told by a study; those of the pixels are compared",
}


class Known:
    """Part of the known answers; notes each number that is asked for."""

    def __init__(self, part: dict | list, path: str = "", asked: set | None = None):
        self.part, self.path = part, path
        self.asked = set() if asked is None else asked

    def __getitem__(self, key):
        value, path = self.part[key], f"{self.path}/{key}"
        if isinstance(value, (dict, list)):
            return Known(value, path, self.asked)
        self.asked.add(path)
        return value

    def __iter__(self):
        keys = self.part if isinstance(self.part, dict) else range(len(self.part))
        return (self[key] for key in keys)

    def by(self, *names: str) -> dict:
        """The parts of a list by their values of some names."""
        return {tuple(each[name] for name in names): each for each in self}

    def numbers(self) -> Iterator[str]:
        """The paths of all numbers."""
        for key, value in self.part.items() if isinstance(self.part, dict) else enumerate(self.part):
            path = f"{self.path}/{key}"
            if isinstance(value, (dict, list)):
                yield from Known(value, path).numbers()
            elif isinstance(value, (int, float)):
                yield path


class Study:
    """The folder of a study."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.facts = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        self.settings = json.loads((folder / "study.json").read_text(encoding="utf-8"))["settings"]

    def table(self, name: str, *keys: str) -> dict:
        """The rows of a table by their values of some columns."""
        path = self.folder / "tables" / f"{name}.csv"
        if not path.exists():
            return {}
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = [{column: _value(text) for column, text in row.items()} for row in csv.DictReader(file)]
        return {tuple(row.get(key) for key in keys): row for row in rows}

    def fact(self, *keys):
        """A number of results.json; None where there is none."""
        found = self.facts
        for key in keys:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def opened(self, name: str) -> gdal.Dataset:
        return gdal.Open(str(self.folder / "rasters" / f"{name}.tif"))

    def raster(self, name: str) -> np.ndarray:
        """Shape (bands, rows, cols); missing values are NaN."""
        dataset = self.opened(name)
        values = dataset.ReadAsArray().astype(np.float64).reshape(-1, dataset.RasterYSize, dataset.RasterXSize)
        values[values == dataset.GetRasterBand(1).GetNoDataValue()] = np.nan
        return values

    def centres(self) -> dict:
        """Easting and northing of the centre of gravity by year, from the GeoPackage."""
        dataset = gdal.OpenEx(str(self.folder / "vectors" / "study.gpkg"))
        return {feature["year"]: (feature["x"], feature["y"]) for feature in dataset.GetLayer("centers")
                if feature["region"] == "all"}


class Compared(NamedTuple):
    topic: str
    what: str
    found: object
    expected: object
    agrees: bool


def _value(text: str):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or None


def agree(found, expected, off: float | None = None) -> bool:
    """Whether a number is what it must be; text and whole numbers have to be the same."""
    if isinstance(expected, float) and isinstance(found, (int, float)) and not isinstance(found, bool):
        return math.isfinite(found) and abs(found - expected) <= (tolerance(expected) if off is None else off)
    return found == expected


def compare(folder: Path, truth: dict) -> tuple[list, dict, list]:
    """What was compared, the known numbers that a study lacks by reason, and those that nothing accounts for."""
    study, known, found = Study(folder), Known(truth), []
    for topic, rows in TOPICS.items():
        for what, is_, must, *off in rows(study, known):
            found.append(Compared(topic, what, is_, must, agree(is_, must, *off)))
    excused, forgotten = {}, []
    for path in known.numbers():
        if path not in known.asked:
            reason = next((why for pattern, why in EXCUSED.items() if fnmatch.fnmatchcase(path, pattern)), None)
            if reason is None:
                forgotten.append(path)
            else:
                excused[reason] = excused.get(reason, 0) + 1
    return found, excused, forgotten


def main(folder: str, truth: str) -> int:
    found, excused, forgotten = compare(Path(folder), json.loads(Path(truth).read_text(encoding="utf-8")))
    for topic in TOPICS:
        rows = [each for each in found if each.topic == topic]
        print(f"{topic:22} {sum(each.agrees for each in rows):5} of {len(rows):5} agree")
    print(f"{'All':22} {sum(each.agrees for each in found):5} of {len(found):5} agree")
    print(f"Known, but no part of this study: {sum(excused.values())} numbers")
    for reason, count in excused.items():
        print(f"  {count:5}  {reason}")
    wrong = [each for each in found if not each.agrees]
    for each in wrong:
        print(f"DIFFERS  {each.topic}: {each.what}: {each.found}, must be {each.expected}")
    for path in forgotten:
        print(f"FORGOTTEN  {path} is neither compared nor excused")
    return 1 if wrong or forgotten or not found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
