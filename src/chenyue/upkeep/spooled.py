"""What was told while the database was away and can't be filed: those responsible hear of it, a person decides.

It lies on this machine only. Whoever decides must be able to see a private matter anywhere: nobody knows what it is
before it is read. Each reading, filing and throwing away is on the timeline, with its reason.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import spool
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.text import clean
from chenyue.notify import alerts
from chenyue.notify.actions import notice
from chenyue.people.models import Sensitivity
from chenyue.people.queries import members_with
from chenyue.people.rules import may
from chenyue.portal import spooling
from chenyue.timeline.actions import record
from chenyue.upkeep.backups.telling import KIND
from chenyue.upkeep.backups.telling import WORD as MACHINE

log = logging.getLogger(__name__)
WORD = "case.triage"
SUBJECT = "office:spool"


@dataclass(frozen=True)
class Line:
    """One that is set aside, without a word of it."""

    mark: str
    kept_at: datetime
    readable: bool


@dataclass(frozen=True)
class Read:
    """What was told, for whoever gave a reason to read it."""

    told: dict[str, Any]
    receipt: str
    at: datetime
    files: list[str]


def sees(member: Any) -> bool:
    """Whether a member may decide: triage of the whole office, private matters too."""
    return may(member, WORD, unit_ids=(), place_ids=(), sensitivity=Sensitivity.PRIVATE)


def need(by: Actor) -> None:
    """Raises NotAllowed."""
    if by.kind != "member" or not sees(by.user):
        raise NotAllowed


def lines() -> list[Line]:
    """All that are set aside on this machine, the oldest first."""
    return [Line(one.mark, datetime.fromtimestamp(one.kept_at, UTC), _readable(one)) for one in spool.aside()]


def _readable(one: spool.Waiting) -> bool:
    try:
        return bool(spool.told(one))
    except (OSError, ValueError, KeyError):
        return False


def found(mark: str) -> spool.Waiting:
    """Raises NotFound: it was filed or thrown away meanwhile, or lies on another machine."""
    one = spool.aside_by(mark)
    if one is None:
        raise NotFound
    return one


def _reason(words: str) -> str:
    words = clean(words)
    if not 4 <= len(words) <= 200:
        raise Refusal(_("Say why, in 4 to 200 characters."), field="reason", code="no_reason")
    return words


def read(*, mark: str, reason: str, by: Actor, at: datetime) -> Read:
    """What was told; that somebody read it is written down first. Raises Refusal where it can't be read."""
    need(by)
    one, reason = found(mark), _reason(reason)
    try:
        about = spool.told(one)
        seen = Read(
            about["told"],
            str(about["receipt"]),
            datetime.fromtimestamp(about["at"], UTC),
            [f[0] for f in about["files"]],
        )
    except (ValueError, KeyError) as error:
        raise Refusal(_("It is damaged: nobody can read it any more."), field="reason", code="damaged") from error
    _tell("read", mark, by, at, words=reason)
    return seen


def file_again(*, mark: str, by: Actor, at: datetime) -> None:
    """Try once more, after a fault was mended. Raises Refusal if it still can't be filed."""
    need(by)
    if not spooling.file_again(found(mark), at):
        raise Refusal(_("It can't be filed still. Read it and file it by hand, or throw it away."), code="stuck")
    _tell("filed", mark, by, at)


@transaction.atomic
def discard(*, mark: str, reason: str, by: Actor, at: datetime) -> None:
    """Throw it away for good, with the reason: filed by hand under a number, or damaged."""
    need(by)
    one, reason = found(mark), _reason(reason)
    _tell("discarded", mark, by, at, words=reason)
    transaction.on_commit(lambda: spool.drop(one))


def _tell(what: str, mark: str, by: Actor, at: datetime, **more: str) -> None:
    record(subject=SUBJECT, verb=f"upkeep.spool_{what}", by=by, at=at, data={"mark": mark} | more)


def on_set_aside(event: spool.SetAside) -> None:
    """Who decides, and who looks after the machine, hear of it at once. A failure here holds up no other appeal."""
    try:
        with transaction.atomic():
            _tell("set_aside", event.mark, SYSTEM, event.at, why=event.why)
            text = str(
                _("Something that a resident told while the database was away can't be filed: a person decides.")
            )
            path, key = reverse("upkeep:spooled"), f"spool:{event.mark}:{timezone.localtime(event.at):%Y-%m-%d}"
            who = {m.pk for m in members_with(WORD, sensitivity=Sensitivity.PRIVATE) if sees(m)}
            notice(sorted(who), text, path, key, event.at, urgent=True)
            machine = {m.pk for m in members_with(MACHINE)} - who
            notice(sorted(machine), text, "", f"{key}:machine", event.at, urgent=True)
            alerts.ring(kind=KIND, title=str(_("Kept, not filed")), text=text, path=path, key=key, at=event.at)
    except Exception:
        log.exception("nobody could be told of what was set aside")
