"""The style of a page, and the script that draws a chart in it."""

from __future__ import annotations

import json
from string import Template

from . import theme

_STYLE = Template("""
body { margin: 0; background: #eef1f3; color: $ink; font: 15px/1.55 $fonts; }
main { max-width: 1060px; margin: 0 auto; padding: 28px 36px 48px; background: #ffffff; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 14px; }
h2 { font-size: 19px; margin: 38px 0 8px; padding-top: 14px; border-top: 1px solid $grid; }
p { margin: 8px 0; max-width: 820px; }
figure { margin: 14px 0 22px; }
figcaption { color: $muted; font-size: 13.5px; margin: 6px 0; max-width: 820px; }
details { margin: 8px 0; }
summary { cursor: pointer; color: $accent; font-size: 13.5px; }
.scroll { max-height: 420px; overflow: auto; border: 1px solid $grid; margin: 8px 0; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { padding: 4px 10px; text-align: left; border-bottom: 1px solid $grid; white-space: nowrap; }
th { background: #f5f7f8; font-weight: 600; white-space: normal; vertical-align: bottom; }
td.number, th.number { text-align: right; }
.note { color: $muted; font-size: 13px; }
@media print { body { background: #ffffff; } .scroll { max-height: none; overflow: visible; } }
""")

# An older viewer may fail to draw: then the note stays visible and the table open. Nothing newer than ECMAScript 5.
_DRAW = Template("""
(function () {
  var note = document.getElementById('$id-note'), data = document.getElementById('$id-data');
  function failed() { note.style.display = ''; if (data) { data.setAttribute('open', 'open'); } }
  if (!window.Plotly) { return; }
  try {
    var figure = $figure;
    var drawn = Plotly.newPlot('$id', figure.data, figure.layout, $config);
    note.style.display = 'none';
    if (data) { data.removeAttribute('open'); }
    if (drawn && drawn.then) { drawn.then(null, failed); }
  } catch (error) { failed(); }
}());
""")


def style() -> str:
    """The style sheet."""
    return _STYLE.substitute(
        ink=theme.INK, fonts=theme.FONTS, grid=theme.GRID, muted=theme.MUTED, accent=theme.ACCENT
    )


def draw(name: str, figure: dict, config: dict) -> str:
    """The script that draws ``figure`` into the element ``name``."""
    return _DRAW.substitute(id=name, figure=script_json(figure), config=script_json(config))


def script_json(value) -> str:
    """JSON to be placed in a script: no text inside it can end the script or a line."""
    words = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        words = words.replace(sign, f"\\u{ord(sign):04x}")
    return words
