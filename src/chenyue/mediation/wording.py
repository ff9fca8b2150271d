"""An agreement's words as one text, its hash, and the picture of it that the linter reads. Reads rows, writes none."""

import hashlib
import json
from datetime import date
from typing import Any

from chenyue.mediation import linting_text, speakers
from chenyue.mediation.lifecycle import Acts, AgreementState
from chenyue.mediation.linting_draft import Draft, Due, Mark, Who
from chenyue.mediation.models import (
    Agreement,
    Appointment,
    Instalment,
    Invitation,
    Mediation,
    Obligation,
    Party,
    Representative,
    Signature,
)
from chenyue.mediation.parties import current_parties
from chenyue.workdays.queries import calendar

MEDIATES = (Appointment.Role.LEAD, Appointment.Role.WITH)
NARRATION = ("facts", "dispute", "duties", "breach", "total_words", "why_oral")


def label(position: int) -> str:
    """甲方, 乙方, … by the place among the parties, from 0; beyond ten by number."""
    labels = linting_text.LABELS
    return f"{labels[position]}方" if position < len(labels) else f"第{position + 1}方"


def labels(parties: list[Party]) -> dict[int, str]:
    """How an agreement calls each party, by key."""
    return {party.pk: label(n) for n, party in enumerate(parties)}


def obligations(agreement: Agreement) -> list[Obligation]:
    """What it obliges to, with debtor, creditor and parts. Two statements."""
    rows = agreement.obligations.select_related("debtor", "creditor").prefetch_related("instalments")
    return list(rows.order_by("order", "pk"))


def content(agreement: Agreement) -> dict[str, Any]:
    """Everything that the signatures stand for, as plain data; who the parties are under `parties`."""
    parties = current_parties(agreement.mediation_id)
    return {
        "mediation": agreement.mediation.number, "agreement": agreement.number, "form": agreement.form,
        "partial": agreement.partial, "copies": agreement.copies, "total": _sum(agreement.total),
        "replaces": agreement.replaces.number if agreement.replaces else None,
        "parties": [[p.order, p.side, p.kind, p.name] for p in parties],
        "clauses": [clause.words for clause in agreement.clauses.all()],
        "obligations": [_owed(one) for one in obligations(agreement)],
        **{name: getattr(agreement, name) for name in NARRATION},
    }  # fmt: skip


def _owed(one: Obligation) -> dict[str, Any]:
    parts = [[_day(part.due_on), _sum(part.amount)] for part in one.instalments.all()]
    return {
        "debtor": one.debtor.order if one.debtor else None, "creditor": one.creditor.order if one.creditor else None,
        "what": one.what, "amount": _sum(one.amount), "words": one.amount_words, "due_on": _day(one.due_on),
        "manner": one.manner, "breach": one.breach, "parts": parts,
    }  # fmt: skip


def _sum(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def plain(agreement: Agreement) -> str:
    """`content` as one text: the same words give the same text, whoever asks, whenever."""
    return json.dumps(content(agreement), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(agreement: Agreement | str) -> str:
    """SHA-256 of that text."""
    return hashlib.sha256((agreement if isinstance(agreement, str) else plain(agreement)).encode()).hexdigest()


def freeze(agreement: Agreement) -> None:
    """Keep the words as they are signed from now on, with their hash; the caller saves both fields."""
    agreement.frozen = plain(agreement)
    agreement.text_sha256 = digest(agreement.frozen)


def intact(agreement: Agreement) -> bool:
    """Whether the words kept are those that were (or are being) signed.

    A party whose name was put right afterwards, or who left, doesn't change what was signed: its name then stands in
    `frozen`. While signing goes on it does: the next to sign would sign something else.
    """
    if not agreement.frozen:
        return not agreement.text_sha256
    if digest(agreement.frozen) != agreement.text_sha256:
        return False
    then, now = json.loads(agreement.frozen), json.loads(plain(agreement))
    if agreement.state != AgreementState.SIGNING:
        then.pop("parties"), now.pop("parties")
    return bool(then == now)


def picture(agreement: Agreement, today: date) -> Draft:
    """What the linter looks at."""
    mediation = agreement.mediation
    parties = current_parties(mediation)
    speaking = speakers.current_representatives(mediation, today)
    dues = obligations(agreement)
    return Draft(
        today=today, form=agreement.form, copies=agreement.copies, total=agreement.total,
        total_words=agreement.total_words, facts=agreement.facts, dispute=agreement.dispute, duties=agreement.duties,
        breach=agreement.breach, why_oral=agreement.why_oral, reached_on=agreement.reached_on,
        seal_on=agreement.seal_on, parties=(*(_who(p, speaking) for p in parties), *_gone(dues, parties)),
        clauses=tuple(clause.words for clause in agreement.clauses.all()),
        obligations=tuple(_due(n, one) for n, one in enumerate(dues, start=1)),
        mediators=mediators(mediation).count(), known=_known(mediation, speaking),
        marks=tuple(_mark(one) for one in marks(agreement)), worked=calendar().is_workday,
    )  # fmt: skip


def mediators(mediation: Mediation) -> Any:
    """Appointments of those who mediate now, whoever leads first; who only records doesn't."""
    found = Appointment.objects.filter(mediation=mediation.pk, until=None, role__in=MEDIATES)
    return found.filter(mediator__revoked_on=None).select_related("mediator").order_by("role", "pk")


def marks(agreement: Agreement) -> list[Signature]:
    """Signatures that stand, with whose they are. One statement."""
    found = Signature.objects.filter(agreement=agreement, removed_at=None)
    return list(found.select_related("party", "representative", "appointment__mediator").order_by("on", "pk"))


def _who(party: Party, speaking: list[Representative]) -> Who:
    theirs = [one for one in speaking if party in one.parties.all()]
    heir = any(one.acts == Acts.HEIR for one in theirs)
    head = party.head or next((one.name for one in theirs if one.acts in (Acts.LEGAL, Acts.AGENT)), "")
    return Who(
        party.pk, party.order, party.name, party.side, party.kind, party.capacity, head=head, born_on=party.born_on,
        guardian=any(one.acts == Acts.GUARDIAN for one in theirs), there=party.died_on is None or heir,
    )  # fmt: skip


def _gone(dues: list[Obligation], parties: list[Party]) -> list[Who]:
    """Parties that an obligation names and that have left."""
    here = {party.pk for party in parties}
    named = [party for one in dues for party in (one.debtor, one.creditor) if party and party.pk not in here]
    return [Who(p.pk, p.order, p.name, p.side, there=False) for p in {p.pk: p for p in named}.values()]


def _due(number: int, one: Obligation) -> Due:
    parts: list[Instalment] = list(one.instalments.all())
    return Due(
        number, one.what, one.debtor_id, one.creditor_id, one.amount, one.amount_words, one.due_on, one.manner,
        one.breach, tuple((part.due_on, part.amount) for part in parts) if len(parts) > 1 else (),
    )  # fmt: skip


def _mark(one: Signature) -> Mark:
    settles = one.representative is None or one.representative.may_settle
    return Mark(one.signer, one.on, one.party_id, settles)


def _known(mediation: Mediation, speaking: list[Representative]) -> tuple[str, ...]:
    """Names that may stand in a clause without being bound by it."""
    bodies = Invitation.objects.filter(mediation=mediation.pk).select_related("unit")
    invited = [name for one in bodies for name in (one.name, one.unit.name if one.unit else "") if name]
    named = [one.mediator.name for one in mediators(mediation)]
    return (*(one.name for one in speaking), *named, *invited, mediation.committee.name)
