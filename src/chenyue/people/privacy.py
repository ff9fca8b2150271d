"""Requests of residents about their own data (PIPL 44–50): a register with a clock, copies, erasure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, office
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.text import clean
from chenyue.people import masking
from chenyue.people.events import PeopleChanged, ResidentErased
from chenyue.people.models import Consent, DataRequest, Look, PhoneCode, Resident, ResidentSession

Copy = Callable[[Resident], list[dict[str, Any]]]
_copies: dict[str, Copy] = {}


def register_copy(name: str, copy: Copy) -> None:
    """Packages above say what they keep about a resident: it goes into the copy under `name`."""
    _copies[name] = copy


def due_at(asked_at: datetime) -> datetime:
    """When a request must be answered: by the office's setting, 15 working days unless changed."""
    from chenyue.workdays.queries import calendar
    from chenyue.workdays.spans import Span

    return calendar().add(asked_at, Span.parse(office.get("data_request_within"))).at


@transaction.atomic
def open_request(*, resident: Resident, kind: str, words: str, by: Actor, at: datetime) -> DataRequest:
    """Put a request on the register; an open one of the same kind is returned instead of a second."""
    if kind not in DataRequest.Kind.values:
        raise Refusal(_("Choose what is asked for."), field="kind", code="no_kind")
    waiting = DataRequest.objects.filter(resident=resident, kind=kind, state=DataRequest.State.OPEN).first()
    if waiting:
        return waiting
    request = DataRequest.objects.create(
        resident=resident, kind=kind, words=clean(words)[:2000], asked_at=at, due_at=due_at(at), taken_by=by.user
    )
    _tell(request, "people.request_opened", by, at)
    return request


@transaction.atomic
def confirm_identity(*, request: DataRequest, how: str, by: Actor, at: datetime) -> None:
    """Record how a member made sure that it is the person themselves who asks; the first check stays.

    A receipt code and a telephone number prove nobody: who files an appeal with a neighbour's number gets a code.
    """
    if how not in DataRequest.Identity.values:
        raise Refusal(_("Say how you made sure who it is."), field="how", code="no_way")
    changed = DataRequest.objects.filter(pk=request.pk, identity="").update(
        identity=how, identity_at=at, identity_by=by.user
    )
    request.refresh_from_db()
    if changed:
        data = {"request": request.pk, "how": how}
        events.emit(PeopleChanged(f"resident:{request.resident_id}", "people.identity_checked", by, at, data))


def need_identity(request: DataRequest) -> None:
    """Nothing is shown, changed or deleted for somebody of whom nobody made sure. Raises Refusal."""
    if not request.identity:
        sentence = _("First make sure that it is the person themselves, and say below how you did.")
        raise Refusal(sentence, field="granted", code="identity")


@transaction.atomic
def decide_request(*, request: DataRequest, granted: bool, reason: str, by: Actor, at: datetime) -> DataRequest:
    """Grant or refuse a request; a refusal needs a reason (PIPL 50). Granting a deletion erases.

    Only what was asked by a person of whom somebody made sure (`confirm_identity`) is granted.
    """
    reason = clean(reason)
    if not granted and not reason:
        raise Refusal(_("A refusal needs its reason."), field="reason", code="no_reason")
    request.refresh_from_db()
    if granted and request.state == DataRequest.State.OPEN:
        need_identity(request)
    done = DataRequest.State.DONE if granted else DataRequest.State.REFUSED
    changed = DataRequest.objects.filter(pk=request.pk, state=DataRequest.State.OPEN).update(
        state=done, reason=reason, ended_at=at, decided_by=by.user
    )
    if not changed:
        raise Refusal(_("This request has already been decided."), code="decided")
    request.refresh_from_db()
    _tell(request, "people.request_granted" if granted else "people.request_refused", by, at)
    if granted and request.kind == DataRequest.Kind.DELETE:
        erase_resident(resident=request.resident, request=request, by=by, at=at)
    return request


def copy_of(resident: Resident) -> dict[str, Any]:
    """All that is kept about a resident, for them: plain data, names of other people left out."""
    looks = Look.objects.filter(resident=resident).order_by("at")
    return {
        "name": resident.name,
        "telephone": resident.phone,
        "id_number": masking.mask_id(resident.id_number),
        "address": resident.address,
        "email": resident.email,
        "home": resident.home.full_name if resident.home else "",
        "since": resident.created_at.isoformat(),
        "consents": [
            {
                "purpose": consent.text.purpose,
                "version": consent.text.version,
                "given": consent.given_at.isoformat(),
                "withdrawn": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
            }
            for consent in Consent.objects.filter(resident=resident).select_related("text").order_by("given_at")
        ],
        "requests": [
            {"kind": r.kind, "state": r.state, "asked": r.asked_at.isoformat(), "words": r.words, "reason": r.reason}
            for r in DataRequest.objects.filter(resident=resident).order_by("asked_at")
        ],
        "looked_at": [{"at": look.at.isoformat(), "reason": masking.mask_words(look.reason)} for look in looks],
        "signed_in": [
            {"at": one.made_at.isoformat(), "until": (one.ended_at or one.expires_at).isoformat()}
            for one in ResidentSession.objects.filter(resident=resident).order_by("pk")
        ],
        **{name: copy(resident) for name, copy in _copies.items()},
    }


@transaction.atomic
def erase_resident(*, resident: Resident, by: Actor, at: datetime, request: DataRequest | None = None) -> Resident:
    """Delete contact data; the row stays as a tombstone without personal data, and figures survive."""
    if resident.erased_at:
        return resident
    name, email, phone = resident.name, resident.email, resident.phone
    ResidentSession.objects.filter(resident=resident).delete()
    PhoneCode.objects.filter(phone_index=resident.phone_index).delete()
    for field in ("name", "phone", "id_number", "address", "email", "dialect"):
        setattr(resident, field, "")
    resident.name_index = resident.phone_index = resident.id_index = ""
    resident.home = None
    resident.birth_year = None
    resident.erased_at = at
    resident.save()
    Consent.objects.filter(resident=resident, withdrawn_at=None).update(withdrawn_at=at)
    DataRequest.objects.filter(resident=resident).update(words="")
    Look.objects.filter(resident=resident).update(reason="")
    events.emit(ResidentErased(resident, request, by, at, name, email, phone))
    events.emit(PeopleChanged(f"resident:{resident.pk}", "people.resident_erased", by, at))
    return resident


def _tell(request: DataRequest, verb: str, by: Actor, at: datetime) -> None:
    data = {"request": request.pk, "kind": request.kind}
    events.emit(PeopleChanged(f"resident:{request.resident_id}", verb, by, at, data))
