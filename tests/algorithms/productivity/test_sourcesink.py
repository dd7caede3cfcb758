"""nep:sourcesink through files: the reference, real NPP, legends, tables, budget, chart, numbers, errors."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.rasters import identical, numbers, stored, write_raster
from testkit.regions import polygons
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.colours import SINK_CLASSES, SWITCH_CLASSES
from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

MAPS = ("CLASS", "SINK_YEARS", "SWITCH", "PVALUE", "T")
UNIT = "gC m-2 yr-1"
YEARS = range(2001, 2013)


def balanced(layers, folder, feedback=None, leave=(), **options) -> dict:
    """Run the tool with every result asked for but those left out; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: path for name, path in destinations("nep:sourcesink", folder).items() if name not in leave}
    return {**run("nep:sourcesink", {"INPUT": layers, **options, **paths}, feedback), **paths}


def nep(path, values, years=YEARS, unit=UNIT, **options) -> str:
    """A series of NEP as one raster, years as bands; NaN is nodata."""
    write_raster(path, np.nan_to_num(values, nan=-9999.0), nodata=-9999.0, descriptions=list(years), kind="float64",
                 **options)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for band in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(band).SetUnitType(unit)
    dataset = None
    return str(path)


def legend(path) -> list:
    """Code, label and colour of each entry."""
    layer = QgsRasterLayer(path, "again")  # which owns the renderer
    return [(int(entry.value), entry.label, entry.color.name()) for entry in layer.renderer().classes()]


@pytest.fixture(scope="module")
def reference(shared) -> dict:
    return json.loads((shared / "reference/variability_sinksource.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def real(huaihai, tmp_path_factory):
    """All results of NPP x 0.1 - 380 on real NPP, scaled as GDAL does while it reads, and what was said."""
    folder, feedback = tmp_path_factory.mktemp("sourcesink"), Feedback()
    dataset = gdal.BuildVRT(str(folder / "nep.vrt"), huaihai, separate=True)
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        band.SetDescription(str(2000 + number))
        band.SetScale(0.1)
        band.SetOffset(-380.0)
        band.SetUnitType(UNIT)
        del band
    dataset = None
    return balanced([str(folder / "nep.vrt")], folder / "out", feedback), feedback


def test_the_reference_through_files(reference, tmp_path):
    series = {name: each for name, each in reference["small"].items() if len(each["x"]) == 20}
    stack = np.array([each["x"] for each in series.values()], dtype=float).T[:, np.newaxis]
    found = balanced([nep(tmp_path / "nep.tif", stack, range(2001, 2021))], tmp_path / "out", leave=("CHART",))
    for place, (name, each) in enumerate(series.items()):
        expected = each["sinksource"]
        got = [numbers(found[key])[0, place] for key in MAPS]
        t = np.nan if expected["t"] is None else expected["t"]
        np.testing.assert_array_equal(got[:3], [expected[key] for key in ("class", "sink_years", "switch")], name)
        np.testing.assert_allclose(got[3:], [np.float32(expected["p"]), np.float32(t)], rtol=1e-7, err_msg=name)


def test_real_rasters_have_the_classes_of_the_reference(real, reference):
    paths, expected = real[0], reference["real"]
    rows, cols = (slice(*expected["window"][name]) for name in ("rows", "cols"))
    classes, switch, years = (stored(paths[name])[0, rows, cols] for name in ("CLASS", "SWITCH", "SINK_YEARS"))
    assert classes.dtype == switch.dtype == years.dtype == np.int16
    complete = classes != -32768
    assert complete.sum() == expected["complete_pixels"]
    for name, codes in (("class_pixels", classes), ("switch_pixels", switch)):
        assert {code: int((codes == int(code)).sum()) for code in expected[name]} == expected[name]
    assert years[complete].mean() == pytest.approx(expected["mean_sink_years"], rel=1e-12)


def test_real_rasters_have_the_budget_of_the_reference(real, reference):
    rows, expected = table(real[0]["BUDGET"]), reference["real"]["budget_whole_raster"]
    assert list(rows[0]) == ["region", *expected[0]]
    assert len(rows) == len(expected) == 22
    for row, known in zip(rows, expected):
        assert row["region"] == "all"
        assert {name: float(row[name]) for name in known} == pytest.approx(known, rel=1e-9)
        assert Decimal(row["sink_tg"]) + Decimal(row["source_tg"]) == Decimal(row["net_tg"])


def test_numbers_and_log_of_real_rasters(real):
    paths, feedback = real
    classes, switch = stored(paths["CLASS"])[0], stored(paths["SWITCH"])[0]
    pixels = (classes != -32768).sum()
    for name, count in (
        ("SINK_PERCENT", (classes > 0).sum()), ("SIGNIFICANT_PERCENT", np.isin(classes, (-2, 2)).sum()),
        ("TO_SINK_PERCENT", (switch == 2).sum()), ("TO_SOURCE_PERCENT", (switch == 3).sum()),
    ):
        assert paths[name] == 100 * count / pixels
        assert f"{count}" in feedback.log and f"{100 * count / pixels:.1f} %" in feedback.log
    rows = table(paths["BUDGET"])
    for name, column in (("MEAN_SINK_TG", "sink_tg"), ("MEAN_SOURCE_TG", "source_tg"), ("MEAN_NET_TG", "net_tg")):
        assert paths[name] == pytest.approx(np.mean([float(row[column]) for row in rows]), rel=1e-12)
        assert f"{paths[name]:.4g}" in feedback.log
    assert feedback.warnings == []


def test_legends_name_the_classes(real, tmp_path):
    classes = {code: colour for code, _label, colour in legend(real[0]["CLASS"])}
    assert classes == {code: SINK_CLASSES[code] for code in (2, 1, -1, -2)}  # no mean is exactly 0
    assert [entry[0::2] for entry in legend(real[0]["SWITCH"])] == list(SWITCH_CLASSES.items())
    stack = np.array([[[1.0, 2.0, -1.0]], [[1.0, 3.0, 1.0]]])
    found = balanced([nep(tmp_path / "nep.tif", stack, (2001, 2002))], tmp_path / "out", MIN_OBSERVATIONS=2,
                     leave=("CHART",))
    assert [entry[:2] for entry in legend(found["CLASS"])][2] == (0, "Neutral: mean exactly 0")


@pytest.fixture(scope="module")
def made() -> np.ndarray:
    """Twelve years of 24 x 30 cells, with gaps, and zeros in a corner."""
    rng = np.random.default_rng(21)
    values = rng.normal(rng.normal(5, 40, (24, 30)), 60, (12, 24, 30))
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, 20:, 25:] = 0.0
    return values


def regions():
    return polygons({"west": (0, 24, 0, 12), "north": (0, 9, 3, 30), "away": (200, 203, 200, 204)})


def test_the_budget_of_regions(made, tmp_path):
    layer, feedback = nep(tmp_path / "nep.tif", made), Feedback()
    options = {"REGIONS": regions(), "REGION_FIELD": "name"}
    found = balanced([layer], tmp_path / "out", feedback, **options)
    rows = table(found["BUDGET"])
    assert [row["region"] for row in rows[::12]] == ["all", "west", "north", "away"]
    assert [row["year"] for row in rows] == [str(year) for year in YEARS] * 4
    for name, inside in (("all", np.s_[:, :]), ("west", np.s_[:, :12]), ("north", np.s_[:9, 3:])):
        for row, values in zip([row for row in rows if row["region"] == name], made):
            here = values[inside]
            expected = [np.isfinite(here).sum(), *(900e-6 * mask.sum() for mask in (np.isfinite(here), here > 0,
                        here < 0)), *(9e-10 * here[mask].sum() for mask in (here > 0, here < 0)),
                        9e-10 * np.nansum(here)]
            # map units squared are the area to 0.1 % here
            np.testing.assert_allclose([float(row[name]) for name in list(row)[2:]], expected, rtol=1e-9)
    away = [list(row.values())[2:] for row in rows if row["region"] == "away"]
    assert away == [["0", "0", "0", "0", "", "", ""]] * 12
    assert len([text for text in feedback.warnings if "'away'" in text]) == 1
    # another tool has the same balance, and the same area
    other = tmp_path / "annual.csv"
    run("nep:annualstatistics", {"INPUT": [layer], **options, "TABLE": str(other)})
    for row, known in zip(rows, table(other)):
        assert [row["region"], row["year"], row["pixels"]] == [known["region"], known["year"], known["pixels"]]
        assert float(row["area_km2"]) == pytest.approx(float(known["area_km2"]), rel=1e-12)
        assert float(row["net_tg"] or 0) == pytest.approx(float(known["total_tg"]), rel=1e-9, abs=1e-18)


def test_a_budget_alone_is_that_beside_all_results(made, tmp_path):
    layer, options = nep(tmp_path / "nep.tif", made), {"REGIONS": regions(), "REGION_FIELD": "name"}
    both = balanced([layer], tmp_path / "all", **options)
    alone = balanced([layer], tmp_path / "alone", leave=("TABLE", "CHART"), **options)
    assert Path(alone["BUDGET"]).read_bytes() == Path(both["BUDGET"]).read_bytes()
    page = balanced([layer], tmp_path / "page", leave=("TABLE", "BUDGET"), **options)
    assert Path(page["CHART"]).read_bytes() == Path(both["CHART"]).read_bytes()


def test_classes_of_regions(made, tmp_path):
    found = balanced([nep(tmp_path / "nep.tif", made)], tmp_path / "out", REGIONS=regions(), REGION_FIELD="name",
                     leave=("BUDGET", "CHART"))
    rows, classes = table(found["TABLE"]), stored(found["CLASS"])[0]
    for name, inside in (("all", np.s_[:, :]), ("west", np.s_[:, :12]), ("north", np.s_[:9, 3:])):
        counted = {int(row["class"]): int(row["pixels"]) for row in rows if row["region"] == name}
        assert counted == {code: int((classes[inside] == code).sum()) for code in (2, 1, 0, -1, -2)}


def test_the_same_in_any_blocks_and_threads(made, tmp_path, monkeypatch):
    wide = np.concatenate([made] * 10, axis=2)[:, :, :290]
    layer, options = nep(tmp_path / "nep.tif", wide), {"REGIONS": regions(), "REGION_FIELD": "name"}
    one = balanced([layer], tmp_path / "one", THREADS=1, **options)
    monkeypatch.setattr(Run, "block", (256, 16))
    other = balanced([layer], tmp_path / "other", THREADS=2, **options)
    assert all(identical(one[name], other[name]) for name in MAPS)
    assert all(Path(one[name]).read_bytes() == Path(other[name]).read_bytes() for name in ("TABLE", "BUDGET", "CHART"))


def test_a_shorter_run_of_few_values(made, tmp_path):
    found = balanced([nep(tmp_path / "nep.tif", made)], tmp_path / "out", MIN_OBSERVATIONS=12, ALPHA=0.3,
                     leave=("CHART",))
    complete = np.isfinite(made).all(axis=0)
    assert np.array_equal(stored(found["CLASS"])[0] != -32768, complete)
    p, classes = numbers(found["PVALUE"]), stored(found["CLASS"])[0]
    assert np.array_equal(np.isin(classes, (2, -2)), p < 0.3)
    # the budget is of all pixels of a year all the same
    assert int(table(found["BUDGET"])[0]["pixels"]) == np.isfinite(made[0]).sum()


def test_a_year_without_values_has_no_budget(made, tmp_path):
    values, feedback = made.copy(), Feedback()
    values[3], values[5, :12] = np.nan, np.nan
    found = balanced([nep(tmp_path / "nep.tif", values)], tmp_path / "out", feedback)
    rows = table(found["BUDGET"])
    assert list(rows[3].values())[2:] == ["0", "0", "0", "0", "", "", ""]
    assert found["MEAN_NET_TG"] == pytest.approx(
        np.mean([float(row["net_tg"]) for row in rows if row["net_tg"]]), rel=1e-12
    )
    assert "no valid value in 2004." in feedback.log
    least, most = (int(pick([np.isfinite(each).sum() for each in values if np.isfinite(each).any()]))
                   for pick in (min, max))
    assert f"({least} to {most} of them)" in "".join(feedback.warnings)


def test_units(made, tmp_path):
    feedback = Feedback()
    plain = balanced([nep(tmp_path / "plain.tif", made)], tmp_path / "a", leave=("CHART",))
    kilo = balanced([nep(tmp_path / "kilo.tif", made / 1000, unit="kgC m-2 yr-1")], tmp_path / "b", leave=("CHART",))
    none = balanced([nep(tmp_path / "none.tif", made, unit="")], tmp_path / "c", feedback, leave=("CHART",))
    assert "they are taken for gC m-2" in feedback.log
    rows = [[float(row["net_tg"]) for row in table(found["BUDGET"])] for found in (plain, kilo, none)]
    assert rows[0] == rows[2] == pytest.approx(rows[1], rel=1e-11)


def test_no_budget_of_what_is_no_carbon(made, tmp_path):
    layer = nep(tmp_path / "balance.tif", made, unit="mm")
    for wanted in ("BUDGET", "CHART"):
        with pytest.raises(QgsProcessingException, match="'balance' are in mm, which is no carbon.*Carbon budget"):
            run("nep:sourcesink", {"INPUT": [layer], "CLASS": str(tmp_path / "c.tif"),
                                   wanted: str(tmp_path / ("b.csv" if wanted == "BUDGET" else "c.html"))})
    found = balanced([layer], tmp_path / "out", leave=("BUDGET", "CHART"))  # its sign has classes all the same
    assert "MEAN_NET_TG" not in found and found["SINK_PERCENT"] > 0


def test_a_series_that_is_never_below_0_is_doubted(made, tmp_path):
    feedback = Feedback()
    layer = nep(tmp_path / "npp.tif", np.abs(np.nan_to_num(made)) + 1.0)
    balanced([layer], tmp_path / "out", feedback, leave=("CHART",))
    [warning] = feedback.warnings
    assert "Every value is above 0" in warning


@pytest.mark.parametrize(("change", "parts"), [
    (lambda values: -np.abs(values) - 1.0, ["No value is above 0"]),
    (lambda values: values, ["The mean is exactly 0 in 20 pixels, 2.8 %"]),
    (lambda values: values * 0.0, ["The mean is exactly 0 in 7"]),
], ids=["NEE", "zeros outside", "zeros"])
def test_a_series_of_another_sign_and_undeclared_zeros_are_doubted(made, tmp_path, change, parts):
    feedback = Feedback()
    balanced([nep(tmp_path / "nee.tif", change(made))], tmp_path / "out", feedback, leave=("CHART", "BUDGET"))
    assert len(feedback.warnings) == len(parts)
    assert all(part in warning for part, warning in zip(parts, feedback.warnings))


def test_too_short_a_series(made, tmp_path):
    with pytest.raises(QgsProcessingException, match="12"):
        balanced([nep(tmp_path / "nep.tif", made)], tmp_path / "out", MIN_OBSERVATIONS=13)


def test_the_page_says_what_it_shows(made, tmp_path):
    found = balanced([nep(tmp_path / "nep.tif", made)], tmp_path / "out", REGIONS=regions(), REGION_FIELD="name",
                     ALPHA=0.1)
    page = Path(found["CHART"]).read_text(encoding="utf-8")
    for words in ("Carbon budget", "Tg C", "west", "north", "Significant carbon sink", "p below 0.1", "2001 to 2012"):
        assert words in page
    switch = stored(found["SWITCH"])[0]
    share = 100 * (switch == 2).sum() / (switch != -32768).sum()
    assert f"{share:.2f} %" in page
