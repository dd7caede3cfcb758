"""A report with all that a report can have, and a reader that is strict about its structure."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from nep_toolbox.report.document import Check, Column, Document, Figure, Method, Section, Table

NASTY = "</td></script><script>alert('x')</script> & \"郑州\" ]]>"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x04\x00\x00\x00\x03\x08\x02\x00\x00\x00\x9b\x5c\xaf\xb7"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
SVG = (
    b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">'
    b'<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg" width="20pt" height="10pt" '
    b'viewBox="0 0 20 10" version="1.1"><metadata><a xmlns="http://elsewhere.org/">x</a></metadata>'
    b'<defs><style type="text/css">*{fill:red}</style><path id="mark" d="M 0 0"/><clipPath id="clip"/></defs>'
    b'<g id="axes" clip-path="url(#clip)"><use xlink:href="#mark" x="3"/><text style="fill: url(\'#clip\')">a &lt; b '
    b'<tspan>c</tspan> d</text></g></svg>'
)
MATHML = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mi>y</mi><mo>=</mo><mfrac><mn>1</mn>'
    "<mn>2</mn></mfrac></math>"
)

VOID = {"meta", "link", "img", "input", "br", "hr"}
# Elements that HTML lets stand without an end, or that begin where another one ends, are not used in a report.


class Structure(HTMLParser):
    """Reads a page and fails at an end that does not belong to what is open."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.ids, self.loaded, self.links = [], [], [], [], []
        self.tables, self.texts, self.attributes = [], {}, []
        self._cell = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.attributes.append((tag, attrs))
        self.ids += [attrs["id"]] if "id" in attrs else []
        if tag == "a":
            self.links.append(attrs["href"])
        else:
            self.loaded += [attrs[name] for name in ("src", "href", "srcset", "data", "action") if name in attrs]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> within {self.open} at line {self.getpos()[0]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)
        if {"td", "th"} & set(self.open[-2:]):
            self.tables[-1][-1][-1] += data

    def all(self, tag):
        """The attributes of each element of a kind."""
        return [attrs for name, attrs in self.attributes if name == tag]


@pytest.fixture
def structure():
    """Parses a page."""

    def parse(page: str) -> Structure:
        reader = Structure()
        reader.feed(page)
        reader.close()
        assert reader.open == []
        return reader

    return parse


@pytest.fixture
def table():
    """Makes a table with so many rows."""

    def make(name: str = "fig05_classes", rows: int = 3, **more) -> Table:
        columns = (Column("Class"), Column("Area (km²)", True), Column("Share (%)", True))
        cells = [(f"Class {place} 林地", f"{1234 + place:,}", f"−{place}.5") for place in range(rows)]
        csv = "label,area_km2,percent\n" + "".join(f"林地 {place},{1234 + place},-{place}.5\n" for place in range(rows))
        return Table(name, "5b", "Classes", columns, cells, f"tables/{name}.csv", csv, **more)

    return make


@pytest.fixture
def document(table):
    """Makes a report in a language."""

    def make(language: str = "en") -> Document:
        sections = [
            Section("f1", "Study area", ("One sentence.", f"Another {NASTY}."),
                    Figure("fig01_area", "Figure 1. The area. More of it.", PNG, ("figures/fig01_area.png",))),
            Section("f5", "Trend", ("It rose.",), Figure("fig05_trend", "Figure 5. Trend.", SVG),
                    (table(), table("fig05_regions", 40, note="A note.")), ("Chance.",)),
            Section("f6", "Persistence", errors=("hurst: too few <years>",)),
            Section("f8", "Land cover", skipped=("no land cover was given",)),
            Section("f10", NASTY, (), Figure("fig10_q", "图10 各因子的 q 值。解释力。", SVG),
                    (table("fig10_empty", 0),)),
        ]
        return Document(
            f"NEP of {NASTY}", language, ("It is so.",), (("Region", NASTY), ("Period", "2001–2020")),
            (Check("All is well."), Check("2004 is missing.", True)), ("project: disk full",), (table("data"),),
            sections,
            (Method("Trend", (("text", "The slope is "), ("math", MATHML, r"y = \frac{1}{2}"),
                              ("text", " by Sen <1968>, doi:10.1000/a(b)c."))),),
            ("Sen (1968). A_title. https://doi.org/10.1080/01621459.1968.10480934",), ("NEP is not NBP.",),
            (("NPP", "a.tif"), (NASTY, "")), (("QGIS", "3.40"),), 'qgis_process run nep:study -- A="<b>"', "line <1>\n",
            ("Nothing <is> known.",), (table("uncertainty"),),
        )

    return make
