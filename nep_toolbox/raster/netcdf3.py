"""Whether a netCDF file of the classic formats is complete: the library reads what lacks as zeros."""

from __future__ import annotations

import math
import os
from typing import BinaryIO

#: Bytes of a value by its type (NC_BYTE, NC_CHAR, NC_SHORT and so on).
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}


def is_whole(path: str) -> bool:
    """Whether a file reaches to the end of its last variable; True of files that are not in a classic format.

    The header is read as the netCDF Classic Format Specification lays it out, in its three versions (CDF-1, 2, 5).
    """
    if not os.path.isfile(path):
        return True
    with open(path, "rb") as file:
        if file.read(3) != b"CDF":
            return True
        try:
            return _Header(file).end <= os.path.getsize(path)
        except EOFError:
            return False


class _Header:
    """The header of a file, read from behind its magic number; ``end`` is where the last value ends."""

    def __init__(self, file: BinaryIO):
        self._file = file
        version = self._number(1)
        self._wide = 8 if version == 5 else 4
        self._offset = 4 if version == 1 else 8
        records = self._number(self._wide)
        if records == 2 ** (8 * self._wide) - 1:  # still being written: nobody knows how many
            records = 0
        lengths = [self._dimension() for _ in range(self._count())]
        self._skip_attributes()
        self.end = self._end_of([self._variable(lengths) for _ in range(self._count())], records)

    @staticmethod
    def _end_of(variables: list, records: int) -> int:
        fixed = [begin + size for begin, size, by_record in variables if not by_record]
        recorded = [(begin, size) for begin, size, by_record in variables if by_record]
        # The records of several variables alternate, each padded to whole words; that of a single one is not.
        step = sum(-(-size // 4) * 4 for _begin, size in recorded) if len(recorded) > 1 else sum(
            size for _begin, size in recorded
        )
        last = [begin + step * (records - 1) + size for begin, size in recorded if records]
        return max([0, *fixed, *last])

    def _bytes(self, count: int) -> bytes:
        found = self._file.read(count)
        if len(found) < count:
            raise EOFError
        return found

    def _number(self, size: int) -> int:
        return int.from_bytes(self._bytes(size), "big")

    def _skip_padded(self, count: int) -> None:
        self._bytes(-(-count // 4) * 4)

    def _count(self) -> int:
        """The length of a list, after its tag."""
        self._bytes(4)
        return self._number(self._wide)

    def _dimension(self) -> int:
        """The length of a dimension; 0 of that of the records."""
        self._skip_padded(self._number(self._wide))
        return self._number(self._wide)

    def _skip_attributes(self) -> None:
        for _ in range(self._count()):
            self._skip_padded(self._number(self._wide))
            kind = self._number(4)
            self._skip_padded(_SIZES[kind] * self._number(self._wide))

    def _variable(self, lengths: list) -> tuple:
        """Where a variable begins, its bytes (in one record), and whether it has records."""
        self._skip_padded(self._number(self._wide))
        sides = [lengths[self._number(self._wide)] for _ in range(self._number(self._wide))]
        self._skip_attributes()
        kind = self._number(4)
        self._bytes(self._wide)  # the size in the file is of no use beyond 4 GB
        begin = self._number(self._offset)
        by_record = bool(sides) and sides[0] == 0
        return begin, _SIZES[kind] * math.prod(sides[by_record:]), by_record
