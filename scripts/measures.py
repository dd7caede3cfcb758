"""Rules of size over all Python of the project, and the mirror of the package in the tests."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "nep_toolbox"
CODE = (PACKAGE, "scripts", "benchmarks")

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
LARGEST_SHARE_OF_A_ROOM = 1 / 3

# Modules without a test file of their own, and why. Files named __init__.py are never asked for one.
WITHOUT_TEST = {
    "errors": "classes without behaviour",
    "report/document/model": "classes without behaviour",
    "framework/groups": "names only; the contract suite meets them in every tool",
    **{f"study/languages/{language}_{kind}": "texts only; tests/study/test_languages.py fills every one of them"
       for language in ("en", "zh") for kind in ("sentences", "captions", "checks", "methods")},
    "study/languages/zh_labels": "texts only; tests/study/test_words.py and test_headings.py look them up",
}


def lines(path: Path) -> int:
    """Return the number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def sources(root: Path, *folders: str) -> list[Path]:
    """Return the Python files of ``folders``."""
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def long_files(root: Path) -> Iterator[str]:
    """Files that are too long."""
    for path in sources(root, *CODE, "tests"):
        if lines(path) > MOST_LINES_OF_A_FILE:
            yield f"{path.relative_to(root)} has {lines(path)} lines: split it, {MOST_LINES_OF_A_FILE} at most"


def long_functions(root: Path) -> Iterator[str]:
    """Functions that are too long, from their first line to their last, docstring included."""
    for path in sources(root, *CODE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = node.end_lineno - node.lineno + 1
                if length > MOST_LINES_OF_A_FUNCTION:
                    yield (
                        f"{path.relative_to(root)}:{node.lineno}: {node.name} has {length} lines: give its steps "
                        f"functions of their own, {MOST_LINES_OF_A_FUNCTION} lines at most"
                    )


def large_rooms(root: Path) -> Iterator[str]:
    """Folders at the top of the package that hold too much of the code."""
    every = sources(root, *CODE)
    total = sum(map(lines, every))
    rooms: Counter = Counter()
    for path in every:
        parts = path.relative_to(root).parts
        rooms[parts[1] if parts[0] == PACKAGE and len(parts) > 2 else parts[0]] += lines(path)
    for room, count in rooms.items():
        if count > total * LARGEST_SHARE_OF_A_ROOM:
            yield f"{room} holds {count} of {total} lines, more than a third: move what belongs elsewhere"


def without_test(root: Path) -> Iterator[str]:
    """Each module has a test file (x/_y.py has tests/x/test__y.py) or stands in WITHOUT_TEST (scripts/measures.py)."""
    for path in sources(root, PACKAGE):
        module = path.relative_to(root / PACKAGE).with_suffix("")
        test = root / "tests" / module.parent / f"test_{module.name}.py"
        if module.name != "__init__" and module.as_posix() not in WITHOUT_TEST and not test.exists():
            yield f"{path.relative_to(root)}: write {test.relative_to(root)}"


def needless_exceptions(root: Path) -> Iterator[str]:
    """Entries of the list of exceptions whose module is gone or has a test file after all."""
    for name in WITHOUT_TEST:
        module = Path(name)
        test = root / "tests" / module.parent / f"test_{module.name}.py"
        if test.exists() or not (root / PACKAGE / f"{name}.py").exists():
            yield f"{name} needs no exception: take it out of WITHOUT_TEST (scripts/measures.py)"


RULES = (long_files, long_functions, large_rooms, without_test, needless_exceptions)
