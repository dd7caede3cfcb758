"""What QGIS opens when a run is over, and what it calls it."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingUtils, QgsSettings
from testkit.tools import Feedback
from testkit.toy import breaking, call

from nep_toolbox.styling.titles import Subject

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def preference(monkeypatch, tmp_path):
    """Sets what the user prefers: the name of a file for its layer, or not. Files of tests are no temporary ones."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    settings, keys = QgsSettings(), PREFERENCES

    def prefer(file_name: bool) -> None:
        for key in keys:
            settings.setValue(key, file_name)

    yield prefer
    for key in keys:
        settings.remove(key)


#: "Prefer output filename for layer names" in the settings of Processing, up to QGIS 3.28 and from 3.30 on.
PREFERENCES = (
    "Processing/Configuration/PREFER_FILENAME_AS_LAYER_NAME", "qgis/configuration/prefer-filename-as-layer-name"
)


def opened_names(context) -> list:
    """What QGIS calls the layers that it opens."""
    names = []
    for path, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context)
        details.setOutputLayerName(layer)
        details.postProcessor().postProcessLayer(layer, context, Feedback())
        names.append(layer.name())
    return sorted(names)


def about_nep(run) -> None:
    run.outputs.subject = Subject("NEP", (2001, 2020))


@pytest.mark.parametrize(
    ("prefers_file_name", "named", "expected"),
    [
        (True, "mine", ["mine", "table"]),
        (False, "mine", ["NEP: Table 2001-2020", "NEP: The MAP 2001-2020"]),
        (True, "temporary/x", ["NEP: The MAP 2001-2020", "table"]),
    ],
)
def test_a_file_that_the_user_named_keeps_its_name(raster, tmp_path, loading, preference, prefers_file_name, named,
                                                   expected):
    context, destination = loading
    preference(prefers_file_name)
    asked = {"MAP": destination(str(tmp_path / f"{named}.tif")), "TABLE": destination(str(tmp_path / "table.csv"))}
    call(breaking("start", about_nep), {"INPUT": [raster], **asked}, context=context)
    assert opened_names(context) == expected


@pytest.mark.parametrize("prefers_file_name", [True, False])
def test_a_raster_that_a_tool_loads_has_the_name_it_says(raster, loading, preference, prefers_file_name):
    context, _destination = loading
    preference(prefers_file_name)
    call(breaking("start", lambda run: run.outputs.load(raster, "npp.v2")), {"INPUT": [raster]}, context=context)
    assert opened_names(context) == ["npp.v2"]


@pytest.mark.parametrize("prefers_file_name", [True, False])
def test_an_output_of_a_model_is_called_as_the_model_does(loading, preference, prefers_file_name):
    context, destination = loading
    preference(prefers_file_name)
    table = destination("memory:")
    table.destinationName = "Shares"  # QGIS does so for the steps of a model
    call(breaking("start", about_nep), {"TABLE": table, "SECOND": destination("memory:")}, context=context)
    assert opened_names(context) == ["NEP: Second table 2001-2020", "Shares"]
