"""What follows an agreement: parts and receipts, reminders and overdue steps, judicial confirmation, visits."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cast import SHANGHAI
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import acts, agree_chores, agreeing, confirming, performing, visiting
from chenyue.mediation.lifecycle import (
    AgreementState,
    ConfirmationState,
    EvidenceKind,
    Grade,
    ObligationState,
    Question,
    Stage,
    VisitKind,
)
from chenyue.mediation.models import Evidence, FollowUpVisit, Instalment, Receipt
from chenyue.notify.models import Message, Notice
from chenyue.timeline.models import Entry
from chenyue.workdays import years
from chenyue.workdays.calendar import Calendar
from mediation.agree_stage import DUE, SUM, obligation, parts, signed
from mediation.stage import MediationStage, moment

pytestmark = pytest.mark.django_db
TABLES = {t.year: t for f in years.SHIPPED.glob("*.csv") for t in [years.read(f.read_text("utf-8"))]}
SHIPPED = Calendar(
    holidays=frozenset(row.day for t in TABLES.values() for row in t.days if row.kind == "holiday"),
    make_ups=frozenset(row.day for t in TABLES.values() for row in t.days if row.kind == "make_up"),
    known_years=frozenset(TABLES),
)


def on(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def part(agreement: Any, number: int = 1) -> Instalment:
    return obligation(agreement).instalments.get(number=number)


def pays(stage: MediationStage, of: Instalment, amount: Any, day: date = DUE, **more: Any) -> Receipt:
    given = {"by": stage.wang, "at": on(day), "on": day} | more
    return performing.receive(part=of, amount=Decimal(amount), **given)


def verbs(stage: MediationStage) -> list[str]:
    rows = Entry.objects.filter(subject=stage.mediation.subject).order_by("pk")
    return [verb.removeprefix("mediation.") for verb in rows.values_list("verb", flat=True)]


@pytest.mark.parametrize(
    ("effect", "thirtieth", "last"),
    [
        ("2026-01-16", "2026-02-15", "2026-02-24"),  # Spring Festival
        ("2026-04-01", "2026-05-01", "2026-05-06"),
        ("2026-01-15", "2026-02-14", "2026-02-14"),  # a make-up Saturday is worked
        ("2026-08-21", "2026-09-20", "2026-09-20"),  # a make-up Sunday
        ("2026-09-01", "2026-10-01", "2026-10-08"),
    ],
)
def test_the_last_day_for_the_court(effect: str, thirtieth: str, last: str) -> None:
    found = confirming.window(date.fromisoformat(effect), SHIPPED)
    assert (found.thirtieth.isoformat(), found.last.isoformat(), found.provisional) == (thirtieth, last, False)


def test_a_year_that_is_not_announced_is_provisional() -> None:
    assert confirming.window(date(2026, 12, 10), SHIPPED).provisional


def test_partial_payments_add_up_until_it_is_done(mediated: MediationStage) -> None:
    agreement = signed(mediated, parts=parts(3))
    first = part(agreement)
    pays(mediated, first, "5000", on(DUE).date() - timedelta(days=3))
    first.refresh_from_db()
    assert (first.paid, first.state) == (Decimal(5000), ObligationState.WAITING)
    pays(mediated, first, first.amount - 5000)
    first.refresh_from_db()
    assert (first.state, first.done_on, first.next_at) == (ObligationState.DONE, DUE, None)
    assert obligation(agreement).state == ObligationState.WAITING
    row = performing.rows(agreement)[0]
    assert row.paid == first.amount
    assert len(row.parts[0][1]) == 2
    with pytest.raises(Refusal, match="2"):
        performing.finish(mediation=mediated.mediation, words="", by=mediated.wang, at=on(DUE))


def test_more_than_owed_must_be_said(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    with pytest.raises(Refusal) as found:
        pays(mediated, one, SUM + 1)
    assert (found.value.code, found.value.field) == ("over", "amount")
    pays(mediated, one, SUM + 1, more_than_owed=True)
    one.refresh_from_db()
    assert (one.paid, one.state) == (SUM + 1, ObligationState.DONE)


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN"])
def test_what_is_no_payment_is_refused(mediated: MediationStage, amount: str) -> None:
    one = part(signed(mediated))
    with pytest.raises(Refusal):
        pays(mediated, one, amount)
    with pytest.raises(Refusal):
        pays(mediated, one, "1", on=DUE + timedelta(days=1))


def test_a_disputed_receipt_does_not_count_until_it_is_cleared(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    receipt = pays(mediated, one, SUM)
    he, she = (Actor("resident", acts.subject_of(p)) for p in (mediated.applicant, mediated.respondent))
    with pytest.raises(NotAllowed):
        performing.dispute_receipt(receipt=receipt, why="我说没有", by=she, at=on(DUE))
    performing.dispute_receipt(receipt=receipt, why="没有收到", by=he, at=on(DUE))
    one.refresh_from_db()
    assert (one.state, one.paid) == (ObligationState.WAITING, 0)
    performing.confirm_receipt(receipt=receipt, by=he, at=on(DUE))
    one.refresh_from_db()
    assert (one.state, one.paid) == (ObligationState.DONE, SUM)
    with pytest.raises(Refusal):
        performing.dispute_receipt(receipt=receipt, why="又没有", by=he, at=on(DUE))


def test_a_receipt_by_mistake_stays_on_record_but_counts_no_more(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    receipt = pays(mediated, one, SUM)
    performing.remove_receipt(receipt=receipt, why="录错一笔", by=mediated.wang, at=on(DUE))
    one.refresh_from_db()
    assert (one.state, one.paid, one.done_on) == (ObligationState.WAITING, 0, None)
    assert Receipt.objects.filter(pk=receipt.pk).exclude(removed_at=None).exists()


def test_who_has_no_part_in_it_enters_nothing(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    strangers = [mediated.cast.zhou.actor(), mediated.cast.lin.actor(), mediated.cast.sun.actor(), Actor("resident")]
    for by in strangers:
        with pytest.raises(NotAllowed):
            pays(mediated, one, "1", by=by)


def test_everything_performed_ends_it_well(mediated: MediationStage) -> None:
    agreement = signed(mediated, parts=parts(2))
    pays(mediated, part(agreement), part(agreement).amount)
    he = Actor("resident", acts.subject_of(mediated.applicant))
    performing.excuse(part=part(agreement, 2), why="余款不要了", by=he, at=on(DUE))
    assert obligation(agreement).state == ObligationState.DONE
    performing.finish(mediation=mediated.mediation, words="已履行完毕", by=mediated.wang, at=on(DUE))
    mediated.mediation.refresh_from_db()
    assert mediated.mediation.stage == Stage.PERFORMED


def test_reminders_before_and_on_the_day_then_three_steps(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    steps = []
    for day in range(-6, 30):
        at = on(DUE + timedelta(days=day))
        agree_chores.follow_parts(at)
        agree_chores.follow_parts(at)  # a second worker finds nothing to do
        one.refresh_from_db()
        steps.append((day, one.reminded_at is not None, one.overdue_step, one.state))
    changes = [a[0] for a, b in zip(steps[1:], steps, strict=False) if a[1:] != b[1:]]
    assert changes == [-3, 1, 7, 15]
    said = [v for v in verbs(mediated) if v in ("part_reminded", "part_overdue", "rights_told")]
    assert said == ["part_reminded", "part_reminded", "part_overdue", "rights_told"]
    assert one.state == ObligationState.OVERDUE
    assert FollowUpVisit.objects.filter(kind=VisitKind.OVERDUE, party=mediated.respondent).count() == 1
    assert Notice.objects.filter(member=mediated.cast.wang, url__endswith="/performance/").count() >= 4


def test_what_goes_to_a_telephone_names_neither_the_quarrel_nor_the_other_side(mediated: MediationStage) -> None:
    from chenyue.mediation import agree_telling
    from chenyue.notify import texts

    for code in ("mediation-due", "mediation-overdue"):
        for channel in ("email", "sms"):
            blanks = set(texts.blanks(texts.get(code, channel).body))
            assert blanks <= {"office", "day", "phone"}
    one = part(signed(mediated))
    agree_telling.part_due(mediated.mediation, one, "due", on(DUE))
    bodies = " ".join(Message.objects.values_list("body", flat=True))
    assert not any(word in bodies for word in ("陈大明", "魏国强", "征地", "39"))


def test_an_office_that_slept_takes_one_step_at_a_time(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    at = on(DUE + timedelta(days=40))
    for wanted in (1, 2, 3, 3):
        agree_chores.follow_parts(at)
        one.refresh_from_db()
        assert one.overdue_step == wanted
    assert one.next_at is None


def test_performed_late_it_is_done_and_nobody_is_told_any_more(mediated: MediationStage) -> None:
    one = part(signed(mediated))
    agree_chores.follow_parts(on(DUE + timedelta(days=1)))
    pays(mediated, one, SUM, DUE + timedelta(days=2))
    assert agree_chores.follow_parts(on(DUE + timedelta(days=30))) == 0
    one.refresh_from_db()
    assert one.state == ObligationState.DONE


def test_broken_for_good_the_other_side_is_told_of_its_rights(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    performing.break_off(part=part(agreement), why="明确拒绝支付", by=mediated.wang, at=on(DUE))
    assert obligation(agreement).state == ObligationState.BROKEN
    assert verbs(mediated)[-2:] == ["part_broken", "rights_told"]
    pays(mediated, part(agreement), SUM)
    assert obligation(agreement).state == ObligationState.DONE


# Judicial confirmation


def test_the_days_of_the_court_begin_with_the_effect(mediated: MediationStage) -> None:
    agreement = signed(mediated)  # in effect on 2026-11-26
    held = agreement.confirmation
    assert (held.thirtieth_day, held.last_day) == (date(2026, 12, 26), date(2026, 12, 28))  # a Saturday
    told = [agree_chores.follow_confirmations(on(held.last_day - timedelta(days=n))) for n in (20, 10, 9, 3, 2, 0, -1)]
    assert told == [0, 1, 0, 1, 0, 0, 1]
    held.refresh_from_db()
    assert held.state == ConfirmationState.EXPIRED


def test_a_provisional_last_day_is_reckoned_anew(mediated: MediationStage, monkeypatch: Any) -> None:
    agreement = signed(mediated, on=10)  # 2026-12-04; the thirtieth day is 2027-01-03, a Sunday
    held = agreement.confirmation
    assert (held.last_day, held.provisional) == (date(2027, 1, 4), True)
    known = Calendar(
        holidays=SHIPPED.holidays | {date(2027, 1, 4)}, make_ups=SHIPPED.make_ups,
        known_years=SHIPPED.known_years | {2027},
    )  # fmt: skip
    monkeypatch.setattr(confirming, "calendar", lambda: known)
    agree_chores.follow_confirmations(on(date(2026, 12, 8)))
    held.refresh_from_db()
    assert (held.last_day, held.provisional) == (date(2027, 1, 5), False)
    assert "confirmation_moved" in verbs(mediated)


def test_applied_and_confirmed(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    given: dict[str, Any] = {"agreement": agreement, "by": mediated.wang}
    confirming.waive(**given, at=moment(3))
    confirming.want(**given, at=moment(4))
    for day, code in ((date(2026, 11, 1), "early"), (moment(9).date(), "future")):
        with pytest.raises(Refusal) as found:
            confirming.applied(**given, on=day, court="余姚市人民法院", at=moment(5))
        assert found.value.code == code
    confirming.applied(**given, on=moment(5).date(), court="余姚市人民法院", at=moment(5))
    agreement.confirmation.refresh_from_db()
    assert confirming.court_by(agreement.confirmation) == (date(2026, 12, 2), date(2026, 12, 17), date(2026, 12, 27))
    confirming.ruled(**given, confirmed=True, on=moment(9).date(), number="（2026）浙0281民特1号", at=moment(9))
    agreement.confirmation.refresh_from_db()
    assert agreement.confirmation.state == ConfirmationState.CONFIRMED
    with pytest.raises(Refusal):
        confirming.applied(**given, on=moment(9).date(), court="余姚市人民法院", at=moment(9))


def test_refused_with_its_ground_and_too_late_only_if_said(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    given: dict[str, Any] = {"agreement": agreement, "by": mediated.wang}
    late = date(2026, 12, 29)
    with pytest.raises(Refusal) as found:
        confirming.applied(**given, on=late, court="余姚市人民法院", at=on(late))
    assert found.value.code == "late"
    confirming.applied(**given, on=late, court="余姚市人民法院", at=on(late), late=True)
    with pytest.raises(Refusal):
        confirming.ruled(**given, confirmed=False, on=late, at=on(late), ground="whatever")
    confirming.ruled(**given, confirmed=False, on=late, at=on(late), ground="unclear", words="履行期限不明")
    agreement.confirmation.refresh_from_db()
    assert "第七条第五项" in agreement.confirmation.words


def test_the_pack_says_what_is_missing(mediated: MediationStage) -> None:
    agreement = signed(mediated)

    def there() -> list[bool]:
        return [item.there for item in confirming.pack(agreement, moment(3).date())]

    assert not any(there())
    for number, party in enumerate((mediated.applicant, mediated.respondent), start=1):
        mediated.says(party, question=Question.CONFIRMATION)
        Evidence.objects.create(
            mediation=mediated.mediation, number=number, kind=EvidenceKind.IDENTITY, title="身份证", party=party,
            at=moment(), by=mediated.cast.wang,
        )  # fmt: skip
        party.address = "晨光村1号"
        party.save()
    assert there() == [True, False, True, True, True, True, False]


# Visits


def test_each_party_is_asked_three_times(mediated: MediationStage) -> None:
    agreement = signed(mediated, parts=parts(2))
    found = [(v.kind, v.due_on) for v in visiting.waiting(mediated.mediation).filter(party=mediated.applicant)]
    effect = agreement.effect_on
    assert found == [
        (VisitKind.FIRST_DUE, DUE + timedelta(days=1)),
        (VisitKind.DAYS_30, effect + timedelta(days=30)),
        (VisitKind.DAYS_180, effect + timedelta(days=180)),
    ]
    assert visiting.waiting(mediated.mediation).count() == 6
    day = on(DUE + timedelta(days=1))
    assert [agree_chores.follow_visits(day), agree_chores.follow_visits(day)] == [2, 0]


def test_what_one_party_says_the_other_never_reads(mediated: MediationStage) -> None:
    signed(mediated)
    visit = visiting.waiting(mediated.mediation).filter(party=mediated.applicant).first()
    assert visit is not None
    given: dict[str, Any] = {"visit": visit, "performed": True, "grade": Grade.DISSATISFIED}
    with pytest.raises(NotAllowed):
        visiting.make(**given, by=Actor("resident", acts.subject_of(mediated.respondent)), at=on(DUE))
    visiting.make(**given, words="调解员偏心", by=Actor("resident", acts.subject_of(mediated.applicant)), at=on(DUE))
    with pytest.raises(Conflict):
        visiting.make(**given, by=mediated.wang, at=on(DUE))
    theirs = Entry.objects.filter(subject=acts.subject_of(mediated.respondent), verb="mediation.visited")
    joint = Entry.objects.filter(subject=mediated.mediation.subject, visible_to="resident", verb="mediation.visited")
    assert not theirs.exists()
    assert not joint.exists()


def test_a_sign_of_danger_needs_a_measure(mediated: MediationStage) -> None:
    signed(mediated)
    visit = visiting.waiting(mediated.mediation).first()
    given: dict[str, Any] = {"visit": visit, "performed": False, "grade": "satisfied", "by": mediated.wang}
    with pytest.raises(Refusal) as found:
        visiting.make(**given, signs=["relapse"], at=on(DUE))
    assert found.value.field == "measures"
    visiting.make(**given, signs=["relapse"], measures="约下周再谈", at=on(DUE))


def test_after_three_tries_it_counts_as_tried(mediated: MediationStage) -> None:
    signed(mediated)
    visit = visiting.waiting(mediated.mediation).first()
    assert visit is not None
    for day in range(3):
        visiting.tried(visit=visit, by=mediated.wang, at=on(DUE + timedelta(days=day)))
    with pytest.raises(Conflict):
        visiting.tried(visit=visit, by=mediated.wang, at=on(DUE))
    assert visit not in visiting.waiting(mediated.mediation)


def test_visits_of_a_void_agreement_are_not_waited_for(mediated: MediationStage) -> None:
    agreement = signed(mediated)
    agreeing.declare_void(agreement=agreement, why="法院判决", by=mediated.li, at=on(DUE))
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.VOID
    assert not visiting.waiting(mediated.mediation).exists()
    assert agree_chores.follow_parts(on(DUE + timedelta(days=9))) == 0
    assert agree_chores.follow_confirmations(on(DUE + timedelta(days=90))) == 0
