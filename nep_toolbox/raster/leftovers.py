"""The hidden folders in which results grow: who is at work in one, and what becomes of those whose process has died.

A folder belongs to a run as long as the run holds a lock on a file in it. The system gives the lock up when the process
ends, however it ends, so neither numbers of processes that are used again nor a restart of the machine can mislead. A
lock is trusted only on the machine that wrote its name into the file: locks do not reach across every network folder.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import uuid
from contextlib import suppress

#: How the hidden folders are called.
PREFIX = ".nep-"

_LOCK, _JOURNAL = "lock", "journal"

#: Hidden folders of the runs of this process: over a network folder a process may get its own lock twice.
_mine: set = set()


class Hidden:
    """A hidden folder of this run in ``parent``.

    Raises
    ------
    OSError
        If it cannot be made.
    """

    def __init__(self, parent: str):
        self.path = ""
        while not os.path.isdir(self.path):  # while it is empty, another run may take it for a leftover
            self.path = tempfile.mkdtemp(prefix=PREFIX, dir=parent)
            # Without a lock the folder is nobody's to remove but this run's.
            self._lock = _locked(os.path.join(self.path, _LOCK), os.O_CREAT)
        _mine.add(self.path)
        if self._lock is None:
            return
        try:
            os.write(self._lock, _machine())
        except OSError:
            self.remove()
            raise

    def note(self, moves: list) -> None:
        """Write down, before files are moved, how to bring back what was there.

        Parameters
        ----------
        moves : list of (str, str or None, str or None)
            A file of the user's; the copy of it as it was, None where there was none; and what takes its place, None
            where nothing does.
        """
        entries = [(target, before, _identity(source) if source else None) for target, before, source in moves]
        draft = os.path.join(self.path, _JOURNAL + ".draft")
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(entries, file)
        os.replace(draft, os.path.join(self.path, _JOURNAL))

    def forget(self) -> None:
        """From now on the results stay: remove what `note` wrote."""
        with suppress(OSError):
            os.remove(os.path.join(self.path, _JOURNAL))

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        _empty(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        shutil.rmtree(self.path, ignore_errors=True)
        _mine.discard(self.path)


def sweep(parent: str) -> list:
    """Remove the hidden folders in ``parent`` whose process has died on this machine.

    Files that such a run had replaced, but not all of them, are brought back, unless somebody has changed them since.

    Returns
    -------
    list of str
        The folders that are gone.
    """
    found: list = []
    with suppress(PermissionError), os.scandir(parent) as entries:
        found = [each.path for each in entries if each.name.startswith(PREFIX) and each.is_dir(follow_symlinks=False)]
    return [path for path in sorted(found) if path not in _mine and _sweep(path)]


def _sweep(path: str) -> bool:
    """Whether a folder was a leftover and is gone."""
    with suppress(OSError):
        os.rmdir(path)  # died at its first or last step
    lock = _locked(os.path.join(path, _LOCK))
    if lock is None:
        return not os.path.exists(path)
    try:
        if os.read(lock, 4096) != _machine():
            return False
        _bring_back(os.path.join(path, _JOURNAL))
        _empty(path)
    except OSError:  # a file that is open, for one: the folder stays for a later run
        return False
    finally:
        os.close(lock)
    shutil.rmtree(path, ignore_errors=True)
    return not os.path.exists(path)


def _empty(path: str) -> None:
    """Remove what is in a hidden folder but the lock, by which the rest is known; the journal at the very end."""
    with suppress(OSError):
        for name in sorted(os.listdir(path), key=lambda name: name == _JOURNAL):
            inside = os.path.join(path, name)
            if os.path.isdir(inside):
                shutil.rmtree(inside, ignore_errors=True)
            elif name != _LOCK:
                os.remove(inside)


def _bring_back(journal: str) -> None:
    """Undo a commit that was not completed."""
    if not os.path.exists(journal):
        return
    with open(journal, encoding="utf-8") as file:
        entries = json.load(file)
    for target, before, new in entries:
        stands = _identity(target) if os.path.lexists(target) else None
        if stands != new:  # not yet moved, or changed since
            continue
        if before is not None and os.path.lexists(before):
            os.replace(before, target)
        elif before is None and stands is not None:
            os.remove(target)


def _identity(path: str) -> list:
    """What a move leaves as it is, and writing to the file does not."""
    facts = os.lstat(path)
    return [facts.st_size, facts.st_mtime_ns]


def _machine() -> bytes:
    node = uuid.getnode()
    # Where no network card is found Python makes a number up, another one for each process, and marks it by this bit.
    return f"{socket.gethostname()} {0 if node & 1 << 40 else node}\n".encode()


def _locked(path: str, flags: int = 0) -> int | None:
    """A file, open and locked as long as it stays open; None where it is not there, another holds it, or the file
    system knows no locks."""
    try:
        handle = os.open(path, os.O_RDWR | flags, 0o600)
    except OSError:
        return None
    try:
        _lock(handle)
    except OSError:
        os.close(handle)
        return None
    return handle


def _lock(handle: int) -> None:
    """Raises OSError at once if it cannot be had."""
    if os.name == "nt":
        import msvcrt

        # Beyond the end, so that the name of the machine can be read.
        os.lseek(handle, 1 << 20, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
        return
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
