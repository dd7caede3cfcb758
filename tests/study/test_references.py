"""The works behind the methods."""

from __future__ import annotations

import re

import pytest

from nep_toolbox.study.references import REFERENCES


@pytest.mark.parametrize("key", REFERENCES)
def test_a_work_has_authors_a_year_and_an_end(key):
    work = REFERENCES[key]
    assert re.match(r"[A-Z][\w-]+, [A-Z]\..*\(\d{4}\)\. ", work.text)
    assert work.text.endswith(".")
    assert not work.doi or re.fullmatch(r"10\.\d{4,5}/\S+", work.doi)


def test_articles_have_a_doi():
    without = {key for key, work in REFERENCES.items() if not work.doi}
    assert without == {"pei", "theil", "kendall", "gilbert", "peters", "lindeman"}
