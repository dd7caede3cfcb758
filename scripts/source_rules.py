"""Rules over the source of the plugin that no shipped linter holds.

They keep it running from QGIS 3.22 to 4.x, from Python 3.9 on and on both lines of numpy, together with the linters of
``make lint`` (ruff, flake8-qgis, vermin). Each rule is a function of one module that yields findings; ``RULES`` lists
them by name. ``ONE_HOME`` lists what only one module of the package may name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

PACKAGE = "nep_toolbox"

Finding = tuple[int, str]
Rule = Callable[["Module"], Iterator[Finding]]
RULES: dict[str, Rule] = {}


@dataclass(frozen=True)
class Module:
    """One source file; ``path`` is relative to the folder that holds the package, with forward slashes."""

    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.source, self.path)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node above each node."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes above one, from the nearest on."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    @cached_property
    def imports(self) -> list[tuple[ast.stmt, str, str, str]]:
        """What is imported: statement, absolute module, name in it (empty for a whole module), name here."""
        found = []
        here = PurePosixPath(self.path).with_suffix("").parts
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found.append((node, alias.name, "", alias.asname or alias.name.split(".")[0]))
            elif isinstance(node, ast.ImportFrom):
                base = ".".join(here[: len(here) - node.level]) if node.level else ""
                source = ".".join(part for part in (base, node.module) if part)
                found += [(node, source, alias.name, alias.asname or alias.name) for alias in node.names]
        return found

    def names_from(self, *packages: str) -> dict[str, str]:
        """Names here that stand for something of ``packages``, with what they are called there."""
        return {here: name or source for _, source, name, here in self.imports if source.split(".")[0] in packages}


def rule(function: Rule) -> Rule:
    """Enter a rule into ``RULES`` under its function's name."""
    RULES[function.__name__] = function
    return function


def dotted(node: ast.AST) -> str | None:
    """Return ``a.b.c`` for a chain of attributes that starts with a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return None if base is None else f"{base}.{node.attr}"
    return None


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", ""))
    return ""


def keywords(node: ast.Call) -> dict[str, ast.expr]:
    """Return the keyword arguments of a call."""
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


# ---------------------------------------------------------------------------------------------- QGIS 4


@rule
def scoped_enums(module: Module) -> Iterator[Finding]:
    """An enum value is named through its enum: ``QgsProcessing.SourceType.TypeRaster``."""
    classes = module.names_from("qgis")
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Attribute):
            continue
        if isinstance(node.value, ast.Name) and node.value.id == "self" and re.match(r"Flag[A-Z]", node.attr):
            yield node.lineno, f"self.{node.attr}: name the enum too, as in QgsProcessingAlgorithm.Flag.{node.attr}"
            continue
        # The class itself, or a module and the class in it (qgis.core.QgsProcessing).
        base = dotted(node.value)
        if base is None or base.split(".")[0] not in classes:
            continue
        owner = classes.get(base, base.split(".")[-1])
        if not re.fullmatch(r"Q\w+", owner):
            continue
        # QGIS_VERSION_INT and TEMPORARY_OUTPUT are constants.
        value_like = node.attr[:1].isupper() and not re.fullmatch(r"[A-Z0-9]+(_[A-Z0-9]+)+", node.attr)
        if owner == "Qt" and node.attr.islower():
            value_like = True
        parent = module.parents.get(node)
        deeper = isinstance(parent, ast.Attribute)
        # A class, then, and no value: it is called, asked for its members or derived from.
        a_class = (isinstance(parent, ast.Call) and parent.func is node) or isinstance(parent, ast.ClassDef)
        a_class = a_class or called(parent) in {"getattr", "hasattr", "isinstance", "issubclass"}
        a_class = a_class or is_given_a_name_for_its_members(module, node)
        if value_like and not (deeper or a_class or in_annotation(module, node)):
            yield node.lineno, f"{base}.{node.attr}: name the enum too, as in {base}.<Enum>.{node.attr}"


def is_given_a_name_for_its_members(module: Module, node: ast.AST) -> bool:
    """Whether a node is assigned to a name that members are then taken of: an enum, and none of its values."""
    for parent in module.above(node):
        if isinstance(parent, ast.Assign):
            names = {target.id for target in parent.targets if isinstance(target, ast.Name)}
            return any(
                isinstance(other, ast.Attribute) and isinstance(other.value, ast.Name) and other.value.id in names
                for other in ast.walk(module.tree)
            )
        if not isinstance(parent, ast.IfExp):
            return False
    return False


def in_annotation(module: Module, node: ast.AST) -> bool:
    """Whether a node belongs to a type annotation."""
    child = node
    for parent in module.above(node):
        if isinstance(parent, ast.arg) or (isinstance(parent, ast.AnnAssign) and parent.annotation is child):
            return True
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return parent.returns is child
        child = parent
    return False


# ------------------------------------------------------------------------------------ Python and numpy


@rule
def unions_only_in_annotations(module: Module) -> Iterator[Finding]:
    """A union of types by | runs from Python 3.10 on; in an annotation it is never evaluated (FA102 sees to that)."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.BitOr) or in_annotation(module, node):
            continue
        if is_type(node.left) or is_type(node.right):
            yield node.lineno, "a union of types by | is evaluated here: use a tuple of types, or typing.Union"


def is_type(node: ast.expr) -> bool:
    """Whether an operand of | can only be a type."""
    builtin = {"int", "float", "str", "bytes", "bool", "list", "dict", "tuple", "set", "frozenset", "type", "object"}
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Subscript):
        return is_type(node.value)
    return isinstance(node, ast.Name) and node.id in builtin


@rule
def copies_on_both_lines_of_numpy(module: Module) -> Iterator[Finding]:
    """The copy argument of asarray and array, whose meaning changed with numpy 2."""
    roots = {here for here, name in module.names_from("numpy").items() if name == "numpy"}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or (dotted(node.func) or "").split(".")[0] not in roots:
            continue
        copy = keywords(node).get("copy")
        if called(node) == "asarray" and copy is not None:
            yield node.lineno, "numpy.asarray(copy=) came with numpy 2: use numpy.array(copy=True), or asarray alone"
        elif called(node) == "array" and isinstance(copy, ast.Constant) and copy.value is False:
            yield node.lineno, "numpy.array(copy=False) raises in numpy 2 where a copy is needed: use asarray"


@rule
def paths_name_the_encoding(module: Module) -> Iterator[Finding]:
    """Text is UTF-8 whatever the system prefers. PLW1514 sees open() and Path(...); this sees any other path."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or "encoding" in keywords(node):
            continue
        name = called(node)
        # The encoding may be given by position too: read_text(encoding), write_text(text, encoding).
        by_position = {"read_text": 1, "write_text": 2}.get(name)
        if by_position and len(node.args) < by_position:
            yield node.lineno, f'{name}() takes the encoding of the system: give encoding="utf-8"'
        elif name == "open" and dotted(node.func.value) not in {"io", "os", "tarfile", "zipfile", "webbrowser"}:
            mode = keywords(node).get("mode", node.args[0] if node.args else None)
            if "b" not in str(mode.value if isinstance(mode, ast.Constant) else "r"):
                yield node.lineno, 'open() takes the encoding of the system: give encoding="utf-8"'


# ---------------------------------------------------------------------------------- libraries and GDAL


def in_function(module: Module, node: ast.AST) -> bool:
    """Whether a node runs only when a function is called."""
    return any(isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for parent in module.above(node))


def for_type_checkers(module: Module, node: ast.AST) -> bool:
    """Whether a node lies under ``if TYPE_CHECKING:``."""
    return any(
        isinstance(parent, ast.If) and (dotted(parent.test) or "").split(".")[-1] == "TYPE_CHECKING"
        for parent in module.above(node)
    )


@rule
def imported_where_used(module: Module) -> Iterator[Finding]:
    """Libraries that may be missing or are slow to load, and ``iface``, which is None while a plugin loads."""
    late = {"scipy", "plotly", "pyproj", "matplotlib", "pandas"}
    for statement, source, name, _ in module.imports:
        if source.split(".")[0] not in late and (source, name) != ("qgis.utils", "iface"):
            continue
        if not (in_function(module, statement) or for_type_checkers(module, statement)):
            yield statement.lineno, f"{source} {name}".strip() + ": import it in the function that uses it"


@rule
def gdal_mode_is_left_alone(module: Module) -> Iterator[Finding]:
    """GDAL's exception mode belongs to every plugin in the process."""
    for node in ast.walk(module.tree):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if name in {"UseExceptions", "DontUseExceptions"}:
            yield node.lineno, f"{name} switches the mode for the whole of QGIS: look at what GDAL returns instead"


# ------------------------------------------------------------------------------------------ across files

# What only one module of the package names, and why.
ONE_HOME = {
    ("QVariant", "QMetaType"): "types of fields differ between the versions of QGIS: make fields by qgis_compat",
    ("QgsProcessingException",): "errors become readable in one place: raise a ToolboxError instead",
    ("Open", "OpenEx", "OpenShared"): "GDAL's words for what cannot be opened are collected in one place: call "
    "raster.gdal_io.open_raster",
}


def named(module: Module, names: tuple) -> list[int]:
    """Lines of a module that import one of ``names`` or take it from something imported."""
    roots = set(module.names_from("qgis", "osgeo"))
    return [statement.lineno for statement, _, name, _ in module.imports if name in names] + [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in names and (dotted(node) or "").split(".")[0] in roots
    ]


def homes(modules: list[Module], names: tuple) -> list[str]:
    """Return the paths of the modules that name one of ``names``."""
    return sorted(module.path for module in modules if named(module, names))


def modules(root: Path) -> list[Module]:
    """Read every module of the package below ``root``."""
    return [
        Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((root / PACKAGE).rglob("*.py"))
    ]
