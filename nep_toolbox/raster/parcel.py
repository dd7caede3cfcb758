"""The part of the toolbox that computes blocks, as a zip for workers that lack it."""

from __future__ import annotations

import time
import zipfile
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

PACKAGE = __name__.partition(".")[0]

#: What a worker needs: all that imports no QGIS and is called for a block.
_CONTENTS = ("__init__.py", "errors.py", "version.py", "core", "raster")

#: A zip counts time from 1980.
_EPOCH = 315532800


@cache
def sources() -> dict:
    """The sources (bytes) that a worker needs, by their names in the zip; whether this toolbox lies in a folder or in
    a zip itself."""
    found: dict = {}
    top = files(PACKAGE)
    for name in _CONTENTS:
        _collect(top.joinpath(name), f"{PACKAGE}/{name}", found)
    return found


def _collect(place, name: str, found: dict) -> None:
    if place.is_dir():
        for each in sorted(place.iterdir(), key=lambda each: each.name):
            _collect(each, f"{name}/{each.name}", found)
    elif name.endswith(".py"):
        found[name] = place.read_bytes().replace(b"\r\n", b"\n")


@cache
def digest() -> str:
    """What tells one version of these sources from any other."""
    found = sha256()
    for name, source in sorted(sources().items()):
        found.update(f"{name} {len(source)} ".encode())
        found.update(source)
    return found.hexdigest()


def write_zip(contents: dict, target: Path, timestamp: int = _EPOCH) -> None:
    """Write a zip whose bytes depend on nothing else: sorted, with one time and plain permissions, not compressed.

    Parameters
    ----------
    contents : dict of str to bytes
        By name.
    target : Path
        The zip. Folders around it are made.
    timestamp : int
        Seconds since 1970.
    """
    # A zip counts time in steps of two seconds.
    moment = time.gmtime(max(timestamp - timestamp % 2, _EPOCH))[:6]
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, contents[name])
