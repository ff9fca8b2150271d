"""Meetings, inquiries and looks at the place: planned, told of, held, broken off or cancelled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal, Sentence
from chenyue.mediation import acts, clashes, moments, people, seeing, stages, telling
from chenyue.mediation.lifecycle import ENDED, MeetingKind, MeetingState, Minutes, Question, Stage
from chenyue.mediation.models import (
    Appointment,
    Attendance,
    Consent,
    Invitation,
    Mediation,
    Meeting,
    Party,
    Representative,
)
from chenyue.people.models import Member
from chenyue.timeline.models import VisibleTo

FAR = timedelta(days=366)  # a meeting further away is a slip of the pen
BEFORE_CONSENT = (MeetingKind.INQUIRY,)  # what may take place while the parties are still being asked
STAGES = (Stage.CONSENT, Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING)
KINDS = ("party", "representative", "appointment", "invitation")


@dataclass(frozen=True)
class Plan:
    """What a meeting is to be. `asked`: of whom an inquiry asks; `whom`: `party:3`, `appointment:1`, …"""

    kind: str
    starts_at: datetime
    room: str
    ends_at: datetime | None = None
    place_id: int | None = None
    is_open: bool = False
    asked: str = ""
    agenda: str = ""
    whom: Sequence[str] = ()
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Came:
    """Whether one of those who were asked came."""

    came: bool | None
    late_minutes: int = 0
    words: str = ""


@dataclass(frozen=True)
class Held:
    """How a meeting went. `agreed`: 达成, 未达成, or still open."""

    ended_at: datetime
    came: Mapping[int, Came]
    recorder: str = ""
    result: str = ""
    agreed: bool | None = None
    names: Sequence[str] = ()


def visible(member: Member, mediation: Mediation) -> QuerySet[Meeting]:
    """Meetings that exist for this member: all, or those to which their unit is invited."""
    rows = Meeting.objects.filter(mediation=mediation.pk)
    if seeing.may(member, mediation, "see"):
        return rows
    if not seeing.may(member, mediation, "attend"):
        return rows.none()
    asked = Attendance.objects.filter(meeting__mediation=mediation.pk, invitation__unit__in=seeing.units_of(member))
    return rows.filter(pk__in=asked.values("meeting_id"))


def meeting_for(member: Member, mediation: Mediation, number: int) -> Meeting:
    """One of them, by its number. Raises NotFound."""
    row = visible(member, mediation).select_related("place", "made_by").filter(number=number).first()
    if row is None:
        raise NotFound
    row.mediation = mediation
    return row


def invitable(mediation: Mediation) -> list[tuple[str, str, str]]:
    """Whoever may be asked to come now: key (`party:3`), name, in what part."""
    found: list[tuple[str, str, str]] = []
    for party in people.current_parties(mediation):
        found.append((f"party:{party.pk}", party.name, str(party.get_side_display())))
    for one in people.current_representatives(mediation):
        found.append((f"representative:{one.pk}", one.name, str(one.get_acts_display())))
    current = Appointment.objects.filter(mediation=mediation.pk, until=None).select_related("mediator")
    for row in current.order_by("role", "pk"):
        found.append((f"appointment:{row.pk}", row.mediator.name, str(_("Mediator"))))
    welcome = Invitation.objects.filter(mediation=mediation.pk, state__in=seeing.WELCOME).select_related("unit")
    for guest in welcome.order_by("pk"):
        name = "".join(filter(None, [guest.unit.name if guest.unit else "", guest.name]))
        found.append((f"invitation:{guest.pk}", name, guest.role or str(_("Invited"))))
    return found


def doubts(mediation: Mediation, plan: Plan, *, but: int | None = None) -> list[Sentence]:
    """What a mediator should know before a meeting is planned so; none of it forbids."""
    said = [tuple(key.split(":")) for key in plan.whom]
    chosen = Appointment.objects.filter(pk__in=[int(pk) for kind, pk in said if kind == "appointment"])
    asked = clashes.Asked(
        plan.starts_at, plan.ends_at, plan.room, plan.place_id,
        frozenset(chosen.values_list("mediator_id", flat=True)),
        frozenset(int(pk) for kind, pk in said if kind == "party"),
    )  # fmt: skip
    found = clashes.warnings(asked, but=but)
    if plan.kind == MeetingKind.SURVEY and not people.all_agree(mediation, Question.SURVEY):
        found.append(_("Not every party has agreed to the look at the place yet: it can't take place before."))
    invited = {kind for kind, _pk in said}
    if plan.kind == MeetingKind.JOINT and "appointment" not in invited:
        found.append(_("No mediator is asked to come."))
    return found


def plan_meeting(*, mediation: Mediation, plan: Plan, by: Actor, at: datetime) -> Meeting:
    """Plan a meeting; or write one down that took place on the spot (its beginning lies in the past then).

    All parties read that it is planned, and when; where it is, those read who are asked. Raises Refusal, NotAllowed.
    """
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct")
        _check(row, plan, at)
        number = (row.meetings.aggregate(n=Max("number"))["n"] or 0) + 1
        made = Meeting(mediation=row, number=number, made_at=at, made_by=by.user)
        _write(made, plan)
        made.save()
        _ask(made, plan)
        acts.record(row, "meeting_planned", by=by, at=at, data=_data(made), visible_to=VisibleTo.RESIDENT)
        telling.tell_mediators(made, "planned", at, by.key)
        moments.refresh(row)
    return made


def change_meeting(*, meeting: Meeting, plan: Plan, version: int | None, by: Actor, at: datetime) -> Meeting:
    """Move or change a meeting that hasn't taken place. Those who were told must be told again."""
    with _meeting(meeting, by, version) as made:
        _planned(made)
        _check(made.mediation, plan, at)
        moved = made.starts_at != plan.starts_at
        _write(made, plan)
        made.notices_at = None
        _save(made)
        made.attendances.all().delete()
        _ask(made, plan)
        verb = "meeting_moved" if moved else "meeting_changed"
        acts.record(made.mediation, verb, by=by, at=at, data=_data(made), visible_to=VisibleTo.RESIDENT)
        if moved:
            telling.tell_mediators(made, "moved", at, by.key)
        moments.refresh(made.mediation)
    return made


def cancel_meeting(*, meeting: Meeting, why: str, by: Actor, at: datetime) -> Meeting:
    """It won't take place. All parties read why."""
    with _meeting(meeting, by) as made:
        _planned(made)
        _cancel(made, acts.words(why, "why", needed=True, most=200), by, at)
        moments.refresh(made.mediation)
    return made


def hold_meeting(*, meeting: Meeting, held: Held, by: Actor, at: datetime) -> Meeting:
    """It took place: who came, what came of it. A look at the place needs everybody's consent."""
    with _meeting(meeting, by) as made:
        _planned(made, MeetingState.HELD)
        if made.kind == MeetingKind.SURVEY and not people.all_agree(made.mediation, Question.SURVEY):
            raise Refusal(_("Enter first that each party agreed to this look at the place."), code="consent")
        _took_place(made, held, at)
        made.state = MeetingState.HELD
        _save(made)
        acts.record(made.mediation, "meeting_held", by=by, at=at, data=_data(made), visible_to=VisibleTo.RESIDENT)
        moments.refresh(made.mediation)
    return made


def break_off(
    *, meeting: Meeting, held: Held, why: str, by: Actor, at: datetime, withdraws: Party | None = None
) -> Meeting:
    """It began and was broken off. `withdraws`: a party that takes its consent back at that (art. 23)."""
    with _meeting(meeting, by) as made:
        _planned(made, MeetingState.BROKEN_OFF)
        _took_place(made, held, at)
        made.state, made.agreed = MeetingState.BROKEN_OFF, False
        made.broken_off_why = acts.words(why, "why", needed=True, most=200)
        _save(made)
        acts.record(made.mediation, "meeting_broken_off", by=by, at=at, data=_data(made), visible_to=VisibleTo.RESIDENT)
        if withdraws is not None:
            consent = Consent.objects.filter(
                party=withdraws, mediation=made.mediation_id, question=Question.MEDIATION, superseded_at=None,
                withdrawn_at=None, given=True,
            ).first()  # fmt: skip
            if consent is None:
                raise Refusal(_("This party has no consent to take back."), field="withdraws", code="no_consent")
            people.withdraw(consent, by=by, at=at)
        moments.refresh(Mediation.objects.get(pk=made.mediation_id))
    return made


def notices_given(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """All who are asked have their notice: by letter, by hand, or by telephone."""
    with _meeting(meeting, by) as made:
        _planned(made)
        made.notices_at = at
        made.save(update_fields=["notices_at"])
        acts.record(made.mediation, "meeting_told", by=by, at=at, data=_data(made), visible_to=VisibleTo.RESIDENT)
    return made


@moments.source
def next_meeting(mediation: Mediation) -> list[moments.Moment]:
    """Meetings that are planned; one that has passed waits for somebody to write down how it went."""
    if mediation.stage in ENDED:
        return []
    rows = Meeting.objects.filter(mediation=mediation.pk, state=MeetingState.PLANNED)
    return [(moment, "meeting") for moment in rows.values_list("starts_at", flat=True)]


@stages.follow
def end_with_the_mediation(mediation: Mediation, was: str, by: Actor, at: datetime) -> None:
    """What is planned doesn't take place once the mediation has ended."""
    if mediation.stage in ENDED:
        for made in mediation.meetings.filter(state=MeetingState.PLANNED).order_by("number"):
            made.mediation = mediation
            _cancel(made, str(_("The mediation has ended.")), by, at)


@contextmanager
def _meeting(meeting: Meeting, by: Actor, version: int | None = None) -> Iterator[Meeting]:
    """The meeting and its mediation, locked, by who conducts it."""
    with acts.locked(meeting.mediation_id) as mediation:
        seeing.check(by, mediation, "conduct")
        row = Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting.pk).first()
        if row is None:
            raise NotFound
        if version is not None and version != row.version:
            raise Conflict
        row.mediation = mediation
        yield row


def _check(mediation: Mediation, plan: Plan, at: datetime) -> None:
    acts.one_of(MeetingKind.values, plan.kind, "kind")
    early = mediation.stage == Stage.CONSENT and plan.kind not in BEFORE_CONSENT
    if mediation.stage not in STAGES or early:
        raise Refusal(_("Meetings are planned once all parties have agreed to be mediated."), code="stage")
    if not abs(plan.starts_at - at) <= FAR:
        raise Refusal(_("Check the year."), field="day", code="far")
    if plan.ends_at is not None and plan.ends_at <= plan.starts_at:
        raise Refusal(_("The end lies before the beginning."), field="until", code="order")
    if plan.is_open and not people.all_agree(mediation, Question.OPEN):
        raise Refusal(
            _("A meeting is closed unless every party wants it open (art. 23): enter their consent first."),
            field="is_open", code="closed",
        )  # fmt: skip
    if plan.kind == MeetingKind.INQUIRY and not acts.words(plan.asked, "asked"):
        raise Refusal(_("Write who is asked."), field="asked", code="asked")
    if not plan.whom and not plan.names and plan.kind != MeetingKind.INQUIRY:
        raise Refusal(_("Choose who is asked to come."), field="whom", code="nobody")


def _planned(made: Meeting, to: str = "") -> None:
    if made.state != MeetingState.PLANNED:
        raise Conflict(_("This meeting is “%(state)s” already.") % {"state": made.get_state_display()})
    if made.mediation.stage in ENDED and to != MeetingState.BROKEN_OFF:
        raise Refusal(_("This mediation has ended."), code="ended")


def _write(made: Meeting, plan: Plan) -> None:
    made.kind, made.starts_at, made.ends_at = plan.kind, plan.starts_at, plan.ends_at
    made.room, made.place_id = acts.words(plan.room, "room", needed=True, most=120), plan.place_id
    made.is_open, made.asked = plan.is_open, acts.words(plan.asked, "asked", most=120)
    made.agenda = acts.words(plan.agenda, "agenda", most=4000)


def _save(made: Meeting) -> None:
    made.version += 1
    made.save()


def _ask(made: Meeting, plan: Plan) -> None:
    """Rows of those who are asked; each must belong to this mediation and be able to come."""
    known = {key for key, _name, _part in invitable(made.mediation)}
    if strange := [key for key in plan.whom if key not in known]:
        raise Refusal(_("%(n)d of those chosen can't be asked any more.") % {"n": len(strange)}, field="whom")
    rows = [
        Attendance(meeting=made, **{f"{k}_id": int(pk)}) for k, pk in (w.split(":") for w in dict.fromkeys(plan.whom))
    ]
    Attendance.objects.bulk_create([*rows, *_named(made, plan.names)])


def _named(made: Meeting, names: Iterable[str], came: bool | None = None) -> list[Attendance]:
    cleaned = [acts.words(name, "names", most=60) for name in names]
    return [Attendance(meeting=made, name=name, came=came) for name in dict.fromkeys(filter(None, cleaned))]


def _took_place(made: Meeting, held: Held, at: datetime) -> None:
    if made.starts_at > at:
        raise Refusal(_("This meeting lies in the future: move it first if it took place earlier."), code="future")
    if not made.starts_at <= held.ended_at <= max(at, made.starts_at):
        raise Refusal(_("It ended after it began, and not in the future."), field="until", code="order")
    _who_came(made, held)
    made.ends_at, made.recorder = held.ended_at, acts.words(held.recorder, "recorder", most=40)
    made.result, made.agreed = acts.words(held.result, "result", most=4000), held.agreed


def _who_came(made: Meeting, held: Held) -> None:
    rows = {row.pk: row for row in made.attendances.all()}
    for pk, said in held.came.items():
        row = rows.get(pk)
        if row is None:
            raise Conflict
        row.came, row.late_minutes = said.came, said.late_minutes
        row.words = acts.words(said.words, "words", most=120)
    Attendance.objects.bulk_update(rows.values(), ["came", "late_minutes", "words"])
    Attendance.objects.bulk_create(_named(made, held.names, came=True))
    if not any(row.came for row in rows.values()) and not held.names:
        raise Refusal(_("Nobody came: then it didn't take place. Cancel it, with the reason."), code="nobody")


def _cancel(made: Meeting, why: str, by: Actor, at: datetime) -> None:
    made.state, made.broken_off_why = MeetingState.CANCELLED, why
    _save(made)
    data = _data(made)
    acts.record(made.mediation, "meeting_cancelled", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT, said=why)
    telling.tell_mediators(made, "cancelled", at, by.key)


def _data(made: Meeting) -> dict[str, Any]:
    """What the timeline says of a meeting. Not where it is: that may be somebody's home."""
    return {"number": made.number, "kind": made.kind, "when": timezone.localtime(made.starts_at).isoformat()}


def people_of(meeting: Meeting) -> list[Attendance]:
    """Who was asked and who came, parties first. One statement."""
    rows = meeting.attendances.select_related(
        "party", "representative", "appointment__mediator", "invitation__unit"
    ).order_by("pk")
    return sorted(rows, key=_rank)


def _rank(row: Attendance) -> tuple[int, int]:
    order = [row.party_id, row.representative_id, row.appointment_id, row.invitation_id]
    return next((n for n, pk in enumerate(order) if pk is not None), len(order)), row.pk


def parties_present(meeting: Meeting) -> Collection[int]:
    """Ids of parties who came themselves, or for whom somebody came."""
    came = meeting.attendances.filter(came=True)
    own = set(came.exclude(party=None).values_list("party_id", flat=True))
    spoken = Representative.objects.filter(pk__in=came.exclude(representative=None).values("representative_id"))
    return own | {pk for pk in spoken.values_list("parties", flat=True) if pk is not None}


def present(meeting: Meeting) -> list[Party]:
    """Parties who came themselves, or for whom somebody came."""
    return list(Party.objects.filter(pk__in=parties_present(meeting), left_at=None).order_by("order"))


def minutes_open(meeting: Meeting) -> bool:
    """Whether minutes can still be written."""
    return meeting.state in (MeetingState.HELD, MeetingState.BROKEN_OFF) and meeting.minutes != Minutes.FINAL
