"""What results are called."""

from __future__ import annotations

import numpy as np
import pytest
from testkit.rasters import write_raster

from nep_toolbox.raster.series import Layer, resolve, single
from nep_toolbox.styling.titles import Subject, related


@pytest.fixture
def named(tmp_path):
    """A series of two years in one raster whose layer has a name."""

    def series(name: str):
        path = write_raster(tmp_path / "r.tif", np.zeros((2, 2, 2)), descriptions=("2001", "2002"))
        return resolve([Layer(name, path)])

    return series


@pytest.mark.parametrize(
    ("quantity", "years", "what", "unit", "title"),
    [
        ("NEP", (2001, 2002, 2020), "Sen slope", "gC m-2 yr-1 per year",
         "NEP: Sen slope 2001-2020 (gC m-2 yr-1 per year)"),
        ("NEP", (2001, 2020), "Trend classes", "", "NEP: Trend classes 2001-2020"),
        ("", (2001, 2020), "Hurst exponent", "", "Hurst exponent 2001-2020"),
        ("NPP", (2001,), "Factor detector", "", "NPP: Factor detector 2001"),
        ("NPP", (), "Future trend", "", "NPP: Future trend"),
        ("", (), "Future trend", "", "Future trend"),
    ],
)
def test_a_title(quantity, years, what, unit, title):
    assert Subject(quantity, years).title(what, unit) == title


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("NEP 2001-2020 (gC m-2 yr-1)", "NEP"), ("npp_2001", "NPP"), ("Mean annual rain", "Mean annual rain"),
        ("NEP: Sen slope 2001-2020 (gC m-2 yr-1 per year)", "NEP"), ("2001R", "R"), ("降水 2001", "降水"),
        ("NDVI_v2.1", "NDVI v2 1"),
        # Names of files that say nothing.
        ("stack", ""), ("OUTPUT", ""), ("Merged raster 3", ""), ("2001", ""), ("2001_stack", ""), ("trend_classes", ""),
    ],
)
def test_the_quantity_of_a_series(named, name, quantity):
    assert Subject.of(named(name)) == Subject(quantity, (2001, 2002))


@pytest.mark.parametrize(
    ("name", "description", "subject"),
    [
        ("NEP: Trend classes 2001-2020", "Trend classes", Subject("NEP", (2001, 2020))),
        ("npp_2005", "", Subject("NPP", (2005,))),
        ("npp", "2005", Subject("NPP", (2005,))),
        ("slope", "", Subject("", ())),
    ],
)
def test_the_subject_of_a_single_raster(tmp_path, name, description, subject):
    path = write_raster(tmp_path / "r.tif", np.zeros((1, 2, 2)), descriptions=(description,))
    assert Subject.of(single(Layer(name, path))) == subject


@pytest.mark.parametrize(
    ("names", "quantity"),
    [
        (("NEP", "temperature"), "NEP with temperature"),
        (("NEP", "temperature", "rain", "PAR"), "NEP with temperature given rain, PAR"),
        (("stack", "temperature", "OUTPUT"), "series with temperature"),
        (("NEP", "stack"), "NEP with driver"),
    ],
)
def test_the_subject_of_a_relation(named, names, quantity):
    series, driver, *controls = map(named, names)
    assert related(series, driver, controls) == Subject(quantity, (2001, 2002))
