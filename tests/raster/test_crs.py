"""Names of reference systems, whether two are one, and points in them."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import osr
from testkit.rasters import UTM, wkt_of

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.crs import (
    UTM_REACH,
    crs_name,
    crs_of,
    crs_wkt,
    ellipsoid_of,
    same_crs,
    to_geographic,
    transformed,
    utm_wkt,
)

SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"


def test_names():
    assert crs_name(wkt_of(UTM)) == "EPSG:32650"
    assert crs_name("") == "no CRS"
    assert crs_name(crs_wkt(SINUSOIDAL)) == "a custom Sinusoidal CRS"
    assert crs_name(crs_wkt("+proj=longlat +R=6371007.181")) == "a custom geographic CRS"
    assert crs_name(crs_wkt("+proj=laea +lat_0=9 +lon_0=20")) == "a custom Lambert Azimuthal Equal Area CRS"
    assert crs_name('LOCAL_CS["My plan",UNIT["metre",1]]') == "My plan"


def test_one_crs_in_several_spellings():
    crs = crs_of(wkt_of(UTM))
    for text in (crs.ExportToWkt(["FORMAT=WKT2_2018"]), crs.ExportToWkt(["FORMAT=WKT1_ESRI"])):
        assert text != wkt_of(UTM) and same_crs(wkt_of(UTM), text) and same_crs(text, wkt_of(UTM))
    text = crs_wkt(SINUSOIDAL)
    other = text.replace("unknown", "MODIS Sinusoidal")
    assert text != other and same_crs(text, other)


def test_a_crs_with_a_code_and_the_same_parameters_without():
    """China's CGCS2000 has the ellipsoid GRS80, as what a program wrote that knows no datums."""
    coded, plain = wkt_of(4490), crs_wkt("+proj=longlat +ellps=GRS80 +no_defs")
    assert not crs_of(coded).IsSame(crs_of(plain))
    assert same_crs(coded, plain) and same_crs(plain, coded)


def test_two_crs():
    assert not same_crs(wkt_of(UTM), wkt_of(32649))
    for one, other in ((4214, 4284), (4214, 4178), (4490, 4283)):  # datums on one ellipsoid
        assert not same_crs(wkt_of(one), wkt_of(other))
    assert not same_crs(crs_wkt(SINUSOIDAL), crs_wkt(SINUSOIDAL.replace("lon_0=0", "lon_0=100")))
    assert not same_crs("", wkt_of(UTM)) and not same_crs(wkt_of(UTM), "")
    assert same_crs("", "")


def test_systems_that_proj_cannot_express_are_told_by_gdal_alone():
    metres, feet = (f'LOCAL_CS["plan",UNIT["{unit}",{size}]]' for unit, size in (("metre", 1), ("foot", 0.3048)))
    assert crs_of(metres).ExportToProj4() == crs_of(feet).ExportToProj4() == ""
    assert not same_crs(metres, feet)


@pytest.mark.parametrize("longitude, latitude, code", [
    (113.5, 34, 32649), (114.0, 34, 32650), (-180, 10, 32601), (180, 10, 32660), (-70.1, -33, 32719), (0, 0, 32631),
])
def test_utm_zones(longitude, latitude, code):
    assert crs_name(utm_wkt(longitude, latitude)) == f"EPSG:{code}"


@pytest.mark.usefixtures("either_mode")
def test_what_is_no_definition():
    with pytest.raises(InvalidParameter, match="'nonsense' is no coordinate reference system"):
        crs_wkt("nonsense")


@pytest.mark.usefixtures("either_mode")
def test_a_definition_as_code_wkt_or_proj_text():
    for definition in ("EPSG:32650", wkt_of(32650), "+proj=utm +zone=50 +datum=WGS84"):
        assert same_crs(crs_wkt(definition), wkt_of(32650))


def test_longitude_comes_before_latitude():
    crs = crs_of(wkt_of(4326))
    assert crs.GetAxisMappingStrategy() == osr.OAMS_TRADITIONAL_GIS_ORDER
    longitude, latitude = transformed(np.array([[500000.0]]), np.array([[0.0]]), wkt_of(UTM), wkt_of(4326))
    assert longitude.shape == latitude.shape == (1, 1)
    assert (longitude[0, 0], latitude[0, 0]) == pytest.approx((117.0, 0.0), abs=1e-9)


def test_the_reach_of_a_utm_zone_is_half_a_percent():
    """How much longer a stretch of the equator is in zone 50 than on the ellipsoid, so far from its meridian."""

    def stretched(degrees: float) -> float:
        lon = 117.0 + degrees + np.array([0.0, 1e-3])
        x, _y = transformed(lon, np.zeros(2), wkt_of(4326), wkt_of(UTM))
        return (x[1] - x[0]) / (6378137.0 * np.radians(1e-3))

    assert stretched(UTM_REACH - 0.1) < 1.005 < stretched(UTM_REACH)


@pytest.mark.usefixtures("either_mode")
def test_points_without_a_place_are_nan():
    polar = crs_wkt("+proj=gnom +lat_0=90 +lon_0=0")
    x, y = transformed(np.array([0.0, 0.0]), np.array([80.0, -80.0]), wkt_of(4326), polar)
    assert np.isfinite(x).tolist() == np.isfinite(y).tolist() == [True, False]


@pytest.mark.usefixtures("either_mode")
def test_geographic_coordinates_are_on_the_own_datum():
    # EPSG:2437 (Beijing 1954) counts x from 500 km west of 120 E, y from the equator.
    longitude, latitude = to_geographic(wkt_of(2437), np.array([500000.0, np.nan]), np.array([0.0, 1.0]))
    assert (longitude[0], latitude[0]) == pytest.approx((120.0, 0.0), abs=1e-12)
    assert np.isnan(longitude[1]) and np.isnan(latitude[1])
    # EPSG:27572 (NTF) counts angles in grads: 52 grads north at its origin, on the meridian of Paris.
    longitude, latitude = to_geographic(wkt_of(27572), np.array([600000.0]), np.array([2200000.0]))
    assert (longitude[0], latitude[0]) == pytest.approx((0.0, 46.8), abs=1e-9)
    # Of half a point nothing is known; of no point there is nothing to project.
    for x, y in ((600000.0, np.nan), (np.nan, 2200000.0), (np.inf, 2200000.0)):
        assert np.isnan(to_geographic(wkt_of(27572), np.array([x]), np.array([y]))).all()
    with pytest.raises(InvalidParameter, match="no CRS"):
        to_geographic("", np.array([0.0]), np.array([0.0]))


def test_ellipsoids():
    assert ellipsoid_of(wkt_of(UTM)) == pytest.approx((6378137.0, 1 / 298.257223563), rel=1e-12)
    assert ellipsoid_of(crs_wkt(SINUSOIDAL)) == (6371007.181, 0.0)
