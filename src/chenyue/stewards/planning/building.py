"""From the office's rows to the solver's problem: who serves, who takes no more, what is carried elsewhere."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.errors import Sentence
from chenyue.places.models import Place
from chenyue.stewards import queries, rules
from chenyue.stewards.lifecycle import StewardState, TermRole
from chenyue.stewards.models import BuildingFacts, Steward, Term
from chenyue.stewards.solving.problem import Building, First, Problem
from chenyue.stewards.solving.problem import Steward as Person

REASONS: dict[str, Sentence] = {
    "vacancy": _("Find somebody for the vacant buildings; nothing else changes"),
    "resignation": _("Somebody leaves: find successors; nothing else changes"),
    "balance": _("Even out the loads with few changes"),
    "all": _("Share out anew: even loads and short ways; changes count little"),
}
FIRST = {
    "vacancy": First.CHANGES,
    "resignation": First.CHANGES,
    "balance": First.BALANCE,
    "all": First.ANEW,
}


@dataclass(frozen=True)
class Built:
    """A problem, with the rows behind its numbers. `appointed`: buildings that somebody is appointed to already."""

    problem: Problem
    places: dict[int, Place]
    stewards: dict[int, Steward]
    appointed: tuple[int, ...] = ()
    standing: dict[int, Term] = field(default_factory=dict, repr=False)


def build(
    reason: str, *, day: date, leaving: Collection[int] = (), within: int | None = None, seconds: float = 8.0
) -> Built:
    """The question of a day. Eight statements at most, whatever the size.

    A building for which somebody is appointed from a later day on stays out of it. Who is away, has moved, reached the
    age at which to hand on, or was not heard of for long gets no more; what they have stays, unless they leave.
    """
    everywhere = queries.buildings()
    places = {place.pk: place for place in everywhere if _inside(place, within)}
    loads = queries.load(day, everywhere)
    terms, ahead, deputies = _terms(day)
    appointed = tuple(sorted(set(ahead) & set(places)))
    asked = [place for pk, place in places.items() if pk not in ahead]
    if reason == "resignation":  # what was vacant before isn't asked
        asked = [place for place in asked if place.pk in terms]
    current = {pk: term.steward_id for pk, term in terms.items()}
    rows = {s.pk: s for s in Steward.objects.exclude(state=StewardState.ENDED).select_related("home")}
    dialects = dict(BuildingFacts.objects.exclude(dialect="").values_list("building_id", "dialect"))
    inside = {place.pk for place in asked}
    has = _has(current, loads, inside)
    everybody = (_person(row, day, *has[row.pk]) for row in rows.values() if _belongs(row, current, inside, within))
    busy = set(current.values()) | set(leaving)
    people = tuple(person for person in everybody if person.more or person.keeps or person.id in busy)
    known = {s.id for s in people}
    problem = Problem(
        buildings=tuple(
            Building(p.pk, loads[p.pk], p.latitude, p.longitude, p.estate_id, dialects.get(p.pk, "")) for p in asked
        ),
        stewards=people,
        current={b: s for b, s in current.items() if b in inside and s in known},
        leaving=frozenset(leaving) & known,
        deputies={b: frozenset(ids) for b, ids in deputies.items() if b in inside},
        balance=float(office.get("steward_balance")),
        seconds=seconds,
        first=FIRST[reason],
    )
    return Built(problem, {p.pk: p for p in asked}, rows, appointed, terms)


def _inside(place: Place, within: int | None) -> bool:
    return within is None or within in (place.pk, place.estate_id, place.community_id)


def _terms(day: date) -> tuple[dict[int, Term], dict[int, Term], dict[int, set[int]]]:
    """Open main terms of today, those of a later day, and deputies, by building."""
    now: dict[int, Term] = {}
    ahead: dict[int, Term] = {}
    deputies: dict[int, set[int]] = defaultdict(set)
    rows = Term.objects.filter(ended_at=None).exclude(role=TermRole.SUBSTITUTE).select_related("steward")
    for term in rows.order_by("pk"):
        if term.role == TermRole.DEPUTY:
            deputies[term.building_id].add(term.steward_id)
        elif term.since > day:
            ahead[term.building_id] = term
        else:
            now[term.building_id] = term
    return now, ahead, deputies


def _has(current: dict[int, int], loads: dict[int, float], inside: set[int]) -> dict[int, tuple[float, int]]:
    """What each steward carries outside of what is asked: weighted homes, buildings."""
    found: dict[int, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for building, steward in current.items():
        if building not in inside:
            carried, held = found[steward]
            found[steward] = carried + loads.get(building, 0.0), held + 1
    return found


def _belongs(row: Steward, current: dict[int, int], inside: set[int], within: int | None) -> bool:
    """Whether somebody counts where only a part is asked: they live or answer there, or have nothing yet."""
    if within is None:
        return True
    theirs = {building for building, steward in current.items() if steward == row.pk}
    return not theirs or bool(theirs & inside) or row.home_id in inside


def _person(row: Steward, day: date, carries: float, holds: int) -> Person:
    home = row.home
    return Person(
        id=row.pk,
        home=row.home_id,
        lat=home.latitude if home else None,
        lon=home.longitude if home else None,
        dialects=frozenset(row.dialects),
        share=row.share,
        most=row.most_buildings,
        keeps=frozenset(row.keeps),
        avoids=frozenset(row.avoids),
        more=takes_more(row, day),
        carries=carries,
        holds=holds,
    )


def takes_more(row: Steward, day: date) -> bool:
    """Whether a steward may be given one more: there, of an age, and heard of."""
    limits = queries.Limits.now()
    if row.state != StewardState.ACTIVE or (row.moved_on and row.moved_on <= day):
        return False
    if rules.is_old(row.birth_year, day, limits.age):
        return False
    if row.last_active_at is None:
        return True  # nothing is known yet: a new office would have nobody else
    return not rules.is_inactive(queries.day_of(row.last_active_at), row.since, day, limits.inactive)
