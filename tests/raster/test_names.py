"""What docs/names.md says of the names that data come with is so."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.errors import YearNotFound
from nep_toolbox.raster.climatology import climatology
from nep_toolbox.raster.months import resolve_months
from nep_toolbox.raster.series import Layer, resolve

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "names.md").read_text(encoding="utf-8")


def rows(heading: str) -> list:
    """The rows of the table below a heading, as lists of texts."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in part.splitlines()
             if line.startswith("|")]
    assert len(cells) > 3, heading
    return cells[2:]


def names_in(text: str) -> list:
    return re.findall("`([^`]+)`", text)


def layers_of(folder, names, bands=1, descriptions=()) -> list:
    """A small raster under each of the names, whatever the format that the name is of."""
    return [
        Layer(Path(name).stem, write_raster(folder / f"{Path(name).stem}.tif", np.zeros((bands, 1, 1)),
                                            descriptions=descriptions))
        for name in names
    ]


def times_of(layers, monthly: bool) -> list:
    """The times of the steps, in order; of months that need not fill a year."""
    if monthly:
        return [step.time for step in resolve_months(layers, allow_incomplete=True).steps]
    return [step.time for step in resolve(layers).steps]


def identified(table: list) -> list:
    return [pytest.param(*row[1:], id=row[0]) for row in table]


@pytest.mark.parametrize(("files", "read"), identified(rows("One file for each step")))
def test_files_of_one_step(tmp_path, files, read):
    expected = read.split(", ")
    assert times_of(layers_of(tmp_path, names_in(files)), "-" in read) == expected
    assert len(expected) == len(names_in(files)) > 1


@pytest.mark.parametrize(("bands", "read"), identified(rows("Several bands whose names say the time")))
def test_bands(tmp_path, bands, read):
    names = names_in(bands)
    layers = layers_of(tmp_path, ["x.tif"], len(names), names)
    assert times_of(layers, "-" in read) == read.split(", ")


@pytest.mark.parametrize(("files", "bands", "ends"), identified(rows("Several bands, by the name of the file")))
def test_files_of_several_steps(tmp_path, files, bands, ends):
    layers = layers_of(tmp_path, names_in(files), int(bands))
    series = resolve(layers[::-1], monthly=True)
    assert [series.steps[0].time, series.steps[-1].time] == ends.split(", ")
    assert len(series.steps) == int(bands) * len(layers) == 12 * len(series.years)
    assert times_of(layers, True) == [step.time for step in series.steps]


@pytest.mark.parametrize("files", [row[1] for row in rows("No year: a climatology")])
def test_files_of_a_climatology(tmp_path, files):
    first, last = names_in(files)
    number = "01" if "_01" in first else "1"
    before, behind = first.rsplit(number, 1) if number == "1" else first.split(number, 1)
    names = [f"{before}{month:0{len(number)}d}{behind}" for month in range(1, 13)]
    assert names[-1] == last
    found = climatology(layers_of(tmp_path, sorted(names, reverse=True)))
    assert [Path(step.layer.path).stem for step in found.steps] == [Path(name).stem for name in names]
    assert [step.month for step in found.steps] == list(range(1, 13))


def test_what_is_not_read(tmp_path):
    two, day, joined, halves = (names_in(row[0]) for row in rows("What is not read"))
    with pytest.raises(YearNotFound, match="No single year.*'npp_20011201_20020331', 'npp_20021201_20030331'.*YEARS"):
        resolve(layers_of(tmp_path, two))
    assert times_of(layers_of(tmp_path, day), False) == ["2001"]
    with pytest.raises(YearNotFound, match="its names say no month"):
        resolve_months(layers_of(tmp_path, day))
    with pytest.raises(YearNotFound, match="No single year.*'20051'"):
        resolve(layers_of(tmp_path, joined))
    with pytest.raises(YearNotFound, match="all say 2001-01"):
        resolve_months(layers_of(tmp_path, [f"{name}.tif" for name in halves]))
