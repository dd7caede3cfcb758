"""The version is that of the metadata."""

from __future__ import annotations

import re
from pathlib import Path

import nep_toolbox
from nep_toolbox.version import version


def test_the_version_of_the_metadata():
    text = (Path(nep_toolbox.__file__).parent / "metadata.txt").read_text(encoding="utf-8")
    assert version() == re.search(r"^version=(.+)$", text, re.MULTILINE)[1]
