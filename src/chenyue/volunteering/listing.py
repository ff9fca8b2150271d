"""Lists of needs, activities and volunteers for staff: filtered, paged by keys, few statements each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Sentence
from chenyue.core.paging import Order, Page, keyset
from chenyue.people import personal
from chenyue.people.models import Member
from chenyue.volunteering import acts, needs, seeing
from chenyue.volunteering.lifecycle import ActivityState, NeedState, VolunteerState
from chenyue.volunteering.models import Activity, Need, Volunteer

SIZE = 30
NEEDS: dict[str, Sentence] = {
    "": _("All"),
    "asked": _("To be looked at"),
    "late": _("Over their day"),
    "verified": _("Without anybody yet"),
    "planned": _("Somebody comes"),
    "met": pgettext_lazy("need", "Met"),
    "ended": _("Declined or withdrawn"),
}
ACTIVITIES: dict[str, Sentence] = {
    "": _("All"),
    "open": _("Open for sign-up"),
    "draft": pgettext_lazy("activity", "Draft"),
    "ended": _("To be finished"),
    "done": pgettext_lazy("activity", "Done"),
    "cancelled": pgettext_lazy("activity", "Called off"),
}
VOLUNTEERS: dict[str, Sentence] = {"": _("All"), **dict(VolunteerState.choices)}


@dataclass(frozen=True)
class Filters:
    """What a list shows."""

    show: str = ""
    q: str = ""
    cursor: str = ""
    skill: int | None = None

    @classmethod
    def read(cls, given: Any) -> "Filters":
        """From an address; what makes no sense is left out."""
        skill = given.get("skill", "")
        number = int(skill) if skill.isascii() and skill.isdigit() and len(skill) < 10 else None
        q = acts.words(given.get("q", "")[:60], most=60)
        return cls(given.get("show", "")[:20], q, given.get("cursor", "")[:200], number)


def need_list(member: Member, filters: Filters, at: datetime) -> Page[Need]:
    """Needs, the newest first. One statement."""
    rows = seeing.visible_needs(member)
    if filters.show == "late":
        rows = rows.filter(state=NeedState.ASKED, answer_by__lt=acts.local_day(at))
    elif filters.show in needs.SHOWN:
        rows = rows.filter(needs.SHOWN[filters.show])
    if filters.q:
        rows = rows.filter(Q(title__icontains=filters.q) | Q(number__iexact=filters.q))
    return _paged(rows.select_related("place", "unit", "resident"), filters)


def activity_list(member: Member, filters: Filters, at: datetime) -> Page[Activity]:
    """Activities, the newest first. One statement."""
    rows = seeing.visible_activities(member)
    if filters.show == "ended":
        rows = rows.filter(state=ActivityState.OPEN, ends_at__lte=at)
    elif filters.show == "open":
        rows = rows.filter(state=ActivityState.OPEN, ends_at__gt=at)
    elif filters.show in ActivityState.values:
        rows = rows.filter(state=filters.show)
    if filters.q:
        rows = rows.filter(Q(title__icontains=filters.q) | Q(number__iexact=filters.q))
    return _paged(rows.select_related("unit", "place"), filters)


def volunteer_list(member: Member, filters: Filters) -> Page[Volunteer]:
    """Volunteers, the newest first; names and telephones are found exactly, never in part. Two statements."""
    rows = seeing.visible_volunteers(member)
    if filters.show in VolunteerState.values:
        rows = rows.filter(state=filters.show)
    if filters.skill is not None:
        rows = rows.filter(skills=filters.skill)
    if filters.q:
        rows = rows.filter(known_as(filters.q))
    return _paged(rows.select_related("resident").prefetch_related("skills"), filters)


def known_as(typed: str) -> Q:
    """A volunteer by number, whole telephone number or whole name."""
    found = Q(number__iexact=typed) | Q(resident__name_index=personal.name_index(typed))
    index = personal.phone_index(typed)
    return found | Q(resident__phone_index=index) if index else found


def _paged(rows: QuerySet[Any], filters: Filters) -> Page[Any]:
    return keyset(rows, Order("pk", "pk"), filters.cursor, SIZE)
