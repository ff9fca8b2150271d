"""After telling: the receipt, progress, more words, photos, and the rating."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.cases import actions as cases
from chenyue.cases.attachments import open_for
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Attachment
from chenyue.cases.progress import Progress, progress
from chenyue.core import ids, qr, site, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import once, see_other
from chenyue.followup import actions as followup
from chenyue.followup import queries as asked
from chenyue.portal import limits, spooling
from chenyue.portal.answers import fresh, personal
from chenyue.portal.forms import AddForm, CodeForm, RateForm
from chenyue.portal.pages import ProgressPage
from chenyue.portal.views_kept import kept
from chenyue.stewards import relaying

CODE_LENGTH = ids.RECEIPT_LENGTH + 2  # with its dashes


def find(request: HttpRequest, receipt: str) -> Progress | None:
    """The progress behind a code; wrong codes are counted against whoever tries them."""
    if not limits.may_guess(request):
        return None
    found = progress(receipt) if len(receipt) <= 40 else None
    if found is None:
        limits.wrong_guess(request)
    return found


def unknown(request: HttpRequest, form: CodeForm | None = None, status: int = 404) -> HttpResponse:
    """One answer for every code that doesn't open anything, and for whoever tried too many."""
    if not limits.may_guess(request):
        sentence = _("Too many codes were tried from here. Please wait a quarter of an hour, or telephone us.")
        status = 429
    else:
        sentence = _("This code opens nothing here. Please compare it with your slip, letter by letter.")
    form = form or CodeForm({"receipt": ""})
    form.errors.clear()
    form.add_error("receipt", sentence)
    return render(request, "portal/follow.html", {"form": form}, status=status)


def by_receipt(view: Callable[[HttpRequest, Progress], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view gets the progress behind the code in its address; a code that opens nothing has one answer."""

    @wraps(view)
    def inside(request: HttpRequest, receipt: str) -> HttpResponse:
        found = find(request, receipt)
        return unknown(request) if found is None else view(request, found)

    return inside


@personal
@require_GET
@by_receipt
def receipt(request: HttpRequest, found: Progress) -> HttpResponse:
    """What one takes home: number, promise, code, QR."""
    url = site.whole(request, reverse("portal:progress", args=[found.appeal.receipt]))
    context = {"progress": found, "url": url, "qr": qr.svg(url, _("QR code of your progress page"))}
    return render(request, "portal/receipt.html", context)


@fresh
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt code, and go to the progress page."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/follow.html", {"form": form}, status=422 if form.is_bound else 200)
    typed = form.cleaned_data["receipt"]
    if spooling.kept_at(typed):
        return see_other("portal:progress", typed)
    if limits.may_guess(request) and (left := relaying.by_receipt(typed)):
        return see_other("portal:left", left.receipt)
    found = find(request, typed)
    if found is None:
        return unknown(request, form, status=200)
    return see_other("portal:progress", found.appeal.receipt)


@personal
@require_GET
def progress_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """What happened, who has it, until when; when answered, the question whether it is solved."""
    plain = ids.read_receipt(receipt)
    if receipt != plain and len(plain) == CODE_LENGTH:
        return see_other("portal:progress", plain)
    if spooling.kept_at(plain):
        return kept(request, plain)
    found = find(request, receipt)
    if found is None:
        filed_as = spooling.filed_as(plain)
        return see_other("portal:progress", filed_as) if filed_as else unknown(request)
    return _show(request, found)


def _show(
    request: HttpRequest,
    found: Progress,
    *,
    add: AddForm | None = None,
    rate: RateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = ProgressPage(found, asked.latest(found.appeal.pk), timezone.now(), request.GET.get("thanks", ""))
    context: dict[str, Any] = {"page": page, "progress": found, "add_form": add, "rate_form": rate}
    if add is None and not page.ended:
        context["add_form"] = AddForm(auto_id="add_%s")
    if rate is None and page.asks:
        context["rate_form"] = RateForm(auto_id="rate_%s")
    return render(request, "portal/progress.html", context, status=status)


@personal
@require_POST
@by_receipt
def add_words(request: HttpRequest, found: Progress) -> HttpResponse:
    """One more word, or a photo, to one's own appeal."""
    form = AddForm(request.POST, request.FILES, auto_id="add_%s")
    try:
        if not form.is_valid():
            return _show(request, found, add=form, status=422)
        words = form.cleaned_data["words"]
        if not limits.may_keep(request, request.FILES.getlist("photos")):
            raise Refusal(limits.no_more_files(), field="photos")
        once(request, f"portal.add:{found.appeal.number}", lambda: _add(request, found.appeal, words), words)
    except Refusal as refusal:
        return _show(request, found, add=refused(form, _at_photos(refusal)), status=refusal.status)
    return see_other(reverse("portal:progress", args=[found.appeal.receipt]) + "?thanks=words#said")


def _at_photos(refusal: Refusal) -> Refusal:
    refusal.field = "photos" if refusal.field in ("attachments", "files") else refusal.field
    return refusal


def _add(request: HttpRequest, appeal: Appeal, words: str) -> dict[str, bool]:
    by, at = Actor("resident", appeal.number), timezone.now()
    cases.add_words(appeal=appeal, words=words, by=by, at=at)
    files = request.FILES.getlist("photos")
    if files:
        cases.attach(case=appeal.case, files=files, stage=Attachment.Stage.REPORT, by=by, at=at, appeal=appeal)
    return {"done": True}


@personal
@require_POST
@by_receipt
def withdraw(request: HttpRequest, found: Progress) -> HttpResponse:
    """Take one's appeal back: the words stay on record, the work ends or whoever has begun it is told."""
    appeal = found.appeal
    words = text.clean(request.POST.get("words", ""))[:500]

    def act() -> dict[str, bool]:
        by, at = Actor("resident", appeal.number), timezone.now()
        cases.move(case=found.case, move=Move.WITHDRAW, by=by, at=at, appeal=appeal, words=words)
        return {"done": True}

    once(request, f"portal.withdraw:{appeal.number}", act, words)
    return see_other(reverse("portal:progress", args=[appeal.receipt]) + "?thanks=withdrawn#said")


@personal
@require_POST
@by_receipt
def rate_here(request: HttpRequest, found: Progress) -> HttpResponse:
    """The rating, given on the progress page."""
    form, callback = RateForm(request.POST, auto_id="rate_%s"), asked.latest(found.appeal.pk)
    try:
        if not form.is_valid() or callback is None:
            return _show(request, found, rate=form, status=422)
        asks, by, told = callback, Actor("resident", found.appeal.number), form.answers()

        def act() -> dict[str, bool]:
            followup.rate(callback=asks, by=by, at=timezone.now(), **told)
            return {"done": True}

        once(request, f"portal.rate:{found.appeal.number}", act, told)
    except Refusal as refusal:
        return _show(request, found, rate=refused(form, refusal), status=refusal.status)
    return see_other(reverse("portal:progress", args=[found.appeal.receipt]) + "?thanks=rating#rated")


@personal
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The rating, by the link or code on paper. A used, old or overtaken link says what to do instead."""
    found = asked.asked(token, timezone.now()) if limits.may_guess(request) else None
    if found is None:
        limits.wrong_guess(request)
        return render(request, "portal/rate.html", {"state": "unknown"}, status=404)
    form = RateForm(request.POST) if request.method == "POST" else RateForm()
    if request.method == "POST" and found.state == "open" and form.is_valid():
        try:
            by = Actor("resident", found.appeal.number)
            followup.rate(token=token, by=by, at=timezone.now(), **form.answers())
            return see_other("portal:rate", token)
        except Refusal as refusal:
            refused(form, refusal)
    context = {"asked": found, "state": found.state, "form": form}
    return render(request, "portal/rate.html", context, status=422 if form.is_bound and form.errors else 200)


@personal
@require_GET
def photo(request: HttpRequest, receipt: str, token: str) -> FileResponse:
    """A file of one's own appeal, or a photo that the office put there for the reporters."""
    appeal = Appeal.objects.filter(receipt=ids.read_receipt(receipt)).first() if limits.may_guess(request) else None
    file = Attachment.objects.filter(token=token, case_id=appeal.case_id).first() if appeal else None
    public = {Attachment.Stage.BEFORE, Attachment.Stage.AFTER}
    if appeal is None or file is None or not (file.appeal_id == appeal.pk or file.stage in public):
        limits.wrong_guess(request)
        raise Http404
    shown = open_for(file, preview="small" in request.GET)
    is_picture = shown.content_type.startswith("image/")
    own = file.appeal_id == appeal.pk  # what a unit called its file on its telephone is nobody else's business
    name = shown.name if own else f"{appeal.number}-{file.pk}.{shown.name.rpartition('.')[2]}"
    response = FileResponse(shown.file, as_attachment=not is_picture, filename=name, content_type=shown.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, max-age=600"
    return response
