"""Series without their mean and without their line, against numpy."""

from __future__ import annotations

import numpy as np

from nep_toolbox.core.attribution.columns import columns_of

YEARS = np.array([2001.0, 2002, 2004, 2005, 2006, 2009, 2010])


def made() -> tuple:
    y, x, z = np.random.default_rng(1).normal(1e6, 3, (3, YEARS.size, 4))
    y[2, 1] = x[0, 1] = z[5, 2] = np.nan
    y[3, 3] = np.inf
    return y, [x, z]


def test_numpy_finds_the_same():
    y, drivers = made()
    found = columns_of(y, drivers, YEARS)
    assert found.count.tolist() == [7, 5, 6, 6]
    beyond = found.beyond_years()
    for pixel in range(4):
        keep = np.isfinite([each[:, pixel] for each in (y, *drivers)]).all(axis=0)
        assert found.valid[:, pixel].tolist() == keep.tolist()
        time = YEARS[keep] - YEARS[keep].mean()
        np.testing.assert_allclose(found.time[keep, pixel], time, atol=1e-12)
        np.testing.assert_allclose(found.times_squared[pixel], time @ time)
        for column, line, values in zip(found.columns, beyond, (y, *drivers)):
            own = values[keep, pixel] - values[keep, pixel].mean()
            slope = np.polyfit(time, own, 1)[0]
            np.testing.assert_allclose(column.mean[pixel], values[keep, pixel].mean(), rtol=1e-15)
            np.testing.assert_allclose(column.slope[pixel], slope, rtol=1e-8)
            np.testing.assert_allclose(column.squares[pixel], own @ own, rtol=1e-9)
            np.testing.assert_allclose(column.values[keep, pixel], own, atol=1e-9)
            np.testing.assert_allclose(line[keep, pixel], own - slope * time, atol=1e-8)
        for each in (found.time, *beyond, *(column.values for column in found.columns)):
            assert (each[~keep, pixel] == 0).all()


def test_equal_values_leave_nothing_at_all():
    found = columns_of(np.full((7, 2), 0.1), [np.full((7, 2), 1e17)], YEARS)
    assert all((column.squares == 0).all() and (column.slope == 0).all() for column in found.columns)


def test_values_of_single_precision_are_worked_on_in_double():
    y, drivers = (np.asarray(each, dtype=np.float32) for each in made())
    single = columns_of(y, list(drivers), YEARS)
    double = columns_of(y.astype(float), [each.astype(float) for each in drivers], YEARS)
    for one, other in zip(single.columns, double.columns):
        for mine, theirs in zip(one, other):
            np.testing.assert_array_equal(mine, theirs)


def test_a_pixel_does_not_depend_on_its_neighbours():
    y, drivers = made()
    together = columns_of(y, drivers, YEARS)
    for pixel in range(4):
        part = slice(pixel, pixel + 1)
        alone = columns_of(y[:, part], [each[:, part] for each in drivers], YEARS)
        for one, other in zip(alone.columns, together.columns):
            for mine, theirs in zip(one, other):
                np.testing.assert_array_equal(mine, theirs[..., part])
