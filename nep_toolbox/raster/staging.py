"""Results that are built beside their targets and take their places together: all of them, or none."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass

from ..errors import OutputError
from .leftovers import Hidden, sweep
from .qml import RASTER, owner_of_style, style_beside

_UNWRITABLE = "{} cannot be written to: {}. Choose another file."

_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".qix", ".sbn", ".sbx", ".idm", ".ind")

#: Formats of more than one file: how these end, by the ending of the one that is named.
PARTS = {
    ".shp": _SHAPEFILE, ".dbf": _SHAPEFILE, ".tab": (".tab", ".dat", ".map", ".id", ".ind"), ".mif": (".mif", ".mid"),
    ".csv": (".csv", ".csvt"), ".gml": (".gml", ".xsd", ".gfs"),
}


@dataclass(frozen=True)
class Place:
    """What is built in ``stage``, a folder of its own, and goes to ``folder``.

    ``rasters`` is the name of the raster among the files, or how the names of all rasters end.
    """

    stage: str
    folder: str
    rasters: str

    def files(self) -> list:
        """Source and target of each file, and whether it is a raster."""
        found = []
        for folder, _folders, names in os.walk(self.stage):
            there = os.path.normpath(os.path.join(self.folder, os.path.relpath(folder, self.stage)))
            found += [
                (os.path.join(folder, name), os.path.join(there, name),
                 bool(self.rasters) and name.endswith(self.rasters))
                for name in names
            ]
        return sorted(found)


class Staging:
    """The results of one run while they are built.

    Every result grows in a hidden folder beside its target, hence on the same disk; in the target itself where that is
    a folder that exists. ``commit`` moves all of them; if one cannot be moved, those moved before are taken back.
    ``abort`` leaves everything as it was. Where a process dies, every old file is in its place until the new one takes
    it, and the next run in the folder removes the rest.

    Attributes
    ----------
    swept : list of str
        Hidden folders of runs that have died, which are gone now.
    """

    def __init__(self):
        self.swept: list = []
        self._places: list = []
        self._targets: dict = {}  # the folder to which each stage goes, kept after the end for messages
        self._stages: dict = {}
        self._made: list = []  # folders that did not exist
        self._moved: list = []  # (target, what stood there before or None)
        self._databases: dict = {}  # those to which tables are added, and where to copy them
        self._copied: list = []

    def file(self, target: str, raster: bool = False) -> str:
        """Where to build a file: a path of the same name, beside which its companions may lie."""
        folder, name = os.path.split(os.path.abspath(target))
        return os.path.join(self._place(folder, folder, name if raster else "").stage, name)

    def folder(self, target: str) -> str:
        """Where to build the files of a folder; those of other names that the folder holds already stay."""
        target = os.path.abspath(target)
        if os.path.lexists(target) and not os.path.isdir(target):
            raise OutputError(f"{target} is a file. Choose a folder.")
        # Beside a folder that exists there may be another disk, or nothing may be written.
        parent = target if os.path.isdir(target) else os.path.dirname(target)
        return self._place(parent, target, ".tif").stage

    def database(self, target: str) -> None:
        """Keep a database to which tables are added in its place, once the other results are in theirs: ``abort``
        brings it back, or removes it where there was none."""
        target = os.path.abspath(target)
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise OutputError(_UNWRITABLE.format(target, "it is read-only"))
        if target not in self._databases:
            self._databases[target] = os.path.join(self._new_stage(os.path.dirname(target)), "before")

    def _place(self, parent: str, folder: str, rasters: str) -> Place:
        place = Place(self._new_stage(parent), folder, rasters)
        self._places.append(place)
        self._targets[place.stage] = folder
        return place

    def in_place(self, text: str) -> str:
        """A text with the paths of files as the user knows them, instead of where they are built."""
        for stage, folder in self._targets.items():
            text = text.replace(stage, folder)
        return text

    def _new_stage(self, parent: str) -> str:
        """An empty folder in the hidden folder of ``parent``."""
        try:
            if parent not in self._stages:
                self._make(parent)
                self.swept += sweep(parent)
                self._stages[parent] = Hidden(parent)
            return tempfile.mkdtemp(dir=self._stages[parent].path)
        except OSError as error:
            raise OutputError(
                f"Nothing can be written to {parent}: {error.strerror}. Choose another folder."
            ) from error

    def _make(self, folder: str) -> None:
        """Make a folder and remember which ones there were not before."""
        lacking = []
        while not os.path.isdir(folder):
            if os.path.lexists(folder):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            if folder == os.path.dirname(folder):  # a drive that is not there
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            lacking.append(folder)
            folder = os.path.dirname(folder)
        for folder in reversed(lacking):
            os.mkdir(folder)
            self._made.append(folder)

    def commit(self, additions: tuple = ()) -> None:
        """Put everything in its place, then call ``additions``, which add to the databases.

        Raises
        ------
        OutputError
            If a file cannot take its place; then, as on an error in an addition, nothing has changed.
        """
        try:
            self._move_all()
            self._copy_databases()
            for add in additions:
                add()
        except BaseException:
            self.abort()
            raise
        for hidden in self._stages.values():
            hidden.forget()
        self._moved, self._made, self._copied = [], [], []
        self.abort()

    def _move_all(self) -> None:
        target = ""
        sources: dict = {}  # what takes the place of each file, None where nothing does
        for place in self._places:
            for source, target, raster in place.files():
                for old in (*parts_of(target), *stale_companions(target, raster)):
                    sources.setdefault(old, None)
                sources[target] = source
        moves: dict = {}
        try:
            for target, source in sources.items():
                before = self._keep(target)
                if before or source:
                    self._make(os.path.dirname(target))
                    moves.setdefault(self._hidden_beside(target), []).append((target, before, source))
            for hidden, its_moves in moves.items():
                hidden.note(its_moves)
            for target, before, source in (move for its_moves in moves.values() for move in its_moves):
                os.replace(source, target) if source else os.remove(target)
                self._moved.append((target, before))
        except OSError as error:
            raise OutputError(
                f"{target} cannot be replaced: {error.strerror}. It may be open: remove its layer from the project, or "
                f"choose another file name."
            ) from error

    def _copy_databases(self) -> None:
        for database, copy in self._databases.items():
            if not os.path.exists(database):
                self._moved += [(path, None) for path in (database, *stale_companions(database, False))]
                continue
            try:
                _copy_database(database, copy)
                self._copied.append((database, copy))
            except sqlite3.Error as error:
                raise OutputError(_UNWRITABLE.format(database, error)) from error

    def _keep(self, path: str) -> str | None:
        """Keep a file, where there is one, as it is, for `abort` to bring it back; meanwhile it stays in its place."""
        if not os.path.lexists(path):
            return None
        if os.path.isdir(path) and not os.path.islink(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        before = os.path.join(tempfile.mkdtemp(dir=self._hidden_beside(path).path), "before")
        try:
            os.link(path, before, follow_symlinks=False)
        except (OSError, NotImplementedError):  # the disk knows no second name for a file
            shutil.copy2(path, before, follow_symlinks=False)
        return before

    def _hidden_beside(self, path: str) -> Hidden:
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
        for database, copy in self._copied:
            with suppress(sqlite3.Error):
                _copy_database(copy, database)
        for hidden in self._stages.values():
            hidden.remove()
        for folder in reversed(self._made):
            with suppress(OSError):
                os.rmdir(folder)
        self._places, self._stages, self._made, self._moved = [], {}, [], []
        self._databases, self._copied = {}, []


def parts_of(target: str) -> list:
    """The files that make up a result: more than one where its format has several, as a shapefile has."""
    base, ending = os.path.splitext(target)
    return [target, *(base + part for part in PARTS.get(ending.lower(), ()) if base + part != target)]


def stale_companions(target: str, raster: bool) -> list:
    """Files beside an old target that describe its values: statistics, overviews, mask and style of a raster, the
    journals of a database."""
    if not raster:
        return [target + ending for ending in ("-wal", "-shm", "-journal")]
    style = [] if owner_of_style(target, RASTER) else [style_beside(target)]
    return [target + ".aux.xml", target + ".ovr", target + ".msk", *style]


def _copy_database(source: str, target: str) -> None:
    """Copy what a database holds, also where another program has it open."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
