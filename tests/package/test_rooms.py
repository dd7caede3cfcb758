"""Every folder of the package is a room of the table, every import an arrow of it, and nothing runs in a circle."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from rooms import PARTS, ROOMS, allowed, circle, files, markdown, not_entered, room_of, wrong_arrows
from source_rules import Module, modules

MODULES = modules(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("rule", [not_entered, wrong_arrows], ids=lambda rule: rule.__name__)
def test_source(rule):
    assert MODULES, "no source found"
    found = [f"{module.path}:{line}: {text}" for module in MODULES for line, text in rule(module)]
    assert not found, f"{rule.__doc__}\n" + "\n".join(found)


def test_no_files_import_each_other_in_a_circle():
    found = circle(files(MODULES))
    assert not found, "move what they share to a file of its own: " + " -> ".join(found)


def test_the_table_has_no_circle():
    found = circle({room: allowed(room) for room in ROOMS})
    assert not found, "take one of these arrows out of ROOMS (scripts/rooms.py): " + " -> ".join(found)


def test_the_table_names_only_rooms():
    known = {*ROOMS, "qgis", "processing", "osgeo", "plotly", "matplotlib"}
    assert set().union(*(allowed(room) for room in ROOMS)) <= known
    assert {room for texts in ROOMS.values() for room in texts.split() if not room.endswith("/*")} <= known
    assert set(PARTS.values()) <= set(ROOMS)


WRONG = [
    ("core/significance", "from qgis.core import QgsRasterLayer"),
    ("core/significance", "def f():\n    import qgis"),
    ("core/trend/blocks", "from osgeo import gdal"),
    ("core/significance", "from ..raster.grid import Grid"),
    ("core/significance", "from .. import raster"),
    ("core/significance", "from .trend import medians"),
    ("core/significance", "from .trend.medians import median"),
    ("core/trend/blocks", "from ..zonal.annual_trend import f"),
    ("core/trend/blocks", "from nep_toolbox.framework import run"),
    ("core/geodetector/detect", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..zonal import mask"),
    ("sample/province", "from ..core.exact_sums import f"),
    ("sample/province", "from osgeo import gdal"),
    ("colours", "from .errors import ToolboxError"),
    ("errors", "from qgis.core import Qgis"),
    ("raster/reader", "import qgis.core"),
    ("raster/reader", "from .ingest.modis import find_bands"),
    ("raster/reader", "from .ingest import modis"),
    ("raster/ingest/modis", "from ...report import theme"),
    ("report/page", "from qgis.PyQt.QtGui import QColor"),
    ("report/charts/base", "def f():\n    from osgeo import gdal"),
    ("report/charts/base", "from ...core import significance"),
    ("report/page", "from ..raster.grid import Grid"),
    ("styling/styles", "from ..framework.texts import tr"),
    ("styling/styles", "from ..report.theme import NEUTRAL"),
    ("framework/run", "from ..algorithms import ALGORITHMS"),
    ("framework/run", "def f():\n    from ..report.page import Page"),
    ("framework/run", "from ..raster.ingest.modis import find_bands"),
    ("algorithms/trend/trend", "from ...sample.province import Province"),
    ("algorithms/trend/trend", "from ...raster.ingest.modis import find_bands"),
    ("algorithms/trend/trend", "from ..data._regridding import METHODS"),
    ("algorithms/trend/trend", "from ...provider import NepProvider"),
    ("algorithms/data/harmonize", "from ...sample.province import Province"),
    ("algorithms/trend/trend", "from .hurst import LEGEND"),
    ("algorithms/trend/trend", "from . import hurst"),
    ("algorithms/trend/trend", "from .. import ALGORITHMS"),
    ("algorithms/trend/_shared", "from .hurst import LEGEND"),
    ("algorithms/trend/trend", "import plotly"),
    ("algorithms/trend/trend", "from ...kitchen import sink"),
    ("algorithms/trend/trend", "from ... import kitchen"),
]

RIGHT = [
    ("core/trend/blocks", "from ...errors import A\nfrom ..significance import f\nfrom .medians import g"),
    ("core/zonal/annual_trend", "from ..trend.theil_sen import trend"),
    ("raster/reader", "from osgeo import gdal\nfrom ..core.trend import a\nfrom . import grid\nfrom .. import errors"),
    ("raster/ingest/modis", "from ..grid import Grid\nfrom .hdf4 import is_hdf4"),
    ("report/charts/base", "from .. import theme\nfrom ...colours import A\ndef f():\n    import plotly"),
    ("report/page", "from .charts.base import Chart"),
    ("framework/run", "from qgis.core import Qgis\nfrom ..styling.layers import f\nfrom ..raster import grid"),
    ("algorithms/trend/trend", "from ...framework.run import A\nfrom ...report.page import B\nfrom ._shared import f"),
    ("algorithms/trend/trend", "from . import _shared"),
    ("algorithms/data/sampledata", "from ...sample.province import Province\nfrom ._regridding import METHODS"),
    ("algorithms/data/harmonize", "from ...raster.ingest.modis import find_bands"),
    ("algorithms/__init__", "from .data.sampledata import SampleData\nfrom .models import MODELS"),
    ("__init__", "from .plugin import NepToolboxPlugin"),
]


@pytest.mark.parametrize(("path", "source"), WRONG)
def test_wrong_arrows_are_found(path, source):
    assert list(wrong_arrows(Module(f"nep_toolbox/{path}.py", source)))


def test_an_import_from_no_room_says_what_to_do():
    [(_, text)] = wrong_arrows(Module("nep_toolbox/raster/reader.py", "from ..kitchen import sink"))
    assert text == "nep_toolbox.kitchen sink lies in no room: enter it in ROOMS (scripts/rooms.py)"


@pytest.mark.parametrize(("path", "source"), RIGHT)
def test_right_arrows_pass(path, source):
    assert not list(wrong_arrows(Module(f"nep_toolbox/{path}.py", source)))


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("kitchen/sink", True), ("kitchen/__init__", True), ("kitchen", True), ("core/carbon/blocks", True),
        ("report/tables/base", True), ("algorithms/data/more/a", True),
        ("core/significance", False), ("core/trend/__init__", False), ("report/charts/base", False),
        ("colours", False), ("__init__", False), ("algorithms/data/sampledata", False),
    ],
)
def test_a_new_room_must_be_entered(path, new):
    assert bool(list(not_entered(Module(f"nep_toolbox/{path}.py", "")))) is new


def test_a_circle_of_files_is_found_in_functions_too():
    a = Module("nep_toolbox/core/a.py", "from .b import f")
    b = Module("nep_toolbox/core/b.py", "def g():\n    from . import c")
    c = Module("nep_toolbox/core/c.py", "class C:\n    def h(self):\n        import nep_toolbox.core.a")
    assert circle(files([a, b, c])) == [a.path, b.path, c.path, a.path]
    assert not circle(files([a, b, Module("nep_toolbox/core/c.py", "import numpy")]))


def test_the_room_of_a_module():
    assert room_of(PurePosixPath("core/trend/blocks")) == "core/trend"
    assert room_of(PurePosixPath("core/exact_sums")) == "core"
    assert room_of(PurePosixPath("report/charts/base")) == "report"
    assert room_of(PurePosixPath("kitchen/sink")) is None


def test_the_table_as_text_has_every_room():
    rows = markdown().splitlines()
    assert len(rows) == len(ROOMS) + 2
    assert "| `core/zonal` | `core` `core/trend` `errors` |" in rows
