"""The template of an atlas: a page for each region, of the polygons of nep:annualstatistics, as QGIS draws them."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import (
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtXml import QDomDocument
from testkit.rasters import write_raster
from testkit.regions import outlines
from testkit.tools import Feedback, run

from nep_toolbox.algorithms.statistics.annualstatistics import ATLAS

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def atlas(provider, tmp_path_factory):  # noqa: ARG001
    """The template with its coverage layer, on the means of two regions and one beyond the raster; and the log."""
    folder = tmp_path_factory.mktemp("atlas")
    level = np.where(np.arange(40) < 20, 100.0, 300.0)
    layers = [write_raster(folder / f"npp_{year}.tif", np.tile(level + 7 * (year - 2001), (30, 1)))
              for year in range(2001, 2007)]
    regions = outlines({
        "west": [(1, 1), (19, 3), (18, 28), (2, 25)], "east": [(21, 3), (39, 1), (38, 25), (22, 28)],
        "beyond": [(-90, 0), (-80, 0), (-80, 5)],
    })
    feedback = Feedback()
    made = str(folder / "regions.gpkg")
    run("nep:annualstatistics", {"INPUT": layers, "REGIONS": regions, "REGION_FIELD": "name", "POLYGONS": made,
                                 "TABLE": str(folder / "t.csv"), "SUMMARY": None, "CHART": None}, feedback)
    layer = QgsVectorLayer(made, "Regions of the test", "ogr")
    project = QgsProject.instance()  # where expressions look for layers
    before = project.crs()
    project.setCrs(layer.crs())
    assert project.addMapLayer(layer)
    layout, template = QgsPrintLayout(project), QDomDocument()
    assert template.setContent(ATLAS.read_text(encoding="utf-8"))[0]
    items, read = layout.loadFromTemplate(template, QgsReadWriteContext())
    assert read and len(items) > 10
    layout.atlas().setCoverageLayer(layer)
    assert layout.atlas().updateFeatures() == 2, "a region without values has no page"
    yield layout, feedback
    del layout
    project.removeMapLayer(layer)
    project.setCrs(before)


def texts(layout) -> dict:
    return {item.id(): item.currentText() for item in layout.items() if isinstance(item, QgsLayoutItemLabel)}


def test_the_log_says_where_the_template_lies(atlas):
    _layout, feedback = atlas
    assert [each for each in feedback.infos if str(ATLAS) in each and "(POLYGONS)" in each]


def test_pages_bear_the_numbers_of_their_regions(atlas):
    layout, _feedback = atlas
    pages = []
    for number in range(2):
        assert layout.atlas().seekTo(number)
        pages.append(texts(layout))
    assert [page["Region"] for page in pages] == ["east", "west"]
    assert [page["Layer"] for page in pages] == ["Regions of the test"] * 2
    assert [page["Page number"] for page in pages] == ["1 / 2", "2 / 2"]
    for page, mean, rank in zip(pages, ("317.5", "117.5"), ("1 of 2", "2 of 2")):
        numbers = dict(zip(page["Names"].splitlines(), page["Numbers"].splitlines()))
        assert len(numbers) == len(page["Numbers"].splitlines()) == 10
        assert (numbers["Mean of the annual means"], numbers["Rank"]) == (mean, rank)
        assert numbers["Theil-Sen slope per year"] == "7.00" and numbers["Smallest, year"].endswith("(2001)")
        assert not [each for each in page.values() if "[%" in each or "Error" in each]


def test_map_and_chart_follow_the_region(atlas):
    layout, _feedback = atlas
    found = []
    for number in range(2):
        layout.atlas().seekTo(number)
        layout.refresh()
        maps = {item.id(): item.extent() for item in layout.items() if isinstance(item, QgsLayoutItemMap)}
        (chart,) = [item for item in layout.items() if isinstance(item, QgsLayoutItemPicture)]
        assert not chart.isMissingImage()
        shape = layout.atlas().layout().reportContext().feature().geometry().boundingBox()
        assert maps["Map"].contains(shape)
        assert maps["Overview"].contains(layout.atlas().coverageLayer().extent().scaled(0.99))
        found.append((maps["Map"].center().x(), chart.evaluatedPath()))
    assert found[0][0] > found[1][0], "east lies to the east"
    assert found[0][1] != found[1][1] and all(path.startswith("base64:") for _x, path in found)


def test_two_pages_are_exported(atlas, tmp_path):
    layout, _feedback = atlas
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 60
    done, message = QgsLayoutExporter.exportToImage(layout.atlas(), str(tmp_path / "page"), "png", settings)
    assert done == QgsLayoutExporter.ExportResult.Success, message
    pages = sorted(tmp_path.glob("*.png"))
    assert [page.stem for page in pages] == ["east", "west"]
    for page in pages:
        image = QImage(str(page))
        colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        assert image.width() > image.height() > 400 and len(colours) > 20
