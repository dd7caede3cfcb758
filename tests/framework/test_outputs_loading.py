"""Results are loaded into a project from where they are, under their names."""

from __future__ import annotations

from contextlib import suppress

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
)
from testkit.tools import Feedback
from testkit.toy import breaking, call, everything, toy

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.styling.layers import StyleAndPlace

pytestmark = pytest.mark.usefixtures("qgis_app")


def stop(_run) -> None:
    raise InvalidParameter("stopped on purpose")


def cancel(run) -> None:
    run.log._feedback.cancel()


@pytest.mark.parametrize(
    ("name", "file", "written", "title"),
    [("MAP", "m.tif", "m.tif", "The MAP"), ("TABLE", "t.csv", "t.csv", "Table"), ("TABLE", "t", "t.gpkg", "Table"),
     ("TABLE", "t.shp", "t.dbf", "Table"), ("POINTS", "p.gpkg", "p.gpkg", "Points")],
)
def test_results_load_from_where_they_are(raster, tmp_path, loading, name, file, written, title):
    context, destination = loading
    results = call(toy(), {"INPUT": [raster], name: destination(str(tmp_path / file))}, context=context)
    assert results == {name: str(tmp_path / written)}
    [(path, details)] = context.layersToLoadOnCompletion().items()
    assert path == results[name]
    assert details.name == title
    layer = QgsProcessingUtils.mapLayerFromString(path, context)
    assert layer is not None and layer.isValid()
    details.setOutputLayerName(layer)
    details.postProcessor().postProcessLayer(layer, context, Feedback())
    assert layer.name() == title


def test_a_table_in_memory_loads(loading):
    context, destination = loading
    results = call(toy(), {"TABLE": destination("memory:")}, context=context)
    [(identifier, details)] = context.layersToLoadOnCompletion().items()
    assert identifier == results["TABLE"]
    assert details.name == "Table" and isinstance(details.postProcessor(), StyleAndPlace)
    StyleAndPlace._waiting.discard(details.postProcessor())


def test_a_raster_that_a_tool_loads_by_itself(raster, loading):
    context, _destination = loading
    call(breaking("start", lambda run: run.outputs.load(raster, "Mine")), {"INPUT": [raster]}, context=context)
    [(path, details)] = context.layersToLoadOnCompletion().items()
    assert (path, details.name) == (raster, "Mine")
    StyleAndPlace._waiting.discard(details.postProcessor())
    call(breaking("start", lambda run: run.outputs.load(raster, "Mine")), {"INPUT": [raster]})  # without a project


@pytest.mark.parametrize("action", [stop, cancel])
def test_nothing_loads_of_a_run_that_failed(raster, out, loading, action):
    """After a cancel QGIS would load what an earlier run has left at the same path."""
    context, destination = loading
    context.addLayerToLoadOnCompletion(raster, QgsProcessingContext.LayerDetails("Earlier", context.project()))
    asked = {name: destination(path) for name, path in everything(out).items() if name not in ("PAGE", "FOLDER")}
    with suppress(QgsProcessingException):
        call(breaking("folder", action), {"INPUT": [raster], **asked}, context=context)
    assert list(context.layersToLoadOnCompletion()) == [raster]
