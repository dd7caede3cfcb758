"""No file, function or room grows too large, and every module has its test file."""

from __future__ import annotations

from pathlib import Path

import pytest

import measures

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", measures.RULES, ids=lambda rule: rule.__name__)
def test_source(rule):
    found = list(rule(PROJECT))
    assert not found, f"{rule.__doc__}\n" + "\n".join(found)


@pytest.fixture
def write(tmp_path):
    """Write a file of the given number of lines below the folder of the test."""

    def written(path: str, count: int, text: str = "") -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text or "a = 1\n" * count, encoding="utf-8")

    return written


@pytest.mark.parametrize("folder", ["nep_toolbox/core", "scripts", "benchmarks", "tests/core"])
def test_a_long_file(write, tmp_path, folder):
    write(f"{folder}/a.py", 400)
    assert not list(measures.long_files(tmp_path))
    write(f"{folder}/b.py", 401)
    assert [text.split()[0] for text in measures.long_files(tmp_path)] == [f"{folder}/b.py"]


def test_a_long_function(write, tmp_path):
    def function(length: int) -> str:
        """A method of so many lines, its docstring among them."""
        return 'class A:\n    def f(self):\n        """Say."""\n' + "        a = 1\n" * (length - 2)

    write("nep_toolbox/core/a.py", 0, function(60))
    write("tests/core/a.py", 0, function(61))
    assert not list(measures.long_functions(tmp_path))
    write("benchmarks/b.py", 0, function(61))
    assert [text.split()[0] for text in measures.long_functions(tmp_path)] == ["benchmarks/b.py:2:"]


def test_a_large_room(write, tmp_path):
    write("nep_toolbox/core/trend/a.py", 50)
    write("nep_toolbox/core/b.py", 50)
    write("nep_toolbox/raster/a.py", 70)
    write("nep_toolbox/errors.py", 30)
    write("scripts/a.py", 70)
    write("benchmarks/a.py", 30)
    write("tests/core/a.py", 300)  # tests are no part of the whole
    assert not list(measures.large_rooms(tmp_path))
    write("nep_toolbox/core/c.py", 1)
    assert [text.split(",")[0] for text in measures.large_rooms(tmp_path)] == ["core holds 101 of 301 lines"]


@pytest.mark.parametrize(
    ("module", "test"),
    [("core/trend/a", "core/trend/test_a"), ("colours", "test_colours"), ("algorithms/a/_b", "algorithms/a/test__b")],
)
def test_a_module_without_its_test(write, tmp_path, module, test):
    write(f"nep_toolbox/{module}.py", 1)
    write("nep_toolbox/core/__init__.py", 1)
    write("nep_toolbox/errors.py", 1)
    assert list(measures.without_test(tmp_path)) == [f"nep_toolbox/{module}.py: write tests/{test}.py"]
    write(f"tests/{test}.py", 1)
    assert not list(measures.without_test(tmp_path))


def test_an_exception_that_is_no_longer_needed(write, tmp_path):
    for name in measures.WITHOUT_TEST:
        write(f"nep_toolbox/{name}.py", 1)
    assert not list(measures.needless_exceptions(tmp_path))
    write("tests/test_errors.py", 1)
    (tmp_path / "nep_toolbox/framework/groups.py").unlink()
    assert [text.split()[0] for text in measures.needless_exceptions(tmp_path)] == ["errors", "framework/groups"]
