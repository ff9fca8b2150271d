"""Needs: help asked for by residents or the office; verified, answered in time (条例 13), planned, met."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.people.models import Resident, Unit
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, letters_deeds, seeing
from chenyue.volunteering.lifecycle import NEED_MOVES, ActivityKind, ActivityState, NeedState, Via
from chenyue.volunteering.models import Activity, Need, Skill
from chenyue.volunteering.persons import not_oneself
from chenyue.workdays.queries import calendar

ANSWER_WITHIN = 3  # working days; the regulations say "in time" and name no number
LONGEST = timedelta(hours=24)
AHEAD = timedelta(days=180)
MOST_PEOPLE = 50


@dataclass(frozen=True)
class Asked:
    """What somebody asks for. Keys of rows, not rows; `resident` None: the office itself."""

    title: str
    starts_at: datetime
    ends_at: datetime
    words: str = ""
    risks: str = ""
    kind: str = ActivityKind.OTHER
    people: int = 1
    place: int | None = None
    unit: int | None = None
    skills: tuple[int, ...] = ()


def may_ask(by: Actor, unit: int | None) -> bool:
    """Whether a member writes needs down: who serves, or who organises for that unit."""
    if by.kind != "member":
        return by.kind == "system"
    organises = seeing.may(by.user, seeing.ORGANISE, unit) if unit else seeing.units_of(by.user) is None
    return seeing.may(by.user, seeing.SERVE) or (seeing.may(by.user, seeing.ORGANISE) and organises)


def ask(
    asked: Asked, *, by: Actor, at: datetime, resident: Resident | None = None, case: int | None = None,
    via: str = Via.WEB,
) -> Need:  # fmt: skip
    """Write a need down. By the resident for themselves, or by a member, for a resident or for the office.

    Raises Refusal at the field that doesn't hold, NotAllowed.
    """
    oneself = by.kind == "resident" and resident is not None and by.key == str(resident.pk)
    if not oneself and not may_ask(by, asked.unit):
        raise NotAllowed
    fields, skills = _checked(asked, at), _skills(asked.skills)
    with transaction_of_its_own():
        year = timezone.localtime(at).year
        row = Need.objects.create(
            number=f"N{year}-{ids.next_value(f'need:{year}'):04d}",
            resident=resident,
            case_id=case,
            via=acts.one_of(Via.values, via, "via"),
            answer_by=calendar().add_workdays(acts.local_day(at), ANSWER_WITHIN),
            asked_at=at,
            asked_by=by.user if by.kind == "member" else None,
            **fields,
        )
        row.skills.set(skills)
        acts.record(
            row.subject, "need_asked", by=by, at=at, data={"title": row.title}, visible_to=VisibleTo.RESIDENT
        )  # fmt: skip
    return row


def _checked(asked: Asked, at: datetime) -> dict[str, Any]:
    if asked.ends_at <= asked.starts_at:
        raise Refusal(_("It ends after it begins."), field="ends_at", code="order")
    if asked.ends_at - asked.starts_at > LONGEST:
        raise Refusal(_("At most a day at once: ask for each day."), field="ends_at", code="long")
    if asked.starts_at <= at:
        raise Refusal(_("This time has passed already."), field="starts_at", code="past")
    if asked.starts_at > at + AHEAD:
        raise Refusal(_("That is too far ahead: at most half a year."), field="starts_at", code="far")
    if not 1 <= asked.people <= MOST_PEOPLE:
        raise Refusal(_("From 1 to 50 people."), field="people", code="people")
    if asked.place and not Place.objects.filter(pk=asked.place, active=True).exists():
        raise Refusal(_("Choose one from the list."), field="place", code="place")
    if asked.unit and not Unit.objects.filter(pk=asked.unit, active=True).exists():
        raise Refusal(_("Choose one from the list."), field="unit", code="unit")
    info = gazetteer().get(asked.place) if asked.place else None
    return {
        "title": acts.words(asked.title, "title", needed=True, most=80),
        "words": acts.words(asked.words),
        "risks": acts.words(asked.risks, "risks", most=300),
        "kind": acts.one_of(ActivityKind.values, asked.kind, "kind"),
        "starts_at": asked.starts_at, "ends_at": asked.ends_at, "people": asked.people,
        "place_id": asked.place, "unit_id": asked.unit, "community_id": info.community_id if info else None,
    }  # fmt: skip


def _skills(keys: Collection[int]) -> list[Skill]:
    found = list(Skill.objects.filter(pk__in=list(keys)))
    if len(found) != len(set(keys)):
        raise Refusal(_("Choose one from the list."), field="skills", code="skills")
    return found


def asked_of(row: Need) -> Asked:
    """A need as it was asked, for a form."""
    return Asked(
        title=row.title, words=row.words, risks=row.risks, kind=row.kind, starts_at=row.starts_at,
        ends_at=row.ends_at, people=row.people, place=row.place_id, unit=row.unit_id,
        skills=tuple(row.skills.values_list("pk", flat=True)),
    )  # fmt: skip


def save(need: Need, asked: Asked, *, by: Actor, at: datetime, version: int | None = None) -> Need:
    """Put right what is needed, while nobody comes yet."""
    _check(by, need, "serve")
    with acts.locked(need, version) as row:
        if row.state not in (NeedState.ASKED, NeedState.VERIFIED):
            raise Conflict
        fields = _checked(asked, at)
        for name, value in fields.items():
            setattr(row, name, value)
        acts.touch(row, *(name.removesuffix("_id") for name in fields))
        row.skills.set(_skills(asked.skills))
        acts.record(row.subject, "need_changed", by=by, at=at, visible_to=VisibleTo.RESIDENT)
    return row


def _check(by: Actor, need: Need, to: str) -> None:
    if by.kind != "system" and not (by.kind == "member" and seeing.may_need(by.user, need, to)):
        raise NotAllowed


def _move(row: Need, to: str, verb: str, by: Actor, at: datetime, data: Any = None, said: str = "") -> None:
    if to not in NEED_MOVES[row.state]:
        raise Conflict
    row.state, row.reason = to, said
    acts.touch(row, "state", "reason", "verified_at", "verified_by")
    acts.record(row.subject, verb, by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT, said=said)


def verify(need: Need, *, by: Actor, at: datetime, version: int | None = None) -> Need:
    """Somebody of the office has asked back: it is as told. Nobody verifies a need of their own."""
    _check(by, need, "organise")
    not_oneself(by, need.resident, _("This is your own need: somebody else must look at it."))
    with acts.locked(need, version) as row:
        row.verified_at, row.verified_by = at, by.user if by.kind == "member" else None
        _move(row, NeedState.VERIFIED, "need_verified", by, at)
        letters_deeds.need(row, "need-verified", at)
    return row


def decline(need: Need, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Need:
    """It can't be done; who asked reads why."""
    _check(by, need, "organise")
    said = acts.words(reason, "reason", needed=True, most=300)
    with acts.locked(need, version) as row:
        _move(row, NeedState.DECLINED, "need_declined", by, at, said=said)
        letters_deeds.need(row, "need-declined", at)
    return row


def again(need: Need, *, by: Actor, at: datetime, version: int | None = None) -> Need:
    """Look at a declined or withdrawn need once more; its answer is due anew."""
    _check(by, need, "serve")
    with acts.locked(need, version) as row:
        row.answer_by, row.verified_at, row.verified_by = (
            calendar().add_workdays(acts.local_day(at), ANSWER_WITHIN), None, None,
        )  # fmt: skip
        _move(row, NeedState.ASKED, "need_again", by, at)
        row.save(update_fields=["answer_by"])
    return row


def withdraw(need: Need, *, by: Actor, at: datetime, reason: str = "", version: int | None = None) -> Need:
    """Help isn't needed any more: by who asked, or at the window."""
    if not (by.kind == "resident" and need.resident_id is not None and by.key == str(need.resident_id)):
        _check(by, need, "serve")
    said = acts.words(reason, "reason", most=300)
    with acts.locked(need, version) as row:
        _move(row, NeedState.WITHDRAWN, "need_withdrawn", by, at, said=said)
    return row


def plan(need: Need, activity: Activity, *, by: Actor, at: datetime) -> Need:
    """An activity takes a verified need on."""
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    _check(by, need, "organise")
    with acts.locked(need) as row:
        _move(row, NeedState.PLANNED, "need_planned", by, at, data={"activity": activity.number})
        activity.needs.add(row)
        letters_deeds.need(row, "need-planned", at)
    return row


def unplan(need: Need, activity: Activity, *, by: Actor, at: datetime) -> Need:
    """The activity doesn't take place: the need looks for somebody else."""
    with acts.locked(need) as row:
        others = row.activities.exclude(pk=activity.pk).filter(state__in=(ActivityState.DRAFT, ActivityState.OPEN))
        if not others.exists():
            _move(row, NeedState.VERIFIED, "need_unplanned", by, at)
    return row


def met(need: Need, activity: Activity, *, by: Actor, at: datetime) -> Need:
    """The activity was done, and with it what was needed."""
    with acts.locked(need) as row:
        _move(row, NeedState.MET, "need_met", by, at, data={"activity": activity.number})
    return row


SHOWN = {
    "asked": Q(state=NeedState.ASKED),
    "verified": Q(state=NeedState.VERIFIED),
    "planned": Q(state=NeedState.PLANNED),
    "met": Q(state=NeedState.MET),
    "ended": Q(state__in=(NeedState.DECLINED, NeedState.WITHDRAWN)),
}
