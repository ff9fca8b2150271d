"""Every change of a brief: asked for, written by a job, changed by a person, released as files, taken back."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from chenyue.bulletin import leaks
from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import jobs, text
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.insight import following
from chenyue.insight.brief import changes, counting, files, stretches, telling, wording
from chenyue.insight.brief.stretches import Stretch
from chenyue.insight.lifecycle import BRIEF_MOVES, BriefKind, BriefState
from chenyue.insight.models import Brief, Follow
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.timeline.actions import record

log = logging.getLogger(__name__)
MANAGE = "insight.manage"
LONGEST = 600  # characters of a sentence
OLDEST = timedelta(days=3660)
NOT_YET = _("The counts are being made. It is written as soon as they are there.")
FAILED = _(
    "It could not be written (%(error)s). Have it written again; if it fails again, tell whoever runs the server."
)


def subject(brief: Brief) -> str:
    """Its name on the timeline."""
    behind = f":{brief.community_id}" if brief.community_id else ""
    return f"brief:{brief.kind}:{brief.since}{behind}"


def stretch_of(brief: Brief) -> Stretch:
    """The days it tells of."""
    return Stretch(brief.kind, brief.since, brief.until + timedelta(days=1))


def manager(by: Actor) -> Member:
    """The member who acts, if they may. Raises NotAllowed."""
    member = by.user if by.kind == "member" else None
    if not isinstance(member, Member) or not may(member, MANAGE):
        raise NotAllowed
    return member


@contextmanager
def acting(brief: Brief | int, version: int | None = None) -> Iterator[Brief]:
    """Lock a brief, let it be changed, count its version. Raises NotFound, Conflict for a stale form."""
    pk = brief if isinstance(brief, int) else brief.pk
    with transaction_of_its_own():
        row = Brief.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotFound
        if version is not None and version != row.version:
            raise Conflict
        yield row
        row.version += 1
        row.save()


def _move(row: Brief, to: str) -> None:
    if to not in BRIEF_MOVES[row.state]:
        raise Conflict
    row.state = to


def begin(*, stretch: Stretch, community_id: int | None = None, by: Actor, at: datetime) -> tuple[Brief, bool]:
    """The brief of these days; whether it is new. There is one of a kind and stretch, however many ask at once."""
    made_by = by.user if isinstance(by.user, Member) else None
    row, fresh = Brief.objects.get_or_create(
        kind=stretch.kind, since=stretch.since, community_id=community_id,
        defaults={"until": stretch.last, "made_at": at, "made_by": made_by},
    )  # fmt: skip
    return row, fresh


@transaction.atomic
def ask(*, kind: str, day: date, community_id: int | None = None, by: Actor, at: datetime) -> Brief:
    """Have the brief of the days in which `day` lies written by a job. Raises Refusal at `day`, NotAllowed."""
    manager(by)
    stretch, today = stretches.of(kind, day), timezone.localdate(at)
    if day > today or day < today - OLDEST:
        raise Refusal(_("Choose a day that has been."), field="day", code="day")
    if kind != BriefKind.DAILY and stretch.until > today:
        raise Refusal(_("These days aren't over yet: choose a week or a month that is."), field="day", code="running")
    row, fresh = begin(stretch=stretch, community_id=community_id, by=by, at=at)
    if fresh:
        jobs.enqueue("insight.brief", brief=row.pk)
    return row


def again(*, brief: Brief, by: Actor, at: datetime) -> Brief:
    """Have it written anew: after a failure, or since the figures have changed. What a person changed is kept."""
    manager(by)
    with transaction_of_its_own():
        with acting(brief) as row:
            _move(row, BriefState.WAITING)
            row.reason = ""
            record(subject=subject(row), verb="insight.brief_again", by=by, at=at)
        jobs.enqueue("insight.brief", brief=row.pk)
    return row


@jobs.job("insight.brief")
def written(brief: int) -> None:
    """The job: write what waits; whatever goes wrong is said on its page."""
    write(brief, timezone.now())


def write(pk: int, at: datetime) -> None:
    """Count, put into words, hold against the one before. Does nothing if it doesn't wait (any more)."""
    try:
        following.follow(at)  # counts write in pieces of their own, outside of this transaction
        with transaction.atomic(), translation.override("zh-hans"):
            row = Brief.objects.select_for_update(of=("self",)).filter(pk=pk, state=BriefState.WAITING).first()
            if row is None:
                return
            if not Follow.objects.filter(whole_at__isnull=False).exists():
                Brief.objects.filter(pk=pk).update(reason=str(NOT_YET))
                return
            _write(row, at)
            record(subject=subject(row), verb="insight.brief_written", by=SYSTEM, at=at)
    except Exception as error:
        log.exception("brief %s failed", pk)
        _failed(pk, str(FAILED % {"error": type(error).__name__}), at)


def _write(row: Brief, at: datetime) -> None:
    stretch = stretch_of(row)
    kept = {key: (written, changed) for key, written, changed in row.sentences}
    row.figures = counting.gather(stretch, row.community_id, at)
    lines = wording.sentences(row.figures, row.kind, stretch.last)
    # A sentence that reads as it did keeps what a person made of it; one with other numbers has to be read anew.
    row.sentences = [[key, said, kept[key][1] if key in kept and kept[key][0] == said else None] for key, said in lines]
    row.changes = _changes(row)
    row.state, row.reason, row.version = BriefState.DRAFT.value, "", row.version + 1
    row.save()


def before(row: Brief) -> Brief | None:
    """The newest brief of the same kind and community before this one that has been written."""
    rows = Brief.objects.filter(kind=row.kind, community=row.community_id, since__lt=row.since)
    return rows.filter(state__in=(BriefState.DRAFT, BriefState.RELEASED)).order_by("-since").first()


def _changes(row: Brief) -> list[list[str]]:
    then = before(row)
    if then is None:
        return []
    return [list(change) for change in changes.against(then.sentences, row.sentences)]


@transaction.atomic
def _failed(pk: int, reason: str, at: datetime) -> None:
    row = Brief.objects.select_for_update(of=("self",)).filter(pk=pk, state=BriefState.WAITING).first()
    if row is None:
        return
    row.state, row.reason, row.version = BriefState.FAILED.value, reason[:300], row.version + 1
    row.save()
    record(subject=subject(row), verb="insight.brief_failed", by=SYSTEM, at=at)
    telling.failed(row, at)


def edit(*, brief: Brief, texts: Mapping[str, str], by: Actor, at: datetime, version: int | None = None) -> Brief:
    """Change sentences by key; "" leaves one out, the text as written takes a change back. The original is kept.

    Raises Refusal at the field of a sentence that is too long or holds personal data, NotAllowed, Conflict.
    """
    manager(by)
    with acting(brief, version) as row:
        if row.state != BriefState.DRAFT:
            raise Conflict
        changed = 0
        for one in row.sentences:
            if one[0] not in texts:
                continue
            said = " ".join(text.clean(texts[one[0]]).split())
            wanted = None if said == one[1] else said
            if wanted != one[2]:
                _fit(one[0], said)
                one[2], changed = wanted, changed + 1
        if changed:
            row.changes = _changes(row)
            record(subject=subject(row), verb="insight.brief_edited", by=by, at=at, data={"n": changed})
    return row


def field_of(key: str) -> str:
    """The name of a sentence's field in a form."""
    return key.replace(".", "_")


def _fit(key: str, said: str) -> None:
    if len(said) > LONGEST:
        raise Refusal(_("Say it in %(n)d characters or less.") % {"n": LONGEST}, field=field_of(key), code="long")
    for hit in leaks.check({key: said}):
        if hit.level == leaks.MUST:
            raise Refusal(
                _("“%(words)s” could tell who somebody is. A brief holds no personal data.") % {"words": hit.excerpt},
                field=field_of(key), code="leak",
            )  # fmt: skip


def release(*, brief: Brief, by: Actor, at: datetime, version: int | None = None) -> Brief:
    """Make Word, PDF and annex, keep them, tell whoever gets it. Raises Refusal where the office's template fails."""
    member = manager(by)
    found = Brief.objects.select_related("community").get(pk=brief.pk)
    if found.state != BriefState.DRAFT or (version is not None and version != found.version):
        raise Conflict
    found.released_by, found.released_at = member, at
    with files.made(found, at) as made, acting(found, found.version) as row:
        _move(row, BriefState.RELEASED)
        row.released_by, row.released_at, row.reason = member, at, ""
        row.files = {**row.files, **made}
        record(subject=subject(row), verb="insight.brief_released", by=by, at=at)
        telling.released(row, at)
    return row


def take_back(*, brief: Brief, words: str, by: Actor, at: datetime) -> Brief:
    """Take a released brief back to be changed; why stands on its page, its files are kept for those who release."""
    manager(by)
    said = " ".join(text.clean(words).split())
    if len(said) < 2:
        raise Refusal(_("Say why: those who got it will read it."), field="words", code="no_reason")
    with acting(brief) as row:
        _move(row, BriefState.DRAFT)
        kept = {name: row.files[name] for name in files.KINDS if name in row.files}
        former = [*row.files.get("former", []), kept | {"released_at": _iso(row.released_at), "reason": said[:300]}]
        row.files, row.reason = {"former": former}, said[:300]
        row.released_at = row.released_by = None
        record(subject=subject(row), verb="insight.brief_taken_back", by=by, at=at, data={"words": said[:300]})
        telling.taken_back(row, at)
    return row


def _iso(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""
