"""Find code of the platform that goes around the one place: what reads past the selectors, or writes past the record.

Five rules, over the syntax tree:

1. The database is asked and changed in services, sharing, selectors, policies, triggers, migrations and commands alone.
   The last word of a module's name is its role: ``alert_selectors`` are selectors.
2. There, objects that organizations own and share are read through ``visible_to`` (in services, where the function
   decides itself or by another of its module, or is a private one called by such alone), and what hangs on such an
   object through that object.
3. A public function of a service that writes also records.
4. A comment ``# one place: reason`` on the line excuses it.
5. `BY_DESIGN` excuses whole modules, each with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ALLOWED = frozenset({"management", "migrations", "policies", "selectors", "services", "sharing", "triggers"})
# Plain Python: an import contract keeps Django out, so that `update` there is that of a set.
PLAIN = frozenset({"rules"})
WRITERS = frozenset({"services", "sharing"})
MANAGERS = frozenset({"_base_manager", "_default_manager", "objects"})
# Of other modules, those that decide by one of the first three and refuse.
DECIDING = frozenset({"allows", "findings_for", "visible_to", "locked", "may_revise", "may_run", "powers_in"})
BY_DESIGN = {
    "config/archive.py": "the whole database, for whoever runs the platform",
    "config/backup.py": "the whole database, for whoever runs the platform",
    "config/restore.py": "the whole database, for whoever runs the platform",
    "interface/once.py": "answers to programs, kept for a day; the change that one tells of is recorded itself",
    "rooms/attempts.py": "counts of requests, kept for a day",
    "rooms/deliveries.py": "the outbox: which message was sent when; what it tells of is recorded itself",
    "runs/leases.py": "the table of jobs: who works on what until when; what comes of it is recorded by whoever calls",
}
_WRITES = frozenset(
    {
        "aupdate",
        "bulk_create",
        "bulk_update",
        "create",
        "delete",
        "get_or_create",
        "save",
        "update",
        "update_or_create",
    }
)
_RAW = frozenset({"cursor", "execute", "executemany", "extra", "raw"})
_QUERIES = frozenset(
    {
        *("add", "aggregate", "all", "annotate", "count", "create", "exclude", "exists", "filter", "first", "get"),
        *("iterator", "last", "order_by", "remove", "select_related", "set", "update", "values", "values_list"),
    }
)
_REASON = re.compile(r"#\s*one place:\s*\w.{2,}")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Models:
    """What the models say: those that are owned and shared, what hangs on them, and names of the way back."""

    shared: set[str] = field(default_factory=lambda: {"Shared"})
    children: dict[str, set[str]] = field(default_factory=dict)
    related: set[str] = field(default_factory=set)


def role_of(name: str) -> str:
    """Return the last word of the name of a module, which is its role.

    Parameters
    ----------
    name : str
        Such as ``tenon.web.rooms.alert_selectors``.
    """
    return name.rpartition(".")[2].rpartition("_")[2]


def read_models(sources: Iterable[str]) -> Models:
    """Read the models of the platform."""
    classes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    models = Models()
    for _ in classes:  # until nothing is added: a class may stand before what it derives from
        models.shared |= {item.name for item in classes if models.shared & {ast.unparse(base) for base in item.bases}}
    for item in classes:
        for name, call in _relations(item):
            back = next((word.value for word in call.keywords if word.arg == "related_name"), None)
            models.related.add(
                back.value
                if isinstance(back, ast.Constant) and isinstance(back.value, str)
                else f"{item.name.lower()}_set"
            )
            target = call.args[0]
            if isinstance(target, ast.Name) and target.id in models.shared and item.name not in models.shared:
                models.children.setdefault(item.name, set()).add(name)
    _add_grandchildren(classes, models)
    models.related.discard("+")
    return models


def _add_grandchildren(classes: list[ast.ClassDef], models: Models) -> None:
    """What hangs on something that hangs on a shared object may be asked for by that too: a round's answers."""
    for item in classes:
        for name, call in _relations(item):
            target = call.args[0]
            if item.name in models.children and isinstance(target, ast.Name) and target.id in models.children:
                models.children[item.name].add(name)


def _relations(item: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    for line in item.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call) and line.value.args:
            kind = ast.unparse(line.value.func).rpartition(".")[2]
            if kind in {"ForeignKey", "ManyToManyField", "OneToOneField"}:
                yield ast.unparse(line.targets[0]), line.value


def breaches(path: Path, source: str, models: Models) -> list[str]:
    """Return one sentence for each place that goes around."""
    parts = {role_of(part) for part in path.with_suffix("").parts}
    if parts & PLAIN or path.as_posix() in BY_DESIGN:
        return []
    tree = ast.parse(source)
    lines = source.splitlines()
    found: list[tuple[int, str]] = []
    if not parts & ALLOWED:
        found += _outside(tree, models)
    elif not parts & {"migrations", "triggers"}:
        found += _unscoped(tree, models, deciding=bool(parts & WRITERS))
    if parts & WRITERS:
        found += _unrecorded(tree)
    kept = [(line, text) for line, text in found if not _REASON.search(lines[line - 1])]
    return [f"{path}:{line}: {text}" for line, text in sorted(set(kept))]


def _outside(tree: ast.AST, models: Models) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield node.lineno, f"{ast.unparse(node)} asks the database past the selectors"
        if isinstance(node, ast.ImportFrom) and node.module == "django.db":
            names = {item.name for item in node.names} & {"connection", "connections"}
            yield from ((node.lineno, f"{name} of the database belongs into a selector") for name in sorted(names))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if _is_write(node) or node.func.attr in _RAW:
                yield node.lineno, f"{ast.unparse(node.func)}() writes or asks past the services"
            back = node.func.value
            if isinstance(back, ast.Attribute) and back.attr in models.related and node.func.attr in _QUERIES:
                yield node.lineno, f"{ast.unparse(node.func)}() asks the database past the selectors"


def _is_write(call: ast.Call) -> bool:
    """Tell a write from the like of it: of a dictionary, a session, a cache or a store of files."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _WRITES:
        return False
    name, on = call.func.attr, ast.unparse(call.func.value)
    if name in {"update", "delete"}:  # those of a query take no argument by position
        return not call.args and not on.endswith("initial")
    if name == "save":
        return not call.args and not on.endswith("session")
    return True


def _unscoped(tree: ast.Module, models: Models, *, deciding: bool) -> Iterator[tuple[int, str]]:
    inside = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call) == "visible_to" and call.args
        for part in ast.walk(call.args[0])
    } | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "none"}
    deciders = _deciders(tree) if deciding else set()
    for function in _functions(tree):
        decides = isinstance(function, Function) and function.name in deciders
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute) or node.attr not in MANAGERS or id(node) in inside:
                continue
            model = ast.unparse(node.value)
            if model in models.shared and not decides:
                wanted = "allows(...) in its function" if deciding else "visible_to(...) around it"
                yield node.lineno, f"{model}.{node.attr} is read without {wanted}"
            elif model in models.children and not deciding and not _hangs_on(function, node, models.children[model]):
                names = " or ".join(sorted(models.children[model]))
                yield node.lineno, f"{model}.{node.attr} is read without filter({names}=...)"


def _hangs_on(function: ast.AST, manager: ast.Attribute, parents: set[str]) -> bool:
    """Tell whether the first thing asked of a manager is what belongs to a certain object, or to several."""
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.value is manager:
            words = {(word.arg or "").removesuffix("__in").removesuffix("_id") for word in call.keywords}
            return call.func.attr == "filter" and bool(words & parents)
    return False


def _deciders(tree: ast.Module) -> set[str]:
    """Return the functions that decide, themselves or by one they call, and private ones that only such call."""
    functions = _named(tree)
    deciders = _reaching(functions, _decides)
    callers = {
        name: {other for other, node in functions.items() if other != name and name in _names(node)}
        for name in functions
        if name.startswith("_")
    }
    while more := {name for name, by in callers.items() if name not in deciders and by and by <= deciders}:
        deciders |= more
    return deciders


def _decides(node: ast.AST) -> bool:
    """Tell a call of what decides, or the question whether an organization is one of the viewer's own."""
    if isinstance(node, ast.Compare):
        return isinstance(node.ops[0], ast.In | ast.NotIn) and ast.unparse(node.comparators[0]) == "viewer.own"
    return _called(node) in DECIDING


def _unrecorded(tree: ast.Module) -> Iterator[tuple[int, str]]:
    functions = _named(tree)
    # What another service does, it records itself.
    others = {
        item.asname or item.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and role_of(node.module or "") in WRITERS
        for item in node.names
        if not (node.module or "").endswith("audit.services") or item.name == "record"
    }
    modules = {
        item.asname or item.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for item in node.names
        if role_of(item.name) in WRITERS
    }
    writing = _reaching(functions, lambda node: isinstance(node, ast.Call) and _is_write(node))
    recording = _reaching(functions, lambda node: _called(node) in {"record", *others} or _base(node) in modules)
    for name in sorted(writing - recording - {"record", "record_all"}):
        if not name.startswith("_"):
            yield functions[name].lineno, f"{name}() writes and records nothing"


def _base(node: ast.AST) -> str:
    """Return what a call's function is taken from: of `sharing.share()` that is `sharing`."""
    return ast.unparse(node.func).rpartition(".")[0] if isinstance(node, ast.Call) else ""


def _named(tree: ast.Module) -> dict[str, Function]:
    return {item.name: item for item in tree.body if isinstance(item, Function)}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _reaching(functions: dict[str, Function], wanted: Callable[[ast.AST], bool]) -> set[str]:
    """Return the functions that do something themselves or by calling, or handing on, one that does."""
    names = {name: _names(node) for name, node in functions.items()}
    reached = {name for name, node in functions.items() if any(wanted(part) for part in ast.walk(node))}
    while more := {name for name, used in names.items() if name not in reached and used & reached}:
        reached |= more
    return reached


def _functions(tree: ast.Module) -> list[ast.AST]:
    """Return the functions and methods of a module, and what stands outside of any."""
    methods = [item for node in tree.body if isinstance(node, ast.ClassDef) for item in node.body]
    return [item for item in [*tree.body, *methods] if not isinstance(item, ast.ClassDef)]


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
