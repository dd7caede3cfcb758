"""What the tools of land-cover change count: joined over the blocks, by region, and as rows of tables."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...colours import NEUTRAL, REDS, along
from ...core.exact_sums import as_float
from ...core.landcover.blocks import transition_block
from ...core.landcover.transitions import LandCoverCounts
from ...errors import InvalidParameter
from ...framework.class_maps import ClassScheme
from ...framework.regional_sums import Zones, sparse_regions, warn_of_empty_regions
from ...framework.texts import tr
from ...raster.reader import StackReader
from ...raster.series import Series
from ...raster.wording import counted
from ...raster.zones import ALL, ZoneReader

#: Working memory of a cell with regions: its label among those of the transitions.
REGIONAL_BYTES = 32.0


class Tallies:
    """Joins what the kernel gives for the blocks.

    Attributes
    ----------
    counts, span : LandCoverCounts
        Of all dates, and of the first and the last alone.
    regional : dict of int to LandCoverCounts
        By the index of the region.
    met : set of int
        The classes that occur, before they are merged.
    changed : array
        `class_areas` of the numbers of changes.
    """

    def __init__(self):
        self.counts = self.span = None
        self.regional: dict = {}
        self.met: set = set()
        self.changed = 0

    def add(self, block: dict) -> None:
        """Take what there is of a block."""
        self.counts = block["counts"] if self.counts is None else self.counts.merge(block["counts"])
        if "span" in block:
            self.span = block["span"] if self.span is None else self.span.merge(block["span"])
        for region, counts in block.get("regional", {}).items():
            self.regional[region] = self.regional[region].merge(counts) if region in self.regional else counts
        self.met |= block.get("met", set())
        self.changed = self.changed + block.get("changed", 0)


def complete_counts(run, series: Series, regions: tuple = (), part: tuple = (0.0, 1.0)) -> Tallies:
    """Count the pixels that have a class on all dates; the log tells how many they are.

    Parameters
    ----------
    regions : tuple
        From `Run.regions`.
    part : (start, end)
        Of the run, for the progress bar.

    Raises
    ------
    InvalidParameter
        If there is none.
    """
    readers = {"stack": StackReader.of(series), "cell_area": run.cell_areas(series.grid)}
    working = 8.0 * (4 * len(series.steps) + 12)
    if regions:
        readers["regions"], working = ZoneReader(regions), working + REGIONAL_BYTES
    kernel = partial(transition_block, titles=tuple(f"'{step.label}'" for step in series.steps), complete=True)
    tallies, left_out = Tallies(), 0
    for _window, block in run.blocks(kernel, readers, series.grid, working, part=part):
        tallies.add(block)
        left_out += block["left_out"]
    if not any(tallies.counts.transitions):
        raise InvalidParameter(
            tr("No pixel of '{}' has a class on all of the dates {}: the values are missing (nodata, mask), or lie in "
               "other places on each date. Look at the nodata values, which the log lists, and leave out a date that "
               "has hardly any.").format(series.name, ", ".join(map(str, series.years)))
        )
    pixels = sum(tally.pixels for tally in tallies.counts.classes[0].values())
    run.log.info(
        tr("{} with a class on all dates; left out, with a class on some of them only: {}.")
        .format(counted(pixels, "pixel"), counted(left_out, "pixel"))
    )
    return tallies


def numbers_of_changes(areas: np.ndarray) -> ClassScheme:
    """The legend of the numbers of changes up to the largest that occurs, given their `class_areas`."""
    most = max(np.flatnonzero(areas[:, 0]).tolist(), default=0)
    shades = {times: along(REDS, (times - 1) / max(most - 1, 1)) for times in range(1, most + 1)}
    return ClassScheme({times: _times(times) for times in range(most + 1)}, {0: NEUTRAL, **shades})


def _times(number: int) -> str:
    if number == 0:
        return tr("no change")
    return tr("1 change") if number == 1 else tr("{} changes").format(number)


def counts_by_name(run, regions: tuple, regional: dict, dates: int, lacking: str = "") -> dict:
    """The counts of the regions by their names; the log names those without classes, or with few. ``lacking`` is what
    pixels that do not count lack, else any class."""
    nothing = LandCoverCounts([{}] * dates, [{}] * (dates - 1))
    parts = {region.name: regional.get(number, nothing) for number, region in enumerate(regions)}
    covered = np.zeros((dates, len(regions) + 1))
    for place, counts in enumerate(parts.values(), start=1):
        covered[:, place] = [as_float(sum(tally.area for tally in date.values())) for date in counts.classes]
    warn_of_empty_regions(run, list(parts), covered[:, 1:].sum(axis=0), lacking or tr("no pixel with a class"))
    sparse_regions(run, Zones.of(regions), covered)
    return parts


def table_by_region(columns: dict, whole: list, regional: dict) -> tuple:
    """Columns and rows of a table; with regions, name -> rows, each row tells its region first."""
    if not regional:
        return columns, whole
    rows = [(name, *row) for name, part in {ALL: whole, **regional}.items() for row in part]
    return {"region": "text", **columns}, rows
