"""The bank book of a resident: what came and went, with the balance after each line; newest first, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from chenyue.core.ids import whole
from chenyue.people.models import Resident
from chenyue.volunteering.accounts import Balance, balance
from chenyue.volunteering.earning import due_back
from chenyue.volunteering.lifecycle import AccountKind, PostingKind
from chenyue.volunteering.models import Account, Booking, Holding, HourEntry, Move, Posting

SIZE = 50
LARGEST = 2**62


@dataclass(frozen=True)
class Line:
    """One posting as its owner sees it. Hundredths of a credit; `balance` is what could be spent afterwards."""

    pk: int
    kind: str
    at: datetime
    reason: str
    reference: str
    about: str  # the activity, the service
    change: int
    held: int
    frozen: int
    balance: int

    @property
    def word(self) -> str:
        """What kind of thing happened."""
        return str(PostingKind(self.kind).label)


@dataclass(frozen=True)
class Page:
    """A page of a bank book; `next` is the cursor of the following (older) one, empty at the end."""

    lines: list[Line]
    balance: Balance
    next: str = ""


def statement(resident: Resident, *, before: str = "", size: int = SIZE, on: date | None = None) -> Page:
    """The lines before a cursor, newest first. Nine statements, whatever the length of the book.

    A cursor that was tampered with shows the first page.
    """
    end = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else LARGEST
    accounts = {one.pk: one.kind for one in Account.objects.filter(resident=resident)}
    has = balance(resident, on)
    if not accounts:
        return Page([], has)
    ids = _postings(list(accounts), end, size + 1)
    more, ids = len(ids) > size, ids[:size]
    changes = _changes(accounts, ids)
    person = next(pk for pk, kind in accounts.items() if kind == AccountKind.PERSON)
    running = _after(person, ids[0]) if ids else 0
    rows = {row.pk: row for row in Posting.objects.filter(pk__in=ids)}
    about = _about(rows.values())
    lines = []
    for pk in ids:
        row, change = rows[pk], changes.get(pk, {})
        free = change.get("person", 0)
        lines.append(
            Line(
                pk, row.kind, row.at, row.reason, row.reference, about.get(row.reference, ""), free,
                change.get("held", 0), change.get("frozen", 0), running,
            )
        )  # fmt: skip
        running -= free
    return Page(lines, has, str(ids[-1]) if more else "")


def _postings(accounts: list[int], before: int, count: int) -> list[int]:
    """The newest postings that touched one of these accounts. Each account's index is walked from its end."""
    parts, values = list[str](), list[Any]()
    for side in ("source", "target"):
        for pk in accounts:
            parts.append(
                f"SELECT * FROM (SELECT DISTINCT posting_id FROM volunteering_move WHERE {side}_id = %s "  # noqa: S608
                f"AND posting_id < %s ORDER BY posting_id DESC LIMIT %s) AS p{len(parts)}"
            )
            values += [pk, before, count]
    union = " UNION ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(f"{union} ORDER BY 1 DESC LIMIT %s", [*values, count])
        return [row[0] for row in cursor.fetchall()]


def _changes(accounts: dict[int, str], ids: list[int]) -> dict[int, dict[str, int]]:
    """How each posting changed each kind of account of this person. One statement."""
    found: dict[int, dict[str, int]] = {}
    for posting, source, target, amount in Move.objects.filter(posting__in=ids).values_list(
        "posting", "source", "target", "amount"
    ):
        for pk, sign in ((source, -1), (target, 1)):
            if pk in accounts:
                kinds = found.setdefault(posting, {})
                kinds[accounts[pk]] = kinds.get(accounts[pk], 0) + sign * amount
    return found


def _after(person: int, posting: int) -> int:
    """What the account had after a posting: what it has now, without what came later. Three sums."""
    now = Holding.objects.filter(account=person).aggregate(total=Sum("amount"))["total"] or 0
    later = Move.objects.filter(posting__gt=posting)
    came = later.filter(target=person).aggregate(total=Sum("amount"))["total"] or 0
    went = later.filter(source=person).aggregate(total=Sum("amount"))["total"] or 0
    return int(now - came + went)


def _about(rows: Iterable[Posting]) -> dict[str, str]:
    """What the references of these postings are about, in words. Two statements at most."""
    wanted: dict[str, list[str]] = {"hours": [], "booking": []}
    for row in rows:
        kind, _colon, key = row.reference.partition(":")
        if kind in wanted:
            wanted[kind].append(key)
    found = {}
    if numbers := [pk for key in wanted["hours"] if (pk := whole(key, 0))]:
        entries = HourEntry.objects.filter(pk__in=numbers).values_list("pk", "activity__title", "claim__words")
        found = {f"hours:{pk}": title or words or "" for pk, title, words in entries}
    if wanted["booking"]:
        bookings = Booking.objects.filter(number__in=wanted["booking"])
        found |= {f"booking:{number}": name for number, name in bookings.values_list("number", "slot__service__name")}
    return found


@dataclass(frozen=True)
class Shortfall:
    """Credits of wrong hours that couldn't be taken back, since they were spent."""

    entry: HourEntry
    missing: int


def shortfalls(limit: int = 200) -> list[Shortfall]:
    """What is missing of credits whose hours were taken back, newest first. Three statements."""
    wrong = (
        HourEntry.objects.filter(reversed_by__isnull=False, lot__isnull=False)
        .select_related("lot__rule", "reversed_by", "volunteer")
        .order_by("-reversed_by__pk")[:limit]
    )
    entries = list(wrong)
    keys = {f"earn:hours:{entry.pk}": entry for entry in entries}
    voided = (
        Move.objects.filter(posting__reverses__key__in=list(keys), posting__kind=PostingKind.VOID)
        .order_by()
        .values_list("posting__reverses__key")
        .annotate(total=Sum("amount"))
    )
    taken = {keys[key].pk: int(total) for key, total in voided}
    expired = dict(
        Holding.objects.filter(lot__entry__in=entries, account__kind=AccountKind.EXPIRED)
        .annotate(entry=F("lot__entry"))
        .values_list("entry", "amount")
    )
    found = []
    for entry in entries:
        due = due_back(entry, -entry.reversed_by.minutes, entry.lot)
        missing = due - taken.get(entry.pk, 0) - expired.get(entry.pk, 0)
        if missing > 0:
            found.append(Shortfall(entry, missing))
    return found
