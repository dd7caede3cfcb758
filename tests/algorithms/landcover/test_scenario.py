"""nep:scenario through files: the reference, the sample province, its interval, its horizons, and what it refuses."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException
from testkit.pages import figures
from testkit.rasters import write_raster
from testkit.tools import Feedback, destinations, run, table
from testkit.transitions import maps

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

#: Cells of 100 m, of which a hundred are 1 km2.
HECTARES = (500000.0, 100.0, 0.0, 4000000.0, 0.0, -100.0)


def scenario(folder, layers, values=None, feedback=None, **options) -> tuple:
    """Run the tool with every result asked for, but totals where there are no values; the tables by their first
    columns, the path of the page, and what the tool returns."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:scenario", folder)
    if values is None:
        del paths["TOTALS"]
    given = {"INPUT": layers, "CLASS_NAMES": "1=Cropland", **options, **paths}
    results = run("nep:scenario", {**given, **({} if values is None else {"VALUES": values})}, feedback)
    areas = {
        (row["scenario"], int(row["horizon"]), int(row["class"])): float(row["area_km2"])
        for row in table(paths["AREAS"])
    }
    totals = {} if values is None else {
        (row["scenario"], int(row["horizon"])): {
            key: float(row[key] or "nan") for key in ("total_tg", "sd", "change_tg", "change_sd")
        } for row in table(paths["TOTALS"])
    }
    return areas, totals, paths["CHART"], results


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference" / "scenario.json").read_text(encoding="utf-8"))


def of_reference(case: dict) -> np.ndarray:
    """Both dates of a matrix in km2, as classes 1, 2, ... of cells of a hectare, in rows of 1000; 0 is missing."""
    counts = np.rint(100 * np.array(case["matrix_km2"])).astype(int)
    pairs = np.repeat(np.array(list(np.ndindex(counts.shape))) + 1, counts.ravel(), axis=0).T
    room = np.zeros((2, -(-pairs.shape[1] // 1000) * 1000), dtype=np.uint8)
    room[:, : pairs.shape[1]] = pairs
    return room.reshape(2, -1, 1000)


def test_reference_through_maps(reference, tmp_path):
    free, protected = reference["free"], reference["cropland_protected"]
    cover = of_reference(free)
    layers = maps(tmp_path, cover, (2000, 2010), nodata=0, kind="uint8", transform=HECTARES)
    density = np.array([-9999.0, *free["density"]])
    values = [
        write_raster(tmp_path / f"nep_{year}.tif", density[cover[1]] + more, transform=HECTARES, nodata=-9999.0 + more)
        for year, more in ((2009, 3.0), (2010, 0.0))
    ]
    given = ";".join(f"{code}={error}" for code, error in enumerate(free["density_se"], start=1))
    feedback = Feedback()
    areas, totals, _page, results = scenario(
        tmp_path / "out", layers, values, feedback, HORIZONS="30,5,10,20,25", PROTECT="1", DENSITY_ERRORS=given,
    )
    assert sorted({key[:2] for key in areas}) == sorted(totals) == [
        (name, years) for name in ("free", "protected") for years in (0, 5, 10, 20, 25, 30)
    ]
    for name, case in (("free", free), ("protected", protected)):
        for years, expected in case["horizons"].items():
            row = totals[name, int(years)]
            found = [areas[name, int(years), code] for code in (1, 2, 3, 4)]
            np.testing.assert_allclose(found, expected["area_km2"], rtol=1e-9)
            for mine, its in (
                ("total_tg", "total_tg"), ("sd", "sd_tg"), ("change_tg", "change_tg"), ("change_sd", "change_sd_tg"),
            ):
                assert row[mine] == pytest.approx(expected[its], rel=1e-9)
            # As written: areas keep their sum, and the change is the difference of the totals.
            assert sum(found) == pytest.approx(sum(case["area_start_km2"]), rel=1e-12)
            assert row["change_tg"] == pytest.approx(row["total_tg"] - totals[name, 0]["total_tg"], rel=1e-9)
    assert results["TOTAL_NOW"] == pytest.approx(totals["free", 0]["total_tg"])
    assert results["CHANGE_FREE"] == pytest.approx(totals["free", 30]["change_tg"])
    assert results["CHANGE_PROTECTED"] == pytest.approx(totals["protected", 30]["change_tg"])
    assert "The values have no unit" in feedback.log and "This is no forecast." in feedback.infos[-1] + feedback.log
    assert not feedback.warnings


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple:
    """Three dates of four classes and eight years of values, with gaps in both, as arrays and rasters."""
    folder = tmp_path_factory.mktemp("made")
    rng = np.random.default_rng(4)
    cover = rng.integers(1, 5, (3, 40, 300))
    cover[1:] = np.where(rng.random((2, 40, 300)) < 0.8, cover[0], cover[1:])
    cover[rng.random(cover.shape) < 0.02] = 0
    values = rng.normal(100, 20, (8, 40, 300)) + 50 * cover[2] + rng.normal(0, 30, (8, 1, 1))
    values = values.astype(np.float32).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, cover[2] == 4] = np.nan  # without values, but for one that has just become so
    place = tuple(np.argwhere((cover[2] == 4) & (cover[0] == 1) & (cover[1] == 1))[0])
    values[(slice(None), *place)] = 1000.0
    layers = maps(folder, cover, (2000, 2005, 2012), nodata=0, kind="uint8")
    series = write_raster(
        folder / "nep.tif", np.nan_to_num(values, nan=-9999.0), nodata=-9999.0, descriptions=range(2006, 2014)
    )
    return cover, values, layers, [series]


def chain(cover, protected=()) -> tuple:
    """Shares and areas at the last date (km2) of equal cells of 900 m2, in plain loops."""
    both = (cover > 0).all(axis=0)
    first, last = cover[0][both], cover[1][both]
    matrix = np.array([
        [(last[first == i] == j).mean() if i not in protected else float(i == j) for j in (1, 2, 3, 4)]
        for i in (1, 2, 3, 4)
    ])
    return matrix, np.array([(last == code).sum() * 0.0009 for code in (1, 2, 3, 4)])


def stable_means(cover, values) -> np.ndarray:
    """Mean of the pixels that keep their class, (years, classes), cell by cell of one area."""
    return np.array([
        [np.nanmean(plane[(cover == code).all(axis=0)]) if code < 4 else np.nan for code in (1, 2, 3, 4)]
        for plane in values
    ])


def test_made_up_maps_in_plain_loops(made, tmp_path):
    cover, values, layers, series = made
    feedback = Feedback()
    areas, totals, page, _results = scenario(
        tmp_path / "out", layers, series, feedback, HORIZONS="12,18,40", PROTECT="2,3,8",
    )
    means = stable_means(cover[[0, 2]], values)
    density, error = means[6], means.std(axis=0, ddof=1)
    for name, protected in (("free", ()), ("protected", (2, 3))):
        matrix, start = chain(cover[[0, 2]], protected)
        step = start @ matrix
        for years, expected in ((0, start), (12, step), (18, (step + step @ matrix) / 2)):
            np.testing.assert_allclose([areas[name, years, code] for code in (1, 2, 3, 4)], expected, rtol=1e-12)
            row, there = totals[name, years], slice(0, 3)
            assert row["total_tg"] == pytest.approx((expected * density)[there].sum() * 1e-6, rel=1e-9)
            assert row["sd"] == pytest.approx(math.hypot(*(expected * error)[there]) * 1e-6, rel=1e-9)
            assert row["change_sd"] == pytest.approx(math.hypot(*((expected - start) * error)[there]) * 1e-6, rel=1e-9)
    for said, warning in zip((
        "(PROTECT) names 8, which no pixel has. The classes are: 1, 2, 3, 4.",
        "Horizons of 40 years are more than 3 times the interval of 12 years", "areas add nothing to the totals: 4.",
    ), feedback.warnings):
        assert said in warning
    assert len(feedback.warnings) == 3
    drawn = [figure["layout"]["annotations"][0]["text"] for figure in figures(page)]
    assert len(drawn) == 2 and all("What if the rates of 2000 to 2012 went on?" in title for title in drawn)
    assert "nothing were lost of: 2, 3?" in drawn[1].replace("<br>", " ")


def test_blocks_and_threads_change_no_digit(tmp_path, monkeypatch):
    """Numbers of all sizes, so that sums that were joined in another order would have other digits."""
    rng = np.random.default_rng(8)
    cover = rng.integers(1, 3, (2, 200, 800))
    layers = maps(tmp_path, cover, (2000, 2012), kind="uint8")
    nep = write_raster(tmp_path / "nep_2012.tif", 10.0 ** rng.uniform(-6, 6, (200, 800)))
    one = scenario(tmp_path / "1", layers, [nep], THREADS=1, PROTECT="2")
    monkeypatch.setattr(Run, "block", (256, 16))
    other = scenario(tmp_path / "2", layers[::-1], [nep], THREADS=3, PROTECT="2")
    assert one[0] == other[0]
    for key in ("TOTAL_NOW", "CHANGE_FREE", "CHANGE_PROTECTED"):
        assert one[3][key] == other[3][key]


def test_another_interval_and_several_years(made, tmp_path):
    cover, values, layers, series = made
    feedback = Feedback()
    areas, totals, _page, _results = scenario(
        tmp_path / "out", layers, series, feedback, FROM_YEAR=2005, WINDOW=3, HORIZONS="7", DENSITY_ERRORS="2=9.5",
    )
    assert "The densities are the means of those of 2011-2013." in feedback.infos
    matrix, start = chain(cover[1:])
    np.testing.assert_allclose([areas["free", 7, code] for code in (1, 2, 3, 4)], start @ matrix, rtol=1e-12)
    means = stable_means(cover[1:], values)
    density, error = means[5:8].mean(axis=0), means.std(axis=0, ddof=1)
    error[1] = 9.5
    assert totals["free", 0]["total_tg"] == pytest.approx((start * density)[:3].sum() * 1e-6, rel=1e-9)
    assert totals["free", 0]["sd"] == pytest.approx(math.hypot(*(start * error)[:3]) * 1e-6, rel=1e-9)
    assert {key[0] for key in totals} == {"free"}
    early, _totals, page, results = scenario(tmp_path / "early", layers, TO_YEAR=2005, HORIZONS="5")
    matrix, start = chain(cover[:2])
    np.testing.assert_allclose([early["free", 5, code] for code in (1, 2, 3, 4)], start @ matrix, rtol=1e-12)
    assert len(figures(page)) == 1 and not {"TOTALS", "TOTAL_NOW", "CHANGE_FREE", "CHANGE_PROTECTED"} & set(results)


def test_the_sample_province(province, tmp_path):
    """Its classes change at a steady rate: the rates of its first dates give the areas of the last one, nearly."""
    layers = sorted(map(str, province.glob("landcover_*.tif")))
    truth = json.loads((province / "truth.json").read_text(encoding="utf-8"))["landcover"]
    first, middle, last = truth["dates"][0], truth["dates"][1], truth["dates"][-1]
    found, _totals, _page, _results = scenario(
        tmp_path / "out", layers, TO_YEAR=middle, HORIZONS=str(last - middle), CLASS_NAMES="",
    )
    known = {(row["year"], row["class"]): row["area_km2"] for row in truth["areas"]}
    classes = sorted({key[2] for key in found})
    assert first < middle < last and sum(found["free", 0, code] for code in classes) > 100
    for code in classes:
        grown = known[last, code] - known[first, code]
        assert abs(found["free", last - middle, code] - known[last, code]) <= 0.15 * abs(grown) + 2


@pytest.mark.parametrize(("options", "message"), [
    ({"HORIZONS": "5,0"}, r"\(HORIZONS\) holds '0', and a horizon is a whole number of years from 1 to 1000"),
    ({"PROTECT": "forest"}, r"\(PROTECT\) holds 'forest', which is no code"),
    ({"PROTECT": "8,9"}, r"\(PROTECT\) names 8, 9, which no pixel has. The classes are: 1, 2, 3, 4"),
    ({"DENSITY_ERRORS": "1"}, r"'1' in .*\(DENSITY_ERRORS\) is not of the form number=error"),
    ({"FROM_YEAR": 2003}, r"\(FROM_YEAR\) is 2003, and 'cover_2000' has no such date. Its dates are 2000, 2005, 2012"),
    ({"FROM_YEAR": 2005, "TO_YEAR": 2005}, r"The interval goes from 2005 to 2005. Give a .*\(FROM_YEAR\) before"),
    ({"TO_YEAR": 2005}, r"'nep' has no values of 2005, the last date of the land cover; it has 2006, 2007, "),
    ({"WINDOW": 9}, r"\(WINDOW\) asks for 9 years, and 'nep' has 8: 2006, 2007,.* Lower it"),
    ({"VALUES": None}, r"'What if: totals' \(TOTALS\) needs the values of the classes"),
    ({"VALUES": None, "TOTALS": None, "DENSITY_ERRORS": "1=2"}, r"\(DENSITY_ERRORS\) needs the values of the classes"),
])
def test_what_it_refuses(made, options, message, tmp_path):
    _cover, _values, layers, series = made
    with pytest.raises(QgsProcessingException, match=message):
        run("nep:scenario", {"INPUT": layers, "VALUES": series, **destinations("nep:scenario", tmp_path), **options})
    assert list(tmp_path.iterdir()) == []


def test_values_of_another_unit(made, tmp_path):
    _cover, _values, layers, _series = made
    rain = write_raster(tmp_path / "rain_2012.tif", np.ones((40, 300)))
    dataset = gdal.Open(rain, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType("mm")
    dataset = None
    with pytest.raises(QgsProcessingException, match="in mm, which is no carbon per area"):
        scenario(tmp_path / "out", layers, [rain])
