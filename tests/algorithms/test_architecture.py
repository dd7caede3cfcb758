"""What docs/architecture.md tells of a run is what happens, and its recipe for a new tool works to the letter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from testkit.geodetector import write_csv
from testkit.rasters import write_raster
from testkit.tools import run

import measures
import texts
from rooms import not_entered, wrong_arrows
from source_rules import RULES, modules

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)[1]


# The walks ------------------------------------------------------------------------------------------------------------


def steps_of_walk(title: str) -> list:
    """File and function of each step, the class of a method left out."""
    rows = re.findall(r"^\| \d+ \| `(.*?)` \| (.*?) \|", section(title), re.MULTILINE)
    return [(file, name.split(".")[-1]) for file, names in rows for name in re.findall(r"`(.*?)`", names)]


def calls_of(work) -> list:
    """File and function of every call into the package, in order, in whatever thread."""
    called, top = [], f"{os.sep}nep_toolbox{os.sep}"

    def note(frame, event, _argument):
        if event == "call" and top in frame.f_code.co_filename:
            called.append((Path(frame.f_code.co_filename.split(top)[1]).as_posix(), frame.f_code.co_name))

    sys.setprofile(note)
    threading.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return called


def require_order(steps: list, called: list) -> None:
    """The steps come in this order, each after the one before."""
    place = 0
    for step in steps:
        assert step in called[place:], f"{step} does not come after the step before it"
        place = called.index(step, place) + 1


def test_a_block_of_trend(provider, tmp_path):  # noqa: ARG001
    years = np.arange(2001, 2013)
    values = np.random.default_rng(1).normal(size=(12, 8, 9)) + years[:, np.newaxis, np.newaxis]
    values[3, 2, 2] = values[7, 2, 2]
    path = write_raster(tmp_path / "npp.tif", values, descriptions=years)
    names = {"SLOPE": "slope.tif", "CLASS": "class.tif", "TABLE": "table.csv"}
    given = {"INPUT": [path], "THREADS": 1, **{name: str(tmp_path / file) for name, file in names.items()}}
    steps = steps_of_walk("A block of nep:trend")
    assert len(steps) > 25
    require_order(steps, calls_of(lambda: run("nep:trend", given)))


def test_a_row_of_geodetectortable(provider, tmp_path):  # noqa: ARG001
    random = np.random.default_rng(1)
    columns = {"npp": random.normal(size=40).tolist(), "rain": random.normal(size=40).tolist(), "soil": ["a", "b"] * 20}
    path = write_csv(tmp_path / "in" / "in.csv", columns)
    given = {
        "INPUT": path, "TARGET": "npp", "CONTINUOUS": ["rain"], "CATEGORICAL": ["soil"], "METHODS": [1],
        "FACTORS": str(tmp_path / "factors.csv"), "CHART": str(tmp_path / "chart.html"),
    }
    steps = steps_of_walk("A row of nep:geodetectortable")
    assert len(steps) > 25
    require_order(steps, calls_of(lambda: run("nep:geodetectortable", given)))


def test_an_order_that_is_wrong_is_found():
    called = [("a.py", "f"), ("b.py", "g"), ("a.py", "f")]
    require_order([("a.py", "f"), ("b.py", "g")], called)
    for steps in ([("b.py", "g"), ("b.py", "g")], [("a.py", "g")]):
        with pytest.raises(AssertionError):
            require_order(steps, called)


# The recipe -----------------------------------------------------------------------------------------------------------


def follow(recipe: str, project: Path) -> None:
    """Write the new files and make the changes of the recipe."""
    place = None
    parts = re.compile(r"^(?:New file|In) `([^`\n]*)`:$|^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for path, kind, block in parts.findall(recipe):
        if path:
            place = project / path
        elif kind == "python":
            assert place.parent.is_dir() and not place.exists()
            place.write_text(block, encoding="utf-8")
        elif kind == "diff":
            lines = block.splitlines(keepends=True)
            old = "".join(each[1:] for each in lines if each[0] == " ")
            new = "".join(each[1:] for each in lines)
            text = place.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"the recipe does not fit {place.name}: {old}"
            place.write_text(text.replace(old, new), encoding="utf-8")


def test_the_recipe_for_a_new_tool_works(tmp_path):
    project = tmp_path / "project"
    for name in ("nep_toolbox", "tests", "scripts", "docs", "benchmarks"):
        shutil.copytree(PROJECT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", project)
    follow(section("Adding a tool"), project)
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "qgis"), "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "hypothesis"),
    }
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}

    def call(*arguments) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    cache = f"cache_dir={tmp_path / 'cache'}"
    frozen, manual = project / "tests/algorithms/interface.json", project / "docs/tools.md"
    before = frozen.read_text(encoding="utf-8"), manual.read_text(encoding="utf-8")
    call("scripts/run_tests.py", "-o", cache, "tests/algorithms/test_contract.py", "-k", "interface",
         "--update-interface")
    call("scripts/manual.py")
    after = frozen.read_text(encoding="utf-8"), manual.read_text(encoding="utf-8")
    for old, new in zip(before, after):
        assert "longestgap" not in old and "longestgap" in new and len(new) > len(old)
    said = call(
        "scripts/run_tests.py", "-o", cache, "-q", "tests/core/trend/test_gaps.py", "tests/core/test_kernels.py",
        "tests/algorithms/trend/test_longestgap.py", "tests/algorithms/test_contract.py",
        "tests/algorithms/test_manual.py", "-k", "longestgap or gap or kernel or interface or lists or manual",
    )
    assert re.search(r"\d\d passed", said) and "failed" not in said
    require_the_rules(project)


def require_the_rules(project: Path) -> None:
    """The rules of the source find nothing in what the recipe brings."""
    found = [text for rule in measures.RULES for text in rule(project) if "gap" in text]
    brought = [module for module in modules(project) if Path(module.path).stem in ("gaps", "longestgap")]
    assert len(brought) == 2
    for rule in (*RULES.values(), not_entered, wrong_arrows):
        found += [f"{module.path}:{line}: {text}" for module in brought for line, text in rule(module)]
    found += [text for text in texts.texts(brought) if text.composed]
    found += [text for module in brought for text in texts.variables(module)]
    assert not found
