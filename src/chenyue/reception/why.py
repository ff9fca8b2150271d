"""Sentences for what the roster's solver core found: a rule that is broken, a rule in a conflict, what to give way in.

The core tells rules by code, people, days and shifts; how people, days and shifts are called here is the caller's
`Names`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.reception.solving.problem import Breach, Code, Problem

Said = str | Promise

# What one rule says by itself; %(…)s are filled by `_facts`.
BROKEN: dict[Code, Said] = {
    Code.UNKNOWN: gettext_lazy("Somebody or some sitting of this roster isn't there any more."),
    Code.ONE_A_DAY: gettext_lazy("%(people)s would have two turns on %(days)s."),
    Code.PAST: gettext_lazy("%(shifts)s is past and stays as it was: %(people)s."),
    Code.PIN: gettext_lazy("%(people)s is pinned to %(shifts)s, and isn't there."),
    Code.STAFFED: gettext_lazy("%(shifts)s: %(actual)s of %(limit)s members."),
    Code.FULL: gettext_lazy("%(shifts)s: %(actual)s members, %(limit)s are enough."),
    Code.SKILL: gettext_lazy("%(shifts)s: nobody is there for %(detail)s."),
    Code.UNIT: gettext_lazy("%(days)s: %(actual)s members of %(detail)s, at most %(limit)s."),
    Code.LEAVE: gettext_lazy("%(people)s is on leave: %(shifts)s."),
    Code.BARRED: gettext_lazy("%(people)s can never come at that time: %(shifts)s."),
    Code.GAP: gettext_lazy("%(people)s: turns on %(days)s lie less than %(limit)s workdays apart."),
    Code.FOLLOW: gettext_lazy("%(people)s: an evening turn, and an early one the next day: %(days)s."),
    Code.LEAST: gettext_lazy("%(people)s: %(actual)s turns, at least %(limit)s."),
    Code.MOST: gettext_lazy("%(people)s: %(actual)s turns, at most %(limit)s."),
    Code.RUNNING: gettext_lazy("%(people)s would work %(actual)s days in a row around a holiday: %(days)s."),
}

HOLDS: dict[Code, Said] = {
    Code.PIN: gettext_lazy("%(people)s is pinned to %(shifts)s."),
    Code.STAFFED: gettext_lazy("%(shifts)s needs %(limit)s members."),
    Code.FULL: gettext_lazy("%(shifts)s takes %(limit)s members, not more."),
    Code.LEAD: gettext_lazy("%(shifts)s needs exactly one leading cadre."),
    Code.SKILL: gettext_lazy("%(shifts)s needs somebody for %(detail)s."),
    Code.UNIT: gettext_lazy("%(days)s: at most %(limit)s members of %(detail)s."),
    Code.LEAVE: gettext_lazy("%(people)s is on leave on %(days)s."),
    Code.BARRED: gettext_lazy("%(people)s can't come to %(shifts)s."),
    Code.GAP: gettext_lazy("%(people)s: turns lie at least %(limit)s workdays apart."),
    Code.FOLLOW: gettext_lazy("%(people)s: no early turn after an evening turn."),
    Code.LEAST: gettext_lazy("%(people)s has at least %(limit)s turns."),
    Code.MOST: gettext_lazy("%(people)s has at most %(limit)s turns."),
    Code.RUNNING: gettext_lazy("%(people)s works at most %(limit)s days in a row around holidays."),
}

GIVE: dict[Code, Said] = {
    Code.PIN: gettext_lazy("unpin %(people)s from %(shifts)s"),
    Code.STAFFED: gettext_lazy("let %(shifts)s be held with %(actual)s of %(limit)s members"),
    Code.FULL: gettext_lazy("let %(shifts)s have %(actual)s members"),
    Code.SKILL: gettext_lazy("do without %(detail)s at %(shifts)s"),
    Code.UNIT: gettext_lazy("allow %(actual)s members of %(detail)s on %(days)s"),
    Code.LEAVE: gettext_lazy("release %(people)s from leave on %(days)s"),
    Code.BARRED: gettext_lazy("ask %(people)s to come to %(shifts)s after all"),
    Code.FOLLOW: gettext_lazy("let %(people)s take an early turn after an evening turn on %(days)s"),
    Code.LEAST: gettext_lazy("let %(people)s have %(actual)s turns only"),
    Code.MOST: gettext_lazy("let %(people)s have %(actual)s turns"),
    Code.RUNNING: gettext_lazy("let %(people)s work %(actual)s days in a row around the holiday"),
}


def _plain_day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


@dataclass(frozen=True)
class Names:
    """How this office calls what the problem has as ids."""

    problem: Problem
    shift: Callable[[str], str] = str
    skill: Callable[[str], str] = str
    unit: Callable[[str], str] = str
    day: Callable[[date], str] = _plain_day
    people: dict[str, str] = field(default_factory=dict)

    def person(self, pk: str) -> str:
        """The name of a person."""
        if not self.people:
            self.people.update({person.id: person.name or person.id for person in self.problem.people})
        return self.people.get(pk, pk)

    def days(self, numbers: Sequence[int]) -> str:
        """Days in words; a row of three or more as first – last."""
        days = [self.problem.days[number].date for number in numbers if number < len(self.problem.days)]
        words = [self.day(day) for day in days if day is not None]
        if len(words) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
            return f"{words[0]} – {words[-1]}"
        return _list(words)


def _list(words: Iterable[str]) -> str:
    return str(_(", ")).join(words)


def _facts(breach: Breach, names: Names) -> dict[str, object]:
    detail = names.unit(breach.detail) if breach.code is Code.UNIT else names.skill(breach.detail)
    return {
        "people": _list(names.person(pk) for pk in breach.people),
        "days": names.days(breach.days),
        "shifts": _list(names.shift(pk) for pk in breach.shifts),
        "limit": breach.limit if breach.limit is not None else "",
        "actual": breach.actual if breach.actual is not None else "",
        "detail": detail,
    }


def sentence(breach: Breach, names: Names) -> str:
    """A rule that a roster breaks, as one sentence."""
    facts = _facts(breach, names)
    if breach.code is Code.LEAD:
        if not breach.actual:
            return _("%(shifts)s: no leading cadre.") % facts
        return _("%(shifts)s: %(actual)s leading cadres, it must be exactly one.") % facts
    return str(BROKEN.get(breach.code, breach.code)) % facts


def rule(breach: Breach, names: Names) -> str:
    """A rule of a conflict, as it holds, as one sentence."""
    return str(HOLDS.get(breach.code, BROKEN.get(breach.code, breach.code))) % _facts(breach, names)


def gives(breaches: Iterable[Breach], names: Names) -> str:
    """What a repair gives way in, as one sentence; the same rule for the same person several times is said once."""
    breaches = list(breaches)
    if not breaches:
        return _("Nothing needs to give way: there is a roster after all.")
    found: list[str] = []
    gaps: dict[tuple[str, ...], list[Breach]] = {}
    lacking = {
        shift for breach in breaches if breach.code is Code.LEAD and not breach.actual for shift in breach.shifts
    }
    for breach in breaches:
        if breach.code is Code.GAP:
            gaps.setdefault(breach.people, []).append(breach)
        elif breach.code is Code.LEAD:
            words = (
                _("hold %(shifts)s without a leading cadre")
                if not breach.actual
                else _("let %(shifts)s have two leading cadres")
            )
            found.append(words % _facts(breach, names))
        elif not (breach.code is Code.STAFFED and set(breach.shifts) <= lacking and _one_short(breach)):
            found.append(str(GIVE.get(breach.code, breach.code)) % _facts(breach, names))
    for several in gaps.values():
        found.append(_close(several, names))
    text = str(_("; ")).join(found)
    return _("%(gives)s.") % {"gives": text[:1].upper() + text[1:]}


def _one_short(breach: Breach) -> bool:
    """True if only the lead is missing, which is said already."""
    return breach.limit is not None and breach.actual is not None and breach.limit - breach.actual == 1


def _close(several: Sequence[Breach], names: Names) -> str:
    """Turns of one person that come too soon after each other, once or often."""
    facts = _facts(several[0], names)
    if len(several) == 1:
        return _("let %(people)s take turns on %(days)s, less than %(limit)s workdays apart") % facts
    words = ngettext(
        "let %(people)s take turns less than %(limit)s workdays apart %(n)d time",
        "let %(people)s take turns less than %(limit)s workdays apart %(n)d times",
        len(several),
    )
    return words % (facts | {"n": len(several)})
