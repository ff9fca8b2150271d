"""Stewards seen from the desk: the file that goes with a building to the next one, and reading a table."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import OPEN
from chenyue.desk.http import member_of, now
from chenyue.desk.views.setup.places import imported
from chenyue.people.http import staff_only
from chenyue.people.masking import mask_name
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.models import Place
from chenyue.stewards import queries
from chenyue.stewards.lifecycle import CareReason, RelayState
from chenyue.stewards.models import BuildingFacts, CareEntry, HandOver, RelayedWord

WORD = "steward.manage"
MOST = 100  # open cases, homes of the care list


@staff_only()
@require_safe
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What the next steward gets: open cases, the care list, words left unanswered, what the last one says."""
    member = member_of(request)
    row = queries.hand_over_for(member, pk, may(member, WORD))
    if row is None:
        raise Http404
    taker = row.begun is not None and row.begun.steward.member_id == member.pk
    context = {"row": row, "taker": taker, "manages": may(member, WORD), "at": now()}
    return render(request, "desk/stewards/hand_over.html", context | contents(member, row, taker))


def contents(member: Member, row: HandOver, taker: bool) -> dict[str, Any]:
    """What lies in the file, as far as this member may see it: homes that are cared for by their steward only."""
    place = row.building
    rows = cases.visible(member).filter(building=place, state__in=[state.value for state in OPEN])
    found: dict[str, Any] = {"cases": list(cases.lines(cases.in_order(rows))[:MOST]), "facts": facts(place)}
    care = CareEntry.objects.filter(building=place, active=True).order_by("room", "pk")
    found["cared"] = care.count()
    if taker or may(member, "contact.see", place_ids=[place.pk, place.estate_id or 0, place.community_id or 0]):
        found["care"] = [cared(entry) for entry in care[:MOST]]
    waiting = [RelayState.NEW, RelayState.READ]
    return found | {"words_left": RelayedWord.objects.filter(building=place, state__in=waiting).count()}


def facts(place: Place) -> BuildingFacts | None:
    """What makes the building heavy."""
    return BuildingFacts.objects.filter(building=place).first()


def cared(entry: CareEntry) -> dict[str, Any]:
    """A home of the care list: the name masked, the telephone number not at all."""
    reasons = [str(CareReason(reason).label) for reason in entry.reasons if reason in CareReason.values]
    return {"room": entry.room, "name": mask_name(entry.name), "reasons": "、".join(reasons), "next_on": entry.next_on}


@staff_only(WORD)
def load(request: HttpRequest) -> HttpResponse:
    """Stewards and facts of buildings from a table: a dry run first."""
    return imported(request, "stewards", _("Stewards from a table"), "stewards:coverage", reverse("stewards:table"))
