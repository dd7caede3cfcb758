"""The summary by land cover against plain numpy and scipy, and what it adds up to."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import linregress, norm, theilslopes
from testkit.landcover import landcover_sums

from nep_toolbox.core.landcover.summary import (
    SUMMARY_COLUMNS,
    area_percent,
    summary_rows,
    without_classes,
)

YEARS = (2001, 2002, 2004, 2005, 2006, 2009)
AREA = 250.0


def case(which=(0, 0, 0, 1, 1, 1)):
    rng = np.random.default_rng(3)
    landcover = rng.choice([1, 2, 17], (2, 20, 30)).astype(float)
    landcover[0][landcover[0] == 17] = 2  # urban comes with the second date
    landcover[:, :2, :3] = 5  # water without a value
    values = rng.normal(300, 40, (6, 20, 30)) + 7.0 * np.arange(6)[:, None, None]
    values[:, landcover[0] == 1] -= 500.0
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, :2, :3] = np.nan
    return values, landcover, which, landcover_sums(values, landcover, which, np.full((20, 1), AREA))


def as_rows(sums, **more):
    return {row[0]: dict(zip(SUMMARY_COLUMNS, row)) for row in summary_rows(sums, YEARS, {17: "Urban"}, **more)}


def test_equals_numpy_and_scipy():
    values, landcover, which, sums = case()
    rows = as_rows(sums)
    assert list(rows) == [1, 2, 17]
    assert [row["label"] for row in rows.values()] == ["1", "2", "Urban"]
    means, totals, areas = ({} for _ in range(3))
    for code in rows:
        inside = [(landcover[date] == code) & np.isfinite(plane) for date, plane in zip(which, values)]
        means[code] = [plane[here].mean() if here.any() else np.nan for plane, here in zip(values, inside)]
        totals[code] = np.mean([plane[here].sum() * AREA for plane, here in zip(values, inside)])
        areas[code] = np.mean([here.sum() * AREA for here in inside])
    for code, row in rows.items():
        level = np.array(means[code])
        there = np.isfinite(level)
        assert row["mean"] == pytest.approx(level[there].mean(), rel=1e-12)
        assert row["total"] == pytest.approx(totals[code], rel=1e-12)
        assert row["total_tg"] == row["total"] / 1e12
        assert row["share"] == pytest.approx(100 * totals[code] / sum(totals.values()), rel=1e-12)
        assert row["area_km2"] == pytest.approx(areas[code] / 1e6, rel=1e-12)
        assert row["area_percent"] == pytest.approx(100 * areas[code] / sum(areas.values()), rel=1e-12)
        trend = [row[name] for name in ("slope", "sen_slope", "p", "p_ols")]
        if there.sum() < 4:
            assert np.isnan(trend).all()
            continue
        line = linregress(YEARS, level)
        assert row["slope"] == pytest.approx(line.slope, rel=1e-9)
        assert row["p_ols"] == pytest.approx(line.pvalue, rel=1e-9)
        assert row["sen_slope"] == pytest.approx(theilslopes(level, YEARS).slope, rel=1e-12)
        n, s = level.size, sum(np.sign(late - early) for place, early in enumerate(level) for late in level[place:])
        z = (abs(s) - 1) / np.sqrt(n * (n - 1) * (2 * n + 5) / 18) if s else 0.0
        assert row["p"] == pytest.approx(2 * norm.sf(z), rel=1e-12)
    assert np.isnan(rows[17]["slope"])
    assert rows[1]["share"] < 0 < rows[2]["share"]


def test_shares_add_up_and_a_class_of_some_years_counts_as_nothing_in_the_others():
    sums = case()[-1]
    rows = as_rows(sums).values()
    assert sum(row["share"] for row in rows) == pytest.approx(100, abs=1e-10)
    assert sum(row["area_percent"] for row in rows) == pytest.approx(100, abs=1e-10)
    whole = sums.sums.statistics()["total"].sum(axis=1).mean()
    assert sum(row["total"] for row in rows) == pytest.approx(whole, rel=1e-12)


def test_a_year_without_any_pixel_does_not_count():
    values, landcover, which, sums = case()
    full = as_rows(sums)
    longer = landcover_sums(
        np.concatenate((values, np.full((1, 20, 30), np.nan))), landcover, (*which, 1), np.full((20, 1), AREA)
    )
    rows = summary_rows(longer, (*YEARS, 2011), {17: "Urban"})
    found = {row[0]: dict(zip(SUMMARY_COLUMNS, row)) for row in rows}
    for code in (1, 2, 17):
        assert found[code].pop("label") == full[code].pop("label")
        assert found[code] == pytest.approx(full[code], rel=1e-12, nan_ok=True)


def test_without_classes_is_as_if_their_pixels_were_missing():
    values, landcover, which, sums = case()
    missing = np.where(landcover == 2, np.nan, landcover)
    expected = landcover_sums(values, missing, which, np.full((20, 1), AREA))
    found = without_classes(sums, {2, 99})
    assert found.classes == expected.classes == (1, 5, 17)
    for one, other in zip(found.sums, expected.sums):
        assert np.array_equal(one, other)
    assert as_rows(found)[1] == as_rows(expected)[1] != as_rows(sums)[1]


def test_percent_of_the_area_names_classes_with_a_pixel():
    sums = case()[-1]
    assert sums.classes == (1, 2, 5, 17)
    found = area_percent(sums)
    assert found == {code: row["area_percent"] for code, row in as_rows(sums).items()}


def test_a_total_of_nothing_has_no_shares():
    values = np.array([[[1.0, -1.0]]] * 5)
    sums = landcover_sums(values, np.array([[[1, 2]]]), (0,) * 5, np.ones((1, 1)))
    shares = [row[SUMMARY_COLUMNS.index("share")] for row in summary_rows(sums, range(5), {})]
    assert np.isnan(shares).all()


def test_no_carbon_has_no_teragrams():
    assert all(np.isnan(row["total_tg"]) for row in as_rows(case()[-1], teragram=float("nan")).values())
