"""The registers: committees, mediators, and the ties mediators declare."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import office
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.mediation import registers, seeing
from chenyue.mediation.dossier import rules
from chenyue.mediation.forms_registers import (
    CommitteeForm,
    DaysForm,
    DeclareForm,
    KeepingForm,
    MediatorForm,
    RevokeForm,
    initial_committee,
    initial_mediator,
)
from chenyue.mediation.http import acted, done, member_of, now, page, posted
from chenyue.mediation.models import Committee, DeclaredTie, Mediator
from chenyue.people.http import staff_only


@staff_only(seeing.MANAGE)
@require_GET
def committees(request: HttpRequest) -> HttpResponse:
    """Every committee with its mediators and what the Act asks of it."""
    today, rows = timezone.localdate(), list(Committee.objects.select_related("unit").order_by("pk"))
    held: dict[int, list[Mediator]] = {}
    for one in Mediator.objects.select_related("member").order_by("revoked_on", "pk"):
        held.setdefault(one.committee_id, []).append(one)
    lines = [(row, held.get(row.pk, []), registers.warnings(row, held.get(row.pk, []), today)) for row in rows]
    context = {"lines": lines, "days": office.get("mediation_days"), "kept": len(office.get("mediation_retention"))}
    return page(request, "mediation/committees.html", context)


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """How long mediating may take; for mediations that are registered from now on."""
    form = DaysForm(posted(request), initial={"days": office.get("mediation_days")})
    by, at = member_of(request).actor(), now()

    def act() -> dict[str, Any]:
        return {"changed": office.change(by=by, at=at, mediation_days=form.cleaned_data["days"])}

    if form.is_valid() and done(request, "mediation.days", form, act):
        return see_other("mediation:committees")
    return page(request, "mediation/register.html", {"heading": _("How long mediating may take")}, form=form)


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest) -> HttpResponse:
    """How long dossiers are kept, by kind of dispute; for volumes that are made from now on."""
    form = KeepingForm(posted(request), held=office.get("mediation_retention"), today=timezone.localdate())
    by, at = member_of(request).actor(), now()

    def act() -> dict[str, Any]:
        return {"changed": office.change(by=by, at=at, mediation_retention=form.chosen())}

    if form.is_valid() and done(request, "mediation.keeping", form, act):
        return see_other("mediation:committees")
    context = {"heading": _("How long dossiers are kept"), "explain": rules.basis(timezone.localdate())}
    return page(request, "mediation/register.html", context, form=form)


def _saved(request: HttpRequest, scope: str, form: Any, act: Any, context: dict[str, Any]) -> HttpResponse:
    """Save and go back to the registers; what is refused stands in the form."""

    def acted_() -> dict[str, Any]:
        return {"pk": act().pk}

    if form.is_valid() and done(request, f"mediation.{scope}", form, acted_):
        return see_other("mediation:committees")
    return page(request, "mediation/register.html", context, form=form)


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def committee(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new committee, or a change of one."""
    row, by, at = _of(Committee, pk) if pk else None, member_of(request).actor(), now()
    form = CommitteeForm(posted(request), initial=initial_committee(row))

    def act() -> Committee:
        return registers.save_committee(details=form.cleaned_data, committee=row, by=by, at=at)

    heading = row.name if row else _("New committee")
    return _saved(request, "committee", form, act, {"heading": heading})


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def mediator(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new mediator, or a change of one."""
    row, by, at = _of(Mediator, pk) if pk else None, member_of(request).actor(), now()
    start = initial_mediator(row) or {"committee": request.GET.get("committee", "")}
    form = MediatorForm(posted(request), initial=start)

    def act() -> Mediator:
        return registers.save_mediator(data=form.data_of(), mediator=row, by=by, at=at)

    heading = row.name if row else _("New mediator")
    return _saved(request, "mediator", form, act, {"heading": heading, "mediator": row, "places": True})


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is no mediator any more."""
    row, by, at = _of(Mediator, pk), member_of(request).actor(), now()
    form = RevokeForm(posted(request))

    def act() -> Mediator:
        return registers.revoke(mediator=row, why=form.cleaned_data["why"], by=by, at=at)

    heading = _("%(name)s is no mediator any more") % {"name": row.name}
    return _saved(request, "revoke", form, act, {"heading": heading, "late": True})


@staff_only()
@require_http_methods(["GET", "POST"])
def ties(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom a mediator is close to: read and kept by themselves and by who keeps the register."""
    row, by, at = _of(Mediator, pk), member_of(request).actor(), now()
    _own_or_manager(request, row)
    form = DeclareForm(posted(request))

    def act() -> dict[str, Any]:
        return {"pk": registers.declare_tie(mediator=row, by=by, at=at, **form.cleaned_data).pk}

    if form.is_valid() and done(request, "mediation.declare", form, act):
        return see_other("mediation:ties", pk)
    rows = DeclaredTie.objects.filter(mediator=row).order_by("pk")
    return page(request, "mediation/ties.html", {"mediator": row, "rows": rows}, form=form)


@staff_only()
@require_POST
def tie_drop(request: HttpRequest, pk: int, tie: int) -> HttpResponse:
    """A tie was entered by mistake, or is over."""
    row, by, at = _of(Mediator, pk), member_of(request).actor(), now()
    _own_or_manager(request, row)
    held = DeclaredTie.objects.filter(mediator=row, pk=tie).select_related("mediator").first()
    if held is None:
        raise NotFound
    acted(request, "mediation.tie_drop", lambda: registers.drop_tie(tie=held, by=by, at=at), _("Taken out."))
    return see_other("mediation:ties", pk)


def _own_or_manager(request: HttpRequest, row: Mediator) -> None:
    member = member_of(request)
    if member.pk != row.member_id and not seeing.manages(member):
        raise NotAllowed


def _of(model: Any, pk: int) -> Any:
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


office.label(
    {
        "mediation_days": gettext_lazy("Days for mediating"),
        "mediation_retention": gettext_lazy("How long dossiers are kept"),
    }
)
