"""The source runs on QGIS 3.22 to 4.x, Python 3.9 on, both lines of numpy, and its layers stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from source_rules import RULES, Module, modules, uses_field_types

MODULES = modules(Path(__file__).resolve().parents[2])


def findings(rule: str, source: str, path: str = "nep_toolbox/algorithms/sample.py") -> list:
    return list(RULES[rule](Module(path, source)))


@pytest.mark.parametrize("rule", RULES)
def test_source(rule):
    assert MODULES, "no source found"
    found = [f"{module.path}:{line}: {text}" for module in MODULES for line, text in RULES[rule](module)]
    assert not found, f"{RULES[rule].__doc__}\n" + "\n".join(found)


def test_field_types_live_in_one_module():
    users = sorted(module.path for module in MODULES if uses_field_types(module))
    assert len(users) <= 1, f"QVariant and QMetaType belong into one helper that knows the versions of QGIS: {users}"


BAD = [
    ("scoped_enums", "from qgis.core import QgsProcessing\nx = QgsProcessing.TypeRaster"),
    ("scoped_enums", "from qgis.core import QgsProcessing as P\nx = [P.TypeRaster]"),
    ("scoped_enums", "import qgis.core\nx = qgis.core.QgsProcessing.TypeRaster"),
    ("scoped_enums", "from qgis import core\nx = core.QgsProcessing.TypeRaster"),
    ("scoped_enums", "from qgis.core import QgsWkbTypes\nf(QgsWkbTypes.NoGeometry)"),
    ("scoped_enums", "from qgis.core import Qgis\nx = Qgis.Float32"),
    ("scoped_enums", "from qgis.PyQt.QtCore import Qt\nx = Qt.NoPen"),
    ("scoped_enums", "from qgis.PyQt.QtCore import Qt\nx = Qt.red"),
    ("scoped_enums", "from qgis.PyQt.QtCore import QVariant\nx = QVariant.Double"),
    ("scoped_enums", "from qgis.core import QgsProcessing\nkind = QgsProcessing.TypeRaster\nf(kind)"),
    ("scoped_enums", "class A:\n    def flags(self):\n        return self.FlagNoThreading"),
    ("scoped_enums", "from qgis.core import QgsProcessing\ndef f(kind=QgsProcessing.TypeRaster | g()):\n    pass"),
    ("nothing_removed_from_qt", "from qgis.PyQt.QtCore import QRegExp"),
    ("nothing_removed_from_qt", "from qgis.PyQt.Qt import QColor"),
    ("nothing_removed_from_qt", "from qgis.PyQt import Qt"),
    ("nothing_removed_from_qt", "from qgis.PyQt.QtWebKitWidgets import QWebView"),
    ("nothing_removed_from_qt", "dialog.exec_()"),
    ("qt_through_qgis", "from PyQt5.QtCore import Qt"),
    ("qt_through_qgis", "def f():\n    import PyQt6"),
    ("no_compiled_resources", "from . import resources"),
    ("no_compiled_resources", "from .resources_rc import *"),
    ("no_compiled_resources", "import nep_toolbox.resources"),
    ("no_compiled_resources", "icon = ':/plugins/nep/icon.svg'"),
    ("iface_only_when_there_is_one", "from qgis.utils import iface"),
    ("oldest_python_parses", "match x:\n    case 1:\n        pass"),
    ("oldest_python_parses", "try:\n    pass\nexcept* ValueError:\n    pass"),
    ("oldest_python_runs", "def f(x: int | None):\n    pass"),
    ("oldest_python_runs", "from __future__ import annotations\nOptional = int | None"),
    ("oldest_python_runs", "from __future__ import annotations\nisinstance(x, int | float)"),
    ("oldest_python_runs", "from __future__ import annotations\nA = list[int] | B"),
    ("oldest_python_runs", "for a, b in zip(x, y, strict=True):\n    pass"),
    (
        "oldest_python_runs",
        "from dataclasses import dataclass\n@dataclass(frozen=True, slots=True)\n"
        "class A:\n    pass",
    ),
    ("oldest_python_runs", "from itertools import pairwise"),
    ("oldest_python_runs", "import itertools\nitertools.pairwise(x)"),
    ("oldest_python_runs", "import tomllib"),
    ("both_lines_of_numpy", "import numpy as np\nx = np.float(3)"),
    ("both_lines_of_numpy", "import numpy as np\nx = np.NaN"),
    ("both_lines_of_numpy", "import numpy as np\nx = np.zeros(3, dtype=np.bool)"),
    ("both_lines_of_numpy", "import numpy as np\nnp.in1d(a, b)"),
    ("both_lines_of_numpy", "import numpy\nnumpy.trapz(a)"),
    ("both_lines_of_numpy", "import numpy as np\nnp.trapezoid(a)"),
    ("both_lines_of_numpy", "import numpy as np\nnp.asarray(a, copy=True)"),
    ("both_lines_of_numpy", "import numpy as np\nnp.array(a, copy=False)"),
    ("encoding_is_given", "open(path)"),
    ("encoding_is_given", "with open(path, 'w') as stream:\n    pass"),
    ("encoding_is_given", "open(path, mode='a')"),
    ("encoding_is_given", "import io\nio.open(path, 'r')"),
    ("encoding_is_given", "path.open()"),
    ("encoding_is_given", "path.open('w')"),
    ("encoding_is_given", "path.read_text()"),
    ("encoding_is_given", "path.write_text('a')"),
    ("encoding_is_given", "import tempfile\ntempfile.NamedTemporaryFile('w')"),
    ("heavy_libraries_where_used", "import scipy.stats"),
    ("heavy_libraries_where_used", "try:\n    from plotly import graph_objects\nexcept ImportError:\n    pass"),
    ("heavy_libraries_where_used", "class A:\n    from scipy import special"),
    ("gdal_mode_is_left_alone", "from osgeo import gdal\ngdal.UseExceptions()"),
    ("gdal_mode_is_left_alone", "def f():\n    from osgeo.gdal import DontUseExceptions\n    DontUseExceptions()"),
]

GOOD = [
    ("scoped_enums", "from qgis.core import QgsProcessing\nx = QgsProcessing.SourceType.TypeRaster"),
    ("scoped_enums", "import qgis.core\nx = qgis.core.QgsProcessing.SourceType.TypeRaster"),
    ("scoped_enums", "from qgis.core import QgsColorRampShader\nx = QgsColorRampShader.ColorRampItem(1, colour)"),
    ("scoped_enums", "from qgis.core import QgsProcessingContext\nx = QgsProcessingContext.LayerDetails('a', project)"),
    ("scoped_enums", "from qgis.core import Qgis\nx = Qgis.QGIS_VERSION_INT >= 33800"),
    ("scoped_enums", "from qgis.core import QgsProcessing\nx = QgsProcessing.TEMPORARY_OUTPUT"),
    ("scoped_enums", "from qgis.PyQt.QtCore import QMetaType\nx = getattr(QMetaType.Type, name)"),
    ("scoped_enums", "from qgis.core import QgsProcessing\nkind = QgsProcessing.SourceType\nf(kind.TypeRaster)"),
    ("scoped_enums", "from qgis.core import QgsProject\nx = QgsProject.instance()"),
    (
        "scoped_enums",
        "from qgis.core import QgsProcessingContext\n"
        "def f(d: QgsProcessingContext.LayerDetails):\n    pass",
    ),
    ("scoped_enums", "class QgsLike:\n    INPUT = 'INPUT'\nx = QgsLike.INPUT"),
    ("scoped_enums", "class A:\n    def f(self):\n        return self.INPUT, self.Flags"),
    ("nothing_removed_from_qt", "from qgis.PyQt.QtCore import Qt\ndialog.exec()"),
    ("qt_through_qgis", "from qgis.PyQt.QtCore import QCoreApplication"),
    ("no_compiled_resources", "from importlib.resources import files"),
    ("iface_only_when_there_is_one", "def f():\n    from qgis.utils import iface"),
    ("oldest_python_parses", "if (n := f()) > 1:\n    pass"),
    (
        "oldest_python_runs",
        "from __future__ import annotations\n"
        "def f(x: int | None) -> str | None:\n    y: int | str = 1",
    ),
    ("oldest_python_runs", "mask = a | b\nflags = None or 1\nbits = 1 | 2"),
    ("oldest_python_runs", "zip(x, y)"),
    (
        "both_lines_of_numpy",
        "import numpy as np\nx = np.float64(np.nan) + np.inf\n"
        "np.isin(a, b)\nnp.array(a, copy=True)",
    ),
    ("both_lines_of_numpy", "import numpy as np\nx = array.astype(np.bool_, copy=False)"),
    (
        "encoding_is_given",
        "open(path, 'rb')\nopen(path, encoding='utf-8')\n"
        "path.open('wb')\npath.open(encoding='utf-8')",
    ),
    ("encoding_is_given", "import os\nos.open(path, os.O_RDONLY)\npath.read_text(encoding='utf-8')\npath.read_bytes()"),
    ("encoding_is_given", "import tempfile\ntempfile.NamedTemporaryFile()\ntempfile.TemporaryFile('w+b')"),
    ("encoding_is_given", "from osgeo import gdal\ngdal.Open(path)"),
    ("heavy_libraries_where_used", "def f():\n    from scipy.special import erfc"),
    ("heavy_libraries_where_used", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import plotly"),
    ("heavy_libraries_where_used", "import numpy"),
    ("gdal_mode_is_left_alone", "from osgeo import gdal\nx = gdal.GetUseExceptions()"),
]

LAYERS = [
    ("core", "from qgis.core import QgsRasterLayer", False),
    ("core", "def f():\n    import qgis", False),
    ("core", "from osgeo import gdal", False),
    ("core", "from ..raster.grid import Grid", False),
    ("core", "from .. import raster", False),
    ("core", "from nep_toolbox.algorithms import base", False),
    ("core", "from ..errors import InvalidParameter\nfrom .statistics import holm\nimport numpy", True),
    ("raster", "import qgis.core", False),
    ("raster", "from ..report import figure", False),
    ("raster", "from ..algorithms.base import Base", False),
    (
        "raster",
        "from osgeo import gdal\nfrom ..core.units import AREA\n"
        "from . import grid\nfrom ..errors import A",
        True,
    ),
    ("report", "def f():\n    from qgis.PyQt.QtGui import QColor", False),
    ("report", "from ..raster.grid import Grid", False),
    ("report", "from ..core import statistics\ndef f():\n    import plotly", True),
    ("algorithms", "from qgis.core import Qgis\nfrom ..raster import grid\nfrom ..core import statistics", True),
]


@pytest.mark.parametrize(("rule", "source"), BAD)
def test_rule_finds_what_it_is_for(rule, source):
    assert findings(rule, source)


@pytest.mark.parametrize(("rule", "source"), GOOD)
def test_rule_is_silent_on_what_is_right(rule, source):
    assert not findings(rule, source)


@pytest.mark.parametrize(("layer", "source", "right"), LAYERS)
def test_layers(layer, source, right):
    found = findings("layers_point_one_way", source, f"nep_toolbox/{layer}/sample.py")
    assert bool(found) != right


def test_every_rule_is_proven():
    assert set(RULES) - {"layers_point_one_way"} == {rule for rule, _ in BAD} == {rule for rule, _ in GOOD}


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("from qgis.PyQt.QtCore import QVariant", True),
        ("from qgis.PyQt import QtCore\nx = QtCore.QMetaType.Type.Double", True),
        ("from qgis.core import QgsField", False),
    ],
)
def test_use_of_field_types_is_seen(source, uses):
    assert bool(uses_field_types(Module("nep_toolbox/algorithms/sample.py", source))) is uses
