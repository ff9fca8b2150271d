"""Drafts of agreements: begun, their words and clauses, what somebody owes, by when, in which parts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.mediation import acts, capitals, moments, seeing, wording
from chenyue.mediation.instalments import MOST, Part
from chenyue.mediation.lifecycle import AgreementState, Form, Stage
from chenyue.mediation.models import Agreement, Clause, Instalment, Mediation, Meeting, ModelClause, Obligation, Party

DRAFTED_IN = (Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING)
MOST_CLAUSES, MOST_OBLIGATIONS = 60, 60
TEXTS = {"facts": 4000, "dispute": 2000, "duties": 2000, "breach": 1000}
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Text:
    """What the head of an agreement says; `clauses` as (key or None, words), in their order."""

    facts: str = ""
    dispute: str = ""
    duties: str = ""
    breach: str = ""
    total: Decimal | None = None
    total_words: str = ""
    copies: int = 3
    partial: bool = False
    why_oral: str = ""
    reached_on: date | None = None
    clauses: Sequence[tuple[int | None, str]] = ()


@dataclass(frozen=True)
class Owed:
    """What an obligation says. `parts`: empty for one that is due at once."""

    what: str
    debtor: int | None = None
    creditor: int | None = None
    amount: Decimal | None = None
    amount_words: str = ""
    due_on: date | None = None
    manner: str = ""
    breach: str = ""
    clause: int | None = None
    parts: Sequence[Part] = ()


def find(mediation: Mediation, number: int) -> Agreement:
    """The agreement of this number. Raises NotFound."""
    rows = Agreement.objects.filter(mediation=mediation.pk, number=number)
    found = rows.select_related("mediation__committee", "mediation__case", "replaces", "scan").first()
    if found is None:
        raise NotFound
    return found


@contextmanager
def held(
    agreement: Agreement, by: Actor, *allowed: str, version: int | None = None
) -> Iterator[tuple[Mediation, Agreement]]:
    """Mediation and agreement as they are now, locked; asks who may. Raises Conflict for a stale form."""
    with acts.locked(agreement.mediation_id) as row:
        seeing.check(by, row, *(allowed or ("conduct",)))
        now = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if version is not None and version != now.version:
            raise Conflict
        now.mediation = row
        yield row, now
        moments.refresh(row)


def save(agreement: Agreement, *fields: str) -> None:
    """Write these fields and count the version."""
    agreement.version += 1
    agreement.save(update_fields=[*fields, "version"])


def only(agreement: Agreement, *states: str) -> None:
    """Refuse an agreement in another state."""
    if agreement.state not in states:
        label = AgreementState(agreement.state).label
        raise Conflict(_("This agreement is “%(state)s”: that isn't possible any more.") % {"state": label})


def begin(
    *, mediation: Mediation, form: str, by: Actor, at: datetime, replaces: Agreement | None = None,
    partial: bool = False, meeting: Meeting | None = None,
) -> Agreement:  # fmt: skip
    """A new draft; with `replaces` a copy of one that is in effect, to be changed. One draft at a time."""
    acts.one_of(Form.values, form, "form")
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct")
        if row.stage not in DRAFTED_IN:
            raise Refusal(_("An agreement is drafted while the parties are mediating."), code="stage")
        rows = Agreement.objects.filter(mediation=row)
        if rows.filter(state__in=(AgreementState.DRAFT, AgreementState.SIGNING)).exists():
            raise Refusal(_("There is a draft already: finish it first, or drop it."), code="draft")
        if replaces is not None and (replaces.mediation_id != row.pk or replaces.state != AgreementState.IN_EFFECT):
            raise Conflict
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        given: dict[str, Any] = {"facts": row.facts} if replaces is None else _copied(replaces)
        given["copies"] = max(3, row.parties.filter(left_at=None).count() + 1)
        made = Agreement.objects.create(
            mediation=row, number=number, form=form, replaces=replaces, made_at=at, made_by=by.user, meeting=meeting,
            **(given | {"partial": partial or given.get("partial", False)}),
        )  # fmt: skip
        if replaces is not None:
            _copy_rows(replaces, made)
        acts.record(row, "agreement_begun", by=by, at=at, data={"number": number, "form": form})
        moments.refresh(row)
    return made


def _copied(old: Agreement) -> dict[str, Any]:
    names = (*TEXTS, "total", "total_words", "partial")
    return {name: getattr(old, name) for name in names}


def _copy_rows(old: Agreement, new: Agreement) -> None:
    for clause in old.clauses.all():
        Clause.objects.create(agreement=new, order=clause.order, words=clause.words, model=clause.model)
    for one in wording.obligations(old):
        parts = list(one.instalments.all())
        one.pk, one.agreement, one.clause, one.state = None, new, None, "waiting"
        one._state.adding = True
        one.save()
        for part in parts:
            Instalment.objects.create(obligation=one, number=part.number, due_on=part.due_on, amount=part.amount)


def save_text(
    *, agreement: Agreement, text: Text, by: Actor, at: datetime, version: int | None = None
) -> Agreement:  # fmt: skip
    """Write the head and the clauses of a draft; clauses without words are dropped. Raises Refusal at a field."""
    with held(agreement, by, version=version) as (_row, now):
        only(now, AgreementState.DRAFT)
        for name, most in TEXTS.items():
            setattr(now, name, acts.words(getattr(text, name), name, most=most))
        now.total = money(text.total, "total")
        now.total_words = acts.words(text.total_words, "total_words", most=80) or _said(now.total)
        now.why_oral = acts.words(text.why_oral, "why_oral", most=200)
        now.reached_on = day(text.reached_on, "reached_on")
        if not 1 <= text.copies <= 99:
            raise Refusal(_("Between 1 and 99 copies."), field="copies", code="copies")
        now.copies, now.partial = text.copies, text.partial
        _save_clauses(now, text.clauses)
        save(now, *TEXTS, "total", "total_words", "why_oral", "reached_on", "copies", "partial")
    return now


def _save_clauses(agreement: Agreement, wanted: Sequence[tuple[int | None, str]]) -> None:
    if len(wanted) > MOST_CLAUSES:
        raise Refusal(_("At most %(n)d clauses.") % {"n": MOST_CLAUSES}, field="clauses", code="many")
    there = {clause.pk: clause for clause in agreement.clauses.all()}
    kept, order = set(), 0
    for pk, typed in wanted:
        said = acts.words(typed, "clauses", most=2000)
        if not said:
            continue
        order += 1
        clause = there.get(pk) if pk else None
        clause = clause or Clause(agreement=agreement)
        clause.order, clause.words = order, said
        clause.save()
        kept.add(clause.pk)
    agreement.clauses.exclude(pk__in=kept).delete()


def add_clause(
    *, agreement: Agreement, words: str, by: Actor, at: datetime, model: ModelClause | None = None
) -> Clause:
    """One more clause at the end, such as one of the library."""
    with held(agreement, by) as (_row, now):
        only(now, AgreementState.DRAFT)
        last = now.clauses.aggregate(last=Max("order"))["last"] or 0
        if last >= MOST_CLAUSES:
            raise Refusal(_("At most %(n)d clauses.") % {"n": MOST_CLAUSES}, field="clauses", code="many")
        said = acts.words(words, "words", needed=True, most=2000)
        clause = Clause.objects.create(agreement=now, order=last + 1, words=said, model=model)
        save(now)
    return clause


def save_obligation(
    *, agreement: Agreement, owed: Owed, by: Actor, at: datetime, obligation: Obligation | None = None
) -> Obligation:
    """Add what somebody owes, or change it, with its parts. Raises Refusal at the field that is wrong."""
    with held(agreement, by) as (row, now):
        only(now, AgreementState.DRAFT)
        one = now.obligations.filter(pk=obligation.pk).first() if obligation else Obligation(agreement=now)
        if one is None:
            raise NotFound
        if obligation is None:
            one.order = (now.obligations.aggregate(last=Max("order"))["last"] or 0) + 1
            if now.obligations.count() >= MOST_OBLIGATIONS:
                raise Refusal(_("At most %(n)d obligations.") % {"n": MOST_OBLIGATIONS}, field="what", code="many")
        one.what = acts.words(owed.what, "what", needed=True, most=500)
        one.debtor, one.creditor = _party(row, owed.debtor, "debtor"), _party(row, owed.creditor, "creditor")
        if one.debtor is not None and one.debtor == one.creditor:
            raise Refusal(_("Nobody owes something to themselves."), field="creditor", code="same")
        one.amount = money(owed.amount, "amount")
        one.amount_words = acts.words(owed.amount_words, "amount_words", most=80) or _said(one.amount)
        one.due_on = day(owed.due_on, "due_on")
        one.manner = acts.words(owed.manner, "manner", most=300)
        one.breach = acts.words(owed.breach, "breach", most=500)
        one.clause = now.clauses.filter(pk=owed.clause).first() if owed.clause else None
        one.save()
        _save_parts(one, owed.parts)
        save(now)
    return one


def _save_parts(one: Obligation, parts: Sequence[Part]) -> None:
    """Its due parts; exactly one for what isn't paid in parts."""
    if len(parts) > MOST:
        raise Refusal(_("At most %(n)d parts.") % {"n": MOST}, field="parts", code="many")
    one.instalments.all().delete()
    wanted: list[tuple[date | None, Decimal | None]] = [(part.due_on, part.amount) for part in parts]
    wanted = wanted or [(one.due_on, one.amount)]
    Instalment.objects.bulk_create(
        Instalment(obligation=one, number=n, due_on=day(on, "parts"), amount=money(amount, "parts"))
        for n, (on, amount) in enumerate(wanted, start=1)
    )


def remove_obligation(*, obligation: Obligation, by: Actor, at: datetime) -> None:
    """Take one out of a draft."""
    with held(obligation.agreement, by) as (_row, now):
        only(now, AgreementState.DRAFT)
        now.obligations.filter(pk=obligation.pk).delete()
        save(now)


def _party(mediation: Mediation, pk: int | None, field: str) -> Party | None:
    if pk is None:
        return None
    found = Party.objects.filter(mediation=mediation, pk=pk, left_at=None).first()
    if found is None:
        raise Refusal(_("Choose one of the parties."), field=field, code="party")
    return found


def _said(amount: Decimal | None) -> str:
    return capitals.in_words(amount) if amount else ""


def money(amount: Decimal | None, field: str) -> Decimal | None:
    """A sum fit for storing: nothing below zero, nothing finer than a cent."""
    if amount is None:
        return None
    if not amount.is_finite() or not 0 < amount <= capitals.LARGEST:
        raise Refusal(_("Enter a sum above nothing and below 100 million million yuan."), field=field, code="sum")
    if amount != amount.quantize(CENT):
        raise Refusal(_("Nothing is finer than a cent."), field=field, code="cent")
    return amount.quantize(CENT)


def day(on: date | None, field: str) -> date | None:
    """A day that isn't mistyped."""
    if on is not None and not EARLIEST <= on < LATEST:
        raise Refusal(_("Check the year."), field=field, code="year")
    return on
