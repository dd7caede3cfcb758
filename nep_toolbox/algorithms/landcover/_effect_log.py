"""What nep:landcovereffect tells of its run: regions, densities, and the parts of the change."""

from __future__ import annotations

import math
from typing import Callable

import numpy as np

from ...core.exact_sums import as_float
from ...core.landcover.effect import TOTAL_COLUMNS
from ...framework.regional_sums import Zones, sparse_regions, warn_of_empty_regions
from ...framework.texts import tr
from ...raster.wording import joined
from ...raster.zones import ALL
from ._classes import FEW_PIXELS


def tell_regions(run, regions: tuple, sums: dict) -> None:
    """Name the regions without a pixel, and those with few."""
    parts = [sums[None], *(sums.get(place, {}) for place in range(len(regions)))]
    zones = Zones.of(regions)
    pixels = [sum(one.pixels for one in part.values()) for part in parts]
    warn_of_empty_regions(run, zones.names[1:], pixels[1:], tr("no pixel with a class and a value on both dates"))
    sparse_regions(run, zones, np.array([[as_float(sum(one.area for one in part.values())) for part in parts]]))


def tell_densities(run, effects: dict, names: dict, stable: bool) -> None:
    """Name the classes whose density is not what the method asks for, or rests on few pixels, by region."""
    lost = _named(effects, lambda code, one: names[code] if one.fallback else "")
    if lost:
        words = tr("No pixel with values keeps these classes, so that all that have one at a date stand for it, and "
                   "where a date has none, those of the other date: {}.") if stable else tr(
            "One of the dates does not have these classes, whose density is that of the other date: {}."
        )
        run.log.warn(words.format(lost))
    few = _named(effects, lambda code, one: "" if one.fallback or one.pixels >= FEW_PIXELS
                 else f"{names[code]} ({one.pixels})")
    if few:
        run.log.warn(tr("The density of these classes rests on fewer than {} pixels: {}.").format(FEW_PIXELS, few))


def _named(effects: dict, word: Callable) -> str:
    """What ``word`` says of the classes of each region and their densities: "Water; Lakeland: Shrub, Water"."""
    found = {
        region: [said for code, one in effect.densities.items() if (said := word(code, one))]
        for region, effect in effects.items()
    }
    parts = [
        joined(words, 12) if region == ALL else f"{region}: {joined(words, 12)}"
        for region, words in found.items() if words
    ]
    return "; ".join(parts[:12]) + (tr(" and in {} more regions").format(len(parts) - 12) if len(parts) > 12 else "")


def tell_effect(run, row: tuple, unit: str) -> None:
    """Give the parts of the change of the whole raster, from its `total_row`, as numbers and in the log."""
    found = dict(zip(TOTAL_COLUMNS, row))
    change, land_use, density, share = (found[key] for key in ("change_tg", "land_use_tg", "density_tg", "share"))
    for name, value in (("CHANGE_TG", change), ("LAND_USE_TG", land_use), ("DENSITY_TG", density), ("SHARE", share)):
        run.number(name, math.nan if value is None else value)
    percent = "" if share is None else tr(" ({:.3g} %)").format(share)
    run.log.info(
        tr("All: the total changes by {:+.4g} {}, by land use {:+.4g}{}, by density {:+.4g}; {:.6g} of {:.6g} km2 "
           "change their class.").format(
            change, unit, land_use, percent, density, found["changed_km2"], found["area_km2"]
        )
    )
    if share is not None and not 0.0 <= share <= 100.0:
        run.log.info(
            tr("Land use and density work against each other: compare both parts in {}, not the share.").format(unit)
        )
