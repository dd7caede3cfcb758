"""nep:drivers through files: stored results of R, sums that close, regions, ridge regression, and what is refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from qgis.core import QgsPalettedRasterRenderer, QgsProcessingException, QgsRasterLayer
from testkit.pages import figures
from testkit.rasters import band_names, identical, numbers, stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.core.attribution.dominant import DOMINANT_NODATA
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

#: Float32 holds a value to half of its last place.
FLOAT32 = 2.0**-24
YEARS = range(2001, 2021)
SHAPE = (18, 7)
NO_P = ("PARTIAL", "PARTIAL_PVALUE")


def series(path, values, years=YEARS, **options) -> str:
    """A multi-band raster of a series; NaN is nodata."""
    filled = np.where(np.isfinite(values), values, -9999.0)
    return write_raster(path, filled, nodata=-9999.0, descriptions=years, **options)


def explain(folder, target, drivers, feedback=None, without=(), **options) -> dict:
    """Run the tool with every result asked for, but some; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: path for name, path in destinations("nep:drivers", folder).items() if name not in without}
    found = run("nep:drivers", {"INPUT": [target], "DRIVERS": list(drivers), **options, **paths}, feedback)
    return {**found, **paths}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """NPP and two drivers of 20 years, with gaps and a row whose drivers are collinear, as arrays and as rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(11)
    time = np.linspace(-1, 1, 20)[:, np.newaxis, np.newaxis]
    rain, heat = rng.normal(size=(2, 20, *SHAPE)) + 0.5 * time
    npp = 20 * rain * np.linspace(0, 1, 7) - 12 * heat + rng.normal(0, 18, rain.shape) + 25 * time + 400
    heat[:, 0] = rain[:, 0] + 0.1 * heat[:, 0]
    npp[rng.random(npp.shape) < 0.02] = np.nan
    npp[:14, 2, 0] = np.nan
    stacks = [each.astype(np.float32).astype(float) for each in (npp, heat, rain)]
    rasters = [series(folder / f"{name}.tif", stack) for name, stack in zip(("npp", "heat", "rain"), stacks)]
    return stacks, rasters


@pytest.fixture(scope="module")
def found(made, tmp_path_factory) -> tuple:
    """Every result with regions, and the log."""
    feedback = Feedback()
    boxes = {"north": (0, 6, 0, 7), "south": (4, 16, 1, 7)}
    paths = explain(
        tmp_path_factory.mktemp("found"), made[1][0], made[1][1:], feedback, REGIONS=polygons(boxes),
        REGION_FIELD="name", DRIVER_NAMES="rain=Precipitation",
    )
    return paths, feedback


def plain(made, row, col, detrended=True) -> dict:
    """What least squares of one pixel gives, by numpy and scipy."""
    from scipy.stats import t as student

    keep = np.isfinite([stack[:, row, col] for stack in made[0]]).all(axis=0)
    years = np.array(YEARS)[keep] - np.mean(np.array(YEARS)[keep])
    y, *x = (stack[keep, row, col] - stack[keep, row, col].mean() for stack in made[0])
    design = np.column_stack([*x, *([years] if detrended else [])])
    b = np.linalg.lstsq(design, y, rcond=None)[0]
    df = keep.sum() - 1 - design.shape[1]
    variance = np.sum((y - design @ b) ** 2) / df
    t = b / np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    parts = [b[place] * (years @ x[place]) / (years @ years) for place in range(2)]
    observed = (years @ y) / (years @ years)
    return {
        "r": (t / np.sqrt(t * t + df))[:2], "p": 2 * student.sf(np.abs(t[:2]), df),
        "parts": [*parts, observed - sum(parts)], "slope": observed,
    }


# Numbers -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("names", "years"), [
    (("k2_climate_and_human", "k2_decrease_missing_values"), 20), (("assaba_rain_cell_44_20",), 13),
    (("k6_thin",), 20), (("k1_only",), 20),
])
@pytest.mark.parametrize("fit", ["plain", "detrended"])
def test_stored_results_of_r(shared, names, years, fit, tmp_path):
    reference = json.loads((shared / "reference/attribution.json").read_text(encoding="utf-8"))["cases"]
    cases = [reference[name] for name in names]
    stacks = [np.array([case["input"]["y"] for case in cases], dtype=float)]
    stacks += [np.array([case["input"]["x"][k] for case in cases], float) for k in range(len(cases[0]["input"]["x"]))]
    times = cases[0]["input"]["years"]
    assert len(times) == years
    target, *drivers = (
        series(tmp_path / f"v{'abcdefg'[place]}.tif", stack.T[:, np.newaxis], times, kind="float64")
        for place, stack in enumerate(stacks)
    )
    paths = explain(tmp_path / "out", target, drivers, FIT=int(fit == "detrended"))
    for column, case in enumerate(cases):
        stored_case = case["result"][fit]

        def same(name, expected, column=column):
            values = numbers(paths[name]).reshape(-1, len(cases))[:, column]
            np.testing.assert_allclose(values, expected, rtol=FLOAT32, atol=1e-40, err_msg=name)

        same("CONTRIBUTIONS", [*stored_case["contribution"], stored_case["slope_ols"]["residual"]])
        same("PARTIAL", stored_case["partial_r"])
        same("PARTIAL_PVALUE", stored_case["p_driver"])
        same("RSQUARED", stored_case["r2"])
        same("PVALUE", stored_case["p"])
        if fit == "plain":
            same("LMG", case["result"]["lmg"])
            same("BETA", stored_case["beta_standardised"])
        assert stored(paths["DOMINANT"])[0, 0, column] == stored_case["dominant_alpha05"]


@pytest.mark.parametrize("detrended", [True, False])
def test_pixels_by_numpy(made, found, detrended, tmp_path):
    paths = found[0] if detrended else explain(tmp_path, made[1][0], made[1][1:], FIT=0)
    r, p, parts = (numbers(paths[name]) for name in ("PARTIAL", "PARTIAL_PVALUE", "CONTRIBUTIONS"))
    codes = stored(paths["DOMINANT"])[0]
    for row, col in [(1, 0), (3, 6), (9, 3), (17, 6), (12, 1)]:
        expected = plain(made, row, col, detrended)
        np.testing.assert_allclose(r[:, row, col], expected["r"], rtol=2 * FLOAT32)
        np.testing.assert_allclose(p[:, row, col], expected["p"], rtol=1e-6)
        np.testing.assert_allclose(parts[:, row, col], expected["parts"], rtol=1e-6)
        significant = np.where(expected["p"] < 0.05, np.abs(expected["r"]), 0)
        winner = int(np.argmax(significant))
        expected_code = int(np.sign(expected["r"][winner])) * (winner + 1) if significant.any() else 0
        assert codes[row, col] == expected_code
    assert codes[2, 0] == DOMINANT_NODATA and (codes[0] == DOMINANT_NODATA).all()
    assert {-1, 0, 2} <= set(codes[1:].ravel().tolist())


def test_contributions_add_up_to_the_slope(made, found):
    parts, importance = numbers(found[0]["CONTRIBUTIONS"]), numbers(found[0]["LMG"])
    given = np.isfinite(parts).all(axis=0)
    for row, col in zip(*np.nonzero(given)):
        np.testing.assert_allclose(parts[:, row, col].sum(), plain(made, row, col)["slope"], atol=1e-6)
    np.testing.assert_allclose(importance.sum(axis=0)[given], numbers(found[0]["RSQUARED"])[given], rtol=1e-6)
    # where the drivers cannot be told apart the rest stays, and R squared and its p
    assert np.isnan(parts[:2, 0]).all() and np.isfinite(parts[2, 0]).all()
    assert np.isfinite(numbers(found[0]["RSQUARED"])[0]).all() and np.isfinite(numbers(found[0]["PVALUE"])[0]).all()


# Maps, tables and charts ---------------------------------------------------------------------------------------------

def test_bands_and_legend(found):
    paths = found[0]
    for name in ("PARTIAL", "PARTIAL_PVALUE", "BETA", "LMG"):
        assert band_names(paths[name]) == ["heat", "Precipitation"], name
    assert band_names(paths["CONTRIBUTIONS"]) == ["heat", "Precipitation", "rest"]
    layer = QgsRasterLayer(paths["DOMINANT"], "x")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(int(each.value), each.label) for each in renderer.classes()] == [
        (1, "heat, positive"), (-1, "heat, negative"), (2, "Precipitation, positive"), (-2, "Precipitation, negative"),
        (0, "No significant driver"),
    ]
    assert len({each.color.name() for each in renderer.classes()}) == 5


def test_the_table_by_hand(made, found):
    paths = found[0]
    rows = table(paths["TABLE"])
    assert [(row["region"], row["driver"]) for row in rows] == [
        (region, driver) for region in ("all", "north", "south") for driver in ("heat", "Precipitation", "rest")
    ]
    codes, p = stored(paths["DOMINANT"])[0], numbers(paths["PARTIAL_PVALUE"])
    parts, r, lmg = (numbers(paths[name]) for name in ("CONTRIBUTIONS", "PARTIAL", "LMG"))
    tested = np.isfinite(made[0][0]).sum(axis=0) - 4 >= 5
    assert tested.sum() == tested.size - 1
    inside = {"all": tested | True, "north": np.zeros(SHAPE, bool), "south": np.zeros(SHAPE, bool)}
    inside["north"][0:6], inside["south"][4:16, 1:7] = True, True
    for row in rows:
        here = inside[row["region"]]
        if row["driver"] == "rest":
            assert [row[key] for key in row if key not in ("region", "driver", "mean_contribution")] == [""] * 5
            known = here & np.isfinite(parts).all(axis=0)
            assert float(row["mean_contribution"]) == pytest.approx(parts[2][known].mean(), rel=1e-6)
            continue
        place = ["heat", "Precipitation"].index(row["driver"])
        whole = (here & tested).sum()
        for key, chosen in (
            ("dominant_positive_percent", codes == place + 1), ("dominant_negative_percent", codes == -place - 1),
            ("significant_percent", p[place] < 0.05),
        ):
            assert float(row[key]) == pytest.approx(100 * (chosen & here).sum() / whole, rel=1e-4), key
        for key, values in (("mean_partial", r), ("mean_contribution", parts), ("mean_lmg", lmg)):
            known = here & np.isfinite(values[place])
            assert float(row[key]) == pytest.approx(values[place][known].mean(), rel=1e-4), key
    share = 100 * (codes[codes != DOMINANT_NODATA] != 0).sum() / tested.sum()
    assert paths["SIGNIFICANT_PERCENT"] == pytest.approx(share)


def test_a_table_without_regions_has_no_column_for_them(made, tmp_path):
    out = tmp_path / "t.csv"
    run("nep:drivers", {"INPUT": [made[1][0]], "DRIVERS": made[1][1:], "DOMINANT": str(tmp_path / "d.tif"),
                        "TABLE": str(out)})
    rows = table(out)
    assert list(rows[0])[0] == "driver" and [row["driver"] for row in rows] == ["heat", "rain", "rest"]


def test_the_page(made, found):
    bars, importance, matrix, shares = figures(found[0]["CHART"])
    regions = ["all", "north", "south"]
    observed = {}
    for trace in bars["data"]:
        if trace["type"] == "scatter":
            observed.update(zip(trace["y"], trace["x"]))
    stacked = [trace for trace in bars["data"] if trace["type"] == "bar"]
    assert [trace["name"] for trace in stacked] == ["heat", "Precipitation", "rest"]
    for place, region in enumerate(regions):
        total = math.fsum(trace["x"][place] for trace in stacked)
        assert total == pytest.approx(observed[region], rel=1e-9)
    npp, *drivers = made[0]
    known = np.isfinite(npp)
    means = [np.array([values[year][known[year]].mean() for year in range(20)]) for values in (npp, *drivers)]
    assert observed["all"] == pytest.approx(np.polyfit(YEARS, means[0], 1)[0], rel=1e-6)
    time = np.array(YEARS) - np.mean(YEARS)
    lines = [each - np.polyval(np.polyfit(time, each, 1), time) for each in means]
    left = np.linalg.lstsq(np.column_stack(lines[1:]), lines[0], rcond=None)[1][0]
    explained = [trace["x"][0] for trace in importance["data"] if trace["type"] == "bar"]
    assert sum(explained) == pytest.approx(1 - left / (lines[0] @ lines[0]), rel=1e-6)
    assert matrix["data"][0]["type"] == "heatmap" and shares["data"][0]["type"] == "bar"
    rows = table(found[0]["TABLE"])
    assert shares["data"][2]["x"] == pytest.approx(
        [float(row["dominant_positive_percent"]) for row in rows if row["driver"] == "Precipitation"], rel=1e-12
    )


def test_what_the_log_tells(found):
    log = found[1].log
    for words in ("Regression: Detrended", "Largest variance inflation factor", "7 of 125 pixels",
                  "Precipitation, positive", "too few years"):
        assert words in log, words
    assert "looks like NEP" not in log  # it is NPP


@pytest.mark.parametrize("execution", [{"THREADS": 1}, {"THREADS": 3}])
def test_nothing_depends_on_blocks_and_threads(made, found, execution, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (256, 32))
    boxes = {"north": (0, 6, 0, 7), "south": (4, 16, 1, 7)}
    paths = explain(tmp_path, made[1][0], made[1][1:], REGIONS=polygons(boxes), REGION_FIELD="name",
                    DRIVER_NAMES="rain=Precipitation", **execution)
    for name in ("DOMINANT", "CONTRIBUTIONS", "PARTIAL", "PARTIAL_PVALUE", "BETA", "LMG", "RSQUARED", "PVALUE"):
        assert identical(paths[name], found[0][name]), name
    assert table(paths["TABLE"]) == table(found[0]["TABLE"])
    assert figures(paths["CHART"]) == figures(found[0]["CHART"])


def test_the_order_of_the_list_does_not_matter(made, found, tmp_path):
    paths = explain(tmp_path, made[1][0], made[1][:0:-1], DRIVER_NAMES="rain=Precipitation")
    for name in ("DOMINANT", "LMG", "CONTRIBUTIONS"):
        assert identical(paths[name], found[0][name])


# Ridge ---------------------------------------------------------------------------------------------------------------

def test_ridge_tells_collinear_drivers_apart(made, found, tmp_path):
    paths = explain(tmp_path, made[1][0], made[1][1:], without=NO_P, RIDGE=True, DRIVER_NAMES="rain=Precipitation")
    parts, beta = numbers(paths["CONTRIBUTIONS"]), numbers(paths["BETA"])
    assert np.isfinite(parts[:, 0]).all() and np.isfinite(beta[:, 0]).all()
    for row, col in ((0, 3), (0, 6), (5, 5)):
        assert parts[:, row, col].sum() == pytest.approx(plain(made, row, col)["slope"], abs=1e-5)
    squares = numbers(found[0]["BETA"])[:, 5:] ** 2
    assert ((beta[:, 5:] ** 2).sum(axis=0) < squares.sum(axis=0)).all()  # ridge holds coefficients near 0
    for name in ("DOMINANT", "RSQUARED", "PVALUE", "LMG"):
        assert identical(paths[name], found[0][name]), name
    description = QgsRasterLayer(paths["CONTRIBUTIONS"], "x").htmlMetadata()
    assert "ridge" in description


@pytest.mark.parametrize("name", NO_P)
def test_ridge_has_no_p(made, name, tmp_path):
    with pytest.raises(QgsProcessingException, match="Ridge regression has no"):
        run("nep:drivers", {"INPUT": [made[1][0]], "DRIVERS": made[1][1:], "RIDGE": True,
                            "DOMINANT": str(tmp_path / "d.tif"), name: str(tmp_path / "x.tif")})
    assert not list(tmp_path.iterdir())


# What cannot be done -------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def many(tmp_path_factory) -> list:
    """A series of three cells and seven drivers."""
    folder = tmp_path_factory.mktemp("many")
    values = np.random.default_rng(3).normal(size=(8, 20, 1, 3))
    return [series(folder / f"v{'abcdefgh'[place]}.tif", each) for place, each in enumerate(values)]


def test_more_than_six_drivers_have_no_relative_importance(many, tmp_path):
    with pytest.raises(QgsProcessingException, match="up to 6 drivers, but there are 7"):
        explain(tmp_path / "all", many[0], many[1:])
    feedback = Feedback()
    paths = explain(tmp_path / "most", many[0], many[1:], feedback, without=("LMG",))
    assert any("relative importance (LMG) is left out" in words for words in feedback.warnings)
    rows = table(paths["TABLE"])
    assert len(rows) == 8 and all(row["mean_lmg"] == "" for row in rows)
    assert all(row["mean_partial"] for row in rows[:7]) and len(figures(paths["CHART"])) == 3
    paths = explain(tmp_path / "six", many[0], many[1:7], without=("CHART",))
    assert len(numbers(paths["LMG"])) == 6 and all(row["mean_lmg"] for row in table(paths["TABLE"])[:6])


def test_drivers_that_are_nearly_one(made, tmp_path):
    rain = made[0][2]
    twin = series(tmp_path / "twin.tif", rain + 0.01 * made[0][0] / 400)
    with pytest.raises(QgsProcessingException, match="'rain', 'twin' say nearly the same everywhere"):
        explain(tmp_path / "out", made[1][0], [made[1][2], twin])
    assert not list((tmp_path / "out").iterdir())
    paths = explain(tmp_path / "ridge", made[1][0], [made[1][2], twin], without=NO_P, RIDGE=True)
    parts = numbers(paths["CONTRIBUTIONS"])
    assert np.isfinite(parts).all(axis=0).sum() == rain[0].size - 1


@pytest.mark.parametrize("asked", [(), ("RSQUARED",)])
def test_ridge_alone_gives_no_dominant_driver(made, asked, tmp_path):
    twin = series(tmp_path / "twin.tif", made[0][2] + 0.01 * made[0][0] / 400)
    more = {name: str(tmp_path / f"{name}.tif") for name in asked}
    with pytest.raises(QgsProcessingException, match=r"RIDGE\) on and ask for .*CONTRIBUTIONS.* or .*BETA"):
        run("nep:drivers", {"INPUT": [made[1][0]], "DRIVERS": [made[1][2], twin], "RIDGE": True, **more,
                            "DOMINANT": str(tmp_path / "d.tif")})


def test_no_driver_is_called_rest(made, tmp_path):
    with pytest.raises(QgsProcessingException, match="A driver is called 'Rest', as is what the drivers do not"):
        explain(tmp_path, made[1][0], made[1][1:], DRIVER_NAMES="rain=Rest")
    assert not list(tmp_path.iterdir())


def test_a_driver_that_is_a_straight_line(made, tmp_path):
    line = series(tmp_path / "co2.tif", np.broadcast_to(np.arange(370.0, 390.0)[:, None, None], (20, *SHAPE)))
    with pytest.raises(QgsProcessingException, match="or on the year; most of all 'co2'.*or a straight line over the"):
        explain(tmp_path / "out", made[1][0], [line])


def test_a_constant_driver(made, tmp_path):
    still = series(tmp_path / "still.tif", np.ones_like(made[0][1]))
    with pytest.raises(QgsProcessingException, match="'still'"):
        explain(tmp_path / "out", made[1][0], [made[1][1], still])


def test_too_few_years_for_so_many_drivers(many, tmp_path):
    with pytest.raises(QgsProcessingException, match="7 drivers"):
        explain(tmp_path, many[0], many[1:], without=("LMG",), MIN_DF=12)


def test_nep_and_its_own_climate(made, tmp_path):
    nep = series(tmp_path / "NEP.tif", made[0][0])
    feedback = Feedback()
    run("nep:drivers", {"INPUT": [nep], "DRIVERS": made[1][1:], "DOMINANT": str(tmp_path / "d.tif")}, feedback)
    assert any("'NEP' looks like NEP, and 'rain' like the climate" in words for words in feedback.warnings)
