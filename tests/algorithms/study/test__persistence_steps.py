"""The steps on persistence: what they ask of the tools, and what becomes of the answers."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from testkit.rasters import numbers, stored, write_raster
from testkit.tools import run, table

from nep_toolbox.algorithms.study import _steps
from nep_toolbox.algorithms.study._persistence_steps import evidence_rows, too_short, too_short_to_test
from nep_toolbox.algorithms.study._state import DONE, FAILED, SKIPPED
from nep_toolbox.errors import InvalidParameter

pytestmark = pytest.mark.usefixtures("provider")

YEARS = range(2001, 2018)


def series_of(years: int) -> SimpleNamespace:
    """What a step is given, of a series of so many years."""
    return SimpleNamespace(plan=SimpleNamespace(years=list(range(years))))


def test_short_series_have_no_hurst_exponent():
    assert too_short(series_of(12)) == ""
    assert too_short(series_of(11)) == "the Hurst exponent needs 12 years and the series has 11"


def test_short_series_have_no_hindcast():
    assert too_short_to_test(series_of(17)) == ""
    assert too_short_to_test(series_of(16)) == "the hindcast needs 17 years and the series has 16"


def test_codes_are_added_up_by_evidence():
    rows = [
        {"region": region, "class": code, "label": "x", "pixels": pixels, "area_km2": 2.0 * pixels, "percent": percent}
        for region, code, pixels, percent in (
            ("all", 25, 10, 10.0), ("all", 21, 5, 5.0), ("all", 14, 20, 20.0), ("all", 5, 40, 40.0),
            ("all", 1, 24, 24.0), ("all", None, 1, 1.0), ("a", 12, 3, None), ("a", 2, 7, 100.0),
        )
    ]
    found = [tuple(row[name] for name in ("region", "class", "label", "pixels", "area_km2", "percent"))
             for row in evidence_rows(rows)]
    assert found == [
        ("all", 2, "Likely to continue", 15, 30.0, 15.0), ("all", 0, "Unclear", 64, 128.0, 64.0),
        ("all", 1, "Likely to reverse", 20, 40.0, 20.0), ("all", None, "x", 1, 2.0, 1.0),
        ("a", 2, "Likely to continue", 0, 0.0, 0.0), ("a", 0, "Unclear", 7, 14.0, 100.0),
        ("a", 1, "Likely to reverse", 3, 6.0, 0.0),
    ]


# Through files -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def values():
    """Noise with a memory, on a trend that differs from place to place."""
    chance = np.random.default_rng(14)
    noise = chance.normal(size=(len(YEARS), 24, 40))
    noise[:, :, 20:] = np.cumsum(noise[:, :, 20:], axis=0) / 2.0
    slope = np.linspace(-0.3, 0.3, 40)
    return 500.0 + 10.0 * (noise + slope * np.arange(len(YEARS))[:, np.newaxis, np.newaxis])


def studied(folder, values, monkeypatch, **changes):
    """A study of a series, without its pages; a later one in the same folder has the same inputs."""
    kept = ("prepare", "statistics", "trend", "hurst", "future", "hindcast", "report")
    monkeypatch.setattr(
        "nep_toolbox.algorithms.study.study.STEPS", tuple(step for step in _steps.STEPS if step.name in kept)
    )
    files = sorted(map(str, folder.glob("npp_*.tif"))) or [
        write_raster(folder / f"npp_{year}.tif", plane, nodata=-9999.0) for year, plane in zip(YEARS, values)
    ]
    made = folder / "study"
    run("nep:study", {"NPP": files, "VARIABLE": "NPP", "LANGUAGE": 1, "OUTPUT_FOLDER": str(made), **changes})
    return made


def state_of(folder) -> dict:
    """The entries of the steps."""
    return json.loads((folder / "study.json").read_text(encoding="utf-8"))["steps"]


#: Level and detrending of studies that follow each other in one folder: a step that keeps what it had is found out.
SETTINGS = ((0.05, 1), (0.3, 1), (0.3, 0))


def test_the_map_is_that_of_the_evidence_at_the_level_of_the_study(values, tmp_path, monkeypatch):
    seen = []
    for alpha, detrend in SETTINGS:
        folder = studied(tmp_path, values, monkeypatch, ALPHA=alpha, DETREND=detrend)
        codes, classes = (stored(folder / "rasters" / f"{name}.tif")[0] for name in ("future", "trend_class"))
        exponent, p = (numbers(folder / "rasters" / f"{name}.tif") for name in ("hurst", "hurst_p"))
        digit = np.where(p < alpha, np.where(exponent > 0.5, 2, 1), 0)
        group = np.select([classes <= -3, classes < 0, classes == 0, classes < 3], [1, 2, 3, 4], 5)
        assert np.array_equal(codes, 10 * digit + group)
        rows = table(folder / "tables" / "fig06_evidence.csv")
        assert {row["label"]: int(row["pixels"]) for row in rows} == {
            "Likely to continue": int((digit == 2).sum()), "Unclear": int((digit == 0).sum()),
            "Likely to reverse": int((digit == 1).sum()),
        }
        seen.append([int((digit == each).sum()) for each in (2, 0, 1)])
    assert min(map(min, seen)) > 10 and len({tuple(counts) for counts in seen}) == len(SETTINGS)


def test_the_hindcast_is_that_of_the_tool(values, tmp_path, monkeypatch):
    skills = set()
    for alpha, detrend in SETTINGS:
        folder = studied(tmp_path, values, monkeypatch, ALPHA=alpha, DETREND=detrend)
        paths = {"TABLE": str(tmp_path / "table.csv"), "SUMMARY": str(tmp_path / "summary.csv")}
        run("nep:hindcast", {"INPUT": [str(folder / "data" / "npp.tif")], "ALPHA": alpha, "DETREND": detrend, **paths})
        (scores,), (expected,) = table(folder / "tables" / "fig06_hindcast_scores.csv"), table(paths["SUMMARY"])
        assert (scores["fit"], scores["score"], int(scores["pixels"])) == ("2001-2012", "2013-2017", int(expected["n"]))
        assert float(scores["base_rate_percent"]) == pytest.approx(100 * float(expected["base_rate"]), rel=1e-5)
        for name in ("brier", "brier_climatology", "skill", "skill_trend_only", "brier_rule", "skill_rule"):
            assert float(scores[name]) == pytest.approx(float(expected[name]), rel=1e-5, abs=1e-9), name
        rows, others = table(folder / "tables" / "fig06_hindcast.csv"), table(paths["TABLE"])
        assert [(row["class"], row["label"], row["pixels"]) for row in rows] == [
            (row["category"], row["label"], row["pixels"]) for row in others]
        for row, other in zip(rows, others):
            assert float(row["observed_percent"]) == pytest.approx(100 * float(other["observed"]), rel=1e-5)
            assert float(row["forecast_percent"]) == pytest.approx(100 * float(other["forecast"]), rel=1e-5)
        said = (folder / "results.md").read_text(encoding="utf-8")
        assert "In a hindcast of 2013–2017 from 2001–2012, " in said and "The usual rule" in said
        skills.add(scores["skill"])
    assert len(skills) == len(SETTINGS)


def test_gaps_everywhere_fail_no_study(values, tmp_path, monkeypatch):
    holed = values.copy()
    rows, cols = np.indices(values.shape[1:])
    holed[(rows + cols) % len(YEARS), rows, cols] = -9999.0
    folder = studied(tmp_path, holed, monkeypatch)
    assert state_of(folder)["hindcast"]["state"] == DONE and state_of(folder)["hurst"]["state"] == DONE
    (scores,) = table(folder / "tables" / "fig06_hindcast_scores.csv")
    assert scores["pixels"] == "0" and not scores["skill"]
    assert table(folder / "tables" / "fig06_hindcast.csv") == []
    assert "could not be tested: too few pixels have a value in every year, a slope other than 0 and an H." in (
        folder / "results.md").read_text(encoding="utf-8")


def test_pixels_that_all_went_one_way_have_no_skill(values, tmp_path, monkeypatch):
    rising = values + 100.0 * np.arange(len(YEARS))[:, np.newaxis, np.newaxis]
    folder = studied(tmp_path, rising, monkeypatch)
    (scores,) = table(folder / "tables" / "fig06_hindcast_scores.csv")
    assert (float(scores["base_rate_percent"]), float(scores["brier"]), float(scores["brier_rule"]) > 0.1) == (
        100.0, 0.0, True)
    assert [scores[name] for name in ("skill", "skill_trend_only", "skill_rule")] == ["", "", ""]
    said = (folder / "results.md").read_text(encoding="utf-8")
    assert "the trend keeps its direction in each of" in said and "The usual rule" not in said


def test_any_other_fault_is_told(values, tmp_path, monkeypatch):
    def failing(_counts, name):
        raise InvalidParameter(f"Of '{name}' 0 pixels can be scored, and none in one of the two halves of a chessboard")

    monkeypatch.setattr("nep_toolbox.algorithms.trend.hindcast.hindcast_scores", failing)
    with pytest.raises(Exception, match="Hindcast: .*pixels can be scored"):
        studied(tmp_path, values[:, :12, :12], monkeypatch)
    assert state_of(tmp_path / "study")["hindcast"]["state"] == FAILED


def test_a_short_series_says_so(values, tmp_path, monkeypatch):
    folder = studied(tmp_path, values[:16], monkeypatch)
    assert state_of(folder)["hindcast"] == {
        "state": SKIPPED, "why": "The hindcast needs 17 years and the series has 16."}
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "The hindcast needs 17 years and the series has 16." in text
