"""Signatures: on paper, on a screen, struck; the seal; the scan of the original."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.mediation import acts, consents, evidence, signing, speakers, wording
from chenyue.mediation.forms_agree import DayForm, MarkForm, ScanForm, ScreenForm, WordsForm
from chenyue.mediation.http import acted, done, member_of, now, page, personal, posted
from chenyue.mediation.lifecycle import EvidenceKind, How, Question
from chenyue.mediation.models import Agreement, Appointment, Party, Representative, Signature
from chenyue.mediation.views.agreement import found, shown
from chenyue.mediation.views.shared import Look, run
from chenyue.people.http import staff_only


@staff_only()
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """A mark that stands on the paper."""
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    today = acts.local_day(at)
    form = MarkForm(
        posted(request), initial={"on": today, "mark": "signature"}, needed=signing.needed(agreement, today),
        speaking=speakers.current_representatives(agreement.mediation, today),
        mediators=wording.mediators(agreement.mediation),
    )  # fmt: skip

    def act() -> None:
        whose = _whose(agreement, *form.whose())
        typed = {name: form.cleaned_data[name] for name in ("mark", "on", "name")}
        signing.sign_on_paper(agreement=agreement, by=by, at=at, **whose, **typed)

    look = Look(_("Signed on paper"), icon="edit", here="agreement", back="mediation:agreement")
    return run(request, agreement.mediation, form, "sign", act, look)


def _whose(agreement: Agreement, kind: str, pk: int) -> dict[str, Any]:
    of = {"mediation": agreement.mediation.pk}
    if kind == "party":
        return {"signer": kind, "party": Party.objects.filter(pk=pk, **of).first()}
    if kind == "representative":
        return {"signer": kind, "representative": Representative.objects.filter(pk=pk, **of).first()}
    if kind == "mediator":
        return {"signer": kind, "appointment": Appointment.objects.filter(pk=pk, **of).first()}
    return {"signer": kind}


@staff_only()
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, number: str, n: int, order: int) -> HttpResponse:
    """A party signs on the mediator's device: reads the text, agrees to sign like this, draws its name."""
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    party = agreement.mediation.parties.filter(order=order, left_at=None).first()
    if party is None:
        raise NotFound
    form = ScreenForm(posted(request), initial={"sha256": agreement.text_sha256})

    def act() -> dict[str, Any]:
        drawn = {"drawing": form.cleaned_data["drawing"], "sha256": form.cleaned_data["sha256"]}
        with acts.locked(agreement.mediation):
            if not consents.standing(agreement.mediation, Question.SCREEN).get(party.pk):
                consents.say(party=party, question=Question.SCREEN, given=True, how=How.ORAL, by=by, at=at)
            return {"pk": signing.sign_on_screen(agreement=agreement, party=party, by=by, at=at, **drawn).pk}

    if form.is_valid() and done(request, "mediation.screen", form, act) is not None:
        return see_other("mediation:agreement-one", number, n)
    context = shown(request, agreement) | {"party": party}
    return personal(page(request, "mediation/agreement_screen.html", context, form=form))


@staff_only()
@require_http_methods(["GET", "POST"])
def strike(request: HttpRequest, number: str, n: int, pk: int) -> HttpResponse:
    """A mark was recorded by mistake."""
    agreement, by, at = found(request, number, n, "conduct"), member_of(request).actor(), now()
    mark = Signature.objects.filter(agreement=agreement, pk=pk, removed_at=None).first()
    if mark is None:
        raise NotFound
    mark.agreement = agreement
    form = WordsForm(posted(request))

    def act() -> None:
        signing.strike(signature=mark, why=form.cleaned_data["why"], by=by, at=at)

    look = Look(_("Strike a mark"), icon="x", here="agreement", back="mediation:agreement", late=True)
    return run(request, agreement.mediation, form, "strike", act, look)


@staff_only()
@require_POST
def seal(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The committee's seal was put under it."""
    agreement, by, at = found(request, number, n), member_of(request).actor(), now()
    form = DayForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["on"]
        acted(request, "mediation.seal", lambda: signing.put_seal(agreement=agreement, on=on, by=by, at=at))
        return see_other("mediation:agreement", number)
    return page(request, "mediation/agreement.html", shown(request, agreement) | {"seal": form}, form=form)


@staff_only()
@require_POST
def scan(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Keep the scan of the signed original among the evidence, shared with all."""
    agreement, by, at = found(request, number, n), member_of(request).actor(), now()
    form = ScanForm(request.POST, request.FILES)

    def act() -> dict[str, Any]:
        title = str(_("Signed agreement %(n)d")) % {"n": agreement.number}
        with acts.locked(agreement.mediation):
            made = evidence.add(
                mediation=agreement.mediation, kind=EvidenceKind.DOCUMENT, title=title, shared=True, by=by, at=at,
                uploads=[form.cleaned_data["attachments"]],
            )  # fmt: skip
            return {"pk": signing.keep_scan(agreement=agreement, scan=made[0], by=by, at=at).pk}

    if form.is_valid() and done(request, "mediation.scan", form, act) is not None:
        return see_other("mediation:agreement-one", number, n)
    return page(request, "mediation/agreement.html", shown(request, agreement) | {"scan": form}, form=form)
