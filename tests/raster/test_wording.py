"""Lists in sentences."""

from __future__ import annotations

from nep_toolbox.raster.wording import counted, joined, listed


def test_numbers_of_things():
    assert [counted(number, "time step") for number in (0, 1, 2)] == ["0 time steps", "1 time step", "2 time steps"]


def test_lists():
    assert listed(["a", "b"]) == "'a', 'b'"
    assert listed([2001, 2003]) == "2001, 2003"
    assert listed(list("abcdef")).endswith("'f'")
    assert listed(list("abcdefgh")) == "'a', 'b', 'c', 'd', 'e', 'f' and 2 more"
    assert listed([1, 2, 3], most=2) == "1, 2 and 1 more"


def test_words_as_they_are():
    assert joined(["a as 1", "b as 2"]) == "a as 1, b as 2"
    assert joined(["a", "b", "c"], most=1) == "a and 2 more"
