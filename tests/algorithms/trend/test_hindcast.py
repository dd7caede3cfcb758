"""nep:hindcast through files: real NPP against the reference, gaps, years, errors, blocks, the page."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProcessingException
from testkit.pages import figures
from testkit.rasters import write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core import simulation
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

YEARS = list(range(2001, 2021))
SCORES = ("base_rate", "brier", "brier_climatology", "skill", "skill_trend_only", "brier_rule", "skill_rule")


def hindcast(layers, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for: the rows of the tables, the page, the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:hindcast", folder)
    results = run("nep:hindcast", {"INPUT": layers, **options, **paths}, feedback)
    return {**results, "TABLE": table(paths["TABLE"]), "SUMMARY": table(paths["SUMMARY"])[0], "CHART": paths["CHART"]}


def noise(rows: int = 40, cols: int = 36, n: int = 20) -> np.ndarray:
    return np.random.default_rng(7).normal(500, 20, (n, rows, cols))


@pytest.fixture
def series(tmp_path) -> str:
    """Twenty years of noise with a trend in one half."""
    values = noise()
    values[:, :, :18] += 8 * np.arange(20)[:, np.newaxis, np.newaxis]
    return write_raster(tmp_path / "npp.tif", values, descriptions=YEARS)


@pytest.mark.parametrize("place", range(4))
def test_real_npp_equals_the_reference(shared, huaihai, tmp_path, place):
    known = json.loads((shared / "reference/future_trend_evidence.json").read_text("utf-8"))["hindcast"][place]
    fitted = known["fit_years"][1] - 2000
    feedback = Feedback()
    found = hindcast(
        huaihai, tmp_path, feedback, FRACTION=(fitted + 0.5) / 22, DETREND={"ols": 1, "none": 0}[known["detrend"]]
    )
    summary = found["SUMMARY"]
    # The reference multiplied by 0.1, which leaves 3 to 5 slopes of 0 a hair beside it.
    assert known["pixels_scored"] - 5 <= int(summary["n"]) < known["pixels_scored"]
    for name, its_name in (
        ("base_rate", "base_rate"), ("brier_climatology", "brier_climatology"), ("brier_rule", "brier_of_H_rule"),
        ("skill_trend_only", "skill_without_persistence"), ("skill_rule", "skill_of_H_rule"),
    ):
        assert float(summary[name]) == pytest.approx(known[its_name], abs=5e-4), name
    assert float(summary["brier"]) == pytest.approx(known["brier"], abs=0.002)
    assert float(summary["skill"]) == pytest.approx(known["skill"], abs=0.01)
    spans = [int(summary[name]) for name in ("fit_from", "fit_to", "score_from", "score_to")]
    assert spans == [*known["fit_years"], *known["score_years"]]
    assert {row["category"] for row in found["TABLE"]} == set(known["categories"])
    for row in found["TABLE"]:
        told = known["categories"][row["category"]]
        assert abs(int(row["pixels"]) - told["pixels"]) <= max(3, 0.06 * told["pixels"])
        if told["pixels"] > 100:
            assert float(row["forecast"]) == pytest.approx(told["mean_forecast"], abs=0.02)
            assert float(row["observed"]) == pytest.approx(told["observed"], abs=0.02)
    assert "is worse than a coin" in feedback.log and "Persistence adds no skill" in feedback.log
    assert f"Fitted: 2001 to {2000 + fitted}, {fitted} years" in feedback.log


def test_numbers_tables_and_page_agree(series, tmp_path):
    feedback = Feedback()
    found = hindcast([series], tmp_path / "out", feedback)
    summary = found["SUMMARY"]
    assert found["SCORED"] == int(summary["n"]) == sum(int(row["pixels"]) for row in found["TABLE"]) == 1440
    for name in SCORES:
        assert found[name.upper()] == pytest.approx(float(summary[name]), rel=1e-14), name
    assert found["SKILL"] == pytest.approx(1 - found["BRIER"] / found["BRIER_CLIMATOLOGY"], rel=1e-12)
    observed = sum(int(row["pixels"]) * float(row["observed"]) for row in found["TABLE"]) / found["SCORED"]
    assert observed == pytest.approx(found["BASE_RATE"], rel=1e-12)
    diagram, bars = figures(found["CHART"])
    circles = {entry["name"].split()[0]: entry for entry in diagram["data"][2:]}
    assert {row["category"]: [float(row["forecast"]), float(row["observed"])] for row in found["TABLE"]} == {
        category: [pytest.approx(entry["x"][0]), pytest.approx(entry["y"][0])] for category, entry in circles.items()
    }
    assert bars["data"][0]["x"] == pytest.approx([
        found["BRIER"], float(summary["brier_trend_only"]), found["BRIER_CLIMATOLOGY"], 0.25, found["BRIER_RULE"]
    ])
    page = Path(found["CHART"]).read_text(encoding="utf-8")
    for sentence in [each for each in feedback.infos if "skill" in each or "In " in each]:
        assert sentence in page, sentence
    assert "Pixels with a value in every year: 1440. Not scored, as a slope is exactly 0: 0;" in feedback.log


@pytest.mark.parametrize("block", [(7, 5), (36, 1), (16, 16), (1000, 1000)])
def test_blocks_and_threads_do_not_matter(series, tmp_path, monkeypatch, block):
    expected = hindcast([series], tmp_path / "whole", THREADS=1)
    monkeypatch.setattr(Run, "block", block)
    found = hindcast([series], tmp_path / "parts", THREADS=3)
    for name, value in expected.items():
        if name != "CHART":
            assert found[name] == value, name


def test_a_shift_of_all_values_changes_nothing(tmp_path):
    values = np.rint(noise())  # sums and differences are exact
    one = write_raster(tmp_path / "one.tif", values, descriptions=YEARS)
    other = write_raster(tmp_path / "other.tif", values + 4096, descriptions=YEARS)
    found, shifted = hindcast([one], tmp_path / "1"), hindcast([other], tmp_path / "2")
    for name in ("SCORED", "BASE_RATE", "BRIER_CLIMATOLOGY", "SKILL_TREND_ONLY", "TABLE"):
        assert found[name] == shifted[name], name


def test_pixels_with_gaps_and_level_ones_are_told(tmp_path):
    values = noise()
    values[4, 0, :] = -1
    values[15:, 1, :] = 300
    path = write_raster(tmp_path / "npp.tif", values, descriptions=YEARS, nodata=-1)
    feedback = Feedback()
    found = hindcast([path], tmp_path / "out", feedback)
    assert found["SCORED"] == 38 * 36
    assert ("Pixels with a value in every year: 1404. Not scored, as a slope is exactly 0: 36; as they have no Hurst "
            "exponent: 0.") in feedback.log


def test_years_are_those_of_names(tmp_path):
    """Fifteen years, a gap, then five at uneven distances, one raster each and not in order."""
    years = [*range(1990, 2005), 2010, 2011, 2014, 2020, 2021]
    values = noise()
    files = [write_raster(tmp_path / f"npp_{year}.tif", plane) for year, plane in zip(years, values)]
    feedback = Feedback()
    found = hindcast(files[::-1], tmp_path / "out", feedback)
    even = hindcast(files, tmp_path / "even", YEARS="2001-2020")
    assert "Fitted: 1990 to 2004, 15 years. Scored: 2010 to 2021, 5 years." in feedback.log
    assert [found["SUMMARY"][name] for name in ("fit_from", "fit_to", "score_from", "score_to")] == [
        "1990", "2004", "2010", "2021"
    ]
    assert found["BASE_RATE"] != even["BASE_RATE"]


def test_options_reach_the_method(series, tmp_path):
    plain = hindcast([series], tmp_path / "plain")
    assert hindcast([series], tmp_path / "a", ALPHA=0.1, DETREND=1, MIN_WINDOW=4, FRACTION=0.75)["TABLE"] == plain[
        "TABLE"]
    for number, options in enumerate(({"ALPHA": 0.3}, {"DETREND": 0}, {"DETREND": 2}, {"MIN_WINDOW": 3})):
        other = hindcast([series], tmp_path / str(number), **options)
        assert other["TABLE"] != plain["TABLE"], options
        assert other["SKILL_TREND_ONLY"] == plain["SKILL_TREND_ONLY"], options
    assert hindcast([series], tmp_path / "f", FRACTION=0.6)["SUMMARY"]["fit_to"] == "2012"


def test_the_bar_moves_while_white_noise_is_simulated_and_never_back(series, tmp_path, monkeypatch):
    monkeypatch.setattr(simulation, "_known", {})
    feedback, told = Feedback(), []
    feedback.progressChanged.connect(told.append)
    hindcast([series], tmp_path / "out", feedback)
    assert told == sorted(told) and told[-1] == 100
    assert len([percent for percent in told if percent <= 30]) == 10


def refused(layers, folder, **options) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        hindcast(layers, folder, **options)
    assert not [path for path in folder.iterdir() if path.is_file()]
    return str(caught.value)


def test_a_series_that_is_too_short_is_named(tmp_path):
    path = write_raster(tmp_path / "npp_short.tif", noise(n=16), descriptions=YEARS[:16])
    assert refused([path], tmp_path / "out") == (
        "'npp_short' has 16 time steps, and a hindcast needs 17: 12 to fit, since a Hurst exponent of pieces needs so "
        "many, and 5 to score. Add years."
    )


def test_a_share_that_does_not_do(series, tmp_path):
    assert refused([series], tmp_path / "out", FRACTION=0.5) == (
        "'Share of the years that is fitted' (FRACTION) is 0.5, which leaves 10 of the 20 time steps of 'npp' to fit "
        "and 10 to score. A hindcast needs 12 and 5: give 0.6 to 0.79."
    )


def test_windows_that_are_too_long(series, tmp_path):
    message = refused([series], tmp_path / "out", MIN_WINDOW=6)
    assert message.startswith("With windows from 6 steps on, the 15 time steps of 'npp' that are fitted have fewer")


def test_too_few_pixels_are_no_test(tmp_path):
    path = write_raster(tmp_path / "npp_row.tif", noise(1, 40), descriptions=YEARS)
    feedback = Feedback()
    found = hindcast([path], tmp_path / "out", feedback)
    assert found["SUMMARY"]["trend_small"] == "40" and found["SKILL"] == found["SKILL_TREND_ONLY"] == 0.0
    assert "The trend is not tested: " in feedback.log and "Persistence is not tested: " in feedback.log
    assert "foretells" not in feedback.log and "Persistence adds" not in feedback.log


def test_a_raster_within_one_square(tmp_path):
    path = write_raster(tmp_path / "npp_small.tif", noise(16, 16), descriptions=YEARS)
    assert refused([path], tmp_path / "out").startswith("Of 'npp_small' 256 pixels can be scored, and none in one of")
    path = write_raster(tmp_path / "npp_empty.tif", np.full((20, 40, 40), np.nan), descriptions=YEARS)
    assert refused([path], tmp_path / "out").startswith("Of 'npp_empty' 0 pixels can be scored")
