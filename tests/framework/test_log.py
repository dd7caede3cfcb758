"""What a run tells its user."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.tools import Feedback

from nep_toolbox.framework.log import Log
from nep_toolbox.raster.series import Layer, Step, resolve

pytestmark = pytest.mark.usefixtures("qgis_app")


def test_texts_progress_and_cancel():
    feedback = Feedback()
    log = Log(feedback)
    log.info("known")
    log.warn("odd")
    log.progress(0.25)
    assert (feedback.infos, feedback.warnings, feedback.progress()) == (["known"], ["odd"], 25.0)
    assert not log.is_cancelled()
    feedback.cancel()
    assert log.is_cancelled()


def test_what_it_is_told_is_worded_for_the_user():
    feedback = Feedback()
    log = Log(feedback, lambda text: text.replace("⟨YEARS⟩", "'Years' (YEARS)"))
    log.info("⟨YEARS⟩ is empty")
    log.warn("set ⟨YEARS⟩")
    assert (feedback.infos, feedback.warnings) == (["'Years' (YEARS) is empty"], ["set 'Years' (YEARS)"])


def test_a_series(tmp_path):
    from testkit.rasters import yearly

    feedback = Feedback()
    Log(feedback).series("Rasters", resolve(yearly(tmp_path, (2003, 2001)), "", False).steps)
    first, *rest = feedback.infos
    assert first == "Rasters: 2 time steps"
    assert [line.split(" (")[0] for line in rest] == ["  2001 - NPP_2001 - band 1", "  2003 - NPP_2003 - band 1"]
    assert all("Float32" in line for line in rest)


def test_areas_of_classes():
    feedback = Feedback()
    areas = np.array([[3, 0], [0, 0], [1, 0]], dtype=object)
    Log(feedback).class_areas(areas, -1, {1: "more", 0: "same", -1: "less"})
    assert feedback.infos == [
        "    1  more: 1 pixel, 25.00 %", "    0  same: 0 pixels, 0.00 %", "   -1  less: 3 pixels, 75.00 %",
    ]
    feedback = Feedback()
    Log(feedback).class_areas(areas, -1, {1: "more"}, 4)
    assert feedback.infos == ["    1  more: 1 pixel, 12.50 %", "       no result: 4 pixels, 50.00 %"]


def test_no_pixel_at_all():
    feedback = Feedback()
    Log(feedback).class_areas(np.zeros((1, 2), dtype=object), 0, {0: "none"})
    assert feedback.infos == ["    0  none: 0 pixels, 0.00 %"]


def many(times, types=()) -> list:
    """Steps of one-band layers."""
    kinds = dict(types)
    return [
        Step(
            Layer(f"T_{year}_{month}", "x.tif"), 1, "", "nodata -9999", kinds.get((year, month), "Float32"), True,
            False, (1, 1), year=year, month=month,
        )
        for year, month in times
    ]


def test_a_long_series_is_told_in_summary():
    months = [(year, month) for year in range(2001, 2011) for month in range(1, 13) if (year, month) != (2003, 4)]
    feedback = Feedback()
    Log(feedback).series("Months", many(months, [((2005, 6), "Int16")]))
    assert feedback.infos == [
        "Months: 119 time steps", "  2001-01 - T_2001_1 - band 1 (Float32, nodata -9999)",
        "  2010-12 - T_2010_12 - band 1 (Float32, nodata -9999)",
        "  the first and the last; missing between them: 2003-04", "  118 of 119: Float32, nodata -9999",
        "  1 of 119: Int16, nodata -9999",
    ]


def test_forty_steps_are_told_one_by_one_and_more_in_summary():
    for count, lines in ((40, 41), (41, 5)):
        feedback = Feedback()
        Log(feedback).series("Years", many([(1950 + place, 0) for place in range(count)]))
        assert len(feedback.infos) == lines
    assert feedback.infos[3] == "  the first and the last; missing between them: none"


def test_whose_range_the_legend_of_a_series_is():
    feedback = Feedback()
    Log(feedback).one_legend("NEP 2001-2020")
    [said] = feedback.infos
    assert "'NEP 2001-2020'" in said and "all its bands" in said and said.endswith("98th percentile of their values.")
    Log(feedback).one_legend("NEP 2001-2020", True)
    assert feedback.infos[1].startswith(said[:-1]) and "on the side of 0 where few lie" in feedback.infos[1]
