"""The second factor: codes of an app (TOTP), and recovery codes on paper.

The app's secret is encrypted in the database and recovery codes are kept as keyed fingerprints, so
that a stolen copy of the database signs nobody in. Attempts are throttled by django-otp, per device:
each wrong code doubles the wait.
"""

import os
import secrets
import time
from base64 import b32encode, b85decode, b85encode
from datetime import datetime
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from chenyue.core import carried, crypto, events, office
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.ids import READABLE
from chenyue.people.events import PeopleChanged
from chenyue.people.models import Member
from chenyue.people.rules import may

CODES = 10
GRAVE = ("contact.see", "people.edit", "office.setup")  # who may do one of these must have a factor, if "contact" holds
COLUMN = "otp_totp_totpdevice.key"


def missing(member: Member) -> bool:
    """Whether the office asks this member for a second factor, and there is none yet. Never in a demo office."""
    rule = office.get("second_factor_for")
    if not rule or member.second_factor or office.get("demo"):
        return False
    return rule == "all" or any(may(member, word) for word in GRAVE)


def _seal(secret: bytes) -> str:
    """Base 85 and not hex: the column of django-otp has room for 80 characters."""
    return crypto.encrypt(b85encode(secret).decode(), COLUMN)


def _open(device: TOTPDevice) -> bytes:
    return b85decode(crypto.decrypt(device.key, COLUMN))


def begin() -> str:
    """A new secret, sealed: the session keeps it until a code proves that the app has it. Writes nothing."""
    return _seal(os.urandom(20))


def waiting(member: Member, sealed: str) -> TOTPDevice:
    """The device that `confirm` will store; it isn't in the database."""
    return TOTPDevice(user=member, name="app", key=sealed, confirmed=True)


def secret(device: TOTPDevice) -> str:
    """The secret to type where there's no camera, in groups of four."""
    raw = b32encode(_open(device)).decode().rstrip("=")
    return " ".join(raw[i : i + 4] for i in range(0, len(raw), 4))


def address(device: TOTPDevice) -> str:
    """What the QR code says to the app."""
    issuer = office.get("short_name")
    query = urlencode({"secret": secret(device).replace(" ", ""), "issuer": issuer, "digits": device.digits})
    return f"otpauth://totp/{quote(issuer)}:{quote(device.user.get_username())}?{query}"


def confirm(*, member: Member, sealed: str, code: str, by: Actor, at: datetime) -> list[str]:
    """Put a secret in force, proved by a code; returns recovery codes, shown once. Other sessions end."""
    typed = code.replace(" ", "")
    with transaction.atomic():
        TOTPDevice.objects.filter(user=member).delete()
        device = waiting(member, sealed)
        if not _fits_app(device, typed):
            raise Refusal(
                _("This code doesn't fit. Wait for the next one and try again."), field="code", code="wrong_code"
            )
        member.second_factor = True
        member.epoch += 1
        member.save(update_fields=["second_factor", "epoch"])
        events.emit(PeopleChanged(f"member:{member.pk}", "people.factor_added", by, at))
        return new_codes(member=member, by=by, at=at)


@transaction.atomic
def new_codes(*, member: Member, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes; the old ones no longer work."""
    StaticDevice.objects.filter(user=member).delete()
    device = StaticDevice.objects.create(user=member, name="recovery", confirmed=True)
    codes = ["-".join("".join(secrets.choice(READABLE) for _n in range(5)) for _m in range(2)) for _k in range(CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_fingerprint(code)) for code in codes])
    events.emit(PeopleChanged(f"member:{member.pk}", "people.codes_made", by, at))
    return codes


@transaction.atomic
def remove(*, member: Member, by: Actor, at: datetime) -> None:
    """Take the second factor away (a lost telephone); all sessions end."""
    TOTPDevice.objects.filter(user=member).delete()
    StaticDevice.objects.filter(user=member).delete()
    member.second_factor = False
    member.epoch += 1
    member.save(update_fields=["second_factor", "epoch"])
    events.emit(PeopleChanged(f"member:{member.pk}", "people.factor_removed", by, at, {"name": member.name}))


def left(member: Member) -> int:
    """How many recovery codes are left."""
    return int(StaticToken.objects.filter(device__user=member).count())


def check(member: Member, code: str) -> bool:
    """Whether a code of the app, or a recovery code, fits. Each works once."""
    typed = "".join(c for c in code.upper() if c.isalnum())
    if typed.isdigit() and len(typed) == 6:
        app: TOTPDevice | None = TOTPDevice.objects.filter(user=member, confirmed=True).first()
        return app is not None and _passes(app, typed)
    paper = StaticDevice.objects.filter(user=member, confirmed=True).first()
    return paper is not None and _passes(paper, _fingerprint(typed))


def _passes(device: TOTPDevice | StaticDevice, code: str) -> bool:
    """Verify with the device's row locked, so that one code sent twice at once passes once."""
    with transaction.atomic():
        locked = type(device).objects.select_for_update().filter(pk=device.pk).first()
        if locked is None:
            return False
        if isinstance(locked, TOTPDevice):
            return _fits_app(locked, code.replace(" ", ""))
        return bool(locked.verify_token(code))


def _fits_app(device: TOTPDevice, code: str) -> bool:
    """As `TOTPDevice.verify_token` does it, with our encrypted secret: each code once, wrong ones slow it down."""
    if not device.verify_is_allowed()[0]:
        return False
    clock = TOTP(_open(device), device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()
    fits = code.isascii() and code.isdigit() and clock.verify(int(code), device.tolerance, device.last_t + 1)
    if not fits:
        if device.pk:
            device.throttle_increment(commit=True)
        return False
    device.last_t, device.drift = clock.t(), clock.drift
    device.throttle_reset(commit=False)
    device.save()
    return True


def _fingerprint(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return carried.fingerprint("recovery", f"recovery:{plain}")[:16] if plain else ""
