"""Files of a case: by their token, and only for who may see the case."""

from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from chenyue.cases import queries as cases
from chenyue.cases.attachments import open_for
from chenyue.cases.models import Attachment
from chenyue.core.http import served
from chenyue.desk.http import member_of
from chenyue.people.http import staff_only


def opened(request: HttpRequest, token: str, preview: bool) -> FileResponse:
    """The file with the type it was sniffed as; never run, never guessed by the browser."""
    rows = Attachment.objects.filter(case__in=cases.visible(member_of(request)))
    found = open_for(get_object_or_404(rows, token=token), preview=preview)
    answer = served(found)
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@staff_only("case.see")
def attachment(request: HttpRequest, token: str) -> Any:
    """The file itself."""
    return opened(request, token, preview=False)


@staff_only("case.see")
def preview(request: HttpRequest, token: str) -> Any:
    """Its small picture."""
    return opened(request, token, preview=True)
