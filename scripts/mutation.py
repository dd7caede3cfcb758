"""Measure how many deliberate faults the tests notice.

A mutant is the project with one small fault in it: an operator exchanged, a number moved by one, a condition negated.
The tests kill it or it survives them. A survivor shows what no test looks at, unless its fault changes no result.

Cosmic Ray makes the faults; it leaves docstrings and imports alone, and annotations are left out here. A place in the
source is drawn by chance, then one of its faults, so that a sum counts no more than a condition. The draw depends on
the seed and three lines of text: source that was moved keeps its mutants, and a larger sample holds the smaller one.

A mutant faces the tests that execute its statement, then the others in the same files of tests, since these may share
what was computed. A statement that runs on import (a constant, a default value) is executed by no test in particular:
the tests that execute anything of its file come first then, and all others after them.

Outcomes are kept, and the next run takes them from there as long as neither the source nor a test has changed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import hashlib
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = "nep_toolbox"
# Folders of the package that run without QGIS; their tests are in folders of the same names.
LAYERS = ("core", "raster", "sample")
NOT_COPIED = (".git", "dist", "demo", "__pycache__", ".*_cache", ".hypothesis", ".qgis-settings")
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:pytest_qgis", "--hypothesis-profile=ci")
NOT_USED = ("core/NoOp", "core/Variable")  # the latter would have to be told the names of variables
# An operator is exchanged for another of its kind: what fails on every input tells nothing of the tests.
KINDS = (
    "Add Sub Mul Div FloorDiv Mod Pow", "RShift LShift BitOr BitAnd BitXor", "Eq NotEq Lt LtE Gt GtE", "Is IsNot",
    "USub Delete", "Invert Delete", "Not Delete",
)
OPERATORS = [
    name for name in operator_names()  # like "core/ReplaceBinaryOperator_Add_Sub" or "core/AddNot"
    if any(set(name.split("_")[1:]) <= set(kind.split()) for kind in KINDS) and not name.startswith(NOT_USED)
]
KILLED, TIMEOUT, SURVIVED, NO_TEST = OUTCOMES = ("killed", "timeout", "survived", "no test")


class Mutant(NamedTuple):
    """A fault: what ``operator`` does where it applies in ``file`` for the ``occurrence``-th time, from 0 on."""

    name: str
    file: str
    line: int
    operator: str
    occurrence: int


def mutants_of(file: str, seed: int) -> Iterator[tuple[int, Mutant]]:
    """One mutant for each place of a file that has any, with its lot: those of the least lots are drawn."""
    source = (PROJECT / file).read_text(encoding="utf-8")
    lines, nodes = ["", *source.splitlines(), ""], list(ast_nodes(get_ast(source)))
    places = defaultdict(list)
    for operator in OPERATORS:
        of_node = get_operator(operator)().mutation_positions
        for occurrence, place in enumerate(place for node in nodes for place in of_node(node)):
            places[place].append((operator, occurrence))
    fields = (getattr(node, field, None) for node in ast.walk(ast.parse(source)) for field in ("annotation", "returns"))
    left_out = [((a.lineno, a.col_offset), (a.end_lineno, a.end_col_offset)) for a in fields if a is not None]
    # "def f(*, a)" and "{**a}" multiply nothing
    stars = (node for node in nodes if node.type == "operator" and node.parent.type in ("parameters", "dictorsetmaker"))
    left_out += [(star.start_pos, star.end_pos) for star in stars]
    earlier = Counter()
    for ((line, column), end), candidates in sorted(places.items()):
        if any(first <= (line, column) and end <= last for first, last in left_out):
            continue
        before, text, after = lines[line - 1:line + 2]
        label = f"{seed} {column - len(text) + len(text.lstrip())} {before.strip()} {text.strip()} {after.strip()}"
        lot = int(hashlib.sha256(f"{label} {earlier[label]}".encode()).hexdigest(), 16)
        earlier[label] += 1
        operator, occurrence = candidates[lot % len(candidates)]
        yield lot, Mutant(f"{file}:{line} {operator} {occurrence}", file, line, operator, occurrence)


def statement_of(line: int, source: str) -> tuple[range, bool]:
    """The lines of the statement at a line (of its head, where others are below it); whether a call executes them."""
    span, called = range(line, line + 1), False
    for node in ast.walk(ast.parse(source)):  # outer before inner ones
        if isinstance(node, (ast.stmt, ast.excepthandler)):
            below = getattr(node, "body", None)
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            last = below[0].lineno - 1 if below else node.end_lineno
            if first <= line <= last:
                span = range(first, last + 1)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                called |= below[0].lineno <= line <= node.end_lineno
    return span, called


class Baseline:
    """What the tests do without a fault, in a copy of the project: how long each takes, which lines it executes."""

    def __init__(self, folder: Path):
        self.folder = folder
        tests = [f"tests/{layer}" for layer in LAYERS if (folder / "tests" / layer).is_dir()]
        measure = (f"--cov={PACKAGE}", "--cov-context=test", "--cov-report=", "--durations=0", "-vv")
        data = {"COVERAGE_FILE": str(folder.parent / "coverage"), "COVERAGE_CORE": "ctrace"}  # others know no contexts
        code, output = run(folder, [*measure, *tests], None, **data)
        if code:
            sys.exit(f"{output}\nerror: the tests fail without a mutant")
        self.seconds = Counter()
        for seconds, test in re.findall(r"^ *([\d.]+)s (?:setup|call|teardown) +(.+)$", output, re.MULTILINE):
            self.seconds[test] += float(seconds)
        coverage = CoverageData(data["COVERAGE_FILE"])
        coverage.read()
        self.executed = {}
        for file in coverage.measured_files():
            # "tests/core/test_a.py::test_b|run"; a line that runs while tests are collected has an empty context.
            self.executed[Path(file).relative_to(folder).as_posix()] = {
                line: {context.rpartition("|")[0] for context in contexts}
                for line, contexts in coverage.contexts_by_lineno(file).items()
            }

    def tests_of(self, mutant: Mutant, source: str) -> list[str]:
        """The tests to run for a mutant: those that execute its statement first, quick ones before slow ones."""
        executed = self.executed.get(mutant.file, {})
        span, called = statement_of(mutant.line, source)
        first = set().union(*(executed.get(line, ()) for line in span))
        file_of = {test: test.partition("::")[0] for test in self.seconds}
        files = {file_of[test] for test in first if test}
        if first and (not called or "" in first):
            first, files = set().union(*executed.values()), set(file_of.values())
        # File by file: pytest takes the fixtures of a module down when it leaves the module.
        order = {test: (test not in first, file, self.seconds[test]) for test, file in file_of.items() if file in files}
        return sorted(order, key=order.get)


def run(folder: Path, arguments: list[str], limit: float | None, **environment: str) -> tuple[int | None, str]:
    """Run pytest in a copy of the project; return its exit code, none when the time is up, and what it prints."""
    with subprocess.Popen(
        [*PYTEST, *arguments], cwd=folder, env={**os.environ, "TMPDIR": str(folder.parent), **environment}, text=True,
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the processes that it started too


def outcome_of(mutant: Mutant, baseline: Baseline, folders: queue.SimpleQueue) -> dict:
    """Run a mutant in a free copy of the project and tell what became of it."""
    source = (baseline.folder / mutant.file).read_text(encoding="utf-8")
    mutated = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    diff = list(difflib.unified_diff(source.splitlines(), mutated.splitlines(), n=0, lineterm=""))[3:]
    tests = baseline.tests_of(mutant, source)
    outcome, failed, started = NO_TEST, [], time.monotonic()
    if tests:
        folder = folders.get()
        (folder / mutant.file).write_text(mutated, encoding="utf-8")
        code, output = run(folder, ["-x", "-q", *tests], 10 + 5 * sum(baseline.seconds[test] for test in tests))
        (folder / mutant.file).write_text(source, encoding="utf-8")
        folders.put(folder)
        outcome = TIMEOUT if code is None else KILLED if code else SURVIVED
        failed = re.findall(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", output, re.MULTILINE)
    seconds = round(time.monotonic() - started, 1)
    return {**mutant._asdict(), "diff": diff, "outcome": outcome, "failed": failed, "seconds": seconds}


def report(records: list[dict]) -> str:
    """The outcomes as Markdown: counts of every folder and file, then every mutant that no test noticed."""
    counts = defaultdict(Counter)
    for record in records:
        path = PurePosixPath(record["file"])
        for place in (path, *path.parents[:-1]):
            counts[str(place)][record["outcome"]] += 1
    parts = [f"| in | mutants | {' | '.join(OUTCOMES)} | noticed |", "| --- |" + " ---: |" * (len(OUTCOMES) + 2)]
    for place, count in sorted(counts.items()):
        numbers = [sum(count.values()), *(count[outcome] for outcome in OUTCOMES)]
        share = (count[KILLED] + count[TIMEOUT]) / sum(count.values())
        parts.append(f"| {place} | {' | '.join(map(str, numbers))} | {share:.1%} |")
    for outcome in (SURVIVED, NO_TEST):
        parts += ["", f"## {outcome.capitalize()}", ""]
        for record in sorted(records, key=lambda record: (record["file"], record["line"])):
            if record["outcome"] == outcome:
                parts += [f"`{record['name']}`", "", "```diff", *record["diff"], "```", ""]
    return "\n".join(parts)


def main() -> None:
    """Draw mutants, run the tests on each and write what became of them."""
    parser = argparse.ArgumentParser(description="Measure how many deliberate faults the tests notice.")
    parser.add_argument("--number", type=int, default=400, help="how many mutants are drawn (default 400)")
    parser.add_argument("--seed", type=int, default=1, help="what the draw depends on (default 1)")
    parser.add_argument("--workers", type=int, default=2, help="how many run at a time (default 2)")
    parser.add_argument("--output", type=Path, default=PROJECT / "dist" / "mutation", help="folder of the report")
    arguments = parser.parse_args()
    paths = [path for layer in LAYERS for path in (PROJECT / PACKAGE / layer).rglob("*.py")]
    lots = [each for path in paths for each in mutants_of(path.relative_to(PROJECT).as_posix(), arguments.seed)]
    drawn = [mutant for _, mutant in sorted(lots)[:arguments.number]]
    print(f"{len(drawn)} of {len(lots)} places drawn", flush=True)
    files = sorted(path for folder in (PACKAGE, "tests") for path in (PROJECT / folder).rglob("*.*") if path.is_file())
    state = hashlib.sha256(b"".join(path.read_bytes() for path in files if path.suffix != ".pyc")).hexdigest()
    store = arguments.output / "outcomes.jsonl"
    store.parent.mkdir(parents=True, exist_ok=True)
    kept = map(json.loads, store.read_text(encoding="utf-8").splitlines() if store.exists() else ())
    known = {record["name"]: record for record in kept if record["state"] == state}
    waiting = [mutant for mutant in drawn if mutant.name not in known]
    folders = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch, open(store, "a", encoding="utf-8") as lines:
        copies = [Path(scratch).resolve() / str(number) / PROJECT.name for number in range(arguments.workers + 1)]
        for copy in copies:
            shutil.copytree(PROJECT, copy, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
            folders.put(copy)
        baseline = Baseline(folders.get())
        print(f"{len(baseline.seconds)} tests pass without a mutant", flush=True)
        with ThreadPoolExecutor(arguments.workers) as pool, contextlib.ExitStack() as stack:
            stack.callback(pool.shutdown, cancel_futures=True)  # else a run that is broken off goes on to its end
            tasks = [pool.submit(outcome_of, mutant, baseline, folders) for mutant in waiting]
            for done, task in enumerate(as_completed(tasks), 1):
                record = {**task.result(), "state": state}
                known[record["name"]] = record
                print(json.dumps(record), file=lines, flush=True)
                print(f"{done}/{len(waiting)} {record['outcome']}: {record['name']}", flush=True)
    text = report([known[mutant.name] for mutant in drawn])
    (arguments.output / "report.md").write_text(text, encoding="utf-8")
    print(text.partition("\n\n")[0], arguments.output / "report.md", sep="\n")


if __name__ == "__main__":
    main()
