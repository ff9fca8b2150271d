"""How well single messages are understood: the figures of the data's README, over rows with gold columns.

Where a row gives no units, they are its category's in the starter catalogue, read as the README tells: further matters
add their leads, and where an estate has no firm the committee stands in.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chenyue.catalogue.queries import catalogue
from chenyue.people.models import Unit
from chenyue.places.queries import gazetteer
from chenyue.triage import suggest
from chenyue.triage.blend import calibration_error
from chenyue.triage.suggestion import Suggestion

FIRMS, COMMITTEES = "property_firm", ("community", "village")
WITHOUT_FIRM = ("纺织新村", "邮电小区", "北闸新村", "柳塘新居", "西庄", "石桥老街", "石桥新村", "南圩")


@dataclass
class Figures:
    """Counts over messages; each property is a share."""

    appeals: int = 0
    called: int = 0  # said to be appeals
    both: int = 0
    first: int = 0
    three: int = 0
    handling: int = 0
    units: int = 0
    placed: int = 0  # that name a place
    places: int = 0
    nowhere: int = 0  # that name none
    invented: int = 0
    alarms: int = 0
    rung: int = 0
    heard: int = 0
    pairs: list[tuple[float, bool]] = field(default_factory=list)

    def share(self, name: str) -> float:
        """`first`, `three`, `handling` or `units` of all appeals."""
        return float(getattr(self, name) / self.appeals)

    @property
    def appeal_f1(self) -> float:
        return 2 * self.both / (self.called + self.appeals)

    def __str__(self) -> str:
        parts = [f"{name} {self.share(name):.3f}" for name in ("first", "three", "handling", "units")]
        parts.append(f"place {self.places}/{self.placed}, invented {self.invented}/{self.nowhere}")
        parts.append(f"emergencies {self.heard}/{self.alarms}, of called {self.heard}/{self.rung}")
        return f"{'; '.join(parts)}; appeal F1 {self.appeal_f1:.3f}; ECE {calibration_error(self.pairs):.3f}"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def measure(told: Iterable[Mapping[str, str]], at: datetime) -> Figures:
    """Read each row's text and compare."""
    figures, kinds = Figures(), dict(Unit.objects.values_list("code", "kind"))
    for row in told:
        found, real = suggest(row["text"], None, at), row["is_appeal"] == "1"
        figures.called += found.is_appeal
        figures.appeals += real
        figures.both += real and found.is_appeal
        if real:
            _compare(figures, row, found, kinds)
    return figures


def _compare(figures: Figures, row: Mapping[str, str], found: Suggestion, kinds: Mapping[str, str]) -> None:
    codes = [guess.code for guess in found.categories]
    right = codes[:1] == [row["category_code"]]
    figures.first += right
    figures.three += row["category_code"] in codes[:3]
    figures.pairs.append((found.categories[0].confidence if codes else 0.0, right))
    handling, units = _units(row)
    figures.handling += found.handling == handling
    figures.units += {_kind(code, kinds) for code in (found.lead_code, *found.assist_codes) if code} == units
    path = gazetteer().path(found.place) if found.place else ""
    if row["place"]:
        figures.placed += 1
        figures.places += path == row["place"]
    else:
        figures.nowhere += 1
        figures.invented += bool(path)
    grave, rang = row["urgency"] == "emergency", found.urgency == "emergency"
    figures.alarms += grave
    figures.rung += rang
    figures.heard += grave and rang


def _kind(code: str, kinds: Mapping[str, str]) -> str:
    """A named committee or firm as the placeholder of the catalogue."""
    kind = kinds.get(code, "")
    return "property" if kind == FIRMS else "community" if kind in COMMITTEES else code


def _units(row: Mapping[str, str]) -> tuple[str, set[str]]:
    if row.get("lead_unit"):
        return row["handling"], {row["lead_unit"], *filter(None, row["assist_units"].split(";"))}
    held = catalogue()
    category = held.by_code[row["category_code"]]
    others = [*category.assist_codes, *(held.by_code[c].lead_code for c in row["also"].split(";") if c)]
    lead = category.lead_code
    if row["place"].split("/")[0] in WITHOUT_FIRM:
        lead, *others = ("community" if code == "property" else code for code in (lead, *others))
    further = set(others) - {lead}
    return ("joint" if further else "direct"), {lead, *further}
