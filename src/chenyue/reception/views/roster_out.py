"""The roster on paper and as a workbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chenyue.core.sheets import write_xlsx
from chenyue.reception.http import now, today
from chenyue.reception.rostering import grid as grids
from chenyue.reception.rostering.seeing import roster_only
from chenyue.reception.views.roster_grid import month_asked


@roster_only
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """A month on one sheet for the wall."""
    at = now()
    first, last = grids.month(month_asked(request, today(at)))
    return render(
        request, "reception/roster/board.html", {"grid": grids.grid(first, last, at), "month": first, "at": at}
    )


@roster_only
@require_GET
def excel(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: a row for each day."""
    at = now()
    first, last = grids.month(month_asked(request, today(at)))
    grid = grids.grid(first, last, at)
    header = [_("Day"), "", *(f"{column.venue} {column.hours}" for column in grid.columns)]
    rows = [
        [row.day.isoformat(), row.holiday or f"{row.day:%a}", *(_names(cell) for cell in row.cells)]
        for row in grid.rows
    ]
    body = write_xlsx(header, rows, _("Roster"))
    answer = HttpResponse(body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="roster-{first:%Y-%m}.xlsx"'
    return answer


def _names(cell: grids.Cell | None) -> str:
    if cell is None:
        return ""
    led = _("%(name)s (lead)")
    return "、".join(led % {"name": chip.name} if chip.lead else chip.name for chip in cell.chips if not chip.absent)
