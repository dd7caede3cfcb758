"""The datasets that are held open while rasters are read block by block."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager

from osgeo import gdal

from .gdal_io import open_raster

#: Datasets all threads of a run together keep open: few enough for the smallest limits of the systems (macOS allows
#: 256 files).
OPEN_FILES = 192

_in_use = threading.local()


class Datasets:
    """Datasets kept open for one run, apart for each thread: GDAL datasets must not cross threads.

    Parameters
    ----------
    threads : int
        Threads that share the files a run may keep open; each closes the least recently used first.
    """

    def __init__(self, threads: int = 1):
        self.limit = max(1, OPEN_FILES // threads)
        self.stays = True
        self._by_thread: dict = {}

    def __getstate__(self) -> dict:
        """What travels to a worker in another process: nothing that is open, and a copy that keeps nothing."""
        return {"limit": self.limit, "stays": False, "_by_thread": {}}

    @contextmanager
    def on_this_thread(self) -> Iterator[None]:
        """Within the block, `dataset_of` on this thread keeps in here what it opens."""
        before = getattr(_in_use, "datasets", None)
        _in_use.datasets = self
        try:
            yield
        finally:
            _in_use.datasets = before
            if not self.stays:
                self.close()

    def get(self, layer) -> gdal.Dataset:
        """The dataset of a layer, opened at the first call."""
        kept = self._by_thread.setdefault(threading.get_ident(), OrderedDict())
        dataset = kept.pop(layer.path, None)
        if dataset is None:
            dataset = open_raster(layer.path, layer.name)
        kept[layer.path] = dataset
        if len(kept) > self.limit:
            kept.popitem(last=False)
        return dataset

    def close(self) -> None:
        """Close all; none may be in use."""
        self._by_thread.clear()


@contextmanager
def open_datasets() -> Iterator[None]:
    """Keep open what `dataset_of` opens on this thread within the block, and close it at the end."""
    with closing(Datasets()) as datasets, datasets.on_this_thread():
        yield


def dataset_of(layer) -> gdal.Dataset:
    """The dataset of a layer: kept until the end of the block inside of `open_datasets`, else opened anew.

    Raises
    ------
    UnreadableRaster
        If GDAL cannot open it.
    """
    datasets = getattr(_in_use, "datasets", None)
    return open_raster(layer.path, layer.name) if datasets is None else datasets.get(layer)
