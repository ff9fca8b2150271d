"""Signing in, in two steps where a second factor is set up, and signing out."""

import time
from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone

from chenyue.core import events
from chenyue.core.actors import Actor
from chenyue.people import factors, spraying
from chenyue.people.backend import BACKEND
from chenyue.people.events import PeopleChanged
from chenyue.people.http import PASSED
from chenyue.people.models import Member

PENDING = "people.pending"
SET_UP = "people.factor_to_be"  # the sealed secret of a second factor that is being set up
PENDING_SECONDS = 300
PENDING_TRIES = 5


def check_password(request: HttpRequest, username: str, password: str, at: datetime) -> Member | None:
    """The member of this name and password, or None: for unknown names just the same, and as slowly.

    Raises `spraying.TooMany` where too many passwords were tried; never for who is signed in already.
    """
    username = username.strip().lower()
    signed_in = request.user.is_authenticated
    if not signed_in:
        spraying.guard(request, username, at)
    member = authenticate(request, username=username, password=password)
    if member is None:
        if not signed_in:
            spraying.failed(request, username, at)
        known = Member.objects.filter(username=username).values_list("pk", flat=True).first()
        _tell("sign-in", "people.sign_in_failed", Actor("system", "sign-in"), at, member=known)
    return member


def begin_second(request: HttpRequest, member: Member) -> None:
    """The password was right; ask for the code next. Nobody is signed in yet."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "member": member.pk,
        "at": int(time.time()),
        "tries": 0,
        "hash": member.get_session_auth_hash(),
    }


def pending(request: HttpRequest) -> Member | None:
    """Who has shown a password and still has to show a code; None after five minutes or five tries."""
    held = request.session.get(PENDING)
    if not held:
        return None
    member = Member.objects.filter(pk=held["member"], is_active=True).first()
    if (
        member is None
        or time.time() - held["at"] > PENDING_SECONDS
        or held["tries"] >= PENDING_TRIES
        or held["hash"] != member.get_session_auth_hash()
    ):
        request.session.pop(PENDING, None)
        return None
    return member


def check_code(request: HttpRequest, member: Member, code: str, at: datetime) -> bool:
    """The second step. A wrong code counts, and is on the timeline."""
    if factors.check(member, code):
        return True
    request.session[PENDING] = request.session[PENDING] | {"tries": request.session[PENDING]["tries"] + 1}
    _tell(f"member:{member.pk}", "people.factor_failed", member.actor(), at)
    return False


def enter(request: HttpRequest, member: Member, at: datetime, *, factor: bool = False) -> None:
    """Sign in: the session gets a new cookie."""
    request.session.pop(PENDING, None)
    login(request, member, backend=BACKEND)
    if factor:
        request.session[PASSED] = True
    _tell(f"member:{member.pk}", "people.signed_in", member.actor(), at)


def leave(request: HttpRequest, at: datetime) -> None:
    """Sign out, and drop all that the session held."""
    user: Any = request.user
    if user.is_authenticated:
        _tell(f"member:{user.pk}", "people.signed_out", user.actor(), at)
    logout(request)


def keep(request: HttpRequest, member: Member, *, factor: bool | None = None) -> None:
    """After a new password or second factor: this session goes on, the member's others end."""
    update_session_auth_hash(request, member)
    if factor is not None:
        request.session[PASSED] = factor


def now() -> datetime:
    """The moment of a request; read once per view."""
    return timezone.now()


def _tell(subject: str, verb: str, by: Actor, at: datetime, **data: Any) -> None:
    events.emit(PeopleChanged(subject, verb, by, at, data))
