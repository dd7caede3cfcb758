"""Lists in sentences."""

from __future__ import annotations

from nep_toolbox.raster.wording import joined, listed


def test_lists():
    assert listed(["a", "b"]) == "'a', 'b'"
    assert listed([2001, 2003]) == "2001, 2003"
    assert listed(list("abcdef")).endswith("'f'")
    assert listed(list("abcdefgh")) == "'a', 'b', 'c', 'd', 'e', 'f' and 2 more"
    assert listed([1, 2, 3], most=2) == "1, 2 and 1 more"


def test_words_as_they_are():
    assert joined(["a as 1", "b as 2"]) == "a as 1, b as 2"
    assert joined(["a", "b", "c"], most=1) == "a and 2 more"
