"""The office's roster rules: what is hard, what is paid for, and how a turn weighs. Pure; versions are rows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.reception import timetable
from chenyue.reception.solving import problem as neutral
from chenyue.workdays.calendar import Calendar

EARLY, DAYTIME, EVENING, WEEKEND, HOLIDAY, MONDAY = "early", "day", "evening", "weekend", "holiday", "monday"
WEIGHTS = {EARLY: 10, DAYTIME: 10, EVENING: 12, WEEKEND: 15, HOLIDAY: 20}
REMIND_BEFORE = (672, 168, 24, 12)  # hours: four weeks, a week, a day, half a day


@dataclass(frozen=True)
class OfficeRules:
    """One version of the rules.

    `gap`, `gap_leads`: workdays between two turns of a person. `rest`: no early turn after an evening one.
    `unit_most`: members of one unit on one day (None: any number). `most_running`: working days in a row around
    public holidays (全国年节及纪念日放假办法 art. 7). `lead`: exactly one leading cadre at each sitting. `skills`: what
    somebody at each sitting must be able to do. `weights`: tenths of a turn, the largest that applies counts. Prices:
    of a turn off the fair share (`price_points`, Mondays and evenings apart), of a wish that isn't met, of a venue that
    somebody doesn't know, of a published turn that changes. `remind`: hours before a turn.
    """

    gap: int = 3
    gap_leads: int = 2
    rest: bool = True
    unit_most: int | None = 2
    most_running: int | None = 6
    lead: bool = True
    skills: tuple[str, ...] = ()
    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    price_points: int = 1
    price_monday: int = 20
    price_evening: int = 20
    price_wish: int = 10
    price_unfamiliar: int = 5
    price_change: int = 1000
    remind: tuple[int, ...] = REMIND_BEFORE
    stand_ins: int = 5  # how many are asked when somebody doesn't come

    @staticmethod
    def of(data: Mapping[str, Any]) -> "OfficeRules":
        """From a stored row; what the row doesn't say is as shipped, what is unknown is passed over."""
        known = {name: data[name] for name in OfficeRules.__dataclass_fields__ if name in data}
        for name in ("skills", "remind"):
            if name in known:
                known[name] = tuple(known[name])
        if "weights" in known:
            known["weights"] = WEIGHTS | dict(known["weights"])
        return checked(OfficeRules(**known))

    def stored(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self) | {"weights": dict(self.weights)}

    def neutral(self) -> neutral.Rules:
        """What the solver core needs of them."""
        fairness = [
            neutral.Tally("points", self.price_points),
            neutral.Tally(MONDAY, self.price_monday),
            neutral.Tally(EVENING, self.price_evening),
        ]
        return neutral.Rules(
            gap=self.gap,
            gap_leads=self.gap_leads,
            follow=frozenset({(EVENING, EARLY)}) if self.rest else frozenset(),
            unit_most=self.unit_most,
            most_running=self.most_running,
            fairness=tuple(tally for tally in fairness if tally.price),
            unfamiliar=self.price_unfamiliar,
            change=self.price_change,
        )


def checked(rules: OfficeRules) -> OfficeRules:
    """The same rules, if they make sense; Refusal at the field that doesn't."""
    limits = {"gap": (0, 30), "gap_leads": (0, 30), "unit_most": (1, 99), "most_running": (1, 30), "stand_ins": (1, 20)}
    for name, (least, most) in limits.items():
        value = getattr(rules, name)
        if value is not None and not least <= value <= most:
            raise Refusal(_("Please enter a number from %(a)d to %(b)d.") % {"a": least, "b": most}, field=name)
    if any(not 1 <= weight <= 100 for weight in rules.weights.values()):
        raise Refusal(_("A turn weighs from 0.1 to 10."), field="weights")
    if any(not 1 <= hours <= 24 * 60 for hours in rules.remind):
        raise Refusal(_("A reminder goes out from 1 hour to 60 days before."), field="remind")
    return replace(rules, remind=tuple(sorted(set(rules.remind), reverse=True)))


@dataclass(frozen=True)
class Turn:
    """What a turn on a day, beginning at some time, counts as."""

    kind: str  # early, day, evening
    points: int  # tenths of a turn
    marks: frozenset[str]  # monday, evening, weekend, holiday


def turn_of(day: date, part: str, rules: OfficeRules, calendar: Calendar) -> Turn:
    """How a sitting on `day` in this part of it weighs. A make-up Saturday is a workday, and weighs like one."""
    marks = set()
    if timetable.is_holiday(calendar, day):
        marks.add(HOLIDAY)
    elif not calendar.is_workday(day):
        marks.add(WEEKEND)
    if day.weekday() == 0:
        marks.add(MONDAY)
    if part == EVENING:
        marks.add(EVENING)
    weights = [rules.weights[part], *(rules.weights[mark] for mark in marks if mark in rules.weights)]
    return Turn(part, max(weights), frozenset(marks))
