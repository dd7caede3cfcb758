"""The steps that look for causes: climate, land cover, factors."""

from __future__ import annotations

import os
import re
import shutil

from ...raster.series import Layer, resolve, steps_of
from ...study.facts.drivers import CONFIDENCE
from ._plan import Source
from ._regrid import write_source
from ._series_steps import ALL, CLASSES, class_rows
from ._tables import INTEGER, NUMBER, TEXT, kinds_of, read_rows, write_rows
from ._work import BETWEEN, Stage, Work

#: Most cells that the detector takes where the spacing is left to it.
MOST_ROWS = 200_000

CORRELATION = kinds_of(
    "variable driver r p partial_r partial_p positive_percent significant_positive_percent negative_percent "
    "significant_negative_percent", variable=TEXT, driver=TEXT,
)
AREAS = kinds_of("year class label pixels area_km2 percent", year=INTEGER, label=TEXT, pixels=INTEGER,
                 **{"class": INTEGER})
TRANSITIONS = {
    **dict.fromkeys(("from_year", "to_year", "from_class", "to_class"), INTEGER),
    **dict.fromkeys(("from_label", "to_label"), TEXT), "pixels": INTEGER, "area_km2": NUMBER,
    "percent_of_from": NUMBER,
}
LARGEST = kinds_of("from_class to_class from_label to_label area_km2 percent", from_class=INTEGER, to_class=INTEGER,
                   from_label=TEXT, to_label=TEXT)
BY_CLASS = kinds_of("year class label pixels area_km2 mean std total total_tg", year=INTEGER, label=TEXT,
                    pixels=INTEGER, **{"class": INTEGER})
CLASS_SUMMARY = kinds_of(
    "class label mean slope sen_slope p total total_tg share area_km2 area_percent", label=TEXT, **{"class": INTEGER}
)
FACTORS = {
    "year": INTEGER, "factor": TEXT, "kind": TEXT, "method": TEXT, "classes": INTEGER, "breaks": TEXT, "q": NUMBER,
    "p": NUMBER, "p_f": NUMBER, "significant": INTEGER, "rank": INTEGER, "q_lower": NUMBER, "q_upper": NUMBER,
    "q_adjusted": NUMBER,
}
PAIRS = kinds_of("year factor_1 factor_2 q_1 q_2 q_12 p_12 interaction", year=INTEGER, factor_1=TEXT, factor_2=TEXT,
                 interaction=TEXT)
VIF = kinds_of("year factor vif", year=INTEGER, factor=TEXT)
SPACINGS = kinds_of("step rows factor q", step=INTEGER, rows=INTEGER, factor=TEXT)

#: Land-cover changes that are named.
MOST_CHANGES = 10
#: The transitions from the first date of the land cover to the last.
CHANGES = f"{BETWEEN}/landcover_changes.csv"

#: Multiples of the spacing that are tried too, where they take about so many cells or more.
MULTIPLES, FEWEST_ROWS = (2, 5), 30

DRIVERS = ("precipitation", "temperature")

#: What nep:correlation warns of where NEP holds the driver; the study correlates NPP too.
OWN_CLIMATE = "looks like NEP"


# Climate --------------------------------------------------------------------------------------------------------------


def varying(work: Work) -> list:
    """The drivers that have more than a climatology."""
    return [name for name in DRIVERS if name in work.plan.climate and not work.plan.climate[name].constant]


def no_driver(work: Work) -> str:
    """Why there is nothing to correlate with."""
    if not work.plan.climate:
        return "no temperature and precipitation were given"
    return "" if varying(work) else "the climate is the same in every year"


def correlation(work: Work, stage: Stage) -> None:
    """The variable, and NPP beside NEP, with each driver, alone and with the other held constant."""
    drivers, variables = varying(work), ("nep", "npp") if work.makes_nep else ("nep",)
    rows, areas, runs = [], [], [(variable, driver) for variable in variables for driver in drivers]
    for place, (variable, driver) in enumerate(runs):
        control = next((other for other in drivers if other != driver), None)
        row, shares = _correlate(work, stage, variable, driver, control, (place / len(runs), (place + 1) / len(runs)))
        rows.append(row)
        areas += [{**share, "variable": variable, "driver": driver} for share in shares]
    write_rows(stage.path("tables/fig07_correlation.csv"), CORRELATION, rows)
    columns = {"variable": TEXT, "driver": TEXT, **CLASSES}
    write_rows(stage.path("tables/fig07_class_areas.csv"), columns, areas)


def _correlate(work: Work, stage: Stage, variable: str, driver: str, control: str | None, part: tuple) -> tuple:
    """The row of a variable and a driver, and the areas of the classes."""
    start, end = part
    middle = (start + end) / 2
    file = work.series if variable == "nep" else work.path("data/npp.tif")
    prefix = "" if variable == "nep" else "npp_"
    name = f"{variable}_{driver}"
    table, summary, partial = (
        stage.path(f"{BETWEEN}/correlation_{name}_{kind}.csv") for kind in ("classes", "summary", "partial")
    )
    given = {
        "INPUT": [file], "DRIVER": [work.path(f"data/{driver}.tif")], "ALPHA": work.run.parameters.number("ALPHA"),
        "MIN_OBSERVATIONS": work.run.parameters.integer("MIN_OBSERVATIONS"), **work.regions(),
    }
    stage.child("nep:correlation", {
        **given, "R": stage.path(f"rasters/{prefix}r_{driver}.tif"),
        "CLASS": stage.path(f"rasters/{prefix}r_{driver}_class.tif"), "TABLE": table, "SUMMARY": summary,
    }, start, middle, known=OWN_CLIMATE)
    row = {"variable": variable, "driver": driver, **_whole(read_rows(summary))}
    if control:
        stage.child("nep:correlation", {
            **given, "REGIONS": None, "REGION_FIELD": None, "CONTROLS": [work.path(f"data/{control}.tif")],
            "R": os.path.join(stage.scratch(), "partial.tif"), "SUMMARY": partial,
        }, middle, end, known=OWN_CLIMATE)
        found = _whole(read_rows(partial))
        row.update({key: found.get(key) for key in ("partial_r", "partial_p")})
    shares = class_rows(table)
    return {**row, **_signs([each for each in shares if each["region"] == ALL])}, shares


def _whole(rows: list) -> dict:
    return next((row for row in rows if row["region"] == ALL), {})


def _signs(shares: list) -> dict:
    """Percent of the area with r above and below 0, and significantly so."""
    def total(*codes):
        return sum(row["percent"] for row in shares if row["class"] in codes)

    return {
        "positive_percent": total(1, 2), "significant_positive_percent": total(2), "negative_percent": total(-1, -2),
        "significant_negative_percent": total(-2),
    }


# Land cover -----------------------------------------------------------------------------------------------------------


def no_landcover(work: Work) -> str:
    """Why there is no land cover."""
    return "" if work.plan.landcover else "no land cover was given"


def one_date(work: Work) -> str:
    """Why there is no change of land cover."""
    return no_landcover(work) or ("" if len(work.plan.lc_years) > 1 else "the land cover has one date")


def landcover(work: Work, stage: Stage) -> None:
    """Areas of the classes on each date, and what became of them."""
    transitions, areas = (stage.path(f"{BETWEEN}/landcover_{name}.csv") for name in ("transitions", "areas"))
    stage.child("nep:landcovertransition", {
        "INPUT": [_of_years(work, stage, work.plan.lc_years)], "CLASS_NAMES": work.labels(),
        "TRANSITIONS": transitions, "AREAS": areas, "CHANGE": stage.path("rasters/landcover_change.tif"),
    }, 0.0, 0.8)
    write_rows(stage.path("tables/fig08_areas.csv"), AREAS, read_rows(areas))
    write_rows(stage.path("tables/fig08_transitions.csv"), TRANSITIONS, read_rows(transitions))
    ends = [work.plan.lc_years[0], work.plan.lc_years[-1]]
    stage.child("nep:landcovertransition", {
        "INPUT": [_of_years(work, stage, ends)], "CLASS_NAMES": work.labels(), "TRANSITIONS": stage.path(CHANGES),
    }, 0.8, 1.0, quiet=True)


def _of_years(work: Work, stage: Stage, years: list) -> str:
    """The file of the land cover with some of its dates only."""
    path = work.path("data/landcover.tif")
    series = resolve([Layer("landcover", path)])
    if series.years == list(years):
        return path
    target = os.path.join(stage.scratch(), f"landcover_{len(years)}.tif")
    write_source(stage.run, Source("landcover", series.of_years(years), categories=True), target)
    return target


def landcover_statistics(work: Work, stage: Stage) -> None:
    """The values of each class, and those where the class changed."""
    names = ("years", "summary", "changes")
    table, summary, changes = (stage.path(f"{BETWEEN}/landcover_values_{name}.csv") for name in names)
    stage.child("nep:landcoverstatistics", {
        "INPUT": [work.series], "LANDCOVER": [work.path("data/landcover.tif")], "CLASS_NAMES": work.labels(),
        "EXCLUDE": ",".join(map(str, work.plan.excluded)), "TABLE": table, "SUMMARY": summary,
    }, 0.0, 0.6)
    write_rows(stage.path("tables/fig09_annual.csv"), BY_CLASS, read_rows(table))
    write_rows(stage.path("tables/fig09_classes.csv"), CLASS_SUMMARY, read_rows(summary))
    if not work.done("landcover"):
        return
    stage.child("nep:landcoverstatistics", {
        "INPUT": [work.series], "LANDCOVER": [work.path("rasters/landcover_change.tif")],
        "LANDCOVER_YEARS": str(work.plan.years[0]), "TABLE": changes,
    }, 0.6, 1.0)
    values = read_rows(changes)
    carbon = any(row["total_tg"] is not None for row in values)
    gained = _gains(work.plan.stages, values, "total_tg" if carbon else "total")
    column = "change_tg" if carbon else "change_total"
    rows = [
        {**row, column: gained.get(1000 * row["from_class"] + row["to_class"])}
        for row in _largest_changes(read_rows(work.path(CHANGES)))
    ]
    write_rows(stage.path("tables/fig08_largest.csv"), {**LARGEST, column: NUMBER}, rows)


def _largest_changes(transitions: list) -> list:
    """The ten largest changes of class, with their percent of the whole area."""
    area = sum(row["area_km2"] for row in transitions)
    found = [
        {**row, "percent": 100.0 * row["area_km2"] / area} for row in transitions
        if row["from_class"] != row["to_class"]
    ]
    return sorted(found, key=lambda row: -row["area_km2"])[:MOST_CHANGES]


def _gains(stages: list, values: list, key: str) -> dict:
    """By how much the annual total of each class of change rose from the first stage to the last."""
    found = {}
    for code in {row["class"] for row in values}:
        first, last = (
            [row[key] for row in values
             if row["class"] == code and start <= row["year"] <= end and row[key] is not None]
            for start, end in (stages[0], stages[-1])
        )
        found[code] = sum(last) / len(last) - sum(first) / len(first) if first and last else None
    return found


# Factors --------------------------------------------------------------------------------------------------------------


def no_factors(work: Work) -> str:
    """Why the detector has nothing to test."""
    flag, plan = work.run.parameters.flag, work.plan
    climate = flag("INCLUDE_CLIMATE") and plan.climate
    return "" if plan.factors or climate or (flag("INCLUDE_LANDCOVER") and plan.landcover) else "there are no factors"


def detector(work: Work, stage: Stage) -> None:
    """q of each factor and each pair for each date, and at coarser spacings for the last."""
    spacing = work.run.parameters.integer("SPACING") or _spacing(work)
    stage.numbers["spacing"] = spacing
    years = work.plan.detector_years
    pixels = work.numbers("prepare")["pixels"]
    coarser = [spacing * each for each in MULTIPLES if pixels / (spacing * each) ** 2 >= FEWEST_ROWS]
    runs = [(year, spacing) for year in years] + [(years[-1], step) for step in coarser]
    factors, pairs, inflation, spacings = [], [], [], []
    for place, (year, step) in enumerate(runs):
        found = _detect(work, stage, year, step, (place / len(runs), (place + 1) / len(runs)))
        if step == spacing:
            factors += [{"year": year, **row} for row in _ranked(found["FACTORS"])]
            pairs += [{"year": year, **row} for row in found["INTERACTIONS"]]
            inflation += [{"year": year, **row} for row in found["COLLINEARITY"]]
        if year == years[-1]:
            spacings += [
                {"step": step, "rows": found["rows"], "factor": row["factor"], "q": row["q"]}
                for row in found["FACTORS"]
            ]
    write_rows(stage.path("tables/fig10_factors.csv"), FACTORS, factors)
    write_rows(stage.path("tables/fig10_pairs.csv"), PAIRS, pairs)
    write_rows(stage.path("tables/fig10_vif.csv"), VIF, inflation)
    write_rows(stage.path("tables/fig10_spacing.csv"), SPACINGS, spacings)


def _spacing(work: Work) -> int:
    """The smallest step of rows and columns that takes at most `MOST_ROWS` of the cells with values."""
    pixels, step = work.numbers("prepare")["pixels"], 1
    while pixels / step**2 > MOST_ROWS:
        step += 1
    return step


def _detect(work: Work, stage: Stage, year: int, step: int, part: tuple) -> dict:
    """The tables of one date."""
    parameters, folder, said = work.run.parameters, stage.scratch(), []
    tables = {name: os.path.join(folder, f"{name.lower()}.csv") for name in ("FACTORS", "INTERACTIONS", "COLLINEARITY")}
    rasters = {
        key: _called(path, folder) for key, path in (
            ("CONTINUOUS", work.path(f"data/factors_{year}.tif")),
            ("CATEGORICAL", work.path(f"data/categories_{year}.tif")),
        ) if os.path.exists(path)
    }
    stage.child("nep:geodetector", {
        "TARGET": work.series, "TARGET_BAND": work.plan.years.index(year) + 1,
        **{key: [path] for key, path in rasters.items()}, "METHODS": parameters.choices("METHODS"),
        "MIN_CLASSES": parameters.integer("MIN_CLASSES"), "MAX_CLASSES": parameters.integer("MAX_CLASSES"),
        "ALPHA": parameters.number("ALPHA"), "SPACING": step, "CONFIDENCE": CONFIDENCE, **tables,
    }, *part, said)
    rows = next((text.split()[0] for _kind, text in said if " complete rows" in text), None)
    shown = {_stem(path): _only_band(path) for path in rasters.values()}
    found = {name: [_renamed(row, shown) for row in read_rows(path)] for name, path in tables.items()}
    return {**found, "rows": rows}


def _called(path: str, folder: str) -> str:
    """A raster as it is, or where it has one band under the name of this: nep:geodetector calls the factor so."""
    name = re.sub(r'[\\/:*?"<>|.]', "_", _only_band(path))
    return shutil.copyfile(path, os.path.join(folder, f"{name}.tif")) if name else path


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _only_band(path: str) -> str:
    """What the band of a raster is called that has no other; empty where it has."""
    steps, _grids = steps_of([Layer("factors", path)])
    return steps[0].description if len(steps) == 1 else ""


def _renamed(row: dict, shown: dict) -> dict:
    """A row in which a factor that is alone in its file is called by its band; the tool calls it by its file."""
    names = {key: shown.get(row[key]) for key in ("factor", "factor_1", "factor_2") if key in row}
    return {**row, **{key: name for key, name in names.items() if name}}


def _ranked(rows: list) -> list:
    """The factors with their rank by q."""
    order = sorted((row for row in rows if row["q"] is not None), key=lambda row: -row["q"])
    ranks = {row["factor"]: rank for rank, row in enumerate(order, start=1)}
    return [{**row, "rank": ranks.get(row["factor"])} for row in rows]
