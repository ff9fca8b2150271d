"""Proving the ledger: every rule of it asked of the database anew, in SQL that reads each row once. Reads only.

A check gives sentences about what is wrong, none if all is well. Other parts of volunteering add theirs:
`@proof("bookings")`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from chenyue.volunteering import triggers
from chenyue.volunteering.models import LedgerSeal, Posting
from chenyue.volunteering.posting import PATHS
from chenyue.volunteering.sealing import fingerprint

Check = Callable[[], Iterable[str]]
FEW = 20  # of each kind are named
_checks: dict[str, Check] = {}
CONSTRAINTS = {
    "volunteering_holding": {"nothing_below_zero", "one_holding_of_a_lot"},
    "volunteering_move": {"move_of_something", "move_between_two"},
    "volunteering_account": {"owned_accounts_have_an_owner", "only_issuance_issues", "one_account_of_a_kind"},
    "volunteering_hourentry": {"hours_fall_by_counter_entry_only", "one_entry_for_a_claim"},
    "volunteering_proposal": {"nobody_approves_their_own_proposal"},
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, found by which check."""

    check: str
    sentence: str


def proof(name: str) -> Callable[[Check], Check]:
    """Register a check that gives a sentence for each fault."""

    def register(check: Check) -> Check:
        _checks[name] = check
        return check

    return register


def names() -> list[str]:
    """Of all checks, in the order in which they are made."""
    return list(_checks)


def faults(only: str = "") -> Iterator[Fault]:
    """All faults of all checks, or of one."""
    for name in [only] if only else names():
        for sentence in _checks[name]():
            yield Fault(name, sentence)


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The first few rows of a plain statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {FEW}", values)
        return list(cursor.fetchall())


@proof("guards")
def guards() -> Iterator[str]:
    """The database's own guards are in place: triggers that refuse changes, constraints."""
    for name in sorted(triggers.names(connection) - triggers.present(connection)):
        yield _("The trigger %(name)s is missing or switched off.") % {"name": name}
    with connection.cursor() as cursor:
        for table, wanted in CONSTRAINTS.items():
            held = connection.introspection.get_constraints(cursor, table)
            for name in sorted(wanted - set(held)):
                yield _("The constraint %(name)s is missing.") % {"name": name}


@proof("holdings")
def holdings() -> Iterator[str]:
    """What each account has of each lot is what the moves say (invariant 1 and 2): counted anew from all of them."""
    moved = (
        "SELECT account, lot, SUM(amount) FROM ("
        "SELECT target_id AS account, lot_id AS lot, amount FROM volunteering_move UNION ALL "
        "SELECT source_id, lot_id, -amount FROM volunteering_move UNION ALL "
        "SELECT account_id, lot_id, -amount FROM volunteering_holding) AS every "
        "GROUP BY account, lot HAVING SUM(amount) <> 0 ORDER BY account, lot"
    )
    for account, lot, difference in ask(moved):
        yield _("Account %(account)s, lot %(lot)s: the holding differs from the moves by %(amount)s hundredths.") % {
            "account": account,
            "lot": lot,
            "amount": difference,
        }
    below = (
        "SELECT h.account_id, h.lot_id FROM volunteering_holding h JOIN volunteering_account a ON a.id = h.account_id "
        "WHERE (h.amount < 0 AND a.kind <> 'issuance') OR a.issues <> h.issues ORDER BY h.id"
    )
    for account, lot in ask(below):
        yield _("Account %(account)s, lot %(lot)s: below zero.") % {"account": account, "lot": lot}
    for (whole,) in ask("SELECT SUM(amount) FROM volunteering_holding HAVING SUM(amount) <> 0"):
        yield _("The whole ledger adds up to %(amount)s, not to zero.") % {"amount": whole}


@proof("ways")
def ways() -> Iterator[str]:
    """Credits went only where a posting of that kind may send them; never out of a hold by expiry (invariant 7)."""
    allowed = " OR ".join(
        f"(p.kind = '{kind}' AND s.kind = '{source}' AND t.kind = '{target}')"
        for kind, pairs in PATHS.items()
        for source, target in sorted(pairs)
    )
    wrong = (
        "SELECT p.id, p.kind, s.kind, t.kind FROM volunteering_move m "  # noqa: S608 – words of ours
        "JOIN volunteering_posting p ON p.id = m.posting_id JOIN volunteering_account s ON s.id = m.source_id "
        f"JOIN volunteering_account t ON t.id = m.target_id WHERE NOT ({allowed}) OR (p.kind <> 'transfer' "
        "AND s.resident_id IS NOT NULL AND t.resident_id IS NOT NULL AND s.resident_id <> t.resident_id) ORDER BY m.id"
    )
    for pk, kind, source, target in ask(wrong):
        said = {"posting": pk, "kind": kind, "source": source, "target": target}
        yield _("Posting %(posting)s (%(kind)s) moved credits from %(source)s to %(target)s.") % said
    empty = (
        "SELECT p.id FROM volunteering_posting p "
        "WHERE NOT EXISTS (SELECT 1 FROM volunteering_move m WHERE m.posting_id = p.id) ORDER BY p.id"
    )
    for (pk,) in ask(empty):
        yield _("Posting %(posting)s moved nothing.") % {"posting": pk}


@proof("origins")
def origins() -> Iterator[str]:
    """Each credit traces to a rule and an evidenced hour, or to a named grant (invariant 3)."""
    issued = (
        "SELECT l.id FROM volunteering_lot l LEFT JOIN volunteering_holding h ON h.lot_id = l.id "
        "AND h.account_id = (SELECT id FROM volunteering_account WHERE kind = 'issuance') "
        "WHERE h.amount IS NULL OR h.amount <> -l.amount ORDER BY l.id"
    )
    for (pk,) in ask(issued):
        yield _("Lot %(lot)s was not issued as it says.") % {"lot": pk}
    earned = (
        "SELECT l.id FROM volunteering_lot l LEFT JOIN volunteering_conversionrule r ON r.id = l.rule_id "
        "LEFT JOIN volunteering_hourentry e ON e.id = l.entry_id "
        "LEFT JOIN volunteering_volunteer v ON v.id = e.volunteer_id "
        "LEFT JOIN volunteering_posting p ON p.key = 'earn:hours:' || l.entry_id "
        "WHERE l.entry_id IS NOT NULL AND (r.id IS NULL OR r.approved_at IS NULL OR r.starts_on > e.served_on "
        "OR p.id IS NULL OR p.kind <> 'earn' OR p.rule_id <> l.rule_id OR e.minutes < l.minutes OR l.minutes IS NULL "
        "OR e.reverses_id IS NOT NULL OR v.resident_id <> l.resident_id "
        "OR l.amount <> l.minutes * r.per_hour / 60) ORDER BY l.id"
    )
    for (pk,) in ask(earned):
        yield _("Lot %(lot)s doesn't fit its hours and its rule.") % {"lot": pk}
    granted = (
        "SELECT m.lot_id FROM volunteering_move m JOIN volunteering_posting p ON p.id = m.posting_id "
        "JOIN volunteering_account s ON s.id = m.source_id JOIN volunteering_lot l ON l.id = m.lot_id "
        "WHERE s.kind = 'issuance' AND l.entry_id IS NULL "
        "AND (p.kind <> 'grant' OR (p.second_id IS NULL AND p.key NOT LIKE 'renew:%%')) ORDER BY m.lot_id"
    )
    for (pk,) in ask(granted):
        yield _("Lot %(lot)s was granted, and nobody approved it.") % {"lot": pk}


@proof("ends")
def ends() -> Iterator[str]:
    """What ends a posting fits it: a hold is given back or spent to the last hundredth, lot by lot."""
    pairs = (
        "SELECT p.id, p.kind, o.kind FROM volunteering_posting p JOIN volunteering_posting o ON o.id = p.reverses_id "
        "WHERE NOT ((p.kind IN ('release', 'burn') AND o.kind = 'hold') OR (p.kind = 'thaw' AND o.kind = 'freeze') "
        "OR (p.kind = 'void' AND o.kind = 'earn')) ORDER BY p.id"
    )
    for pk, kind, of in ask(pairs):
        yield _("Posting %(posting)s (%(kind)s) ends a posting of kind %(of)s.") % {
            "posting": pk,
            "kind": kind,
            "of": of,
        }
    loose = "SELECT id FROM volunteering_posting WHERE kind IN ('release', 'burn', 'thaw') AND reverses_id IS NULL"
    for (pk,) in ask(loose):
        yield _("Posting %(posting)s ends nothing.") % {"posting": pk}
    halves = (
        "SELECT hold, lot FROM (SELECT p.id AS hold, m.lot_id AS lot, m.amount FROM volunteering_posting p "
        "JOIN volunteering_posting e ON e.reverses_id = p.id JOIN volunteering_move m ON m.posting_id = p.id "
        "WHERE p.kind = 'hold' UNION ALL SELECT p.reverses_id, m.lot_id, -m.amount FROM volunteering_posting p "
        "JOIN volunteering_move m ON m.posting_id = p.id WHERE p.kind IN ('release', 'burn')) AS both_sides "
        "GROUP BY hold, lot HAVING SUM(amount) <> 0 ORDER BY hold, lot"
    )
    for hold, lot in ask(halves):
        yield _("Hold %(posting)s, lot %(lot)s: what came out isn't what went in.") % {"posting": hold, "lot": lot}


@proof("hours")
def hours() -> Iterator[str]:
    """Hours fall by counter-entries only, never by more than they were (invariant 4)."""
    over = (
        "SELECT c.id FROM volunteering_hourentry c JOIN volunteering_hourentry e ON e.id = c.reverses_id "
        "WHERE -c.minutes > e.minutes OR c.volunteer_id <> e.volunteer_id OR e.reverses_id IS NOT NULL ORDER BY c.id"
    )
    for (pk,) in ask(over):
        yield _("Counter-entry %(entry)s doesn't fit its entry.") % {"entry": pk}


@proof("two persons")
def two_persons() -> Iterator[str]:
    """What was done by hand was asked for by one person and approved by another."""
    alone = (
        "SELECT id FROM volunteering_posting WHERE second_id IS NOT NULL AND by = 'member:' || second_id ORDER BY id"
    )
    for (pk,) in ask(alone):
        yield _("Posting %(posting)s was asked for and approved by one person.") % {"posting": pk}
    hand = "SELECT id FROM volunteering_posting WHERE kind = 'void' AND reverses_id IS NULL AND second_id IS NULL"
    for (pk,) in ask(hand):
        yield _("Posting %(posting)s took credits back, and nobody approved it.") % {"posting": pk}
    rules = (
        "SELECT version FROM volunteering_conversionrule WHERE approved_at IS NOT NULL "
        "AND approved_by_id IS NOT NULL AND approved_by_id = made_by_id ORDER BY version"
    )
    for (version,) in ask(rules):
        yield _("Rule %(version)s was made and approved by one person.") % {"version": version}


@proof("seals")
def seals() -> Iterator[str]:
    """No sealed posting, move or lot was changed, taken out or slipped in."""
    previous, first = "", 1
    for seal in LedgerSeal.objects.order_by("last").iterator():
        if seal.previous != previous or seal.first != first:
            yield _("The seal up to posting %(last)s doesn't follow the one before.") % {"last": seal.last}
            return
        count, made = fingerprint(seal.first, seal.last, seal.previous)
        if count != seal.count:
            said = {"first": seal.first, "last": seal.last, "held": count, "sealed": seal.count}
            yield _("Postings %(first)s to %(last)s: %(held)s are here, %(sealed)s were sealed.") % said
        elif made != seal.hash:
            said = {"first": seal.first, "last": seal.last}
            yield _("Postings %(first)s to %(last)s aren't what was sealed.") % said
        previous, first = seal.hash, seal.last + 1


def counted() -> int:
    """How many postings there are."""
    return Posting.objects.count()
