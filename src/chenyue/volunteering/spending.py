"""Credits held for a booking, given back, spent; and how many may be spent at all."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import rows
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.people.models import Resident
from chenyue.volunteering import conversion
from chenyue.volunteering.accounts import Part, Purse, first, in_order, locked, office, parts, total
from chenyue.volunteering.amounts import credits_words, hours_words, within
from chenyue.volunteering.lifecycle import AccountKind, PostingKind
from chenyue.volunteering.models import Account, HourEntry, Lot, Move, Posting
from chenyue.volunteering.posting import Shift, Short, post, same

GRACE = 30  # days, where no rule holds


def today(at: datetime) -> date:
    """The day on the office's wall."""
    return timezone.localtime(at).date()


def served(resident: int) -> int:
    """Minutes that a resident has served, corrections taken off."""
    found = HourEntry.objects.filter(volunteer__resident=resident).aggregate(total=Sum("minutes"))
    return int(found["total"] or 0)


def spendable(purse: Purse, day: date) -> list[Part]:
    """What may be spent on a day, soonest expiry first.

    Below the rule's threshold of hours one's own earnings aren't spent yet; what was granted or passed on is.
    """
    free = parts(purse.person, day)
    rule = conversion.rule_of(day)
    if rule is None or not rule.threshold_minutes:
        return free
    own = [part for part in free if part.lot.entry_id and part.lot.resident_id == purse.person.resident_id]
    if not own or served(purse.person.resident_id or 0) >= rule.threshold_minutes:
        return free
    waiting = {part.lot.pk for part in own}
    return [part for part in free if part.lot.pk not in waiting]


def chosen(purse: Purse, amount: int, day: date) -> list[Part]:
    """Parts that make up the amount. Raises Short with what is missing, Refusal `threshold`."""
    free = spendable(purse, day)
    found = first(free, amount)
    missing = amount - total(found)
    if not missing:
        return found
    rule = conversion.rule_of(day)
    if rule and rule.threshold_minutes and total(parts(purse.person, day)) >= amount:
        raise Refusal(
            _("Credits may be spent from %(needed)s of service on; so far there are %(hours)s.")
            % {
                "needed": hours_words(rule.threshold_minutes),
                "hours": hours_words(served(purse.person.resident_id or 0)),
            },
            code="threshold",
        )
    said = _("%(missing)s credits are missing: %(needed)s are needed, %(free)s are there to spend.")
    raise Short(
        said
        % {
            "missing": credits_words(missing),
            "needed": credits_words(amount),
            "free": credits_words(total(free)),
        },
        missing,
    )


def hold(
    resident: Resident | int, amount: int, *, key: str, reference: str, by: Actor, at: datetime, reason: str = ""
) -> Posting:
    """Set so much aside for a booking; what expires soonest goes first. Once for a key.

    Raises Short (code `short`, with `missing`), Refusal `threshold`, Conflict for a key of another hold.
    """
    amount = within(amount)
    pk = resident if isinstance(resident, int) else resident.pk
    with transaction_of_its_own():
        purse = locked([pk], at)[pk]
        if Posting.objects.filter(key=key).exists():
            return same(key, PostingKind.HOLD, reference, {(purse.person.pk, purse.held.pk): amount})
        found = chosen(purse, amount, today(at))
        moves = [Shift(part.lot, purse.person, purse.held, part.amount) for part in found]
        return post(PostingKind.HOLD, moves, key=key, by=by, at=at, reference=reference, reason=reason)


def release(held: Posting, *, by: Actor, at: datetime, key: str = "", reason: str = "", fault: bool = False) -> Posting:
    """Give everything that a posting holds back to the lots it came from. Once.

    What expired meanwhile is taken off by the next tick, unless the office or the supplier is at fault: `fault` renews
    what would expire within the rule's days of grace. Raises Conflict if the hold was ended otherwise.
    """
    return _end(held, 0, by=by, at=at, key=key or f"release:{held.key}", reason=reason, fault=fault)


def burn(held: Posting, amount: int | None = None, *, by: Actor, at: datetime, key: str = "", reason: str = "",
         fault: bool = False) -> Posting:  # fmt: skip
    """Spend what a posting holds, or so much of it: the rest goes back. Once.

    What expires soonest is spent first, so that the person keeps what lives longest. Raises Conflict if the hold was
    ended otherwise, Refusal for more than it holds.
    """
    whole = sum(Move.objects.filter(posting=held).values_list("amount", flat=True))
    amount = whole if amount is None else within(amount, zero=True)
    if amount > whole:
        raise Refusal(_("More than is held can't be spent."), code="too_large")
    return _end(held, amount, by=by, at=at, key=key or f"burn:{held.key}", reason=reason, fault=fault)


def _end(held: Posting, spent: int, *, by: Actor, at: datetime, key: str, reason: str, fault: bool) -> Posting:
    if held.kind != PostingKind.HOLD:
        raise ValueError("only what is held can be given back or spent")
    key = key[:80]
    with transaction_of_its_own():
        moved = list(Move.objects.filter(posting=held).select_related("lot", "source", "target").order_by("pk"))
        pk = moved[0].source.resident_id or 0
        purse = locked([pk], at)[pk]
        lots = in_order(Part(one.lot, one.amount) for one in moved)
        burnt = first(lots, spent)
        back = _rest(lots, burnt)
        gone = office(AccountKind.BURNT, at)
        moves = [Shift(part.lot, purse.held, gone, part.amount) for part in burnt]
        moves += [Shift(part.lot, purse.held, purse.person, part.amount) for part in back]
        kind = PostingKind.BURN if burnt else PostingKind.RELEASE
        known = Posting.objects.filter(reverses=held).first()
        if known is not None:
            flows = {(one.source.pk, one.target.pk): 0 for one in moves}
            for one in moves:
                flows[one.source.pk, one.target.pk] += one.amount
            if known.key != key:
                raise Conflict(_("These credits were given back or spent already."))
            return same(key, kind, held.reference, flows, held)
        row = post(kind, moves, key=key, by=by, at=at, reference=held.reference, reason=reason, reverses=held)
        if fault and back:
            renew(purse, back, key=f"renew:{row.pk}", reference=held.reference, by=by, at=at, reason=reason)
        return row


def _rest(lots: list[Part], taken: Iterable[Part]) -> list[Part]:
    off = {part.lot.pk: part.amount for part in taken}
    left = [Part(part.lot, part.amount - off.get(part.lot.pk, 0)) for part in lots]
    return [part for part in left if part.amount]


def renew(
    purse: Purse, back: Iterable[Part], *, key: str, reference: str, by: Actor, at: datetime, reason: str
) -> Posting | None:
    """Let parts that came back too late live on: what would expire within the days of grace is issued anew.

    Lots are never changed: the old one expires here, a new one of the same person begins. None if all live long enough.
    """
    rule = conversion.rule_of(today(at))
    until = today(at) + timedelta(days=rule.grace_days if rule else GRACE)
    short = [part for part in back if part.lot.expires_on is not None and part.lot.expires_on < until]
    if not short:
        return None
    expired, issuance = office(AccountKind.EXPIRED, at), office(AccountKind.ISSUANCE, at)
    moves = []
    for part in short:
        lot = Lot(resident_id=part.lot.resident_id, earned_on=part.lot.earned_on, expires_on=until, amount=part.amount)
        rows.insert(lot)
        moves += [
            Shift(part.lot, purse.person, expired, part.amount),
            Shift(lot, issuance, purse.person, part.amount),
        ]
    return post(PostingKind.GRANT, moves, key=key, by=by, at=at, reference=reference, reason=reason)


def between(source: Account, target: Account, found: Iterable[Part]) -> list[Shift]:
    """Moves of these parts from one account to another."""
    return [Shift(part.lot, source, target, part.amount) for part in found]
