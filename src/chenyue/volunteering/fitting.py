"""Whether a volunteer may come: age, skill, licence, insurance, time. Reasons in sentences, each with its code.

Sources: 志愿服务条例 15 (age and skill), 16 (licensed work), 17 ¶2 (insurance before what may be dangerous). Who is
under age needs a guardian and takes no part in rescue or anything dangerous (上海, 宁波, 山东; 民法典 17, 19).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence
from chenyue.volunteering.acts import local_day
from chenyue.volunteering.lifecycle import ActivityKind, VolunteerState
from chenyue.volunteering.models import Activity, Skill, Volunteer

ADULT = 18  # years; 民法典 17
LEAST = 8  # years; below, nobody can agree for themselves even in part: 民法典 19, 20
OLDEST = 120  # years: a year of birth before that was mistyped


@dataclass(frozen=True)
class Reason:
    """Why somebody can't come; a sentence to them."""

    code: str
    sentence: Sentence


def age_on(born: date | None, day: date) -> int | None:
    """Full years on a day; who was born on 29 February becomes a year older on 1 March. None if unknown."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def licensed(volunteer: Volunteer, skill: Skill, day: date) -> bool:
    """Whether somebody saw a licence for this skill that holds on this day. Skills without licence: always."""
    if not skill.licensed:
        return True
    until = (volunteer.licences.get(skill.code) or {}).get("until", "")
    return bool(until) and until >= day.isoformat()


def misfits(activity: Activity, volunteer: Volunteer, needed: Iterable[Skill], held: Iterable[int]) -> list[Reason]:
    """Why this person can't take part, whatever the time; empty if they can. Pure: `needed` skills, keys of `held`."""
    day = local_day(activity.starts_at)
    found = [*_state(volunteer), *_ages(activity, volunteer, day)]
    held = set(held)
    for skill in needed:
        if skill.pk not in held:
            said = _("This asks for “%(skill)s”, which isn't among your skills.") % {"skill": skill.name}
            found.append(Reason("skill", said))
        elif not licensed(volunteer, skill, day):
            shown = _("“%(skill)s” may be done with a licence only. Show yours at the window first.")
            found.append(Reason("licence", shown % {"skill": skill.name}))
    if activity.dangerous and not activity.insurance and not _insured(volunteer, activity):
        found.append(Reason("insurance", _("It may be dangerous, and you have no accident insurance on that day.")))
    return found


def _state(volunteer: Volunteer) -> list[Reason]:
    if volunteer.state == VolunteerState.ACTIVE:
        return []
    return [Reason("resting", _("You aren't an active volunteer now. Say first that you want to go on."))]


def _ages(activity: Activity, volunteer: Volunteer, day: date) -> list[Reason]:
    age, found = age_on(volunteer.birth_on, day), []
    if age is None:
        if activity.min_age or activity.max_age or activity.dangerous:
            return [Reason("age_unknown", _("We don't know your age. Tell us your day of birth at the window."))]
        return []
    if activity.min_age and age < activity.min_age:
        found.append(Reason("young", _("One must be %(n)d or older for this.") % {"n": activity.min_age}))
    if activity.max_age and age > activity.max_age:
        found.append(Reason("old", _("One must be %(n)d or younger for this.") % {"n": activity.max_age}))
    if age < ADULT:
        if activity.dangerous or activity.kind == ActivityKind.EMERGENCY:
            found.append(Reason("minor", _("Who is under 18 takes no part in rescue or anything dangerous.")))
        if volunteer.guardian_at is None:
            found.append(Reason("guardian", _("Who is under 18 needs the consent of a parent or guardian first.")))
    return found


def _insured(volunteer: Volunteer, activity: Activity) -> bool:
    return volunteer.insured_until is not None and volunteer.insured_until >= local_day(activity.ends_at)


def over(activity: Activity, at: datetime) -> bool:
    """Whether it is too late to sign up."""
    return at >= (activity.sign_up_until or activity.starts_at)
