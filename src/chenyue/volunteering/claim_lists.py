"""Lists of claims and of the ledger of hours, for the members who may see them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from chenyue.core.errors import NotFound
from chenyue.core.paging import Order, Page, keyset
from chenyue.people.models import Member
from chenyue.timeline.models import Entry
from chenyue.timeline.queries import EntryLine, line
from chenyue.volunteering import checking, complaining, hours, seeing
from chenyue.volunteering.lifecycle import ClaimState, PleaState
from chenyue.volunteering.models import Activity, Claim, HourEntry

SIZE = 40
HISTORY = 200  # entries of the volunteer that are looked through
NEWEST = Order("id", "pk")
BESIDE = ("volunteer__resident", "activity", "recorded_by", "decided_by", "confirmed_by", "served")
SHOWN = ("waiting", "flagged", "approved", "refused")
Row = dict[str, Any]


def visible(member: Member) -> QuerySet[Claim]:
    """Claims that exist for this member: all, or those of the units where they organise or certify, and their own."""
    if seeing.sees_all(member):
        return Claim.objects.all()
    units = {*(seeing.units_of(member, seeing.ORGANISE) or []), *(seeing.units_of(member, seeing.CERTIFY) or [])}
    return Claim.objects.filter(
        Q(activity__unit__in=units) | Q(activity=None, recorded_by__unit__in=units) | Q(recorded_by=member.pk)
    )


def claims(member: Member, shown: str, cursor: str, activity: Activity | None = None) -> Page[Claim]:
    """One page of claims. One statement."""
    rows = visible(member).select_related(*BESIDE)
    if activity is not None:
        rows = rows.filter(activity=activity)
    if shown in ("waiting", "flagged"):
        rows = rows.filter(state=ClaimState.WAITING)
    elif shown in SHOWN:
        rows = rows.filter(state=shown)
    if shown == "flagged":
        rows = rows.exclude(flags=[])
    return keyset(rows, NEWEST, cursor, SIZE)


def claim_for(member: Member, pk: int) -> Claim:
    """One claim. Raises NotFound."""
    row = visible(member).select_related(*BESIDE, "activity__case", "activity__unit").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def chosen(member: Member, ids: list[str]) -> list[Claim]:
    """Claims that were ticked; those that don't exist for this member are left out."""
    pks = [int(one) for one in ids if one.isdecimal() and len(one) < 18][:SIZE]
    return list(visible(member).select_related(*BESIDE, "activity__case").filter(pk__in=pks).order_by("pk"))


def entries(member: Member) -> QuerySet[HourEntry]:
    """The ledger of hours as far as it exists for this member."""
    if seeing.sees_all(member):
        return HourEntry.objects.all()
    return HourEntry.objects.filter(claim__in=visible(member))


def entry_for(member: Member, pk: int) -> HourEntry:
    """One entry. Raises NotFound."""
    row = hours.listed(entries(member)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def ledger(
    member: Member, cursor: str, *, first: date | None = None, last: date | None = None, volunteer: str = "",
    grade: str = "",
) -> Page[HourEntry]:  # fmt: skip
    """One page of the ledger, the newest line first. One statement."""
    rows = filtered(entries(member), first=first, last=last, volunteer=volunteer, grade=grade)
    return keyset(hours.listed(rows), NEWEST, cursor, SIZE)


def filtered(
    rows: QuerySet[HourEntry], *, first: date | None, last: date | None, volunteer: str = "", grade: str = ""
) -> QuerySet[HourEntry]:
    """Lines of these days, of one volunteer, of one kind of evidence."""
    if first:
        rows = rows.filter(served_on__gte=first)
    if last:
        rows = rows.filter(served_on__lte=last)
    if volunteer:
        rows = rows.filter(volunteer__number=volunteer.strip().upper())
    return rows.filter(grade=grade) if grade else rows


def counts(member: Member, at: datetime) -> Row:
    """What waits: claims, calls, complaints. Three statements."""
    return {
        "claims": visible(member).filter(state=ClaimState.WAITING).count(),
        "checks": checking.visible(member).filter(result__in=("", "unreached")).count(),
        "pleas": complaining.visible(member).filter(state=PleaState.OPEN).count(),
    }


def history(claim: Claim) -> list[EntryLine]:
    """What is on the timeline about the hours of this claim, the latest first. Two statements."""
    ids = set(claim.entries.values_list("pk", flat=True))
    rows = Entry.objects.filter(subject=claim.volunteer.subject, verb__startswith="volunteering.")
    found = [row for row in rows.order_by("-position")[:HISTORY] if _about(row, claim.pk, ids)]
    return [line(row) for row in found]


def _about(row: Entry, claim: int, ids: set[int]) -> bool:
    return row.data.get("claim") == claim or row.data.get("entry") in ids
