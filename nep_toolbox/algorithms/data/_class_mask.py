"""Leaving out the cells of some classes: the parameters MASK_RASTER and MASK_CLASSES."""

from __future__ import annotations

import re
from functools import partial

from qgis.core import QgsProcessingParameterString

from ...errors import InvalidParameter
from ...framework.texts import tr
from ...raster.grid import Grid
from ...raster.ingest.content import NUMBERS
from ...raster.ingest.leaving_out import ClassMask, class_counts_block
from ...raster.ingest.mosaic import Mosaic, Piece
from ...raster.ingest.resampling import block_height, block_side, choose_method
from ...raster.ingest.turns import source_for
from ...raster.ingest.warping import WarpedReader
from ...raster.reader import StackReader
from ...raster.wording import joined
from ...raster.years import COMMAS

#: Classes that a message names at most, and more than a land cover has.
MOST_NAMED, MOST_CLASSES = 12, 256

_NO_CODE = "⟨MASK_CLASSES⟩ holds '{}': write numbers of classes, such as 5,7."
_ALONE = "⟨{}⟩ was given without ⟨{}⟩. Give both, or neither."
_ELSEWHERE = "'{}', the raster of ⟨MASK_RASTER⟩, does not meet the grid of the result. Check its CRS."
_NO_CRS = "'{}', the raster of ⟨MASK_RASTER⟩, has no CRS. Assign one (Raster, Projections, Assign Projection)."


def declare_class_mask(tool) -> None:
    """Declare both parameters of a tool."""
    tool.add_raster(
        "MASK_RASTER", "Raster of classes to leave out",
        "A raster of classes, such as land cover, on any grid. Cells of classes to leave out are missing in all "
        "results.", optional=True,
    )
    tool.add(
        QgsProcessingParameterString("MASK_CLASSES", tr("Classes to leave out (5,7)"), optional=True),
        "Numbers of classes: water and built-up land, for example. A cell larger than those of the raster has its most "
        "frequent class, a smaller one the class at its centre.",
    )


def parse_classes(text: str) -> tuple:
    """Codes of classes as a user writes them: "5,7".

    Raises
    ------
    InvalidParameter
        If one is no whole number.
    """
    codes = [item for item in re.split(COMMAS, text.strip(" ,;")) if item]
    for item in codes:
        if not re.fullmatch(r"-?\d+", item):
            raise InvalidParameter(_NO_CODE.format(item))
    return tuple(sorted({int(item) for item in codes}))


def require_both(parameters) -> None:
    """Raise InvalidParameter where only one of the two was given."""
    classes, raster = parse_classes(parameters.text("MASK_CLASSES")), parameters.given("MASK_RASTER")
    if bool(classes) != raster:
        pair = "MASK_RASTER", "MASK_CLASSES"
        raise InvalidParameter(_ALONE.format(*(pair if raster else pair[::-1])))


def class_mask(run, grid: Grid) -> ClassMask | None:
    """A reader of the cells of a grid that have one of the classes; None where none were given.

    The log tells how many cells there are of each.
    """
    if not run.has_input("MASK_RASTER"):
        return None
    classes, series = parse_classes(run.parameters.text("MASK_CLASSES")), run.raster("MASK_RASTER")
    if not series.grid.wkt:
        raise InvalidParameter(_NO_CRS.format(series.name))
    method, why = choose_method(True, series.grid, grid)
    mosaic = Mosaic.of([Piece(StackReader.of(series), series.grid, series.name)])
    source = source_for([mosaic], grid, NUMBERS, method)
    if source is None:
        raise InvalidParameter(_ELSEWHERE.format(series.name))
    warped = WarpedReader.of(source, series.name, grid, method)
    counts = _counts(run, warped)
    found = joined([f"{counts.get(code, 0)} of class {code}" for code in classes])
    run.log.info(tr("Cells left out by '{}': {} ({})").format(series.name, found, why))
    lacking = [str(code) for code in classes if code not in counts]
    if lacking:
        there = joined([str(code) for code in sorted(counts)], MOST_NAMED) or "none"
        many = tr(" So many are hardly classes: is it the right raster?") if len(counts) > MOST_CLASSES else ""
        run.log.warn(
            tr("'{}' has no cell of class {} on the grid of the result. Classes there: {}.").format(
                series.name, joined(lacking), there
            ) + many
        )
    return ClassMask(warped, classes)


def _counts(run, warped: WarpedReader) -> dict:
    """How many cells of the grid have each class."""
    engine, totals = run.engine(0.0, 0.0), {}
    shape = run.block or (block_side(warped.ratio), block_height(warped.ratio))
    kernel = partial(class_counts_block, title=f"'{warped.name}'")
    for _window, counts in engine.results(kernel, {"stack": warped}, warped.target, shape):
        for code, count in counts.items():
            totals[code] = totals.get(code, 0) + count
    return totals
