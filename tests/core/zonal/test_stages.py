"""Ways in stages against pyproj, step by step."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.zonal.stages import stage_ways

NAN = np.nan
WGS84 = (6378137.0, 1 / 298.257223563)
YEARS = np.arange(2001, 2011)


def way(lon, lat, years=YEARS, stages=((2001, 2010),)):
    lon, lat = (np.array(part, dtype=float).reshape(len(years), -1) for part in (lon, lat))
    return stage_ways(lon, lat, years, list(stages), *WGS84)


def test_equals_pyproj_step_by_step():
    from pyproj import Geod

    measure = Geod(ellps="WGS84")
    rng = np.random.default_rng(3)
    lon, lat = 113 + 0.1 * rng.standard_normal((10, 4)), 34 + 0.1 * rng.standard_normal((10, 4))
    lon[[0, 3, 4, 9], 1] = NAN  # one zone lacks its first year, its last and two between
    stages = [(2001, 2003), (2004, 2007), (2008, 2010)]
    found = way(lon, lat, stages=stages)
    for (first, last), path, net, azimuth, per_year in zip(stages, *found):
        for zone in range(4):
            known = [i for i, year in enumerate(YEARS) if first <= year <= last and not np.isnan(lon[i, zone])]
            steps = [measure.inv(lon[i, zone], lat[i, zone], lon[j, zone], lat[j, zone])[2]
                     for i, j in zip(known, known[1:])]
            begin, end = known[0], known[-1]
            forward, _, distance = measure.inv(lon[begin, zone], lat[begin, zone], lon[end, zone], lat[end, zone])
            assert path[zone] == pytest.approx(sum(steps), rel=1e-12)
            assert net[zone] == pytest.approx(distance, rel=1e-12)
            assert azimuth[zone] == pytest.approx(forward % 360, rel=1e-12)
            assert per_year[zone] == pytest.approx(sum(steps) / (YEARS[end] - YEARS[begin]), rel=1e-12)
            assert path[zone] >= net[zone] * (1 - 1e-12)


def test_stages_that_meet_add_up_and_others_lack_the_step_between():
    rng = np.random.default_rng(4)
    lon, lat = 113 + 0.1 * rng.standard_normal(10), 34 + 0.1 * rng.standard_normal(10)
    whole = way(lon, lat).path[0, 0]
    meeting = way(lon, lat, stages=[(2001, 2004), (2004, 2010)]).path.sum()
    apart = way(lon, lat, stages=[(2001, 2004), (2005, 2010)]).path.sum()
    between = way(lon, lat, stages=[(2004, 2005)]).path[0, 0]
    assert meeting == pytest.approx(whole, rel=1e-12)
    assert between > 0 and apart + between == pytest.approx(whole, rel=1e-12)


def test_along_the_equator_by_hand():
    # There and back again: the path is twice the way, the net distance 0 and without direction.
    degree = WGS84[0] * np.pi / 180
    found = way([0, 1, 2, 1, 0], np.zeros(5), np.array([2000, 2005, 2010, 2015, 2020]), [(2000, 2010), (2000, 2020)])
    np.testing.assert_allclose(found.path[:, 0], [2 * degree, 4 * degree], rtol=1e-9)
    np.testing.assert_allclose(found.net[:, 0], [2 * degree, 0], rtol=1e-9)
    np.testing.assert_array_equal(found.azimuth[:, 0], [90, NAN])
    np.testing.assert_allclose(found.per_year[:, 0], [degree / 5, degree / 5], rtol=1e-9)


def test_fewer_than_two_centres_have_no_way():
    lon = [NAN, 1, NAN, NAN, NAN, 2, 3, NAN, NAN, NAN]
    found = way(lon, np.zeros(10), stages=[(2001, 2005), (2006, 2007), (2008, 2010), (1990, 1995)])
    for part in found:
        np.testing.assert_array_equal(np.isnan(part[:, 0]), [True, False, True, True])
    assert [part.shape for part in way(lon, np.zeros(10), stages=[])] == [(0, 1)] * 4
