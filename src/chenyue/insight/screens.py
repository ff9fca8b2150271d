"""Wall screens: who makes, names and revokes them, and which one a code opens.

A screen's address holds a code of 256 bits that is shown once, when it is made. Only its hash is kept: whoever reads
the database opens no screen. An unknown code, a revoked one and a mistyped one are answered alike.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.insight.boards import Subject, subject
from chenyue.insight.lifecycle import Axis
from chenyue.insight.models import WallScreen
from chenyue.people.rules import may
from chenyue.timeline.actions import record

WORD = "insight.manage"
MOST = 200
SEEN = timedelta(minutes=1)  # `seen_at` is written at most so often
LENGTH = 43  # of a code and of its hash, both 256 bits
GONE = gettext_lazy("This address opens no screen. It may be mistyped or have ended; a colleague makes a new one.")


def hashed(code: str) -> str:
    """What is kept of a code."""
    return _text(hashlib.sha256(code.encode()).digest())


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")


def opened_by(code: str, at: datetime) -> tuple[WallScreen, Subject]:
    """The screen that a code opens, and whose board it shows. Raises NotFound, always in the same words."""
    screen = WallScreen.objects.filter(code=hashed(code), revoked_at=None).first()
    whose = subject(shows(screen)) if screen else None
    if screen is None or whose is None:
        raise NotFound(GONE)
    if screen.seen_at is None or at - screen.seen_at >= SEEN:
        _seen(screen, at)
    return screen, whose


def _seen(screen: WallScreen, at: datetime) -> None:
    """Note that the screen asked. A database that takes no writes just now is no reason to show nothing."""
    due = Q(seen_at=None) | Q(seen_at__lt=at)
    try:
        with transaction.atomic():
            WallScreen.objects.filter(due, pk=screen.pk).update(seen_at=at)
    except DatabaseError:
        return


def shows(screen: WallScreen) -> str:
    """Whose board a screen shows, as `boards.subject` takes it."""
    if screen.board == "community":
        return f"community:{screen.community_id}"
    return f"unit:{screen.unit_id}" if screen.board == "unit" else "office"


def make(*, name: str, shown: str, by: Actor, at: datetime, code: str = "") -> tuple[WallScreen, str]:
    """A new screen and its code, which is known only now. Refusal where there are too many, or nothing to show."""
    _allowed(by)
    whose = subject(shown)
    if whose is None:
        raise Refusal(_("Choose whose board it shows."), field="shown")
    if WallScreen.objects.filter(revoked_at=None).count() >= MOST:
        raise Refusal(_("There are too many screens. Revoke those that hang nowhere any more."))
    code = code or secrets.token_urlsafe(32)
    fields = {Axis.COMMUNITY: {"board": "community", "community_id": whose.key}}
    fields[Axis.LEAD] = {"board": "unit", "unit_id": whose.key}
    with transaction.atomic():
        screen = WallScreen.objects.create(
            code=hashed(code), name=name, made_at=at, made_by=by.user, **fields.get(whose.axis, {})
        )
        _record(screen, "wall.made", by, at, {"name": name})
    return screen, code


def rename(*, screen: WallScreen, name: str, by: Actor, at: datetime) -> None:
    """Another name. Refusal for one that was revoked."""
    _allowed(by)
    with transaction.atomic():
        if not WallScreen.objects.filter(pk=screen.pk, revoked_at=None).update(name=name):
            raise Conflict(_("This screen was revoked."))
        _record(screen, "wall.renamed", by, at, {"name": name, "before": screen.name})


def renew(*, screen: WallScreen, by: Actor, at: datetime) -> str:
    """A new code; the old one opens nothing from now on. Refusal for one that was revoked."""
    _allowed(by)
    code = secrets.token_urlsafe(32)
    with transaction.atomic():
        rows = WallScreen.objects.filter(pk=screen.pk, revoked_at=None, code=screen.code)
        if not rows.update(code=hashed(code), seen_at=None):
            raise Conflict
        _record(screen, "wall.renewed", by, at, {"name": screen.name})
    return code


def revoke(*, screen: WallScreen, by: Actor, at: datetime) -> None:
    """End it; a screen that has ended already stays so."""
    _allowed(by)
    with transaction.atomic():
        if WallScreen.objects.filter(pk=screen.pk, revoked_at=None).update(revoked_at=at):
            _record(screen, "wall.revoked", by, at, {"name": screen.name})


def _allowed(by: Actor) -> None:
    if by.kind == "resident" or (by.kind == "member" and not may(by.user, WORD)):
        raise NotAllowed


def _record(screen: WallScreen, verb: str, by: Actor, at: datetime, data: dict[str, str]) -> None:
    record(subject=f"wall:{screen.pk}", verb=verb, by=by, at=at, data=data)


def demo_code() -> str:
    """The code of the demo office's screen: its front page must name it, and only hashes are kept."""
    return _text(salted_hmac("insight.demo_wall", settings.SECRET_KEY, algorithm="sha256").digest())


def demo_path() -> str:
    """The address of the demo office's screen; "" where there is none, or it has ended."""
    code = demo_code()
    hangs = WallScreen.objects.filter(code=hashed(code), revoked_at=None).exists()
    return reverse("insight:wall", args=[code]) if hangs else ""
