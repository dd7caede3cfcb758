"""Figure 7: the correlation with the climate, of annual means and pixel by pixel."""

from __future__ import annotations

from .. import legends
from ..arrangement import GAP, HEAD, LEGENDS, Box, columns, is_wide, map_size
from .sheet import Sheet

DRIVERS = ("precipitation", "temperature")
_NAMES = {"precipitation": "Precipitation", "temperature": "Temperature"}


def correlation(sheet: Sheet) -> float:
    """Scatters above maps of r, and beside them, smaller, the maps of r of NPP."""
    page, study, layers = sheet.page, sheet.study, sheet.layers
    wide = is_wide(page.width)
    room = page.width - LEGENDS - GAP if wide else page.width
    cells = columns(room, 2)
    scatters = [driver for driver in DRIVERS if sheet.charted(f"fig07_{driver}")]
    maps = [f"r_{driver}" for driver in DRIVERS if f"r_{driver}" in layers]
    beside = len(scatters) == len(maps) == 1  # a driver alone has its map beside its scatter
    under = _scatters(sheet, scatters, cells)
    y = 0.0 if beside else under
    width, height = map_size(cells[0][1], sheet.ratio, 110.0)
    item = None
    for key, (x, _) in zip(maps, cells[1:] if beside else cells):
        item = _map(sheet, key, study.variable, Box(x, y, width, HEAD + height))
    rest = [f"npp_{key}" for key in maps if f"npp_{key}" in layers]
    blocks = [sheet.values(study.text("Correlation coefficient r"), layers.those(*maps))]
    blocks += [*sheet.no_value(*layers.those(*maps)), legends.scale(item)]
    end = max(y + HEAD + height, under - GAP)
    if not wide:
        for key, (x, _) in zip(rest, cells):
            _map(sheet, key, "NPP", Box(x, end + GAP, width, HEAD + height))
        end += (GAP + HEAD + height) if rest else 0.0
        return legends.below(page, blocks, Box(0.0, end + GAP, page.width, 0.0), 2)
    top = HEAD if rest or not y else y + HEAD
    bottom = legends.column(page, blocks, Box(room + GAP, top, LEGENDS, 0.0))
    return max(end, bottom, _small(sheet, rest, Box(room + GAP, bottom + GAP, LEGENDS, end - bottom - GAP)))


def _small(sheet: Sheet, keys: list, box: Box) -> float:
    """The maps of NPP below each other in the column of the legends, ending where the others do if there is room."""
    if not keys:
        return 0.0
    most = (box.height + GAP) / len(keys) - HEAD - GAP
    width, height = map_size(LEGENDS, sheet.ratio, max(most, 0.6 * LEGENDS * sheet.ratio))
    step = HEAD + height + GAP
    top = max(box.y, box.bottom + GAP - len(keys) * step)
    for place, key in enumerate(keys):
        _map(sheet, key, "NPP", Box(box.x, top + place * step, width, HEAD + height), LEGENDS - width)
    return top + len(keys) * step - GAP


def _scatters(sheet: Sheet, drivers: list, cells: list) -> float:
    """The charts of annual means; gives where the next row starts."""
    end = -GAP
    for driver, (x, _) in zip(drivers, cells):
        title = sheet.study.text("{variable} and {driver}", driver=sheet.study.text(_NAMES[driver]).lower())
        end = max(end, sheet.chart(f"fig07_{driver}", title, x, 0.0))
    return end + GAP


def _map(sheet: Sheet, key: str, variable: str, box: Box, more: float = 0.0):
    """A map of r; its heading may be wider than it by ``more``."""
    driver = sheet.study.words.label(_NAMES[key.rpartition("_")[2]]).lower()
    title = sheet.study.words.label("r of {variable} and {driver}").format(variable=variable, driver=driver)
    sheet.page.heading(box._replace(width=box.width + more), title)
    return sheet.area_map(box.below(HEAD), (key,), key)
