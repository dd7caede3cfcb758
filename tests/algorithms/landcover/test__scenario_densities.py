"""The densities of a scenario: what the log tells of those that rest on little."""

from __future__ import annotations

import math

import numpy as np
import pytest
from testkit.rasters import write_raster
from testkit.tools import Feedback, run, table
from testkit.transitions import maps

pytestmark = pytest.mark.usefixtures("provider")


def totals(folder, layers, values, feedback, **options) -> list:
    """The totals of the scenario at the last date and ten years later."""
    places = {name: str(folder / f"{name}.csv") for name in ("AREAS", "TOTALS")}
    run("nep:scenario", {"INPUT": layers, "VALUES": values, "HORIZONS": "10", **options, **places}, feedback)
    return [
        {key: float(value or "nan") for key, value in row.items() if key != "scenario"}
        for row in table(places["TOTALS"])
    ]


def test_what_little_is_known_is_told(tmp_path):
    """Values of one year, of a class that is new, and of a tenth of another."""
    cover = np.ones((2, 10, 20), dtype=int)
    cover[1, 0], cover[:, 1:6] = 2, 3
    values = np.full((10, 20), 50.0)
    values[0], values[1:6, 2:] = 80.0, -9999.0
    layers = maps(tmp_path, cover, (2001, 2011), kind="uint8")
    nep = write_raster(tmp_path / "nep_2011.tif", values, nodata=-9999.0)
    feedback = Feedback()
    now, then = totals(tmp_path, layers, [nep], feedback)
    for said, warning in zip((
        "No pixel has these classes on both dates, so that all their pixels at the last date stand for them: 2.",
        "Less than half of the area of these classes has values, and the totals take the rest to be like it: 3 (10 %).",
        "Values of one year say nothing of the errors of the densities",
    ), feedback.warnings):
        assert said in warning
    assert len(feedback.warnings) == 3
    assert "The densities are those of 2011 alone, with its weather." in feedback.log
    assert now["total_tg"] == pytest.approx((20 * 80 + 180 * 50) * 900e-12)
    # A fifth of the 100 cells of 1 was lost, of the 80 that are left another.
    assert then["change_tg"] == pytest.approx(80 / 5 * (80 - 50) * 900e-12, rel=1e-9)
    assert math.isnan(now["sd"]) and math.isnan(then["sd"]) and math.isnan(then["change_sd"])
    assert now["change_sd"] == 0.0
    assert any(text.endswith(f"change {then['change_tg']:+.4g}") for text in feedback.infos)


def test_an_error_that_is_given_takes_the_place_of_the_spread_of_years(tmp_path):
    cover = np.repeat([[1, 2]], 50, axis=0)
    layers = maps(tmp_path, np.stack([cover, cover]), (2001, 2011), kind="uint8")
    values = np.stack([cover * 10.0 + shift for shift in (-1.0, 0.0, 1.0)])
    nep = write_raster(tmp_path / "nep.tif", values, descriptions=(2010, 2011, 2012))
    feedback = Feedback()
    now, then = totals(tmp_path, layers, [nep], feedback, DENSITY_ERRORS="2=7;9=1")
    assert now["total_tg"] == pytest.approx(50 * (10 + 20) * 900e-12) and then["change_tg"] == then["change_sd"] == 0.0
    assert now["sd"] == pytest.approx(50 * math.hypot(1.0, 7.0) * 900e-12)
    (warning,) = feedback.warnings
    assert "(DENSITY_ERRORS) names 9, which no pixel has. The classes are: 1, 2." in warning
    assert any(text == "  2: 20 ± 7, 100 %" for text in feedback.infos)
