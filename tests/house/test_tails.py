"""Nothing grows a tail: files, functions, templates and views stay short. Exceptions are named, with a reason."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from house import tree

FILE, FUNCTION, TEMPLATE, VIEW = 400, 50, 150, 25
# path or path::function → why it may be longer
EXCEPTIONS: dict[str, str] = {}


def own_python() -> list[Path]:
    return [p for p in tree.with_suffix(".py") if "migrations" not in p.parts]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            yield node.name, (node.end_lineno or first) - first + 1


def is_view_file(path: Path) -> bool:
    return path.is_relative_to(tree.SRC) and (path.name == "views.py" or path.parent.name == "views")


@cache
def too_long() -> dict[str, int]:
    found = {}
    for path in own_python():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE:
            found[tree.shown(path)] = lines
        limit = VIEW if is_view_file(path) else FUNCTION
        for name, length in functions(path):
            if length > limit:
                found[f"{tree.shown(path)}::{name}"] = length
    for path in tree.with_suffix(".html", under=tree.SRC):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > TEMPLATE:
            found[tree.shown(path)] = lines
    return found


def test_no_tails() -> None:
    tails = {name: length for name, length in too_long().items() if name not in EXCEPTIONS}
    assert tails == {}


def test_each_exception_is_still_needed() -> None:
    assert set(EXCEPTIONS) <= set(too_long())
    assert all(EXCEPTIONS.values())
