"""One mediation at a glance, and what moves it on."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.http import see_other
from chenyue.mediation import glance, inviting, law, risks, running
from chenyue.mediation.forms_core import EndingForm, MoreTimeForm, RiskForm, ToldOutsideForm, WordsForm
from chenyue.mediation.http import acted, find, member_of, now, page, posted
from chenyue.mediation.models import Invitation, Meeting, RiskReport
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only


@staff_only()
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, what is missing, what comes next."""
    row, member = find(request, number), member_of(request)
    context = {"mediation": row, "here": "overview"} | glance.overview(row, member, now())
    return page(request, "mediation/overview.html", context)


@staff_only()
@require_POST
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Mediating begins."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    said = _("Mediating has begun.")
    acted(request, "mediation.begin", lambda: running.begin(mediation=row, by=by, at=at), said)
    return see_other("mediation:one", number)


@staff_only()
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a party that refused once more."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    form = WordsForm(posted(request), label=gettext_lazy("Why they are asked again"), needed=True)
    look = Look(
        gettext_lazy("Invite again"), gettext_lazy("Ask every party anew"), "refresh",
        explain=gettext_lazy("Who clearly refuses isn't pressed (art. 17). Who comes of their own will is welcome."),
    )  # fmt: skip

    def act() -> None:
        running.invite_again(mediation=row, words=form.cleaned_data["words"], by=by, at=at)

    return run(request, row, form, "again", act, look)


@staff_only()
@require_http_methods(["GET", "POST"])
def more_time(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the parties for more time."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    form = MoreTimeForm(posted(request))
    said = gettext_lazy(
        "Granted only once every party of both sides has said yes; their answers are taken down after it."
    )
    look = Look(gettext_lazy("More time"), gettext_lazy("Ask every party"), "clock", explain=said)

    def act() -> None:
        running.ask_more_time(mediation=row, by=by, at=at, **form.cleaned_data)

    return run(request, row, form, "more_time", act, look)


@staff_only()
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """End it without agreement, or because an agreement isn't kept."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    form = EndingForm(posted(request), label=gettext_lazy("Anything more that the parties should read"))
    look = Look(gettext_lazy("End the mediation"), gettext_lazy("End it"), "hand-stop", late=True)

    def act() -> None:
        running.terminate(mediation=row, why=form.cleaned_data["why"], words=form.cleaned_data["words"], by=by, at=at)

    return run(request, row, form, "end", act, look, roads=law.roads())


@staff_only()
@require_GET
def invited(request: HttpRequest, number: str) -> HttpResponse:
    """What a unit that is invited reads: the title, its own meetings. Nobody's name, nothing that was said."""
    row, member = find(request, number, "attend"), member_of(request)
    mine = Invitation.objects.filter(mediation=row, unit=member.unit_id).select_related("unit").order_by("pk")
    meetings = Meeting.objects.filter(mediation=row, attendances__invitation__in=mine).distinct().order_by("starts_at")
    context = {"mediation": row, "invitations": list(mine), "meetings": list(meetings)}
    return page(request, "mediation/invited.html", context)


@staff_only()
@require_POST
def reply(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The invited unit comes, or can't."""
    row, by, at = find(request, number, "attend"), member_of(request).actor(), now()
    invitation = row.invitations.filter(pk=pk).first()
    if invitation is not None:
        comes = request.POST.get("comes") == "yes"
        acted(
            request,
            "mediation.reply",
            lambda: inviting.reply(invitation=invitation, comes=comes, name=request.POST.get("name", ""), by=by, at=at),
            _("Written down."),
        )
    return see_other("mediation:people" if request.POST.get("next") == "people" else "mediation:invited", number)


@staff_only()
@require_http_methods(["GET", "POST"])
def risk_list(request: HttpRequest, number: str) -> HttpResponse:
    """Dangers that were seen, and a new one. No party reads this page."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    form = RiskForm(posted(request))
    look = Look(gettext_lazy("Dangers"), gettext_lazy("Write it down"), "alert-triangle", back="mediation:risks")
    rows = [
        (one, ToldOutsideForm(prefix=f"r{one.pk}")) for one in RiskReport.objects.filter(mediation=row).order_by("-pk")
    ]

    def act() -> None:
        risks.report(mediation=row, by=by, at=at, **form.cleaned_data)

    return run(request, row, form, "risk", act, look, risks=rows)


@staff_only()
@require_http_methods(["GET", "POST"])
def risk_told(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """To whom a danger was reported."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    risk, form = _risk(row.pk, pk), ToldOutsideForm(posted(request))
    look = Look(gettext_lazy("Reported to"), back="mediation:risks", icon="phone", explain=risk.words)

    def act() -> None:
        risks.tell_outside(risk=risk, by=by, at=at, **form.cleaned_data)

    return run(request, row, form, "risk_told", act, look)


@staff_only()
@require_POST
def risk_over(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The danger is over."""
    row, by, at = handled(request, number), member_of(request).actor(), now()
    risk = _risk(row.pk, pk)
    acted(request, "mediation.risk_over", lambda: risks.end(risk=risk, by=by, at=at), _("Written down."))
    return see_other("mediation:risks", number)


def _risk(mediation: int, pk: int) -> RiskReport:
    from chenyue.core.errors import NotFound

    found = RiskReport.objects.filter(mediation=mediation, pk=pk).first()
    if found is None:
        raise NotFound
    return found
