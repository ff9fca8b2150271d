"""Attempts to misuse the morning room: at the kiosk, with stale swaps, absurd numbers, others' rows."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast, client_of
from chenyue.core import ids, logs
from chenyue.core.errors import Conflict, Refusal
from chenyue.reception import venue_actions, visits
from chenyue.reception.models import Shift, Sitting, Swap, Ticket
from chenyue.reception.queue import actions
from chenyue.reception.rostering import people, planning, publishing, standing_in, swaps
from chenyue.reception.rostering.seeing import on_roster
from helpers import one_and_three
from reception import queue_stage as stage
from reception import roster_rows as rows
from reception import venue_rows
from reception.test_races_queue import together

pytestmark = pytest.mark.django_db


def touch(client: Client, after: float = 5, **fields: str) -> Any:
    """One touch of the kiosk's start."""
    with time_machine.travel(stage.minutes(after), tick=False):
        data = {"idempotency_key": ids.token(), "priority": ""} | fields
        return client.post(f"/kiosk/{stage.venue().screen_token}/", data)


@pytest.mark.parametrize("priority", ["urgent", "unheard", "x" * 40])
def test_at_the_kiosk_nobody_makes_their_matter_urgent(cast: Cast, client: Client, priority: str) -> None:
    stage.opened(cast)
    assert touch(client, priority=priority).status_code == 422
    assert not Ticket.objects.exists()


def test_the_kiosk_can_not_give_the_whole_next_sitting_away(cast: Cast, client: Client) -> None:
    here = stage.opened(cast)
    evening = stage.sitting(stage.SEVEN + timedelta(hours=12), capacity=2)
    actions.stop(sitting=here, by=cast.li.actor(), at=stage.minutes(3))
    assert [touch(client).status_code for _n in range(4)] == [303, 303, 422, 422]
    assert Ticket.objects.filter(sitting=evening).count() == 2
    # A member who sees who stands there still may.
    actions.take_ticket(sitting=here, by=cast.li.actor(), at=stage.minutes(6), or_next=True)
    assert Ticket.objects.filter(sitting=evening).count() == 3


@pytest.fixture
def staff(cast: Cast) -> list[Any]:
    rows.easy(cast.zhao.actor())
    return rows.staff(6, leads=2)


def agreed(mine: Any, other: Any, theirs: Any = None) -> Swap:
    swap = swaps.ask(shift=mine, other=other, other_shift=theirs, by=mine.person.member.actor(), at=NOW)
    return swaps.agree(swap=swap, by=other.member.actor(), at=NOW)


def test_a_turn_that_changed_hands_is_not_given_on_by_an_older_swap(cast: Cast, staff: list[Any]) -> None:
    week = rows.week()
    rows.shift(week[0], staff[0])
    rows.shift(week[2], staff[0])
    mine, theirs = rows.shift(week[0], staff[2]), rows.shift(week[2], staff[3])
    exchange, onward = agreed(mine, staff[3], theirs), agreed(theirs, staff[4])
    swaps.approve(swap=exchange, by=cast.zhao.actor(), at=NOW)
    with pytest.raises(Conflict):  # it was 3 who gave this turn to 4, and now it is 2's
        swaps.approve(swap=onward, by=cast.zhao.actor(), at=NOW)
    assert Shift.objects.get(pk=theirs.pk).person_id == staff[2].pk


@pytest.mark.django_db(transaction=True)
def test_two_swaps_of_one_turn_approved_at_once() -> None:
    cast = Cast()
    by = cast.zhao.actor()
    rows.easy(by)
    staff, week = rows.staff(6, leads=2), rows.week()
    rows.shift(week[0], staff[0])
    rows.shift(week[2], staff[0])
    mine, theirs = rows.shift(week[0], staff[2]), rows.shift(week[2], staff[3])
    asked = [agreed(mine, staff[3], theirs), agreed(theirs, staff[4])]
    found = together(*(partial(swaps.approve, swap=swap, by=by, at=NOW) for swap in asked))
    won = [isinstance(one, Swap) for one in found]
    assert sum(won) == 1 and sum(isinstance(one, Conflict) for one in found) == 1, found
    mine.refresh_from_db()
    theirs.refresh_from_db()
    ends = [(staff[3].pk, staff[2].pk), (staff[2].pk, staff[4].pk)]
    assert (mine.person_id, theirs.person_id) == ends[won.index(True)]


def test_a_turn_in_return_that_is_gone_makes_no_gift_of_the_swap(cast: Cast, staff: list[Any]) -> None:
    week, by = rows.week(), cast.zhao.actor()
    rows.shift(week[0], staff[0])
    rows.shift(week[2], staff[0])
    mine, theirs = rows.shift(week[0], staff[2]), rows.shift(week[2], staff[3])
    exchange = agreed(mine, staff[3], theirs)
    plan = planning.by_hand(first=week[2].day, last=week[2].day, by=by, at=NOW)
    plan = planning.change(
        plan=plan, remove=(staff[3].pk, week[2].pk), add=(staff[5].pk, week[2].pk), by=by, at=NOW
    )  # fmt: skip
    publishing.publish(plan=plan, by=by, at=NOW, although=True)
    with pytest.raises(Conflict):
        swaps.approve(swap=exchange, by=by, at=NOW)
    assert Shift.objects.get(pk=mine.pk).person_id == staff[2].pk


def test_who_comes_after_all_does_not_lead_beside_another_lead(cast: Cast, staff: list[Any]) -> None:
    week, by = rows.week(), cast.zhao.actor()
    lead = rows.shift(week[0], staff[0])
    standing_in.absent(shift=lead, words="", by=staff[0].member.actor(), at=NOW)
    Shift.objects.create(sitting=week[0], person=staff[1], lead=True)  # as a roster published since then says
    standing_in.back(shift=lead, by=staff[0].member.actor(), at=NOW)
    assert [s.lead for s in Shift.objects.filter(sitting=week[0], absent_at=None).order_by("pk")] == [False, True]
    standing_in.absent(shift=lead, words="", by=by, at=NOW)


def test_who_was_absent_may_take_another_turn_of_the_same_sitting(cast: Cast, staff: list[Any]) -> None:
    week = rows.week()
    rows.shift(week[0], staff[0])
    mine, theirs = rows.shift(week[0], staff[2]), rows.shift(week[0], staff[3])
    standing_in.absent(shift=theirs, words="", by=staff[3].member.actor(), at=NOW)
    swaps.approve(swap=agreed(mine, staff[3]), by=cast.zhao.actor(), at=NOW)
    assert list(Shift.objects.filter(sitting=week[0], lead=False).values_list("person_id", flat=True)) == [staff[3].pk]


@pytest.mark.parametrize("name", ["kiosk", "arrive", "book", "act", "waiting"])
def test_no_public_door_acts_without_its_form(cast: Cast, name: str) -> None:
    """Without the token of the page nothing is done; without the key of the form neither."""
    given = stage.ticket(cast, stage.opened(cast))
    later = stage.sitting(stage.SEVEN + timedelta(hours=12))
    kiosk = f"/kiosk/{stage.venue().screen_token}/"
    url = {
        "kiosk": kiosk, "arrive": f"{kiosk}arrive/", "book": f"/reception/book/{later.pk}/",
        "act": f"/reception/ticket/{given.token}/leave/", "waiting": f"/reception/waiting/{given.token}/",
    }[name]  # fmt: skip
    fields = {"priority": "", "said": "A001", "party": "1", "slot": stage.minutes(15, later.starts_at).isoformat()}
    with time_machine.travel(stage.minutes(5), tick=False):
        assert Client(enforce_csrf_checks=True).post(url, fields | {"idempotency_key": ids.token()}).status_code == 403
        Client().post(url, fields)
    given.refresh_from_db()
    assert Ticket.objects.count() == 1 and given.state == "waiting"


def test_a_mistyped_year_makes_no_sittings_of_all_the_years_between(cast: Cast) -> None:
    place = venue_rows.room()
    by, far = cast.zhao.actor(), date(2062, 1, 2)
    venue_actions.change_day(day=far, closed=True, reason="修缮", venue=place, by=by, at=NOW)
    assert Sitting.objects.count() < 200
    for first in (far, date(9999, 12, 1)):
        with pytest.raises(Refusal) as refused:
            planning.ask(first=first, last=first + timedelta(days=20), by=by, at=NOW)
        assert refused.value.field == "first"


@pytest.fixture
def plan(cast: Cast, staff: list[Any]) -> Any:
    rows.week()
    return planning.by_hand(first=rows.FIRST, last=rows.LAST, by=cast.zhao.actor(), at=NOW)


@pytest.mark.parametrize("number", ["9" * 5000, "-1", "1e9", "０" * 30, "999999"])
def test_absurd_numbers_are_no_error(cast: Cast, plan: Any, number: str) -> None:
    with time_machine.travel(NOW, tick=False):
        client = client_of(cast.zhao)
        assert client.get(reverse("reception:roster-people"), {"year": number}).status_code == 200
        assert client.get(reverse("reception:my-turns"), {"person": number}).status_code == 404
        where = reverse("reception:where", args=[plan.pk])
        assert client.get(where, {"person": number, "from": number}).status_code == 200
        act = reverse("reception:plan-act", args=[plan.pk, "accept"])
        assert client.post(act, {"repair": number, "idempotency_key": ids.token()}).status_code == 303
    plan.refresh_from_db()
    assert plan.version == 1


def test_a_colleagues_leave_wishes_and_calendar_are_not_mine(cast: Cast, staff: list[Any]) -> None:
    days = {"first": rows.FIRST, "last": rows.LAST}
    ill, _lost = people.take_leave(
        person=staff[3], kind="illness", words="住院手术", by=cast.zhao.actor(), at=NOW, **days
    )  # fmt: skip
    wish = people.wish(person=staff[3], by=staff[3].member.actor(), at=NOW, wanted=False, weekday=0)
    on_roster.drop()
    token = staff[3].feed_token
    with time_machine.travel(NOW, tick=False):
        client = client_of(staff[2].member)
        for url in (reverse("reception:my-turns") + f"?person={staff[3].pk}", reverse("reception:roster-people")):
            page = client.get(url).content.decode()
            assert "住院" not in page and token not in page
        for what, pk in (("leave", ill.pk), ("wish", wish.pk), ("feed", staff[3].pk)):
            url = reverse("reception:mine-act", args=[what, pk])
            assert client.post(url, {"idempotency_key": ids.token()}).status_code == 403
    ill.refresh_from_db()
    staff[3].refresh_from_db()
    assert ill.cancelled_at is None and staff[3].feed_token == token


def test_the_queue_of_somebody_elses_sitting_is_not_mine(cast: Cast, staff: list[Any]) -> None:
    """A turn at one sitting opens that one, not the others."""
    here, other = stage.opened(cast), stage.sitting(stage.SEVEN + timedelta(hours=12))
    given = stage.ticket(cast, here, called_as="陈大明")
    rows.shift(other, staff[2])
    with time_machine.travel(stage.minutes(5), tick=False):
        client = client_of(staff[2].member)
        for name in ("sitting", "line", "report", "close", "cancel"):
            assert client.get(reverse(f"reception:{name}", args=[here.pk])).status_code == 403
        for name in ("slip", "visit", "to-unit"):
            assert client.get(reverse(f"reception:{name}", args=[given.pk])).status_code == 403
        for act in ("call", "leave", "undo", "start"):
            url = reverse("reception:ticket-do", args=[given.pk, act])
            assert client.post(url, {"idempotency_key": ids.token()}).status_code == 403
    given.refresh_from_db()
    assert given.state == "waiting"


@pytest.mark.parametrize(
    "path",
    ["/screen/{}/", "/kiosk/{}/arrive/", "/kiosk/k/ticket/{}/", "/reception/ticket/{}/leave/",
     "/reception/waiting/{}/", "/reception/feed/venue/{}.ics", "/reception/feed/member/{}.ics"],
)  # fmt: skip
def test_secret_links_are_blotted_out_of_logs(path: str) -> None:
    secret = ids.token()
    assert secret not in logs.blot("Internal Server Error: " + path.format(secret))


def test_the_sheet_of_a_day_costs_the_same_with_one_sitting_and_with_three(cast: Cast) -> None:
    hours = iter(range(3))

    def add() -> None:
        begins = stage.SEVEN + timedelta(hours=2 * next(hours))
        here = stage.opened(cast, begins)
        by, at = cast.li.actor(), begins + timedelta(minutes=5)
        actions.take_ticket(sitting=here, by=by, at=begins, called_as="陈大明")
        heard = actions.call_next(sitting=here, window=1, by=by, at=begins)
        visits.write_visit(ticket=heard, sheet=visits.Sheet(said="谢谢"), by=by, at=at)
        actions.take_ticket(sitting=here, by=by, at=at, called_as="何晓芸")
        actions.close_sitting(sitting=here, by=by, at=at)

    with time_machine.travel(stage.minutes(400), tick=False):
        client = client_of(cast.li)
        one_and_three(lambda: client.get("/desk/reception/days/2026-11-24/"), add, 9)
        page = client.get("/desk/reception/days/2026-11-24/").content.decode()
    assert page.count("陈**") == 3 and "何**" in page and "何晓芸" not in page
