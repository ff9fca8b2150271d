"""At the door, thumb first: building → home → a tap; what the home said before, and who owns it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound, Refusal
from chenyue.core.http import see_other
from chenyue.core.ids import whole
from chenyue.people.http import staff_only
from chenyue.people.rules import may
from chenyue.works import actions
from chenyue.works import queries as works
from chenyue.works.forms_said import BallotForm, DoorForm, LookForm, ObjectForm, WordsForm
from chenyue.works.http import acted, done, find, member_of, now, page, posted, today, uploaded
from chenyue.works.models import Ballot, HomeDispute, PlanVersion, Project, RegisteredHome, Stance
from chenyue.works.register import reveal_owners
from chenyue.works.site import doorstep, homes, permits, queries

RECORD = permits.RECORD


def current(project: Project) -> PlanVersion:
    """The version that homes are asked about now. Raises Refusal where there is none."""
    plan = works.current_plan(project)
    if plan is None:
        raise Refusal(_("No version of the plan is published yet: nobody can be asked."), code="no_plan")
    return plan


@staff_only(RECORD)
@require_GET
def door(request: HttpRequest, number: str) -> HttpResponse:
    """Which building, then which home: tiles for a thumb, each with how it stands."""
    project = find(request, number, "record")
    plan, by = current(project), member_of(request).actor()
    found = works.standing(plan, now())
    buildings = homes.by_building(found, by)
    chosen = next((b for b in buildings if str(b.pk) == request.GET.get("building")), None)
    if chosen is None and len(buildings) == 1:
        chosen = buildings[0]
    context = {"project": project, "plan": plan, "buildings": buildings, "chosen": chosen}
    return page(request, "works/door.html", context)


def home_of(request: HttpRequest, project: Project, pk: int) -> RegisteredHome:
    """A home of the project, for who records at it."""
    row = works.homes_of(project).filter(pk=pk).select_related("building").first()
    if row is None or not permits.records(member_of(request).actor(), permits.around(row.building_id)):
        raise NotFound
    return row


def _asked(request: HttpRequest, project: Project) -> PlanVersion:
    """The version that the form showed: it may have been replaced since."""
    pk = whole(request.POST.get("plan"), 0)
    rows = PlanVersion.objects.filter(project=project, pk=pk)
    return rows.select_related("project").first() or current(project)


@staff_only(RECORD)
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The doorstep form of one home."""
    project = find(request, number, "record")
    home, plan = home_of(request, project, pk), current(project)
    initial = {"plan": plan.pk, "speaker": "owner", "how": "door"}
    form = DoorForm(posted(request), uploaded(request), plan=plan, initial=initial)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        asked, uploads = _asked(request, project), typed.pop("attachments")
        typed.pop("plan")

        def act() -> dict[str, Any]:
            return {"pk": doorstep.say(home=home, plan=asked, uploads=uploads, by=by, at=at, **typed).pk}

        if result := done(request, "works.say", form, act):
            return _said(request, project, home, result["pk"])
    context = {"project": project, "home": home, "plan": plan} | homes.short_of(home, project, plan)
    return page(request, "works/say.html", context, form=form)


def _said(request: HttpRequest, project: Project, home: RegisteredHome, stance: int) -> HttpResponse:
    undo = reverse("works:stance-withdraw", args=[project.number, home.pk, stance])
    words = _("%(door)s: taken down.") % {"door": f"{home.building.name}{home.door}"}
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return see_other(reverse("works:door", args=[project.number]) + f"?building={home.building_id}")


@staff_only(RECORD)
@require_POST
def stance_withdraw(request: HttpRequest, number: str, pk: int, stance: int) -> HttpResponse:
    """A stance is taken back: by the home's wish, or because it was the wrong door."""
    project = find(request, number, "record")
    home = home_of(request, project, pk)
    row = Stance.objects.filter(pk=stance, home=home, plan__project=project).first()
    if row is None:
        raise NotFound
    by, at = member_of(request).actor(), now()
    said = _("Taken back: %(door)s counts as not heard.") % {"door": home.door}
    acted(request, "works.stance-withdraw", lambda: actions.withdraw_stance(stance=row, by=by, at=at), said)
    return see_other("works:home", number, pk)


def shown(request: HttpRequest, project: Project, home: RegisteredHome, **more: Any) -> HttpResponse:
    """The page of one home, with a form that came back if one did."""
    member, plan = member_of(request), works.current_plan(project)
    forms = {
        "ballot": BallotForm(initial={"plan": plan.pk if plan else 0, "signed_on": today(), "how": "door"}),
        "object": ObjectForm(plan=plan, initial={"speaker": "owner"}),
        "look": LookForm(),
        "dispute": WordsForm(),
    }
    context = {
        "project": project, "home": home, "plan": plan, **homes.page_of(home, project, plan),
        "owners": works.owners_of([home.pk], unmasked=bool(more.pop("unmasked", False))).get(home.pk, []),
        "manages": permits.manages(member.actor()),
        "may_look": may(member, "contact.see", place_ids=permits.around(home.building_id)),
        "files": queries.files_of(project, f"home:{home.pk}"),
    }  # fmt: skip
    wrong = more.get("wrong")
    return page(request, "works/home.html", context | forms | more, form=wrong)


@staff_only(RECORD)
@require_GET
def home(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One home: how it stands, all it said, its ballots and objections, its owners masked."""
    project = find(request, number, "record")
    return shown(request, project, home_of(request, project, pk))


@staff_only(RECORD)
@require_POST
def look(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Names and numbers of the owners, once, for a reason that is kept."""
    project = find(request, number, "record")
    row, form = home_of(request, project, pk), LookForm(request.POST)
    if form.is_valid():
        by, at, reason = member_of(request).actor(), now(), form.cleaned_data["reason"]

        def act() -> dict[str, Any]:
            reveal_owners(home=row, reason=reason, by=by, at=at)
            return {"seen": True}

        if done(request, "works.look", form, act):
            return shown(request, project, row, unmasked=True)
    return shown(request, project, row, look=form, wrong=form)


@staff_only(RECORD)
@require_POST
def ballot(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The signed ballot of a home."""
    project = find(request, number, "record")
    row, form = home_of(request, project, pk), BallotForm(request.POST, request.FILES)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        asked, uploads = _asked(request, project), typed.pop("attachments")
        typed.pop("plan")

        def act() -> dict[str, Any]:
            return {"pk": doorstep.sign(home=row, plan=asked, uploads=uploads, by=by, at=at, **typed).pk}

        if done(request, "works.ballot", form, act):
            messages.success(request, _("The ballot is kept."))
            return see_other("works:home", number, pk)
    return shown(request, project, row, ballot=form, wrong=form)


@staff_only(RECORD)
@require_POST
def ballot_revoke(request: HttpRequest, number: str, pk: int, ballot: int) -> HttpResponse:
    """A ballot is taken back, with the reason."""
    project = find(request, number, "record")
    home = home_of(request, project, pk)
    row = Ballot.objects.filter(pk=ballot, home=home, plan__project=project).first()
    if row is None:
        raise NotFound
    by, at, reason = member_of(request).actor(), now(), request.POST.get("reason", "")
    acted(request, "works.ballot-revoke", lambda: actions.revoke_ballot(ballot=row, reason=reason, by=by, at=at))
    return see_other("works:home", number, pk)


@staff_only(RECORD)
@require_POST
def objection(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """An objection of a home."""
    project = find(request, number, "record")
    row, plan = home_of(request, project, pk), works.current_plan(project)
    form = ObjectForm(request.POST, plan=plan)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        unit = homes.unit(typed.pop("unit"))

        def act() -> dict[str, Any]:
            made = actions.raise_objection(project=project, home=row, unit=unit, by=by, at=at, **typed)
            return {"number": made.number}

        if found := done(request, "works.object", form, act):
            return see_other("works:objection", number, found["number"])
    return shown(request, project, row, object=form, wrong=form)


@staff_only(RECORD)
@require_POST
def dispute(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Co-owners disagree, or agree again."""
    project = find(request, number, "record")
    row = home_of(request, project, pk)
    by, at, words = member_of(request).actor(), now(), request.POST.get("words", "")
    there = HomeDispute.objects.filter(home=row, settled_at=None).first()
    if there:
        acted(request, "works.dispute", lambda: actions.settle_dispute(dispute=there, by=by, at=at))
    else:
        acted(request, "works.dispute", lambda: actions.open_dispute(home=row, words=words, by=by, at=at))
    return see_other("works:home", number, pk)
