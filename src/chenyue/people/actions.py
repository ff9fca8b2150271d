"""Writes to units, members, roles and grants. Residents are in `residents`, sign-in in `sessions`."""

import json
import secrets
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, snapshots
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Refusal
from chenyue.core.ids import READABLE
from chenyue.core.text import clean, initials
from chenyue.people import permissions
from chenyue.people.events import PeopleChanged, UnitDeactivated
from chenyue.people.models import Grant, Member, Role, Sensitivity, Unit
from chenyue.people.privacy import confirm_identity, decide_request, erase_resident, open_request
from chenyue.people.residents import (
    give_consent,
    lock_resident,
    register_resident,
    reveal_contact,
    save_consent_text,
    seed_consents,
    withdraw_consent,
)
from chenyue.people.scope import forget_scopes

__all__ = [
    "confirm_identity",
    "decide_request",
    "erase_resident",
    "give_consent",
    "lock_resident",
    "open_request",
    "register_resident",
    "reveal_contact",
    "save_consent_text",
    "seed_consents",
    "withdraw_consent",
]

DATA = Path(__file__).parent / "data"
KEEPER = "people.edit"  # somebody must always hold it, or nobody could let anyone in again
WATCHER = "timeline.audit"


def tell(subject: str, verb: str, by: Actor, at: datetime, **data: Any) -> None:
    """Put a change on the timeline (by the listener in wiring)."""
    events.emit(PeopleChanged(subject, verb, by, at, data))


def seed_roles(*, by: Actor = SYSTEM, at: datetime | None = None) -> int:
    """Add the default roles that don't exist yet; those that an office changed stay. How many were added."""
    added = 0
    for row in json.loads((DATA / "roles.json").read_text(encoding="utf-8")):
        unknown = set(row["permissions"]) - set(permissions.WORDS)
        if unknown:
            raise ValueError(f"unknown permission words: {sorted(unknown)}")
        _role, fresh = Role.objects.get_or_create(
            code=row["code"], defaults={"name": row["name"], "permissions": row["permissions"]}
        )
        added += fresh
    if added:
        tell("office", "people.roles_seeded", by, at or timezone.now(), count=added)
    return added


@transaction.atomic
def save_role(
    *, code: str, name: str, words: Collection[str], by: Actor, at: datetime, role: Role | None = None
) -> Role:
    """Add a role, or change the name and words of one."""
    unknown = set(words) - set(permissions.WORDS)
    if unknown:
        raise Refusal(_("There is no such permission."), field="permissions", code="unknown_word")
    kept = [word for word in permissions.WORDS if word in set(words)]
    fresh = role is None
    role = role or Role(code=code)
    gone = [word for word in role.permissions if word not in kept]
    role.name, role.permissions = clean(name), kept
    if fresh and Role.objects.filter(code=code).exists():
        raise Refusal(_("This code is taken."), field="code", code="taken")
    role.save()
    if KEEPER in gone:
        _someone_keeps()
    if not fresh:
        for member in Member.objects.filter(grants__role=role).distinct():
            _keep_apart(member, role)
    tell(f"role:{role.code}", "people.role_saved", by, at, name=role.name, permissions=kept)
    return role


@transaction.atomic
def save_unit(
    *, code: str, name: str, kind: str, by: Actor, at: datetime, unit: Unit | None = None, **fields: Any
) -> Unit:
    """Add a unit, or change one (found by `unit` or its code). `fields`: note, phone, email, community, …"""
    unit = unit or Unit.objects.filter(code=code).first() or Unit(code=code)
    estates = fields.pop("estates", None)
    unit.name, unit.kind = clean(name), kind
    unit.initials = initials(unit.name)[:60]
    for field, value in fields.items():
        setattr(unit, field, value)
    unit.save()
    if estates is not None:
        unit.estates.set(estates)
    snapshots.bump("catalogue")
    tell(f"unit:{unit.code}", "people.unit_saved", by, at, name=unit.name, kind=unit.kind)
    return unit


@transaction.atomic
def set_unit_active(*, unit: Unit, active: bool, by: Actor, at: datetime) -> None:
    """Let a unit take work again, or no more; rules that name it switch themselves off (event)."""
    unit.active = active
    unit.save(update_fields=["active"])
    snapshots.bump("catalogue")
    tell(f"unit:{unit.code}", "people.unit_activated" if active else "people.unit_deactivated", by, at, name=unit.name)
    if not active:
        events.emit(UnitDeactivated(unit, by, at))


def start_password() -> str:
    """A first password that can be read out: 4 × 4 readable characters (71 bits)."""
    return "-".join("".join(secrets.choice(READABLE) for _n in range(4)) for _m in range(4)).lower()


@transaction.atomic
def add_member(
    *, username: str, name: str, by: Actor, at: datetime, unit: Unit | None = None, **fields: Any
) -> tuple[Member, str]:
    """Add a member; returns them and their start password, which is shown once and must be changed."""
    username = clean(username).lower()
    if Member.objects.filter(username=username).exists():
        raise Refusal(_("This user name is taken."), field="username", code="taken")
    password = start_password()
    try:
        with transaction.atomic():
            member = Member.objects.create_member(username, password, name=clean(name), unit=unit, **fields)
    except IntegrityError as error:
        raise Refusal(_("This user name is taken."), field="username", code="taken") from error
    tell(f"member:{member.pk}", "people.member_added", by, at, username=username, name=member.name)
    return member, password


@transaction.atomic
def add_first_member(*, username: str, name: str, password: str, at: datetime) -> Member:
    """The member who sets the office up, with every role that manages people. Only while there is nobody."""
    if Member.objects.exists():
        raise Refusal(_("This office already has members."), code="not_first")
    member = Member(username=clean(username).lower(), name=clean(name), must_change_password=False)
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field="password", code="weak_password") from error
    member.set_password(password)
    member.save()
    seed_roles(at=at)
    by = member.actor()
    tell(f"member:{member.pk}", "people.member_added", by, at, username=member.username, name=member.name)
    for role in Role.objects.order_by("pk"):
        if KEEPER in role.permissions:
            give_grant(member=member, role=role, by=by, at=at)
    return member


@transaction.atomic
def save_member(*, member: Member, by: Actor, at: datetime, **fields: Any) -> Member:
    """Change a member's name, unit, title, e-mail or telephone."""
    for field, value in fields.items():
        setattr(member, field, value)
    member.save(update_fields=list(fields))
    tell(f"member:{member.pk}", "people.member_saved", by, at, name=member.name, changed=sorted(fields))
    return member


@transaction.atomic
def reset_password(*, member: Member, by: Actor, at: datetime) -> str:
    """A new start password for somebody who forgot theirs; their sessions end."""
    password = start_password()
    member.set_password(password)
    member.must_change_password = True
    member.epoch += 1
    member.save(update_fields=["password", "must_change_password", "epoch"])
    tell(f"member:{member.pk}", "people.password_reset", by, at, name=member.name)
    return password


@transaction.atomic
def change_password(*, member: Member, old: str, new: str, by: Actor, at: datetime) -> None:
    """A member's own new password; all other sessions end. Raises Refusal at the field."""
    if not member.check_password(old):
        raise Refusal(_("The present password is wrong."), field="old", code="wrong_password")
    if old == new:
        raise Refusal(_("The new password must be another one."), field="new", code="same_password")
    try:
        validate_password(new, member)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field="new", code="weak_password") from error
    member.set_password(new)
    member.must_change_password = False
    member.save(update_fields=["password", "must_change_password"])
    tell(f"member:{member.pk}", "people.password_changed", by, at)


@transaction.atomic
def deactivate_member(*, member: Member, by: Actor, at: datetime) -> None:
    """A member may no longer sign in and vanishes from pickers; what they did stays theirs."""
    member.is_active = False
    member.epoch += 1
    member.save(update_fields=["is_active", "epoch"])
    _someone_keeps()
    tell(f"member:{member.pk}", "people.member_deactivated", by, at, name=member.name)


@transaction.atomic
def activate_member(*, member: Member, by: Actor, at: datetime) -> None:
    """A member may sign in again."""
    member.is_active = True
    member.save(update_fields=["is_active"])
    tell(f"member:{member.pk}", "people.member_activated", by, at, name=member.name)


@transaction.atomic
def give_grant(
    *, member: Member, role: Role, by: Actor, at: datetime,
    unit: Unit | None = None, place: Any = None, sensitivity: str = Sensitivity.NORMAL,
) -> Grant:  # fmt: skip
    """Give a role within a unit and a place (None: everywhere); the same grant twice is one.

    Refused when the member would both manage people and read the whole timeline: who can let
    somebody in must not be the one who watches over it (separation of duties).
    """
    _keep_apart(member, role)
    grant, fresh = Grant.objects.get_or_create(
        member=member, role=role, unit=unit, place=place, sensitivity=sensitivity
    )
    if fresh:
        forget_scopes(member)
        tell(f"member:{member.pk}", "people.grant_given", by, at, **_grant_data(grant))
    return grant


@transaction.atomic
def take_grant(*, grant: Grant, by: Actor, at: datetime) -> None:
    """Take a role away. Refused if nobody could manage people afterwards."""
    data = _grant_data(grant)
    member = grant.member
    grant.delete()
    if KEEPER in grant.role.permissions:
        _someone_keeps()
    forget_scopes(member)
    tell(f"member:{member.pk}", "people.grant_taken", by, at, **data)


@transaction.atomic
def set_roles(*, member: Member, roles: Collection[Role], by: Actor, at: datetime, unit: Unit | None = None) -> None:
    """Make these the member's roles, each within `unit`; grants with another place or sensitivity go too."""
    for grant in list(member.grants.select_related("role", "unit", "place")):
        if grant.role not in roles or grant.unit_id != (unit.pk if unit else None):
            take_grant(grant=grant, by=by, at=at)
    for role in roles:
        give_grant(member=member, role=role, unit=unit, by=by, at=at)


def _keep_apart(member: Member, role: Role) -> None:
    held = set(role.permissions)
    for words in member.grants.values_list("role__permissions", flat=True):
        held |= set(words)
    if {KEEPER, WATCHER} <= held:
        raise Refusal(_("Whoever manages people can't audit as well."), field="role", code="kept_apart")


def _grant_data(grant: Grant) -> dict[str, str]:
    return {
        "member": grant.member.name,
        "role": grant.role.name,
        "unit": grant.unit.name if grant.unit else "",
        "place": grant.place.full_name if grant.place else "",
        "sensitivity": str(grant.sensitivity),
    }


def _someone_keeps() -> None:
    """Refuse to lock everybody out: an active member without bounds must still manage people."""
    left = Grant.objects.filter(member__is_active=True, unit=None, place=None)
    if not any(KEEPER in words for words in left.values_list("role__permissions", flat=True)):
        raise Refusal(
            _("Somebody must be able to manage people. Give that to another member first."), code="last_admin"
        )
