"""First page, joining, activities, hours and needs of one resident, on either side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.acting import now, posted
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.volunteering import complaining, hours, joining, needs, own, signing_up
from chenyue.volunteering.forms_self import JoinForm, NeedForm, OfferForm, ReasonForm, SayForm, offered
from chenyue.volunteering.lifecycle import ActivityState, ClaimState, VolunteerState
from chenyue.volunteering.models import Activity, Claim, HourEntry, Need, SignUp, Volunteer
from chenyue.volunteering.own import Side
from chenyue.volunteering.views.self_side import filled, pressed, shown

OPEN = 30  # activities on the page


@require_GET
def home(request: HttpRequest, side: Side) -> HttpResponse:
    """At a glance."""
    return shown(request, side, "home", "home", own.at_a_glance(side.resident, now()))


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, side: Side) -> HttpResponse:
    """Become a volunteer, or change what one offers."""
    volunteer, at = joining.volunteer_of(side.resident), now()
    joins = volunteer is None or volunteer.state == VolunteerState.LEFT
    initial = offered(volunteer) | {"birth_on": volunteer.birth_on} if volunteer else None
    data = posted(request)
    form = JoinForm(data, initial=initial, window=bool(side.member)) if joins else OfferForm(data, initial=initial)

    def act() -> None:
        if volunteer is None or joins:
            said: Any = {name: form.cleaned_data[name] for name in ONCE if name in form.cleaned_data}
            joining.join(side.resident, by=side.by, at=at, via=side.via, **said, **form.offer())
        else:
            joining.save_offer(volunteer, by=side.by, at=at, place=volunteer.place_id, **form.offer())

    if data is not None:
        done = filled(request, side, "join", form, act, _("Thank you. It is kept."), side.url("home"))
        if done is not None:
            return done
    return shown(request, side, "join", "home", {"volunteer": volunteer, "joins": joins}, form)


ONCE = ("birth_on", "guardian_name", "guardian_how", "terms")
CHANGES = {"rest": joining.rest, "go-on": joining.go_on, "leave": joining.leave}


@require_POST
def change(request: HttpRequest, side: Side, what: str) -> HttpResponse:
    """Pause, go on, stop."""
    act, volunteer = CHANGES.get(what), joining.volunteer_of(side.resident)
    if act is None or volunteer is None:
        raise NotFound
    return pressed(
        request, side, what, lambda: act(volunteer, by=side.by, at=now()), _("It is kept."), side.url("home")
    )


@require_GET
def activities(request: HttpRequest, side: Side) -> HttpResponse:
    """What one signed up for, and what is open."""
    return _activities(request, side, None)


def _activities(request: HttpRequest, side: Side, form: Any) -> HttpResponse:
    at, volunteer = now(), joining.volunteer_of(side.resident)
    coming = own.coming(volunteer, at)
    rows = Activity.objects.filter(state=ActivityState.OPEN, starts_at__gt=at).select_related("place")
    found = list(rows.exclude(pk__in=[one.activity_id for one in coming]).order_by("starts_at", "pk")[:OPEN])
    for one in found:
        one.free = max(0, one.capacity - one.going)  # type: ignore[attr-defined]
    alive = volunteer if volunteer and volunteer.state == VolunteerState.ACTIVE else None
    context = {"volunteer": alive, "coming": coming, "past": own.past(volunteer, at), "open": found}
    return shown(request, side, "activities", "activities", context, form)


@require_POST
def sign_up(request: HttpRequest, side: Side, number: str) -> HttpResponse:
    """I come; or wait for a place."""
    volunteer = joining.volunteer_of(side.resident)
    if volunteer is None:
        return see_other(side.url("join"))
    activity = Activity.objects.filter(number=number.upper()[:20]).exclude(state=ActivityState.DRAFT).first()
    if activity is None:
        raise NotFound
    who: Volunteer = volunteer
    return pressed(
        request, side, f"sign-up:{activity.pk}",
        lambda: signing_up.sign_up(activity, who, by=side.by, at=now(), via=side.via),
        _("You are signed up. If it is full, you are on the waiting list and we tell you."), side.url("activities"),
    )  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, side: Side, row: int) -> HttpResponse:
    """I can't come after all."""
    rows = SignUp.objects.select_related("activity", "volunteer__resident")
    found = rows.filter(pk=row, volunteer__resident=side.resident).first()
    if found is None:
        raise NotFound
    form = ReasonForm(request.POST)
    done = filled(
        request, side, f"withdraw:{found.pk}", form,
        lambda: signing_up.withdraw(found, by=side.by, at=now(), reason=form.cleaned_data["reason"]),
        _("You are off the list. Thank you for telling us."), side.url("activities"),
    )  # fmt: skip
    return done or _activities(request, side, form)


@require_GET
def recorded(request: HttpRequest, side: Side) -> HttpResponse:
    """Hours, each with what earned it."""
    return _hours(request, side, SayForm(), 0)


def _hours(request: HttpRequest, side: Side, form: Any, wrong: int) -> HttpResponse:
    volunteer = joining.volunteer_of(side.resident)
    context: dict[str, Any] = {"minutes": 0, "years": [], "entries": [], "waiting": [], "wrong": wrong}
    if volunteer is not None:
        waiting = Claim.objects.filter(volunteer=volunteer, state=ClaimState.WAITING).select_related("activity")
        context |= {
            "minutes": hours.totals(volunteer),
            "years": hours.by_year(volunteer),
            "entries": hours.entries(volunteer, limit=200),
            "waiting": list(waiting.order_by("-starts_at", "-pk")[: own.SHOWN]),
        }
    return shown(request, side, "hours", "hours", context, form)


@require_POST
def complain(request: HttpRequest, side: Side, row: int) -> HttpResponse:
    """Ask to have an hour corrected (民政部令第67号)."""
    entry = HourEntry.objects.filter(pk=row, volunteer__resident=side.resident).select_related("claim").first()
    if entry is None:
        raise NotFound
    form = SayForm(request.POST)
    done = filled(
        request, side, f"complain:{entry.pk}", form,
        lambda: complaining.complain(
            entry, words=form.cleaned_data["words"], by=side.by, at=now(), resident=side.resident
        ),
        _("Somebody looks into it. You hear from us."), side.url("hours"),
    )  # fmt: skip
    return done or _hours(request, side, form, entry.pk)


@require_http_methods(["GET", "POST"])
def asked(request: HttpRequest, side: Side) -> HttpResponse:
    """What one asked for, and the form."""
    form = NeedForm(posted(request))

    def act() -> None:
        said = form.cleaned_data
        first, last = form.span()
        wanted = needs.Asked(
            said["title"], first, last, words=said["words"], risks=said["risks"], kind=said["kind"],
            place=side.resident.home_id,
        )  # fmt: skip
        needs.ask(wanted, by=side.by, at=now(), resident=side.resident, via=side.via)

    if form.is_bound:
        done = filled(request, side, "need", form, act, _("We look at it and answer you."), side.url("needs"))
        if done is not None:
            return done
    return shown(request, side, "needs", "needs", {"needs": own.needs(side.resident)}, form)


@require_POST
def need_withdraw(request: HttpRequest, side: Side, number: str) -> HttpResponse:
    """Not needed any more."""
    need = Need.objects.filter(number=number.upper()[:20], resident=side.resident).first()
    if need is None:
        raise NotFound
    return pressed(
        request, side, f"need:{need.pk}", lambda: needs.withdraw(need, by=side.by, at=now()),
        _("Thank you for telling us."), side.url("needs"),
    )  # fmt: skip
