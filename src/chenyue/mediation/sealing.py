"""The seal of the caucus: the only door to `models.sealed`, and the only place where its words are plain.

Each party has a key of its own, made of the office's by HKDF with the party's salt, and every text is bound to its
party and its kind: copied to another row it doesn't open. Texts are padded, so that not even their length tells.
Whoever calls has proved that a mediator of this mediation asks (`caucus`); nothing else in the house may import this
(tests/house/test_sealed.py).
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db.models import Q, QuerySet

from chenyue.core import carried
from chenyue.core.errors import Conflict, NotFound
from chenyue.mediation.models import Party
from chenyue.mediation.models.sealed import CaucusNote, Offer
from chenyue.people.models import Member

PREFIX = "c1:"  # not the field key's: nothing that opens personal data takes it for its own
BLOCK = 256  # bytes; a sealed text is as long as the next multiple
NOTE, OFFER, LOG = "note", "offer", "log"


@dataclass(frozen=True)
class Note:
    """A note as a mediator reads it."""

    pk: int
    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Figure:
    """A figure that a party named: what it asks for, or would give. `limit`: as far as it would go."""

    pk: int
    party_id: int
    topic: str
    asks: bool
    limit: bool
    amount: Decimal
    words: str
    at: datetime
    withdrawn_at: datetime | None


def _root() -> bytes:
    """The office's key for everything that is sealed: beside its key for personal data, and moving with the office."""
    return carried.key("caucus")


def _key(party: Party, use: bytes) -> bytes:
    salt = bytes.fromhex(party.key_salt)
    if not salt:
        raise ValueError("a party without a salt has no key")
    info = b"chenyue.mediation.party:%d:%s" % (party.pk, use)
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(_root())


def _bound(party: Party, kind: str) -> bytes:
    return f"mediation.sealed:{party.mediation_id}:{party.pk}:{kind}".encode()


def seal(party: Party, kind: str, plain: str) -> str:
    """`plain` under this party's key; fit for a text column."""
    raw = plain.encode()
    padded = raw + b"\x80" + b"\x00" * (-(len(raw) + 1) % BLOCK)
    nonce = os.urandom(12)
    made = AESGCM(_key(party, b"seal")).encrypt(nonce, padded, _bound(party, kind))
    return PREFIX + base64.b64encode(nonce + made).decode()


def unseal(party: Party, kind: str, sealed: str) -> str:
    """What was sealed. Raises ValueError for another party's, another kind's, or a changed text."""
    if not sealed.startswith(PREFIX):
        raise ValueError("not a sealed text")
    raw = base64.b64decode(sealed[len(PREFIX) :], validate=True)
    try:
        padded = AESGCM(_key(party, b"seal")).decrypt(raw[:12], raw[12:], _bound(party, kind))
    except InvalidTag as error:
        raise ValueError("this seal isn't of this party and kind") from error
    return padded.rstrip(b"\x00")[:-1].decode()


def fingerprint(party: Party, content: Any) -> str:
    """What tells a retry from another note without keeping a hash that somebody could try figures against."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(_key(party, b"print"), plain.encode(), hashlib.sha256).hexdigest()


def subject(party: Party) -> str:
    """The party's chain on the timeline: a name that says neither who nor which mediation."""
    return "caucus:" + hmac.new(_key(party, b"subject"), b"timeline", hashlib.sha256).hexdigest()[:32]


# Notes


def keep_note(party: Party, words: str, *, by: Member | None, at: datetime) -> int:
    """Seal a note; its id."""
    return CaucusNote.objects.create(party_id=party.pk, sealed=seal(party, NOTE, words), at=at, by=by).pk


def notes(party: Party) -> list[Note]:
    """A party's notes, newest first. One statement."""
    rows = CaucusNote.objects.filter(party_id=party.pk, removed_at=None).select_related("by").order_by("-at", "-pk")
    return [Note(row.pk, unseal(party, NOTE, row.sealed), row.at, row.by.name if row.by else "") for row in rows]


def take_back_note(party: Party, pk: int, *, at: datetime) -> None:
    """A note that shouldn't have been kept: its words are gone for good, that there was a row stays."""
    done = CaucusNote.objects.filter(pk=pk, party_id=party.pk, removed_at=None)
    if not done.update(removed_at=at, sealed=seal(party, NOTE, "")):
        raise NotFound


# Figures


def keep_figure(
    party: Party, *, topic: str, asks: bool, limit: bool, amount: Decimal, words: str, by: Member | None, at: datetime
) -> int:
    """Seal a figure (yuan, exact); its id."""
    said = {"topic": topic, "asks": asks, "limit": limit, "amount": str(amount), "words": words}
    sealed = seal(party, OFFER, json.dumps(said, ensure_ascii=False))
    return Offer.objects.create(party_id=party.pk, sealed=sealed, at=at, by=by).pk


def figures(parties: list[Party]) -> list[Figure]:
    """Figures of these parties, withdrawn ones too, in the order in which they were named. One statement."""
    known = {party.pk: party for party in parties}
    found = []
    for row in Offer.objects.filter(party_id__in=list(known)).order_by("at", "pk"):
        said = json.loads(unseal(known[row.party_id], OFFER, row.sealed))
        amount = Decimal(said.pop("amount"))
        found.append(
            Figure(pk=row.pk, party_id=row.party_id, amount=amount, at=row.at, withdrawn_at=row.withdrawn_at, **said)
        )
    return found


def withdraw_figure(party: Party, pk: int, *, at: datetime) -> None:
    """A party takes a figure back. Raises NotFound, or Conflict if it was taken back already."""
    rows = Offer.objects.filter(pk=pk, party_id=party.pk)
    if not rows.exists():
        raise NotFound
    if not rows.filter(withdrawn_at=None).update(withdrawn_at=at):
        raise Conflict


def kept_for(parties: QuerySet[Party]) -> list[Party]:
    """Those of these parties to whom anything is sealed. One statement."""
    notes_kept, figures_kept = CaucusNote.objects.values("party_id"), Offer.objects.values("party_id")
    return list(parties.filter(Q(pk__in=notes_kept) | Q(pk__in=figures_kept)).order_by("pk"))


def destroy(party: Party) -> int:
    """Delete everything that is sealed to a party, when it's no longer needed; how many rows."""
    notes_gone = CaucusNote.objects.filter(party_id=party.pk).delete()[0]
    return notes_gone + Offer.objects.filter(party_id=party.pk).delete()[0]
