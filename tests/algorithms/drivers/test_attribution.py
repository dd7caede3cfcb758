"""nep:attribution through files: the reference, closure, shares, tables, the annual means, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import numbers, stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core.attribution.regression import DETRENDED, DIFFERENCES, PLAIN
from nep_toolbox.core.trend.theil_sen import trend

pytestmark = pytest.mark.usefixtures("provider")

KINDS = {PLAIN: "plain", DETRENDED: "detrended", DIFFERENCES: "differences"}
#: Float32 holds a value to half of its last place.
FLOAT32 = 2.0**-24
YEARS = range(2001, 2021)
NO_CLASS = -32768


def attribute(folder, series, drivers, feedback=None, but=(), **options) -> dict:
    """Run the tool with every result asked for, but some; the path of each, and the numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: path for name, path in destinations("nep:attribution", folder).items() if name not in but}
    found = run("nep:attribution", {"INPUT": series, "DRIVERS": drivers, **options, **paths}, feedback)
    return {**paths, **{name: value for name, value in found.items() if isinstance(value, float)}}


def series(path, values, years=YEARS, **options) -> list:
    """A multi-band raster of a series (n, rows, cols); NaN is nodata."""
    return [write_raster(path, np.nan_to_num(values, nan=-9999.0), nodata=-9999.0, descriptions=years, **options)]


def in_files(folder, y, drivers, years=YEARS, **options) -> tuple:
    """A series and its drivers as rasters."""
    given = [series(folder / f"driver {'abcdefgh'[place]}.tif", x, years, **options)[0]
             for place, x in enumerate(drivers)]
    return series(folder / "target.tif", y, years, **options), given


# The reference -------------------------------------------------------------------------------------------------------

def column(values) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@pytest.fixture(scope="module")
def groups(shared) -> list:
    """Cases with as many drivers and the same years, side by side: names, expected, years, target, drivers."""
    cases = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    alike: dict = {}
    for name, case in cases.items():
        alike.setdefault((len(case["input"]["x"]), tuple(case["input"]["years"])), []).append(name)
    found = []
    for (_k, years), names in alike.items():
        given = [cases[name]["input"] for name in names]
        y = np.stack([column(each["y"]) for each in given], axis=1)[:, None]
        drivers = np.stack([np.stack([column(x) for x in each["x"]]) for each in given], axis=2)[:, :, None]
        found.append((names, [cases[name]["result"] for name in names], years, y, drivers))
    return found


@pytest.mark.parametrize("method", KINDS)
def test_every_number_of_the_reference(groups, method, tmp_path):
    checked = 0
    for place, (names, expected, years, y, drivers) in enumerate(groups):
        if len(names) < 3 and method != DETRENDED:
            continue  # one pixel alone is enough for one fit
        files = in_files(tmp_path / str(place), y, drivers, years, kind="float64")
        if names == ["k4_too_few"]:
            with pytest.raises(QgsProcessingException, match="9 in common"):
                attribute(tmp_path / str(place), *files, FIT=method)
            continue
        but = ("RESIDUAL_PVALUE",) if method == DIFFERENCES else ()
        paths = attribute(tmp_path / str(place), *files, but=but, FIT=method, ALL_PIXELS=True)
        maps = {name: numbers(path) for name, path in paths.items() if str(path).endswith(".tif")}
        for pixel, (name, result) in enumerate(zip(names, expected)):
            here = {key: values[..., 0, pixel] for key, values in maps.items()}
            if "nodata" in result:
                assert all(np.isnan(values).all() for values in here.values()), name
                continue
            of_fit, share = result[KINDS[method]], result[KINDS[method]]["shares"]["ols"]
            same = {
                "SLOPE": of_fit["slope_ols"]["observed"], "SLOPE_CLIMATE": of_fit["slope_ols"]["climate"],
                "SLOPE_RESIDUAL": of_fit["slope_ols"]["residual"], "CLASS": share["class"],
                "SHARE": share["share_climate"], "RSQUARED": of_fit["r2"], "PVALUE": of_fit["p"],
            }
            if method != DIFFERENCES:
                same["RESIDUAL_PVALUE"] = of_fit["residual_mk_p" if method == PLAIN else "residual_slope_p"]
            for key, value in same.items():
                np.testing.assert_allclose(here[key], value, rtol=1.01 * FLOAT32, err_msg=f"{name} {key}")
            for key in ("climate", "residual"):
                values = here[key.upper()]
                valid = np.isfinite(values)
                wanted = of_fit[f"{key}_series"]
                np.testing.assert_allclose(
                    values[valid], wanted, rtol=1.01 * FLOAT32, atol=1e-10 * np.abs(wanted).max(), err_msg=name
                )
            checked += 1
    assert checked == (13 if method == DETRENDED else 9)


# Series of many pixels -----------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def made() -> tuple:
    """A series and two drivers on 6 x 8 pixels: with a trend of its own in the first two columns, with gaps, constant,
    and with too few years."""
    rng = np.random.default_rng(31)
    drivers = rng.normal(size=(2, 20, 6, 8)) + 10.0
    y = drivers[0] - 0.5 * drivers[1] + 0.5 * rng.normal(size=(20, 6, 8)) + 500.0
    y[:, :, :2] += 0.3 * np.arange(20)[:, None, None]
    y[:, :, 2] -= 0.3 * np.arange(20)[:, None]
    y[4:6, 0] = np.nan
    drivers[1, 9, 1, 3:] = np.nan
    y[:, 5, 7] = 3.0
    drivers[0, :, 5, 6] = 2.0
    y[3:, 5, 5] = np.nan
    y[:, 4, 7] = np.nan
    return np.float32(y).astype(float), np.float32(drivers).astype(float)


@pytest.fixture(scope="module")
def boxes():
    return polygons({"West": (0, 6, 0, 3), "East": (0, 4, 3, 8), "Far": (40, 50, 40, 50)})


@pytest.fixture(scope="module")
def computed(made, boxes, tmp_path_factory) -> tuple:
    folder, feedback = tmp_path_factory.mktemp("made"), Feedback()
    files = in_files(folder, *made)
    return attribute(folder, *files, feedback, REGIONS=boxes, REGION_FIELD="name"), feedback


def test_the_slopes_add_up(computed):
    slope, climate, rest = (numbers(computed[0][name]) for name in ("SLOPE", "SLOPE_CLIMATE", "SLOPE_RESIDUAL"))
    given = np.isfinite(slope)
    assert given.sum() == 44
    largest = np.maximum.reduce([np.abs(slope), np.abs(climate), np.abs(rest)])
    assert (np.abs(climate + rest - slope)[given] <= 2.5 * FLOAT32 * largest[given]).all()


def test_the_series_add_up_in_the_years_of_the_fit(computed, made):
    y, drivers = made
    climate, rest = (numbers(computed[0][name]) for name in ("CLIMATE", "RESIDUAL"))
    together = np.isfinite(y) & np.isfinite(drivers).all(axis=0) & np.isfinite(numbers(computed[0]["SLOPE"]))
    np.testing.assert_array_equal(np.isfinite(climate), together)
    np.testing.assert_array_equal(np.isfinite(rest), together)
    np.testing.assert_allclose((climate + rest)[together], y[together], rtol=2 * FLOAT32)
    for name in ("CLIMATE", "RESIDUAL"):
        dataset = gdal.Open(computed[0][name])
        assert [dataset.GetRasterBand(place).GetDescription() for place in (1, 20)] == ["2001", "2020"]


def kendall(y, drivers) -> np.ndarray:
    """p of the observed trend over the years in common."""
    together = np.where(np.isfinite(drivers).all(axis=0), y, np.nan)
    return trend(together, np.array(YEARS), min_observations=8)["p_value"]


def test_a_share_needs_a_significant_trend(computed, made):
    maps = {name: numbers(computed[0][name]) for name in ("SLOPE", "SLOPE_CLIMATE", "SLOPE_RESIDUAL", "SHARE", "CLASS")}
    p = kendall(*made)
    significant = (p < 0.05) & np.isfinite(maps["SLOPE"])
    np.testing.assert_array_equal(np.isfinite(maps["SHARE"]), significant)
    assert 5 < significant.sum() < 40
    c, h = maps["SLOPE_CLIMATE"], maps["SLOPE_RESIDUAL"]
    both = significant & (np.abs(maps["CLASS"]) == 1)
    np.testing.assert_allclose(maps["SHARE"][both], (100 * c / (c + h))[both], rtol=1e-5)
    assert (maps["SHARE"][significant & (np.abs(maps["CLASS"]) == 2)] == 100).all()
    assert (maps["SHARE"][significant & (np.abs(maps["CLASS"]) == 3)] == 0).all()
    assert np.isfinite(maps["CLASS"]).sum() == np.isfinite(maps["SLOPE"]).sum()


def test_alpha_and_all_pixels(made, tmp_path):
    files = in_files(tmp_path, *made)
    shares = [
        numbers(attribute(tmp_path / name, *files, but=("CHART", "CLIMATE", "RESIDUAL"), **options)["SHARE"])
        for name, options in (("few", {"ALPHA": 0.001}), ("all", {"ALL_PIXELS": True}))
    ]
    p = kendall(*made)
    assert np.isfinite(shares[0]).sum() == ((p < 0.001) & np.isfinite(shares[1])).sum() > 0
    assert np.isfinite(shares[1]).sum() == 44
    given = np.isfinite(shares[0])
    np.testing.assert_array_equal(shares[0][given], shares[1][given])


def test_the_table_counts_classes_and_their_significant_part(computed, made):
    classes, p = stored(computed[0]["CLASS"])[0], kendall(*made)
    places = {"all": np.s_[:, :], "West": np.s_[0:6, 0:3], "East": np.s_[0:4, 3:8]}
    rows, checked = table(computed[0]["TABLE"]), 0
    assert list(rows[0]) == ["region", "class", "label", "pixels", "area_km2", "percent", "significant_percent"]
    for row in rows:
        if row["class"] == "" or row["region"] == "Far":
            continue
        here = classes[places[row["region"]]]
        inside = here == int(row["class"])
        tested = (here != NO_CLASS).sum() + (2 if row["region"] == "all" else 0)  # two without a fit
        assert int(row["pixels"]) == inside.sum()
        assert float(row["area_km2"]) == pytest.approx(inside.sum() * 0.0009, rel=1e-3)
        assert float(row["percent"]) == pytest.approx(100 * inside.sum() / tested, rel=1e-6)
        if not inside.any():
            assert row["significant_percent"] == ""
            continue
        sure = (inside & (p[places[row["region"]]] < 0.05)).sum()
        assert float(row["significant_percent"]) == pytest.approx(100 * sure / inside.sum(), rel=1e-6)
        checked += 0 < sure < inside.sum()
    assert checked >= 2
    lost = [row for row in rows if row["label"] == "no result" and row["region"] == "all"]
    assert [row["pixels"] for row in lost] == ["2"] and lost[0]["significant_percent"] == ""


def by_hand(y, drivers) -> dict:
    """Slopes, R squared and p of a series, detrended, by numpy and scipy alone."""
    from scipy.stats import f, t

    years = np.array(YEARS, dtype=float)
    valid = np.isfinite(y) & np.isfinite(drivers).all(axis=0)
    y, x, years = y[valid], drivers[:, valid], years[valid] - years[valid].mean()
    n, k = len(y), len(x)
    design = np.column_stack([np.ones(n), *x, years])
    b = np.linalg.lstsq(design, y, rcond=None)[0]
    left = y - design @ b
    df = n - k - 2
    alone = np.polyval(np.polyfit(years, y, 1), years)
    r2 = 1 - left @ left / ((y - alone) @ (y - alone))
    covariance = np.linalg.inv(design.T @ design) * (left @ left / df)
    slope, climate = np.polyfit(years, y, 1)[0], np.polyfit(years, b[1:-1] @ x, 1)[0]
    return {
        "slope": slope, "slope_climate": climate, "slope_residual": slope - climate, "r2": r2,
        "p": f.sf(r2 / k / ((1 - r2) / df), k, df), "residual_p": 2 * t.sf(abs(b[-1]) / covariance[-1, -1] ** 0.5, df),
    }


def test_the_summary_attributes_the_annual_means(computed, made):
    y, drivers = made
    together = np.isfinite(y) & np.isfinite(drivers).all(axis=0)
    rows = {row["region"]: row for row in table(computed[0]["SUMMARY"])}
    assert list(rows) == ["all", "West", "East", "Far"]
    for name, place in {"all": np.s_[:, :, :], "West": np.s_[:, 0:6, 0:3], "East": np.s_[:, 0:4, 3:8]}.items():
        inside = together[place]
        means = [np.where(inside, each[place], 0.0).sum(axis=(1, 2)) / inside.sum(axis=(1, 2))
                 for each in (y, *drivers)]
        expected = by_hand(means[0], np.stack(means[1:]))
        for key, value in expected.items():
            assert float(rows[name][key]) == pytest.approx(value, rel=1e-7), (name, key)
        p = trend(means[0][:, None], np.array(YEARS))["p_value"][0]
        assert float(rows[name]["slope_p"]) == pytest.approx(p, rel=1e-9)
        share = rows[name]["share"]
        assert (share != "") == (p < 0.05)
        assert rows[name]["years"] == "20"
    assert rows["Far"]["slope"] == rows["Far"]["label"] == ""
    for key, name in (("MEANS_SLOPE", "slope"), ("MEANS_SLOPE_CLIMATE", "slope_climate"),
                      ("MEANS_SLOPE_RESIDUAL", "slope_residual")):
        assert computed[0][key] == pytest.approx(float(rows["all"][name]), rel=1e-12)


def test_the_summary_does_not_need_the_table(computed, made, boxes, tmp_path):
    but = ("TABLE", "CHART", "CLIMATE", "RESIDUAL")
    paths = attribute(tmp_path, *in_files(tmp_path, *made), but=but, REGIONS=boxes, REGION_FIELD="name")
    assert table(paths["SUMMARY"]) == table(computed[0]["SUMMARY"])


def test_numbers_and_the_log(computed, made):
    paths, feedback = computed
    given = np.isfinite(numbers(paths["SLOPE"]))
    assert paths["MEAN_RSQUARED"] == pytest.approx(numbers(paths["RSQUARED"])[given].mean(), rel=1e-6)
    for name, p in (
        ("EXPLAINED_PERCENT", numbers(paths["PVALUE"])), ("REST_PERCENT", numbers(paths["RESIDUAL_PVALUE"])),
        ("TREND_PERCENT", kendall(*made)),
    ):
        share = 100 * ((p < 0.05) & given).sum() / 44
        assert paths[name] == pytest.approx(share, rel=1e-12)
        assert f"of 44 pixels, {share:.1f} %" in feedback.log
    assert "no proof of a human cause" in feedback.log
    assert "straight line over the years: 'target' (1 pixel), 'driver a' (1 pixel)." in feedback.log
    assert "Pixels with values in too few years, without a result: 1" in feedback.log
    assert "Largest variance inflation factor" in feedback.log
    assert "than chance alone makes" not in feedback.log and "along a straight line" not in feedback.log
    assert "'Far'" in feedback.log


def test_chart_and_legend(computed):
    page = figures(computed[0]["CHART"])
    assert len(page) == 3
    layer = QgsRasterLayer(computed[0]["CLASS"], "classes")
    labels = [entry.label for entry in layer.renderer().classes()]
    assert "Increase: the rest" in labels and "Not separable" not in labels


def test_theil_sen_slopes(made, tmp_path):
    files, feedback = in_files(tmp_path, *made), Feedback()
    paths = attribute(tmp_path, *files, feedback, SLOPE_METHOD=1)
    observed, climate, rest = (paths[f"MEANS_SLOPE{part}"] for part in ("", "_CLIMATE", "_RESIDUAL"))
    assert abs(climate + rest - observed) > 0.01 * abs(observed)
    assert f"climate {climate:.4g}, rest {rest:.4g}, which do not add up" in feedback.log
    assert "the parts do not add up" in Path(paths["CHART"]).read_text(encoding="utf-8")
    for name, source in (("SLOPE_CLIMATE", "CLIMATE"), ("SLOPE_RESIDUAL", "RESIDUAL")):
        expected = trend(numbers(paths[source]), np.array(YEARS), min_observations=2)["slope"]
        found = numbers(paths[name])
        given = np.isfinite(found)
        assert given.sum() == 44
        np.testing.assert_allclose(found[given], expected[given], rtol=1e-3, atol=1e-5)
    assert not np.allclose(numbers(paths["SLOPE"])[given], (numbers(paths["SLOPE_CLIMATE"]) + found)[given], rtol=1e-3)


# What cannot be done -------------------------------------------------------------------------------------------------

FEWER = ("CHART", "CLIMATE", "RESIDUAL", "SUMMARY", "TABLE")


def test_collinear_drivers_are_told_and_harm_nothing(made, tmp_path):
    y, (first, second) = made
    feedback = Feedback()
    rng = np.random.default_rng(1)
    near = np.float32(first + 0.01 * rng.normal(size=first.shape)).astype(float)
    paths = attribute(tmp_path, *in_files(tmp_path, y, [first, second, near]), feedback, FEWER)
    assert "have a VIF above 10" in feedback.log and "'driver a'" in feedback.log
    assert np.isfinite(numbers(paths["SLOPE_CLIMATE"])).sum() == 44
    assert "leave one of such drivers out" in feedback.log


@pytest.mark.parametrize(("change", "message"), [
    (lambda x: [x[0], 2.0 * x[0] + 1.0], "depend linearly on each other.*most of all 'driver [ab]'"),
    (lambda x: [x[0], np.full_like(x[0], 3.0)], "does not vary.*'driver b'.*leave such a driver out"),
    (lambda x: [np.full_like(x[0], np.nan)], "No pixel has a value in the series and in all drivers"),
    (lambda x: [np.broadcast_to(np.arange(20.0)[:, None, None], x[0].shape)], "linearly.*on the year.*'driver a'"),
])
def test_nothing_left_is_an_error_that_names_the_driver(made, tmp_path, change, message):
    y, drivers = made
    y, drivers = y[:, 2:4, 2:4], drivers[..., 2:4, 2:4]
    with pytest.raises(QgsProcessingException, match=message):
        attribute(tmp_path, *in_files(tmp_path, y, change(drivers)))
    assert not list(tmp_path.glob("slope*"))


def test_what_has_no_test_is_refused(made, tmp_path):
    files = in_files(tmp_path, *made)
    with pytest.raises(QgsProcessingException, match="not to be had with first differences"):
        attribute(tmp_path, *files, FIT=DIFFERENCES)
    with pytest.raises(QgsProcessingException, match="is for the Mann-Kendall test of a plain fit"):
        attribute(tmp_path, *files, CORRECTION=1)
    found = attribute(tmp_path / "differences", *files, but=("RESIDUAL_PVALUE", "CHART"), FIT=DIFFERENCES)
    assert "REST_PERCENT" not in found and "TREND_PERCENT" in found


def test_years_in_common(made, tmp_path):
    y, drivers = made
    target = series(tmp_path / "target.tif", y)
    late = series(tmp_path / "late.tif", drivers[0], range(2004, 2024))
    feedback = Feedback()
    attribute(tmp_path / "late", target, late, feedback, ("CHART",))
    assert "17, 2004 to 2020" in feedback.log and "2001, 2002, 2003" in feedback.log
    later = series(tmp_path / "later.tif", drivers[0], range(2021, 2041))
    with pytest.raises(QgsProcessingException, match="no year in common"):
        attribute(tmp_path, target, later)


def test_nep_and_its_own_climate(made, tmp_path):
    y, drivers = made
    given = series(tmp_path / "precipitation.tif", drivers[0])
    told = {}
    for name in ("NEP", "NPP"):
        feedback = Feedback()
        attribute(tmp_path / name, series(tmp_path / f"{name}.tif", y), given, feedback, FEWER)
        told[name] = "looks like NEP, and 'precipitation' like the climate" in feedback.log
    assert told == {"NEP": True, "NPP": False}


def test_trends_that_chance_makes_are_warned_of(tmp_path):
    y, *drivers = np.random.default_rng(6).normal(size=(3, 20, 5, 6))
    feedback = Feedback()
    found = attribute(tmp_path, *in_files(tmp_path, y, drivers), feedback, FEWER)
    assert found["TREND_PERCENT"] <= 5.0
    assert any("significant observed trend than chance alone makes" in warning for warning in feedback.warnings)


def test_a_driver_that_is_nearly_a_line_is_warned_of(made, tmp_path):
    y, drivers = made
    rising = drivers[1] + 4.0 * np.arange(20)[:, None, None]
    warned = []
    for fit in (DETRENDED, PLAIN):
        feedback = Feedback()
        attribute(tmp_path / str(fit), *in_files(tmp_path, y, [drivers[0], rising]), feedback, FEWER, FIT=fit)
        warned.append([each for each in feedback.warnings if "along a straight line" in each])
    assert len(warned[0]) == 1 and "Nearest to a line is 'driver b' (44 pixels)" in warned[0][0] and not warned[1]


def test_a_plain_fit_is_warned_of(made, tmp_path):
    files, feedback = in_files(tmp_path, *made), Feedback()
    attribute(tmp_path / "plain", *files, feedback, FEWER, FIT=PLAIN)
    assert any("gives drivers that have a trend of their own" in warning for warning in feedback.warnings)
