"""What the office's plan shows: who answers, loads, open cases, cases of a month; picture and table from one source.

A member sees the buildings of their scopes and counts only the cases that they may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from chenyue.cases.lifecycle import OPEN
from chenyue.cases.queries import visible
from chenyue.core.errors import Sentence
from chenyue.people.models import Member
from chenyue.people.queries import scopes
from chenyue.people.rules import may
from chenyue.places.drawing import boxes
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.places.schematic import Plan, Value, plan
from chenyue.stewards import loads
from chenyue.stewards.queries import BuildingCover, buildings

MANAGE, SEE = "steward.manage", "case.see"
LAYERS: dict[str, Sentence] = {
    "coverage": pgettext_lazy("map", "Who answers"),
    "load": pgettext_lazy("map", "Loads"),
    "cases": pgettext_lazy("map", "Open cases"),
    "heat": pgettext_lazy("map", "Cases by month"),
}
NEEDS = {"coverage": MANAGE, "load": MANAGE, "cases": SEE, "heat": SEE}
MONTHS = 12
STEPS = (1, 3, 6, 10)  # cases from which on a building is one tone darker
MOST = 700  # buildings drawn at once; an office that has more is shown by community


@dataclass(frozen=True)
class Line:
    """One building of the table: the same value as on the picture, in words and as a number to be sorted by."""

    pk: int
    name: str
    value: Value
    weight: float
    who: str = ""


@dataclass(frozen=True)
class Key:
    """One entry of the legend, with how many buildings look so."""

    tone: str
    mark: str
    words: str
    count: int = 0


@dataclass(frozen=True)
class Shown:
    """All of a map page but its frame."""

    layer: str
    plan: Plan
    values: Mapping[int, Value]
    lines: list[Line]
    legend: list[Key]
    total: int | None = None  # cases counted


def layers(member: Member) -> list[str]:
    """The layers that a member may look at, in their order."""
    return [layer for layer, word in NEEDS.items() if may(member, word)]


def months(at: datetime) -> list[date]:
    """The first days of the last twelve months, this one first."""
    first = timezone.localtime(at).date().replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def places(member: Member, within: int | None) -> list[Place]:
    """The buildings to be drawn: of a community or estate, and of the member's scopes where those are places."""
    rows = buildings(within)
    bounds = scopes(member, MANAGE) + scopes(member, SEE)
    if any(scope.place_id is None for scope in bounds):
        return rows
    theirs = {scope.place_id for scope in bounds}
    return [place for place in rows if theirs & {place.pk, place.estate_id, place.community_id}]


def communities(rows: list[Place]) -> list[tuple[int, str]]:
    """The communities of these buildings, by name."""
    known = gazetteer()
    found = {place.community_id for place in rows if place.community_id}
    return sorted(((pk, place.name) for pk in found if (place := known.get(pk))), key=lambda pair: pair[1])


def estates(rows: list[Place]) -> list[tuple[int, str]]:
    """The estates of these buildings, in the order of entry."""
    known = gazetteer()
    found = dict.fromkeys(place.estate_id for place in rows if place.estate_id)
    return [(pk, place.name) for pk in found if (place := known.get(pk))]


def shown(member: Member, layer: str, rows: list[Place], month: date, at: datetime) -> Shown:
    """A layer of these buildings."""
    drawn, total = plan(boxes(rows)), None
    if layer in ("coverage", "load"):
        known = loads.shares(timezone.localtime(at).date())
        covers = {cover.building.pk: cover for cover in known.covers}
        found = {pk: _covered(covers.get(pk), known, layer) for pk in (place.pk for place in rows)}
    else:
        counts = counted(member, layer, month)
        found = {place.pk: _counted(counts.get(place.pk, 0)) for place in rows}
        total = sum(counts.get(place.pk, 0) for place in rows)
    values = {pk: value for pk, (value, _weight, _who) in found.items()}
    lines = [Line(place.pk, place.full_name, *found[place.pk]) for place in rows]
    lines.sort(key=lambda line: -line.weight)
    return Shown(layer, drawn, values, lines, _legend(layer, values), total)


Told = tuple[Value, float, str]  # value, what it is sorted by, who answers


def counted(member: Member, layer: str, month: date) -> dict[int, int]:
    """Cases of each building that the member may see: those that are open, or those of a month. One statement."""
    rows = visible(member).filter(building__isnull=False)
    if layer == "cases":
        rows = rows.filter(state__in=[state.value for state in OPEN])
    else:
        after = (month + timedelta(days=32)).replace(day=1)
        zone = timezone.get_current_timezone()
        since, until = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (month, after))
        rows = rows.filter(received_at__gte=since, received_at__lt=until)
    return dict(rows.order_by().values_list("building_id").annotate(n=Count("pk", distinct=True)))


def _counted(n: int) -> Told:
    step = sum(n >= least for least in STEPS)
    says = ngettext("%(n)d case", "%(n)d cases", n) % {"n": n}
    return Value(str(step), str(n) if n else "", says), n, ""


def _covered(cover: BuildingCover | None, known: loads.Shares, layer: str) -> Told:
    if cover is None or cover.main is None:
        return Value("bad", pgettext("mark on the plan", "none"), _("nobody answers")), 1e9, ""
    who = cover.main.name
    if layer == "load":
        return _load(cover, known, who)
    if cover.substitute is not None:
        mark, says = pgettext("mark on the plan", "sub"), _("%(name)s stands in") % {"name": cover.substitute.name}
        return Value("low", mark, f"{who}，{says}"), 1, who
    wanted = [flag for flag in cover.flags if flag in loads.WANTED]
    if wanted:
        says = _("%(name)s; a successor is to be found") % {"name": who}
        return Value("some", pgettext("mark on the plan", "next"), says), 2, who
    return Value("good", "", who), 0, who


def _load(cover: BuildingCover, known: loads.Shares, who: str) -> Told:
    row = next((row for row in known.rows if cover.main and row.steward.pk == cover.main.pk), None)
    percent = round(100 * (1 + row.off)) if row else 0
    off = percent - 100
    tone = "good" if abs(off) <= 100 * known.balance + 0.5 else "bad" if off > 0 else "low"
    says = _("%(name)s, %(percent)d %% of the average load") % {"name": who, "percent": percent}
    return Value(tone, str(percent), says), percent, who


def _legend(layer: str, values: Mapping[int, Value]) -> list[Key]:
    count: dict[str, int] = {}
    for value in values.values():
        count[value.tone] = count.get(value.tone, 0) + 1
    return [Key(tone, mark, str(words), count.get(tone, 0)) for tone, mark, words in _keys(layer)]


def _keys(layer: str) -> list[tuple[str, str, Sentence]]:
    none = pgettext("mark on the plan", "none")
    if layer == "coverage":
        return [
            ("good", "", _("has a steward")),
            ("low", pgettext("mark on the plan", "sub"), _("somebody stands in")),
            ("some", pgettext("mark on the plan", "next"), _("a successor is to be found")),
            ("bad", none, _("nobody answers")),
        ]
    if layer == "load":
        return [
            ("low", "70", _("carries less than the average, in per cent")),
            ("good", "100", _("even")),
            ("bad", "130", _("carries more, or nobody answers")),
        ]
    bounds = [f"{low}–{high - 1}" if high - low > 1 else str(low) for low, high in pairwise(STEPS)]
    words = [pgettext("cases", "none"), *bounds, _("%(n)d and more") % {"n": STEPS[-1]}]
    return [(str(step), "", said) for step, said in enumerate(words)]
