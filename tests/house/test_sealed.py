"""What is sealed has one door: no other module imports it, names its tables, or may.

`mediation.sealing` alone reads the rows; the acts and pages of the caucus alone import it.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from house import tree

SEALING = "chenyue.mediation.sealing"
ROWS = "chenyue.mediation.models.sealed"
MAY_UNSEAL = {"mediation/caucus.py", "mediation/views/caucus.py"}
MAY_READ_ROWS = {"mediation/sealing.py", "mediation/models/__init__.py"}  # the latter only tells Django of the tables
# Its pages; who destroys it; and the demo, which writes notes of people who don't exist.
MAY_ACT = {
    "mediation/views/caucus.py",
    "mediation/forgetting.py",
    "mediation/chores_talks.py",
    "demo/mediation_past.py",
}
NAMES = ("CaucusNote", "caucusnote", "mediation_offer", "mediation.Offer")


@cache
def imported(path: Path) -> frozenset[str]:
    """All modules that a file imports, also inside functions and for the type checker alone."""
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources() -> Iterator[tuple[str, Path]]:
    for path in tree.with_suffix(".py", under=tree.SRC):
        name = path.relative_to(tree.SRC).as_posix()
        if not name.startswith("mediation/migrations/"):
            yield name, path


def test_one_module_reads_the_rows() -> None:
    assert {name for name, path in sources() if ROWS in imported(path)} == MAY_READ_ROWS


def test_only_the_caucus_unseals() -> None:
    assert {name for name, path in sources() if SEALING in imported(path)} <= MAY_UNSEAL


def test_only_its_pages_and_its_end_use_the_caucus() -> None:
    users = {name for name, path in sources() if "chenyue.mediation.caucus" in imported(path)}
    assert users <= MAY_ACT


def test_nobody_reaches_the_rows_by_name() -> None:
    """Nor by `apps.get_model`, by SQL or by a relation's name: the words stand nowhere else."""
    known = MAY_READ_ROWS | {"mediation/models/sealed.py"}
    found = [
        name
        for name, path in sources()
        if name not in known and any(word in path.read_text(encoding="utf-8") for word in NAMES)
    ]
    assert found == []


def test_the_rows_tell_nothing_by_themselves() -> None:
    """Beside whose it is and when, nothing stands in a column of its own."""
    from chenyue.mediation.models import sealed

    for model, moment in ((sealed.CaucusNote, "removed_at"), (sealed.Offer, "withdrawn_at")):
        assert {f.name for f in model._meta.get_fields()} == {"id", "party", "sealed", "at", "by", moment}
        assert all(f.remote_field.hidden for f in model._meta.get_fields() if f.is_relation)  # no way back to them


def test_templates_of_what_is_sealed_are_its_own() -> None:
    """No joint page includes one of them."""
    own = {"caucus.html", "caucus_party.html", "ladder.html"}
    for path in tree.with_suffix(".html", under=tree.SRC):
        if path.name not in own:
            text = path.read_text(encoding="utf-8")
            assert not any(f"mediation/{name}" in text for name in own), path
