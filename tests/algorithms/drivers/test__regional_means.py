"""The annual means of a correlation, over the whole raster and regions, against plain numpy."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from testkit.pages import figures
from testkit.tools import Feedback

from nep_toolbox.algorithms.drivers._coefficient import Coefficient
from nep_toolbox.algorithms.drivers._regional_means import SUMMARY, RegionalMeans, page
from nep_toolbox.core.correlation.blocks import correlation_block
from nep_toolbox.core.labels import Labels
from nep_toolbox.framework.log import Log

YEARS = list(range(2001, 2013))
ROWS, COLS = 40, 300

#: Areas of the cells of each row (m2): the weights matter.
AREA = np.linspace(1.0, 3.0, ROWS)[:, np.newaxis] * 900.0

#: Regions by the cells they take: the second overlaps the first, the third has no cell.
REGIONS = {"west": np.s_[5:38, :130], "middle": np.s_[20:, 100:280], "nowhere": np.s_[0:0, 0:0]}


@pytest.fixture(scope="module")
def stacks() -> np.ndarray:
    """A series, its driver and two controls with gaps of their own; the west has a level and a driver of its own."""
    rng = np.random.default_rng(4)
    years = rng.normal(size=(4, len(YEARS), 1, 1))
    years[0] += 0.8 * years[1] - 0.5 * years[2]
    values = years + 0.3 * rng.normal(size=(4, len(YEARS), ROWS, COLS)) + np.linspace(0, 9, COLS)
    values[1, :, :, :130] += rng.normal(size=(len(YEARS), 1, 1))
    values[rng.random(values.shape) < 0.03] = np.nan
    values[1, 3] = np.nan  # a year without a driver
    return values


def means_of(stacks, blocks) -> RegionalMeans:
    """The means of all blocks, given as pairs of rows and columns."""
    found = RegionalMeans(tuple(SimpleNamespace(name=name, area=5e8) for name in REGIONS), len(stacks), len(YEARS))
    for rows, cols in blocks:
        series, driver, *controls = stacks[:, :, rows, cols]
        lying_in = [region_cells(place, rows, cols) for place in REGIONS.values()]
        numbers = np.repeat(np.arange(len(lying_in)), [cells.size for cells in lying_in])
        regions = Labels.of_pairs(series.shape[1:], np.concatenate(lying_in), numbers)
        block = correlation_block(series, driver, tuple(controls), AREA[rows], regions, means=True)
        found.add(block["means"], last=cols.stop == COLS)
    return found


def region_cells(place, rows, cols) -> np.ndarray:
    mask = np.zeros((ROWS, COLS), dtype=bool)
    mask[place] = True
    return np.flatnonzero(mask[rows, cols])


WHOLE = [(slice(0, ROWS), slice(0, COLS))]


def correlated(stacks, blocks=WHOLE, least=8) -> tuple:
    """The relations, the rows of the summary by region, and what was said."""
    said = Feedback()
    relations, rows, _sparse = means_of(stacks, blocks).correlated(
        SimpleNamespace(log=Log(said)), YEARS, least, Coefficient()
    )
    return relations, {row[0]: dict(zip(SUMMARY, row)) for row in rows}, said


def plain_means(stacks, place) -> list:
    """The mean of each series in each year, weighted by area, over the cells where all of them have a value."""
    together = np.isfinite(stacks).all(axis=0)
    means = []
    for values in stacks:
        weights = np.where(together, AREA, 0.0)[(slice(None), *place)]
        with np.errstate(invalid="ignore"):
            means.append((np.nan_to_num(values)[(slice(None), *place)] * weights).sum((1, 2)) / weights.sum((1, 2)))
    return means


@pytest.mark.parametrize("name", ["all", "west", "middle"])
def test_means_r_and_the_line_equal_plain_numpy(stacks, name):
    relations, rows, _ = correlated(stacks[:2])
    y, x = plain_means(stacks[:2], REGIONS.get(name, np.s_[:, :]))
    relation = next(each for each in relations if each.region == name)
    np.testing.assert_allclose(relation.x, x, rtol=1e-12)
    np.testing.assert_allclose(relation.y, y, rtol=1e-12)
    assert list(relation.years) == YEARS
    known = np.isfinite(x)
    assert rows[name]["years"] == known.sum() == 11
    r = np.corrcoef(x[known], y[known])[0, 1]
    assert rows[name]["r"] == relation.r == pytest.approx(r, rel=1e-12)
    slope, intercept = np.polyfit(x[known], y[known], 1)
    assert (rows[name]["slope"], rows[name]["intercept"]) == pytest.approx((slope, intercept), rel=1e-9)
    assert (relation.slope, relation.intercept) == (rows[name]["slope"], rows[name]["intercept"])


def test_p_equals_scipy(stacks):
    from scipy.stats import pearsonr

    _, rows, _ = correlated(stacks[:2])
    y, x = (means[np.isfinite(means)] for means in plain_means(stacks[:2], REGIONS["west"]))
    assert rows["west"]["p"] == pytest.approx(pearsonr(x, y)[1], rel=1e-9)


def test_there_is_a_partial_correlation_only_with_controls(stacks):
    _, plain, said = correlated(stacks[:2])
    assert {(row["partial_r"], row["partial_p"]) for row in plain.values()} == {(None, None)}
    assert "partial" not in said.log
    _, held, said = correlated(stacks)
    for name in ("all", "west", "middle"):
        means = np.array(plain_means(stacks, REGIONS.get(name, np.s_[:, :])))
        means = means[:, np.isfinite(means).all(axis=0)]
        design = np.column_stack([np.ones(means.shape[1]), *means[2:]])
        left = [each - design @ np.linalg.lstsq(design, each, rcond=None)[0] for each in means[:2]]
        assert held[name]["partial_r"] == pytest.approx(np.corrcoef(*left)[0, 1], rel=1e-9)
        assert held[name]["r"] == pytest.approx(np.corrcoef(*means[:2])[0, 1], rel=1e-12)
        assert 0 < held[name]["partial_p"] < 1
    row = held["all"]
    assert said.infos == [
        f"Annual means: r = {row['r']:.3f}, p = {row['p']:.3g}; "
        f"partial r = {row['partial_r']:.3f}, p = {row['partial_p']:.3g}"
    ]


def test_means_of_fewer_years_than_asked_for_have_no_r(stacks):
    assert np.isfinite(correlated(stacks[:2], least=11)[1]["west"]["r"])
    assert np.isnan(correlated(stacks[:2], least=12)[1]["west"]["r"])


def test_means_that_have_no_r_are_told_in_words(stacks):
    level = stacks[[0, 1, 1]].copy()
    level[1] = 7.0
    assert correlated(level[:2])[2].infos == [
        "Annual means: no r, as one of them does not vary or has too few years"
    ]
    told = correlated(stacks[[0, 1, 1]])[2].infos  # the control is the driver
    assert len(told) == 1 and told[0].startswith("Annual means: r = ") and "partial" not in told[0]


def test_a_region_without_a_value_is_named(stacks):
    relations, rows, said = correlated(stacks[:2])
    assert list(rows) == [relation.region for relation in relations] == ["all", *REGIONS]
    assert rows["nowhere"]["years"] == 0 and np.isnan(rows["nowhere"]["r"])
    warning, little = said.warnings
    assert warning.startswith("No value in the region 'nowhere':")
    # 33 rows of 130 cells, and 20 of 180, of 500 km2, less what is missing in either series.
    assert [rows[name]["coverage"] for name in ("west", "middle")] == pytest.approx([
        covered(stacks[:2], REGIONS[name]) for name in ("west", "middle")
    ], rel=1e-12)
    assert rows["nowhere"]["coverage"] == 0 and np.isnan(rows["all"]["coverage"])
    assert "'west'" in little and "'middle'" in little and "'nowhere'" not in little


def covered(stacks, place) -> float:
    """Percent of 500 km2 with values in all series, in the mean of the years that have any."""
    together = np.isfinite(stacks).all(axis=0)[(slice(None), *place)]
    areas = (together * np.broadcast_to(AREA, (ROWS, COLS))[place]).sum((1, 2))
    return 100 * areas[areas > 0].mean() / 5e8


def test_blocks_do_not_matter(stacks):
    cut = [
        (slice(top, min(top + 16, ROWS)), slice(left, right))
        for top in range(0, ROWS, 16) for left, right in ((0, 256), (256, COLS))
    ]
    whole, blocks = correlated(stacks)[1], correlated(stacks, cut)[1]
    assert repr(whole) == repr(blocks)


def test_the_page_has_the_means_and_the_classes(stacks, tmp_path):
    relations, _, _ = correlated(stacks[:2])
    series = SimpleNamespace(quantity="NEP", unit="gC m-2 yr-1")
    driver = SimpleNamespace(quantity="rain", unit="mm")
    shares = [(2, "Significant", 3, 0.5, 75.0), (1, "Not significant", 1, 0.2, 25.0)]
    page(series, driver, relations, {"west": 1.5}, shares, {2: "#2166ac", 1: "#d1e5f0"},
         Coefficient()).write(tmp_path / "page.html")
    means, classes = figures(tmp_path / "page.html")
    assert means["layout"]["xaxis"]["title"]["text"] == "rain (mm)"
    assert means["layout"]["yaxis"]["title"]["text"] == "NEP (gC m⁻² yr⁻¹)"
    points = next(trace for trace in means["data"] if trace.get("text"))
    known = np.isfinite(relations[0].x)
    assert points["x"] == pytest.approx(relations[0].x[known].tolist(), rel=1e-12)
    assert classes["data"][0]["x"] == [75.0, 25.0]
    written = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<h1>Correlation of NEP with rain</h1>" in written
    assert "has values: west (1.5 %).</figcaption>" in written
