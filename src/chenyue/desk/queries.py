"""What the pages of the desk read beyond the queries of the packages below."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from chenyue.cases.models import Case, SavedView
from chenyue.core.paging import capped
from chenyue.followup import queries as followup
from chenyue.followup.models import Callback
from chenyue.people.models import Member

SHOWN = 99  # counts stop here


def asks(member: Member, at: datetime) -> dict[str, int]:
    """Callbacks to make and refusals to decide, in one statement; each count stops at 100."""
    return capped({"callbacks": followup.due(member, at), "refusals": followup.refusals_for(member)}, cap=SHOWN)


def callbacks_of(case: Case) -> list[Callback]:
    """Who was asked about the answers of this case, and what they said. One statement."""
    rows = Callback.objects.filter(case=case).select_related("appeal", "rating", "rating__refusal")
    return list(rows.order_by("-round", "pk")[:100])


def saved_views(member: Member) -> list[SavedView]:
    """A member's own views and those that others share, one's own first."""
    rows = list(SavedView.objects.filter(Q(member=member) | Q(shared=True)).order_by("position", "pk")[:40])
    return sorted(rows, key=lambda view: view.member_id != member.pk)


@dataclass(frozen=True)
class Option:
    """A value of a filter as a picker shows it."""

    value: Any
    label: str
