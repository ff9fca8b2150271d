"""A week worked out: asked for, looked at, invitations sent. And what belongs to a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.cases.queries import case_for
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.forms_deeds import WeekForm
from chenyue.volunteering.matching import showing, weeks
from chenyue.volunteering.models import WeekPlan

HERE = "activities"


def _may(request: HttpRequest) -> Any:
    member = member_of(request)
    if not weeks.may(member):
        raise NotAllowed
    return member


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """Plans of weeks, and asking for another."""
    member, at = _may(request), now()
    form = WeekForm(posted(request), initial={"week": acts.local_day(at), "most": 3})

    def act() -> dict[str, Any]:
        return {"pk": weeks.ask(form.cleaned_data["week"], most=form.cleaned_data["most"], by=member.actor(), at=at).pk}

    if form.is_valid() and (result := done(request, "volunteering.week", form, act)) is not None:
        return see_other("volunteering:week", result["pk"])
    context = {"here": HERE, "plans": list(WeekPlan.objects.select_related("made_by").order_by("-pk")[:20])}
    return page(request, "volunteering/deeds/weeks.html", context, form=form)


def _plan(pk: int) -> WeekPlan:
    found = WeekPlan.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan: whom one could ask for what, and why; a person ticks, then invitations are sent."""
    member, at = _may(request), now()
    plan = _plan(pk)
    if request.method == "POST":
        chosen = [pair for text in request.POST.getlist("pairs") if (pair := showing.read_pair(text))]
        said = _("Invitations were sent. Each of them comes only if they want to.")
        acted(request, "volunteering.take", lambda: weeks.take(plan, chosen, by=member.actor(), at=at), said)
        return see_other("volunteering:week", pk)
    context = {"here": HERE, "plan": plan, "shown": showing.show(plan)}
    return page(request, "volunteering/deeds/week.html", context)


@staff_only(seeing.ORGANISE)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a plan away."""
    member, plan = _may(request), _plan(pk)
    said = _("Dropped; nobody was asked.")
    acted(request, "volunteering.drop", lambda: weeks.drop(plan, by=member.actor(), at=now()), said)
    return see_other("volunteering:weeks")


@staff_only("case.see")
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """What volunteers do for a case: needs and activities, and the ways to ask for help. A panel of the case page."""
    member = member_of(request)
    case = case_for(member, number)
    if not seeing.takes_part(member):
        raise NotAllowed
    context = {
        "case": case, "here": HERE,
        "needs": list(seeing.visible_needs(member).filter(case=case).order_by("pk")),
        "activities": list(seeing.visible_activities(member).filter(case=case).select_related("unit").order_by("pk")),
        "asks": reverse("volunteering:need-new") + f"?case={case.number}",
        "organises": seeing.may(member, seeing.ORGANISE),
        "serves": seeing.may(member, seeing.SERVE) or bool(seeing.units_of(member) or seeing.sees_all(member)),
    }  # fmt: skip
    part = (
        "volunteering/deeds/_of_case.html" if request.headers.get("HX-Request") else "volunteering/deeds/of_case.html"
    )
    return page(request, part, context)
