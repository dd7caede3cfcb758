"""The curve of scales: quantiles, q without what chance explains, and the best scale."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nep_toolbox.core.geodetector.scales import (
    MOST_SCALES,
    adjusted,
    best_of,
    blocks_of,
    parse_scales,
    scale_of,
    scale_rows,
)
from nep_toolbox.errors import InvalidParameter

NAN = np.nan


def scale(q, p_f=None, classes=None, rows=100, size=1, alpha=0.05):
    q = np.array(q)
    p_f = np.zeros(q.size) if p_f is None else np.array(p_f)
    classes = np.full(q.size, 3) if classes is None else np.array(classes)
    return scale_of(size, 2 * rows, rows, [f"x{j}" for j in range(q.size)], q, classes, p_f / 2, p_f, alpha)


# Sizes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "sizes"), [
    ("1,2,5,10", (1, 2, 5, 10)), (" 8 ; 4\n2", (2, 4, 8)), ("3，1、2；1", (1, 2, 3)), ("7", (7,)), ("05, 5", (5,)),
])
def test_sizes_as_people_type_them(text, sizes):
    assert parse_scales(text) == sizes


@pytest.mark.parametrize("part", ["0", "-2", "1.5", "2e1", "ten", "1-4", "1000000000", "+3", "²"])
def test_what_is_no_size_is_named(part):
    with pytest.raises(InvalidParameter, match=r"⟨SCALES⟩ holds '.+', which is no whole number from 1 on") as error:
        parse_scales(f"4,{part}")
    assert f"'{part}'" in str(error.value)


def test_no_size_and_too_many():
    with pytest.raises(InvalidParameter, match="⟨SCALES⟩ holds no size"):
        parse_scales(" , ")
    assert len(parse_scales(",".join(map(str, range(1, MOST_SCALES + 1))))) == 30
    with pytest.raises(InvalidParameter, match="holds 31 sizes, and 30 are the most"):
        parse_scales(",".join(map(str, range(1, 32))))


def test_blocks_of_a_grid_with_those_cut_off():
    assert [blocks_of(483, 404, size) for size in (1, 4, 8, 32, 500)] == [195132, 121 * 101, 61 * 51, 16 * 13, 1]


# Numbers --------------------------------------------------------------------------------------------------------------


def test_q_without_what_chance_explains():
    """By hand: 1 - .5 * 99 / 95, the same of all of 20 rows and of one; none where every row is a class."""
    found = adjusted(np.array([0.5, 0.0, 1.0]), 100, np.array([5, 2, 8]))
    np.testing.assert_allclose(found, [1 - 0.5 * 99 / 95, 1 - 99 / 98, 1.0], rtol=1e-15)
    assert np.isnan(adjusted(np.array([1.0, 0.5]), 4, np.array([4, 4]))).all()


@pytest.mark.parametrize("number", [1, 2, 3, 6, 10, 11, 21])
def test_the_quantile_is_that_of_type_7(number):
    q = np.random.default_rng(number).random(number)
    found = scale(q)
    assert found.q90 == pytest.approx(np.quantile(q, 0.9), rel=1e-14)
    assert found.q90_adjusted == pytest.approx(np.quantile(1 - (1 - q) * 99 / 97, 0.9), rel=1e-14)


def test_the_quantile_is_over_the_significant_factors():
    """By hand: of .8, .4, .2 it is .4 + .8 * .4; p_f of alpha itself and none are not below it."""
    found = scale([0.9, 0.8, 0.2, 0.4, 0.95], [0.05, 0.0, 0.049, 1e-9, NAN])
    assert found.q90 == pytest.approx(0.72, rel=1e-15)
    assert scale([0.9, 0.8], [0.05, 0.0], alpha=0.06).q90 == pytest.approx(0.89, rel=1e-15)
    nothing = scale([0.9, 0.8], [0.5, 0.2])
    assert np.isnan([nothing.q90, nothing.q90_adjusted]).all()


def test_the_best_scale_is_the_finest_of_equals():
    assert best_of([0.3, 0.5, 0.5, 0.1]) == 1
    assert best_of([0.3, 0.5, 0.5 + 1e-13]) == 1
    assert best_of([0.3, 0.5, 0.5 + 1e-11]) == 2
    assert best_of([NAN, 0.2, NAN]) == 1
    assert best_of([NAN, NAN]) is None
    assert best_of([]) is None


def test_rows_of_the_table():
    rows = scale_rows([scale([0.5, 0.2], size=2, rows=50), scale([0.6], [0.01], size=4, rows=12)])
    assert [(row.block, row.cells, row.rows, row.factor, row.q, row.p, row.p_f, row.best) for row in rows] == [
        (2, 100, 50, "x0", 0.5, 0.0, 0.0, False), (2, 100, 50, "x1", 0.2, 0.0, 0.0, False),
        (4, 24, 12, "x0", 0.6, 0.005, 0.01, True),
    ]
    np.testing.assert_allclose(
        [(row.q_adjusted, row.q90, row.q90_adjusted) for row in rows],
        [(1 - 0.5 * 49 / 47, 0.47, 1 - 0.53 * 49 / 47), (1 - 0.8 * 49 / 47, 0.47, 1 - 0.53 * 49 / 47),
         (1 - 0.4 * 11 / 9, 0.6, 1 - 0.4 * 11 / 9)], rtol=1e-14,
    )
    assert not any(row.best for row in scale_rows([scale([0.5], [0.9])]))


def test_the_curve_of_gd(shared):
    """q90 and the optimum of `GD::sesu` on its own grids of 30, 40 and 50 km, from q and the published p."""
    reference = json.loads((shared / "reference/geodetector_extra.json").read_text(encoding="utf-8"))["gd_scales"]
    scales = []
    for size in reference["su"]:
        found = reference["scales"][str(size)]
        scales.append(scale(found["q"], found["p"], rows=found["N"], size=size))
    np.testing.assert_allclose([each.q90 for each in scales], reference["q90"], rtol=1e-12)
    assert reference["su"][best_of([each.q90 for each in scales])] == reference["optimum"]
