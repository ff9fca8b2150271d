"""From ticked messages to cases: the first voice opens, the others join; nothing twice; nothing else is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases.actions import ReporterData, file_appeal
from chenyue.cases.lifecycle import OPEN, State
from chenyue.cases.models import Appeal, Case
from chenyue.cases.queries import visible
from chenyue.core.errors import Refusal
from chenyue.gateway.chat.messages import Message
from chenyue.gateway.chat.understanding import Voice, voices
from chenyue.gateway.models import ChatLine
from chenyue.people.models import Member

CHANNEL = "steward"
ASKED = 500  # fingerprints in one question
LONGEST = 8_000


@dataclass(frozen=True)
class Ticked:
    """The ticked messages of one incident, with their fingerprints, and where it is."""

    letter: str
    messages: list[Message]
    prints: Mapping[str, str]  # message id → fingerprint
    place_id: int | None = None
    place_told: str = ""
    into: str = ""  # number of an open case that the member said it belongs to


@dataclass
class Outcome:
    """What came of it: numbers of cases that were opened, that got more voices, and that were known already."""

    opened: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    messages: int = 0
    voices: int = 0
    known_messages: int = 0


def known_lines(prints: Sequence[str]) -> dict[str, Appeal]:
    """The appeals that these messages are part of already, by fingerprint."""
    found: dict[str, Appeal] = {}
    for start in range(0, len(prints), ASKED):
        rows = ChatLine.objects.filter(fingerprint__in=prints[start : start + ASKED]).select_related("appeal__case")
        found.update({row.fingerprint: row.appeal for row in rows})
    return found


def file_ticked(incidents: Sequence[Ticked], group: str, by: Member, at: datetime) -> Outcome:
    """File each incident: whole or not at all. Raises Refusal if nothing was ticked."""
    if not any(incident.messages for incident in incidents):
        raise Refusal(_("Nothing is ticked yet. Tick the messages that are to be registered."), code="none")
    outcome = Outcome()
    for incident in incidents:
        if not incident.messages:
            continue
        for attempt in (1, 2):
            try:
                with transaction.atomic():
                    part = _Filing(incident, group, by, at).run()
                break
            except IntegrityError:  # another steward was faster by a moment: now they are known
                if attempt == 2:
                    raise
        _add(outcome, part)
    return outcome


def _add(whole: Outcome, part: Outcome) -> None:
    for name in ("opened", "joined", "known"):
        numbers = getattr(whole, name)
        found = dict.fromkeys(getattr(part, name))
        numbers += [n for n in found if n not in numbers and (name == "opened" or n not in whole.opened)]
    whole.messages += part.messages
    whole.voices += part.voices
    whole.known_messages += part.known_messages


class _Filing:
    """One incident on its way into a case."""

    def __init__(self, incident: Ticked, group: str, by: Member, at: datetime) -> None:
        self.incident, self.group, self.by, self.at = incident, group, by, at
        self.outcome = Outcome()

    def run(self) -> Outcome:
        prints = self.incident.prints
        known = known_lines([prints[m.id] for m in self.incident.messages])
        fresh = [m for m in self.incident.messages if prints[m.id] not in known]
        self.outcome.known_messages = len(self.incident.messages) - len(fresh)
        case = _still_open(known)
        case = case or self._chosen()
        if case and not self._may_join(case):
            case = None
        for voice in voices(fresh):
            case = self._file(voice, case)
        if not fresh:
            self.outcome.known = list(dict.fromkeys(a.case.number for a in known.values()))
        return self.outcome

    def _file(self, voice: Voice, case: Case | None) -> Case | None:
        words = "\n".join(m.words for m in voice.messages).strip()[:LONGEST]
        appeal = self._appeal(voice, words, case)
        case = appeal.case if case or self._may_join(appeal.case) else None
        rows = [ChatLine(fingerprint=self.incident.prints[m.id], appeal=appeal, at=self.at) for m in voice.messages]
        ChatLine.objects.bulk_create(rows)
        self.outcome.messages += len(rows)
        return case

    def _appeal(self, voice: Voice, words: str, case: Case | None) -> Appeal:
        first = voice.messages[0]
        filed = file_appeal(
            words=words,
            channel=CHANNEL,
            by=self.by.actor(),
            at=self.at,
            received_at=min(first.at, self.at) if first.at else self.at,
            place_id=self.incident.place_id,
            place_told=self.incident.place_told or self.group,
            reporter=ReporterData(nickname=voice.sender),
            external_number=self.incident.prints[first.id][:40],
            join_number=case.number if case else None,
            taken_by=self.by,
        )
        self.outcome.voices += 1
        (self.outcome.joined if filed.joined else self.outcome.opened).append(filed.case.number)
        return filed.appeal

    def _chosen(self) -> Case | None:
        """The open case that the page offered and the member chose, if it is still open."""
        if not self.incident.into:
            return None
        return visible(self.by).filter(number=self.incident.into, state__in=[s.value for s in OPEN]).first()

    def _may_join(self, case: Case) -> bool:
        """A member adds to what they may see, and to what they took themselves: one incident is one case."""
        took = Appeal.objects.filter(case=case, first_case=case, taken_by=self.by)
        return visible(self.by).filter(pk=case.pk).exists() or took.exists()


def _still_open(known: Mapping[str, Appeal]) -> Case | None:
    cases = [a.case for a in known.values() if State(a.case.state) in OPEN]
    return cases[0] if cases else None
