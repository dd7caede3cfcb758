"""Maps show what they are to show, scale bars are round, texts fit."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayoutItemLabel,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsRectangle,
    QgsUnitTypes,
)

from nep_toolbox.layouts.arrangement import Box
from nep_toolbox.layouts.page import Page, in_degrees, round_below, set_crs, width_km

EXTENTS = {
    "EPSG:32650": QgsRectangle(500_000.0, 4_000_000.0, 600_000.0, 4_060_000.0),  # 100 km at the central meridian
    "EPSG:4326": QgsRectangle(110.0, -30.0, 111.0, 30.0),  # a degree of the equator
}


@pytest.fixture
def page(project):
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:32650"), True)
    return Page(project, "page", 174.0, "DejaVu Sans")


def items(page: Page, kind) -> list:
    return [item for item in page.layout.items() if isinstance(item, kind)]


@pytest.mark.parametrize(("value", "rounded"), [
    (1.0, 1.0), (1.99, 1.0), (2.0, 2.0), (4.9, 2.0), (9.99, 5.0), (10.0, 10.0), (0.037, 0.02), (730.0, 500.0),
    (0.1 * 3 / 3, 0.1),
])
def test_round_numbers(value, rounded):
    assert round_below(value) == pytest.approx(rounded)


@pytest.mark.parametrize(("crs", "kilometres"), [("EPSG:32650", 100.035), ("EPSG:4326", 111.320)])
def test_the_width_of_a_map(project, crs, kilometres):
    project.setCrs(QgsCoordinateReferenceSystem(crs), True)
    assert width_km(project, EXTENTS[crs]) == pytest.approx(kilometres, abs=0.01)


def test_maps_on_a_sphere_are_measured(project):
    sinusoidal = QgsCoordinateReferenceSystem.fromProj("+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m")
    set_crs(project, sinusoidal)
    # Along a parallel the projection keeps lengths on its sphere, which is no more than 0.5 % off the ellipsoid.
    extent = QgsRectangle(-1_300_000.0, 1_800_000.0, -1_200_000.0, 1_900_000.0)
    assert width_km(project, extent) == pytest.approx(100.0, rel=0.005)


@pytest.mark.parametrize(("crs", "ellipsoid"), [("EPSG:32650", "EPSG:7030"), ("EPSG:4214", "EPSG:7024")])
def test_other_maps_are_measured_on_their_own_ellipsoid(project, crs, ellipsoid):
    set_crs(project, QgsCoordinateReferenceSystem(crs))
    assert (project.crs().authid(), project.ellipsoid()) == (crs, ellipsoid)


def test_an_extent_in_degrees(page):
    found = in_degrees(page.project, EXTENTS["EPSG:32650"])
    assert found.xMinimum() == pytest.approx(117.0) and found.width() == pytest.approx(1.12, abs=0.01)


def test_a_map_has_its_box_and_its_extent(page):
    item = page.map(Box(5.0, 10.0, 60.0, 36.0), [], EXTENTS["EPSG:32650"], "a map")
    assert (item.rect().width(), item.rect().height()) == (60.0, 36.0)
    assert item.extent().toRectF() == EXTENTS["EPSG:32650"].toRectF()
    assert (item.pagePos().x(), item.pagePos().y()) == pytest.approx((5.3, 10.3))  # the margin of the page


@pytest.mark.parametrize("height", [10.0, 100.0])
def test_a_map_of_another_shape_shows_the_whole_extent(page, height):
    extent = EXTENTS["EPSG:32650"]
    item = page.map(Box(0.0, 0.0, 60.0, height), [], extent, "map")
    shown = item.extent().buffered(1.0)
    assert shown.contains(extent)
    assert item.extent().width() / item.extent().height() == pytest.approx(60.0 / height)


@pytest.mark.parametrize("crs", EXTENTS)
@pytest.mark.parametrize("zoom", [40.0, 1.0, 0.01, 1e-4])
@pytest.mark.parametrize("width", [40.0, 130.0])
def test_a_scale_bar_is_round_and_has_room(project, crs, zoom, width):
    project.setCrs(QgsCoordinateReferenceSystem(crs), True)
    page = Page(project, "page", 174.0, "DejaVu Sans")
    extent = EXTENTS[crs].buffered(0.0)
    extent.scale(zoom)
    item = page.map(Box(0.0, 0.0, width, width * extent.height() / extent.width()), [], extent, "map")
    page.scale_bar(Box(140.0, 0.0, 28.0, 7.0), item)
    (bar,) = items(page, QgsLayoutItemScaleBar)
    parts, units = bar.numberOfSegments(), bar.unitsPerSegment()
    assert bar.units() == QgsUnitTypes.DistanceUnit.DistanceKilometers
    assert f"{units:.0e}"[0] in "125" and units == pytest.approx(float(f"{units:.0e}"))
    # On the page: the share that the bar has of the width of the map.
    length = parts * units / width_km(project, extent) * width
    assert 3.0 < length <= 20.0
    assert bar.rect().width() < 28.0 + 1e-6
    if parts == 2:
        assert length / 2 > page.text_width(f"{units:,g}") / 2 + page.text_width(f"{2 * units:,g}") / 2


def test_letters_follow_each_other(page):
    inner = [page.heading(Box(50.0 * place, 0.0, 45.0, 30.0), "Map") for place in range(2)]
    page.heading(Box(120.0, 0.0, 45.0, 30.0), "None", lettered=False)
    texts = [item.text() for item in items(page, QgsLayoutItemLabel)]
    assert sorted(texts) == ["(A)", "(B)", "Map", "Map", "None"]
    assert inner[0].y > 0.0 and inner[0].bottom == 30.0


def test_a_long_title_gets_smaller(page):
    page.heading(Box(0.0, 0.0, 40.0, 30.0), "A title that is somewhat longer than its map is")
    title = next(item for item in items(page, QgsLayoutItemLabel) if item.text().startswith("A title"))
    font = title.textFormat().font() if hasattr(title, "textFormat") else title.font()
    assert 5.0 <= font.pointSizeF() < 7.0


@pytest.mark.parametrize("text", [
    "Extremely significant increase", "极显著上升的区域面积占研究区的比例", "Averyveryverylongword",
])
def test_texts_are_broken_to_fit(page, text):
    lines = page.wrapped(text, 18.0)
    assert len(lines) > 1 and "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(page.text_width(line) <= 18.0 for line in lines)
    assert page.wrapped(text, 100.0) == [text]


def test_degrees_along_a_map(page):
    item = page.map(Box(5.0, 0.0, 60.0, 36.0), [], EXTENTS["EPSG:32650"], "map")
    page.graticule(item, 0.5, 0.25)
    grid = item.grid()
    assert grid.enabled() and grid.crs().authid() == "EPSG:4326"
    assert (grid.intervalX(), grid.intervalY()) == (0.5, 0.25)


def test_the_north_arrow_is_in_the_project_itself(page):
    item = page.map(Box(5.0, 10.0, 60.0, 36.0), [], EXTENTS["EPSG:32650"], "a map")
    page.north_arrow(Box(0.0, 60.0, 9.0, 9.0), item)
    (arrow,) = items(page, QgsLayoutItemPicture)
    assert arrow.picturePath().startswith("base64:") and not arrow.isMissingImage()
    assert arrow.mode() == QgsLayoutItemPicture.Format.FormatSVG
    assert arrow.linkedMap() is item and arrow.northMode() == QgsLayoutItemPicture.NorthMode.TrueNorth
