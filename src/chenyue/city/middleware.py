"""At the door of each request: whose office it is for, by the name it was asked for."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override

from chenyue.city import counters, register
from chenyue.core.whose import within

MACHINE = ("/healthz", "/readyz", "/metrics")  # about this machine, whatever name it is asked by


class WhoseOffice:
    """Works with the data of the office that the name belongs to; at any other name there is nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        office = register.by_host(request.get_host())
        if request.path == "/metrics" or (request.path in MACHINE and office is None):
            return _machine(request)
        if office is None:
            return _nothing(404)
        if not office.is_open:
            return _nothing(410)
        with within(office.schema):
            response = self.get_response(request)
        if getattr(response, "streaming", False) and not isinstance(response, FileResponse):
            streamed: Any = response
            streamed.streaming_content = _pieces(office.schema, streamed.streaming_content)
        return response


def _pieces(schema: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A long answer, each piece of it made with the data of its office, whoever asks for the next one."""
    while True:
        with within(schema):
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece


def _machine(request: HttpRequest) -> HttpResponse:
    if request.path == "/healthz":
        return HttpResponse("ok", content_type="text/plain")
    if request.path == "/metrics":
        return counters.shown(request) or _nothing(404)
    return JsonResponse({"database": True, "offices": len(register.offices(fresh=True))})


def _nothing(status: int) -> HttpResponse:
    """In both languages: no office says which one is spoken here."""
    said = []
    for language in ("zh-hans", "en"):
        with override(language):
            said.append(_("This office is closed.") if status == 410 else _("There is no office at this address."))
    response = HttpResponse("\n".join(said) + "\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response
