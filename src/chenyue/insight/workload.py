"""What units and stewards carry: rows in the order of the office's own lists, never by who has most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Sentence
from chenyue.insight import shown
from chenyue.insight.backlog import NOTHING, Backlog, backlog, by_building
from chenyue.insight.figures import Figure, counts, figures
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.stewards import loads
from chenyue.stewards.models import Steward

# What a unit is seen by: label and measures, under the name that the filter `counted` of lists knows.
COLUMNS: dict[str, tuple[Sentence, tuple[str, ...]]] = {
    "sent": (pgettext_lazy("workload", "Given"), (Measure.SENT,)),
    "returned": (pgettext_lazy("workload", "Returned"), (Measure.RETURNED,)),
    "answered": (pgettext_lazy("workload", "Answered"), (Measure.ANSWERED,)),
    "closed": (
        pgettext_lazy("workload", "Closed"), (Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE, Measure.CLOSED_FREE),
    ),
    "reopened": (pgettext_lazy("workload", "Opened again"), (Measure.REOPENED,)),
}  # fmt: skip
FILTERED = 20  # values of one filter that a list of cases reads


@dataclass(frozen=True)
class UnitLoad:
    """A unit: what is open with it now, what it was given and did in some days as (label, count, query of the list)."""

    name: str
    code: str  # "" for what isn't known
    now: Backlog
    counted: tuple[tuple[Sentence, int, str], ...]
    on_time: Figure | None


def units(since: date, until: date, only: Iterable[str] | None, at: datetime) -> list[UnitLoad]:
    """Each unit that has or had anything, in the order of the office's list. `only`: these keys. Five statements."""
    wanted = None if only is None else set(only)
    held = counts(since, until, Axis.LEAD, (*(name for _label, names in COLUMNS.values() for name in names),))
    rates = figures(["on_time"], since, until, Axis.LEAD, at=at)["on_time"]
    now = backlog(at, Axis.LEAD, wanted)
    names, codes = shown.names(Axis.LEAD), shown.codes(Axis.LEAD)
    return [
        UnitLoad(
            names.get(key) or str(_("not known")), codes.get(key, ""), now.get(key, NOTHING),
            _counted(held.get(key, {}), key, codes.get(key, ""), f"{since}.{until}"), rates.get(key),
        )
        for key in shown.ordered(Axis.LEAD, held.keys() | now.keys())
        if key and (wanted is None or key in wanted)
    ]  # fmt: skip


def _counted(held: dict[str, int], key: str, code: str, days: str) -> tuple[tuple[Sentence, int, str], ...]:
    """Each column's count and list: what was given and returned is the unit's own part, the rest that of its cases."""
    found = []
    for column, (label, names) in COLUMNS.items():
        whose = f".{key}" if column in ("sent", "returned") else f"&lead={code}"
        found.append((label, sum(held.get(name, 0) for name in names), f"counted={column}.{days}{whose}"))
    return tuple(found)


@dataclass(frozen=True)
class StewardLoad:
    """A steward: weighted homes against an even share, and the open cases in their buildings."""

    steward: Steward
    buildings: int
    load: float
    off: int  # per cent above (or below) what would be even
    even: bool
    open: int
    late: int
    query: str  # of the list of those cases; "" where it can't be asked for


def stewards(at: datetime) -> list[StewardLoad]:
    """Stewards who have a building, by name; the load as the stewards' own pages weigh it. At most eight statements."""
    known = loads.shares(timezone.localdate(at))
    rows = [row for row in known.rows if row.mains]
    cases = by_building(at, (cover.building.pk for row in rows for cover in row.mains))
    found = []
    for row in rows:
        mine = [cover.building.pk for cover in row.mains]
        several = [cases.get(pk, (0, 0)) for pk in mine]
        query = "".join(f"&building={pk}" for pk in mine) if len(mine) <= FILTERED else ""
        found.append(
            StewardLoad(
                row.steward, len(mine), row.load, round(row.off * 100), abs(row.off) <= known.balance,
                sum(n for n, _late in several), sum(late for _n, late in several), query,
            )
        )  # fmt: skip
    return found
