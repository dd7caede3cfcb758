"""A page is self-contained, safe with any name, and carries the numbers it was given."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

from nep_toolbox.errors import MissingLibrary
from nep_toolbox.report.charts import AnnualSeries, annual_series, sankey
from nep_toolbox.report.page import TABLE_ROWS, Page, plotly_script

NASTY = "</script><script>alert('x')</script> & 郑州\u2028市"


@pytest.fixture
def page():
    pytest.importorskip("plotly")
    page = Page("NEP 净生态系统生产力 <2001-2020>", "CHART")
    page.heading("Annual <mean>")
    page.paragraph("Mean & spread of 'NEP'.")
    regions = [
        AnnualSeries("all", [2001, 2002, 2003], np.array([1.5, np.nan, 0.1 + 0.2]), np.array([0.25, 0.5, np.inf])),
        AnnualSeries(NASTY, np.array([2001, 2002, 2003]), [5.0, 6.0, 7.0], [1.0, 1.0, 1.0], 1.0, 0.04),
    ]
    page.chart(annual_series(regions, f"NEP {NASTY}", "gC m-2 yr-1"), f"Caption {NASTY}")
    page.chart(sankey([2001, NASTY], [{(1, 2): 3.5}], {1: NASTY, 2: "林地"}, {}))
    page.table(("region", "mean"), [(NASTY, 1.25), ("b", None)])
    return page


def test_nothing_is_fetched(page, read):
    text = page.html()
    reader = read(text)
    assert reader.fetched == []
    assert not {"link", "iframe", "object", "embed", "base"} & set(reader.tags)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
    assert "url(" not in style
    assert "@import" not in style


def test_the_library_is_embedded_once(page, read):
    scripts = read(page.html()).scripts
    assert sum(len(script) > 1_000_000 for script in scripts) == 1
    assert len(scripts) == 3
    assert scripts[0] == plotly_script("x")


def test_a_page_without_charts_needs_no_library(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly", None)
    page = Page("Areas")
    page.table(("a",), [(1,)])
    assert read(page.html()).scripts == []


def test_encoding_is_declared_first_and_written(page, tmp_path):
    target = tmp_path / "数据 空格" / "chart.html"
    target.parent.mkdir()
    page.write(target)
    raw = target.read_bytes()
    assert b'<meta charset="utf-8">' in raw[:200]
    assert raw.decode("utf-8") == page.html()
    assert [path.name for path in target.parent.iterdir()] == ["chart.html"]


def test_figures_come_back_as_they_were_given(page, read):
    series, flows = read(page.html()).figures()
    assert [trace["y"] for trace in series["data"] if trace["name"] == "annual mean"] == [
        [1.5, None, 0.1 + 0.2], [5.0, 6.0, 7.0]
    ]
    assert series["data"][0]["x"][:2] == [2001, 2001]
    assert flows["data"][0]["link"]["value"] == [3.5]


def test_names_cannot_break_out(page, read):
    text = page.html()
    reader = read(text)
    # Three scripts of ours, none of the name's: no other start of a script, and no other end of one.
    assert reader.tags.count("script") == len(re.findall("</script", text, re.IGNORECASE)) == 3
    assert "<script>alert" not in text
    assert reader.tables[0][4][0] == NASTY
    assert reader.tables[-1][1] == [NASTY, "1.25"]
    assert f"Caption {NASTY}" in reader.texts


def test_plotly_gets_names_without_markup(page, read):
    for figure in read(page.html()).figures():
        shown = [value for value in texts_of(figure) if "alert" in value]
        assert shown
        assert not any("<script" in value for value in shown)
        assert any("&lt;script&gt;alert" in value for value in shown)


def texts_of(value):
    """Every text in a figure."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for entry in value for text in texts_of(entry)]
    return [value] if isinstance(value, str) else []


def test_data_of_each_figure_stand_in_the_page(page, read):
    reader = read(page.html())
    assert reader.tables[0][:4] == [
        ["region", "year", "mean", "std", "trend"],
        ["all", "2001", "1.5", "0.25", ""],
        ["all", "2002", "", "0.5", ""],
        ["all", "2003", "0.3", "", ""],
    ]
    assert reader.tables[1][1][2:] == ["3.5", "100"]
    assert sum("cannot draw the chart" in text for text in reader.texts) == 2
    # Open until the script has drawn.
    assert page.html().count('<details open="open"') == 2


def test_long_tables_are_cut_and_say_so(read):
    page = Page("Long")
    page.table(("n",), [(number,) for number in range(TABLE_ROWS + 5)])
    reader = read(page.html())
    assert len(reader.tables[0]) == TABLE_ROWS + 1
    assert f"The first {TABLE_ROWS} of {TABLE_ROWS + 5} rows." in reader.texts


def test_missing_plotly_is_named_with_the_way_out(page, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly", None)
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    target = tmp_path / "chart.html"
    target.write_text("earlier", encoding="utf-8")
    with pytest.raises(MissingLibrary, match=r"CHART needs the Python library plotly.*python3-plotly.*leave this out"):
        page.write(target)
    assert target.read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [target]
