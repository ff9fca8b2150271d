"""The benchmark measures what it says: rows like real ones, statements counted, budgets kept in statements."""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
CASES = 60


@pytest.fixture(autouse=True)
def _importable() -> Iterator[None]:
    sys.path.insert(0, str(ROOT))
    yield
    sys.path.remove(str(ROOT))


@pytest.fixture
def filled(cast: Any) -> Any:
    """A small office of generated cases, one of them with a long history."""
    from bench.bulk import settle_sequences

    from bench import generate

    generator = generate.Generator(CASES)
    generator.run()
    generator.count_on()
    settle_sequences(generator.models)
    return generator


def test_hash_is_the_timelines_own() -> None:
    from bench.generate import hash_of

    from chenyue.timeline.hashing import entry_hash

    at = datetime(2026, 11, 22, 8, 40, tzinfo=UTC)
    said = {"subject": "case:1", "position": 2, "verb": "case.closed", "visible_to": "unit", "previous": "ab"}
    entry = SimpleNamespace(actor_kind="system", actor_key="system", actor_label="", data={}, at=at, **said)
    assert hash_of("case:1", 2, "case.closed", at, "unit", "ab") == entry_hash(entry)


@pytest.mark.django_db
def test_generated_cases_are_like_real_ones(filled: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from chenyue.cases import queries
    from chenyue.cases.models import Appeal, Case
    from chenyue.cases.progress import progress
    from chenyue.people.models import Member

    assert Case.objects.count() == Appeal.objects.count() == CASES
    for table in filled.tables.values():
        for row in table.model.objects.all():
            row.clean_fields(exclude={f.name for f in table.fields if getattr(row, f.attname) in f.empty_values})
    call_command("verify_timeline")
    appeal = Appeal.objects.select_related("reporter", "case").order_by("pk")[7]
    assert appeal.reporter is not None and appeal.reporter.phone.startswith("199")
    shown = progress(appeal.receipt.lower())
    assert shown is not None and shown.appeal == appeal and shown.entries
    li = Member.objects.select_related("unit").get(username="li")
    assert appeal.case in queries.find(li, appeal.case.title[:4], limit=CASES).rows
    capsys.readouterr()


@pytest.mark.django_db
def test_statements_keep_their_budgets(filled: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = "bench.urls"
    from bench.budgets import BUDGETS
    from bench.count import count_all
    from bench.office import Office

    office = Office()
    counted = count_all(office, office.scenarios())
    assert counted.keys() == BUDGETS.keys()
    dear = {name: (found.sql, found.said) for name, found in counted.items() if found.sql > BUDGETS[name].sql}
    assert not dear


def test_a_verdict() -> None:
    from bench.budgets import figures, growth

    page = {"sql": 9, "cpu_ms": 9.0, "p95_ms": 50.0, "ratio": 0.5}
    found = {f.name: f.kept for f in figures({"pages": {"list": page}})}
    assert found == {"SQL": False, "CPU ms": True, "p95 ms": True, "ratio": True}
    dearer = {"pages": {"list": page | {"cpu_ms": 12.0}}}
    (grown,) = growth({"pages": {"list": page}}, dearer)
    assert not grown.kept


def test_asks_are_forms_of_their_own() -> None:
    from bench.asks import File

    office = SimpleNamespace(buildings=[(1, "金桂苑1幢")], began="")
    one, other = (File(office).ask(random.Random(1)).form for _ in range(2))
    assert one and other and one["idempotency_key"] != other["idempotency_key"]


def test_results_of_other_benchmarks_are_left_out_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bench import report

    kept = report.RESULTS / "sqlite-100000.json"
    (tmp_path / kept.name).write_text(kept.read_text())
    (tmp_path / "stewards.json").write_text('{"seconds": 1}')
    page = tmp_path / "bench.md"
    page.write_text(f"# Speed\n\n{report.MARK}\nTO BE REPLACED\n")
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "PAGE", page)
    report.write_page()
    assert page.read_text().startswith("# Speed") and "100,000 cases on SQLite" in page.read_text()
    assert "TO BE REPLACED" not in page.read_text()
