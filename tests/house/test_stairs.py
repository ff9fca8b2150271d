"""Imports go down only, and every package has its place."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from house import tree

pytestmark = pytest.mark.own_database


def contract() -> dict[str, Any]:
    settings = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"][0]


def test_imports_go_down() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(tree.ROOT / "src")}
    done = subprocess.run(command, cwd=tree.ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_each_package_has_its_place() -> None:
    placed = {name.strip() for layer in contract()["layers"] for name in layer.split("|")}
    packages = {p.parent.name for p in tree.SRC.glob("*/__init__.py")} | {"wiring"}
    assert packages == placed
    assert contract()["exhaustive"] is True


ORDER = ["urls", "views", "forms", "actions", "queries", "rules", "models", "events", "lifecycle"]


def imports(path: Path) -> Iterator[str]:
    """What a module imports when it runs; names for the type checker alone don't count."""
    tree_of_code = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        inner
        for node in ast.walk(tree_of_code)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree_of_code):
        if isinstance(node, ast.ImportFrom) and node.module and node not in typing_only:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_inside_a_package_the_upper_imports_the_lower() -> None:
    """`urls views forms actions queries rules models events lifecycle`: none imports one before it."""
    wrong = []
    for package in sorted(p.parent for p in tree.SRC.glob("*/__init__.py")):
        for position, name in enumerate(ORDER):
            path = package / f"{name}.py"
            if path.exists():
                above = {f"chenyue.{package.name}.{upper}" for upper in ORDER[:position]}
                wrong += [f"{package.name}/{name}.py imports {found}" for found in set(imports(path)) & above]
    assert wrong == []
