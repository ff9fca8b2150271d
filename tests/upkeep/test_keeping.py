"""How long things are kept: a trial that changes nothing, two people, what is held, and a history that still proves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import stories
from cast import NOW, Cast
from chenyue.cases.models import Case
from chenyue.core import keeping, office
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.mediation.lifecycle import Stage
from chenyue.mediation.models import Dossier, Mediation, Party
from chenyue.notify.models import Message
from chenyue.people.chores import clean
from chenyue.people.models import DataRequest, Look, Resident
from chenyue.timeline.models import Entry
from chenyue.timeline.verify import Fault, faults
from chenyue.upkeep.keeping import deciding, papers_kept, people_kept, showing, turns
from chenyue.upkeep.keeping.words import SAID
from chenyue.upkeep.models import KeepHold, KeepRequest
from helpers import one_and_three
from mediation import stage as mediation

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
PAGE = reverse("upkeep:keeping")
CONTACTS = people_kept.NAME
LATER = NOW + timedelta(days=400)


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"upkeep:{name}", args=args), data | {"idempotency_key": token()})


def ended(cast: Cast, at: datetime = NOW) -> Any:
    """A matter of 陈 that was closed at this moment."""
    filed = stories.filed(cast, at=at)
    Case.objects.filter(pk=filed.case.pk).update(state="closed", touched_at=at, closed_at=at)
    return filed


def looked(at: datetime = LATER) -> tuple[int, int]:
    found = people_kept.look(at - timedelta(days=365), at)
    return found.rows, found.held


def in_force(cast: Cast, kind: str, days: int, at: datetime = LATER) -> None:
    row = deciding.ask(kind=kind, days=days, reason="按本办规定", by=cast.admin.actor(), at=at)
    deciding.agree(request=row, by=cast.zhao.actor(), at=at)


def test_every_kind_says_what_becomes_of_it_and_why() -> None:
    assert set(keeping.kinds()) == set(SAID)
    for name, kind in keeping.kinds().items():
        assert kind.days >= kind.least > 0, name
        assert not kind.asks or SAID[name].held, name


def test_the_law_s_least_holds_whatever_is_chosen(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        deciding.choose(kind="people.sign_ins", days=182, by=cast.admin.actor(), at=NOW)
    assert refused.value.field == "days"
    office.put(keep_days={"people.sign_ins": 1})
    assert keeping.days("people.sign_ins") == 183
    deciding.choose(kind="people.sign_ins", days=200, by=cast.admin.actor(), at=NOW)
    assert keeping.days("people.sign_ins") == 200
    assert Entry.objects.filter(subject="office", verb="office.changed").exists()


def test_what_is_tidied_by_night_leaves_a_tombstone_without_names(cast: Cast) -> None:
    filed = stories.filed(cast)
    Look.objects.create(
        member=cast.li, resident=filed.appeal.reporter, reason="回访", subject=filed.case.subject, at=NOW, until=NOW
    )
    later = NOW + timedelta(days=3 * 365 + 1)
    assert clean(later)["looks"] == 1
    entry = Entry.objects.get(verb="upkeep.keep_removed")
    assert (entry.subject, entry.data["kind"], entry.data["rows"]) == (deciding.SUBJECT, "people.looks", 1)
    assert "陈" not in str(entry.data)
    assert clean(later + timedelta(days=1))["looks"] == 0
    assert Entry.objects.filter(verb="upkeep.keep_removed").count() == 1


def test_a_trial_counts_and_removes_nothing(cast: Cast, client_of: Clients) -> None:
    filed = ended(cast)
    assert looked() == (1, 0)
    before = Entry.objects.count()
    shown = client_of(cast.zhao).get(reverse("upkeep:keeping-kind", args=[CONTACTS]), {"days": "180"})
    assert shown.status_code == 200 and cast.chen.name not in shown.content.decode()
    assert Entry.objects.count() == before and turns.turn(LATER) == {}
    assert Resident.objects.get(pk=filed.appeal.reporter_id).name == cast.chen.name


def test_contact_data_goes_after_two_have_agreed_and_the_record_stays(cast: Cast) -> None:
    filed = ended(cast)
    in_force(cast, CONTACTS, 365)
    gone = Resident.objects.get(pk=filed.appeal.reporter_id)
    assert turns.turn(LATER) == {CONTACTS: 1}
    gone.refresh_from_db()
    assert (gone.name, gone.phone, bool(gone.erased_at)) == ("", "", True)
    assert Case.objects.get(pk=filed.case.pk).state == "closed"
    stone = Entry.objects.get(verb="upkeep.keep_removed")
    assert stone.data["rows"] == 1 and stone.data["days"] == 365 and stone.data["batch"].startswith(CONTACTS)
    assert turns.turn(LATER + timedelta(hours=1)) == {}
    assert not [fault for fault in faults() if isinstance(fault, Fault)]


def open_again(filed: Any, cast: Cast) -> None:
    Case.objects.filter(pk=filed.case.pk).update(state="handling")


def told_again(filed: Any, cast: Cast) -> None:
    stories.filed(cast, at=LATER - timedelta(days=10), words="楼道的灯又坏了，还是三单元。")


@pytest.mark.parametrize("happens", [open_again, told_again])
def test_whose_matter_is_open_or_recent_is_not_over_their_time(cast: Cast, happens: Any) -> None:
    happens(ended(cast), cast)
    assert looked() == (0, 0)


def locked(filed: Any, cast: Cast) -> None:
    Resident.objects.filter(pk=filed.appeal.reporter_id).update(locked_at=NOW)


def asked(filed: Any, cast: Cast) -> None:
    DataRequest.objects.create(resident=filed.appeal.reporter, kind="copy", asked_at=NOW)


def held(filed: Any, cast: Cast) -> None:
    deciding.hold(number=filed.case.number, reason="行政诉讼中", by=cast.zhao.actor(), at=NOW)


def quarrels(filed: Any, cast: Cast) -> None:
    party = mediation.stage(cast).applicant
    Party.objects.filter(pk=party.pk).update(resident=filed.appeal.reporter)


@pytest.mark.parametrize("happens", [locked, asked, held, quarrels])
def test_what_goes_on_or_is_held_keeps_somebody(cast: Cast, happens: Any) -> None:
    filed = ended(cast)
    happens(filed, cast)
    assert looked() == (0, 1)
    assert people_kept.remove(LATER - timedelta(days=365), LATER).rows == 0
    assert Resident.objects.get(pk=filed.appeal.reporter_id).name == cast.chen.name


def test_a_hold_is_lifted_and_its_time_counts_again(cast: Cast) -> None:
    held(ended(cast), cast)
    row = KeepHold.objects.get()
    deciding.lift(held=row, by=cast.admin.actor(), at=NOW)
    assert looked() == (1, 0)
    with pytest.raises(Conflict):
        deciding.lift(held=row, by=cast.admin.actor(), at=NOW)


def test_every_table_that_names_a_resident_is_thought_of_or_holds() -> None:
    named = {model._meta.label for model, _field in people_kept._naming()}
    assert set(people_kept.OVER) | people_kept.SILENT <= named
    assert {"volunteering.Account", "mediation.Party", "works.Owner"} <= named


def letter(about: str, state: str = "sent", at: datetime = NOW) -> Message:
    return Message.objects.create(
        key=token(), channel="sms", template="x", address="13800000001", body="您好", about=about, state=state,
        created_at=at,
    )  # fmt: skip


def test_letters_lose_address_and_words_but_not_those_of_an_open_case(cast: Cast) -> None:
    done, running = ended(cast), stories.filed(cast, words="井盖又坏了，就在公交站旁边。")
    Message.objects.all().delete()
    old, open_, waits = (
        letter(done.case.subject), letter(running.case.subject), letter(done.case.subject, "queued")
    )  # fmt: skip
    fresh = letter(done.case.subject, at=LATER)
    before = LATER - timedelta(days=365)
    found = papers_kept.look_at_letters(before, LATER)
    assert (found.rows, found.held, found.oldest) == (1, 1, NOW)
    assert papers_kept.empty_letters(before, LATER).rows == 1
    texts = {row.pk: (row.address, row.body) for row in Message.objects.all()}
    assert texts.pop(old.pk) == ("", "")
    assert texts == {row.pk: ("13800000001", "您好") for row in (open_, waits, fresh)}


def test_parties_lose_contact_data_once_the_dossier_is_in_the_archive(cast: Cast) -> None:
    here = mediation.stage(cast)
    here.at_stage(Stage.TERMINATED)
    Mediation.objects.filter(pk=here.mediation.pk).update(ended_at=NOW)
    before = LATER - timedelta(days=365)
    assert papers_kept.look_at_parties(before, LATER).held == 2
    assert papers_kept.empty_parties(before, LATER).rows == 0
    Dossier.objects.create(
        mediation=here.mediation, number=1, file_number="1", title="卷", asked_at=NOW, archived_at=NOW, state="archived"
    )
    assert papers_kept.look_at_parties(before, LATER).rows == 2
    assert papers_kept.empty_parties(before, LATER).rows == 2
    party = Party.objects.get(pk=here.applicant.pk)
    assert (party.phone, party.phone_index, party.name) == ("", "", mediation.CHEN)


def test_nobody_agrees_with_themselves_and_one_is_enough_to_stop(cast: Cast) -> None:
    admin, zhao = cast.admin.actor(), cast.zhao.actor()
    row = deciding.ask(kind=CONTACTS, days=365, reason="按本办规定", by=admin, at=NOW)
    with pytest.raises(Refusal) as refused:
        deciding.agree(request=row, by=admin, at=NOW)
    assert refused.value.code == "same_person" and keeping.days(CONTACTS) == 0
    with pytest.raises(Conflict):
        deciding.ask(kind=CONTACTS, days=200, reason="再问一次", by=zhao, at=NOW)
    with pytest.raises(NotAllowed):
        deciding.agree(request=row, by=cast.li.actor(), at=NOW)
    deciding.agree(request=row, by=zhao, at=NOW)
    assert keeping.days(CONTACTS) == 365
    with pytest.raises(Conflict):
        deciding.refuse(request=row, by=zhao, at=NOW)
    deciding.stop(kind=CONTACTS, by=admin, at=NOW)
    assert keeping.days(CONTACTS) == 0


def test_the_pages_from_asking_to_the_stone(cast: Cast, client_of: Clients) -> None:
    admin, zhao = client_of(cast.admin), client_of(cast.zhao)
    ended(cast)
    assert "还没有删除或决定过什么" in admin.get(PAGE).content.decode()
    bad = send(admin, "keeping-ask", CONTACTS, days="30", reason="按本办档案保管规定")
    assert bad.status_code == 422 and "按本办档案保管规定" in bad.content.decode()
    assert send(admin, "keeping-ask", CONTACTS, days="365", reason="按本办档案保管规定").status_code == 303
    row = KeepRequest.objects.get()
    assert "待另一人审批" in admin.get(PAGE).content.decode()
    assert send(admin, "keeping-agree", row.pk).status_code == 303 and keeping.days(CONTACTS) == 0
    assert send(zhao, "keeping-agree", row.pk).status_code == 303 and keeping.days(CONTACTS) == 365
    assert "按本办档案保管规定" in zhao.get(PAGE).content.decode()
    assert send(zhao, "keeping-stop", CONTACTS).status_code == 303 and keeping.days(CONTACTS) == 0
    wrong = send(zhao, "keeping-hold", number="2026-0101-9999", reason="行政诉讼")
    assert wrong.status_code == 422 and "2026-0101-9999" in wrong.content.decode()


def test_the_list_costs_the_same_with_one_and_three(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.zhao)

    def add() -> None:
        number = stories.filed(cast, words=f"第{KeepHold.objects.count()}盏灯坏了，请来修。").case.number
        deciding.hold(number=number, reason="行政诉讼", by=cast.admin.actor(), at=NOW)

    one_and_three(lambda: client.get(PAGE), add, STATEMENTS)


STATEMENTS = 6


@pytest.mark.parametrize("who", ["wang", "li", "lin", "zhou"])
def test_nobody_else_looks_or_decides(cast: Cast, client_of: Clients, who: str) -> None:
    client = client_of(getattr(cast, who))
    row = deciding.ask(kind=CONTACTS, days=365, reason="按本办规定", by=cast.admin.actor(), at=NOW)
    assert client.get(PAGE).status_code in (403, 404)
    assert send(client, "keeping-agree", row.pk).status_code in (403, 404)
    assert send(client, "keeping-choose", "people.looks", days="2000").status_code in (403, 404)
    assert send(client, "keeping-hold", number="1", reason="行政诉讼").status_code in (403, 404)
    assert keeping.days(CONTACTS) == 0 and not KeepHold.objects.exists()


def test_backups_hold_it_as_long_as_their_rule_says() -> None:
    office.put(backup_keep={"days": 14, "weeks": 8, "months": 12})
    assert showing.backup_days() == 372
