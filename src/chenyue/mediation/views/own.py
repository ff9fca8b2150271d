"""The page of one party, opened by the code on its letter: what is joint, what is its own, and what it may say."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import http
from chenyue.core.errors import NotFound
from chenyue.core.forms import Form
from chenyue.mediation import acts, complaints, consents, evidence, law, minutes, own, performing, visiting
from chenyue.mediation.forms_own import CodeForm, ComplaintForm, MinutesForm, PaperForm, SayForm, VisitForm
from chenyue.mediation.http import acted, done, now, party_of, personal, served
from chenyue.mediation.lifecycle import How
from chenyue.mediation.models import Party, Receipt

PAGE = "mediation/own/page.html"


@require_http_methods(["GET", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Where the code of a letter is typed."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return http.see_other("mediation:own", party_of(request, form.cleaned_data["code"]).code)
        except NotFound:
            form.add_error("code", _("No page opens with this code. Compare it with your letter, or telephone us."))
    return personal(render(request, "mediation/own/entrance.html", {"form": form}, status=422 if form.errors else 200))


def _shown(request: HttpRequest, party: Party, status: int = 200, **forms: Any) -> HttpResponse:
    context = own.page(party, now()) | {"notice": law.notice(), "roads": law.roads(), "paper_form": PaperForm()}
    context["complaint_form"] = ComplaintForm(mediators=complaints.mediators_of(party.mediation))
    context["visits"] = [(visit, VisitForm(initial={"visit": visit.pk})) for visit in context["visits"]]
    return personal(render(request, PAGE, context | forms, status=status))


@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The page."""
    return _shown(request, party_of(request, code))


@require_POST
def do(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Everything a party says on its page; what can't be is said above it, and nothing typed is lost."""
    party = party_of(request, code)
    if what not in ACTS:
        raise NotFound
    return ACTS[what](request, party)


def _say(request: HttpRequest, party: Party) -> HttpResponse:
    form = SayForm(request.POST)
    if not form.is_valid():
        raise NotFound
    said = form.cleaned_data
    asked = own.question(party, party.mediation, said["question"], said["matter"])
    at, given = now(), said["given"] == "yes"

    def act() -> None:
        if not given and asked.answer and asked.consent is not None:
            consents.withdraw(asked.consent, by=own.actor(party), at=at, words=said["words"])
            return
        consents.say(
            party=party, question=asked.question, matter=asked.matter, given=given, how=How.WEB, at=at,
            by=own.actor(party), words=said["words"],
        )  # fmt: skip

    acted(request, f"mediation-own:{party.pk}:say", act, _("Your answer is on record."))
    return _back(party)


def _minutes(request: HttpRequest, party: Party) -> HttpResponse:
    form = MinutesForm(request.POST)
    if not form.is_valid():
        raise NotFound
    said, at = form.cleaned_data, now()
    text, agrees = own.minutes_for(party, said["meeting"]), said["agrees"] == "yes"
    return _once(
        request, party, "minutes", form,
        lambda: minutes.answer(
            text=text, party=party, agrees=agrees, by=own.actor(party), at=at, words=said["words"]
        ),
    )  # fmt: skip


def _visit(request: HttpRequest, party: Party) -> HttpResponse:
    form, at = VisitForm(request.POST), now()
    due = own.visits(party, acts.local_day(at))
    visit = next((one for one in due if str(one.pk) == request.POST.get("visit")), None)
    if visit is None:
        raise NotFound
    if not form.is_valid():
        return _shown(request, party, 422, visits=[(visit, form)])
    said = form.cleaned_data
    performed = {"yes": True, "no": False}.get(said["performed"])
    return _once(
        request, party, f"visit:{visit.pk}", form,
        lambda: visiting.make(
            visit=visit, performed=performed, grade=said["grade"], by=own.actor(party), at=at, words=said["words"]
        ),
        visits=[(visit, form)],
    )  # fmt: skip


def _receipt(request: HttpRequest, party: Party) -> HttpResponse:
    rows = Receipt.objects.filter(
        instalment__obligation__agreement__mediation=party.mediation_id,
        instalment__obligation__creditor=party.pk,
        removed_at=None,
    )
    pk = request.POST.get("receipt", "")
    receipt = rows.filter(pk=int(pk) if pk.isdecimal() and len(pk) < 12 else 0).first()
    if receipt is None:
        raise NotFound
    at, by = now(), own.actor(party)
    why = request.POST.get("why", "")

    def act() -> None:
        if request.POST.get("came") == "yes":
            performing.confirm_receipt(receipt=receipt, by=by, at=at)
        else:
            performing.dispute_receipt(receipt=receipt, why=why, by=by, at=at)

    acted(request, f"mediation-own:{party.pk}:receipt:{receipt.pk}", act, _("Your answer is on record."))
    return _back(party)


def _paper(request: HttpRequest, party: Party) -> HttpResponse:
    form, at = PaperForm(request.POST), now()
    files = request.FILES.getlist("attachments")
    if form.is_valid() and not files:
        form.add_error(None, _("Choose a photograph or a PDF."))
    if not form.is_valid():
        return _shown(request, party, 422, paper_form=form)
    said = form.cleaned_data
    return _once(
        request, party, "paper", form,
        lambda: evidence.add(
            mediation=party.mediation, kind=said["kind"], title=said["title"], by=own.actor(party), at=at,
            uploads=files, party=party,
        ),
        paper_form=form,
    )  # fmt: skip


def _once(
    request: HttpRequest, party: Party, scope: str, form: Form, act: Callable[[], Any], **again: Any
) -> HttpResponse:
    def run() -> dict[str, Any]:
        act()
        return {}

    if done(request, f"mediation-own:{party.pk}:{scope}", form, run) is None:
        return _shown(request, party, 409 if getattr(form, "conflict", False) else 422, said_form=form, **again)
    return _back(party)


def _back(party: Party) -> HttpResponse:
    return http.see_other("mediation:own", party.code)


def _complaint(request: HttpRequest, party: Party) -> HttpResponse:
    mediators, at = complaints.mediators_of(party.mediation), now()
    form = ComplaintForm(request.POST, mediators=mediators)
    if not form.is_valid():
        return _shown(request, party, 422, complaint_form=form)
    said = form.cleaned_data
    mediator = next(one for one in mediators if one.pk == said["mediator"])
    return _once(
        request, party, "complaint", form,
        lambda: complaints.complain(
            party=party, mediator=mediator, wrong=said["wrong"], words=said["words"], how=How.WEB, at=at,
            by=own.actor(party),
        ),
        complaint_form=form,
    )  # fmt: skip


ACTS: dict[str, Callable[[HttpRequest, Party], HttpResponse]] = {
    "say": _say,
    "minutes": _minutes,
    "visit": _visit,
    "receipt": _receipt,
    "paper": _paper,
    "complaint": _complaint,
}


@require_GET
def paper(request: HttpRequest, code: str, number: int) -> FileResponse:
    """A paper that this party handed in, or that all see."""
    party = party_of(request, code)
    found = own.papers(party).filter(number=number).first()
    if found is None:
        raise NotFound
    return personal(served(evidence.opened(evidence=found, by=own.actor(party), at=now())))
