"""The source runs on QGIS 3.22 to 4.x, on Python 3.9 and later and on both lines of numpy."""

from __future__ import annotations

from pathlib import Path

import pytest

from source_rules import ONE_HOME, RULES, Module, homes, modules

MODULES = modules(Path(__file__).resolve().parents[2])


def findings(rule: str, source: str, path: str = "nep_toolbox/algorithms/sample.py") -> list:
    return list(RULES[rule](Module(path, source)))


@pytest.mark.parametrize("rule", RULES)
def test_source(rule):
    assert MODULES, "no source found"
    found = [f"{module.path}:{line}: {text}" for module in MODULES for line, text in RULES[rule](module)]
    assert not found, f"{RULES[rule].__doc__}\n" + "\n".join(found)


@pytest.mark.parametrize("names", ONE_HOME, ids=lambda names: names[0])
def test_what_has_one_home_stays_there(names):
    found = homes(MODULES, names)
    assert len(found) == 1, f"{', '.join(names)}: one module may name this, not {len(found)}; {ONE_HOME[names]}\n" + (
        "\n".join(found)
    )


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
    ("unions_only_in_annotations", "Optional = int | None"),
    ("unions_only_in_annotations", "isinstance(x, int | float)"),
    ("unions_only_in_annotations", "A = list[int] | B"),
    ("copies_on_both_lines_of_numpy", "import numpy as np\nnp.asarray(a, copy=True)"),
    ("copies_on_both_lines_of_numpy", "import numpy as np\nnp.array(a, copy=False)"),
    ("paths_name_the_encoding", "path.open()"),
    ("paths_name_the_encoding", "(folder / 'a').open('w')"),
    ("paths_name_the_encoding", "path.open(mode='a')"),
    ("paths_name_the_encoding", "path.read_text()"),
    ("paths_name_the_encoding", "path.parent.write_text('a')"),
    ("imported_where_used", "import scipy.stats"),
    ("imported_where_used", "try:\n    from plotly import graph_objects\nexcept ImportError:\n    pass"),
    ("imported_where_used", "class A:\n    from scipy import special"),
    ("imported_where_used", "from pyproj import Geod"),
    ("imported_where_used", "from qgis.utils import iface"),
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
    ("unions_only_in_annotations", "def f(x: int | None) -> str | None:\n    y: int | str = 1"),
    ("unions_only_in_annotations", "mask = a | b\nflags = None or 1\nbits = 1 | 2"),
    ("copies_on_both_lines_of_numpy", "import numpy as np\nnp.array(a, copy=True)\nnp.asarray(a)"),
    ("copies_on_both_lines_of_numpy", "x = array.astype(float, copy=False)"),
    ("paths_name_the_encoding", "path.open('wb')\npath.open(mode='rb')\npath.open(encoding='utf-8')"),
    ("paths_name_the_encoding", "path.read_text('utf-8')\npath.write_text('a', encoding='utf-8')"),
    ("paths_name_the_encoding", "import os\nos.open(path, os.O_RDONLY)\ngdal.Open(path)"),
    ("imported_where_used", "def f():\n    from scipy.special import erfc\n    from qgis.utils import iface"),
    ("imported_where_used", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import plotly"),
    ("imported_where_used", "import numpy\nfrom qgis import utils"),
    ("gdal_mode_is_left_alone", "from osgeo import gdal\nx = gdal.GetUseExceptions()"),
]

@pytest.mark.parametrize(("rule", "source"), BAD)
def test_rule_finds_what_it_is_for(rule, source):
    assert findings(rule, source)


@pytest.mark.parametrize(("rule", "source"), GOOD)
def test_rule_is_silent_on_what_is_right(rule, source):
    assert not findings(rule, source)


def test_every_rule_is_proven():
    assert set(RULES) == {rule for rule, _ in BAD} == {rule for rule, _ in GOOD}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("from qgis.PyQt.QtCore import QVariant", ["QVariant"]),
        ("from qgis.PyQt import QtCore\nx = QtCore.QMetaType.Type.Double", ["QVariant"]),
        ("from qgis.core import QgsProcessingException as E", ["QgsProcessingException"]),
        ("import qgis.core\nraise qgis.core.QgsProcessingException('a')", ["QgsProcessingException"]),
        ("from osgeo import gdal\ngdal.OpenEx('a')", ["Open"]),
        ("def f():\n    from osgeo import gdal as g\n    return g.Open", ["Open"]),
        ("from qgis.core import QgsField\nimport zipfile\nzipfile.Open", []),
    ],
)
def test_names_with_one_home_are_seen(source, named):
    module = Module("nep_toolbox/algorithms/sample.py", source)
    assert [names[0] for names in ONE_HOME if homes([module], names)] == named
