"""The coding of MOD17A3HGF against the tables of its user guide."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.productivity.mod17 import MOD17_CODINGS, product_name


@pytest.mark.parametrize(("variable", "stored_type", "first", "last", "largest"), [
    # User guide of MOD17A2HGF and MOD17A3HGF, version 6.1: valid range, and 7 fill codes up to the largest number.
    ("Npp_500m", np.int16, -30000, 32700, 3270.0),
    ("Gpp_500m", np.uint16, 0, 65500, 6550.0),
])
def test_coding_of_the_user_guide(variable, stored_type, first, last, largest):
    coding = MOD17_CODINGS[variable]
    assert (coding.valid_min, coding.valid_max) == (first, last)
    # 0.0001 kgC m-2 yr-1 is 0.1 gC m-2 yr-1
    assert coding.valid_max * coding.scale == pytest.approx(largest)
    assert coding.fill_last == np.iinfo(stored_type).max
    assert coding.fill_last - coding.fill_first + 1 == 7
    assert coding.valid_max < coding.fill_first


@pytest.mark.parametrize(("text", "name"), [
    ("Npp_500m", "Npp_500m"), (" GPP_500M ", "Gpp_500m"), ("npp", "Npp_500m"), ("Lai_500m", "Lai_500m"),
    ("Npp_1km", "Npp_1km"), ("Npp_QC_500m", "Npp_QC_500m"), (" ", ""),
])
def test_names_of_products(text, name):
    assert product_name(text) == name
