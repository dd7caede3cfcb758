"""nep:landcovertransition through files: a province with known answers, real maps, the Sankey, the map."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, run, table
from testkit.transitions import links, maps, transition

pytestmark = pytest.mark.usefixtures("provider")

NODATA = -(2**31)


def pixels(rows) -> dict:
    """Pixels by the key of a row of the table of transitions."""
    keys = ("from_year", "to_year", "from_class", "to_class")
    return {tuple(int(row[key]) for key in keys): int(row["pixels"]) for row in rows}


def require_margins(paths):
    """The transitions of each date add up to its areas, and the percentages of each class to 100."""
    transitions, areas = table(paths["TRANSITIONS"]), table(paths["AREAS"])
    for row in areas:
        for end in ("from", "to"):
            same = [other for other in transitions if (other[f"{end}_year"], other[f"{end}_class"]) ==
                    (row["year"], row["class"])]
            if same:
                assert sum(int(other["pixels"]) for other in same) == int(row["pixels"])
                area = sum(float(other["area_km2"]) for other in same)
                assert area == pytest.approx(float(row["area_km2"]), rel=1e-12)
    shares: dict = {}
    for row in transitions:
        key = row["from_year"], row["from_class"]
        shares[key] = shares.get(key, 0.0) + float(row["percent_of_from"])
    assert list(shares.values()) == pytest.approx([100.0] * len(shares), abs=1e-10)


def test_the_made_up_province(province, tmp_path):
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))["landcover"]
    paths = transition(tmp_path, sorted(map(str, province.glob("landcover_*.tif"))))
    rows = table(paths["TRANSITIONS"])
    assert pixels(rows) == {
        tuple(row[key] for key in ("from_year", "to_year", "from_class", "to_class")): row["pixels"]
        for row in truth["transitions"]
    }
    names = truth["classes"]  # from the style beside each raster
    of_class = {(row["year"], row["class"]): row["pixels"] for row in truth["areas"]}
    for row in rows:
        assert (row["from_label"], row["to_label"]) == (names[row["from_class"]], names[row["to_class"]])
        assert float(row["area_km2"]) == int(row["pixels"])
        share = 100 * int(row["pixels"]) / of_class[int(row["from_year"]), int(row["from_class"])]
        assert float(row["percent_of_from"]) == pytest.approx(share, rel=1e-14)
    areas = table(paths["AREAS"])
    assert [(int(row["year"]), int(row["class"]), int(row["pixels"])) for row in areas] == [
        (row["year"], row["class"], row["pixels"]) for row in truth["areas"]
    ]
    whole = sum(row["pixels"] for row in truth["areas"] if row["year"] == truth["dates"][0])
    assert [float(row["percent"]) for row in areas] == pytest.approx(
        [100 * row["pixels"] / whole for row in truth["areas"]], rel=1e-14
    )
    assert links(paths["SANKEY"]) == {
        (f"{row['from_label']} {row['from_year']}", f"{row['to_label']} {row['to_year']}"): float(row["area_km2"])
        for row in rows
    }
    require_margins(paths)


def test_the_sankey_needs_no_network(province, tmp_path):
    paths = transition(tmp_path, sorted(map(str, province.glob("landcover_*.tif"))))
    page = Path(paths["SANKEY"]).read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?(http|//)", page)
    assert "Plotly.newPlot" in page and len(page) > 1_000_000


def test_map_of_changes(province, tmp_path):
    files = sorted(map(str, province.glob("landcover_*.tif")))
    paths = transition(tmp_path, files)
    first, last = (stored(path)[0].astype(np.int64) for path in (files[0], files[-1]))
    change = stored(paths["CHANGE"])[0]
    assert change.dtype == np.int32
    np.testing.assert_array_equal(change, np.where((first > 0) & (last > 0), 1000 * first + last, NODATA))
    layer = QgsRasterLayer(paths["CHANGE"], "again")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    entries = [(int(entry.value), entry.label, entry.color.name()) for entry in renderer.classes()]
    counted = Counter(change[change != NODATA].tolist())
    assert {code for code, _, _ in entries} == set(counted)
    changes = [code for code, _, _ in entries if code // 1000 != code % 1000]
    assert [code for code, _, _ in entries][: len(changes)] == changes
    assert [counted[code] for code in changes] == sorted((counted[code] for code in changes), reverse=True)
    assert len({colour for _, _, colour in entries}) == len(entries)
    labels = {code: label for code, label, _ in entries}
    assert labels[1007] == "Cropland to Construction land"
    assert labels[2002] == "Forest, unchanged"


def test_real_maps_of_new_guinea(shared, tmp_path):
    folder = shared / "data/newguinea_landcover_2001_2015"
    files = [str(folder / f"landcover{year}.tif") for year in (2001, 2015)]
    tracemalloc.start()
    paths = transition(tmp_path / "1", files, THREADS=1, MEMORY=64)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A whole date takes 112 MB as Float32, both with their classes 670 MB.
    assert peak < 100 * 2**20
    rows = table(paths["TRANSITIONS"])
    changed = sum(count for (_, _, before, after), count in pixels(rows).items() if before != after)
    assert changed == 223_047
    assert sum(pixels(rows).values()) == 9_358_246
    for row in rows:
        assert float(row["area_km2"]) == int(row["pixels"]) * 9 / 100
    for row in table(paths["AREAS"]):
        assert float(row["area_km2"]) == int(row["pixels"]) * 9 / 100
    require_margins(paths)
    other = transition(tmp_path / "2", files, THREADS=2, MEMORY=1024)
    assert identical(paths["CHANGE"], other["CHANGE"])
    assert table(other["TRANSITIONS"]) == rows
    # The colours of its colour table.
    dataset = gdal.Open(files[0])  # which owns its band
    colour = dataset.GetRasterBand(1).GetColorTable().GetColorEntry(2)
    node = figures(paths["SANKEY"])[0]["data"][0]["node"]
    forest = next(place for place, text in enumerate(node["customdata"]) if text.startswith("Class 2, 2001:"))
    assert node["color"][forest] == "#{:02x}{:02x}{:02x}".format(*colour[:3])


def test_fourteen_dates_with_signed_and_unsigned_files(shared, tmp_path):
    files = sorted((shared / "data/assaba_gpp_2010_2023/landcover").glob("*LCT.tif"))
    assert len(files) == 14
    feedback = Feedback()
    paths = transition(tmp_path, [str(path) for path in files], feedback)
    assert "nodata -128" in feedback.log and "nodata 255" in feedback.log
    planes = [gdal.Open(str(path)).ReadAsArray().astype(np.int64) for path in files]
    # What the files hold: classes up to 17; GDAL before 3.7 reads the signed -128 as 128.
    planes = [np.where((plane > 0) & (plane <= 17), plane, 0) for plane in planes]
    expected = Counter()
    for year, first, second in zip(range(2010, 2023), planes, planes[1:]):
        both = (first > 0) & (second > 0)
        for pair, count in zip(*np.unique(first[both] * 100 + second[both], return_counts=True)):
            expected[year, year + 1, int(pair) // 100, int(pair) % 100] = int(count)
    assert pixels(table(paths["TRANSITIONS"])) == expected
    require_margins(paths)


def test_sixty_classes_and_one_that_appears_once(tmp_path):
    rng = np.random.default_rng(5)
    stack = rng.integers(1, 61, (3, 40, 50)).astype(np.uint8)
    stack[1, 7, 9] = 200
    feedback = Feedback()
    paths = transition(tmp_path / "out", maps(tmp_path, stack, (2001, 2005, 2010), kind="uint8"), feedback)
    found = pixels(table(paths["TRANSITIONS"]))
    for first, second, years in ((stack[0], stack[1], (2001, 2005)), (stack[1], stack[2], (2005, 2010))):
        expected = Counter(zip(first.ravel().tolist(), second.ravel().tolist()))
        assert {key[2:]: count for key, count in found.items() if key[:2] == years} == expected
    once = [row for row in table(paths["AREAS"]) if row["class"] == "200"]
    assert [(row["year"], row["pixels"], row["area_km2"]) for row in once] == [("2005", "1", "0.0009")]
    require_margins(paths)
    layer = QgsRasterLayer(paths["CHANGE"], "again")
    assert 40 < len(layer.renderer().classes()) <= 60
    assert re.search(r"names the largest changes; \d+ others, [\d.]+ km2 together", feedback.log)


@pytest.mark.parametrize("kind", ["float32", "float64", "int16"])
def test_type_of_the_raster_does_not_matter(kind, tmp_path):
    stack = np.random.default_rng(6).integers(1, 5, (2, 10, 12))
    stack[0, 0, 0] = 0
    plain = transition(tmp_path / "1", maps(tmp_path / "a", stack, (2001, 2010), nodata=0, kind="uint8"))
    other = transition(tmp_path / "2", maps(tmp_path / "b", stack, (2001, 2010), nodata=0, kind=kind))
    assert table(plain["TRANSITIONS"]) == table(other["TRANSITIONS"])
    assert identical(plain["CHANGE"], other["CHANGE"])


def test_fractions_are_no_classes(tmp_path):
    stack = np.ones((2, 4, 5))
    stack[1, 2, 3] = 2.5
    with pytest.raises(QgsProcessingException, match="'cover_2010' holds 2.5, and a class is a whole.*nep:harmonize"):
        transition(tmp_path / "out", maps(tmp_path, stack, (2001, 2010)))
    assert list((tmp_path / "out").iterdir()) == []


def test_another_resolution_names_the_tool_that_mends_it(tmp_path):
    one = write_raster(tmp_path / "cover_2001.tif", np.ones((10, 10)))
    other = write_raster(tmp_path / "cover_2010.tif", np.ones((5, 5)), transform=(500000, 60, 0, 4000000, 0, -60))
    with pytest.raises(QgsProcessingException, match="'cover_2010' does not lie on the grid.*nep:harmonize"):
        transition(tmp_path / "out", [one, other])


def test_dates_that_share_no_pixel(tmp_path):
    stack = np.zeros((2, 4, 5))
    stack[0, :2] = stack[1, 2:] = 3
    with pytest.raises(QgsProcessingException, match="has a class on two consecutive dates"):
        transition(tmp_path / "out", maps(tmp_path, stack, (2001, 2010), nodata=0))
    assert list((tmp_path / "out").iterdir()) == []


def test_classes_beyond_999_have_no_map_of_changes(tmp_path):
    files = maps(tmp_path, np.full((2, 4, 5), 1200.0), (2001, 2010))
    with pytest.raises(QgsProcessingException, match="there is a class 1200.*leave the change map out"):
        transition(tmp_path / "out", files)
    rows = tmp_path / "rows.csv"
    run("nep:landcovertransition", {"INPUT": files, "TRANSITIONS": str(rows)})
    assert table(rows)[0]["to_label"] == "1200"


def test_small_changes_are_merged_in_the_sankey_alone(tmp_path):
    stack = np.ones((2, 20, 20))
    stack[1, 0, :10] = 2
    stack[1, 1, 0], stack[1, 1, 1] = 3, 4
    files = maps(tmp_path, stack, (2001, 2010))
    paths = transition(tmp_path / "out", files, SANKEY_THRESHOLD=1.0)
    cell = 0.0009
    assert links(paths["SANKEY"]) == pytest.approx({
        ("Class 1, 2001", "Class 1, 2010"): 388 * cell, ("Class 1, 2001", "Class 2, 2010"): 10 * cell,
        ("Class 1, 2001", "other changes, 2001 to 2010"): 2 * cell,
        ("other changes, 2001 to 2010", "Class 3, 2010"): cell, ("other changes, 2001 to 2010", "Class 4, 2010"): cell,
    })
    hint = "Classes without a name are shown by their number"
    assert hint in Path(paths["SANKEY"]).read_text(encoding="utf-8")
    named = transition(tmp_path / "named", files, CLASS_NAMES="1=a;2=b;3=c;4=d")
    assert hint not in Path(named["SANKEY"]).read_text(encoding="utf-8")
    assert len(table(paths["TRANSITIONS"])) == 4


def test_one_date_is_not_enough(tmp_path):
    with pytest.raises(QgsProcessingException, match="1 time step"):
        transition(tmp_path / "out", maps(tmp_path, np.ones((1, 4, 5)), (2001,)))


def test_areas_in_degrees_are_those_of_the_ellipsoid(tmp_path):
    files = maps(tmp_path, np.ones((2, 3, 4)), (2001, 2010), transform=(100.0, 0.1, 0, 40.0, 0, -0.1), crs=4326)
    paths = transition(tmp_path / "out", files)
    # The element of area on WGS 84, a^2 (1-e^2) cos(lat) / (1 - e^2 sin(lat)^2)^2, summed over 10,000 thin strips.
    flattening, semi_major = 1 / 298.257223563, 6378137.0
    square = flattening * (2 - flattening)
    lat = np.radians(39.7 + 0.3 * (np.arange(10_000) + 0.5) / 10_000)
    element = semi_major**2 * (1 - square) * np.cos(lat) / (1 - square * np.sin(lat) ** 2) ** 2
    area = element.mean() * np.radians(0.3) * np.radians(0.4)
    assert float(table(paths["AREAS"])[0]["area_km2"]) == pytest.approx(area / 1e6, rel=1e-9)
    assert np.isfinite(numbers(paths["CHANGE"])).all()
