"""Results that are built beside their targets and take their places together: all of them, or none."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass

from ..errors import OutputError

#: How the hidden folders are called in which results grow.
PREFIX = ".nep-"


@dataclass(frozen=True)
class Place:
    """What is built in ``stage``, a folder of its own, and goes to ``folder``.

    ``rasters`` is the name of the raster among the files, or how the names of all rasters end.
    """

    stage: str
    folder: str
    rasters: str

    def files(self) -> list:
        """Source and target of each file, a raster before what lies beside it; and whether it is a raster."""
        found = []
        for folder, _folders, names in os.walk(self.stage):
            there = os.path.normpath(os.path.join(self.folder, os.path.relpath(folder, self.stage)))
            found += [
                (os.path.join(folder, name), os.path.join(there, name),
                 bool(self.rasters) and name.endswith(self.rasters))
                for name in names
            ]
        return sorted(found, key=lambda each: (not each[2], each[1]))


class Staging:
    """The results of one run while they are built.

    Every result grows in a hidden folder beside its target, hence on the same disk. ``commit`` moves all of them; if
    one cannot be moved, those moved before are taken back. ``abort`` leaves everything as it was.
    """

    def __init__(self):
        self._places: list = []
        self._stages: dict = {}
        self._made: list = []  # folders that did not exist
        self._moved: list = []  # (target, what stood there before or None)

    def file(self, target: str, raster: bool = False) -> str:
        """Where to build a file: a path of the same name, beside which its companions may lie."""
        folder, name = os.path.split(os.path.abspath(target))
        return os.path.join(self._place(folder, folder, name if raster else "").stage, name)

    def folder(self, target: str) -> str:
        """Where to build the files of a folder; those of other names that the folder holds already stay."""
        target = os.path.abspath(target)
        return self._place(os.path.dirname(target), target, ".tif").stage

    def _place(self, parent: str, folder: str, rasters: str) -> Place:
        try:
            if parent not in self._stages:
                self._make(parent)
                self._stages[parent] = tempfile.mkdtemp(prefix=PREFIX, dir=parent)
            stage = os.path.join(self._stages[parent], str(len(self._places)))
            os.mkdir(stage)
        except OSError as error:
            raise OutputError(
                f"Nothing can be written to {parent}: {error.strerror}. Choose another folder."
            ) from error
        place = Place(stage, folder, rasters)
        self._places.append(place)
        return place

    def _make(self, folder: str) -> None:
        """Make a folder and remember which ones there were not before."""
        lacking = []
        while not os.path.isdir(folder):
            lacking.append(folder)
            folder = os.path.dirname(folder)
        for folder in reversed(lacking):
            os.mkdir(folder)
            self._made.append(folder)

    def commit(self) -> None:
        """Put everything in its place.

        Raises
        ------
        OutputError
            If a file cannot take its place; then nothing has changed.
        """
        target = ""
        try:
            for place in self._places:
                for source, target, raster in place.files():
                    self._make(os.path.dirname(target))
                    for old in [target, *stale_companions(target, raster)]:
                        self._set_aside(old)
                    os.replace(source, target)
                    self._moved.append((target, None))
        except OSError as error:
            self.abort()
            raise OutputError(
                f"{target} cannot be replaced: {error.strerror}. It may be open: remove its layer from the project, or "
                f"choose another file name."
            ) from error
        self._moved, self._made = [], []
        self.abort()

    def _set_aside(self, path: str) -> None:
        """Move a file, where there is one, out of the way, from where `abort` brings it back."""
        if not os.path.lexists(path):
            return
        if os.path.isdir(path) and not os.path.islink(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        aside = os.path.join(tempfile.mkdtemp(dir=self._stage_beside(path)), "before")
        os.rename(path, aside)
        self._moved.append((path, aside))

    def _stage_beside(self, path: str) -> str:
        """The hidden folder on the disk of a file: the nearest one above it."""
        folder = os.path.dirname(path)
        while folder not in self._stages:
            folder = os.path.dirname(folder)
        return self._stages[folder]

    def abort(self) -> None:
        """Take back what was moved, and remove all that was built."""
        for target, before in reversed(self._moved):
            with suppress(OSError):
                os.replace(before, target) if before else os.remove(target)
        for stage in self._stages.values():
            shutil.rmtree(stage, ignore_errors=True)
        for folder in reversed(self._made):
            with suppress(OSError):
                os.rmdir(folder)
        self._places, self._stages, self._made, self._moved = [], {}, [], []


def stale_companions(target: str, raster: bool) -> list:
    """Files beside an old target that describe its values: statistics, overviews, mask and style of a raster, the
    journals of a database."""
    if not raster:
        return [target + ending for ending in ("-wal", "-shm", "-journal")]
    return [target + ".aux.xml", target + ".ovr", target + ".msk", os.path.splitext(target)[0] + ".qml"]
