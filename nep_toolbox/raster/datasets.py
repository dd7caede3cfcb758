"""The datasets that a run holds open."""

from __future__ import annotations

import threading
from collections import OrderedDict

from osgeo import gdal

from .gdal_io import open_raster

#: Datasets all threads together keep open: few enough for the smallest limits of the systems (macOS allows 256 files).
OPEN_FILES = 192


class _Handles(threading.local):
    """The datasets of one thread, the least recently used closed first. GDAL datasets must not cross threads."""

    def __init__(self):
        self.open: OrderedDict = OrderedDict()
        self.run = None
        self.limit = 1

    def begin(self, run: str, threads: int) -> None:
        """Close what an earlier run left open on this thread: its files may have changed since."""
        if run != self.run:
            self.open.clear()
            self.run = run
            self.limit = max(1, OPEN_FILES // threads)

    def get(self, layer) -> gdal.Dataset:
        dataset = self.open.pop(layer.path, None)
        if dataset is None:
            dataset = open_raster(layer.path, layer.name)
        self.open[layer.path] = dataset
        if len(self.open) > self.limit:
            self.open.popitem(last=False)
        return dataset


HANDLES = _Handles()
