"""Meetings: the list with what both sides see, planning, what became of them, notices."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.http import see_other
from chenyue.mediation import meetings, minutes, people, seeing, telling
from chenyue.mediation.forms_talks import BrokenOffForm, HeldForm, MeetingForm, WhyForm, initial_meeting
from chenyue.mediation.http import acted, done, find, member_of, now, page, posted
from chenyue.mediation.models import Mediation, Meeting
from chenyue.people.http import staff_only
from chenyue.timeline.models import VisibleTo
from chenyue.timeline.queries import entries


def one_of(request: HttpRequest, number: str, n: int, to: str = "attend") -> Meeting:
    """A meeting that this member may know of. Raises NotFound, NotAllowed."""
    return meetings.meeting_for(member_of(request), find(request, number, to), n)


def conducts(request: HttpRequest, mediation: Mediation) -> bool:
    """Whether this member is a mediator of it."""
    return seeing.may(member_of(request), mediation, "conduct")


@staff_only()
@require_GET
def listed(request: HttpRequest, number: str) -> HttpResponse:
    """All meetings, and the neutral timeline that both sides read."""
    mediation = find(request, number, "attend")
    sees = seeing.may(member_of(request), mediation, "see")
    context = {
        "mediation": mediation,
        "here": "meetings",
        "rows": meetings.visible(member_of(request), mediation).select_related("place").order_by("-starts_at", "-pk"),
        "conducts": conducts(request, mediation),
        "neutral": entries(mediation.subject, {VisibleTo.RESIDENT}) if sees else [],
    }
    return page(request, "mediation/meetings.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str, n: int | None = None) -> HttpResponse:
    """Plan a meeting, or change one. Doubts are shown first; the mediator decides."""
    mediation = find(request, number, "conduct")
    meeting = one_of(request, number, n, "conduct") if n else None
    asked = meetings.invitable(mediation)
    form = MeetingForm(posted(request), initial=initial_meeting(meeting, asked, now()), invitable=asked)
    context: dict[str, Any] = {"mediation": mediation, "meeting": meeting, "here": "meetings"}
    if form.is_valid():
        plan, by, at = form.plan(), member_of(request).actor(), now()
        context["doubts"] = meetings.doubts(mediation, plan, but=meeting.pk if meeting else None)

        def act() -> dict[str, Any]:
            if meeting is None:
                return {"n": meetings.plan_meeting(mediation=mediation, plan=plan, by=by, at=at).number}
            version = form.cleaned_data["version"]
            return {"n": meetings.change_meeting(meeting=meeting, plan=plan, version=version, by=by, at=at).number}

        if context["doubts"] and request.POST.get("anyway") != "1":
            return page(request, "mediation/meeting_edit.html", context | {"waits": True}, form=form)
        if found := done(request, "mediation.meeting", form, act):
            return see_other("mediation:meeting", number, found["n"])
    return page(request, "mediation/meeting_edit.html", context, form=form)


@staff_only()
@require_GET
def one(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """A meeting: who is asked, who came, its minutes with what the parties say of them."""
    meeting = one_of(request, number, n)
    return page(request, "mediation/meeting.html", shown(request, meeting))


def shown(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """What the page of a meeting shows. An invited unit reads final minutes only."""
    mediation, member = meeting.mediation, member_of(request)
    full = seeing.may(member, mediation, "see")
    texts = minutes.versions(meeting) if full or meeting.minutes == "final" else []
    works = conducts(request, mediation)
    return {
        "mediation": mediation,
        "meeting": meeting,
        "here": "meetings",
        "people": meetings.people_of(meeting),
        "texts": texts if full else texts[:1],
        "full": full,
        "names": seeing.handles(member, mediation),
        "conducts": works,
        "waiting": minutes.waiting_for(meeting) if works and meeting.minutes == "asked" else [],
        "present": sorted(meetings.present(meeting), key=lambda p: p.order) if works and texts else [],
        "over": meeting.starts_at <= timezone.now(),
        "open_minutes": meetings.minutes_open(meeting),
    }


def _went(request: HttpRequest, meeting: Meeting, form: HeldForm, template: str, act: Any) -> HttpResponse:
    """The form of how a meeting went: act and go back, or show it again."""
    if form.is_valid() and done(request, template, form, act) is not None:
        return see_other("mediation:meeting", meeting.mediation.number, meeting.number)
    context = {"mediation": meeting.mediation, "meeting": meeting, "here": "meetings"}
    return page(request, template, context, form=form)


@staff_only()
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """It took place: who came, what came of it."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    initial = {"until": timezone.localtime(min(meeting.ends_at or at, at)).time(), "recorder": by.label}
    form = HeldForm(posted(request), initial=initial, meeting=meeting, people=meetings.people_of(meeting))

    def act() -> dict[str, Any]:
        return {"n": meetings.hold_meeting(meeting=meeting, held=form.held(), by=by, at=at).number}

    return _went(request, meeting, form, "mediation/meeting_held.html", act)


@staff_only()
@require_http_methods(["GET", "POST"])
def broken_off(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """It was broken off, maybe since a party takes its consent back."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    form = BrokenOffForm(
        posted(request), initial={"until": timezone.localtime(at).time(), "recorder": by.label}, meeting=meeting,
        people=meetings.people_of(meeting), parties=people.current_parties(meeting.mediation),
    )  # fmt: skip

    def act() -> dict[str, Any]:
        typed = form.cleaned_data
        who = form.parties.get(typed["withdraws"])
        row = meetings.break_off(meeting=meeting, held=form.held(), why=typed["why"], withdraws=who, by=by, at=at)
        return {"n": row.number}

    return _went(request, meeting, form, "mediation/meeting_broken_off.html", act)


@staff_only()
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """It won't take place."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()
    form = WhyForm(posted(request))

    def act() -> dict[str, Any]:
        why = form.cleaned_data["why"]
        return {"n": meetings.cancel_meeting(meeting=meeting, why=why, by=by, at=at).number}

    if form.is_valid() and done(request, "mediation.meeting-cancel", form, act):
        return see_other("mediation:meetings", number)
    context = {"mediation": meeting.mediation, "meeting": meeting, "here": "meetings"}
    return page(request, "mediation/meeting_cancel.html", context, form=form)


@staff_only()
@require_GET
def notice(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Notices to print: one for each who is asked."""
    meeting = one_of(request, number, n, "conduct")
    context = {"mediation": meeting.mediation, "meeting": meeting, "people": meetings.people_of(meeting)}
    return page(request, "mediation/meeting_notice.html", context)


@staff_only()
@require_POST
def told(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """All have their notice; who has an address that we may use gets it there besides."""
    meeting, by, at = one_of(request, number, n, "conduct"), member_of(request).actor(), now()

    def act() -> None:
        telling.tell_parties(meetings.notices_given(meeting=meeting, by=by, at=at), at)

    if acted(request, "mediation.meeting-told", act):
        messages.success(request, _("It is on record that all have their notice."))
    return see_other("mediation:meeting", number, n)
