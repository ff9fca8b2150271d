"""Accounts of the ledger: opened once, locked in one order, and what is in them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from chenyue.core import rows
from chenyue.core.prepared import prepared
from chenyue.people.models import Resident
from chenyue.volunteering.lifecycle import OWNED, AccountKind
from chenyue.volunteering.models import Account, Holding, Lot

OFFICE = tuple(AccountKind(kind) for kind in AccountKind.values if kind not in OWNED)


@dataclass(frozen=True)
class Balance:
    """Hundredths of a credit: to spend today, held for bookings, frozen until something is decided."""

    free: int = 0
    held: int = 0
    frozen: int = 0

    @property
    def all(self) -> int:
        """Everything that is this person's."""
        return self.free + self.held + self.frozen


@dataclass(frozen=True)
class Purse:
    """The three accounts of one resident."""

    person: Account
    held: Account
    frozen: Account


@dataclass(frozen=True)
class Part:
    """So much of a lot, in some account."""

    lot: Lot
    amount: int


def account(kind: str, resident: Resident | int | None = None, at: datetime | None = None) -> Account:
    """The account of this kind, opened if there is none yet. Of a resident all three are opened together."""
    at = at or timezone.now()
    if resident is None:
        return office(kind, at)
    pk = resident if isinstance(resident, int) else resident.pk
    return {one.kind: one for one in _open([pk], at, lock=False)}[str(kind)]


def office(kind: str, at: datetime) -> Account:
    """An account of the office: issued, pool, burnt, expired, voided. One statement once it's open."""
    known = _of_office.first(kind=str(kind))
    if known is None:
        rows.insert_many([Account(kind=str(kind), issues=kind == AccountKind.ISSUANCE, opened_at=at)], ignore=True)
        known = Account.objects.get(kind=kind, resident=None)
    return known


@prepared
def _of_office(*, kind: Any) -> QuerySet[Account]:
    return Account.objects.filter(kind=kind, resident=None)[:1]


def locked(residents: Iterable[Resident | int], at: datetime, *, pool: bool = False) -> dict[int, Purse]:
    """The purses of these residents, locked until the transaction ends; with `pool`, the office's pool as well.

    Whoever moves credits that exist already takes this lock first, of all residents concerned at once: in one order
    for everyone, so that two never wait for each other, and what is read below it stays true.
    """
    pks = {one if isinstance(one, int) else one.pk for one in residents}
    kept = _open(pks, at, lock=True, pool=pool)
    by: dict[int, dict[str, Account]] = {pk: {} for pk in pks}
    for one in kept:
        if one.resident_id is not None:
            by[one.resident_id][one.kind] = one
    return {pk: Purse(found["person"], found["held"], found["frozen"]) for pk, found in by.items()}


def _open(pks: Collection[int], at: datetime, *, lock: bool, pool: bool = False) -> list[Account]:
    if pool:
        office(AccountKind.POOL, at)
    found = _read(pks, lock, pool)
    if len(found) < len(pks) * len(OWNED) + pool:
        missing = [Account(kind=str(kind), resident_id=pk, opened_at=at) for pk in sorted(pks) for kind in OWNED]
        rows.insert_many(missing, ignore=True)
        found = _read(pks, lock, pool)
    return found


def _read(pks: Collection[int], lock: bool, pool: bool) -> list[Account]:
    wanted = Q(resident__in=pks) | Q(resident=None, kind=AccountKind.POOL) if pool else Q(resident__in=pks)
    found = Account.objects.filter(wanted).order_by("pk")
    # Moves that point at an account must not wait for this lock: no_key.
    return list(found.select_for_update(of=("self",), no_key=True) if lock else found)


def balance(resident: Resident | int, on: date | None = None) -> Balance:
    """What a resident has on a day (today, unless said). One statement.

    What has expired isn't to spend, even if nobody has taken it off yet.
    """
    return balances([resident if isinstance(resident, int) else resident.pk], on)[
        resident if isinstance(resident, int) else resident.pk
    ]


def balances(residents: Collection[int], on: date | None = None) -> dict[int, Balance]:
    """The same for several at once. One statement."""
    on = on or timezone.localtime().date()
    alive = Q(lot__expires_on=None) | Q(lot__expires_on__gte=on) | ~Q(account__kind=AccountKind.PERSON)
    sums = (
        Holding.objects.filter(alive, account__resident__in=residents, amount__gt=0)
        .order_by()
        .values_list("account__resident", "account__kind")
        .annotate(total=Sum("amount"))
    )
    found: dict[int, dict[str, int]] = {pk: {} for pk in residents}
    for pk, kind, total in sums:
        found[pk]["free" if kind == AccountKind.PERSON else kind] = int(total)
    return {pk: Balance(**amounts) for pk, amounts in found.items()}


def parts(where: Account, on: date | None = None) -> list[Part]:
    """What an account has, lot by lot: what expires soonest comes first (FIFO). `on`: without what expired before."""
    found = Holding.objects.filter(account=where, amount__gt=0).select_related("lot")
    if on is not None:
        found = found.filter(Q(lot__expires_on=None) | Q(lot__expires_on__gte=on))
    return in_order(Part(one.lot, one.amount) for one in found)


def in_order(found: Iterable[Part]) -> list[Part]:
    """Soonest expiry first, what never expires last; of two alike the older."""
    return sorted(found, key=lambda one: (one.lot.expires_on or date.max, one.lot.pk))


def first(available: Iterable[Part], amount: int) -> list[Part]:
    """So much of these parts, taken from the front; less, if there isn't so much."""
    taken: list[Part] = []
    for part in available:
        if amount <= 0:
            break
        some = min(part.amount, amount)
        taken.append(Part(part.lot, some))
        amount -= some
    return taken


def total(found: Iterable[Part]) -> int:
    """The sum of parts."""
    return sum(part.amount for part in found)


def totals() -> dict[str, int]:
    """What lies in all accounts of each kind, expired or not. One statement."""
    sums: Any = Holding.objects.order_by().values_list("account__kind").annotate(total=Sum("amount"))
    return dict.fromkeys(AccountKind.values, 0) | {kind: int(amount) for kind, amount in sums}
