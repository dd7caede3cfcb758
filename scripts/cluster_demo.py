"""Run nep:trend and nep:annualstatistics on one thread, on two, and on a cluster of which a worker is killed half-way,
and compare what they give bit for bit. Called by cluster_demo.sh."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from local_cluster import Processes, processes

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

#: The results of each tool, by their parameters.
RESULTS = {
    "nep:trend": {"SLOPE": "slope.tif", "PVALUE": "p.tif", "CLASS": "class.tif", "TABLE": "classes.csv"},
    "nep:annualstatistics": {"TABLE": "annual.csv", "SUMMARY": "summary.csv"},
}


def say(text: str) -> None:
    """Tell how far it is."""
    print(f"==> {text}", flush=True)


def run(tool: str, parameters: dict, half_way=None) -> None:
    """Run a tool; ``half_way`` is called once, when half of it is done."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    feedback, context, calls = QgsProcessingFeedback(False), QgsProcessingContext(), [half_way] if half_way else []
    feedback.progressChanged.connect(lambda percent: calls.pop()() if calls and percent >= 50 else None)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(tool)
    _results, succeeded = algorithm.run(parameters, context, feedback)
    if not succeeded:
        sys.exit(f"error: {tool} failed:\n{feedback.textLog()}")
    if calls:
        sys.exit(f"error: {tool} never told that half of it is done")


def inputs(province: Path) -> dict:
    """What both tools read."""
    return {
        "INPUT": sorted(map(str, province.glob("npp_*.tif"))),
        "REGIONS": str(province / "regions.gpkg"),
        "REGION_FIELD": "name",
        "MEMORY": 16,  # many blocks, though the province is small
    }


def compute(province: Path, folder: Path, how: dict, half_way=None) -> None:
    """Run both tools."""
    folder.mkdir(parents=True)
    for tool, results in RESULTS.items():
        start = time.monotonic()
        places = {key: str(folder / name) for key, name in results.items()}
        run(tool, {**inputs(province), **how, **places}, half_way)
        say(f"{tool}, {folder.name}: {time.monotonic() - start:.1f} s")


def content(path: Path) -> bytes:
    """What must be the same: the pixels of a raster, the bytes of a table."""
    if path.suffix != ".tif":
        return path.read_bytes()
    from osgeo import gdal

    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray().tobytes() + repr((dataset.GetGeoTransform(), dataset.GetProjection())).encode()


def compare(folder: Path, other: Path) -> list:
    """The results that differ."""
    names = [name for results in RESULTS.values() for name in results.values()]
    return [name for name in names if content(folder / name) != content(other / name)]


def on_a_cluster(province: Path, folder: Path) -> None:
    """Run both on two workers, and kill the one of them that is older half-way; then a new one comes."""
    logs = folder.parent / "logs"
    logs.mkdir()
    with processes(logs) as cluster:
        say(f"a scheduler at {cluster.address} and two workers without the toolbox")
        for _worker in range(2):
            cluster.worker(threads=1)
        compute(province, folder, {"SCHEDULER": cluster.address}, lambda: replace_oldest(cluster))


def replace_oldest(cluster: Processes) -> None:
    """Kill the oldest worker that lives, and start another one in a while."""
    oldest = next(process for process in cluster.started[1:] if process.poll() is None)
    say(f"killing the worker with process id {oldest.pid}")
    oldest.kill()
    oldest.wait()
    cluster.worker(threads=1)


def main() -> None:
    """Do it all in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=float, default=400.0)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from nep_toolbox.provider import NepProvider

    provider = NepProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    province = folder / "province"
    say(f"a sample province in {province}")
    run("nep:sampledata", {"EXTENT_KM": arguments.width, "OUTPUT_FOLDER": str(province)})

    compute(province, folder / "one-thread", {"THREADS": 1, "SCHEDULER": "local"})
    compute(province, folder / "two-threads", {"THREADS": 2, "SCHEDULER": "local"})
    on_a_cluster(province, folder / "cluster")
    differing = [f"{name} of {other}" for other in ("two-threads", "cluster")
                 for name in compare(folder / "one-thread", folder / other)]
    if differing:
        sys.exit(f"error: not the same as on one thread: {', '.join(differing)}")
    say("two threads, and a cluster that lost a worker in each tool: the same as one thread, bit for bit")
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash while the interpreter takes it apart


if __name__ == "__main__":
    main()
