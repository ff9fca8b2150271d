"""Secret addresses of calendars: made by a member for themselves, ended by them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.gateway.models_machines import CalendarLink
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.works import queries as works

Kind = CalendarLink.Kind
MOST = 20  # addresses of one member


def kinds_of(member: Member) -> list[tuple[str, str]]:
    """What this member may have a calendar of: the kind (with the number of the project), and how it is called."""
    found: list[tuple[str, str]] = []
    if may(member, "case.see"):
        found.append((Kind.MINE.value, str(Kind.MINE.label)))
        if member.unit_id:
            found.append((Kind.UNIT.value, str(Kind.UNIT.label)))
    open_ones = works.visible(member).filter(closed_at=None).order_by("-pk")[:50]
    return found + [(f"{Kind.WORKS.value}:{row.number}", f"{row.number} {row.title}") for row in open_ones]


@transaction.atomic
def make(*, wanted: str, by: Actor, at: datetime) -> CalendarLink:
    """A new address. Refusal for what this member may have no calendar of."""
    if by.kind != "member" or wanted not in dict(kinds_of(by.user)):
        raise Refusal(_("Choose one from the list."), field="kind", code="choice")
    if CalendarLink.objects.filter(member=by.user, ended_at=None).count() >= MOST:
        raise Refusal(_("You have %(n)s addresses already. End one first.") % {"n": MOST}, field="kind", code="many")
    kind, _colon, about = wanted.partition(":")
    link = CalendarLink.objects.create(member=by.user, kind=kind, about=about, token=ids.token(), made_at=at)
    _tell(link, "gateway.calendar_made", by, at)
    return link


@transaction.atomic
def end(*, pk: int, by: Actor, at: datetime) -> None:
    """End one's own address at once. NotFound for another's."""
    link = CalendarLink.objects.filter(pk=pk, member=by.user).first() if by.kind == "member" else None
    if link is None:
        raise NotFound
    if not CalendarLink.objects.filter(pk=pk, ended_at=None).update(ended_at=at):
        raise Conflict(_("This address has ended already."))
    _tell(link, "gateway.calendar_ended", by, at)


def _tell(link: CalendarLink, verb: str, by: Actor, at: datetime) -> None:
    subject = f"member:{link.member_id}"
    data = {"kind": link.kind, "about": link.about}
    record(subject=subject, verb=verb, by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
