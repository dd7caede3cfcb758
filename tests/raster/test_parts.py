"""Reading a part of a raster as if it were a raster of its own."""

from __future__ import annotations

import numpy as np
from testkit.rasters import write_layer

from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.parts import PartReader, window_round
from nep_toolbox.raster.reader import StackReader
from nep_toolbox.raster.series import single


def grid(epsg_wkt: str, x: float, y: float, cell: float, width: int, height: int) -> Grid:
    return Grid(epsg_wkt, (x, cell, 0.0, y, 0.0, -cell), width, height)


def test_windows_are_those_of_the_part(tmp_path):
    values = np.arange(60.0).reshape(6, 10)
    whole = StackReader.of(single(write_layer(tmp_path / "a.tif", values)))
    part = PartReader(whole, Window(3, 2, 5, 4))
    assert part.read(Window(1, 1, 2, 3)).tolist() == [values[3:6, 4:6].tolist()]
    assert (part.bytes_per_cell, part.tile) == (whole.bytes_per_cell, whole.tile)


def test_the_window_round_another_grid(tmp_path):
    wkt = single(write_layer(tmp_path / "a.tif", np.ones((2, 2)))).grid.wkt
    coarse = grid(wkt, 0.0, 1000.0, 10.0, 100, 100)
    inside = grid(wkt, 305.0, 705.0, 1.0, 100, 100)  # columns 30.5 to 40.5, rows 29.5 to 39.5
    assert window_round(coarse, inside, 2) == Window(28, 27, 15, 15)
    assert window_round(coarse, inside, 200) == coarse.whole
    beyond = grid(wkt, -50.0, 1050.0, 1.0, 200, 200)
    assert window_round(coarse, beyond, 0) == Window(0, 0, 15, 15)
    assert window_round(grid("", 0.0, 1000.0, 10.0, 100, 100), inside) == coarse.whole
