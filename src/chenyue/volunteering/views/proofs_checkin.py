"""Checking in and out with one's own telephone: the code, the ticket it gives, the button."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import cookies, limits
from chenyue.core.acting import done, now, page, posted
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.forms import Form, refused
from chenyue.core.http import personal, see_other
from chenyue.people import devices
from chenyue.people.resident_session import resident_actor, resident_of
from chenyue.volunteering import rotating, scanning, thresholds
from chenyue.volunteering.joining import volunteer_of
from chenyue.volunteering.lifecycle import ActivityState
from chenyue.volunteering.models import Activity, Volunteer

COOKIE = cookies.named("chenyue_ticket")
WRONG = limits.Limit("check-in-wrong", 15, scanning.TICKET)  # codes that open nothing, from one address


class DigitsForm(Form):
    """Six digits, for whoever has no camera."""

    digits = forms.CharField(label=gettext_lazy("Six digits under the code"), max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["digits"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}


class WayForm(Form):
    """The button."""

    way = forms.ChoiceField(choices=[("in", "in"), ("out", "out")], widget=forms.HiddenInput)
    clock = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


def activity_of(number: str) -> Activity:
    """An activity that takes or took scans. Raises NotFound."""
    rows = Activity.objects.select_related("place", "case", "unit")
    row = rows.filter(number=number.upper()[:20], state__in=(ActivityState.OPEN, ActivityState.DONE)).first()
    if row is None:
        raise NotFound
    return row


@require_GET
def code(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """A code was scanned: the browser gets its ticket. Nothing counts before the button."""
    activity, at = activity_of(number), now()
    try:
        if limits.reached(WRONG, limits.address(request), at):
            raise Refusal(_("Too many codes were wrong. Wait a quarter of an hour, or ask the organiser."))
        reading = rotating.read(activity.secret, activity.number, code, at, thresholds.now().late_hours)
        return _with_ticket(request, activity, reading, at)
    except Refusal as refusal:
        if refusal.code == "forged":
            limits.note(WRONG, limits.address(request), at)
        messages.error(request, str(refusal.sentence))
    return personal(see_other("volunteering:check-in", activity.number))


def _with_ticket(request: HttpRequest, activity: Activity, reading: rotating.Reading, at: datetime) -> HttpResponseBase:
    scanning.check_open(activity, reading.at)
    answer = see_other("volunteering:check-in", activity.number)
    held, lasts = scanning.ticket(activity, reading, at), int(scanning.TICKET.total_seconds())
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(COOKIE, held, max_age=lasts, httponly=True, samesite="Lax", secure=secure)
    return personal(devices.mark(request, answer))


@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, number: str) -> HttpResponseBase:
    """The page behind the code: who you are, in or out; without a ticket, the six digits."""
    activity, at = activity_of(number), now()
    reading = scanning.open_ticket(request.COOKIES.get(COOKIE, ""), activity, at)
    resident = resident_of(request)
    volunteer = volunteer_of(resident)
    if reading is None:
        return _digits(request, activity, at)
    if request.method == "POST" and volunteer is not None:
        return _press(request, activity, volunteer, reading, at)
    return _shown(request, activity, {"resident": resident, "volunteer": volunteer, "reading": reading})


def _shown(
    request: HttpRequest, activity: Activity, context: dict[str, Any], form: forms.Form | None = None
) -> HttpResponse:
    volunteer = context.get("volunteer")
    way = scanning.way_of(activity, volunteer) if volunteer else "in"
    context = {"activity": activity, "way": way} | context
    return personal(page(request, "volunteering/proofs/check_in.html", context, form=form))


def _digits(request: HttpRequest, activity: Activity, at: datetime) -> HttpResponseBase:
    form = DigitsForm(posted(request) if "digits" in request.POST else None)
    if form.is_valid():
        try:
            if limits.reached(WRONG, limits.address(request), at):
                raise Refusal(_("Too many digits were wrong. Wait a quarter of an hour."), field="digits")
            reading = rotating.read_typed(activity.secret, activity.number, form.cleaned_data["digits"], at)
            return _with_ticket(request, activity, reading, at)
        except Refusal as refusal:
            if refusal.code == "forged":
                limits.note(WRONG, limits.address(request), at)
            refused(form, refusal)
    return _shown(request, activity, {"reading": None}, form=form)


def _press(
    request: HttpRequest, activity: Activity, volunteer: Volunteer, reading: rotating.Reading, at: datetime
) -> HttpResponseBase:
    form = WayForm(request.POST)
    context = {"volunteer": volunteer, "resident": volunteer.resident, "reading": reading}
    if not form.is_valid():
        return _shown(request, activity, context, form=form)
    typed, by, device = form.cleaned_data, resident_actor(volunteer.resident), devices.device_of(request)

    def act() -> dict[str, Any]:
        found = scanning.scan(
            activity=activity, volunteer=volunteer, reading=reading, way=typed["way"], device=device, by=by, at=at,
            device_at=_clock(typed["clock"]),
        )  # fmt: skip
        return {"scan": found.scan.pk, "nothing": found.nothing}

    result = done(request, f"check-in:{volunteer.pk}", form, act)
    if result is None:
        return _shown(request, activity, context, form=form)
    if result["nothing"]:
        messages.info(request, result["nothing"])
    answer = see_other("volunteering:checked", activity.number)
    answer.delete_cookie(COOKIE, samesite="Lax")
    return personal(answer)


def _clock(said: str) -> datetime | None:
    """What a telephone's clock says, if that can be read at all."""
    try:
        found = parse_datetime(said)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 2000 < found.year < 9000 else None


@require_GET
def checked(request: HttpRequest, number: str) -> HttpResponse:
    """What the last scan did: in since when, or how many minutes and whether they count already."""
    activity = activity_of(number)
    volunteer = volunteer_of(resident_of(request))
    if volunteer is None:
        raise NotFound
    context = {"activity": activity, "volunteer": volunteer, **scanning.last(activity, volunteer)}
    return personal(page(request, "volunteering/proofs/checked.html", context))
