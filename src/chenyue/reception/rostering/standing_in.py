"""When somebody doesn't come: who could stand in, ranked; they are asked, and the first who says yes has the turn."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.rules import may
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import RosterPerson, Shift
from chenyue.reception.rostering import ledger, notices, saying, swaps
from chenyue.reception.rostering.building import build
from chenyue.reception.rostering.planning import WORD
from chenyue.reception.solving.standing import stand_ins as ranked_by_core
from chenyue.timeline.actions import record

SERVE = "reception.serve"
BEFORE, AFTER = timedelta(days=31), timedelta(days=15)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a turn: what it would break (nothing: fits), and how they are loaded this year."""

    person: RosterPerson
    troubles: tuple[str, ...]
    weight: float

    @property
    def fits(self) -> bool:
        return not self.troubles


def may_report(member: object, person: RosterPerson) -> bool:
    """Oneself, who plans, and who keeps the queue may say that somebody doesn't come."""
    return getattr(member, "pk", None) == person.member_id or may(member, WORD) or may(member, SERVE)


@transaction.atomic
def absent(*, shift: Shift, words: str, by: Actor, at: datetime) -> list[Candidate]:
    """Say that somebody doesn't come to a turn. Those who fit best are asked to stand in; gives all, best first."""
    row = _locked(shift)
    if not may_report(by.user, row.person):
        raise NotAllowed
    if row.absent_at is not None:
        raise Conflict(_("This is known already."))
    _not_over(row, at)
    found = candidates(row, at)
    Shift.objects.filter(pk=row.pk).update(absent_at=at, absent_words=words[:120])
    data = {"name": row.person.member.name}
    record(subject=row.sitting.subject, verb="sitting.absent", by=by, at=at, data=data)
    asked = [c.person for c in found if c.fits][: ledger.current()[1].stand_ins]
    notices.tell_absent(row, asked, by, at)
    return found


def candidates(shift: Shift, at: datetime) -> list[Candidate]:
    """Everybody who could take a turn, ranked: fewest broken rules first, then who is loaded least."""
    day = shift.sitting.day
    built = build(day - BEFORE, day + AFTER, at=at, checks=True)
    standing = built.published
    if str(shift.sitting_id) not in built.planned:  # it is open already: the core's rules of staffing rest then
        return _unranked(shift)
    loads = {a.person.pk: a.weight for a in ledger.of_year(day.year)}
    found = []
    for one in ranked_by_core(built.problem, standing, str(shift.sitting_id), str(shift.person_id)):
        person = built.people[one.person]
        troubles = tuple(saying.sentence(b, built) for b in one.breaches)
        found.append(Candidate(person, troubles, loads.get(person.pk, 0)))
    return found


def _unranked(shift: Shift) -> list[Candidate]:
    """At a sitting that has begun: who isn't on leave, and at no sitting that day; least loaded first."""
    from chenyue.reception.rostering.building import absences

    day = shift.sitting.day
    off = absences(day, day)
    busy = set(Shift.objects.filter(sitting__day=day, absent_at=None).values_list("person_id", flat=True))
    rows = [a for a in ledger.of_year(day.year) if a.person.pk not in busy and day not in off.get(a.person.pk, set())]
    rows = [a for a in rows if a.person.pk != shift.person_id]
    rows.sort(key=lambda a: (a.person.lead != shift.lead, a.fair, a.person.pk))
    return [Candidate(a.person, (), a.weight) for a in rows]


@transaction.atomic
def take(*, shift: Shift, person: RosterPerson, by: Actor, at: datetime) -> Shift:
    """Somebody takes the turn of one who is absent: by saying yes oneself, or as a planner decides.

    The first wins; whoever comes later is told. A rule may be broken by a planner only. The lead of an absent lead
    passes to a leading cadre.
    """
    row = _locked(shift)
    planner = may(by.user, WORD)
    if not planner and by.key != str(person.member_id):
        raise NotAllowed
    _not_over(row, at)
    if row.absent_at is None:
        raise Conflict(_("This turn is taken: its person comes after all."))
    if Shift.objects.filter(replaces=row, absent_at=None).exists():
        raise Conflict(_("Somebody else was faster: this turn is taken. Thank you all the same."))
    choice = next((c for c in candidates(row, at) if c.person.pk == person.pk), None)
    if choice is None:
        raise Refusal(_("This person is on leave or on duty that day."), field="person")
    if choice.troubles and not planner:
        raise Refusal(_("This would break a rule: %(words)s") % {"words": "；".join(choice.troubles)}, field="person")
    gone = Shift.objects.filter(sitting=row.sitting, person=person)  # absent before, there after all
    swaps.void(gone.values_list("pk", flat=True), at)
    gone.delete()
    lead = person.lead and _leads(row)
    fresh = Shift.objects.create(sitting=row.sitting, person=person, lead=lead, source="stand_in", replaces=row)
    data = {"added": [person.member.name], "gone": [row.person.member.name]}
    record(subject=row.sitting.subject, verb="sitting.stood_in", by=by, at=at, data=data)
    notices.tell_stood_in(row, fresh, at)
    return fresh


@transaction.atomic
def back(*, shift: Shift, by: Actor, at: datetime) -> None:
    """The absent person comes after all, as long as nobody stands in."""
    row = _locked(shift)
    if not may_report(by.user, row.person):
        raise NotAllowed
    if row.absent_at is None or Shift.objects.filter(replaces=row, absent_at=None).exists():
        raise Conflict
    _not_over(row, at)
    Shift.objects.filter(pk=row.pk).update(absent_at=None, absent_words="", lead=_leads(row))
    record(subject=row.sitting.subject, verb="sitting.back", by=by, at=at, data={"name": row.person.member.name})


def _leads(row: Shift) -> bool:
    """Whether the lead still goes with an absent turn: the roster may have given it to somebody else since."""
    others = Shift.objects.filter(sitting_id=row.sitting_id, lead=True, absent_at=None)
    return row.lead and not others.exists()


def _locked(shift: Shift) -> Shift:
    rows = Shift.objects.select_for_update(of=("self",)).select_related("sitting__venue", "person__member")
    row = rows.filter(pk=shift.pk).first()
    if row is None:
        raise NotFound
    return row


def _not_over(row: Shift, at: datetime) -> None:
    if row.sitting.ends_at <= at or row.sitting.state in (SittingState.CLOSED, SittingState.CANCELLED):
        raise Refusal(_("This sitting is over, or isn't held."), code="over")
