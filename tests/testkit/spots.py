"""Hot spots of arrays, cut into blocks as a run cuts rasters."""

from __future__ import annotations

import json
from functools import partial

import numpy as np

from nep_toolbox.core.hotspots.blocks import hotspot_block, p_values_block
from nep_toolbox.core.hotspots.false_discovery import Adjusted, Gathered
from nep_toolbox.core.hotspots.local import Method, reach_of
from nep_toolbox.core.hotspots.whole import (
    LEVEL_REACH,
    MORAN_REACH,
    LevelSums,
    MoranSums,
    Whole,
    level_block,
    moran_block,
)
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.zonal.reduction import Total


def reference(shared) -> dict:
    """The numbers of the reference, its rasters as arrays with NaN."""
    return _arrays(json.loads((shared / "reference/hotspots.json").read_text(encoding="utf-8")))


def _arrays(part):
    if isinstance(part, dict):
        return {key: _arrays(value) for key, value in part.items()}
    if isinstance(part, list) and part and isinstance(part[0], list):
        return np.array([[np.nan if value is None else value for value in row] for row in part], dtype=float)
    return part


def blocks(stack, shape, reach: int):
    """The blocks of a stack (steps, rows, cols) with their surroundings, from top to bottom: Surrounded, where the
    block lies, and whether it is the last of its row."""
    rows, cols = stack.shape[1:]
    tall, wide = shape or (rows, cols)
    for row in range(0, rows, tall):
        for col in range(0, cols, wide):
            place = slice(row, min(rows, row + tall)), slice(col, min(cols, col + wide))
            around = [slice(max(0, part.start - reach), part.stop + reach) for part in place]
            inner = (slice(part.start - all_.start, part.stop - all_.start) for part, all_ in zip(place, around))
            yield Surrounded(stack[(slice(None), *around)], *inner), place, col + wide >= cols


def levels(stack, shape=None) -> tuple:
    """The sums of the levels, and the numbers of isolated cells."""
    total, isolated = Total(partial(LevelSums.empty, len(stack))), 0
    for around, _place, last in blocks(stack, shape, LEVEL_REACH):
        block = level_block(around)
        total.add(block["sums"], last)
        isolated = isolated + block["isolated"]
    return total.sums, isolated.tolist()


def wholes(stack, shape=None) -> tuple:
    """What is known of each step."""
    found, _isolated = levels(stack, shape)
    means = tuple((found.total / found.count)[:, 0].tolist())
    total, weights = Total(partial(MoranSums.empty, len(stack))), 0
    for around, _place, last in blocks(stack, shape, MORAN_REACH):
        block = moran_block(around, means=means)
        total.add(block["sums"], last)
        weights = weights + block["weights"]
    columns = (found.count[:, 0].tolist(), means, *(each[:, 0].tolist() for each in total.sums), *weights.T.tolist())
    return tuple(Whole(*each) for each in zip(*columns))


def maps(stack, method=Method.GI_STAR, radius=1, shape=None, fdr=False, exact=True, alpha=0.05) -> dict:
    """The maps of a stack, (steps, rows, cols) each, and the areas of the blocks; a cell has an area of 1."""
    options = {"wholes": wholes(stack, shape), "method": method, "radius": radius}
    reach, adjustments = reach_of(method, radius), None
    if fdr:
        parts = [p_values_block(around, **options, exact=exact) for around, *_ in blocks(stack, shape, reach)]
        adjustments = tuple(Adjusted(Gathered(exact, [part[step] for part in parts])) for step in range(len(stack)))
    found = {"class": np.empty(stack.shape, np.int16), "z": np.empty(stack.shape), "p_value": np.empty(stack.shape)}
    areas: list = [[] for _ in stack]
    for around, (rows, cols), _last in blocks(stack, shape, reach):
        cell_area = np.ones((rows.stop - rows.start, 1))
        block = hotspot_block(around, cell_area, **options, alpha=alpha, adjustments=adjustments)
        for step, part in zip(areas, block.pop("areas")):
            step.append(part)
        for name, values in block.items():
            found[name][:, rows, cols] = values
    return {**found, "areas": areas}
