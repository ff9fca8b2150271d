"""The queue of a morning: taken, called, set aside, stopped, closed; and what each refuses."""

from datetime import timedelta

import pytest

from chenyue.cases.intake import ReporterData
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.notify.models import Notice
from chenyue.reception.models import CallLog, RosterPerson, Shift, SittingReport, Ticket
from chenyue.reception.queue import actions, queries
from chenyue.reception.queue.chores import forget_names
from chenyue.timeline.models import Entry
from helpers import count
from reception.queue_stage import SEVEN, minutes, opened, sitting, ticket

RESIDENT = Actor("resident")


def state(row):
    return Ticket.objects.get(pk=row.pk).state


def fill(where, number, state="done"):
    """So many tickets taken long before."""
    for n in range(number):
        where.issued += 1
        Ticket.objects.create(
            sitting=where, number=where.issued, label=f"A{where.issued:03d}", token=f"t{where.pk}-{n}", state=state,
            line_at=SEVEN, created_at=SEVEN, arrived_at=SEVEN,
        )  # fmt: skip
    where.save()


def test_a_morning_from_the_first_ticket_to_the_end(cast):
    here, li = opened(cast), cast.li.actor()
    one, two = ticket(cast, here, 0, called_as="陈大明"), ticket(cast, here, 1)
    old = ticket(cast, here, 4, priority="elderly")
    assert [r.ticket.label for r in queries.line(here, minutes(4)).rows] == ["A003", "A001", "A002"]
    first = actions.call_next(sitting=here, window=1, by=li, at=minutes(5))
    assert (first.pk, first.window, first.state, first.server) == (old.pk, 1, "called", cast.li)
    actions.start(ticket=first, by=li, at=minutes(6))
    actions.finish(ticket=first, by=li, at=minutes(12))
    again = actions.call_next(sitting=here, window=1, by=li, at=minutes(12))
    assert again.pk == one.pk
    actions.finish(ticket=again, by=li, at=minutes(20))  # never marked as begun: began with the call
    done = Ticket.objects.get(pk=one.pk)
    assert (done.started_at, done.ended_at) == (minutes(12), minutes(20))
    report = actions.close_sitting(sitting=here, by=li, at=minutes(90), words="平稳。")
    assert report.figures["heard"] == 2 and report.figures["unheard"] == 1
    assert state(two) == "unheard"
    assert actions.close_sitting(sitting=here, by=li, at=minutes(91)).pk == report.pk
    verbs = list(Entry.objects.filter(subject=here.subject).order_by("position").values_list("verb", flat=True))
    assert verbs[0] == "sitting.opened" and verbs[-1] == "sitting.closed" and "ticket.called" in verbs


def test_the_epoch_counts_each_change(cast):
    here = opened(cast)
    before = here.epoch
    ticket(cast, here, 1)
    here.refresh_from_db()
    assert here.epoch == before + 1


def test_next_with_nobody_waiting_is_nobody_and_a_window_that_is_not_there_is_refused(cast):
    here = opened(cast)
    assert actions.call_next(sitting=here, window=1, by=cast.li.actor(), at=minutes(1)) is None
    with pytest.raises(Refusal) as refused:
        actions.call_next(sitting=here, window=3, by=cast.li.actor(), at=minutes(1))
    assert refused.value.field == "window"


def test_own_visitor_first_and_a_colleagues_window_is_passed_over(cast):
    here = opened(cast)
    for n in range(4):
        ticket(cast, here, n)
    li, zhao = cast.li.actor(), cast.zhao.actor()
    actions.call_next(sitting=here, window=1, by=li, at=minutes(5))
    with pytest.raises(Conflict):
        actions.call_next(sitting=here, window=1, by=li, at=minutes(5))
    second = actions.call_next(sitting=here, window=1, by=zhao, at=minutes(5))
    assert (second.label, second.window) == ("A002", 2)
    with pytest.raises(Conflict):
        actions.call_next(sitting=here, window=2, by=cast.zhao.actor(), at=minutes(6))


def test_not_there_and_taken_back(cast):
    here, li = opened(cast), cast.li.actor()
    one, two = ticket(cast, here, 0), ticket(cast, here, 1)
    actions.call_next(sitting=here, window=1, by=li, at=minutes(2))
    actions.no_show(ticket=one, by=li, at=minutes(5))
    assert state(one) == "held"
    back = actions.undo(ticket=one, by=li, at=minutes(6))
    assert (back.state, back.window) == ("called", 1)
    actions.no_show(ticket=one, by=li, at=minutes(7))
    actions.call_next(sitting=here, window=1, by=li, at=minutes(7))
    assert state(two) == "called"
    assert actions.undo(ticket=one, by=li, at=minutes(8)).state == "waiting"  # the window is taken: first in line
    assert queries.line(here, minutes(8)).rows[0].ticket == one
    assert list(CallLog.objects.filter(ticket=one).order_by("pk").values_list("kind", flat=True)) == [
        "call", "undo", "recall", "undo",
    ]  # fmt: skip


def test_back_after_a_missed_call_stands_behind_the_next_two(cast):
    here, li = opened(cast), cast.li.actor()
    one = ticket(cast, here, 0)
    for n in (1, 2, 3):
        ticket(cast, here, n)
    actions.call_next(sitting=here, window=1, by=li, at=minutes(4))
    actions.no_show(ticket=one, by=li, at=minutes(7))
    actions.come_back(token=one.token, by=RESIDENT, at=minutes(9))
    assert [r.ticket.label for r in queries.line(here, minutes(9)).rows] == ["A002", "A003", "A001", "A004"]
    with pytest.raises(Conflict):
        actions.come_back(token=one.token, by=RESIDENT, at=minutes(9))


def test_each_act_can_be_taken_back(cast):
    here, li = opened(cast), cast.li.actor()
    one = ticket(cast, here, 0)
    actions.call_next(sitting=here, window=1, by=li, at=minutes(1))
    actions.start(ticket=one, by=li, at=minutes(2))
    actions.finish(ticket=one, by=li, at=minutes(9))
    for expected in ("in_visit", "called", "waiting"):
        assert actions.undo(ticket=one, by=li, at=minutes(10)).state == expected
    with pytest.raises(Conflict):
        actions.undo(ticket=one, by=li, at=minutes(10))
    actions.leave(token=one.token, by=RESIDENT, at=minutes(11))
    assert actions.undo(ticket=one, by=li, at=minutes(12)).state == "waiting"


def test_an_end_is_not_taken_back_when_somebody_else_sits_there(cast):
    here, li = opened(cast), cast.li.actor()
    one = ticket(cast, here, 0)
    ticket(cast, here, 1)
    actions.call_next(sitting=here, window=1, by=li, at=minutes(1))
    actions.finish(ticket=one, by=li, at=minutes(3))
    actions.call_next(sitting=here, window=1, by=li, at=minutes(3))
    with pytest.raises(Conflict):
        actions.undo(ticket=one, by=li, at=minutes(4))


def test_the_last_ticket_rule_and_the_first_places_of_the_next_sitting(cast):
    here, evening = opened(cast), sitting(SEVEN + timedelta(hours=12))
    fill(evening, 2, "booked")
    given = 0
    while queries.forecast(here, minutes(40 + given * 0.1)).accepts:
        ticket(cast, here, 40 + given * 0.1)
        given += 1
    assert 3 <= given <= 14
    with pytest.raises(Refusal) as refused:
        ticket(cast, here, 45)
    assert refused.value.code == "stopped"
    here.refresh_from_db()
    assert queries.forecast(here, minutes(45)).accepts is False
    late = actions.take_ticket(sitting=here, by=cast.li.actor(), at=minutes(45), or_next=True, called_as="陈")
    assert (late.sitting_id, late.priority, late.booked_for) == (evening.pk, "unheard", evening.starts_at)
    more = ticket(cast, here, 46, anyway=True)  # a member takes one more in
    assert more.sitting_id == here.pk
    assert queries.coverage(minutes(46)).told == 0


def test_the_unheard_are_first_next_time_in_their_order(cast):
    here, evening = opened(cast), sitting(SEVEN + timedelta(hours=12))
    li = cast.li.actor()
    one, two = ticket(cast, here, 0, party=3, called_as="陈大明"), ticket(cast, here, 1)
    away = ticket(cast, here, 0)
    actions.call_next(sitting=here, window=1, by=li, at=minutes(1))
    actions.no_show(ticket=one, by=li, at=minutes(2))
    actions.come_back(ticket=one, by=li, at=minutes(3))
    actions.leave(ticket=away, by=li, at=minutes(4))
    actions.close_sitting(sitting=here, by=li, at=minutes(90))
    carried = list(Ticket.objects.filter(sitting=evening).order_by("number"))
    assert [t.carried_from_id for t in carried] == [two.pk, one.pk]
    assert (carried[1].party, carried[1].called_as, carried[1].state) == (3, "陈大明", "booked")
    assert queries.mine(one.token, minutes(95)).next == carried[1]
    at = evening.starts_at + timedelta(minutes=40)  # late: the first place is kept all the same
    actions.open_sitting(sitting=evening, by=li, at=evening.starts_at)
    actions.take_ticket(sitting=evening, by=li, at=evening.starts_at, priority="urgent")
    actions.check_in(ticket=carried[1].token, by=RESIDENT, at=at)
    rows = queries.line(evening, at).rows
    assert rows[0].ticket == carried[1] and rows[0].reason


def test_unheard_without_a_next_sitting_are_given_their_places_later(cast):
    here, li = opened(cast), cast.li.actor()
    one = ticket(cast, here, 0)
    actions.close_sitting(sitting=here, by=li, at=minutes(90))
    tomorrow = sitting(SEVEN + timedelta(days=1))
    actions.open_sitting(sitting=tomorrow, by=li, at=tomorrow.starts_at)
    assert Ticket.objects.get(sitting=tomorrow).carried_from_id == one.pk


def test_cancelled_with_people_waiting(cast):
    here, evening = opened(cast), sitting(SEVEN + timedelta(hours=12))
    li = cast.li.actor()
    one = ticket(cast, here, 0)
    with pytest.raises(Refusal) as refused:
        actions.cancel_sitting(sitting=here, reason=" ", by=li, at=minutes(5))
    assert refused.value.field == "reason"
    actions.cancel_sitting(sitting=here, reason="停水停电", by=li, at=minutes(5))
    assert state(one) == "unheard" and Ticket.objects.get(sitting=evening).carried_from_id == one.pk
    with pytest.raises(Refusal):
        ticket(cast, here, 6)


def test_a_sitting_is_not_closed_over_a_talk(cast):
    here, li = opened(cast), cast.li.actor()
    one = ticket(cast, here, 0)
    actions.call_next(sitting=here, window=1, by=li, at=minutes(1))
    actions.start(ticket=one, by=li, at=minutes(2))
    with pytest.raises(Refusal):
        actions.close_sitting(sitting=here, by=li, at=minutes(91))
    assert not SittingReport.objects.exists()


def test_booked_late_and_early(cast):
    here, li = sitting(), cast.li.actor()
    with pytest.raises(Refusal) as refused:
        actions.take_ticket(sitting=here, by=RESIDENT, at=minutes(-600), source="web", booked_for=minutes(7))
    assert refused.value.code == "slot"
    kept = actions.take_ticket(sitting=here, by=RESIDENT, at=minutes(-600), source="web", booked_for=minutes(15))
    late = actions.take_ticket(sitting=here, by=RESIDENT, at=minutes(-600), source="web", booked_for=minutes(15))
    with pytest.raises(Refusal):  # two windows: no third visitor at a quarter past
        actions.take_ticket(sitting=here, by=RESIDENT, at=minutes(-600), source="web", booked_for=minutes(15))
    assert next(s.free for s in queries.free_slots(here, minutes(-600)) if s.at == minutes(15)) == 0
    actions.open_sitting(sitting=here, by=li, at=SEVEN)
    actions.check_in(ticket=kept, by=li, at=minutes(2))
    walk_in = ticket(cast, here, 8)
    actions.check_in(ticket=late, by=li, at=minutes(27))
    assert [r.ticket for r in queries.line(here, minutes(28)).rows] == [kept, walk_in, late]
    assert Ticket.objects.get(pk=late.pk).line_at == minutes(27)
    with pytest.raises(Conflict):
        actions.check_in(ticket=late, by=li, at=minutes(28))


def test_hours_and_capacity(cast):
    here = sitting()
    for at, code in ((minutes(-31), "early"), (minutes(90), "sitting_closed")):
        with pytest.raises(Refusal) as refused:
            actions.take_ticket(sitting=here, by=RESIDENT, at=at, source="kiosk")
        assert refused.value.code == code
    fill(here, 30)
    with pytest.raises(Refusal) as refused:
        ticket(cast, here, 1)
    assert refused.value.code == "full"


def test_one_live_ticket_for_each_telephone(cast):
    here = opened(cast)
    chen = ReporterData(name="陈大明", phone="13800000001")
    one = ticket(cast, here, 0, reporter=chen)
    assert one.called_as == "陈大明" and one.resident.phone == "13800000001"
    with pytest.raises(Refusal) as refused:
        ticket(cast, here, 1, reporter=chen)
    assert refused.value.code == "has_one"
    actions.leave(ticket=one, by=cast.li.actor(), at=minutes(2))
    ticket(cast, here, 3, reporter=chen)


@pytest.mark.parametrize("wrong", [{"party": 0}, {"party": 201}, {"priority": "unheard"}, {"place_id": 10**9}])
def test_wrong_input_is_refused(cast, wrong):
    with pytest.raises(Refusal):
        ticket(cast, opened(cast), 1, **wrong)


def test_brought_to_a_unit(cast):
    here, li = opened(cast), cast.li.actor()
    one = ticket(cast, here, 0, called_as="陈大明")
    actions.call_next(sitting=here, window=1, by=li, at=minutes(1))
    actions.transfer(ticket=one, unit=cast.units["drainage"], by=li, at=minutes(3))
    assert state(one) == "moved"
    told = Notice.objects.get(member=cast.lin)
    assert "A001" in told.text and "陈" not in told.text
    with pytest.raises(Conflict):
        actions.transfer(ticket=one, unit=cast.units["drainage"], by=li, at=minutes(4))


def test_a_person_stops_and_goes_on(cast):
    here, li = opened(cast), cast.li.actor()
    actions.stop(sitting=here, by=li, at=minutes(1))
    with pytest.raises(Refusal) as refused:
        actions.take_ticket(sitting=here, by=RESIDENT, at=minutes(2), source="kiosk")
    assert refused.value.code == "stopped"
    actions.go_on(sitting=here, by=li, at=minutes(3))
    ticket(cast, here, 4)


def test_only_who_receives_works_at_a_queue(cast):
    here = opened(cast)
    one = ticket(cast, here, 0)
    for who in (cast.zhou, cast.lin, cast.audit):
        with pytest.raises(NotAllowed):
            actions.call_next(sitting=here, window=1, by=who.actor(), at=minutes(1))
    with pytest.raises(NotAllowed):
        actions.call_next(sitting=here, window=1, by=RESIDENT, at=minutes(1))
    person = RosterPerson.objects.create(member=cast.lin, feed_token="f")
    Shift.objects.create(sitting=here, person=person)
    assert actions.call_next(sitting=here, window=1, by=cast.lin.actor(), at=minutes(1)) == one
    with pytest.raises(NotFound):
        actions.leave(token="nobody", by=RESIDENT, at=minutes(2))


def test_who_is_on_duty_only_now_hands_over_to_the_next_sitting_all_the_same(cast):
    here, evening = opened(cast), sitting(SEVEN + timedelta(hours=12))
    person = RosterPerson.objects.create(member=cast.lin, feed_token="f")
    Shift.objects.create(sitting=here, person=person)
    by = cast.lin.actor()
    ticket(cast, here, 0)
    late = actions.take_ticket(sitting=here, by=by, at=minutes(86), or_next=True)
    actions.close_sitting(sitting=here, by=by, at=minutes(90))
    assert late.sitting_id == evening.pk and Ticket.objects.filter(sitting=evening, priority="unheard").count() == 2
    with pytest.raises(NotAllowed):
        actions.open_sitting(sitting=evening, by=by, at=evening.starts_at)


def test_what_was_promised_is_kept_and_counted(cast):
    here, li = opened(cast), cast.li.actor()
    for n in range(5):
        ticket(cast, here, n * 0.1)
    rows = list(Ticket.objects.order_by("number"))
    assert [t.promised_high for t in rows[:2]] == [60, 60] and rows[4].promised_high > 60
    for window, after in ((1, 1), (2, 1), (1, 3), (2, 5), (1, 90)):
        found = actions.call_next(sitting=here, window=window, by=li, at=minutes(after))
        if after < 90:
            actions.finish(ticket=found, by=li, at=minutes(after + 1))
    found = queries.coverage(minutes(95))
    assert (found.kept, found.told, found.percent) == (2, 3, 67)
    assert queries.coverage(minutes(95), venue_id=here.venue_id + 1).share is None


def test_a_line_costs_the_same_with_one_and_three(cast):
    here = opened(cast)
    ticket(cast, here, 0, called_as="陈大明")
    queries.line(here, minutes(1))
    assert count(lambda: queries.line(here, minutes(1))) == 1
    ticket(cast, here, 1)
    ticket(cast, here, 2)
    assert count(lambda: queries.line(here, minutes(3))) == 1
    assert count(lambda: queries.forecast(here, minutes(3))) == 1
    one = Ticket.objects.get(number=1)
    assert count(lambda: queries.mine(one.token, minutes(3))) <= 3


def test_a_call_is_cheap(cast):
    here = opened(cast)
    for n in range(3):
        ticket(cast, here, n)
    assert count(lambda: actions.call_next(sitting=here, window=1, by=cast.li.actor(), at=minutes(4))) <= 9


def test_a_name_that_was_only_said_is_forgotten_after_a_month(cast):
    here = opened(cast)
    said = ticket(cast, here, 0, called_as="陈大明")
    known = ticket(cast, here, 1, reporter=ReporterData(name="何晓芸", phone="13912345678"))
    assert forget_names(SEVEN + timedelta(days=29)) == 0
    assert forget_names(SEVEN + timedelta(days=31)) == 1
    assert forget_names(SEVEN + timedelta(days=32)) == 0
    assert [Ticket.objects.get(pk=t.pk).called_as for t in (said, known)] == ["", "何晓芸"]
