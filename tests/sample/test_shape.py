"""Outline, districts and random streams of the sample province."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from nep_toolbox.sample.shape import generator, rasterize, relief, river_distance

# drawn once with numpy 1.24
STREAM = [0.5118216247002567, 0.9504636963259353, 0.14415961271963373]


def test_random_stream_is_the_one_the_layers_were_drawn_from():
    # the first doubles of PCG64(SeedSequence([1, 0])); another numpy that gave others would change every layer
    assert generator(1, 0).random(3).tolist() == STREAM


def test_districts_share_every_inner_border(province):
    edges = Counter()
    for _, rings in province.regions():
        assert len(rings) == 1
        ring = rings[0]
        assert ring[0] == ring[-1]
        assert shoelace(ring) > 0  # anticlockwise
        edges.update(zip(ring, ring[1:]))
    inner = {edge for edge in edges if edge[::-1] in edges}
    outer = [edge for edge in edges if edge not in inner]
    assert max(edges.values()) == 1
    follow = dict(outer)
    walked, vertex = [outer[0][0]], follow[outer[0][0]]
    while vertex != walked[0]:
        walked.append(vertex)
        vertex = follow[vertex]
    assert len(walked) == len(outer)  # what is not shared is one closed line: the outline
    area = sum(shoelace(rings[0]) for _, rings in province.regions())
    assert area == pytest.approx(shoelace([*walked, walked[0]]), rel=1e-12)
    assert area / 1e6 == pytest.approx(np.count_nonzero(province.valid), rel=0.01)


def test_districts_lie_in_the_grid(province):
    west, cell, _, north, _, _ = province.geotransform
    names = [name for name, _ in province.regions()]
    assert len(names) == len(set(names)) == 13
    for _, rings in province.regions():
        x, y = np.array(rings[0]).T
        assert west < x.min() < x.max() < west + province.cols * cell
        assert north - province.rows * cell < y.min() < y.max() < north


def shoelace(ring):
    return 0.5 * sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:]))


def winding(ring, x, y):
    """Turns of a ring round a point, by the sum of the angles."""
    turns = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        ax, ay, bx, by = x0 - x, y0 - y, x1 - x, y1 - y
        turns += math.atan2(ax * by - ay * bx, ax * bx + ay * by)
    return round(turns / (2 * math.pi))


def test_pixels_belong_to_the_district_around_their_centre(province):
    west, cell, _, north, _, _ = province.geotransform
    regions = province.regions()
    for row in range(3, province.rows, 9):
        for col in range(2, province.cols, 7):
            x, y = west + (col + 0.5) * cell, north - (row + 0.5) * cell
            around = [index for index, (_, rings) in enumerate(regions) if winding(rings[0], x, y)]
            assert around == ([province.region_index[row, col]] if province.valid[row, col] else [])


def test_rasterize_gives_a_shared_edge_to_one_side():
    centres = np.arange(6) + 0.5
    left = [(0, 0), (2.5, 0), (2.5, 6), (0, 6), (0, 0)]
    right = [(2.5, 0), (6, 0), (6, 6), (2.5, 6), (2.5, 0)]
    both = rasterize(left, centres, centres).astype(int) + rasterize(right, centres, centres)
    assert (both == 1).all()
    slanted = [(0, 0), (6, 0), (0, 6), (0, 0)], [(6, 0), (6, 6), (0, 6), (6, 0)]
    assert (sum(rasterize(ring, centres, centres).astype(int) for ring in slanted) == 1).all()


def test_rivers_are_lines_with_water_between_their_banks():
    u, v = (np.arange(600)[None, :] + 0.5) / 600, 1.0 - (np.arange(500)[:, None] + 0.5) / 500
    water = river_distance(u, v) < 0.0
    assert 0.005 < water.mean() < 0.03
    assert water[:, 1:].any(axis=0).all()  # the northern one runs through from west to east
    assert (np.diff(water[int(0.5 * 500)].astype(int)) == 1).sum() == 1  # in the middle only the one past the capital


def test_no_cliff_crosses_a_valley_where_its_river_begins_or_ends():
    u, v = (np.arange(1000)[None, :] + 0.5) / 1000, 1.0 - (np.arange(1000)[:, None] + 0.5) / 1000
    flat = np.zeros((1000, 1000))
    height = relief(u, v, flat, flat + 1.0)
    assert max(np.abs(np.diff(height, axis=axis)).max() for axis in (0, 1)) < 50.0  # m from cell to cell


def test_a_river_lies_in_a_valley():
    u, v = (np.arange(240)[None, :] + 0.5) / 240, 1.0 - (np.arange(200)[:, None] + 0.5) / 200
    flat = np.zeros((200, 240))
    height, river = relief(u, v, flat, flat + 1.0), river_distance(u, v)
    row = 200 - int(0.30 * 200)  # where the river comes down from the ranges
    bed = int(np.argmin(river[row, :120]))
    assert river[row, bed] < 0.0
    assert height[row, bed] < 0.7 * height[row, bed - 20]
