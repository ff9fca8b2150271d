"""Calls drawn by lot, complaints about hours, and the page on which whoever was served answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import limits
from chenyue.core.acting import done, now, page, posted
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.http import personal, see_other
from chenyue.people import masking
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Member
from chenyue.volunteering import checking, claim_lists, complaining, confirming, flags, persons, seeing
from chenyue.volunteering.forms_proofs import AnswerForm, CallForm, PleaForm
from chenyue.volunteering.models import Plea, SpotCheck

HERE = {"here": "hours"}
SHOWN = 100
CHECK = ("claim__volunteer__resident", "claim__activity", "claim__served", "claim__recorded_by", "asked_by")
PLEA = ("entry__volunteer__resident", "entry__activity", "entry__claim", "taken_by", "decided_by")


def _reader(request: HttpRequest) -> Member:
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    return member


@staff_only()
@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """Claims drawn by lot: those to be called first."""
    member = _reader(request)
    rows = checking.visible(member).select_related(*CHECK)
    context = HERE | {
        "part": "checks",
        "waiting": list(rows.filter(result__in=("", "unreached")).order_by("due_on", "pk")[:SHOWN]),
        "ended": list(rows.exclude(result__in=("", "unreached")).order_by("-asked_at", "-pk")[:SHOWN]),
        "counts": claim_lists.counts(member, now()),
    }
    return page(request, "volunteering/proofs/checks.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: whom to ask what, and what they said."""
    member = _reader(request)
    row: SpotCheck | None = checking.visible(member).select_related(*CHECK).filter(pk=pk).first()
    if row is None:
        raise NotFound
    by, at = member.actor(), now()
    form = CallForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data

        def act() -> None:
            checking.answer(row, result=said["result"], words=said["words"], by=by, at=at)

        if done(request, "volunteering.check", form, act) is not None:
            return see_other("volunteering:hours-checks")
    context = HERE | {"check": row, "flags": flags.in_words(row.claim.flags), "may": checking.may_call(by, row)}
    return page(request, "volunteering/proofs/check.html", context, form=form)


@staff_only()
@require_GET
def pleas(request: HttpRequest) -> HttpResponse:
    """Complaints about hours: open ones by their day, then those decided."""
    member = _reader(request)
    rows = complaining.visible(member).select_related(*PLEA)
    context = HERE | {
        "part": "pleas",
        "open": list(rows.filter(state="open").order_by("due_on", "pk")[:SHOWN]),
        "ended": list(rows.exclude(state="open").order_by("-decided_at", "-pk")[:SHOWN]),
        "counts": claim_lists.counts(member, now()),
    }
    return page(request, "volunteering/proofs/pleas.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def plea(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint, and its decision by somebody who had no part in it."""
    member = _reader(request)
    row: Plea | None = complaining.visible(member).select_related(*PLEA).filter(pk=pk).first()
    if row is None or row.entry is None:
        raise NotFound
    by, at = member.actor(), now()
    form = PleaForm(posted(request), initial={"version": row.version})
    if form.is_valid():
        said = form.cleaned_data
        given = {"reason": said["reason"], "minutes": said["minutes"], "version": said["version"]}

        def act() -> None:
            complaining.decide(row, upheld=said["upheld"] == "yes", by=by, at=at, **given)

        if done(request, "volunteering.plea", form, act) is not None:
            return see_other("volunteering:hours-plea", pk)
    context = HERE | {"plea": row, "entry": row.entry, "left": complaining.left(row.entry)}
    context |= {"may": complaining.may_decide(by, row), "own": complaining.is_own(row)}
    return page(request, "volunteering/proofs/plea.html", context, form=form)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever was served says whether it is true."""
    at = now()
    if limits.reached(persons.GUESSES, limits.address(request), at):
        raise NotFound
    try:
        claim = confirming.claim_of(token)
    except NotFound:
        limits.note(persons.GUESSES, limits.address(request), at)
        raise
    form = AnswerForm(posted(request))
    answered = claim.confirmed_at is not None or claim.state != "waiting"
    if form.is_valid() and not answered:
        said = form.cleaned_data

        def act() -> dict[str, Any]:
            confirming.by_link(claim, true=said["true"] == "yes", at=at, words=said["words"])
            return {"true": said["true"]}

        if done(request, f"volunteering.confirm:{claim.pk}", form, act) is not None:
            return personal(see_other("volunteering:confirmed", token))
    context = {"claim": claim, "answered": answered, "who": masking.mask_name(claim.volunteer.resident.name)}
    return personal(page(request, "volunteering/proofs/confirm.html", context, form=form))


@require_GET
def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """Thank you."""
    confirming.claim_of(token)
    return personal(page(request, "volunteering/proofs/confirmed.html", {}))
