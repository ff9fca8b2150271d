"""Judicial confirmation of an agreement, and the office's sample clauses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import see_other
from chenyue.mediation import acts, clauses, confirming, seeing
from chenyue.mediation.forms_agree import AppliedForm, ClauseForm, RuledForm
from chenyue.mediation.http import acted, done, member_of, now, page, posted
from chenyue.mediation.lifecycle import ConfirmationState
from chenyue.mediation.models import Agreement
from chenyue.mediation.views.agreement import found
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only

BACK: dict[str, Any] = {"here": "agreement", "back": "mediation:agreement"}
DOES = {"waive": confirming.waive, "want": confirming.want}


def _confirmable(request: HttpRequest, number: str, n: int, *, works: bool = True) -> Agreement:
    """An agreement that took effect. Raises NotFound, NotAllowed."""
    agreement = found(request, number, n)
    if works:
        handled(request, number)
    if not hasattr(agreement, "confirmation"):
        raise NotFound
    return agreement


@staff_only()
@require_GET
def one(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Its clock, what the court wants to have, what the court said."""
    agreement = _confirmable(request, number, n, works=False)
    today, held = acts.local_day(now()), agreement.confirmation
    context = {
        "mediation": agreement.mediation, "agreement": agreement, "here": "agreement", "held": held,
        "left": confirming.days_left(held, today), "pack": confirming.pack(agreement, today),
        "court_by": confirming.court_by(held), "open": held.state == ConfirmationState.OPEN,
        "handles": seeing.handles(member_of(request), agreement.mediation),
    }  # fmt: skip
    return page(request, "mediation/confirmation.html", context)


@staff_only()
@require_POST
def do(request: HttpRequest, number: str, n: int, what: str) -> HttpResponse:
    """The parties don't want it, or want it after all."""
    if what not in DOES:
        raise NotFound
    agreement, by, at = _confirmable(request, number, n), member_of(request).actor(), now()
    acted(request, f"mediation.confirmation-{what}", lambda: DOES[what](agreement=agreement, by=by, at=at))
    return see_other("mediation:confirmation", number, n)


@staff_only()
@require_http_methods(["GET", "POST"])
def applied(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The parties applied to the court."""
    agreement, by, at = _confirmable(request, number, n), member_of(request).actor(), now()
    form = AppliedForm(posted(request), initial={"on": acts.local_day(at), "together": True})

    def act() -> None:
        confirming.applied(agreement=agreement, by=by, at=at, **form.cleaned_data)

    return run(request, agreement.mediation, form, "applied", act, Look(_("Applied to the court"), **BACK))


@staff_only()
@require_http_methods(["GET", "POST"])
def ruled(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The court has ruled."""
    agreement, by, at = _confirmable(request, number, n), member_of(request).actor(), now()
    form = RuledForm(posted(request), initial={"on": acts.local_day(at)})

    def act() -> None:
        typed: dict[str, Any] = dict(form.cleaned_data)
        confirmed = typed.pop("confirmed") == "1"
        confirming.ruled(agreement=agreement, confirmed=confirmed, by=by, at=at, **typed)

    return run(request, agreement.mediation, form, "ruled", act, Look(_("The court has ruled"), **BACK))


@staff_only(seeing.MANAGE)
@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """All sample clauses."""
    return page(request, "mediation/clauses.html", {"rows": clauses.all_samples()})


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def clause(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add a sample clause, or change one."""
    sample = clauses.sample(code) if code else None
    if code and sample is None:
        raise NotFound
    names = ("code", "title", "words", "dispute", "order", "active")
    form = ClauseForm(posted(request), initial={name: getattr(sample, name) for name in names} if sample else {})
    by, at = member_of(request).actor(), now()
    if not seeing.manages(member_of(request)):
        raise NotAllowed
    if sample:
        form.fields["code"].disabled = True
    if form.is_valid():

        def act() -> dict[str, Any]:
            return {"pk": clauses.save(by=by, at=at, **form.cleaned_data).pk}

        if done(request, "mediation.clause-save", form, act) is not None:
            return see_other("mediation:clauses")
    return page(request, "mediation/clause.html", {"sample": sample, "known": clauses.KNOWN}, form=form)
