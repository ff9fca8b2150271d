"""Promises, pauses, warnings: goldens over weekends, make-up days and pauses, and steps taken once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chenyue.cases import clock, ticks
from chenyue.cases.explaining import explain
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case, Extension, Pause
from chenyue.core import office
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.people.models import Grant, Member, Role
from chenyue.timeline.models import Entry

ZONE = ZoneInfo("Asia/Shanghai")


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_new_case_is_looked_at_within_two_working_hours(story):
    case = story.file(words="路边的长椅坏了两根木条", category_code=None, urgency="normal")
    assert case.triage_due_at == story.at(2)
    assert (case.accept_due_at, case.resolve_due_at) == (None, None)
    assert case.next_step == "triage:warn"


def test_an_emergency_runs_by_the_wall_from_when_it_was_received(story):
    case = story.file(urgency="emergency", received_at=on("2026-11-21T23:00"))  # a Saturday night
    assert case.triage_due_at == on("2026-11-21T23:15")
    contact, resolve = case.contact_due_at, case.resolve_due_at
    assert case.received_at < contact < resolve <= on("2026-11-22T23:00")
    case = story.dispatch(case)
    assert (case.contact_due_at, case.resolve_due_at) == (contact, resolve)


# start of the promise, span, pause (from, until) → due
GOLDENS = [
    ("2026-11-24T09:30", "5wd", None, "2026-12-01T17:30"),
    ("2026-11-24T09:30", "4wh", None, "2026-11-24T15:30"),
    ("2026-11-27T16:30", "4wh", None, "2026-11-30T11:30"),
    ("2026-11-27T16:30", "24h", None, "2026-11-28T16:30"),
    ("2026-09-24T09:30", "5wd", None, "2026-10-09T17:30"),  # over 国庆
    ("2026-04-29T09:30", "5wd", None, "2026-05-09T17:30"),  # a make-up Saturday counts
    ("2026-04-29T09:30", "5wd", ("2026-05-06T10:00", "2026-05-08T10:00"), "2026-05-12T17:30"),
    ("2026-05-08T16:30", "4wh", ("2026-05-08T17:00", "2026-05-09T09:30"), "2026-05-09T15:00"),
    ("2026-11-24T09:30", "24h", ("2026-11-24T12:00", "2026-11-25T12:00"), "2026-11-26T09:30"),
]


@pytest.mark.parametrize(("start", "span", "pause", "due"), GOLDENS)
def test_resolve_goldens(story, start, span, pause, due):
    begin = on(start)
    hours = (begin - story.cast.now) / timedelta(hours=1)
    case = story.file(hours=hours)
    case = story.go(
        case, Move.DISPATCH, "li", hours, lead_id=story.cast.units["drainage"].pk, assist_ids=[], resolve_by=span
    )
    case = story.go(case, Move.ACCEPT, "lin", hours)
    if pause:
        first, last = ((on(moment) - story.cast.now) / timedelta(hours=1) for moment in pause)
        case = story.go(case, Move.SUSPEND, "lin", first, reason="等配件", until=on(pause[1]))
        assert case.resolve_due_at == on(due)  # both sides see the new date at once
        case = story.go(case, Move.RESUME, "lin", last)
    assert case.resolve_due_at == on(due)
    (resolve,) = [e for e in explain(case) if e.code == "resolve"]
    assert resolve.due_at == on(due)
    assert len(resolve.sentences) >= 3


def test_an_early_resume_takes_back_the_rest_of_the_pause(story):
    case = story.handling()
    was = case.resolve_due_at
    case = story.go(case, Move.SUSPEND, "lin", 1, reason="等配件", until=story.at(days=10))
    assert case.resolve_due_at > was
    case = story.go(case, Move.RESUME, "lin", 1.5)
    assert case.resolve_due_at <= was + timedelta(hours=1)


def test_the_hold_ends_by_itself_even_if_the_machine_was_off(story):
    case = story.in_state(State.WAITING)
    until = case.waiting_until
    assert (case.next_at, case.next_step) == (until, clock.RESUME)
    assert ticks.run_clocks(until - timedelta(minutes=1)) == 0
    assert ticks.run_clocks(until + timedelta(days=3)) >= 1
    case.refresh_from_db()
    assert case.state == State.HANDLING
    assert Pause.objects.get(case=case).ended_at == until


def test_a_case_that_thaws_overdue_makes_no_storm(story):
    case = story.in_state(State.WAITING)
    ticks.run_clocks(case.waiting_until)
    late = case.waiting_until + timedelta(days=200)
    assert ticks.run_clocks(late) == 1
    entries = Entry.objects.filter(subject=case.subject, verb="case.escalated")
    assert sorted(e.data["clock"] for e in entries) == ["contact", "resolve"]
    assert {e.data["step"] for e in entries} == {"late"}
    assert ticks.run_clocks(late) == 0


def test_up_the_chain_and_nothing_twice(story):
    head = Member.objects.create_member("ma", "a-long-password-2026", name="马科长", unit=story.cast.units["drainage"])
    Grant.objects.create(member=head, role=Role.objects.get(code="unit_head"), unit=head.unit)
    Grant.objects.filter(member=story.cast.lin, role__code="unit_head").delete()
    case = story.handling()
    due = case.contact_due_at
    heard: dict[str, set[str]] = {}
    for name, moment in [("warn", due - timedelta(minutes=5)), ("due", due), ("late", due + timedelta(days=3))]:
        ticks.run_clocks(moment)
        ticks.run_clocks(moment)
        found = Notice.objects.filter(key__startswith=f"due:contact:{name}").select_related("member")
        heard[name] = {n.member.username for n in found}
    assert heard == {"warn": {"lin"}, "due": {"ma"}, "late": {"li", "zhao"}}
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))


def test_the_warning_comes_at_the_share_the_office_chose(story):
    office.put(warn_share=0.5)
    case = story.go(story.file(), Move.DISPATCH, "li", 0.5, accept_by="4h", lead_id=story.cast.units["drainage"].pk)
    moments = {(name, step): moment for moment, name, step in clock.moments(case)}
    assert moments["accept", "warn"] == story.at(2.5)
    case = story.go(story.file(), Move.DISPATCH, "li", 0.5, accept_by="6wh", lead_id=story.cast.units["drainage"].pk)
    moments = {(name, step): moment for moment, name, step in clock.moments(case)}
    assert case.accept_due_at == on("2026-11-24T17:30")
    assert moments["accept", "warn"] == on("2026-11-24T14:30")


def test_an_extension_is_decided_by_another_person(story):
    case = story.handling()
    was, new = case.resolve_due_at, story.at(days=20)
    case = story.go(case, Move.EXTEND, "zhao", 1, reason="要开挖路面", new_due_at=new)
    for name in ("zhao", "lin"):  # who asked, though a director; who may only ask
        with pytest.raises(NotAllowed):
            story.go(case, Move.EXTEND, name, 2, decision="grant")
    assert Case.objects.get(pk=case.pk).resolve_due_at == was


def test_a_granted_extension_moves_the_promise_and_is_told(story):
    case = story.handling()
    new = story.at(days=20)
    case = story.go(case, Move.EXTEND, "lin", 1, reason="要开挖路面", new_due_at=new)
    assert case.resolve_due_at < new
    case = story.go(case, Move.EXTEND, "zhao", 2, decision="grant")
    assert case.resolve_due_at == new
    assert Extension.objects.get(case=case).decided_by == story.cast.zhao
    assert Entry.objects.filter(subject=case.subject, verb="case.extended", visible_to="resident").exists()
    case = story.go(case, Move.SUSPEND, "lin", 3, reason="下雨", until=story.at(days=3))
    case = story.go(case, Move.RESUME, "lin", 3 + 48)
    assert case.resolve_due_at > new


def test_a_refused_extension_needs_a_reason(story):
    case = story.handling()
    case = story.go(case, Move.EXTEND, "lin", 1, reason="忙", new_due_at=story.at(days=20))
    with pytest.raises(Refusal):
        story.go(case, Move.EXTEND, "zhao", 2, decision="refuse")
    was = case.resolve_due_at
    case = story.go(case, Move.EXTEND, "zhao", 2, decision="refuse", words="人手够")
    assert case.resolve_due_at == was


def test_reopening_starts_new_clocks(story):
    case = story.in_state(State.CLOSED)
    case = story.go(case, Move.REOPEN, "li", 48, words="又冒水了")
    assert (case.round, case.state, case.lead.code) == (2, State.ASSIGNED, "drainage")
    assert case.clock_started_at == story.at(48)
    assert case.resolve_due_at > story.at(48)
    assert (case.accepted_at, case.answered_at, case.closed_at, case.steps_done) == (None, None, None, [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.integers(0, 400), length=st.integers(1, 400), span=st.sampled_from(["30m", "8h", "4wh", "20wh"]))
def test_a_pause_never_brings_a_promise_forward(story, hours, length, span):
    due = story.cast.now + timedelta(hours=300)
    starts = story.cast.now + timedelta(hours=hours)
    ends = starts + timedelta(hours=length)
    moved = clock.shifted(due, starts, ends, span)
    assert moved >= due
    assert clock.shifted(due, starts, ends + timedelta(hours=5), span) >= moved


# What was told long ago

OLD = timedelta(days=31)


def test_old_words_start_no_clock_and_make_no_alarm(story):
    case = story.file(words="楼道里煤气味很重，快来人！", category_code=None, received_at=story.at() - OLD)
    assert (case.urgency, case.triage_due_at, case.clock_started_at) == ("normal", None, None)
    assert (case.next_at, case.appeals.get().suggestion["emergency"]) == (None, None)
    assert not Notice.objects.exists()
    assert ticks.run_clocks(story.at(days=100)) == 0


def test_words_of_a_month_are_still_news(story):
    case = story.file(received_at=story.at() - clock.NEWS)
    assert case.triage_due_at < story.at()


@pytest.mark.parametrize("urgency", ["normal", "urgent", "emergency"])
def test_promises_of_old_words_begin_when_somebody_takes_them_up(story, urgency):
    case = story.file(received_at=story.at() - OLD)
    case = story.go(case, Move.TRIAGE, "li", 1, urgency=urgency)
    if urgency != "normal":
        assert case.triage_due_at >= story.at(1)  # a person says that it is urgent now
    case = story.dispatch(case, hours=1.2)
    assert case.clock_started_at >= story.at(1)
    assert case.contact_due_at > story.at(1)
    assert case.resolve_due_at > case.contact_due_at


def test_an_emergency_that_a_person_chose_for_old_words_is_one(story):
    case = story.file(urgency="emergency", received_at=story.at() - OLD)
    assert case.urgency == "emergency"
    assert Notice.objects.filter(urgent=True).exists()
    case = story.dispatch(case, hours=0.5)
    assert case.clock_started_at == story.at(0.5)


def test_an_emergency_left_lying_keeps_its_promises(story):
    case = story.file(urgency="emergency")
    due = case.resolve_due_at
    case = story.dispatch(case, hours=24 * 40)
    assert case.resolve_due_at == due
