"""The whole timeline for who audits it, with filters, and as a file."""

import json
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import tables
from chenyue.core.forms import Form
from chenyue.core.ids import whole
from chenyue.desk.forms.fields import DayField
from chenyue.desk.http import member_of, now
from chenyue.people.http import staff_only
from chenyue.people.models import Sensitivity
from chenyue.people.rules import may
from chenyue.timeline import queries
from chenyue.timeline.actions import record
from chenyue.timeline.models import Entry, VisibleTo

R = TypeVar("R", HttpResponse, StreamingHttpResponse)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 100
SHEET_LIMIT = 20_000  # rows of one workbook; JSONL has no limit
COLUMNS = ("id", "at", "subject", "verb", "sentence", "actor_kind", "actor_label", "visible_to", "hash")


class AuditForm(Form):
    subject = forms.CharField(
        label=_("About"), required=False, max_length=60, help_text=_("Such as case:2026-1122-0007.")
    )
    verb = forms.CharField(label=_("Act"), required=False, max_length=60)
    actor = forms.CharField(label=_("Member's number"), required=False, max_length=20)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To and including"), required=False)


def chosen(form: AuditForm, before: int | None = None, sealed: bool = False) -> QuerySet[Entry]:
    """The entries that fit; all, where the form is empty."""
    found = form.cleaned_data if form.is_valid() else {}
    since, until = found.get("since"), found.get("until")
    zone = timezone.get_current_timezone()
    return queries.audit(
        subject=found.get("subject", ""),
        verb=found.get("verb", ""),
        actor_key=found.get("actor", ""),
        since=datetime.combine(since, time.min, zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
        before=before,
        sealed=sealed,
    )


def _sealed(request: HttpRequest) -> bool:
    """Whether this auditor was granted what is sealed, too."""
    return may(member_of(request), "timeline.audit", sensitivity=Sensitivity.SEALED)


@staff_only("timeline.audit")
def audit(request: HttpRequest) -> HttpResponse:
    """The newest first; further back by key."""
    form = AuditForm(request.GET)
    before = whole(request.GET.get("before"), None)
    sealed = _sealed(request)
    rows = list(chosen(form, before, sealed)[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {"form": form, "query": query.urlencode()}
    context["rows"] = [queries.line(queries.for_auditor(entry, sealed)) for entry in rows[:PAGE]]
    context["next"] = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return render(request, "desk/setup/audit.html", context)


@staff_only("timeline.audit")
def export(request: HttpRequest) -> Any:
    """The entries that fit, with their hashes: a sheet, or JSONL without limit. The export is an entry itself."""
    sealed = _sealed(request)
    rows, member, at = chosen(AuditForm(request.GET), sealed=sealed), member_of(request), now()
    sheet = request.GET.get("format") != "jsonl"
    count = rows[:SHEET_LIMIT].count() if sheet else rows.count()
    actor = member.actor()
    record(
        subject="office:audit",
        verb="desk.audit_exported",
        by=actor,
        at=at,
        data={"count": count},
        visible_to=VisibleTo.OFFICE,
    )
    name = f"audit-{timezone.localtime(at):%Y%m%d-%H%M}"
    if not sheet:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in queries.export_rows(rows, sealed))
        return attached(StreamingHttpResponse(lines, content_type="application/x-ndjson"), f"{name}.jsonl")
    body = [[row[c] for c in COLUMNS] for row in queries.export_rows(rows[:SHEET_LIMIT], sealed)]
    book = tables.write_xlsx(list(COLUMNS), body, name)
    return attached(HttpResponse(book, content_type=XLSX), f"{name}.xlsx")


def attached(response: R, name: str) -> R:
    """As a download of this name."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
