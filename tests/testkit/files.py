"""Looking at folders."""

from __future__ import annotations

import os
from pathlib import Path


def contents(folder) -> dict:
    """Every file below a folder with its bytes."""
    return {
        Path(os.path.relpath(os.path.join(place, name), folder)).as_posix(): Path(place, name).read_bytes()
        for place, _folders, names in os.walk(folder)
        for name in names
    }
