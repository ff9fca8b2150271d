"""Lists of cases as Excel: what is masked on a screen stays masked, and what residents wrote stays out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from chenyue.cases import queries as cases
from chenyue.cases.filters import Context, Filters
from chenyue.cases.models import Case
from chenyue.core import tables
from chenyue.people import masking
from chenyue.people.models import Member


def wanted(member: Member, query: str, numbers: list[str], at: datetime) -> tuple[QuerySet[Case], str]:
    """The rows that a member may take along, the ticked ones or all that match, and the filters in words."""
    filters = Filters.read(QueryDict(query))
    rows = filters.apply(cases.visible(member, "case.export"), Context(member, at)).order_by("-received_at", "-id")
    what = "；".join(f"{w.label}：{w.value}" for w in filters.words()) or _("all cases")
    return rows.filter(number__in=numbers) if numbers else rows, what


def book(member: Member, at: datetime, what: str, count: int, rows: Iterator[list[Any]]) -> bytes:
    """The workbook: a cover that says who took it, when and by which filters, then the rows."""
    cover = tables.Cover(member.name, at, _("%(what)s; %(count)s rows") % {"what": what, "count": count})
    return tables.write_xlsx(header(), rows, str(_("Cases")), cover=cover)


def header() -> list[str]:
    """The columns, as the list shows them and the promises besides."""
    return [
        _("Number"), _("Title"), _("Category"), _("Place"), _("Urgency"), _("State"), _("Lead unit"), _("Officer"),
        _("Channel"), _("Voices"), _("Round"), _("Received on"), _("Accepted on"), _("First contact"), _("Due"),
        _("Answered on"), _("Closed on"), _("Result"),
    ]  # fmt: skip


def lines(rows: QuerySet[Case], limit: int) -> Iterator[list[Any]]:
    """One row for each case, at most `limit`; numbers in titles are masked."""
    for case in rows.select_related("category", "place", "lead", "officer")[:limit].iterator(chunk_size=1000):
        yield line(case)


def line(case: Case) -> list[Any]:
    """A case as cells."""
    return [
        case.number, masking.mask_words(case.title), case.category and case.category.name,
        (case.place.full_name if case.place else ""), case.get_urgency_display(), case.get_state_display(),
        case.lead and case.lead.name, case.officer and case.officer.name, case.get_channel_display(),
        case.appeals_count, case.round, case.received_at, case.accepted_at, case.contacted_at, case.resolve_due_at,
        case.answered_at, case.closed_at, case.get_result_display(),
    ]  # fmt: skip
