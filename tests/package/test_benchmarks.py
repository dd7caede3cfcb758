"""The benchmarks: their inputs are what they say, and what was measured becomes a page."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

PROJECT = Path(__file__).resolve().parents[2]
BENCHMARKS = PROJECT / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch):
    """Imports a script of the folder, and forgets it again."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "").parent == BENCHMARKS:
            del sys.modules[name]


def test_a_series_has_its_level_its_gaps_and_its_years(benchmark, tmp_path):
    inputs = benchmark("inputs")
    data = gdal.Open(str(inputs.series(tmp_path / "series.tif", 300, level=100.0, years=(2019, 2020), gaps=0.1)))
    values = data.ReadAsArray()
    missing = values == inputs.NODATA
    assert [data.GetRasterBand(number).GetDescription() for number in (1, 2)] == ["2019", "2020"]
    assert abs(missing.mean() - 0.1) < 0.01
    for number, band in enumerate(values, start=1):
        known = band[band != inputs.NODATA]
        assert abs(known.mean() - (100 + 2 * number)) < 1 and abs(known.std() - 40) < 1


def test_the_regions_share_their_borders_and_do_not_overlap(benchmark, tmp_path):
    inputs = benchmark("inputs")
    source = ogr.Open(str(inputs.regions(tmp_path / "regions.geojson", 400)))
    shapes = [feature.GetGeometryRef().Clone() for feature in source.GetLayer()]
    assert len(shapes) == 25 and all(shape.IsValid() for shape in shapes)
    union = shapes[0]
    for shape in shapes[1:]:
        union = union.Union(shape)
    area = (400 * inputs.CELL) ** 2
    assert sum(shape.GetArea() for shape in shapes) == pytest.approx(union.GetArea(), rel=1e-9)
    assert 0.8 * area < union.GetArea() < area


def test_a_raster_for_each_month(benchmark, tmp_path):
    made = benchmark("inputs").monthly(tmp_path / "monthly", 8, 5000.0, 14)
    assert [path.stem for path in made[::12]] == ["t_1981_01", "t_1982_01"] and len(set(made)) == 14
    values = [gdal.Open(str(path)).ReadAsArray() for path in made]
    assert values[0].shape == (8, 8) and all((one != other).any() for one, other in zip(values, values[1:]))


def test_a_copy_holds_the_values(benchmark, tmp_path):
    inputs = benchmark("inputs")
    source = inputs.series(tmp_path / "series.tif", 300, years=(2019, 2020))
    for mode, files in (("read", [source]), ("copy", [source, tmp_path / "copy.tif"])):
        command = [sys.executable, str(BENCHMARKS / "floor.py"), mode, *map(str, files)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert float(said) > 0
    np.testing.assert_array_equal(*(gdal.Open(str(path)).ReadAsArray() for path in (source, tmp_path / "copy.tif")))


def test_a_raster_for_scale_has_values_in_its_first_tile_also_as_an_optimized_one(benchmark, tmp_path):
    scale, side = benchmark("scale"), 1100
    scale.write(tmp_path / "series.tif", side)
    scale.optimize(tmp_path / "series.tif", tmp_path / "optimized.tif")
    for path in (tmp_path / "series.tif", tmp_path / "optimized.tif"):
        data = gdal.Open(str(path))
        for number in (1, 20):
            values = data.GetRasterBand(number).ReadAsArray()
            held = values != scale.inputs.NODATA
            assert held[:512, :512].all() and held.sum() == 512 * 512
            assert abs(values[held].mean() - (400 + 2 * number)) < 1
        assert data.RasterCount == 20 and path.stat().st_size < 512 * 512 * 20 * 4
    assert gdal.Open(str(tmp_path / "optimized.tif")).GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"


def test_what_was_fetched_and_fetched_again(benchmark):
    scale = benchmark("scale")
    requests = [(scale.NAME, 0, 50), (scale.NAME, 40, 90), (f"{scale.NAME}.aux.xml", 0, 100)]
    assert scale.fetched(scale.Served("", requests), 100) == "90.0%, 10.00% again"


def test_what_a_process_took():
    """Asked from a small process, as a benchmark is one: the child of a large process is counted as large."""
    program = "import time; files = [open('/dev/null') for _ in range(40)]; held = bytearray(2**29)"
    program = f"{program}; held[::4096] = bytes(2**17); time.sleep(1)"  # every page of it is touched
    asking = "import processes, sys; print(*processes.run([sys.executable, '-c', sys.argv[1]]))"
    command = [sys.executable, "-c", asking, program]
    said = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True, check=True).stdout
    seconds, processor, peak, files = map(float, said.split())
    assert 40 < files < 80
    assert 2**29 < peak < 2**30 and processor < seconds


def test_a_page_is_made_of_what_was_kept(benchmark, tmp_path):
    page, sections = benchmark("page"), benchmark("sections")
    for topic, release in (("growth", "3.22.16"), ("tools", "3.40.6"), ("tools", "3.4.0")):
        one = sections.Section(f"{topic} {release}", "A text.", ("what", "ratio"), [("it", "1.00 (0.90 to 1.20)")])
        sections.save(tmp_path / f"{topic}@{release}.json", [one])
    lines = page.page(tmp_path).splitlines()
    headings = [line[3:] for line in lines if line.startswith("## ")]
    assert headings == ["tools 3.4.0", "tools 3.40.6", "growth 3.22.16"]
    assert lines[0] == "# Performance"
    assert lines[-4:] == ["", "| what | ratio |", "| --- | --- |", "| it | 1.00 (0.90 to 1.20) |"]


def test_a_spread_is_the_median_and_the_range(benchmark):
    assert benchmark("sections").spread([3.0, 1.0, 2.0], 1) == "2.0 (1.0 to 3.0)"


def test_every_topic_of_the_page_is_a_script_with_tables(benchmark):
    """Read, not imported: some need what the suite does not install."""
    topics = benchmark("page").TOPICS
    assert len(topics) > 5
    for topic in topics:
        source = (BENCHMARKS / f"{topic}.py").read_text(encoding="utf-8")
        assert "def sections(" in source, topic


def test_every_tool_of_the_table_takes_the_parameters_it_is_given(benchmark, tmp_path, provider):
    tools = benchmark("tools")
    for task in tools.TASKS:
        algorithm = provider.algorithm(task.tool.partition(":")[2])
        known = {definition.name() for definition in algorithm.parameterDefinitions()}
        assert set(task.parameters(tmp_path, tmp_path)) <= known, task.name
        assert bool(task.floor) != bool(task.task), task.name
