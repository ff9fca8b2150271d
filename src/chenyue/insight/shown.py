"""Figures as pages show them: with their names, what they were before, their months, and the list behind them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Channel
from chenyue.catalogue.queries import catalogue
from chenyue.followup.rates import NAMES
from chenyue.insight.figures import CODES, Figure, counts, figures
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import DayCount
from chenyue.places.queries import gazetteer

MORE_NAMES: dict[str, str | Promise] = {
    "first_contact": _("First contact in time"),
    "at_once": pgettext_lazy("rate", "Settled at once"),
    "return": _("Return rate"),
    "reopen": _("Reopen rate"),
    "repeat": _("Repeat rate"),
}
LISTS = frozenset(NAMES)  # whose cases the list of cases can show
MONTHS = 12


@dataclass(frozen=True)
class Card:
    """A figure on a page. `change`: percentage points against the days before; None where either has nothing."""

    figure: Figure
    name: str | Promise
    before: Figure | None
    change: Decimal | None
    query: dict[str, str]  # of the list behind numerator and denominator


def name_of(code: str) -> str | Promise:
    """What a figure is called."""
    return NAMES.get(code) or MORE_NAMES[code]


def cards(since: date, until: date, axis: str = Axis.ALL, key: str = "") -> list[Card]:
    """All figures of a key, each beside what it was in the stretch before, as long. `until`: the first day after."""
    now = figures(CODES, since, until, axis)
    before = figures(CODES, since - (until - since), since, axis)
    within = narrowed(axis, key)
    return [_card(code, now[code].get(key), before[code].get(key), (since, until), within) for code in CODES]


def narrowed(axis: str, key: str) -> str:
    """What the list of cases must be narrowed by, too."""
    if axis == Axis.LEAD:
        return "".join(f"&lead={unit.code}" for unit in catalogue().units if str(unit.id) == key)
    return f"&community={key}" if axis == Axis.COMMUNITY else ""


def _card(code: str, now: Figure | None, before: Figure | None, days: tuple[date, date], within: str) -> Card:
    since, until = days
    figure = now or empty(code, since, until)
    change = None
    if before and before.value is not None and figure.value is not None:
        change = figure.value - before.value
    query = {}
    if code in LISTS:
        query = {part: f"rate={code}.{part}.{since}.{until}{within}" for part in ("numerator", "denominator")}
    return Card(figure, name_of(code), before, change, query)


def empty(code: str, since: date, until: date) -> Figure:
    """A figure of nothing, with its rule."""
    found = next(iter(figures([code], since, until)[code].values()))
    return replace(found, key="", numerator=0, denominator=0, left_out=0, small=True)


def names(axis: str) -> dict[str, str]:
    """Names of the keys of an axis, in the order of the office's own lists: nobody is ranked."""
    if axis == Axis.COMMUNITY:
        places = gazetteer().places.values()
        return {str(place.id): place.name for place in places if place.kind == "community"}
    if axis == Axis.LEAD:
        return {str(unit.id): unit.name for unit in catalogue().units if not unit.placeholder}
    if axis == Axis.CHANNEL:
        return {value: str(label) for value, label in Channel.choices}
    return {str(leaf.id): leaf.name for _group, leaves in catalogue().tree() for leaf in leaves}


def compared(code: str, since: date, until: date, axis: str, only: tuple[str, ...] | None) -> list[tuple[str, Figure]]:
    """A figure for each key of an axis that has anything, in the order of the office's lists."""
    found = figures([code], since, until, axis)[code]
    known = names(axis)
    keys = [key for key in known if key in found] + [key for key in found if key not in known]
    return [
        (known.get(key) or str(_("not known")), found[key])
        for key in keys
        if (only is None or key in only) and (found[key].numerator or found[key].denominator)
    ]


def months(measure: str, until: date, axis: str = Axis.ALL, key: str = "") -> list[tuple[str, int]]:
    """Counts of the last twelve months, the newest last. One statement."""
    last = (until - timedelta(days=1)).replace(day=1)
    wanted = [_back(last, n) for n in range(MONTHS - 1, -1, -1)]
    rows = DayCount.objects.filter(grain="m", axis=axis, measure=measure, key=key, day__gte=wanted[0], day__lte=last)
    found = dict(rows.values_list("day", "value"))
    return [(f"{day:%Y-%m}", found.get(day, 0)) for day in wanted]


def _back(month: date, n: int) -> date:
    months = month.year * 12 + month.month - 1 - n
    return date(months // 12, months % 12 + 1, 1)


def totals(since: date, until: date, axis: str = Axis.ALL, key: str = "") -> dict[str, int]:
    """What came and went in these days."""
    held: dict[str, Any] = counts(since, until, axis).get(key, {})
    closed = sum(held.get(name, 0) for name in (Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE, Measure.CLOSED_FREE))
    return {
        "received": held.get(Measure.RECEIVED, 0),
        "appeals": held.get(Measure.APPEALS, 0),
        "answered": held.get(Measure.ANSWERED, 0),
        "closed": closed,
    }
