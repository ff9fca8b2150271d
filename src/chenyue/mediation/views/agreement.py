"""The agreement of a mediation: read, begun, written, its obligations, offered, taken back, void."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.mediation import acts, agreeing, clauses, copies, drafting, seeing, signing, wording
from chenyue.mediation.forms_agree import AgreementForm, DayForm, OwedForm, ScanForm, WordsForm, initial_owed
from chenyue.mediation.http import acted, done, find, member_of, now, page, posted
from chenyue.mediation.lifecycle import AgreementState, Form
from chenyue.mediation.models import Agreement, Mediation, Obligation
from chenyue.mediation.parties import current_parties
from chenyue.mediation.views.shared import Look, run
from chenyue.people.http import staff_only


def found(request: HttpRequest, number: str, n: int, to: str = "see") -> Agreement:
    """An agreement that this member may see (or do that with). Raises NotFound, NotAllowed."""
    mediation = find(request, number, to)
    agreement = drafting.find(mediation, n)
    agreement.mediation = mediation
    return agreement


@staff_only()
@require_GET
def tab(request: HttpRequest, number: str) -> HttpResponse:
    """The agreement that matters now: the one in work, else the last; or how to begin one."""
    mediation = find(request, number)
    rows = list(listed(mediation))
    working = [one for one in rows if one.state in (AgreementState.DRAFT, AgreementState.SIGNING)]
    if rows:
        return page(
            request, "mediation/agreement.html", shown(request, drafting.find(mediation, (working or rows)[-1].number))
        )
    context = {"mediation": mediation, "here": "agreement", "conducts": conducts(request, mediation)}
    return page(request, "mediation/agreement_none.html", context | {"open": mediation.stage in drafting.DRAFTED_IN})


def listed(mediation: Mediation) -> Any:
    """Agreements that were more than a dropped draft."""
    rows = Agreement.objects.filter(mediation=mediation.pk).order_by("number")
    return rows.exclude(state=AgreementState.VOID, text_sha256="")


def conducts(request: HttpRequest, mediation: Mediation) -> bool:
    """Whether this member is a mediator of it."""
    return seeing.may(member_of(request), mediation, "conduct")


@staff_only()
@require_GET
def one(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """One agreement: its words with the linter's remarks, who has signed, what can be done."""
    return page(request, "mediation/agreement.html", shown(request, found(request, number, n)))


def shown(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    """What the page of an agreement shows."""
    mediation, at, member = agreement.mediation, now(), member_of(request)
    today, draft = acts.local_day(at), agreement.state == AgreementState.DRAFT
    signing_now = agreement.state == AgreementState.SIGNING
    parties = current_parties(mediation)
    return {
        "mediation": mediation, "agreement": agreement, "here": "agreement", "draft": draft, "signing": signing_now,
        "rows": listed(mediation), "parties": [(wording.label(n), party) for n, party in enumerate(parties)],
        "labels": wording.labels(parties), "dues": wording.obligations(agreement),
        "remarks": agreeing.remarks(agreement, at) if draft or signing_now else [],
        "needed": signing.needed(agreement, today), "marks": wording.marks(agreement),
        "missing": signing.missing(agreement, today) if signing_now else [],
        "conducts": conducts(request, mediation), "handles": seeing.handles(member, mediation),
        "paper_only": signing.paper_only(agreement) if signing_now else None,
        "whole": wording.intact(agreement),
        "seal": DayForm(initial={"on": today}), "scan": ScanForm(),
        "copies": copies.held(agreement) if agreement.state in copies.GIVEN_OUT else None,
        "certified_key": f"certified-{agreement.number}",
    }  # fmt: skip


@staff_only()
@require_POST
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Begin one: written or oral, whole or partial, or anew in place of one that is in effect."""
    mediation, by, at = find(request, number, "conduct"), member_of(request).actor(), now()
    form = Form.ORAL if request.POST.get("form") == Form.ORAL else Form.WRITTEN
    old = request.POST.get("replaces", "")
    replaces = drafting.find(mediation, int(old)) if old.isdecimal() and len(old) < 6 else None
    partial = request.POST.get("partial") == "1"

    def act() -> None:
        agreeing.begin(mediation=mediation, form=form, replaces=replaces, partial=partial, by=by, at=at)

    if not acted(request, "mediation.agreement-new", act):
        return see_other("mediation:agreement", number)
    last = Agreement.objects.filter(mediation=mediation.pk).order_by("-number").values_list("number", flat=True)[0]
    return see_other("mediation:agreement-edit", number, last)


@staff_only()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The editor: head and clauses, with the remarks beside their place."""
    agreement = found(request, number, n, "conduct")
    if request.method == "GET" and agreement.state != AgreementState.DRAFT:
        return see_other("mediation:agreement-one", number, n)
    by, at = member_of(request).actor(), now()
    form = AgreementForm(posted(request), agreement=agreement)
    if form.is_valid():
        version = form.cleaned_data["version"]

        def act() -> dict[str, Any]:
            text = form.text()
            return {"n": agreeing.save_text(agreement=agreement, text=text, version=version, by=by, at=at).number}

        if done(request, "mediation.agreement", form, act) is not None:
            return see_other("mediation:agreement-one", number, n)
    known = clauses.blanks(agreement)
    samples = [(one, clauses.fill(one.words, known)) for one in clauses.library(agreement.mediation.dispute)]
    context = shown(request, agreement) | {"samples": samples}
    return page(request, "mediation/agreement_edit.html", context, form=form)


@staff_only()
@require_POST
def add_clause(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Take a clause from the library, with what is known in its blanks."""
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    chosen = clauses.sample(request.POST.get("code", ""))
    if chosen is None:
        raise NotFound
    words = clauses.fill(chosen.words, clauses.blanks(agreement))
    acted(
        request,
        "mediation.clause",
        lambda: agreeing.add_clause(agreement=agreement, words=words, by=by, at=at),
        _("Added at the end: %(title)s") % {"title": chosen.title},
    )
    return see_other("mediation:agreement-edit", number, n)


@staff_only()
@require_http_methods(["GET", "POST"])
def owed(request: HttpRequest, number: str, n: int, pk: int | None = None) -> HttpResponse:
    """An obligation: who, what, how much, by when, in which parts."""
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    due = _due(agreement, pk) if pk else None
    form = OwedForm(posted(request), agreement=agreement, initial=initial_owed(due))
    if form.is_valid():

        def act() -> dict[str, Any]:
            typed = form.owed()
            made = agreeing.save_obligation(agreement=agreement, obligation=due, owed=typed, by=by, at=at)
            return {"pk": made.pk}

        if done(request, "mediation.owed", form, act) is not None:
            return see_other("mediation:agreement-one", number, n)
    context = shown(request, agreement) | {"due": due}
    context["place"] = next((f"obligation-{k}" for k, d in enumerate(context["dues"], 1) if d.pk == pk), "")
    return page(request, "mediation/agreement_owed.html", context, form=form)


def _due(agreement: Agreement, pk: int) -> Obligation:
    for due in wording.obligations(agreement):
        if due.pk == pk:
            return due
    raise NotFound


@staff_only()
@require_POST
def owed_remove(request: HttpRequest, number: str, n: int, pk: int) -> HttpResponse:
    """Take an obligation out of the draft."""
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    due = _due(agreement, pk)
    due.agreement = agreement
    acted(request, "mediation.owed-remove", lambda: agreeing.remove_obligation(obligation=due, by=by, at=at))
    return see_other("mediation:agreement-one", number, n)


DOES: dict[str, Callable[..., Any]] = {
    "offer": agreeing.offer,
    "register": agreeing.register_oral,
    "drop": agreeing.drop,
}


@staff_only()
@require_POST
def do(request: HttpRequest, number: str, n: int, what: str) -> HttpResponse:
    """Offer a draft for signing, register an oral one, or drop it."""
    act = DOES.get(what)
    if act is None:
        raise NotFound
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    acted(request, f"mediation.agreement-{what}", lambda: act(agreement=agreement, by=by, at=at))
    return see_other("mediation:agreement", number)


SAYS: dict[str, tuple[Callable[..., Any], Look]] = {
    "back": (
        agreeing.take_back,
        Look(
            gettext_lazy("Change it once more"), here="agreement", back="mediation:agreement", late=True,
            explain=gettext_lazy("Marks that stand under it are struck: they were given to other words."),
        ),
    ),
    "void": (
        agreeing.declare_void,
        Look(
            gettext_lazy("It no longer binds anybody"), here="agreement", back="mediation:agreement", late=True,
            explain=gettext_lazy("A court said so, or the parties dissolved it. What was paid stays on record."),
        ),
    ),
    "lost": (
        agreeing.lose_original,
        Look(
            gettext_lazy("The original is lost"), here="agreement", back="mediation:agreement", late=True,
            explain=gettext_lazy("How was it lost? A certified copy of the scan or of a party's copy takes its place."),
        ),
    ),
}  # fmt: skip


@staff_only()
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, number: str, n: int, what: str) -> HttpResponse:
    """Steps that need a reason: take it back, declare it void, say that the original is lost."""
    if what not in SAYS:
        raise NotFound
    act, look = SAYS[what]
    agreement = found(request, number, n, "conduct" if what == "back" else "see")
    seeing.check(member_of(request).actor(), agreement.mediation, "conduct", "manage")
    by, at, form = member_of(request).actor(), now(), WordsForm(posted(request))

    def run_it() -> None:
        act(agreement=agreement, why=form.cleaned_data["why"], by=by, at=at)

    return run(request, agreement.mediation, form, f"agreement-{what}", run_it, look)
