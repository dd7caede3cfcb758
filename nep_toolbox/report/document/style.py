"""The style sheet of a report, on screen and on paper, and its one script."""

from __future__ import annotations

import json
from string import Template

from ..theme import FONTS
from .tables import FIRST

_STYLE = Template("""
:root { --ink: #1b2328; --muted: #56636c; --rule: #d5dce0; --accent: #00568c; --serious: #b3261e; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: #fff; color: var(--ink); font: 16px/1.6 $fonts; }
.page { max-width: 1360px; margin: 0 auto; padding: 0 20px 60px; }
header { padding: 30px 0 10px; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.6rem 0 .6rem; padding-top: .9rem;
  border-top: 2px solid var(--ink); }
h3 { font-size: 1.12rem; line-height: 1.35; margin: 2.2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p, li { max-width: 46rem; }
p { margin: .6rem 0; }
a { color: var(--accent); }
nav { font-size: .9rem; margin: 1rem 0; }
nav p { font-weight: 600; margin: 0 0 .3rem; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav ol ol { padding-left: 1rem; }
nav a { text-decoration: none; display: block; padding: .1rem 0; }
nav a:hover { text-decoration: underline; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2.2rem; margin: 1.2rem 0; }
dt { font-size: .8rem; color: var(--muted); }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.checks { border: 1px solid var(--rule); border-left: 5px solid var(--accent); padding: .6rem 1.1rem;
  margin: 1.4rem 0; }
.checks h2 { border: 0; margin: 0; padding: 0; font-size: 1.1rem; }
.checks ul { margin: .4rem 0; padding-left: 1.2rem; }
.serious { color: var(--serious); }
.serious::marker { content: "! "; font-weight: 700; }
.error { border: 1px solid var(--serious); border-left: 5px solid var(--serious); background: #fdf1f0;
  padding: .5rem 1.1rem; margin: 1rem 0; color: #7d1a14; }
.error p { margin: .2rem 0; overflow-wrap: anywhere; }
.skipped { border-left: 5px solid var(--rule); padding: .2rem 1.1rem; color: var(--muted); }
figure { margin: 1.4rem 0; }
figure svg, figure img { display: block; width: 100%; max-width: 900px; height: auto; }
figure svg { stroke-linejoin: round; stroke-linecap: butt; /* as the style sheets of matplotlib have it */ }
figcaption { font-size: .92rem; max-width: 46rem; margin-top: .6rem; }
.note { color: var(--muted); font-size: .86rem; margin: .3rem 0; overflow-wrap: anywhere; }
.table { margin: 1.5rem 0; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; font-size: .84rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; border-bottom: 2px solid var(--ink); min-width: min(100%, 26rem); }
.wide table { font-size: .75rem; }
.wide caption { font-size: .92rem; }
.wide th, .wide td { padding: .2rem .4rem; }
.wide thead th { max-width: 6.8rem; hyphens: auto; }
caption { text-align: left; padding: 0 0 .4rem; font-size: .92rem; }
th, td { padding: .2rem .55rem; text-align: left; vertical-align: top; }
th:first-child { padding-left: .2rem; position: sticky; left: 0; background: #fff; }
thead th { border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); vertical-align: bottom;
  font-weight: 600; max-width: 11rem; }
.unit { white-space: nowrap; }
tbody th { font-weight: 400; }
.table tbody th { white-space: nowrap; }
.table th.n:first-child { width: 1px; white-space: nowrap; }
tbody tr:hover > * { background: #f1f5f7; }
.n { text-align: right; }
td:not(.n) { overflow-wrap: anywhere; min-width: 5.2rem; }
td.n { white-space: nowrap; }
.tools { display: flex; flex-wrap: wrap; align-items: flex-start; gap: .3rem 1rem; font-size: .82rem; margin: .4rem 0; }
.more { position: absolute; opacity: 0; pointer-events: none; }
.more:focus-visible ~ .tools label { outline: 2px solid var(--accent); outline-offset: 2px; }
.tools label { color: var(--accent); cursor: pointer; }
.more:not(:checked) ~ .scroll tr:nth-child(n+$hidden), .more:not(:checked) ~ .tools .opened,
.more:checked ~ .tools .closed { display: none; }
.more:checked ~ .cut { display: none; }
button { display: none; font: inherit; color: var(--accent); background: none; border: 1px solid var(--rule);
  border-radius: 3px; padding: 0 .6rem; cursor: pointer; }
.script button { display: inline-block; }
summary { cursor: pointer; color: var(--accent); }
summary h3 { display: inline; color: var(--ink); }
.latex { max-width: 100%; }
pre { background: #f5f7f8; border: 1px solid var(--rule); padding: .6rem .8rem; overflow: auto; max-height: 26rem;
  font-size: .8rem; line-height: 1.45; }
pre.wrap { white-space: pre-wrap; overflow-wrap: anywhere; }
math { font-family: "Cambria Math", "STIX Two Math", "Latin Modern Math", "XITS Math", "DejaVu Math TeX Gyre", math; }
math[display=block] { margin: .7rem 0; overflow-x: auto; overflow-y: hidden; max-width: 100%; }
.references li { margin: .3rem 0; overflow-wrap: anywhere; }
@media (max-width: 700px) {
  .table tbody th:not(.n) { white-space: normal; min-width: 6.5rem; }
  .table td:not(.n) { min-width: 8rem; }
}
@media (min-width: 1100px) {
  .page { display: grid; grid-template-columns: 230px minmax(0, 1fr); column-gap: 44px; }
  header, main { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 2; position: sticky; top: 0; align-self: start; max-height: 100vh;
    overflow-y: auto; padding: 36px 0 20px; margin: 0; }
}
@page { size: A4; margin: 20mm 17mm 18mm; @top-left { content: $running; font: 8.5pt $fonts; color: #56636c; }
  @bottom-right { content: counter(page); font: 8.5pt $fonts; color: #56636c; } }
@media print {
  body { font-size: 10pt; line-height: 1.45; }
  .page { display: block; max-width: none; padding: 0; }
  header { padding-top: 0; }
  nav, .tools, .more { display: none; }
  p, li, figcaption { max-width: none; }
  h2, h3, h4, caption { break-after: avoid; }
  figure, .short, .error, .checks, tr { break-inside: avoid; }
  figure svg, figure img { max-width: 100%; max-height: 185mm; width: auto; margin: 0 auto; }
  figure svg { width: 100%; }
  .scroll { overflow: visible; }
  table, .wide table { font-size: 7.6pt; }
  th, td { padding: 1pt 4pt; }
  th:first-child { position: static; }
  .unit, td.n, .table tbody th { white-space: normal; }
  .table tbody th:not(.n) { min-width: 20mm; }
  .table td:not(.n) { min-width: 12mm; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 7pt; }
  details:not([open]) { display: none; }
  a { color: inherit; text-decoration: none; }
}
""")

# A table is copied with its rules and its alignment, and as text with tabs; nothing newer than ECMAScript 5.
_SCRIPT = """
(function () {
  document.documentElement.className += ' script';
  function each(list, action) { Array.prototype.forEach.call(list, action); }
  function rows(table, action) {
    return Array.prototype.map.call(table.rows, action);
  }
  function text(table) {
    return rows(table, function (row) {
      return Array.prototype.map.call(row.cells, function (cell) { return cell.textContent; }).join('\\t');
    }).join('\\r\\n');
  }
  function html(table) {
    var last = table.rows.length - 1;
    return '<table style="border-collapse:collapse">' + rows(table, function (row, place) {
      var style = place === 0 ? 'border-top:1.5pt solid #000;border-bottom:.75pt solid #000;' :
        place === last ? 'border-bottom:1.5pt solid #000;' : '';
      return '<tr>' + Array.prototype.map.call(row.cells, function (cell) {
        var side = cell.className === 'n' ? 'right' : 'left';
        return '<td style="padding:1pt 5pt;text-align:' + side + ';' + style + '">' + cell.innerHTML + '</td>';
      }).join('') + '</tr>';
    }).join('') + '</table>';
  }
  each(document.querySelectorAll('button[data-copy]'), function (button) {
    button.addEventListener('click', function () {
      var source = document.getElementById(button.getAttribute('data-copy')), label = button.textContent;
      function fill(event) {
        event.preventDefault();
        if (source.rows) { event.clipboardData.setData('text/html', html(source)); }
        event.clipboardData.setData('text/plain', source.rows ? text(source) : source.textContent);
      }
      document.addEventListener('copy', fill);
      if (document.execCommand('copy')) {
        button.textContent = button.getAttribute('data-done');
        setTimeout(function () { button.textContent = label; }, 1500);
      }
      document.removeEventListener('copy', fill);
    });
  });
}());
"""


def style(running: str) -> str:
    """The style sheet; ``running`` is the line at the top of each page of paper."""
    # A text in a style sheet is quoted like one of JSON, with the escapes of CSS for what would end it or the sheet.
    words = json.dumps(running, ensure_ascii=False)[1:-1].replace('\\"', "\\22 ").replace("<", "\\3c ")
    return _STYLE.substitute(fonts=FONTS, hidden=FIRST + 1, running=f'"{words}"')


def script() -> str:
    """The script of the buttons that copy; without it the page has none."""
    return _SCRIPT
