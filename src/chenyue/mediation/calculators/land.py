"""Shares of land compensation by rule, one outcome for each opinion, side by side. Pure; a draft, never a decision.

Sources: SPC 涉及农村土地承包纠纷解释 (2020 年修正) 20–22; 土地管理法实施条例 32; 农村土地承包法 16, 31;
农村集体经济组织法 17, 18.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from chenyue.mediation.calculators.outcome import Line, Outcome, Wrong, divided, fraction, money

MOST_PEOPLE, MOST_ITEMS, MOST_OPINIONS = 200, 40, 4


class Kind(StrEnum):
    """What was paid for."""

    LAND = "land"  # 土地补偿费
    RESETTLEMENT = "resettlement"  # 安置补助费
    HOUSE = "house"  # 房屋补偿
    ATTACHMENTS = "attachments"  # 地上附着物
    CROPS = "crops"  # 青苗


class Left(StrEnum):
    """Why somebody is said to have left the collective. Only the first four end membership (集体经济组织法 17)."""

    DEATH = "death"
    NATIONALITY = "nationality"
    NEW_MEMBER = "new_member"
    CIVIL_SERVICE = "civil_service"
    STUDY = "study"
    SERVICE = "service"
    WORK = "work"
    TRADE = "trade"
    DIVORCE = "divorce"
    WIDOWHOOD = "widowhood"
    PRISON = "prison"
    MARRIAGE = "marriage"


ENDING = (Left.DEATH, Left.NATIONALITY, Left.NEW_MEMBER, Left.CIVIL_SERVICE)
MEMBER_SOURCE = "涉及农村土地承包纠纷解释 22"
KEPT_SOURCE = "农村集体经济组织法 18"
LOST_SOURCE = "农村集体经济组织法 17"
WOMEN_SOURCE = "农村土地承包法 31"
SOURCES = {
    Kind.LAND: MEMBER_SOURCE,
    Kind.RESETTLEMENT: "涉及农村土地承包纠纷解释 21",
    Kind.HOUSE: "土地管理法实施条例 32",
    Kind.ATTACHMENTS: "涉及农村土地承包纠纷解释 20",
    Kind.CROPS: "涉及农村土地承包纠纷解释 20",
}
BY_OWNER = (Kind.HOUSE, Kind.ATTACHMENTS, Kind.CROPS)


@dataclass(frozen=True)
class Person:
    """Somebody who claims a share, and the facts that decide."""

    name: str
    joined_on: date | None = None  # member since; None: always
    left: Left | None = None
    left_on: date | None = None
    new_land: bool = False  # has got contracted land at the new place


@dataclass(frozen=True)
class Item:
    """One sum that was paid. `owners` of houses and crops by name; a contracting family's people for resettlement."""

    kind: Kind
    amount: Decimal
    owners: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Opinion:
    """One legal opinion: whom it counts in or out against the rule, whom it weighs otherwise, and why."""

    title: str
    counts: Mapping[str, bool] = field(default_factory=dict)
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Finding:
    """Whether a person was a member on the day, with the rule that says so."""

    member: bool
    why: str
    source: str


def member_on(person: Person, day: date) -> Finding:
    """Membership on the day on which the compensation plan was fixed."""
    if person.joined_on and person.joined_on > day:
        return Finding(False, "not_yet", MEMBER_SOURCE)
    if person.left is None or (person.left_on and person.left_on > day):
        return Finding(True, "member", MEMBER_SOURCE)
    if person.left in ENDING:
        return Finding(False, f"lost_{person.left}", LOST_SOURCE)
    if person.left in (Left.MARRIAGE, Left.DIVORCE, Left.WIDOWHOOD):
        if person.new_land:
            return Finding(False, "new_land", WOMEN_SOURCE)
        return Finding(True, f"kept_{person.left}", WOMEN_SOURCE)
    return Finding(True, f"kept_{person.left}", KEPT_SOURCE)


def outcome(items: Sequence[Item], people: Sequence[Person], day: date, opinion: Opinion) -> Outcome:
    """Who gets what by one opinion. The sum of shares and of what is left over is the sum of the items exactly."""
    found = {person.name: member_on(person, day) for person in people}
    counted = {name: opinion.counts.get(name, finding.member) for name, finding in found.items()}
    result = Outcome(opinion.title)
    for number, item in enumerate(items, 1):
        what = item.title or f"{item.kind}:{number}"
        lines = _owners(item, what) if item.kind in BY_OWNER else _members(item, what, people, found, counted, opinion)
        result.lines += lines
        if not lines:
            result.left.append(Line(what, "", item.amount, "nobody", SOURCES[item.kind]))
    if any(opinion.counts.get(name, finding.member) != finding.member for name, finding in found.items()):
        result.notes.append("against_rule")
    if opinion.weights:
        result.notes.append("own_weights")
    result.notes.append("democratic")
    return result


def _owners(item: Item, what: str) -> list[Line]:
    why = "investor" if item.kind == Kind.CROPS else "owner"
    return divided(what, item.amount, [(name, Fraction(1)) for name in item.owners], why, SOURCES[item.kind])


def _members(
    item: Item, what: str, people: Sequence[Person], found: Mapping[str, Finding], counted: Mapping[str, bool],
    opinion: Opinion,
) -> list[Line]:  # fmt: skip
    family = item.owners if item.kind == Kind.RESETTLEMENT and item.owners else [person.name for person in people]
    sharing = [name for name in family if counted.get(name)]
    weights = [(name, opinion.weights.get(name, Fraction(1))) for name in sharing]
    lines = divided(what, item.amount, weights, "equal", SOURCES[item.kind])
    said = {name: (found[name].why, found[name].source) if found[name].member else ("opinion", "") for name in sharing}
    return [
        Line(
            line.what, line.who, line.amount,
            "weighted" if line.who in opinion.weights else said[line.who][0],
            said[line.who][1] or line.source,
            opinion.why if line.who in opinion.weights or not found[line.who].member else "",
        )
        for line in lines
    ]  # fmt: skip


def work(given: Mapping[str, Any]) -> dict[str, Any]:
    """From what was typed to what is stored; raises `Wrong` at the place where it doesn't fit.

    `given`: day, people [{name, joined_on, left, left_on, new_land}], items [{kind, amount, owners, title}],
    opinions [{title, counts {name: bool}, weights {name: "1/2"}, why}].
    """
    day = _day(given.get("day"), "day") or _absent("day")
    people = _people(given.get("people") or [])
    items = _items(given.get("items") or [], {person.name for person in people})
    opinions = _opinions(given.get("opinions") or [{"title": ""}], {person.name for person in people})
    return {
        "outcomes": [outcome(items, people, day, opinion).stored() for opinion in opinions],
        "findings": [
            {"who": person.name, "member": finding.member, "why": finding.why, "source": finding.source}
            for person in people
            for finding in [member_on(person, day)]
        ],
    }


def _absent(field_name: str) -> date:
    raise Wrong(field_name, "missing")


def _day(value: Any, field_name: str) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong(field_name, "no_date") from error


def _people(rows: Sequence[Mapping[str, Any]]) -> list[Person]:
    if not 0 < len(rows) <= MOST_PEOPLE:
        raise Wrong("people", "how_many")
    people: list[Person] = []
    for n, row in enumerate(rows):
        name = str(row.get("name") or "").strip()
        if not name or name in {person.name for person in people}:
            raise Wrong(f"people.{n}.name", "missing" if not name else "twice")
        left = str(row.get("left") or "")
        if left and left not in set(Left):
            raise Wrong(f"people.{n}.left", "unknown")
        joined = _day(row.get("joined_on"), f"people.{n}.joined_on")
        gone = _day(row.get("left_on"), f"people.{n}.left_on")
        if joined and gone and gone < joined:
            raise Wrong(f"people.{n}.left_on", "before")
        people.append(Person(name, joined, Left(left) if left else None, gone, bool(row.get("new_land"))))
    return people


def _items(rows: Sequence[Mapping[str, Any]], names: set[str]) -> list[Item]:
    if not 0 < len(rows) <= MOST_ITEMS:
        raise Wrong("items", "how_many")
    items = []
    for n, row in enumerate(rows):
        if row.get("kind") not in set(Kind):
            raise Wrong(f"items.{n}.kind", "unknown")
        owners = tuple(dict.fromkeys(str(one).strip() for one in row.get("owners") or ()))
        if set(owners) - names:
            raise Wrong(f"items.{n}.owners", "unknown")
        items.append(
            Item(Kind(row["kind"]), money(row.get("amount"), f"items.{n}.amount"), owners, str(row.get("title") or ""))
        )
    return items


def _opinions(rows: Sequence[Mapping[str, Any]], names: set[str]) -> list[Opinion]:
    if not 0 < len(rows) <= MOST_OPINIONS:
        raise Wrong("opinions", "how_many")
    opinions = []
    for n, row in enumerate(rows):
        weights = {
            name: fraction(value, f"opinions.{n}.weights.{name}") for name, value in (row.get("weights") or {}).items()
        }
        counts = {name: bool(value) for name, value in (row.get("counts") or {}).items()}
        if {*weights, *counts} - names:
            raise Wrong(f"opinions.{n}.counts", "unknown")
        why = str(row.get("why") or "").strip()
        if weights and not why:
            raise Wrong(f"opinions.{n}.why", "why_weights")
        opinions.append(Opinion(str(row.get("title") or ""), counts, weights, why))
    return opinions
