"""Whether a file that was written is complete."""

from __future__ import annotations

import errno
import os

from ..errors import OutputError

#: More than the gap that a full disk may have left at the end of a file.
_ROOM = 1 << 16

_FULL = "{} cannot be written: {}. Free space on the disk or choose another file."

_WHEN_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def full_disk_error(error, name: str) -> OutputError | None:
    """What to tell of an error of the system while results are written; None if it is not that the disk is full.

    ``name`` stands for the file where the error names none.
    """
    if not isinstance(error, OSError) or error.errno not in _WHEN_FULL:
        return None
    return OutputError(_FULL.format(error.filename2 or error.filename or name, error.strerror))


def require_room(path: str, name: str) -> None:
    """Make sure that the end of a file was not lost: many formats do not notice when the disk takes no more.

    Parameters
    ----------
    path : str
        The file, complete and closed.
    name : str
        What the user calls it, for the error.

    Raises
    ------
    OutputError
        If nothing can be added to the file, as on a disk that is full.
    """
    size = os.path.getsize(path)
    try:
        with open(path, "ab", buffering=0) as file:
            try:
                _append(file)
                os.fsync(file.fileno())
            finally:
                file.truncate(size)
    except OSError as error:
        raise OutputError(_FULL.format(name, error.strerror)) from error


def _append(file) -> None:
    left = _ROOM
    while left:
        left -= file.write(bytes(left))
