"""Volunteers for staff: the masked list, one volunteer, taking somebody on, what they offer, skills."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.acting import acted, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.people.actions import register_resident, reveal_contact
from chenyue.people.http import member_of, staff_only
from chenyue.people.queries import unmasked
from chenyue.people.residents import contact
from chenyue.people.rules import may
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import acts, fitting, hours, joining, listing, seeing, skills
from chenyue.volunteering.forms_people import (
    LicenceForm,
    LookForm,
    OfferForm,
    PersonForm,
    SkillForm,
    VolunteerForm,
    of_offer,
)
from chenyue.volunteering.models import Skill, Volunteer
from chenyue.volunteering.views.deeds_shared import Look, run

HERE = "volunteers"


@staff_only()
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Volunteers, masked; found by number, whole telephone number or whole name."""
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    filters = listing.Filters.read(request.GET)
    context = {
        "here": HERE, "filters": filters, "shows": listing.VOLUNTEERS,
        "page": listing.volunteer_list(member, filters), "serves": seeing.may(member, seeing.SERVE),
        "skills": list(Skill.objects.all()),
    }  # fmt: skip
    return page(request, "volunteering/deeds/volunteers.html", context)


@staff_only(seeing.SERVE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take somebody on at the window or by telephone."""
    member = member_of(request)
    seeing.check(member.actor(), seeing.SERVE)
    form = VolunteerForm(posted(request), initial={"via": "window"})

    def act() -> str:
        given, by, at = form.cleaned_data, member.actor(), now()
        resident = register_resident(name=given["name"], phone=given["phone"], at=at, by=by)
        row = joining.join(resident, by=by, at=at, **form.told())
        return reverse("volunteering:volunteer", args=[row.number])

    look = Look(gettext_lazy("New volunteer"), reverse("volunteering:volunteers"), HERE, icon="heart")
    return run(request, form, "volunteer", act, look, rules=True)


@staff_only()
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """A volunteer: masked, with what they offer, where they come, and their hours."""
    member, at = member_of(request), now()
    row = seeing.volunteer_for(member, number)
    shown = bool(unmasked(member, [row.resident.pk], row.subject, at))
    licences = [(skill, row.licences.get(skill.code)) for skill in row.skills.all()]
    ups = row.sign_ups.filter(activity__in=seeing.visible_activities(member)).select_related("activity")
    context = {
        "here": HERE, "volunteer": row, "contact": contact(row.resident, shown), "licences": licences,
        "age": fitting.age_on(row.birth_on, acts.local_day(at)), "times": _times(row),
        "looks": may(member, "contact.see"), "serves": seeing.may(member, seeing.SERVE),
        "minutes": hours.totals(row), "sign_ups": list(ups.order_by("-activity__starts_at", "-pk")[:20]),
        "entries": entries(row.subject, visible_for("office")),
    }  # fmt: skip
    return page(request, "volunteering/deeds/volunteer.html", context)


def _times(row: Volunteer) -> list[str]:
    from chenyue.volunteering.fields_deeds import DAYS

    return [f"{DAYS[day]} {first}–{last}" for day, first, last in row.times if day in DAYS]


def _back(row: Volunteer) -> str:
    return reverse("volunteering:volunteer", args=[row.number])


@staff_only(seeing.SERVE)
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """What they can do, when, and how far."""
    member = member_of(request)
    row = seeing.volunteer_for(member, number, "serve")
    form = OfferForm(posted(request), initial=of_offer(row))

    def act() -> None:
        given = form.offer() | {"version": form.cleaned_data["version"]}
        joining.save_offer(row, by=member.actor(), at=now(), **given)

    return run(request, form, "offer", act, Look(gettext_lazy("What they offer"), _back(row), HERE))


@staff_only(seeing.SERVE)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, number: str) -> HttpResponse:
    """Day of birth, guardian, insurance."""
    member = member_of(request)
    row = seeing.volunteer_for(member, number, "serve")
    names = ("birth_on", "guardian_name", "guardian_how", "insured_until", "version")
    form = PersonForm(posted(request), initial={name: getattr(row, name) for name in names})

    def act() -> None:
        joining.save_person(row, by=member.actor(), at=now(), **form.cleaned_data)

    return run(request, form, "person", act, Look(gettext_lazy("Age, guardian, insurance"), _back(row), HERE))


@staff_only(seeing.SERVE)
@require_http_methods(["GET", "POST"])
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """A licence that was shown."""
    member = member_of(request)
    row = seeing.volunteer_for(member, number, "serve")
    form = LicenceForm(posted(request))

    def act() -> None:
        given = form.cleaned_data
        skill = Skill.objects.get(pk=given["skill"])
        joining.see_licence(row, skill, number=given["number"], until=given["until"], by=member.actor(), at=now())

    explain = gettext_lazy("Look at the licence itself; keep no copy.")
    look = Look(gettext_lazy("A licence was shown"), _back(row), HERE, icon="shield-check", explain=explain)
    return run(request, form, "licence", act, look)


MOVES: dict[str, Any] = {"rest": joining.rest, "go-on": joining.go_on, "leave": joining.leave}


@staff_only(seeing.SERVE)
@require_POST
def move(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """A pause, going on, leaving: as they say."""
    if move not in MOVES:
        raise NotFound
    member = member_of(request)
    row = seeing.volunteer_for(member, number, "serve")
    said = _("Written down.")
    acted(request, f"volunteering.{move}", lambda: MOVES[move](row, by=member.actor(), at=now()), said)
    return see_other("volunteering:volunteer", number)


@staff_only("contact.see")
@require_http_methods(["GET", "POST"])
def contact_of(request: HttpRequest, number: str) -> HttpResponse:
    """Name and telephone, for a reason that is written down."""
    member = member_of(request)
    row = seeing.volunteer_for(member, number)
    form = LookForm(posted(request))
    units = list(row.sign_ups.values_list("activity__unit", flat=True).distinct())

    def act() -> None:
        reason = form.cleaned_data["reason"]
        reveal_contact(
            resident=row.resident, subject=row.subject, reason=reason, by=member.actor(), at=now(), unit_ids=units
        )

    explain = gettext_lazy("Shown for a while; your look is recorded.")
    look = Look(gettext_lazy("Show contact data"), _back(row), HERE, gettext_lazy("Show"), "eye", explain)
    return run(request, form, "volunteer_look", act, look)


@staff_only()
@require_GET
def skill_list(request: HttpRequest) -> HttpResponse:
    """The register of skills."""
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    context = {"here": HERE, "skills": list(skills.listed()), "serves": seeing.may(member, seeing.SERVE)}
    return page(request, "volunteering/deeds/skills.html", context)


@staff_only(seeing.SERVE)
@require_http_methods(["GET", "POST"])
def skill(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Add a skill, or change one."""
    member = member_of(request)
    seeing.check(member.actor(), seeing.SERVE)
    row = Skill.objects.filter(pk=pk).first()
    if pk and row is None:
        raise NotFound
    form = SkillForm(posted(request), initial={"name": row.name, "licensed": row.licensed} if row else None)

    def act() -> None:
        skills.save(skill=row, by=member.actor(), at=now(), **form.cleaned_data)

    return run(request, form, "skill", act, Look(gettext_lazy("Skill"), reverse("volunteering:skills"), HERE))


@staff_only(seeing.SERVE)
@require_POST
def usual_skills(request: HttpRequest) -> HttpResponse:
    """Take over the usual skills."""
    member = member_of(request)
    acted(request, "volunteering.skills", lambda: skills.seed_by(by=member.actor(), at=now()), _("Taken over."))
    return see_other("volunteering:skills")
