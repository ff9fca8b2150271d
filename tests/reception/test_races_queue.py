"""Two at once at the queue: nobody is called twice, nobody is lost; on both databases."""

import pytest
from django.utils import timezone

from cast import Cast, client_of
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict
from chenyue.reception.models import CallLog, Sitting, Ticket
from chenyue.reception.queue import actions
from chenyue.timeline.models import Chain, Entry
from helpers import together
from reception.queue_stage import minutes, opened, ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_press_next_at_once_get_two_visitors():
    cast = Cast()
    here = opened(cast)
    first, second = ticket(cast, here, 0), ticket(cast, here, 1)

    def call(member, window):
        by = member.actor()
        return lambda: actions.call_next(sitting=here.pk, window=window, by=by, at=minutes(2))

    found = together(call(cast.li, 1), call(cast.zhao, 1))  # at the same window, too: the second comes to another
    assert {t.pk for t in found} == {first.pk, second.pk} and {t.window for t in found} == {1, 2}, found
    assert next(t for t in found if t.window == 1).pk == first.pk
    assert CallLog.objects.count() == 2
    assert Chain.objects.get(subject=here.subject).length == Entry.objects.filter(subject=here.subject).count()


def test_one_member_who_presses_in_two_windows_of_the_browser_has_one_visitor():
    cast = Cast()
    here = opened(cast)
    for n in range(2):
        ticket(cast, here, n)
    by = cast.li.actor()

    def call():
        return actions.call_next(sitting=here.pk, window=1, by=by, at=minutes(2))

    found = together(call, call)
    assert sorted(isinstance(f, Conflict) for f in found) == [False, True], found
    assert Ticket.objects.filter(state="called").count() == 1


def test_the_second_clerk_is_told_and_gets_the_next_visitor():
    cast = Cast()
    here = opened(cast, timezone.now())
    by, at = cast.li.actor(), timezone.now()
    first = actions.take_ticket(sitting=here, by=by, at=at)
    actions.take_ticket(sitting=here, by=by, at=at)

    def press(member):
        client, form = client_of(member), {"window": "1", "expected": first.pk, "idempotency_key": ids.token()}
        path = f"/desk/reception/{here.pk}/next/"

        def send():
            client.post(path, form)
            again = client.post(path, form)  # the answer was lost: the same press again
            return client.get(again["Location"]).content.decode()

        return send

    pages = together(press(cast.li), press(cast.zhao))
    called = {t.label: t.server for t in Ticket.objects.filter(state="called").select_related("server")}
    assert set(called) == {"A001", "A002"} and set(called.values()) == {cast.li, cast.zhao}
    loser = pages[0] if called["A002"] == cast.li else pages[1]
    assert f"A001 刚被{called['A001'].name}叫走" in loser and "A002" in loser, loser
    assert CallLog.objects.count() == 2  # each press once


def test_tickets_taken_at_once_have_numbers_of_their_own():
    cast = Cast()
    here = opened(cast)

    def take():
        return actions.take_ticket(sitting=here.pk, by=Actor("resident"), at=minutes(1), source="kiosk")

    found = together(*[take] * 5)
    assert sorted(t.number for t in found) == [1, 2, 3, 4, 5], found
    assert Sitting.objects.get(pk=here.pk).issued == 5


def test_calling_and_leaving_at_once_ends_in_one_of_both():
    cast = Cast()
    here = opened(cast)
    one = ticket(cast, here, 0)
    by = cast.li.actor()
    together(
        lambda: actions.call_next(sitting=here.pk, window=1, by=by, at=minutes(1)),
        lambda: actions.leave(token=one.token, by=Actor("resident"), at=minutes(1)),
    )
    assert Ticket.objects.get(pk=one.pk).state == "left"  # who left is not called; who was called may leave


def test_closing_and_taking_at_once_leaves_nobody_waiting_in_a_closed_sitting():
    cast = Cast()
    here = opened(cast)
    by = cast.li.actor()
    together(
        lambda: actions.close_sitting(sitting=here.pk, by=by, at=minutes(60)),
        lambda: actions.take_ticket(sitting=here.pk, by=Actor("resident"), at=minutes(60), source="kiosk"),
        lambda: actions.close_sitting(sitting=here.pk, by=by, at=minutes(60)),
    )
    assert not Ticket.objects.filter(state="waiting").exists()
    assert Entry.objects.filter(subject=here.subject, verb="sitting.closed").count() == 1
