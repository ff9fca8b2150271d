"""What `people` tells the packages above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chenyue.core.actors import Actor

if TYPE_CHECKING:
    from chenyue.people.models import DataRequest, Resident, Unit


@dataclass(frozen=True)
class ContactRevealed:
    """A member looked at a resident's contact data, for a reason, on behalf of a subject."""

    resident: Resident
    subject: str
    reason: str
    by: Actor
    at: datetime


@dataclass(frozen=True)
class PeopleChanged:
    """Something that must be on the timeline: grants, members, units, roles, sign-ins, consents, requests.

    `data` holds no contact data of residents.
    """

    subject: str  # `member:7`, `unit:centre`, `role:auditor`, `resident:12`, `sign-in`
    verb: str
    by: Actor
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UnitDeactivated:
    """A unit takes no more work: rules that name it switch themselves off."""

    unit: Unit
    by: Actor
    at: datetime


@dataclass(frozen=True)
class ResidentErased:
    """A resident's contact data is gone; upper packages clear what they keep about the person.

    `name`, `email` and `phone` are what they were a moment ago: to find them where they were copied. Never stored.
    """

    resident: Resident
    request: DataRequest | None
    by: Actor
    at: datetime
    name: str = ""
    email: str = ""
    phone: str = ""
