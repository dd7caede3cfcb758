"""What is made sure of before workers get their first block: the toolbox, the versions it stands on, the rasters.

Everything here is a question to the workers, who have a time for it: see `cluster.Cluster`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import InvalidParameter, UnreadableRaster
from .on_worker import Call, difference, forget, report, sizes
from .parcel import PACKAGE, digest, sources, write_zip

#: What the blocks of all runs are called among the tasks of the scheduler.
BLOCKS = "nep-block"

#: So many rasters are looked at before the workers must have answered.
ROUND = 32

_UNABLE = (
    "The dask worker {} cannot run the toolbox: {}. Give it Python, numpy, scipy and GDAL in the versions that QGIS "
    "has, or set ⟨SCHEDULER⟩ to local to compute on this machine."
)
_OTHER_TOOLBOX = (
    "The dask worker {} has another version of nep_toolbox than QGIS, in a folder of its own. Take that folder from "
    "its PYTHONPATH, so that QGIS sends its own, or copy that of QGIS there; then restart the worker. Or set "
    "⟨SCHEDULER⟩ to local."
)
_OTHER_VERSION = (
    "The dask worker {} has {} {}, and QGIS has {}: the numbers could differ. Give both the same, or set "
    "⟨SCHEDULER⟩ to local to compute on this machine."
)
_BUSY = (
    "The dask workers compute for another version of nep_toolbox just now. Wait until that run is over, or set "
    "⟨SCHEDULER⟩ to local to compute on this machine."
)
_UNREADABLE = (
    "The dask worker {} cannot read '{}': {}. The dask workers must see the rasters under the same paths as this "
    "machine: mount the folder there, or set ⟨SCHEDULER⟩ to local."
)


async def on_each(client, workers: list, call: Call) -> dict:
    """What a call gives on each worker, by its address; an error is given too, and not raised."""
    from distributed.protocol.pickle import dumps, loads

    message = dumps(call)
    answers = await asyncio.gather(
        *(client.run(loads, message, workers=[worker]) for worker in workers), return_exceptions=True
    )
    return {
        worker: answer if isinstance(answer, BaseException) else answer[worker]
        for worker, answer in zip(workers, answers)
    }


async def require_toolbox(client) -> list:
    """Send the toolbox to workers that lack it, and check what it stands on.

    The scheduler keeps it for workers that come later or are started again.

    Returns
    -------
    list of str
        The workers, which can compute.

    Raises
    ------
    InvalidParameter
        If a worker has a copy of another version, cannot be given one, or has other versions of the libraries.
    """
    workers = list(await client.nthreads())
    answers = await on_each(client, workers, Call(report))
    lacking, old = [], []
    for worker, answer in answers.items():
        if _lacks(answer):
            lacking.append(worker)
        elif not isinstance(answer, BaseException) and answer["toolbox"] != digest() and answer["sent"]:
            old.append(worker)
    if old:
        await _clear(client, old)
    if lacking or old or await client.get_metadata(PACKAGE, None) != digest():
        _refuse_copies(answers)
        await _send(client)
        answers.update(await on_each(client, [*lacking, *old], Call(report)))
    _refuse_copies(answers)
    for worker, answer in answers.items():
        _require_versions(worker, answer)
    return workers


def _lacks(answer) -> bool:
    return isinstance(answer, ModuleNotFoundError) and answer.name == PACKAGE


def _refuse_copies(answers: dict) -> None:
    for worker, answer in answers.items():
        ancient = isinstance(answer, (ImportError, AttributeError)) and f"{PACKAGE}." in str(answer)
        if ancient or (isinstance(answer, dict) and answer["toolbox"] != digest() and not answer["sent"]):
            raise InvalidParameter(_OTHER_TOOLBOX.format(worker))


async def _clear(client, workers: list) -> None:
    """Have workers unload the toolbox of an earlier run."""
    tasks = await client.processing()
    if any(str(key).startswith(BLOCKS) for keys in tasks.values() for key in keys):
        raise InvalidParameter(_BUSY)
    await on_each(client, workers, Call(forget))


async def _send(client) -> None:
    """Give the toolbox to the workers of now and later."""
    from distributed.diagnostics.plugin import UploadFile

    with TemporaryDirectory() as folder:
        package = Path(folder) / f"{PACKAGE}-{digest()[:16]}.zip"
        write_zip(sources(), package)
        plugin = UploadFile(str(package))
    register = getattr(client, "register_plugin", None) or client.register_worker_plugin
    await register(plugin, name=PACKAGE)
    await client.set_metadata(PACKAGE, digest())


def _require_versions(worker: str, answer) -> None:
    if isinstance(answer, BaseException):
        raise InvalidParameter(_UNABLE.format(worker, reason(answer))) from answer
    for name, here in report()["versions"].items():
        there = answer["versions"][name]
        if there != here:
            raise InvalidParameter(_OTHER_VERSION.format(worker, name, there, here))


def rounds(layers: list) -> list:
    """Rasters with the sizes of their files, in parts that are looked at together."""
    known = [(layer, sizes(layer)) for layer in layers]
    return [known[start:start + ROUND] for start in range(0, len(known), ROUND)]


async def require_rasters(client, workers: list, known: list) -> None:
    """Check that every worker can read rasters, and that they are the same files.

    ``known`` is one of `rounds`.

    Raises
    ------
    UnreadableRaster
        If one cannot be read, or is another file.
    """
    for worker, found in (await on_each(client, workers, Call(difference, known))).items():
        if isinstance(found, BaseException):
            raise InvalidParameter(_UNABLE.format(worker, reason(found))) from found
        if found is not None:
            raise UnreadableRaster(_UNREADABLE.format(worker, *found))


def reason(error: BaseException) -> str:
    """What an error says, in one line without a full stop."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
