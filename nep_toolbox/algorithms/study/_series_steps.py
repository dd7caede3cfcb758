"""The steps on the series itself: productivity, statistics, frequency, trend, centre."""

from __future__ import annotations

import os
import shutil
from functools import partial

import numpy as np
from osgeo import gdal

from ...colours import GREENS, REDS, SOURCE_SINK_CLASSES
from ...core.productivity.blocks import SOURCE_SINK, source_sink
from ...core.productivity.models import Model
from ...core.zonal.mask import mask_like
from ...core.zonal.overview import no_moments, overview_block
from ...core.zonal.reduction import Total
from ...framework.respiration_models import given_model, model_of
from ...raster.cells import CellCentres
from ...raster.reader import StackReader
from ...raster.series import Layer, resolve
from ...raster.writer import RasterWriter
from ...styling.layers import write_style
from ...styling.styles import Classes, Ramp
from ._prepare import monthly_form
from ._tables import INTEGER, PLACE, TEXT, kinds_of, read_features, read_rows, write_rows
from ._work import BETWEEN, Stage, Work

ANNUAL = kinds_of("year pixels area_km2 mean std total total_tg sink_percent", year=INTEGER, pixels=INTEGER)
SUMMARY = kinds_of(
    "variable mean slope sen_slope sen_lower sen_upper z p_mk p_ols cv min min_year max max_year years_above",
    variable=TEXT, min_year=INTEGER, max_year=INTEGER, years_above=INTEGER,
)
STAGES = kinds_of("stage from_year to_year mean change_percent", stage=TEXT, from_year=INTEGER, to_year=INTEGER)
REGIONS = kinds_of(
    "region pixels area_km2 mean std total total_tg share_percent rank sink_percent coverage sen_slope p_mk",
    region=TEXT, pixels=INTEGER, rank=INTEGER,
)
YEARS = kinds_of("year mean sink_percent", year=INTEGER)
FREQUENCY = kinds_of(
    "region increases decreases unchanged comparisons p_sign", region=TEXT, increases=INTEGER, decreases=INTEGER,
    unchanged=INTEGER, comparisons=INTEGER,
)
COUNTS = kinds_of("count increase_km2 increase_percent decrease_km2 decrease_percent", count=INTEGER)
CLASSES = kinds_of("region class label pixels area_km2 percent", region=TEXT, label=TEXT, pixels=INTEGER,
                   **{"class": INTEGER})
CENTERS = kinds_of("region year x y distance_km azimuth cumulative_km coverage", region=TEXT, year=INTEGER, x=PLACE,
                   y=PLACE)
MIGRATION = kinds_of("region stage from_year to_year path_km net_km azimuth km_per_year", region=TEXT, stage=TEXT,
                     from_year=INTEGER, to_year=INTEGER)

ALL = "all"


def productivity(work: Work, stage: Stage) -> None:
    """NEP and respiration."""
    nep, given, asked = stage.path("rasters/nep.tif"), respiration_inputs(work), work.run.parameters.choice("FORCING")
    everywhere = os.path.join(stage.scratch(), "rh.tif")
    stage.child("nep:productivity", {**given, "OUTPUT": nep, "RESPIRATION": everywhere}, 0.0, 0.5)
    _write_where_nep_is(stage, everywhere, nep, stage.path("rasters/rh.tif"), (0.5, 0.6))
    shutil.copyfile(everywhere.replace(".tif", ".qml"), stage.path("rasters/rh.qml"))
    form = "monthly" if monthly_form(work) else _FORMS.get(asked, "literal")
    model = model_of(work.run.parameters)
    if model.of_soil:
        other, given["MODEL"] = "pei", Model.PEI.value
    else:
        other = "literal" if form == "equivalent" else "equivalent"
        given.update({name.upper(): [work.path(f"data/{name}.tif")] for name in work.plan.climate})
        asked = next(code for code, name in _FORMS.items() if name == other)
    alternative = os.path.join(stage.scratch(), "nep.tif")
    stage.child("nep:productivity", {**given, "FORCING": asked, "OUTPUT": alternative}, 0.6, 0.8, quiet=True)
    stage.numbers["forcing"] = {
        "form": form, "model": model.model.name.lower(), "other": other, "other_mean": _mean(stage, alternative)
    }


def respiration_inputs(work: Work) -> dict:
    """NPP, climate and the parameters of respiration, for the tools that compute NEP."""
    folder, suffix = (BETWEEN, "_monthly") if monthly_form(work) else ("data", "")
    return {
        "NPP": [work.path("data/npp.tif")],
        **{name.upper(): [work.path(f"{folder}/{name}{suffix}.tif")] for name in work.plan.climate},
        **given_model(work.run.parameters), "FORCING": work.run.parameters.choice("FORCING"),
    }


def _write_where_nep_is(stage: Stage, file: str, nep: str, target: str, part: tuple) -> str:
    """Write a series without the cells and years that have no NEP, so that both are of the same pixels; gives where."""
    run = stage.run
    series = {name: resolve([Layer(name, path)]) for name, path in (("stack", file), ("like", nep))}
    grid, readers = series["like"].grid, {name: StackReader.of(each) for name, each in series.items()}
    engine = run.engine(*part)
    bands = [str(year) for year in series["like"].years]
    with RasterWriter(target, grid, bands, unit=series["stack"].unit, name=os.path.basename(target)) as writer:
        for window, block in engine.results(mask_like, readers, grid, engine.shape(grid, readers, 16.0)):
            writer.write(window, block)
    return target


#: The annual forms of respiration, by the values of FORCING.
_FORMS = {2: "literal", 3: "equivalent"}


def _mean(stage: Stage, file: str) -> float | None:
    """The mean of the annual means of a series."""
    table = os.path.join(stage.scratch(), "mean.csv")
    stage.child("nep:annualstatistics", {"INPUT": [file], "TABLE": f"{table}s.csv", "SUMMARY": table}, 0.8, 1.0,
                quiet=True)
    return next((row["mean"] for row in read_rows(table) if row["region"] == ALL), None)


# Statistics -----------------------------------------------------------------------------------------------------------


def statistics(work: Work, stage: Stage) -> None:
    """Mean, sinks, and the statistics of every variable."""
    _overview(work, stage)
    files = {"nep": work.series}
    if work.makes_nep:
        files.update(npp=work.path("data/npp.tif"), rh=work.path("rasters/rh.tif"))
    # A climatology has no years to tell of.
    climate = [name for name, source in reversed(work.plan.climate.items()) if not source.constant]
    files.update({name: work.path(f"data/{name}.tif") for name in climate})
    if work.makes_nep and work.numbers("prepare")["pixels_without_climate"]:
        for name in ("npp", *climate):
            target = os.path.join(stage.scratch(), f"{name}.tif")
            files[name] = _write_where_nep_is(stage, files[name], work.series, target, (0.2, 0.2))
    years, summaries, width = {}, {}, 0.8 / len(files)
    for place, (name, file) in enumerate(files.items()):
        table, summary = (stage.path(f"{BETWEEN}/{name}_{kind}.csv") for kind in ("years", "summary"))
        stage.child("nep:annualstatistics", {
            "INPUT": [file], **(work.regions() if name == "nep" else {}), "TABLE": table, "SUMMARY": summary,
        }, 0.2 + place * width, 0.2 + (place + 1) * width)
        years[name], summaries[name] = read_rows(table), read_rows(summary)
    whole = {name: [row for row in rows if row["region"] == ALL] for name, rows in years.items()}
    _annual_table(stage, whole)
    write_rows(stage.path("tables/fig02_summary.csv"), SUMMARY, [
        {**row, "variable": name} for name, rows in summaries.items() for row in rows if row["region"] == ALL
    ])
    write_rows(stage.path("tables/fig02_stages.csv"), STAGES, _stages(work.plan.stages, whole["nep"]))
    write_rows(
        stage.path("tables/fig03_years.csv"), YEARS,
        [row for row in whole["nep"] if row["year"] in work.plan.map_years],
    )
    if work.has_regions:
        rows = _regions(years["nep"], summaries["nep"], work.run.parameters.number("MIN_COVERAGE"))
        write_rows(stage.path("tables/fig03_regions.csv"), REGIONS, rows)


def _overview(work: Work, stage: Stage) -> None:
    """Write the mean of the years and its sign."""
    run = stage.run
    series = resolve([Layer("nep", work.series)])
    grid, unit = series.grid, work.plan.npp.unit
    width, height = grid.cell_size
    kernel = partial(
        overview_block, origin=grid.point_at(grid.width / 2, grid.height / 2),
        size=max(width * grid.width, height * grid.height),
    )
    readers = {"stack": StackReader.of(series), "centres": CellCentres(grid)}
    engine = run.engine(0.0, 0.2)
    shape = engine.shape(grid, readers, 80.0 + 8.0 * len(series.steps))
    total, signs = Total(no_moments), set()
    span = f"{series.years[0]}-{series.years[-1]}"
    title = "Mean {} {}".format(run.parameters.text("VARIABLE"), span)
    with RasterWriter(stage.path("rasters/nep_mean.tif"), grid, [title], unit=unit, name="nep_mean.tif") as mean, \
            RasterWriter(stage.path("rasters/source_sink.tif"), grid, ["Sink or source"], gdal.GDT_Int16,
                         name="source_sink.tif") as sink:
        for window, block in engine.results(kernel, readers, grid, shape):
            mean.write(window, block["mean"])
            codes = source_sink(block["mean"])
            sink.write(window, codes)
            signs.update(np.unique(codes).tolist())
            total.add(block["moments"], last=window.ends_row_of(grid))
    ramp = Ramp(GREENS, below_zero=REDS)
    write_style(mean.path, ramp, ramp.span(mean.quantiles([0.02, 0.98]), mean.minimum, mean.maximum), [], unit)
    labels = {code: label for code, label in SOURCE_SINK.items() if code in signs}
    write_style(sink.path, Classes.of(labels, SOURCE_SINK_CLASSES), [], [])
    stage.numbers.update(zip(("r_x", "r_y"), total.sums.gradient()))
    if mean.valid:
        stage.numbers.update(minimum=mean.minimum, maximum=mean.maximum)


def _annual_table(stage: Stage, whole: dict) -> None:
    """The table of the years, with the means of the other variables beside those of the first."""
    columns, rows = dict(ANNUAL), [dict(row) for row in whole["nep"]]
    others = [name for name in whole if name != "nep"]
    for name in others:
        columns.update(kinds_of(name))
        if name == "rh":
            columns.update(kinds_of("rh_of_npp_percent"))
        means = {row["year"]: row["mean"] for row in whole[name]}
        for row in rows:
            row[name] = means.get(row["year"])
            if name == "rh" and row.get("npp") and row["rh"] is not None:
                row["rh_of_npp_percent"] = 100.0 * row["rh"] / row["npp"]
    write_rows(stage.path("tables/fig02_annual.csv"), columns, rows)


def _stages(stages: list, rows: list) -> list:
    """The mean of the annual means of each stage, and by how much it departs from the stage before."""
    found: list = []
    for first, last in stages:
        means = [row["mean"] for row in rows if first <= row["year"] <= last and row["mean"] is not None]
        mean = sum(means) / len(means) if means else None
        before = found[-1]["mean"] if found else None
        change = 100.0 * (mean - before) / abs(before) if before and mean is not None else None
        found.append({
            "stage": f"{first}-{last}" if first != last else str(first), "from_year": first, "to_year": last,
            "mean": mean, "change_percent": change,
        })
    return found


def _regions(years: list, summary: list, least: float) -> list:
    """The regions, ranked by their means; those with values on less than ``least`` percent are not."""
    rows = []
    for row in summary:
        if row["region"] == ALL:
            continue
        own = [each for each in years if each["region"] == row["region"] and each["pixels"]]
        count = max(len(own), 1)
        area = sum(each["area_km2"] for each in own) / count
        rows.append({
            **row, "coverage": min(100.0, row["coverage"] or 0.0),  # a pixel on the border counts as a whole
            "pixels": max((each["pixels"] for each in own), default=0), "area_km2": area, "rank": None,
        })
    ranked = sorted(
        (row for row in rows if row["mean"] is not None and (row["coverage"] or 0.0) >= least),
        key=lambda row: -row["mean"],
    )
    for rank, row in enumerate(ranked, start=1):
        row["rank"] = rank
    return rows


# Frequency, trend, centre ---------------------------------------------------------------------------------------------


def frequency(work: Work, stage: Stage) -> None:
    """How often the values rose and fell from year to year."""
    table, counts = (stage.path(f"{BETWEEN}/frequency_{name}.csv") for name in ("table", "counts"))
    stage.child("nep:changefrequency", {
        "INPUT": [work.series], **work.regions(), "INCREASES": stage.path("rasters/increases.tif"),
        "DECREASES": stage.path("rasters/decreases.tif"), "TABLE": table, "COUNTS": counts,
    })
    write_rows(stage.path("tables/fig04_frequency.csv"), FREQUENCY, read_rows(table))
    write_rows(stage.path("tables/fig04_counts.csv"), COUNTS, read_rows(counts))


def trend(work: Work, stage: Stage) -> None:
    """Sen slope, its limits, and the classes."""
    parameters, table = work.run.parameters, stage.path(f"{BETWEEN}/trend.csv")
    stage.note(stage.child("nep:trend", {
        "INPUT": [work.series], "MIN_OBSERVATIONS": parameters.integer("MIN_OBSERVATIONS"),
        "CORRECTION": parameters.choice("CORRECTION"), "FIELD_SIGNIFICANCE": parameters.flag("FIELD_SIGNIFICANCE"),
        **work.regions(), "TABLE": table,
        **{key: stage.path(f"rasters/trend_{name}.tif") for key, name in (
            ("SLOPE", "slope"), ("PVALUE", "p"), ("CLASS", "class"), ("LOWER", "lower"), ("UPPER", "upper"),
        )},
    }))
    write_rows(stage.path("tables/fig05_class_areas.csv"), CLASSES, class_rows(table))


def class_rows(table: str) -> list:
    """The rows of a table of classes, which has no column of the region where there are no regions."""
    return [
        {"region": ALL, **row, "class": row["class"] if "class" in row else row["code"]} for row in read_rows(table)
    ]


def centre(work: Work, stage: Stage) -> None:
    """The centre of gravity, its path and its stages."""
    table = stage.path(f"{BETWEEN}/centre_stages.csv")
    results = {
        key: stage.path(f"{BETWEEN}/{name}.gpkg")
        for key, name in (
            ("CENTERS", "centers"), ("PATH", "path"), ("ELLIPSE", "ellipse"), ("MEAN_CENTERS", "mean_centers"),
        )
    }
    stage.note(stage.child("nep:gravitycenter", {
        "INPUT": [work.series], "NEGATIVE": work.run.parameters.choice("NEGATIVE"), **work.regions(),
        "STAGES": ",".join("{}-{}".format(*span) for span in work.plan.stages), "STAGE_TABLE": table, **results,
    }))
    write_rows(stage.path("tables/fig05_centers.csv"), CENTERS, read_features(results["CENTERS"]))
    write_rows(stage.path("tables/fig05_stages.csv"), MIGRATION, read_rows(table))
