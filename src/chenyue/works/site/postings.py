"""Notices: written, posted with proof, displayed until a day that the calendar computes, withdrawn with a reason."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.kept_files import kept
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.queries import calendar
from chenyue.workdays.spans import Span
from chenyue.works.lifecycle import FileKind, PostingKind, VersionState
from chenyue.works.models import PlanVersion, Posting, Project
from chenyue.works.site import permits, photos, rules

BACKDATED = timedelta(days=31)  # a notice may be entered after it was hung up, not a season later


@transaction.atomic
def save_posting(
    *,
    project: Project,
    kind: str,
    title: str,
    text: str,
    by: Actor,
    at: datetime,
    display: str = "",
    plan: PlanVersion | None = None,
    places: Collection[int | str] = (),
    posting: Posting | None = None,
) -> Posting:
    """Write a notice, or change one that isn't posted. `display` is a span such as `15d` or `10wd`, or empty.

    `places`: ids of buildings where it hangs, or words. Raises Refusal for a span in hours, a plan that isn't
    published, or a notice that hangs already (withdraw it and write another one).
    """  # fmt: skip
    permits.only(permits.manages(by))
    row = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk) if posting else Posting(project=project)
    if row.posted_at:
        raise Refusal(_("It hangs already. Withdraw it and write another one."), field="text")
    if display:
        _days(display)
    if kind == PostingKind.PLAN and (plan is None or plan.state == VersionState.DRAFT):
        raise Refusal(_("Choose the published version that is displayed."), field="plan")
    known = set(permits.buildings_of(project))
    if any(isinstance(where, int) and where not in known for where in places):
        raise Refusal(_("One of these buildings doesn't belong to the project."), field="places")
    row.kind, row.title, row.text, row.display = PostingKind(kind), title, text, display
    row.plan, row.places = plan, list(dict.fromkeys(places))
    if posting is None:
        row.made_by, row.made_at = by.user, at
    row.save()
    if posting is None:
        record(subject=project.subject, verb="works.notice_written", by=by, at=at, data={"title": title})
    return row


def _days(written: str) -> Span:
    span = Span.parse(written)
    if span.unit.value not in ("d", "wd") or not 1 <= span.amount <= 366:
        raise Refusal(_("A display lasts whole days: 15d, or 10wd for working days."), field="display")
    return span


def last_day(display: str, first: date) -> date:
    """The last day of a display of this span that begins on `first`."""
    return rules.last_day(first, _days(display), calendar())


def post(
    *, posting: Posting, on: date, by: Actor, at: datetime, uploads: Sequence[Any] = (), words: str = ""
) -> Posting:
    """It hangs from this day on. Photographs prove it; they may follow later (`add_proof`)."""
    permits.only(permits.manages(by) or _of_the_site(posting.project, by))
    today = timezone.localtime(at).date()
    if on > today:
        raise Refusal(_("This day has not come yet."), field="on")
    if on < today - BACKDATED:
        raise Refusal(_("That is more than a month ago. Check the date."), field="on")
    with kept(uploads, folder=photos.FOLDER) as files, transaction.atomic():
        row = Posting.objects.select_for_update(of=("self",)).select_related("project").get(pk=posting.pk)
        if row.posted_at or row.withdrawn_at:
            raise Refusal(_("This notice was posted or withdrawn meanwhile."), code="conflict")
        row.posted_at = at
        row.display_from = on
        row.display_until = last_day(row.display, on) if row.display else None
        row.save(update_fields=["posted_at", "display_from", "display_until"])
        _prove(row, files, words, by, at)
        until = row.display_until.isoformat() if row.display_until else ""
        _record(row, "works.notice_posted", by, at, first=on.isoformat(), last=until)
    return row


def add_proof(*, posting: Posting, uploads: Sequence[Any], by: Actor, at: datetime, words: str = "") -> None:
    """Photographs of a notice where it hangs."""
    permits.only(permits.manages(by) or _of_the_site(posting.project, by))
    if not posting.posted_at:
        raise Refusal(_("It isn't posted yet."), field="attachments")
    if not uploads:
        raise Refusal(_("Choose at least one photograph or PDF."), field="attachments", code="required")
    with kept(uploads, folder=photos.FOLDER) as files, transaction.atomic():
        _prove(posting, files, words, by, at)
        _record(posting, "works.notice_proved", by, at, count=len(files))


def _prove(row: Posting, files: Any, words: str, by: Actor, at: datetime) -> None:
    photos.rows_of(
        files, project=row.project, kind=FileKind.PROOF, of=f"posting:{row.pk}", by=by, at=at, words=words, public=True
    )


@transaction.atomic
def withdraw(*, posting: Posting, reason: str, by: Actor, at: datetime) -> Posting:
    """Take a notice back; it stays in the list with its reason. A draft is withdrawn likewise."""
    permits.only(permits.manages(by))
    row = Posting.objects.select_for_update(of=("self",)).select_related("project").get(pk=posting.pk)
    if row.withdrawn_at:
        raise Refusal(_("This notice was withdrawn already."), code="conflict")
    if not reason:
        raise Refusal(_("Say why it is withdrawn."), field="reason")
    row.withdrawn_at, row.reason = at, reason
    row.save(update_fields=["withdrawn_at", "reason"])
    _record(row, "works.notice_withdrawn", by, at)
    return row


def _of_the_site(project: Project, by: Actor) -> bool:
    return permits.records(by, permits.places_of(project)) or permits.answers(by, permits.units_of(project))


def _record(row: Posting, verb: str, by: Actor, at: datetime, **more: Any) -> None:
    seen = VisibleTo.RESIDENT if row.project.published_at and row.posted_at else VisibleTo.OFFICE
    record(subject=row.project.subject, verb=verb, by=by, at=at, data={"title": row.title} | more, visible_to=seen)
