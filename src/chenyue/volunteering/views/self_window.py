"""The window: finding a resident, or writing down a new one. What is opened there is on record."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core import http
from chenyue.core.acting import done, now, page, posted
from chenyue.core.errors import NotFound
from chenyue.core.idempotency import digest
from chenyue.people import personal, phone_codes
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Resident
from chenyue.people.residents import consent_text, register_resident
from chenyue.volunteering import acts
from chenyue.volunteering.forms_self import FindForm, HandsForm, NewForm
from chenyue.volunteering.lifecycle import Via
from chenyue.volunteering.own import Side, may_visit_until
from chenyue.volunteering.views.self_side import OPENED, filled, shown

MOST = 20  # people of one name or number
SERVE = "volunteering.serve"


def _found(typed: str) -> list[Resident]:
    """Residents with exactly this number, name, or number of a volunteer."""
    phone, name = personal.phone_index(typed), personal.name_index(typed)
    wanted = Q(volunteer__number=typed.strip().upper()[:20])
    if phone:
        wanted |= Q(phone_index=phone)
    if name:
        wanted |= Q(name_index=name)
    rows = Resident.objects.filter(wanted, erased_at=None).select_related("volunteer", "home")
    return list(rows.order_by("pk")[:MOST])


@staff_only(SERVE)
@require_http_methods(["GET", "POST"])
def window(request: HttpRequest) -> HttpResponse:
    """Find somebody. The number or name stays out of the address and of every log."""
    form = FindForm(posted(request))
    context: dict[str, Any] = {"here": "window", "found": None}
    if form.is_bound and form.is_valid():
        context |= {"found": _found(form.cleaned_data["q"]), "via": form.cleaned_data["via"]}
        said = form.cleaned_data["q"]
        phone = said if personal.phone_index(said) else ""
        initial = {"phone": phone, "name": "" if phone else said, "via": form.cleaned_data["via"]}
        context["new_form"] = NewForm(initial=initial, auto_id="new_%s")
    context["text"] = consent_text(phone_codes.PURPOSE)
    return http.personal(page(request, "volunteering/self/window.html", context, form=form))


def _open(request: HttpRequest, resident: Resident, via: str, at: datetime) -> HttpResponse:
    """Keep in the session whom this member serves now, and write it down."""
    via = via if via in (Via.WINDOW, Via.PHONE) else Via.WINDOW
    request.session[OPENED] = {
        "resident": resident.pk, "via": str(via), "until": may_visit_until(at).isoformat(),
    }  # fmt: skip
    verb = "window_called" if via == Via.PHONE else "window_opened"
    acts.record(f"credits:{resident.pk}", verb, by=member_of(request).actor(), at=at)
    return http.see_other("volunteering:window-home", resident.pk)


@staff_only(SERVE)
@require_POST
def open_person(request: HttpRequest) -> HttpResponse:
    """Serve this person from now on, for half an hour after the last page."""
    pk = request.POST.get("resident", "")
    rows = Resident.objects.filter(pk=int(pk) if pk.isdecimal() and len(pk) < 12 else 0, erased_at=None)
    resident = rows.first()
    if resident is None:
        raise NotFound
    return _open(request, resident, request.POST.get("via", ""), now())


@staff_only(SERVE)
@require_POST
def new_person(request: HttpRequest) -> HttpResponse:
    """Write down somebody who isn't known yet, with what they agreed to."""
    form, at, made = NewForm(request.POST, auto_id="new_%s"), now(), []

    def act() -> dict[str, Any]:
        said = form.cleaned_data
        row = register_resident(name=said["name"], phone=said["phone"], at=at, by=member_of(request).actor())
        phone_codes.agreed(row, at=at)
        made.append(row)
        return {"resident": row.pk}

    scope = "window:new:" + digest(request.POST.get("name", ""))[:16]
    result = done(request, scope, form, act) if form.is_valid() else None
    if result is None:
        context = {"here": "window", "found": [], "new_form": form, "text": consent_text(phone_codes.PURPOSE)}
        context["form"] = FindForm()
        return http.personal(page(request, "volunteering/self/window.html", context, form=form))
    return _open(request, Resident.objects.get(pk=result["resident"]), form.cleaned_data["via"], at)


@require_http_methods(["GET", "POST"])
def hands(request: HttpRequest, side: Side) -> HttpResponse:
    """The number belongs to somebody else now: it is taken from this person, whose sessions end."""
    form = HandsForm(posted(request))

    def act() -> None:
        said = form.cleaned_data["reason"]
        phone_codes.number_changed_hands(resident=side.resident, reason=said, by=side.by, at=now())

    if form.is_bound:
        told = _("The number is taken off. Write down the new one when the person comes.")
        answer = filled(request, side, "hands", form, act, told, side.url("home"))
        if answer is not None:
            return answer
    return shown(request, side, "hands", "home", {}, form)


@staff_only(SERVE)
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """The person has gone: nothing of them opens any more from this browser."""
    request.session.pop(OPENED, None)
    messages.success(request, str(_("Closed.")))
    return http.see_other("volunteering:window")
