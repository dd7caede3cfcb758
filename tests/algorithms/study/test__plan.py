"""What a study is to be made of."""

from __future__ import annotations

import numpy as np
from testkit.rasters import write_layer, yearly

from nep_toolbox.algorithms.study._plan import CONTINUOUS, Factor, Plan, Source
from nep_toolbox.raster.series import resolve, single


def test_a_constant_holds_for_every_year(tmp_path):
    source = Source("temperature", single(write_layer(tmp_path / "t.tif", np.ones((2, 2)))), constant=True)
    series = source.for_years([2001, 2003])
    assert series.years == [2001, 2003] and {step.layer.name for step in series.steps} == {"t"}


def test_a_series_gives_its_years(tmp_path):
    source = Source("npp", resolve(yearly(tmp_path, (2001, 2002, 2003))))
    assert source.for_years([2001, 2003]).years == [2001, 2003] and not source.monthly


def test_a_factor_gives_the_nearest_raster_before(tmp_path):
    rasters = {
        year: Source("pm", single(write_layer(tmp_path / f"{year}.tif", np.ones((2, 2))))) for year in (2005, 2010)
    }
    factor = Factor("pm", CONTINUOUS, rasters)
    chosen = [factor.of_year(year) for year in (2001, 2005, 2009, 2010, 2020)]
    assert chosen == [rasters[year] for year in (2005, 2005, 2005, 2010, 2010)]


def test_all_inputs_are_listed(tmp_path):
    one = Source("npp", single(write_layer(tmp_path / "a.tif", np.ones((2, 2)))))
    plan = Plan(npp=one, factors=[Factor("a", CONTINUOUS, {0: one})])
    assert plan.sources() == [one, one] and plan.grid is one.series.grid
