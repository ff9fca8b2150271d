"""Signatures: who must sign, on paper or on a screen, the mediator, the seal; and the day of effect (art. 29)."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal, Sentence
from chenyue.mediation import acts, consents, drafting, moments, seeing, speakers, stages, wording
from chenyue.mediation.lifecycle import (
    AgreementState,
    Capacity,
    Dispute,
    Mark,
    PartyKind,
    Question,
    Signer,
    Stage,
)
from chenyue.mediation.models import Agreement, Appointment, Evidence, Mediation, Party, Representative, Signature
from chenyue.mediation.parties import current_parties
from chenyue.timeline.models import VisibleTo

ON_PAPER = (Mark.SIGNATURE, Mark.FINGERPRINT, Mark.SEAL)
MOST_POINTS, FEWEST_POINTS, WIDTH, HEIGHT = 4000, 8, 1000, 400  # a drawing lies in a field of these units
# 电子签名法 art. 3 (2): what may not be signed electronically.
_PAPER_ONLY = re.compile("婚姻|离婚|结婚|收养|继承|遗产|遗嘱|亲子|监护")
_UTILITIES = re.compile("(?:停止?|中断|切断)[^，。；]{0,4}(?:供水|供电|供热|供气|供暖|水电)")
Follower = Callable[[Mediation, Agreement, Actor, datetime], None]
_followers: list[Follower] = []


def follow(found: Follower) -> Follower:
    """Register what follows when an agreement takes effect, in its transaction."""
    if found not in _followers:
        _followers.append(found)
    return found


@dataclass(frozen=True)
class Needed:
    """One party's place under the agreement. `why`: why somebody else must sign for it; `speaker`: who that is."""

    party: Party
    label: str
    speaker: Representative | None
    why: str  # "", died, guardian
    marks: tuple[Signature, ...]

    @property
    def signed(self) -> bool:
        """Whether it is bound by now."""
        return bool(self.marks)


def needed(agreement: Agreement, on: date) -> list[Needed]:
    """Every party that must sign, with the marks it has given. Four statements at most."""
    parties = current_parties(agreement.mediation_id)
    speaking = speakers.current_representatives(agreement.mediation_id, on)
    given = wording.marks(agreement)
    found = []
    for n, party in enumerate(parties):
        speaker = speakers.first_of(one for one in speaking if party in one.parties.all())
        theirs = tuple(one for one in given if one.party_id == party.pk)
        why = _must(party)
        found.append(Needed(party, wording.label(n), speaker, why, theirs))
    return found


def _must(party: Party) -> str:
    """Why this party can't sign itself."""
    if party.died_on is not None:
        return "died"
    return "guardian" if party.kind == PartyKind.PERSON and party.capacity != Capacity.FULL else ""


def missing(agreement: Agreement, on: date) -> list[Sentence]:
    """What is still needed before it takes effect, in sentences."""
    found: list[Sentence] = [
        _("%(label)s (party %(n)d) hasn't signed.") % {"label": one.label, "n": one.party.order}
        for one in needed(agreement, on)
        if not one.signed
    ]
    if not any(one.signer == Signer.MEDIATOR for one in wording.marks(agreement)):
        found.append(_("No mediator has signed."))
    if agreement.seal_on is None:
        found.append(_("The committee's seal is missing."))
    return found


def sign_on_paper(
    *, agreement: Agreement, signer: str, mark: str, on: date, by: Actor, at: datetime, party: Party | None = None,
    representative: Representative | None = None, appointment: Appointment | None = None, name: str = "",
) -> list[Signature]:  # fmt: skip
    """Record a mark that stands on the paper: of a party, its representative, a mediator or the recorder.

    An elected representative signs for all whom they stand for. Raises Refusal at the field that is wrong.
    """
    acts.one_of(ON_PAPER, mark, "mark")
    acts.one_of((Signer.PARTY, Signer.REPRESENTATIVE, Signer.MEDIATOR, Signer.RECORDER), signer, "signer")
    with drafting.held(agreement, by) as (row, now):
        drafting.only(now, AgreementState.SIGNING)
        _on(on, at)
        sheet = _Sheet(row, now, mark, on, by, at)
        if signer == Signer.PARTY:
            made = [_party_signs(sheet, party, name)]
        elif signer == Signer.REPRESENTATIVE:
            made = _represented(sheet, party, representative)
        else:
            made = [_office(sheet, signer, appointment, name)]
        _settle(row, now, by, at)
    return made


@dataclass(frozen=True)
class _Sheet:
    """What all marks of one act share."""

    mediation: Mediation
    agreement: Agreement
    mark: str
    on: date
    by: Actor
    at: datetime

    def put(self, signer: str, data: dict[str, Any], **given: Any) -> Signature:
        made = Signature.objects.create(
            agreement=self.agreement, signer=signer, mark=self.mark, on=self.on, at=self.at, by=self.by.user,
            text_sha256=self.agreement.text_sha256, **given,
        )  # fmt: skip
        entry = {"number": self.agreement.number, "signer": signer, "mark": self.mark, "on": self.on.isoformat()} | data
        acts.record(
            self.mediation, "agreement_signed", by=self.by, at=self.at, data=entry, visible_to=VisibleTo.RESIDENT
        )
        return made


def _on(on: date, at: datetime) -> None:
    if on > acts.local_day(at):
        raise Refusal(_("This day hasn't come yet."), field="on", code="future")
    drafting.day(on, "on")


def _theirs(sheet: _Sheet, party: Party | None) -> Party:
    """A party of this mediation that hasn't given this mark yet."""
    if party is None or party.mediation_id != sheet.mediation.pk or party.left_at is not None:
        raise Refusal(_("Choose one of the parties."), field="party", code="party")
    given = Signature.objects.filter(agreement=sheet.agreement, party=party, mark=sheet.mark, removed_at=None)
    if given.exists():
        raise Refusal(_("This mark of this party is recorded already."), field="mark", code="twice")
    return party


WHY = {
    "died": _("This party has died: the heir signs."),
    "guardian": _("This party has no full capacity: the guardian signs."),
}


def _party_signs(sheet: _Sheet, party: Party | None, name: str, **more: Any) -> Signature:
    party = _theirs(sheet, party)
    if why := _must(party):
        raise Refusal(WHY[why], field="signer", code=why)
    data = {"party": party.order, "side": party.side}
    return sheet.put(Signer.PARTY, data, party=party, name=acts.words(name, "name", most=60), **more)


def _represented(sheet: _Sheet, party: Party | None, representative: Representative | None) -> list[Signature]:
    """A representative signs for one party, an elected one for all of theirs at once."""
    speaking = speakers.current_representatives(sheet.mediation, sheet.on)
    found = next((one for one in speaking if representative and one.pk == representative.pk), None)
    if found is None:
        raise Refusal(_("On this day they didn't act for this party."), field="representative", code="not_then")
    if not found.may_settle:
        raise Refusal(
            _("They may not agree, waive and sign: that needs a special authority (Civil Procedure Law 62)."),
            field="representative",
            code="no_authority",
        )
    of = [one for one in found.parties.all() if one.left_at is None]
    if party is not None:
        if party not in of:
            raise Refusal(_("They don't act for this party."), field="representative", code="other")
        of = [party] if found.acts != "elected" else of
    marked = {one.party_id for one in wording.marks(sheet.agreement) if one.mark == sheet.mark}
    wanted = [one for one in of if one.pk not in marked]
    if not wanted:
        raise Refusal(_("This mark of this party is recorded already."), field="mark", code="twice")
    for one in wanted:
        must = _must(one)
        if (must, found.acts) not in (("", found.acts), ("died", "heir"), ("guardian", "guardian")):
            raise Refusal(WHY[must], field="representative", code=must)
    return [
        sheet.put(
            Signer.REPRESENTATIVE, {"party": one.order, "side": one.side},
            party=one, representative=found, name=found.name,
        )
        for one in wanted
    ]  # fmt: skip


def _office(sheet: _Sheet, signer: str, appointment: Appointment | None, name: str) -> Signature:
    """A mediator who is appointed and whose office wasn't revoked, or whoever recorded."""
    if signer == Signer.RECORDER:
        return sheet.put(signer, {}, name=acts.words(name, "name", needed=True, most=40))
    found = wording.mediators(sheet.mediation).filter(pk=appointment.pk if appointment else None).first()
    if found is None:
        raise Refusal(
            _("Only a mediator who is appointed here, and not revoked, signs."), field="appointment", code="mediator"
        )
    if Signature.objects.filter(
        agreement=sheet.agreement, appointment=found, mark=sheet.mark, removed_at=None
    ).exists():
        raise Refusal(_("This mediator's mark is recorded already."), field="mark", code="twice")
    return sheet.put(signer, {}, appointment=found, name=found.mediator.name)


def paper_only(agreement: Agreement) -> Sentence | None:
    """Why this agreement can't be signed on a screen (Electronic Signature Law 3), or None."""
    if agreement.mediation.dispute == Dispute.FAMILY:
        return _("Papers on marriage, adoption and succession are signed on paper (Electronic Signature Law 3).")
    said = wording.content(agreement)
    plain = json.dumps([said[n] for n in ("clauses", "obligations", "duties", "dispute")], ensure_ascii=False)
    if _PAPER_ONLY.search(plain):
        return _("Papers on marriage, adoption and succession are signed on paper (Electronic Signature Law 3).")
    if _UTILITIES.search(plain):
        return _("Papers on stopping water, power, heat or gas are signed on paper (Electronic Signature Law 3).")
    return None


def sign_on_screen(
    *, agreement: Agreement, party: Party, drawing: str, sha256: str, by: Actor, at: datetime
) -> Signature:
    """A party signs on a screen: by its own hand, with its consent, under exactly the text of this hash.

    `drawing`: strokes as JSON, [[[x, y], …], …] in a field of 1000 × 400. Done by the party on its own page, or on a
    mediator's device in the party's presence. Raises Refusal where the law wants paper.
    """
    with acts.locked(agreement.mediation_id) as row:
        if by.kind == "resident":
            if by.key != acts.subject_of(party):
                raise NotAllowed
        else:
            seeing.check(by, row, "conduct")
        now = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        now.mediation = row
        drafting.only(now, AgreementState.SIGNING)
        if (reason := paper_only(now)) is not None:
            raise Refusal(reason, field="drawing", code="paper_only")
        if not consents.standing(row, Question.SCREEN).get(party.pk):
            raise Refusal(_("This party hasn't agreed to sign on a screen."), field="consent", code="no_consent")
        if not now.text_sha256 or sha256 != now.text_sha256 or not wording.intact(now):
            raise Refusal(_("The text isn't the one that was shown: read it again."), field="drawing", code="text")
        sheet = _Sheet(row, now, Mark.SCREEN, acts.local_day(at), by, at)
        made = _party_signs(sheet, Party.objects.get(pk=party.pk), "", drawing=_strokes(drawing))
        _settle(row, now, by, at)
        moments.refresh(row)
    return made


def _strokes(drawing: str) -> str:
    """The strokes as they may be kept: whole numbers within the field, enough of them to be a name."""
    bad = Refusal(_("Nothing was drawn that could be a signature. Sign once more."), field="drawing", code="drawing")
    try:
        strokes: Any = json.loads(drawing) if len(drawing) < 100_000 else []
        found = [[[int(x), int(y)] for x, y in stroke] for stroke in strokes if stroke]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise bad from error
    points = [point for stroke in found for point in stroke]
    inside = all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    if (
        not inside
        or not FEWEST_POINTS <= len(points) <= MOST_POINTS
        or len({(x, y) for x, y in points}) < FEWEST_POINTS
    ):
        raise bad
    return json.dumps(found, separators=(",", ":"))


def path_of(signature: Signature) -> str:
    """The drawing as the `d` of an SVG path; empty where nothing was drawn."""
    if not signature.drawing:
        return ""
    return " ".join(
        "M" + " L".join(f"{x} {y}" for x, y in (stroke if len(stroke) > 1 else stroke * 2))
        for stroke in json.loads(signature.drawing)
    )


def strike(*, signature: Signature, why: str, by: Actor, at: datetime) -> None:
    """A mark was recorded by mistake: struck with its reason, as long as the agreement isn't in effect."""
    reason = acts.words(why, "why", needed=True, most=200)
    with drafting.held(signature.agreement, by) as (row, now):
        drafting.only(now, AgreementState.SIGNING)
        if now.signatures.filter(pk=signature.pk, removed_at=None).update(removed_at=at):
            data = {"number": now.number, "signer": signature.signer, "mark": signature.mark}
            acts.record(row, "signature_struck", by=by, at=at, data=data, said=reason, visible_to=VisibleTo.RESIDENT)


def put_seal(*, agreement: Agreement, on: date, by: Actor, at: datetime) -> Agreement:
    """The committee's seal was put under it on this day; it should come last (the linter says so)."""
    with drafting.held(agreement, by, "conduct", "manage") as (row, now):
        drafting.only(now, AgreementState.SIGNING)
        _on(on, at)
        now.seal_on = on
        drafting.save(now, "seal_on")
        data = {"number": now.number, "on": on.isoformat()}
        acts.record(row, "agreement_sealed", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        _settle(row, now, by, at)
    return now


def keep_scan(*, agreement: Agreement, scan: Evidence, by: Actor, at: datetime) -> Agreement:
    """The scan of the signed original."""
    with drafting.held(agreement, by, "conduct", "manage") as (row, now):
        if scan.mediation_id != row.pk:
            raise NotAllowed
        now.scan = scan
        drafting.save(now, "scan")
        acts.record(row, "agreement_scanned", by=by, at=at, data={"number": now.number, "sha256": scan.sha256})
    return now


def _settle(row: Mediation, agreement: Agreement, by: Actor, at: datetime) -> None:
    """Let it take effect if nothing is missing: on the last day of all marks and the seal (art. 29)."""
    if agreement.seal_on is None or missing(agreement, acts.local_day(at)):
        return
    days = [one.on for one in wording.marks(agreement)] + [agreement.seal_on]
    take_effect(row, agreement, max(days), by=by, at=at)


def take_effect(row: Mediation, agreement: Agreement, on: date, *, by: Actor, at: datetime) -> None:
    """From this day it binds; the caller holds the lock. Replaces the one before, opens what follows."""
    agreement.state, agreement.effect_on = AgreementState.IN_EFFECT, on
    drafting.save(agreement, "state", "effect_on", "text_sha256", "frozen")
    data: dict[str, Any] = {"number": agreement.number, "on": on.isoformat()}
    acts.record(row, "agreement_in_effect", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    for follower in _followers:
        follower(row, agreement, by, at)
    if row.stage == Stage.AGREED and not agreement.partial:
        stages.move(mediation=row, to=Stage.PERFORMING, by=by, at=at)
