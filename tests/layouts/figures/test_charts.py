"""Figures that are charts alone."""

from __future__ import annotations

import pytest
from qgis.core import QgsLayoutItemPicture

from nep_toolbox.layouts.figures.charts import chart, chart_file


def test_the_vector_is_preferred(study, tmp_path):
    assert chart_file(study, "fig02_annual") == "figures/fig02_annual.svg"
    assert chart_file(study, "fig09_landcover_nep") == ""
    other = type(study)(tmp_path.as_posix(), study.settings, study.words)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "fig02_annual.png").touch()
    assert chart_file(other, "fig02_annual") == "figures/fig02_annual.png"


def test_the_page_has_the_shape_of_the_picture(sheet):
    made = sheet(174.0)
    height = chart("fig02_annual")(made)
    assert height == pytest.approx(173.4 * 40.0 / 60.0, rel=0.01)
    (item,) = [each for each in made.page.layout.items() if isinstance(each, QgsLayoutItemPicture)]
    assert item.picturePath().endswith("figures/fig02_annual.svg")
    assert item.rect().height() == pytest.approx(height)
