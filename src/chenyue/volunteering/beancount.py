"""The ledger as beancount text, for auditors: another program counts it anew (`bean-check`).

Credits are a commodity of their own, written with two decimals; owners are their numbers, never names.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from chenyue.volunteering.lifecycle import AccountKind
from chenyue.volunteering.models import Account, Holding, Move, Posting

UNIT = "CREDIT"
BATCH = 2000
# Beancount knows five roots. What is issued is owed to people: equity; what people have: liabilities of the office.
ROOTS = {
    AccountKind.ISSUANCE: "Equity:Issued",
    AccountKind.PERSON: "Liabilities:Person",
    AccountKind.HELD: "Liabilities:Held",
    AccountKind.FROZEN: "Liabilities:Frozen",
    AccountKind.POOL: "Liabilities:Pool",
    AccountKind.BURNT: "Expenses:Spent",
    AccountKind.EXPIRED: "Expenses:Expired",
    AccountKind.VOIDED: "Expenses:TakenBack",
}


def name_of(account: Account) -> str:
    """An account's name in beancount, such as `Liabilities:Person:R12`."""
    root = ROOTS[AccountKind(account.kind)]
    return root if account.resident_id is None else f"{root}:R{account.resident_id}"


def amount_of(hundredths: int) -> str:
    """An amount as beancount reads it: 1250 → `12.50 CREDIT`."""
    return f"{Decimal(hundredths).scaleb(-2):.2f} {UNIT}"


def export() -> Iterator[str]:
    """The whole ledger, piece by piece: accounts, a transaction for each posting, the balances at the end.

    The last lines assert each balance as this database holds it: a reader that counts otherwise fails.
    """
    yield 'option "title" "Credits of voluntary service"\n'
    yield f'option "operating_currency" "{UNIT}"\n\n'
    names = {account.pk: name_of(account) for account in Account.objects.order_by("pk")}
    first = Posting.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return
    opened = _day(first)
    yield f"{opened} commodity {UNIT}\n"
    for name in names.values():
        yield f"{opened} open {name} {UNIT}\n"
    yield "\n"
    last = 0
    while batch := list(Posting.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from _transactions(batch, names)
        last = batch[-1].pk
    yield from _balances(names)


def _transactions(batch: list[Posting], names: dict[int, str]) -> Iterator[str]:
    moves: dict[int, list[Any]] = {row.pk: [] for row in batch}
    found = Move.objects.filter(posting__gte=batch[0].pk, posting__lte=batch[-1].pk).order_by("pk")
    for posting, lot, source, target, amount in found.values_list("posting", "lot", "source", "target", "amount"):
        moves[posting].append((lot, source, target, amount))
    for row in batch:
        lines = [f'{_day(row.at)} * "{row.kind}" "{_safe(row.reference)}"', f'  posting: "{row.pk}"']
        if row.rule_id:
            lines.append(f'  rule: "{row.rule_id}"')
        for lot, source, target, amount in moves[row.pk]:
            lines += [f"  {names[source]}  {amount_of(-amount)}", f'    lot: "{lot}"']
            lines += [f"  {names[target]}  {amount_of(amount)}", f'    lot: "{lot}"']
        yield "\n".join(lines) + "\n\n"


def _balances(names: dict[int, str]) -> Iterator[str]:
    newest = Posting.objects.order_by("-at").values_list("at", flat=True)[0]
    after = timezone.localtime(newest).date().toordinal() + 1
    day = type(timezone.localtime(newest).date()).fromordinal(after)
    held = dict(Holding.objects.order_by().values_list("account").annotate(total=Sum("amount")))
    for pk, name in names.items():
        yield f"{day} balance {name} {amount_of(int(held.get(pk, 0)))}\n"


def _day(at: Any) -> str:
    return str(timezone.localtime(at).date())


def _safe(text: str) -> str:
    return text.replace("\\", "").replace('"', "'").replace("\n", " ")
