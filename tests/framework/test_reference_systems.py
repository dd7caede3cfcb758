"""Reference systems beside threads that end."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)
from testkit.rasters import write_raster
from testkit.tools import run, table
from testkit.toy import call, toy

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.framework.reference_systems import sound

pytestmark = pytest.mark.usefixtures("provider")


@contextmanager
def another_thread(function):
    """A thread that has called a function, and is gone with what it kept when the block is left."""
    called, leave, witness = threading.Event(), threading.Event(), []

    def work():
        function()
        called.set()
        leave.wait(60)
        witness.append(of(32701))

    QgsCoordinateReferenceSystem.invalidateCache()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert called.wait(60)
        yield
    finally:
        leave.set()
        thread.join()
        for _look in range(1000):  # Python lets go of a thread a little before it ends
            if not witness[0].toWkt():
                break
            time.sleep(0.01)
        else:
            raise AssertionError("QGIS empties none any more")


def of(code: int) -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem(f"EPSG:{code}")


def emptied(look_up) -> QgsCoordinateReferenceSystem:
    """What a thread has looked up that has ended."""
    found = []
    with another_thread(lambda: found.append(look_up())):
        pass
    assert found[0].isValid() and not found[0].toWkt()
    return found[0]


def test_what_a_run_has_looked_up_outlives_its_thread():
    tool = toy(compute=lambda _run: of(32748))
    with another_thread(lambda: call(tool, {})):
        here = of(32748)
    assert here.toWkt() == of(32748).toWkt() != ""


def test_what_a_run_uses_outlives_another_thread():
    other = another_thread(lambda: of(32747))
    other.__enter__()
    taken = of(32747)
    call(toy(compute=lambda _run: other.__exit__(None, None, None)), {})
    assert taken.toWkt() == of(32747).toWkt() != ""


def test_an_emptied_one_is_looked_up_anew():
    lost = emptied(lambda: of(32746))
    assert sound(lost, "map").toWkt() == of(32746).toWkt() != ""
    assert sound(of(32745), "map").toWkt() == of(32745).toWkt()
    assert not sound(QgsCoordinateReferenceSystem(), "map").isValid()
    own = emptied(lambda: QgsCoordinateReferenceSystem.fromProj("+proj=laea +lat_0=12.5 +lon_0=3 +datum=WGS84"))
    with pytest.raises(InvalidParameter, match="QGIS has lost the definition of the CRS of 'map'. Take the layer out"):
        sound(own, "map")


def test_layers_with_an_emptied_one_are_used_as_others(tmp_path):
    """Regions and points in degrees over a raster in metres."""
    raster = write_raster(tmp_path / "a_2001.tif", np.arange(1600.0).reshape(40, 40))
    place = QgsGeometry.fromWkt("Point (500615 3999385)")
    place.transform(QgsCoordinateTransform(of(32650), of(4490), QgsProject.instance()))
    shapes = {"Polygon": place.buffer(0.003, 5), "Point": place}
    found = []
    for lost in (False, True):
        crs = emptied(lambda: of(4490)) if lost else of(4490)
        regions, points = (layer_of(kind, shape, crs) for kind, shape in shapes.items())
        assert bool(points.crs().toWkt()) is not lost
        sums, series = str(tmp_path / f"sums{lost}.csv"), str(tmp_path / f"points{lost}.csv")
        run("nep:annualstatistics", {"INPUT": [raster], "REGIONS": regions, "TABLE": sums})
        run("nep:pointseries", {"INPUT": [raster], "POINTS": points, "TABLE": series})
        found.append((table(sums), table(series)))
    assert found[0] == found[1] and "820" in str(found[0])


def layer_of(kind: str, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
    layer = QgsVectorLayer(kind, "shapes", "memory")
    feature = QgsFeature()
    feature.setGeometry(shape)
    assert layer.dataProvider().addFeatures([feature])[0]
    layer.setCrs(crs)
    return layer
