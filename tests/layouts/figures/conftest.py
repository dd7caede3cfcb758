"""What lies on a page."""

from __future__ import annotations

import itertools

import pytest
from qgis.core import (
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
)

from nep_toolbox.layouts.arrangement import Box


class Drawn:
    """A finished figure.

    Parameters
    ----------
    sheet : Sheet
    draw : callable
        Of the figure.
    """

    def __init__(self, sheet, draw):
        self._sheet = sheet  # whose layout owns the items
        self.height = draw(sheet)
        self.width = sheet.page.width
        self.items = [item for item in sheet.page.layout.items() if hasattr(item, "pagePos")]

    def of(self, kind) -> list:
        """The items of a kind, from left to right and from top to bottom."""
        found = [item for item in self.items if isinstance(item, kind)]
        return sorted(found, key=lambda item: (round(item.pagePos().y(), 1), item.pagePos().x()))

    @property
    def texts(self) -> list:
        """All texts."""
        return [item.text().replace("\u00a0", " ") for item in self.of(QgsLayoutItemLabel)]

    @property
    def letters(self) -> list:
        """The letters of the panels, in their places."""
        return [text for text in self.texts if len(text) == 3 and text[0] == "("]

    @property
    def maps(self) -> list:
        """The ids of the maps."""
        return [item.id() for item in self.of(QgsLayoutItemMap)]

    def require_order(self) -> None:
        """Maps, pictures and legends lie on the page and not on each other; one scale bar stands beside the maps."""
        boxes = {item: _box(item) for item in self.items if not isinstance(item, QgsLayoutItemPage)}
        for item, box in boxes.items():
            assert box.x >= 0.0 and box.y >= 0.0, (item.id(), box)
            # A text may have more room than it needs.
            if not isinstance(item, QgsLayoutItemLabel):
                assert box.right <= self.width + 0.6 + 1e-6, (item.id(), box)
                assert box.bottom <= self.height + 0.6 + 1e-6, (item.id(), box)
        maps = [item for item in boxes if isinstance(item, QgsLayoutItemMap)]
        bars = [item for item in boxes if isinstance(item, QgsLayoutItemScaleBar)]
        inside = [bar for bar in bars if any(_overlap(boxes[bar], boxes[item]) for item in maps)]
        assert len(bars) - len(inside) == 1
        solid = [item for item in boxes if not isinstance(item, QgsLayoutItemLabel) and item not in inside]
        for one, other in itertools.combinations(solid, 2):
            assert not _overlap(boxes[one], boxes[other]), (one.id(), boxes[one], other.id(), boxes[other])


def _box(item) -> Box:
    return Box(item.pagePos().x(), item.pagePos().y(), item.rect().width(), item.rect().height())


def _overlap(a: Box, b: Box) -> bool:
    return min(a.right, b.right) - max(a.x, b.x) > 0.05 and min(a.bottom, b.bottom) - max(a.y, b.y) > 0.05


@pytest.fixture
def pictures():
    """The file names of the pictures of a figure, without the north arrow."""

    def names(drawn: Drawn) -> list:
        paths = [item.picturePath() for item in drawn.of(QgsLayoutItemPicture)]
        return [path.rpartition("/")[2] for path in paths if not path.startswith("base64:")]

    return names


@pytest.fixture(params=[174.0, 85.0])
def width(request) -> float:
    """The widths of journals."""
    return request.param


@pytest.fixture
def drawn(sheet, width):
    """Draws a figure on a page of each width."""

    def draw(figure) -> Drawn:
        found = Drawn(sheet(width), figure)
        found.require_order()
        return found

    return draw
