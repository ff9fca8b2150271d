"""Reading who answers for which building: by member, by building and day, with loads and gaps."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from chenyue.core import office
from chenyue.core.snapshots import Snapshot
from chenyue.people.models import Member
from chenyue.places.models import Kind, Place
from chenyue.stewards import rules
from chenyue.stewards.lifecycle import StewardState, TermRole
from chenyue.stewards.models import BuildingFacts, HandOver, Steward, Term

# Who answers, first to last: who stands in, then whose building it is, then the deputy.
ORDER = {TermRole.SUBSTITUTE.value: 0, TermRole.MAIN.value: 1, TermRole.DEPUTY.value: 2}
RECORD = "stewards"  # the snapshot of all terms
PLACE = ("id", "name", "full_name", "homes", "latitude", "longitude", "estate_id", "community_id", "code")


@dataclass(frozen=True)
class Answering:
    """Who answers for a building on a day; `name` is empty for who doesn't want it on the door."""

    steward_id: int
    name: str
    role: str
    member_id: int | None = None


@dataclass(frozen=True)
class BuildingCover:
    """A building and who answers for it on a day. `flags` are words of `FLAGS`."""

    building: Place
    main: Steward | None
    deputy: Steward | None
    substitute: Steward | None
    load: float
    vacant: bool
    flags: tuple[str, ...] = ()
    terms: tuple[Term, ...] = field(default=(), repr=False)

    @property
    def term(self) -> Term | None:
        """The term of the steward whose building it is."""
        return next((term for term in self.terms if term.role == TermRole.MAIN), None)


def day_of(at: datetime) -> date:
    """The day on the office's wall."""
    return timezone.localtime(at).date()


def on_day(day: date) -> Q:
    """Terms that hold on a day, ended since or not: history has no other form."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def for_member(member: Member) -> Steward | None:
    """The steward that a member is; None for all others and for those who have ended."""
    return Steward.objects.filter(member_id=member.pk).exclude(state=StewardState.ENDED).first()


def buildings_of(member: Member, at: datetime) -> list[int]:
    """The buildings that a member answers for at a moment, also as deputy or substitute. One statement."""
    rows = Term.objects.filter(on_day(day_of(at)), steward__member_id=member.pk, ended_at=None)
    return list(dict.fromkeys(rows.order_by("building_id").values_list("building_id", flat=True)))


def answering(building_ids: Collection[int], day: date) -> dict[int, Answering]:
    """Who answers for these buildings on a day; buildings without anybody are left out. One statement."""
    wanted = sorted(set(building_ids))
    if not wanted:
        return {}
    found: dict[int, Answering] = {}
    rows = Term.objects.filter(on_day(day), building_id__in=wanted).order_by("-since", "-pk").values_list(*_WHO)
    for building, role, steward, name, shows, member in sorted(rows, key=lambda row: ORDER[row[1]]):
        found.setdefault(building, Answering(steward, name if shows else "", role, member))
    return found


_WHO = ("building_id", "role", "steward_id", "steward__name", "steward__shows_name", "steward__member_id")


Kept = tuple[date, date | None, Answering]  # from, to, who


def _load_record() -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = defaultdict(list)
    rows = Term.objects.order_by("-since", "-pk").values_list("since", "until", *_WHO)
    for since, until, building, role, steward, name, shows, member in rows:
        found[building].append((since, until, Answering(steward, name if shows else "", role, member)))
    return found


_record = Snapshot(RECORD, _load_record)


def answered(building_id: int | None, day: date) -> Answering | None:
    """Who answered for a building on a day, from memory: an appeal keeps the steward of its day. No statement."""
    there = [who for since, until, who in _record.get().get(building_id or 0, ()) if since <= day <= (until or day)]
    return min(there, key=lambda who: ORDER[who.role], default=None)


def steward_on(building_id: int, day: date) -> Steward | None:
    """Who answered for a building on a day: the substitute of that day, else its steward, else the deputy."""
    rows = Term.objects.filter(on_day(day), building_id=building_id).select_related("steward").order_by("-since", "-pk")
    found = sorted(rows, key=lambda term: ORDER[term.role])
    return found[0].steward if found else None


def buildings(within: int | None = None) -> list[Place]:
    """The office's buildings, those of a community or estate first named; by estate, in the order of entry."""
    rows = Place.objects.filter(kind=Kind.BUILDING, active=True).only(*PLACE)
    if within is not None:
        rows = rows.filter(Q(estate_id=within) | Q(community_id=within) | Q(pk=within))
    return list(rows.order_by("community_id", "estate_id", "pk"))


def load(day: date, places: Iterable[Place] | None = None) -> dict[int, float]:
    """Weighted homes of each building: see `rules.weighted_homes`. At most three statements.

    `day` is the day for which it is asked; facts are what was counted last.
    """
    known = buildings() if places is None else list(places)
    facts = {row.building_id: row for row in BuildingFacts.objects.all()}
    blank = [place.pk for place in known if not place.homes]
    counted: dict[int, int] = {}
    if blank:
        rows = Place.objects.filter(kind=Kind.HOME, active=True, building_id__in=blank).values("building_id")
        counted = {row["building_id"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}
    weights = office.get("steward_weights")
    found = {}
    for place in known:
        row = facts.get(place.pk)
        special = (row.elderly_alone, row.disabled, row.tenants) if row else (0, 0, 0)
        found[place.pk] = rules.weighted_homes(place.homes or counted.get(place.pk, 0), *special, weights)
    return found


def open_terms(day: date) -> QuerySet[Term]:
    """Terms that hold today or on a day ahead, with their stewards."""
    return Term.objects.filter(on_day(day), ended_at=None).select_related("steward").order_by("since", "pk")


def coverage(day: date, within: int | None = None) -> list[BuildingCover]:
    """Each active building with who answers, its load and what is wrong. At most five statements, whatever the size."""
    places = buildings(within)
    loads = load(day, places)
    by_building: dict[int, list[Term]] = defaultdict(list)
    for term in open_terms(day):
        by_building[term.building_id].append(term)
    limits = Limits.now()
    return [_cover(place, by_building.get(place.pk, []), loads[place.pk], day, limits) for place in places]


@dataclass(frozen=True)
class Limits:
    """From when on somebody should hand on; the office's settings."""

    age: int
    inactive: int
    remind: int

    @classmethod
    def now(cls) -> "Limits":
        return cls(*(office.get(f"steward_{name}") for name in ("age_limit", "inactive_days", "remind_days")))


def _cover(place: Place, terms: list[Term], weight: float, day: date, limits: Limits) -> BuildingCover:
    by_role = {term.role: term for term in terms}
    main, deputy, substitute = (
        by_role.get(role.value) for role in (TermRole.MAIN, TermRole.DEPUTY, TermRole.SUBSTITUTE)
    )
    flags = [] if main else ["vacant"]
    if main:
        flags += reasons_to_hand_on(main, day, limits)
        if main.steward.state == StewardState.AWAY and not substitute:
            flags.append("unattended")
        if not deputy:
            flags.append("no_deputy")
    if not weight:
        flags.append("no_homes")
    who = [term.steward if term else None for term in (main, deputy, substitute)]
    return BuildingCover(place, who[0], who[1], who[2], weight, main is None, tuple(flags), tuple(terms))


def reasons_to_hand_on(term: Term, day: date, limits: Limits) -> list[str]:
    """Why a successor is to be looked for, as words of `FLAGS`; none if all is well."""
    steward, found = term.steward, []
    if rules.is_old(steward.birth_year, day, limits.age):
        found.append("old")
    if steward.moved_on is not None and steward.moved_on <= day:
        found.append("moved")
    if rules.is_inactive(*heard_of(term), day, limits.inactive):
        found.append("inactive")
    if rules.is_ending(term.until, day, limits.remind):
        found.append("ending")
    return found


def heard_of(term: Term) -> tuple[date | None, date]:
    """When a steward was last heard of, and from when on that is asked: not before the term was written down here."""
    seen = day_of(term.steward.last_active_at) if term.steward.last_active_at else None
    return seen, max(term.steward.since, term.since, day_of(term.made_at))


def history(building_id: int) -> list[Term]:
    """All terms at a building, the newest first."""
    rows = Term.objects.filter(building_id=building_id).select_related("steward", "hand_over")
    return list(rows.order_by("-since", "-pk")[:100])


def terms_of(steward: Steward) -> list[Term]:
    """All terms of a steward, the open ones first."""
    rows = steward.terms.select_related("building").order_by("-since", "-pk")[:300]
    return sorted(rows, key=lambda term: term.ended_at is not None)


def hand_over_for(member: Member, pk: int, manages: bool) -> HandOver | None:
    """A hand-over that a member may read: who takes over, and those who appoint stewards."""
    rows = HandOver.objects.select_related("building", "ended__steward", "begun__steward", "acknowledged_by")
    found = rows.filter(pk=pk).first()
    if found is None or manages:
        return found
    taker = found.begun.steward.member_id if found.begun and found.begun.ended_at is None else None
    return found if taker == member.pk else None


def waiting_hand_overs(member: Member) -> list[HandOver]:
    """What a steward has taken over and not yet said to have received."""
    rows = HandOver.objects.filter(begun__steward__member_id=member.pk, begun__ended_at=None, acknowledged_at=None)
    return list(rows.select_related("building", "ended__steward").order_by("made_at"))
