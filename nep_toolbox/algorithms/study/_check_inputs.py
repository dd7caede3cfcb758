"""What the inputs of a study are understood to be, and what is wrong with each."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import numpy as np

from ...core.carbon import carbon_density
from ...core.landcover.blocks import codes_block
from ...core.landcover.tables import parse_class_names
from ...core.productivity.unit_checks import Given, npp_warnings, precipitation_warning, temperature_warning
from ...errors import InvalidParameter, YearNotFound
from ...framework.respiration_models import check_model, model_of, require_monthly
from ...framework.texts import tr
from ...raster.climatology import climatology, require_months
from ...raster.datasets import open_datasets
from ...raster.fill_codes import glance_windows, refuse_codes
from ...raster.parts import PartReader, window_round
from ...raster.reader import StackReader
from ...raster.series import Series, bands_of
from ...raster.wording import joined
from ...raster.years import COMMAS, stamps, without_times
from ._parameters import NO_RESPIRATION
from ._plan import CATEGORICAL, CLIMATE, CLIMATE_UNITS, CONTINUOUS, Factor, Plan, Source

_ONE_OF_TWO = (
    "⟨{}⟩ was given without ⟨{}⟩: NEP needs both. Give both, or say in ⟨VARIABLE⟩ what the series of ⟨NPP⟩ is, which "
    "is then analysed as it is."
)
_CALLED_NEP = "'{}' is analysed as it is, and called NEP. If it is something else, set ⟨VARIABLE⟩ and ⟨UNIT⟩."
_AS_IT_IS = "The series of ⟨NPP⟩ is analysed as it is, and climate explains it: no respiration is computed."
_NO_MODEL = "⟨MODEL⟩ was given, and no respiration is computed that it could be of: it plays no part."
_NO_YEARS = "The {} of '{}' and NPP have no year in common. Check ⟨YEARS⟩ and the names of the rasters."
_LEFT_OUT = "NPP has {} without {}: these years are left out of the study."
_NO_CLASS = "⟨EXCLUDE_CLASSES⟩ holds {}, which the land cover of {} does not have. It has {}."
_NO_CODE = "⟨EXCLUDE_CLASSES⟩ holds '{}': write numbers of classes, such as 5,7."
_NO_PAIR = (
    "'{}' in ⟨FACTOR_NAMES⟩ is not of the form name=name to show. Write them as pm25=PM2.5 with semicolons between."
)
_NAMED_TWICE = "⟨FACTOR_NAMES⟩ names '{}' twice. Keep one name."
_NO_FACTOR = "⟨FACTOR_NAMES⟩ names '{}', and no factor is called so. The factors are {}."


def npp_reader(source: Source, series: Series) -> StackReader:
    """Reads NPP, and refuses codes of the product that nobody declared as missing."""
    low, high = source.valid
    coded = high is None and carbon_density(source.unit) is not None
    return StackReader.of(
        series, scale=source.scale, valid_min=low, valid_max=high,
        check=partial(refuse_codes, scale=source.scale) if coded else None,
    )


def check_npp(run, plan: Plan, faults, _legend) -> None:
    """The series of productivity, its years, its codes and its unit."""
    series, number = run.series("NPP", look_for_codes=False), run.parameters.number
    unit, scale = run.parameters.text("UNIT").strip(), number("NPP_SCALE")
    plan.npp = Source("npp", series, scale, unit=unit, valid=(number("NPP_VALID_MIN"), number("NPP_VALID_MAX")))
    if plan.imported:  # in its unit, and without codes
        plan.npp = Source("npp", series, unit=unit)
    plan.years = list(series.years)
    if carbon_density(unit) is None:
        return
    reader = npp_reader(plan.npp, series)
    with faults.kept(), open_datasets():
        # Every value is looked at later, while it is read; a glance tells of most mistakes before anything is computed.
        values = np.concatenate([reader.read(window).ravel() for window in glance_windows(series.grid)])
        valid = values[np.isfinite(values)]
        if valid.size and carbon_density(unit)[0] == 1.0:
            plan.warnings += npp_warnings([valid.mean(dtype=np.float64)], plan.npp.scale)


def _series_or_constant(run, key: str, monthly: bool = False) -> tuple:
    """A series of a parameter, and whether it holds for every year: a single raster, or where there may be months
    twelve without a year."""
    layers = run.layers(key)
    bands = bands_of(layers[0])
    if len(layers) == len(bands) == 1:
        year = stamps(bands[0].steps[0].description) or stamps(layers[0].name)
        step = bands[0].steps[0]
        run.log.info(tr("{}: one raster, '{}', for every year").format(run.parameters.label(key), step.label))
        return Series((replace(step, year=year[-1][0] if year else 0),), bands[0].grid), True
    try:
        return run.series(key, monthly=monthly), False
    except YearNotFound:
        found = climatology(layers) if monthly else None
        if found is None:
            raise
        run.log.info(tr("{}: twelve months of '{}', for every year").format(run.parameters.label(key), found.name))
        return found, True


def check_climate(run, plan: Plan, faults, _legend) -> None:
    """The series of climate, the years they share with NPP, and whether NEP is computed from them."""
    given = [name for name in CLIMATE if run.has_input(name.upper())]
    offsets = {"temperature": run.parameters.number("TEMPERATURE_OFFSET") or 0.0}
    for name in given:
        with faults.kept():
            series, constant = _series_or_constant(run, name.upper(), monthly=True)
            plan.climate[name] = Source(
                name, series, run.parameters.number(f"{name.upper()}_SCALE"), unit=CLIMATE_UNITS[name],
                constant=constant, offset=offsets.get(name, 0.0),
            )
            plan.warnings += _doubts(plan.climate[name])
    _decide_on_nep(run, plan, given)
    with faults.kept():
        _check_respiration(run, plan)
    if plan.npp is None:
        return
    for name, source in plan.climate.items():
        if source.constant:
            what = tr("twelve months without a year") if source.monthly else tr("a single raster")
            plan.warnings.append(
                tr("The {} is {}, '{}': it stands for every year.").format(name, what, source.series.name)
            )
            require_months(source.series, plan.npp.series)
            continue
        there = source.series.years
        lost = [str(year) for year in plan.years if year not in there]
        if len(lost) == len(plan.years):
            raise YearNotFound(_NO_YEARS.format(name, source.series.name))
        if lost:
            plan.warnings.append(_LEFT_OUT.format(joined(lost, 30), name))
            plan.years = [year for year in plan.years if year in there]


def _doubts(source: Source) -> list:
    """What the unit in the files of a climate, and a glance at its first year, say against degC and mm."""
    steps = source.series.steps[:source.series.steps_per_year]
    reader = StackReader(steps, scale=source.scale, offset=source.offset)
    with open_datasets():
        parts = [reader.read(window).reshape(len(steps), -1) for window in glance_windows(source.series.grid)]
    values = np.concatenate(parts, axis=1)
    means = [step[np.isfinite(step)].mean(dtype=np.float64) for step in values if np.isfinite(step).any()]
    keys = (f"{source.name.upper()}_{what}" for what in ("SCALE", "OFFSET"))
    given = Given(source.series.unit, source.scale, source.offset, *keys)
    if source.name == "temperature":
        return list(filter(None, [temperature_warning(means, given)]))
    return list(filter(None, [precipitation_warning(means, source.series.steps_per_year, given)]))


def _decide_on_nep(run, plan: Plan, given: list) -> None:
    """NEP is computed where both temperature and precipitation are there, unless the series is to stay as it is."""
    asked = run.parameters.choice("FORCING") != NO_RESPIRATION
    plan.makes_nep = asked and len(given) == len(CLIMATE)
    if plan.makes_nep:
        return
    called_nep = run.parameters.text("VARIABLE").strip() in ("", "NEP")
    if asked and len(given) == 1 and called_nep:
        lacking = next(name for name in CLIMATE if name not in given)
        raise InvalidParameter(_ONE_OF_TWO.format(given[0].upper(), lacking.upper()))
    found = plan.npp.series.quantity if plan.npp else ""
    if called_nep and found != "NEP":
        plan.warnings.append(_CALLED_NEP.format(found))
    elif given:
        run.log.info(_AS_IT_IS)


def _check_respiration(run, plan: Plan) -> None:
    """Whether the model of respiration has its parameters, and the months it takes."""
    if not plan.makes_nep:
        if run.parameters.choice("MODEL"):
            plan.warnings.append(_NO_MODEL)
        return
    check_model(run.parameters, raster=False)
    model = model_of(run.parameters)
    for name, source in plan.climate.items():
        require_monthly(model, name.upper(), source.series)


def check_landcover(run, plan: Plan, faults, legend) -> None:
    """The land cover, the names of its classes and those that are left out."""
    excluded = run.parameters.text("EXCLUDE_CLASSES").strip()
    with faults.kept():
        plan.labels = {**legend.names, **parse_class_names(run.parameters.text("CLASS_NAMES"))}
    plan.colours = dict(legend.colours)
    if not run.has_input("LANDCOVER"):
        if excluded:
            raise InvalidParameter("⟨EXCLUDE_CLASSES⟩ was given without ⟨LANDCOVER⟩. Give the land cover too.")
        return
    series = _landcover(run, plan)
    plan.landcover = Source("landcover", series, categories=True)
    if not excluded:
        return
    codes = [item for item in re.split(COMMAS, excluded.strip(" ,;")) if item]
    wrong = [item for item in codes if not re.fullmatch(r"-?\d+", item)]
    if wrong:
        raise InvalidParameter(_NO_CODE.format(wrong[0]))
    plan.excluded = tuple(sorted({int(item) for item in codes}))
    there = _codes(run, plan, series)
    lacking = [str(code) for code in plan.excluded if code not in there]
    if lacking:
        raise InvalidParameter(
            _NO_CLASS.format(joined(lacking), series.years[-1], joined([str(code) for code in there], 30))
        )


def _landcover(run, plan: Plan) -> Series:
    """The series of land cover; a single raster without a year is that of the last year."""
    layers = run.layers("LANDCOVER")
    bands = bands_of(layers[0])
    if len(layers) == len(bands) == 1 and not (stamps(bands[0].steps[0].description) or stamps(layers[0].name)):
        year = plan.years[-1] if plan.years else 0
        return Series((replace(bands[0].steps[0], year=year),), bands[0].grid)
    return run.series("LANDCOVER", years="", look_for_codes=False)


def _codes(run, plan: Plan, series: Series) -> list:
    """The classes of the last date in the surroundings of NPP."""
    whole = window_round(series.grid, plan.grid) if plan.npp else series.grid.whole
    grid, engine, found = series.grid.part(whole), run.engine(0.0, 0.0), set()
    readers = {"stack": PartReader(StackReader(series.steps[-1:]), whole)}
    for _window, codes in engine.results(codes_block, readers, grid, engine.shape(grid, readers, 16.0)):
        found.update(codes)
    return sorted(found)


def check_factors(run, plan: Plan, faults, _legend) -> None:
    """The factors: rasters whose names differ only in the year are one."""
    names: dict = {}
    with faults.kept():
        names = _pairs(run.parameters.text("FACTOR_NAMES"))
    found: dict = {}
    for key, kind in (("CONTINUOUS", CONTINUOUS), ("CATEGORICAL", CATEGORICAL)):
        for layer in run.layers(key):
            for band in bands_of(layer):
                base, year = _name_and_year(band)
                found.setdefault((base, kind), {}).setdefault(year, band)
    known = {base.casefold(): base for base, _kind in found}
    for name in names:
        if name not in known:
            faults.found.append(_NO_FACTOR.format(name, joined([f"'{base}'" for base in known.values()], 30)))
    for (base, kind), rasters in found.items():
        shown = names.get(base.casefold(), base)
        plan.factors.append(Factor(shown, kind, {
            year: Source(shown, band, categories=kind == CATEGORICAL, unit=band.unit)
            for year, band in sorted(rasters.items())
        }))


def _name_and_year(band: Series) -> tuple:
    """What a factor is called, and the year of its raster, 0 where it has none."""
    step = band.steps[0]
    text = step.layer.name
    if step.band_count > 1:
        words = _words(step.description)
        text = step.description if words else f"{step.layer.name} {step.description or f'band {step.band}'}"
    years = stamps(text)
    return _words(text) or text, years[-1][0] if years else 0


def _words(text: str) -> str:
    return re.sub(r"[\s_.-]+", " ", without_times(text)).strip()


def _pairs(text: str) -> dict:
    """Names to show by names of layers, in small letters."""
    names = {}
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        name, sign, shown = (piece.strip() for piece in re.sub("＝", "=", part).partition("="))
        if not (sign and name and shown):
            raise InvalidParameter(_NO_PAIR.format(part.strip()))
        key = _words(name).casefold() or name.casefold()
        if key in names:
            raise InvalidParameter(_NAMED_TWICE.format(name))
        names[key] = shown
    return names
