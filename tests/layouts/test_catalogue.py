"""Every layer has its place and a name of its own."""

from __future__ import annotations

import pytest

from nep_toolbox.layouts.catalogue import GROUPS, RASTERS, is_height


def test_each_raster_is_in_a_group_and_named_once():
    assert {entry.group for entry in RASTERS} <= set(GROUPS)
    for values in ([entry.key for entry in RASTERS], [entry.file for entry in RASTERS], [e.name for e in RASTERS]):
        assert len(values) == len(set(values))


def test_no_file_name_is_in_a_name():
    for entry in RASTERS:
        assert entry.file.rpartition("/")[2] not in entry.name and "_" not in entry.name


def test_one_map_of_a_group_is_shown():
    shown = [entry.group for entry in RASTERS if entry.shown]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize(("name", "height"), [
    ("Elevation", True), ("dem_srtm", True), ("DEM", True), ("高程", True), ("Slope", False), ("population", False),
    ("", False), ("Canopy height", False),
])
def test_the_height_above_the_sea(name, height):
    assert is_height(name) is height
