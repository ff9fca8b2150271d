"""A party signs on its own page: under exactly the words shown, drawn by its own hand, with what only it knows.

The code of a letter alone binds nobody: whoever finds the letter has it. So the end of the identity number, or of the
telephone, that the office holds is asked for as well (电子签名法 13: in the signer's control alone); with neither on
record the party signs on paper or before a mediator. A typed name is no signature of one's own hand and isn't taken.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from chenyue.core import limits
from chenyue.core.errors import NotFound, Refusal, Sentence
from chenyue.mediation import acts, consents, own, signing, wording
from chenyue.mediation.lifecycle import Form, How, Question
from chenyue.mediation.models import Agreement, Party, Signature

TRIES = limits.Limit("mediation-own-sign", 5, timedelta(hours=1))  # wrong ends of numbers, of one party
ASKED = 4  # characters of the number
WRONG = _("This isn't the end of the number that the office holds.")


@dataclass(frozen=True)
class Sheet:
    """What a party reads before it signs: the frozen words, the labels of the parties, and what stands against it."""

    agreement: Agreement
    words: dict[str, Any]
    parties: list[tuple[str, str, str]]  # label, side, name
    owed: list[dict[str, Any]]
    asked: str  # id, phone, or "" for who can't be known here
    against: Sentence | None
    mark: Signature | None


def agreement_for(party: Party, number: int) -> Agreement:
    """An agreement that this party reads, from the moment it is to be signed. Raises NotFound."""
    rows = Agreement.objects.filter(mediation=party.mediation_id, form=Form.WRITTEN, state__in=own.SHOWN_STATES)
    row = rows.filter(number=number).first()
    if row is None:
        raise NotFound
    row.mediation = party.mediation
    return row


def asked(party: Party) -> str:
    """By which number on record the party shows who it is."""
    if len(party.id_number) >= ASKED:
        return "id"
    return "phone" if len(party.phone) >= ASKED else ""


def sheet(party: Party, agreement: Agreement, at: datetime) -> Sheet:
    """Everything that the page of signing shows."""
    words = json.loads(agreement.frozen) if agreement.frozen else {}
    called = {order: wording.label(n) for n, (order, *_rest) in enumerate(words.get("parties", ()))}
    owed = [
        row | {"who": called.get(row["debtor"], ""), "whom": called.get(row["creditor"], "")}
        for row in words.get("obligations", ())
    ]
    place = next((one for one in signing.needed(agreement, acts.local_day(at)) if one.party.pk == party.pk), None)
    against: Sentence | None = signing.paper_only(agreement)
    if against is None and place is not None and place.why:
        against = signing.WHY[place.why]
    if against is None and not asked(party):
        against = _("The office holds no number of yours by which you could be known here: sign on paper, or with us.")
    return Sheet(
        agreement, words, [(called[order], side, name) for order, side, _kind, name in words.get("parties", ())],
        owed, asked(party), against, place.marks[0] if place and place.marks else None,
    )  # fmt: skip


def sign(*, party: Party, agreement: Agreement, drawing: str, sha256: str, proof: str, at: datetime) -> Signature:
    """Keep the consent to sign like this, and sign. Whoever asks has asked `known`. Raises Refusal at the field."""
    if not _fits(party, proof):
        raise Refusal(WRONG, field="proof", code="proof")
    by = own.actor(party)
    with acts.locked(agreement.mediation_id) as row:
        if not consents.standing(row, Question.SCREEN).get(party.pk):
            consents.say(party=party, question=Question.SCREEN, given=True, how=How.WEB, by=by, at=at)
        return signing.sign_on_screen(agreement=agreement, party=party, drawing=drawing, sha256=sha256, by=by, at=at)


def _fits(party: Party, proof: str) -> bool:
    held = {"id": party.id_number, "phone": party.phone}.get(asked(party), "")[-ASKED:].upper()
    return bool(held) and constant_time_compare(held, proof.strip().upper())


def known(party: Party, proof: str, at: datetime) -> None:
    """Refuse who doesn't know the end of the number; after five wrong ones nothing is taken for an hour.

    Asked outside the act's transaction: a wrong try counts though nothing else is kept of it.
    """
    if limits.reached(TRIES, str(party.pk), at):
        raise Refusal(_("Too many wrong tries. Try again in an hour, or telephone us."), field="proof", code="tries")
    if not _fits(party, proof):
        limits.note(TRIES, str(party.pk), at)
        raise Refusal(WRONG, field="proof", code="proof")
