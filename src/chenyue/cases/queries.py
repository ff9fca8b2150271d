"""Reading cases: the one door to the rows a member may see, and the pages made of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from chenyue.cases import pressing, search
from chenyue.cases import rules as can
from chenyue.cases.filters import STILL_OPEN, Context, Filters, of_units
from chenyue.cases.lifecycle import OPEN, WORKING, Move, State
from chenyue.cases.models import (
    Appeal,
    Assignment,
    Case,
    Extension,
    Return,
)
from chenyue.core import ids
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.paging import Order, Page, capped, keyset
from chenyue.core.prepared import prepared
from chenyue.people import personal, rules
from chenyue.people import queries as people
from chenyue.people.models import Member, Resident
from chenyue.places.queries import gazetteer

PAGE = 50
OPEN_VALUES = [s.value for s in OPEN]
ROW = ("category", "place", "lead", "officer")
# What a line of a list shows. A page of fifty whole cases with all they hang on costs three times as much.
LINE = (
    "number", "title", "state", "urgency", "room", "appeals_count", "received_at", "resolve_due_at", "answered_at",
    *ROW, "category__name", "place__full_name", "lead__name", "officer__name",
)  # fmt: skip
BARE_LINE = ("pk", *(name for name in LINE if name not in ROW))
NEWEST_MATCHES = 2000  # of a word in a search, for who sees the whole office
BY_MOMENT = Order("received_at", "id")
NEWEST = Order("id", "id", attribute="pk")  # in the order of entry
BY_DUE = Order("resolve_due_at", "id", descending=False)


class Part(NamedTuple):
    """One part of a reach: cases of these sensitivities, of this unit and inside this place (None: any)."""

    levels: tuple[str, ...]
    unit_id: int | None
    column: str  # of the case, for the place
    place_id: int | None


class Reach(NamedTuple):
    """The cases on which a member has a permission, as plain values: the union of the parts.

    Members with equal grants have equal reaches, so that a statement made for one serves the others.
    """

    parts: tuple[Part, ...]
    own_unit_id: int | None  # a case about a unit is never shown to its members (信访工作条例 art. 30)


def reach(member: Member, word: str = "case.see") -> Reach:
    """Which cases `member` may see, or whatever `word` allows."""
    return Reach(tuple(_part(scope) for scope in people.scopes(member, word)), member.unit_id)


def _part(scope: people.Scope) -> Part:
    place = gazetteer().get(scope.place_id) if scope.place_id else None
    column = f"{place.kind}_id" if place and place.kind in ("community", "estate", "building") else "place_id"
    return Part(tuple(rules.levels(scope.sensitivity)), scope.unit_id, column, scope.place_id)


def visible(member: Member, word: str = "case.see", *, few: bool = False) -> QuerySet[Case]:
    """The cases on which `member` has the permission `word`: the union of their scopes.

    `few`: other filters leave few of them (see `filters.of_units`).
    """
    return within(reach(member, word), few=few)


def within(reach: Reach, *, few: bool = False) -> QuerySet[Case]:
    """The cases within a reach; for prepared queries, of which the reach is the shape."""
    rows = _in_parts(reach.parts, few)
    return rows if reach.own_unit_id is None else rows.filter(_not_about(reach.own_unit_id))


def _not_about(unit_id: int) -> Q:
    return Q(accused_unit=None) | ~Q(accused_unit=unit_id)


def _in_parts(parts: tuple[Part, ...], few: bool) -> QuerySet[Case]:
    units = {part.unit_id for part in parts}
    if len(units) == 1 and all(part.place_id is None for part in parts):
        # Nearly everyone: the whole office, or one unit. No alternatives, so that an index can serve.
        rows = Case.objects.filter(sensitivity__in=max((part.levels for part in parts), key=len))
        unit_id = units.pop()
        return rows if unit_id is None else of_units(rows, [unit_id], few)
    return Case.objects.filter(_any_of(parts))


def _any_of(parts: tuple[Part, ...]) -> Q:
    """The union of the parts; nothing for none."""
    allowed = Q(pk__in=[])
    for part in parts:
        own = Q(sensitivity__in=part.levels)
        if part.unit_id is not None:
            own &= Q(pk__in=Assignment.objects.filter(unit_id=part.unit_id, active=True).values("case_id"))
        if part.place_id is not None:
            own &= Q(**{part.column: part.place_id})
        allowed |= own
    return allowed


cases_for = visible


def case_for(member: Member, number: str, word: str = "case.see", *, lock: bool = False) -> Case:
    """The case of this number, if `member` has `word` on it. Raises NotFound otherwise."""
    if lock:
        case = visible(member, word, few=True).filter(number=number).select_for_update(of=("self",)).first()
    else:
        case = _numbered.first(reach(member, word), number=number)
    if case is None:
        raise NotFound
    return case


@prepared
def _numbered(reach: Reach, *, number: Any) -> QuerySet[Case]:
    return within(reach, few=True).filter(number=number).select_related(*ROW, "community")[:1]


def require_move(member: Member, case: Case, move: Move) -> None:
    """Raise NotAllowed unless this member may make the move on this case; its state is asked when it is made."""
    parts = list(Assignment.objects.filter(case=case, active=True))
    waiting = Return.objects.filter(case=case, state=Return.State.OPEN).first() if case.review_due_at else None
    if not can.may_move(member, move, case, parts, open_return=waiting):
        raise NotAllowed


def require_part(member: Member, case: Case, part: str) -> None:
    """Raise NotAllowed unless this member may do this beside the moves; see `cases.rules.parts_for`."""
    if part not in can.parts_for(member, case, list(Assignment.objects.filter(case=case, active=True))):
        raise NotAllowed


@dataclass(frozen=True)
class CaseList:
    """A page of a list and what it was asked for."""

    page: Page[Any]  # of what `bare_lines` gives
    filters: Filters


def sees_all(member: Member, word: str = "case.see") -> bool:
    """Whether a member's scope is the whole office (but for what is private, sealed or about their own unit)."""
    return any(scope.unit_id is None and scope.place_id is None for scope in people.scopes(member, word))


def lines(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Rows with just what a line of a list shows; anything else would be fetched row by row."""
    return rows.select_related(*ROW).only(*LINE)


def bare_lines(rows: QuerySet[Case]) -> QuerySet[Any]:
    """The same as named tuples: fifty cases with all they hang on are two hundred and fifty objects."""
    return rows.values_list(*BARE_LINE, named=True)


def case_list(member: Member, filters: Filters, *, at: datetime, cursor: str = "", size: int = PAGE) -> CaseList:
    """One page of the cases a member may see: one statement for the rows, one for the capped count."""
    context = Context(member, at, newest=_newest_matches(member, filters, cursor), few=filters.few)
    rows = filters.apply(visible(member, few=filters.few), context)
    if filters.order == "due":
        rows, order = rows.filter(STILL_OPEN, resolve_due_at__isnull=False), BY_DUE
    else:
        # The order of entry is what every index is quick at; between two dates the moment itself is wanted.
        order = BY_MOMENT if {"from", "to"} & filters.values.keys() else NEWEST
    # Of the matches of words each is looked up anyway; a group of categories has years of cases.
    branches = context.branches[0] if context.branches and order is not BY_DUE and "q" not in filters.values else ()
    page = keyset(rows, order, cursor, size, branches=branches, columns=bare_lines)
    count = capped({"all": rows})["all"]
    return CaseList(Page(page.rows, page.next, page.previous, min(count, 1000), count > 1000), filters)


def _newest_matches(member: Member, filters: Filters, cursor: str) -> int:
    """The first page of a word alone needs the newest matches only; with another filter any of them may be left."""
    alone = filters.values.keys() == {"q"} and filters.order == "newest" and not cursor
    return NEWEST_MATCHES if alone and sees_all(member) else 0


def in_order(rows: QuerySet[Case]) -> QuerySet[Case]:
    """In the order of the clock: emergencies, then the next due moment, then the oldest."""
    return rows.order_by(F("resolve_due_at").asc(nulls_last=True), "received_at")


def _desk(member: Member, at: datetime) -> dict[str, QuerySet[Case]]:
    seen = visible(member, few=True)
    own = {s.unit_id for s in people.scopes(member, "case.work") if s.unit_id}
    sent = Assignment.objects.filter(active=True, state=Assignment.State.SENT, unit_id__in=own)
    still_open = seen.filter(state__in=OPEN_VALUES)
    return {
        "late": still_open.filter(resolve_due_at__lt=at),
        "due_2h": still_open.filter(resolve_due_at__gte=at, resolve_due_at__lt=at + timedelta(hours=2)),
        # From the few that are open to their cases, not from every case to its few.
        "to_accept": visible(member, "case.work", few=True).filter(
            pk__in=sent.values("case_id"), state__in=[s.value for s in WORKING]
        ),
        "inbox": untriaged(member),
        "to_dispatch": visible(member, "case.dispatch", few=True).filter(
            state=State.RECEIVED.value, triaged_at__isnull=False
        ),
        "returns": visible(member, "case.review_return", few=True).filter(
            pk__in=Return.objects.filter(state=Return.State.OPEN).values("case_id")
        ),
        "extensions": visible(member, "case.extend.grant", few=True).filter(
            pk__in=Extension.objects.filter(state=Extension.State.ASKED, round=F("case__round")).values("case_id"),
            state__in=[s.value for s in WORKING],
        ),
        "mine": still_open.filter(officer=member),
        "waiting": still_open.filter(state=State.WAITING.value),
    }


def desk_counts(member: Member, at: datetime) -> dict[str, int]:
    """How much of each kind waits for this member; one statement, each count stops at 100."""
    return capped(dict(_desk(member, at)), cap=99)


def desk_rows(member: Member, name: str, at: datetime, limit: int = 20) -> list[Case]:
    """The rows behind one count of the desk, in the order of the clock."""
    return list(lines(in_order(_desk(member, at)[name]))[:limit])


def untriaged(member: Member, *, old: bool = False) -> QuerySet[Case]:
    """Cases nobody has triaged; `old`: those that were told long before they were filed, so that no clock runs."""
    rows = visible(member, "case.triage", few=True).filter(state=State.RECEIVED.value, triaged_at=None)
    news = Q(triage_due_at__isnull=False) | Q(urgency="emergency")
    return rows.exclude(news) if old else rows.filter(news)


def inbox(member: Member, *, cursor: str = "", size: int = 20, old: bool = False) -> Page[Case]:
    """Cases nobody has triaged: emergencies and the urgent above the rest, the oldest first (see `pressing`).

    What was told long ago is a pile of its own (`old`), so that it doesn't bury the news. Each row has
    `first_appeal`, the words and the stored suggestion.
    """
    rows = untriaged(member, old=old).select_related(*ROW)
    page = pressing.page(rows, cursor, size)
    if cursor and not page.previous:  # back at the beginning, where the most urgent stand
        return inbox(member, size=size, old=old)
    heads = Appeal.objects.filter(case__in=[c.pk for c in page.rows], case_id=F("first_case_id")).order_by("-id")
    first = {appeal.case_id: appeal for appeal in heads}
    for case in page.rows:
        case.first_appeal = first.get(case.pk)  # type: ignore[attr-defined]
    return page


@dataclass(frozen=True)
class Found:
    """What a search found: the case that was meant exactly, or the newest that match."""

    exact: Case | None
    rows: list[Case]


def find(member: Member, typed: str, *, limit: int = 20) -> Found:
    """Search as people type: a number first, then a telephone, then any words and whole names. One statement."""
    typed = typed.strip()
    rows = lines(visible(member))
    number = typed.upper().replace(" ", "")
    if len(number) >= 11 and number.replace("-", "").removeprefix("A").isdigit() and "-" in number:
        wanted = Q(number=number) if not number.startswith("A") else Q(appeals__number=number)
        exact = rows.filter(wanted).first()
        return Found(exact, [exact] if exact else [])
    index = personal.phone_index(typed) if sum(c.isdigit() for c in typed) >= 7 else ""
    if index:
        return Found(None, list(rows.filter(_voiced(reporter__phone_index=index)).order_by("-id")[:limit]))
    if len(ids.read_receipt(typed)) == 14 and "-" in typed:
        exact = rows.filter(_voiced(receipt=ids.read_receipt(typed))).first()
        return Found(exact, [exact] if exact else [])
    named_so = Appeal.objects.filter(reporter__name_index=personal.name_index(typed))
    newest = NEWEST_MATCHES if sees_all(member) else 0
    found = search.matching(rows, typed, also=named_so, newest=newest)
    return Found(None, list(found.order_by("-id")[:limit]))


def _voiced(**wanted: str) -> Q:
    """Cases with such an appeal: from the few appeals to their cases."""
    return Q(pk__in=Appeal.objects.filter(**wanted).values("case_id"))


def earlier_of_phone(member: Member, phone: str, *, limit: int = 10) -> tuple[Resident | None, list[Appeal]]:
    """Who called from this number before, and what about: only appeals on cases the member may see."""
    index = personal.phone_index(phone)
    if not index:
        return None, []
    appeals = (
        Appeal.objects.filter(reporter__phone_index=index, case__in=visible(member))
        .select_related("reporter", "case__category", "case__place")
        .order_by("-received_at")[:limit]
    )
    found = list(appeals)
    return (found[0].reporter if found else None), found
