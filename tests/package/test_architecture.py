"""What docs/architecture.md says of the source is so: the table of rooms, and what it and other pages name exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from rooms import markdown

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "nep_toolbox"

#: Words in backticks that are no names of the source.
WORDS = {"qgis", "osgeo", "plotly", "matplotlib"}

FILE = re.compile(r"[\w.*/-]*\w\.(py|md|json|txt)")


def text() -> str:
    return (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")


def prose(document: str) -> str:
    """The document without its blocks of code and without the table of rooms."""
    return re.sub(r"^```.*?^```$", "", document, flags=re.MULTILINE | re.DOTALL).replace(markdown(), "")


def quoted(words: str) -> list:
    """What is in backticks."""
    return re.findall(r"`([^`]+)`", words)


def names_in(path: Path) -> set:
    """What a file defines: functions, classes, their methods as Class.method, constants and arguments."""
    found: set = set()

    def visit(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.update({child.name, inside + child.name})
                visit(child, f"{child.name}." if isinstance(child, ast.ClassDef) else inside)
                continue
            if isinstance(child, ast.arg):
                found.add(child.arg)
            elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                found.add(child.id)
            elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store):
                found.add(child.attr)
            visit(child, inside)

    visit(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


def files_named(name: str) -> list:
    """The files or folders that a path in the document can mean; a bare name means any file of that name."""
    found = [path for folder in (PROJECT, PACKAGE) for path in folder.glob(name)]
    return found or ([] if "/" in name else list(PACKAGE.rglob(name)))


def test_the_table_of_rooms_is_that_of_the_source():
    assert markdown() in text(), "copy what `python3 scripts/rooms.py` prints"
    assert text().count("| `core/zonal` |") == 1


@pytest.fixture(scope="module")
def every_name() -> set:
    folders = ("nep_toolbox", "scripts", "tests/testkit")
    return set().union(*(names_in(path) for folder in folders for path in (PROJECT / folder).rglob("*.py")))


def unknown(document: str, every_name: set, brought: frozenset = frozenset()) -> list:
    """What the document names in backticks and the project does not have; the recipe brings some files and names."""
    tools = {f"nep:{path.stem}" for path in (PACKAGE / "algorithms").rglob("*.py")}
    lost = []
    for word in quoted(prose(document)):
        word = word.replace("python3 ", "")
        if word in WORDS or word in tools or word in brought:
            continue
        if "/" in word or FILE.fullmatch(word):
            good = bool(files_named(word))
        elif re.fullmatch(r"[A-Za-z_][\w.]*", word):
            good = word in every_name or (PACKAGE / word).is_dir()
        else:
            good = re.fullmatch(r"make [a-z]+|\.qml|\{\}", word) is not None
        if not good:
            lost.append(word)
    return lost


def brought_by_the_recipe(document: str) -> frozenset:
    """The files and the words of the code in "Adding a tool"."""
    part = re.search(r"^## Adding a tool\n(.*?)^## ", document, re.MULTILINE | re.DOTALL)[1]
    code = "\n".join(re.findall(r"^```.*?^```$", part, re.MULTILINE | re.DOTALL))
    return frozenset([*re.findall(r"^New file `(.*)`:$", part, re.MULTILINE), *re.findall(r"[\w:]+", code)])


def test_everything_named_exists(every_name):
    lost = unknown(text(), every_name, brought_by_the_recipe(text()))
    assert not lost, f"docs/architecture.md names what is not there: {', '.join(lost)}"
    assert len(quoted(prose(text()))) > 150


@pytest.mark.parametrize("word", [
    "core/trend/trnd.py", "theil_sens.py", "Run.block_s", "trend_blok", "nep:trent", "Run.nothing", "raster/nowhere/",
    "tests/algorithms/exampels.py", "docs/tool.md",
])
def test_what_is_not_there_is_found(every_name, word):
    assert unknown(f"Look at `{word}`.", every_name) == [word]


@pytest.mark.parametrize("word", ["core/trend/theil_sen.py", "theil_sen.py", "Run.blocks", "trend_block", "nep:trend"])
def test_what_is_there_is_found_too(every_name, word):
    assert unknown(f"Look at `{word}`.", every_name) == []


@pytest.mark.parametrize(("page", "folder"), [
    ("docs/validation.md", "tests"), ("docs/performance.md", "benchmarks"), ("README.md", "."),
    ("docs/tutorial.md", "."), ("docs/ledger.md", "."),
])
def test_files_that_other_pages_name_exist(page, folder):
    words = (PROJECT / page).read_text(encoding="utf-8")
    named = {word for quote in quoted(words) for word in re.findall(r"[\w/]+\.py\b", quote)}
    lost = [name for name in named if not (PROJECT / folder / name).exists() and not (PROJECT / name).exists()]
    assert not lost, f"{page} names what is not there: {', '.join(lost)}"
    for link in re.findall(r"\]\(([^)#]+)", words):
        assert link.startswith("https://") or (PROJECT / page).parent.joinpath(link).exists(), link


def rows_of_walks(document: str) -> list:
    """File and functions of each step of the walks."""
    rows = re.findall(r"^\| \d+ \| `(.*?)` \| (.*?) \|", document, re.MULTILINE)
    return [(file, quoted(functions)) for file, functions in rows]


def test_every_function_of_a_walk_is_in_its_file():
    rows = rows_of_walks(text())
    assert len(rows) > 40
    for file, functions in rows:
        defined = names_in(PACKAGE / file)
        assert functions and set(functions) <= defined, f"{file} has no {set(functions) - defined}"
