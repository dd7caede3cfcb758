"""Maps of numbers: the name of their band, and ramps that tell what they are for."""

from __future__ import annotations

from nep_toolbox.framework.number_maps import CHANGE_RAMP, P_RAMP, number_map


def test_the_band_is_called_what_the_raster_is():
    found = number_map("slope", "Sen slope", CHANGE_RAMP, "gC m-2 per year")
    assert (found.key, found.title, found.bands) == ("slope", "Sen slope", ("Sen slope",))
    assert (found.style, found.unit, found.years) == (CHANGE_RAMP, "gC m-2 per year", ())


def test_the_ends_of_the_ramps():
    assert P_RAMP.ends([0.2, 0.9]) == (0.0, 0.1)
    assert CHANGE_RAMP.ends([-1.0, 3.0]) == (-3.0, 3.0)
