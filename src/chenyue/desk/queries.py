"""What the pages of the desk read beyond the queries of the packages below."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import OPEN
from chenyue.cases.models import Case, SavedView
from chenyue.core.paging import capped
from chenyue.core.prepared import prepared
from chenyue.followup import queries as followup
from chenyue.followup.models import Callback
from chenyue.people import queries as people
from chenyue.people.models import Member
from chenyue.places.queries import gazetteer

SHOWN = 99  # counts stop here


def asks(member: Member, at: datetime) -> dict[str, int]:
    """Callbacks to make and refusals to decide, in one statement; each count stops at 100."""
    return capped({"callbacks": followup.due(member, at), "refusals": followup.refusals_for(member)}, cap=SHOWN)


def in_my_places(member: Member) -> QuerySet[Case] | None:
    """The open cases of someone who sees cases by place alone (a steward's building); None for all others."""
    scopes = people.scopes(member, "case.see")
    if not scopes or any(scope.place_id is None for scope in scopes):
        return None
    return cases.visible(member).filter(state__in=[state.value for state in OPEN])


def tends_buildings(member: Member) -> bool:
    """Whether the places someone looks after are buildings or parts of them, and no more."""
    places = [gazetteer().get(scope.place_id) for scope in people.scopes(member, "case.see") if scope.place_id]
    return all(place is not None and place.building_id is not None for place in places)


def callbacks_of(case: Case) -> list[Callback]:
    """Who was asked about the answers of this case, and what they said. One statement."""
    return _callbacks(case=case.pk)


@prepared
def _callbacks(*, case: Any) -> QuerySet[Callback]:
    rows = Callback.objects.filter(case_id=case).select_related("appeal", "rating", "rating__refusal")
    return rows.order_by("-round", "pk")[:100]


def saved_views(member: Member) -> list[SavedView]:
    """A member's own views and those that others share, one's own first."""
    return sorted(_views(member=member.pk), key=lambda view: view.member_id != member.pk)


@prepared
def _views(*, member: Any) -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(member_id=member) | Q(shared=True)).order_by("position", "pk")[:40]


@dataclass(frozen=True)
class Option:
    """A value of a filter as a picker shows it."""

    value: Any
    label: str
