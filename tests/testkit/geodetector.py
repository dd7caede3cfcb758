"""The geographical detector computed plainly, one stratum at a time, and reading the results of its tools."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np

from .tools import destinations, run, table


def detect(identifier: str, folder, feedback=None, **parameters) -> dict:
    """Run a tool with every result asked for: the rows of each table, and the page as ``CHART``."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    paths = destinations(identifier, folder)
    run(identifier, dict(parameters, **paths), feedback)
    return {
        name: Path(path).read_text(encoding="utf-8") if name == "CHART" else table(path) for name, path in paths.items()
    }


def by(rows: list, *columns) -> dict:
    """Rows by the text in a column, or the texts in several."""
    return {row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns): row for row in rows}


def q_statistic(target, strata) -> float:
    """q = 1 - sum(N_h v_h) / (N v), stratum by stratum."""
    within = sum(np.var(target[strata == code]) * np.sum(strata == code) for code in np.unique(strata))
    return 1.0 - within / (np.var(target) * target.size)


def classes_by_breaks(values, breaks) -> np.ndarray:
    """The smallest j with x <= b_j, from 1; the minimum belongs to class 1, the maximum to the last class."""
    classes = np.zeros(values.size, dtype=int)
    for j in range(len(breaks) - 1, 0, -1):
        classes[values <= breaks[j]] = j
    classes[values > breaks[-1]] = len(breaks) - 1
    return classes


def breaks_of(row: dict) -> list:
    """The breaks in a row of the table of factors."""
    return [float(text) for text in row["breaks"].split(";")]


def figures(page: str) -> list:
    """The figures of a page as the browser gets them."""
    return [json.loads(found) for found in re.findall(r"var figure = (.*);\n", page)]


def write_csv(path, columns: dict, types=None) -> str:
    """A CSV table; with ``types``, a .csvt beside it that says what the fields are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))
    if types:
        path.with_suffix(".csvt").write_text(",".join(f'"{kind}"' for kind in types))
    return str(path)


def records(columns) -> list:
    """The rows of a table of `core.geodetector.tables` as dicts of plain values, None where missing."""
    names = [name.rstrip("_") for name in columns._fields]
    return [dict(zip(names, row)) for row in zip(*map(_plain, names, columns))]


def _plain(name: str, column) -> list:
    if name in ("significant", "candidate"):
        return [{1.0: True, 0.0: False}.get(value) for value in column.tolist()]
    if name == "breaks":
        return [tuple(each.tolist()) for each in column]
    if isinstance(column, tuple):
        return list(column)
    return [None if value != value else value for value in column.tolist()]
