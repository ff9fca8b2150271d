"""Venues: where people are received, at what hours, and on which days it differs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core import site
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.reception import queries, venue_actions
from chenyue.reception.forms_venues import DayChangeForm, OpeningForm, VenueForm, initial_hours, initial_of
from chenyue.reception.http import acted, done, member_of, now, page, posted, today
from chenyue.reception.models import DayChange, Opening, Venue
from chenyue.reception.rostering.notices import where_and_when
from chenyue.reception.venues import Made

WORD = "reception.venues"
NEW: dict[str, Any] = {"kind": "room", "windows": 2, "members_needed": 2, "capacity": 30, "bookable_share": 50}


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def venues(request: HttpRequest) -> HttpResponse:
    """All venues with their hours, days that differ, and a form for one more of those."""
    form = DayChangeForm(posted(request))
    if form.is_valid():
        by, at = member_of(request).actor(), now()
        chosen = Venue.objects.filter(pk=form.cleaned_data["venue"]).first()
        details = form.cleaned_data | {"venue": chosen}
        if done(request, "venue.day", form, lambda: _said(request, venue_actions.change_day(by=by, at=at, **details))):
            return see_other("reception:venues")
    day = today()
    rows = queries.venue_list(day)
    return page(request, "reception/venues/list.html", {"rows": rows, "changes": queries.changes_from(day)}, form=form)


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def venue(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One venue: what it is, its weekly hours, its secret addresses."""
    row = get_object_or_404(Venue, pk=pk) if pk else None
    initial = initial_of(row) if row else NEW | {"active": True, "letter": queries.free_letter()}
    form = VenueForm(posted(request), initial=initial)
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            saved, made = venue_actions.save_venue(details=details, by=by, at=at, venue=row)
            return _said(request, made) | {"pk": saved.pk}

        if found := done(request, "venue.save", form, act):
            return see_other("reception:venue", found["pk"])
    context: dict[str, Any] = {"venue": row, "openings": queries.openings(row) if row else []}
    if row:
        context["feed"] = site.whole(request, reverse("reception:venue-feed", args=[row.feed_token]))
    return page(request, "reception/venues/venue.html", context, form=form)


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, venue: int, pk: int | None = None) -> HttpResponse:
    """Weekly hours of a venue: new ones, or a change of some."""
    place = get_object_or_404(Venue, pk=venue)
    row = get_object_or_404(Opening, pk=pk, venue=place) if pk else None
    initial = initial_hours(row) if row else {"weekdays": [0, 1, 2, 3, 4], "since": today()}
    form = OpeningForm(posted(request), initial=initial)
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return _said(request, venue_actions.save_opening(venue=place, opening=row, by=by, at=at, **details))

        if done(request, "venue.hours", form, act):
            return see_other("reception:venue", place.pk)
    return page(request, "reception/venues/opening.html", {"venue": place, "opening": row}, form=form)


@staff_only(WORD)
@require_POST
def venue_act(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Buttons: take hours or a differing day away, renew a secret address."""
    by, at = member_of(request).actor(), now()
    if what == "opening":
        row = get_object_or_404(Opening.objects.select_related("venue"), pk=pk)
        acted(request, "venue.act", lambda: _said(request, venue_actions.remove_opening(opening=row, by=by, at=at)))
        return see_other("reception:venue", row.venue_id)
    if what == "day":
        change = get_object_or_404(DayChange.objects.select_related("venue"), pk=pk)
        acted(request, "venue.act", lambda: _said(request, venue_actions.remove_change(change=change, by=by, at=at)))
        return see_other("reception:venues")
    place = get_object_or_404(Venue, pk=pk)
    renew = venue_actions.renew_feed if what == "feed" else venue_actions.renew_screen
    said = _("There is a new address. The old one no longer works.")
    acted(request, "venue.act", lambda: {"token": bool(renew(venue=place, by=by, at=at))}, said)
    return see_other("reception:venue", place.pk)


def _said(request: HttpRequest, made: Made) -> dict[str, Any]:
    """Tell what a change did to the sittings; those that people hold tickets for are named."""
    if made.created:
        said = ngettext(
            "%d sitting more in the next eight weeks.", "%d sittings more in the next eight weeks.", made.created
        )
        messages.success(request, said % made.created)
    gone = made.removed + len(made.cancelled)
    if gone:
        said = ngettext(
            "%d sitting isn't held; those on duty have been told.",
            "%d sittings aren't held; those on duty have been told.",
            gone,
        )
        messages.success(request, said % gone)
    for sitting in made.held:
        words = _(
            "%(sitting)s stays: people hold tickets for it. Cancel it on the page of the reception; they will be told."
        )
        messages.warning(request, words % {"sitting": where_and_when(sitting)})
    if not (made.created or gone or made.held):
        messages.success(request, _("Saved."))
    return {"done": True}
