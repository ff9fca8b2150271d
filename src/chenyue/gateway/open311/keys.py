"""Keys of partners: given once in the clear, kept as a hash, with an owner, a rate and an end."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import limits
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.text import clean
from chenyue.gateway.models import PartnerKey
from chenyue.gateway.open311 import rules
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

WORD = "office.setup"
USED = timedelta(minutes=5)  # how exactly it is known when a key was used last
HOUR = timedelta(hours=1)


def keeper(by: Actor) -> Any:
    """The member who acts; NotAllowed for anybody who doesn't set the office up."""
    if by.kind != "member" or not may(by.user, WORD):
        raise NotAllowed
    return by.user


def digest(key: str) -> str:
    """Under which a key is kept. It has 190 bits of chance, so a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def give(
    *, name: str, owner: str, services: list[str], test: bool, hourly: int, expires_at: datetime | None, by: Actor,
    at: datetime,
) -> tuple[PartnerKey, str]:  # fmt: skip
    """A new key and its clear text, which is shown once. Refusal at `expires_at`."""
    member = keeper(by)
    if expires_at and expires_at <= at:
        raise Refusal(_("This date has passed."), field="expires_at")
    text = f"cy_{'test_' if test else ''}{secrets.token_urlsafe(24)}"
    key = PartnerKey.objects.create(
        name=clean(name)[:60], owner=clean(owner)[:80], digest=digest(text), hint=text[-4:], services=services,
        test=test, hourly=hourly, expires_at=expires_at, made_by=member, made_at=at,
    )  # fmt: skip
    _tell(key, "gateway.key_given", by, at)
    return key, text


@transaction.atomic
def revoke(*, key: PartnerKey, words: str, by: Actor, at: datetime) -> None:
    """End a key; `words` are told to whoever still uses it."""
    keeper(by)
    changed = PartnerKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at, retired=clean(words)[:200])
    if not changed:
        raise Conflict
    _tell(key, "gateway.key_revoked", by, at)


def _tell(key: PartnerKey, verb: str, by: Actor, at: datetime) -> None:
    data = {"name": key.name, "owner": key.owner}
    record(subject=key.subject, verb=verb, by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)


def holder(text: str, *, test: bool, code: str, at: datetime) -> PartnerKey:
    """The key behind a call. Raises a refusal with code 403 and a sentence, or 429 over the rate."""
    key = PartnerKey.objects.filter(digest=digest(text)).first() if text else None
    if key is None:
        raise rules.refused(_("api_key is missing or not known."), "403")
    if key.revoked_at:
        raise rules.refused(key.retired or _("This api_key has been withdrawn."), "403")
    if key.expires_at and key.expires_at <= at:
        raise rules.refused(_("This api_key has expired."), "403")
    if key.test != test:
        raise rules.refused(_("A test key is for the test endpoint, the others are for the real one."), "403")
    if key.services and code not in key.services:
        raise rules.refused(_("This api_key is not for this service."), "403")
    if not limits.passes([(limits.Limit("open311", key.hourly, HOUR), str(key.pk))], at):
        raise rules.refused(_("Too many requests in this hour. Try again later."), "429")
    if key.used_at is None or key.used_at < at - USED:
        PartnerKey.objects.filter(pk=key.pk).update(used_at=at)
    return key
