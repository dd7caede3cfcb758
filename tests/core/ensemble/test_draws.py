"""Errors as a user writes them, and random draws: by hand, and by what normal numbers are known for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nep_toolbox.core.ensemble.draws import draw, mean_of_factors, parse_errors, uncertain_names
from nep_toolbox.core.productivity.models import PUBLISHED, ByQ10, Fraction, RespirationModel
from nep_toolbox.errors import InvalidParameter

NAMES = ("a", "b", "npp", "temperature", "precipitation")


@pytest.mark.parametrize("text", [
    "b=0.05;npp=0.1", " NPP = .1 ,b=5e-2;", "npp=0.1；b=0.05", "b=0.05、npp=0.1", "b=.05;a=0;npp=.1",
    "b＝0.05，npp＝0.1", "\nb=0.05\n npp=0.1\n",
])
def test_errors_as_they_are_written(text):
    found = parse_errors(text, NAMES)
    assert found == {"b": 0.05, "npp": 0.1}
    assert list(found) == ["b", "npp"]  # in the order of the names


def test_temperature_is_in_degrees():
    assert parse_errors("temperature=1.5", NAMES) == {"temperature": 1.5}


@pytest.mark.parametrize(("text", "words"), [
    ("", "says nothing that is uncertain"), ("a=0;b=0", "says nothing that is uncertain"),
    ("r10=0.1", "'r10=0.1' in ⟨ERRORS⟩ names nothing that enters this run"), ("0.1", "names nothing"),
    ("b=0.1;B=0.2", "names 'b' twice"), ("b", "'b' in ⟨ERRORS⟩ has no standard deviation from 0 to 1"),
    ("b=x", "'b=x'"), ("b=-0.1", "has no standard deviation"), ("b=nan", "has no standard deviation"),
    ("b=10", "write b=0.1 for 10 %"), ("temperature=21", "from 0 to 20"), ("temperature=inf", "from 0 to 20"),
])
def test_what_is_no_error_is_refused(text, words):
    with pytest.raises(InvalidParameter) as error:
        parse_errors(text, NAMES)
    assert words in str(error.value)


def test_names_are_those_that_enter_the_model():
    assert uncertain_names(PUBLISHED) == ("a", "b", "c", "d", "e", "npp", "temperature", "precipitation")
    model = RespirationModel(ByQ10(1.0), Fraction(0.5))
    assert uncertain_names(model) == ("r10", "q10", "rh_fraction", "npp", "temperature")


def test_an_error_lists_the_names():
    with pytest.raises(InvalidParameter, match="Names: a, b, npp, temperature, precipitation"):
        parse_errors("c=0.1", NAMES)


def test_normal_numbers():
    found = draw({"a": 0.1, "temperature": 0.5}, 100_000, 1)
    assert found.names == ("a", "temperature")
    for values, mean, sd in zip(found.values.T, (1.0, 0.0), (0.1, 0.5)):
        # within four standard errors
        assert abs(values.mean() - mean) < 4 * sd / math.sqrt(100_000)
        assert abs(values.std() / sd - 1) < 4 / math.sqrt(200_000)
    assert abs(np.corrcoef(found.values.T)[0, 1]) < 4 / math.sqrt(100_000)


def test_multipliers_are_drawn_again_until_they_are_above_zero_and_shifts_are_not():
    found = draw({"a": 1.0, "temperature": 1.0}, 100_000, 3)
    factors, shifts = found.values.T
    assert factors.min() > 0 > shifts.min()
    # of a normal number with mean and standard deviation 1 that is above 0 the mean is 1 + phi(1) / Phi(1)
    expected = 1 + math.exp(-0.5) / math.sqrt(2 * math.pi) / (0.5 * (1 + math.erf(math.sqrt(0.5))))
    assert abs(factors.mean() - expected) < 4 / math.sqrt(100_000)
    assert mean_of_factors(1.0) == pytest.approx(expected, rel=1e-12)
    assert mean_of_factors(0.1) == pytest.approx(1.0, abs=1e-12)


def test_a_draw_depends_on_its_name_and_the_seed_alone():
    few, many = draw({"b": 0.9, "npp": 0.1}, 7, 5), draw({"npp": 0.1, "a": 0.2, "b": 0.9}, 40, 5)
    np.testing.assert_array_equal(few.values, many.values[:7, [2, 0]])
    assert (few.values != draw({"b": 0.9, "npp": 0.1}, 7, 6).values).all()
    assert len({*draw(dict.fromkeys(NAMES, 0.1), 2, 5).values[0]}) == len(NAMES)


def test_the_stream_is_the_frozen_one():
    """By numpy's legacy generator, seeded by the seed and the letters of the name."""
    expected = 1 + 0.1 * np.random.RandomState([1, *b"npp"]).standard_normal(3)
    np.testing.assert_array_equal(draw({"npp": 0.1}, 3, 1).values[:, 0], expected)


def test_each_draw_by_name():
    found = draw({"a": 0.1, "npp": 0.2}, 2, 1)
    assert found.each() == [{"a": row[0], "npp": row[1]} for row in found.values.tolist()]
