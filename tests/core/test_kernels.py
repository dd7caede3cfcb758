"""Every kernel: called by the names of its inputs, and sent to a worker and back with what it is given and gives."""

from __future__ import annotations

import inspect
import pickle
import pkgutil
from functools import partial
from importlib import import_module

import numpy as np
import pytest

from nep_toolbox import core
from nep_toolbox.core import field_significance
from nep_toolbox.core.attribution.blocks import attribution_block
from nep_toolbox.core.attribution.driver_blocks import drivers_block
from nep_toolbox.core.balance.blocks import source_sink_block, variability_block
from nep_toolbox.core.balance.budget import budget_block
from nep_toolbox.core.breakpoint.blocks import breakpoint_block
from nep_toolbox.core.breakpoint.break_point import Method
from nep_toolbox.core.correlation import blocks as correlation
from nep_toolbox.core.correlation.blocks import correlation_block
from nep_toolbox.core.correlation.coefficients import SPEARMAN
from nep_toolbox.core.correlation.lag import lagged_years
from nep_toolbox.core.correlation.lag_blocks import lag_block
from nep_toolbox.core.ensemble.blocks import ensemble_block
from nep_toolbox.core.ensemble.draws import draw
from nep_toolbox.core.ensemble.uncertainty import Method as DrawnBy
from nep_toolbox.core.ensemble.uncertainty import uncertainty_block
from nep_toolbox.core.geodetector.coarse_rows import coarse_rows_block
from nep_toolbox.core.geodetector.complete_rows import rows_block
from nep_toolbox.core.geodetector.strata_map import StrataRule, strata_block
from nep_toolbox.core.hotspots.blocks import hotspot_block, p_values_block
from nep_toolbox.core.hotspots.false_discovery import Adjusted, Gathered, p_to_adjust
from nep_toolbox.core.hotspots.local import Method as SpotMethod
from nep_toolbox.core.hotspots.whole import Whole, level_block, moran_block
from nep_toolbox.core.labels import Labels
from nep_toolbox.core.landcover.blocks import (
    codes_block,
    density_block,
    effect_block,
    landcover_block,
    transition_block,
)
from nep_toolbox.core.landcover.merging import parse_merging
from nep_toolbox.core.persistence.blocks import future_block, hurst_block
from nep_toolbox.core.persistence.hindcast import hindcast_block
from nep_toolbox.core.productivity.annual_climate import Statistic, annual_block
from nep_toolbox.core.productivity.blocks import productivity_block, respiration_block
from nep_toolbox.core.productivity.respiration import Forcing
from nep_toolbox.core.sampling.cells import points_block, sample_block
from nep_toolbox.core.sampling.draw import draw_block
from nep_toolbox.core.surroundings import Surrounded
from nep_toolbox.core.trend.blocks import trend_block
from nep_toolbox.core.trend.field_significance import Adjustment, p_values_of_block
from nep_toolbox.core.trend.frequency import frequency_block
from nep_toolbox.core.trend.seasonal import seasonal_block
from nep_toolbox.core.trend.serial_correlation import Correction
from nep_toolbox.core.validation.blocks import comparison_block
from nep_toolbox.core.zonal.blocks import gravity_block, zonal_block
from nep_toolbox.core.zonal.fractions import Fractions
from nep_toolbox.core.zonal.frequency import regional_frequency_block
from nep_toolbox.core.zonal.gravity_sums import Negative, Place
from nep_toolbox.core.zonal.mask import mask_block
from nep_toolbox.core.zonal.overview import overview_block
from nep_toolbox.core.zonal.quantiles import QuantileSearch, binned_block
from nep_toolbox.core.zonal.study_area import study_block

RNG = np.random.default_rng(16)
STACK = RNG.normal(10, 1, (12, 4, 5))
SURROUNDED = Surrounded(STACK, slice(1, 3), slice(0, 5))
OTHER = STACK + RNG.normal(size=STACK.shape)
COVER = RNG.choice([1.0, 2.0, 3.0], (2, 4, 5))
RAIN = RNG.gamma(2, 40, STACK.shape)
AREA = np.linspace(1.0, 2.0, 4)[:, np.newaxis]
REGIONS = Labels.of_pairs((4, 5), *(np.array([0, 1, 7]), np.array([0, 0, 1])))
PARTS = Fractions(REGIONS, np.array([2, 2, 9]), np.array([0, 1, 1]), np.array([0.25, 0.75, 1.0]))
CENTRES = np.meshgrid(np.arange(5.0), np.arange(4.0))
YEARS = np.arange(2001, 2013)
LAGGED = lagged_years(YEARS.tolist(), YEARS.tolist(), 1)
STRATA = StrataRule(np.array([0.0, 1.0, 2.0]), None, np.array([1, 2]), np.array([3.5, 4.5]))
LATTICE = (np.arange(4), np.arange(5), np.arange(20).reshape(4, 5))
CELLS = (np.array([0, 1, 3]), np.array([0, 2, 4]), np.array([0, 7, 19]))

WHOLES = (Whole(240, 10.0, 240.0, 700.0, 10.0, 10**8, 10**9),) * 12
SPOTS = {"wholes": WHOLES, "method": SpotMethod.GI_STAR, "radius": 1}

# each with what an engine holds fixed and what its readers give, by name
KERNELS = [
    (partial(trend_block, years=YEARS, correction=Correction.NONE,
             adjustment=Adjustment([p_values_of_block(STACK, years=YEARS)], len(YEARS))),
     {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(p_values_of_block, years=YEARS), {"stack": STACK}),
    (partial(breakpoint_block, years=YEARS, method=Method.TURNING_POINT, min_segment=5, min_observations=12),
     {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(trend_block, years=YEARS), {"stack": SURROUNDED, "cell_area": AREA[:2]}),
    (partial(p_values_of_block, years=YEARS), {"stack": SURROUNDED}),
    (level_block, {"stack": SURROUNDED}),
    (partial(moran_block, means=(10.0,) * 12), {"stack": SURROUNDED}),
    (partial(p_values_block, **SPOTS, exact=True), {"stack": SURROUNDED}),
    (partial(hotspot_block, **SPOTS,
             adjustments=(Adjusted(Gathered(True, [p_to_adjust(np.linspace(0, 1, 9), True)])),) * 12),
     {"stack": SURROUNDED, "cell_area": AREA[:2]}),
    (partial(ensemble_block, years=YEARS, trended=True),
     {"members": (STACK, OTHER), "cell_area": AREA, "regions": REGIONS}),
    (frequency_block, {"stack": STACK}),
    (partial(source_sink_block, alpha=0.05, min_observations=8, budgeted=True),
     {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (budget_block, {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(variability_block, years=YEARS, limits=(0.1,), min_observations=8),
     {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(seasonal_block, years=(2001, 2002, 2004), places=tuple(np.ndindex(3, 4)), min_observations=2),
     {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(regional_frequency_block, counted=True), {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(hurst_block, min_observations=12), {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (future_block,
     {"trend_classes": np.ones((1, 4, 5)), "exponent": STACK[:1] / 20, "cell_area": AREA, "regions": REGIONS}),
    (partial(hindcast_block, years=np.arange(2001, 2025), fitted=12),
     {"stack": np.concatenate([STACK, OTHER]), "place": Place((0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 14, 15)}),
    (zonal_block, {"stack": STACK, "cell_area": AREA, "regions": REGIONS}),
    (partial(zonal_block, common_mask=True), {"stack": STACK, "cell_area": AREA, "regions": PARTS}),
    (partial(binned_block, brackets=QuantileSearch([0.5], *np.tile([[[8.0]], [[12.0]]], (1, 12, 3))).brackets,
             unit=1.0, common_mask=True),
     {"stack": STACK, "cell_area": AREA, "regions": PARTS}),
    (partial(gravity_block, origin=(2.0, 2.0), common_mask=True, negative=Negative.LEAVE_OUT),
     {"stack": STACK, "cell_area": AREA, "place": Place((0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 0, 0), "regions": REGIONS}),
    (partial(mask_block, missing=-1.0), {"stack": STACK, "regions": REGIONS}),
    (partial(correlation_block, means=True, alpha=0.05, min_observations=8),
     {"series": STACK, "driver": OTHER, "controls": (RAIN,), "cell_area": AREA, "regions": REGIONS}),
    (partial(correlation_block, method=SPEARMAN,
             adjustment=field_significance.Adjustment([correlation.p_values_of_block(STACK, OTHER, method=SPEARMAN)])),
     {"series": STACK, "driver": OTHER, "cell_area": AREA}),
    (partial(correlation.p_values_of_block, method=SPEARMAN), {"series": STACK, "driver": OTHER, "controls": (RAIN,)}),
    (partial(attribution_block, years=YEARS, means=True),
     {"stack": STACK, "drivers": (OTHER, RAIN), "cell_area": AREA, "regions": REGIONS}),
    (partial(lag_block, places=LAGGED.places, years=LAGGED.years, permutations=9, seed=1),
     {"series": STACK[1:], "driver": OTHER, "cell_area": AREA, "regions": REGIONS}),
    (partial(drivers_block, years=YEARS, penalised=True, summed=True, means=True),
     {"series": STACK, "drivers": (OTHER, RAIN), "cell_area": AREA, "regions": REGIONS}),
    (codes_block, {"stack": COVER}),
    (partial(comparison_block, sign=-1.0), {"simulated": STACK, "observed": OTHER, "classes": COVER[:1]}),
    (partial(overview_block, origin=(2.0, 2.0), size=5.0), {"stack": STACK, "centres": CENTRES}),
    (partial(study_block, bounded=True, excluded=(3,)),
     {"npp": STACK, "cell_area": AREA, "regions": REGIONS, "landcover": COVER, "climate": (RAIN,),
      "factors": (OTHER[:1],)}),
    (partial(transition_block, titles=("a", "b"), change=True, changes=True, merging=parse_merging("1,2=a;3=b")),
     {"stack": COVER, "cell_area": AREA, "regions": REGIONS}),
    (partial(effect_block, titles=("a", "b")),
     {"start": STACK[:3], "end": STACK[9:], "landcover": COVER, "cell_area": AREA, "regions": REGIONS}),
    (partial(density_block, titles=("a", "b")), {"stack": STACK, "landcover": COVER, "cell_area": AREA}),
    (partial(landcover_block, which=(0,) * 12, titles=("a", "b"), breaks=(1.5, 2.5), stable=True),
     {"stack": STACK, "landcover": COVER, "cell_area": AREA}),
    (partial(coarse_rows_block, (2, np.arange(6).reshape(2, 3)), categorical=(False, True)),
     {"target": STACK[:1], "factors": (OTHER[:1], COVER[:1])}),
    (partial(rows_block, LATTICE), {"target": STACK[:1], "factors": (OTHER[:1], RAIN[:1])}),
    (partial(strata_block, (STRATA, None)), {"target": STACK[:1], "factors": (OTHER[:1], RAIN[:1])}),
    (partial(respiration_block, years=[2001], forcing=Forcing.MONTHLY), {"temperature": STACK, "precipitation": RAIN}),
    (partial(productivity_block, years=[2001], forcing=Forcing.MONTHLY),
     {"npp": 50 * STACK[:1], "temperature": STACK, "precipitation": RAIN}),
    (partial(uncertainty_block, method=DrawnBy((2001,), Forcing.MONTHLY, draw({"b": 0.1}, 3, 1))),
     {"npp": 50 * STACK[:1], "temperature": STACK, "precipitation": RAIN, "cell_area": AREA, "regions": REGIONS}),
    (points_block, {"cells": CELLS, "stack": STACK}),
    (partial(sample_block, groups=((0,), (1,))),
     {"cells": CELLS, "target": STACK, "others": OTHER[:1], "regions": REGIONS}),
    (partial(draw_block, groups=((0,),), count=3, seed=1, title="cover"),
     {"lattice": LATTICE, "target": STACK, "strata": COVER[:1], "cell_area": AREA, "regions": REGIONS}),
    (partial(annual_block, groups=(tuple(range(12)),), statistic=Statistic.SUM), {"stack": RAIN}),
]


def function_of(kernel):
    return getattr(kernel, "func", kernel)


def assert_same(one, other):
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        one, other = tuple(one.values()), tuple(other.values())
    if isinstance(one, (tuple, list)):
        assert len(one) == len(other)
        for part, its_copy in zip(one, other):
            assert_same(part, its_copy)
    else:
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("kernel", "inputs"), KERNELS, ids=[function_of(kernel).__name__ for kernel, _ in KERNELS])
def test_a_kernel_works_on_another_machine(kernel, inputs):
    here = kernel(**inputs)
    sent, given = pickle.loads(pickle.dumps((kernel, inputs)))
    assert function_of(sent) is function_of(kernel)
    assert_same(pickle.loads(pickle.dumps(sent(**given))), here)


def test_no_kernel_is_left_out():
    found = set()
    for module in pkgutil.walk_packages(core.__path__, core.__name__ + "."):
        functions = inspect.getmembers(import_module(module.name), inspect.isfunction)
        found.update(function for name, function in functions if name.endswith("_block"))
    assert found | {p_values_of_block, correlation.p_values_of_block} == {function_of(kernel) for kernel, _ in KERNELS}
    assert len(found) > 10
