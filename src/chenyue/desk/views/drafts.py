"""A draft by a machine: asked for, looked at, taken over and edited, or left."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chenyue.cases import drafting
from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Assignment, Case
from chenyue.cases.page import CasePage
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.desk.forms.thread import NoteForm
from chenyue.desk.http import member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member


@staff_only(drafting.PERMISSION)
def draft(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """What leaves the house, and a button; asked for, the draft beside it. Nothing of it is kept."""
    member = member_of(request)
    case = cases.case_for(member, number)
    if kind not in drafting.KINDS:
        raise Http404
    if not available(member, case):
        raise NotAllowed
    context = {"case": case, "kind": kind, "label": drafting.KINDS[kind], "answers": case.state == State.HANDLING}
    context |= {"note_form": NoteForm(), "move": Move.ANSWER}
    status = 200
    if request.method == "POST":
        try:
            context["draft"] = drafting.ask(case=case, kind=kind, by=member.actor(), at=now())
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            context["problem"], status = str(refusal.sentence), 422
    answer = page(request, "desk/draft.html", context)
    answer.status_code = status
    return answer


def available(member: Member, case: Case) -> bool:
    """Whether drafts are switched on, and this member may have them for this case."""
    if drafting.service() is None:
        return False
    return drafting.may_ask(member, case, list(Assignment.objects.filter(case=case, active=True)))


def offered(member: Member, found: CasePage) -> list[tuple[str, str]]:
    """The kinds of drafts that the page of a case offers; none where they are switched off. Asks no database."""
    if drafting.service() is None or not drafting.may_ask(member, found.case, found.assignments):
        return []
    kinds = ["summary", *(["answer"] if found.case.state == State.HANDLING else [])]
    words = {"summary": _("Have a summary drafted"), "answer": _("Have an answer drafted")}
    return [(kind, words[kind]) for kind in kinds]
