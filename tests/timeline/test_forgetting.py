"""Words that were said can be deleted; that something was said, when and by whom can't, and the chain proves it."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import cast as players
from chenyue.core.actors import Actor
from chenyue.timeline import queries, saying, seals
from chenyue.timeline.actions import Draft, forget_words, record, record_many
from chenyue.timeline.models import Entry, VisibleTo
from chenyue.timeline.verify import Fault, faults

AT = players.NOW
LI = Actor("member", "7", "李敏")
pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[Entry]:
    told = ["陈大明说明天在家", "已联系施工队", "", "陈大明的电话打不通"]
    drafts = [Draft("case:t", "case.contact_words", {"words": words, "n": n}) for n, words in enumerate(told)]
    return record_many(drafts, by=LI, at=AT)


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def found() -> list[tuple[str, int | None, str]]:
    return [(f.subject, f.position, f.sentence) for f in faults() if isinstance(f, Fault)]


def words() -> list[str]:
    return [line.words for line in reversed(queries.entries("case:t", queries.visible_for("office")))]


def test_words_stand_beside_the_entry_and_are_read_as_ever(chain: list[Entry]) -> None:
    assert words() == ["陈大明说明天在家", "已联系施工队", "", "陈大明的电话打不通"]
    assert "陈大明" not in repr(list(Entry.objects.values_list("data", "hash")))
    assert found() == []
    (row,) = queries.export_rows(Entry.objects.filter(pk=chain[0].pk))
    assert saying.commitment(row["said"]) == row["data"]["words"]["said"], "an export can be checked on its own"


def test_what_names_a_person_is_blanked_and_the_chain_holds(chain: list[Entry]) -> None:
    seals.seal(AT)
    assert forget_words("case:t", lambda said: "陈大明" in said, by=LI, at=AT) == 2
    gone = str(saying.GONE)
    assert words() == [gone, "已联系施工队", "", gone, ""]
    assert found() == []
    assert "陈大明" not in repr(list(Entry.objects.values_list("data", "said")))
    last = Entry.objects.filter(subject="case:t").latest("position")
    assert (last.verb, last.data) == ("timeline.words_forgotten", {"positions": [1, 4]})
    assert forget_words("case:t", lambda said: "陈大明" in said, by=LI, at=AT) == 0, "once is enough"


def test_blanking_without_an_entry_shows(chain: list[Entry]) -> None:
    sql("UPDATE timeline_entry SET said = NULL WHERE id = %s", chain[1].pk)
    assert [(subject, position) for subject, position, _why in found()] == [("case:t", 2)]


@pytest.mark.parametrize(
    "change",
    [
        'said = \'{"words": "别的话", "salt": "00"}\'',
        "said = NULL, verb = 'x'",
        "said = NULL, data = '{}'",
        "said = NULL, hash = 'x'",
        "said = NULL, at = '2020-01-01 00:00:00+00:00'",
        "said = NULL, actor_label = '别人'",
        "said = NULL, position = 99",
        "verb = 'x'",
    ],
)
def test_nothing_but_blanking_passes_the_triggers(chain: list[Entry], change: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(f"UPDATE timeline_entry SET {change} WHERE id = %s", chain[0].pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql("DELETE FROM timeline_entry WHERE id = %s", chain[0].pk)
    assert words()[0] == "陈大明说明天在家"


def test_blanked_words_are_never_filled_again(chain: list[Entry]) -> None:
    said = json.dumps(Entry.objects.get(pk=chain[0].pk).said)
    forget_words("case:t", lambda told: "明天" in told, by=LI, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql("UPDATE timeline_entry SET said = %s WHERE id = %s", said, chain[0].pk)


def test_other_words_behind_the_triggers_back_are_found(chain: list[Entry]) -> None:
    from chenyue.timeline import triggers

    triggers.remove(connection, heads=False)
    sql("UPDATE timeline_entry SET said = %s WHERE id = %s", '{"words": "别的话", "salt": "00"}', chain[0].pk)
    assert [(subject, position) for subject, position, _why in found()] == [("case:t", 1)]


def test_an_auditor_sees_that_something_sealed_exists_and_not_what(cast: Any, client_of: Any) -> None:
    data = {"words": "调解员单独会谈的内容"}
    record(subject="mediation:1", verb="case.noted", by=LI, at=AT, data=data, visible_to=VisibleTo.SEALED)
    client = client_of(cast.audit)
    page = client.get("/desk/audit/?subject=mediation:").content.decode()
    assert "密封" in page
    for hidden in ("单独会谈", "李敏", "case.noted"):
        assert hidden not in page
    for probe in ("verb=case.noted", "actor=7"):
        assert "mediation:1" not in client.get(f"/desk/audit/?{probe}").content.decode(), "not found by what it says"
    lines = b"".join(client.get("/desk/audit/export/?format=jsonl&subject=mediation:").streaming_content).decode()
    row = json.loads(lines.splitlines()[0])
    assert (row["verb"], row["data"], row["said"], row["actor_label"]) == ("timeline.sealed", {}, None, "")
    assert row["hash"] == Entry.objects.get(subject="mediation:1").hash
    assert found() == []


def test_an_auditor_who_was_granted_it_reads_it(cast: Any, client_of: Any) -> None:
    data = {"words": "调解员单独会谈的内容"}
    record(subject="mediation:1", verb="case.noted", by=LI, at=AT, data=data, visible_to=VisibleTo.SEALED)
    cast.audit.grants.update(sensitivity="sealed")
    page = client_of(cast.audit).get("/desk/audit/?verb=case.noted").content.decode()
    assert "单独会谈" in page
