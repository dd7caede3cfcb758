"""The style sheet holds what a browser needs on paper and on screen; a title cannot end it."""

from __future__ import annotations

import re

from nep_toolbox.report.document import style, tables


def test_the_running_line_is_quoted():
    text = style.style('a "b" \\ </style> 郑州')
    assert '@top-left { content: "a \\22 b\\22  \\\\ \\3c /style> 郑州";' in text
    assert "</style" not in text


def test_blocks_are_closed():
    text = style.style("x")
    assert text.count("{") == text.count("}")
    assert "$" not in text


def test_rows_beyond_the_first_are_hidden_until_the_box_is_ticked():
    # In a table the first row of the body is the first child of its own parent, as the row of the head is of its.
    assert f".more:not(:checked) ~ .scroll tr:nth-child(n+{tables.FIRST + 1})" in style.style("x")


def test_every_variable_is_defined():
    text = style.style("x")
    assert set(re.findall(r"var\((--\w+)\)", text)) == set(re.findall(r"(--\w+):", text))


def test_on_paper_there_are_no_buttons():
    paper = style.style("x").partition("@media print")[2]
    assert "nav, .tools, .more { display: none; }" in paper


def test_the_script_ends_where_it_should():
    assert "</" not in re.sub(r"</(td|tr|table)>", "", style.script())
