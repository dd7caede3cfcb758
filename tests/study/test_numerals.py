"""Numbers as readers see them: digits, signs, the ends of ranges."""

from __future__ import annotations

import pytest

from nep_toolbox.study.numerals import KINDS, number


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (382.7449, "value", "382.7"), (5.12345, "value", "5.123"), (0.62306, "value", "0.6231"), (0, "value", "0"),
        (123_456.7, "value", "123,457"), (9.9996, "value", "10.00"), (-12.3456, "value", "−12.35"),
        (3.5449, "slope", "3.54"), (-0.0021349, "slope", "−0.00213"), (1.239e-7, "slope", "1.24 × 10⁻⁷"),
        (41.25001, "percent", "41.3"), (0, "percent", "0"), (100, "percent", "100"),
        (100.00000000000001, "percent", "100"), (99.99999999999999, "percent", "100"), (1e-15, "percent", "0"),
        (0.04, "percent", "<0.1"),
        (99.97, "percent", ">99.9"), (99.9, "percent", "99.9"), (-5.25001, "percent", "−5.3"), (0.1, "percent", "0.1"),
        (0.0344, "p", "0.034"), (0.00099, "p", "<0.001"), (0.001, "p", "0.001"), (0.0, "p", "0.000"), (1, "p", "1.000"),
        (-0.004, "r", "0.00"), (-0.215001, "r", "−0.22"), (0.4127, "q", "0.413"), (0.5649, "h", "0.56"),
        (2.854, "z", "2.85"),
        (8.1949, "km", "8.19"), (164.4, "km", "164"), (165_700.4, "area", "165,700"), (99.94, "area", "99.9"),
        (0.25, "area", "0.250"), (76_954, "count", "76,954"), (2001, "year", "2001"),
        (225.4, "degrees", "225"),
        (0.05, "number", "0.05"), (1_234_567.0, "number", "1,234,567"), (12.5, "number", "12.5"),
        (10.0, "number", "10"),
        ("cropland", "value", "cropland"), (None, "value", ""), (float("nan"), "p", ""),
    ],
)
def test_numbers(value, kind, shown):
    assert number(value, kind) == shown


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "text"])
def test_every_kind_writes_whole_numbers_and_fractions(kind):
    assert number(3, kind).startswith("3")
    assert number(-3.25, kind).startswith("−3")
