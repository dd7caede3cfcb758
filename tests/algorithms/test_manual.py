"""The manual says what the tools say."""

from __future__ import annotations

from manual import MANUAL, manual


def test_the_manual_is_up_to_date(provider):
    written = MANUAL.read_text(encoding="utf-8")
    assert written == manual(provider), "run scripts/manual.py"


def test_every_help_url_leads_to_a_place_in_the_manual(provider):
    written = MANUAL.read_text(encoding="utf-8")
    for tool in provider.algorithms():
        page, place = tool.helpUrl().split("#")
        assert page.endswith("/docs/tools.md") and f'<a id="{place}"></a>' in written
