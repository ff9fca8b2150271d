"""A list as Excel, as shown: at once when it is short, else as a job whose page may be left."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.core import office
from chenyue.core.http import page_or_part, see_other
from chenyue.desk import exporting, sheets
from chenyue.desk.http import member_of, now
from chenyue.desk.models import Export
from chenyue.people.http import staff_only

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only("case.export")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The ticked rows, or all that match. The cover sheet says who took them, when and by which filters."""
    member, at, query = member_of(request), now(), request.POST.get("query", "")[:500]
    numbers = [] if request.POST.get("everything") else request.POST.getlist("numbers")[: exporting.AT_ONCE]
    rows, what = sheets.wanted(member, query, numbers, at)
    count = rows[: exporting.LIMIT].count()
    if not count:
        return see_other("desk:cases")
    if count > exporting.AT_ONCE:
        key = request.POST.get("idempotency_key", "")
        asked = exporting.ask(member=member, key=key, query=query, numbers=numbers, what=what, count=count, at=at)
        return see_other("desk:export-job", asked.pk)
    exporting.written_down(member, at, count, what)
    book = sheets.book(member, at, what, count, sheets.lines(rows, exporting.AT_ONCE))
    headers = {"Content-Disposition": f"attachment; filename=\"cases.xlsx\"; filename*=UTF-8''{quote(name(at))}.xlsx"}
    return HttpResponse(book, content_type=XLSX, headers=headers)


def name(at: Any) -> str:
    """What the file is called."""
    return _("Cases of %(office)s, %(day)s") % {"office": office.get("short_name"), "day": timezone.localdate(at)}


@staff_only("case.export")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one's own export has come; anybody else's doesn't exist."""
    found = get_object_or_404(Export, pk=pk, member=member_of(request))
    return page_or_part(request, "desk/export.html", "progress", {"export": found})


@staff_only("case.export")
def file(request: HttpRequest, pk: int) -> Any:
    """The file of one's own export."""
    found = get_object_or_404(Export, pk=pk, member=member_of(request), state=Export.State.READY)
    path = exporting.path_of(found)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type=XLSX, as_attachment=True, filename=f"{name(found.asked_at)}.xlsx")
