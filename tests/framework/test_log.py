"""What a run tells its user."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.tools import Feedback

from nep_toolbox.framework.log import Log
from nep_toolbox.raster.series import resolve

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


def test_no_pixel_at_all():
    feedback = Feedback()
    Log(feedback).class_areas(np.zeros((1, 2), dtype=object), 0, {0: "none"})
    assert feedback.infos == ["    0  none: 0 pixels, 0.00 %"]
