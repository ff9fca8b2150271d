"""The composer for residents: written, guarded, shown exactly as it will be sent, then sent."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases import actions, drafting
from chenyue.cases import preview as shown
from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core import text
from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.core.idempotency import digest
from chenyue.desk.forms.moves import AnswerForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people import masking
from chenyue.people.http import staff_only

BLANK = re.compile(r"\{\{[^{}]*\}\}|\{[^{}]*\}")


def warnings(told: str) -> list[str]:
    """What should be looked at before residents read these words: numbers of persons, blanks left open."""
    found = []
    if masking.holds_contact(told):
        found.append(_("There is a telephone or ID number in the words to the residents. Every reporter will read it."))
    blanks = BLANK.findall(told)
    if blanks:
        found.append(_("Still to be filled in: %(blanks)s.") % {"blanks": "、".join(dict.fromkeys(blanks))})
    return found


def templates_for(case: Case) -> list[dict[str, str]]:
    """Standard texts that fit, the most particular first, with what is known filled in."""
    rows = shown.templates_for(case)
    return [{"pk": str(t.pk), "name": t.name, "result": t.result, "body": shown.fill_template(t, case)} for t in rows]


@staff_only("case.see")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the residents. The first sending shows the preview; the second sends what was shown."""
    return compose(request, number, Move.ANSWER, _("Answer the residents"))


@staff_only("case.settle")
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Settle at once: received and answered in one sitting, by the same composer."""
    return compose(request, number, Move.SETTLE, _("Settle at once"))


def compose(request: HttpRequest, number: str, move: Move, label: str) -> HttpResponse:
    """The composer's page. What was changed after the preview is shown again before it is sent."""
    member = member_of(request)
    case = cases.case_for(member, number)
    templates = [] if request.POST else templates_for(case)  # what is sent has its words already
    form = AnswerForm(request.POST or None, case=case, initial=filled(request, templates))
    machine = taken(request, case, form)
    seen = form.is_valid() and request.POST.get("seen") == mark(form)
    if (
        seen
        and done(request, f"desk.{move}", form, lambda: send(case, move, form, member.actor(), machine)) is not None
    ):
        messages.success(request, _("Sent. Every reporter will be asked whether it is solved."))
        return see_other(reverse("desk:case", args=[number]))
    cases.require_move(member, case, move)
    templates = templates or templates_for(case)
    context: dict[str, Any] = {"case": case, "label": label, "move": move, "templates": templates}
    context |= {"recipients": shown.answer_preview(case, ""), "machine": machine} | previewed(case, form)
    return page(request, "desk/case/answer.html", context, form=form)


def previewed(case: Case, form: AnswerForm) -> dict[str, Any]:
    """Who reads what, if the form is whole; a blank left open is said at its field."""
    if not form.is_bound or not form.is_valid():
        return {}
    told = form.cleaned_data["told"]
    try:
        return {"shown": shown.answer_preview(case, told), "warnings": warnings(told), "seen": mark(form)}
    except Refusal as refusal:
        form.add_error("told", str(refusal.sentence))
        return {}


def filled(request: HttpRequest, templates: list[dict[str, str]]) -> dict[str, str]:
    """A standard text chosen without script."""
    chosen = next((t for t in templates if t["pk"] == request.GET.get("template")), None)
    return {"told": chosen["body"], "result": chosen["result"] or "resolved"} if chosen else {}


def mark(form: AnswerForm) -> str:
    """A mark of the words and the result that were shown, so that nothing else is sent."""
    return digest([form.cleaned_data["told"], form.cleaned_data["result"]])[:24]


def taken(request: HttpRequest, case: Case, form: AnswerForm) -> str:
    """The mark of the machine's draft that this answer was begun from; its unchanged words are refused."""
    machine = request.POST.get("machine", "")
    if not machine or not drafting.began_with(machine, case):
        return ""
    if form.is_valid() and drafting.unchanged(machine, case, form.cleaned_data["told"]):
        form.add_error("told", _("This is the machine's draft, word for word. Read it, and make it your own."))
    return machine


def send(case: Case, move: Move, form: AnswerForm, by: Any, machine: str = "") -> dict[str, Any]:
    """Through the one door; that it was begun from a machine's draft is recorded beside it."""
    at = now()
    actions.move(case=case, move=move, by=by, at=at, version=form.cleaned_data["version"], **form.details())
    if machine:
        drafting.taken_over(case=case, by=by, at=at)
    return {}


@staff_only("case.see")
@require_POST
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """The part under the composer: who reads what, as it will be sent. Writes nothing."""
    member = member_of(request)
    case = cases.case_for(member, number)
    cases.require_move(member, case, Move.ANSWER if case.lead_id else Move.SETTLE)
    told = text.clean(request.POST.get("told", ""))
    try:
        context = {"shown": shown.answer_preview(case, told) if told else [], "warnings": warnings(told)}
    except Refusal:
        context = {"warnings": warnings(told)}
    return render(request, "desk/parts/preview.html", context)
