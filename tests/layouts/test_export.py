"""Layouts become files of their size, or an error that names the file."""

from __future__ import annotations

import re

import pytest
from qgis.PyQt.QtGui import QImage

from nep_toolbox.errors import InvalidParameter, OutputError
from nep_toolbox.layouts.arrangement import Box
from nep_toolbox.layouts.export import export
from nep_toolbox.layouts.page import Page


@pytest.fixture
def layout(project):
    page = Page(project, "page", 85.0, "DejaVu Sans")
    page.text("Text", Box(10.0, 10.0, 30.0, 5.0))
    return page.finish(50.0)


def test_files_of_the_size_of_the_page(layout, tmp_path):
    files = [export(layout, str(tmp_path / "figures" / "fig"), kind, 100.0) for kind in ("png", "svg", "pdf")]
    assert files == [str(tmp_path / "figures" / f"fig.{kind}") for kind in ("png", "svg", "pdf")]
    image = QImage(files[0])
    # The height is that of what is drawn, with 0.3 mm on each side.
    assert (image.width(), image.height()) == pytest.approx((85.0 / 25.4 * 100, 50.6 / 25.4 * 100), abs=1.0)
    svg = (tmp_path / "figures" / "fig.svg").read_text(encoding="utf-8")
    assert float(re.search(r'width="([\d.]+)mm"', svg).group(1)) == pytest.approx(85.0, abs=0.2)
    assert (tmp_path / "figures" / "fig.pdf").read_bytes().startswith(b"%PDF")
    assert len(list((tmp_path / "figures").iterdir())) == 3


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_file_that_cannot_be_written_is_named(layout, tmp_path, kind):
    (tmp_path / f"fig.{kind}").mkdir()
    with pytest.raises(OutputError, match=rf"fig\.{kind} cannot be written.*choose another folder"):
        export(layout, str(tmp_path / "fig"), kind, 100.0)


def test_an_unknown_format(layout, tmp_path):
    with pytest.raises(InvalidParameter, match="'bmp' is no format"):
        export(layout, str(tmp_path / "fig"), "bmp", 100.0)
