"""For each tool the parameters of one run on the sample province; the contract suite runs them.

A text that starts with ``@`` is a pattern of files of the province: all that match, in order. A pattern without ``*``
is one file. A ``Made`` is what another tool makes of its own example, ``TOWERS`` a table written for the run,
``LONGER`` the NPP of the province as a series of twenty years, and ``TWO_MEMBERS`` its NPP and that of years mixed up.
Results need not be listed: the suite asks for all of them.
"""

from __future__ import annotations

import shutil
from typing import NamedTuple

from osgeo import gdal
from testkit.stacks import stacked
from testkit.tools import destinations, run


class Made(NamedTuple):
    """A result of another tool's example."""

    tool: str
    output: str


TOWERS = "a table of towers"
LONGER = "a longer series"
TWO_MEMBERS = "two series"

#: What these make of a file depends on the files.
SINGLE_FILES = ("nep:importmod17", "nep:harmonize", "nep:annualclimate", "nep:study", "nep:sampletable")

EXAMPLES = {
    "nep:sampledata": {"EXTENT_KM": 30, "YEARS": "2001-2004", "SEED": 7},
    "nep:importmod17": {
        "INPUT": "@npp_200*.tif", "VARIABLE": "Npp_500m", "RESOLUTION": 1500, "MASK": "@regions.gpkg", "THREADS": 1,
    },
    "nep:harmonize": {
        "INPUT": "@temperature_200*.tif", "TARGET_CRS": "EPSG:4326", "RESOLUTION": 0.02, "MASK": "@regions.gpkg",
        "MASK_RASTER": "@landcover_2001.tif", "MASK_CLASSES": "3", "THREADS": 1,
    },
    "nep:annualclimate": {"INPUT": "@monthly/temperature_200[12]_*.tif", "THREADS": 1},
    "nep:respiration": {
        "TEMPERATURE": "@monthly/temperature_200[12]_*.tif", "PRECIPITATION": "@monthly/precipitation_200[12]_*.tif",
        "MODEL": 1, "THREADS": 1,
    },
    "nep:productivity": {
        "NPP": "@npp_*.tif", "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700,
        "TEMPERATURE": "@temperature_*.tif", "PRECIPITATION": "@precipitation_*.tif", "FORCING": 3, "THREADS": 1,
    },
    "nep:sourcesink": {
        "INPUT": Made("nep:productivity", "OUTPUT"), "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:ensemble": {
        "INPUT": TWO_MEMBERS, "MIN_OBSERVATIONS": 8, "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:uncertainty": {
        "NPP": "@npp_*.tif", "NPP_SCALE": 0.1, "NPP_VALID_MIN": -30000, "NPP_VALID_MAX": 32700,
        "TEMPERATURE": "@temperature_*.tif", "PRECIPITATION": "@precipitation_*.tif", "FORCING": 3,
        "ERRORS": "b=0.1;npp=0.1;temperature=0.5", "DRAWS": 20, "REGIONS": "@regions.gpkg", "REGION_FIELD": "name",
        "THREADS": 1,
    },
    "nep:trend": {
        "INPUT": "@npp_*.tif", "MIN_OBSERVATIONS": 8, "CONFIDENCE": 90, "REGIONS": "@regions.gpkg",
        "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:breakpoint": {
        "INPUT": "@npp_*.tif", "ALPHA": 0.2, "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:seasonaltrend": {
        "INPUT": "@monthly/temperature_200[1-4]_*.tif", "MIN_OBSERVATIONS": 4, "REGIONS": "@regions.gpkg",
        "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:hurst": {
        "INPUT": "@npp_*.tif", "MIN_OBSERVATIONS": 12, "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:futuretrend": {
        "TREND": Made("nep:trend", "CLASS"), "HURST": Made("nep:hurst", "HURST"),
        "EVIDENCE": Made("nep:hurst", "PVALUE"), "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:hindcast": {"INPUT": LONGER, "FRACTION": 0.7, "THREADS": 1},
    "nep:changefrequency": {
        "INPUT": "@npp_*.tif", "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:annualstatistics": {
        "INPUT": "@npp_*.tif", "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:variability": {
        "INPUT": "@npp_*.tif", "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:gravitycenter": {
        "INPUT": "@npp_*.tif", "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "STAGES": "2001-2005,2006-2010",
        "THREADS": 1,
    },
    "nep:hotspots": {
        "INPUT": "@npp_*.tif", "RADIUS": 2, "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:compare": {
        "INPUT": "@npp_*.tif", "REFERENCE": "@precipitation_*.tif", "POINTS": TOWERS,
        "SITE_FIELD": "site", "YEAR_FIELD": "year", "VALUE_FIELD": "npp", "CLASSES": "@landcover_2001.tif",
        "THREADS": 1,
    },
    "nep:sampletable": {
        "INPUT": "@npp_*.tif", "DRIVERS": "@elevation.tif", "CLASSES": "@landcover_*.tif", "REGIONS": "@regions.gpkg",
        "REGION_FIELD": "name", "METHOD": 2, "COUNT": 12, "LONG": True, "THREADS": 1,
    },
    "nep:pointseries": {
        "INPUT": "@npp_*.tif", "POINTS": Made("nep:sampletable", "OUTPUT"), "POINT_FIELD": "region", "THREADS": 1,
    },
    "nep:correlation": {
        "INPUT": Made("nep:productivity", "OUTPUT"), "DRIVER": "@precipitation_*.tif",
        "CONTROLS": Made("nep:productivity", "RESPIRATION"), "REGIONS": "@regions.gpkg", "REGION_FIELD": "name",
        "THREADS": 1,
    },
    "nep:lagcorrelation": {
        "INPUT": "@npp_*.tif", "DRIVER": "@precipitation_*.tif", "PERMUTATIONS": 99, "ALPHA": 0.2,
        "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:attribution": {
        "INPUT": "@npp_*.tif", "DRIVERS": "@[pt]*_*.tif", "ALL_PIXELS": True, "REGIONS": "@regions.gpkg",
        "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:drivers": {
        "INPUT": "@npp_*.tif", "DRIVERS": "@[pt]*_*.tif", "DRIVER_NAMES": "precipitation=Rain",
        "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:landcovertransition": {
        "INPUT": "@landcover_*.tif", "MERGE": "2,3=Vegetation;1=Fields", "REGIONS": "@regions.gpkg",
        "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:intensityanalysis": {
        "INPUT": "@landcover_*.tif", "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:scenario": {
        "INPUT": "@landcover_*.tif", "VALUES": Made("nep:productivity", "OUTPUT"), "HORIZONS": "5,20", "PROTECT": "2",
        "THREADS": 1,
    },
    "nep:landcoverstatistics": {
        "INPUT": Made("nep:productivity", "OUTPUT"), "LANDCOVER": "@landcover_*.tif", "STABLE_ONLY": True,
        "THREADS": 1,
    },
    "nep:landcovereffect": {
        "INPUT": Made("nep:productivity", "OUTPUT"), "LANDCOVER": "@landcover_*.tif", "WINDOW": 3,
        "REGIONS": "@regions.gpkg", "REGION_FIELD": "name", "THREADS": 1,
    },
    "nep:geodetector": {
        "TARGET": Made("nep:productivity", "OUTPUT"), "YEARS_TO_DETECT": "2001,2012", "CONTINUOUS": "@elevation.tif",
        "CATEGORICAL": "@landcover_*.tif", "SPACING": 2, "SCALES": "1,4", "THREADS": 1,
    },
    "nep:study": {"NPP": "@npp_*.tif", "NPP_SCALE": 0.1, "NPP_VALID_MAX": 32700, "VARIABLE": "NPP", "FORMATS": "png"},
    "nep:geodetectortable": {
        "INPUT": Made("nep:annualstatistics", "TABLE"), "TARGET": "mean", "CONTINUOUS": ["year", "std"],
        "CATEGORICAL": ["region"],
    },
}


def example(identifier: str, folder) -> dict:
    """The parameters of a tool's example with the files of the province in ``folder``."""
    if identifier not in EXAMPLES:
        raise AssertionError(
            f"{identifier} has no example: add one to tests/algorithms/examples.py, so that the contract of all tools "
            f"is tested on it"
        )
    return {name: _files(value, folder) for name, value in EXAMPLES[identifier].items()}


def brief(identifier: str, folder) -> dict:
    """The same, with few files: each series is one raster, but for the tools that take single files."""
    given = example(identifier, folder)
    return given if identifier in SINGLE_FILES else stacked(given, folder.with_name(f"{folder.name}, stacked"))


def _towers(folder) -> str:
    """A table of values of two towers in the middle of the province, beside its folder."""
    places = gdal.Info(str(folder / "npp_2001.tif"), format="json")["cornerCoordinates"]["center"]
    path = folder.with_name(f"{folder.name}, towers") / "towers.csv"
    path.parent.mkdir(exist_ok=True)
    lines = ["site,x,y,year,npp"]
    for site, shift in (("east", 2000.0), ("west", -2000.0)):
        lines += [f"{site},{places[0] + shift},{places[1]},{year},{4000 + year % 7}" for year in range(2001, 2009)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _longer(folder) -> list:
    """The years of the province, then its first years once more, beside its folder."""
    return _copied(sorted(folder.glob("npp_*.tif")), folder.with_name(f"{folder.name}, longer"), "npp", 20)


def _two_members(folder) -> list:
    """NPP of the province, and a second series that holds the years in another order."""
    files = sorted(folder.glob("npp_*.tif"))
    other = folder.with_name(f"{folder.name}, other")
    return [*map(str, files), *_copied(files[3:] + files[:3], other, "other", len(files))]


def _copied(files: list, target, name: str, years: int) -> list:
    """Copies of files, over and over, as rasters of so many years from 2001 in a folder."""
    target.mkdir(exist_ok=True)
    made = [target / f"{name}_{2001 + place}.tif" for place in range(years)]
    for place, path in enumerate(made):
        if not path.exists():
            shutil.copy(files[place % len(files)], path)
    return [str(path) for path in made]


def _files(value, folder):
    if value is TOWERS:
        return _towers(folder)
    if value is LONGER:
        return _longer(folder)
    if value is TWO_MEMBERS:
        return _two_members(folder)
    if isinstance(value, Made):
        made = folder.with_name(f"{folder.name}, {value.tool.partition(':')[2]}")
        wanted = destinations(value.tool, made)
        if not made.exists():
            run(value.tool, dict(example(value.tool, folder), **wanted))
        return wanted[value.output]
    if not (isinstance(value, str) and value.startswith("@")):
        return value
    pattern = value[1:]
    found = sorted(str(path) for path in folder.glob(pattern))
    if not found:
        raise AssertionError(f"no file of the sample province matches {pattern}")
    return found if "*" in pattern else found[0]
