"""Names that people give to factors."""

from __future__ import annotations

import pytest

from nep_toolbox.algorithms.drivers._factors import parse_names
from nep_toolbox.errors import InvalidParameter


def test_names_as_people_write_them():
    assert parse_names("pm25=PM2.5; dem = Elevation (m);\nlc＝土地；") == {
        "pm25": "PM2.5", "dem": "Elevation (m)", "lc": "土地"
    }
    assert parse_names(" ") == {}
    for wrong in ("pm25", "=Dust", "pm25=", "a=b;c"):
        with pytest.raises(InvalidParameter, match="is not of the form factor=name"):
            parse_names(wrong)
    with pytest.raises(InvalidParameter, match="⟨FACTOR_NAMES⟩ names 'a' twice"):
        parse_names("a=b;a=c")
    assert parse_names("pre=b;PRE=c") == {"pre": "b", "PRE": "c"}
    assert parse_names("Pre=Rain", any_case=True) == {"pre": "Rain"}
    with pytest.raises(InvalidParameter, match="names 'pre' twice"):
        parse_names("pre=b;PRE=c", any_case=True)
    with pytest.raises(InvalidParameter, match="'pre' in ⟨DRIVER_NAMES⟩ is not of the form driver=name.*a=b;c=d"):
        parse_names("pre", "DRIVER_NAMES", "driver=name", "a=b;c=d")
