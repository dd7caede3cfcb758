"""Several drivers on one page of nep:correlation: against runs of the single drivers, and the picture of a map."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from osgeo import gdal
from testkit.drivers import drivers_in, maps
from testkit.pages import figures
from testkit.rasters import numbers, wkt_of
from testkit.tools import Feedback, run, table

from nep_toolbox.algorithms.drivers._driver_maps import picture
from nep_toolbox.colours import RED_TO_BLUE, channels
from nep_toolbox.framework.run import Run
from nep_toolbox.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("provider")

@pytest.fixture(scope="module")
def rasters(tmp_path_factory) -> dict:
    """Series by name."""
    return drivers_in(tmp_path_factory.mktemp("made"))


def image_of(figure: dict) -> np.ndarray:
    """The picture of a map, (4, rows, cols)."""
    source = figure["layout"]["images"][0]["source"]
    gdal.FileFromMemBuffer("/vsimem/map.png", base64.b64decode(source.partition(",")[2]))
    try:
        return gdal.Open("/vsimem/map.png").ReadAsArray()
    finally:
        gdal.Unlink("/vsimem/map.png")


@pytest.mark.parametrize("controls", [(), ("wind",)])
def test_every_driver_is_as_in_a_run_of_its_own(rasters, tmp_path, controls):
    feedback = Feedback()
    page = maps(rasters, tmp_path / "all", feedback, controls=controls)
    drawn = figures(page)
    assert len(drawn) == 3
    for name, figure in zip(("rain", "heat", "light"), drawn):
        (tmp_path / name).mkdir()
        alone = {key: str(tmp_path / name / f"{key}.csv") for key in ("TABLE", "SUMMARY")}
        alone["R"] = str(tmp_path / name / "r.tif")
        run("nep:correlation", {
            "INPUT": [rasters["npp"]], "DRIVER": [rasters[name]], "CONTROLS": [rasters[each] for each in controls],
            **alone,
        })
        summary = table(alone["SUMMARY"])[0]
        line, points, bars = figure["data"][1:]
        assert f"r = {float(summary['r']):.3f}, " in line["name"]
        assert len(points["x"]) == int(summary["years"]) == (16 if name == "light" else 18)
        np.testing.assert_allclose(bars["x"], [float(row["percent"]) for row in table(alone["TABLE"])], rtol=1e-12)
        assert figure["data"][0]["marker"]["colorbar"]["title"]["text"] == ("partial r" if controls else "r")
        r, colours = numbers(alone["R"]), image_of(figure)
        assert (figure["layout"]["images"][0]["sizex"], figure["layout"]["images"][0]["sizey"]) == (30, 40)
        large = colours.shape[1] // 40
        thin = colours[:, ::large, ::large]
        assert np.array_equal(thin[3] > 0, np.isfinite(r)) and np.isnan(r).any()
        # blue above 0, red below
        clear = np.abs(np.nan_to_num(r)) > 0.1
        assert np.array_equal((thin[2].astype(int) > thin[0])[clear], (r > 0)[clear])
    text = page.read_text(encoding="utf-8")
    assert ("with wind held constant" in text) == bool(controls)
    rows = re.findall(r"<tr><td>(\w+)</td><td>(2001-\d+)</td>", text)
    assert rows == [("rain", "2001-2018"), ("heat", "2001-2018"), ("light", "2001-2016")]
    assert "Driver 'heat'" in feedback.infos and "Driver 'rain'" not in feedback.infos


def test_the_page_does_not_depend_on_the_blocks(rasters, tmp_path, monkeypatch):
    one = maps(rasters, tmp_path / "1")
    monkeypatch.setattr(Run, "block", (256, 16))
    other = maps(rasters, tmp_path / "2", THREADS=3)
    assert figures(one) == figures(other)


def test_one_driver_and_no_page(rasters, tmp_path):
    page = maps(rasters, tmp_path, drivers=())
    assert len(figures(page)) == 1
    feedback = Feedback()
    found = run("nep:correlation", {
        "INPUT": [rasters["npp"]], "DRIVER": [rasters["rain"]], "DRIVERS": [rasters["heat"]],
        "R": str(tmp_path / "other.tif"),
    }, feedback)
    assert sorted(found) == ["FDR_SIGNIFICANT", "R", "SIGNIFICANT"]
    assert feedback.warnings == [
        "'Further drivers (each a multi-band raster)' (DRIVERS) are left out: they are for 'Maps of all drivers' "
        "(MAPS), which is not asked for."
    ]


def test_the_picture_of_a_map_is_north_up_and_in_the_shape_of_the_ground():
    values = np.array([[-1.0, 0.0], [1.0, np.nan]], dtype=np.float32)
    plain = picture(values, Grid("", (0.0, 2.0, 0.0, 0.0, 0.0, -3.0), 2, 2))
    assert (plain.width, plain.height, plain.aspect) == (2, 2, 1.5)
    colours = image_of({"layout": {"images": [{"source": "," + base64.b64encode(plain.png).decode()}]}})
    corners = colours[:, [0, 0, -1, -1], [0, -1, 0, -1]].T.tolist()
    red, grey, blue = ([*channels(RED_TO_BLUE[place]), 255] for place in (0, 3, 6))
    assert corners == [red, grey, blue, [255, 255, 255, 0]]
    mirrored = picture(values, Grid("", (0.0, -2.0, 0.0, 0.0, 0.0, 3.0), 2, 2))
    turned = image_of({"layout": {"images": [{"source": "," + base64.b64encode(mirrored.png).decode()}]}})
    assert np.array_equal(turned, colours[:, ::-1, ::-1])
    degrees = Grid(wkt_of(4326), (100.0, 0.5, 0.0, 61.0, 0.0, -0.5), 2, 4)
    assert picture(values, degrees).aspect == pytest.approx(2.0)
