"""Writing to the timeline and reading it."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

import cast as players
from chenyue.core.actors import SYSTEM, Actor
from chenyue.timeline import queries, verbs
from chenyue.timeline.actions import Draft, record, record_many
from chenyue.timeline.hashing import canonical, entry_hash, plain
from chenyue.timeline.models import Chain, Entry, VisibleTo
from helpers import count, one_and_three

AT = players.NOW
LI = Actor("member", "7", "李敏")
pytestmark = pytest.mark.django_db


def test_first_entry_begins_a_chain() -> None:
    entry = record(subject="case:a", verb="test.done", by=LI, at=AT, data={"a": 1})
    entry.refresh_from_db()
    assert (entry.position, entry.previous) == (1, "")
    assert entry.hash == entry_hash(entry)
    chain = Chain.objects.get(subject="case:a")
    assert (chain.length, chain.head) == (1, entry.hash)


def test_each_entry_carries_the_hash_before_it() -> None:
    drafts = [Draft("case:b", "test.done"), Draft("case:c", "test.done"), Draft("case:b", "test.done")]
    first = record_many(drafts, by=LI, at=AT)
    second = record_many(drafts, by=LI, at=AT)
    of_b = [e for e in first + second if e.subject == "case:b"]
    assert [e.position for e in of_b] == [1, 2, 3, 4]
    assert [e.previous for e in of_b] == ["", *(e.hash for e in of_b[:-1])]
    assert Chain.objects.get(subject="case:c").head == second[1].hash


def test_two_statements_however_many_entries_and_subjects() -> None:
    assert count(lambda: record(subject="case:d", verb="test.done", by=LI, at=AT)) == 2
    many = [Draft(f"case:{n % 5}", "test.done") for n in range(30)]
    assert count(lambda: record_many(many, by=LI, at=AT)) == 2
    with transaction.atomic():
        assert count(lambda: record(subject="case:d", verb="test.done", by=LI, at=AT)) == 2
    assert record_many([], by=LI, at=AT) == []


@pytest.mark.parametrize(
    "data",
    [
        {"n": 1.0, "m": 1e22, "k": 0.1, "z": -0.0, "tiny": 1e-7},
        {"text": "NUL\x00 and a lone \ud800 surrogate", "emoji": "🚰", "quote": '"\\/'},
        {"list": (1, 2), "set": {"b", "a"}, "none": None, "yes": True, "at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"deep": {"b": [{"c": 1}], "a": ""}, "大": "小"},
    ],
)
def test_hash_holds_after_a_round_trip(data: dict[str, object]) -> None:
    entry = record(subject="case:e", verb="test.done", by=LI, at=AT, data=data)
    assert entry_hash(Entry.objects.get(pk=entry.pk)) == entry.hash


def test_what_json_cannot_carry_is_refused() -> None:
    with pytest.raises(TypeError):
        plain({"n": float("nan")})
    assert canonical({"b": 1, "a": "水"}) == '{"a":"水","b":1}'.encode()


def test_rolled_back_with_its_act() -> None:
    with transaction.atomic():
        record(subject="case:f", verb="test.done", by=LI, at=AT)
        transaction.set_rollback(True)
    assert not Entry.objects.filter(subject="case:f").exists()
    assert not Chain.objects.filter(subject="case:f").exists()


def test_model_refuses_changes() -> None:
    entry = record(subject="case:g", verb="test.done", by=LI, at=AT)
    for attempt in (
        entry.save,
        entry.delete,
        lambda: Entry.objects.filter(pk=entry.pk).update(verb="x"),
        lambda: Entry.objects.all().delete(),
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize("sql", ["UPDATE timeline_entry SET verb = 'x'", "DELETE FROM timeline_entry"])
def test_database_refuses_changes(sql: str) -> None:
    record(subject="case:h", verb="test.done", by=LI, at=AT)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.filter(subject="case:h", verb="test.done").exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_database_refuses_truncate() -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE timeline_entry")


def test_readers_see_their_levels() -> None:
    for level in VisibleTo:
        record(subject="case:i", verb="test.done", by=LI, at=AT, visible_to=level)
    for level, seen in [("resident", 1), ("unit", 2), ("office", 3), ("sealed", 4)]:
        assert len(queries.entries("case:i", queries.visible_for(level))) == seen


def test_residents_read_no_names_of_others() -> None:
    other = Actor("resident", "A-2", "陈大明 13800000001")
    record(subject="case:j", verb="test.secret", by=other, at=AT, visible_to="resident", data={"phone": "13800000001"})
    record(subject="case:j", verb="test.done", by=LI, at=AT, visible_to="resident")
    record(subject="case:j", verb="test.note", by=LI, at=AT, visible_to="office", data={"words": "内部备注"})
    lines = queries.entries("case:j", {"resident"})
    assert len(lines) == 2
    shown = repr(lines)
    assert "陈大明" not in shown
    assert "李敏" not in shown
    assert "1380000" not in shown
    assert "内部备注" not in shown
    assert "李敏" in repr(queries.entries("case:j", {"resident", "unit", "office"}))


def test_sentences_come_from_registered_verbs() -> None:
    verbs.register("test.said", lambda data: f"{data['who']} 说了话", tone="done", words_for=lambda data: data["words"])
    try:
        record(subject="case:k", verb="test.said", by=LI, at=AT, data={"who": "某科", "words": "已修好"})
        record(subject="case:k", verb="test.said", by=LI, at=AT, data={})
        record(subject="case:k", verb="test.unheard", by=LI, at=AT, data={"x": "secret"})
        unheard, broken, said = queries.entries("case:k", {"office"})
        assert (said.sentence, said.words, said.tone) == ("某科 说了话", "已修好", "done")
        assert unheard.sentence == broken.sentence == verbs.sentence("nothing", {})
        assert "secret" not in unheard.sentence
    finally:
        verbs._verbs.pop("test.said")


def test_pages_by_id_and_reads_in_one_statement() -> None:
    many = record_many([Draft("case:l", "test.done") for _ in range(5)], by=LI, at=AT)
    first = queries.entries("case:l", {"office"}, limit=2)
    assert [line.position for line in first] == [5, 4]
    rest = queries.entries("case:l", {"office"}, limit=9, before=first[-1].id)
    assert [line.position for line in rest] == [3, 2, 1]
    assert len(queries.entries(["case:l", "case:none"], {"office"})) == len(many)
    one_and_three(
        lambda: queries.entries("case:m", {"office"}),
        lambda: record(subject="case:m", verb="test.done", by=LI, at=AT),
        1,
    )


def test_auditor_filters_and_never_reads_the_sealed() -> None:
    record(subject="case:n", verb="test.done", by=LI, at=AT)
    record(subject="case:n", verb="test.sealed", by=LI, at=AT, visible_to="sealed")
    record(subject="office", verb="other.done", by=SYSTEM, at=AT)
    found = queries.audit(subject="case:n")
    assert [row["verb"] for row in queries.export_rows(found)] == [queries.SEALED, "test.done"]
    assert [row["verb"] for row in queries.export_rows(found, sealed=True)] == ["test.sealed", "test.done"]
    assert queries.audit(verb="test.", actor_key="7", since=AT, subject="case:n").count() == 1
    assert not queries.audit(subject="case:n", until=AT).exists()
    assert next(queries.export_rows(found))["hash"] == found[0].hash
