"""Seasons as a user writes them."""

from __future__ import annotations

import pytest

from nep_toolbox.errors import InvalidParameter
from nep_toolbox.raster.seasons import parse_season


@pytest.mark.parametrize(("text", "season"), [
    ("4-10", (4, 10)), (" 12 - 2 ", (12, 2)), ("04–10", (4, 10)), ("6", (6, 6)), ("", (1, 12)), ("  ", (1, 12)),
    ("1-12", (1, 12)),
])
def test_seasons(text, season):
    assert parse_season(text) == season


@pytest.mark.parametrize("text", ["0-3", "4-13", "DJF", "4-", "4,5,6", "2001-2005", "4-6-8", "-4"])
def test_what_is_no_season(text):
    with pytest.raises(InvalidParameter, match=f"⟨SEASON⟩ holds '{text}': write its first and last month as numbers"):
        parse_season(text)
