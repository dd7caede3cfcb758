"""Random parameters and rasters through whole tools: a complete result, or a sentence and nothing written."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from examples import example
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.contract import IDENTIFIERS
from testkit.files import contents
from testkit.fuzzing import budget, count
from testkit.random_parameters import parameters
from testkit.tools import Feedback, algorithm, destinations, run

pytestmark = pytest.mark.usefixtures("provider")


def require_readable(message: str) -> None:
    """One sentence or more, without what only a programmer reads."""
    assert len(message) > 20 and message[0] == message[0].upper()
    for trace in ("Traceback", ".nep-", "NoneType", "ToolboxError"):
        assert trace not in message


def require_finite(path: str) -> None:
    """No infinity in a raster, which no legend could show."""
    dataset = gdal.Open(path)
    assert dataset is not None
    for number in range(1, dataset.RasterCount + 1):
        values = dataset.GetRasterBand(number).ReadAsArray()
        assert not np.isinf(values.astype(np.float64)).any()


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_a_tool_gives_its_results_or_says_why_not(identifier, province):
    @budget(0.25)
    @given(st.data())
    def attempt(data):
        count(f"runs of {identifier}")
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            once(Path(folder), data)

    def once(folder, data):
        made, target = folder / "made", folder / "results"
        made.mkdir()
        target.mkdir()
        given_parameters = data.draw(parameters(algorithm(identifier), example(identifier, province), made))
        wanted = destinations(identifier, target)
        feedback = Feedback()
        try:
            results = run(identifier, dict(given_parameters, **wanted), feedback)
        except (QgsProcessingException, AssertionError) as error:
            # An error while the layers are read is in the log only.
            require_readable(str(error) if isinstance(error, QgsProcessingException) else "\n".join(feedback.errors))
            assert contents(target) == {}
        else:
            assert set(wanted) <= set(results)
            for path in target.rglob("*.tif"):
                require_finite(str(path))
        assert not re.search("Traceback|[.]nep-", feedback.log)
        assert not list(folder.rglob(".nep-*"))

    attempt()
