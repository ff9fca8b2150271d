"""What the views of stewards share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from chenyue.core import http
from chenyue.core.acting import now, sent
from chenyue.core.errors import NotAllowed, Refusal


def today() -> date:
    """The day on the office's wall."""
    return timezone.localtime(now()).date()


def posted(request: HttpRequest) -> Any:
    """What a form was sent with: None for a form that is shown first, an empty form sent is still sent."""
    return request.POST if request.method == "POST" else None


def acted(request: HttpRequest, scope: str, act: Callable[[], dict[str, Any] | None], said: Any = "") -> bool:
    """Run `act` once for a button without fields; what is refused is said above the page that follows."""
    try:
        http.once(request, scope, lambda: act() or {}, sent(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return False
    if said:
        messages.success(request, str(said))
    return True
