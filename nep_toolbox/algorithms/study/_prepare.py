"""The first step: all inputs on the grid of NPP, cut to the study area."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import numpy as np
from osgeo import gdal
from qgis.core import QgsFields, QgsWkbTypes

from ...colours import BLUES, GREENS, REDS, categorical
from ...core.carbon import carbon_density
from ...core.exact_sums import as_float
from ...core.productivity.unit_checks import npp_warnings
from ...core.zonal.mask import mask_block
from ...core.zonal.study_area import study_block
from ...errors import InvalidParameter
from ...framework.features import write_file
from ...framework.regions import regions_on_grid
from ...qgis_compat import field
from ...raster.reader import StackReader, Together
from ...raster.series import Layer, bands_of
from ...raster.writer import RasterWriter
from ...raster.zones import ZoneReader
from ...styling.layers import write_style
from ...styling.styles import Classes, Ramp
from ._check_inputs import npp_reader
from ._drivers import chosen_drivers, write_drivers
from ._place import place_of
from ._plan import CATEGORICAL, CONTINUOUS, Source
from ._regrid import Regridder, described, whole_numbers
from ._tables import NUMBER, TEXT, write_rows
from ._work import BETWEEN, Stage, Work

DATA = {"variable": TEXT, "files": TEXT, "years": TEXT, "unit": TEXT, "cell": TEXT, "resampling": TEXT,
        "missing_percent": NUMBER}

RAMPS = {"npp": Ramp(GREENS, below_zero=REDS), "temperature": Ramp(REDS), "precipitation": Ramp(BLUES)}

_EMPTY = (
    "No pixel of the study area has a value of ⟨NPP⟩. Check where ⟨MASK⟩ and ⟨REGIONS⟩ lie, and what ⟨NPP_VALID_MIN⟩, "
    "⟨NPP_VALID_MAX⟩ and ⟨EXCLUDE_CLASSES⟩ leave."
)

_SPARSE = "NPP has values on {:.2g} % of the study area only: what is found stands for this part."

#: Below this share of the study area the values may not stand for it.
LEAST_COVERED = 0.5

_FACTOR_TITLES = {"temperature": "Temperature", "precipitation": "Precipitation"}


def prepare(work: Work, stage: Stage) -> None:
    """Write the folder `data`, the polygons for the tools, and the table of the data."""
    plan = work.plan
    regridder = Regridder(stage, plan, stage.scratch())
    write_polygons(work, stage)
    climate = _climate(work, stage, regridder)
    stage.run.advance(0.2)
    factors = _factor_sources(work)
    others = regridder.regridded([*([plan.landcover] if plan.landcover else []), *factors.values()], [])
    stage.run.advance(0.4)
    pass_ = StudyPass(work, stage, climate, others.get("landcover"), {key: others[key] for key in factors})
    pass_.carry_out()
    stage.numbers.update(pass_.numbers)
    _write_factors(work, stage, others)
    write_drivers(plan, stage, regridder, study_area(stage.run, plan.grid))
    rows = [described(plan.npp, "", pass_.missing["npp"])]
    rows += [
        described(source, regridder.how.get(name) or regridder.how[f"{name}_annual"], pass_.missing[name])
        for name, source in plan.climate.items()
    ]
    if plan.landcover:
        rows.append(described(plan.landcover, regridder.how["landcover"], pass_.missing["landcover"]))
    rows += _factor_rows(work, factors, regridder.how, pass_.missing)
    write_rows(stage.path("tables/data.csv"), DATA, rows)


def study_area(run, grid) -> tuple:
    """The polygons of the study area on the grid of NPP; empty where there are none."""
    return regions_on_grid(run.raw_mask or run.raw_regions, grid, run.parameters.context.transformContext())


# Polygons -------------------------------------------------------------------------------------------------------------


def write_polygons(work: Work, stage: Stage, prefix: str = "") -> None:
    """Write the regions and the study area for the tools, in their own CRS, to files whose names begin alike."""
    for name, raw in (("regions", work.run.raw_regions), ("area", work.run.raw_mask or work.run.raw_regions)):
        if not raw:
            continue
        fields = QgsFields()
        fields.append(field("region", "text"))
        form = fields, QgsWkbTypes.Type.MultiPolygon, raw[0].crs, {}
        write_file(
            "REGIONS", stage.path(f"{BETWEEN}/{prefix}{name}.gpkg"), work.run.parameters.context, form,
            [(_multi(each.geometry), (each.name,)) for each in raw],
        )


def _multi(geometry):
    geometry = type(geometry)(geometry)
    geometry.convertToMultiType()
    return geometry


# Climate --------------------------------------------------------------------------------------------------------------


def monthly_form(work: Work) -> bool:
    """Whether respiration is computed month by month."""
    return work.run.parameters.choice("FORCING") in (0, 1) and work.makes_nep and all(
        source.monthly for source in work.plan.climate.values()
    )


def _climate(work: Work, stage: Stage, regridder: Regridder) -> dict:
    """The annual climate of the years analysed on the grid of NPP; the monthly one is written for respiration."""
    found = {}
    for name, source in work.plan.climate.items():
        if source.monthly:
            stacked = regridder.stack(source, work.plan.years)
            annual = regridder.annual(stacked, 1 if name == "precipitation" else 0)
            if monthly_form(work):
                file = regridder.regridded([stacked], work.plan.years)[name].series.steps[0].layer.path
                shutil.copyfile(file, stage.path(f"{BETWEEN}/{name}_monthly.tif"))
            source = annual
        brought = regridder.regridded([source], work.plan.years)[source.name]
        found[name] = replace(brought, series=brought.for_years(work.plan.years))
    return found


# Factors --------------------------------------------------------------------------------------------------------------


def _factor_sources(work: Work) -> dict:
    """The rasters of factors that the dates of the detector take, each under a name of its own."""
    found = {}
    for place, factor in enumerate(work.plan.factors):
        for year in work.plan.detector_years:
            source = factor.of_year(year)
            own = next(each for each, one in factor.rasters.items() if one is source)
            key = f"factor_{place}_{own}"
            found[key] = replace(source, name=key)
    return found


def _factor_rows(work: Work, factors: dict, how: dict, missing: dict) -> list:
    """The rows of the factors in the table of the data, one for all rasters of a factor."""
    rows, chosen = [], chosen_drivers(work.plan)
    for place, factor in enumerate(work.plan.factors):
        own = {key: source for key, source in factors.items() if key.startswith(f"factor_{place}_")}
        if not own:
            continue
        first, *_rest = own
        years = {int(key.split("_")[2]) for key in own}
        years |= {year for driver in chosen.drivers if driver.factor is factor for year in chosen.years}
        steps = tuple(replace(factor.rasters[year].series.steps[0], year=year) for year in sorted(years))
        series = replace(own[first].series, steps=steps)
        share = sum(missing[key] for key in own) / len(own)
        rows.append(described(replace(own[first], name=factor.name, series=series), how[first], share))
    return rows


def _write_factors(work: Work, stage: Stage, others: dict) -> None:
    """Write for each date of the detector one raster of the continuous factors and one of the categorical ones."""
    plan, flag, area = work.plan, work.run.parameters.flag, study_area(stage.run, work.plan.grid)
    dates = plan.detector_years
    for year in dates:
        bands = {CONTINUOUS: {}, CATEGORICAL: {}}
        if flag("INCLUDE_CLIMATE"):
            for name in plan.climate:
                bands[CONTINUOUS][_FACTOR_TITLES[name]] = _band(stage, f"data/{name}.tif", plan.years.index(year))
        if flag("INCLUDE_LANDCOVER") and plan.landcover:
            known = plan.landcover.series.years
            before = [each for each in known if each <= year] or known[:1]
            bands[CATEGORICAL]["Land cover"] = _band(stage, "data/landcover.tif", known.index(before[-1]))
        for place, factor in enumerate(plan.factors):
            own = next(each for each, one in factor.rasters.items() if one is factor.of_year(year))
            source = others[f"factor_{place}_{own}"]
            bands[factor.kind][factor.name] = source
        for kind, prefix in ((CONTINUOUS, "factors"), (CATEGORICAL, "categories")):
            if bands[kind]:
                _write_bands(stage, f"data/{prefix}_{year}.tif", bands[kind], plan.grid, area)


def _band(stage: Stage, file: str, place: int) -> Source:
    return Source(file, bands_of(Layer(file, stage.path(file)))[place])


def _write_bands(stage: Stage, file: str, bands: dict, grid, area) -> None:
    """Write some rasters, cut to the study area, as the bands of one file, called by their names."""
    run = stage.run
    with RasterWriter(stage.path(file), grid, list(bands), name=file) as writer:
        for number, source in enumerate(bands.values(), start=1):
            readers = {"stack": StackReader.of(source.series, scale=source.scale, offset=source.offset)}
            if area:
                readers["regions"] = ZoneReader(area)
            engine = run.engine(1.0, 1.0)
            for window, block in engine.results(mask_block, readers, grid, engine.shape(grid, readers, 8.0)):
                writer.write(window, block, number)


# The pass over all inputs ---------------------------------------------------------------------------------------------


class StudyPass:
    """Cuts all inputs to the study area in one pass, writes them, and counts what is missing.

    Attributes
    ----------
    missing : dict
        Percent of the values of each input that are missing in the study area; of those beside NPP, where NPP is.
    numbers : dict
        What is known of the place.
    """

    def __init__(self, work: Work, stage: Stage, climate: dict, landcover: Source | None, factors: dict):
        self._work = work
        self._stage = stage
        self._climate = climate
        self._landcover = landcover
        self._factors = factors
        self._counts: dict = {}
        self._totals: dict = {}
        self.missing: dict = {}
        self.numbers: dict = {}

    def carry_out(self) -> None:
        """Read, cut, write and count."""
        work, plan, run = self._work, self._work.plan, self._stage.run
        grid = plan.grid
        area = study_area(run, grid)
        kernel = partial(study_block, bounded=bool(area), excluded=plan.excluded)
        readers = self._readers(run, grid, area)
        engine = run.engine(0.4, 0.8)
        shape = run.plan(engine, grid, readers, 16.0 * len(plan.years) * (2 + len(self._climate)))
        with ExitStack() as stack:
            writers = {name: stack.enter_context(writer) for name, writer in self._writers(grid).items()}
            for window, block in engine.results(kernel, readers, grid, shape):
                self._write(writers, window, block)
                self._count(window, block)
        self._style(writers)
        self._sum_up(work, run, area)

    def _readers(self, run, grid, area) -> dict:
        plan = self._work.plan
        readers = {
            "npp": npp_reader(plan.npp, plan.npp.series.of_years(plan.years)),
            "cell_area": run.cell_areas(grid),
            "climate": Together(tuple(_reader(each) for each in self._climate.values())),
            "factors": Together(tuple(_reader(each) for each in self._factors.values())),
        }
        if area:
            readers["regions"] = ZoneReader(area)
        if self._landcover:
            readers["landcover"] = _reader(self._landcover)
        return readers

    def _writers(self, grid) -> dict:
        plan, path = self._work.plan, self._stage.path
        bands = [str(year) for year in plan.years]
        units = {"npp": plan.npp.unit, **{name: source.unit for name, source in self._climate.items()}}
        writers = {
            name: RasterWriter(path(f"data/{name}.tif"), grid, bands, unit=unit, name=f"{name}.tif")
            for name, unit in units.items()
        }
        if self._landcover:
            steps = self._landcover.series.steps
            small = all(step.type_name in ("Byte", "Int8", "Int16") for step in steps)
            writers["landcover"] = RasterWriter(
                path("data/landcover.tif"), grid, [str(step.year) for step in steps],
                gdal.GDT_Int16 if small else gdal.GDT_Int32, name="landcover.tif",
            )
        return writers

    def _write(self, writers: dict, window, block: dict) -> None:
        writers["npp"].write(window, block["npp"])
        for name, values in zip(self._climate, block["climate"]):
            writers[name].write(window, values)
        if "landcover" in writers:
            writer = writers["landcover"]
            codes = whole_numbers(block["landcover"], writer.nodata)
            writer.write(window, codes)
            self._totals.setdefault("codes", set()).update(np.unique(codes[codes != writer.nodata]).tolist())

    def _count(self, window, block: dict) -> None:
        counts = block["counts"]
        named = {"npp": counts["npp"], **dict(zip(self._climate, counts["climate"])),
                 **dict(zip(self._factors, counts["factors"]))}
        if "landcover" in counts:
            named["landcover"] = counts["landcover"]
        for name, count in named.items():
            self._counts[name] = self._counts.get(name, 0) + count
        for name in ("pixels", "areas", "sums"):
            self._totals[name] = self._totals.get(name, 0) + block[name]
        if block["box"] is not None:
            top, bottom, left, right = block["box"]
            box = (window.row + top, window.row + bottom + 1, window.col + left, window.col + right + 1)
            old = self._totals.get("box", box)
            self._totals["box"] = (
                min(old[0], box[0]), max(old[1], box[1]), min(old[2], box[2]), max(old[3], box[3])
            )

    def _style(self, writers: dict) -> None:
        plan = self._work.plan
        for name, writer in writers.items():
            if name != "landcover":
                unit = plan.npp.unit if name == "npp" else plan.climate[name].unit
                write_style(writer.path, RAMPS[name], writer.quantiles([0.02, 0.98]), plan.years, unit)
        codes = sorted(self._totals.get("codes", ()))
        if codes:
            colours = dict(zip(codes, categorical(len(codes))))
            write_style(writers["landcover"].path, Classes(tuple(
                (code, plan.labels.get(code, str(code)), plan.colours.get(code, colours[code])) for code in codes
            )), [], plan.landcover.series.years)

    def _sum_up(self, work: Work, run, area) -> None:
        self.missing = {
            name: 100.0 * count[0] / count[1] if count[1] else 0.0 for name, count in self._counts.items()
        }
        totals, plan = self._totals, work.plan
        pixels, lacking, without_factor = (int(each) for each in totals["pixels"])
        if not pixels:
            raise InvalidParameter(_EMPTY)
        area_km2 = sum(region.area for region in area) / 1e6 or as_float(totals["areas"][1, 1], 1_000_000)
        self.numbers = {
            "pixels": pixels, "pixels_without_climate": lacking, "pixels_without_factor": without_factor,
            "area_km2": area_km2,
            "valid_area_km2": as_float(totals["areas"][1, 1], 1_000_000),
            "codes": sorted(totals.get("codes", ())), **place_of(work, totals.get("box")),
        }
        if self.numbers["valid_area_km2"] < LEAST_COVERED * area_km2:
            run.log.warn(_SPARSE.format(100.0 * self.numbers["valid_area_km2"] / area_km2))
        with np.errstate(invalid="ignore"):
            means = totals["sums"][:, 0] / totals["sums"][:, 1]
        found, density = [], carbon_density(plan.npp.unit)
        if density is not None and density[0] == 1.0:
            found = npp_warnings(means, plan.npp.scale)
        for warning in found:
            run.log.warn(warning)
        self.numbers.update(mean=float(np.nanmean(means)) if np.isfinite(means).any() else None, plausible=not found)


def _reader(source: Source) -> StackReader:
    return StackReader.of(source.series, scale=source.scale, offset=source.offset)
