"""Messages of our own that stay out of the lexicon: oblique, calm, loud, spoken. Floors, so that nothing gets worse.

They were written before triage had read them; the figures of that first reading are in docs/triage.md.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chenyue.triage import suggest
from chenyue.triage.blend import calibration_error
from chenyue.triage.suggestion import Suggestion

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


@pytest.fixture
def rows() -> list[tuple[dict[str, str], Suggestion]]:
    with (Path(__file__).parent / "data" / "held_out.csv").open(encoding="utf-8", newline="") as file:
        return [(row, suggest(row["text"], None, AT)) for row in csv.DictReader(file)]


def test_figures_hold(rows: list[tuple[dict[str, str], Suggestion]]) -> None:
    appeals = [(row, found) for row, found in rows if row["is_appeal"] == "1"]
    first = [found.categories[0].code == row["category_code"] for row, found in appeals]
    three = [row["category_code"] in [g.code for g in found.categories[:3]] for row, found in appeals]
    assert sum(first) / len(appeals) >= 0.92
    assert sum(three) / len(appeals) >= 0.97
    assert all(found.is_appeal for _row, found in appeals)
    assert sum(not found.is_appeal for row, found in rows if row["is_appeal"] == "0") >= 22
    pairs = [(found.categories[0].confidence, hit) for (_row, found), hit in zip(appeals, first, strict=True)]
    assert calibration_error(pairs) <= 0.1


def test_every_danger_is_heard_and_noise_is_not(rows: list[tuple[dict[str, str], Suggestion]]) -> None:
    grave = [row["text"] for row, found in rows if row["urgency"] == "emergency" and found.urgency != "emergency"]
    called = [row["urgency"] == "emergency" for row, found in rows if found.urgency == "emergency"]
    assert grave == []
    assert sum(called) / len(called) >= 0.93


def test_further_matters_are_offered(rows: list[tuple[dict[str, str], Suggestion]]) -> None:
    wanted = [(set(row["also"].split(";")), {g.code for g in found.further}) for row, found in rows if row["also"]]
    assert sum(bool(want & got) for want, got in wanted) >= len(wanted) // 2
    extra = [row["text"] for row, found in rows if not row["also"] and found.further]
    assert len(extra) <= 4
