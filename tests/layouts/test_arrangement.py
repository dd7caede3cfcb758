"""Nothing on a page lies on something else, or outside of it."""

from __future__ import annotations

import itertools

import pytest

from nep_toolbox.layouts.arrangement import HEAD, Box, columns, equal_maps, map_size, panel_sizes

WIDTHS = (174.0, 85.0)


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return a.x < b.right - 1e-9 and b.x < a.right - 1e-9 and a.y < b.bottom - 1e-9 and b.y < a.bottom - 1e-9


def test_a_box():
    box = Box(1.0, 2.0, 10.0, 5.0)
    assert (box.right, box.bottom) == (11.0, 7.0)
    assert box.below(4.0) == Box(1.0, 6.0, 10.0, 1.0)


def test_columns_fill_the_width():
    assert columns(174.0, 2) == [(0.0, 85.5), (88.5, 85.5)]


def test_a_map_fills_the_width_unless_it_were_too_high():
    assert map_size(50.0, 0.8) == (50.0, 40.0)
    assert map_size(50.0, 8.0, most=100.0) == (12.5, 100.0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", range(1, 6))
@pytest.mark.parametrize("ratio", [0.2, 0.75, 1.3, 3.0])
def test_equal_maps(width, count, ratio):
    grid = equal_maps(width, count, ratio)
    boxes = [*grid.panels, *([grid.legends] if grid.legends else [])]
    assert len(grid.panels) == count
    assert not any(overlap(a, b) for a, b in itertools.combinations(boxes, 2))
    for box in grid.panels:
        assert box.x >= 0.0 and box.right <= width + 1e-9 and box.bottom <= grid.height + 1e-9
        assert (box.height - HEAD) / box.width == pytest.approx(ratio)
    assert grid.legends is not None or width < 120.0
    assert grid.height < 230.0


@pytest.mark.parametrize("width", WIDTHS)
def test_charts_fit_the_page(width):
    sizes = panel_sizes(width)
    assert all(side >= 25.0 for size in sizes.values() for side in size if side is not None)
    assert all(size[0] <= width for size in sizes.values())
    # The scatters stand side by side, as wide as the maps below them.
    assert sizes["fig07_precipitation"] == sizes["fig07_temperature"]
    assert 2 * sizes["fig07_precipitation"][0] < width


def test_charts_of_a_column_and_of_a_page():
    assert panel_sizes(85.0)["fig05_shares"] == (pytest.approx(84.4), None)
    # Half of what the legends (37 mm) and two gaps of 3 mm leave of 173.4 mm.
    assert panel_sizes(174.0)["fig05_shares"][0] == pytest.approx((173.4 - 37.0 - 6.0) / 2)


@pytest.mark.parametrize(("ratio", "high"), [(0.75, True), (0.3, False), (2.0, False)])
def test_bars_beside_a_map_are_as_high_where_they_have_room(ratio, high):
    width, height = panel_sizes(174.0, ratio)["fig05_shares"]
    assert height == (pytest.approx(ratio * width) if high else None)
    assert panel_sizes(85.0, ratio)["fig05_shares"][1] is None
