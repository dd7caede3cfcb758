"""The coding of MOD17A3HGF against the tables of its user guide."""

from __future__ import annotations

import numpy as np
import pytest

from nep_toolbox.core.productivity.mod17 import MOD17_CODINGS, fill_codes, product_name


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


@pytest.mark.parametrize(("values", "kind", "codes"), [
    ([5000, 32761, 32767, 32767], np.int16, [32761, 32767]),
    ([5000, 32700], np.int16, []),
    ([32764], np.float32, [32764]),
    ([65529, 32765, 100], np.uint16, [65529]),
    ([65500, 65535], np.int32, [65535]),
    # measurements of another kind: a fraction, numbers beside the codes, numbers beyond them
    ([0.5, 32764], np.float32, []), ([32701, 32764], np.int32, []), ([32764, 32768], np.int32, []),
    ([65510, 65530], np.uint16, []), ([32764, 65536], np.int32, []),
    ([], np.int16, []), ([-5], np.float64, []),
    # missing values
    ([np.nan, 32764, np.nan], np.float32, [32764]), ([np.nan], np.float32, []), ([np.nan, 0.5, 32764], np.float32, []),
])
def test_codes_among_values(values, kind, codes):
    coding, found = fill_codes(np.array(values, kind))
    assert found == codes
    assert (coding is None) == (not codes) and (coding is None or coding.fill_first <= codes[0])


@pytest.mark.parametrize(("text", "name"), [
    ("Npp_500m", "Npp_500m"), (" GPP_500M ", "Gpp_500m"), ("npp", "Npp_500m"), ("Lai_500m", "Lai_500m"),
    ("Npp_1km", "Npp_1km"), ("Npp_QC_500m", "Npp_QC_500m"), (" ", ""),
])
def test_names_of_products(text, name):
    assert product_name(text) == name
