"""The figures of a brief, frozen: counts and shares with their parts, the definition's version, and what they were.

Everything comes from the kept counts of days, from the sheets of the reception room and from findings: what it costs
doesn't grow with the number of cases. Private matters are in no count; of visits only those without one are told.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from chenyue.insight import shown
from chenyue.insight.brief import finding
from chenyue.insight.brief.stretches import Stretch
from chenyue.insight.figures import CODES, Figure, counts, figures, overdue_at, overdue_now
from chenyue.insight.lifecycle import Axis, BriefKind, Measure
from chenyue.insight.models import DayCount, Follow
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Sitting, SittingReport, Ticket, VisitAppeal
from chenyue.reception.queue.report import minutes, wait

COUNTED = ("received", "appeals", "answered", "closed", "overdue")
CLOSED = (Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE, Measure.CLOSED_FREE)
MOST_CATEGORIES = 10
BUSY = 1.0  # cases a day on which a day without any is worth a word
NORMAL = "normal"
Frozen = dict[str, Any]


def gather(stretch: Stretch, community: int | None, at: datetime) -> Frozen:
    """All figures as they stand at `at`, ready for JSON. `community`: only of this one, without the reception room."""
    axis, key = (Axis.COMMUNITY, str(community)) if community else (Axis.ALL, "")
    partial = stretch.until > timezone.localdate(at)
    others = {} if partial else _others(stretch)
    follow = Follow.objects.filter(whole_at__isnull=False).first()
    return {
        "as_of": timezone.localtime(at).isoformat(timespec="minutes"),
        "counted_at": follow.at.isoformat() if follow and follow.at else "",
        "partial": partial,
        "counts": _counts(stretch, others, axis, key, at),
        "rates": _rates(stretch, others, axis, key, at),
        "reception": None if community else _reception(stretch, at),
        "communities": [] if community or stretch.kind == BriefKind.DAILY else _communities(stretch, others, at),
        "units": [] if community or stretch.kind == BriefKind.DAILY else _units(stretch, at),
        "categories": [] if community else _categories(stretch, others),
        "days": [] if stretch.kind == BriefKind.DAILY else _days(stretch, axis, key, at),
        "found": finding.of(stretch, community),
    }


def _others(stretch: Stretch) -> dict[str, Stretch]:
    """The stretches to compare with: those of which there are counts of all days."""
    first = first_day()
    wanted = {"before": stretch.before(), "year": stretch.a_year_before()}
    return {name: other for name, other in wanted.items() if first is not None and first <= other.since}


def first_day() -> date | None:
    """The day of the first appeal that is counted; None while there is none. One statement by its index."""
    rows = DayCount.objects.filter(grain="d", axis=Axis.ALL, measure=Measure.APPEALS, key="", value__gt=0)
    return rows.order_by("day").values_list("day", flat=True).first()


def _totals(stretch: Stretch, axis: str, key: str, at: datetime) -> dict[str, int]:
    held = counts(stretch.since, stretch.until, axis).get(key, {})
    live = stretch.until > timezone.localdate(at)
    overdue = (overdue_now(at, axis) if live else overdue_at(stretch.until, axis)).get(key, 0)
    found = {name: held.get(name, 0) for name in ("received", "appeals", "answered")}
    return found | {"closed": sum(held.get(one, 0) for one in CLOSED), "overdue": overdue}


def _counts(
    stretch: Stretch, others: dict[str, Stretch], axis: str, key: str, at: datetime
) -> dict[str, dict[str, int | None]]:
    now = _totals(stretch, axis, key, at)
    then = {name: _totals(other, axis, key, at) for name, other in others.items()}
    found: dict[str, dict[str, int | None]] = {}
    for name in COUNTED:
        found[name] = {"now": now[name]}
        found[name] |= {which: then[which][name] if which in then else None for which in ("before", "year")}
    return found


def _rates(stretch: Stretch, others: dict[str, Stretch], axis: str, key: str, at: datetime) -> dict[str, Frozen]:
    now = figures(CODES, stretch.since, stretch.until, axis, at=at)
    then = {name: figures(CODES, other.since, other.until, axis, at=at) for name, other in others.items()}
    found = {}
    for code in CODES:
        figure = now[code].get(key) or shown.empty(code, stretch.since, stretch.until)
        rate = _parts(figure) | {"name": str(shown.name_of(code)), "rule": figure.rule, "source": figure.source}
        rate |= {"mixed": figure.mixed, "left_out": figure.left_out}
        for which in ("before", "year"):
            other = then.get(which, {}).get(code, {}).get(key)
            rate[which] = _parts(other) if other else None
        found[code] = rate
    return found


def _parts(figure: Figure) -> Frozen:
    value = None if figure.value is None else str(figure.value)
    return {
        "numerator": figure.numerator, "denominator": figure.denominator, "value": value, "version": figure.version,
        "small": figure.small,
    }  # fmt: skip


def _reception(stretch: Stretch, at: datetime) -> Frozen:
    """The room: what it is now, and what it was when it was open before (of a day: the last day with a sitting)."""
    now = room(stretch.since, stretch.until)
    before = stretch.before()
    if stretch.kind == BriefKind.DAILY:
        reports = SittingReport.objects.filter(sitting__day__lt=stretch.since, sitting__day__gte=_weeks_ago(stretch))
        day = reports.order_by("-sitting__day").values_list("sitting__day", flat=True).first()
        before = Stretch(stretch.kind, day, day + timedelta(days=1)) if day else before
    then = room(before.since, before.until)
    year = stretch.a_year_before()
    last_year = room(year.since, year.until)
    return now | {
        "before": then if then["sittings"] else None, "before_on": before.since.isoformat(),
        "year": last_year if last_year["sittings"] else None,
    }  # fmt: skip


def _weeks_ago(stretch: Stretch) -> date:
    return stretch.since - timedelta(days=21)


def room(since: date, until: date) -> Frozen:
    """What the rooms and on-site points did in these days. Waits in minutes. Five statements."""
    states = dict(_by_state(since, until))
    reports = [
        report.figures for report in SittingReport.objects.filter(sitting__day__gte=since, sitting__day__lt=until)
    ]
    told = {name: sum(int(one.get(name) or 0) for one in reports) for name in ("tickets", "came", "heard", "visits")}
    told |= {name: sum(int(one.get(name) or 0) for one in reports) for name in ("unheard", "left", "told", "kept")}
    open_still = sum(states.get(state, 0) for state in (SittingState.OPEN, SittingState.PLANNED))
    found = {"sittings": len(reports), "open": open_still, "cancelled": states.get(SittingState.CANCELLED, 0)}
    return found | told | _waits(since, until) | _filed(since, until)


def _by_state(since: date, until: date) -> Iterable[tuple[str, int]]:
    rows = Sitting.objects.filter(day__gte=since, day__lt=until)
    return rows.order_by().values_list("state").annotate(Count("pk"))


def _waits(since: date, until: date) -> dict[str, int | None]:
    done = (TicketState.DONE, TicketState.MOVED)
    rows = Ticket.objects.filter(
        sitting__day__gte=since, sitting__day__lt=until, sitting__state=SittingState.CLOSED, state__in=done
    )
    waits = sorted(one for ticket in rows.select_related("sitting") if (one := wait(ticket)) is not None)
    return {
        "wait_median": minutes(median(waits)) if waits else None,
        "wait_p80": minutes(waits[min(len(waits) - 1, int(0.8 * len(waits)))]) if waits else None,
        "wait_longest": minutes(waits[-1]) if waits else None,
    }


def _filed(since: date, until: date) -> dict[str, int]:
    """Appeals told in the rooms, those of private matters left out: settled there, opened, joined to an open case."""
    rows = VisitAppeal.objects.filter(
        visit__sitting__day__gte=since, visit__sitting__day__lt=until, appeal__case__sensitivity=NORMAL
    ).values_list(
        "settled", "appeal__first_case_id", "appeal__case_id", "appeal__received_at", "appeal__case__received_at"
    )
    found = {"matters": 0, "settled": 0, "opened": 0, "joined": 0}
    for settled, first, case, told, began in rows:
        found["matters"] += 1
        found["settled" if settled else "opened" if first == case and told == began else "joined"] += 1
    return found


def _communities(stretch: Stretch, others: dict[str, Stretch], at: datetime) -> list[list[Any]]:
    """Of each community: received, received before, closed on time, of so many. In the order of the office's list."""
    now = counts(stretch.since, stretch.until, Axis.COMMUNITY, (Measure.RECEIVED,))
    then = _received(others.get("before"), Axis.COMMUNITY)
    rates = figures(["on_time"], stretch.since, stretch.until, Axis.COMMUNITY, at=at)["on_time"]
    rows = []
    for key, name in shown.names(Axis.COMMUNITY).items():
        rate = rates.get(key)
        parts = [rate.numerator, rate.denominator] if rate else [0, 0]
        rows.append([name, now.get(key, {}).get(Measure.RECEIVED, 0), then.get(key, 0) if then else None, *parts])
    return rows


def _received(stretch: Stretch | None, axis: str) -> dict[str, int]:
    if stretch is None:
        return {}
    held = counts(stretch.since, stretch.until, axis, (Measure.RECEIVED,))
    return {key: value.get(Measure.RECEIVED, 0) for key, value in held.items()}


def _units(stretch: Stretch, at: datetime) -> list[list[Any]]:
    """Of each unit that had anything: given, returned, closed on time, of so many. In the order of the list."""
    held = counts(stretch.since, stretch.until, Axis.LEAD, (Measure.SENT, Measure.RETURNED))
    rates = figures(["on_time"], stretch.since, stretch.until, Axis.LEAD, at=at)["on_time"]
    rows = []
    for key, name in shown.names(Axis.LEAD).items():
        mine, rate = held.get(key, {}), rates.get(key)
        row = [mine.get(Measure.SENT, 0), mine.get(Measure.RETURNED, 0)]
        row += [rate.numerator, rate.denominator] if rate else [0, 0]
        if any(row):
            rows.append([name, *row])
    return rows


def _categories(stretch: Stretch, others: dict[str, Stretch]) -> list[list[Any]]:
    """What came most: category, received, received before (None: nothing to compare with)."""
    now, names = _received(stretch, Axis.CATEGORY), shown.names(Axis.CATEGORY)
    then = _received(others.get("before"), Axis.CATEGORY)
    most = sorted((key for key in now if key in names and now[key]), key=lambda key: (-now[key], names[key]))
    return [[names[key], now[key], then.get(key, 0) if "before" in others else None] for key in most[:MOST_CATEGORIES]]


def _days(stretch: Stretch, axis: str, key: str, at: datetime) -> list[list[Any]]:
    """Each day since the first that is counted: received, and whether nothing was where usually something is."""
    rows = DayCount.objects.filter(grain="d", axis=axis, key=key, day__gte=stretch.since, day__lt=stretch.until)
    received = dict(rows.filter(measure=Measure.RECEIVED).values_list("day", "value"))
    anything = dict(rows.order_by().values_list("day").annotate(Sum("value")))
    today, first = timezone.localdate(at), first_day()
    begun = [day for day in stretch.days() if first and first <= day <= today]
    usual = sum(received.values()) / max(1, len(begun))
    return [
        [day.isoformat(), received.get(day, 0), day < today and usual >= BUSY and not anything.get(day)]
        for day in begun
    ]
