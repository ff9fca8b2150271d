"""One door for the small forms of moves: shown by GET, done by POST, with what was typed kept when it was too late."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases import actions
from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import MOVE_WORDS, Move
from chenyue.cases.models import Assignment, Case
from chenyue.core.http import once, see_other
from chenyue.desk.forms.moves import FORMS, DecisionForm, MoveForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only

UNDO = {Move.JOIN: Move.SPLIT}


@staff_only("case.see")
def move(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """A move with its own small form; who may not do it is told so, and where it may not be done too."""
    if move not in {m.value for m in FORMS}:
        raise Http404
    member, wanted = member_of(request), Move(move)
    case = cases.case_for(member, number)
    form = FORMS[wanted](request.POST or None, case=case)
    by = member.actor()
    if form.is_valid() and done(request, f"desk.{move}", form, lambda: act(case, wanted, form, by)) is not None:
        messages.success(request, said(case, wanted), extra_tags=undo_of(case, wanted))
        return see_other(reverse("desk:case", args=[number]))
    cases.require_move(member, case, wanted)
    context = {"case": case, "move": wanted, "label": MOVE_WORDS[wanted], "action": request.path}
    return page(request, "desk/case/move.html", context, form=form)


def act(case: Case, move: Move, form: MoveForm, by: Any) -> dict[str, Any]:
    """Do it through the one door."""
    actions.move(case=case, move=move, by=by, at=now(), version=form.cleaned_data["version"], **form.details())
    return {}  # nothing to find again: a retry leads to the case as well


def said(case: Case, move: Move) -> str:
    """What the person reads afterwards."""
    return _("%(number)s: %(move)s, done.") % {"number": case.number, "move": MOVE_WORDS[move]}


def undo_of(case: Case, move: Move) -> str:
    """The tag of a message that can be taken back: joining can."""
    return f"undo:{reverse('desk:undo-join', args=[case.number])}" if move in UNDO else ""


@staff_only("case.join")
@require_POST
def undo_join(request: HttpRequest, number: str) -> HttpResponse:
    """A joined case stands on its own again, with its own appeals and state."""
    member = member_of(request)
    case = cases.case_for(member, number, "case.join")
    by, at = member.actor(), now()

    def undo() -> dict[str, Any]:
        actions.move(case=case, move=Move.SPLIT, by=by, at=at, undo=True)
        return {}

    once(request, "desk.undo_join", undo, number, at=at)
    messages.success(request, _("%(number)s stands on its own again.") % {"number": number})
    return see_other(reverse("desk:case", args=[number]))


@staff_only("case.extend.grant")
def decide_extension(request: HttpRequest, number: str, decision: str) -> HttpResponse:
    """Another person grants or refuses what was asked for."""
    if decision not in ("grant", "refuse"):
        raise Http404
    member = member_of(request)
    case = cases.case_for(member, number, "case.extend.grant")
    form = DecisionForm(request.POST or None, case=case)
    if form.is_valid():
        details = form.details() | {"decision": decision}
        if done(request, f"desk.{decision}", form, lambda: decided(case, form, member.actor(), details)) is not None:
            messages.success(request, _("%(number)s: decided.") % {"number": number})
            return see_other(reverse("desk:case", args=[number]))
    label = _("Grant the extension") if decision == "grant" else _("Refuse the extension")
    context = {"case": case, "move": Move.EXTEND, "label": label, "action": request.path}
    return page(request, "desk/case/move.html", context, form=form)


def decided(case: Case, form: DecisionForm, by: Any, details: dict[str, Any]) -> dict[str, Any]:
    """The decision, through the one door."""
    actions.move(case=case, move=Move.EXTEND, by=by, at=now(), version=form.cleaned_data["version"], **details)
    return {}


def assignment_of(case: Case, pk: int) -> Assignment:
    """An assignment of this case; 404 for another's."""
    found = case.assignments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
