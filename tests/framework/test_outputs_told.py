"""What a run that fails, is cancelled or follows a killed one tells its user."""

from __future__ import annotations

import os

import pytest
from qgis.core import QgsProcessingException
from testkit.tools import Feedback
from testkit.toy import breaking, call, everything, toy

from nep_toolbox.errors import OutputError
from nep_toolbox.raster import leftovers
from nep_toolbox.raster.leftovers import PREFIX, Hidden


def test_messages_name_the_file_as_the_user_does(raster, out):
    def full(run):
        staged = run.outputs._staged["MAP"]
        raise OutputError(f"{staged} cannot be written: {staged}: no space left.")

    def raw(run):
        raise OSError(28, "No space left on device", run.outputs._staged["TABLE"])

    for action, file in ((full, "map.tif"), (raw, "table.csv")):
        with pytest.raises(QgsProcessingException) as error:
            call(breaking("table", action), {"INPUT": [raster], **everything(out)})
        assert str(out / file) in str(error.value) and PREFIX not in str(error.value)
    with pytest.raises(OSError, match="elsewhere"):
        call(breaking("table", lambda _run: os.stat("/elsewhere/x")), {"INPUT": [raster], **everything(out)})


def test_a_cancel_is_told(raster, out):
    feedback = Feedback()
    tool = breaking("block", lambda _run: feedback.cancel())
    assert call(tool, {"INPUT": [raster], **everything(out)}, feedback) == {}
    assert feedback.infos[-1] == "Cancelled: nothing was written."


def test_what_a_killed_run_left_is_told(raster, out):
    left = Hidden(str(out))
    os.close(left._lock)
    leftovers._mine.discard(left.path)
    feedback = Feedback()
    call(toy(), {"INPUT": [raster], **everything(out)}, feedback)
    assert f"Removed what a run that had been killed left behind: {left.path}" in feedback.infos
