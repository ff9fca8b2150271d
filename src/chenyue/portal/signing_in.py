"""Residents sign in: number, code, name. What is sent, and what a demonstration shows instead."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import crypto, ids, office
from chenyue.core.errors import Refusal
from chenyue.notify import channels, texts
from chenyue.notify.actions import Person, send
from chenyue.notify.channels import sms
from chenyue.people import phone_codes, resident_session
from chenyue.people.models import PhoneCode, Resident

TEXT = "sign-in-code"
for _row in json.loads((Path(__file__).parent / "data" / "texts.json").read_text(encoding="utf-8")):
    texts.register(**_row)
texts.fleeting(TEXT, phone_codes.LASTS)


def shows_codes() -> bool:
    """Whether codes stand on the page: a demonstration without a service for short messages, never a real office."""
    return bool(settings.DEMO) and bool(office.get("demo")) and not _sends()


def possible() -> bool:
    """Whether a code can reach a telephone now."""
    return _sends() or shows_codes()


def _sends() -> bool:
    channel = channels.get(sms.CODE)
    return channels.ready(channel) and channel.carries(TEXT, channels.of(sms.CODE))


@transaction.atomic
def ask(request: HttpRequest, phone: str) -> phone_codes.Issued:
    """Make a code for a mobile number and send it. Raises Refusal where none can be sent, TooMany beyond a limit."""
    at = timezone.now()
    if shows_codes():
        token = ids.token()
        return phone_codes.issue(request, phone, at=at, token=token, code=shown(token))
    if not _sends():
        sentence = _("We can't send codes at the moment. Come to the window or telephone us: it works there.")
        raise Refusal(sentence, field="phone", code="no_way")
    issued = phone_codes.issue(request, phone, at=at)
    key = f"{TEXT}:{crypto.blind_index(issued.token, TEXT)}"
    send(
        template=TEXT, to=Person(phone=phone), context={"code": issued.code}, about="sign-in", key=key, at=at,
        urgent=True,
    )  # fmt: skip
    return issued


@transaction.atomic
def enter(
    request: HttpRequest, answer: HttpResponse, proved: PhoneCode, found: Resident | None, *, name: str, own: bool,
    at: datetime,
) -> HttpResponse:  # fmt: skip
    """Sign in whom number and name belong to, or a newcomer, who has agreed to what is kept; the code is used up."""
    resident = found or phone_codes.newcomer(proved, name, at=at)
    phone_codes.agreed(resident, at=at)
    phone_codes.used(proved)
    answer.delete_cookie(phone_codes.COOKIE, samesite="Lax")
    return resident_session.enter(request, answer, resident, own=own, at=at)


def shown(token: str) -> str:
    """The code that a demonstration shows to the browser with this token: made from it, stored nowhere."""
    return f"{int(crypto.blind_index(token, 'shown-code')[:12], 16) % 1_000_000:06d}"
