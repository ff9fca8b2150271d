"""Figures as pages show them: with their names, what they were before, their months, and the list behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Channel
from chenyue.catalogue.queries import catalogue
from chenyue.followup.rates import NAMES
from chenyue.insight import lists  # noqa: F401 – the filter `counted` of lists, which queries here name
from chenyue.insight.figures import CODES, Figure, counts, figure_of, figures, overdue_at, overdue_now
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import DayCount
from chenyue.insight.versions import measures, rules_of
from chenyue.places.queries import gazetteer

MORE_NAMES: dict[str, str | Promise] = {
    "first_contact": _("First contact in time"),
    "at_once": pgettext_lazy("rate", "Settled at once"),
    "return": _("Return rate"),
    "reopen": _("Reopen rate"),
    "repeat": _("Repeat rate"),
}
LISTS = frozenset(NAMES)  # whose cases the filter `rate` of lists shows
# Of the others, what the filter `counted` calls numerator and denominator.
COUNTED = {
    "first_contact": ("contact_kept", "contacted"), "at_once": ("at_once", "answered"), "return": ("returned", "sent"),
    "reopen": ("reopened", "answered"), "repeat": ("repeated", "received"),
}  # fmt: skip
PARTS = ("numerator", "denominator")
MONTHS = 12
DAY = timedelta(days=1)
TOTALS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "received": (_("cases received"), (Measure.RECEIVED,)),
    "appeals": (_("appeals"), (Measure.APPEALS,)),
    "answered": (pgettext_lazy("figures", "answered"), (Measure.ANSWERED,)),
    "closed": (
        pgettext_lazy("figures", "closed"), (Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE, Measure.CLOSED_FREE),
    ),
}  # fmt: skip
LIST = {Axis.COMMUNITY: "community", Axis.CATEGORY: "category", Axis.CHANNEL: "channel", Axis.LEAD: "lead"}


@dataclass(frozen=True)
class Point:
    """A figure of a month. `changed`: another version of its rule came into force since the month before."""

    month: str
    figure: Figure
    changed: bool

    @property
    def value(self) -> float | None:
        return None if self.figure.value is None else float(self.figure.value)


@dataclass(frozen=True)
class Card:
    """A figure on a page, beside the days before and the same days of the year before.

    Changes are percentage points; None where either has nothing.
    """

    figure: Figure
    name: str | Promise
    before: Figure
    last_year: Figure
    query: dict[str, str]  # of the list behind numerator and denominator
    months: tuple[Point, ...]

    @property
    def change(self) -> Decimal | None:
        return difference(self.before, self.figure)

    @property
    def change_of_year(self) -> Decimal | None:
        return difference(self.last_year, self.figure)

    @property
    def line(self) -> list[float | None]:
        """The values of the months, for a picture; None where nothing was counted."""
        return [point.value for point in self.months]


def difference(before: Figure, now: Figure) -> Decimal | None:
    """Percentage points from one to the other; None where either has nothing."""
    return None if before.value is None or now.value is None else now.value - before.value


def name_of(code: str) -> str | Promise:
    """What a figure is called."""
    return NAMES.get(code) or MORE_NAMES[code]


def before(since: date, until: date) -> tuple[date, date]:
    """The stretch before, as long."""
    return since - (until - since), since


def year_before(since: date, until: date) -> tuple[date, date]:
    """The same days of the year before; the 29th of February is the 28th there."""
    return _year_back(since), _year_back(until - DAY) + DAY


def _year_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def cards(since: date, until: date, axis: str = Axis.ALL, key: str = "", *, at: datetime | None = None) -> list[Card]:
    """All figures of a key with what they were before. `until`: the first day after."""
    spans = ((since, until), before(since, until), year_before(since, until))
    now, earlier, last_year = (figures(CODES, *span, axis, at=at, key=key) for span in spans)
    months = trend(CODES, until, axis, key, at=at)
    return [
        Card(
            now[code][key], name_of(code), earlier[code][key], last_year[code][key],
            queries(code, since, until, axis, key), months[code],
        )
        for code in CODES
    ]  # fmt: skip


def queries(code: str, since: date, until: date, axis: str, key: str) -> dict[str, str]:
    """The queries of the lists behind numerator and denominator; empty for what isn't known."""
    if axis != Axis.ALL and not key:
        return {}
    if code in LISTS:
        return {part: f"rate={code}.{part}.{since}.{until}{narrowed(axis, key)}" for part in PARTS}
    return {part: counted(name, since, until, axis, key) for part, name in zip(PARTS, COUNTED[code], strict=True)}


def counted(name: str, since: date, until: date, axis: str, key: str) -> str:
    """The query of the list of what was counted in these days; see `insight.lists`."""
    if axis == Axis.LEAD and name in ("sent", "returned"):  # of this unit's part, whoever leads
        return f"counted={name}.{since}.{until}.{key}"
    return f"counted={name}.{since}.{until}{narrowed(axis, key)}"


def narrowed(axis: str, key: str) -> str:
    """What the list of cases must be narrowed by, too; "" for the whole office and for what is not known."""
    value = codes(axis).get(key, "") if axis in (Axis.LEAD, Axis.CATEGORY) else key
    return f"&{LIST[Axis(axis)]}={value}" if axis != Axis.ALL and value else ""


def empty(code: str, since: date, until: date) -> Figure:
    """A figure of nothing, with its rule."""
    found = next(iter(figures([code], since, until, key="-")[code].values()))
    return replace(found, key="", numerator=0, denominator=0, left_out=0, small=True)


def names(axis: str) -> dict[str, str]:
    """Names of the keys of an axis, in the order of the office's own lists: nobody is ranked.

    What the office no longer uses stands behind, so that the counts of its time keep their name.
    """
    if axis == Axis.COMMUNITY:
        places = gazetteer().places.values()
        return {str(place.id): place.name for place in places if place.kind == "community"}
    if axis == Axis.CHANNEL:
        return {value: str(label) for value, label in Channel.choices}
    if axis == Axis.LEAD:
        units = [unit for unit in catalogue().units if not unit.placeholder]
        return {str(u.id): u.name if u.active else _gone(u.name) for u in sorted(units, key=lambda u: not u.active)}
    held = catalogue()
    found = {str(leaf.id): leaf.name for _group, leaves in held.tree() for leaf in leaves}
    return found | {str(c.id): _gone(c.name) for c in held.categories if c.leaf and str(c.id) not in found}


def _gone(name: str) -> str:
    return str(_("%(name)s (no longer used)")) % {"name": name}


def codes(axis: str) -> dict[str, str]:
    """By key the code of a unit or category, as lists of cases are asked for it."""
    rows = catalogue().units if axis == Axis.LEAD else catalogue().categories if axis == Axis.CATEGORY else ()
    return {str(row.id): row.code for row in rows}


def ordered(axis: str, keys: Iterable[str]) -> list[str]:
    """These keys in the order of the office's lists; what isn't known at the end."""
    wanted, known = set(keys), names(axis) if axis != Axis.ALL else {}
    return [key for key in known if key in wanted] + sorted(wanted - known.keys())


@dataclass(frozen=True)
class Row:
    """A figure of one key beside what it was, and the lists behind it."""

    name: str
    figure: Figure
    before: Figure | None
    last_year: Figure | None
    query: dict[str, str]

    @property
    def change(self) -> Decimal | None:
        return difference(self.before, self.figure) if self.before else None


def compared(
    code: str, since: date, until: date, axis: str, only: tuple[str, ...] | None, *, at: datetime | None = None
) -> list[Row]:
    """A figure for each key of an axis that has anything, in the order of the office's lists."""
    spans = ((since, until), before(since, until), year_before(since, until))
    found, earlier, last_year = (figures([code], *span, axis, at=at)[code] for span in spans)
    known = names(axis)
    return [
        Row(
            known.get(key) or str(_("not known")), found[key], earlier.get(key), last_year.get(key),
            queries(code, since, until, axis, key),
        )
        for key in ordered(axis, found)
        if (only is None or key in only) and (found[key].numerator or found[key].denominator)
    ]  # fmt: skip


def trend(
    of: Iterable[str], until: date, axis: str = Axis.ALL, key: str = "", *, at: datetime | None = None
) -> dict[str, tuple[Point, ...]]:
    """The figures of the last twelve months, each by the rule of its own last day. At most four statements."""
    at, rules = at or timezone.now(), rules_of(of)
    firsts = last_months(until)
    wanted = measures(rules.values()) | {str(Measure.OVERDUE_IN), str(Measure.OVERDUE_OUT)}
    rows = DayCount.objects.filter(
        grain="m", axis=axis, key=key, measure__in=wanted, day__gte=firsts[0], day__lte=firsts[-1]
    )
    held: dict[date, dict[str, int]] = {first: {} for first in firsts}
    for day, measure, value in rows.values_list("day", "measure", "value"):
        held[day][measure] = value
    stock = overdue_at(firsts[0], axis, key).get(key, 0)
    found: dict[str, list[Point]] = {code: [] for code in rules}
    for first in firsts:
        end, counted = month_after(first), held[first]
        stock += counted.get(Measure.OVERDUE_IN, 0) - counted.get(Measure.OVERDUE_OUT, 0)
        live = end > timezone.localdate(at)
        late = overdue_now(at, axis, key).get(key, 0) if live else stock
        for code, versions in rules.items():
            rule = versions.on(end - DAY)
            figure = figure_of(rule, key, first, end, counted, late, versions.changed(first, end))
            changed = bool(found[code]) and found[code][-1].figure.version != rule.version
            found[code].append(Point(f"{first:%Y-%m}", figure, changed))
    return {code: tuple(points) for code, points in found.items()}


def last_months(until: date, n: int = MONTHS) -> list[date]:
    """The first days of the last months, the newest last."""
    last = (until - DAY).replace(day=1)
    return [_back(last, back) for back in range(n - 1, -1, -1)]


def month_after(first: date) -> date:
    """The first day of the month after."""
    return _back(first, -1)


def months(measure: str, until: date, axis: str = Axis.ALL, key: str = "") -> list[tuple[str, int]]:
    """Counts of the last twelve months, the newest last. One statement."""
    wanted = last_months(until)
    rows = DayCount.objects.filter(
        grain="m", axis=axis, measure=measure, key=key, day__gte=wanted[0], day__lte=wanted[-1]
    )
    found = dict(rows.values_list("day", "value"))
    return [(f"{day:%Y-%m}", found.get(day, 0)) for day in wanted]


def _back(month: date, n: int) -> date:
    count = month.year * 12 + month.month - 1 - n
    return date(count // 12, count % 12 + 1, 1)


def received(since: date, until: date, axis: str = Axis.ALL, key: str = "") -> dict[date, int]:
    """Cases received on each day that had any. One statement."""
    rows = DayCount.objects.filter(
        grain="d", axis=axis, key=key, measure=Measure.RECEIVED, day__gte=since, day__lt=until
    )
    return dict(rows.values_list("day", "value"))


@dataclass(frozen=True)
class Total:
    """What came or went, and the list of it ("" where there is none)."""

    name: str | Promise
    n: int
    query: str


def totals(since: date, until: date, axis: str = Axis.ALL, key: str = "") -> list[Total]:
    """What came and went in these days. One statement."""
    held = counts(since, until, axis, {name for _label, names in TOTALS.values() for name in names}, key).get(key, {})
    return [
        Total(
            label, sum(held.get(name, 0) for name in names),
            counted(part, since, until, axis, key) if part != "appeals" and (key or axis == Axis.ALL) else "",
        )
        for part, (label, names) in TOTALS.items()
    ]  # fmt: skip
