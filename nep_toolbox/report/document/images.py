"""Pictures inside a page: SVG as elements of the page, PNG as data."""

from __future__ import annotations

import base64
import re
from html import escape
from xml.etree import ElementTree

from ...errors import OutputError

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"

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
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        root = None
    if root is None or root.tag != f"{_SVG}svg":
        raise OutputError(_NO_PICTURE.format(name))
    if "viewBox" not in root.attrib:
        root.set("viewBox", f"0 0 {_pixels(root.get('width'))} {_pixels(root.get('height'))}")
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-label", alternative)
    _name_anew(root, name)
    return _element(root)


def _pixels(length: str | None) -> float:
    return float(re.match(r"[\d.]+", length or "100")[0])


def _name_anew(root, name: str) -> None:
    """Give ids that begin with a name to what is pointed to; other ids may be anything, and go."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    targets = [value[1:] for value in values if value.startswith("#")]
    targets += [target for value in values for _, target in _URL.findall(value)]
    ids = {target: f"{name}-{place}" for place, target in enumerate(dict.fromkeys(targets), 1)}
    for element in root.iter():
        own = element.attrib.pop("id", None)
        for key, value in element.attrib.items():
            if key in (f"{_XLINK}href", "href") and value.startswith("#"):
                element.set(key, f"#{ids[value[1:]]}")
            else:
                element.set(key, _URL.sub(lambda found: f"url(#{ids[found[2]]})", value))
        if own in ids:
            element.set("id", ids[own])


def _element(element) -> str:
    """An element of SVG as HTML has it, without namespaces."""
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith(_SVG) or tag[len(_SVG):] in _LEFT_OUT:
        return element.tail and escape(element.tail, quote=False) or ""
    tag = tag[len(_SVG):]
    attributes = "".join(_attributes(element))
    inside = escape(element.text or "", quote=False) + "".join(_element(child) for child in element)
    tail = escape(element.tail or "", quote=False)
    return f"<{tag}{attributes}>{inside}</{tag}>{tail}" if inside.strip() else f"<{tag}{attributes}/>{tail}"


def _attributes(element):
    for key, value in element.attrib.items():
        if key in (f"{_XLINK}href", "href"):
            if value.startswith(("#", "data:")):
                yield f' href="{escape(value)}"'
        elif not key.startswith("{") and not key.startswith("on"):
            yield f' {key}="{escape(value)}"'
