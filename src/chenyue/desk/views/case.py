"""The page of a case: everything about it, and what this person may do now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chenyue.cases import explaining, parting, rules
from chenyue.cases import page as cases
from chenyue.cases.lifecycle import MOVE_WORDS, Move, State
from chenyue.catalogue.queries import catalogue
from chenyue.desk import queries
from chenyue.desk.forms.moves import FORMS
from chenyue.desk.forms.thread import NoteForm
from chenyue.desk.http import member_of, now
from chenyue.desk.officers import own_units
from chenyue.desk.views import drafts, matters
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.stewards import queries as stewards

ENTRIES = 50
FEW = 5  # messages that are read for several matters
OWN_FORMS = (Move.ANSWER, Move.SETTLE)  # have the composer, not a small form
ONE_CLICK = (Move.ACCEPT, Move.RESUME, Move.CLOSE)
MAIN = (Move.ACCEPT, Move.DISPATCH, Move.TRIAGE, Move.UPHOLD_RETURN, Move.REFUSE_RETURN, Move.RESUME, Move.CLOSE)


@staff_only("case.see")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Title, state, clocks; voices; assignments; composer and notes; actions; history."""
    member, at = member_of(request), now()
    found = cases.case_page(member, number, at=at, entries=ENTRIES)
    context = {"page": found, "case": found.case, "at": at, "clocks": clocks_of(found)}
    context |= acts_of(member, found)
    context |= {
        "callbacks": queries.callbacks_of(found.case) if found.answers else [],
        "lead": unit_name(found.case.lead_id),
    }
    context |= {"note_form": NoteForm(), "reveals": may(member, "contact.see"), "calls": may(member, "callback.make")}
    context |= {"splits": may(member, "case.join"), "own_units": own_units(member)}
    context |= parting_of(member, found) | {"drafts": drafts.offered(member, found)}
    context["mediates"] = any(may(member, f"mediation.{word}") for word in ("see", "conduct", "manage"))
    context["helps"] = any(may(member, f"volunteering.{word}") for word in ("see", "serve", "organise"))
    context["steward"] = stewards.answered(found.case.building_id, stewards.day_of(found.case.received_at))
    return render(request, "desk/case/page.html", context)


def parting_of(member: Member, found: cases.CasePage) -> dict[str, Any]:
    """Who may part messages reads which of them hold several matters (the first few: each is read for it)."""
    if State(found.case.state) not in parting.FROM or not rules.may_move(
        member, Move.SPLIT, found.case, found.assignments, open_return=found.open_return
    ):
        return {}
    messages = [voice.appeal for voice in found.voices[:FEW] if voice.appeal.part_of_id is None]
    return {"parts_messages": True, "offers": matters.offers(member, messages)}


def clocks_of(found: cases.CasePage) -> list[explaining.Explained]:
    """The promises with how each date came about."""
    return explaining.explain(
        found.case, assignments=found.assignments, pauses=found.pauses, granted=found.granted or False
    )


def unit_name(pk: int | None) -> str:
    """A unit's name from the snapshot."""
    unit = catalogue().unit_by_id.get(pk or 0)
    return unit.name if unit else _("No unit yet")


def acts_of(member: Member, found: cases.CasePage) -> dict[str, Any]:
    """The moves and parts this person may do: the others are absent."""
    moves = rules.moves_for(
        member, found.case, found.assignments, open_return=found.open_return, open_extension=found.open_extension
    )
    parts = rules.parts_for(member, found.case, found.assignments)
    decides = found.open_extension is not None and rules.decides_extension(member, found.case, found.open_extension)
    small = [Act(move, found.case) for move in moves if move not in OWN_FORMS and not (decides and move is Move.EXTEND)]
    return {
        "acts": [a for a in small if a.main],
        "more": [a for a in small if not a.main],
        "parts": parts,
        "answers": Move.ANSWER in moves,
        "settles": Move.SETTLE in moves,
        "decides_extension": decides,
        "proposes_whistle": Move.WHISTLE in moves and rules.proposes_whistle(found.case),
    }


class Act:
    """A move on the page: its word, and whether it is one click or a small form of its own page."""

    def __init__(self, move: Move, case: Any) -> None:
        self.move, self.label = move, MOVE_WORDS[move]
        self.one_click = move in ONE_CLICK
        self.main = move in MAIN
        self.has_form = move in FORMS and not self.one_click
