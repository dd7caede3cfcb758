"""The words a user types into the Processing toolbox find the tools that are meant."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication
from qgis.gui import QgsProcessingToolboxProxyModel
from qgis.PyQt.QtCore import QModelIndex

#: Tools that work on a series of any variable.
SERIES = {
    "trend", "hurst", "futuretrend", "changefrequency", "annualstatistics", "gravitycenter", "compare", "correlation",
    "landcoverstatistics",
}


@pytest.fixture(scope="module")
def found(provider):  # noqa: ARG001
    """Takes what is typed and gives the names of our tools that the toolbox shows then."""
    shown = QgsProcessingToolboxProxyModel(None, QgsApplication.processingRegistry())

    def below(place):
        for row in range(shown.rowCount(place)):
            index = shown.index(row, 0, place)
            tool = shown.toolboxModel().algorithmForIndex(shown.mapToSource(index))
            if tool is not None and tool.id().startswith("nep:"):
                yield tool.name()
            yield from below(index)

    def search(words: str) -> set:
        shown.setFilterString(words)
        return set(below(QModelIndex()))

    return search


@pytest.mark.parametrize(
    ("words", "tools"),
    [
        *((word, SERIES) for word in ("NEP", "npp", "gpp", "ndvi", "evi", "vegetation", "carbon", "植被")),
        ("npp", {"importmod17", "productivity", "npptrend"}),
        ("carbon sink", {"productivity", "annualstatistics", "sourcesink"}), ("carbon budget", {"sourcesink"}),
        ("coefficient of variation", {"variability"}), ("碳汇", {"productivity", "sourcesink"}),
        ("drought", {"trend", "correlation", "annualclimate"}),
        ("anomaly", {"annualstatistics", "changefrequency", "correlation"}),
        ("rainfall", {"annualclimate", "correlation"}),
        ("climate", {"annualclimate", "correlation", "respiration"}),
        ("modis", {"importmod17"}), ("hdf", {"importmod17"}),
        ("resample", {"harmonize"}), ("align", {"harmonize"}), ("reproject", {"harmonize"}),
        ("mann kendall", {"trend"}), ("theil sen", {"trend"}), ("sen slope", {"trend"}), ("greening", {"trend"}),
        ("persistence", {"hurst", "futuretrend"}), ("r/s", {"hurst"}), ("prediction", {"futuretrend"}),
        ("zonal statistics", {"annualstatistics", "landcoverstatistics"}), ("centroid", {"gravitycenter"}),
        ("validation", {"compare"}), ("flux tower", {"compare"}), ("rmse", {"compare"}),
        ("lulc", {"landcovertransition", "landcoverstatistics", "landcovereffect", "intensityanalysis", "scenario"}),
        ("sankey", {"landcovertransition"}), ("pontius", {"intensityanalysis"}), ("markov", {"scenario"}),
        ("transition matrix", {"landcovertransition"}), ("pearson", {"correlation"}),
        ("geodetector", {"geodetector", "geodetectortable"}), ("driving factors", {"geodetector", "correlation"}),
        ("demo", {"sampledata"}), ("趋势", {"trend", "futuretrend"}), ("碳", {"productivity", *SERIES}),
        ("地理探测器", {"geodetector", "geodetectortable"}),
    ],
)
def test_a_word_finds_its_tools(found, words, tools):
    assert tools <= found(words)


def test_a_word_of_one_tool_finds_no_other(found):
    assert found("sankey") == {"landcovertransition"}
    assert found("hdf") == {"importmod17"}
    assert found("no such word") == set()
