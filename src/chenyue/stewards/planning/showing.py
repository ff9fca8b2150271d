"""A proposal as its page shows it: rows with names and sentences, and what only a part of it would give."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from chenyue.places.models import Place
from chenyue.stewards.lifecycle import PlanState
from chenyue.stewards.models import Plan, Steward
from chenyue.stewards.planning import saying
from chenyue.stewards.planning.building import REASONS, build

RUNNING = (PlanState.ASKED, PlanState.RUNNING)
ENDED = (PlanState.READY, PlanState.IMPOSSIBLE, PlanState.FAILED)


@dataclass(frozen=True)
class Row:
    """One change: what, from whom, to whom, why; `ticked` if it is to be carried out, `done` if it was."""

    number: int
    building: str
    building_id: int
    before: str
    after: str
    why: list[str]
    ticked: bool
    done: bool


@dataclass(frozen=True)
class LoadRow:
    """One steward's load before and after, in per cent of a fair one; `tone` says how that is."""

    steward_id: int
    name: str
    before: int
    after: int
    homes: float
    buildings_before: int
    buildings_after: int
    outside: bool
    why: str

    @property
    def changed(self) -> bool:
        """Whether the proposal touches them."""
        return (self.before, self.buildings_before) != (self.after, self.buildings_after)


@dataclass(frozen=True)
class Shown:
    """All that the page needs."""

    running: bool
    open: bool
    reason: str
    leaving: list[str]
    within: str
    rows: list[Row]
    vacant: list[tuple[str, str]]
    loads: list[LoadRow]
    appointed: list[str]
    quarrels: list[tuple[str, str]]
    figures: dict[str, Any]

    @property
    def shown_loads(self) -> list[list[LoadRow]]:
        """Loads that change or stay uneven, and all others, which stay folded."""
        return [[row for row in self.loads if (row.changed or row.outside) is told] for told in (True, False)]


def recent() -> QuerySet[Plan]:
    """The proposals of late, the newest first."""
    return Plan.objects.select_related("made_by")[:20]


def reason(plan: Plan) -> str:
    """What it was asked for, in words."""
    return str(REASONS.get(plan.reason, ""))


def shown(plan: Plan, ticked: Collection[int] | None = None) -> Shown:
    """The proposal with names. Two statements. `ticked`: numbers of the changes that are ticked; all if None."""
    result = plan.result
    changes, vacant = result.get("changes", []), result.get("vacant", [])
    appointed, quarrels = result.get("appointed", []), result.get("quarrels", [])
    wanted = [c["building"] for c in [*changes, *vacant]] + appointed + [pair[0] for pair in quarrels]
    asks = plan.asks
    places = _names(Place, "full_name", [*wanted, asks.get("within")])
    people = _names(Steward, "name")
    done = set(result.get("applied", ()))
    rows = [
        Row(
            n, places.get(c["building"], "—"), c["building"], people.get(c["before"], ""), people.get(c["after"], ""),
            saying.facts(c["why"], people), n in done if done else ticked is None or n in ticked, n in done,
        )
        for n, c in enumerate(changes)
    ]  # fmt: skip
    return Shown(
        running=plan.state in RUNNING,
        open=plan.state in (*ENDED, *RUNNING),
        reason=reason(plan),
        leaving=[people.get(pk, "—") for pk in asks.get("leaving", ())],
        within=places.get(asks.get("within"), ""),
        rows=rows,
        vacant=[(places.get(v["building"], "—"), _said(v["why"], people)) for v in vacant],
        loads=_loads(result.get("loads", []), people),
        appointed=[places.get(pk, "—") for pk in appointed],
        quarrels=[(places.get(b, "—"), "、".join(people.get(pk, "—") for pk in ids)) for b, ids in quarrels],
        figures=result.get("figures", {}),
    )


def _names(model: Any, field: str, ids: Iterable[int | None] | None = None) -> dict[int | None, str]:
    rows = model.objects.all() if ids is None else model.objects.filter(pk__in=[pk for pk in ids if pk])
    return dict(rows.order_by("pk").values_list("pk", field))


def _said(fact: list[Any] | None, people: saying.Names) -> str:
    return saying.fact(fact[0], fact[1], people) if fact else ""


def _loads(rows: list[dict[str, Any]], people: dict[int | None, str]) -> list[LoadRow]:
    found = [
        LoadRow(
            row["steward"], people.get(row["steward"], "—"), row["before"], row["after"], row["homes_after"],
            row["buildings_before"], row["buildings_after"], row["outside"],
            _said(row["why"], people),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (not row.changed, not row.outside, row.name, row.steward_id))


def part(plan: Plan, ticked: Collection[int], day: date) -> list[tuple[str, int, int]]:
    """What carrying out only the ticked changes gives today: (name, per cent now, per cent then) of those it touches.

    Reckoned from today's rows, not from the day of the proposal.
    """
    asks, changes = plan.asks, [plan.result["changes"][n] for n in sorted(ticked)]
    problem = build(plan.reason, day=day, leaving=asks.get("leaving", ()), within=asks.get("within")).problem
    weights, loads = problem.weight, {s.id: s.carries * 10 for s in problem.stewards}
    for building, steward in problem.current.items():
        loads[steward] = loads.get(steward, 0) + weights[building]
    after = dict(loads)
    for change in changes:
        weight = weights.get(change["building"], 0)
        if change["before"] in after:
            after[change["before"]] -= weight
        after[change["after"]] = after.get(change["after"], 0) + weight
    touched = {pk for change in changes for pk in (change["before"], change["after"]) if pk}
    names, bands = _names(Steward, "name", touched), problem.bands

    def percent(pk: int, load: float) -> int:
        return round(100 * load / bands[pk].fair) if pk in bands and bands[pk].fair else 0

    return sorted((names.get(pk, "—"), percent(pk, loads.get(pk, 0)), percent(pk, after.get(pk, 0))) for pk in touched)
