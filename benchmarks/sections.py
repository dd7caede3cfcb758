"""Tables of measurements: as Markdown, and kept in files."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import NamedTuple


class Section(NamedTuple):
    """One table with a heading and a text; without rows the text alone."""

    heading: str
    text: str
    head: tuple = ()
    rows: list | tuple = ()

    def markdown(self) -> str:
        """The section as Markdown."""
        lines = [f"## {self.heading}", "", self.text]
        if self.rows:
            lines += ["", _line(self.head), _line(["---"] * len(self.head)), *map(_line, self.rows)]
        return "\n".join(lines) + "\n"


def _line(cells) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def spread(values: list, digits: int = 2) -> str:
    """Median and range of some runs."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def show(sections: list) -> None:
    """Print sections."""
    for section in sections:
        print(section.markdown(), flush=True)


def save(path: Path, sections: list) -> None:
    """Keep sections in a file."""
    path.write_text(json.dumps([section._asdict() for section in sections], indent=1), encoding="utf-8")


def load(path: Path) -> list:
    """The sections that were kept in a file."""
    return [Section(**section) for section in json.loads(path.read_text(encoding="utf-8"))]
