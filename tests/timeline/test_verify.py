"""Tampering behind the triggers' back is found, and named."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet

import cast as players
from chenyue.core.actors import Actor
from chenyue.timeline import seals, triggers
from chenyue.timeline.actions import Draft, record, record_many
from chenyue.timeline.hashing import entry_hash
from chenyue.timeline.models import Chain, Entry, Seal
from chenyue.timeline.verify import Fault, faults

AT = players.NOW
LI = Actor("member", "7", "李敏")
pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[Entry]:
    """Four entries of one case, with a neighbour's beside them, behind dropped triggers."""
    entries = record_many([Draft("case:t", "test.done", {"n": n}) for n in range(4)], by=LI, at=AT)
    record(subject="case:u", verb="test.done", by=LI, at=AT)
    triggers.remove(connection, heads=False)
    return entries


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def found() -> list[tuple[str, int | None]]:
    return [(f.subject, f.position) for f in faults() if isinstance(f, Fault)]


def test_an_honest_timeline_passes(chain: list[Entry]) -> None:
    seals.seal(AT)
    assert found() == []
    out = StringIO()
    call_command("verify_timeline", stdout=out)
    assert "as it was written" in out.getvalue()


def test_changed_data(chain: list[Entry]) -> None:
    sql("UPDATE timeline_entry SET data = %s WHERE id = %s", '{"n": 99}', chain[1].pk)
    assert found() == [("case:t", 2)]


@pytest.mark.parametrize("column", ["verb", "actor_label", "visible_to", "actor_key"])
def test_changed_column(chain: list[Entry], column: str) -> None:
    sql(f"UPDATE timeline_entry SET {column} = 'x' WHERE id = %s", chain[2].pk)
    assert found() == [("case:t", 3)]


def test_changed_moment(chain: list[Entry]) -> None:
    QuerySet.update(Entry.objects.filter(pk=chain[0].pk), at=AT - timedelta(microseconds=1))
    assert found() == [("case:t", 1)]


def test_changed_and_hashed_anew(chain: list[Entry]) -> None:
    entry = chain[1]
    entry.data = {"n": 99}
    sql("UPDATE timeline_entry SET data = %s, hash = %s WHERE id = %s", '{"n": 99}', entry_hash(entry), entry.pk)
    assert found() == [("case:t", 3)]


def test_dropped_middle(chain: list[Entry]) -> None:
    sql("DELETE FROM timeline_entry WHERE id = %s", chain[1].pk)
    assert found() == [("case:t", 2)]


def test_dropped_tail(chain: list[Entry]) -> None:
    sql("DELETE FROM timeline_entry WHERE id = %s", chain[3].pk)
    assert found() == [("case:t", 4)]


def test_dropped_entries_whose_head_is_left(chain: list[Entry]) -> None:
    sql("DELETE FROM timeline_entry WHERE subject = 'case:t'")
    assert found() == [("case:t", 1)]


def test_dropped_head(chain: list[Entry]) -> None:
    sql("DELETE FROM timeline_chain WHERE subject = 'case:t'")
    assert found() == [("case:t", 1)]


def test_whole_chain_dropped_shows_by_the_seal(chain: list[Entry]) -> None:
    seals.seal(AT)
    sql("DELETE FROM timeline_entry WHERE subject = 'case:t'")
    sql("DELETE FROM timeline_chain WHERE subject = 'case:t'")
    [(subject, position)] = found()
    assert subject.startswith("seal:")
    assert position is None
    with pytest.raises(CommandError, match="seal:"):
        call_command("verify_timeline", stdout=StringIO(), stderr=StringIO())


def test_tail_dropped_with_its_head_set_back_shows_by_the_seal(chain: list[Entry]) -> None:
    seals.seal(AT)
    sql("DELETE FROM timeline_entry WHERE id = %s", chain[3].pk)
    sql("UPDATE timeline_chain SET length = 3, head = %s WHERE subject = 'case:t'", chain[2].hash)
    assert [s.split(":")[0] for s, _p in found()] == ["seal"]


def test_whole_chain_rewritten_shows_by_the_seal(chain: list[Entry]) -> None:
    seals.seal(AT)
    previous = ""
    for entry in chain:
        entry.data, entry.previous = {"n": "forged"}, previous
        previous = entry.hash = entry_hash(entry)
        sql(
            "UPDATE timeline_entry SET data = %s, previous = %s, hash = %s WHERE id = %s",
            '{"n": "forged"}', entry.previous, entry.hash, entry.pk,
        )  # fmt: skip
    sql("UPDATE timeline_chain SET head = %s WHERE subject = 'case:t'", previous)
    assert [s.split(":")[0] for s, _p in found()] == ["seal"]


def test_slipped_in(chain: list[Entry]) -> None:
    forged = Entry(
        subject="case:t", position=5, verb="test.done", actor_kind="member", at=AT, visible_to="office",
        previous=chain[3].hash,
    )  # fmt: skip
    forged.hash = entry_hash(forged)
    Entry.objects.bulk_create([forged])
    assert found() == [("case:t", 5)]


def test_forged_seal(chain: list[Entry]) -> None:
    seals.seal(AT)
    record(subject="case:v", verb="test.done", by=LI, at=AT)
    seals.seal(AT + timedelta(days=1))
    sql("DELETE FROM timeline_entry WHERE subject = 'case:u'")
    sql("DELETE FROM timeline_chain WHERE subject = 'case:u'")
    first = Seal.objects.order_by("pk")[0]
    count, digest = seals.fingerprint(first.first_id, first.last_id)
    sql("UPDATE timeline_seal SET entries = %s, digest = %s WHERE id = %s", count, digest, first.pk)
    assert [s.split(":")[0] for s, _p in found()] == ["seal"]


def test_seals_cover_everything_once() -> None:
    seals.seal(AT)
    before = Seal.objects.count()
    assert seals.seal(AT) == "nothing new"
    record(subject="case:w", verb="test.done", by=LI, at=AT)
    assert seals.seal(AT) == "1 entries"
    last, earlier = Seal.objects.order_by("-pk")[:2] if before else [Seal.objects.get(), None]
    if earlier:
        assert last.first_id == earlier.last_id + 1
        assert last.previous == earlier.mac


def test_entries_written_meanwhile_are_no_fault(chain: list[Entry]) -> None:
    walk = faults()
    stale = Chain.objects.get(subject="case:t")
    record(subject="case:t", verb="test.done", by=LI, at=AT)
    from chenyue.timeline.verify import _batch

    assert list(_batch([stale])) == []
    assert [f for f in walk if isinstance(f, Fault)] == []
