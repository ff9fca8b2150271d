"""Several matters in one message: offered with their words, corrected by ticking, filed as cases of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chenyue.cases import parting
from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Appeal, Case
from chenyue.core.actors import Actor
from chenyue.core.http import once, see_other
from chenyue.desk.forms.matters import PartForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.triage import matters

SHOWN = 90  # characters of each matter that are shown where it is only offered


@staff_only("case.join")
def part(request: HttpRequest, number: str, appeal: str) -> HttpResponse:
    """The sentences of a message, each with the matter it belongs to; sent, the further ones are cases."""
    member = member_of(request)
    case = cases.case_for(member, number, "case.join")
    message, parts = message_of(case, appeal)
    form = PartForm(
        request.POST or None,
        words=message.words,
        offered=[] if parts else matters.matters(message.words),
        gone=parting.taken(parts, case.pk),
    )
    if form.is_valid():
        filed = done(request, "desk.part", form, lambda: parted(case, message, form, member.actor()))
        if filed is not None:
            told(request, case, message, filed["numbers"])
            return see_other(reverse("desk:case", args=[number]))
    cases.require_move(member, case, Move.SPLIT)
    return page(request, "desk/matters.html", {"case": case, "appeal": message, "parts": parts}, form=form)


def message_of(case: Case, number: str) -> tuple[Appeal, list[Appeal]]:
    """A message of this case with the parts it has been parted into; 404 for another's, and for a part."""
    found = case.appeals.filter(number=number, part_of=None).first()
    if found is None or State(case.state) not in parting.FROM:
        raise Http404
    return found, parting.parts_of(found)


def parted(case: Case, message: Appeal, form: PartForm, by: Actor) -> dict[str, Any]:
    """File them, and name where they went."""
    found = parting.part(case=case, appeal=message, parts=form.parts(), by=by, at=now())
    return {"numbers": [one.case.number for one in found]}


def told(request: HttpRequest, case: Case, message: Appeal, numbers: Sequence[str]) -> None:
    """What the person reads afterwards; it can be taken back until somebody begins."""
    sentence = ngettext(
        "%(n)d further matter is a case of its own: %(numbers)s.",
        "%(n)d further matters are cases of their own: %(numbers)s.",
        len(numbers),
    ) % {"n": len(numbers), "numbers": "、".join(numbers)}
    undo = reverse("desk:matters-undo", args=[case.number, message.number])
    messages.success(request, sentence, extra_tags=f"undo:{undo}")


@staff_only("case.join")
@require_POST
def undo(request: HttpRequest, number: str, appeal: str) -> HttpResponse:
    """The further matters that nobody has begun come back to the message's case."""
    member = member_of(request)
    case = cases.case_for(member, number, "case.join")
    message, _parts = message_of(case, appeal)
    by, at = member.actor(), now()

    def unpart() -> dict[str, Any]:
        return {"numbers": parting.unpart(case=case, appeal=message, by=by, at=at)}

    found, _fresh = once(request, "desk.unpart", unpart, appeal, at=at)
    messages.success(request, _("Handled together again: %(numbers)s.") % {"numbers": "、".join(found["numbers"])})
    return see_other(reverse("desk:case", args=[number]))


def offers(member: Member, appeals: Iterable[Appeal]) -> dict[int, list[dict[str, str]]]:
    """By message: its matters with their words, where there are several and none was parted yet.

    Asks the database only where there is something to offer.
    """
    if not may(member, "case.join"):
        return {}
    found = {one.pk: (one, matters.matters(one.words)) for one in appeals if one.part_of_id is None}
    several = {pk: pair for pk, pair in found.items() if pair[1]}
    if not several:
        return {}
    gone = set(Appeal.objects.filter(part_of__in=several).values_list("part_of_id", flat=True))
    return {pk: _shown(one.words, several_) for pk, (one, several_) in several.items() if pk not in gone}


def _shown(words: str, found: Sequence[matters.Matter]) -> list[dict[str, str]]:
    pieces = matters.sentences(words)
    rows = []
    for matter in found:
        said = "".join(pieces[line] for line in matter.lines).strip()
        rows.append({"name": matter.category.name, "words": said[:SHOWN] + ("…" if len(said) > SHOWN else "")})
    return rows
