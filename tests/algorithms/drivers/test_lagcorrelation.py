"""nep:lagcorrelation through files: the reference, the calendar, table, legend, chart, blocks, lines, errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import band_names, identical, numbers, stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core.correlation.lag import lag_correlation, lagged_years
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

#: Float32 holds a value to half of its last place.
FLOAT32 = 2.0**-24
MAPS = ("LAG", "R", "PVALUE", "CLASS", "R_BY_LAG")


def lags(folder, series, driver, feedback=None, chart=False, **options) -> dict:
    """Run the tool with every result asked for, the chart where it is looked at; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:lagcorrelation", folder)
    if not chart:
        del paths["CHART"]
    options = {"PERMUTATIONS": 99, **options}
    return {**run("nep:lagcorrelation", {"INPUT": series, "DRIVER": driver, **options, **paths}, feedback), **paths}


def series(path, values, years, **options) -> list:
    """A multi-band raster of a series; NaN is nodata."""
    filled = np.where(np.isfinite(values), values, -9999.0)
    return [write_raster(path, filled, nodata=-9999.0, descriptions=years, **options)]


@pytest.fixture(scope="module")
def stacks() -> tuple:
    """NPP of 2001 to 2018 and rain of 1999 to 2018 on 12 x 8 pixels: NPP follows rain after as many years as the place
    of the row in threes, in the last column with the contrary sign; the last three rows are noise. With gaps, a level
    pixel of each, and one with too few years."""
    rng = np.random.default_rng(7)
    rain = rng.normal(800, 100, (20, 12, 8)).astype(np.float32)
    npp = np.zeros((18, 12, 8), np.float32)
    for lag in range(3):
        npp[:, 3 * lag : 3 * lag + 3] = 0.5 * rain[2 - lag : 20 - lag, 3 * lag : 3 * lag + 3]
    npp[..., 7] *= -1
    npp += rng.normal(300, 25, npp.shape).astype(np.float32)
    npp[[3, 9], 4] = np.nan
    npp[:, 11, 0], rain[:, 11, 1] = 420.0, 900.0
    npp[7:, 11, 2] = np.nan
    return npp, rain


@pytest.fixture(scope="module")
def made(stacks, tmp_path_factory) -> tuple:
    """The series as rasters, all results on them and the log."""
    folder = tmp_path_factory.mktemp("lags")
    npp = series(folder / "npp.tif", stacks[0], range(2001, 2019))
    rain = series(folder / "rain.tif", stacks[1], range(1999, 2019))
    feedback = Feedback()
    regions = polygons({"north": (0, 3, 0, 8), "south": (9, 12, 0, 8)})
    found = lags(folder / "out", npp, rain, feedback, True, REGIONS=regions, REGION_FIELD="name")
    return npp, rain, found, feedback


def test_the_reference_through_files(shared, tmp_path):
    cases = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["lag"]
    for name, case in cases.items():
        y, x = (np.array(case[key])[:, np.newaxis, np.newaxis] for key in "yx")
        years = range(2001, 2001 + len(y))
        pair = [series(tmp_path / f"{name} {key}.tif", values, years, kind="float64")
                for key, values in (("npp", y), ("rain", x))]
        found = lags(tmp_path / name, *pair, MAX_LAG=case["max_lag"], PERMUTATIONS=1999)
        assert stored(found["LAG"]).item() == case["best_lag"]
        assert numbers(found["R"]).item() == pytest.approx(case["r_best"], rel=2 * FLOAT32)
        np.testing.assert_allclose(numbers(found["R_BY_LAG"])[:, 0, 0], case["r"], rtol=2 * FLOAT32)
        assert numbers(found["PVALUE"]).item() == pytest.approx(case["p_max"], abs=0.01)
        significant = case["p_max"] < 0.05
        assert stored(found["CLASS"]).item() == (case["best_lag"] if significant else -1)
        assert found["SIGNIFICANT_PERCENT"] == 100 * significant
        assert table(found["TABLE"])[case["best_lag"]]["percent"] in ("100", "100.0")


def test_planted_lags_and_years_before_the_series(made, stacks):
    npp, rain = stacks
    _npp, _rain, found, feedback = made
    used = lagged_years(range(2001, 2019), range(1999, 2019), 2)
    assert len(used.years) == 18  # all: the driver begins two years before
    expected = lag_correlation(npp, rain, used.places, used.years, permutations=99, seed=1)
    lag, r, p, codes = (stored(found[name])[0] for name in MAPS[:4])
    np.testing.assert_array_equal(lag, expected.lag)
    np.testing.assert_array_equal(numbers(found["R"]), expected.r.astype(np.float32))
    np.testing.assert_array_equal(numbers(found["PVALUE"]), expected.p_value.astype(np.float32))
    np.testing.assert_array_equal(numbers(found["R_BY_LAG"]), expected.r_by_lag.astype(np.float32))
    assert band_names(found["R_BY_LAG"]) == ["Same year", "1 year before", "2 years before"]
    assert lag.dtype == codes.dtype == np.int16
    for planted in range(3):
        rows = slice(3 * planted, 3 * planted + 3)
        assert (lag[rows] == planted).mean() > 0.9 and (codes[rows] == planted).mean() > 0.9
        assert (r[rows, :7] > 0).mean() > 0.9 and (r[rows, 7] < 0).all()
    assert (lag[11, :3] == -32768).all() and (codes[11, :3] == -32768).all() and (r[11, :3] == -9999).all()
    assert "over 18 years, 2001 to 2018; p from 99 random orders" in feedback.log
    assert "of the year itself and each of the 2 years before it" in feedback.log
    assert "Nothing is detrended" in feedback.log
    assert "Left out" not in feedback.log
    significant = np.isfinite(numbers(found["PVALUE"])) & (p < 0.05)
    tested = int(np.isfinite(numbers(found["PVALUE"])).sum())
    assert tested == 93
    assert found["SIGNIFICANT_PERCENT"] == 100 * significant.sum() / tested
    main = np.bincount(lag[significant]).argmax()
    assert found["MAIN_LAG"] == main
    assert f"(p < 0.05) in {significant.sum()} of 93 pixels" in feedback.log and "makes it 4 %" in feedback.log
    assert "commonest lag of a significant correlation: " in feedback.log


def test_table_of_the_whole_raster_and_of_regions(made):
    _npp, _rain, found, feedback = made
    lag, r, p = (numbers(found[name]) for name in ("LAG", "R", "PVALUE"))
    rows = table(found["TABLE"])
    assert [(row["region"], row["lag"]) for row in rows] == [
        *(("all", lag) for lag in ("0", "1", "2", "")), *(("north", lag) for lag in "012"),
        *(("south", lag) for lag in ("0", "1", "2", "")),
    ]
    places = {"all": slice(0, 12), "north": slice(0, 3), "south": slice(9, 12)}
    for row in rows:
        where = places[row["region"]]
        whole = np.isfinite(p[where]).sum() + (0 if row["region"] == "north" else 2)
        if row["lag"]:
            inside = lag[where] == int(row["lag"])
            assert row["label"] == ["Same year", "1 year before", "2 years before"][int(row["lag"])]
            for column, chosen in (
                ("percent", inside), ("positive_percent", inside & (p[where] < 0.05) & (r[where] > 0)),
                ("negative_percent", inside & (p[where] < 0.05) & (r[where] < 0)),
            ):
                assert float(row[column]) == pytest.approx(100 * chosen.sum() / whole, abs=1e-9)
            assert int(row["pixels"]) == inside.sum()
            assert float(row["area_km2"]) == pytest.approx(inside.sum() * 9e-4, rel=1e-3)
        else:
            assert (row["label"], row["pixels"], row["positive_percent"]) == ("no result", "2", "")
    assert any(float(row["negative_percent"]) > 3 for row in rows[:3])
    for row in rows[:4]:
        count = int(row["pixels"])
        assert f"{row['label']}: {count} pixel" in feedback.log


def test_regions_without_values_are_told(made, tmp_path):
    npp, rain, _found, _feedback = made
    feedback = Feedback()
    regions = polygons({"north": (0, 3, 0, 8), "away": (50, 52, 0, 3)})
    found = lags(tmp_path, npp, rain, feedback, REGIONS=regions, REGION_FIELD="name", MAX_LAG=0, PERMUTATIONS=19,
                 ALPHA=0.1)
    assert any("No value in the region 'away'" in words for words in feedback.warnings)
    assert [row["pixels"] for row in table(found["TABLE"]) if row["region"] == "away"] == ["0"]


def test_without_regions_the_table_has_no_column_for_them(made, tmp_path):
    npp, rain, found, _feedback = made
    again = lags(tmp_path, npp, rain)
    assert table(again["TABLE"]) == [
        {name: value for name, value in row.items() if name != "region"}
        for row in table(found["TABLE"]) if row["region"] == "all"
    ]


def test_legends_in_words(made):
    _npp, _rain, found, _feedback = made
    labels = ["Same year", "1 year before", "2 years before"]
    layers = [QgsRasterLayer(found[name], "again") for name in ("LAG", "CLASS")]  # which own their renderers
    lag, codes = (layer.renderer().classes() for layer in layers)
    assert [(each.value, each.label) for each in lag] == list(enumerate(labels))
    assert [(each.value, each.label) for each in codes] == [*enumerate(labels), (-1, "No significant correlation")]
    assert [each.color.name() for each in lag] == [each.color.name() for each in codes[:3]]
    assert len({each.color.name() for each in codes}) == 4
    ramp = QgsRasterLayer(found["R"], "again")
    assert (ramp.renderer().classificationMin(), ramp.renderer().classificationMax()) == (-1.0, 1.0)


def test_the_chart_holds_the_shares_of_the_table(made):
    _npp, _rain, found, _feedback = made
    page = Path(found["CHART"]).read_text(encoding="utf-8")
    assert "Lag of NPP behind rain" in page and "2001 to 2018" in page and "may be chance alone" in page
    assert "line over the years" not in page
    positive, negative, other = figures(found["CHART"])[0]["data"]
    rows = table(found["TABLE"])[:3]
    for place, row in enumerate(rows):
        shares = [float(row[name]) for name in ("percent", "positive_percent", "negative_percent")]
        assert [each["y"][place] for each in (positive, negative)] == pytest.approx(shares[1:])
        assert other["y"][place] == pytest.approx(shares[0] - shares[1] - shares[2], abs=1e-9)


def test_blocks_threads_and_order_do_not_matter(made, tmp_path, monkeypatch):
    npp, rain, found, _feedback = made
    monkeypatch.setattr(Run, "block", (5, 3))
    regions = polygons({"north": (0, 3, 0, 8), "south": (9, 12, 0, 8)})
    other = lags(tmp_path, npp, rain, chart=True, REGIONS=regions, REGION_FIELD="name", THREADS=3, MEMORY=64)
    for name in MAPS:
        assert identical(found[name], other[name]), name
    assert table(found["TABLE"]) == table(other["TABLE"])
    assert Path(found["CHART"]).read_bytes() == Path(other["CHART"]).read_bytes()
    for name in ("SIGNIFICANT_PERCENT", "MAIN_LAG"):
        assert found[name] == other[name]


def test_seed_level_and_fewest_years(made, tmp_path):
    npp, rain, found, _feedback = made
    other = lags(tmp_path / "seed", npp, rain, SEED=2)
    assert identical(found["R"], other["R"]) and not identical(found["PVALUE"], other["PVALUE"])
    strict = lags(tmp_path / "level", npp, rain, ALPHA=0.011, MIN_OBSERVATIONS=17)
    p, codes = numbers(found["PVALUE"]), stored(strict["CLASS"])[0]
    tested = np.isfinite(p)
    tested[4] = False  # two years missing
    np.testing.assert_array_equal(codes >= 0, tested & (p < 0.011))
    np.testing.assert_array_equal(codes == -32768, ~tested)


def test_the_calendar_counts(made, stacks, tmp_path):
    """Without rain of 1999 and 2008 the years that need it are left out, and no other year takes its place."""
    npp, _rain, _found, _feedback = made
    years = [year for year in range(2000, 2019) if year != 2008]
    rain = series(tmp_path / "rain.tif", stacks[1][[year - 1999 for year in years]], years)
    feedback = Feedback()
    found = lags(tmp_path / "out", npp, rain, feedback)
    assert "Left out of 'Annual series' (INPUT) 'npp'" in feedback.log
    assert "to be known in the year itself and each of the 2 years before it: 2001, 2008, 2009, 2010" in feedback.log
    kept = [year for year in range(2001, 2019) if year not in (2001, 2008, 2009, 2010)]
    y, x = stacks[0][:, 2, 2], stacks[1][:, 2, 2]
    for lag, r in enumerate(numbers(found["R_BY_LAG"])[:, 2, 2]):
        pairs = [(y[year - 2001], x[year - lag - 1999]) for year in kept]
        assert r == pytest.approx(np.corrcoef(np.array(pairs, float).T)[0, 1], rel=1e-6)


def test_lines_are_taken_out(made, stacks, tmp_path):
    _npp, rain, _found, _feedback = made
    line = 40.0 * np.arange(18)[:, np.newaxis, np.newaxis]
    npp = series(tmp_path / "npp.tif", stacks[0].astype(float) + line, range(2001, 2019), kind="float64")
    feedback = Feedback()
    found = lags(tmp_path / "out", npp, rain, feedback, True, DETREND=True)
    assert "The line over the years is taken out of both." in feedback.log and "Nothing is detr" not in feedback.log
    assert "The line over the years is taken out of both." in Path(found["CHART"]).read_text(encoding="utf-8")
    assert (stored(found["LAG"])[0, :3] == 0).mean() > 0.9
    y, x, years = stacks[0][:, 1, 1] + line[:, 0, 0], stacks[1][2:, 1, 1], np.arange(18.0)
    rest = [values - np.polyval(np.polyfit(years, values, 1), years) for values in (y, x)]
    assert numbers(found["R_BY_LAG"])[0, 1, 1] == pytest.approx(np.corrcoef(rest)[0, 1], rel=1e-6)


def test_nothing_significant_gives_no_commonest_lag(tmp_path):
    rng = np.random.default_rng(3)
    one, other = (series(tmp_path / f"{name}.tif", rng.normal(size=(10, 1, 1)), range(2001, 2011)) for name in "ab")
    found = lags(tmp_path / "out", one, other, MAX_LAG=0, ALPHA=0.02)
    assert found["SIGNIFICANT_PERCENT"] == 0 and "MAIN_LAG" not in found
    assert stored(found["CLASS"]).item() == -1
    few = lags(tmp_path / "few", one, other, MAX_LAG=0, MIN_OBSERVATIONS=10)
    assert "SIGNIFICANT_PERCENT" in few
    gaps = rng.normal(size=(10, 1, 1))
    gaps[:5] = np.nan
    none = lags(tmp_path / "none", series(tmp_path / "gaps.tif", gaps, range(2001, 2011)), other)
    assert "SIGNIFICANT_PERCENT" not in none and np.isnan(numbers(none["R"])).all()


@pytest.mark.parametrize(("name", "driver", "warned"), [("nep", "rain", True), ("npp", "rain", False)])
def test_nep_and_its_own_climate(tmp_path, name, driver, warned):
    rng = np.random.default_rng(5)
    one, other = (series(tmp_path / f"{each}.tif", rng.normal(9, 1, (12, 2, 2)), range(2001, 2013))
                  for each in (name, driver))
    feedback = Feedback()
    lags(tmp_path / "out", one, other, feedback, MAX_LAG=0)
    assert ("'nep' looks like NEP, and 'rain' like the climate" in feedback.log) == warned


def refused(tmp_path, one, other, match, **options):
    with pytest.raises(QgsProcessingException, match=match):
        lags(tmp_path / "refused", one, other, **options)
    assert not [path for path in (tmp_path / "refused").iterdir() if path.is_file()]


def test_errors_say_what_is_wrong_and_what_to_do(made, stacks, tmp_path):
    npp, rain, _found, _feedback = made
    apart = series(tmp_path / "apart.tif", stacks[1], range(1961, 1981))
    refused(tmp_path, npp, apart, r"'npp' has 0 years for which 'apart' is known in the year itself and each of the 2 "
                                  r"years before it \(none\), but 8 are needed. The series has 2001-2018, the driver "
                                  r"1961-1980. Add years.*MAX_LAG")
    short = series(tmp_path / "short.tif", stacks[1][:10], [*range(2001, 2010), 2011])
    refused(tmp_path, npp, short, r"'npp' has 7 years.*\(2003, 2004.*2009\), but 8.*the driver 2001-2009, 2011\.")
    refused(tmp_path, npp, apart, r"is known in the year itself and the year before it \(none\)", MAX_LAG=1)
    refused(tmp_path, npp, apart, r"is known in the year itself \(none\)", MAX_LAG=0)
    refused(tmp_path, npp, npp, "'npp' is .*INPUT.* and .*DRIVER.*: a series says nothing of itself")
    finer = series(tmp_path / "finer.tif", stacks[1], range(1999, 2019), transform=(500000, 15, 0, 4000000, 0, -15))
    refused(tmp_path, npp, finer, "'finer' does not lie on the grid of 'npp'.*nep:harmonize")
    refused(tmp_path, npp, rain, r"PERMUTATIONS.* 19 no p is below 0.05, and .*ALPHA.* is 0.05", PERMUTATIONS=19)
    level = series(tmp_path / "level.tif", np.full((20, 12, 8), 5.0), range(1999, 2019))
    refused(tmp_path, npp, level, "'level' does not change over the years 2001 to 2018.*nothing can be correlated")
    refused(tmp_path, level, rain, "'level' does not change")
    months = series(tmp_path / "months.tif", np.ones((24, 12, 8)), [f"20{year:02d}-{month:02d}" for year in (1, 2)
                                                                      for month in range(1, 13)])
    refused(tmp_path, npp, months, "month")


def test_the_made_up_province_follows_its_climate_of_the_same_year(province, tmp_path):
    files = {name: sorted(map(str, province.glob(f"{name}_*.tif"))) for name in ("npp", "precipitation")}
    found = lags(tmp_path, files["npp"], files["precipitation"])
    assert found["MAIN_LAG"] == 0
