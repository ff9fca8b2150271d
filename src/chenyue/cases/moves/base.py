"""What every move works with: the locked case, who and when, and what is to be recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.cases import clock
from chenyue.cases.lifecycle import TABLE, Move, State
from chenyue.cases.models import Appeal, Assignment, AssignmentRole, Case, Extension, Pause, Return
from chenyue.catalogue.queries import catalogue
from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.prepared import prepared
from chenyue.people.models import Member
from chenyue.timeline.actions import Draft
from chenyue.timeline.models import VisibleTo

MAX_WORDS = 8000


@dataclass
class Act:
    """One move being made. Handlers change `case`, add drafts and events; the door writes them."""

    case: Case
    move: Move
    by: Actor
    at: datetime
    drafts: list[Draft] = field(default_factory=list)
    events: list[object] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)  # for CaseMoved
    reindex: bool = False  # what is searched has changed
    other: Case | None = None  # the second case of a join or its undoing, locked as well
    also: Case | None = None  # a second case to be written
    split_off: Case | None = None

    def __post_init__(self) -> None:
        self._was = dict(self.case.__dict__)

    def changed(self) -> list[str]:
        """The fields of the case that differ from what was locked: an update of all fifty costs a millisecond."""
        now = self.case.__dict__
        return [f.name for f in Case._meta.concrete_fields if now.get(f.attname) != self._was.get(f.attname)]

    @property
    def member(self) -> Member | None:
        """The member who acts; None for a resident or the system."""
        return self.by.user if self.by.kind == "member" else None

    @cached_property
    def assignments(self) -> list[Assignment]:
        """Active parts of the case, the lead first. A case that was never dispatched has none."""
        if self.case.lead_id is None:
            return []
        found = _parts(case=self.case.pk)
        return sorted(found, key=lambda a: a.role != AssignmentRole.LEAD)

    @property
    def lead(self) -> Assignment | None:
        """The leading unit's part."""
        return next((a for a in self.assignments if a.role == AssignmentRole.LEAD), None)

    @property
    def assists(self) -> list[Assignment]:
        """The assisting units' parts."""
        return [a for a in self.assignments if a.role == AssignmentRole.ASSIST]

    @cached_property
    def open_return(self) -> Return | None:
        """The objection under review, if there is one."""
        if self.case.review_due_at is None:
            return None
        return Return.objects.filter(case=self.case, state=Return.State.OPEN).first()

    @cached_property
    def open_extension(self) -> Extension | None:
        """The request for more time that awaits its decision."""
        return Extension.objects.filter(case=self.case, state=Extension.State.ASKED).first()

    @cached_property
    def granted(self) -> Extension | None:
        """The latest extension granted in this round."""
        mine = Extension.objects.filter(case=self.case, round=self.case.round, state=Extension.State.GRANTED)
        return mine.order_by("-decided_at").first()

    @cached_property
    def voices(self) -> list[Appeal]:
        """The appeals of the case with their reporters, in the order of arrival."""
        return _voices(case=self.case.pk)

    @property
    def was(self) -> State:
        """The state in which the case was locked."""
        return State(self._was["state"])

    def pauses(self) -> list[Pause]:
        """The pauses of this round."""
        return list(Pause.objects.filter(case=self.case, round=self.case.round).order_by("starts_at"))

    def say(self, verb: str, visible_to: str = VisibleTo.UNIT, **data: Any) -> None:
        """Record on the timeline. What residents see must hold neither notes nor other people's data."""
        self.drafts.append(Draft(subject=self.case.subject, verb=verb, data=_plain(data), visible_to=visible_to))

    def tell(self, verb: str, **data: Any) -> None:
        """Record for everyone, the residents first."""
        self.say(verb, VisibleTo.RESIDENT, **data)

    def enter(self) -> None:
        """Go to the state that the table names for this move."""
        target = TABLE[self.move].target
        if target is not None:
            self.case.state = target.value

    def to(self, state: State) -> None:
        """Go to a state that the move itself has found."""
        self.case.state = state.value


@prepared
def _parts(*, case: Any) -> QuerySet[Assignment]:
    return Assignment.objects.filter(case_id=case, active=True).order_by("pk")


@prepared
def _voices(*, case: Any) -> QuerySet[Appeal]:
    return Appeal.objects.filter(case_id=case).select_related("reporter").order_by("pk")


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Data as the timeline stores it: moments as texts, empty values left out."""
    plain = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in data.items()}
    return {k: v for k, v in plain.items() if v not in (None, "", [], {})}


def words(value: str, field_name: str, most: int = MAX_WORDS) -> str:
    """Words that must be there, cleaned; refuses empty and overlong ones at their field."""
    cleaned = text.clean(value or "")
    if not cleaned:
        raise Refusal(_("Write a few words here."), field=field_name, code="empty")
    if len(cleaned) > most:
        raise Refusal(
            _("This is longer than %(most)s characters. Shorten it a little.") % {"most": most},
            field=field_name,
            code="too_long",
        )
    return cleaned


def optional(value: str, field_name: str, most: int = MAX_WORDS) -> str:
    """Words that may be missing, cleaned."""
    return words(value, field_name, most) if text.clean(value or "") else ""


def unit_name(unit_id: int | None) -> str:
    """A unit's name, from the catalogue in memory."""
    unit = catalogue().unit_by_id.get(unit_id or 0)
    return unit.name if unit else ""


def unit_names(ids: Iterable[int]) -> list[str]:
    """Names of units, in order."""
    return [unit_name(pk) for pk in ids]


def usable_unit(unit_id: int, field_name: str, case: Case) -> int:
    """A unit that work can be given to; refuses unknown, placeholder, inactive and accused ones."""
    unit = catalogue().unit_by_id.get(int(unit_id))
    if unit is None or unit.placeholder or not unit.active:
        raise Refusal(_("Choose a unit that exists and is active."), field=field_name, code="unit")
    if case.accused_unit_id == unit.id:
        raise Refusal(_("The matter is about this unit. Give it to another."), field=field_name, code="accused")
    return unit.id


def later(moment: datetime, at: datetime, field_name: str) -> datetime:
    """A moment in the future; refuses the past."""
    if moment <= at:
        raise Refusal(_("Choose a moment in the future."), field=field_name, code="past")
    return moment


def finish(act: Act) -> None:
    """After a handler: the next moment, the version, and that it was touched."""
    clock.schedule(act.case, act.at)
    act.case.version += 1
    act.case.touched_at = act.at
