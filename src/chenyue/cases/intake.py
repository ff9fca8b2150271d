"""Taking in an appeal: one door for the portal, the desk, channels and imports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue import triage
from chenyue.cases import attachments as files
from chenyue.cases import clock, events, opening, rules, search
from chenyue.cases.doors import transaction_of_its_own
from chenyue.cases.lifecycle import OPEN, State
from chenyue.cases.models import Appeal, Assignment, Attachment, Case, Channel
from chenyue.cases.moves import base
from chenyue.cases.moves.desk import category_of
from chenyue.catalogue.models import Urgency
from chenyue.core import ids, rows, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.events import emit
from chenyue.people.models import Member, Resident
from chenyue.people.residents import register_resident
from chenyue.places.queries import gazetteer
from chenyue.timeline.actions import Draft, record_many
from chenyue.timeline.models import VisibleTo
from chenyue.triage.suggestion import Suggestion

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # no appeal that is still worked on is older
AHEAD = timedelta(minutes=5)  # clocks of two machines differ


@dataclass(frozen=True)
class ReporterData:
    """What a reporter tells of themselves; all may be empty. A nickname alone stays anonymous."""

    name: str = ""
    phone: str = ""
    email: str = ""
    nickname: str = ""

    @property
    def known(self) -> bool:
        """Whether there is anything to find this person again by, or to reach them."""
        return bool(self.name.strip() or self.phone.strip() or self.email.strip())


@dataclass(frozen=True)
class Filed:
    """An appeal that is on disk, with its case. `known`: it had been filed before, by its external number."""

    appeal: Appeal
    case: Case
    joined: bool
    attachments: Sequence[Attachment] = field(default_factory=list)
    known: bool = False


def file_appeal(
    *,
    words: str,
    channel: str,
    by: Actor,
    at: datetime,
    place_id: int | None = None,
    room: str = "",
    place_told: str = "",
    title: str = "",
    reporter: ReporterData | None = None,
    consent_contact: bool = False,
    confidential: bool = False,
    attachments: Iterable[Any] = (),
    category_code: str | None = None,
    urgency: str | None = None,
    join_number: str | None = None,
    external_number: str = "",
    received_at: datetime | None = None,
    taken_by: Member | None = None,
    receipt: str = "",
) -> Filed:
    """File one person's words: they open a case with what triage suggests, or join an open one.

    Raises Refusal at `words`, `attachments`, `received_at`, `join_number`, `place_id`, `category_code`,
    `urgency`, `phone`. Nothing is kept then. `received_at` may be in the past, up to the year 2000;
    what is no news any more (`clock.NEWS`) starts no clock and raises no alarm. `receipt` is a code that
    its reporter was given before it could be filed.
    """
    appeal = Appeal(
        channel=channel,
        words=words,
        title=title,
        place_id=place_id,
        place_told=place_told,
        nickname=reporter.nickname if reporter else "",
        email=reporter.email if reporter else "",
        external_number=external_number,
        taken_by=taken_by,
        consent_contact=consent_contact,
        confidential=confidential,
        received_at=received_at or at,
        filed_at=at,
        receipt=receipt,
    )
    chosen = Chosen(category_code or "", urgency or "", room, (join_number or "").strip())
    return _file(_cleaned(appeal), chosen, reporter, attachments, by)


@dataclass(frozen=True)
class Chosen:
    """What a person chose beside the words; empty where triage shall suggest."""

    category_code: str
    urgency: str
    room: str
    join_number: str


def _cleaned(appeal: Appeal) -> Appeal:
    """The appeal as it may be stored, or a refusal at the field that is wrong."""
    appeal.received_at = _received(appeal.received_at, appeal.filed_at)
    appeal.channel = _one_of(Channel.values, appeal.channel, "channel")
    appeal.words = base.words(appeal.words, "words")
    appeal.title = text.clean(appeal.title)[:120]
    appeal.place_told = text.clean(appeal.place_told)[:200]
    appeal.nickname = text.clean(appeal.nickname)[:60]
    appeal.email = text.clean(appeal.email)[:254]
    appeal.external_number = text.clean(appeal.external_number)[:60]
    return appeal


def _file(
    appeal: Appeal, chosen: Chosen, reporter: ReporterData | None, attachments: Iterable[Any], by: Actor
) -> Filed:
    suggestion = triage.suggest(_all_words(appeal), appeal.place_id, appeal.received_at)
    if known := _known(appeal):
        return known
    if not clock.is_news(appeal, appeal.filed_at):
        suggestion = opening.as_history(suggestion)
    try:
        return _store(appeal, chosen, suggestion, reporter, attachments, by)
    except IntegrityError:
        if known := _known(appeal):  # the same external number was being filed at this moment
            return known
        raise


def _transaction(appeal: Appeal) -> transaction.Atomic:
    """Where another may file the same external number, one from which the caller's transaction survives."""
    return transaction.atomic() if appeal.external_number else transaction_of_its_own()


def _store(
    appeal: Appeal,
    chosen: Chosen,
    suggestion: Suggestion,
    reporter: ReporterData | None,
    attachments: Iterable[Any],
    by: Actor,
) -> Filed:
    at, joined = appeal.filed_at, bool(chosen.join_number)
    category = category_of(chosen.category_code) if chosen.category_code else None
    urgency = _one_of(Urgency.values, chosen.urgency, "urgency") if chosen.urgency else ""
    voiced = appeal.channel == Channel.STEWARD  # on the stairs one speaks more easily than one types
    with files.kept(attachments, audio=voiced) as prepared, _transaction(appeal):
        if joined:
            case = _open_to_join(chosen.join_number, by)
        else:
            case = opening.open_case(
                appeal, suggestion, category=category, urgency=urgency, room=text.clean(chosen.room)
            )
        appeal.reporter = _resident(reporter, by, at)
        appeal.suggestion = suggestion.to_json()
        _write(appeal, case, suggestion, joined, by, at)
        saved = files.save_rows(prepared, case, Attachment.Stage.REPORT, at, appeal=appeal)
        emit(events.AppealFiled(case=case, by=by, at=at, appeal=appeal, joined=joined, email=_usable_email(appeal)))
    return Filed(appeal, case, joined, saved)


def _received(received_at: datetime, at: datetime) -> datetime:
    if timezone.is_naive(received_at):
        received_at = timezone.make_aware(received_at)
    if received_at < EARLIEST:
        raise Refusal(_("This date is too long ago. Check the year."), field="received_at", code="too_old")
    if received_at > at + AHEAD:
        raise Refusal(_("This date is in the future. Check it."), field="received_at", code="future")
    return received_at


def _one_of(values: Sequence[Any], value: str, field_name: str) -> str:
    if value not in values:
        raise Refusal(_("Choose one from the list."), field=field_name, code="choice")
    return value


def _all_words(appeal: Appeal) -> str:
    return "\n".join(part for part in (appeal.title, appeal.words, appeal.place_told) if part)


def _known(appeal: Appeal) -> Filed | None:
    """The appeal that this external number names already: an import or a channel tries again."""
    if not appeal.external_number:
        return None
    same = Appeal.objects.filter(channel=appeal.channel, external_number=appeal.external_number)
    found = same.select_related("case").first()
    return Filed(found, found.case, False, known=True) if found else None


def _open_to_join(number: str, by: Actor) -> Case:
    """The case to be joined, locked. A member joins only what they may see; to a resident it was offered."""
    case = Case.objects.select_for_update(of=("self",)).filter(number=number.strip()).first()
    hidden = case is not None and by.kind == "member" and not (_sees(by, case) or _took(by, case))
    if case is None or hidden or State(case.state) not in OPEN:
        raise Refusal(
            _("This case can't be followed any more. Send your words as a new one."), field="join_number", code="state"
        )
    return case


def _took(by: Actor, case: Case) -> bool:
    """Whether this member took the first voice: the next ones of the same trouble join it, wherever it is."""
    return Appeal.objects.filter(case=case, first_case=case, taken_by=by.user).exists()


def _sees(by: Actor, case: Case) -> bool:
    return rules.may_see(by.user, case, list(Assignment.objects.filter(case=case, active=True)))


def _usable_email(appeal: Appeal) -> str:
    """The address given with this appeal, unless its reporter's data may no longer be used."""
    who = appeal.reporter
    return "" if who is None or who.erased_at or who.locked_at else appeal.email


def _resident(reporter: ReporterData | None, by: Actor, at: datetime) -> Resident | None:
    if reporter is None or not reporter.known:
        return None
    return register_resident(name=reporter.name, phone=reporter.phone, email=reporter.email, by=by, at=at)


def _write(appeal: Appeal, case: Case, suggestion: Suggestion, joined: bool, by: Actor, at: datetime) -> None:
    if joined:
        case.appeals_count += 1
        case.touched_at = at
        _raise_alarm(case, suggestion)
        rows.update(case, ["appeals_count", "touched_at", "urgency", *_CLOCKS])
    else:
        if clock.is_news(case, at):
            clock.begin_triage(case)
        clock.schedule(case, at)
        rows.insert(case)
    appeal.case = appeal.first_case = case
    appeal.number = ids.dated_number("appeal", at, prefix="A")
    appeal.receipt = appeal.receipt or ids.receipt_code()
    rows.insert(appeal)
    search.index(case, None if joined else _searched(case, appeal))
    record_many(_drafts(appeal, case, suggestion, joined), by=by, at=at)


_CLOCKS = [
    "triage_due_at", "clock_started_at", "contact_due_at", "resolve_due_at", "accept_by", "contact_by", "resolve_by",
    "promise_provisional", "next_at", "next_step", "steps_done",
]  # fmt: skip


def _raise_alarm(case: Case, suggestion: Suggestion) -> None:
    """A neighbour who smells gas makes the waiting case an emergency."""
    if suggestion.urgency != Urgency.EMERGENCY or case.urgency == Urgency.EMERGENCY or case.state != State.RECEIVED:
        return
    from chenyue.catalogue.routing import route

    case.urgency = Urgency.EMERGENCY
    found = route(case.category_id, case.place_id, case.urgency)
    case.accept_by, case.contact_by, case.resolve_by = found.accept_by, found.contact_by, found.resolve_by
    clock.begin_triage(case, case.touched_at)
    clock.schedule(case, case.touched_at)


def _searched(case: Case, appeal: Appeal) -> str:
    place = gazetteer().get(case.place_id) if case.place_id else None
    where = f"{place.full_name}{case.room}" if place else ""
    parts = (case.number, case.title, where, appeal.number, appeal.title, appeal.words)
    return "\n".join(part for part in parts if part)


def _drafts(appeal: Appeal, case: Case, suggestion: Suggestion, joined: bool) -> list[Draft]:
    """Residents read that it arrived; the office reads what was suggested, and by what cue it is urgent."""
    if joined:
        return [Draft(case.subject, "case.voice_added", {"appeal": appeal.number}, VisibleTo.UNIT)]
    drafts = [Draft(case.subject, "case.received", {"channel": case.channel}, VisibleTo.RESIDENT)]
    guess = suggestion.category
    data = {
        "category": guess.name if guess else "",
        "confidence": round(guess.confidence, 2) if guess else 0,
        "urgency": case.urgency,
        "cue": suggestion.urgency_cue,
    }
    drafts.append(Draft(case.subject, "case.suggested", data, VisibleTo.OFFICE))
    return drafts
