"""Tokens: offered by whoever manages machines, taken by their owner, checked at each call.

A call acts as the owner of its token: what the owner's grants don't reach, the token doesn't reach; of the words
that the owner holds, those that the token carries hold. So a program can never do more than a person who answers
for it, and ends with that person's account.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.core import limits
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.text import clean
from chenyue.gateway.models_machines import MachineToken
from chenyue.notify.actions import notice
from chenyue.people.models import Member
from chenyue.people.permissions import WORDS
from chenyue.people.rules import may
from chenyue.people.scope import Scope, all_scopes
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

WORD = "machine.manage"
PREFIX = "cyt_"
USED = timedelta(minutes=5)  # how exactly it is known when a token was used last
HOUR = timedelta(hours=1)
LONGEST = timedelta(days=400)
# No program hands out what programs and people may do; these are done by hand.
BY_HAND = frozenset({"people.edit", "machine.manage", "office.setup", "upkeep.manage"})
# Words that only let one read. A token that reads only may carry others too: lists ask for them.
WRONG = limits.Limit("api.wrong", 60, HOUR)  # tokens that don't open, from one address


class NoToken(Refusal):
    """The call carries no token that opens anything."""

    status = 401


class TooMany(Refusal):
    """Over the rate: try again when the hour is over."""

    status = 429


@dataclass(frozen=True)
class Caller:
    """Who calls: the token, and its owner with no more words than the token carries."""

    token: MachineToken
    member: Member

    @property
    def actor(self) -> Actor:
        """The `by` of actions; the timeline shows the person and the system."""
        label = _("%(member)s (%(system)s)") % {"member": self.member.name, "system": self.token.name}
        return Actor("member", str(self.member.pk), label, user=self.member)


def carried() -> list[str]:
    """The words that a token may carry."""
    return [word for word in WORDS if word not in BY_HAND]


def manager(by: Actor) -> Member:
    """The member who acts; NotAllowed for anybody who doesn't manage machines."""
    if by.kind != "member" or not may(by.user, WORD):
        raise NotAllowed
    return by.user  # type: ignore[no-any-return]


def digest(text: str) -> str:
    """Under which a token is kept. It has 256 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def offer(
    *, name: str, purpose: str, owner: Member, words: Collection[str], read_only: bool, hourly: int,
    expires_at: datetime, by: Actor, at: datetime,
) -> MachineToken:  # fmt: skip
    """Offer a token to its owner, who takes it on a page of their own.

    Raises Refusal at `owner`, `words` (one that no token carries) and `expires_at` (past, or over 400 days away).
    """
    maker = manager(by)
    if not owner.is_active:
        raise Refusal(_("This person isn't active."), field="owner")
    if unknown := [word for word in words if word not in carried()]:
        raise Refusal(_("No token carries this permission: %(word)s") % {"word": unknown[0][:40]}, field="words")
    if expires_at <= at:
        raise Refusal(_("This date has passed."), field="expires_at")
    if expires_at > at + LONGEST:
        raise Refusal(_("A token holds for %(days)s days at most.") % {"days": LONGEST.days}, field="expires_at")
    token = MachineToken.objects.create(
        name=clean(name)[:60], purpose=clean(purpose)[:200], owner=owner, words=sorted(set(words)),
        read_only=read_only, hourly=hourly, expires_at=expires_at, made_by=maker, made_at=at,
    )  # fmt: skip
    _tell(token, "gateway.token_offered", by, at)
    said = _("A token for %(system)s is waiting for you.") % {"system": token.name}
    notice([owner.pk], said, reverse("gateway:machine-take", args=[token.pk]), f"machine-token:{token.pk}", at)
    return token


@transaction.atomic
def take(*, token: MachineToken, by: Actor, at: datetime) -> str:
    """The text of a token, for its owner, once. NotFound for others; Conflict if it was taken or has ended."""
    if by.kind != "member" or by.key != str(token.owner_id):
        raise NotFound
    text = PREFIX + secrets.token_urlsafe(32)
    waiting = MachineToken.objects.filter(pk=token.pk, digest=None, revoked_at=None, expires_at__gt=at)
    if not waiting.update(digest=digest(text), hint=text[-4:], taken_at=at):
        raise Conflict(_("This token was taken already, or has ended."))
    _tell(token, "gateway.token_taken", by, at)
    return text


@transaction.atomic
def revoke(*, token: MachineToken, by: Actor, at: datetime) -> None:
    """End a token at once: by its owner, or by whoever manages machines. NotFound for others."""
    if by.kind != "member" or (by.key != str(token.owner_id) and not may(by.user, WORD)):
        raise NotFound
    if not MachineToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise Conflict(_("This token has ended already."))
    _tell(token, "gateway.token_revoked", by, at)


def _tell(token: MachineToken, verb: str, by: Actor, at: datetime) -> None:
    data = {"name": token.name, "owner": token.owner.name, "words": token.words, "read_only": token.read_only}
    record(subject=token.subject, verb=verb, by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)


def caller(text: str, *, address: str, at: datetime) -> Caller:
    """Who calls with this token. Raises NoToken with the reason, TooMany over the rate.

    An address that tries many tokens is stopped before any is looked up; which of them exist it doesn't learn.
    """
    if limits.reached(WRONG, address, at):
        raise TooMany(_("Too many requests in this hour. Try again later."), code="too_many")
    token = MachineToken.objects.select_related("owner").filter(digest=digest(text)).first() if text else None
    if token is None or (fault := _fault(token, at)):
        if text:
            limits.note(WRONG, address, at)
        raise NoToken(_("The token is missing or not known.") if token is None else fault, code="token")
    if not limits.passes([(limits.Limit("api", token.hourly, HOUR), str(token.pk))], at):
        raise TooMany(_("Too many requests in this hour. Try again later."), code="too_many")
    if token.used_at is None or token.used_at < at - USED:
        MachineToken.objects.filter(pk=token.pk).update(used_at=at)
    return Caller(token, narrowed(token))


def _fault(token: MachineToken, at: datetime) -> str:
    if token.revoked_at:
        return _("This token has been withdrawn.")
    if token.expires_at <= at:
        return _("This token has expired.")
    if not token.owner.is_active:
        return _("The person who answers for this token isn't active any more.")
    return ""


def narrowed(token: MachineToken) -> Member:
    """The owner, holding of their words only those that the token carries (and no others, even if it says so)."""
    member = token.owner
    held: dict[str, list[Scope]] = all_scopes(member)
    member._scopes = {  # type: ignore[attr-defined]
        word: scopes for word, scopes in held.items() if word in token.words and word not in BY_HAND
    }
    return member
