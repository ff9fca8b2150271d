"""Stewards: the list with their loads, one of them, absences, stopping, the settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core import office
from chenyue.core.acting import done, now, page
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.masking import mask_phone
from chenyue.people.rules import may
from chenyue.places.models import Place
from chenyue.stewards import actions, loads, profiles, queries
from chenyue.stewards.forms_core import AwayForm, LeaveForm, SettingsForm, StewardForm
from chenyue.stewards.http import acted, posted, today
from chenyue.stewards.lifecycle import StewardState
from chenyue.stewards.models import Steward
from chenyue.timeline.models import VisibleTo
from chenyue.timeline.queries import entries, visible_for

WORD = "steward.manage"
NEW = {"kind": "resident", "shows_name": True, "share": 100}
SHOWN = 50  # stewards on the page at first; the search finds the others
FORMER = 300


@staff_only(WORD)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with their buildings and loads; who has stopped, if asked for."""
    known, told = loads.shares(today()), request.GET.get("q", "").strip()[:40]
    rows = [row for row in known.rows if told in row.steward.name or told in row.names]
    rows.sort(key=lambda row: (not row.flags, -abs(row.off)))  # what there is to do comes first
    former = Steward.objects.filter(state=StewardState.ENDED).order_by("-ended_on", "name")[:FORMER]
    count = len(rows) if "all" in request.GET else SHOWN
    context = {
        "rows": rows[:count],
        "more": max(0, len(rows) - count),
        "known": known,
        "totals": loads.totals(known),
        "q": told,
        "tab": "people",
    }
    return render(request, "stewards/core/people.html", context | {"former": former})


@staff_only(WORD)
@require_safe
def steward(request: HttpRequest, pk: int) -> HttpResponse:
    """One steward: what is known, buildings, absences, history."""
    row = get_object_or_404(Steward.objects.select_related("home", "member"), pk=pk)
    return render(request, "stewards/core/steward.html", of(row))


def of(row: Steward, **more: Any) -> dict[str, Any]:
    """What the page of a steward shows; the telephone number masked."""
    known = loads.shares(today())
    carried = next((line for line in known.rows if line.steward.pk == row.pk), None)
    lines = entries(row.subject, visible_for(VisibleTo.OFFICE), limit=30)
    context = {"row": row, "phone": mask_phone(row.phone), "terms": queries.terms_of(row), "entries": lines}
    context |= {"carried": carried, "known": known, "standing_in": profiles.standing_in(row)}
    return context | more


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write somebody down, or change what is known."""
    row = get_object_or_404(Steward, pk=pk) if pk else None
    form = StewardForm(posted(request), initial=initial(row), steward=row)
    if form.is_valid():
        by, at = member_of(request).actor(), now()
        saved = done(request, "stewards.steward", form, lambda: kept(row, form.cleaned_data, by=by, at=at))
        if saved is not None:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return see_other("stewards:steward", saved["pk"])
    return page(request, "stewards/core/edit.html", {"row": row}, form=form)


def initial(row: Steward | None) -> dict[str, Any]:
    """What the form starts with. The telephone number is not shown: an empty field leaves it as it is."""
    if row is None:
        return NEW | {"since": today()}
    known = {name: getattr(row, name) for name in StewardForm.base_fields if name not in ("member", "home", "phone")}
    return known | {"member": row.member_id, "home": row.home.full_name if row.home else ""}


def kept(row: Steward | None, details: dict[str, Any], **who: Any) -> dict[str, Any]:
    """Save what the form says."""
    fields = profiles.named(details) | {"home": Place.objects.filter(pk=details["home"]).first()}
    fields["member"] = profiles.member(details["member"])
    if row is not None and not details["phone"]:
        del fields["phone"]
    version = details["version"] if row is not None else None
    return {"pk": actions.save_steward(steward=row, version=version, **fields, **who).pk}


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def away(request: HttpRequest, pk: int) -> HttpResponse:
    """A holiday in one step."""
    row = get_object_or_404(Steward, pk=pk)
    form = AwayForm(posted(request), initial={"since": today()}, steward=row)
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data
        if done(request, "stewards.away", form, lambda: stood_in(row, by=by, at=at, **details)) is not None:
            messages.success(request, _("It is arranged. On the day after, everything is as before by itself."))
            return see_other("stewards:steward", pk)
    mains = [term for term in queries.terms_of(row) if term.ended_at is None and term.role == "main"]
    return page(request, "stewards/core/away.html", {"row": row, "mains": mains}, form=form)


def stood_in(row: Steward, **details: Any) -> dict[str, Any]:
    """How many buildings somebody stands in at."""
    return {"terms": len(actions.substitute(steward=row, **details))}


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A steward stops: all terms end, and what each building hands over is opened."""
    row = get_object_or_404(Steward, pk=pk)
    form = LeaveForm(posted(request))
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data
        act: dict[str, Any] = {"steward": row, "by": by, "at": at} | details
        if done(request, "stewards.leave", form, lambda: {"n": len(actions.leave(**act))}) is not None:
            messages.success(request, _("It is written down. Find somebody for the buildings here."))
            return see_other("stewards:succession")
    mains = [term for term in queries.terms_of(row) if term.ended_at is None]
    return page(request, "stewards/core/leave.html", {"row": row, "mains": mains}, form=form)


@staff_only(WORD)
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from a holiday, or going on after all."""
    row, by, at = get_object_or_404(Steward, pk=pk), member_of(request).actor(), now()
    said = _("%(name)s is here again.") % {"name": row.name}
    acted(request, "stewards.back", lambda: {"pk": actions.come_back(steward=row, by=by, at=at).pk}, said)
    return see_other("stewards:steward", pk)


@staff_only(WORD)
@require_POST
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The telephone number, once, with the reason; the look is recorded."""
    row = get_object_or_404(Steward.objects.select_related("home", "member"), pk=pk)
    by, at, reason = member_of(request).actor(), now(), request.POST.get("reason", "")
    if not acted(
        request, "stewards.phone", lambda: {"n": len(actions.see_phone(steward=row, reason=reason, by=by, at=at))}
    ):
        return see_other("stewards:steward", pk)
    return render(request, "stewards/core/steward.html", of(row, phone=row.phone, shown=True))


@staff_only()
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """From when on a successor is looked for, and what a home counts; the role by those who manage people."""
    member = member_of(request)
    if not (may(member, WORD) or may(member, "office.setup")):
        raise NotAllowed
    form = SettingsForm(posted(request), initial=present(), chooses_role=may(member, "people.edit"))
    if form.is_valid():
        values, by, at = changed(form.cleaned_data), member.actor(), now()
        if (
            done(request, "stewards.settings", form, lambda: {"n": len(office.change(by=by, at=at, **values))})
            is not None
        ):
            messages.success(request, _("Saved."))
            return see_other("stewards:settings")
    return page(request, "stewards/core/settings.html", {"tab": "settings", "manages": may(member, WORD)}, form=form)


def present() -> dict[str, Any]:
    """The settings as the form shows them."""
    found: dict[str, Any] = {name: office.get(name) for name in SettingsForm.base_fields if name.startswith("steward_")}
    found |= office.get("steward_weights")
    return found | {"balance": round(office.get("steward_balance") * 100)}


def changed(details: dict[str, Any]) -> dict[str, Any]:
    """The same as they are kept."""
    found = {name: value for name, value in details.items() if name.startswith("steward_")}
    found["steward_weights"] = {name: details[name] for name in ("alone", "disabled", "tenant")}
    return found | {"steward_balance": details["balance"] / 100}
