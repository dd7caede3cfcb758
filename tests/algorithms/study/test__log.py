"""The log of a study."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("provider")


def test_it_says_what_every_step_said(studied_npp):
    text = (studied_npp.folder / "log.txt").read_text(encoding="utf-8")
    for line in ("Preparation (done)", "Geodetector (skipped)", "  There are no factors.", "Report (done)"):
        assert line in text.split("\n")
    assert "    Net primary" not in text and "  Grid: 30 x 25 cells of 1000 x 1000, EPSG:32649" in text
    assert ".nep-" not in text


def test_it_has_no_times(studied_npp, tmp_path):
    from testkit.tools import run

    text = (studied_npp.folder / "log.txt").read_text(encoding="utf-8")
    folder = studied_npp.copy(tmp_path / "again")
    run("nep:study", {**studied_npp.parameters, "OUTPUT_FOLDER": str(folder)})
    assert (folder / "log.txt").read_text(encoding="utf-8") == text
