"""A form that was done and comes again, after its answer was lost, is told so.

Most doors find the first result by the form's key (`http.once`). But some can't get that far any more: what the form
was about is gone, its state has moved on, its rules don't fit now. Whoever sent it must not read "not found" about
what they did themselves. One more statement, and only for a form that was refused.
"""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chenyue.core.http import KEY, asked
from chenyue.core.idempotency import known

REFUSED = frozenset({400, 403, 404, 409, 422, 429})


def done_already(request: HttpRequest, status: int) -> HttpResponse | None:
    """The page in place of a refusal where this form, at this door and by this person, was done before; else None."""
    if request.method != "POST" or status not in REFUSED or getattr(request, "fresh_key", False):
        return None  # the last: this key was used for something else, and its page says so
    key = request.POST.get(KEY, "")
    try:
        done = bool(key) and known(key, asked(request))
    except DatabaseError:
        return None
    return render(request, "core/again.html") if done else None
