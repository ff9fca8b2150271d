"""Tables of the hotline: upload, look, file, stop, undo, hand back the answers."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from chenyue.core import http
from chenyue.core.acting import done, now, page
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.tables import MAX_BYTES
from chenyue.gateway.forms_hotline import ColumnsForm, TableForm
from chenyue.gateway.hotline import batches, handing_back, undoing
from chenyue.gateway.hotline.batches import State
from chenyue.gateway.hotline.filing import tally
from chenyue.gateway.models import HotlineBatch, HotlineItem
from chenyue.people.http import member_of, staff_only

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEWEST, TOLD = 30, 50  # tables of the list; wrong rows told on the page
BUSY = (State.READING, State.FILING, State.UNDOING)


@sensitive_post_parameters()
@staff_only(batches.WORD)
def tables(request: HttpRequest) -> HttpResponse:
    """The newest tables, and the form for one more."""
    form = TableForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        found = done(request, "gateway.hotline", form, lambda: taken(request, form))
        if found is not None:
            return http.see_other("gateway:hotline-batch", found["pk"])
    newest = HotlineBatch.objects.select_related("source", "made_by").defer("wrong", "preview")[:NEWEST]
    return page(request, "gateway/hotline/tables.html", {"batches": newest}, form=form)


def taken(request: HttpRequest, form: TableForm) -> dict[str, Any]:
    """Keep the table; a job reads it."""
    table = form.cleaned_data["table"]
    if table.size > MAX_BYTES:
        raise Refusal(_("This file is larger than 30 MB. Split it and import the parts."), field="table")
    sender, by = form.cleaned_data["sender"], http.actor(request)
    return {"pk": batches.keep(data=table.read(), filename=table.name, sender=sender, by=by, at=now()).pk}


@staff_only(batches.WORD)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One table: how far it is, how it was understood, what became of its rows."""
    found = get_object_or_404(HotlineBatch.objects.select_related("source", "made_by", "undone_by"), pk=pk)
    return shown(request, found, ColumnsForm(found))


def shown(request: HttpRequest, found: HotlineBatch, form: ColumnsForm, status: int = 200) -> HttpResponse:
    """The page of a table; a part of it while something is going on."""
    if request.htmx and found.state not in BUSY:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})
    counts, wrong = tally(found), found.errors
    outcomes = [(HotlineItem.Outcome(name).label, count) for name, count in counts.most_common()]
    items = found.items.select_related("appeal__case").order_by("row")[:TOLD]
    context = {
        "batch": found, "form": form, "busy": found.state in BUSY, "preview": batches.preview_of(found),
        "errors": wrong[:TOLD], "more": max(0, len(wrong) - TOLD), "outcomes": outcomes,
        "items": items, "may_undo": undoing.may_undo(found, now()), "filed": sum(counts.values()),
    }  # fmt: skip
    return http.page_or_part(request, "gateway/hotline/batch.html", "progress", context, status=status)


@staff_only(batches.WORD)
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Choose columns, file, stop, drop or undo."""
    found = get_object_or_404(HotlineBatch, pk=pk)
    if act not in ACTS:
        raise Http404
    form = ColumnsForm(found, request.POST)
    if act == "choose" and not form.is_valid():
        return shown(request, found, form, status=422)
    try:
        http.once(request, f"gateway.hotline.{act}", lambda: ACTS[act](request, found, form) or {}, {"pk": pk})
    except Refusal as refusal:
        if refusal.code in ("no_key", "key_reused"):
            raise
        if act == "choose":
            return shown(request, found, refused(form, refusal), status=422)
        messages.error(request, str(refusal.sentence))
    return http.see_other("gateway:hotline") if act == "drop" else http.see_other("gateway:hotline-batch", pk)


def _choose(request: HttpRequest, found: HotlineBatch, form: ColumnsForm) -> None:
    data = form.cleaned_data
    batches.choose(
        batch=found, columns=form.columns(), sheet=data.get("sheet", ""), known_choice=data["known"],
        by=http.actor(request), at=now(),
    )  # fmt: skip


def _file(request: HttpRequest, found: HotlineBatch, form: ColumnsForm) -> None:
    batches.file(batch=found, known_choice=request.POST.get("known", ""), by=http.actor(request), at=now())


def _drop(request: HttpRequest, found: HotlineBatch, form: ColumnsForm) -> None:
    batches.drop(batch=found, by=http.actor(request), at=now())
    messages.success(request, _("The table was thrown away; nothing of it was filed."))


ACTS: dict[str, Callable[[HttpRequest, HotlineBatch, ColumnsForm], None]] = {
    "choose": _choose,
    "file": _file,
    "stop": lambda request, found, form: batches.stop(batch=found, by=http.actor(request)),
    "drop": _drop,
    "undo": lambda request, found, form: undoing.undo(batch=found, by=http.actor(request), at=now()),
}


@staff_only(batches.WORD)
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The wrong rows as a workbook, to be mended and sent in again."""
    found = get_object_or_404(HotlineBatch, pk=pk)
    return workbook(batches.error_sheet(found, found.errors), _("Rows to mend"))


@staff_only(batches.WORD)
@require_POST
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Our answers in the sender's columns."""
    found = get_object_or_404(HotlineBatch.objects.select_related("source"), pk=pk)
    everything = request.POST.get("rows") == "all"
    by = member_of(request).actor()
    return workbook(handing_back.table(batch=found, by=by, at=now(), everything=everything), _("Answers"))


def workbook(content: bytes, name: str) -> HttpResponse:
    """A download under its Chinese name."""
    named = quote(f"{name}-{timezone.localdate():%Y%m%d}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename=\"hotline.xlsx\"; filename*=UTF-8''{named}"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
