"""Residents who have signed in by a code on their telephone: who asks, for how long, and signing out everywhere.

Apart from the sessions of staff: another cookie, another table. A session ends by its day, by signing out, when the
number it was proved with is no longer the resident's, and with the resident's data.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from chenyue.core import cookies, crypto, events, http
from chenyue.core.actors import Actor
from chenyue.core.prepared import prepared
from chenyue.people import devices
from chenyue.people.events import PeopleChanged
from chenyue.people.models import Resident, ResidentSession

COOKIE = cookies.named("chenyue_resident")
BORROWED = timedelta(hours=2)  # on a telephone or computer that others use; the cookie ends with the browser besides
OWN = timedelta(days=60)  # on one's own
V = TypeVar("V", bound=Callable[..., HttpResponseBase])
A = TypeVar("A", bound=HttpResponseBase)


def resident_of(request: HttpRequest) -> Resident | None:
    """The resident who has signed in in this browser, or None. One statement for a request, none without a cookie."""
    if not hasattr(request, "_resident"):
        request._resident = _find(request)  # type: ignore[attr-defined]
    return cast("Resident | None", request._resident)  # type: ignore[attr-defined]


def the_resident(request: HttpRequest) -> Resident:
    """The same, for views behind `resident_only`."""
    found = resident_of(request)
    assert found is not None
    return found


def resident_actor(resident: Resident) -> Actor:
    """A resident as the `by` of an action: without a name, since entries stay for ever."""
    return Actor("resident", str(resident.pk))


def resident_only(view: V) -> V:
    """Let only residents in who have signed in; others go to `portal:sign-in`, and then back to the page they read.

    Such pages are kept nowhere on the way.
    """

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if resident_of(request) is None:
            return to_sign_in(request)
        return http.personal(view(request, *args, **kwargs))

    inside.resident_only = True  # type: ignore[attr-defined]
    return cast(V, inside)


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """303 to the sign-in page, with `next` where a page was asked for (what a form carried can't be sent again)."""
    url = reverse("portal:sign-in")
    if request.method == "GET":
        url += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(url, status=303)


def enter(request: HttpRequest, answer: A, resident: Resident, *, own: bool, at: datetime) -> A:
    """Sign a resident in; `own`: on a device that nobody else uses."""
    token = secrets.token_urlsafe(24)
    lasts = OWN if own else BORROWED
    ResidentSession.objects.create(
        key=_print(token), resident=resident, phone_index=resident.phone_index, made_at=at, expires_at=at + lasts,
        device=devices.device_of(request),
    )  # fmt: skip
    devices.set_cookie(answer, COOKIE, token, int(lasts.total_seconds()) if own else None)
    devices.mark(request, answer, resident.phone_index)
    _tell(resident, "people.resident_signed_in", resident_actor(resident), at)
    return answer


def leave(request: HttpRequest, answer: A, *, at: datetime) -> A:
    """Sign out in this browser."""
    token = request.COOKIES.get(COOKIE, "")
    if token:
        ResidentSession.objects.filter(key=_print(token), ended_at=None).update(ended_at=at)
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer


def leave_everywhere(resident: Resident, *, by: Actor, at: datetime) -> int:
    """Sign a resident out in every browser; how many sessions ended."""
    ended = sessions(resident, at).update(ended_at=at)
    _tell(resident, "people.resident_signed_out", by, at, sessions=ended)
    return ended


def sessions(resident: Resident, at: datetime) -> QuerySet[ResidentSession]:
    """Where a resident is signed in now."""
    return ResidentSession.objects.filter(resident=resident, ended_at=None, expires_at__gt=at).order_by("-pk")


@prepared
def _living(*, key: Any, now: Any) -> QuerySet[ResidentSession]:
    return ResidentSession.objects.filter(key=key, ended_at=None, expires_at__gt=now).select_related("resident")


def _find(request: HttpRequest) -> Resident | None:
    token = request.COOKIES.get(COOKIE, "")
    if not token or len(token) > 64:
        return None
    found = _living.first(key=_print(token), now=timezone.now())
    if found is None:
        return None
    resident = found.resident
    gone = resident.erased_at or resident.locked_at or resident.phone_index != found.phone_index
    return None if gone else resident


def _print(token: str) -> str:
    return crypto.blind_index(token, COOKIE)


def _tell(resident: Resident, verb: str, by: Actor, at: datetime, **data: Any) -> None:
    events.emit(PeopleChanged(f"resident:{resident.pk}", verb, by, at, data))
