"""Every tool runs with its results left blank, kept in memory or temporary, and after a cancelled run as in a fresh
process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from examples import brief, example
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterRasterDestination,
    QgsProcessingUtils,
    QgsProject,
)
from test_contract import require_same_results
from testkit.contract import IDENTIFIERS, every_tool, needed, results_of, sinks_of
from testkit.tools import Feedback, destinations, run

from nep_toolbox.framework.run import Run

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("provider")


@every_tool
def test_blank_results_of_a_batch(identifier, province, tmp_path):
    """The batch window gives an empty definition for a result that is left blank."""
    wanted = needed(identifier, tmp_path)
    layers = results_of(identifier, QgsProcessingParameterRasterDestination, QgsProcessingParameterFeatureSink)
    for project in (None, QgsProject()):
        blank = {
            name: QgsProcessingOutputLayerDefinition("", project) if name in layers else ""
            for name in results_of(identifier) if name not in wanted
        }
        results = run(identifier, {**brief(identifier, province), **blank, **wanted})
        assert not set(results) & set(blank) and set(wanted) <= set(results)
    if not any(os.path.isdir(path) for path in wanted.values()):
        assert {Path(name).stem for name in os.listdir(tmp_path)} == {Path(path).stem for path in wanted.values()}


@every_tool
@pytest.mark.parametrize("table", ["TEMPORARY_OUTPUT", "memory:", "memory:named"])
def test_temporary_results(identifier, province, table):
    asked = {
        name: table if name in sinks_of(identifier) else "TEMPORARY_OUTPUT" for name in results_of(identifier)
    }
    context = QgsProcessingContext()
    results = run(identifier, {**brief(identifier, province), **asked}, context=context)
    for name in asked:
        if name in sinks_of(identifier):
            layer = QgsProcessingUtils.mapLayerFromString(results[name], context)
            assert layer is not None and layer.featureCount() > 0, name
        else:
            assert os.path.exists(results[name]), name


PROGRAM = """
import sys, os
sys.path[:0] = sys.argv[3:]
from qgis.core import QgsApplication
app = QgsApplication([], False)
app.initQgis()
from nep_toolbox.provider import NepProvider
provider = NepProvider()
assert QgsApplication.processingRegistry().addProvider(provider)
from pathlib import Path
from examples import example
from testkit.contract import IDENTIFIERS
from testkit.tools import destinations, run
for identifier in IDENTIFIERS:
    target = Path(sys.argv[2]) / identifier.partition(":")[2]
    target.mkdir(parents=True)
    run(identifier, {**example(identifier, Path(sys.argv[1])), **destinations(identifier, target)})
print("done")
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def other(province, tmp_path_factory) -> Path:
    """Another province whose files bear the same names."""
    folder = tmp_path_factory.mktemp("other") / "sample"
    run("nep:sampledata", {"EXTENT_KM": 30, "YEARS": "2001-2012", "SEED": 99, "OUTPUT_FOLDER": str(folder)})
    names = [sorted(path.relative_to(place) for path in place.rglob("*.tif")) for place in (province, folder)]
    assert names[0] == names[1]
    return folder


@pytest.fixture(scope="module")
def fresh(other, tmp_path_factory) -> Path:
    """What a process that has run nothing before makes of the other province."""
    copy = tmp_path_factory.mktemp("fresh") / "in" / "sample"
    shutil.copytree(other, copy)
    made = copy.parents[1] / "out"
    paths = [str(PROJECT), str(PROJECT / "tests"), str(PROJECT / "tests" / "algorithms")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(copy), str(made), *paths], capture_output=True, text=True, check=False,
        timeout=300, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.stdout.strip().endswith("done"), done.stdout + done.stderr
    assert len(os.listdir(made)) == len(IDENTIFIERS)
    return made


@every_tool
def test_a_run_after_a_cancelled_one_on_other_files(identifier, province, other, fresh, tmp_path, monkeypatch):
    """Whatever a run that was stopped has left open or remembered, the next sees the files that are there then."""
    work, out = tmp_path / "in" / "sample", tmp_path / "out"
    shutil.copytree(province, work)
    out.mkdir()
    asked = destinations(identifier, out)
    whole = Feedback()
    with monkeypatch.context() as small:
        small.setattr(Run, "block", (100_000, 3))  # so that there are many
        run(identifier, {**example(identifier, work), **destinations(identifier, tmp_path / "whole")}, whole)
        for moves in (1, whole.moves // 2):
            assert run(identifier, {**example(identifier, work), **asked}, Feedback(cancel_after=moves)) == {}
    for folder in work.parent.iterdir():
        shutil.rmtree(folder)
    shutil.copytree(other, work)
    run(identifier, {**example(identifier, work), **asked})
    require_same_results(identifier, out, fresh / identifier.partition(":")[2])
