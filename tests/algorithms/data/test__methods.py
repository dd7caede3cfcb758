"""Methods by the names of rasters."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.harmonize import FINE_TRANSFORM, harmonize
from testkit.rasters import COARSE_TRANSFORM, numbers, stored, write_raster
from testkit.tools import Feedback

from nep_toolbox.algorithms.data._methods import methods_of, parse_method_of
from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.ingest.resampling import Resampling

pytestmark = pytest.mark.usefixtures("provider")


@pytest.mark.parametrize("text, expected", [
    ("", []), (" ; ", []), ("landcover*=mode", [("landcover*", Resampling.MODE)]),
    (" pop* = Sum ；x=y=MEDIAN;", [("pop*", Resampling.SUM), ("x=y", Resampling.MEDIAN)]),
    ("landcover*=mode,population*=sum", [("landcover*", Resampling.MODE), ("population*", Resampling.SUM)]),
    ("a=mode，b=sum、c=median,", [("a", Resampling.MODE), ("b", Resampling.SUM), ("c", Resampling.MEDIAN)]),
    (",rain, mm*=mode;x,y=sum", [("rain, mm*", Resampling.MODE), ("x,y", Resampling.SUM)]),
    ("a=nearest;b=minimum;c=maximum;d=automatic", [
        ("a", Resampling.NEAREST), ("b", Resampling.MINIMUM), ("c", Resampling.MAXIMUM), ("d", Resampling.AUTOMATIC),
    ]),
])
def test_rules_as_they_are_written(text, expected):
    assert parse_method_of(text) == expected


@pytest.mark.parametrize("text, part", [
    ("landcover*", "landcover*"), ("=mode", "=mode"), ("a=mode;b=mean", "b=mean"),
    ("a=mean,b=mode", "a=mean"), ("a=mode,b", "b"),
])
def test_what_is_no_rule(text, part):
    with pytest.raises(InvalidParameter, match="holds '{}': .*cubic, average".format(part.replace("*", r"\*"))):
        parse_method_of(text)


def test_the_first_rule_that_fits_holds():
    parameters = SimpleNamespace(
        text={"METHOD_OF": "LAND*=mode;*_2001=sum;lake?=median;none*=cubic"}.get, choice={"RESAMPLING": 4}.get
    )
    told = []
    names = ["landcover_2001", "population_2001", "lake1", "lakes12", "npp"]
    items = [SimpleNamespace(layer=SimpleNamespace(name=name)) for name in names]
    found = methods_of(parameters, items, SimpleNamespace(warn=told.append))
    assert [method.name for method, _why in found] == ["MODE", "SUM", "MEDIAN", "AVERAGE", "AVERAGE"]
    assert [why for _method, why in found][0::3] == ["as 'LAND*' says", "as chosen"]
    assert len(told) == 1 and "names 'none*', and no raster is called so" in told[0]


def test_brackets_of_names_are_brackets():
    parameters = SimpleNamespace(
        text={"METHOD_OF": "NPP [gC]*=median;tmp[1-3]=sum;*]=mode"}.get, choice={"RESAMPLING": 4}.get
    )
    told = []
    names = ["npp [gC] 2001", "tmp[1-3]", "tmp2", "npp C", "a[b]"]
    items = [SimpleNamespace(layer=SimpleNamespace(name=name)) for name in names]
    found = methods_of(parameters, items, SimpleNamespace(warn=told.append))
    assert [method.name for method, _why in found] == ["MEDIAN", "SUM", "AVERAGE", "AVERAGE", "MODE"] and not told


def test_classes_counts_and_numbers_in_one_run(tmp_path):
    rng = np.random.default_rng(1)
    land = np.kron(rng.integers(1, 4, (12, 12)), np.ones((5, 5), int))
    people, rain = np.exp(rng.normal(2, 2, (60, 60))), rng.normal(900, 90, (60, 60))
    files = [
        write_raster(tmp_path / "landcover_2001.tif", land, FINE_TRANSFORM, kind="uint8", nodata=0),
        write_raster(tmp_path / "population.tif", people, FINE_TRANSFORM, kind="float64"),
        write_raster(tmp_path / "rain_2001.tif", rain, FINE_TRANSFORM),
    ]
    reference = write_raster(tmp_path / "r.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    feedback = Feedback()
    results = harmonize(tmp_path, {
        "INPUT": files, "REFERENCE": reference, "RESAMPLING": 4, "METHOD_OF": "landcover*=mode;population*=sum",
    }, feedback)
    np.testing.assert_array_equal(stored(results[0])[0], land[::5, ::5])
    np.testing.assert_allclose(numbers(results[1]), people.reshape(12, 5, 12, 5).sum(axis=(1, 3)), rtol=1e-14)
    np.testing.assert_allclose(numbers(results[2]), rain.reshape(12, 5, 12, 5).mean(axis=(1, 3)), rtol=1e-6)
    rasters = [gdal.Open(path) for path in results]
    kinds = [gdal.GetDataTypeName(each.GetRasterBand(1).DataType) for each in rasters]
    assert kinds == ["Byte", "Float64", "Float32"]
    assert "resampled (sum), as 'population*' says" in feedback.log and not feedback.warnings


def test_a_method_that_is_none_is_refused_before_the_run(tmp_path):
    path = write_raster(tmp_path / "a.tif", np.zeros((12, 12)), COARSE_TRANSFORM)
    with pytest.raises(QgsProcessingException, match=r"'Resampling by name' \(METHOD_OF\) holds 'a=mean': write"):
        harmonize(tmp_path, {"INPUT": [path], "METHOD_OF": "a=mean"})
