"""What a reporter sees of their own appeal: the same timeline as the office's, with the resident's filter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from chenyue.cases.lifecycle import STATE_WORDS, State
from chenyue.cases.models import Addition, Answer, Appeal, Attachment, Case
from chenyue.core import ids
from chenyue.core.prepared import prepared
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
    appeal = _appeal.first(receipt=ids.read_receipt(receipt))
    return None if appeal is None else of_appeal(appeal, entries=entries)


def of_appeal(appeal: Appeal, *, entries: int = 60) -> Progress:
    """The progress of an appeal that was found otherwise."""
    case = appeal.case
    files = _files(case=case.pk)
    shown = {Attachment.Stage.BEFORE, Attachment.Stage.AFTER}
    state = State(case.state)
    return Progress(
        appeal=appeal,
        case=case,
        voices=case.appeals_count,
        station=STATION_OF[state],
        state=STATE_WORDS[state],
        entries=timeline.entries(case.subject, visible={VisibleTo.RESIDENT.value}, limit=entries),
        answer=_answer.first(case=case.pk),
        additions=_additions(appeal=appeal.pk),
        own_files=[f for f in files if f.appeal_id == appeal.pk],
        shown_files=[f for f in files if f.stage in shown],
        due_at=case.resolve_due_at,
    )


@prepared
def _appeal(*, receipt: Any) -> QuerySet[Appeal]:
    rows = Appeal.objects.select_related("case__category", "case__place", "case__lead", "place")
    return rows.filter(receipt=receipt)[:1]


@prepared
def _files(*, case: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(case_id=case).exclude(stage=Attachment.Stage.NOTE).order_by("id")


@prepared
def _answer(*, case: Any) -> QuerySet[Answer]:
    return Answer.objects.filter(case_id=case).order_by("-id")[:1]


@prepared
def _additions(*, appeal: Any) -> QuerySet[Addition]:
    return Addition.objects.filter(appeal_id=appeal).order_by("id")
