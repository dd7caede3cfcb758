"""Whole tools beside the part of their work that GDAL cannot be spared, in one run.

    python benchmarks/tools.py [--side 3000] [--rounds 3] [--only NAME ...] [--plugins FOLDER]

Each round runs, one after the other, the tool on a series of 20 float32 bands, the same tool on a raster of 64 x 64
cells, and the other side of the ratio: GDAL reading or copying the bands in one thread, gdalwarp on all cores, or
another run of a tool. What the small raster took, which is the start of QGIS and of the tool, is taken off.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Callable, NamedTuple

import inputs
from processes import PROJECT, Qgis, run
from sections import Section, show, spread

ANOTHER = "EPSG:32651"
FLOOR = Path(__file__).with_name("floor.py")
SMALL = 64
MONTHS = 480
#: Of the raster of 20 years of months, so many cells lie on one side for each of these of the others.
COARSER = 6
#: The same of the rasters of several drivers: of 3000 x 3000 cells it leaves a million.
NINTH = 3
DRIVERS = ("rain", "warmth", "light", "people")
#: NPP and climate of as many cells, and how many draws of their errors.
DRAWN, DRAWS = ("npp", "temperature", "precipitation"), 20
COVERS = ("cover_2003.tif", "cover_2009.tif", "cover_2018.tif")
READING, COPYING = "reading the bands", "copying the bands"
READING_DRIVERS = "reading all series"


class Task(NamedTuple):
    """A run of a tool, and what it is measured by.

    Attributes
    ----------
    name : str
    tool : str
    parameters : callable
        Takes the folder of the inputs and that of the results.
    beside : str
        The other side in words.
    floor : callable
        Takes the same two folders and gives the seconds of the other side, or None for ``task``.
    task : str
        The task on the other side, instead of ``floor``.
    """

    name: str
    tool: str
    parameters: Callable
    beside: str
    floor: Callable | None = None
    task: str = ""


def gdal_seconds(mode: str, *files: Path) -> float:
    """What floor.py says."""
    command = [sys.executable, str(FLOOR), mode, *map(str, files)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def reading(*names: str) -> Callable:
    """The floor of reading some inputs."""
    return lambda given, _results: sum(gdal_seconds("read", given / f"{name}.tif") for name in names)


def copying(given: Path, results: Path) -> float:
    """The floor of copying the series."""
    return gdal_seconds("copy", given / "series.tif", results / "copy.tif")


def reading_and_copying(given: Path, results: Path) -> float:
    """The floor of NEP: three series are read and one is written."""
    return reading("second", "third")(given, results) + copying(given, results)


def warping(given: Path, results: Path) -> float:
    """gdalwarp to cells twice as wide, on all cores."""
    stored = [part for option in inputs.STORED for part in ("-co", option)]
    return run([
        "gdalwarp", "-q", "-overwrite", "-et", "0", "-multi", "-wo", "NUM_THREADS=ALL_CPUS", "-r", "average", "-tr",
        2 * inputs.CELL, 2 * inputs.CELL, *stored, given / "series.tif", results / "warped.tif",
    ]).seconds


def warping_months(given: Path, results: Path) -> float:
    """gdalbuildvrt and gdalwarp of all months into one raster, on all cores."""
    stored = [part for option in inputs.STORED for part in ("-co", option)]
    stacked = run(["gdalbuildvrt", "-q", "-separate", results / "m.vrt", *months(given)]).seconds
    return stacked + run([
        "gdalwarp", "-q", "-overwrite", "-et", "0", "-multi", "-wo", "NUM_THREADS=ALL_CPUS", "-r", "bilinear", "-t_srs",
        ANOTHER, "-tr", 4 * inputs.CELL, 4 * inputs.CELL, *stored, results / "m.vrt", results / "warped.tif",
    ]).seconds


def months(given: Path) -> list:
    """The rasters of a month each."""
    return sorted((given / "monthly").glob("*.tif"))


def zonal(given: Path, **parameters) -> dict:
    """The parameters of a tool with a series and regions."""
    return {"INPUT": given / "series.tif", "REGIONS": given / "regions.geojson", "REGION_FIELD": "name", **parameters}


def trend(given: Path, results: Path, **parameters) -> dict:
    """The parameters of nep:trend with three maps."""
    return {"INPUT": given / "series.tif", "SLOPE": results / "slope.tif", "PVALUE": results / "p.tif",
            "CLASS": results / "class.tif", **parameters}


def beside_drivers(given: Path, results: Path, rasters: str, others: str = "") -> dict:
    """The parameters of a tool with four drivers and such results."""
    return {
        "INPUT": given / "npp.tif", "DRIVERS": [given / f"{name}.tif" for name in DRIVERS],
        **{name: results / f"{name.lower()}.tif" for name in rasters.split()},
        **{name: results / f"{name.lower()}.csv" for name in others.split()},
    }


def uncertainty(given: Path, results: Path, **parameters) -> dict:
    """The parameters of nep:uncertainty with its maps of the mean."""
    return {
        **dict(zip(("NPP", "TEMPERATURE", "PRECIPITATION"), (given / f"{name}.tif" for name in DRAWN))),
        "NPP_SCALE": 1, "FORCING": 3, "ERRORS": "b=0.05;npp=0.1;temperature=0.5", "DRAWS": DRAWS,
        **{name: results / f"{name.lower()}.tif" for name in ("MEAN", "SD", "LOWER", "UPPER")}, **parameters,
    }


TASKS = (
    Task("annual statistics, 25 regions", "nep:annualstatistics",
         lambda given, to: zonal(given, TABLE=to / "table.csv", SUMMARY=to / "summary.csv"), READING,
         reading("series")),
    Task("annual statistics by shares of pixels, 25 regions", "nep:annualstatistics",
         lambda given, to: zonal(given, WEIGHTS=1, TABLE=to / "table.csv", SUMMARY=to / "summary.csv"), READING,
         reading("series")),
    Task("change frequency, 25 regions", "nep:changefrequency",
         lambda given, to: zonal(given, INCREASES=to / "increases.tif", DECREASES=to / "decreases.tif",
                                  TABLE=to / "table.csv"), READING, reading("series")),
    Task("gravity centre, 25 regions", "nep:gravitycenter",
         lambda given, to: zonal(given, CENTERS=to / "centres.gpkg", PATH=to / "path.gpkg"), READING,
         reading("series")),
    Task("statistics by land cover", "nep:landcoverstatistics",
         lambda given, to: {"INPUT": given / "series.tif", "LANDCOVER": given / "landcover.tif",
                            "LANDCOVER_YEARS": 2010, "TABLE": to / "table.csv"}, READING, reading("series")),
    Task("correlation with SUMMARY", "nep:correlation",
         lambda given, to: {"INPUT": given / "series.tif", "DRIVER": given / "driver.tif", "R": to / "r.tif",
                            "SUMMARY": to / "summary.csv"}, "reading both series", reading("series", "driver")),
    Task("comparison of two series, with a map of the bias", "nep:compare",
         lambda given, to: {"INPUT": given / "series.tif", "REFERENCE": given / "driver.tif", "BIAS": to / "bias.tif",
                            "SCORES": to / "scores.csv"}, "reading both series", reading("series", "driver")),
    Task("table of every tenth row and column", "nep:sampletable",
         lambda given, to: {"INPUT": given / "series.tif", "SPACING": 10, "OUTPUT": to / "sample.csv"}, READING,
         reading("series")),
    Task("harmonize to cells twice as wide", "nep:harmonize",
         lambda given, to: {"INPUT": given / "series.tif", "RESOLUTION": 2 * inputs.CELL, "RESAMPLING": 4,
                            "OUTPUT_FOLDER": to / "harmonized"}, "gdalwarp -et 0 on all cores", warping),
    Task("NEP", "nep:productivity",
         lambda given, to: {"NPP": given / "series.tif", "NPP_SCALE": 1, "TEMPERATURE": given / "second.tif",
                            "PRECIPITATION": given / "third.tif", "FORCING": 3, "OUTPUT": to / "nep.tif"},
         "reading 60 bands and copying 20", reading_and_copying),
    Task("trend: slope, p, classes", "nep:trend", trend, COPYING, copying),
    Task("trend with field significance", "nep:trend",
         lambda given, to: trend(given, to, FIELD_SIGNIFICANCE="true"), "trend", task="trend: slope, p, classes"),
    Task("trend with both limits", "nep:trend",
         lambda given, to: trend(given, to, CONFIDENCE=95, LOWER=to / "lower.tif", UPPER=to / "upper.tif"), "trend",
         task="trend: slope, p, classes"),
    Task(f"harmonize {MONTHS} months, one file each", "nep:harmonize",
         lambda given, to: {"INPUT": months(given), "TARGET_CRS": ANOTHER, "RESOLUTION": 4 * inputs.CELL,
                            "RESAMPLING": 2, "OUTPUT_FOLDER": to / "harmonized"},
         "gdalbuildvrt and gdalwarp -et 0 on all cores, into one raster", warping_months),
    Task("trend with change and least squares", "nep:trend",
         lambda given, to: trend(given, to, **{
             name: to / f"{name.lower()}.tif" for name in ("CHANGE", "OLS_SLOPE", "OLS_PVALUE", "RSQUARED")
         }), "trend", task="trend: slope, p, classes"),
    Task("trend by the contextual test", "nep:trend",
         lambda given, to: trend(given, to, CONTEXTUAL="true"), "trend", task="trend: slope, p, classes"),
    Task(f"seasonal trend of 240 months, a {COARSER**2}th of the cells", "nep:seasonaltrend",
         lambda given, to: {"INPUT": given / "months.tif", "SLOPE": to / "slope.tif", "PVALUE": to / "p.tif"},
         "reading the months", reading("months")),
    Task("break point: year, p, turn", "nep:breakpoint",
         lambda given, to: {"INPUT": given / "series.tif", "BREAK_YEAR": to / "year.tif", "PVALUE": to / "p.tif",
                            "TURN": to / "turn.tif"}, READING, reading("series")),
    Task("Hurst exponent, line taken out, with p", "nep:hurst",
         lambda given, to: {"INPUT": given / "series.tif", "HURST": to / "hurst.tif", "PVALUE": to / "p.tif"}, READING,
         reading("series")),
    Task("hindcast", "nep:hindcast",
         lambda given, to: {"INPUT": given / "series.tif", "TABLE": to / "table.csv", "SUMMARY": to / "summary.csv"},
         READING, reading("series")),
    Task("attribution to four drivers, all results, a ninth of the cells", "nep:attribution",
         lambda given, to: beside_drivers(
             given, to, "SLOPE_CLIMATE SLOPE_RESIDUAL SLOPE SHARE CLASS RSQUARED PVALUE RESIDUAL_PVALUE CLIMATE "
             "RESIDUAL", "TABLE SUMMARY"), READING_DRIVERS, reading("npp", *DRIVERS)),
    Task("attribution by Theil-Sen slopes, all results, a ninth of the cells", "nep:attribution",
         lambda given, to: {"SLOPE_METHOD": 1, **beside_drivers(
             given, to, "SLOPE_CLIMATE SLOPE_RESIDUAL SLOPE SHARE CLASS RSQUARED PVALUE RESIDUAL_PVALUE CLIMATE "
             "RESIDUAL", "TABLE SUMMARY")}, READING_DRIVERS, reading("npp", *DRIVERS)),
    Task("four drivers, all results, a ninth of the cells", "nep:drivers",
         lambda given, to: beside_drivers(
             given, to, "DOMINANT CONTRIBUTIONS PARTIAL PARTIAL_PVALUE BETA LMG RSQUARED PVALUE", "TABLE"),
         READING_DRIVERS, reading("npp", *DRIVERS)),
    Task("strongest of three lags, 999 orders, a ninth of the cells", "nep:lagcorrelation",
         lambda given, to: {"INPUT": given / "npp.tif", "DRIVER": given / "rain.tif", "LAG": to / "lag.tif",
                            "R": to / "r.tif", "PVALUE": to / "p.tif"}, "reading both series", reading("npp", "rain")),
    Task("hot spots of one year, a ninth of the cells", "nep:hotspots",
         lambda given, to: {"INPUT": given / "year.tif", "CLASS": to / "class.tif", "Z": to / "z.tif",
                            "PVALUE": to / "p.tif", "SUMMARY": to / "summary.csv"}, "reading the band",
         reading("year")),
    Task("hot spots of each year, a ninth of the cells", "nep:hotspots",
         lambda given, to: {"INPUT": given / "npp.tif", "CLASS": to / "class.tif", "SUMMARY": to / "summary.csv"},
         READING, reading("npp")),
    Task("sources and sinks, three maps, budget of 25 regions", "nep:sourcesink",
         lambda given, to: zonal(given, CLASS=to / "class.tif", SINK_YEARS=to / "years.tif", SWITCH=to / "switch.tif",
                                  TABLE=to / "table.csv", BUDGET=to / "budget.csv"), READING, reading("series")),
    Task("variability, line taken out too", "nep:variability",
         lambda given, to: {"INPUT": given / "series.tif", "CV": to / "cv.tif", "CV_DETRENDED": to / "detrended.tif",
                            "CLASS": to / "class.tif"}, READING, reading("series")),
    Task("ensemble of two series: mean, spread, agreement of trends", "nep:ensemble",
         lambda given, to: {"INPUT": [given / "series.tif", given / "driver.tif"], "MEAN": to / "mean.tif",
                            "SD": to / "sd.tif", "TREND_AGREEMENT": to / "agreement.tif",
                            "SUMMARY": to / "summary.csv"}, "reading both series", reading("series", "driver")),
    Task(f"uncertainty, {DRAWS} draws, a ninth of the cells", "nep:uncertainty",
         lambda given, to: uncertainty(given, to), "reading NPP and climate", reading(*DRAWN)),
    Task(f"uncertainty of the trend too, {DRAWS} draws, a ninth of the cells", "nep:uncertainty",
         lambda given, to: uncertainty(given, to, SLOPE_SD=to / "slope.tif", TREND_PROBABILITY=to / "rise.tif"),
         "uncertainty", task=f"uncertainty, {DRAWS} draws, a ninth of the cells"),
    Task("effect of land cover, five years at each date", "nep:landcovereffect",
         lambda given, to: {"INPUT": given / "series.tif", "LANDCOVER": [given / name for name in COVERS],
                            "WINDOW": 5, "TABLE": to / "table.csv"}, "reading all bands and two maps",
         reading("series", "cover_2003", "cover_2018")),
    Task("intensity of change between three dates", "nep:intensityanalysis",
         lambda given, to: {"INPUT": [given / name for name in COVERS], "INTERVALS": to / "intervals.csv",
                            "CATEGORIES": to / "categories.csv", "TRANSITIONS": to / "transitions.csv"},
         "reading the maps", reading("cover_2003", "cover_2009", "cover_2018")),
    Task("scenario with totals", "nep:scenario",
         lambda given, to: {"INPUT": [given / name for name in COVERS], "VALUES": given / "series.tif",
                            "AREAS": to / "areas.csv", "TOTALS": to / "totals.csv"}, "reading all bands and two maps",
         reading("series", "cover_2003", "cover_2018")),
)


def write_inputs(folder: Path, side: int) -> Path:
    """All inputs of one size."""
    given = folder / str(side)
    given.mkdir(parents=True, exist_ok=True)
    for seed, (name, level) in enumerate((("series", 400), ("driver", 300), ("second", 12), ("third", 900)), start=1):
        inputs.series(given / f"{name}.tif", side, level, seed=seed)
    inputs.series(given / "months.tif", max(8, side // COARSER), years=inputs.NAMES_OF_MONTHS)
    for seed, name in enumerate(("npp", *DRIVERS), start=11):
        inputs.series(given / f"{name}.tif", max(8, side // NINTH), seed=seed)
    for seed, (name, *climate) in enumerate((("temperature", 12, 1.0, 0.03), ("precipitation", 900, 150.0, 1.0)), 21):
        level, spread, rise = climate
        inputs.series(given / f"{name}.tif", max(8, side // NINTH), level, seed=seed, spread=spread, rise=rise)
    inputs.series(given / "year.tif", max(8, side // NINTH), years=(2001,))
    inputs.land_cover(given / "landcover.tif", side)
    for number, name in enumerate(COVERS):
        inputs.land_cover(given / name, side, changed=0.05 * number)
    inputs.regions(given / "regions.geojson", side)
    # What each of many files takes shall not be taken off with the start of QGIS.
    inputs.monthly(given / "monthly", max(8, side // 20), 20 * inputs.CELL, MONTHS if side > SMALL else 1)
    return given


class Bench:
    """Measures tasks on one set of inputs."""

    def __init__(self, folder: Path, side: int, plugins: Path = PROJECT):
        self.qgis = Qgis(folder, plugins)
        self.given = {size: write_inputs(folder, size) for size in (side, SMALL)}
        self.side = side
        self.results = folder / "results"

    def tool(self, task: Task, **more) -> float:
        """Seconds beyond the start."""
        return self._once(task, self.side, more) - self._once(task, SMALL, more)

    def _once(self, task: Task, side: int, more: dict) -> float:
        self._clear()
        return self.qgis(task.tool, **task.parameters(self.given[side], self.results), **more).seconds

    def other(self, task: Task) -> float:
        """Seconds of the other side."""
        if task.task:
            return self.tool(next(other for other in TASKS if other.name == task.task))
        self._clear()
        return task.floor(self.given[self.side], self.results)

    def _clear(self) -> None:
        shutil.rmtree(self.results, ignore_errors=True)
        self.results.mkdir()

    def rows(self, rounds: int, only: list) -> Iterator[tuple]:
        """Name, other side, seconds of both, ratio and its spread."""
        for task in TASKS:
            if not only or task.name in only:
                taken = [(self.tool(task), self.other(task)) for _ in range(rounds)]
                ours, theirs = (statistics.median(column) for column in zip(*taken))
                yield (task.name, task.beside, f"{ours:.1f} s", f"{theirs:.1f} s",
                       spread([mine / other for mine, other in taken]))

    def threads(self, rounds: int) -> Iterator[tuple]:
        """Name, seconds on one core, with one thread and with two, and how many times faster two cores are than one and
        two threads than one."""
        for name in ("trend: slope, p, classes", "annual statistics, 25 regions", "harmonize to cells twice as wide"):
            task = next(task for task in TASKS if task.name == name)
            taken = [
                (self.tool(task, cores=1, THREADS=1), self.tool(task, THREADS=1), self.tool(task, THREADS=2))
                for _ in range(rounds)
            ]
            yield (name, *(f"{statistics.median(column):.1f} s" for column in zip(*taken)),
                   *(spread([each[side] / each[2] for each in taken]) for side in (0, 1)))


def sections(side: int = 3000, rounds: int = 3, only: tuple = (), plugins: Path = PROJECT) -> list:
    """The tables of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), side, plugins)
        size = f"{side:,} x {side:,} cells, {len(inputs.YEARS)} bands of float32"
        tools = Section(
            "Tools beside GDAL", f"{size}, whole processes beyond the start of QGIS.",
            ("what", "beside", "ours", "the other", "ratio"), list(bench.rows(rounds, only)),
        )
        if only:
            return [tools]
        return [tools, Section(
            "Two threads", f"{size}, whole processes beyond the start of QGIS. With one thread GDAL still compresses "
            "results, and QGIS writes them, on the other core; on one core nothing runs beside the thread.",
            ("tool", "one core", "one thread", "two threads", "faster than one core", "faster than one thread"),
            list(bench.threads(rounds)),
        )]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], choices=[task.name for task in TASKS], metavar="NAME")
    parser.add_argument("--plugins", type=Path, default=PROJECT, help="the folder that holds nep_toolbox")
    options = parser.parse_args()
    show(sections(options.side, options.rounds, options.only, options.plugins))


if __name__ == "__main__":
    main()
