"""Rules over the source of the plugin that no general linter holds.

They keep it running from QGIS 3.22 to 4.x, from Python 3.9 on, on both lines of numpy, and keep the layers apart.
Each rule is a function of one module that yields findings; ``RULES`` lists them by name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

PACKAGE = "nep_toolbox"
OLDEST_PYTHON = (3, 9)

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
    def layer(self) -> str:
        """The subpackage the file lies in, empty for the files at the top."""
        parts = PurePosixPath(self.path).parts
        return parts[1] if len(parts) > 2 else ""

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
            yield node.lineno, f"self.{node.attr} is an enum value without its enum"
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
            yield node.lineno, f"{base}.{node.attr} is an enum value without its enum"


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


@rule
def nothing_removed_from_qt(module: Module) -> Iterator[Finding]:
    """Names that Qt 6 or PyQt 6 no longer have."""
    gone = {"QRegExp", "QRegExpValidator", "QDesktopWidget", "QTextCodec", "QMatrix", "QGLWidget", "QSound"}
    for statement, source, name, _ in module.imports:
        if source.startswith("qgis.PyQt"):
            parts = {name, *source.split(".")[2:]}
            whole_qt = source == "qgis.PyQt.Qt" or (source == "qgis.PyQt" and name == "Qt")
            if parts & gone or whole_qt or any(part.startswith("QtWebKit") for part in parts):
                yield statement.lineno, f"{source} {name} is gone in Qt 6"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"exec_", "print_"}:
            yield node.lineno, f".{node.attr} is gone in PyQt 6"


@rule
def qt_through_qgis(module: Module) -> Iterator[Finding]:
    """Qt is imported through ``qgis.PyQt``, which is the binding that QGIS itself runs on."""
    for statement, source, _, _ in module.imports:
        if source.split(".")[0] in {"PyQt5", "PyQt6", "PySide2", "PySide6", "sip"}:
            yield statement.lineno, f"{source} binds to one version of Qt"


@rule
def no_compiled_resources(module: Module) -> Iterator[Finding]:
    """Icons are files: the compiler of Qt resources is gone in PyQt 6."""
    for statement, source, name, _ in module.imports:
        own = source.split(".")[0] in {PACKAGE, "resources", "resources_rc"}
        if own and {name, source.split(".")[-1]} & {"resources", "resources_rc", "qrc"}:
            yield statement.lineno, "compiled resources"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(":/"):
            yield node.lineno, f"{node.value!r} is a path into compiled resources"


@rule
def iface_only_when_there_is_one(module: Module) -> Iterator[Finding]:
    """``qgis.utils.iface`` is None in qgis_process: a module that imports it at the top keeps that None."""
    for statement, source, name, _ in module.imports:
        if source == "qgis.utils" and name == "iface" and not in_function(module, statement):
            yield statement.lineno, "iface imported at module level"


def uses_field_types(module: Module) -> list[int]:
    """Lines that use QVariant or QMetaType, whose field types differ between QGIS versions.

    Only one module of the plugin may: the helper that makes fields.
    """
    names = module.names_from("qgis")
    return [statement.lineno for statement, _, name, _ in module.imports if name in {"QVariant", "QMetaType"}] + [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"QVariant", "QMetaType"}
        and (dotted(node) or "").split(".")[0] in names
    ]


# ------------------------------------------------------------------------------------ Python and numpy


@rule
def oldest_python_parses(module: Module) -> Iterator[Finding]:
    """The syntax of the oldest Python that QGIS 3.22 ships with."""
    try:
        ast.parse(module.source, module.path, feature_version=OLDEST_PYTHON)
    except SyntaxError as error:
        yield error.lineno or 0, f"not Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]}: {error.msg}"


@rule
def oldest_python_runs(module: Module) -> Iterator[Finding]:
    """What parses in Python 3.9 and fails when it runs there."""
    newer_names = {
        "itertools": {"pairwise", "batched"},
        "statistics": {"correlation", "linear_regression", "covariance"},
        "typing": {"TypeAlias", "ParamSpec", "Self", "TypeGuard", "Never", "assert_never", "override"},
        "types": {"NoneType", "UnionType", "EllipsisType"},
        "math": {"cbrt", "exp2", "sumprod"},
        "enum": {"StrEnum"},
        "datetime": {"UTC"},
    }
    for statement, source, name, _ in module.imports:
        if source == "tomllib" or name in newer_names.get(source, ()):
            yield statement.lineno, f"{source} {name} came after Python 3.9"
    postponed = any(source == "__future__" and name == "annotations" for _, source, name, _ in module.imports)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            of_types = is_type(node.left) or is_type(node.right)
            if of_types and not (postponed and in_annotation(module, node)):
                yield node.lineno, "a union of types by | is evaluated when the module runs"
        elif isinstance(node, ast.Call):
            newer = {"zip": {"strict"}, "dataclass": {"slots", "kw_only"}}.get(called(node), set())
            for name in newer & set(keywords(node)):
                yield node.lineno, f"{called(node)}({name}=) came after Python 3.9"
        elif isinstance(node, ast.Attribute) and node.attr in newer_names.get(dotted(node.value) or "", ()):
            yield node.lineno, f"{dotted(node)} came after Python 3.9"


def is_type(node: ast.expr) -> bool:
    """Whether an operand of | can only be a type."""
    builtin = {"int", "float", "str", "bytes", "bool", "list", "dict", "tuple", "set", "frozenset", "type", "object"}
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Subscript):
        return is_type(node.value)
    return isinstance(node, ast.Name) and node.id in builtin


# Aliases of Python's own types left in 1.24; numpy 2 brought `bool` and `long` back with another meaning.
_GONE_FROM_NUMPY = """
    float int bool object str long unicode complex float_ complex_ unicode_ string_ cfloat NaN NAN Inf Infinity
    infty PINF NINF PZERO NZERO in1d trapz product cumproduct alltrue sometrue row_stack round_ asfarray
    find_common_type cast msort mat issubclass_ issctype maximum_sctype obj2sctype sctypes source deprecate
    safe_eval byte_bounds recfromcsv recfromtxt set_string_function compat geterrobj seterrobj disp asscalar
    """
GONE_FROM_NUMPY = frozenset(_GONE_FROM_NUMPY.split())
_NEWER_THAN_NUMPY_1_24 = """
    trapezoid concat astype permute_dims matrix_transpose vecdot vecmat matvec bitwise_count unstack isdtype pow
    cumulative_sum cumulative_prod unique_values unique_counts unique_inverse unique_all acos asin atan atan2
    acosh asinh atanh bitwise_invert bitwise_left_shift bitwise_right_shift exceptions strings
    """
NEWER_THAN_NUMPY_1_24 = frozenset(_NEWER_THAN_NUMPY_1_24.split())


@rule
def both_lines_of_numpy(module: Module) -> Iterator[Finding]:
    """Names that numpy 2 has removed, that numpy 1.24 does not have, or that mean different things in the two."""
    roots = {here for here, name in module.names_from("numpy").items() if name == "numpy"}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in roots:
            if node.attr in GONE_FROM_NUMPY:
                yield node.lineno, f"numpy.{node.attr} is gone"
            elif node.attr in NEWER_THAN_NUMPY_1_24:
                yield node.lineno, f"numpy.{node.attr} came after numpy 1.24"
        elif isinstance(node, ast.Call) and (dotted(node.func) or "").split(".")[0] in roots:
            copy = keywords(node).get("copy")
            if called(node) == "asarray" and copy is not None:
                yield node.lineno, "numpy.asarray(copy=) came with numpy 2"
            elif called(node) == "array" and isinstance(copy, ast.Constant) and copy.value is False:
                yield node.lineno, "numpy.array(copy=False) raises in numpy 2 where a copy is needed: use asarray"


@rule
def encoding_is_given(module: Module) -> Iterator[Finding]:
    """Text is read and written as UTF-8 and never as the system likes it."""
    other_open = {"os", "tarfile", "zipfile", "webbrowser"}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name, given = called(node), keywords(node)
        if name in {"read_text", "write_text"} and "encoding" not in given:
            # read_text(encoding) and write_text(text, encoding) may give it by position.
            if len(node.args) < (1 if name == "read_text" else 2):
                yield node.lineno, f"{name}() without encoding="
        elif name in {"open", "fdopen", "NamedTemporaryFile", "TemporaryFile"}:
            owner = dotted(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if name == "open" and owner in other_open:
                continue
            position = 0 if name.endswith("TemporaryFile") or (owner not in {"", "io", None} and name == "open") else 1
            mode = given.get("mode", node.args[position] if len(node.args) > position else None)
            text = mode.value if isinstance(mode, ast.Constant) else ("w+b" if name.endswith("TemporaryFile") else "r")
            if "b" not in str(text) and "encoding" not in given:
                yield node.lineno, f"{name}() without encoding="


# ------------------------------------------------------------------------------------- layers and GDAL


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
def heavy_libraries_where_used(module: Module) -> Iterator[Finding]:
    """scipy and plotly may be missing and are slow to load: they are imported in the functions that use them."""
    for statement, source, _, _ in module.imports:
        heavy = source.split(".")[0] in {"scipy", "plotly", "matplotlib", "pandas"}
        if heavy and not (in_function(module, statement) or for_type_checkers(module, statement)):
            yield statement.lineno, f"{source} imported at module level"


@rule
def layers_point_one_way(module: Module) -> Iterator[Finding]:
    """algorithms -> report, raster, core; raster -> core; QGIS above all of them, GDAL in raster and above."""
    inner = {f"{PACKAGE}.{name}" for name in ("algorithms", "report", "raster", "core", "plugin", "provider")}
    may_not = {
        "core": {"qgis", "osgeo", "plotly"} | inner - {f"{PACKAGE}.core"},
        "raster": {"qgis", "plotly"} | inner - {f"{PACKAGE}.core", f"{PACKAGE}.raster"},
        "report": {"qgis", "osgeo"} | inner - {f"{PACKAGE}.core", f"{PACKAGE}.report"},
    }.get(module.layer, set())
    for statement, source, name, _ in module.imports:
        parts = f"{source}.{name}".strip(".").split(".")
        for forbidden in may_not & {parts[0], ".".join(parts[:2])}:
            yield statement.lineno, f"{module.layer}/ imports {forbidden}"


@rule
def gdal_mode_is_left_alone(module: Module) -> Iterator[Finding]:
    """GDAL's exception mode belongs to every plugin in the process."""
    for node in ast.walk(module.tree):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if name in {"UseExceptions", "DontUseExceptions"}:
            yield node.lineno, f"{name} switches the mode for the whole of QGIS"


def modules(root: Path) -> list[Module]:
    """Read every module of the package below ``root``."""
    return [
        Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((root / PACKAGE).rglob("*.py"))
    ]
