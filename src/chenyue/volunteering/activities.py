"""Activities: drafted, opened for sign-up with true and full information, done or called off; copies and series."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal, Sentence
from chenyue.people.models import Member, Unit
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.volunteering import acts, letters_deeds, needs, seeing, signing_up
from chenyue.volunteering.approving import case_open
from chenyue.volunteering.lifecycle import (
    ACTIVITY_MOVES,
    ActivityKind,
    ActivityState,
    Mode,
    NeedState,
    SignUpState,
)
from chenyue.volunteering.models import Activity, Need, SignUp, Skill

LONGEST = timedelta(hours=16)
MOST_PEOPLE, MOST_WEEKS = 2000, 26


@dataclass(frozen=True)
class Told:
    """What is written down of an activity. Keys of rows, not rows."""

    title: str
    unit: int
    starts_at: datetime
    ends_at: datetime
    kind: str = ActivityKind.OTHER
    words: str = ""
    place: int | None = None
    place_words: str = ""
    capacity: int = 10
    break_minutes: int = 0
    sign_up_until: datetime | None = None
    min_age: int | None = None
    max_age: int | None = None
    skills: tuple[int, ...] = ()
    training: str = ""
    risks: str = ""
    dangerous: bool = False
    insurance: str = ""
    served: str = ""
    mode: str = Mode.QR
    earns: bool = True
    manager: int | None = None
    recorder: int | None = None
    certifier: int | None = None
    case: int | None = None
    project: str = ""


LENGTHS = {"title": 80, "place_words": 120, "training": 300, "risks": 300, "insurance": 120, "served": 120}


def draft(told: Told, *, by: Actor, at: datetime, needs_met: Collection[Need] = ()) -> Activity:
    """A new activity, which nobody sees yet but the office. By who organises for its unit.

    Raises Refusal at the field that doesn't hold, NotAllowed.
    """
    seeing.check(by, seeing.ORGANISE, told.unit)
    fields = _checked(told)
    with transaction_of_its_own():
        year = timezone.localtime(at).year
        row = Activity.objects.create(
            number=f"V{year}-{ids.next_value(f'activity:{year}'):04d}",
            secret=ids.token(),
            made_at=at,
            made_by=by.user if by.kind == "member" else None,
            **fields,
        )
        row.skills.set(_skills(told.skills))
        acts.record(row.subject, "activity_drafted", by=by, at=at, data={"title": row.title})
        for need in needs_met:
            needs.plan(need, row, by=by, at=at)
    return row


def save(activity: Activity, told: Told, *, by: Actor, at: datetime, version: int | None = None) -> Activity:
    """Change an activity that isn't over. Who signed up is told of another time or place; more room calls people up.

    Raises Conflict for a stale form or an ended activity, Refusal at the field.
    """
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    seeing.check(by, seeing.ORGANISE, told.unit)
    fields = _checked(told)
    with acts.locked(activity, version) as row:
        if row.state not in (ActivityState.DRAFT, ActivityState.OPEN):
            raise Conflict(_("This activity has ended: nothing of it is changed any more."))
        if fields["capacity"] < row.going:
            said = _("%(n)d people have a place already. Ask some of them first.") % {"n": row.going}
            raise Refusal(said, field="capacity", code="capacity")
        moved = any(fields[name] != getattr(row, name) for name in ("starts_at", "ends_at", "place_id", "place_words"))
        for name, value in fields.items():
            setattr(row, name, value)
        acts.touch(row, *(name.removesuffix("_id") for name in fields))
        row.skills.set(_skills(told.skills))
        if row.state == ActivityState.OPEN:
            _still_complete(row)
            if moved:
                letters_deeds.changed(row, _coming(row), at)
            signing_up.call_up(row, at=at)
        acts.record(row.subject, "activity_changed", by=by, at=at, data={"moved": moved})
    return row


def _still_complete(row: Activity) -> None:
    found = lacking(row, row.made_at)
    if found:
        raise Refusal(found[0].sentence, field=found[0].field, code="lacking")


def _coming(row: Activity) -> list[SignUp]:
    live = row.sign_ups.filter(state__in=(SignUpState.GOING, SignUpState.WAITING))
    return list(live.select_related("volunteer__resident").order_by("pk"))


def _skills(keys: Collection[int]) -> list[Skill]:
    found = list(Skill.objects.filter(pk__in=list(keys)))
    if len(found) != len(set(keys)):
        raise Refusal(_("Choose one from the list."), field="skills", code="skills")
    return found


def _checked(told: Told) -> dict[str, Any]:
    """What was told as columns. Raises Refusal at the first field that doesn't hold."""
    fields: dict[str, Any] = {
        name: acts.words(getattr(told, name), name, needed=name == "title", most=most) for name, most in LENGTHS.items()
    }
    fields["words"] = acts.words(told.words)
    fields["kind"] = acts.one_of(ActivityKind.values, told.kind, "kind")
    fields["mode"] = acts.one_of(Mode.values, told.mode, "mode")
    _check_times(told)
    _check_numbers(told)
    _check_people(told)
    for name in ("starts_at", "ends_at", "sign_up_until", "capacity", "break_minutes", "min_age", "max_age"):
        fields[name] = getattr(told, name)
    return fields | {
        "dangerous": told.dangerous, "earns": told.earns, "unit_id": told.unit, "manager_id": told.manager,
        "recorder_id": told.recorder, "certifier_id": told.certifier, "case_id": told.case,
        "project": told.project[:20], **_where(told.place),
    }  # fmt: skip


def _check_times(told: Told) -> None:
    if told.ends_at <= told.starts_at:
        raise Refusal(_("It ends after it begins."), field="ends_at", code="order")
    if told.ends_at - told.starts_at > LONGEST:
        raise Refusal(_("At most 16 hours at once: make one activity of each day."), field="ends_at", code="long")
    if told.sign_up_until and told.sign_up_until > told.starts_at:
        raise Refusal(_("Signing up ends before it begins."), field="sign_up_until", code="order")
    span = (told.ends_at - told.starts_at).total_seconds() / 60
    if not 0 <= told.break_minutes < span:
        raise Refusal(_("The break is shorter than the activity."), field="break_minutes", code="break")


def _check_numbers(told: Told) -> None:
    if not 1 <= told.capacity <= MOST_PEOPLE:
        raise Refusal(_("From 1 to 2,000 people."), field="capacity", code="capacity")
    for name in ("min_age", "max_age"):
        age = getattr(told, name)
        if age is not None and not 8 <= age <= 100:
            raise Refusal(_("An age from 8 to 100."), field=name, code="age")
    if told.min_age and told.max_age and told.min_age > told.max_age:
        raise Refusal(_("The upper limit of age is above the lower one."), field="max_age", code="age")


def _check_people(told: Told) -> None:
    """Who organises records, who records doesn't certify (民政部令67)."""
    if told.recorder and told.recorder == told.certifier:
        said = _("Who records the hours doesn't certify them: choose another person.")
        raise Refusal(said, field="certifier", code="two_persons")
    wanted = {pk for pk in (told.manager, told.recorder, told.certifier) if pk}
    if wanted and Member.objects.filter(pk__in=wanted, is_active=True).count() != len(wanted):
        raise Refusal(_("Choose one from the list."), field="manager", code="member")
    if not Unit.objects.filter(pk=told.unit, active=True, placeholder=False).exists():
        raise Refusal(_("Choose one from the list."), field="unit", code="unit")


def _where(place: int | None) -> dict[str, Any]:
    found = Place.objects.filter(pk=place, active=True).first() if place else None
    if place and found is None:
        raise Refusal(_("Choose one from the list."), field="place", code="place")
    info = gazetteer().get(place) if place else None
    community = found.community_id if found and found.community_id else info.community_id if info else None
    return {"place_id": place, "community_id": community}


@dataclass(frozen=True)
class Lack:
    """What is missing before people may be asked to come, at which field."""

    field: str
    sentence: Sentence


def lacking(row: Activity, at: datetime) -> list[Lack]:
    """What stands against opening it: recruiting is done with true and full information and its risks (条例 12)."""
    found = []
    if not row.words:
        found.append(Lack("words", _("Say what is done.")))
    if not row.place_id and not row.place_words:
        found.append(Lack("place", _("Say where to meet.")))
    if not row.risks:
        found.append(Lack("risks", _("Say the risks; if none are known, say so.")))
    if row.dangerous and not row.insurance:
        said = _("It may be dangerous: write down the accident insurance first (Regulations, art. 17).")
        found.append(Lack("insurance", said))
    if row.dangerous and (row.min_age or 0) < 18:
        found.append(Lack("min_age", _("What may be dangerous is for people of 18 and older.")))
    if row.manager_id is None:
        found.append(Lack("manager", _("Name a person in charge.")))
    if row.starts_at <= at:
        found.append(Lack("starts_at", _("It begins in the past.")))
    return found


def _move(row: Activity, to: str) -> None:
    if to not in ACTIVITY_MOVES[row.state]:
        raise Conflict
    row.state = to


def open_up(activity: Activity, *, by: Actor, at: datetime, version: int | None = None) -> Activity:
    """Let people sign up; from now on everybody reads it. Raises Refusal with what is lacking."""
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    with acts.locked(activity, version) as row:
        _move(row, ActivityState.OPEN)
        found = lacking(row, at)
        if found:
            raise Refusal(found[0].sentence, code="lacking")
        row.published_at = at
        acts.touch(row, "state", "published_at")
        acts.record(row.subject, "activity_opened", by=by, at=at)
    return row


def finish(activity: Activity, *, by: Actor, at: datetime, version: int | None = None) -> Activity:
    """It is done: who was scanned or recorded came, the needs it was for are met."""
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    with acts.locked(activity, version) as row:
        if at < row.ends_at:
            raise Refusal(_("It isn't over yet."), code="early")
        _move(row, ActivityState.DONE)
        row.done_at = at
        acts.touch(row, "state", "done_at")
        seen = {*row.scans.values_list("volunteer", flat=True), *row.claims.values_list("volunteer", flat=True)}
        for one in row.sign_ups.filter(state=SignUpState.GOING, volunteer__in=seen).select_related("activity"):
            signing_up.mark(one, True, by=by, at=at)
        for need in row.needs.filter(state=NeedState.PLANNED).order_by("pk"):
            needs.met(need, row, by=by, at=at)
        acts.record(row.subject, "activity_done", by=by, at=at)
    return row


def call_off(activity: Activity, *, reason: str, by: Actor, at: datetime, version: int | None = None) -> Activity:
    """It doesn't take place: everybody who wanted to come is told why, its needs look for somebody else."""
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    said = acts.words(reason, "reason", needed=True, most=300)
    with acts.locked(activity, version) as row:
        was_open = row.state == ActivityState.OPEN
        _move(row, ActivityState.CANCELLED)
        row.reason = said
        acts.touch(row, "state", "reason")
        if was_open:
            letters_deeds.called_off(row, _coming(row), at)
        for need in row.needs.filter(state=NeedState.PLANNED).order_by("pk"):
            needs.unplan(need, row, by=by, at=at)
        acts.record(row.subject, "activity_cancelled", by=by, at=at, said=said)
    return row


def told_of(row: Activity) -> Told:
    """An activity as it was told, for a form or a copy."""
    own = {
        name: getattr(row, f"{name}_id" if name in KEYS else name)
        for name in Told.__dataclass_fields__
        if name != "skills"
    }
    return Told(**own, skills=tuple(row.skills.values_list("pk", flat=True)))


KEYS = ("unit", "place", "manager", "recorder", "certifier", "case")


def copies(activity: Activity, *, first: datetime, weeks: int, by: Actor, at: datetime) -> list[Activity]:
    """Drafts after a former activity: once at `first`, then each week at the same hour, `weeks` in all.

    Needs and case stay with the former one. Raises Refusal at `weeks` or `first`.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refusal(_("From 1 to 26 weeks."), field="weeks", code="weeks")
    if first <= at:
        raise Refusal(_("It begins in the past."), field="first", code="past")
    told, made = told_of(activity), []
    before = told.starts_at - told.sign_up_until if told.sign_up_until else None
    with transaction_of_its_own():
        for week in range(weeks):
            starts = first + timedelta(weeks=week)
            fresh = replace(
                told,
                starts_at=starts,
                ends_at=starts + (told.ends_at - told.starts_at),
                sign_up_until=starts - before if before is not None else None,
                case=None,
            )
            row = draft(fresh, by=by, at=at)
            acts.record(row.subject, "activity_copied", by=by, at=at, data={"activity": activity.number})
            made.append(row)
    return made


def from_need(need: Need, *, unit: int, manager: int | None, reviewed: bool = True) -> Told:
    """The activity that a need asks for, as a beginning. Everybody reads its estate, never where somebody lives.

    Not `reviewed` by a person before it opens, it says nothing in the words of the resident who asked: they may hold
    names, doors and illnesses.
    """
    info = gazetteer().get(need.place_id) if need.place_id else None
    where = (info.estate_id or info.community_id or info.id) if info else None
    return Told(
        kind=need.kind, unit=need.unit_id or unit, place=where, starts_at=need.starts_at, ends_at=need.ends_at,
        capacity=max(1, need.people), manager=manager, min_age=18, case=need.case_id, mode=Mode.LIST,
        skills=tuple(need.skills.values_list("pk", flat=True)),
        served=str(_("A resident")) if need.resident_id else "",
        place_words="" if where else str(_("The organiser says where.")),
        **_words_of(need, reviewed or need.resident_id is None),
    )  # fmt: skip


def _words_of(need: Need, own: bool) -> dict[str, Any]:
    if own:
        return {
            "title": need.title,
            "words": need.words or need.title,
            "risks": need.risks or str(_("No particular risks are known.")),
        }
    return {
        "title": str(_("Help for a neighbour: %(kind)s") % {"kind": need.get_kind_display()}),
        "words": str(_("A resident asked for help. The organiser tells you on the telephone what it is about.")),
        "risks": str(_("The organiser tells you beforehand what one should know there.")),
    }


def why_not_yet(activity: Activity | None, at: datetime) -> Sentence | None:
    """Why hours of this activity can't be certified yet, for its page; None if they can.

    Helping on a case earns on close, never on promise: the case must be closed, or the organiser must have declared the
    activity done. `approving` refuses by the same rule.
    """
    if activity is None or activity.state == ActivityState.DONE:
        return None
    if activity.state in (ActivityState.DRAFT, ActivityState.CANCELLED):
        return _("This activity hasn't taken place.")
    if case_open(activity):
        return _("It helps on a case: hours count when the case is closed, or the activity is declared done.")
    return None if at >= activity.ends_at else _("The activity isn't over yet.")
