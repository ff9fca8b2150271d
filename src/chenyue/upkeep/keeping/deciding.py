"""What people decide about how long things are kept. Each decision is on the timeline."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Case
from chenyue.core import jobs, keeping, office
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.text import clean
from chenyue.mediation.models import Mediation
from chenyue.people.models import Member
from chenyue.people.queries import members_with
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.upkeep.models import KeepHold, KeepRequest

WORD = "privacy.handle"
SUBJECT = "office:keeping"
LONGEST = 36_500  # days
State = KeepRequest.State


def _member(by: Actor) -> Member:
    if by.kind != "member" or not may(by.user, WORD):
        raise NotAllowed
    return by.user  # type: ignore[no-any-return]


def _kind(name: str) -> keeping.Kind:
    found = keeping.kinds().get(name)
    if found is None:
        raise NotFound
    return found


def _checked(kind: keeping.Kind, days: int) -> int:
    if days < kind.least:
        raise Refusal(_("At least %(days)d days.") % {"days": kind.least}, field="days", code="least")
    if days > LONGEST:
        raise Refusal(_("At most %(days)d days.") % {"days": LONGEST}, field="days", code="most")
    return days


def _reason(words: str) -> str:
    words = clean(words)
    if not 4 <= len(words) <= 200:
        raise Refusal(_("Say why, in 4 to 200 characters."), field="reason", code="no_reason")
    return words


@transaction.atomic
def choose(*, kind: str, days: int, by: Actor, at: datetime) -> None:
    """How long a kind stays that is tidied by night anyway. Raises Refusal below what the law or the work asks."""
    _member(by)
    found = _kind(kind)
    if found.asks:
        raise Refusal(_("For this two people decide: ask for it."), field="days", code="asks")
    _put(found, _checked(found, days), by, at)


def _put(kind: keeping.Kind, days: int, by: Actor, at: datetime) -> None:
    office.change(by=by, at=at, keep_days=office.get("keep_days") | {kind.name: days})


@transaction.atomic
def ask(*, kind: str, days: int, reason: str, by: Actor, at: datetime) -> KeepRequest:
    """Ask that a kind goes after so many days; what the trial finds now is written down with it. Raises Refusal."""
    member, found = _member(by), _kind(kind)
    if not found.asks:
        raise Refusal(_("This is tidied by night; choose the days."), field="days", code="by_night")
    days, reason = _checked(found, days), _reason(reason)
    if keeping.days(kind) == days:
        raise Refusal(_("So it is already."), field="days", code="same")
    seen = found.look(at - timedelta(days=days), at)
    try:
        with transaction.atomic():
            row = KeepRequest.objects.create(
                kind=kind, days=days, reason=reason, rows=seen.rows, files=seen.files, asked_by=member, asked_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has asked for this already; that is decided first.")) from error
    _tell("asked", row, by, at, words=reason)
    return row


@transaction.atomic
def agree(*, request: KeepRequest, by: Actor, at: datetime) -> None:
    """A second person agrees: from now on it goes by night, and the first turn begins at once. Raises Refusal."""
    member = _member(by)
    if member.pk == request.asked_by_id:
        raise Refusal(_("You asked for it yourself: a second person decides."), code="same_person")
    _decide(request, State.AGREED, member, at)
    _put(_kind(request.kind), request.days, by, at)
    _tell("agreed", request, by, at)
    jobs.enqueue("upkeep.keeping")


@transaction.atomic
def refuse(*, request: KeepRequest, by: Actor, at: datetime) -> None:
    """Say no, or take back what one has asked for."""
    _decide(request, State.REFUSED, _member(by), at)
    _tell("refused", request, by, at)


def _decide(request: KeepRequest, state: str, member: Member, at: datetime) -> None:
    waiting = KeepRequest.objects.filter(pk=request.pk, state=State.ASKED)
    if not waiting.update(state=state, decided_by=member, decided_at=at):
        raise Conflict(_("This has been decided already."))


@transaction.atomic
def stop(*, kind: str, by: Actor, at: datetime) -> None:
    """Nothing of this kind goes any more, until two people decide again. One person is enough to stop."""
    _member(by)
    found = _kind(kind)
    if not found.asks or not keeping.days(kind):
        raise Conflict(_("Nothing of this is being removed."))
    office.change(by=by, at=at, keep_days={k: v for k, v in office.get("keep_days").items() if k != kind})
    record(subject=SUBJECT, verb="upkeep.keep_stopped", by=by, at=at, data={"kind": kind})


def _tell(what: str, row: KeepRequest, by: Actor, at: datetime, **words: str) -> None:
    data = {"kind": row.kind, "days": row.days, "rows": row.rows, "files": row.files} | words
    record(subject=SUBJECT, verb=f"upkeep.keep_{what}", by=by, at=at, data=data)


def alone(member: Member) -> bool:
    """Whether nobody else could agree."""
    return not [one for one in members_with(WORD) if one.pk != member.pk]


# Holds


@transaction.atomic
def hold(*, number: str, reason: str, by: Actor, at: datetime) -> KeepHold:
    """Keep everything of a case or mediation, whatever its time. Raises Refusal for a number that isn't one."""
    member, number, reason = _member(by), clean(number).strip().upper(), _reason(reason)
    known = Case.objects.filter(number=number).exists() or Mediation.objects.filter(number=number).exists()
    if not known:
        raise Refusal(_("There is no case or mediation of this number."), field="number", code="unknown")
    try:
        with transaction.atomic():
            row = KeepHold.objects.create(number=number, reason=reason, made_by=member, made_at=at)
    except IntegrityError as error:
        raise Refusal(_("This number is held already."), field="number", code="held") from error
    record(subject=SUBJECT, verb="upkeep.keep_held", by=by, at=at, data={"number": number, "words": reason})
    return row


@transaction.atomic
def lift(*, held: KeepHold, by: Actor, at: datetime) -> None:
    """The reason is over: its time counts again."""
    if not KeepHold.objects.filter(pk=held.pk, lifted_at=None).update(lifted_by=_member(by), lifted_at=at):
        raise Conflict(_("This has been lifted already."))
    record(subject=SUBJECT, verb="upkeep.keep_lifted", by=by, at=at, data={"number": held.number})
