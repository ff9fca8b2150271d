"""Calendars: the secret address itself, and a member's own addresses."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chenyue.core import http, ics, limits, site
from chenyue.core.acting import done, now, page
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.forms import Form
from chenyue.gateway.calendars import feeds, keeping
from chenyue.gateway.forms_machines import CalendarForm
from chenyue.gateway.models_machines import CalendarLink
from chenyue.people.http import member_of, staff_only

USED = timedelta(hours=1)  # how exactly it is known when an address was read last
READ = limits.Limit("calendar.read", 60, timedelta(hours=1))  # of one address, from one network address


class TooMany(Refusal):
    """Read too often."""

    status = 429


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar, while its member is active and may see what is in it; for any other address: there is none."""
    at = now()
    rows = CalendarLink.objects.select_related("member__unit").filter(ended_at=None, member__is_active=True)
    link = rows.filter(token=token).first()
    if link is None:
        raise NotFound
    if not limits.passes([(READ, f"{link.pk} {limits.address(request)}")], at):
        raise TooMany(_("Too many requests in this hour. Try again later."))
    if link.used_at is None or link.used_at < at - USED:
        CalendarLink.objects.filter(pk=link.pk).update(used_at=at)
    answer = HttpResponse(feeds.body(link, at), content_type=ics.TYPE)
    answer["Content-Disposition"] = f'inline; filename="{link.kind}-{link.pk}.ics"'
    answer["Cache-Control"] = "private, max-age=600"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@staff_only()
def calendars(request: HttpRequest) -> HttpResponse:
    """One's own addresses, and making one."""
    member = member_of(request)
    form = CalendarForm(keeping.kinds_of(member), request.POST or None)
    if form.is_valid() and done(request, "gateway.calendar", form, lambda: make(request, form)) is not None:
        messages.success(request, _("Made. Copy the address into your calendar program."))
        return http.see_other("gateway:calendars")
    rows = CalendarLink.objects.filter(member=member, ended_at=None)
    shown = [(row, site.whole(request, reverse("calendar-feed", args=[row.token]))) for row in rows]
    return page(request, "gateway/machines/calendars.html", {"rows": shown}, form=form)


def make(request: HttpRequest, form: CalendarForm) -> None:
    """Make it."""
    keeping.make(wanted=form.cleaned_data["kind"], by=http.actor(request), at=now())


@staff_only()
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an address."""
    form, who = Form(request.POST), {"by": http.actor(request), "at": now()}
    act: dict[str, Any] = {"pk": pk} | who
    if form.is_valid() and done(request, "gateway.calendar-end", form, lambda: keeping.end(**act)) is None:
        raise NotFound
    messages.success(request, _("The address has ended. Programs that read it find nothing any more."))
    return http.see_other("gateway:calendars")
