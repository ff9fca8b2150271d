"""From hours to credits, and back where hours were wrong."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import rows
from chenyue.core.actors import SYSTEM, Actor
from chenyue.people.models import Member
from chenyue.timeline.actions import record
from chenyue.volunteering import conversion
from chenyue.volunteering.accounts import Part, Purse, balance, first, in_order, locked, office, parts, total
from chenyue.volunteering.amounts import credits_words
from chenyue.volunteering.lifecycle import AccountKind, PostingKind
from chenyue.volunteering.models import Account, ConversionRule, Holding, HourEntry, Lot, Posting
from chenyue.volunteering.posting import Shift, post


class _Counted(NamedTuple):
    """An entry as the caps see it: its minutes after a correction, and those that became credits."""

    pk: int
    activity: int | None
    grade: str
    day: Any
    minutes: int
    counted: int


def earn_key(entry: HourEntry | int) -> str:
    """The key of an entry's credits."""
    return f"earn:hours:{entry if isinstance(entry, int) else entry.pk}"


def earn(entry: HourEntry, at: datetime, by: Actor = SYSTEM, second: Member | None = None) -> Posting | None:
    """Credit an hour entry by the rule of the day it was served; None where nothing converts.

    Nothing converts without a rule, for a grade that the rule leaves out, for an activity that gives hours only, and
    above the caps of an activity, a day and a year. What lies above the cap of the balance goes to the pool.
    """
    rule = conversion.rule_of(entry.served_on)
    activity = entry.activity if entry.activity_id else None
    if rule is None or entry.minutes <= 0 or entry.grade not in rule.grades or (activity and not activity.earns):
        return None
    resident = entry.volunteer.resident_id
    with transaction_of_its_own():
        purse = locked([resident], at)[resident]
        known = Posting.objects.filter(key=earn_key(entry)).first()
        if known is not None:
            return known
        minutes = _countable(entry, rule)
        amount = conversion.credits_of(minutes, rule.per_hour)
        if amount <= 0:
            return None
        lot = Lot(
            rule=rule, entry=entry, resident_id=resident, earned_on=entry.served_on, amount=amount, minutes=minutes,
            expires_on=conversion.expires_on(rule, entry.served_on, timezone.localtime(at).date()),
        )  # fmt: skip
        rows.insert(lot)
        return post(
            PostingKind.EARN, _issued(lot, purse, rule, at), key=earn_key(entry), by=by, at=at,
            reference=f"hours:{entry.pk}", rule=rule, second=second,
        )  # fmt: skip


def _issued(lot: Lot, purse: Purse, rule: ConversionRule, at: datetime) -> list[Shift]:
    issuance, amount = office(AccountKind.ISSUANCE, at), lot.amount
    mine = amount
    if rule.balance_cap is not None:
        has = balance(purse.person.resident_id or 0, timezone.localtime(at).date()).all
        mine = min(amount, max(0, rule.balance_cap - has))
    moves = [Shift(lot, issuance, purse.person, mine)] if mine else []
    if amount > mine:
        moves.append(Shift(lot, issuance, office(AccountKind.POOL, at), amount - mine))
    return moves


def _countable(entry: HourEntry, rule: ConversionRule) -> int:
    seen = _entries(entry, rule)
    same = [one for one in seen if one.pk == entry.pk or (entry.activity_id and one.activity == entry.activity_id)]
    return conversion.countable(
        rule,
        of_activity=sum(one.minutes for one in same if one.grade in rule.grades),
        counted_of_activity=sum(one.counted for one in same),
        counted_of_day=sum(one.counted for one in seen if one.day == entry.served_on),
        counted_of_year=sum(one.counted for one in seen if one.day.year == entry.served_on.year),
    )


def _entries(entry: HourEntry, rule: ConversionRule) -> list[_Counted]:
    """The volunteer's entries that the caps look at, corrections taken off. One statement."""
    day = entry.served_on
    near = Q(pk=entry.pk) | Q(served_on=day)
    if entry.activity_id:
        near |= Q(activity=entry.activity_id)
    if rule.year_minutes is not None:
        near |= Q(served_on__year=day.year)
    found = HourEntry.objects.filter(near, volunteer=entry.volunteer_id, reverses=None).order_by("pk")
    names = ("pk", "activity", "grade", "served_on", "minutes", "reversed_by__minutes", "lot__minutes")
    seen = []
    for pk, activity, grade, served_on, minutes, off, counted in found.values_list(*names):
        left = max(0, minutes + (off or 0))
        seen.append(_Counted(pk, activity, grade, served_on, left, min(left, counted or 0)))
    return seen


def due_back(entry: HourEntry, minutes: int | None = None, lot: Lot | None = None) -> int:
    """Hundredths to take back if so many minutes of an entry (all, unless said) were wrong. `lot`: its own."""
    lot = lot or Lot.objects.filter(entry=entry).select_related("rule").first()
    if lot is None or lot.rule is None:
        return 0
    right = 0 if minutes is None else max(0, entry.minutes - minutes)
    stays = conversion.floored(min(right, lot.minutes or 0), lot.rule.rounding)
    return lot.amount - min(lot.amount, conversion.credits_of(stays, lot.rule.per_hour))


def reverse_earning(
    entry: HourEntry, *, by: Actor, at: datetime, reason: str, minutes: int | None = None, second: Member | None = None
) -> Posting | None:
    """Take back the credits of an entry that was wrong, or of so many of its minutes; once for each entry.

    First what is left of its own lot — frozen, to spend, in the pool — then other credits of the person, soonest
    expiry first; never what is held for a booking, and never below zero. What was spent or passed on already is a
    shortfall: it stands in the reason and on the timeline, and staff see it (`statement.shortfalls`). What has expired
    needs no taking. None if there was nothing to take.
    """
    resident = entry.volunteer.resident_id
    with transaction_of_its_own():
        purse = locked([resident], at, pool=True)[resident]
        earned = Posting.objects.filter(key=earn_key(entry)).first()
        due = due_back(entry, minutes) if earned else 0
        if earned is None or due == 0:
            return None
        known = Posting.objects.filter(reverses=earned).first()
        if known is not None:
            return known
        lot = Lot.objects.get(entry=entry)
        due = max(0, due - _expired(lot))
        taken, missing = _taken(lot, purse, due, at), 0
        missing = due - sum(one.amount for one in taken)
        if missing:
            reason = _("%(reason)s (short by %(missing)s, spent already)") % {
                "reason": reason[:240],
                "missing": credits_words(missing),
            }
            data = {"amount": missing, "entry": entry.pk}
            record(subject=f"credits:{resident}", verb="volunteering.credits_short", by=by, at=at, data=data)
        if not taken:
            return None
        return post(
            PostingKind.VOID, taken, key=f"void:hours:{entry.pk}", by=by, at=at, reference=f"hours:{entry.pk}",
            reason=reason, second=second, reverses=earned,
        )  # fmt: skip


def _expired(lot: Lot) -> int:
    found = Holding.objects.filter(lot=lot, account__kind=AccountKind.EXPIRED).first()
    return found.amount if found else 0


def _taken(lot: Lot, purse: Purse, due: int, at: datetime) -> list[Shift]:
    """Moves that take so much back, as far as there is something."""
    voided, pool = office(AccountKind.VOIDED, at), office(AccountKind.POOL, at)
    moves: list[Shift] = []

    def take(source: Account, from_parts: list[Part]) -> None:
        nonlocal due
        some = first(from_parts, due)
        due -= total(some)
        moves.extend(Shift(part.lot, source, voided, part.amount) for part in some)

    here = {one.account_id: one.amount for one in Holding.objects.filter(lot=lot, amount__gt=0)}
    for source in (purse.frozen, purse.person, pool):
        if source.pk in here:
            take(source, [Part(lot, here[source.pk])])
    if due:
        others = [part for part in parts(purse.person, timezone.localtime(at).date()) if part.lot.pk != lot.pk]
        take(purse.person, in_order(others))
    return moves
