"""Activities for everybody: what can I do near me in one hour? Signing up for oneself, asking for help."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import floods, ics, limits, site
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.http import personal, see_other, served
from chenyue.people.models import Resident
from chenyue.people.resident_session import resident_of, resident_only, the_resident
from chenyue.people.residents import register_resident
from chenyue.volunteering import calendars, fitting, joining, needs, photos, public, seeing, signing_up
from chenyue.volunteering.forms_public import AskForm, WishForm
from chenyue.volunteering.lifecycle import SignUpState

ASKED = limits.Limit("need-address", 5, timedelta(hours=1))  # needs from one address
OF_PHONE = limits.Limit("need-phone", 3, timedelta(days=1))  # needs of one telephone number


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Open activities, by place, time, length and kind."""
    form = WishForm(request.GET) if request.GET else WishForm()
    form.is_valid()  # a place that nobody knows is said at its field; the rest still counts
    wish = public.Wish.read(request.GET, form.cleaned_data.get("near") if form.is_bound else None)
    me = reverse("volunteering:me-home")
    context = {"lines": public.coming(wish, now()), "form": form, "asked": form.is_bound, "me": me}
    return page(request, "volunteering/deeds/public/list.html", context)


@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """An activity with its risks, and signing up."""
    row, at = public.one(number), now()
    resident = resident_of(request)
    volunteer = joining.volunteer_of(resident)
    mine = row.sign_ups.exclude(state=SignUpState.WITHDRAWN).filter(volunteer=volunteer).first() if volunteer else None
    context = {
        "activity": row, "skills": list(row.skills.all()), "free": max(0, row.capacity - row.going),
        "over": fitting.over(row, at), "resident": resident, "volunteer": volunteer, "mine": mine,
        "place_in_line": signing_up.waiting_place(mine) if mine and mine.state == SignUpState.WAITING else 0,
        "reasons": signing_up.why_not(row, volunteer, at) if volunteer and not mine else [],
        "photos": list(row.photos.filter(public=True, removed_at=None).order_by("pk")),
        "sign_in": reverse("portal:sign-in") + "?" + urlencode({"next": request.path}),
        "late": at > row.starts_at - signing_up.IN_TIME, "begun": at >= row.starts_at,
    }  # fmt: skip
    answer = page(request, "volunteering/deeds/public/one.html", context)
    return personal(answer) if resident else answer


@resident_only
@require_POST
def sign_up(request: HttpRequest, number: str) -> HttpResponse:
    """I come; or I wait."""
    row, resident = public.one(number), the_resident(request)
    volunteer = joining.volunteer_of(resident)
    if volunteer is None:
        return see_other("volunteering:me-join")
    by = seeing.resident_actor(resident)
    said = _("Written down. If you can't come, tell us in time.")
    acted(request, "volunteering.come", lambda: signing_up.sign_up(row, volunteer, by=by, at=now()), said)
    return see_other("volunteering:public-activity", row.number)


@resident_only
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """I don't come after all."""
    row, resident = public.one(number), the_resident(request)
    found = row.sign_ups.filter(volunteer__resident=resident).exclude(state=SignUpState.WITHDRAWN)
    mine = found.select_related("activity", "volunteer").first()
    by, reason = seeing.resident_actor(resident), request.POST.get("reason", "")[:200]
    said = _("Thank you for telling us. Your place goes to somebody who waits.")
    if mine is not None:
        acted(
            request,
            "volunteering.dont_come",
            lambda: signing_up.withdraw(mine, by=by, at=now(), reason=reason),
            said,
        )
    return see_other("volunteering:public-activity", row.number)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for help. Who hasn't signed in says name and number; what comes of it is told by telephone."""
    resident = resident_of(request)
    form = AskForm(posted(request), known=resident is not None)

    def act() -> dict[str, Any]:
        return {"number": _ask(request, form, resident)}

    let_in = form.is_valid() and floods.lets_in(request, form, "volunteering.ask", now())
    if let_in and (result := done(request, "volunteering.ask", form, act)) is not None:
        return personal(page(request, "volunteering/deeds/public/asked.html", {"number": result["number"]}))
    return page(request, "volunteering/deeds/public/ask.html", {"resident": resident}, form=form)


def _ask(request: HttpRequest, form: AskForm, resident: Resident | None) -> str:
    at, given = now(), form.cleaned_data
    who = resident.phone if resident else given["phone"]
    if not limits.passes([(ASKED, limits.address(request)), (OF_PHONE, who)], at):
        raise Refusal(_("Much was asked for within a short time. Please telephone us."), code="flood")
    if resident is None:
        resident = register_resident(name=given["name"], phone=given["phone"], at=at, by=Actor("resident"))
    return needs.ask(form.asked(), by=seeing.resident_actor(resident), at=at, resident=resident).number


@require_GET
def calendar_of(request: HttpRequest, number: str) -> HttpResponse:
    """One activity as a calendar entry."""
    row = public.one(number)
    url = site.whole(request, reverse("volunteering:public-activity", args=[row.number]))
    return HttpResponse(calendars.of_one(row, url, now()), content_type=ics.TYPE)


@require_GET
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """All that a volunteer comes to, for their own calendar."""
    volunteer = calendars.volunteer_by(token)
    return personal(HttpResponse(calendars.of_volunteer(volunteer, now()), content_type=ics.TYPE))


@require_GET
def photo(request: HttpRequest, number: str, pk: int) -> Any:
    """A photograph that everybody may see."""
    row = public.one(number)
    found = photos.opened(public.photo(row, pk), preview=bool(request.GET.get("small")))
    return served(replace(found, name=f"{row.number}-{pk}.jpg"))  # never what the file was called on a telephone
