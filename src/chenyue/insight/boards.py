"""The leaders' board, the board of a community, and that of a unit: counts only, from kept counts and a few open cases.

A board takes the same number of statements whatever the number of cases, communities and categories.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chenyue.catalogue.queries import catalogue
from chenyue.core import charts, plots
from chenyue.core.plots import Plot
from chenyue.insight import board_counts as read
from chenyue.insight import board_parts as parts
from chenyue.insight import shown
from chenyue.insight.figures import Figure, figure_of
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.versions import Rules, rules_of

DAY = timedelta(days=1)
DAYS = 30
WEEKS = 13
LINES = 12  # communities that a wall shows at once; more take turns
RATES = ("response", "resolution", "satisfaction", "on_time", "first_contact")
CLOSED = (Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE, Measure.CLOSED_FREE)


@dataclass(frozen=True)
class Subject:
    """Whose board: the office's, a community's or a unit's. `within`: narrows a list of cases to it."""

    axis: Axis
    key: str
    name: str
    within: str = ""

    @property
    def shows(self) -> str:
        """As addresses and forms say it: "office", "community:3", "unit:12"."""
        return {Axis.COMMUNITY: f"community:{self.key}", Axis.LEAD: f"unit:{self.key}"}.get(self.axis, "office")


@dataclass(frozen=True)
class Tile:
    """A number of this moment or day. `query`: of the list behind it."""

    name: str
    value: int
    query: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Rate:
    """A share of the last thirty days, with the weeks before it and what it was in the thirty days before."""

    name: str | Promise
    figure: Figure
    change: Decimal | None
    weeks: Plot
    query: dict[str, str]  # of the lists behind numerator and denominator


@dataclass(frozen=True)
class Board:
    """All that a board shows; with `fresh.counted` False nothing but that."""

    subject: Subject
    at: datetime
    fresh: read.Fresh
    since: date
    until: date  # the last day
    tiles: Sequence[Tile] = ()
    rates: Sequence[Rate] = ()
    days: Plot | None = None
    heat: Plot | None = None
    flow: Plot | None = None
    groups: Plot | None = None
    channels: Plot | None = None
    outages: Sequence[date] = ()
    more: dict[str, Any] | None = None  # small pains, works, sittings, credits


def subject(shows: str) -> Subject | None:
    """Whose board this names; None for nothing that is there."""
    kind, _colon, key = shows.partition(":")
    if shows == "office":
        return Subject(Axis.ALL, "", "")
    if kind == "community" and (name := shown.names(Axis.COMMUNITY).get(key)):
        return Subject(Axis.COMMUNITY, key, name, f"&community={key}")
    if kind == "unit":
        for unit in catalogue().units:
            if str(unit.id) == key and not unit.placeholder:
                return Subject(Axis.LEAD, key, unit.name, f"&lead={unit.code}")
    return None


def subjects() -> list[tuple[str, str]]:
    """All boards there are: what they show, and whose they are, in the order of the office's lists."""
    found = [("office", _("The whole office"))]
    found += [(f"community:{key}", name) for key, name in shown.names(Axis.COMMUNITY).items()]
    return found + [(f"unit:{key}", name) for key, name in shown.names(Axis.LEAD).items()]


def board(whose: Subject, at: datetime, *, wall: bool = False, sheet: int | None = None) -> Board:
    """The board as of this moment. `wall`: for a screen that anybody may stand before.

    `sheet`: a wall has room for `LINES` communities; this says which of them, counted on for ever.
    """
    today = timezone.localdate(at)
    fresh = read.fresh(at)
    empty = Board(whose, at, fresh, today - DAY * (DAYS - 1), today)
    if not fresh.counted:
        return empty
    return _Drawing(empty, wall, sheet).drawn()


class _Drawing:
    """Draws one board from what was read once."""

    def __init__(self, empty: Board, wall: bool, sheet: int | None) -> None:
        self.sheet = sheet
        self.board, self.wall, self.of, self.today = empty, wall, empty.subject, empty.until
        monday = self.today - DAY * self.today.weekday()
        self.mondays = [monday - DAY * 7 * n for n in range(WEEKS - 1, -1, -1)]
        self.first = min(self.mondays[0], self.today - DAY * (2 * DAYS - 1))
        self.after = self.today + DAY
        self.held = read.daily(self.of.axis, self.of.key, self.first, self.after)
        self.gaps = read.gaps(self.first, self.today)
        self.without = self.gaps.days
        self.rules: dict[str, Rules] = {}
        self.sums: dict[tuple[date, date], dict[str, int]] = {}
        self.address = reverse("desk:cases")
        self.stock = 0  # open and overdue when yesterday was over

    def drawn(self) -> Board:
        """The whole board."""
        ends = datetime.combine(self.after, time(), timezone.get_default_timezone())
        now = read.open_now(self.of.axis, self.of.key, self.board.at, ends)
        office = self.of.axis == Axis.ALL
        month = self.days_back(DAYS)
        return replace(
            self.board,
            tiles=self.tiles(now),
            rates=self.rates(now),
            days=self.lines(month[:-1]),
            heat=self.by_community() if office else self.by_weekday(),
            flow=self.flow(month[0]),
            groups=self.by_group(month[0]) if office else None,
            channels=self.by_channel(month[0]) if office else None,
            outages=[day for day in self.gaps.outages if day >= month[0]],
            more=self.beside(),
        )

    def days_back(self, count: int) -> list[date]:
        """So many days, today the last."""
        return [self.today - DAY * n for n in range(count - 1, -1, -1)]

    def summed(self, since: date, until: date) -> dict[str, int]:
        """The sum of days by measure; each stretch is added up once."""
        if (since, until) not in self.sums:
            self.sums[since, until] = read.summed(self.held, since, until)
        return self.sums[since, until]

    def beside(self) -> dict[str, Any]:
        """Small pains, works, who is received now, credits."""
        axis, key, at = self.of.axis, self.of.key, self.board.at
        found: dict[str, Any] = {"spots": parts.spots(axis, key, wall=self.wall)}
        found["works"] = parts.works(axis, key, at, wall=self.wall)
        if axis == Axis.ALL:
            found["sittings"], found["receives_today"] = parts.sittings(at)
            found["credits"] = parts.credits(at)
        return found

    def counted(self, measure: str, since: date, until: date | None = None) -> str:
        """The query of the list of what was counted since a day, up to now or before another."""
        unit = f".{self.of.key}" if self.of.axis == Axis.LEAD and measure in ("sent", "returned") else ""
        within = "" if unit else self.of.within
        return f"counted={measure}.{since}.{until or self.after}{unit}{within}"

    def linked(self, value: Any, query: str) -> Any:
        """A number that opens its list; on a wall, the number."""
        if self.wall or not isinstance(value, int) or not value:
            return value
        return format_html('<a href="{}">{}</a>', self.cases(query), value)

    def cases(self, query: str) -> str:
        """The address of a list."""
        return f"{self.address}?{query}"

    def tiles(self, now: read.Now) -> list[Tile]:
        """Now and today."""
        today, month = self.today, self.today - DAY * (DAYS - 1)
        held, before = self.held.get(today, {}), self.held.get(today - DAY, {})
        closed = sum(self.summed(month, self.after).get(name, 0) for name in CLOSED)
        within = self.of.within

        def note(measure: str) -> str:
            if today - DAY in self.without:
                return _("yesterday: no data")
            return _("yesterday %(n)d") % {"n": before.get(measure, 0)}

        received, answered = Measure.RECEIVED, Measure.ANSWERED
        return [
            Tile(_("received today"), held.get(received, 0), self.counted("received", today), note(received)),
            Tile(_("answered today"), held.get(answered, 0), self.counted("answered", today), note(answered)),
            Tile(_("in hand"), now.open, f"state=open{within}", tone="wait"),
            Tile(_("due later today"), now.today, f"due=today{within}", tone="due" if now.today else ""),
            Tile(_("overdue"), now.late, f"due=late{within}", tone="late" if now.late else "done"),
            Tile(_("closed in 30 days"), closed, self.counted("closed", month), tone="done"),
        ]

    def rates(self, now: read.Now) -> list[Rate]:
        """Shares, each by its own definition."""
        self.rules = rules_of(RATES)
        self.stock = read.overdue_before(self.today, self.of.axis, self.of.key)
        since = self.today - DAY * (DAYS - 1)
        return [self.rate(code, since, now.late) for code in RATES]

    def rate(self, code: str, since: date, late: int) -> Rate:
        """One of them."""
        figure = self.figure(code, since, self.after, late)
        before = self.figure(code, since - DAY * DAYS, since, self.overdue_at(since))
        change = None
        if figure.value is not None and before.value is not None:
            change = figure.value - before.value
        name, query = shown.name_of(code), self.behind(code, since, self.after)
        return Rate(name, figure, change, self.weekly(code, str(name), late), query)

    def behind(self, code: str, since: date, until: date) -> dict[str, str]:
        """The queries of the lists behind a figure's numerator and denominator."""
        if code in shown.LISTS:
            return {part: f"rate={code}.{part}.{since}.{until}{self.of.within}" for part in PARTS}
        names = ("contact_kept", "contacted")
        return {part: self.counted(name, since, until) for part, name in zip(PARTS, names, strict=True)}

    def weekly(self, code: str, name: str, late: int) -> Plot:
        """The figure week by week: a line, with numerator and denominator in its table."""
        found = []
        for monday in self.mondays:
            end = min(monday + DAY * 7, self.after)
            found.append(self.figure(code, monday, end, late if end == self.after else self.overdue_at(end)))
        line = [float(figure.value) for figure in found if figure.value is not None]
        caption = _("%(name)s, week by week") % {"name": name}
        head = (_("Week from"), pgettext("figures", "Rate"), pgettext("figures", "Good"), pgettext("figures", "In all"))
        rows = []
        for one in reversed(found):
            query = self.behind(code, one.since, one.until)
            good, whole = self.linked(one.numerator, query[PARTS[0]]), self.linked(one.denominator, query[PARTS[1]])
            rows.append((short(one.since), "–" if one.value is None else f"{one.value}%", good, whole))
        picture = charts.sparkline(line, caption) if len(line) > 1 else SafeString("")
        return Plot(caption, picture, head, rows)

    def figure(self, code: str, since: date, until: date, overdue: int) -> Figure:
        """A figure of days that were read."""
        rules = self.rules[code]
        rule, mixed = rules.on(until - DAY), rules.changed(since, until)
        return figure_of(rule, self.of.key, since, until, self.summed(since, until), overdue, mixed)

    def overdue_at(self, day: date) -> int:
        """Open and overdue when the day before was over: today's stock, less what has changed since."""
        moved = self.summed(day, self.today)
        return self.stock - moved.get(Measure.OVERDUE_IN, 0) + moved.get(Measure.OVERDUE_OUT, 0)

    def lines(self, each: list[date]) -> Plot:
        """Received, answered and closed, day by day; today isn't over and isn't drawn."""
        series = [
            (pgettext("figures", "received"), read.values(self.held, [Measure.RECEIVED], each, self.without)),
            (pgettext("figures", "answered"), read.values(self.held, [Measure.ANSWERED], each, self.without)),
            (pgettext("figures", "closed"), read.values(self.held, CLOSED, each, self.without)),
        ]
        found = plots.lines([short(day) for day in each], series, _("Day by day, the last four weeks"))
        rows = []
        for day, row in zip(reversed(each), found.rows, strict=False):  # without any data there are no rows
            queries = [self.counted(name, day, day + DAY) for name in ("received", "answered", "closed")]
            rows.append((row[0], *(self.linked(value, query) for value, query in zip(row[1:], queries, strict=True))))
        return replace(found, rows=rows)

    def by_community(self) -> Plot:
        """Communities in their own order, week by week."""
        found = read.split(Measure.RECEIVED, Axis.COMMUNITY, self.mondays[0], self.after)
        names = shown.names(Axis.COMMUNITY)
        rows = [
            (name, read.weeks(found.get(key, {}), self.mondays, self.after, self.without))
            for key, name in names.items()
        ]
        links = [
            [self.cases(f"{self.counted('received', day, day + DAY * 7)}&community={key}") for day in self.mondays]
            for key in names
        ]
        columns, caption = [short(monday) for monday in self.mondays], _("Cases received, by community and week")
        if self.sheet is not None and len(rows) > LINES:
            first = self.sheet % -(-len(rows) // LINES) * LINES
            last = min(first + LINES, len(rows))
            caption += _(" (%(first)d to %(last)d of %(all)d)") % {"first": first + 1, "last": last, "all": len(rows)}
            rows = rows[first:last]
        return plots.heat(columns, rows, caption, _("Community"), () if self.wall else links)

    def by_weekday(self) -> Plot:
        """The days of thirteen weeks: when much comes in."""
        held = {day: counts.get(Measure.RECEIVED, 0) for day, counts in self.held.items()}
        rows: list[tuple[str, list[plots.Value]]] = []
        links: list[list[str]] = []
        for weekday, name in enumerate(_weekdays()):
            days = [monday + DAY * weekday for monday in self.mondays]
            rows.append((name, [self.cell(day, held) for day in days]))
            links.append([self.cases(self.counted("received", day, day + DAY)) for day in days])
        columns = [short(monday) for monday in self.mondays]
        caption = _("Cases received, by day of the week and week")
        return plots.heat(columns, rows, caption, _("Day"), () if self.wall else links)

    def cell(self, day: date, held: dict[date, int]) -> plots.Value:
        """A day of the heat."""
        if day > self.today:
            return ""
        return None if day in self.without else held.get(day, 0)

    def flow(self, since: date) -> Plot:
        """From coming in to being closed, and what came back."""
        held = self.summed(since, self.after)
        steps = [
            (pgettext("figures", "received"), held.get(Measure.RECEIVED, 0), "received"),
            (_("given to units"), held.get(Measure.SENT, 0), "sent"),
            (pgettext("figures", "answered"), held.get(Measure.ANSWERED, 0), "answered"),
            (pgettext("figures", "closed"), sum(held.get(name, 0) for name in CLOSED), "closed"),
        ]
        back = [
            (_("returned by units"), held.get(Measure.RETURNED, 0), "returned"),
            (_("opened again"), held.get(Measure.REOPENED, 0), "reopened"),
        ]
        drawn = [[row[:2] for row in rows] for rows in (steps, back)]
        found = plots.flow(drawn[0], drawn[1], _("From coming in to being closed, 30 days"))
        rows = [(name, self.linked(value, self.counted(what, since))) for name, value, what in (*steps, *back)]
        return replace(found, rows=rows)

    def by_group(self, since: date) -> Plot:
        """Groups of categories in the order of the catalogue."""
        found = read.split(Measure.RECEIVED, Axis.CATEGORY, since, self.after)
        totals = {key: sum(days.values()) for key, days in found.items()}
        by_code = catalogue().by_code
        groups: dict[str, int] = {}
        names = {one.code: one.name for one in catalogue().categories}
        for one in catalogue().categories:
            top = one
            while top.parent_code in by_code:
                top = by_code[top.parent_code]
            groups[top.code] = groups.get(top.code, 0) + totals.pop(str(one.id), 0)
        rows = [(names[code], value, f"&category={code}") for code, value in groups.items() if value]
        if rest := sum(totals.values()):
            rows.append((_("not sorted yet"), rest, ""))
        return self.bars(rows, _("What it was about, 30 days"), _("Group"), since)

    def by_channel(self, since: date) -> Plot:
        """How appeals came."""
        found = read.split(Measure.RECEIVED, Axis.CHANNEL, since, self.after)
        names = shown.names(Axis.CHANNEL)
        rows = [(name, sum(found.get(key, {}).values()), f"&channel={key}") for key, name in names.items()]
        return self.bars([row for row in rows if row[1]], _("How it came, 30 days"), _("Channel"), since)

    def bars(self, rows: list[tuple[str, int, str]], caption: str, head: str, since: date) -> Plot:
        """Bars in the order given; the third of each row narrows the list behind it, "" for none."""
        query = self.counted("received", since)
        table = [(name, self.linked(n, query + within) if within else n) for name, n, within in rows]
        picture = charts.bars([row[:2] for row in rows], caption)
        return Plot(caption, picture, (head, pgettext("figures", "Cases")), table)


PARTS = ("numerator", "denominator")


def short(day: date) -> str:
    """A day of a board: month and day."""
    return f"{day.month}-{day.day:02}"


def _weekdays() -> list[str]:
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
