"""Rules of a signed-in session."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.people import factors
from chenyue.people.http import to_sign_in

SEEN = "people.seen"
WRITE_EVERY = 60  # seconds; a page that only reads stays one that only reads
FREE = {"people:sign-out", "people:password", "people:sign-in", "core:language", "core:look"}
SETTING_UP = FREE | {"people:second-factor"}


class SessionRules:
    """Ends idle sessions and asks for the change of a first password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        # From here on the member, and not two lazy stand-ins for the member, each of which is asked for every word.
        request.user = request._cached_user  # type: ignore[attr-defined]
        now = int(timezone.now().timestamp())
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > settings.IDLE_MINUTES * 60:
            logout(request)
            messages.info(request, _("You were away for a while, so you have been signed out."))
            return to_sign_in(request)
        if seen is None or now - seen >= WRITE_EVERY:
            request.session[SEEN] = now
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Whoever still has the start password, or no second factor where one must be, sees that page only."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is None or match.view_name in FREE:
            return None
        if getattr(request.user, "must_change_password", False):
            return HttpResponseRedirect(reverse("people:password"))
        if match.view_name not in SETTING_UP and factors.missing(request.user):
            return HttpResponseRedirect(reverse("people:second-factor"))
        return None
