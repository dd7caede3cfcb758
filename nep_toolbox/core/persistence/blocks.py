"""Persistence and future trend of a block of a raster, with the areas of their classes."""

from __future__ import annotations

from ..class_areas import class_areas
from .future_trend import FUTURE_LABELS, future_trend
from .hurst import ANTI_PERSISTENT, PERSISTENT, RANDOM, hurst, persistence_class

FIRST_PERSISTENCE, LAST_PERSISTENCE = min(RANDOM, ANTI_PERSISTENT), PERSISTENT
FIRST_FUTURE, LAST_FUTURE = min(FUTURE_LABELS), max(FUTURE_LABELS)


def hurst_block(stack, cell_area=None, **options) -> dict:
    """The arrays of `hurst`, ``class`` (int16) and ``class_areas``, as `class_areas`."""
    block = hurst(stack, **options)
    block["class"] = persistence_class(block["hurst"])
    block["class_areas"] = class_areas(block["class"], FIRST_PERSISTENCE, LAST_PERSISTENCE, cell_area)
    return block


def future_block(trend_classes, exponent, cell_area=None) -> dict:
    """``code`` (int16) of `future_trend` from two stacks of one step each, and ``class_areas``, as `class_areas`."""
    code = future_trend(trend_classes[0], exponent[0])
    return {"code": code, "class_areas": class_areas(code, FIRST_FUTURE, LAST_FUTURE, cell_area)}
