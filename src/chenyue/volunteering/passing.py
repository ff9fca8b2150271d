"""Credits passed on in the family, and donated."""

from datetime import datetime

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people.models import Resident
from chenyue.volunteering import conversion
from chenyue.volunteering.accounts import balance, locked, office
from chenyue.volunteering.amounts import credits_words, within
from chenyue.volunteering.lifecycle import AccountKind, PostingKind
from chenyue.volunteering.models import FamilyTie, Move, Posting
from chenyue.volunteering.posting import post, same
from chenyue.volunteering.seeing import check_for
from chenyue.volunteering.spending import between, chosen, today


def tie_between(giver: int, receiver: int) -> FamilyTie | None:
    """The tie by which credits may be passed on: both consented, a member of staff approved, not ended."""
    return FamilyTie.objects.filter(
        giver=giver, receiver=receiver, giver_at__isnull=False, receiver_at__isnull=False, approved_at__isnull=False,
        ended_at=None,
    ).first()  # fmt: skip


def passed_on(giver: int, at: datetime) -> int:
    """Hundredths that somebody passed on in this calendar year."""
    year = timezone.localtime(at).year
    found = Move.objects.filter(
        posting__kind=PostingKind.TRANSFER, posting__at__year=year, source__resident=giver
    ).aggregate(total=Sum("amount"))
    return int(found["total"] or 0)


def transfer(
    giver: Resident, receiver: Resident, amount: int, *, key: str, by: Actor, at: datetime, reason: str = ""
) -> Posting:
    """Pass credits on to a registered relative; they keep their last day. Once for a key.

    Raises NotAllowed, Short, Refusal `no_tie` (nobody approved), `year_cap`, `receiver_full`, `threshold`.
    """
    amount = within(amount)
    check_for(by, giver.pk)
    with transaction_of_its_own():
        purses = locked([giver.pk, receiver.pk], at)
        mine, theirs = purses[giver.pk].person, purses[receiver.pk].person
        if Posting.objects.filter(key=key).exists():
            return same(key, PostingKind.TRANSFER, f"family:{_tie(giver, receiver).pk}", {(mine.pk, theirs.pk): amount})
        tie = _tie(giver, receiver)
        _check_caps(giver, receiver, amount, at)
        moves = between(mine, theirs, chosen(purses[giver.pk], amount, today(at)))
        return post(PostingKind.TRANSFER, moves, key=key, by=by, at=at, reference=f"family:{tie.pk}", reason=reason)


def _tie(giver: Resident, receiver: Resident) -> FamilyTie:
    tie = tie_between(giver.pk, receiver.pk)
    if tie is None:
        raise Refusal(
            _("Credits are passed on to registered relatives only: both agree, and the office has approved it."),
            field="receiver",
            code="no_tie",
        )
    return tie


def _check_caps(giver: Resident, receiver: Resident, amount: int, at: datetime) -> None:
    rule = conversion.rule_of(today(at))
    if rule is None:
        return
    if rule.family_year_cap is not None:
        left = max(0, rule.family_year_cap - passed_on(giver.pk, at))
        if amount > left:
            said = _("In a year %(cap)s credits may be passed on in the family; %(left)s are left this year.")
            cap = credits_words(rule.family_year_cap)
            raise Refusal(said % {"cap": cap, "left": credits_words(left)}, field="amount", code="year_cap")
    if rule.balance_cap is not None and balance(receiver, today(at)).all + amount > rule.balance_cap:
        said = _("Nobody may have more than %(cap)s credits: this would be too many for the receiver.")
        raise Refusal(said % {"cap": credits_words(rule.balance_cap)}, field="amount", code="receiver_full")


def donate(giver: Resident, amount: int, *, key: str, by: Actor, at: datetime, reason: str = "") -> Posting:
    """Give credits to the pool, for those who can't earn. Once for a key. Raises NotAllowed, Short."""
    amount = within(amount)
    check_for(by, giver.pk)
    with transaction_of_its_own():
        purse = locked([giver.pk], at, pool=True)[giver.pk]
        pool = office(AccountKind.POOL, at)
        if Posting.objects.filter(key=key).exists():
            return same(key, PostingKind.DONATE, "", {(purse.person.pk, pool.pk): amount})
        moves = between(purse.person, pool, chosen(purse, amount, today(at)))
        return post(PostingKind.DONATE, moves, key=key, by=by, at=at, reason=reason)
