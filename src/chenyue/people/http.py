"""The door for staff pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from chenyue.core.errors import NotAllowed
from chenyue.people.models import Member
from chenyue.people.rules import may

V = TypeVar("V", bound=Callable[..., HttpResponse])
PASSED = "people.factor"  # session key: the second factor was shown in this session


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the sign-in page and, after it, back to the page they asked for."""
    back = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    url = reverse("people:sign-in") + (f"?{urlencode({'next': back})}" if back else "")
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(url)
    answer = HttpResponse(status=303 if request.method != "GET" else 302)
    answer["Location"] = url
    return answer


def signed_in(request: HttpRequest) -> bool:
    """Whether a member is here with everything that is asked of them at sign-in."""
    user: Any = request.user
    if not user.is_authenticated:
        return False
    return not user.second_factor or bool(request.session.get(PASSED))


def member_of(request: HttpRequest) -> Member:
    """The member who asks; for views behind `staff_only`."""
    assert isinstance(request.user, Member)
    return request.user


def staff_only(word: str | None = None) -> Callable[[V], V]:
    """Let only members in, and with `word` only those who hold that permission in some scope.

    Others are sent to sign in, or read "you may not do this" (403), whatever the page is about.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not signed_in(request):
                return to_sign_in(request)
            if word is not None and not may(request.user, word):
                raise NotAllowed()
            answer = view(request, *args, **kwargs)
            if not answer.has_header("Cache-Control"):
                answer["Cache-Control"] = "no-store, private"  # nothing stays in a shared browser
            return answer

        inside.staff_word = word  # type: ignore[attr-defined]
        return cast(V, inside)

    return decorate
