"""Pictures become a part of the page, and act on nothing around them."""

from __future__ import annotations

import base64

import pytest

from nep_toolbox.errors import OutputError
from nep_toolbox.report.document.images import image
from tests.report.document.conftest import PNG, SVG


def test_png_is_data(structure):
    (attrs,) = structure(image(PNG, "fig01", 'A "map" <1>')).all("img")
    assert attrs["alt"] == 'A "map" <1>'
    assert (attrs["width"], attrs["height"]) == ("4", "3")
    assert base64.b64decode(attrs["src"].partition(",")[2]) == PNG


def test_svg_keeps_its_drawing_alone(structure):
    text = image(SVG, "fig05", "A & b")
    reader = structure(text)
    assert reader.tags == ["svg", "defs", "path", "clippath", "g", "use", "text", "tspan"]
    assert "clipPath" in text  # the case of names counts
    assert "http" not in text
    (root,) = reader.all("svg")
    assert root["aria-label"] == "A & b" and root["role"] == "img" and root["viewbox"] == "0 0 20 10"
    assert "width" not in root
    assert reader.texts == {"text": ["a < b ", " d"], "tspan": ["c"]}


def test_ids_that_are_pointed_to_are_named_anew_and_others_go(structure):
    reader = structure(image(SVG, "fig05", ""))
    assert len(reader.ids) == 2
    path, clip = reader.all("path")[0]["id"], reader.all("clippath")[0]["id"]
    assert reader.ids == [path, clip]
    assert all(name.startswith("fig05-") for name in reader.ids)
    assert "id" not in reader.all("g")[0]
    assert reader.all("g")[0]["clip-path"] == f"url(#{clip})"
    assert reader.all("use")[0]["href"] == f"#{path}"
    assert reader.all("text")[0]["style"] == f"fill: url(#{clip})"


def test_what_acts_or_loads_is_left_out(structure):
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="3" height="2" '
        'onload="x()"><script>x()</script><image href="http://a.b/c.png"/>'
        '<image xlink:href="data:image/png;base64,AA"/>'
        "<foreignObject><p>x</p></foreignObject></svg>"
    )
    reader = structure(image(text.encode(), "a", ""))
    assert reader.tags == ["svg", "image", "image"]
    assert [attrs.get("href") for attrs in reader.all("image")] == [None, "data:image/png;base64,AA"]
    assert "onload" not in reader.all("svg")[0]
    assert reader.all("svg")[0]["viewbox"] == "0 0 3.0 2.0"


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html></html>", b"<svg><g></svg>"])
def test_anything_else_is_refused(content):
    with pytest.raises(OutputError, match="fig03 is neither PNG nor SVG"):
        image(content, "fig03", "")
