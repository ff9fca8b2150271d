"""Reading cases: the one door to the rows a member may see, and the pages made of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from chenyue.cases import pressing, search
from chenyue.cases import rules as can
from chenyue.cases.filters import Context, Filters, of_units
from chenyue.cases.lifecycle import OPEN, WORKING, Move, State
from chenyue.cases.models import (
    Addition,
    Answer,
    Appeal,
    Assignment,
    Attachment,
    Case,
    Extension,
    Note,
    Pause,
    Return,
)
from chenyue.cases.rules import places_of
from chenyue.core import ids
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.paging import Order, Page, capped, keyset
from chenyue.people import masking, personal, rules
from chenyue.people import queries as people
from chenyue.people.models import Member, Resident
from chenyue.places.queries import gazetteer
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import VisibleTo

PAGE = 50
OPEN_VALUES = [s.value for s in OPEN]
ROW = ("category", "place", "lead", "officer")
# What a line of a list shows. A page of fifty whole cases with all they hang on costs three times as much.
LINE = (
    "number", "title", "state", "urgency", "room", "appeals_count", "received_at", "resolve_due_at", "answered_at",
    *ROW, "category__name", "place__full_name", "lead__name", "officer__name",
)  # fmt: skip
NEWEST_MATCHES = 2000  # of a word in a search, for who sees the whole office
BY_MOMENT = Order("received_at", "id")
NEWEST = Order("id", "id", attribute="pk")  # in the order of entry
BY_DUE = Order("resolve_due_at", "id", descending=False)


def visible(member: Member, word: str = "case.see", *, few: bool = False) -> QuerySet[Case]:
    """The cases on which `member` has the permission `word`: the union of their scopes.

    `few`: other filters leave few of them (see `filters.of_units`). A case about a unit is never shown to that
    unit's members (信访工作条例 art. 30).
    """
    rows = _in_scope(people.scopes(member, word), few)
    return rows if member.unit_id is None else rows.filter(_not_about(member.unit_id))


def _not_about(unit_id: int) -> Q:
    return Q(accused_unit=None) | ~Q(accused_unit=unit_id)


def _in_scope(scopes: list[people.Scope], few: bool = False) -> QuerySet[Case]:
    units = {s.unit_id for s in scopes}
    if len(units) == 1 and all(s.place_id is None for s in scopes):
        # Nearly everyone: the whole office, or one unit. No alternatives, so that an index can serve.
        rows = Case.objects.filter(sensitivity__in=rules.levels(max((s.sensitivity for s in scopes), key=_closeness)))
        unit_id = units.pop()
        return rows if unit_id is None else of_units(rows, [unit_id], few)
    return Case.objects.filter(_any_of(scopes))


def _closeness(sensitivity: str) -> int:
    return len(rules.levels(sensitivity))


def _any_of(scopes: list[people.Scope]) -> Q:
    """The union of the scopes; nothing for none."""
    allowed = Q(pk__in=[])
    for scope in scopes:
        part = Q(sensitivity__in=rules.levels(scope.sensitivity))
        if scope.unit_id is not None:
            part &= Q(pk__in=Assignment.objects.filter(unit_id=scope.unit_id, active=True).values("case_id"))
        if scope.place_id is not None:
            part &= _inside(scope.place_id)
        allowed |= part
    return allowed


def _inside(place_id: int) -> Q:
    """At this place or in it; one column, so that its index serves."""
    place = gazetteer().get(place_id)
    column = f"{place.kind}_id" if place and place.kind in ("community", "estate", "building") else "place_id"
    return Q(**{column: place_id})


cases_for = visible


def case_for(member: Member, number: str, word: str = "case.see", *, lock: bool = False) -> Case:
    """The case of this number, if `member` has `word` on it. Raises NotFound otherwise."""
    rows = visible(member, word, few=True).filter(number=number)
    case = (rows.select_for_update(of=("self",)) if lock else rows.select_related(*ROW, "community")).first()
    if case is None:
        raise NotFound
    return case


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

    page: Page[Case]
    filters: Filters


def sees_all(member: Member, word: str = "case.see") -> bool:
    """Whether a member's scope is the whole office (but for what is private, sealed or about their own unit)."""
    return any(scope.unit_id is None and scope.place_id is None for scope in people.scopes(member, word))


def lines(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Rows with just what a line of a list shows; anything else would be fetched row by row."""
    return rows.select_related(*ROW).only(*LINE)


def case_list(member: Member, filters: Filters, *, at: datetime, cursor: str = "", size: int = PAGE) -> CaseList:
    """One page of the cases a member may see: one statement for the rows, one for the capped count."""
    context = Context(member, at, newest=_newest_matches(member, filters, cursor), few=filters.few)
    rows = filters.apply(visible(member, few=filters.few), context)
    if filters.order == "due":
        rows, order = rows.filter(state__in=OPEN_VALUES, resolve_due_at__isnull=False), BY_DUE
    else:
        # The order of entry is what every index is quick at; between two dates the moment itself is wanted.
        order = BY_MOMENT if {"from", "to"} & filters.values.keys() else NEWEST
    page = keyset(lines(rows), order, cursor, size)
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
class Voice:
    """One appeal as staff see it: contact masked unless a look was recorded with its reason."""

    appeal: Appeal
    name: str
    phone: str
    revealed: bool
    additions: list[Addition]
    attachments: list[Attachment]


@dataclass(frozen=True)
class CasePage:
    """Everything that the page of a case shows."""

    case: Case
    voices: list[Voice]
    assignments: list[Assignment]
    timeline: list[timeline.EntryLine]
    notes: list[Note]
    answers: list[Answer]
    attachments: list[Attachment]
    earlier: list[Case]
    open_return: Return | None = None
    open_extension: Extension | None = None
    granted: Extension | None = None  # the extension that moved this round's promise last
    pauses: list[Pause] = field(default_factory=list)
    joined: list[Case] = field(default_factory=list)
    joined_into: Case | None = None  # only if this member may see that one too: it may be kept more closely


def case_page(member: Member, number: str, *, at: datetime, entries: int = 50) -> CasePage:
    """The page of one case, at a fixed number of statements however much has happened."""
    rows = visible(member, few=True).annotate(
        has_return=Exists(Return.objects.filter(case=OuterRef("pk"), state=Return.State.OPEN)),
        has_extension=Exists(Extension.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))),
        has_notes=Exists(Note.objects.filter(case=OuterRef("pk"))),
        has_answers=Exists(Answer.objects.filter(case=OuterRef("pk"))),
        has_additions=Exists(Addition.objects.filter(appeal__case=OuterRef("pk"))),
        has_pause=Exists(Pause.objects.filter(case=OuterRef("pk"))),
        has_joined=Exists(Case.objects.filter(joined_into=OuterRef("pk"))),
    )
    case = rows.select_related(*ROW, "community").filter(number=number).first()
    if case is None:
        raise NotFound
    extensions = _extensions(case) if case.has_extension else []
    return CasePage(
        case=case,
        attachments=(files := list(Attachment.objects.filter(case=case).order_by("id"))),
        voices=_voices(case, member, files, at),
        assignments=list(
            Assignment.objects.filter(case=case, round=case.round)
            .select_related("unit", "officer")
            .order_by("-role", "id")
        ),
        timeline=timeline.entries(case.subject, visible=entries_for(member, case), limit=entries),
        notes=list(Note.objects.filter(case=case).select_related("member").order_by("-id")) if case.has_notes else [],
        answers=_answers(case) if case.has_answers else [],
        earlier=_earlier(case, member),
        open_return=_open(Return.objects.select_related("assignment__unit", "proposed"), case, case.has_return),
        open_extension=next((e for e in extensions if e.state == Extension.State.ASKED), None),
        granted=next((e for e in extensions if e.state == Extension.State.GRANTED), None),
        pauses=list(Pause.objects.filter(case=case, round=case.round)) if case.has_pause else [],
        joined=list(visible(member, few=True).filter(joined_into=case)) if case.has_joined else [],
        joined_into=(visible(member, few=True).filter(pk=case.joined_into_id).first() if case.joined_into_id else None),
    )


def _open(rows: QuerySet[Return], case: Case, known: bool) -> Return | None:
    return rows.filter(case=case, state=Return.State.OPEN).first() if known else None


def _extensions(case: Case) -> list[Extension]:
    """Of this round, the latest decision first."""
    rows = Extension.objects.filter(case=case, round=case.round).select_related("asked_by")
    return list(rows.order_by("-decided_at", "-id"))


def _answers(case: Case) -> list[Answer]:
    return list(Answer.objects.filter(case=case).select_related("unit", "member").order_by("-id"))


def entries_for(member: Member, case: Case) -> set[str]:
    """Which entries of a case a member sees: those of units always, the office's own only if a scope that is not
    a unit's reaches this case."""
    places = places_of(case)
    of_office = any(
        s.unit_id is None and rules.fits(s, None, places, case.sensitivity) for s in people.scopes(member, "case.see")
    )
    return timeline.visible_for(VisibleTo.OFFICE if of_office else VisibleTo.UNIT)


def _voices(case: Case, member: Member, files: list[Attachment], at: datetime) -> list[Voice]:
    appeals = Appeal.objects.filter(case=case).select_related("reporter", "place", "taken_by")
    more = getattr(case, "has_additions", True)
    if more:
        appeals = appeals.prefetch_related(Prefetch("additions", Addition.objects.order_by("id")))
    rows = list(appeals.order_by("received_at", "id"))
    revealed = people.unmasked(member, [a.reporter_id for a in rows if a.reporter_id], case.subject, at)
    voices = []
    for appeal in rows:
        who, shown = appeal.reporter, appeal.reporter_id in revealed
        name, phone = (who.name, who.phone) if who else (appeal.nickname, "")
        voices.append(
            Voice(
                appeal=appeal,
                name=name if shown or not who else masking.mask_name(name),
                phone=phone if shown else masking.mask_phone(phone),
                revealed=shown,
                additions=list(appeal.additions.all()) if more else [],
                attachments=[f for f in files if f.appeal_id == appeal.pk],
            )
        )
    return voices


def _earlier(case: Case, member: Member) -> list[Case]:
    """Earlier cases at this door: the same building and, where known, the same home."""
    if case.building_id is None:
        return []
    rows = visible(member, few=True).filter(building_id=case.building_id).exclude(pk=case.pk)
    if case.room:
        rows = rows.filter(room=case.room)
    return list(rows.select_related("category").order_by("-id")[:8])


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
