"""Needs for staff: the list, one need, what is done with it, who could help."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.cases.queries import case_for
from chenyue.core.acting import acted, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.people.actions import register_resident, reveal_contact
from chenyue.people.http import member_of, staff_only
from chenyue.people.queries import unmasked
from chenyue.people.residents import contact
from chenyue.people.rules import may
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import activities, listing, needs, seeing
from chenyue.volunteering.forms_deeds import ActivityForm, NeedForm, NewNeedForm, ReasonForm, of_asked, of_told
from chenyue.volunteering.forms_people import LookForm
from chenyue.volunteering.lifecycle import NEED_MOVES
from chenyue.volunteering.matching import looking
from chenyue.volunteering.models import Need
from chenyue.volunteering.views.deeds_shared import Look, run

HERE = "needs"


@staff_only()
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Needs, filtered."""
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    filters = listing.Filters.read(request.GET)
    context = {
        "here": HERE, "filters": filters, "shows": listing.NEEDS, "page": listing.need_list(member, filters, now()),
        "asks": needs.may_ask(member.actor(), None) or bool(seeing.units_of(member)),
    }  # fmt: skip
    return page(request, "volunteering/deeds/needs.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a need down: somebody's at the window, or the office's own."""
    member = member_of(request)
    whole = needs.may_ask(member.actor(), None)
    if not whole and not seeing.units_of(member):
        raise NotAllowed
    case = case_for(member, request.GET["case"][:20]) if request.GET.get("case") else None
    # What is kept closely isn't copied elsewhere.
    initial = {"people": 1, "title": case.title[:80] if case and case.sensitivity == "normal" else ""}
    form = NewNeedForm(posted(request), initial=initial, member=member, whole=whole)

    def act() -> str:
        return reverse("volunteering:need", args=[_ask(form, member.actor(), case).number])

    look = Look(gettext_lazy("Help is needed"), reverse("volunteering:needs"), HERE, icon="check")
    return run(request, form, "need", act, look, case=case)


def _ask(form: NewNeedForm, by: Any, case: Any) -> Need:
    at, given = now(), form.cleaned_data
    resident = None
    if given["name"] or given["phone"]:
        resident = register_resident(name=given["name"], phone=given["phone"], at=at, by=by)
    pk = case.pk if case else None
    return needs.ask(form.asked(), by=by, at=at, resident=resident, case=pk, via=given["via"])


@staff_only()
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """A need, what may be done with it, and who could help, each with the reasons."""
    member, at = member_of(request), now()
    row = seeing.need_for(member, number)
    can = {to: seeing.may_need(member, row, to) for to in ("serve", "organise")}
    shown = row.resident is not None and bool(unmasked(member, [row.resident.pk], row.subject, at))
    context = {
        "here": HERE, "need": row, "can": can, "moves": NEED_MOVES[row.state], "skills": list(row.skills.all()),
        "contact": contact(row.resident, shown), "looks": row.resident is not None and may(member, "contact.see"),
        "activities": list(row.activities.select_related("unit").order_by("pk")),
        "entries": entries(row.subject, visible_for("office")),
        "found": looking.for_need(row, at) if can["organise"] and row.state == "verified" else None,
    }  # fmt: skip
    return page(request, "volunteering/deeds/need.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Put right what is needed."""
    member = member_of(request)
    row = seeing.need_for(member, number, "serve")
    whole = needs.may_ask(member.actor(), None)
    initial = of_asked(needs.asked_of(row), row.version)
    form = NeedForm(posted(request), initial=initial, member=member, whole=whole)

    def act() -> None:
        needs.save(row, form.asked(), by=member.actor(), at=now(), version=form.cleaned_data["version"])

    return run(request, form, "need_edit", act, Look(gettext_lazy("What is needed"), _back(row), HERE))


def _back(row: Need) -> str:
    return reverse("volunteering:need", args=[row.number])


MOVES: dict[str, tuple[str, Any, Any, bool]] = {
    "decline": ("organise", gettext_lazy("Decline the need"), pgettext_lazy("need", "Decline"), True),
    "withdraw": ("serve", gettext_lazy("The need is withdrawn"), gettext_lazy("Withdraw"), False),
}


@staff_only()
@require_http_methods(["GET", "POST"])
def ends(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """Decline with a reason that the asker reads, or withdraw."""
    if move not in MOVES:
        raise NotFound
    to, heading, button, needed = MOVES[move]
    member = member_of(request)
    row = seeing.need_for(member, number, to)
    form = ReasonForm(posted(request), needed=needed)
    verb = needs.decline if move == "decline" else needs.withdraw

    def act() -> None:
        verb(row, reason=form.cleaned_data["reason"], by=member.actor(), at=now())

    explain = gettext_lazy("Who asked reads this sentence.") if needed else ""
    look = Look(heading, _back(row), HERE, button, "x", explain, late=needed)
    return run(request, form, f"need_{move}", act, look)


@staff_only()
@require_POST
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """The office has asked back: it is as told."""
    member = member_of(request)
    row = seeing.need_for(member, number, "organise")
    said = _("Verified. Now find somebody.")
    acted(request, "volunteering.verify", lambda: needs.verify(row, by=member.actor(), at=now()), said)
    return see_other("volunteering:need", number)


@staff_only()
@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Look at it once more."""
    member = member_of(request)
    row = seeing.need_for(member, number, "serve")
    acted(request, "volunteering.again", lambda: needs.again(row, by=member.actor(), at=now()), _("Open again."))
    return see_other("volunteering:need", number)


@staff_only()
@require_http_methods(["GET", "POST"])
def organise(request: HttpRequest, number: str) -> HttpResponse:
    """Make an activity of a verified need."""
    member = member_of(request)
    row = seeing.need_for(member, number, "organise")
    unit = row.unit_id or member.unit_id or 0
    initial = of_told(activities.from_need(row, unit=unit, manager=member.pk))
    form = ActivityForm(posted(request), initial=initial, member=member)

    def act() -> str:
        told = form.told(case=row.case_id)
        made = activities.draft(told, by=member.actor(), at=now(), needs_met=[row])
        return reverse("volunteering:activity", args=[made.number])

    explain = gettext_lazy("Everybody reads it: no names, no doors, no illnesses. Whoever comes hears more from you.")
    heading, button = gettext_lazy("An activity for this need"), gettext_lazy("Save the draft")
    look = Look(heading, _back(row), HERE, button, explain=explain)
    return run(request, form, "need_activity", act, look, need=row)


@staff_only("contact.see")
@require_http_methods(["GET", "POST"])
def contact_of(request: HttpRequest, number: str) -> HttpResponse:
    """Name and telephone of who asks, for a reason that is written down."""
    member = member_of(request)
    row = seeing.need_for(member, number)
    if row.resident is None:
        raise NotFound
    form, resident = LookForm(posted(request)), row.resident

    def act() -> None:
        reveal_contact(
            resident=resident, subject=row.subject, reason=form.cleaned_data["reason"], by=member.actor(), at=now(),
            unit_ids=[row.unit_id] if row.unit_id else (),
        )  # fmt: skip

    look = Look(
        gettext_lazy("Show contact data"), _back(row), HERE, gettext_lazy("Show"), "eye",
        gettext_lazy("Shown for a while; your look is recorded."),
    )  # fmt: skip
    return run(request, form, "need_look", act, look)
