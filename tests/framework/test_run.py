"""What a tool works with while it runs."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import numbers, write_layer, write_raster, yearly
from testkit.tools import Feedback
from testkit.toy import call, toy

from nep_toolbox.errors import Cancelled, YearNotFound
from nep_toolbox.framework.run import Run
from nep_toolbox.raster.reader import StackReader

pytestmark = pytest.mark.usefixtures("qgis_app")


def within(parameters: dict, look, feedback=None) -> None:
    """Call ``look(run)`` inside of a run."""
    seen = []
    call(toy(compute=lambda run: seen.append(look(run))), parameters, feedback)
    assert len(seen) == 1


def paths(layers) -> list:
    return [layer.path for layer in layers]


def test_layers_in_the_order_given(tmp_path):
    given = paths(yearly(tmp_path, (2003, 2001, 2002)))

    def look(run):
        assert paths(run.layers("INPUT")) == given
        assert run.has_input("INPUT") and not run.has_input("FEATURES") and run.layers("NOTHING") == []
        assert run.raster("INPUT").steps[0].layer.path == given[0]

    within({"INPUT": given}, look)


def test_series_with_their_years(tmp_path):
    feedback = Feedback()
    given = paths(yearly(tmp_path, (2003, 2001, 2002)))

    def look(run):
        assert run.series("INPUT").years == [2001, 2002, 2003]
        assert run.series("INPUT", years="2011-2013").years == [2011, 2012, 2013]
        assert [each.years for each in run.series_of_each("INPUT")] == [[2003], [2001], [2002]]

    within({"INPUT": given}, look, feedback)
    assert "Rasters: 3 time steps" in feedback.infos and "Rasters: 1 time step" in feedback.infos


def test_the_parameter_of_years(tmp_path):
    given = paths(yearly(tmp_path, (2003, 2001)))

    def look(run):
        assert run.series("INPUT").years == [1990, 1991]

    within({"INPUT": given, "YEARS": "1990,1991"}, look)


def test_years_belong_to_the_first_series(tmp_path):
    first = [write_layer(tmp_path / f"{letter}.tif", np.zeros((3, 4))) for letter in "ab"]
    second, feedback = paths(yearly(tmp_path, (2005, 2006))), Feedback()

    def look(run):
        run._inputs.rasters["FILES"] = first  # a second series, which the toy does not declare
        assert run.series("FILES").years == [2001, 2002]
        assert run.series("INPUT").years == [2005, 2006]
        assert run.series("FILES").years == [2001, 2002]
        assert [each.years for each in run.series_of_each("INPUT")] == [[2005], [2006]]
        with pytest.raises(YearNotFound, match="⟨LANDCOVER_YEARS⟩ names 1 year,"):
            run.series("INPUT", years="2001", key="LANDCOVER_YEARS")
        assert run.series("INPUT", years="2011-2012", key="LANDCOVER_YEARS").years == [2011, 2012]

    within({"INPUT": second, "YEARS": "2001-2002"}, look, feedback)
    names, given = feedback.warnings[0], feedback.warnings[-1]
    assert names.startswith("Names of the series of 'NPP_2005' say otherwise than 'Years, if names do not say them' (")
    assert given.startswith("LANDCOVER_YEARS says otherwise than names do; taken are 'NPP_2005' as 2011")


def test_every_band_by_itself(tmp_path):
    two = write_raster(tmp_path / "two.tif", np.zeros((2, 3, 4)))
    one = write_raster(tmp_path / "one.tif", np.zeros((3, 4)))

    def look(run):
        steps = [(band.steps[0].layer.path, band.steps[0].band) for band in run.bands("INPUT")]
        assert steps == [(two, 1), (two, 2), (one, 1)]

    within({"INPUT": [two, one]}, look)


def test_a_part_of_the_progress(tmp_path):
    (raster,) = paths(yearly(tmp_path, (2001,)))
    feedback = Feedback()

    def look(run):
        run.engine(0.25, 0.75).progress(0.25)
        assert feedback.progress() == 37.5
        run.advance(0.9)
        assert feedback.progress() == 90.0
        feedback.cancel()
        with pytest.raises(Cancelled):
            run.advance(0.95)

    within({"INPUT": [raster]}, look, feedback)


def test_how_blocks_are_computed(tmp_path):
    (raster,) = paths(yearly(tmp_path, (2001,)))

    def look(run):
        engine = run.engine()
        assert (engine.threads, engine.memory, engine.scheduler) == (3, 64 * 2**20, "tcp://host:1")

    within({"INPUT": [raster], "THREADS": 3, "MEMORY": 64, "SCHEDULER": " tcp://host:1 "}, look)


@pytest.mark.parametrize("block", [None, (2, 1), (100, 2)])
def test_blocks_make_the_whole(tmp_path, monkeypatch, block):
    monkeypatch.setattr(Run, "block", block)
    values = np.arange(12.0).reshape(3, 4)
    raster = write_raster(tmp_path / "npp_2001.tif", values)
    feedback = Feedback()
    call(toy(), {"INPUT": [raster], "MAP": str(tmp_path / "map.tif")}, feedback)
    assert numbers(tmp_path / "map.tif").tolist() == (2 * values).tolist()
    assert feedback.progress() == 100.0
    width, height = (min(side, whole) for side, whole in zip(block or (4, 3), (4, 3)))
    assert any(line.startswith(f"Blocks of {width} x {height} cells, ") for line in feedback.infos)
    assert sum(line.startswith("Grid: ") for line in feedback.infos) == 1


def add(stack) -> dict:
    return {"sum": float(stack.sum())}


def test_blocks_without_a_raster_result(tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (100, 1))
    raster = write_raster(tmp_path / "npp_2001.tif", np.arange(12.0).reshape(3, 4))

    def look(run):
        series = run.series("INPUT")
        blocks = list(run.blocks(add, {"stack": StackReader.of(series)}, series.grid, 8.0))
        assert [(window.row, block["sum"]) for window, block in blocks] == [(0, 6.0), (1, 22.0), (2, 38.0)]

    within({"INPUT": [raster]}, look)


def test_no_regions(tmp_path):
    raster = write_raster(tmp_path / "npp_2001.tif", np.zeros((3, 4)))

    def look(run):
        assert run.regions(run.series("INPUT").grid) == ()

    within({"INPUT": [raster]}, look)


def test_numbers_among_the_results():
    found = []
    within({}, lambda run: found.extend((run.number("SHARE", np.float32(2.5)), run.number("NONE", float("nan")),
                                         dict(run.results))))
    assert found[2] == {"SHARE": 2.5} and type(found[2]["SHARE"]) is float


def test_codes_among_the_values_of_a_series_are_told(tmp_path):
    raw = [
        write_raster(tmp_path / f"npp_{year}.tif", [[5000, 32766], [32761, 4000]], kind="int16", nodata=32767)
        for year in (2001, 2002)
    ]
    feedback = Feedback()
    within({"INPUT": raw}, lambda run: run.series("INPUT"), feedback)
    (warning,) = feedback.warnings
    assert warning.startswith("'npp_2001' holds the numbers 32761, 32766. In MOD17A3HGF they say")
    feedback = Feedback()
    within({"INPUT": raw}, lambda run: run.series_of_each("INPUT"), feedback)
    assert len(feedback.warnings) == 2
    feedback = Feedback()
    within({"INPUT": raw}, lambda run: run.series("INPUT", look_for_codes=False), feedback)
    assert feedback.warnings == []


def test_a_part_of_a_run(tmp_path):
    feedback, told, moved = Feedback(), [], []
    feedback.progressChanged.connect(moved.append)

    def look(run):
        part = run.part(0.5, 1.0, told)
        part.log.info("set ⟨INPUT⟩")
        part.advance(0.5)
        run.part(0.0, 1.0, told, quiet=True).log.warn("in vain")
        assert part.layers("INPUT") == run.layers("INPUT") and part.parameters is run.parameters

    within({"INPUT": paths(yearly(tmp_path, (2001,)))}, look, feedback)
    assert told == [("info", "set 'Rasters' (INPUT)"), ("warning", "in vain")]
    assert "set 'Rasters' (INPUT)" in feedback.infos and not feedback.warnings and 75.0 in moved


def test_other_rasters_for_a_parameter(tmp_path):
    other = yearly(tmp_path / "other", (2005,))

    def look(run):
        changed = run.with_layers("INPUT", other)
        assert changed.series("INPUT").years == [2005] and run.series("INPUT").years == [2001]

    within({"INPUT": paths(yearly(tmp_path, (2001,)))}, look)


@pytest.mark.usefixtures("provider")
def test_a_tool_as_a_part_of_a_run(tmp_path):
    feedback, told = Feedback(), []
    given, target = paths(yearly(tmp_path, range(2001, 2010))), tmp_path / "slope.tif"

    def look(run):
        results = run.child("nep:trend", {"INPUT": given, "SLOPE": str(target)}, 0.0, 0.5, told)
        assert results["SLOPE"] == str(target)
        run.child("nep:trend", {"INPUT": given, "SLOPE": str(target)}, quiet=True)

    within({"INPUT": given}, look, feedback)
    assert ("info", "  Annual series: 9 time steps") in told
    assert feedback.infos.count("  Annual series: 9 time steps") == 1
    assert np.unique(numbers(target)).tolist() == [1.0]
