"""Stewards with what they carry: for the list, for pickers, and for who could come next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from chenyue.core import office
from chenyue.places.models import Place
from chenyue.stewards import queries, rules
from chenyue.stewards.lifecycle import StewardState, TermRole
from chenyue.stewards.models import BuildingFacts, Steward
from chenyue.stewards.queries import BuildingCover, Limits


@dataclass
class Carried:
    """A steward, the buildings that are theirs, and how heavy that is. `off` is 0.2 for 20 % above the average."""

    steward: Steward
    mains: list[BuildingCover] = field(default_factory=list)
    deputy_of: list[BuildingCover] = field(default_factory=list)
    stands_in: list[BuildingCover] = field(default_factory=list)
    load: float = 0.0
    off: float = 0.0
    flags: list[str] = field(default_factory=list)

    @property
    def names(self) -> str:
        """The buildings in words."""
        return "、".join(cover.building.full_name for cover in self.mains)


@dataclass(frozen=True)
class Shares:
    """Everybody's load on a day, and what one full share would be if all were even."""

    rows: list[Carried]
    covers: list[BuildingCover]
    fair: float
    balance: float  # a load off by no more than this is even

    @property
    def most(self) -> float:
        """The largest load; for bars."""
        return max((row.load for row in self.rows), default=0.0)

    @property
    def uneven(self) -> int:
        """How many stewards with a building carry more or less than they should."""
        return sum(bool(row.mains) and abs(row.off) > self.balance for row in self.rows)


def shares(day: date, covers: list[BuildingCover] | None = None) -> Shares:
    """What each steward carries who hasn't ended. One statement beyond `queries.coverage`."""
    covers = queries.coverage(day) if covers is None else covers
    stewards = Steward.objects.exclude(state=StewardState.ENDED).select_related("home", "member").order_by("name", "pk")
    rows = {steward.pk: Carried(steward) for steward in stewards}
    for cover in covers:
        _add(rows, cover)
    found = list(rows.values())
    fair = rules.fair_share((r.load for r in found), (r.steward.share for r in found if r.mains))
    limits, balance = Limits.now(), float(office.get("steward_balance"))
    for row in found:
        row.off = rules.deviation(row.load, row.steward.share, fair)
        row.flags = _flags(row, day, limits)
    return Shares(found, covers, fair, balance)


def _add(rows: dict[int, Carried], cover: BuildingCover) -> None:
    lists = {TermRole.MAIN: "mains", TermRole.DEPUTY: "deputy_of", TermRole.SUBSTITUTE: "stands_in"}
    for term in cover.terms:
        row = rows.get(term.steward_id)
        if row is None:
            continue
        getattr(row, lists[TermRole(term.role)]).append(cover)
        if term.role == TermRole.MAIN:
            row.load += cover.load


def _flags(row: Carried, day: date, limits: Limits) -> list[str]:
    """What is wrong with a steward's terms, each said once; and an account that can't be used."""
    found: list[str] = []
    for cover in row.mains:
        term = cover.term
        found += queries.reasons_to_hand_on(term, day, limits) if term else []
    if row.steward.member is not None and not row.steward.member.is_active:
        found.append("locked_out")
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Wanted:
    """A building for which somebody is to be found: why, and who could take it, best first."""

    cover: BuildingCover
    reasons: list[str]
    proposals: list[rules.Proposal]


def succession(day: date) -> list[Wanted]:
    """Vacant buildings first, then those whose steward should hand on; three proposals each."""
    known = shares(day)
    facts = dict(BuildingFacts.objects.exclude(dialect="").values_list("building_id", "dialect"))
    candidates = [_candidate(row, day) for row in known.rows]
    found = []
    for cover in known.covers:
        reasons = [flag for flag in cover.flags if flag in WANTED]
        if reasons:
            now = cover.main.pk if cover.main else None
            others = [c for c in candidates if c.id != now]
            found.append(Wanted(cover, reasons, rules.rank(_spot(cover, facts), others, known.fair)))
    return sorted(found, key=lambda wanted: not wanted.cover.vacant)


WANTED = ("vacant", "old", "moved", "inactive", "ending", "unattended")


def proposals(cover: BuildingCover, day: date) -> list[rules.Proposal]:
    """Who could take one building."""
    known = shares(day)
    facts = dict(BuildingFacts.objects.filter(building=cover.building).values_list("building_id", "dialect"))
    others = [_candidate(row, day) for row in known.rows if cover.main is None or row.steward.pk != cover.main.pk]
    return rules.rank(_spot(cover, facts), others, known.fair)


def point(place: Place | None) -> rules.Point | None:
    """Where a place is, if it is known."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _spot(cover: BuildingCover, dialects: dict[int, str]) -> rules.Spot:
    place = cover.building
    return rules.Spot(place.pk, place.estate_id, point(place), dialects.get(place.pk, ""), cover.load)


def _candidate(row: Carried, day: date) -> rules.Candidate:
    steward, around = row.steward, [cover.building for cover in row.mains + row.deputy_of]
    places: Iterable[Place] = [*around, *([steward.home] if steward.home else [])]
    return rules.Candidate(
        id=steward.pk,
        name=steward.name,
        load=row.load,
        share=steward.share,
        buildings=len(row.mains),
        most=steward.most_buildings,
        home_id=steward.home_id,
        estates={place.estate_id for place in places if place.estate_id},
        points=[found for place in places if (found := point(place))],
        dialects=steward.dialects,
        avoids=steward.avoids,
        deputy_of={cover.building.pk for cover in row.deputy_of},
        old=rules.is_old(steward.birth_year, day, int(office.get("steward_age_limit"))),
        away=steward.state == StewardState.AWAY or bool({"moved", "locked_out", "inactive"} & set(row.flags)),
    )


FLAGS_SHOWN: dict[str, str] = defaultdict(lambda: "due", vacant="late", unattended="late", no_homes="neutral")


def totals(known: Shares) -> dict[str, int]:
    """What stands on top of the pages."""
    covers = known.covers
    return {
        "buildings": len(covers),
        "vacant": sum(cover.vacant for cover in covers),
        "wanted": sum(any(flag in WANTED for flag in cover.flags) for cover in covers),
        "stewards": len(known.rows),
        "uneven": known.uneven,
    }


def by_estate(covers: Iterable[BuildingCover]) -> list[tuple[int, list[BuildingCover]]]:
    """Buildings of each estate (or community, where there is none), in the order of coverage."""
    found: dict[int, list[BuildingCover]] = {}
    for cover in covers:
        found.setdefault(cover.building.estate_id or cover.building.community_id or 0, []).append(cover)
    return list(found.items())
