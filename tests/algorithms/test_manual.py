"""The manual says what the tools say, and the Help button opens it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from qgis.PyQt.QtCore import QUrl

from manual import MANUAL, PAGES, manual, pages


class Links(HTMLParser):
    """Where a page leads to, what it loads, the names of its places and the tags left open."""

    def __init__(self, text: str):
        super().__init__()
        self.targets, self.places, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.targets += [value for name, value in attributes if name in ("href", "src")]
        self.places += [value for name, value in attributes if name == "id"]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


def test_the_manual_is_up_to_date(provider):
    assert MANUAL.read_text(encoding="utf-8") == manual(provider), "run scripts/manual.py"
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    assert written == pages(provider), "run scripts/manual.py"


def test_every_help_button_opens_a_page_of_its_own(provider):
    """As a file, since an address with a place in it does not survive every way to a browser."""
    opened = set()
    for tool in provider.algorithms():
        url = QUrl(tool.helpUrl())  # as the dialog makes it
        assert url.isValid() and url.isLocalFile() and not url.hasFragment()
        text = Path(url.toLocalFile()).read_text(encoding="utf-8")
        assert f"<h1>{tool.displayName()}</h1>" in text
        assert {each.name() for each in tool.parameterDefinitions()} <= set(Links(text).places)
        opened.add(url.toLocalFile())
    assert len(opened) == len(provider.algorithms())


def test_pages_are_whole_and_need_no_network():
    for path in PAGES.glob("*.html"):
        links = Links(path.read_text(encoding="utf-8"))
        assert links.open == []
        assert len(set(links.places)) == len(links.places)
        for target in links.targets:
            assert re.fullmatch(r"[a-z0-9]+\.(html|css)", target) and (PAGES / target).is_file(), target


def test_the_manual_stays_small():
    assert sum(path.stat().st_size for path in PAGES.iterdir()) < 360_000
