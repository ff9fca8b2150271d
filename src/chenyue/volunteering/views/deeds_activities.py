"""Activities for staff: the list, one activity, making and changing it, photographs."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.cases.queries import case_for
from chenyue.core.acting import acted, done, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other, served
from chenyue.people.http import member_of, staff_only
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import activities, attendance, listing, photos, seeing
from chenyue.volunteering.forms_deeds import ActivityForm, CopiesForm, PhotosForm, ReasonForm, SignUpForm, of_told
from chenyue.volunteering.models import Activity, ActivityPhoto
from chenyue.volunteering.views.deeds_shared import Look, run

HERE = "activities"


@staff_only()
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Activities, filtered."""
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    filters = listing.Filters.read(request.GET)
    context = {
        "here": HERE, "filters": filters, "shows": listing.ACTIVITIES,
        "page": listing.activity_list(member, filters, now()), "organises": seeing.may(member, seeing.ORGANISE),
        "weeks": seeing.may(member, seeing.ORGANISE) and seeing.units_of(member) is None,
    }  # fmt: skip
    return page(request, "volunteering/deeds/activities.html", context)


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draft an activity; with `?case=`, one that helps on a case, with `?works=`, one that belongs to works."""
    member = member_of(request)
    case = case_for(member, request.GET["case"][:20]) if request.GET.get("case") else None
    form = ActivityForm(posted(request), initial=_empty(request, member, case), member=member)

    def act() -> str:
        row = activities.draft(form.told(case=case.pk if case else None), by=member.actor(), at=now())
        return reverse("volunteering:activity", args=[row.number])

    look = Look(gettext_lazy("New activity"), reverse("volunteering:activities"), HERE, gettext_lazy("Save the draft"))
    return run(request, form, "activity", act, look, case=case)


def _empty(request: HttpRequest, member: Any, case: Any) -> dict[str, Any]:
    start = timezone.localtime(now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)
    found = {"starts_at": start, "ends_at": start + timedelta(hours=2), "capacity": 10, "earns": True}
    found |= {"manager": member.pk, "unit": member.unit_id, "project": request.GET.get("works", "")[:20]}
    if case is None:
        return found
    return found | {"title": case.title[:80] if case.sensitivity == "normal" else "", "mode": "list"}


@staff_only()
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """An activity: what everybody reads of it, who comes, what may be done."""
    member, at = member_of(request), now()
    row = seeing.activity_for(member, number)
    can = {to: seeing.allowed(member, row, to) for to in ("organise", "serve", "certify")}
    context = {
        "here": HERE, "activity": row, "can": can, "skills": list(row.skills.all()),
        "lacking": activities.lacking(row, at) if row.state == "draft" else [],
        "lines": attendance.lines(row), "begun": at >= row.starts_at, "over": at >= row.ends_at,
        "not_yet": activities.why_not_yet(row, at), "needs": list(row.needs.order_by("pk")),
        "photos": list(row.photos.filter(removed_at=None).order_by("pk")),
        "entries": entries(row.subject, visible_for("office")), "form": SignUpForm(), "photo_form": PhotosForm(),
    }  # fmt: skip
    return page(request, "volunteering/deeds/activity.html", context)


def _back(row: Activity) -> str:
    return reverse("volunteering:activity", args=[row.number])


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change it; who signed up is told of another time or place."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")
    form = ActivityForm(posted(request), initial=of_told(activities.told_of(row), row.version), member=member)

    def act() -> None:
        told, version = form.told(case=row.case_id), form.cleaned_data["version"]
        activities.save(row, told, by=member.actor(), at=now(), version=version)

    return run(request, form, "activity_edit", act, Look(gettext_lazy("The activity"), _back(row), HERE))


@staff_only(seeing.ORGANISE)
@require_POST
def opens(request: HttpRequest, number: str) -> HttpResponse:
    """Let people sign up."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")
    said = _("Open: everybody reads it now and may sign up.")
    acted(request, "volunteering.open", lambda: activities.open_up(row, by=member.actor(), at=now()), said)
    return see_other("volunteering:activity", number)


@staff_only(seeing.ORGANISE)
@require_POST
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """It is done."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")
    said = _("Done. Say of each who was expected whether they came.")
    acted(request, "volunteering.finish", lambda: activities.finish(row, by=member.actor(), at=now()), said)
    return see_other("volunteering:activity", number)


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, number: str) -> HttpResponse:
    """It doesn't take place; everybody is told why."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")
    form = ReasonForm(posted(request))

    def act() -> None:
        activities.call_off(row, reason=form.cleaned_data["reason"], by=member.actor(), at=now())

    explain = gettext_lazy("Whoever signed up reads this sentence.")
    look = Look(gettext_lazy("Call it off"), _back(row), HERE, gettext_lazy("Call it off"), "x", explain, late=True)
    return run(request, form, "call_off", act, look)


@staff_only(seeing.ORGANISE)
@require_http_methods(["GET", "POST"])
def copies(request: HttpRequest, number: str) -> HttpResponse:
    """Once more, or each week."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")
    first = timezone.localtime(row.starts_at) + timedelta(weeks=1)
    form = CopiesForm(posted(request), initial={"first": first, "weeks": 1})

    def act() -> str:
        given = form.cleaned_data
        made = activities.copies(row, first=given["first"], weeks=given["weeks"], by=member.actor(), at=now())
        return _back(made[0]) if len(made) == 1 else reverse("volunteering:activities") + "?show=draft"

    look = Look(gettext_lazy("Once more, or each week"), _back(row), HERE, gettext_lazy("Make drafts"), "copy")
    return run(request, form, "copies", act, look)


@staff_only(seeing.ORGANISE)
@require_POST
def add_photos(request: HttpRequest, number: str) -> HttpResponse:
    """Keep photographs of it."""
    member = member_of(request)
    row = seeing.activity_for(member, number, "organise")
    form = PhotosForm(request.POST, request.FILES)

    def act() -> dict[str, Any]:
        given = form.cleaned_data
        found = photos.add(
            row, given["attachments"], words=given["words"], public=given["public"], by=member.actor(), at=now()
        )
        return {"count": len(found)}

    if form.is_valid() and done(request, "volunteering.photos", form, act) is not None:
        return see_other("volunteering:activity", number)
    look = Look(gettext_lazy("Photographs"), _back(row), HERE, gettext_lazy("Keep them"), "photo")
    return page(request, "volunteering/deeds/form.html", {"look": look, "here": HERE}, form=form)


def _photo(row: Activity, pk: int) -> ActivityPhoto:
    found = ActivityPhoto.objects.filter(activity=row, pk=pk, removed_at=None).select_related("activity").first()
    if found is None:
        raise NotFound
    return found


@staff_only()
@require_GET
def photo(request: HttpRequest, number: str, pk: int) -> Any:
    """A photograph; with `?small=1`, its small picture."""
    row = seeing.activity_for(member_of(request), number)
    return served(photos.opened(_photo(row, pk), preview=bool(request.GET.get("small"))))


@staff_only(seeing.ORGANISE)
@require_POST
def remove_photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a photograph away."""
    member = member_of(request)
    found = _photo(seeing.activity_for(member, number, "organise"), pk)
    said = _("The photograph was removed.")
    acted(request, "volunteering.photo_remove", lambda: photos.remove(found, by=member.actor(), at=now()), said)
    return see_other("volunteering:activity", number)
