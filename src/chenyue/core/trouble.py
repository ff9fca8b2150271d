"""What a person reads when something goes wrong: one page per kind of trouble, in plain words."""

import errno

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.core.logs import request_id

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
PAGES = {400, 403, 404, 409, 413, 422, 429, 500, 503, 507}


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The page for this error; None if it is a fault of ours that nothing more can be said about."""
    if isinstance(error, Refusal):
        return refusal(request, error)
    if isinstance(error, DataError | ValueError) and "NUL (0x00)" in str(error):
        return page(400)  # PostgreSQL stores none; nobody types one
    if isinstance(error, TOO_BIG):
        sentence = _(
            "Too many or too large files were sent. Go back: your words are still there. Send fewer or smaller."
        )
        return page(413, sentence)
    if is_full(error):
        sentence = _("What you typed is still on the page before this: go back and send it again later.")
        return page(507, sentence, add=True)
    if is_away(error):
        sentence = _("Go back and send it again in a minute: your words are still there, and nothing is done twice.")
        response = page(503, sentence, add=True)
        response["Retry-After"] = "20"
        return response
    return None


def is_full(error: BaseException | None) -> bool:
    """Whether the disk is full, whoever noticed it."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    words = str(error).lower() if isinstance(error, OperationalError) else ""
    return "disk is full" in words or "no space left" in words


def is_away(error: BaseException | None) -> bool:
    """Whether the database is away or busy for a while, as opposed to a fault in what was asked of it."""
    if isinstance(error, InterfaceError):
        return True
    if isinstance(error, InternalError) and "read-only transaction" in str(error):
        return True  # a standby: another machine has become the one that is written to, or will
    if not isinstance(error, OperationalError):
        return False
    said = str(error).lower()
    if "too many clients" in said:
        return True  # all at once come to a machine that has just begun to lead
    fault = ("no such", "syntax error", "has no column", "too many", "does not exist")
    return not any(words in said for words in fault)


def refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    """A rule's sentence as a page, or as a note among the messages of the page that htmx keeps."""
    if getattr(request, "htmx", False):
        note = render_to_string("core/parts/refusal.html", {"sentence": error.sentence})
        response = HttpResponse(note, status=error.status)
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML"
        return response
    return page(error.status, str(error.sentence), request=request)


def page(status: int, sentence: str = "", *, request: HttpRequest | None = None, add: bool = False) -> HttpResponse:
    """The page of a status. Without `request` it needs neither database nor session: it comes when they are away.

    `sentence` stands in place of the page's own words, or after them with `add`.
    """
    known = status if status in PAGES else 422
    context = {"sentence": "" if add else sentence, "added": sentence if add else "", "request_id": request_id.get()}
    return HttpResponse(render_to_string(f"{known}.html", context, request=request), status=status)
