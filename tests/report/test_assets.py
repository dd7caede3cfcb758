"""The style of a page and the script that draws a chart."""

from __future__ import annotations

import json
import re

import pytest

from nep_toolbox.report import assets

FIGURE = {"data": [{"y": [1.5, None], "name": "</script> <!-- & 郑\u2028州\u2029市"}], "layout": {}}


def test_the_drawing_script_keeps_to_the_language_of_old_viewers():
    code = re.sub(r"var figure = .*\n", "", assets.draw("chart-1", FIGURE, {"responsive": True}))
    assert "Plotly.newPlot('chart-1'" in code
    assert not re.search(r"=>|\b(let|const|class|async|await)\b|`|\?\.", code)


def test_no_text_can_end_the_script_or_a_line():
    words = assets.script_json(FIGURE)
    assert not set("<>&\u2028\u2029\n") & set(words)
    assert json.loads(words) == FIGURE


def test_a_gap_must_be_none():
    with pytest.raises(ValueError, match="JSON"):
        assets.script_json([float("nan")])


def test_the_script_draws_the_figure_with_its_settings():
    script = assets.draw("chart-7", FIGURE, {"responsive": True})
    assert json.loads(re.search(r"var figure = (.*);\n", script).group(1)) == FIGURE
    assert "newPlot('chart-7', figure.data, figure.layout, {\"responsive\": true})" in script
    assert set(re.findall(r"getElementById\('(.*?)'\)", script)) == {"chart-7-note", "chart-7-data"}


def test_the_style_has_all_its_colours_and_fetches_nothing():
    style = assets.style()
    assert "$" not in style
    assert "url(" not in style and "@import" not in style
    assert style.count("{") == style.count("}")
