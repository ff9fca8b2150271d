"""The catalogue and the units that a new office begins with: our own tables, read from `data/`."""

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
PLACEHOLDERS = frozenset({"community", "property"})  # replaced by the unit of the place when dispatching


@dataclass(frozen=True)
class UnitRow:
    code: str
    name: str
    kind: str
    note: str


def unit_rows() -> list[UnitRow]:
    """The units of `starter_units.csv`."""
    with (DATA / "starter_units.csv").open(encoding="utf-8-sig", newline="") as file:
        return [UnitRow(row["code"], row["name"], row["kind"], row["note"]) for row in csv.DictReader(file)]


def category_rows() -> list[dict[str, str]]:
    """The rows of `starter.csv`, groups before their leaves."""
    with (DATA / "starter.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def split(text: str, mark: str = ";") -> list[str]:
    """The parts of a cell such as `a;b`; empty ones dropped."""
    return [part.strip() for part in text.replace("；", ";").split(mark) if part.strip()]
