"""The metadata say what the plugin repository demands, and the same as the changelog."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PLUGIN = PROJECT / "nep_toolbox"


@pytest.fixture(scope="module")
def metadata() -> configparser.SectionProxy:
    # With interpolation, as QGIS reads it: a percent sign in a text would be an error there.
    parser = configparser.ConfigParser()
    parser.read(PLUGIN / "metadata.txt", encoding="utf-8")
    return parser["general"]


@pytest.fixture(scope="module")
def latest() -> tuple:
    """The newest version of the changelog and its entries, each on one line and without markup."""
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    # What is not released yet is in a section without a number.
    version, section = re.search(r"^## (\d\S+).*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).groups()
    entries = [" ".join(entry.split()).replace("`", "") for entry in re.split(r"^- ", section, flags=re.MULTILINE)[1:]]
    return version, entries


@pytest.mark.parametrize(
    "key",
    ["name", "description", "about", "version", "qgisMinimumVersion", "author"],
)
def test_required(metadata, key):
    assert metadata.get(key, "").strip()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "NEP Toolbox"),
        ("qgisMinimumVersion", "3.22"),
        ("qgisMaximumVersion", "4.99"),
        ("hasProcessingProvider", "yes"),
        ("experimental", "False"),
        ("license", "GPL-2.0-or-later"),
    ],
)
def test_fixed(metadata, key, value):
    assert metadata[key] == value


def test_every_value_is_readable(metadata):
    assert all(isinstance(metadata[key], str) for key in metadata)


def test_version_is_the_newest_of_the_changelog(metadata, latest):
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"])
    assert metadata["version"] == latest[0]


def test_changelog_is_that_of_the_newest_version(metadata, latest):
    version, entries = latest
    lines = [line.strip() for line in metadata["changelog"].splitlines()]
    assert entries
    assert lines == [version] + [f"- {entry}" for entry in entries]


@pytest.mark.parametrize(
    ("key", "form"),
    [("repository", r"https://[\w.-]+(/[\w.-]+)+"), ("tracker", r"https://[\w.-]+(/[\w.-]+)+"),
     ("homepage", r"https://[\w.-]+(/[\w.-]+)*"), ("email", r"[\w.+-]+@[\w-]+(\.[\w-]+)+")],
)
def test_no_address_leads_nowhere(metadata, key, form):
    """QGIS makes a link of each. An address is a real one or none (see make package)."""
    address = metadata.get(key, "")
    assert address == "" or re.fullmatch(form, address)
    assert not re.search(r"example\.(org|com|net)|nep-toolbox/nep-toolbox", address)


@pytest.mark.parametrize("key", ["repository", "tracker", "email"])
def test_what_the_repository_asks_for_has_its_place(metadata, key):
    assert key in metadata


def test_texts_follow_the_rules_of_the_repository(metadata):
    assert "plugin" not in metadata["name"].lower()
    assert metadata["description"].isascii()
    assert not re.search(r"<\w+", metadata["description"] + metadata["about"]), "no HTML"
    for library in ("SciPy", "Plotly"):
        assert library in metadata["about"], "what is optional is said"


def test_tags(metadata):
    tags = metadata["tags"].split(",")
    assert all(tag == tag.strip() and tag for tag in tags)
    assert len({tag.lower() for tag in tags}) == len(tags)
    assert any(not tag.isascii() for tag in tags), "Chinese readers search in Chinese"


def test_icon_is_there(metadata):
    icon = PLUGIN / metadata["icon"]
    assert icon.suffix == ".svg"
    assert icon.read_text(encoding="utf-8").lstrip().startswith("<")


@pytest.mark.parametrize("name", ["metadata.txt", "LICENSE"])
def test_the_real_file_is_in_the_plugin(name):
    assert (PLUGIN / name).is_file()
    assert not (PLUGIN / name).is_symlink()
    link = PROJECT / name
    assert link.is_symlink()
    assert link.resolve() == PLUGIN / name
    assert not link.readlink().is_absolute()


def test_license_is_the_whole_text():
    text = (PLUGIN / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 2, June 1991" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_citation_is_of_this_version(metadata):
    """CITATION.cff has no reader in the standard library; its lines say enough."""
    fields = dict(line.split(": ", 1) for line in (PROJECT / "CITATION.cff").read_text("utf-8").splitlines()
                  if re.match(r"[a-z-]+: ", line))
    assert fields["version"] == metadata["version"]
    assert fields["license"] == metadata["license"]
    assert fields["title"].strip('"') == metadata["name"]
