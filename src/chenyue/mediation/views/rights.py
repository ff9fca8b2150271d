"""What the parties decide beside the quarrel itself: open doors, telling in public."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from chenyue.mediation import glance, openness, seeing
from chenyue.mediation.http import find, member_of, now, page
from chenyue.mediation.lifecycle import MeetingState
from chenyue.mediation.models import Meeting
from chenyue.people.http import staff_only


@staff_only()
@require_GET
def openness_page(request: HttpRequest, number: str) -> HttpResponse:
    """What every party says to open meetings and to telling it, and what follows from that."""
    row, member = find(request, number), member_of(request)
    planned = Meeting.objects.filter(mediation=row, state=MeetingState.PLANNED).order_by("starts_at", "pk")
    context = {
        "mediation": row, "here": "overview", "people": glance.persons(row, member, now()), "planned": planned,
        "handles": seeing.handles(member, row), "questions": [(one.value, one.label) for one in openness.ASKED],
    }  # fmt: skip
    return page(request, "mediation/openness.html", context)
