"""Where WeCom calls us: the check of the address, and messages. Nothing is worked on before the answer."""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from chenyue.core import limits
from chenyue.core.errors import Refusal
from chenyue.core.idempotency import run_once
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import crypto, heard, inbox
from chenyue.gateway.wecom.links import CALLED

MOST = 1024 * 1024  # bytes of a body
AROUND = 600  # seconds that a message may be early or late
WRONG = limits.Limit("wecom.wrong", 100, timedelta(hours=1))  # from one address
log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, code: str) -> HttpResponse:
    """Check, keep, answer: within a second for the address, with nothing for a message."""
    at, who = timezone.now(), limits.address(request)
    link = WecomLink.objects.filter(code=code, kind__in=CALLED, ended_at=None).first()
    if link is None or not link.token or not link.aes_key:
        raise Http404
    if limits.reached(WRONG, who, at):
        return _plain("", 429)
    try:
        if request.method == "GET":
            return _plain(_opened(request, link, request.GET.get("echostr", ""), "GET", at).decode())
        return _taken(request, link, at)
    except (crypto.Forged, heard.Unreadable, UnicodeDecodeError) as error:
        limits.note(WRONG, who, at)
        log.warning("wecom %s: refused: %s", link.pk, error if isinstance(error, crypto.Forged) else "unreadable")
        return _plain("", 403)


def _plain(words: str, status: int = 200) -> HttpResponse:
    answer = HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@sensitive_variables()
def _opened(request: HttpRequest, link: WecomLink, encrypted: str, door: str, at: datetime) -> bytes:
    """What is inside, once signature, time and nonce are right. Raises Forged."""
    given, stamp, nonce = (request.GET.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    if not crypto.signed(link.token, stamp, nonce, encrypted, given):
        raise crypto.Forged("wrong signature")
    if not stamp.isascii() or not stamp.isdigit() or abs(at.timestamp() - int(stamp[:12])) > AROUND:
        raise crypto.Forged("not of now")
    inside = crypto.decrypt(link.aes_key, encrypted, link.corp_id)
    try:
        run_once(scope=f"wecom:{link.pk}:{door}", key=nonce, at=at, act=dict, content=given)
    except Refusal as refusal:  # the same nonce with another content; the same call again is a repetition, known below
        raise crypto.Forged("nonce used before") from refusal
    return inside


def _taken(request: HttpRequest, link: WecomLink, at: datetime) -> HttpResponse:
    """Keep the message and answer nothing, which WeCom takes for "received"."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST:
        return _plain("", 413)
    try:
        body = request.body
    except (RequestDataTooBig, RawPostDataException, UnreadablePostError):
        return _plain("", 413)
    inside = _opened(request, link, heard.fields(body).get("Encrypt", ""), "POST", at)
    row = heard.fields(inside)
    if link.on:
        inbox.put(link, inbox.key_of(row), heard.of_app(row, at), at)
    return _plain("")
