"""What a reporter sees of their own appeal: the same timeline as the office's, with the resident's filter."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from chenyue.cases.lifecycle import STATE_WORDS, State
from chenyue.cases.models import Addition, Answer, Appeal, Attachment, Case
from chenyue.core import ids
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import VisibleTo

# The four stations a reader of any age understands; a state is at one of them.
STATIONS = ("received", "handling", "answered", "closed")
STATION_OF = {
    State.RECEIVED: 0,
    State.ASSIGNED: 1,
    State.HANDLING: 1,
    State.WAITING: 1,
    State.ANSWERED: 2,
    State.CLOSED: 3,
    State.DECLINED: 3,
    State.JOINED: 1,
}


@dataclass(frozen=True)
class Progress:
    """One appeal's progress. Nothing in it belongs to another reporter."""

    appeal: Appeal
    case: Case
    voices: int
    station: int  # index into STATIONS
    state: Promise
    entries: list[timeline.EntryLine]
    answer: Answer | None
    additions: list[Addition]
    own_files: list[Attachment]
    shown_files: list[Attachment]  # before and after, put there by staff for the reporters
    due_at: datetime | None


def progress(receipt: str, *, entries: int = 60) -> Progress | None:
    """By receipt code, however it was typed; None if there is no such code. Five statements."""
    appeal = (
        Appeal.objects.select_related("case__category", "case__place", "case__lead", "place")
        .filter(receipt=ids.read_receipt(receipt))
        .first()
    )
    return None if appeal is None else of_appeal(appeal, entries=entries)


def of_appeal(appeal: Appeal, *, entries: int = 60) -> Progress:
    """The progress of an appeal that was found otherwise."""
    case = appeal.case
    files = list(Attachment.objects.filter(case=case).exclude(stage=Attachment.Stage.NOTE).order_by("id"))
    shown = {Attachment.Stage.BEFORE, Attachment.Stage.AFTER}
    state = State(case.state)
    return Progress(
        appeal=appeal,
        case=case,
        voices=case.appeals_count,
        station=STATION_OF[state],
        state=STATE_WORDS[state],
        entries=timeline.entries(case.subject, visible={VisibleTo.RESIDENT.value}, limit=entries),
        answer=Answer.objects.filter(case=case).order_by("-id").first(),
        additions=list(Addition.objects.filter(appeal=appeal).order_by("id")),
        own_files=[f for f in files if f.appeal_id == appeal.pk],
        shown_files=[f for f in files if f.stage in shown],
        due_at=case.resolve_due_at,
    )
