"""Read the tables of a study."""

from __future__ import annotations

import csv
import math
from pathlib import Path

_WHOLE, _REAL = "integer", "real"
_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "t": True, "f": False}


def read_tables(folder: str | Path) -> dict:
    """Read every CSV of a folder.

    Parameters
    ----------
    folder : path
        The folder of the tables; the types of the columns are those of the ``.csvt`` beside a table. Without one a
        column holds numbers where all of its values are numbers.

    Returns
    -------
    dict of str to list of dict
        Rows by the name of the table (without ``.csv``). Empty cells, and numbers that are none, are None.
    """
    return {path.stem: read_table(path) for path in sorted(Path(folder).glob("*.csv"))}


def read_table(path: Path) -> list:
    """Read one CSV, as `read_tables` does."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    if not lines:
        return []
    names, cells = lines[0], lines[1:]
    types = _declared(path.with_suffix(".csvt"), len(names))
    columns = []
    for place, declared in enumerate(types):
        texts = [line[place] if place < len(line) else "" for line in cells]
        columns.append([_typed(text, declared or _guessed(texts)) for text in texts])
    return [dict(zip(names, values)) for values in zip(*columns)]


def _declared(path: Path, count: int) -> list:
    """The type of each column by the file of types; None where there is none."""
    if not path.exists():
        return [None] * count
    with open(path, encoding="utf-8-sig", newline="") as file:
        names = [name.strip().lower() for name in next(csv.reader(file), [])]
    return names if len(names) == count else [None] * count


def _guessed(texts: list) -> str:
    for name, kind in ((_WHOLE, int), (_REAL, float)):
        try:
            for text in filter(None, texts):
                kind(text)
        except ValueError:
            continue
        return name
    return "string"


def _typed(text: str, name: str) -> int | float | str | bool | None:
    if text == "":
        return None
    if text.lower() in _TRUTHS and "boolean" in name:
        return _TRUTHS[text.lower()]
    if name.startswith(_WHOLE):
        return int(text)
    if name.startswith(_REAL):
        value = float(text)
        return value if math.isfinite(value) else None
    return text
