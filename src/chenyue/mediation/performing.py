"""Performance: what is due, what came, what was waived or broken, and the steps when a day passes (art. 31)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.mediation import acts, agree_telling, drafting, moments, seeing, signing, stages, wording
from chenyue.mediation.lifecycle import AgreementState, ObligationState, Stage, VisitKind
from chenyue.mediation.models import Agreement, Evidence, FollowUpVisit, Instalment, Mediation, Obligation, Receipt
from chenyue.timeline.models import VisibleTo

MORNING = time(9)  # when reminders go out
OPEN = (ObligationState.WAITING, ObligationState.OVERDUE)
ENDED = (ObligationState.DONE, ObligationState.EXCUSED)
SOON, DUE, OVERDUE = "soon", "due", "overdue"


@dataclass(frozen=True)
class Row:
    """One obligation with its parts and what came for each, as the page shows it."""

    obligation: Obligation
    parts: Sequence[tuple[Instalment, list[Receipt]]]

    @property
    def paid(self) -> Decimal:
        """What has come in all, yuan."""
        return sum((part.paid for part, _receipts in self.parts), Decimal(0))


def rows(agreement: Agreement) -> list[Row]:
    """Every obligation of an agreement. Four statements."""
    found = agreement.obligations.select_related("debtor", "creditor", "agreement")
    found = found.prefetch_related("instalments__receipts__evidence").order_by("order", "pk")
    return [
        Row(one, [(part, sorted(part.receipts.all(), key=lambda r: (r.on, r.pk))) for part in one.instalments.all()])
        for one in found
    ]


def in_effect(mediation: Mediation) -> list[Agreement]:
    """Agreements that bind now, oldest first."""
    found = Agreement.objects.filter(mediation=mediation.pk, state=AgreementState.IN_EFFECT)
    return list(found.select_related("mediation__committee", "confirmation").order_by("number"))


def coming(part: Instalment) -> tuple[datetime, str] | None:
    """The next step of a part that isn't done: a reminder before, on its day, then step by step when overdue. Pure
    but for the office's settings."""
    if part.state not in OPEN or part.due_on is None:
        return None
    days: list[int] = office.get("mediation_overdue_days")
    if part.overdue_step:
        later = days[part.overdue_step :]
        return (_morning(part.due_on, later[0]), OVERDUE) if later else None
    if part.reminded_at is None and office.get("mediation_remind_days"):
        return _morning(part.due_on, -office.get("mediation_remind_days")), SOON
    if part.reminded_at is None or acts.local_day(part.reminded_at) < part.due_on:
        return _morning(part.due_on, 0), DUE
    return (_morning(part.due_on, days[0]), OVERDUE) if days else None


def _morning(day: date, later: int) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), MORNING))


@signing.follow
def begin(row: Mediation, agreement: Agreement, by: Actor, at: datetime) -> None:
    """An agreement took effect: the one it replaces ends, its own days begin to count."""
    old = agreement.replaces
    if old is not None and old.state == AgreementState.IN_EFFECT:
        old.state = AgreementState.REPLACED
        drafting.save(old, "state")
        stop(old)
        data = {"number": old.number, "new": agreement.number}
        acts.record(row, "agreement_replaced", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    for one in wording.obligations(agreement):
        if not one.instalments.all():
            Instalment.objects.create(obligation=one, number=1, due_on=one.due_on, amount=one.amount)
        settle(one)


def stop(agreement: Agreement) -> None:
    """Nothing of this agreement is waited for any more; what came stays on record."""
    Instalment.objects.filter(obligation__agreement=agreement).update(next_at=None)
    FollowUpVisit.objects.filter(agreement=agreement, made_at=None, tries=0).delete()


def settle(obligation: Obligation) -> None:
    """Work out anew what came and how every part and the obligation stand. Overdue is said by the tick."""
    parts = list(Instalment.objects.filter(obligation=obligation).prefetch_related("receipts").order_by("number"))
    for part in parts:
        counting = [r for r in part.receipts.all() if r.removed_at is None and r.disputed_at is None]
        part.paid = sum((r.amount for r in counting if r.amount), Decimal(0))
        done = part.paid >= part.amount if part.amount is not None else bool(counting)
        if part.state != ObligationState.EXCUSED:
            part.done_on = max(r.on for r in counting) if done else None
            late = ObligationState.OVERDUE if part.overdue_step else ObligationState.WAITING
            broken = part.state == ObligationState.BROKEN
            part.state = ObligationState.DONE if done else ObligationState.BROKEN if broken else late
        found = coming(part)
        part.next_at = found[0] if found else None
        part.save(update_fields=["paid", "done_on", "state", "next_at"])
    obligation.state = _state({part.state for part in parts})
    obligation.save(update_fields=["state"])


def _state(of: set[str]) -> str:
    """How an obligation stands by its parts: the worst of them."""
    for worst in (ObligationState.BROKEN, ObligationState.OVERDUE, ObligationState.WAITING, ObligationState.DONE):
        if worst in of:
            return worst
    return ObligationState.EXCUSED if of else ObligationState.WAITING


def _where(part: Instalment) -> dict[str, Any]:
    one = part.obligation
    return {"number": one.agreement.number, "obligation": one.order, "part": part.number}


@contextmanager
def _part(part: Instalment, by: Actor, *, party: str = "") -> Iterator[tuple[Mediation, Instalment]]:
    """A part with its mediation, locked; settled afterwards.

    `party`: the side of the obligation (debtor, creditor) that may do it on its own page too.
    """
    with acts.locked(part.obligation.agreement.mediation_id) as row:
        rows = Instalment.objects.select_for_update(of=("self",)).select_related("obligation__agreement")
        now = rows.get(pk=part.pk, obligation__agreement__mediation=row)
        if by.kind == "resident":
            of = getattr(now.obligation, f"{party}_id") if party else None
            if of is None or by.key != acts.subject_of(of):
                raise NotAllowed
        else:
            seeing.check(by, row, "conduct", "manage")
        drafting.only(now.obligation.agreement, AgreementState.IN_EFFECT)
        yield row, now
        settle(now.obligation)
        moments.refresh(row)


def receive(
    *, part: Instalment, on: date, by: Actor, at: datetime, amount: Decimal | None = None, words: str = "",
    evidence: Evidence | None = None, more_than_owed: bool = False,
) -> Receipt:  # fmt: skip
    """Something was performed: a sum came, a thing was done. Several receipts of one part add up.

    Raises Refusal for a sum beyond what is owed unless `more_than_owed`, for a day to come, for what needs a sum.
    """
    with _part(part, by) as (row, now):
        if on > acts.local_day(at):
            raise Refusal(_("This day hasn't come yet."), field="on", code="future")
        drafting.day(on, "on")
        if now.state == ObligationState.EXCUSED:
            raise Refusal(_("The other side has waived this part."), code="excused")
        if now.amount is not None and amount is None:
            raise Refusal(_("How much came?"), field="amount", code="amount")
        given = drafting.money(amount, "amount") if now.amount is not None else None
        over = now.paid + given - now.amount if given is not None and now.amount is not None else Decimal(0)
        if over > 0 and not more_than_owed:
            raise Refusal(
                _("That is %(over)s yuan more than is owed here. If so, tick that it is more than owed.")
                % {"over": f"{over:,.2f}"},
                field="amount",
                code="over",
            )
        made = Receipt.objects.create(
            instalment=now, amount=given, on=on, words=acts.words(words, "words", most=120), evidence=evidence, at=at,
            by=by.user,
        )  # fmt: skip
        data = _where(now) | {"on": on.isoformat()}
        acts.record(row, "receipt_taken", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    return made


def confirm_receipt(*, receipt: Receipt, by: Actor, at: datetime) -> None:
    """Whoever was to get it says that it came."""
    with _part(receipt.instalment, by, party="creditor") as (row, now):
        if Receipt.objects.filter(pk=receipt.pk, removed_at=None).update(confirmed_at=at, disputed_at=None):
            acts.record(row, "receipt_confirmed", by=by, at=at, data=_where(now), visible_to=VisibleTo.RESIDENT)


def dispute_receipt(*, receipt: Receipt, why: str, by: Actor, at: datetime) -> None:
    """Whoever was to get it says that it didn't come: until that is cleared it doesn't count."""
    reason = acts.words(why, "why", needed=True, most=200)
    with _part(receipt.instalment, by, party="creditor") as (row, now):
        rows = Receipt.objects.filter(pk=receipt.pk, removed_at=None, confirmed_at=None)
        if not rows.update(disputed_at=at):
            raise Refusal(_("It is confirmed already; if it was a mistake, take it out."), code="confirmed")
        data = _where(now)
        acts.record(row, "receipt_disputed", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)
        said = _("%(title)s: a payment is said not to have come.") % {"title": row.title}
        agree_telling.mediators(row, said, f"receipt:{receipt.pk}:disputed", at, page="performance")


def remove_receipt(*, receipt: Receipt, why: str, by: Actor, at: datetime) -> None:
    """It was entered by mistake: it stays on record, struck, and counts no more."""
    reason = acts.words(why, "why", needed=True, most=200)
    with _part(receipt.instalment, by) as (row, now):
        if Receipt.objects.filter(pk=receipt.pk, removed_at=None).update(removed_at=at):
            data = _where(now)
            acts.record(row, "receipt_removed", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)


def excuse(*, part: Instalment, why: str, by: Actor, at: datetime) -> None:
    """Whoever was to get it waives it."""
    reason = acts.words(why, "why", needed=True, most=200)
    with _part(part, by, party="creditor") as (row, now):
        if now.state in OPEN or now.state == ObligationState.BROKEN:
            now.state = ObligationState.EXCUSED
            now.save(update_fields=["state"])
            data = _where(now)
            acts.record(row, "part_excused", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)


def break_off(*, part: Instalment, why: str, by: Actor, at: datetime) -> None:
    """It won't be performed: the other side is told of court and execution (art. 32, 33)."""
    reason = acts.words(why, "why", needed=True, most=200)
    with _part(part, by) as (row, now):
        if now.state in OPEN:
            now.state = ObligationState.BROKEN
            now.save(update_fields=["state"])
            data = _where(now)
            acts.record(row, "part_broken", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)
            acts.record(row, "rights_told", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)


def open_parts(mediation: Mediation) -> int:
    """How many parts of agreements in effect aren't done or waived."""
    found = Instalment.objects.filter(obligation__agreement__mediation=mediation.pk)
    found = found.filter(obligation__agreement__state=AgreementState.IN_EFFECT)
    return found.exclude(state__in=ENDED).count()


def finish(*, mediation: Mediation, words: str, by: Actor, at: datetime) -> Mediation:
    """Everything is performed: the mediation ends well. Raises Refusal while something is open."""
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        if waiting := open_parts(row):
            raise Refusal(_("%(n)d parts aren't performed yet.") % {"n": waiting}, code="open")
        if not in_effect(row):
            raise Refusal(_("No agreement is in effect."), code="none")
        row.result_words = acts.words(words, "words", most=2000)
        row.save(update_fields=["result_words"])
        acts.record(row, "all_performed", by=by, at=at, visible_to=VisibleTo.RESIDENT)
        return stages.move(mediation=row, to=Stage.PERFORMED, by=by, at=at)


@moments.source
def next_part(mediation: Mediation) -> list[moments.Moment]:
    """The end of the earliest day of a part that is open."""
    found = Instalment.objects.filter(obligation__agreement__mediation=mediation.pk, state__in=OPEN)
    found = found.filter(obligation__agreement__state=AgreementState.IN_EFFECT).exclude(due_on=None)
    first = found.order_by("due_on").values_list("due_on", flat=True).first()
    return [(moments.closing_of(first), "performance")] if first else []


def step(pk: int, at: datetime) -> bool:
    """Take the step of one part whose moment has come; False if another worker was faster or it was performed."""
    found = Instalment.objects.filter(pk=pk).values_list("obligation__agreement__mediation", flat=True).first()
    if found is None:
        return False
    with acts.locked(found) as row:
        rows = Instalment.objects.select_for_update(of=("self",)).select_related("obligation__agreement")
        part = rows.filter(pk=pk, next_at__lte=at, state__in=OPEN).first()
        if part is None or part.due_on is None or part.obligation.agreement.state != AgreementState.IN_EFFECT:
            return False
        _take(row, part, _what(part, at), at)
        settle(part.obligation)
        moments.refresh(row)
    return True


def _what(part: Instalment, at: datetime) -> str:
    """The step that is due; a reminder that was missed for days gives way to what is due now."""
    found = coming(part)
    late = part.due_on is not None and acts.local_day(at) > part.due_on
    return OVERDUE if found is None or late else found[1]


def _take(row: Mediation, part: Instalment, what: str, at: datetime) -> None:
    data = _where(part)
    if what != OVERDUE:
        part.reminded_at = at
        part.save(update_fields=["reminded_at"])
        acts.record(row, "part_reminded", by=SYSTEM, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        agree_telling.part_due(row, part, what, at)
        return
    part.overdue_step += 1
    part.save(update_fields=["overdue_step"])
    if part.overdue_step == 1:
        acts.record(row, "part_overdue", by=SYSTEM, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    elif part.overdue_step == 2 and part.obligation.debtor is not None:
        FollowUpVisit.objects.create(
            mediation=row, agreement=part.obligation.agreement, party=part.obligation.debtor, kind=VisitKind.OVERDUE,
            due_on=acts.local_day(at),
        )  # fmt: skip
    elif part.overdue_step >= 3:
        acts.record(row, "rights_told", by=SYSTEM, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    agree_telling.part_overdue(row, part, at)
