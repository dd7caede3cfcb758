"""Pictures inside a page: SVG as elements of the page, PNG as data."""

from __future__ import annotations

import base64
import re
from html import escape

from ...errors import OutputError
from .drawing import read_drawing

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_LINKS = ("xlink:href", "href")

_NO_PICTURE = "The figure {} is neither PNG nor SVG: run the study again to draw it anew."

# What would act on the page around the picture, or fetch something.
_LEFT_OUT = {"metadata", "script", "style", "foreignObject", "title", "desc"}
_URL = re.compile(r"url\(\s*(['\"]?)#([^'\")]+)\1\s*\)")


def image(content: bytes, name: str, alternative: str) -> str:
    """The element that shows a picture.

    Parameters
    ----------
    content : bytes
        PNG or SVG.
    name : str
        Of the picture; the ids inside of it begin with it, since a page must not have one twice.
    alternative : str
        What is read where the picture cannot be seen.

    Raises
    ------
    OutputError
        If it is neither.
    """
    if content.startswith(_PNG):
        width, height = (int.from_bytes(content[place: place + 4], "big") for place in (16, 20))
        data = base64.b64encode(content).decode("ascii")
        return (
            f'<img alt="{escape(alternative)}" width="{width}" height="{height}" src="data:image/png;base64,{data}">'
        )
    root = read_drawing(content)
    if root is None or (root.tag, root.attributes.get("xmlns")) != ("svg", _SVG):
        raise OutputError(_NO_PICTURE.format(name))
    own = root.attributes
    own.setdefault("viewBox", f"0 0 {_pixels(own.get('width'))} {_pixels(own.get('height'))}")
    for attribute in ("width", "height", "version"):
        own.pop(attribute, None)
    own.update({"role": "img", "aria-label": alternative})
    _name_anew(root, name)
    return _element(root)


def _pixels(length: str | None) -> float:
    return float(re.match(r"[\d.]+", length or "100")[0])


def _name_anew(root, name: str) -> None:
    """Give ids that begin with a name to what is pointed to; other ids may be anything, and go."""
    values = [value for element in root.elements() for value in element.attributes.values()]
    targets = [value[1:] for value in values if value.startswith("#")]
    targets += [target for value in values for _, target in _URL.findall(value)]
    ids = {target: f"{name}-{place}" for place, target in enumerate(dict.fromkeys(targets), 1)}
    for element in root.elements():
        own = element.attributes.pop("id", None)
        for key, value in element.attributes.items():
            if key in _LINKS and value.startswith("#"):
                element.attributes[key] = f"#{ids[value[1:]]}"
            else:
                element.attributes[key] = _URL.sub(lambda found: f"url(#{ids[found[2]]})", value)
        if own in ids:
            element.attributes["id"] = ids[own]


def _element(element) -> str:
    """An element of SVG as HTML has it, without namespaces; nothing of one that is left out."""
    if isinstance(element, str):
        return escape(element, quote=False)
    if ":" in element.tag or element.tag in _LEFT_OUT:
        return ""
    attributes = "".join(_attributes(element))
    inside = "".join(_element(child) for child in element.children)
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>" if inside.strip() else f"<{element.tag}{attributes}/>"


def _attributes(element):
    for key, value in element.attributes.items():
        if key in _LINKS:
            if value.startswith(("#", "data:")):
                yield f' href="{escape(value)}"'
        elif ":" not in key and key != "xmlns" and not key.startswith("on"):
            yield f' {key}="{escape(value)}"'
