"""Calendar feeds behind secret addresses: whoever has the address may read it, until it is renewed."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chenyue.core.errors import NotFound
from chenyue.reception import ics, queries
from chenyue.reception.http import now, today
from chenyue.reception.models import RosterPerson, Venue

BEFORE, AFTER = timedelta(days=30), timedelta(days=190)


@require_safe
def venue_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Who receives at a venue, as published."""
    venue = Venue.objects.filter(feed_token=token, active=True).first()
    if venue is None:
        raise NotFound
    at = now()
    rows = queries.receiving_between(today(at) - BEFORE, today(at) + AFTER, venue)
    return _feed(ics.of_venue(venue, rows[: ics.MOST], at), f"venue-{venue.pk}")


@require_safe
def person_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A member's own turns, while the member is active."""
    rows = RosterPerson.objects.select_related("member").filter(active=True, member__is_active=True)
    person = rows.filter(feed_token=token).first()
    if person is None:
        raise NotFound
    at = now()
    shifts = queries.turns_of(person, today(at) - BEFORE, today(at) + AFTER, cancelled=True)[: ics.MOST]
    return _feed(ics.of_person(person.member.name, shifts, at), f"turns-{person.pk}")


def _feed(body: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    answer["Cache-Control"] = "private, max-age=600"
    answer["X-Robots-Tag"] = "noindex"
    return answer
