"""The board: mediations by stage, and the list behind each column. At most eight statements, however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from chenyue.core import snapshots
from chenyue.core.paging import COUNT_CAP, Order, Page, capped, keyset
from chenyue.core.prepared import prepared
from chenyue.mediation import seeing
from chenyue.mediation.lifecycle import OPEN, PartyKind, Stage
from chenyue.mediation.models import Appointment, Mediation, Mediator, Party
from chenyue.mediation.registers import MEDIATORS
from chenyue.people import masking
from chenyue.people.models import Member

IN_COLUMN = 8
SIZE = 50
NEWEST = Order("pk")


def _load() -> dict[int, str]:
    return dict(Mediator.objects.order_by("pk").values_list("pk", "name"))


mediators = snapshots.Snapshot(MEDIATORS, _load)


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed to; empty: everything."""

    stage: str = ""
    dispute: str = ""
    mediator: int | None = None
    community: int | None = None
    overdue: bool = False
    mine: int | None = None  # a member's key
    q: str = ""

    @property
    def any(self) -> bool:
        """Whether it is narrowed by more than its stage."""
        return any((self.dispute, self.mediator, self.community, self.overdue, self.mine, self.q))

    def apply(self, rows: QuerySet[Mediation], today: date) -> QuerySet[Mediation]:
        """The mediations that pass."""
        if self.stage:
            rows = rows.filter(stage=self.stage)
        if self.dispute:
            rows = rows.filter(dispute=self.dispute)
        if self.community:
            rows = rows.filter(community=self.community)
        if self.overdue:
            rows = rows.filter(stage__in=(Stage.CONSENT, Stage.MEDIATING), due_on__lt=today)
        current = Appointment.objects.filter(until=None)
        if self.mediator:
            rows = rows.filter(pk__in=current.filter(mediator=self.mediator).values("mediation_id"))
        if self.mine:
            rows = rows.filter(pk__in=current.filter(mediator__member=self.mine).values("mediation_id"))
        if self.q:
            rows = rows.filter(Q(number__iexact=self.q) | Q(title__icontains=self.q))
        return rows


class Line(NamedTuple):
    """What is read of a mediation for a list, by the names of its columns."""

    pk: int
    number: str
    title: str
    dispute: str
    stage: str
    due_on: date | None
    next_at: datetime | None
    community__name: str | None
    lead_name: str | None


@dataclass(frozen=True)
class Card:
    """One mediation in a list: parties masked."""

    row: Line
    parties: str
    mediator: str
    late: bool
    whole: bool = True  # whether who looks may open it whole, or only as an invited unit


@dataclass(frozen=True)
class Column:
    """A stage with its newest mediations and how many there are."""

    stage: Stage
    count: int
    cards: list[Card] = field(default_factory=list)


def board(member: Member, filters: Filters, today: date) -> tuple[list[Column], dict[str, int]]:
    """A column for each open stage, and counts of all stages, of what this member sees. Three or four statements."""
    if filters == Filters():  # what everybody opens: asked in words that are made once
        reach = seeing.reach_of(member)
        (counted,) = _counted(reach, member=member.pk) or [(0,) * len(Stage)]
        counts = {stage.value: count for stage, count in zip(Stage, counted, strict=True)}
        rows = [Line._make(row) for row in _on_board(reach, member=member.pk)]
        shown = _their_parties(reach, member=member.pk)
    else:
        found = filters.apply(seeing.visible(member), today)
        counts = capped({stage.value: found.filter(stage=stage) for stage in Stage})
        newest = Mediation.objects.filter(pk__in=_newest(found, OPEN)).order_by("-pk")
        rows = [Line._make(row) for row in _columns(newest)]
        shown = list(_parties([row.pk for row in rows]))
    held: dict[str, list[Card]] = {stage: [] for stage in OPEN}
    for card in _cards(member, rows, shown, today):
        held[card.row.stage].append(card)
    return [Column(stage, counts[stage], held[stage]) for stage in OPEN], counts


class _Count(Subquery):
    """How many a query finds: one number among the columns of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


@prepared
def _counted(reach: seeing.Reach, *, member: Any) -> QuerySet[Mediation, tuple[int, ...]]:
    """How many there are of each stage, in the order of the stages; nothing where there is no mediation at all."""
    found = seeing.within(reach, member)
    counts = [_Count(found.filter(stage=stage).order_by().values("pk")[: COUNT_CAP + 1]) for stage in Stage]
    return Mediation.objects.order_by("pk").values_list(*counts)[:1]


@prepared
def _on_board(reach: seeing.Reach, *, member: Any) -> QuerySet[Mediation, Any]:
    newest = _newest(seeing.within(reach, member), OPEN)
    return _columns(Mediation.objects.filter(pk__in=newest).order_by("-pk"))


@prepared
def _their_parties(reach: seeing.Reach, *, member: Any) -> QuerySet[Party, tuple[int, str, str]]:
    return _parties(_newest(seeing.within(reach, member), OPEN))


def _newest(rows: QuerySet[Mediation], stages: Sequence[str]) -> RawSQL:
    """The keys of the newest few of each stage: each is the beginning of a walk in the index of stage and key."""
    parts, parameters = list[str](), list[Any]()
    for stage in stages:
        try:
            sql, values = rows.filter(stage=stage).order_by("-pk").values("pk")[:IN_COLUMN].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS s{len(parts)}")  # noqa: S608 – Django's own SQL
        parameters.extend(values)
    return RawSQL(" UNION ALL ".join(parts or ["SELECT -1"]), parameters, output_field=BigIntegerField())  # noqa: S611


def listed(member: Member, filters: Filters, cursor: str, today: date) -> tuple[Page[Any], list[Card]]:
    """One page of the list, newest first. Two statements, for members of invited units three."""
    rows = seeing.visible(member)
    found = keyset(filters.apply(rows, today), NEWEST, cursor, SIZE, columns=partial(_columns, named=True))
    return found, _cards(member, found.rows, _parties([row.pk for row in found.rows]), today)


def _columns(rows: QuerySet[Mediation], *, named: bool = False) -> QuerySet[Mediation, Any]:
    """The columns of a `Line`; nothing that would have to be decrypted for each. `named`: for who asks by name."""
    lead = Appointment.objects.filter(mediation=OuterRef("pk"), until=None, role=Appointment.Role.LEAD)
    rows = rows.annotate(lead_name=Subquery(lead.values("mediator__name")[:1]))
    return rows.values_list(*Line._fields, named=named)


def _parties(mediations: Any) -> QuerySet[Party, tuple[int, str, str]]:
    """Who quarrels there: mediation, kind and name."""
    shown = Party.objects.filter(mediation__in=mediations, left_at=None).order_by("order")
    return shown.values_list("mediation_id", "kind", "name")


def _cards(member: Member, rows: Sequence[Any], parties: Iterable[tuple[int, str, str]], today: date) -> list[Card]:
    whole = seeing.whole(member, [row.pk for row in rows])
    names: dict[int, list[str]] = {}
    for pk, kind, name in parties:
        names.setdefault(pk, []).append(name if kind == PartyKind.UNIT else masking.mask_name(name))
    return [
        Card(
            row, "、".join(names.get(row.pk, [])), row.lead_name or "",
            row.due_on is not None and row.stage in (Stage.CONSENT, Stage.MEDIATING) and row.due_on < today,
            row.pk in whole,
        )
        for row in rows
    ]  # fmt: skip
