"""What is open at a moment: by age, overdue, without a promise; asked of the open cases themselves.

One case in a hundred is open after some years, and an index holds just those: a count of the moment needs no keeping.
Ages are whole days on the office's wall since a case was received; today's are 0 days old.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chenyue.cases import filters
from chenyue.cases.models import Case
from chenyue.core.errors import Sentence
from chenyue.insight import shown
from chenyue.insight.facts import NORMAL
from chenyue.insight.figures import FIELD
from chenyue.insight.lifecycle import Axis

# Youngest age and, but for the last, the oldest, in days.
BANDS: dict[str, tuple[int, int | None, Sentence]] = {
    "0": (0, 0, gettext_lazy("today")),
    "1-3": (1, 3, gettext_lazy("1 to 3 days")),
    "4-7": (4, 7, gettext_lazy("4 to 7 days")),
    "8-15": (8, 15, gettext_lazy("8 to 15 days")),
    "16-30": (16, 30, gettext_lazy("16 to 30 days")),
    "31-90": (31, 90, gettext_lazy("31 to 90 days")),
    "91": (91, None, gettext_lazy("more than 90 days")),
}
OTHERS: dict[str, Sentence] = {
    "all": gettext_lazy("all"),
    "late": pgettext_lazy("backlog", "overdue"),
    "free": gettext_lazy("without a promise"),
}
FILTER = "backlog"


@dataclass(frozen=True)
class Backlog:
    """The open cases of a key."""

    all: int
    late: int
    free: int
    bands: tuple[int, ...]
    oldest: int | None  # days; None: nothing is open


NOTHING = Backlog(0, 0, 0, (0,) * len(BANDS), None)


def backlog(at: datetime, axis: str = Axis.ALL, keys: Iterable[str] | None = None) -> dict[str, Backlog]:
    """By key of the axis (`keys`: only these), what is open at `at`; keys without open cases are left out.

    One statement over open cases only.
    """
    rows = still_open(at)
    parts: dict[str, Any] = {f"n{n}": Count("pk", filter=part(name, at)) for n, name in enumerate(BANDS)}
    parts |= {"n": Count("pk"), "late": Count("pk", filter=part("late", at)), "oldest": Min("received_at")}
    parts["free"] = Count("pk", filter=part("free", at))
    if axis == Axis.ALL:
        row = rows.aggregate(**parts)
        return {"": _backlog(row, at)} if row["n"] else {}
    field = FIELD[Axis(axis)]
    if keys is not None:
        rows = rows.filter(filters.any_of(field, list(keys)))
    return {str(row[field] or ""): _backlog(row, at) for row in rows.values(field).annotate(**parts).order_by()}


def still_open(at: datetime) -> QuerySet[Case]:
    """The open cases that figures count."""
    return Case.objects.filter(filters.STILL_OPEN, received_at__lte=at, sensitivity=NORMAL)


def by_building(at: datetime, buildings: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many open cases each of these buildings has, and how many of them are overdue. One statement."""
    rows = still_open(at).filter(building__in=list(buildings)).values("building")
    found = rows.annotate(n=Count("pk"), late=Count("pk", filter=part("late", at))).order_by()
    return {row["building"]: (row["n"], row["late"]) for row in found}


def part(name: str, at: datetime) -> Q:
    """The condition of a part of the open cases: a band of ages, `late`, `free` or `all`. KeyError for another."""
    if name in OTHERS:
        return {"all": Q(), "late": Q(resolve_due_at__lt=at), "free": Q(resolve_due_at=None)}[name]
    youngest, oldest, _words = BANDS[name]
    found = Q(received_at__lt=_begins(at, youngest - 1)) if youngest else Q()
    return found if oldest is None else found & Q(received_at__gte=_begins(at, oldest))


def _begins(at: datetime, age: int) -> datetime:
    """The first moment of the day that lies so many days back."""
    return datetime.combine(timezone.localdate(at) - timedelta(days=age), time(), timezone.get_default_timezone())


def _backlog(row: dict[str, Any], at: datetime) -> Backlog:
    bands = tuple(row[f"n{n}"] for n in range(len(BANDS)))
    days = (timezone.localdate(at) - timezone.localdate(row["oldest"])).days
    return Backlog(row["n"], row["late"], row["free"], bands, days)


def _apply(rows: QuerySet[Case], values: list[str], context: filters.Context) -> QuerySet[Case]:
    asked = part(values[0], context.at)
    return rows.filter(filters.STILL_OPEN, asked, received_at__lte=context.at, sensitivity=NORMAL)


def _say(value: str) -> str:
    return _("open, %(part)s") % {"part": OTHERS[value] if value in OTHERS else BANDS[value][2]}


filters.register(FILTER, filters.Filter(pgettext_lazy("insight", "Backlog"), _apply, _say, many=False))


@dataclass(frozen=True)
class Row:
    """What is open of one key, and how the list of it is narrowed ("" where it can't be)."""

    name: str
    key: str
    held: Backlog
    within: str

    @property
    def parts(self) -> list[tuple[str, Sentence, int]]:
        """Each band of ages with its words and its count."""
        return [(name, words, n) for (name, (_y, _o, words)), n in zip(BANDS.items(), self.held.bands, strict=True)]


def rows(at: datetime, axis: str, only: tuple[str, ...] | None) -> list[Row]:
    """What is open by key of an axis, in the order of the office's lists. `only`: these keys; None: all."""
    found, names = backlog(at, axis, only), shown.names(axis) if axis != Axis.ALL else {"": str(Axis.ALL.label)}
    return [
        Row(names.get(key) or str(_("not known")), key, found[key], shown.narrowed(axis, key))
        for key in shown.ordered(axis, found)
    ]


def whole(found: list[Row]) -> Backlog:
    """The sum of several rows."""
    held = [row.held for row in found]
    bands = tuple(sum(one.bands[n] for one in held) for n in range(len(BANDS)))
    oldest = max((one.oldest for one in held if one.oldest is not None), default=None)
    return Backlog(sum(o.all for o in held), sum(o.late for o in held), sum(o.free for o in held), bands, oldest)
