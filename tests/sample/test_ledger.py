"""The sources and sinks of the sample province: by scipy pixel by pixel, and by sums taken another way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nep_toolbox.sample.ledger import ALPHA, LEAST_YEARS, Ledger
from nep_toolbox.sample.province import make_province

FORMS = ("annual_literal", "annual_monthly_equivalent")


@pytest.fixture(scope="module", params=FORMS)
def form(request, truth):
    return truth if request.param == "annual_literal" else truth[request.param]


def ledger_of(province, nep):
    """The ledger of a series (years, rows, cols) with NaN where it is missing."""
    found = np.isfinite(nep)
    ledger = Ledger(province, found.sum(axis=0))
    for year, values, there in zip(province.years, nep, found):
        ledger.add(year, values, there, 1.0)
    return ledger


def test_budget_adds_up(truth, form):
    rows = form["ledger"]["budget"]
    whole = {row["year"]: row for row in rows if row["region"] == "all"}
    names = {row["region"] for row in rows} - {"all"}
    assert names == {region["name"] for region in truth["regions"]}
    annual = truth["annual"] if form is truth else form["annual"]
    for row in annual:
        of_year = whole[row["year"]]
        assert of_year["net_tg"] == pytest.approx(row.get("nep_total_tg", row.get("total_tg")), rel=1e-12)
        parts = [each for each in rows if each["year"] == row["year"] and each["region"] in names]
        for column, value in of_year.items():
            if column not in ("region", "year"):
                assert sum(each[column] for each in parts) == pytest.approx(value, rel=1e-9), column
    for row in rows:
        assert row["source_tg"] <= 0 <= row["sink_tg"]
        assert row["sink_tg"] + row["source_tg"] == pytest.approx(row["net_tg"], rel=1e-9)
        assert row["sink_area_km2"] + row["source_area_km2"] == pytest.approx(row["pixels"])


def test_classes_equal_scipy_on_noise_around_zero():
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(5)
    province = make_province(40, range(2001, 2016), 5)
    level = random.choice([-0.8, -0.2, 0.0, 0.2, 0.8], size=(province.rows, province.cols))
    nep = level + random.normal(size=(len(province.years), province.rows, province.cols))
    nep[random.random(nep.shape) < 0.3] = np.nan
    nep[:, ~province.valid] = np.nan
    nep[:, province.rows // 2, :] = 2.5  # constant: beyond any doubt
    found = ledger_of(province, nep).sources_and_sinks()

    classes, switches, sink_years = Counter(), Counter(), []
    for series in nep.reshape(len(nep), -1).T:
        values = series[np.isfinite(series)]
        if len(values) < LEAST_YEARS:
            continue
        constant = np.ptp(values) == 0
        p_value = 0.0 if constant else stats.ttest_1samp(values, 0.0).pvalue
        classes[str(int(np.sign(values.mean()) * (2 if p_value < ALPHA else 1)))] += 1
        half = len(values) // 2
        early, late = values[:half].mean() > 0, values[-half:].mean() > 0
        switches[{(True, True): "1", (False, True): "2", (True, False): "3", (False, False): "4"}[early, late]] += 1
        sink_years.append(np.count_nonzero(values > 0))
    assert min(classes[code] for code in ("2", "1", "-1", "-2")) > 50
    assert found["class_pixels"] == {code: classes[code] for code in ("2", "1", "0", "-1", "-2")}
    assert found["switch_pixels"] == {code: switches[code] for code in ("1", "2", "3", "4")}
    assert found["mean_sink_years"] == pytest.approx(np.mean(sink_years), rel=1e-12)
