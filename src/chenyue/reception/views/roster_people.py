"""Who takes turns, how evenly everybody is loaded, corrections, and the rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.reception.forms_roster import CorrectionForm, PersonForm, RulesForm, initial_rules
from chenyue.reception.http import done, member_of, now, page, posted, today
from chenyue.reception.models import RosterPerson, RosterRules
from chenyue.reception.rostering import ledger, planning, showing
from chenyue.reception.rostering import people as actions
from chenyue.reception.rostering.seeing import acts, roster_only
from chenyue.reception.views.roster_grid import number

WORD = planning.WORD
NEW = {"min_turns": 0, "max_turns": 8, "share": 100, "active": True}


@roster_only
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The year's ledger with bars, for everybody; corrections by those who plan."""
    offered, year = acts(request.user), _year(request)
    form = CorrectionForm(posted(request))
    form.fields["person"].queryset = ledger.people()  # type: ignore[attr-defined]
    if form.is_bound and not offered["plans_allowed"]:
        raise NotAllowed
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data
        if done(request, "roster.correct", form, lambda: _correct(year=year, by=by, at=at, **details)):
            return see_other("reception:roster-people")
    rows = ledger.of_year(year)
    leads, others = showing.groups(rows)
    context = {
        "rows": rows,
        "leads": leads,
        "others": others,
        "year": year,
        "most": max((r.weight for r in rows), default=0),
    }
    context |= {"corrections": showing.corrections(year), "former": _former()} | offered
    return page(request, "reception/roster/people.html", context, form=form)


def _correct(**details: Any) -> dict[str, Any]:
    return {"pk": actions.correct(**details).pk}


def _year(request: HttpRequest) -> int:
    asked = number(request.GET.get("year"))
    return asked if 2000 <= asked < 2100 else today().year


def _former() -> list[RosterPerson]:
    return list(RosterPerson.objects.filter(active=False).select_related("member").order_by("member__name"))


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Somebody who takes turns: skills, limits, times that are impossible."""
    row = get_object_or_404(RosterPerson.objects.select_related("member"), pk=pk) if pk else None
    form = PersonForm(posted(request), initial=_initial(row), person=row)
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), dict(form.cleaned_data)
        member = row.member if row else Member.objects.get(pk=details.pop("member"))
        known = list(details.pop("venues"))

        def act() -> dict[str, Any]:
            saved = actions.save_person(member=member, details=details, venues=known, by=by, at=at)
            return {"pk": saved.pk}

        if done(request, "roster.person", form, act):
            messages.success(request, _("%(name)s is saved.") % {"name": member.name})
            return see_other("reception:roster-people")
    return page(request, "reception/roster/person.html", {"person": row}, form=form)


def _initial(row: RosterPerson | None) -> dict[str, Any]:
    if row is None:
        return dict(NEW)
    names = [name for name in PersonForm.base_fields if name not in ("member", "venues")]
    return {name: getattr(row, name) for name in names} | {"venues": list(row.venues.all())}


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The office's rules; each change is a new version."""
    row, current = ledger.current()
    form = RulesForm(posted(request), initial=initial_rules(current))
    if form.is_valid():
        by, at, changes = member_of(request).actor(), now(), form.changes()
        if done(request, "roster.rules", form, lambda: {"pk": actions.save_rules(changes=changes, by=by, at=at).pk}):
            messages.success(request, _("The rules are saved. They hold for the next plan."))
            return see_other("reception:roster-rules")
    versions = RosterRules.objects.select_related("by").order_by("-version")[:10]
    return page(request, "reception/roster/rules.html", {"row": row, "versions": versions}, form=form)
