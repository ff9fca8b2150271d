"""The days that a brief tells of: a day, a week from Monday to Sunday, a month. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from chenyue.insight.lifecycle import BriefKind

WEEK, YEAR_OF_WEEKS = timedelta(days=7), timedelta(days=364)  # 52 weeks: the same weekdays


@dataclass(frozen=True)
class Stretch:
    """Whole days. `until`: the first day after."""

    kind: str
    since: date
    until: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)

    def before(self) -> "Stretch":
        """The one before, of the same kind."""
        return of(self.kind, self.since - timedelta(days=1))

    def a_year_before(self) -> "Stretch":
        """The same days of the year before: the same month, else the same weekdays 52 weeks before."""
        if self.kind == BriefKind.MONTHLY:
            return of(self.kind, date(self.since.year - 1, self.since.month, 1))
        return Stretch(self.kind, self.since - YEAR_OF_WEEKS, self.until - YEAR_OF_WEEKS)

    def days(self) -> list[date]:
        """Each of its days."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days)]

    def words(self) -> str:
        """As a title says it: `2026年11月23日`, `2026年第48周（11月23日至11月29日）`, `2026年11月`."""
        first, last = self.since, self.last
        if self.kind == BriefKind.DAILY:
            return f"{first.year}年{first.month}月{first.day}日"
        if self.kind == BriefKind.MONTHLY:
            return f"{first.year}年{first.month}月"
        year, week, _weekday = first.isocalendar()
        return f"{year}年第{week}周（{first.month}月{first.day}日至{last.month}月{last.day}日）"


def of(kind: str, day: date) -> Stretch:
    """The stretch of this kind in which a day lies. Raises KeyError for an unknown kind."""
    if kind == BriefKind.DAILY:
        return Stretch(kind, day, day + timedelta(days=1))
    if kind == BriefKind.WEEKLY:
        first = day - timedelta(days=day.weekday())
        return Stretch(kind, first, first + WEEK)
    if kind == BriefKind.MONTHLY:
        first = day.replace(day=1)
        return Stretch(kind, first, (first + timedelta(days=32)).replace(day=1))
    raise KeyError(kind)


def last(kind: str, today: date) -> Stretch:
    """The newest that is over when `today` begins."""
    return of(kind, today).before()
