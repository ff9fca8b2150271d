"""The board: mediations by stage, and the list behind each column. At most eight statements, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from chenyue.core import snapshots
from chenyue.core.paging import Order, Page, capped, keyset
from chenyue.mediation.lifecycle import OPEN, PartyKind, Stage
from chenyue.mediation.models import Appointment, Mediation, Mediator, Party
from chenyue.mediation.registers import MEDIATORS
from chenyue.people import masking

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


@dataclass(frozen=True)
class Card:
    """One mediation in a list: parties masked."""

    row: Mediation
    parties: str
    mediator: str
    late: bool


@dataclass(frozen=True)
class Column:
    """A stage with its newest mediations and how many there are."""

    stage: Stage
    count: int
    cards: list[Card] = field(default_factory=list)


def board(rows: QuerySet[Mediation], filters: Filters, today: date) -> tuple[list[Column], dict[str, int]]:
    """A column for each open stage, and counts of all stages. Three statements."""
    found = filters.apply(rows, today)
    counts = capped({stage.value: found.filter(stage=stage) for stage in Stage})
    newest = _newest(found, OPEN)
    held: dict[str, list[Mediation]] = {stage: [] for stage in OPEN}
    for row in _columns(Mediation.objects.filter(pk__in=newest).order_by("-pk")):
        held[row.stage].append(row)
    cards = cards_of([row for several in held.values() for row in several], today)
    by_key = {card.row.pk: card for card in cards}
    columns = [Column(stage, counts[stage], [by_key[row.pk] for row in held[stage]]) for stage in OPEN]
    return columns, counts


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


def listed(rows: QuerySet[Mediation], filters: Filters, cursor: str, today: date) -> tuple[Page[Any], list[Card]]:
    """One page of the list, newest first. Two statements."""
    found = keyset(filters.apply(rows, today), NEWEST, cursor, SIZE, columns=_columns)
    return found, cards_of(found.rows, today)


def _columns(rows: QuerySet[Mediation]) -> QuerySet[Mediation]:
    """What a card shows; nothing that would have to be decrypted for each."""
    lead = Appointment.objects.filter(mediation=OuterRef("pk"), until=None, role=Appointment.Role.LEAD)
    rows = rows.annotate(lead_name=Subquery(lead.values("mediator__name")[:1])).select_related("community")
    return rows.defer("facts", "requests", "result_words", "screening")


def cards_of(rows: Sequence[Mediation], today: date) -> list[Card]:
    """Cards for these rows; one statement for all their parties."""
    names: dict[int, list[str]] = {}
    shown = Party.objects.filter(mediation__in=[row.pk for row in rows], left_at=None).order_by("order")
    for pk, kind, name in shown.values_list("mediation_id", "kind", "name"):
        names.setdefault(pk, []).append(name if kind == PartyKind.UNIT else masking.mask_name(name))
    return [
        Card(
            row, "、".join(names.get(row.pk, [])), getattr(row, "lead_name", None) or "",
            row.due_on is not None and row.stage in (Stage.CONSENT, Stage.MEDIATING) and row.due_on < today,
        )
        for row in rows
    ]  # fmt: skip
