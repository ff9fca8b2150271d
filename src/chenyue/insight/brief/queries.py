"""Which briefs a member may read: who releases them all; others what is released, of the office or of their own."""

from django.db.models import Q, QuerySet

from chenyue.core.errors import NotFound
from chenyue.core.paging import Order, Page, keyset
from chenyue.insight import seeing
from chenyue.insight.brief import telling
from chenyue.insight.brief.acts import MANAGE
from chenyue.insight.lifecycle import BriefKind, BriefState
from chenyue.insight.models import Brief
from chenyue.people.models import Member
from chenyue.people.rules import may

SIZE = 20
NEWEST = Order("made_at")


def visible(member: Member) -> QuerySet[Brief]:
    """Their briefs. Who sees all figures reads what is released; others what they get, or what is of theirs."""
    rows = Brief.objects.select_related("community", "released_by", "made_by")
    if may(member, MANAGE):
        return rows
    reach = seeing.reach(member)
    released = rows.filter(state=BriefState.RELEASED)
    if reach.whole:
        return released
    mine = Q(community__in=[int(pk) for pk in reach.communities])
    kinds = [kind for kind in BriefKind.values if member.pk in telling.chosen(kind)] if may(member, seeing.SEE) else []
    return released.filter(mine | Q(community=None, kind__in=kinds))


def listed(member: Member, kind: str, cursor: str) -> Page[Brief]:
    """A page, the newest first. One statement besides the member's grants."""
    rows = visible(member).defer("figures", "sentences", "changes")
    if kind in BriefKind.values:
        rows = rows.filter(kind=kind)
    return keyset(rows, NEWEST, cursor, SIZE)


def for_member(member: Member, pk: int) -> Brief:
    """One that they may read. Raises NotFound."""
    row = visible(member).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
