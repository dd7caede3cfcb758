"""What describes rasters and is handed from thread to thread never changes, and can be a key."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from nep_toolbox.raster.cells import CellAreas, CellCentres, CellPlace, EveryNth
from nep_toolbox.raster.engine import Engine
from nep_toolbox.raster.grid import Grid, Window
from nep_toolbox.raster.ingest.codings import Coding
from nep_toolbox.raster.ingest.content import NUMBERS
from nep_toolbox.raster.ingest.modis import Band
from nep_toolbox.raster.ingest.mosaic import Mosaic, Piece, Stored
from nep_toolbox.raster.ingest.pieces import Source
from nep_toolbox.raster.ingest.resampling import Resampling
from nep_toolbox.raster.ingest.warping import WarpedReader
from nep_toolbox.raster.months import MonthlySeries
from nep_toolbox.raster.reader import StackReader, Together
from nep_toolbox.raster.series import Layer, Series, Step
from nep_toolbox.raster.staging import Place
from nep_toolbox.raster.zones import FractionReader, Region, ZoneReader

GRID = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 3, 2)
LAYER = Layer("a", "/data/a.tif")
STEP = Step(LAYER, 1, "", "", "Float32", True, False, (1, 1))
READER = StackReader((STEP,))
REGION = Region("a", b"", (0.0, 1.0, 0.0, 1.0))
SOURCE = Source((Mosaic(GRID, (Piece(READER, GRID, "a"),), (GRID.whole,)),), GRID.whole, NUMBERS)
VALUES = [
    Window(0, 0, 1, 1), GRID, LAYER, STEP, Series((STEP,), GRID), READER, Together((READER,)), CellAreas(GRID),
    CellCentres(GRID), CellPlace(GRID), EveryNth(2, 3), REGION, ZoneReader((REGION,)),
    FractionReader((REGION,)),
    Place("/stage", "/data", ""), Engine(),
    Band(STEP, GRID, READER), Coding(), Stored(STEP, 0, "uint8"), Piece(READER, GRID, "a"),
    Mosaic(GRID, (), ()), WarpedReader(SOURCE, "a", GRID, Resampling.MODE, 1.0),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_equal_values_are_one_key(value):
    assert is_dataclass(value)
    assert len({value, replace(value)}) == 1


@pytest.mark.parametrize(
    "value", [*VALUES, MonthlySeries((STEP,), GRID, {0: [0]})], ids=lambda value: type(value).__name__
)
def test_no_part_of_a_value_can_be_changed(value):
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))
