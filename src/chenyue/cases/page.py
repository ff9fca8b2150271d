"""Everything that the page of a case shows, at a fixed number of statements however much has happened."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from chenyue.cases.models import (
    Addition,
    Answer,
    Appeal,
    Assignment,
    Attachment,
    Case,
    Extension,
    Note,
    Pause,
    Return,
)
from chenyue.cases.queries import ROW, Reach, reach, visible, within
from chenyue.cases.rules import places_of
from chenyue.core.errors import NotFound
from chenyue.core.prepared import prepared
from chenyue.people import masking, rules
from chenyue.people import queries as people
from chenyue.people.models import Member
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import VisibleTo

EARLIER = 8
EARLIER_SHOWN = ("number", "title", "state", "received_at", "category__name")


@dataclass(frozen=True)
class Voice:
    """One appeal as staff see it: contact masked unless a look was recorded with its reason."""

    appeal: Appeal
    name: str
    phone: str
    revealed: bool
    additions: list[Addition]
    attachments: list[Attachment]


@dataclass(frozen=True)
class CasePage:
    """Everything that the page of a case shows."""

    case: Case
    voices: list[Voice]
    assignments: list[Assignment]
    timeline: list[timeline.EntryLine]
    notes: list[Note]
    answers: list[Answer]
    attachments: list[Attachment]
    earlier: list[Case]
    open_return: Return | None = None
    open_extension: Extension | None = None
    granted: Extension | None = None  # the extension that moved this round's promise last
    pauses: list[Pause] = field(default_factory=list)
    joined: list[Case] = field(default_factory=list)
    joined_into: Case | None = None  # only if this member may see that one too: it may be kept more closely


def case_page(member: Member, number: str, *, at: datetime, entries: int = 50) -> CasePage:
    """The page of one case. Raises NotFound if there is none that this member may see."""
    seen = reach(member)
    found: Any = _case.first(seen, number=number)
    if found is None:
        raise NotFound
    case: Case = found
    extensions = _extensions(case=case.pk, round=case.round) if found.has_extension else []
    files = _files(case=case.pk) if found.has_files else []
    return CasePage(
        case=case,
        attachments=files,
        voices=_voices(case, member, files, at, more=found.has_additions),
        assignments=_assignments(case=case.pk, round=case.round),
        timeline=timeline.entries(case.subject, visible=entries_for(member, case), limit=entries),
        notes=_notes(case=case.pk) if found.has_notes else [],
        answers=_answers(case=case.pk) if found.has_answers else [],
        earlier=_earlier(case, seen),
        open_return=_open_return.first(case=case.pk) if found.has_return else None,
        open_extension=next((e for e in extensions if e.state == Extension.State.ASKED), None),
        granted=next((e for e in extensions if e.state == Extension.State.GRANTED), None),
        pauses=list(Pause.objects.filter(case=case, round=case.round)) if found.has_pause else [],
        joined=list(visible(member, few=True).filter(joined_into=case)) if found.has_joined else [],
        joined_into=(visible(member, few=True).filter(pk=case.joined_into_id).first() if case.joined_into_id else None),
    )


def entries_for(member: Member, case: Case) -> set[str]:
    """Which entries of a case a member sees: those of units always, the office's own only if a scope that is not
    a unit's reaches this case."""
    places = places_of(case)
    of_office = any(
        s.unit_id is None and rules.fits(s, None, places, case.sensitivity) for s in people.scopes(member, "case.see")
    )
    return timeline.visible_for(VisibleTo.OFFICE if of_office else VisibleTo.UNIT)


@prepared
def _case(reach: Reach, *, number: Any) -> QuerySet[Case]:
    """The case of this number within a reach, and which of the things around it there are at all."""
    rows = within(reach, few=True).annotate(
        has_return=Exists(Return.objects.filter(case=OuterRef("pk"), state=Return.State.OPEN)),
        has_extension=Exists(Extension.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))),
        has_notes=Exists(Note.objects.filter(case=OuterRef("pk"))),
        has_answers=Exists(Answer.objects.filter(case=OuterRef("pk"))),
        has_additions=Exists(Addition.objects.filter(appeal__case=OuterRef("pk"))),
        has_files=Exists(Attachment.objects.filter(case=OuterRef("pk"))),
        has_pause=Exists(Pause.objects.filter(case=OuterRef("pk"))),
        has_joined=Exists(Case.objects.filter(joined_into=OuterRef("pk"))),
    )
    return rows.select_related(*ROW, "community").filter(number=number)[:1]


@prepared
def _files(*, case: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(case_id=case).order_by("id")


@prepared
def _assignments(*, case: Any, round: Any) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(case_id=case, round=round).select_related("unit", "officer")
    return rows.order_by("-role", "id")


@prepared
def _extensions(*, case: Any, round: Any) -> QuerySet[Extension]:
    """Of this round, the latest decision first."""
    rows = Extension.objects.filter(case_id=case, round=round).select_related("asked_by")
    return rows.order_by(F("decided_at").desc(), "-id")


@prepared
def _notes(*, case: Any) -> QuerySet[Note]:
    return Note.objects.filter(case_id=case).select_related("member").order_by("-id")


@prepared
def _answers(*, case: Any) -> QuerySet[Answer]:
    return Answer.objects.filter(case_id=case).select_related("unit", "member").order_by("-id")


@prepared
def _open_return(*, case: Any) -> QuerySet[Return]:
    rows = Return.objects.select_related("assignment__unit", "proposed")
    return rows.filter(case_id=case, state=Return.State.OPEN)[:1]


@prepared
def _appeals(with_additions: bool, *, case: Any) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(case_id=case).select_related("reporter", "taken_by").order_by("received_at", "id")
    return rows.prefetch_related(Prefetch("additions", Addition.objects.order_by("id"))) if with_additions else rows


def _voices(case: Case, member: Member, files: list[Attachment], at: datetime, *, more: bool) -> list[Voice]:
    rows = _appeals(more, case=case.pk)
    revealed = people.unmasked(member, [a.reporter_id for a in rows if a.reporter_id], case.subject, at)
    voices = []
    for appeal in rows:
        who, shown = appeal.reporter, appeal.reporter_id in revealed
        name, phone = (who.name, who.phone) if who else (appeal.nickname, "")
        voices.append(
            Voice(
                appeal=appeal,
                name=name if shown or not who else masking.mask_name(name),
                phone=phone if shown else masking.mask_phone(phone),
                revealed=shown,
                additions=list(appeal.additions.all()) if more else [],
                attachments=[f for f in files if f.appeal_id == appeal.pk],
            )
        )
    return voices


def _earlier(case: Case, seen: Reach) -> list[Case]:
    """Earlier cases at this door: the same building and, where known, the same home."""
    if case.building_id is None:
        return []
    where = {"building": case.building_id, "besides": case.pk}
    return _at_home(seen, room=case.room, **where) if case.room else _at_building(seen, **where)


@prepared
def _at_building(reach: Reach, *, building: Any, besides: Any) -> QuerySet[Case]:
    rows = within(reach, few=True).filter(building_id=building).exclude(pk=besides)
    return rows.select_related("category").only(*EARLIER_SHOWN).order_by("-id")[:EARLIER]


@prepared
def _at_home(reach: Reach, *, building: Any, room: Any, besides: Any) -> QuerySet[Case]:
    rows = within(reach, few=True).filter(building_id=building, room=room).exclude(pk=besides)
    return rows.select_related("category").only(*EARLIER_SHOWN).order_by("-id")[:EARLIER]
