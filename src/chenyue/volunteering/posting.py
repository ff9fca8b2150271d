"""The one door of the ledger: `post` writes a posting with its moves, once for its key, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import rows
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.people.models import Member
from chenyue.timeline.actions import Draft, record_many
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering.amounts import within
from chenyue.volunteering.lifecycle import AccountKind, PostingKind
from chenyue.volunteering.models import Account, ConversionRule, Lot, Move, Posting

A, K = AccountKind, PostingKind
MOST = 2**62  # of one move: a guard against overflow, not a rule
# Which way credits may go in a posting of each kind. The proof of the ledger reads it, too.
PATHS: dict[str, set[tuple[str, str]]] = {
    K.EARN: {(A.ISSUANCE, A.PERSON), (A.ISSUANCE, A.POOL)},
    K.GRANT: {(A.ISSUANCE, A.PERSON), (A.POOL, A.PERSON), (A.PERSON, A.EXPIRED)},
    K.HOLD: {(A.PERSON, A.HELD)},
    K.RELEASE: {(A.HELD, A.PERSON)},
    K.BURN: {(A.HELD, A.BURNT), (A.HELD, A.PERSON)},
    K.EXPIRE: {(A.PERSON, A.EXPIRED), (A.POOL, A.EXPIRED)},
    K.TRANSFER: {(A.PERSON, A.PERSON)},
    K.DONATE: {(A.PERSON, A.POOL)},
    K.FREEZE: {(A.PERSON, A.FROZEN)},
    K.THAW: {(A.FROZEN, A.PERSON)},
    K.VOID: {(A.PERSON, A.VOIDED), (A.FROZEN, A.VOIDED), (A.POOL, A.VOIDED)},
}
Flows = dict[tuple[int, int], int]  # from one account to another: how much in all


@dataclass(frozen=True)
class Shift:
    """An amount of a lot that is to leave one account for another. Hundredths of a credit."""

    lot: Lot
    source: Account
    target: Account
    amount: int


class Short(Refusal):
    """Not enough credits; `missing` are hundredths."""

    def __init__(self, sentence: str, missing: int) -> None:
        super().__init__(sentence, code="short")
        self.missing = missing


def post(
    kind: str, moves: Sequence[Shift], *, key: str, by: Actor, at: datetime, reference: str = "", reason: str = "",
    rule: ConversionRule | None = None, second: Member | None = None, reverses: Posting | None = None,
) -> Posting:  # fmt: skip
    """Write a posting: the same key with the same content gives the posting that is there already.

    Holdings follow in the database. The account's lock (`accounts.locked`) is the caller's. Raises Conflict for a key
    with other content or a second reversal, ValueError for moves that no posting of this kind has.
    """
    _check(str(kind), moves, key)
    with transaction_of_its_own():
        row = Posting(
            kind=str(kind), key=key, at=at, by=f"{by.kind}:{by.key}"[:80], second=second, reference=reference[:60],
            reason=reason[:300], rule=rule, reverses=reverses,
        )  # fmt: skip
        if not _insert(row):
            return same(key, kind, reference, _flows(moves), reverses)
        try:
            rows.insert_many([_move(row, one) for one in moves])
        except IntegrityError as error:  # somebody spent past the lock: the database itself says no
            raise Conflict(_("These credits have just been used elsewhere. Nothing was changed.")) from error
        record_many(_entries(row, moves), by=by, at=at)
    return row


def same(key: str, kind: str, reference: str, flows: Flows, reverses: Posting | None = None) -> Posting:
    """The posting of this key. Raises Conflict if it isn't this one, or if another has reversed the same posting."""
    known = Posting.objects.filter(key=key).first()
    reversed_pk = reverses.pk if reverses else None
    if known is None or (known.kind, known.reference, known.reverses_id) != (str(kind), reference, reversed_pk):
        raise Conflict(_("This was already posted with other content."))
    if flows_of(known) != flows:
        raise Conflict(_("This was already posted with other content."))
    return known


def flows_of(row: Posting) -> Flows:
    """How much went from which account to which. One statement."""
    found: Flows = defaultdict(int)
    for source, target, amount in Move.objects.filter(posting=row).values_list("source", "target", "amount"):
        found[source, target] += amount
    return dict(found)


def _flows(moves: Iterable[Shift]) -> Flows:
    found: Flows = defaultdict(int)
    for one in moves:
        found[one.source.pk, one.target.pk] += one.amount
    return dict(found)


def _check(kind: str, moves: Sequence[Shift], key: str) -> None:
    """What a programmer must not do: no person's input ever gets here unchecked."""
    if not moves or not key or len(key) > 80:
        raise ValueError("a posting needs moves and a key of 80 characters or less")
    for one in moves:
        within(one.amount, most=MOST)
        if (one.source.kind, one.target.kind) not in PATHS[kind]:
            raise ValueError(f"no {kind} goes from {one.source.kind} to {one.target.kind}")
        owners = {one.source.resident_id, one.target.resident_id} - {None}
        if (len(owners) == 2) != (kind == K.TRANSFER):
            raise ValueError("only passing on in the family goes from one person to another")


def _insert(row: Posting) -> bool:
    """Insert unless its key, or another reversal of the same posting, is there. One statement, no savepoint."""
    fields = [field for field in Posting._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO volunteering_posting ({columns}) VALUES ({', '.join(['%s'] * len(fields))}) "  # noqa: S608
            "ON CONFLICT DO NOTHING RETURNING id",
            values,
        )
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return True


def _move(row: Posting, one: Shift) -> Move:
    return Move(posting=row, lot=one.lot, source=one.source, target=one.target, amount=one.amount)


def _entries(row: Posting, moves: Sequence[Shift]) -> list[Draft]:
    """One entry for each person: how much came (above zero) to what they may spend, or went."""
    change: dict[int, int] = defaultdict(int)
    for one in moves:
        for where, sign in ((one.source, -1), (one.target, 1)):
            if where.resident_id is not None:
                change[where.resident_id] += sign * one.amount if where.kind == A.PERSON else 0
    return [
        Draft(
            f"credits:{resident}",
            f"volunteering.credits_{row.kind}",
            {"posting": row.pk, "amount": change[resident]},
            VisibleTo.RESIDENT,
        )
        for resident in sorted(change)
    ]
