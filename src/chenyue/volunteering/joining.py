"""Becoming a volunteer, changing what one offers, resting, leaving. Of free will, and in one's own words."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.people.models import Resident
from chenyue.places.models import Place
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, seeing, signing_up
from chenyue.volunteering.fitting import ADULT, LEAST, OLDEST, age_on
from chenyue.volunteering.lifecycle import SignUpState, Via, VolunteerState
from chenyue.volunteering.models import Skill, Volunteer
from chenyue.volunteering.persons import not_oneself

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REACH = range(100, 20_001)  # metres
Times = Sequence[Sequence[str]]


def volunteer_of(resident: Resident | int | None) -> Volunteer | None:
    """The resident as a volunteer, whatever the state. One statement."""
    if resident is None:
        return None
    pk = resident if isinstance(resident, int) else resident.pk
    return Volunteer.objects.select_related("resident").filter(resident=pk).first()


def join(
    resident: Resident,
    *,
    by: Actor,
    at: datetime,
    via: str = Via.WEB,
    terms: bool = False,
    birth_on: date | None = None,
    guardian_name: str = "",
    guardian_how: str = "",
    skills: Collection[int] = (),
    times: Times = (),
    place: int | None = None,
    reach_metres: int = 1500,
    limits: str = "",
) -> Volunteer:
    """Make a resident a volunteer; who had left comes back under the same number, with all their hours.

    By themselves, or by a member who serves (`via` window or phone). Raises Refusal at `terms`, `birth_on`,
    `guardian_name`, `times`, `reach_metres`; Conflict for who is a volunteer already.
    """
    seeing.check_for(by, resident)
    _alive(resident)
    if not terms:
        raise Refusal(_("Nobody joins without having read the rules and agreed."), field="terms", code="terms")
    guardian = _guardian(birth_on, guardian_name, guardian_how, by, at)
    offer = _offer(times, place, reach_metres, limits)
    with acts.locked(resident):
        row = Volunteer.objects.select_for_update(of=("self",)).filter(resident=resident.pk).first()
        if row is not None and row.state != VolunteerState.LEFT:
            raise Conflict(_("This person is a volunteer already: %(number)s.") % {"number": row.number})
        again = row is not None
        row = row or Volunteer(number=f"V{ids.next_value('volunteer'):06d}", resident=resident, joined_at=at)
        row.state, row.terms_at, row.via = VolunteerState.ACTIVE, at, acts.one_of(Via.values, via, "via")
        row.made_by = by.user if by.kind == "member" else None
        row.birth_on = birth_on or row.birth_on
        for name, value in (guardian | offer).items():
            setattr(row, name, value)
        row.version += again
        row.save()
        row.skills.set(_skills(skills))
        verb = "came_back" if again else "joined"
        acts.record(row.subject, verb, by=by, at=at, data={"via": row.via}, visible_to=VisibleTo.RESIDENT)
    return row


def _alive(resident: Resident) -> None:
    if resident.erased_at or resident.locked_at:
        raise Refusal(_("This person's data has been deleted or locked."), code="locked")


def _guardian(born: date | None, name: str, how: str, by: Actor, at: datetime) -> dict[str, Any]:
    """The consent of a guardian where one is needed. Only somebody at the window can see that it is one."""
    today = acts.local_day(at)
    if born is None:
        if by.kind == "resident":
            raise Refusal(
                _("Say when you were born: some tasks have limits of age."), field="birth_on", code="no_birth"
            )
        return {}
    age = age_on(born, today)
    if age is None or born > today or age > OLDEST:
        raise Refusal(_("Check the day of birth."), field="birth_on", code="birth")
    if age < LEAST:
        said = _("Children under %(n)d come along with their parents; they don't sign up by themselves.") % {"n": LEAST}
        raise Refusal(said, field="birth_on", code="child")
    if age >= ADULT:
        return {"guardian_name": "", "guardian_how": "", "guardian_at": None}
    name, how = acts.words(name, "guardian_name", most=40), acts.words(how, "guardian_how", most=200)
    if by.kind == "resident":
        window = _("Who is under 18 joins at the window, with a parent or guardian. We look forward to you.")
        raise Refusal(window, field="birth_on", code="minor")
    if not name or not how:
        field = "guardian_how" if name else "guardian_name"
        raise Refusal(_("Write down who consents for this child, and how you know it."), field=field, code="guardian")
    return {"guardian_name": name, "guardian_how": how, "guardian_at": at}


def _offer(times: Times, place: int | None, reach: int, limits: str) -> dict[str, Any]:
    if reach not in REACH:
        raise Refusal(_("Give a way of 100 to 20,000 metres."), field="reach_metres", code="reach")
    if place is not None and not Place.objects.filter(pk=place, active=True).exists():
        raise Refusal(_("Choose one from the list."), field="place", code="place")
    return {
        "times": read_times(times),
        "place_id": place,
        "reach_metres": reach,
        "limits": acts.words(limits, "limits", most=200),
    }


def read_times(times: Times) -> list[list[str]]:
    """Free times as kept: `[["mon", "08:00", "11:30"], …]`, in the order of the week. Raises Refusal at `times`."""
    found = []
    for day, first, last in times:
        if day not in DAYS or not (_clock(first) and _clock(last)) or first >= last:
            raise Refusal(_("A free time begins before it ends, such as 08:00 to 11:30."), field="times", code="times")
        found.append([day, first, last])
    return sorted(found, key=lambda one: (DAYS.index(one[0]), one[1]))


def _clock(text: str) -> bool:
    return bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", text))


def _skills(keys: Collection[int]) -> list[Skill]:
    found = list(Skill.objects.filter(pk__in=list(keys)))
    if len(found) != len(set(keys)):
        raise Refusal(_("Choose one from the list."), field="skills", code="skills")
    return found


def save_offer(
    volunteer: Volunteer,
    *,
    by: Actor,
    at: datetime,
    skills: Collection[int] = (),
    times: Times = (),
    place: int | None = None,
    reach_metres: int = 1500,
    limits: str = "",
    version: int | None = None,
) -> Volunteer:
    """What somebody can do, when, and how far from where. By themselves or at the window."""
    seeing.check_for(by, volunteer.resident_id)
    offer, chosen = _offer(times, place, reach_metres, limits), _skills(skills)
    with acts.locked(volunteer, version) as row:
        for name, value in offer.items():
            setattr(row, name, value)
        acts.touch(row, *(name.removesuffix("_id") for name in offer))
        row.skills.set(chosen)
        acts.record(row.subject, "offer_saved", by=by, at=at, visible_to=VisibleTo.RESIDENT)
    return row


def save_person(
    volunteer: Volunteer,
    *,
    by: Actor,
    at: datetime,
    birth_on: date | None = None,
    guardian_name: str = "",
    guardian_how: str = "",
    insured_until: date | None = None,
    version: int | None = None,
) -> Volunteer:
    """What only the office writes down: day of birth, a guardian's consent, insurance. Never of themselves."""
    seeing.check(by, seeing.SERVE)
    _other(by, volunteer)
    guardian = _guardian(birth_on, guardian_name, guardian_how, by, at)
    with acts.locked(volunteer, version) as row:
        if guardian.get("guardian_at") and row.guardian_at and row.guardian_name == guardian["guardian_name"]:
            guardian["guardian_at"] = row.guardian_at  # the same consent as before
        row.birth_on, row.insured_until = birth_on or row.birth_on, insured_until
        for name, value in guardian.items():
            setattr(row, name, value)
        acts.touch(row, "birth_on", "insured_until", *guardian)
        acts.record(row.subject, "person_saved", by=by, at=at, visible_to=VisibleTo.RESIDENT)
    return row


def see_licence(volunteer: Volunteer, skill: Skill, *, number: str, until: date, by: Actor, at: datetime) -> Volunteer:
    """A member has seen the licence for a skill (条例 16). Its number stays in the row, not on the timeline."""
    seeing.check(by, seeing.SERVE)
    _other(by, volunteer)
    if not skill.licensed:
        raise Refusal(_("This skill needs no licence."), field="skill", code="no_licence")
    if until < acts.local_day(at):
        raise Refusal(_("This licence has run out."), field="until", code="past")
    seen = {
        "number": acts.words(number, "number", needed=True, most=60), "until": until.isoformat(),
        "seen_by": by.key, "seen_on": acts.local_day(at).isoformat(),
    }  # fmt: skip
    with acts.locked(volunteer) as row:
        row.licences = row.licences | {skill.code: seen}
        acts.touch(row, "licences")
        row.skills.add(skill)
        data = {"skill": skill.name, "until": until.isoformat()}
        acts.record(row.subject, "licence_seen", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    return row


def _other(by: Actor, volunteer: Volunteer) -> None:
    not_oneself(by, volunteer.resident, _("This is about yourself: somebody else must do it."))


def rest(volunteer: Volunteer, *, by: Actor, at: datetime, version: int | None = None) -> Volunteer:
    """Make a pause: sign-ups that lie ahead are given back, nobody asks any more."""
    return _change(volunteer, VolunteerState.RESTING, "rests", by, at, version)


def go_on(volunteer: Volunteer, *, by: Actor, at: datetime, version: int | None = None) -> Volunteer:
    """Serve again after a pause."""
    return _change(volunteer, VolunteerState.ACTIVE, "goes_on", by, at, version)


def leave(volunteer: Volunteer, *, by: Actor, at: datetime, version: int | None = None) -> Volunteer:
    """Serve no more. Hours stay: they are facts."""
    return _change(volunteer, VolunteerState.LEFT, "left", by, at, version)


def _change(volunteer: Volunteer, to: str, verb: str, by: Actor, at: datetime, version: int | None) -> Volunteer:
    seeing.check_for(by, volunteer.resident_id)
    with acts.locked(volunteer, version) as row:
        if row.state == to or (row.state == VolunteerState.LEFT and to != VolunteerState.ACTIVE):
            raise Conflict
        if row.state == VolunteerState.LEFT:
            raise Refusal(_("Who had left joins again, and reads the rules again."), code="left")
        row.state = to
        acts.touch(row, "state")
        if to != VolunteerState.ACTIVE:
            ahead = row.sign_ups.filter(
                state__in=(SignUpState.GOING, SignUpState.WAITING), activity__starts_at__gt=at
            ).select_related("activity")
            for one in ahead.order_by("activity_id"):
                signing_up.withdraw(one, by=by, at=at, reason="")
        acts.record(row.subject, verb, by=by, at=at, visible_to=VisibleTo.RESIDENT)
    return row
