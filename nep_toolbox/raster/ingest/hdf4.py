"""Telling a whole HDF4 file from one whose download broke off, before GDAL opens it.

The library that GDAL reads these files with may end the whole process over a damaged one.
"""

from __future__ import annotations

import os
import struct

#: First bytes of an HDF4 file.
MAGIC = b"\x0e\x03\x13\x01"

_BLOCK = struct.Struct(">HI")  # how many descriptors, and where the next block of them starts
_DESCRIPTOR = struct.Struct(">HHII")  # tag, reference, and where its data start and how long they are
_EMPTY, _NOWHERE = 1, 0xFFFFFFFF


def is_hdf4(path: str) -> bool:
    """Whether a file starts like HDF4; of a file that cannot be read, whether its name ends so."""
    try:
        with open(path, "rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return path.lower().endswith((".hdf", ".hdf4")) or path.startswith("HDF4_")


def is_whole(path: str) -> bool:
    """Whether all data that an HDF4 file describes lie within it.

    The file starts with a list of descriptors in linked blocks (HDF Specification and Developer's Guide, The HDF
    Group, chapter 2).
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        start, seen = len(MAGIC), set()
        while start:
            if start in seen or start + _BLOCK.size > size:
                return False
            seen.add(start)
            file.seek(start)
            count, start = _BLOCK.unpack(file.read(_BLOCK.size))
            descriptors = file.read(count * _DESCRIPTOR.size)
            if not count or len(descriptors) < count * _DESCRIPTOR.size:
                return False
            for tag, _reference, offset, length in _DESCRIPTOR.iter_unpack(descriptors):
                if tag != _EMPTY and _NOWHERE not in (offset, length) and offset + length > size:
                    return False
    return True
