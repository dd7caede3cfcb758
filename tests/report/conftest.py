"""What the tests of pages share."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest


class Reader(HTMLParser):
    """Collects what a page fetches, the texts of its cells, and its elements."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.fetched, self.tags, self.tables, self.texts, self.scripts = [], [], [], [], []
        self._open = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._open = tag
        self.fetched += [value for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "script":
            self.scripts.append("")

    def handle_endtag(self, _tag):
        self._open = ""

    def handle_data(self, data):
        if self._open in ("td", "th"):
            self.tables[-1][-1][-1] += data
        elif self._open == "script":
            self.scripts[-1] += data
        else:
            self.texts.append(data)

    def figures(self):
        """The figures as a browser gets them."""
        found = (re.search(r"var figure = (.*);\n", script) for script in self.scripts)
        return [json.loads(match.group(1)) for match in found if match]


@pytest.fixture
def read():
    """Parses a page."""

    def parse(page: str) -> Reader:
        reader = Reader()
        reader.feed(page)
        reader.close()
        return reader

    return parse


@pytest.fixture
def valid():
    """Holds a figure to plotly's own schema, which refuses unknown properties and wrong values."""
    graph_objects = pytest.importorskip("plotly.graph_objects")
    return lambda chart: graph_objects.Figure(chart.figure)
