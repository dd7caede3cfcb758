"""The rooms of the package and the arrows between them.

A room is a folder of the package or a file at its top. ``ROOMS`` says what each may import from the package, and which
of the libraries that only some rooms may touch. Imports count wherever they are, in a function or for type checkers.

Run by itself, it prints the table as Markdown for docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from source_rules import PACKAGE, Finding, Module

LIBRARIES = {"qgis", "processing", "osgeo", "plotly", "matplotlib"}

_FRAME = "styling raster core/* colours errors qgis_compat qgis osgeo"
_TOOLS = f"framework report {_FRAME}"

# A room -> what it may import, beside itself; "core/*" stands for core and every room in it.
ROOMS = {
    "errors": "",
    "colours": "",
    "qgis_compat": "qgis",
    "version": "",
    "typesetting": "",
    # The science. What lies in core itself is ground that all methods share.
    "core": "errors",
    "core/productivity": "core errors",
    "core/trend": "core errors",
    "core/persistence": "core core/trend errors",
    "core/breakpoint": "core core/trend errors",
    "core/zonal": "core core/trend errors",
    "core/landcover": "core core/zonal errors",
    "core/correlation": "core core/zonal errors",
    "core/attribution": "core core/trend core/zonal errors",
    "core/geodetector": "core errors",
    "core/hotspots": "core core/zonal errors",
    "core/balance": "core core/trend core/zonal errors",
    "core/sampling": "core core/trend core/persistence core/landcover errors",
    "core/validation": "core core/zonal core/landcover errors",
    "core/ensemble": "core core/productivity core/trend core/zonal errors",
    "sample": "errors",
    # Files to blocks and blocks to files; ingest is for the tools of data preparation alone.
    "raster": "core/* errors version osgeo",
    "raster/ingest": "raster core/* errors osgeo",
    "report": "colours errors typesetting plotly matplotlib",
    # The words of a study: from its tables to its numbers and sentences.
    "study": "errors typesetting",
    "styling": "raster core/* colours errors qgis_compat qgis",
    "layouts": "styling raster core/* colours errors qgis",
    "framework": f"{_FRAME} processing",
    # The tools: one file each. What several tools of a group share is a file _name.py beside them.
    "algorithms/data": f"raster/ingest {_TOOLS}",
    "algorithms/data/sampledata": f"algorithms/data sample {_TOOLS}",
    "algorithms/productivity": _TOOLS,
    "algorithms/trend": _TOOLS,
    "algorithms/statistics": _TOOLS,
    "algorithms/drivers": _TOOLS,
    "algorithms/landcover": _TOOLS,
    # The study brings rasters to one grid, too, and runs the other tools.
    "algorithms/study": f"raster/ingest study layouts {_TOOLS} version",
    # The list of the tools, the provider that QGIS asks for it, the plugin that registers the provider.
    "algorithms": "algorithms/* framework qgis",
    "provider": "algorithms framework version qgis",
    "plugin": "provider qgis",
    "": "plugin",
}

# Folders that are one room with the folder above.
PARTS = {
    "report/charts": "report", "report/figures": "report", "report/document": "report", "study/facts": "study",
    "study/sentences": "study", "study/languages": "study", "layouts/figures": "layouts",
}

_HOW = "or enter the arrow in ROOMS (scripts/rooms.py) and in docs/architecture.md"


def room_of(path: PurePosixPath) -> str | None:
    """Return the room of a module, given its path in the package without the suffix; None where there is none."""
    for place in (path, *path.parents):
        name = "" if place == PurePosixPath() else str(place)
        if name in ROOMS or name in PARTS:
            # The room at the top holds only what is imported from the package itself.
            return PARTS.get(name, name) if name or path == PurePosixPath() else None
    return None


def allowed(room: str) -> set[str]:
    """Return the rooms and libraries that a room may import."""
    found = set()
    for name in ROOMS[room].split():
        top = name[: -len("/*")] if name.endswith("/*") else None
        found |= {name} if top is None else {each for each in ROOMS if each == top or each.startswith(f"{top}/")}
    return found - {room}


def place(module: Module) -> PurePosixPath:
    """Return the path of a module in the package, without its suffix; that of a folder for its __init__.py."""
    path = PurePosixPath(module.path).relative_to(PACKAGE).with_suffix("")
    return path.parent if path.name == "__init__" else path


def not_entered(module: Module) -> Iterator[Finding]:
    """Every folder of the package, and every file at its top, is in the table."""
    path = place(module)
    folder = path if module.path.endswith("/__init__.py") or len(path.parts) == 1 else path.parent
    name = "" if folder == PurePosixPath() else str(folder)
    if name not in ROOMS and name not in PARTS:
        yield 1, f"{name} is a new room: enter it in ROOMS (scripts/rooms.py) with what it may import"


def wrong_arrows(module: Module) -> Iterator[Finding]:
    """A room imports only what the table allows, and a tool imports no other tool."""
    here = place(module)
    room = room_of(here)
    if room is None:
        return  # found by not_entered
    may = allowed(room)
    for statement, source, name, _ in module.imports:
        parts = source.split(".")
        if parts[0] in LIBRARIES - may:
            yield statement.lineno, f"{room} may not import {parts[0]}: move this to a room that may, {_HOW}"
        if parts[0] != PACKAGE:
            continue
        path = PurePosixPath(*parts[1:])
        # The top of the package holds no names: what is imported from it is a room.
        target = room_of(path / name if path == PurePosixPath() and name else path)
        if target is None:
            yield statement.lineno, f"{source} {name} lies in no room: enter it in ROOMS (scripts/rooms.py)"
        elif target not in may | {room}:
            yield statement.lineno, f"{room} may not import {target}: move this to a room that may, {_HOW}"
        elif here.parts[:1] == ("algorithms",) and len(here.parts) > 2 and path.parts[:2] == here.parts[:2]:
            shared = path.parts[2] if len(path.parts) > 2 else name
            if not shared.startswith("_"):
                yield statement.lineno, f"a tool imports {shared} beside it: move what both need to a file _name.py"


def files(modules: list[Module]) -> dict[str, set[str]]:
    """Return the files of the package that each file imports, wherever in it the import is."""
    paths = {".".join((PACKAGE, *place(module).parts)): module.path for module in modules}
    return {
        module.path: {paths.get(f"{source}.{name}") or paths.get(source) for _, source, name, _ in module.imports}
        - {module.path, None}
        for module in modules
    }


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return a circle in a graph, from a node back to itself; empty where there is none."""
    left = dict(graph)
    while free := [node for node, targets in left.items() if not targets & left.keys()]:
        for node in free:
            del left[node]
    walk = sorted(left)[:1]
    while walk and walk[-1] not in walk[:-1]:
        walk.append(min(left[walk[-1]] & left.keys()))
    return walk[walk.index(walk[-1]) :] if walk else []


def markdown() -> str:
    """Return the table for docs/architecture.md."""
    rows = [
        f"| `{room or '__init__'}` | {' '.join(f'`{name}`' for name in text.split())} |" for room, text in ROOMS.items()
    ]
    return "\n".join(["| Room | May import |", "|---|---|", *rows])


if __name__ == "__main__":
    print(markdown())
