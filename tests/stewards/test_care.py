"""The care list: who may read it, the look at a number, two for one home, forgetting."""

from typing import Any

import pytest

from cast import NOW, Cast
from chenyue.core.errors import NotFound, Refusal
from chenyue.people.models import Look, Resident
from chenyue.stewards import care, numbers
from chenyue.stewards.models import CareEntry
from chenyue.timeline.models import Entry
from stewards.doors_stage import NAME, PHONE, cared, left, neighbour, next_door, own, visited

pytestmark = pytest.mark.django_db


def refused(cast: Cast, **wrong: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        cared(cast, **wrong)
    return found.value


def test_a_home_is_written_down_and_its_number_registered_once(cast: Cast) -> None:
    entry = cared(cast, " 401室 ")
    assert (entry.room, entry.name, entry.phone) == ("401", NAME, PHONE)
    assert entry.resident == Resident.objects.get()
    assert Entry.objects.get(subject=entry.subject).verb == "care.added"
    assert NAME not in str(Entry.objects.get(subject=entry.subject).data)


def test_what_is_stored_can_not_be_read_from_the_table(cast: Cast) -> None:
    from django.db import connection

    cared(cast, note="钥匙在邻居家")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, note FROM stewards_careentry")
        row = " ".join(cursor.fetchone())
    assert NAME not in row and PHONE not in row and "邻居" not in row


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"room": ""}, "room"),
        ({"room": "4" * 21}, "room"),
        ({"reasons": []}, "reasons"),
        ({"reasons": ["rich"]}, "reasons"),
        ({"birthday": "13-01"}, "birthday"),
        ({"every_days": 0}, "every_days"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_can_not_be_so_is_said_at_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    assert refused(cast, **wrong).field == field
    assert not CareEntry.objects.exists()


def test_one_entry_a_home(cast: Cast) -> None:
    entry = cared(cast)
    assert refused(cast).code == "twice"
    care.stop(entry=entry, by=cast.wang.actor(), at=NOW)
    cared(cast)
    with pytest.raises(Refusal) as twice:
        care.back(entry=entry, by=cast.wang.actor(), at=NOW)
    assert twice.value.code == "twice"


def test_stopped_and_back(cast: Cast) -> None:
    entry, by = cared(cast), cast.wang.actor()
    care.stop(entry=entry, by=by, at=NOW)
    care.stop(entry=entry, by=by, at=NOW)
    assert not care.list_of([own(cast).pk]).exists()
    care.back(entry=entry, by=by, at=NOW)
    assert list(care.list_of([own(cast).pk])) == [entry]
    verbs = list(Entry.objects.filter(subject=entry.subject).order_by("position").values_list("verb", flat=True))
    assert verbs == ["care.added", "care.stopped", "care.back"]


def test_the_number_stays_goes_or_is_another(cast: Cast) -> None:
    entry, by = cared(cast), cast.wang.actor()

    def change(phone: str | None) -> CareEntry:
        facts = care.Facts("401", NAME, phone, ["alone"])
        return care.save(entry=entry, building_id=entry.building_id, facts=facts, by=by, at=NOW)

    assert change(None).phone == PHONE
    assert change("13655550124").phone == "13655550124"
    gone = change("")
    assert (gone.phone, gone.resident) == ("", None)


def test_the_steward_next_door_sees_and_changes_nothing(cast: Cast) -> None:
    entry, by = cared(cast), neighbour(cast).actor()
    facts = care.Facts("401", reasons=["alone"])
    for act in (
        lambda: care.entry_for(by.user, entry.pk),
        lambda: care.stop(entry=entry, by=by, at=NOW),
        lambda: care.reveal(entry=entry, reason="想看看", by=by, at=NOW),
        lambda: care.save(entry=entry, building_id=next_door(cast).pk, facts=facts, by=by, at=NOW),
        lambda: care.save(entry=None, building_id=own(cast).pk, facts=facts, by=by, at=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert CareEntry.objects.get().active
    assert not Look.objects.exists()


@pytest.mark.parametrize("who", ["li", "lin", "sun", "admin", "audit", "zhou"])
def test_who_looks_after_no_building_has_no_list(cast: Cast, who: str) -> None:
    entry = cared(cast)
    with pytest.raises(NotFound):
        care.entry_for(getattr(cast, who), entry.pk)


def test_a_number_is_masked_until_somebody_says_why_and_that_is_kept(cast: Cast) -> None:
    entry, wang = cared(cast), cast.wang
    assert numbers.contact(entry, wang, NOW) == numbers.Contact("136****0123", True)
    with pytest.raises(Refusal) as no_reason:
        care.reveal(entry=entry, reason=" ", by=wang.actor(), at=NOW)
    assert no_reason.value.field == "reason"
    care.reveal(entry=entry, reason="敲门没人应", by=wang.actor(), at=NOW)
    assert numbers.contact(entry, wang, NOW) == numbers.Contact(PHONE, False)
    assert numbers.contact(entry, cast.zhao, NOW).masked, "who looked, and nobody else"
    assert Look.objects.get().subject == entry.subject
    assert Entry.objects.filter(subject=entry.subject, verb="people.contact_revealed").exists()


def test_a_locked_person_is_not_shown(cast: Cast) -> None:
    entry = cared(cast)
    Resident.objects.update(locked_at=NOW)
    with pytest.raises(Refusal) as locked:
        care.reveal(entry=entry, reason="敲门没人应", by=cast.wang.actor(), at=NOW)
    assert locked.value.code == "no_number"


def test_forgotten_with_the_person_and_told_to_them_before(cast: Cast) -> None:
    from chenyue.people.actions import erase_resident
    from chenyue.stewards import forgetting_doors

    entry = cared(cast, note="耳背")
    visit = visited(cast, words=f"{NAME}说腿疼")
    word = left(cast, name=NAME, resident=entry.resident, words=f"我是{NAME}，电话{PHONE}")
    visit.refresh_from_db()
    copy = forgetting_doors.copy_of(entry.resident)
    assert [row["kind"] for row in copy] == ["care", "words"]
    assert copy[0]["note"] == "耳背" and copy[0]["visits"] == [visit.at.isoformat()]
    erase_resident(resident=entry.resident, by=cast.zhao.actor(), at=NOW)
    for row in (entry, visit, word):
        row.refresh_from_db()
    assert (entry.name, entry.phone, entry.note, entry.active) == ("", "", "", False)
    assert NAME not in visit.words + word.words and PHONE not in word.words
    assert (word.name, word.phone) == ("", "")
