"""The version of the toolbox."""

from __future__ import annotations

import configparser
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """The plugin's version, from its metadata."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(Path(__file__).parent / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]
