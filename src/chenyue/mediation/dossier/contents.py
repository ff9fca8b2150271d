"""Which documents a dossier consists of, in their order, with their data and the scans that follow each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chenyue.mediation.dossier import forms, rules
from chenyue.mediation.dossier.gathering import ending, opening, proofs, results
from chenyue.mediation.dossier.gathering.matter import Matter, Row, pieces
from chenyue.mediation.lifecycle import AgreementState, EvidenceKind, Form, MeetingKind, Stage
from chenyue.mediation.models import Agreement, Evidence, JudicialConfirmation, Meeting

LAST = ("closing", "situation", "back")  # made when everything else is known
NOT_LISTED = (EvidenceKind.IDENTITY, EvidenceKind.AUTHORITY, EvidenceKind.RECEIPT, EvidenceKind.RULING)


@dataclass
class Item:
    """A document: what it is, what it says, which meeting it is of, which scans follow it, what the index notes.

    `part`: which of several of its kind; with the code it names the paper in addresses.
    """

    code: str
    data: Row
    title: str = ""
    meeting: Meeting | None = None
    scans: list[Evidence] = field(default_factory=list)
    note: str = ""
    part: str = ""

    @property
    def key(self) -> str:
        """`minutes-2`."""
        return f"{self.code}-{self.part}" if self.part else self.code

    def __post_init__(self) -> None:
        self.title = self.title or forms.ALL[self.code].title


def items(matter: Matter) -> list[Item]:
    """Documents 1 to 11 as far as there is something to them; the last ones are added by who files them."""
    found = sorted(_all(matter), key=lambda item: list(rules.places()).index(item.code))
    _scans_once(matter, found)
    return found


def _all(matter: Matter) -> Iterator[Item]:
    row = matter.mediation
    if row.source == "application":
        note = "口头申请，代为记录" if row.oral else ""
        yield Item("application", opening.application(matter), note=note)
    if row.source != "application" or row.registered_on:
        yield Item("acceptance", opening.acceptance(matter))
    if row.stage == Stage.NOT_ACCEPTED:
        yield Item("not_accepted", opening.not_accepted(matter))
    if matter.consents:
        scans = [one.scan for one in matter.consents if one.scan and one.question in ("rights", "mediation")]
        yield Item("rights", opening.rights(matter), scans=scans)
    if matter.parties:
        yield _identity(matter)
    yield from _authorities(matter)
    yield from _talked(matter)
    if matter.evidence:
        listed = [one for one in matter.evidence if one.kind not in NOT_LISTED]
        yield Item("evidence", proofs.evidence(matter), scans=listed)
    yield from _agreed(matter)


def _identity(matter: Matter) -> Item:
    by_law = [one.proof for one in matter.representatives if one.proof and one.acts not in proofs.BY_POWER]
    scans = [one for one in matter.evidence if one.kind == EvidenceKind.IDENTITY]
    return Item("identity", proofs.identity(matter), scans=scans + by_law)


def _authorities(matter: Matter) -> Iterator[Item]:
    agents = [one for one in matter.representatives if one.acts in proofs.BY_POWER]
    for n, one in enumerate(agents, 1):
        data = proofs.authority(matter, one)
        title = data["heading"] + (f"（{n}）" if len(agents) > 1 else "")
        yield Item("authority", data, title, scans=[one.proof] if one.proof else [], part=str(one.pk))


def _talked(matter: Matter) -> Iterator[Item]:
    for n, meeting in enumerate(matter.inquiries, 1):
        title = "现场查看记录" if meeting.kind == MeetingKind.SURVEY else "调查记录"
        data, part = proofs.inquiry(matter, meeting), str(meeting.number)
        yield Item("inquiry", data, f"{title}（{n}）", meeting, note=_unfinished(meeting), part=part)
    for n, meeting in enumerate(matter.talks, 1):
        title, data = f"人民调解记录（第{n}次）", proofs.minutes(matter, meeting, n)
        yield Item("minutes", data, title, meeting, note=_unfinished(meeting), part=str(meeting.number))


def _unfinished(meeting: Meeting) -> str:
    return "" if meeting.minutes == "final" else "记录未定稿"


def _agreed(matter: Matter) -> Iterator[Item]:
    for one in matter.agreements:
        note = "" if one.state == AgreementState.IN_EFFECT else str(one.get_state_display())
        yield agreed(matter, one, note)
        held = getattr(one, "confirmation", None)
        if held and results.applied(held):
            yield from confirmed(matter, one, held)
    if matter.mediation.stage == Stage.TERMINATED:
        yield Item("termination", ending.termination(matter))
    owed = [part for one in matter.agreements for row in one.obligations.all() for part in row.instalments.all()]
    if owed:
        receipts = [row for part in owed for row in part.receipts.all() if row.evidence and row.removed_at is None]
        yield Item("performance", results.performance(matter), scans=[row.evidence for row in receipts if row.evidence])
    if any(visit.made_at for visit in matter.visits):
        yield Item("visits", proofs.visits(matter))


def agreed(matter: Matter, one: Agreement, note: str = "") -> Item:
    """An agreement, written or oral."""
    code = "oral" if one.form == Form.ORAL else "agreement"
    title = forms.ALL[code].title + (f"（第{one.number}号）" if one.number > 1 else "")
    scans = [one.scan] if one.scan else []
    return Item(code, results.agreement(matter, one), title, scans=scans, note=note, part=str(one.number))


def confirmed(matter: Matter, one: Agreement, held: JudicialConfirmation) -> Iterator[Item]:
    """The application to the court, and the list of what goes with it."""
    part = str(one.number)
    yield Item("confirmation", results.confirmation(matter, one, held), part=part)
    scans = [held.ruling] if held.ruling else []
    yield Item("confirming", results.confirming(matter, one, held), scans=scans, part=part)


def _scans_once(matter: Matter, found: list[Item]) -> None:
    """Each scan stands where it belongs first, once; those that nothing names, behind the list of evidence."""
    named = {one.pk for item in found if item.code != "evidence" for one in item.scans}
    seen: set[int] = set()
    for item in found:
        if item.code == "evidence":
            item.scans = [one for one in matter.evidence if one.pk not in named]
        kept = [one for one in item.scans if one.path and one.removed_at is None and one.pk not in seen]
        item.scans = list({one.pk: one for one in kept}.values())
        seen |= {one.pk for one in item.scans}
        if item.scans:
            item.note = "；".join(part for part in (item.note, f"附{pieces(item.scans)}") if part)


def last(matter: Matter, lacking: list[str], replaced: int) -> list[Item]:
    """The papers on the whole: how it was closed, and what is to be said of the file."""
    found = [Item("situation", ending.situation(matter, lacking, replaced))]
    return [Item("closing", ending.closing(matter)), *found] if matter.ended else found
