"""A list as Excel, as shown: the same filters, what is masked stays masked, and the export is on the timeline."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases import queries as cases
from chenyue.cases.filters import Context, Filters
from chenyue.cases.models import Case
from chenyue.core import office, tables
from chenyue.core.http import see_other
from chenyue.desk.http import member_of, now
from chenyue.people import masking
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

LIMIT = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only("case.export")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """At most `LIMIT` rows; the cover sheet says who took them, when and by which filters."""
    member, at = member_of(request), now()
    filters = Filters.read(QueryDict(request.POST.get("query", "")))
    rows = filters.apply(cases.visible(member, "case.export"), Context(member, at)).order_by("-received_at", "-id")
    numbers = request.POST.getlist("numbers")
    chosen = rows.filter(number__in=numbers[:LIMIT]) if numbers and not request.POST.get("everything") else rows
    count = chosen[:LIMIT].count()
    if not count:
        return see_other("desk:cases")
    what = "；".join(f"{w.label}：{w.value}" for w in filters.words()) or _("all cases")
    written_down(member, at, count, what)
    name = _("Cases of %(office)s, %(day)s") % {"office": office.get("short_name"), "day": timezone.localdate(at)}
    cover = tables.Cover(member.name, at, _("%(what)s; %(count)s rows") % {"what": what, "count": count})
    book = tables.write_xlsx(header(), lines(chosen), str(_("Cases")), cover=cover)
    headers = {"Content-Disposition": f"attachment; filename=\"cases.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"}
    return HttpResponse(book, content_type=XLSX, headers=headers)


def written_down(member: Member, at: Any, count: int, what: str) -> None:
    """Who took how much, by which filters: numbers in the words masked, for entries stay for ever."""
    data = {"count": count, "what": masking.mask_words(what)[:300]}
    record(
        subject="office:exports", verb="desk.exported", by=member.actor(), at=at, data=data, visible_to=VisibleTo.OFFICE
    )


def header() -> list[str]:
    """The columns, as the list shows them and the promises besides."""
    return [
        _("Number"), _("Title"), _("Category"), _("Place"), _("Urgency"), _("State"), _("Lead unit"), _("Officer"),
        _("Channel"), _("Voices"), _("Round"), _("Received on"), _("Accepted on"), _("First contact"), _("Due"),
        _("Answered on"), _("Closed on"), _("Result"),
    ]  # fmt: skip


def lines(rows: Any) -> Iterator[list[Any]]:
    """One row for each case; what residents wrote stays out, and numbers in titles are masked."""
    for case in rows.select_related("category", "place", "lead", "officer")[:LIMIT].iterator(chunk_size=1000):
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
