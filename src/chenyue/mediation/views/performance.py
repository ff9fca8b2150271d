"""Performance: what is due and what came, receipts, visits, and the good end."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.mediation import acts, confirming, evidence, performing, seeing, visiting, wording
from chenyue.mediation.forms_agree import ReceiptForm, VisitForm, VisitNewForm, WordsForm
from chenyue.mediation.http import acted, done, find, member_of, now, page, posted
from chenyue.mediation.lifecycle import EvidenceKind, ObligationState, Stage
from chenyue.mediation.models import FollowUpVisit, Instalment, Mediation, Receipt
from chenyue.mediation.parties import current_parties
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only

BACK: dict[str, Any] = {"here": "performance", "back": "mediation:performance"}


@staff_only()
@require_GET
def tab(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that was agreed, with what came; visits; the days of judicial confirmation."""
    return page(request, "mediation/performance.html", shown(request, find(request, number)))


def shown(request: HttpRequest, mediation: Mediation) -> dict[str, Any]:
    """What the page of performance shows."""
    today = acts.local_day(now())
    binding = performing.in_effect(mediation)
    parties = current_parties(mediation)
    visits = FollowUpVisit.objects.filter(mediation=mediation.pk).select_related("party", "made_by")
    agreements = [(one, performing.rows(one)) for one in binding]
    broken = any(row.obligation.state == ObligationState.BROKEN for _one, rows in agreements for row in rows)
    left = [(one, confirming.days_left(one.confirmation, today)) for one in binding if hasattr(one, "confirmation")]
    return {
        "mediation": mediation, "here": "performance", "today": today, "confirmations": left,
        "agreements": agreements, "labels": wording.labels(parties),
        "broken": broken and mediation.stage == Stage.PERFORMING,
        "visits": visits.order_by("due_on", "pk"), "handles": seeing.handles(member_of(request), mediation),
        "ready": mediation.stage == Stage.PERFORMING and bool(binding) and not performing.open_parts(mediation),
        "visit_form": VisitNewForm(parties=parties, initial={"on": today}), "most": visiting.MOST_TRIES,
    }  # fmt: skip


def _part(mediation: Mediation, pk: int) -> Instalment:
    rows = Instalment.objects.filter(pk=pk, obligation__agreement__mediation=mediation.pk)
    part = rows.select_related("obligation__agreement", "obligation__debtor", "obligation__creditor").first()
    if part is None:
        raise NotFound
    return part


@staff_only()
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Something came: how much, when, with its proof."""
    mediation = handled(request, number)
    part, by, at = _part(mediation, pk), member_of(request).actor(), now()
    left = max(part.amount - part.paid, 0) or None if part.amount is not None else None
    files = request.FILES if request.method == "POST" else None
    form = ReceiptForm(posted(request), files, initial={"on": acts.local_day(at), "amount": left})
    if part.amount is None:
        del form.fields["amount"], form.fields["more_than_owed"]

    def act() -> None:
        typed = dict(form.cleaned_data)
        upload = typed.pop("attachments", None)
        with acts.locked(mediation):
            proof = _proof(mediation, part, upload, by, at) if upload else None
            performing.receive(part=part, evidence=proof, by=by, at=at, **typed)

    return run(request, mediation, form, "receipt", act, Look(_("Something was performed"), **BACK), part=part)


def _proof(mediation: Mediation, part: Instalment, upload: Any, by: Any, at: Any) -> Any:
    title = str(_("Receipt: obligation %(n)d, part %(part)d")) % {"n": part.obligation.order, "part": part.number}
    kind = EvidenceKind.RECEIPT
    return evidence.add(mediation=mediation, kind=kind, title=title, uploads=[upload], shared=True, by=by, at=at)[0]


PARTS: dict[str, tuple[Callable[..., Any], Look]] = {
    "excuse": (performing.excuse, Look(_("The other side waives it"), icon="heart", **BACK)),
    "broken": (
        performing.break_off,
        Look(
            _("It won't be performed"), late=True, **BACK,
            explain=_("The other side is told of court and execution (People's Mediation Law 32, 33)."),
        ),
    ),
}  # fmt: skip


@staff_only()
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, number: str, pk: int, what: str) -> HttpResponse:
    """A part is waived by whom it was for, or broken for good."""
    if what not in PARTS:
        raise NotFound
    act, look = PARTS[what]
    mediation = handled(request, number)
    one, by, at, form = _part(mediation, pk), member_of(request).actor(), now(), WordsForm(posted(request))

    def run_it() -> None:
        act(part=one, why=form.cleaned_data["why"], by=by, at=at)

    return run(request, mediation, form, f"part-{what}", run_it, look, part=one)


RECEIPTS: dict[str, tuple[Callable[..., Any], Look]] = {
    "dispute": (performing.dispute_receipt, Look(_("It is said not to have come"), late=True, **BACK)),
    "remove": (performing.remove_receipt, Look(_("Entered by mistake"), late=True, **BACK)),
}


def _receipt(mediation: Mediation, pk: int) -> Receipt:
    rows = Receipt.objects.filter(pk=pk, instalment__obligation__agreement__mediation=mediation.pk)
    found = rows.select_related("instalment__obligation__agreement").first()
    if found is None:
        raise NotFound
    return found


@staff_only()
@require_http_methods(["GET", "POST"])
def receipt_say(request: HttpRequest, number: str, pk: int, what: str) -> HttpResponse:
    """A receipt is disputed, or was a mistake."""
    if what not in RECEIPTS:
        raise NotFound
    act, look = RECEIPTS[what]
    mediation = handled(request, number)
    one, by, at, form = _receipt(mediation, pk), member_of(request).actor(), now(), WordsForm(posted(request))

    def run_it() -> None:
        act(receipt=one, why=form.cleaned_data["why"], by=by, at=at)

    return run(request, mediation, form, f"receipt-{what}", run_it, look)


@staff_only()
@require_POST
def receipt_confirm(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Whoever was to get it says that it came."""
    mediation = handled(request, number)
    one, by, at = _receipt(mediation, pk), member_of(request).actor(), now()
    acted(request, "mediation.receipt-confirm", lambda: performing.confirm_receipt(receipt=one, by=by, at=at))
    return see_other("mediation:performance", number)


@staff_only()
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """Everything is performed: the mediation ends well, and its case is answered."""
    mediation = handled(request, number)
    by, at, form = member_of(request).actor(), now(), WordsForm(posted(request))
    form.fields["why"].label = _("How it ended, in words")

    def act() -> None:
        performing.finish(mediation=mediation, words=form.cleaned_data["why"], by=by, at=at)

    return run(request, mediation, form, "finish", act, Look(_("Everything is performed"), **BACK))


def _visit(mediation: Mediation, pk: int) -> FollowUpVisit:
    found = FollowUpVisit.objects.filter(mediation=mediation.pk, pk=pk).select_related("party").first()
    if found is None:
        raise NotFound
    return found


@staff_only()
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What a party said afterwards."""
    mediation = handled(request, number)
    one, by, at, form = _visit(mediation, pk), member_of(request).actor(), now(), VisitForm(posted(request))

    def act() -> None:
        visiting.make(visit=one, by=by, at=at, **form.said())

    look = Look(_("Ask a party afterwards"), icon="home", **BACK)
    return run(request, mediation, form, "visit", act, look, visit=one)


@staff_only()
@require_POST
def visit_tried(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Nobody could be asked."""
    mediation = handled(request, number)
    one, by, at = _visit(mediation, pk), member_of(request).actor(), now()
    acted(request, "mediation.visit-tried", lambda: visiting.tried(visit=one, by=by, at=at))
    return see_other("mediation:performance", number)


@staff_only()
@require_POST
def visit_new(request: HttpRequest, number: str) -> HttpResponse:
    """A visit at another time."""
    mediation, by, at = handled(request, number), member_of(request).actor(), now()
    parties = current_parties(mediation)
    form = VisitNewForm(request.POST, parties=parties)

    def act() -> dict[str, Any]:
        party = next(one for one in parties if one.pk == form.cleaned_data["party"])
        return {"pk": visiting.add(party=party, on=form.cleaned_data["on"], by=by, at=at).pk}

    if form.is_valid() and done(request, "mediation.visit-new", form, act) is not None:
        return see_other("mediation:performance", number)
    return page(request, "mediation/performance.html", shown(request, mediation) | {"visit_form": form}, form=form)
