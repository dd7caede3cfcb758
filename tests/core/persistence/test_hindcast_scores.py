"""Scores of a hindcast: pixel by pixel in plain code, by hand, and against the reference run on real NPP."""

from __future__ import annotations

import json
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal

from nep_toolbox.core.persistence.hindcast import CATEGORIES, FOLDS, OUTCOMES, SIDES, fitted_steps, hindcast_block
from nep_toolbox.core.persistence.hindcast_scores import coverage, hindcast_scores, reliability
from nep_toolbox.core.persistence.hurst import Detrend
from nep_toolbox.errors import NothingToScore

ORIGIN = SimpleNamespace(row=0, col=0)
REFERENCE = {
    "base_rate": "base_rate", "brier_climatology": "brier_climatology", "skill_trend_only": "skill_without_persistence",
    "brier_rule": "brier_of_H_rule", "skill_rule": "skill_of_H_rule",
}


def counts_of(pixels) -> np.ndarray:
    """Counts of pixels (fold, side, category, outcome)."""
    counts = np.zeros((FOLDS, SIDES, CATEGORIES, OUTCOMES), dtype=np.int64)
    for pixel in pixels:
        counts[pixel] += 1
    return counts


def random_pixels(seed: int, number: int = 900) -> list:
    rng = np.random.default_rng(seed)
    shares = {25: 0.01, 24: 0.1, 22: 0.05, 21: 0.04, 15: 0.01, 12: 0.09, 5: 0.2, 4: 0.3, 2: 0.1, 1: 0.1}
    categories = rng.choice(list(shares), number, p=list(shares.values()))
    outcomes = rng.random(number) < 0.3 + 0.02 * categories
    return list(zip(rng.integers(0, 2, number).tolist(), rng.integers(0, 3, number).tolist(), categories.tolist(),
                    outcomes.astype(int).tolist()))


def plain_forecast(pixels, fold, kind, of) -> Fraction:
    """What the other fold says of a pixel of a kind."""
    others = [pixel for pixel in pixels if pixel[0] != fold]
    alike = [pixel for pixel in others if of(pixel) == kind]
    chosen = alike if len(alike) >= 30 else others
    return Fraction(sum(pixel[3] for pixel in chosen), len(chosen))


def plain_brier(pixels, of) -> Fraction:
    known: dict = {}
    total = Fraction(0)
    for pixel in pixels:
        key = pixel[0], of(pixel)
        if key not in known:
            known[key] = plain_forecast(pixels, *key, of)
        total += (known[key] - pixel[3]) ** 2
    return total / len(pixels)


@pytest.mark.parametrize("seed", range(4))
def test_scores_pixel_by_pixel(seed):
    pixels = random_pixels(seed)
    found = hindcast_scores(counts_of(pixels))
    brier = plain_brier(pixels, lambda pixel: pixel[2])
    group = plain_brier(pixels, lambda pixel: pixel[2] % 10)
    climatology = plain_brier(pixels, lambda _pixel: 0)
    rule = sum((Fraction(pixel[1], 2) - pixel[3]) ** 2 for pixel in pixels) / Fraction(len(pixels))
    expected = {
        "n": 900, "base_rate": Fraction(sum(pixel[3] for pixel in pixels), 900), "brier": brier,
        "brier_climatology": climatology, "skill": 1 - brier / climatology, "brier_trend_only": group,
        "skill_trend_only": 1 - group / climatology, "brier_rule": rule, "skill_rule": 1 - rule / climatology,
    }
    assert found == {name: value if name == "n" else float(value) for name, value in expected.items()}


@pytest.mark.parametrize("seed", range(2))
def test_the_table_pixel_by_pixel(seed):
    pixels = random_pixels(seed)
    rows = reliability(counts_of(pixels))
    assert [row[0] for row in rows] == sorted({pixel[2] for pixel in pixels}, reverse=True)
    for category, label, number, forecast, observed in rows:
        alike = [pixel for pixel in pixels if pixel[2] == category]
        assert number == len(alike) and label[0].isupper()
        said = sum(plain_forecast(pixels, pixel[0], category, lambda pixel: pixel[2]) for pixel in alike)
        assert forecast == float(said / len(alike))
        assert observed == float(Fraction(sum(pixel[3] for pixel in alike), len(alike)))
    assert sum(row[2] for row in rows) == 900


@pytest.mark.parametrize("seed", range(3))
def test_pixels_of_small_categories_are_counted(seed):
    pixels = random_pixels(seed)

    def small(pixel, of) -> bool:
        return sum(other[0] != pixel[0] and of(other) == of(pixel) for other in pixels) < 30

    evident = [pixel for pixel in pixels if pixel[2] >= 10]
    expected = {
        "evidence": len(evident), "evidence_small": sum(small(pixel, lambda each: each[2]) for pixel in evident),
        "trend_small": sum(small(pixel, lambda each: each[2] % 10) for pixel in pixels),
    }
    assert coverage(counts_of(pixels)) == expected
    assert 0 < expected["evidence_small"] < expected["evidence"] and expected["trend_small"] == 0


def test_a_group_may_be_small():
    counts = counts_of([(0, 2, 25, 1)] * 29 + [(1, 2, 25, 0), (1, 0, 15, 0)] * 20)
    assert coverage(counts) == {"evidence": 69, "evidence_small": 29 + 40, "trend_small": 40}


def test_by_hand():
    """Fold 0: 40 pixels of category 5 of which 30 kept their sign, fold 1: 60 of which 15 did; all with H above 0.5."""
    counts = np.zeros((FOLDS, SIDES, CATEGORIES, OUTCOMES), dtype=np.int64)
    counts[0, 2, 5], counts[1, 2, 5] = (10, 30), (45, 15)
    found = hindcast_scores(counts)
    assert found["n"] == 100 and found["base_rate"] == 0.45
    # forecasts 0.25 of fold 0 and 0.75 of fold 1
    brier = (30 * 0.75**2 + 10 * 0.25**2 + 15 * 0.25**2 + 45 * 0.75**2) / 100
    assert found["brier"] == found["brier_climatology"] == found["brier_trend_only"] == brier
    assert found["skill"] == found["skill_trend_only"] == 0.0
    assert found["brier_rule"] == 0.55
    assert found["skill_rule"] == pytest.approx(1 - 0.55 / brier, rel=1e-15)
    assert reliability(counts) == [(5, "Significant increase, unclear: no evidence of memory", 100, 0.55, 0.45)]


@pytest.mark.parametrize(("number", "forecast"), [(29, 0.5), (30, 1.0)])
def test_a_small_category_is_forecast_by_the_share_of_all(number, forecast):
    counts = np.zeros((FOLDS, SIDES, CATEGORIES, OUTCOMES), dtype=np.int64)
    counts[0, 2, 25] = 0, 7
    counts[1, 2, 25] = 0, number
    counts[1, 2, 4] = number, 0
    assert reliability(counts)[0][:1] + reliability(counts)[0][3:] == (
        25, float((7 * Fraction(forecast) + number * 1) / (7 + number)), 1.0
    )


def test_what_always_comes_leaves_no_skill():
    counts = counts_of([(fold, 2, 25, 1) for fold in (0, 1)] * 40)
    found = hindcast_scores(counts)
    assert (found["brier"], found["brier_climatology"], found["skill"], found["skill_rule"]) == (0.0, 0.0, 0.0, 0.0)


def test_folds_may_change_places():
    counts = counts_of(random_pixels(6))
    assert hindcast_scores(counts[::-1]) == hindcast_scores(counts)
    assert reliability(counts[::-1]) == reliability(counts)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_fold_without_pixels_is_refused(fold):
    counts = counts_of([(fold, 2, 25, 1)] * 40)
    with pytest.raises(NothingToScore, match="Of 'NPP of the north' 40 pixels can be scored.*larger raster"):
        hindcast_scores(counts, "NPP of the north")
    with pytest.raises(NothingToScore, match=" 0 pixels"):
        hindcast_scores(0 * counts)


def test_memoryless_noise_has_no_skill():
    stack = np.random.default_rng(12).normal(size=(22, 160, 160))
    found = hindcast_scores(hindcast_block(stack, ORIGIN, years=np.arange(2001, 2023), fitted=16)["counts"])
    assert found["n"] == 25600
    assert abs(found["base_rate"] - 0.5) < 0.0125  # four standard errors
    assert abs(found["brier_rule"] - 0.5) < 0.0125
    assert abs(found["skill"]) < 0.005 and abs(found["skill_trend_only"]) < 0.005


def test_a_trend_that_goes_on_has_skill():
    """A rise in half of the pixels, which goes on, and no trend in the others."""
    stack = np.random.default_rng(13).normal(size=(22, 96, 96))
    stack[:, :, ::2] += 0.3 * np.arange(22)[:, np.newaxis, np.newaxis]
    found = hindcast_scores(hindcast_block(stack, ORIGIN, years=np.arange(2001, 2023), fitted=16)["counts"])
    assert found["skill_trend_only"] > 0.15
    assert found["skill"] == pytest.approx(found["skill_trend_only"], abs=0.01)
    assert found["brier_rule"] > 0.4  # H of what is left without the line tells nothing of it


# Real NPP ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def npp(shared) -> np.ndarray:
    """In gC m-2, as the reference has it: the factor leaves 3 to 5 slopes of 0 a hair beside it."""
    folder = shared / "data/npp_huaihai_2001_2022/npp_core"
    values = [gdal.Open(str(folder / f"NPP_{year}.tif")).ReadAsArray() for year in range(2001, 2023)]
    return 0.1 * np.array(values, dtype=np.float64)


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/future_trend_evidence.json").read_text(encoding="utf-8"))


def run_of(npp, last: int, detrend: Detrend, alpha: float = 0.1) -> np.ndarray:
    return hindcast_block(
        npp, ORIGIN, years=np.arange(2001, 2023), fitted=last - 2000, detrend=detrend, alpha=alpha
    )["counts"]


@pytest.mark.parametrize("place", range(4))
def test_the_reference_run(npp, reference, place):
    known = reference["hindcast"][place]
    detrend = {"ols": Detrend.OLS, "none": Detrend.NONE}[known["detrend"]]
    counts = run_of(npp, known["fit_years"][1], detrend, known["alpha"])
    found = hindcast_scores(counts)
    assert found["n"] == known["pixels_scored"]
    for name, its_name in REFERENCE.items():  # nothing simulated is in these
        assert found[name] == pytest.approx(known[its_name], rel=1e-12), name
    assert found["brier"] == pytest.approx(known["brier"], abs=0.002)
    assert found["skill"] == pytest.approx(known["skill"], abs=0.01)
    rows = {row[0]: row for row in reliability(counts)}
    assert set(rows) == {int(category) for category in known["categories"]}
    for category, told in known["categories"].items():
        pixels = rows[int(category)][2]
        # p of two simulations: those within 0.01 of ALPHA may change sides.
        assert abs(pixels - told["pixels"]) <= max(3, 0.06 * told["pixels"])
        if told["pixels"] > 100:
            assert rows[int(category)][3:] == pytest.approx((told["mean_forecast"], told["observed"]), abs=0.02)


@pytest.mark.parametrize(
    ("fraction", "last", "base_rate", "skill", "rule"),
    [(0.55, 2012, 0.80, 0.39, -1.28), (0.64, 2014, 0.69, 0.12, -1.24), (0.75, 2016, 0.72, 0.10, -1.42),
     (0.78, 2017, 0.70, 0.06, -1.33)],
)
def test_what_was_found_on_real_npp(npp, fraction, last, base_rate, skill, rule):
    assert fitted_steps(22, fraction) == last - 2000
    found = hindcast_scores(run_of(npp, last, Detrend.OLS))
    assert round(found["base_rate"], 2) == base_rate
    assert round(found["skill"], 2) == round(found["skill_trend_only"], 2) == skill
    assert round(found["skill_rule"], 2) == rule
    assert found["brier_rule"] > 0.25
