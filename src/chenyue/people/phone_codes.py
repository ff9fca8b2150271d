"""Six digits on a telephone: proof that who asks holds the number. Then the name is typed; none is ever shown.

A number says little about a person: families share one, and carriers give it to somebody else. So the number alone
opens nothing. Who proves it types a name, and is the resident with both; a name that doesn't fit can become a new
resident, who sees nothing of anybody else with that number.

What a short message costs is capped three times: for a number, for an address and a browser, and for the whole
office in a day (`phone_codes_a_day`).
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chenyue.core import cookies, crypto, events, office
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.limits import Limit, address, note, passes, reached
from chenyue.core.text import clean
from chenyue.people import devices, masking, personal
from chenyue.people.events import PeopleChanged
from chenyue.people.models import PhoneCode, Resident, ResidentSession
from chenyue.people.residents import agrees, consent_text, give_consent

COOKIE = cookies.named("chenyue_code")
PURPOSE = "volunteering"  # the consent that is asked with the name
MOBILE = re.compile(r"1[3-9]\d{9}")
LASTS = timedelta(minutes=5)
NAME_WITHIN = timedelta(minutes=15)  # after the code was right
TRIES = 5
NAMES = 5
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# A stranger who asks for codes to a number doesn't use up what its holder may ask for in a browser that knows it.
PHONE = (Limit("code-phone", 3, QUARTER), Limit("code-phone-day", 8, DAY))
PHONE_KNOWN = (Limit("code-phone-known", 3, QUARTER), Limit("code-phone-known-day", 8, DAY))
ADDRESS = (Limit("code-address", 20, HOUR), Limit("code-address-day", 60, DAY))  # a community room is one address
DEVICE = (Limit("code-device", 6, HOUR), Limit("code-device-day", 15, DAY))
WRONG = Limit("code-wrong", 40, HOUR)  # wrong codes from one address
NAME_WRONG = Limit("code-name", 10, DAY)  # names that don't fit, with one number


class TooMany(Refusal):
    """Too many codes were asked for, or tried."""

    status = 429


@dataclass(frozen=True)
class Issued:
    """A code as it goes out; `token` belongs into the cookie of the browser that asked."""

    token: str
    code: str
    phone: str


def mobile(typed: str) -> str:
    """A mobile number in one spelling. Raises Refusal at `phone` for what gets no short messages."""
    found = personal.phone(typed)
    if not MOBILE.fullmatch(found):
        sentence = _("Please type a mobile number of eleven digits: the code comes as a short message.")
        raise Refusal(sentence, field="phone", code="no_mobile")
    return found


def issue(request: HttpRequest, phone: str, *, at: datetime, token: str = "", code: str = "") -> Issued:
    """A new code for a mobile number, in one spelling; earlier ones of this browser are void.

    The answer is the same whether anybody is known by the number. `token` and `code` are given by a demonstration
    only. Raises TooMany.
    """
    index = personal.phone_index(phone)
    _within_limits(request, index, at)
    token = token or secrets.token_urlsafe(24)
    code = code or f"{secrets.randbelow(1_000_000):06d}"
    PhoneCode.objects.filter(key=_print(request.COOKIES.get(COOKIE, ""))).delete()
    PhoneCode.objects.create(
        key=_print(token), phone=phone, phone_index=index, code=_of(token, code), made_at=at, expires_at=at + LASTS
    )
    return Issued(token, code, phone)


def _within_limits(request: HttpRequest, phone_index: str, at: datetime) -> None:
    own = PHONE_KNOWN if devices.knows(request, phone_index) else PHONE
    asked: Sequence[tuple[Limit, str]] = [
        *((limit, phone_index) for limit in own),
        *((limit, address(request)) for limit in ADDRESS),
        *((limit, devices.device_of(request)) for limit in DEVICE),
    ]
    if not passes(asked, at):
        sentence = _("Too many codes were asked for. Wait a quarter of an hour, or come to the window: it works there.")
        raise TooMany(sentence, field="phone", code="too_many")
    if not passes([(Limit("code-office", int(office.get("phone_codes_a_day")), DAY), "all")], at):
        sentence = _("No more codes are sent today. Come to the window or telephone us: it works there.")
        raise TooMany(sentence, field="phone", code="cap")


def held(request: HttpRequest, at: datetime) -> PhoneCode | None:
    """The code that this browser waits for or has proved; None once it's too late."""
    token = request.COOKIES.get(COOKIE, "")
    if not token or len(token) > 64:
        return None
    found = PhoneCode.objects.filter(key=_print(token)).first()
    if found is None:
        return None
    until = found.proved_at + NAME_WITHIN if found.proved_at else found.expires_at
    return found if at < until else None


def prove(request: HttpRequest, typed: str, *, at: datetime) -> PhoneCode:
    """The code as it was typed, full width or with spaces too. Each try counts, even two at once.

    Raises Refusal at `code`, TooMany for an address that tried too many.
    """
    who = address(request)
    if reached(WRONG, who, at):
        raise TooMany(_("Too many wrong codes. Wait an hour, or come to the window."), field="code", code="too_many")
    row = held(request, at)
    if row is None or row.proved_at:
        raise Refusal(_("This code is too old. Ask for a new one."), field="code", code="old")
    counted = PhoneCode.objects.filter(pk=row.pk, tries__lt=TRIES, proved_at=None).update(tries=F("tries") + 1)
    if not counted:
        raise TooMany(_("Five wrong codes: this one is void. Ask for a new one."), field="code", code="void")
    digits = "".join(str(int(c)) for c in typed if c.isdecimal())
    if not hmac.compare_digest(row.code, _of(request.COOKIES[COOKIE], digits)):
        note(WRONG, who, at)
        raise Refusal(_("This isn't the code we sent. Look at the newest message."), field="code", code="wrong")
    PhoneCode.objects.filter(pk=row.pk, proved_at=None).update(proved_at=at)
    row.refresh_from_db()
    return row


def person(proved: PhoneCode, name: str, *, at: datetime) -> Resident | None:
    """The resident with the proved number and this name; None if nobody is known by both.

    Raises Refusal at `name`: too many names, or somebody whose data is only stored (PIPL 47).
    """
    if not proved.proved_at:
        raise Refusal(_("Type the code first."), code="not_proved")
    index = personal.name_index(_name(name))
    if reached(NAME_WRONG, proved.phone_index, at):
        raise TooMany(
            _("Too many names were tried with this number. Come to the window."), field="name", code="too_many"
        )
    counted = PhoneCode.objects.filter(pk=proved.pk, names__lt=NAMES).update(names=F("names") + 1)
    if not counted:
        raise TooMany(_("Too many names were tried. Begin again with a new code."), field="name", code="void")
    found = Resident.objects.filter(phone_index=proved.phone_index, name_index=index, erased_at=None).first()
    if found is None:
        note(NAME_WRONG, proved.phone_index, at)
        return None
    if found.locked_at:
        sentence = _("Your data is stored only, as you asked. Come to the window if you want it used again.")
        raise Refusal(sentence, field="name", code="locked")
    return found


def newcomer(proved: PhoneCode, name: str, *, at: datetime) -> Resident:
    """A new resident with the proved number and this name; the one there is, if somebody was quicker."""
    if not proved.proved_at:
        raise Refusal(_("Type the code first."), code="not_proved")
    resident = Resident(name=_name(name), phone=proved.phone, phone_index=proved.phone_index, created_at=at)
    resident.name_index = personal.name_index(resident.name)
    try:
        with transaction.atomic():
            resident.save(force_insert=True)
    except IntegrityError:
        return Resident.objects.get(phone_index=resident.phone_index, name_index=resident.name_index)
    return resident


def agreed(resident: Resident, *, at: datetime) -> None:
    """Record that a resident agrees to the present text, once. An office without one asks nobody."""
    if consent_text(PURPOSE) is not None and not agrees(resident, PURPOSE):
        give_consent(resident=resident, purpose=PURPOSE, at=at)


def used(proved: PhoneCode) -> None:
    """The code has done what it was for."""
    PhoneCode.objects.filter(pk=proved.pk).delete()


@transaction.atomic
def number_changed_hands(*, resident: Resident, reason: str, by: Actor, at: datetime) -> None:
    """A number belongs to somebody else now: it is taken from this resident, whose sessions end.

    Hours and credits stay with the person, who says the new number at the window. Raises Refusal without a reason.
    """
    reason = clean(reason)
    if len(reason) < 2:
        raise Refusal(_("Say how you know that the number has another owner."), field="reason", code="no_reason")
    if not resident.phone:
        raise Refusal(_("There is no number on record."), code="no_number")
    PhoneCode.objects.filter(phone_index=resident.phone_index).delete()
    ResidentSession.objects.filter(resident=resident, ended_at=None).update(ended_at=at)
    resident.phone = resident.phone_index = ""
    resident.save(update_fields=["phone", "phone_index"])
    data = {"words": masking.mask_words(reason)[:200]}
    events.emit(PeopleChanged(f"resident:{resident.pk}", "people.number_changed_hands", by, at, data))


def _name(typed: str) -> str:
    name = personal.name(typed)
    if not personal.name_index(name):
        raise Refusal(_("Please type your name."), field="name", code="no_name")
    return name


def _print(token: str) -> str:
    return crypto.blind_index(token, COOKIE)


def _of(token: str, code: str) -> str:
    return crypto.blind_index(f"{token}:{code}", "phone-code")
