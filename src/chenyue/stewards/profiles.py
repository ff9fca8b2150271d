"""What is known of a steward, and of a building: written down and changed by who appoints stewards."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chenyue.core import snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.core.text import clean
from chenyue.people import personal
from chenyue.people.models import Member
from chenyue.people.residents import register_resident
from chenyue.places.models import Kind, Place
from chenyue.stewards.absences import substitutes
from chenyue.stewards.lifecycle import StewardKind, StewardState
from chenyue.stewards.models import BuildingFacts, Steward, Term
from chenyue.stewards.queries import RECORD, day_of
from chenyue.stewards.terms import allowed, give, take
from chenyue.timeline.actions import record

FIELDS = (
    "kind", "member", "resident", "name", "shows_name", "phone", "birth_year", "home", "dialects", "share",
    "most_buildings", "keeps", "avoids", "since", "moved_on", "note",
)  # fmt: skip
YOUNGEST, OLDEST = 14, 110  # years; beyond it is mistyped
SHARES = (10, 200)  # per cent of a full load
OFFICE = "stewards:office"  # subject of what concerns all
FACTS = ("elderly_alone", "disabled", "tenants")


@transaction.atomic
def save_steward(
    *, by: Actor, at: datetime, steward: Steward | None = None, version: int | None = None, **fields: Any
) -> Steward:
    """Write a steward down, or change what is known of one; `fields` are names of `FIELDS`.

    `version` is the one that the form showed: Conflict if somebody changed it since. With another account to sign
    in with (or none), what their terms let them see moves to that one in the same transaction.
    """
    allowed(by)
    fresh = steward is None
    row = Steward() if steward is None else Steward.objects.select_for_update().get(pk=steward.pk)
    if version is not None and not fresh and row.version != version:
        raise Conflict()
    before = row.member_id
    for name, value in fields.items():
        if name not in FIELDS:
            raise KeyError(name)
        setattr(row, name, value)
    _tidy(row, day_of(at))
    row.since = row.since or day_of(at)
    _be_resident(row, by, at)
    row.version = 1 if fresh else row.version + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal(_("This member is a steward already."), field="member", code="taken") from error
    record(subject=row.subject, verb="steward.added" if fresh else "steward.changed", by=by, at=at)
    if not fresh:
        snapshots.bump(RECORD)  # the name, and whether it is shown
    if not fresh and row.member_id != before:
        _move_grants(row, by, at)
    return row


def _tidy(row: Steward, today: date) -> None:
    """Bring what was given into one form; refuse what can't be, at its field."""
    row.name = personal.name(row.name)[:40]
    if not row.name:
        raise Refusal(_("A steward needs a name."), field="name")
    row.phone = personal.phone(row.phone)
    row.note = clean(row.note)[:200]
    if row.kind not in StewardKind.values:
        raise Refusal(_("Choose a resident or a member of staff."), field="kind")
    if row.birth_year is not None and not today.year - OLDEST <= row.birth_year <= today.year - YOUNGEST:
        raise Refusal(_("Check the year of birth."), field="birth_year")
    if not SHARES[0] <= row.share <= SHARES[1]:
        raise Refusal(_("From 10 to 200 per cent."), field="share")
    if set(row.keeps) & set(row.avoids):
        raise Refusal(_("The same building can't be kept and avoided."), field="avoids")
    row.dialects = list(dict.fromkeys(clean(word)[:20] for word in row.dialects if clean(word)))
    if row.home is not None and row.home.kind != Kind.BUILDING:
        row.home = row.home.building  # a home or an entrance was named: the building it lies in
    _check_member(row)


def _be_resident(row: Steward, by: Actor, at: datetime) -> None:
    """A volunteer is a resident like others: what they ask about their data reaches what is kept here."""
    if row.kind == StewardKind.STAFF:
        row.resident = None
    elif row.phone:
        row.resident = register_resident(name=row.name, phone=row.phone, by=by, at=at)


def _check_member(row: Steward) -> None:
    if row.member_id is None:
        return
    other = Steward.objects.filter(Q(member_id=row.member_id) & ~Q(pk=row.pk)).first()
    if other is not None:
        raise Refusal(_("This member is a steward already: %(name)s.") % {"name": other.name}, field="member")
    if not Member.objects.filter(pk=row.member_id, is_active=True).exists():
        raise Refusal(_("This member can't sign in any more."), field="member")


def _move_grants(row: Steward, by: Actor, at: datetime) -> None:
    """What the terms let somebody see goes from the old account to the new one."""
    today = day_of(at)
    for term in Term.objects.filter(steward=row, ended_at=None).select_related("building", "grant").order_by("pk"):
        take(term, by, at)
        term.steward = row
        if term.since <= today:
            give(term, by, at)
    record(subject=row.subject, verb="steward.account", by=by, at=at)


@transaction.atomic
def save_facts(*, building: Place, by: Actor, at: datetime, **facts: Any) -> BuildingFacts:
    """What makes a building heavy: numbers of homes by `FACTS`, `dialect`, and `counted_on` (default: today)."""
    allowed(by)
    if building.kind != Kind.BUILDING:
        raise Refusal(_("Only buildings have such facts."), field="building")
    for name in FACTS:
        if building.homes and facts.get(name, 0) > building.homes:
            sentence = _("%(building)s has %(homes)d homes.")
            raise Refusal(sentence % {"building": building.full_name, "homes": building.homes}, field=name)
    if "dialect" in facts:
        facts["dialect"] = clean(facts["dialect"])[:20]
    counted = facts.pop("counted_on", None) or day_of(at)
    if counted > day_of(at):
        raise Refusal(_("That day is still to come."), field="counted_on")
    row, _fresh = BuildingFacts.objects.update_or_create(building=building, defaults=facts | {"counted_on": counted})
    record(subject=OFFICE, verb="stewards.facts", by=by, at=at, data={"building": building.full_name})
    return row


@transaction.atomic
def see_phone(*, steward: Steward, reason: str, by: Actor, at: datetime) -> str:
    """A steward's own telephone number, for who appoints stewards and says what for. The look is recorded."""
    allowed(by)
    reason = clean(reason)[:200]
    if len(reason) < 2:
        raise Refusal(_("Say what you need the number for."), field="reason")
    record(subject=steward.subject, verb="steward.phone_seen", by=by, at=at, data={"words": reason})
    return str(steward.phone)


def touch(*, steward_id: int, at: datetime) -> None:
    """A sign of life: a visit, a report, an answer. Never goes back. One statement."""
    rows = Steward.objects.filter(pk=steward_id).exclude(state=StewardState.ENDED)
    rows.filter(Q(last_active_at=None) | Q(last_active_at__lt=at)).update(last_active_at=at)


def named(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of a form's data, what is known of a steward."""
    return {name: fields[name] for name in FIELDS if name in fields}


def member(pk: int | None) -> Member | None:
    """The account of this id."""
    return Member.objects.filter(pk=pk).first() if pk else None


def standing_in(row: Steward) -> list[Term]:
    """Who stands in, or will, at this steward's buildings."""
    return list(substitutes(row))
