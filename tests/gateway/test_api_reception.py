"""Reception and roster by the API: what is done by hand there, by whoever receives, and by nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.models import Appeal
from chenyue.core.ids import token as key
from chenyue.people.models import Consent
from chenyue.reception import venues
from chenyue.reception.models import DayChange, Leave, Shift, Sitting, SittingReport, Ticket, Visit, WaitEntry, Wish
from chenyue.timeline.models import Entry
from gateway.api_stage import Program, program
from helpers import one_and_three
from reception import roster_rows, venue_rows
from reception.queue_stage import opened, sitting, venue

pytestmark = pytest.mark.django_db
SHEET = {"words": "金桂苑1幢2单元楼道灯坏了三天", "name": "陈大明", "phone": "13800000001"}


@pytest.fixture
def li(cast: Cast) -> Program:
    return program(cast, cast.li)


def test_a_sitting_from_its_opening_to_its_end(cast: Cast, li: Program) -> None:
    row = sitting(timezone.now() - timedelta(minutes=10))
    here = f"/reception/sittings/{row.pk}"
    assert li.post(f"{here}/open")[1] == {"id": row.pk, "state": "open", "stopped": False}
    once = key()
    status, first = li.post(f"{here}/tickets", {"name": "陈大明", "priority": "elderly"}, once)
    assert status == 201 and first["state"] == "waiting" and "陈" not in str(first)
    assert li.post(f"{here}/tickets", {"name": "陈大明", "priority": "elderly"}, once) == (201, first), "a retry"
    assert Ticket.objects.count() == 1
    second = li.post(f"{here}/tickets", {"party": 3})[1]
    called = li.post(f"{here}/next", {"window": 2})[1]["ticket"]
    assert (called["id"], called["state"], called["window"]) == (first["id"], "called", 2)
    assert li.post(f"{here}/next", {"window": 2})[0] == 409, "one's own visitor is still there"
    assert li.post(f"/reception/tickets/{first['id']}/not-there")[1]["state"] == "held"
    queue = li.get(f"{here}/queue")[1]
    assert [t["id"] for t in queue["set_aside"]] == [first["id"]]
    assert [t["id"] for t in queue["waiting"]] == [second["id"]]
    assert li.post(f"/reception/tickets/{first['id']}/call", {"window": 1})[1]["window"] == 1
    assert li.post(f"/reception/tickets/{first['id']}/finish")[1]["state"] == "done"
    assert li.post(f"/reception/tickets/{first['id']}/undo")[1]["state"] == "in_visit"
    assert li.post(f"{here}/close", {"words": "顺利"})[0] == 422, "somebody is being heard"
    assert li.post(f"/reception/tickets/{first['id']}/finish")[0] == 200
    assert li.post(f"{here}/stop")[1]["stopped"] and not li.post(f"{here}/go-on")[1]["stopped"]
    assert li.post(f"{here}/close", {"words": "顺利"})[1]["state"] == "closed"
    assert SittingReport.objects.get(sitting=row).words == "顺利"
    assert "李敏 (市平台对接)" in Entry.objects.filter(verb="sitting.closed").values_list("actor_label", flat=True)
    assert li.get(f"/reception/tickets/{second['id']}")[1]["state"] == "unheard"


def test_the_sheet_files_an_appeal_once(cast: Cast, li: Program) -> None:
    row = opened(cast, timezone.now())
    ticket = li.post(f"/reception/sittings/{row.pk}/tickets", {})[1]["id"]
    assert li.post(f"/reception/tickets/{ticket}/sheet", SHEET)[0] == 409, "not at a window"
    li.post(f"/reception/sittings/{row.pk}/next", {})
    assert li.post(f"/reception/tickets/{ticket}/sheet", {"told": "已答复"})[0] == 422
    assert li.post(f"/reception/tickets/{ticket}/sheet", {"name": "陈"})[1]["errors"][0]["field"] == "words"
    six = SHEET | {"companions": [{"name": f"人{i}"} for i in range(6)]}
    assert li.post(f"/reception/tickets/{ticket}/sheet", six)[1]["code"] == "representatives"
    once = key()
    body = SHEET | {"place_id": cast.place("金桂苑1幢").pk, "companions": [{"name": "王五"}], "said": "家里的事"}
    status, found = li.post(f"/reception/tickets/{ticket}/sheet", body, once)
    assert status == 201 and li.post(f"/reception/tickets/{ticket}/sheet", body, once) == (201, found)
    voice = Appeal.objects.get()
    assert (voice.number, voice.receipt, voice.channel) == (found["appeal"], found["receipt"], "reception")
    visit = Visit.objects.get()
    assert visit.said == "家里的事" and visit.parties.get().name == "王五" and visit.ended_at is not None


def test_a_place_is_booked_with_consent(cast: Cast, li: Program) -> None:
    row = sitting((timezone.now() + timedelta(days=1)).replace(microsecond=0))
    here = f"/reception/sittings/{row.pk}"
    slot = li.get(f"{here}/slots")[1]["items"][0]
    body: dict[str, Any] = {"booked_for": slot["at"], "name": "陈大明", "phone": "13800000001"}
    assert li.post(f"{here}/bookings", body)[1]["errors"][0]["field"] == "consent_contact"
    status, found = li.post(f"{here}/bookings", body | {"consent_contact": True})
    assert status == 201 and found["state"] == "booked" and found["booked_for"] == slot["at"]
    assert Consent.objects.filter(resident=Ticket.objects.get().resident, text__purpose="contact").exists()
    assert li.post(f"{here}/bookings", body | {"consent_contact": True})[1]["code"] == "has_one"
    assert li.post(f"{here}/waiting", {"name": "王五"})[1]["code"] == "free"
    Sitting.objects.update(capacity=1)
    assert li.post(f"{here}/waiting", {"name": "王五"}) == (201, {"ahead": 0}) and WaitEntry.objects.count() == 1
    assert [t["id"] for t in li.get(f"{here}/queue")[1]["bookings"]] == [found["id"]]
    assert li.post(f"/reception/tickets/{found['id']}/cancel")[1]["state"] == "cancelled"


def test_a_sitting_is_called_off_with_its_reason(li: Program) -> None:
    row = sitting(timezone.now() + timedelta(days=1))
    assert li.post(f"/reception/sittings/{row.pk}/cancel", {"reason": ""})[1]["errors"][0]["field"] == "reason"
    assert li.post(f"/reception/sittings/{row.pk}/cancel", {"reason": "会议"})[1]["state"] == "cancelled"


def test_a_visitor_is_brought_to_a_unit(cast: Cast, li: Program) -> None:
    row = opened(cast, timezone.now())
    ticket = li.post(f"/reception/sittings/{row.pk}/tickets", {})[1]["id"]
    assert li.post(f"/reception/tickets/{ticket}/transfer", {"unit": "nobody"})[1]["errors"][0]["field"] == "unit"
    assert li.post(f"/reception/tickets/{ticket}/transfer", {"unit": "drainage"})[1]["state"] == "moved"


def office_of_turns(cast: Cast) -> tuple[list[Any], list[Shift]]:
    """Six people, two of them leading, and a week of mornings that begins tomorrow."""
    roster_rows.easy(cast.zhao.actor())
    staff = roster_rows.staff(6, leads=2)
    first = timezone.localdate() + timedelta(days=1)
    place = venue_rows.venue(members_needed=2)
    venue_rows.opening(place, on_holidays=True)
    venues.ensure_sittings(first, first + timedelta(days=6), timezone.now())
    week = list(Sitting.objects.filter(day__gte=first).order_by("starts_at"))
    turns = [roster_rows.shift(row, person) for row, person in ((week[0], staff[0]), (week[0], staff[2]))]
    return staff, [*turns, roster_rows.shift(week[2], staff[3])]


def test_a_swap_is_asked_for_agreed_and_approved(cast: Cast) -> None:
    staff, (_lead, mine, theirs) = office_of_turns(cast)
    words = ["reception.roster", "reception.serve", "case.see"]
    _give(staff[2].member, staff[3].member, staff[4].member)
    asks, other, third = (program(cast, staff[i].member, words) for i in (2, 3, 4))
    zhao = program(cast, cast.zhao)
    body = {"member_id": staff[3].member.pk, "in_return": theirs.pk, "words": "能换一下吗"}
    assert third.post(f"/reception/turns/{mine.pk}/swaps", body)[0] == 403, "not theirs to give away"
    status, swap = asks.post(f"/reception/turns/{mine.pk}/swaps", body)
    assert (status, swap["state"], swap["asked"]) == (201, "asked", staff[3].member.name)
    assert asks.post(f"/reception/swaps/{swap['id']}/approve")[0] == 403
    assert third.post(f"/reception/swaps/{swap['id']}/agree")[0] == 404, "none of their business"
    assert third.get("/reception/swaps")[1]["items"] == []
    assert [row["id"] for row in other.get("/reception/swaps")[1]["items"]] == [swap["id"]]
    assert other.post(f"/reception/swaps/{swap['id']}/agree")[1]["state"] == "agreed"
    assert zhao.post(f"/reception/swaps/{swap['id']}/approve")[1]["state"] == "approved"
    mine.refresh_from_db()
    assert mine.person_id == staff[3].pk and zhao.get("/reception/swaps")[1]["items"] == []


def _give(*members: Any) -> None:
    """Each sees cases of the office: what a token of theirs can carry at all."""
    from chenyue.people.models import Grant, Role

    for member in members:
        Grant.objects.create(member=member, role=Role.objects.get(code="unit_officer"))


def test_who_does_not_come_is_stood_in_for(cast: Cast) -> None:
    staff, (_lead, mine, _theirs) = office_of_turns(cast)
    _give(staff[2].member, staff[4].member)
    own, other, zhao = program(cast, staff[2].member), program(cast, staff[4].member), program(cast, cast.zhao)
    assert other.post(f"/reception/turns/{mine.pk}/absence", {"words": "病了"})[0] == 403
    assert own.post(f"/reception/turns/{mine.pk}/absence", {"words": "病了"})[1]["absent"]
    turn = next(row for row in other.get("/reception/turns")[1]["items"] if row["id"] == mine.pk)
    assert turn["absent"] and "病" not in str(turn), "why, stays with those who plan"
    assert own.post(f"/reception/turns/{mine.pk}/return")[1]["absent"] is False
    own.post(f"/reception/turns/{mine.pk}/absence", {})
    assert other.post(f"/reception/turns/{mine.pk}/stand-in", {"member_id": staff[5].member.pk})[0] == 403
    status, found = zhao.post(f"/reception/turns/{mine.pk}/stand-in", {"member_id": staff[5].member.pk})
    assert status == 201 and found["member"]["id"] == staff[5].member.pk
    assert other.post(f"/reception/turns/{mine.pk}/stand-in")[0] == 409, "somebody was faster"


def test_leave_and_wishes_are_ones_own(cast: Cast) -> None:
    staff, (_lead, _mine, _theirs) = office_of_turns(cast)
    _give(staff[2].member, staff[3].member)
    own, other, zhao = program(cast, staff[2].member), program(cast, staff[3].member), program(cast, cast.zhao)
    first = timezone.localdate() + timedelta(days=1)
    body = {"kind": "leave", "first": first.isoformat(), "last": (first + timedelta(days=3)).isoformat()}
    status, leave = own.post("/reception/leave", body)
    assert status == 201 and leave["turns"] == 1
    assert other.post("/reception/leave", body | {"member_id": staff[2].member.pk})[0] == 403
    assert other.get("/reception/leave")[1]["items"] == [] and len(zhao.get("/reception/leave")[1]["items"]) == 1
    assert other.post(f"/reception/leave/{leave['id']}/cancel")[0] == 404
    assert own.post(f"/reception/leave/{leave['id']}/cancel")[0] == 200
    assert Leave.objects.get().cancelled_at is not None
    wish = own.post("/reception/wishes", {"wanted": False, "weekday": 2, "part": "early"})[1]
    assert other.post(f"/reception/wishes/{wish['id']}/drop")[0] == 404 and Wish.objects.exists()
    assert own.post(f"/reception/wishes/{wish['id']}/drop")[0] == 200 and not Wish.objects.exists()
    assert zhao.post("/reception/wishes", {"wanted": True, "weekday": 2})[1]["code"] == "not_on_roster"


def test_a_venue_is_closed_for_a_day(cast: Cast) -> None:
    zhao, place = program(cast, cast.zhao), venue()
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    body = {"day": day, "closed": True, "venue_id": place.pk, "reason": "盘点"}
    assert program(cast, cast.lin).post("/reception/days", body)[0] == 403
    assert zhao.post("/reception/days", body | {"venue_id": 999_999})[0] == 422
    assert zhao.post("/reception/days", body | {"starts": "08:00:00Z", "ends": "09:00:00"})[0] == 422
    assert zhao.post("/reception/days", body)[0] == 200
    (row,) = zhao.get("/reception/days")[1]["items"]
    assert (row["venue_id"], row["closed"], row["reason"]) == (place.pk, True, "盘点")
    assert zhao.post(f"/reception/days/{row['id']}/usual")[0] == 200 and not DayChange.objects.exists()


@pytest.mark.parametrize("who", ["lin", "sun", "wang", "zhou"])
def test_nobody_else_works_at_the_queue(cast: Cast, who: str) -> None:
    row = opened(cast, timezone.now())
    ticket = program(cast, cast.li).post(f"/reception/sittings/{row.pk}/tickets", {"name": "陈大明"})[1]["id"]
    theirs = program(cast, getattr(cast, who))
    here, one = f"/reception/sittings/{row.pk}", f"/reception/tickets/{ticket}"
    calls: list[tuple[str, Any]] = [
        (f"{here}/open", {}), (f"{here}/close", {}), (f"{here}/cancel", {"reason": "不办了"}), (f"{here}/next", {}),
        (f"{here}/tickets", {}), (f"{here}/bookings", {"booked_for": timezone.now().isoformat()}),
        (f"{here}/waiting", {}), (f"{one}/call", {}), (f"{one}/transfer", {"unit": "drainage"}),
        (f"{one}/sheet", SHEET), (f"{one}/leave", {}), (f"{one}/check-in", {}),
    ]  # fmt: skip
    for path, body in calls:
        assert theirs.post(path, body)[0] in (403, 404), path
    for path in (one, f"{here}/slots", f"{here}/queue"):
        status, found = theirs.get(path)
        assert status in (403, 404) and cast.chen.name not in str(found), path
    assert (Ticket.objects.count(), Ticket.objects.get().state, Visit.objects.count()) == (1, "waiting", 0)


def test_a_token_that_only_reads_or_carries_other_words_does_nothing(cast: Cast) -> None:
    row = opened(cast, timezone.now())
    reads = program(cast, cast.li, read_only=True)
    assert reads.get(f"/reception/sittings/{row.pk}/queue")[0] == 200
    assert reads.post(f"/reception/sittings/{row.pk}/tickets", {})[0] == 403
    narrow = program(cast, cast.li, ["case.see", "case.file"])
    assert narrow.post(f"/reception/sittings/{row.pk}/tickets", {})[0] == 403


def test_lists_cost_the_same_with_three_rows(cast: Cast) -> None:
    staff, _turns = office_of_turns(cast)
    zhao = program(cast, cast.zhao)
    free = iter(Sitting.objects.filter(day__gt=timezone.localdate() + timedelta(days=3)).order_by("starts_at"))

    def add() -> None:
        roster_rows.shift(next(free), staff[5])

    one_and_three(lambda: zhao.get("/reception/turns", until=_day(30)), add, 4)


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()
