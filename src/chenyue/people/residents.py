"""Residents: found or registered once, shown masked, consents."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, office, rows, snapshots
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.prepared import prepared
from chenyue.core.text import clean
from chenyue.people import masking, personal
from chenyue.people.events import ContactRevealed, PeopleChanged
from chenyue.people.models import Consent, ConsentText, Look, Resident
from chenyue.people.rules import may

REASON_LENGTH = 200


def register_resident(
    *, name: str = "", phone: str = "", at: datetime, by: Actor = SYSTEM,
    email: str = "", address: str = "", id_number: str = "", home: Any = None, dialect: str = "",
) -> Resident:  # fmt: skip
    """The resident with this telephone and name: found, or registered. One statement if known, two if new.

    A telephone shared in a family is several residents by name; a telephone without a name is the
    only resident of that telephone, if there is just one. Without a telephone nobody can be found
    again, so each is new. What was empty is filled by members of staff and imports; what is known isn't
    overwritten.
    Raises Refusal at `phone` or `id_number`.
    """
    resident = Resident(
        name=personal.name(name),
        phone=personal.phone(phone),
        id_number=personal.id_number(id_number),
        address=clean(address)[:200],
        email=clean(email)[:254],
        home=home,
        dialect=clean(dialect)[:20],
        created_at=at,
    )
    resident.name_index = personal.name_index(resident.name)
    resident.phone_index = personal.phone_index(resident.phone)
    resident.id_index = personal.id_index(resident.id_number)
    if not resident.phone_index:
        resident.save(force_insert=True)
        return resident
    known = _known(resident) or (None if _insert(resident) else _known(resident))
    if known is None:
        return resident
    # Without an account anybody can say a name and a number: what they add isn't proved to be that person's.
    return known if by.kind == "resident" else _fill(known, resident)


def _known(wanted: Resident) -> Resident | None:
    sharing = _sharing(phone=wanted.phone_index)
    for resident in sharing:
        if resident.name_index == wanted.name_index:
            return resident
    if len(sharing) == 1 and not (wanted.name_index and sharing[0].name_index):
        return sharing[0]
    return None


@prepared
def _sharing(*, phone: Any) -> QuerySet[Resident]:
    return Resident.objects.filter(phone_index=phone, erased_at=None).order_by("pk")[:50]


def _insert(resident: Resident) -> bool:
    """Insert unless somebody else just did. In one statement, with no savepoint to fall back to."""
    fields = [f for f in Resident._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    values = [f.get_db_prep_save(getattr(resident, f.attname), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_resident ({columns}) VALUES ({', '.join(['%s'] * len(fields))}) "  # noqa: S608 – column names
            "ON CONFLICT DO NOTHING RETURNING id",
            values,
        )
        row = cursor.fetchone()
    if row is None:
        return False
    resident.pk = row[0]
    resident._state.adding = False
    resident._state.db = connection.alias
    return True


def _fill(known: Resident, told: Resident) -> Resident:
    """Add what was told and not known before."""
    fields = [
        field
        for field in ("name", "name_index", "email", "address", "id_number", "id_index", "dialect", "home_id")
        if getattr(told, field) and not getattr(known, field)
    ]
    for field in fields:
        setattr(known, field, getattr(told, field))
    if fields:
        known.save(update_fields=[f.removesuffix("_id") for f in fields])
    return known


@dataclass(frozen=True)
class Contact:
    """What may be shown of a resident: masked unless somebody asked with a reason."""

    name: str
    phone: str
    email: str
    address: str
    masked: bool


def contact(resident: Resident | None, unmasked: bool = False) -> Contact:
    """A resident's contact data for the screen; masked by default."""
    if resident is None:
        return Contact("", "", "", "", True)
    if unmasked:
        return Contact(resident.name, resident.phone, resident.email, resident.address, False)
    return Contact(
        masking.mask_name(resident.name),
        masking.mask_phone(resident.phone),
        masking.mask_email(resident.email),
        "***" if resident.address else "",
        True,
    )


def reveal_contact(
    *, resident: Resident, subject: str, reason: str, by: Actor, at: datetime,
    unit_ids: Any = None, place_ids: Any = None, sensitivity: str = "normal",
) -> dict[str, str]:  # fmt: skip
    """Show a resident's contact data to a member who says why. Kept as a Look and on the timeline.

    `unit_ids`, `place_ids` and `sensitivity` are those of the thing the resident belongs to.
    Raises NotAllowed without the permission, Refusal without a reason or when processing is stopped.
    """
    if not may(by.user, "contact.see", unit_ids=unit_ids, place_ids=place_ids, sensitivity=sensitivity):
        raise NotAllowed()
    reason = clean(reason)
    if len(reason) < 2:
        raise Refusal(_("Say why you need to see this."), field="reason", code="no_reason")
    if len(reason) > REASON_LENGTH:
        raise Refusal(_("Say it in 200 characters or less."), field="reason", code="long_reason")
    if resident.erased_at or resident.locked_at:
        raise Refusal(_("This person's data has been deleted or locked."), code="locked")
    with transaction.atomic():
        until = at + timedelta(minutes=office.get("look_minutes"))
        Look.objects.create(member=by.user, resident=resident, reason=reason, subject=subject, at=at, until=until)
        # A reason may name somebody: what can be recognised as a number is masked, since entries stay for ever.
        events.emit(ContactRevealed(resident, subject, masking.mask_words(reason), by, at))
    return {
        "name": resident.name,
        "phone": resident.phone,
        "email": resident.email,
        "address": resident.address,
        "id_number": masking.mask_id(resident.id_number),
    }


@transaction.atomic
def lock_resident(*, resident: Resident, locked: bool, by: Actor, at: datetime) -> None:
    """Stop processing except storage (PIPL 47), or go on."""
    resident.locked_at = at if locked else None
    resident.save(update_fields=["locked_at"])
    verb = "people.resident_locked" if locked else "people.resident_unlocked"
    events.emit(PeopleChanged(f"resident:{resident.pk}", verb, by, at))


@transaction.atomic
def correct_resident(
    *, resident: Resident, name: str, phone: str, email: str, address: str, by: Actor, at: datetime
) -> None:
    """Put a person's own data right, as they asked (PIPL 46); what is empty stays as it is.

    The timeline says which fields, never what stood there.

    Raises Refusal at `phone` or `name`, or where another row has this telephone and name already.
    """
    if resident.erased_at:
        raise Refusal(_("This person's data has been deleted or locked."), code="locked")
    wanted = {
        "name": personal.name(name),
        "phone": personal.phone(phone),
        "email": clean(email)[:254],
        "address": clean(address)[:200],
    }
    changed = [field for field, value in wanted.items() if value and getattr(resident, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(resident, field, wanted[field])
    resident.name_index = personal.name_index(resident.name)
    resident.phone_index = personal.phone_index(resident.phone)
    same = Resident.objects.filter(phone_index=resident.phone_index, name_index=resident.name_index)
    if resident.phone_index and same.exclude(pk=resident.pk).exists():
        raise Refusal(_("This telephone and name are on record already."), field="phone", code="taken")
    resident.save(update_fields=[*changed, "name_index", "phone_index"])
    tell = PeopleChanged(f"resident:{resident.pk}", "people.resident_corrected", by, at, {"fields": changed})
    events.emit(tell)


def _texts() -> dict[str, ConsentText]:
    return {text.purpose: text for text in ConsentText.objects.order_by("version")}  # the newest wins


_current = snapshots.Snapshot("consents", _texts)


def consent_text(purpose: str) -> ConsentText | None:
    """The version that residents are asked now, from memory."""
    return _current.get().get(purpose)


def save_consent_text(*, purpose: str, text: str, by: Actor, at: datetime) -> ConsentText:
    """A new version of a consent text; earlier consents keep theirs. The same words again add nothing."""
    text = clean(text)
    if not text:
        raise Refusal(_("The text is empty."), field="text", code="empty")
    with transaction.atomic():
        last = ConsentText.objects.filter(purpose=purpose).order_by("-version").first()
        if last is not None and last.text == text:
            return last
        saved = ConsentText.objects.create(
            purpose=purpose, version=last.version + 1 if last else 1, text=text, since=at
        )
        snapshots.bump("consents")
        data = {"purpose": purpose, "version": saved.version}
        events.emit(PeopleChanged("office", "people.consent_text_saved", by, at, data))
    return saved


def seed_consents(*, by: Actor = SYSTEM, at: datetime) -> None:
    """The first versions, where an office has none."""
    file = Path(__file__).parent / "data" / "consents.json"
    for row in json.loads(file.read_text(encoding="utf-8")):
        if not ConsentText.objects.filter(purpose=row["purpose"]).exists():
            save_consent_text(purpose=row["purpose"], text=row["text"], by=by, at=at)


def give_consent(*, resident: Resident, purpose: str, at: datetime, by: Actor | None = None) -> Consent:
    """A resident agrees to the present text of a purpose. One statement besides the snapshot.

    Raises Refusal when the office has no text for it.
    """
    text = consent_text(purpose)
    if text is None:
        raise Refusal(_("There is no text yet to agree to."), code="no_text")
    given = Consent(resident=resident, text=text, given_at=at)
    rows.insert(given)
    return given


@transaction.atomic
def withdraw_consent(*, resident: Resident, purpose: str, by: Actor, at: datetime) -> int:
    """Take a consent back, as easily as it was given; how many were taken back."""
    count = Consent.objects.filter(resident=resident, text__purpose=purpose, withdrawn_at=None).update(withdrawn_at=at)
    if count:
        tell = partial(PeopleChanged, f"resident:{resident.pk}", "people.consent_withdrawn", by, at)
        events.emit(tell({"purpose": purpose}))
    return count


def agrees(resident: Resident, purpose: str) -> bool:
    """Whether a resident agrees to a purpose (in any version) now."""
    return Consent.objects.filter(resident=resident, text__purpose=purpose, withdrawn_at=None).exists()
