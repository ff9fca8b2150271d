"""What stands in a calendar: numbers, kinds and states, never words of a resident; calendars lie on other machines."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import STATE_WORDS, State
from chenyue.cases.models import Case
from chenyue.core import ics, office
from chenyue.core.errors import NotFound
from chenyue.gateway.models_machines import CalendarLink
from chenyue.people.rules import may
from chenyue.works import queries as works
from chenyue.works.lifecycle import PhaseState
from chenyue.works.models import Project
from chenyue.works.site import queries as site

Kind = CalendarLink.Kind
LENGTH = timedelta(minutes=15)  # that a deadline takes in a calendar


def body(link: CalendarLink, at: datetime) -> bytes:
    """The calendar behind a link, as far as its member may see it now. NotFound if they may no more."""
    if link.kind == Kind.WORKS:
        return _works(link, at)
    if not may(link.member, "case.see"):
        raise NotFound
    return ics.write(str(link.get_kind_display()), "cases", _deadlines(link), at)


def _deadlines(link: CalendarLink) -> Iterator[ics.Entry]:
    member = link.member
    rows = cases.visible(member, few=True).filter(state__in=cases.OPEN_VALUES, resolve_due_at__isnull=False)
    rows = rows.filter(officer=member) if link.kind == Kind.MINE else rows.filter(lead_id=member.unit_id)
    for case in rows.select_related("category").order_by("resolve_due_at", "pk")[: ics.MOST]:
        yield _deadline(case)


def _deadline(case: Case) -> ics.Entry:
    assert case.resolve_due_at is not None
    about = case.category.name if case.category else _("Not sorted yet")
    base = str(office.get("site_address")).rstrip("/")
    return ics.Entry(
        uid=f"case-{case.number}", starts=case.resolve_due_at - LENGTH, ends=case.resolve_due_at,
        summary=_("Answer by: %(number)s %(about)s") % {"number": case.number, "about": about},
        words=str(STATE_WORDS[State(case.state)]), sequence=case.version,
        url=base + reverse("desk:case", args=[case.number]) if base else "",
    )  # fmt: skip


def _works(link: CalendarLink, at: datetime) -> bytes:
    project = works.project_for(link.member, link.about)
    return ics.write(project.title, "works", _phases(project), at)


def _phases(project: Project) -> Iterator[ics.Entry]:
    for row in site.phases(project)[: ics.MOST]:
        hours = f"{row.from_time:%H:%M}–{row.to_time:%H:%M}" if row.from_time and row.to_time else ""
        yield ics.Entry(
            uid=f"works-{project.number}-{row.pk}", starts=row.starts_on, ends=row.ends_on + timedelta(days=1),
            summary=f"{row.get_kind_display()} {row.title}", words="\n".join(filter(None, (hours, row.words))),
            place=getattr(row, "where", "") or project.title, cancelled=row.state == PhaseState.CANCELLED,
        )  # fmt: skip
