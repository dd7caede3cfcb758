"""The page of all drivers of a correlation: for each the map of r, the annual means and the shares of the classes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ...colours import RED_TO_BLUE, along, channels
from ...framework.class_maps import ClassScheme, Tally
from ...framework.texts import tr
from ...raster.grid import Grid
from ...raster.picture import MOST, png
from ._driver import Driver

#: Colours of a map of r, from -1 to 1.
_STEPS = 255

#: Digits of its numbers.
_DIGITS = 3


class Found(NamedTuple):
    """What was found of a driver: the relation of its annual means, and the rows of its classes."""

    driver: Driver
    relation: object
    shares: list


def correlate(run, driver: Driver, scheme: ClassScheme, part: tuple) -> Found:
    """Correlate a further driver block by block, without a map of its own."""
    run.log.info(tr("Driver '{}'").format(driver.driver.name))
    driver.prepare(run, (), part)
    tally = Tally(scheme, ())
    for window, block in run.blocks(
        driver.kernel, driver.readers, driver.series.grid, driver.bytes_per_cell, **driver.blocks
    ):
        tally.add(block)
        driver.add(window, block)
    driver.report(run.log)
    run.log.class_areas(tally.areas, scheme.first, scheme.labels, int(tally.no_result[0, 0]))
    driver.tell_significance(run.log)
    relations, _rows, _sparse = driver.correlated(run)
    return Found(driver, relations[0], tally.rows())


def maps_page(found: list, colours: dict):
    """The page of all drivers."""
    from ...report.charts import driver_panel
    from ...report.page import Page

    series, kind = found[0].driver.series, found[0].driver.kind
    held = ", ".join(each.quantity for each in found[0].driver.controls)
    page = Page(tr("Drivers of {}").format(series.quantity), "The result ⟨MAPS⟩ of ⟨nep:correlation⟩")
    page.paragraph(
        tr("Each map shows {} of every pixel over the years, in one scale of colours for all drivers; white: no "
           "result. Each point is a year: the mean of the pixels in which all series have a value, weighted by area.")
        .format(kind.symbol)
    )
    page.paragraph(kind.explained)
    if held:
        page.paragraph(
            tr("Maps and classes are those of the partial {}, with {} held constant.").format(kind.symbol, held)
        )
    page.table(kind.columns, [_row(each) for each in found], _DIGITS)
    for each in found:
        driver = each.driver
        page.heading(driver.driver.quantity)
        page.chart(driver_panel(
            picture(driver.map.values, series.grid), RED_TO_BLUE, kind.of_pixels, each.relation,
            (driver.driver.quantity, driver.driver.unit, series.quantity, series.unit), each.shares, colours,
        ))
    return page


def _row(found: Found) -> tuple:
    share = {row[0]: row[4] for row in found.shares}
    years, relation = found.driver.series.years, found.relation
    return (
        found.driver.driver.quantity, f"{years[0]}-{years[-1]}", float(relation.r), float(relation.p_value),
        share[1] + share[2], share[2], share[-1] + share[-2], share[-2],
    )


def picture(values: np.ndarray, grid: Grid):
    """A map of r (rows, cols) on a grid as a Picture; NaN is transparent."""
    from ...report.charts import Picture

    palette = np.array([(*channels(along(RED_TO_BLUE, step / (_STEPS - 1))), 255) for step in range(_STEPS)]
                       + [(255, 255, 255, 0)], dtype=np.uint8)
    missing = np.isnan(values)
    place = np.rint((np.where(missing, 0.0, values) + 1.0) / 2.0 * (_STEPS - 1)).astype(np.int64)
    colours = palette[np.where(missing, _STEPS, place.clip(0, _STEPS - 1))]
    _, a, _, _, _, e = grid.transform
    if e > 0:
        colours = colours[::-1]
    if a < 0:
        colours = colours[:, ::-1]
    # Small maps are drawn in large pixels, which a browser would blur.
    large = max(1, MOST // max(values.shape))
    rows, cols = values.shape
    return Picture(png(colours.repeat(large, axis=0).repeat(large, axis=1)), cols, rows, _aspect(grid))


def _aspect(grid: Grid) -> float:
    """Height of a cell in the middle of a grid over its width, on the ground."""
    width, height = grid.cell_size
    if grid.wkt and grid.crs.IsGeographic():
        middle = grid.transform[3] + grid.transform[5] * grid.height / 2
        width *= max(math.cos(middle * grid.crs.GetAngularUnits()), 0.01)
    return height / width
