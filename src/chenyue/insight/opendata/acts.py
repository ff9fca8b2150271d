"""Every change of open data: made by one, looked over again and published by another, withdrawn with a trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.cases.lifecycle import State
from chenyue.cases.models import Appeal, Case
from chenyue.catalogue.models import Category
from chenyue.core import office, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.insight.lifecycle import OpenDataState
from chenyue.insight.models import OpenDataMonth
from chenyue.insight.opendata import rows as coarse
from chenyue.insight.opendata.rows import LEAST, Row, Told
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.models import Place
from chenyue.timeline.actions import record

MANAGE = "insight.manage"
UNKNOWN = "未定"  # a case without community or category: a value like the others
MOST_K = 1000
OFF = _("Open data is switched off in this office.")
FAULTS = {
    "small": _("A row has too few cases. Make the month anew."),
    "k": _("More people must stand behind each row since this was made. Make the month anew."),
    "changed": _("Cases of this month have changed since it was made. Make it anew and look at it again."),
    "near": _(
        "This month was published before with slightly other numbers: by subtraction somebody could be found. "
        "It can't be published again."
    ),
    "empty": _("So few people told something in this month that nothing can be published."),
}


def subject(row: OpenDataMonth) -> str:
    """Its name on the timeline."""
    return f"open-data:{row.month:%Y-%m}"


def on() -> bool:
    """Whether this office publishes open data."""
    return bool(office.get("open_data"))


def least() -> int:
    """The smallest k that may be set: what any month was published with isn't taken back."""
    held = OpenDataMonth.objects.exclude(published_at=None).order_by("-k").values_list("k", flat=True).first()
    return max(LEAST, held or 0)


def smallest() -> int:
    """How many people must stand behind each row now."""
    return max(least(), int(office.get("open_data_k")))


def told(month: date) -> list[Told]:
    """The cases of a month as they are counted. Four statements. Never private, never one that joined another."""
    zone = timezone.get_default_timezone()
    since = datetime.combine(month, time(), zone)
    until = datetime.combine(_after(month), time(), zone)
    cases = Case.objects.filter(received_at__gte=since, received_at__lt=until, sensitivity="normal")
    cases = cases.exclude(state=State.JOINED).exclude(category__private=True)
    first: dict[int, Any] = {}
    for case, who in Appeal.objects.filter(case__in=cases).order_by("pk").values_list("case_id", "reporter_id"):
        first.setdefault(case, who)
    names = dict(Place.objects.filter(kind="community").values_list("pk", "name"))
    leaves = {
        pk: (name, group or name) for pk, name, group in Category.objects.values_list("pk", "name", "parent__name")
    }
    found = []
    for pk, at, community, category in cases.order_by("pk").values_list(
        "pk", "received_at", "community_id", "category_id"
    ):
        leaf, group = leaves.get(category, (UNKNOWN, UNKNOWN))
        day = f"{timezone.localtime(at):%Y-%m-%d}"
        found.append(Told(day, names.get(community, UNKNOWN), leaf, group, first.get(pk)))
    return found


def _after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def rows_of(row: OpenDataMonth) -> list[Row]:
    """Its rows."""
    return [Row(*one) for one in row.rows]


def _manager(by: Actor) -> Member:
    member = by.user if by.kind == "member" else None
    if not isinstance(member, Member) or not may(member, MANAGE):
        raise NotAllowed
    if not on():
        raise Refusal(OFF, code="off")
    return member


@contextmanager
def _acting(row: OpenDataMonth, version: int | None = None) -> Iterator[OpenDataMonth]:
    with transaction_of_its_own():
        found = OpenDataMonth.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
        if found is None:
            raise NotFound
        if version is not None and version != found.version:
            raise Conflict
        yield found
        found.version += 1
        found.save()


@transaction.atomic
def make(*, month: date, by: Actor, at: datetime) -> OpenDataMonth:
    """Make the rows of a month, or make them anew. Raises Refusal at `month`, Conflict for a published one."""
    member, month = _manager(by), month.replace(day=1)
    if _after(month) > timezone.localdate(at):
        raise Refusal(_("This month isn't over yet."), field="month", code="running")
    k = smallest()
    made = coarse.make(told(month), k)
    blank = {"k": k, "made_at": at, "made_by": member}
    row, _fresh = OpenDataMonth.objects.select_for_update(of=("self",)).get_or_create(month=month, defaults=blank)
    if row.state == OpenDataState.PUBLISHED:
        raise Conflict
    row.state, row.k, row.made_at, row.made_by = OpenDataState.DRAFT.value, k, at, member
    row.rows, row.total, row.suppressed = [list(one) for one in made.rows], made.total, made.coarser + made.hidden
    row.published_at = row.published_by = None
    row.reason, row.version = "", row.version + 1
    row.save()
    record(subject=subject(row), verb="insight.open_made", by=by, at=at, data={"n": len(made.rows), "k": k})
    return row


def check(row: OpenDataMonth) -> list[str]:
    """Everything that keeps a month from being published, as codes of `FAULTS`; asked of the cases themselves."""
    rows = rows_of(row)
    found = ["k"] if row.k < smallest() else []
    found += coarse.faults(rows, told(row.month), row.k)
    found += [] if rows else ["empty"]
    if any(coarse.too_near([Row(*old) for old in one["rows"]], rows, row.k) for one in published_before(row)):
        found.append("near")
    return found


def published_before(row: OpenDataMonth) -> list[dict[str, Any]]:
    """What was published of this month and withdrawn: rows, when, why."""
    return [one for one in row.checks if one["what"] == "withdrawn"]


def publish(*, row: OpenDataMonth, by: Actor, at: datetime, version: int | None = None) -> OpenDataMonth:
    """A second person looks it over again and publishes it. Raises Refusal for each fault, NotAllowed, Conflict."""
    member = _manager(by)
    with _acting(row, version) as found:
        if found.state != OpenDataState.DRAFT:
            raise Conflict
        if found.made_by_id == member.pk:
            raise Refusal(_("Who made it can't publish it: a second person does."), code="same_person")
        if faults := check(found):
            raise Refusal(FAULTS[faults[0]], code=faults[0])
        found.state, found.published_at, found.published_by = OpenDataState.PUBLISHED.value, at, member
        found.checks = [*found.checks, {"what": "checked", "at": _iso(at), "by": member.name, "k": found.k}]
        record(subject=subject(found), verb="insight.open_published", by=by, at=at, data={"k": found.k})
    return found


def withdraw(*, row: OpenDataMonth, words: str, by: Actor, at: datetime) -> OpenDataMonth:
    """Take a month back; its place, the day and the reason stay on the public page. Raises Refusal at `words`."""
    _manager(by)
    said = " ".join(text.clean(words).split())[:300]
    if len(said) < 2:
        raise Refusal(_("Say why: everybody can read it."), field="words", code="no_reason")
    with _acting(row) as found:
        if found.state != OpenDataState.PUBLISHED:
            raise Conflict
        kept = {"what": "withdrawn", "at": _iso(at), "reason": said, "k": found.k, "rows": found.rows}
        found.state, found.reason, found.checks = OpenDataState.WITHDRAWN.value, said, [*found.checks, kept]
        record(subject=subject(found), verb="insight.open_withdrawn", by=by, at=at, data={"words": said})
    return found


def _iso(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")
