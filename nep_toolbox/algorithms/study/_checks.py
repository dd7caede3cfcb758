"""All that can be wrong with the inputs of a study, found before anything is computed and told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from ...core.carbon import carbon_density
from ...core.ensemble.draws import parse_errors, uncertain_names
from ...errors import GridMismatch, InvalidParameter, SeriesTooShort, ToolboxError
from ...framework.respiration_models import model_of
from ...framework.texts import sentence
from ...raster.bounds import Bounds
from ...raster.wording import joined
from ...raster.years import parse_stages, thirds
from ._check_inputs import check_climate, check_factors, check_landcover, check_npp
from ._dates import DETECTOR_YEARS, LANDCOVER_DATES, MAP_YEARS, chosen_years, spread
from ._parameters import FORMATS, PREPARES
from ._plan import Plan

_MANY = "The study cannot be run: {} things are to be mended, and nothing was computed."
_SHORT = (
    "{} years can be analysed ({}), but ⟨MIN_OBSERVATIONS⟩ asks for {} valid ones per pixel. Add the missing years or "
    "lower ⟨MIN_OBSERVATIONS⟩."
)
_CROSSED = "⟨MIN_CLASSES⟩ is {}, more than ⟨MAX_CLASSES⟩, {}. Exchange them."
_NO_FORMAT = "⟨FORMATS⟩ holds '{}': write some of {}."
_NO_NEP = (
    "⟨ERRORS⟩ was given, and no NEP is computed that they could enter. Give ⟨TEMPERATURE⟩ and ⟨PRECIPITATION⟩, or "
    "leave it empty."
)
_OTHER_UNIT = (
    "⟨UNIT⟩ is '{}', and NEP is computed in gC m-2 yr-1. Write that; ⟨NPP_SCALE⟩ turns NPP of another unit to it, 1000 "
    "that in kgC."
)
_NO_FOLDER = "{} is no folder. Choose another ⟨OUTPUT_FOLDER⟩."
_UNWRITABLE = "Nothing can be written to {}. Choose another ⟨OUTPUT_FOLDER⟩."
_NO_CRS = "'{}' has no CRS, so its place is unknown. Assign one (Raster, Projections, Assign Projection)."
_OTHER_GRID = (
    "'{}' does not lie on the grid of '{}': {}. Set ⟨PREPARE⟩ to '{}', or do so before, with the tool ⟨nep:harmonize⟩."
)
_ELSEWHERE = "'{}' and NPP have no area in common. Check its CRS and its place, or choose another raster."
_OUTSIDE = "⟨{}⟩ and '{}' have no area in common. Check the CRS and the place of both, or choose other polygons."
_INSIDE = (
    "'{}' lies in {}, the folder of the study, whose files are replaced. Choose another ⟨OUTPUT_FOLDER⟩, or move the "
    "input."
)
_FOREIGN = (
    "{} holds {}, and no earlier study that they could belong to. Choose an empty folder for ⟨OUTPUT_FOLDER⟩, or the "
    "folder of an earlier study."
)


class Faults:
    """What is wrong, as it is found."""

    def __init__(self):
        self.found: list = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Within the block an error of the toolbox ends the block, and is kept."""
        try:
            yield
        except ToolboxError as error:
            if str(error) not in self.found:
                self.found.append(str(error))

    def require_none(self) -> None:
        """Raise InvalidParameter with all that was found, as a numbered list where it is more than one thing."""
        if len(self.found) == 1:
            raise InvalidParameter(self.found[0])
        if self.found:
            items = [f"{number}. {sentence(text)}" for number, text in enumerate(self.found, start=1)]
            raise InvalidParameter("\n".join([_MANY.format(len(items)), *items]))


def checked(run, faults: Faults, legend, folder: str, read: dict, imported: bool | None = False) -> Plan:
    """The plan of a study.

    Parameters
    ----------
    run : Run
    faults : Faults
        What was found before.
    legend : ClassLegend
        Names and colours of the classes of the land cover.
    folder : str
        Of the study.
    read : dict
        The name of the input by the real path of each file that is read.
    imported : bool or None
        Whether NPP was imported from granules; None where it has yet to be, and is left out.

    Raises
    ------
    InvalidParameter
        With everything that is wrong.
    """
    plan = Plan(imported=bool(imported))
    of_npp = () if imported is None else (check_npp,)
    for check in (*of_npp, check_climate, check_landcover, check_factors):
        with faults.kept():
            check(run, plan, faults, legend)
        run.advance(0.0)
    _check_grids(run, plan, faults)
    _check_polygons(run, plan, faults)
    _check_dates(run, plan, faults)
    _check_page(run, plan, faults)
    with faults.kept():
        _check_folder(folder, read)
    faults.require_none()
    for warning in plan.warnings:
        run.log.warn(warning)
    return plan


def _check_grids(run, plan: Plan, faults: Faults) -> None:
    """One grid, or rasters that can be brought onto that of NPP."""
    if plan.npp is None:
        return
    as_they_are = run.parameters.choice("PREPARE") == 0
    for source in plan.sources():
        with faults.kept():
            series = source.series
            words = plan.grid.differences(series.grid) if as_they_are else []
            if words:
                raise GridMismatch(
                    _OTHER_GRID.format(series.name, plan.npp.series.name, "; ".join(words), PREPARES[1])
                )
            if not series.grid.wkt:
                raise InvalidParameter(_NO_CRS.format(series.name))
            if source is not plan.npp and _apart(plan.grid, series.grid):
                raise InvalidParameter(_ELSEWHERE.format(series.name))


def _apart(grid, other) -> bool:
    if not grid.wkt:
        return False  # said of NPP itself
    try:
        return Bounds.intersection([Bounds.of(grid), Bounds.of_projected(other, grid.wkt)]) is None
    except InvalidParameter:  # no part of it has a place in the CRS of NPP
        return True


def _check_polygons(run, plan: Plan, faults: Faults) -> None:
    """Regions and a study area that lie, in part, where NPP does."""
    if plan.npp is None or not plan.grid.wkt:
        return
    for key, polygons in (("REGIONS", run.raw_regions), ("MASK", run.raw_mask)):
        with faults.kept():
            if polygons and not any(_meets(each, plan.grid) for each in polygons):
                raise InvalidParameter(_OUTSIDE.format(key, plan.npp.series.name))


def _meets(polygon, grid) -> bool:
    box = polygon.geometry.boundingBox()
    bounds = Bounds(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    wkt = polygon.crs.toWkt()
    try:
        there = bounds.projected(wkt, grid.wkt) if wkt else bounds
        return Bounds.intersection([Bounds.of(grid), there]) is not None
    except InvalidParameter:  # it has no place in the CRS of NPP
        return False


def _check_dates(run, plan: Plan, faults: Faults) -> None:
    text = run.parameters.text
    if plan.npp is not None:
        least = run.parameters.integer("MIN_OBSERVATIONS")
        with faults.kept():
            if len(plan.years) < least:
                years = joined([str(year) for year in plan.years], 30)
                raise SeriesTooShort(_SHORT.format(len(plan.years), years, least))
        with faults.kept():
            plan.map_years = chosen_years(
                text("MAP_YEARS"), "MAP_YEARS", plan.years, "the years analysed do", MAP_YEARS
            )
        with faults.kept():
            plan.stages = parse_stages(text("STAGES"), plan.years) or thirds(plan.years)
    dates = plan.landcover.series.years if plan.landcover else []
    with faults.kept():
        if dates:
            plan.lc_years = chosen_years(text("LC_YEARS"), "LC_YEARS", dates, "the land cover does", LANDCOVER_DATES)
        elif text("LC_YEARS").strip() and not run.has_input("LANDCOVER"):
            raise InvalidParameter("⟨LC_YEARS⟩ was given without ⟨LANDCOVER⟩. Give the land cover too.")
    with faults.kept():
        if plan.npp is not None:
            plan.detector_years = chosen_years(
                text("DETECTOR_YEARS"), "DETECTOR_YEARS", plan.years, "the years analysed do", DETECTOR_YEARS
            )
            shared = [year for year in dates if year in plan.years]
            if shared and not text("DETECTOR_YEARS").strip():
                plan.detector_years = spread(shared, DETECTOR_YEARS)


def _check_page(run, plan: Plan, faults: Faults) -> None:
    parameters = run.parameters
    with faults.kept():
        plan.formats = formats_of(parameters.text("FORMATS"))
    with faults.kept():
        least, most = parameters.integer("MIN_CLASSES"), parameters.integer("MAX_CLASSES")
        if least > most:
            raise InvalidParameter(_CROSSED.format(least, most))
    _check_nep(parameters, plan, faults)


def _check_nep(parameters, plan: Plan, faults: Faults) -> None:
    """The unit of NEP that is computed, and the errors that enter it."""
    unit = parameters.text("UNIT").strip()
    with faults.kept():
        if plan.npp is not None and plan.makes_nep and (carbon_density(unit) or (1.0,))[0] != 1.0:
            raise InvalidParameter(_OTHER_UNIT.format(unit))
    errors = parameters.text("ERRORS").strip()
    with faults.kept():
        if errors and plan.npp is not None and not plan.makes_nep:
            raise InvalidParameter(_NO_NEP)
        if errors:
            parse_errors(errors, uncertain_names(model_of(parameters)))


def formats_of(text: str) -> list:
    """The formats of figures a user wrote, each once, in the order of `FORMATS`.

    Raises
    ------
    InvalidParameter
        If one is unknown, or none is left.
    """
    given = [each.lstrip(".") for each in re.split(r"[,;\s]+", text.lower()) if each] or ["png"]
    unknown = [each for each in given if each not in FORMATS]
    if unknown:
        raise InvalidParameter(_NO_FORMAT.format(unknown[0], ", ".join(FORMATS)))
    return [each for each in FORMATS if each in given]


def _check_folder(folder: str, read: dict) -> None:
    """Whether the study may be written to a folder: no input lies in it, and it can be made."""
    real = os.path.normcase(os.path.realpath(folder))
    inside = next((path for path in sorted(read) if path.startswith(real + os.sep) and os.path.exists(path)), None)
    if inside:
        raise InvalidParameter(_INSIDE.format(read[inside], folder))
    above = folder
    while not os.path.lexists(above) and above != os.path.dirname(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above):
        raise InvalidParameter(_NO_FOLDER.format(above))
    if not os.access(above, os.W_OK | os.X_OK):
        raise InvalidParameter(_UNWRITABLE.format(above))
    ours = ("report.html", "project.qgz", "results.json", "data", "rasters", "tables", "figures")
    if not os.path.exists(os.path.join(folder, "study.json")):
        found = [name for name in ours if os.path.exists(os.path.join(folder, name))]
        if found:
            raise InvalidParameter(_FOREIGN.format(folder, joined(found)))
