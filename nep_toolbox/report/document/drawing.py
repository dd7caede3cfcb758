"""A drawing in SVG as a tree of elements.

It is read as a browser reads the page that it becomes a part of: no document type, no entities of its own, nothing that
a parser of XML would fetch or unfold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_TAG = re.compile(r"<\s*([^\s/>]+)")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass
class Element:
    """An element of a drawing.

    Parameters
    ----------
    tag : str
        In the case that it is written in, which counts in SVG.
    attributes : dict of str to str
    children : list of Element or str
        What it holds, texts among it, in order.
    """

    tag: str
    attributes: dict
    children: list = field(default_factory=list)

    def elements(self) -> Iterator[Element]:
        """The element and all that are in it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.elements()


def read_drawing(content: bytes) -> Element | None:
    """The outermost element of a drawing; None where the content is not one, or is broken off.

    Parameters
    ----------
    content : bytes
        SVG in UTF-8.
    """
    reader = _Reader()
    reader.feed(content.decode("utf-8", "replace"))
    reader.close()
    return reader.root if reader.is_complete else None


class _Reader(HTMLParser):
    """Builds the tree; names and attributes are taken from the text itself, since the parser folds their case."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root: Element | None = None
        self._open: list = []
        self._fits = True

    @property
    def is_complete(self) -> bool:
        """Whether there is a drawing all of whose elements end."""
        return self.root is not None and self._fits and not self._open

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        self._add(ends=False)

    def handle_startendtag(self, tag, attrs):  # noqa: ARG002
        self._add(ends=True)

    def _add(self, ends: bool) -> None:
        written = self.get_starttag_text()
        name = _TAG.match(written)
        element = Element(name[1], {
            key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(written[name.end():])
        })
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        else:
            self._fits = False
        if not ends:
            self._open.append(element)

    def handle_endtag(self, tag):
        if self._open and self._open[-1].tag.lower() == tag:
            self._open.pop()
        else:
            self._fits = False

    def handle_data(self, data):
        if self._open:
            self._open[-1].children.append(data)
