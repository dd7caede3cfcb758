"""nep:correlation by ranks, and with p adjusted for the number of pixels, through files."""

from __future__ import annotations

import re

import numpy as np
import pytest
from osgeo import gdal
from testkit.pages import figures
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core.significance import benjamini_hochberg
from nep_toolbox.framework.outputs import Outputs
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

#: Float32 holds a value to half of its last place.
FLOAT32 = 2.0**-24
NAMES = ("npp", "rain", "heat")
SHAPE = (24, 20)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """Three series of 16 years with gaps and ties, of which the west of the first follows the second, as arrays and as
    rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(8)
    stacks = rng.normal(size=(3, 16, *SHAPE)) + rng.normal(size=(3, 16, 1, 1)) * 0.3
    stacks[0, :, :, :9] += 1.2 * np.exp(stacks[1, :, :, :9])
    stacks[1] = np.round(stacks[1], 1)
    stacks[rng.random(stacks.shape) < 0.02] = np.nan
    stacks = stacks.astype(np.float32).astype(float)
    return stacks, [
        write_raster(folder / f"{name}.tif", np.nan_to_num(stack, nan=-9999.0), nodata=-9999.0,
                     descriptions=range(2001, 2017))
        for name, stack in zip(NAMES, stacks)
    ]


def correlate(made, folder, controls=(), feedback=None, **options) -> tuple:
    """Run the tool with every result asked for: the path of each, and its numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    rasters, paths = made[1], destinations("nep:correlation", folder)
    found = run("nep:correlation", {
        "INPUT": [rasters[0]], "DRIVER": [rasters[1]], "CONTROLS": list(controls), **options, **paths,
    }, feedback)
    return paths, {name: found[name] for name in ("SIGNIFICANT", "FDR_SIGNIFICANT") if name in found}


@pytest.fixture(scope="module")
def ranked(made, tmp_path_factory) -> tuple:
    """By ranks, p adjusted, with a further driver: paths, numbers and the log."""
    feedback = Feedback()
    paths, shares = correlate(made, tmp_path_factory.mktemp("ranked"), (), feedback, METHOD=1, FIELD_SIGNIFICANCE=True,
                              DRIVERS=[made[1][2]])
    return paths, shares, feedback


def rho_of(made) -> tuple:
    """rho and p of every pixel by scipy."""
    from scipy.stats import spearmanr

    rho, p = np.empty(SHAPE), np.empty(SHAPE)
    for cell in np.ndindex(SHAPE):
        x, y = (stack[(slice(None), *cell)] for stack in made[0][:2])
        keep = np.isfinite(x) & np.isfinite(y)
        rho[cell], p[cell] = spearmanr(x[keep], y[keep])
    return rho, p


def annual_means(made, count: int) -> list:
    together = np.isfinite(made[0][:count]).all(axis=0)
    return [np.array([values[there].mean() for values, there in zip(stack, together)]) for stack in made[0][:count]]


def test_rho_and_adjusted_p_equal_scipy_and_the_adjustment_of_all_at_once(made, ranked):
    paths, shares, feedback = ranked
    rho, p = rho_of(made)
    np.testing.assert_allclose(numbers(paths["R"]), rho, rtol=2 * FLOAT32)
    adjusted = benjamini_hochberg(p)
    found, classes = numbers(paths["PVALUE"]), stored(paths["CLASS"])[0]
    assert (found >= adjusted * (1 - 2 * FLOAT32)).all() and (found <= adjusted * (1 + 2.0**-12 + FLOAT32)).all()
    assert np.array_equal(classes, (np.sign(rho) * np.where(found < 0.05, 2, 1)).astype(int))
    assert 0 < (adjusted < 0.05).sum() < (p < 0.05).sum()
    assert shares == {
        "SIGNIFICANT": pytest.approx(100 * (p < 0.05).mean()),
        "FDR_SIGNIFICANT": pytest.approx(100 * (adjusted < 0.05).mean()),
    }
    # the table is that of the map
    rows = {int(row["class"]): int(row["pixels"]) for row in table(paths["TABLE"])}
    assert rows == {code: int((classes == code).sum()) for code in rows} and sum(rows.values()) == classes.size
    assert "Method: Spearman correlation (of ranks) over 16 common years, 2001 to 2016" in feedback.infos
    assert "adjusted after Benjamini and Hochberg; the series are read twice" in feedback.log
    assert "p is below 0.05 in {:.1f} % of the pixels, and in {:.1f} % when it is adjusted".format(
        *shares.values()) in feedback.log


def test_the_numbers_are_the_same_without_the_adjustment(made, ranked, tmp_path):
    paths, shares = correlate(made, tmp_path, METHOD=1)
    assert shares == ranked[1]
    assert identical(paths["R"], ranked[0]["R"])
    np.testing.assert_allclose(numbers(paths["PVALUE"]), rho_of(made)[1], rtol=2 * FLOAT32)
    assert not np.array_equal(stored(paths["CLASS"]), stored(ranked[0]["CLASS"]))


def test_the_level_of_significance_is_that_of_the_run(made, tmp_path, monkeypatch):
    headings, write = {}, Outputs.table
    monkeypatch.setattr(
        Outputs, "table", lambda self, name, *rest: headings.update({name: rest[2:]}) or write(self, name, *rest)
    )
    _paths, shares = correlate(made, tmp_path, METHOD=1, ALPHA=0.2)
    assert headings["SUMMARY"][0]["r"] == "Spearman's rho"
    p = rho_of(made)[1]
    assert list(shares.values()) == pytest.approx(
        [100 * (p < 0.2).mean(), 100 * (benjamini_hochberg(p) < 0.2).mean()]
    )


def test_blocks_and_threads_do_not_matter(made, ranked, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (16, 16))
    paths, shares = correlate(made, tmp_path, METHOD=1, FIELD_SIGNIFICANCE=True, DRIVERS=[made[1][2]], THREADS=3)
    assert shares == ranked[1]
    for name in ("R", "PVALUE", "CLASS"):
        assert identical(paths[name], ranked[0][name])
    for name in ("TABLE", "SUMMARY"):
        assert table(paths[name]) == table(ranked[0][name])
    assert figures(paths["MAPS"]) == figures(ranked[0]["MAPS"])


def test_the_bar_moves_on_in_both_readings_of_every_driver(made, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (16, 16))
    feedback, moves = Feedback(), []
    feedback.progressChanged.connect(moves.append)
    correlate(made, tmp_path, (), feedback, FIELD_SIGNIFICANCE=True, DRIVERS=[made[1][2]])
    assert moves == sorted(moves) and moves[-1] == 100
    for first in (0, 25, 50, 75):  # two drivers, twice each
        assert len([move for move in moves if first < move <= first + 25]) >= 4


def test_a_cancel_in_the_first_reading_leaves_nothing(made, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (16, 16))
    feedback = Feedback(cancel_after=2)
    assert correlate(made, tmp_path, (), feedback, FIELD_SIGNIFICANCE=True)[1] == {}
    assert not list(tmp_path.iterdir()) and feedback.moves == 2


def test_results_say_what_they_hold(ranked):
    for name, band in (("R", "Spearman's rho"), ("PVALUE", "adjusted p of Spearman's rho"),
                       ("CLASS", "Rank correlation class")):
        assert gdal.Open(ranked[0][name]).GetRasterBand(1).GetDescription() == band
    for name in ("CHART", "MAPS"):
        with open(ranked[0][name], encoding="utf-8") as page:
            text = page.read()
        assert "ρ is Spearman" in text and "false discovery rate" in text and "Pearson" not in text.split("<script")[0]


def test_the_annual_means_are_ranked_too_and_their_p_is_never_adjusted(made, ranked):
    from scipy.stats import spearmanr

    y, x = annual_means(made, 2)
    expected, summary = spearmanr(x, y), table(ranked[0]["SUMMARY"])[0]
    assert [float(summary["r"]), float(summary["p"])] == pytest.approx(list(expected), rel=1e-9)
    assert float(summary["slope"]) == pytest.approx(np.polyfit(x, y, 1)[0], rel=1e-9)
    assert f", ρ = {expected[0]:.3f}, " in figures(ranked[0]["CHART"])[0]["data"][0]["name"]
    assert any(re.match(f"Annual means: ρ = {expected[0]:.3f}, p = ", said) for said in ranked[2].infos)


def test_a_further_driver_is_adjusted_over_its_own_pixels(made, ranked, tmp_path):
    alone = tmp_path / "table.csv"
    run("nep:correlation", {
        "INPUT": [made[1][0]], "DRIVER": [made[1][2]], "METHOD": 1, "FIELD_SIGNIFICANCE": True,
        "R": str(tmp_path / "r.tif"), "TABLE": str(alone),
    })
    first, other = figures(ranked[0]["MAPS"])
    for figure, rows in ((first, table(ranked[0]["TABLE"])), (other, table(alone))):
        np.testing.assert_allclose(figure["data"][-1]["x"], [float(row["percent"]) for row in rows], rtol=1e-12)
        assert figure["data"][0]["marker"]["colorbar"]["title"]["text"] == "ρ"


def test_partial_rho_equals_the_inverted_matrix(made, tmp_path):
    from scipy.stats import spearmanr

    paths, _shares = correlate(made, tmp_path, [made[1][2]], METHOD=1)
    r = numbers(paths["R"])
    for cell in ((0, 0), (5, 7), (11, 13), (23, 19)):
        rows = made[0][(slice(None), slice(None), *cell)]
        inverse = np.linalg.inv(spearmanr(rows[:, np.isfinite(rows).all(axis=0)], axis=1)[0])
        assert r[cell] == pytest.approx(-inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1]), rel=2 * FLOAT32)
    inverse = np.linalg.inv(spearmanr(annual_means(made, 3), axis=1)[0])
    summary = table(paths["SUMMARY"])[0]
    expected = -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1])
    assert float(summary["partial_r"]) == pytest.approx(expected, rel=1e-9)
    assert gdal.Open(paths["R"]).GetRasterBand(1).GetDescription() == "Partial Spearman's rho"
