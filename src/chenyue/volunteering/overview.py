"""What waits in volunteering, and what comes next: the first page of staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence
from chenyue.core.paging import capped
from chenyue.people.models import Member
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.lifecycle import (
    ActivityState,
    CertificateState,
    ClaimState,
    NeedState,
    PleaState,
)
from chenyue.volunteering.models import Activity, Certificate, Claim, Need, Plea

AHEAD = timedelta(days=7)
SHOWN = 8


@dataclass(frozen=True)
class Tile:
    """So many things of a kind wait; the page that lists them."""

    count: int
    words: Sentence
    url_name: str
    query: str
    tone: str


def tiles(member: Member, at: datetime) -> list[Tile]:
    """What waits for somebody, by kind. One statement (and those of the member's grants)."""
    activities, needs, today = seeing.visible_activities(member), seeing.visible_needs(member), acts.local_day(at)
    asked = needs.filter(state=NeedState.ASKED)
    counted = {
        "late": asked.filter(answer_by__lt=today),
        "asked": asked,
        "verified": needs.filter(state=NeedState.VERIFIED, starts_at__gt=at),
        "drafts": activities.filter(state=ActivityState.DRAFT),
        "ended": activities.filter(state=ActivityState.OPEN, ends_at__lte=at),
        "claims": Claim.objects.filter(state=ClaimState.WAITING, activity__in=activities.values("pk")),
    }
    if seeing.may(member, seeing.SEE):
        counted["pleas"] = Plea.objects.filter(state=PleaState.OPEN)
        counted["certificates"] = Certificate.objects.filter(state=CertificateState.ASKED)
    counts = capped(counted)
    return [Tile(counts[name], *TILES[name]) for name in counted if counts[name]]


TILES: dict[str, tuple[Sentence, str, str, str]] = {
    "late": (_("needs over their day"), "volunteering:needs", "show=late", "late"),
    "asked": (_("needs to be looked at"), "volunteering:needs", "show=asked", "due"),
    "verified": (_("needs without anybody yet"), "volunteering:needs", "show=verified", "wait"),
    "drafts": (_("activities in draft"), "volunteering:activities", "show=draft", "wait"),
    "ended": (_("activities to be finished"), "volunteering:activities", "show=ended", "due"),
    "claims": (_("hours to be certified"), "volunteering:hours", "", "due"),
    "pleas": (_("complaints and appeals to be decided"), "volunteering:pleas", "", "due"),
    "certificates": (_("certificates asked for"), "volunteering:certificates", "", "wait"),
}


def coming(member: Member, at: datetime) -> list[Activity]:
    """The next activities that take place within a week."""
    rows = seeing.visible_activities(member).filter(
        state=ActivityState.OPEN, ends_at__gt=at, starts_at__lte=at + AHEAD
    )  # fmt: skip
    return list(rows.select_related("unit", "place").order_by("starts_at", "pk")[:SHOWN])


def urgent(member: Member) -> list[Need]:
    """The needs that wait longest for a word."""
    rows = seeing.waiting_needs(member).select_related("place")
    return list(rows.order_by("answer_by", "pk")[:SHOWN])
