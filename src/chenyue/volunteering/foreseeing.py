"""The forecast of the office: what is outstanding, what a month takes and gives, how long the budget lasts."""

from datetime import date, datetime, timedelta

from django.db.models import Q, Sum

from chenyue.volunteering import acts
from chenyue.volunteering.accounts import totals
from chenyue.volunteering.forecasting import Forecast, Line, forecast
from chenyue.volunteering.lifecycle import AccountKind, ContractState, PostingKind
from chenyue.volunteering.models import Contract, Move

USUAL = 3  # months that a usual month is the average of
DAYS = 30


def usual_month(at: datetime) -> tuple[int, int]:
    """Hundredths earned (or granted) and spent in a usual month: the average of the last three. One statement."""
    since = at - timedelta(days=USUAL * DAYS)
    issued = Q(posting__kind__in=(PostingKind.EARN, PostingKind.GRANT), source__kind=AccountKind.ISSUANCE)
    burnt = Q(posting__kind=PostingKind.BURN, target__kind=AccountKind.BURNT)
    rows = Move.objects.filter(posting__at__gte=since, posting__at__lte=at)
    found = rows.aggregate(earned=Sum("amount", filter=issued), spent=Sum("amount", filter=burnt))
    return int(found["earned"] or 0) // USUAL, int(found["spent"] or 0) // USUAL


def of_office(at: datetime) -> Forecast:
    """The forecast over all running contracts. Four statements."""
    rows = Contract.objects.filter(state=ContractState.RUNNING).prefetch_related("services").order_by("pk")
    contracts = list(rows)
    lines = [
        Line(one.name, one.price, one.credits, max(0, one.quantity - one.used))
        for contract in contracts
        for one in contract.services.all()
        if one.active
    ]
    earned, spent = usual_month(at)
    sums = totals()
    outstanding = sum(sums[kind] for kind in (AccountKind.PERSON, AccountKind.FROZEN))
    until: date | None = max((row.ends_on for row in contracts), default=None)
    return forecast(
        outstanding=outstanding, earned=earned, spent=spent, lines=lines,
        left=sum(row.budget - row.owed for row in contracts), month=acts.local_day(at).replace(day=1),
        until=until.replace(day=1) if until else None,
    )  # fmt: skip
