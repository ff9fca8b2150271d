"""Credits granted, frozen, freed, expired."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import rows
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.people.models import Member, Resident
from chenyue.volunteering.accounts import Part, first, in_order, locked, office, parts, total
from chenyue.volunteering.amounts import credits_words, within
from chenyue.volunteering.lifecycle import AccountKind, PostingKind
from chenyue.volunteering.models import Account, Holding, HourEntry, Lot, Move, Posting
from chenyue.volunteering.posting import Shift, post
from chenyue.volunteering.spending import between, renew, today


def grant(
    resident: Resident | int, amount: int, *, key: str, by: Actor, second: Member | None, at: datetime, reason: str,
    expires_on: date | None = None, from_pool: bool = False, reference: str = "",
) -> Posting:  # fmt: skip
    """Give credits by hand: issued anew, or (`from_pool`) donated ones, soonest expiry first.

    `second` approved what `by` asked for; who may, and that they are two, `proposing` sees to. Raises Refusal
    `pool_short` if the pool has less.
    """
    amount = within(amount)
    pk = resident if isinstance(resident, int) else resident.pk
    with transaction_of_its_own():
        purse = locked([pk], at, pool=from_pool)[pk]
        known = Posting.objects.filter(key=key).first()
        if known is not None:
            return _known(known, PostingKind.GRANT, amount)
        if from_pool:
            moves = between(office(AccountKind.POOL, at), purse.person, _of_pool(amount, at))
        else:
            lot = Lot(resident_id=pk, earned_on=today(at), expires_on=expires_on, amount=amount)
            rows.insert(lot)
            moves = [Shift(lot, office(AccountKind.ISSUANCE, at), purse.person, amount)]
        return post(PostingKind.GRANT, moves, key=key, by=by, second=second, at=at, reason=reason, reference=reference)


def _known(row: Posting, kind: str, amount: int) -> Posting:
    whole = sum(Move.objects.filter(posting=row).values_list("amount", flat=True))
    if (row.kind, whole) != (str(kind), amount):
        raise Conflict(_("This was already posted with other content."))
    return row


def _of_pool(amount: int, at: datetime) -> list[Part]:
    free = parts(office(AccountKind.POOL, at), today(at))
    found = first(free, amount)
    if total(found) < amount:
        raise Refusal(
            _("The pool of donated credits has only %(free)s.") % {"free": credits_words(total(free))},
            field="amount",
            code="pool_short",
        )
    return found


def take_back(
    resident: Resident | int, amount: int, *, key: str, by: Actor, second: Member | None, at: datetime, reason: str,
    reference: str = "",
) -> Posting:  # fmt: skip
    """Take credits back by hand, soonest expiry first; never below zero. Raises Refusal `short` if there are fewer."""
    amount = within(amount)
    pk = resident if isinstance(resident, int) else resident.pk
    with transaction_of_its_own():
        purse = locked([pk], at)[pk]
        known = Posting.objects.filter(key=key).first()
        if known is not None:
            return _known(known, PostingKind.VOID, amount)
        free = parts(purse.person, today(at))
        found = first(free, amount)
        if total(found) < amount:
            said = _("This person has only %(free)s to spend.") % {"free": credits_words(total(free))}
            raise Refusal(said, field="amount", code="short")
        moves = between(purse.person, office(AccountKind.VOIDED, at), found)
        return post(PostingKind.VOID, moves, key=key, by=by, second=second, at=at, reason=reason, reference=reference)


def freeze(
    what: HourEntry | Resident, *, key: str, by: Actor, at: datetime, reason: str = "", amount: int | None = None,
    reference: str = "",
) -> Posting | None:  # fmt: skip
    """Freeze what is left to spend of an hour entry's credits, or of a resident's (so much of it), until decided.

    None if nothing is left; what is held for a booking stays held. Once for a key.
    """
    resident = what.volunteer.resident_id if isinstance(what, HourEntry) else what.pk
    with transaction_of_its_own():
        purse = locked([resident], at)[resident]
        known = Posting.objects.filter(key=key).first()
        if known is not None:
            if known.kind != PostingKind.FREEZE:
                raise Conflict(_("This was already posted with other content."))
            return known
        found = parts(purse.person, today(at))
        if isinstance(what, HourEntry):
            found = [part for part in found if part.lot.entry_id == what.pk]
            reference = reference or f"hours:{what.pk}"
        if amount is not None:
            found = first(found, within(amount))
        if not found:
            return None
        moves = between(purse.person, purse.frozen, found)
        return post(PostingKind.FREEZE, moves, key=key, by=by, at=at, reason=reason, reference=reference)


def thaw(frozen: Posting, *, by: Actor, at: datetime, reason: str = "", fault: bool = False,
         second: Member | None = None) -> Posting | None:  # fmt: skip
    """Free what a posting froze, as far as it wasn't taken back meanwhile; None if nothing is left. Once.

    `fault`: the complaint was wrong; what would expire within the days of grace lives on.
    """
    if frozen.kind != PostingKind.FREEZE:
        raise ValueError("only what is frozen can be freed")
    with transaction_of_its_own():
        moved = list(Move.objects.filter(posting=frozen).select_related("lot", "source").order_by("pk"))
        pk = moved[0].source.resident_id or 0
        purse = locked([pk], at)[pk]
        known = Posting.objects.filter(reverses=frozen).first()
        if known is not None:
            return known
        left = {one.lot_id: one.amount for one in Holding.objects.filter(account=purse.frozen, amount__gt=0)}
        found = [Part(one.lot, min(one.amount, left.get(one.lot_id, 0))) for one in moved]
        back = in_order(part for part in found if part.amount)
        if not back:
            return None
        row = post(
            PostingKind.THAW, between(purse.frozen, purse.person, back), key=f"thaw:{frozen.pk}", by=by, at=at,
            reason=reason, reference=frozen.reference, reverses=frozen, second=second,
        )  # fmt: skip
        if fault:
            renew(purse, back, key=f"renew:{row.pk}", reference=frozen.reference, by=by, at=at, reason=reason)
        return row


def expire(day: date, at: datetime, by: Actor = SYSTEM) -> int:
    """Take off what could be spent until the day before `day`; from how many accounts. Never what is held or frozen.

    One transaction for each account: a run that is broken off goes on with the next.
    """
    due = (
        Holding.objects.filter(amount__gt=0, lot__expires_on__lt=day)
        .filter(Q(account__kind=AccountKind.PERSON) | Q(account__kind=AccountKind.POOL))
        .order_by("account")
        .values_list("account", flat=True)
        .distinct()
    )
    return sum(_expire(pk, day, at, by) for pk in list(due))


def _expire(pk: int, day: date, at: datetime, by: Actor) -> bool:
    where = Account.objects.get(pk=pk)
    with transaction_of_its_own():
        locked([where.resident_id] if where.resident_id else [], at, pool=where.resident_id is None)
        over = [part for part in parts(where) if part.lot.expires_on and part.lot.expires_on < day]
        if not over:
            return False  # somebody else was faster
        # Numbered: what is released later on the same day may expire on the same day as well.
        begins = f"expire:{pk}:{day:%Y%m%d}:"
        key = f"{begins}{Posting.objects.filter(key__startswith=begins).count()}"
        post(PostingKind.EXPIRE, between(where, office(AccountKind.EXPIRED, at), over), key=key, by=by, at=at)
    return True


def expiring(account: Account, day: date, within_days: int) -> int:
    """Hundredths that would expire within so many days, today's among them."""
    until = day + timedelta(days=within_days)
    return total(part for part in parts(account, day) if part.lot.expires_on and part.lot.expires_on <= until)
