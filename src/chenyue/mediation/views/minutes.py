"""Minutes: written, asked about, answered, final, signed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.mediation import meetings, minutes
from chenyue.mediation.forms_talks import AnswerForm, MinutesForm, WhyForm
from chenyue.mediation.http import acted, done, member_of, now, page, posted
from chenyue.mediation.models import Attendance, Party
from chenyue.mediation.views.meetings import one_of, shown
from chenyue.people.http import staff_only


@staff_only()
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The words; a draft is kept by the browser while typing. A correction is a new version."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    last = minutes.newest(meeting)
    initial = {"words": last.words if last else "", "base": last.number if last else 0}
    form = MinutesForm(posted(request), initial=initial)
    if form.is_valid():
        typed = form.cleaned_data

        def act() -> dict[str, Any]:
            made = minutes.write(meeting=meeting, words=typed["words"], base=typed["base"], by=by, at=at)
            return {"version": made.number}

        if done(request, "mediation.minutes", form, act):
            return see_other("mediation:meeting", number, n)
    context = {"mediation": meeting.mediation, "meeting": meeting, "here": "meetings", "last": last}
    return page(request, "mediation/minutes_edit.html", context, form=form)


@staff_only()
@require_POST
def do(request: HttpRequest, number: str, n: int, what: str) -> HttpResponse:
    """Ask the parties, make it final, or open it again."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    form = WhyForm(request.POST)
    if what not in ("ask", "finish", "reopen"):
        raise NotFound
    if form.is_valid():
        why = form.cleaned_data["why"]

        def act() -> None:
            if what == "ask":
                minutes.ask(meeting=meeting, by=by, at=at)
            elif what == "finish":
                minutes.finish(meeting=meeting, why=why, by=by, at=at)
            else:
                minutes.reopen(meeting=meeting, why=why, by=by, at=at)

        if done(request, f"mediation.minutes-{what}", form, act) is not None:
            return see_other("mediation:meeting", number, n)
    return page(request, "mediation/meeting.html", shown(request, meeting) | {f"{what}_form": form}, form=form)


@staff_only()
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str, n: int, order: int) -> HttpResponse:
    """A party says whether the minutes are right."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    party = get_object_or_404(Party, mediation=meeting.mediation, order=order)
    text = minutes.newest(meeting)
    if text is None or party.pk not in meetings.parties_present(meeting):
        raise NotFound
    form = AnswerForm(posted(request), initial={"agrees": "yes"})
    if form.is_valid():
        typed = form.cleaned_data

        def act() -> None:
            agrees = typed["agrees"] == "yes"
            minutes.answer(text=text, party=party, agrees=agrees, words=typed["words"], by=by, at=at)

        if done(request, "mediation.minutes-answer", form, act) is not None:
            return see_other("mediation:meeting", number, n)
    context = {"mediation": meeting.mediation, "meeting": meeting, "party": party, "text": text, "here": "meetings"}
    return page(request, "mediation/minutes_answer.html", context, form=form)


@staff_only()
@require_POST
def sign(request: HttpRequest, number: str, n: int, pk: int) -> HttpResponse:
    """Somebody signed the final minutes on paper."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    row = get_object_or_404(Attendance.objects.select_related("meeting"), pk=pk, meeting=meeting)
    acted(request, "mediation.minutes-sign", lambda: minutes.sign(attendance=row, by=by, at=at), _("Signed."))
    return see_other("mediation:meeting", number, n)


@staff_only()
@require_GET
def sheet(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The minutes to print, with lines for signatures."""
    meeting = one_of(request, number, n, "conduct")
    text = minutes.newest(meeting)
    if text is None:
        raise NotFound
    people = [row for row in meetings.people_of(meeting) if row.came]
    context = {"mediation": meeting.mediation, "meeting": meeting, "text": text, "people": people}
    return page(request, "mediation/minutes_sheet.html", context)
