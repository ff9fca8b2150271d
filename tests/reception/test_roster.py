"""Planning: from people and sittings to a published roster; what can't be, and how it is said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import NOW
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.reception import queries
from chenyue.reception.models import Leave, Plan, Shift, Sitting
from chenyue.reception.rostering import computing, drafts, ledger, people, planning, publishing
from chenyue.timeline.models import Entry
from reception import roster_rows as rows
from reception.roster_rows import FIRST, LAST

pytestmark = pytest.mark.django_db
_SOLVE = computing.engine.solve


@pytest.fixture
def zhao(cast: Any) -> Any:
    return cast.zhao.actor()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search itself is proved elsewhere: here it gets half a second."""
    solve = computing.engine.solve
    monkeypatch.setattr(computing.engine, "solve", lambda built, _seconds, **more: solve(built, 0.5, **more))


def plan(by: Any, **more: Any) -> Plan:
    found = planning.ask(first=FIRST, last=LAST, by=by, at=NOW, seconds=5, **more)
    found.refresh_from_db()
    return found


def test_one_click_plans_a_legal_week(zhao: Any) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    sittings = rows.week()
    found = plan(zhao)
    assert found.state == "ready", found.findings
    assert drafts.Judge.of(found, NOW).troubles() == []
    assert {int(pk) for pk in found.draft} == {s.pk for s in sittings}
    assert all(sum(lead for _p, lead in here) == 1 for here in found.draft.values())


def test_publishing_tells_and_shows(zhao: Any) -> None:
    staff = rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    found = plan(zhao)
    assert queries.receiving(FIRST) == []
    done = publishing.publish(plan=found, by=zhao, at=NOW)
    assert (len(done.added), len(done.gone), done.kept) == (14, 0, 0)
    shown = queries.receiving(FIRST)
    assert len(shown) == 1 and shown[0].lead == shown[0].names[0] and len(shown[0].names) == 2
    assert Notice.objects.filter(text__contains="已发布").count() == len(staff)
    assert Entry.objects.get(subject=found.subject, verb="roster.published").data["turns"] == 14
    with pytest.raises(Conflict):
        publishing.publish(plan=found, by=zhao, at=NOW)


def test_the_load_is_even(zhao: Any) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    publishing.publish(plan=plan(zhao), by=zhao, at=NOW)
    accounts = ledger.of_year(2026)
    leads, others = ([a for a in accounts if a.person.lead is lead] for lead in (True, False))
    assert ledger.fairness(leads).spread <= 1.5 and ledger.fairness(others).spread <= 1.5


def test_history_is_carried_over(zhao: Any) -> None:
    staff = rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    people.correct(person=staff[2], year=2026, turns=30, words="从外单位调入", by=zhao, at=NOW)
    publishing.publish(plan=plan(zhao), by=zhao, at=NOW)
    turns = {a.person.pk: a.turns for a in ledger.of_year(2026)}
    assert turns[staff[2].pk] == 0


def test_nobody_available(zhao: Any) -> None:
    rows.week()
    with pytest.raises(Refusal) as refused:
        plan(zhao)
    assert refused.value.code == "nobody"


def test_no_sitting(zhao: Any) -> None:
    rows.staff(2, leads=1)
    with pytest.raises(Refusal) as refused:
        plan(zhao)
    assert refused.value.code == "no_sittings"


@pytest.mark.parametrize(
    ("days", "field"), [((5, 1), "last"), ((0, 200), "last"), ((-30, -20), "first")], ids=["turned", "long", "over"]
)
def test_days_that_cannot_be(zhao: Any, days: tuple[int, int], field: str) -> None:
    first, last = (rows.TODAY + timedelta(days=n) for n in days)
    with pytest.raises(Refusal) as refused:
        planning.ask(first=first, last=last, by=zhao, at=NOW)
    assert refused.value.field == field


def test_only_planners_plan(cast: Any) -> None:
    rows.staff(2, leads=1)
    rows.week()
    with pytest.raises(NotAllowed):
        plan(cast.li.actor())


def test_two_plans_for_the_same_days(zhao: Any) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    first = plan(zhao)
    with pytest.raises(Conflict):
        plan(zhao)
    planning.drop(plan=first, by=zhao, at=NOW)
    assert plan(zhao).state == "ready"


def test_leave_that_covers_everything_is_explained(zhao: Any) -> None:
    staff = rows.staff(4, leads=1)
    rows.easy(zhao)
    rows.week()
    people.take_leave(person=staff[0], kind="leave", first=FIRST, last=LAST, by=zhao, at=NOW)
    found = plan(zhao)
    assert found.state == "impossible"
    assert all(breach.words for breach in drafts.Judge.of(found, NOW).troubles())
    with pytest.raises(Conflict):
        publishing.publish(plan=found, by=zhao, at=NOW)
    ready = planning.accept(plan=found, by=zhao, at=NOW)
    with pytest.raises(Refusal) as refused:
        publishing.publish(plan=ready, by=zhao, at=NOW)
    assert refused.value.field == "although"
    publishing.publish(plan=ready, by=zhao, at=NOW, although=True)
    assert Entry.objects.get(subject=found.subject, verb="roster.published").data["broken"] > 0


def test_one_leader_for_thirty_days(zhao: Any) -> None:
    rows.staff(8, leads=1)
    place = rows.week()[0].venue
    last = FIRST + timedelta(days=29)
    found = planning.ask(first=FIRST, last=last, by=zhao, at=NOW, seconds=5)
    found.refresh_from_db()
    assert place and found.state == "impossible"


def test_leave_after_publishing_is_mended_with_few_changes(zhao: Any) -> None:
    rows.staff(8, leads=3)
    rows.easy(zhao)
    rows.week()
    publishing.publish(plan=plan(zhao), by=zhao, at=NOW)
    ill = Shift.objects.filter(lead=False).order_by("sitting__starts_at")[0].person
    _leave, lost = people.take_leave(person=ill, kind="illness", first=FIRST, last=LAST, by=zhao, at=NOW)
    assert lost and Notice.objects.filter(member__username="zhao", text__contains=ill.member.name).exists()
    before = {(s.sitting_id, s.person_id) for s in Shift.objects.all()}
    found = plan(zhao, replans=True)
    assert found.state == "ready"
    done = publishing.publish(plan=found, by=zhao, at=NOW)
    after = {(s.sitting_id, s.person_id) for s in Shift.objects.all()}
    assert len(done.gone) <= len(lost) + 3
    assert {pair for pair in before - after if pair[1] == ill.pk} == {(s.sitting_id, ill.pk) for s in lost}


def test_pins_survive(zhao: Any) -> None:
    staff = rows.staff(6, leads=2)
    rows.easy(zhao)
    sitting = rows.week()[3]
    rows.shift(sitting, staff[4], pinned=True)
    found = plan(zhao)
    assert found.pins == [[sitting.pk, staff[4].pk]]
    assert staff[4].pk in [p for p, _lead in found.draft[str(sitting.pk)]]
    with pytest.raises(Refusal) as refused:
        planning.change(plan=found, remove=(staff[4].pk, sitting.pk), by=zhao, at=NOW)
    assert refused.value.code == "pinned"


def test_a_draft_is_changed_by_hand(zhao: Any) -> None:
    staff = rows.staff(6, leads=2)
    rows.easy(zhao)
    one, two = rows.week()[:2]
    found = planning.by_hand(first=FIRST, last=LAST, by=zhao, at=NOW)
    assert (found.state, found.draft) == ("ready", {})
    planning.change(plan=found, add=(staff[0].pk, one.pk), by=zhao, at=NOW)
    planning.change(plan=found, add=(staff[1].pk, one.pk), by=zhao, at=NOW)
    found.refresh_from_db()
    assert [lead for _p, lead in found.draft[str(one.pk)]] == [True, False]  # two leading cadres, one leads
    planning.change(plan=found, add=(staff[1].pk, two.pk), remove=(staff[1].pk, one.pk), by=zhao, at=NOW)
    found.refresh_from_db()
    assert found.draft == {str(one.pk): [[staff[0].pk, True]], str(two.pk): [[staff[1].pk, True]]}
    with pytest.raises(Refusal):
        planning.change(plan=found, add=(staff[0].pk, one.pk), by=zhao, at=NOW)
    with pytest.raises(Conflict):
        planning.change(plan=found, add=(staff[3].pk, one.pk), by=zhao, at=NOW, version=1)


def test_hands_off_sittings_that_have_begun(zhao: Any) -> None:
    staff = rows.staff(2, leads=1)
    sitting = rows.week()[0]
    found = planning.by_hand(first=FIRST, last=LAST, by=zhao, at=NOW)
    with pytest.raises(Refusal) as refused:
        planning.change(plan=found, add=(staff[0].pk, sitting.pk), by=zhao, at=sitting.starts_at)
    assert refused.value.code == "sitting"


def test_a_worker_that_dies_leaves_the_plan_to_be_asked_again(zhao: Any) -> None:
    rows.staff(2, leads=1)
    rows.week()
    found = planning.by_hand(first=FIRST, last=LAST, by=zhao, at=NOW)
    Plan.objects.update(state="running", started_at=NOW, progress={"beat": NOW.isoformat()})
    assert computing.abandoned(NOW + timedelta(minutes=2)) == 0
    assert computing.abandoned(NOW + timedelta(minutes=9)) == 1
    found.refresh_from_db()
    assert found.state == "failed"


def test_what_was_kept_outlives_the_worker(zhao: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    solve = computing.engine.solve

    def dying(built: Any, seconds: float, *, keep: Any, **more: Any) -> Any:
        keep(solve(built, seconds, keep=keep, **more))
        raise SystemExit  # what a killed worker leaves behind

    monkeypatch.setattr(computing.engine, "solve", dying)
    with pytest.raises(SystemExit):
        plan(zhao)
    found = Plan.objects.create(
        first=FIRST, last=LAST, state="running", asked_by=zhao.user, asked_at=NOW, started_at=NOW,
        draft={"1": [[1, True]]}, progress={"beat": NOW.isoformat(), "broken": 0},
    )  # fmt: skip
    assert computing.abandoned(NOW + timedelta(minutes=9)) == 1
    found.refresh_from_db()
    assert found.state == "ready" and found.draft


def test_it_is_searched_in_stretches(zhao: Any) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    built = computing.build(FIRST, LAST, at=NOW)
    kept: list[Any] = []
    quiet: Any = lambda *found: None  # noqa: E731
    monkey = computing.engine
    before, monkey.FIRST = monkey.FIRST, 0.1
    try:
        best = _SOLVE(built, 0.9, replans=False, progress=quiet, keep=kept.append, stop=lambda: False)
    finally:
        monkey.FIRST = before
    assert best.legal and (best.proven or len(kept) >= 1)
    assert all(best.objective <= solution.objective for solution in kept if solution.legal)


def test_a_stopped_plan_keeps_the_best(zhao: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    seen = []
    solve = computing.engine.solve

    def stopping(built: Any, seconds: float, *, stop: Any, **more: Any) -> Any:
        row = Plan.objects.get(state="running")
        planning.stop(plan=row, by=zhao, at=NOW)
        seen.append(stop())
        return solve(built, seconds, stop=stop, **more)

    monkeypatch.setattr(computing.engine, "solve", stopping)
    found = plan(zhao)
    assert seen == [True]
    assert found.draft and found.progress["method"]


def test_a_second_delivery_of_the_job_does_nothing(zhao: Any) -> None:
    rows.staff(6, leads=2)
    rows.easy(zhao)
    rows.week()
    found = plan(zhao)
    computing.compute(found.pk)
    again = Plan.objects.get(pk=found.pk)
    assert (again.started_at, again.version) == (found.started_at, found.version)


def test_people_who_left_are_not_planned(zhao: Any) -> None:
    staff = rows.staff(7, leads=2)
    rows.easy(zhao)
    rows.week()
    staff[6].member.is_active = False
    staff[6].member.save()
    found = plan(zhao)
    assert staff[6].pk not in {p for here in found.draft.values() for p, _lead in here}
    assert timezone.is_aware(found.asked_at) and Leave.objects.count() == 0 and Sitting.objects.count() == 7
