"""nep:futuretrend: the crosstab of its two inputs, its table, legend and chart."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsRasterLayer
from testkit.rasters import numbers, stored, wkt_of, write_raster
from testkit.tools import Feedback, destinations, run, table

from nep_toolbox.framework.run import Run

pytestmark = pytest.mark.usefixtures("provider")

GROUPS = {-4: 1, -3: 1, -2: 2, -1: 2, 0: 3, 1: 4, 2: 4, 3: 5, 4: 5}


def future(trend, exponent, folder, feedback=None, **options) -> dict:
    """Run the tool with every result asked for; the path of each, or the number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:futuretrend", folder)
    results = run("nep:futuretrend", {"TREND": trend, "HURST": exponent, **options, **paths}, feedback)
    return {**results, **paths}


@pytest.fixture(scope="module")
def real(huaihai, tmp_path_factory):
    """Classes and exponents of 22 real NPP rasters, and all results on them."""
    folder = tmp_path_factory.mktemp("future")
    trend, exponent = str(folder / "class.tif"), str(folder / "hurst.tif")
    run("nep:trend", {"INPUT": huaihai, "CLASS": trend, "SLOPE": str(folder / "slope.tif")})
    run("nep:hurst", {"INPUT": huaihai, "HURST": exponent})
    feedback = Feedback()
    return trend, exponent, future(trend, exponent, folder / "out", feedback), feedback


def crosstab(trend, exponent) -> np.ndarray:
    """The codes by their definition."""
    codes = np.full(trend.shape, -32768)
    for value, group in GROUPS.items():
        for persistence, chosen in ((0, exponent == 0.5), (1, exponent < 0.5), (2, exponent > 0.5)):
            codes[(trend == value) & chosen] = 10 * persistence + group
    return codes


def test_map_and_table_are_the_crosstab_of_real_inputs(real):
    trend, exponent, paths, _ = real
    expected = crosstab(numbers(trend), numbers(exponent))
    assert np.array_equal(stored(paths["OUTPUT"])[0], expected)
    rows = table(paths["TABLE"])
    assert [int(row["code"]) for row in rows] == [25, 24, 23, 22, 21, 15, 14, 13, 12, 11, 5, 4, 3, 2, 1]
    assert {int(row["code"]): int(row["pixels"]) for row in rows} == {
        int(row["code"]): int((expected == int(row["code"])).sum()) for row in rows
    }
    assert sum(int(row["pixels"]) for row in rows) == 41289
    assert sum(float(row["percent"]) for row in rows) == pytest.approx(100)
    assert len({row["label"] for row in rows}) == 15
    assert all(row["label"][0].isupper() for row in rows)


def test_every_combination_by_hand(tmp_path):
    trend = np.tile(np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4, -32768]), (4, 1))
    exponent = np.repeat([[0.7], [0.5], [0.3], [-9999.0]], 10, axis=1)
    paths = future(
        write_raster(tmp_path / "t.tif", trend, kind="int16", nodata=-32768),
        write_raster(tmp_path / "h.tif", exponent, nodata=-9999), tmp_path / "out",
    )
    assert stored(paths["OUTPUT"])[0].tolist() == [
        [21, 21, 22, 22, 23, 24, 24, 25, 25, -32768],
        [1, 1, 2, 2, 3, 4, 4, 5, 5, -32768],
        [11, 11, 12, 12, 13, 14, 14, 15, 15, -32768],
        [-32768] * 10,
    ]
    *coded, lost = table(paths["TABLE"])
    rows = {int(row["code"]): row for row in coded}
    assert (rows[25]["pixels"], float(rows[25]["area_km2"])) == ("2", 2 * 900 / 1e6)
    # 27 pixels have both, 9 a trend alone, 3 an exponent alone; one has nothing and is not in the study
    assert float(rows[3]["percent"]) == pytest.approx(100 / 39)
    assert (lost["code"], lost["label"], lost["pixels"]) == ("", "no result", "12")
    assert float(lost["percent"]) == pytest.approx(1200 / 39)
    layer = QgsRasterLayer(paths["OUTPUT"], "again")
    assert len(layer.renderer().classes()) == 15


def test_legend_names_the_codes_of_the_map(real):
    _, _, paths, _ = real
    layer = QgsRasterLayer(paths["OUTPUT"], "again")
    entries = layer.renderer().classes()
    # H is exactly 0.5 nowhere here: ten names and no other.
    assert [entry.value for entry in entries] == [25, 24, 23, 22, 21, 15, 14, 13, 12, 11]
    labels = {int(row["code"]): row["label"] for row in table(paths["TABLE"])}
    assert [entry.label for entry in entries] == [labels[int(entry.value)] for entry in entries]
    assert len({entry.color.name() for entry in entries}) == 10


def test_chart_holds_the_numbers_of_the_table(real):
    _, _, paths, _ = real
    page = Path(paths["CHART"]).read_text(encoding="utf-8")
    figure = json.loads(re.search(r"var figure = (.*);\n", page).group(1))
    rows = [row for row in table(paths["TABLE"]) if int(row["code"]) > 9]
    np.testing.assert_allclose(figure["data"][0]["x"], [float(row["percent"]) for row in rows], rtol=1e-12)


def test_wrong_inputs_are_named(real, tmp_path):
    trend, exponent, _, _ = real
    folder = Path(trend).parent
    with pytest.raises(QgsProcessingException, match="a trend class is a whole number from -4 to 4"):
        future(str(folder / "slope.tif"), exponent, tmp_path)
    with pytest.raises(QgsProcessingException, match="'class' holds whole numbers.*no Hurst exponent"):
        future(trend, trend, tmp_path)
    other = write_raster(tmp_path / "in" / "other.tif", np.ones((3, 3)), crs=wkt_of(32650))
    with pytest.raises(QgsProcessingException, match="'other' does not lie on the grid of 'class'.*nep:harmonize"):
        future(trend, other, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_raster_that_is_no_exponent_is_refused(real, tmp_path):
    trend, _, _, _ = real
    slope = str(Path(trend).parent / "slope.tif")
    values = numbers(slope)
    values = values[np.isfinite(values)]
    share = 100 * np.mean((values < 0) | (values > 1.5))
    with pytest.raises(QgsProcessingException) as refused:
        future(trend, slope, tmp_path / "out")
    found = re.search(r"'slope' holds no Hurst exponents: (\d+) % .* lowest is (\S+) and the highest (\S+)\. Set",
                      str(refused.value))
    assert int(found[1]) == pytest.approx(share, abs=0.51) and share > 30
    assert values.min() * 1.001 < float(found[2]) < -10 and 10 < float(found[3]) < values.max() * 1.001
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(("above", "below", "other", "refused"), [
    (40, 20, 0, True), (40, 19, 0, False), (19, 40, 0, False), (40, 20, 1, False), (2000, 1999, 2, True),
])
def test_classes_of_persistence_are_no_trend(tmp_path, above, below, other, refused):
    exponent = np.array([[0.6] * (above + other) + [0.4] * below + [0.5]])
    classes = np.array([[2] * above + [1] * other + [1] * below + [0]])
    given = (
        write_raster(tmp_path / "t.tif", classes, kind="int16", nodata=-32768),
        write_raster(tmp_path / "h.tif", exponent), tmp_path / "out",
    )
    if refused:
        with pytest.raises(QgsProcessingException, match="'t' holds the classes of the persistence of 'h', not those"):
            future(*given)
    else:
        assert future(*given)


@pytest.mark.parametrize(("beyond", "refused"), [(4, False), (5, True)])
def test_a_quarter_of_the_exponents_may_lie_beyond(tmp_path, beyond, refused):
    exponent = np.full((4, 4), 0.6)
    exponent.flat[:beyond] = [-0.1, 1.6, -0.2, 1.7, -0.3][:beyond]
    exponent[3, 3] = 1.5
    trend = write_raster(tmp_path / "t.tif", np.ones((4, 4)), kind="int16", nodata=-32768)
    given = (trend, write_raster(tmp_path / "h.tif", exponent), tmp_path / "out")
    if refused:
        with pytest.raises(QgsProcessingException, match="31 % of its values lie outside 0 to 1.5.*-0.3 .*1.7"):
            future(*given)
    else:
        assert future(*given)


def test_a_large_raster_is_refused_before_it_is_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "block", (200, 60))
    exponent = np.full((240, 200), 0.6)
    exponent[:60] = 7.0  # 12,000 of 48,000: by the whole raster it would pass
    trend = write_raster(tmp_path / "t.tif", np.ones((240, 200)), kind="int16", nodata=-32768)
    with pytest.raises(QgsProcessingException, match="100 % of its values"):
        future(trend, write_raster(tmp_path / "h.tif", exponent), tmp_path / "out")


# Evidence -------------------------------------------------------------------------------------------------------------

CONTINUE, REVERSE, UNCLEAR = "likely to continue", "likely to reverse", "unclear: no evidence of memory"


@pytest.fixture(scope="module")
def evident(huaihai, tmp_path_factory):
    """Classes, detrended exponents with their p, and all results with evidence."""
    folder = tmp_path_factory.mktemp("evidence")
    trend, exponent, chance = (str(folder / f"{name}.tif") for name in ("class", "hurst", "chance"))
    run("nep:trend", {"INPUT": huaihai, "CLASS": trend, "SLOPE": str(folder / "slope.tif"),
                      "PVALUE": str(folder / "trend_p.tif")})
    run("nep:hurst", {"INPUT": huaihai, "HURST": exponent, "PVALUE": chance})
    feedback = Feedback()
    return trend, exponent, chance, future(trend, exponent, folder / "out", feedback, EVIDENCE=chance), feedback


def by_definition(trend, exponent, chance, alpha) -> np.ndarray:
    """The codes with evidence by their definition."""
    codes = np.full(trend.shape, -32768)
    for value, group in GROUPS.items():
        codes[(trend == value) & np.isfinite(exponent) & np.isfinite(chance)] = group
    known = codes != -32768
    codes[known & (exponent > 0.5) & (chance < alpha)] += 20
    codes[known & (exponent < 0.5) & (chance < alpha)] += 10
    return codes


def test_evidence_codes_are_those_of_the_reference(evident, shared):
    trend, exponent, chance, paths, _ = evident
    reference = json.loads((shared / "reference/future_trend_evidence.json").read_text(encoding="utf-8"))
    rows, cols = (slice(*reference["meta"]["window"][name]) for name in ("rows", "cols"))
    found, expected = stored(paths["OUTPUT"])[0][rows, cols], np.array(reference["code_window"])
    near = np.abs(numbers(chance)[rows, cols] - 0.1) < 0.01
    assert near.sum() <= reference["near_threshold"], "theirs, by another simulation"
    assert np.array_equal(found[~near], expected[~near])
    assert np.array_equal(found[near] % 10, expected[near] % 10)
    whole = by_definition(numbers(trend), numbers(exponent), numbers(chance), 0.1)
    assert np.array_equal(stored(paths["OUTPUT"])[0], whole)


def test_legend_table_log_and_numbers_speak_of_evidence(evident):
    _, _, _, paths, feedback = evident
    codes = stored(paths["OUTPUT"])[0]
    rows = table(paths["TABLE"])
    order = [25, 24, 23, 22, 21, 15, 14, 13, 12, 11, 5, 4, 3, 2, 1]
    assert [int(row["code"]) for row in rows] == order
    assert [int(row["pixels"]) for row in rows] == [(codes == code).sum() for code in order]
    layer = QgsRasterLayer(paths["OUTPUT"], "again")  # which owns the entries
    entries = layer.renderer().classes()
    assert [(entry.value, entry.label) for entry in entries] == [(int(row["code"]), row["label"]) for row in rows]
    for row in rows:
        digit, group = divmod(int(row["code"]), 10)
        said = {2: CONTINUE, 1: "likely not to last" if group == 3 else REVERSE, 0: UNCLEAR}[digit]
        assert row["label"].endswith(said), row
        assert f"{row['label']}: {row['pixels']} pixel" in feedback.log
    total = (codes != -32768).sum()
    shares = [100 * ((codes // 10 == digit) & (codes > 0)).sum() / total for digit in (2, 1, 0)]
    assert [paths[name] for name in ("CONTINUE_PERCENT", "REVERSE_PERCENT", "UNCLEAR_PERCENT")] == shares
    said = re.search(r"Likely to continue: (\S+) % of (\d+) pixels; likely to reverse: (\S+) %; unclear: (\S+) %. "
                     r"p is below 0.1 in (\S+) % of them; chance alone makes it 10 %", feedback.log)
    assert int(said[2]) == total
    assert [float(said[place]) for place in (1, 3, 4, 5)] == pytest.approx([*shares, 100 - shares[2]], abs=0.051)
    page = Path(paths["CHART"]).read_text(encoding="utf-8")
    assert "Chance alone gives evidence in 10 % of the pixels" in page
    figure = json.loads(re.search(r"var figure = (.*);\n", page).group(1))
    np.testing.assert_allclose(figure["data"][0]["x"], [float(row["percent"]) for row in rows], rtol=1e-12)
    assert len(set(figure["data"][0]["marker"]["color"])) == 15
    assert "cannot know" not in feedback.log


def test_without_evidence_the_log_and_the_page_say_what_the_map_cannot_know(real):
    _, _, paths, feedback = real
    assert "This map cannot know where persistence is more than chance" in feedback.log
    assert "(EVIDENCE) to tell" in feedback.log
    assert "does not tell chance from persistence" in Path(paths["CHART"]).read_text(encoding="utf-8")
    assert not {"CONTINUE_PERCENT", "REVERSE_PERCENT", "UNCLEAR_PERCENT"} & set(paths)


def test_every_evidence_by_hand(tmp_path):
    trend = np.tile(np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4, -32768]), (6, 1))
    exponent = np.repeat([[0.7], [0.7], [0.5], [0.3], [0.3], [0.7]], 10, axis=1)
    chance = np.repeat([[0.049], [0.051], [0.99], [0.049], [0.051], [-9999.0]], 10, axis=1)
    given = (
        write_raster(tmp_path / "t.tif", trend, kind="int16", nodata=-32768),
        write_raster(tmp_path / "h.tif", exponent, nodata=-9999), tmp_path / "out",
    )
    evidence = write_raster(tmp_path / "p.tif", chance, nodata=-9999)
    groups = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5])
    paths = future(*given, EVIDENCE=evidence, ALPHA=0.05)
    found = stored(paths["OUTPUT"])[0]
    assert (found[:, 9] == -32768).all() and (found[5] == -32768).all()
    for row, digit in enumerate((2, 0, 0, 1, 0)):
        assert found[row, :9].tolist() == (10 * digit + groups).tolist()
    # 45 have all three; 5 have no class, 9 no p, and one an exponent alone
    last = table(paths["TABLE"])[-1]
    assert (last["label"], last["pixels"], float(last["percent"])) == ("no result", "15", pytest.approx(25))
    assert paths["UNCLEAR_PERCENT"] == pytest.approx(60) and paths["REVERSE_PERCENT"] == pytest.approx(20)
    for level in ({}, {"ALPHA": None}):  # 0.1, of a model that does not name it too
        codes = stored(future(*given, EVIDENCE=evidence, **level)["OUTPUT"])[0]
        assert codes[:5, 8].tolist() == [25, 25, 5, 15, 15]


def test_what_is_no_evidence_is_refused(evident, tmp_path):
    trend, exponent, chance, _, _ = evident
    folder = Path(trend).parent
    for wrong, said in (
        (exponent, r"'hurst' holds no p-values of the Hurst exponent. Set 'p-value of the Hurst .*' \(EVIDENCE\)"),
        (trend, "'class' holds no p-values of the Hurst exponent"),
        (str(folder / "slope.tif"), r"'slope' holds no p-values: they lie between 0 and 1, and its values from -\d"),
        (str(folder / "trend_p.tif"), "'trend_p' is not the p-value of 'hurst': an H within 0.02 of 0.5 is never rare"),
    ):
        with pytest.raises(QgsProcessingException, match=said):
            future(trend, exponent, tmp_path, EVIDENCE=wrong)
    other = write_raster(tmp_path / "in" / "other.tif", np.ones((3, 3)), crs=wkt_of(32650))
    with pytest.raises(QgsProcessingException, match="'other' does not lie on the grid of 'class'.*nep:harmonize"):
        future(trend, exponent, tmp_path, EVIDENCE=other)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert future(trend, exponent, tmp_path, EVIDENCE=chance)


def test_a_p_of_rounding_is_let_pass(tmp_path):
    """Two pixels of a hundred near 0.5, and no more, may have a p that none of them has."""
    trend = write_raster(tmp_path / "t.tif", np.ones((10, 10)), kind="int16", nodata=-32768)
    exponent = write_raster(tmp_path / "h.tif", np.full((10, 10), 0.51))
    chance = np.full((10, 10), 0.9)
    chance[0, :2] = 0.001
    assert future(trend, exponent, tmp_path / "two", EVIDENCE=write_raster(tmp_path / "2.tif", chance))
    chance[0, 2] = 0.001
    with pytest.raises(QgsProcessingException, match="below 0.02 in 3 of 100 such pixels"):
        future(trend, exponent, tmp_path / "three", EVIDENCE=write_raster(tmp_path / "3.tif", chance))
