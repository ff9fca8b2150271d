"""Behind closed doors (背对背): notes and figures of one party, for the mediators of this mediation alone.

Every act and every look is on the timeline, in a chain whose name, actor and content nobody reads without the party's
key: it can be counted that something sealed happened, not whose, by whom or what. Nothing else in the house changes:
no row of the mediation, no notice, no version.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import office, text
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.mediation import acts, ladder, sealing, seeing
from chenyue.mediation.lifecycle import ENDED, OPEN
from chenyue.mediation.models import Mediation, Party
from chenyue.people.models import Member
from chenyue.timeline import actions as timeline
from chenyue.timeline.models import Entry, VisibleTo
from chenyue.timeline.queries import SEALED

LONGEST_TOPIC = 40
MOST = Decimal(10) ** 14  # yuan
DONE = {
    "look": _("looked"),
    "note": _("wrote a note"),
    "note_destroyed": _("destroyed a note"),
    "figure": _("entered a figure"),
    "limit": _("entered a limit"),
    "figure_withdrawn": _("took a figure back"),
    "told": _("said aloud whether the gap narrows"),
}
LOOK = timedelta(hours=1)  # a mediator who goes on reading is written down once


@dataclass(frozen=True)
class Rungs:
    """One topic as the mediators see it."""

    topic: str
    figures: list[sealing.Figure]
    gap: Decimal | None
    room: ladder.Room | None
    verdict: ladder.Verdict | None


@dataclass(frozen=True)
class Line:
    """One sealed act: what was done, by whom, when."""

    what: str
    by: str
    at: datetime

    @property
    def word(self) -> str:
        """What was done, in words."""
        return str(DONE[self.what])


def parties_of(mediation: Mediation) -> list[Party]:
    """All parties, those who left too: what they said in confidence stays sealed to them."""
    return list(Party.objects.filter(mediation=mediation.pk).order_by("order"))


def party_at(mediation: Mediation, order: int) -> Party:
    """The party of this place in the documents. Raises NotFound."""
    found = Party.objects.filter(mediation=mediation.pk, order=order).first()
    if found is None:
        raise NotFound
    return found


def read(party: Party, *, by: Actor, at: datetime) -> list[sealing.Note]:
    """A party's notes, newest first; that somebody looked is written down. Raises NotAllowed."""
    with acts.locked(party.mediation_id) as mediation:
        _mediator(by, mediation)
        for entry in _log(party):
            if entry["what"] == "look" and entry["key"] == by.key and at - entry["at"] < LOOK:
                break
        else:
            _note_down(party, "look", by, at)
        return sealing.notes(party)


def note(*, party: Party, words: str, by: Actor, at: datetime) -> int:
    """Keep what a party said in confidence; the note's id. Raises Refusal, NotAllowed."""
    with acts.locked(party.mediation_id) as mediation:
        _check(mediation, party, by)
        pk = sealing.keep_note(party, acts.words(words, needed=True), by=_member(by), at=at)
        _note_down(party, "note", by, at, note=pk)
        return pk


def take_back(*, party: Party, note: int, by: Actor, at: datetime) -> None:
    """Destroy a note that shouldn't have been kept. Raises NotFound, NotAllowed."""
    with acts.locked(party.mediation_id) as mediation:
        _mediator(by, mediation)
        sealing.take_back_note(party, note, at=at)
        _note_down(party, "note_destroyed", by, at, note=note)


def name_figure(
    *,
    party: Party,
    topic: str,
    asks: bool,
    amount: Decimal,
    by: Actor,
    at: datetime,
    limit: bool = False,
    words: str = "",
) -> int:
    """Keep a figure (yuan) that a party named, or the limit it would go to. Raises Refusal, NotAllowed."""
    with acts.locked(party.mediation_id) as mediation:
        _check(mediation, party, by)
        topic = text.clean(topic).replace("\n", " ")
        if not topic or len(topic) > LONGEST_TOPIC:
            raise Refusal(_("Say in a few words what the figure is about."), field="topic", code="topic")
        if not 0 <= amount < MOST or amount != round(amount, 2):
            raise Refusal(_("Write the amount in yuan, with cents at most."), field="amount", code="amount")
        words = acts.words(words, most=400)
        pk = sealing.keep_figure(
            party, topic=topic, asks=asks, limit=limit, amount=amount, words=words, by=_member(by), at=at
        )
        _note_down(party, "limit" if limit else "figure", by, at, figure=pk, topic=topic)
        return pk


def withdraw_figure(*, party: Party, figure: int, by: Actor, at: datetime) -> None:
    """A party takes a figure back. Raises NotFound, Conflict, NotAllowed."""
    with acts.locked(party.mediation_id) as mediation:
        _check(mediation, party, by)
        sealing.withdraw_figure(party, figure, at=at)
        _note_down(party, "figure_withdrawn", by, at, figure=figure)


def rungs(mediation: Mediation, *, by: Actor) -> list[Rungs]:
    """All topics with their figures, gaps and limits, for the mediators. Raises NotAllowed."""
    _mediator(by, mediation)
    parties = parties_of(mediation)
    found: dict[str, list[sealing.Figure]] = {}
    for figure in sealing.figures(parties):
        found.setdefault(figure.topic, []).append(figure)
    told = _told(parties)
    return [_rungs(topic, figures, told.get(topic)) for topic, figures in found.items()]


def tell(*, mediation: Mediation, topic: str, aloud: str, by: Actor, at: datetime) -> ladder.Verdict:
    """Let all parties know whether the gap on a topic narrows: one of three words, no figure.

    `aloud`: what the topic is called before everybody; the mediator chooses the words. Raises Refusal where there is
    nothing to compare, NotAllowed.
    """
    with acts.locked(mediation) as row:
        _mediator(by, row)
        _open(row)
        found = next((one for one in rungs(row, by=by) if one.topic == topic), None)
        if found is None or found.verdict is None:
            raise Refusal(_("There is nothing to compare yet, or nothing new since it was last said."), code="nothing")
        aloud = text.clean(aloud).replace("\n", " ")
        if not aloud or len(aloud) > LONGEST_TOPIC:
            raise Refusal(_("Say what the topic is called before everybody."), field="aloud", code="topic")
        known = {party.pk: party for party in parties_of(row)}
        for pk in sorted({figure.party_id for figure in found.figures}):
            _note_down(known[pk], "told", by, at, topic=topic)
        data = {"topic": aloud, "verdict": found.verdict.value}
        acts.record(row, "gap_told", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        return found.verdict


def log(party: Party, *, by: Actor) -> list[Line]:
    """What was done behind this party's seal, newest first. Raises NotAllowed."""
    _mediator(by, party.mediation)
    return [Line(entry["what"], entry["by"], entry["at"]) for entry in _log(party)]


def forget(party: Party) -> None:
    """Destroy what is sealed to a party whose data is deleted. It's no part of any dossier."""
    sealing.destroy(party)


def destroy_old(at: datetime) -> int:
    """Destroy what parties said alone, `mediation_caucus_days` after their mediation ended; how many rows."""
    before = at - timedelta(days=office.get("mediation_caucus_days"))
    ended = Party.objects.filter(mediation__ended_at__lt=before, mediation__stage__in=ENDED)
    return sum(sealing.destroy(party) for party in sealing.kept_for(ended))


def _rungs(topic: str, figures: list[sealing.Figure], told: datetime | None) -> Rungs:
    named = [ladder.Named(f.party_id, f.asks, f.amount, f.at, f.withdrawn_at, f.limit) for f in figures]
    path = ladder.steps(named)
    gap = path[-1].gap if path else None
    return Rungs(topic, figures, gap, ladder.room(named), ladder.verdict(path, told))


def _mediator(by: Actor, mediation: Mediation) -> None:
    """Only persons who are appointed now: no job of the system opens a seal."""
    if by.kind != "member":
        raise NotAllowed
    seeing.check(by, mediation, "seal")


def _check(mediation: Mediation, party: Party, by: Actor) -> None:
    _mediator(by, mediation)
    _open(mediation)
    if party.left_at or party.died_on:
        raise Refusal(_("This party is no longer part of the mediation."), code="left")


def _open(mediation: Mediation) -> None:
    if mediation.stage not in OPEN:
        raise Refusal(_("This mediation has ended: what is sealed can be read, nothing is added."), code="ended")


def _member(by: Actor) -> Member | None:
    return by.user if isinstance(by.user, Member) else None


def _note_down(party: Party, what: str, by: Actor, at: datetime, **more: Any) -> None:
    """An entry that says to nobody else more than that there is one."""
    said = json.dumps({"what": what, "key": by.key, "by": str(by.label)} | more, ensure_ascii=False)
    data = {"sealed": sealing.seal(party, sealing.LOG, said)}
    timeline.record(
        subject=sealing.subject(party), verb=SEALED, by=SYSTEM, at=at, data=data, visible_to=VisibleTo.SEALED
    )


def _log(party: Party) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(subject=sealing.subject(party)).order_by("-position")
    return [
        json.loads(sealing.unseal(party, sealing.LOG, data["sealed"])) | {"at": at}
        for data, at in rows.values_list("data", "at")
    ]


def _told(parties: list[Party]) -> dict[str, datetime]:
    """When something was last said aloud about each topic."""
    found: dict[str, datetime] = {}
    for party in parties:
        for entry in _log(party):
            if entry["what"] == "told":
                topic = entry["topic"]
                found[topic] = max(found.get(topic, entry["at"]), entry["at"])
    return found
