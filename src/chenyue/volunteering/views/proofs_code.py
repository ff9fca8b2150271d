"""The organiser's side of an activity: the code on a screen, who is there, hours written down from a list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import limits, site
from chenyue.core.acting import done, now, page, posted
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Resident
from chenyue.people.residents import register_resident
from chenyue.volunteering import (
    claim_lists,
    claiming,
    evidence_now,
    finding,
    flags,
    rotating,
    scanning,
    seeing,
)
from chenyue.volunteering.forms_proofs import DeskScanForm, TypedForm
from chenyue.volunteering.models import Activity


@staff_only(seeing.ORGANISE)
@require_GET
def display(request: HttpRequest, number: str) -> HttpResponse:
    """The code for a screen or a telephone at the meeting place; with `part`, only the next codes."""
    activity, at = seeing.activity_for(member_of(request), number, "organise"), now()
    refusal = ""
    try:
        scanning.check_open(activity, at)
    except Refusal as closed:
        refusal = str(closed.sentence)
    shown = [] if refusal else evidence_now.windows(activity, site.whole(request, ""), at)
    inside, came = evidence_now.counts(activity)
    context = {
        "activity": activity, "shown": shown, "refusal": refusal, "inside": inside, "came": came,
        "now": int(at.timestamp() * 1000), "seconds": rotating.SECONDS,
    }  # fmt: skip
    name = "codes" if request.GET.get("part") else "display"
    return page(request, f"volunteering/proofs/{name}.html", context)


def _attendance(request: HttpRequest, activity: Activity, **forms: Any) -> HttpResponse:
    member, at = member_of(request), now()
    claims = claim_lists.claims(member, "all", "", activity).rows
    context = {
        "here": "activities",
        "activity": activity,
        "rows": [(row, flags.in_words(row.flags)) for row in claims],
        "inside": scanning.inside(activity),
        "typed": TypedForm(activity=activity, initial=_initial(activity)),
        "desk": DeskScanForm(initial={"way": "in"}),
        "organises": seeing.allowed(member, activity, "organise"),
        "over": activity.starts_at <= at,
    }
    return page(request, "volunteering/proofs/attendance.html", context | forms, form=next(iter(forms.values()), None))


def _initial(activity: Activity) -> dict[str, Any]:
    return {"starts_at": activity.starts_at, "ends_at": activity.ends_at, "break_minutes": activity.break_minutes}


@staff_only()
@require_GET
def attendance(request: HttpRequest, number: str) -> HttpResponse:
    """Who is there, whose hours are in, and hours from a list."""
    return _attendance(request, seeing.activity_for(member_of(request), number))


@staff_only(seeing.ORGANISE)
@require_POST
def typed(request: HttpRequest, number: str) -> HttpResponse:
    """Hours of several people from a list."""
    activity = seeing.activity_for(member_of(request), number, "organise")
    form = TypedForm(request.POST, activity=activity)
    if _wrote(request, form, activity):
        return see_other("volunteering:attendance", activity.number)
    return _attendance(request, activity, typed=form)


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def typed_alone(request: HttpRequest) -> HttpResponse:
    """Hours that belong to no activity here."""
    form = TypedForm(posted(request))
    if request.method == "POST" and _wrote(request, form, None):
        return see_other("volunteering:claims")
    return page(request, "volunteering/proofs/typed.html", {"here": "hours"}, form=form)


def _wrote(request: HttpRequest, form: TypedForm, activity: Activity | None) -> bool:
    if not form.is_valid():
        return False
    try:
        people = form.volunteers()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    by, at, said = member_of(request).actor(), now(), form.cleaned_data

    def act() -> dict[str, Any]:
        served = _served(said, at)
        told = claiming.Told(said["starts_at"], said["ends_at"], said["words"], said["break_minutes"], served)
        made = claiming.claim_typed(volunteers=people, told=told, by=by, at=at, activity=activity)
        return {"count": len(made)}

    result = done(request, "volunteering.typed", form, act)
    if result is None:
        return False
    messages.success(request, _written(result["count"]))
    return True


def _written(count: int) -> str:
    words = ngettext(
        "Hours of %(n)d person were written down. A second person decides.",
        "Hours of %(n)d people were written down. A second person decides.",
        count,
    )
    return words % {"n": count}


def _served(said: dict[str, Any], at: Any) -> Resident | None:
    """Whom it served, found or registered by name and telephone. Raises Refusal at its field."""
    name, phone = said["served_name"], said["served_phone"]
    if not name and not phone:
        return None
    try:
        return register_resident(name=name, phone=phone, at=at)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field=f"served_{refusal.field}", code=refusal.code) from refusal


@staff_only(seeing.ORGANISE)
@require_POST
def desk_scan(request: HttpRequest, number: str) -> HttpResponse:
    """In or out by name and the last four digits, at the organiser's device."""
    member, at = member_of(request), now()
    activity = seeing.activity_for(member, number, "organise")
    form = DeskScanForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act() -> dict[str, Any]:
            volunteer = finding.by_name(activity, said["name"], said["last_four"])
            found = scanning.at_desk(activity=activity, volunteer=volunteer, way=said["way"], by=member.actor(), at=at)
            words = _("%(number)s is in.") if said["way"] == "in" else _("%(number)s has left.")
            return {"said": found.nothing or words % {"number": volunteer.number}}

        if not limits.passes([(finding.TRIES, f"{member.pk}:{activity.pk}")], at):
            refused(form, Refusal(_("Many names were tried within an hour. Use the list instead."), code="flood"))
        elif (result := done(request, "volunteering.desk-scan", form, act)) is not None:
            messages.success(request, result["said"])
            return see_other("volunteering:attendance", activity.number)
    return _attendance(request, activity, desk=form)
