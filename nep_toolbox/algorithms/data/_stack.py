"""Rasters of one series as the bands of one raster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from ...errors import InvalidParameter, YearNotFound
from ...framework.outputs import RasterResult
from ...framework.texts import tr
from ...raster.grid import Grid, Window
from ...raster.ingest.content import NUMBERS, Storage
from ...raster.ingest.resampling import block_side
from ...raster.series import Series
from ...raster.times import said_by_names
from ...raster.wording import listed
from ...raster.years import without_times
from ._one_raster import Plan, storage_for
from ._results import Band, Result

NAME = "STACK"

_OTHERWISE = "Leave ⟨STACK⟩ empty, or choose rasters of one series: one band each, and names that say the time."
_BANDS = "'{}' has {} bands, and ⟨STACK⟩ takes rasters of one band. "
_TWO = "⟨STACK⟩ takes one series, and '{}' and '{}' are called like two: '{}' and '{}'. "
_NO_TIME = "⟨STACK⟩: no single year or month could be read from the name of {}. "
_SAME = "{} all say {}, and ⟨STACK⟩ takes one raster for each time. "
_METHODS = "⟨STACK⟩ takes rasters that are resampled alike, and {} is {}, but {} is {}. Choose one method for all. "


def in_order(items: list) -> list:
    """The rasters of a series in the order of time: pairs of the place in the list and the step with its time.

    Raises
    ------
    InvalidParameter, YearNotFound
        If they are not the steps of one series.
    """
    for item in items:
        if len(item.steps) > 1:
            raise InvalidParameter(_BANDS.format(item.layer.name, len(item.steps)) + _OTHERWISE)
    first = items[0].layer.name
    for item in items[1:]:
        if _letters(item.layer.name) != _letters(first):
            called = (_letters(name) for name in (first, item.layer.name))
            raise InvalidParameter(_TWO.format(first, item.layer.name, *called) + _OTHERWISE)
    timed = _timed(items)
    by_time: dict = {}
    for place, step in enumerate(timed):
        by_time.setdefault((step.year, step.month), []).append((place, step))
    for steps in by_time.values():
        if len(steps) > 1:
            names = listed([step.layer.name for _place, step in steps])
            raise InvalidParameter(_SAME.format(names, steps[0][1].time) + _OTHERWISE)
    return [by_time[time][0] for time in sorted(by_time)]


def _timed(items: list) -> list:
    """The step of each raster with the time that its name says; a month counts where a year has several."""
    steps = [item.steps[0] for item in items]
    stamps = said_by_names(steps, [item.layer for item in items], monthly=True)
    lost = [step.layer.name for step, stamp in zip(steps, stamps) if stamp is None]
    if lost:
        raise YearNotFound(_NO_TIME.format(listed(lost)) + _OTHERWISE)
    months = len({year for year, _month in stamps}) < len(stamps)
    return [
        replace(step, year=year, month=month if months and month else 0) for step, (year, month) in zip(steps, stamps)
    ]


def _letters(name: str) -> str:
    """What is left of a name without times, numbers and signs."""
    return re.sub(r"[\W\d_]+", " ", without_times(name)).strip().casefold()


class Stack:
    """The raster of all steps, while it is written.

    Parameters
    ----------
    ordered : list of (int, Step)
        As `in_order` gives them.
    plans : list of Plan
        One for each raster, in the order given; all of one method.
    """

    def __init__(self, ordered: list, plans: list):
        self._steps = tuple(step for _place, step in ordered)
        self._numbers = {id(plans[place]): number for number, (place, _step) in enumerate(ordered, start=1)}
        self._plan = plans[ordered[0][0]]
        self._result: Result | None = None

    @contextmanager
    def written(self, run, grid: Grid, legend) -> Iterator[Stack]:
        """Within the block `write` takes windows; at its end the raster is complete."""
        storage, side = self._plan.storage, block_side(1.0)
        series = Series(self._steps, grid)
        years = () if self._steps[0].month else tuple(step.year for step in self._steps)
        title = tr("{}, {} to {}").format(series.quantity, self._steps[0].time, self._steps[-1].time)
        wanted = {NAME: RasterResult(
            NAME, title, [step.time for step in self._steps], lambda: self._result.style(legend), self._steps[0].unit,
            years, storage.data_type, None if storage.fractions else storage.nodata,
        )}
        with run.outputs.rasters(wanted, grid, (side, side)) as rasters:
            self._result = Result(rasters.writers[NAME], self._plan, self._steps)
            yield self

    def write(self, bands: list, window: Window, block: np.ndarray) -> None:
        """Write a window of some bands."""
        for band, values in zip(bands, block):
            self._result.write(window, values, self._numbers[id(band.plan)])

    def complete(self, band: Band) -> None:
        """Nothing: the raster is complete when all bands are."""


def of_one_kind(plans: list) -> list:
    """The plans of a series with one way of keeping values, which holds those of all.

    Raises
    ------
    InvalidParameter
        If the rasters are not resampled alike.
    """
    first = plans[0]
    for plan in plans:
        if plan.method is not first.method:
            raise InvalidParameter(_METHODS.format(
                listed([first.item.layer.name]), first.method.words, listed([plan.item.layer.name]), plan.method.words,
            ) + _OTHERWISE)
    storage = _common([step for plan in plans for step in plan.item.steps], first)
    return [replace(plan, storage=storage) for plan in plans]


def _common(steps: list, plan: Plan) -> Storage:
    """What holds the values of all steps; numbers where scales differ from 1, which a file has for each band."""
    storage = storage_for(tuple(steps), plan.method)
    scaled = any((step.scale, step.offset) != (1.0, 0.0) for step in steps)
    return NUMBERS if scaled and not storage.fractions else storage
