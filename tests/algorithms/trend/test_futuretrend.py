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


def future(trend, exponent, folder, feedback=None) -> dict:
    """Run the tool with every result asked for; the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = destinations("nep:futuretrend", folder)
    run("nep:futuretrend", {"TREND": trend, "HURST": exponent, **paths}, feedback)
    return paths


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
