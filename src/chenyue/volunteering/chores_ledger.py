"""What happens to credits by themselves: they expire, people are warned before, the ledger is sealed."""

from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from chenyue.core.ticks import every
from chenyue.notify.actions import notice
from chenyue.people.models import Resident
from chenyue.people.queries import members_with
from chenyue.volunteering import acts, changing, letters_ledger, proving, sealing, seeing
from chenyue.volunteering.lifecycle import AccountKind
from chenyue.volunteering.models import Holding

DAY = 24 * 3600
WARNINGS = (30, 7)  # days before the last day


@every(DAY // 4, "volunteering.expire")
def expire(at: datetime) -> int:
    """Take off what could be spent until yesterday; from how many accounts."""
    return changing.expire(acts.local_day(at), at)


@every(DAY // 4, "volunteering.warn")
def warn(at: datetime) -> int:
    """Tell people thirty and seven days before credits expire; how many messages.

    A machine that stood still makes up for it: whose day comes within the time is told, once for each warning.
    """
    today = acts.local_day(at)
    told, longer = 0, 0
    for days in sorted(WARNINGS):
        told += _warn(today + timedelta(days=longer), today + timedelta(days=days), days, at)
        longer = days + 1
    return told


def _warn(first: object, last: object, days: int, at: datetime) -> int:
    due = (
        Holding.objects.filter(
            account__kind=AccountKind.PERSON, amount__gt=0, lot__expires_on__gte=first, lot__expires_on__lte=last
        )
        .order_by("account__resident", "lot__expires_on")
        .values_list("account__resident", "lot__expires_on")
        .annotate(total=Sum("amount"))
    )
    rows = list(due)
    known = Resident.objects.in_bulk({pk for pk, _day, _total in rows})
    return sum(letters_ledger.expiring(known[pk], int(total), day, days, at) for pk, day, total in rows)


@every(DAY, "volunteering.seal")
def seal(at: datetime) -> int:
    """Seal the postings since the last seal; how many."""
    return sealing.seal(at)


@every(7 * DAY, "volunteering.prove")
def prove(at: datetime) -> int:
    """Prove the whole ledger once a week; how many faults. Who keeps the credits, and auditors, are told of them."""
    wrong = [fault.sentence for fault in proving.faults()]
    if wrong:
        who = {member.pk for word in (seeing.CREDITS, seeing.SEE) for member in members_with(word)}
        said = _("The ledger of credits is wrong in %(count)d places. The first: %(first)s") % {
            "count": len(wrong),
            "first": wrong[0],
        }
        day = acts.local_day(at)
        notice(sorted(who), said, "/desk/volunteering/credits/", f"ledger-faults:{day}", at, urgent=True)
    return len(wrong)
