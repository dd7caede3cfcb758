"""What a run tells of densities and of the parts of the change, from parts made by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nep_toolbox.algorithms.landcover._effect_log import tell_densities, tell_effect
from nep_toolbox.core.landcover.effect import Density


def fake_run() -> SimpleNamespace:
    """A run that keeps what it is told."""
    told, numbers = [], {}
    log = SimpleNamespace(info=lambda text: told.append(("info", text)), warn=lambda text: told.append(("warn", text)))
    return SimpleNamespace(log=log, number=numbers.__setitem__, told=told, numbers=numbers)


def effects(densities: dict) -> dict:
    return {name: SimpleNamespace(densities=found) for name, found in densities.items()}


SURE, FEW, LOST = Density(1.0, 2.0, 10, False), Density(1.0, 2.0, 9, False), Density(1.0, 2.0, 3, True)
NAMES = {1: "Crop", 2: "Forest", 3: "Water"}


def test_densities_that_rest_on_little():
    run = fake_run()
    tell_densities(run, effects({"all": {1: SURE, 2: FEW, 3: LOST}, "South": {1: FEW, 3: LOST}}), NAMES, True)
    assert run.told == [
        ("warn", "No pixel with values keeps these classes, so that all that have one at a date stand for it, and "
                 "where a date has none, those of the other date: Water; South: Water."),
        ("warn", "The density of these classes rests on fewer than 10 pixels: Forest (9); South: Crop (9)."),
    ]
    run = fake_run()
    tell_densities(run, effects({"all": {3: LOST}}), NAMES, False)
    assert run.told == [
        ("warn", "One of the dates does not have these classes, whose density is that of the other date: Water.")
    ]


def test_many_regions_make_no_longer_line():
    run = fake_run()
    tell_densities(run, effects({"all": {1: SURE}, **{f"r{place}": {2: FEW} for place in range(15)}}), NAMES, True)
    assert run.told[0][1].endswith("r10: Forest (9); r11: Forest (9) and in 3 more regions.")


@pytest.mark.parametrize(("parts", "share", "against"), [
    ((4.0, 1.0, 3.0), 25.0, False), ((2.0, 3.0, -1.0), 150.0, True), ((2.0, -1.0, 3.0), -50.0, True),
    ((0.0, 1.0, -1.0), None, False),
])
def test_the_parts_are_told(parts, share, against):
    run = fake_run()
    tell_effect(run, (7, 9.0, 4.5, 1.0, 5.0, *parts, share), "Tg C yr-1")
    assert ("info", "All: the total changes by {:+.4g} Tg C yr-1, by land use {:+.4g}{}, by density {:+.4g}; 4.5 of 9 "
                    "km2 change their class.".format(*parts[:2], f" ({share:.3g} %)" if share else "", parts[2])
            ) == run.told[0]
    assert (len(run.told) == 2) == against
    assert [run.numbers[key] for key in ("CHANGE_TG", "LAND_USE_TG", "DENSITY_TG")] == list(parts)
    assert run.numbers["SHARE"] == share or share is None
