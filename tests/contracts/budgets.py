"""Count what the budgets limit, over the syntax tree.

A comment ``# budget: reason`` on the lines of a signature (for a module: above its first statement) exempts it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 500
FUNCTION_LINES = 50
PARAMETERS = 6
PUBLIC_METHODS = 10
ATTRIBUTES = 12
FORBIDDEN_NAMES = {"common", "core", "helper", "helpers", "manager", "managers", "misc", "stuff", "util", "utils"}

Function = ast.FunctionDef | ast.AsyncFunctionDef

_REASON = re.compile(r"#\s*budget:\s*\w{3,}")
_NOT_CODE = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


def breaches(path: Path, source: str) -> list[str]:
    """Return one sentence for each budget that a file exceeds."""
    tree = ast.parse(source)
    code = _code_lines(source, tree)
    found = []
    if path.stem.strip("_") in FORBIDDEN_NAMES:
        found.append(f"{path}: a module is named after what it holds, not {path.stem!r}")
    first = tree.body[0].lineno if tree.body else 1
    written_by_django = "migrations" in path.parts
    if len(code) > MODULE_LINES and not written_by_django and not _excused(source, 1, first):
        found.append(f"{path}: {len(code)} code lines; a module has at most {MODULE_LINES}")
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef) and not _excused(source, node.lineno, node.body[0].lineno):
            counts = _function_counts(node, code) if isinstance(node, Function) else _class_counts(node)
            found += [
                f"{path}:{node.lineno}: {node.name} has {count} {what}; at most {limit}"
                for what, count, limit in counts
                if count > limit
            ]
            if path.parts[0] != "tests":
                found += [
                    f"{path}:{node.lineno}: {node.name} takes the switch {name!r} by position; make it keyword-only"
                    for name in _positional_switches(node)
                ]
    return found


def _excused(source: str, first: int, last: int) -> bool:
    return any(_REASON.search(line) for line in source.splitlines()[first - 1 : last])


def _code_lines(source: str, tree: ast.AST) -> set[int]:
    """Return the numbers of the lines that hold code: no comments, no docstrings, no blanks."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            lines.difference_update(range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1))
    return lines


def _function_counts(node: Function, code: set[int]) -> Iterator[tuple[str, int, int]]:
    yield "code lines", len(code.intersection(range(node.lineno, (node.end_lineno or node.lineno) + 1))), FUNCTION_LINES
    if not _is_kernel(node):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        yield "parameters", sum(item.arg not in {"self", "cls"} for item in arguments), PARAMETERS


def _class_counts(node: ast.ClassDef) -> Iterator[tuple[str, int, int]]:
    methods = {item.name for item in node.body if isinstance(item, Function) and not item.name.startswith("_")}
    yield "public methods", len(methods), PUBLIC_METHODS
    if not any("Enum" in ast.unparse(base) for base in node.bases):
        yield "attributes", len(_attributes(node)), ATTRIBUTES


def _attributes(node: ast.ClassDef) -> set[str]:
    """Return what a class declares in its body and assigns to ``self`` in its methods."""
    names = {
        item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    for item in ast.walk(node):
        if isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store) and ast.unparse(item.value) == "self":
            names.add(item.attr)
    return names


def _positional_switches(node: ast.AST) -> list[str]:
    if not isinstance(node, Function) or _is_kernel(node):
        return []
    arguments = [*node.args.posonlyargs, *node.args.args]
    return [item.arg for item in arguments if item.annotation is not None and ast.unparse(item.annotation) == "bool"]


def _is_kernel(node: Function) -> bool:
    """Tell whether a function is compiled: it then takes arrays and numbers one by one, with no object around."""
    calls = [item.func if isinstance(item, ast.Call) else item for item in node.decorator_list]
    return any(ast.unparse(item).rpartition(".")[2] in {"kernel", "inlined"} for item in calls)
