"""Slots: times at which so many may come, singly or as a weekly series, within contract, licence and calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.buying import last_day
from chenyue.volunteering.lifecycle import ContractState, SlotState
from chenyue.volunteering.models import Contract, Service, Slot
from chenyue.workdays.queries import calendar

MOST = 500  # slots of one series
LONGEST = timedelta(hours=8)


@dataclass(frozen=True)
class Series:
    """When slots lie: from day to day on these weekdays (0 is Monday; none: each day), so many in a row from a time."""

    first: date
    last: date
    begins: time
    minutes: int
    in_a_row: int = 1
    gap: int = 0  # minutes between two
    weekdays: tuple[int, ...] = ()
    holidays: bool = False  # also on public holidays


@dataclass(frozen=True)
class Made:
    """What came of a series: slots that were made, days that were passed over as holidays, times that existed."""

    slots: list[Slot]
    holidays: list[date]
    existing: int


def times_of(series: Series, holidays: Collection[date] = ()) -> list[datetime]:
    """The beginnings of a series, in order. Pure; raises Refusal where there would be too many."""
    found: list[datetime] = []
    day, step = series.first, timedelta(minutes=series.minutes + series.gap)
    zone = timezone.get_default_timezone()
    while day <= series.last:
        wanted = not series.weekdays or day.weekday() in series.weekdays
        if wanted and (series.holidays or day not in holidays):
            first = datetime.combine(day, series.begins, tzinfo=zone)
            found += [first + step * n for n in range(series.in_a_row)]
        if len(found) > MOST:
            raise Refusal(_("These are more than 500 slots: choose fewer days."), field="last", code="many")
        day += timedelta(days=1)
    return found


def make_slots(
    *, service: Service, series: Series, capacity: int, by: Actor, at: datetime, publish_at: datetime | None = None
) -> Made:
    """Add a series of slots; people see them from `publish_at` (now) on. Times that exist already stay as they are.

    Raises Refusal where the contract isn't running or the series doesn't fit into it.
    """
    seeing.check(by, seeing.CONTRACTS)
    with transaction_of_its_own():
        rows = Contract.objects.select_for_update(of=("self",)).select_related("supplier")
        contract = rows.get(pk=service.contract_id)
        _check(series, contract, capacity, at)
        off = calendar().holidays
        wanted = [moment for moment in times_of(series, off) if moment > at]
        if not wanted:
            raise Refusal(_("No slot comes of this: check days and weekdays."), field="first", code="none")
        there = set(
            Slot.objects.filter(service=service, starts_at__gte=wanted[0], starts_at__lte=wanted[-1])
            .values_list("starts_at", flat=True)
        )  # fmt: skip
        rows_made = [
            Slot(
                service=service, starts_at=moment, ends_at=moment + timedelta(minutes=series.minutes),
                capacity=capacity, published_at=publish_at or at, made_by=by.user,
            )
            for moment in wanted
            if moment not in there
        ]  # fmt: skip
        Slot.objects.bulk_create(rows_made)
        data = {"service": service.name, "count": len(rows_made), "first": f"{series.first}", "last": f"{series.last}"}
        acts.record(contract.subject, "slots_added", by=by, at=at, data=data)
    passed = [] if series.holidays else sorted(day for day in off if series.first <= day <= series.last)
    return Made(rows_made, passed, len(wanted) - len(rows_made))


def _check(series: Series, contract: Contract, capacity: int, at: datetime) -> None:
    if contract.state != ContractState.RUNNING:
        raise Refusal(_("Slots are added once the contract is signed and running."), code="not_running")
    if series.last < series.first:
        raise Refusal(_("The last day is before the first."), field="last", code="order")
    if series.first < contract.starts_on or series.last > last_day(contract):
        sentence = _("The contract, and the supplier's licence, run from %(first)s to %(last)s.")
        said = {"first": contract.starts_on, "last": last_day(contract)}
        raise Refusal(sentence % said, field="last", code="outside")
    if not 1 <= capacity <= 500:
        raise Refusal(_("1 to 500 people can come at once."), field="capacity", code="capacity")
    if not 5 <= series.minutes <= 480 or not 1 <= series.in_a_row <= 48 or not 0 <= series.gap <= 240:
        raise Refusal(_("A slot lasts from 5 minutes to 8 hours."), field="minutes", code="minutes")
    length = timedelta(minutes=(series.minutes + series.gap) * series.in_a_row - series.gap)
    if datetime.combine(series.first, series.begins) + length > datetime.combine(series.first, time.max):
        raise Refusal(_("The last slot of the day would end after midnight."), field="in_a_row", code="midnight")


def resize(*, slot: Slot, capacity: int, by: Actor, at: datetime) -> int:
    """Change how many may come; never fewer than have booked. Gives how many places became free."""
    seeing.check(by, seeing.CONTRACTS)
    if not 1 <= capacity <= 500:
        raise Refusal(_("1 to 500 people can come at once."), field="capacity", code="capacity")
    with acts.locked(slot, None, "service__contract") as row:
        if row.state != SlotState.OPEN:
            raise Refusal(_("This slot is called off or over."), code="not_open")
        if capacity < row.taken:
            sentence = _("%(n)d have booked already: to make it smaller, call it off.")
            raise Refusal(sentence % {"n": row.taken}, field="capacity", code="taken")
        more = capacity - row.capacity
        Slot.objects.filter(pk=row.pk).update(capacity=capacity)
        data = {"was": row.capacity, "is": capacity, "when": row.starts_at.isoformat()}
        acts.record(row.service.contract.subject, "slot_resized", by=by, at=at, data=data)
    return max(0, more)


def take_place(slot_id: int) -> bool:
    """Count one more in a slot that has room: one guarded statement, so that no race oversells."""
    room = Slot.objects.filter(pk=slot_id, state=SlotState.OPEN, taken__lt=F("capacity"))
    return bool(room.update(taken=F("taken") + 1))


def give_place(slot_id: int) -> None:
    """Count one less."""
    Slot.objects.filter(pk=slot_id, taken__gt=0).update(taken=F("taken") - 1)


def close_over(at: datetime) -> int:
    """Slots that have ended are marked as over; how many. For the tick."""
    return Slot.objects.filter(state=SlotState.OPEN, ends_at__lt=at).update(state=SlotState.DONE)
