"""What a run has its workers do.

All of it travels to them inside of a `Call`, packed to bytes that the standard library unpacks: the scheduler needs no
``nep_toolbox``, and a worker without it says so instead of failing on arrival.
"""

from __future__ import annotations

import importlib
import platform
import sys
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from multiprocessing.reduction import ForkingPickler
from typing import Callable
from zipimport import zipimporter

from osgeo import gdal

from ..errors import InvalidParameter
from .gdal_io import files_behind, opened
from .grid import Window
from .parcel import PACKAGE, digest
from .series import Layer

#: Where a file beside a raster only makes it faster, or QGIS keeps what it has counted: it may be missing elsewhere.
_BESIDE = (".ovr", ".aux.xml")

_OTHER_NOW = (
    "A dask worker that came while blocks were computed has another version of {} than QGIS. Give all workers that of "
    "QGIS and run the tool again, or set ⟨SCHEDULER⟩ to local to compute on this machine."
)


class Call:
    """Becomes, where it is unpacked, what a function gives there."""

    def __init__(self, function: Callable, *arguments):
        self._function = function
        self._arguments = arguments

    def __reduce__(self):
        return self._function, self._arguments


@dataclass(frozen=True)
class Work:
    """What the workers call for each block.

    Parameters
    ----------
    task : callable
        Takes a Window.
    made_with : dict of str to str
        The versions of the run, from `all_versions`: with others the numbers could differ.
    """

    task: Callable
    made_with: dict

    def __call__(self, numbers: tuple):
        """Compute the block of these column, row, width and height."""
        for name, here in all_versions().items():
            if here != self.made_with[name]:
                raise InvalidParameter(_OTHER_NOW.format(name))
        return self.task(Window(*numbers))


class _Packer(ForkingPickler):
    """Packs for another process, and notes the rasters in what is packed."""

    def __init__(self, target: BytesIO):
        super().__init__(target, 4)
        self.layers: dict = {}

    def persistent_id(self, found) -> None:
        """Called for everything; nothing is treated apart."""
        if isinstance(found, Layer):
            self.layers[found.path] = found


def packed(task: Callable) -> tuple:
    """`Work` as bytes, and the rasters that it reads, each once."""
    target = BytesIO()
    packer = _Packer(target)
    packer.dump(Work(task, all_versions()))
    return target.getvalue(), list(packer.layers.values())


# On a worker ----------------------------------------------------------------------------------------------------------


def report() -> dict:
    """The digest of the toolbox, whether a run has sent it, and the versions of what it stands on."""
    return {"toolbox": digest(), "sent": isinstance(__loader__, zipimporter), "versions": versions()}


@cache
def versions() -> dict:
    """The versions on which numbers and what travels depend, as far as two of them may differ: 3.11 is 3.11.2."""
    found = {"Python": platform.python_version(), "GDAL": gdal.__version__}
    found.update((library, _version(library)) for library in ("numpy", "scipy", "distributed"))
    return {name: ".".join(text.split(".")[:2]) for name, text in found.items()}


def _version(library: str) -> str:
    try:
        return importlib.import_module(library).__version__
    except ImportError:
        return "none"


def all_versions() -> dict:
    """`versions`, and that of the toolbox."""
    return {PACKAGE: digest(), **versions()}


def forget() -> None:
    """Unload a toolbox that was sent, so that another one can take its place."""
    sent = [place for place in sys.path if place.endswith(".zip") and PACKAGE in place]
    sys.path[:] = [place for place in sys.path if place not in sent]
    for place in sent:
        sys.path_importer_cache.pop(place, None)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    importlib.invalidate_caches()


def sizes(layer: Layer) -> dict:
    """The files that a raster is made of, with their sizes in bytes; the size is None where a file is not there."""
    return {path: _size(path) for path in files_behind(layer.path) if not path.endswith(_BESIDE)}


def _size(path: str):
    found = gdal.VSIStatL(path)
    return None if found is None else found.size


def difference(layers: list):
    """What is wrong here with rasters that can be read where the run was started.

    Parameters
    ----------
    layers : list of (Layer, dict)
        Each with its `sizes` there.

    Returns
    -------
    (name, reason) or None
        Of the first that cannot be read, or is another file.
    """
    for layer, expected in layers:
        dataset, reason = opened(layer.path)
        if dataset is None:
            return layer.name, reason
        for path, size in expected.items():
            here = _size(path)
            if here != size:
                there = "is not there" if here is None else f"is another file, of {here} bytes instead of {size}"
                return layer.name, f"{path} {there}"
    return None
