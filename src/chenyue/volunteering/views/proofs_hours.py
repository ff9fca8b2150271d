"""Claims for a second person, one by one or many at once; the ledger of hours and its counter-entries."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from chenyue.core import site
from chenyue.core.acting import acted, done, now, page
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Member
from chenyue.volunteering import approving, claim_lists, claiming, complaining, confirming, flags, seeing
from chenyue.volunteering.forms_proofs import ComplaintForm, ConfirmedForm, CounterForm, DecideForm, LedgerForm
from chenyue.volunteering.lifecycle import ClaimState
from chenyue.volunteering.models import Claim

HERE = {"here": "hours"}


def _reader(request: HttpRequest) -> Member:
    member = member_of(request)
    if not seeing.takes_part(member):
        raise NotAllowed
    return member


@staff_only()
@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    """Claims: waiting, flagged, approved, refused."""
    return _listed(request, _reader(request))


def _listed(request: HttpRequest, member: Member, reason: str = "") -> HttpResponse:
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in claim_lists.SHOWN else "waiting"
    found = claim_lists.claims(member, shown, request.GET.get("cursor", ""))
    context = HERE | {
        "part": "claims",
        "show": shown,
        "page": found,
        "rows": [(row, flags.in_words(row.flags)) for row in found.rows],
        "counts": claim_lists.counts(member, now()),
        "certifies": seeing.may(member, seeing.CERTIFY),
        "organises": seeing.may(member, seeing.ORGANISE),
        "reason": reason,
    }
    return page(request, "volunteering/proofs/claims.html", context)


@staff_only(seeing.CERTIFY)
@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Approve or decline what was ticked; each by itself, and what can't be is said with its reason."""
    member, at = member_of(request), now()
    ticked, reason = claim_lists.chosen(member, request.POST.getlist("claim")), request.POST.get("reason", "")
    approve, kept = request.POST.get("what") == "approve", dict[int, str]()

    def act() -> None:
        if not ticked:
            raise Refusal(_("Tick at least one line."))
        verb = claiming.approve_many if approve else claiming.refuse_many
        kept.update(verb(ticked, by=member.actor(), at=at, reason=reason))

    if not acted(request, "volunteering.decide", act):
        return _listed(request, member, reason)
    _say_decided(request, ticked, kept, approve)
    return see_other("volunteering:claims")


def _say_decided(request: HttpRequest, ticked: list[Claim], kept: dict[int, str], approve: bool) -> None:
    """How many were decided, as the rows say, and each that wasn't with its reason."""
    state = ClaimState.APPROVED if approve else ClaimState.REFUSED
    count = Claim.objects.filter(pk__in=[one.pk for one in ticked], state=state).count()
    said = (
        ngettext("%(n)d entry approved.", "%(n)d entries approved.", count)
        if approve
        else ngettext("%(n)d entry declined.", "%(n)d entries declined.", count)
    )
    messages.success(request, said % {"n": count})
    for claim in ticked:
        if claim.pk in kept:
            messages.error(request, f"{claim.volunteer.number}: {kept[claim.pk]}")


def _shown(request: HttpRequest, row: Claim, **forms: Any) -> HttpResponse:
    member, entries = member_of(request), list(row.entries.select_related("by").order_by("pk"))
    entry = next((one for one in entries if one.reverses_id is None), None)
    by = member.actor()
    context = HERE | {
        "claim": row,
        "flags": flags.in_words(row.flags),
        "scans": row.activity.scans.filter(volunteer=row.volunteer_id) if row.activity else [],
        "entries": entries,
        "entry": entry,
        "pleas": entry.pleas.select_related("decided_by") if entry else [],
        "certifies": approving.may_certify(by, row),
        "asks": confirming.may_ask(by, row),
        "open": row.state == "waiting",
        "decide": DecideForm(initial={"version": row.version}),
        "confirmed": ConfirmedForm(initial={"version": row.version}),
        "counter": CounterForm(),
        "complaint": ComplaintForm(),
        "history": claim_lists.history(row),
    }
    wrong = next(iter(forms.values()), None)
    return page(request, "volunteering/proofs/claim.html", context | forms, form=wrong)


@staff_only()
@require_GET
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what proves it, what looks wrong, who decides."""
    return _shown(request, claim_lists.claim_for(_reader(request), pk))


@staff_only()
@require_POST
def claim_do(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Approve, decline, write down what whoever was served said, take back, complain."""
    if what not in ACTS:
        raise NotFound
    row = claim_lists.claim_for(_reader(request), pk)
    name, kind, act = ACTS[what]
    form = kind(request.POST)
    if form.is_valid():
        todo = act(request, row, form.cleaned_data)
        if done(request, f"volunteering.claim-{what}", form, todo) is not None:
            return see_other("volunteering:claim", pk)
    return _shown(request, claim_lists.claim_for(member_of(request), pk), **{name: form})


Todo = Callable[[], dict[str, Any] | None]


def _approve(request: HttpRequest, row: Claim, typed: dict[str, Any]) -> Todo:
    by, at = member_of(request).actor(), now()

    def act() -> None:
        claiming.approve(row, by=by, at=at, reason=typed["reason"], version=typed["version"])

    return act


def _refuse(request: HttpRequest, row: Claim, typed: dict[str, Any]) -> Todo:
    by, at = member_of(request).actor(), now()

    def act() -> None:
        claiming.refuse(row, by=by, at=at, reason=typed["reason"], version=typed["version"])

    return act


def _confirm(request: HttpRequest, row: Claim, typed: dict[str, Any]) -> Todo:
    by, at = member_of(request).actor(), now()
    given = {"how": typed["how"], "true": typed["true"] == "yes", "words": typed["words"], "version": typed["version"]}

    def act() -> None:
        confirming.by_staff(row, by=by, at=at, **given)

    return act


def _counter(request: HttpRequest, row: Claim, typed: dict[str, Any]) -> Todo:
    by, at = member_of(request).actor(), now()
    entry = row.entries.filter(reverses=None).first()
    if entry is None:
        raise NotFound

    def act() -> None:
        claiming.counter(entry, by=by, at=at, reason=typed["reason"], minutes=typed["minutes"])

    return act


def _complain(request: HttpRequest, row: Claim, typed: dict[str, Any]) -> Todo:
    by, at = member_of(request).actor(), now()
    entry = row.entries.filter(reverses=None).first()
    if entry is None:
        raise NotFound

    def act() -> None:
        complaining.complain(entry, words=typed["words"], by=by, at=at)

    return act


ACTS: dict[str, tuple[str, Any, Callable[[HttpRequest, Claim, dict[str, Any]], Todo]]] = {
    "approve": ("decide", DecideForm, _approve),
    "refuse": ("decide", DecideForm, _refuse),
    "confirm": ("confirmed", ConfirmedForm, _confirm),
    "counter": ("counter", CounterForm, _counter),
    "complain": ("complaint", ComplaintForm, _complain),
}


@staff_only()
@require_POST
def ask_served(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link to whom it served."""
    row, by, at = claim_lists.claim_for(_reader(request), pk), member_of(request).actor(), now()
    base = site.whole(request, "")
    acted(request, "volunteering.ask-served", lambda: confirming.ask(row, base=base, by=by, at=at), _("Asked."))
    return see_other("volunteering:claim", pk)


@staff_only()
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger of hours: lines that are never changed."""
    member, form = _reader(request), LedgerForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = claim_lists.ledger(member, request.GET.get("cursor", ""), **chosen)
    counts = claim_lists.counts(member, now())
    context = HERE | {"part": "ledger", "page": found, "filter": form, "counts": counts}
    return page(request, "volunteering/proofs/ledger.html", context)
