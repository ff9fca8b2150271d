"""The closing report: looked at, then as PDF or Word."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chenyue.core import papers
from chenyue.core.errors import NotFound
from chenyue.people.http import staff_only
from chenyue.works import closing
from chenyue.works.http import find, member_of, now, page
from chenyue.works.site import closing_data, permits

MAKERS: dict[str, tuple[str, str]] = {"pdf": ("pdf", papers.PDF), "word": ("docx", papers.WORD)}


@staff_only(permits.RECORD)
@require_GET
def report(request: HttpRequest, number: str) -> HttpResponse:
    """What the report will say."""
    project = find(request, number, "record")
    found = closing_data.of(project, member_of(request), now(), pictures=False)
    return page(request, "works/report.html", {"project": project, "report": found})


@staff_only(permits.RECORD)
@require_GET
def file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The report as a file."""
    project, at = find(request, number, "record"), now()
    if kind not in MAKERS:
        raise NotFound
    found: dict[str, Any] = closing_data.of(project, member_of(request), at)
    made = closing.pdf(found, at) if kind == "pdf" else closing.word(found)
    ending, content_type = MAKERS[kind]
    name = f"{project.number}-{timezone.localtime(at):%Y%m%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(made), content_type=content_type, headers=headers)
