"""What homes say to a plan: five steps with reasons, at the door, on paper, by telephone, online; and the ballots.

A later stance supersedes, never overwrites. On one version what was said in person comes before what was said from
afar, whichever was first; both stay visible. Tenants are heard and don't count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.core.moments import calendar_day
from chenyue.works import acts
from chenyue.works.lifecycle import IN_PERSON, How, Reason, Speaker, Step, Vote
from chenyue.works.models import Ballot, HomeDispute, ObjectionAnswer, PlanVersion, RegisteredHome, Stance, WorksFile
from chenyue.works.site import permits

AHEAD = timedelta(minutes=5)  # clocks of two machines differ
LONGEST_NAMES = 100


@dataclass(frozen=True)
class Said:
    """What one home said. `said_at`: when, if it is entered later (a paper that was signed at the door)."""

    home_id: int
    step: str
    reasons: Sequence[str] = ()
    words: str = ""
    parts: Sequence[str] = ()
    speaker: str = Speaker.OWNER
    said_at: datetime | None = None
    scan: WorksFile | None = None
    changed_by: ObjectionAnswer | None = None  # the answer to an objection that changed it


def take_stance(
    *, home: RegisteredHome, plan: PlanVersion, step: str, how: str, by: Actor, at: datetime,
    reasons: Sequence[str] = (), words: str = "", parts: Sequence[str] = (), speaker: str = Speaker.OWNER,
    said_at: datetime | None = None, scan: WorksFile | None = None, changed_by: ObjectionAnswer | None = None,
) -> Stance:  # fmt: skip
    """Take down one home's stance on the plan that is asked about now.

    Raises Conflict for a version that was replaced meanwhile, Refusal at its field, NotAllowed.
    """
    said = Said(home.pk, step, reasons, words, parts, speaker, said_at, scan, changed_by)
    return take_stances(plan=plan, said=[said], how=how, by=by, at=at)[0]


def take_stances(*, plan: PlanVersion, said: Sequence[Said], how: str, by: Actor, at: datetime) -> list[Stance]:
    """Take down what several homes said, all or nothing; the same few statements however many."""
    acts.one_of(How.values, how, "how")
    if len({one.home_id for one in said}) != len(said):
        raise Refusal(_("The same home is in this batch twice."), field="home", code="twice")
    with acts.speaking(plan, by, at) as (act, row):
        homes = acts.homes_of(act.project, [one.home_id for one in said])
        for home in homes.values():
            permits.only(acts.may_speak(by, home) and (by.kind != "resident" or how == How.WEB))
        _belongs(said, act.project.pk)
        keys = {key for one in said for key in one.parts}
        acts.part_keys(row, keys)
        made = [_stance(one, row, how, by, at) for one in said]
        _settle(made, row, at)
        for stance in made:
            act.say("stance_taken", home=homes[stance.home_id].pk, n=row.number, how=str(how))
    return made


def _stance(one: Said, plan: PlanVersion, how: str, by: Actor, at: datetime) -> Stance:
    said_at = one.said_at or at
    if said_at > at + AHEAD:
        raise Refusal(_("This date is in the future. Check it."), field="said_at", code="future")
    if plan.published_at and said_at < plan.published_at:
        raise Refusal(
            _("That was before version %(n)d was published on %(day)s: it was about another plan.")
            % {"n": plan.number, "day": calendar_day(acts.local_day(plan.published_at))},
            field="said_at",
            code="other_plan",
        )
    return Stance(
        home_id=one.home_id,
        plan=plan,
        step=acts.one_of(Step.values, one.step, "step"),
        reasons=acts.some_of(Reason.values, one.reasons, "reasons"),
        words=acts.words(one.words),
        parts=list(dict.fromkeys(one.parts)),
        speaker=acts.one_of(Speaker.values, one.speaker, "speaker"),
        how=how,
        at=said_at,
        taken_by=by.user,
        scan=one.scan,
        counts=one.speaker != Speaker.TENANT,
        changed_by=one.changed_by,
    )


def _belongs(said: Sequence["Said | Signed"], project_id: int) -> None:
    """A signed sheet and an answer belong to the same project, and the answer to this home's own objection."""
    for one in said:
        if one.scan is not None and one.scan.project_id != project_id:
            raise NotFound
        answer = one.changed_by if isinstance(one, Said) else None
        if answer is not None and answer.objection.home_id != one.home_id:
            raise NotFound


def _rank(stance: Stance) -> tuple[bool, datetime]:
    """What decides between two stances of a home on one version. One that only came along never holds its ground."""
    return stance.carried_from_id is None and stance.how in IN_PERSON, stance.at


def _settle(made: Sequence[Stance], plan: PlanVersion, at: datetime) -> None:
    """Write the new stances; those that they supersede, or that come before them, stay and are marked."""
    ids = [stance.home_id for stance in made if stance.counts]
    held: dict[int, Stance] = {}
    again: list[Stance] = []
    for row in Stance.objects.filter(plan=plan, home_id__in=ids, superseded_at=None).order_by("pk"):
        if row.counts:
            held[row.home_id] = row
        elif row.ask_again:
            again.append(row)
    overtaken = []
    for stance in made:
        current = held.get(stance.home_id) if stance.counts else None
        if current is None:
            continue
        if current.withdrawn_at is not None:
            current.superseded_at = max(current.withdrawn_at, stance.at)
            overtaken.append(current)
        elif _rank(stance) >= _rank(current):
            if stance.at < current.at:
                current.counts = False  # said online after it was said in person, and entered before
            else:
                current.superseded_at = stance.at
            overtaken.append(current)
        elif _rank(stance)[0] < _rank(current)[0]:
            stance.counts = False  # what was said in person stands; somebody will ask
        else:
            stance.superseded_at = current.at
    for row in again:
        row.superseded_at = at
    Stance.objects.bulk_update([*overtaken, *again], ["superseded_at", "counts"], batch_size=400)
    Stance.objects.bulk_create(made, batch_size=400)


def withdraw_stance(*, stance: Stance, by: Actor, at: datetime) -> Stance:
    """Take a stance back: the home then counts as silent, and what it said stays in its history."""
    with acts.speaking(stance.plan_id, by, at) as (act, plan):
        home = acts.homes_of(act.project, [stance.home_id])[stance.home_id]
        permits.only(acts.may_speak(by, home))
        row = Stance.objects.select_for_update().get(pk=stance.pk)
        if row.withdrawn_at is None:
            if row.superseded_at or row.ask_again:
                raise Conflict(_("A newer stance stands already: take that one back."))
            if by.kind == "resident" and not may_take_back(row):
                raise Refusal(_("This was said in person. Say the new one here, or telephone us: somebody comes."))
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            act.say("stance_withdrawn", home=home.pk, n=plan.number)
    return row


def may_take_back(stance: Stance) -> bool:
    """Whether it may be taken back online: what was said in person comes before what is said from afar."""
    return not _rank(stance)[0]


# Ballots: the legal act


@dataclass(frozen=True)
class Signed:
    """One home's ballot: a vote with names under it, on a day."""

    home_id: int
    vote: str
    signed_by: str
    signed_on: date
    scan: WorksFile | None = field(default=None)


def cast_ballot(
    *, home: RegisteredHome, plan: PlanVersion, vote: str, how: str, signed_by: str, signed_on: date, by: Actor,
    at: datetime, scan: WorksFile | None = None,
) -> Ballot:  # fmt: skip
    """Keep the signed ballot of a home on the plan that is decided about now; see `cast_ballots`."""
    signed = Signed(home.pk, vote, signed_by, signed_on, scan)
    return cast_ballots(plan=plan, signed=[signed], how=how, by=by, at=at)[0]


def cast_ballots(*, plan: PlanVersion, signed: Sequence[Signed], how: str, by: Actor, at: datetime) -> list[Ballot]:
    """Keep signed ballots, all or nothing; the same few statements however many.

    Raises Conflict for a version that was replaced meanwhile and for a home that has a valid ballot, Refusal at its
    field: without a signature, signed before this text existed, or while the co-owners disagree.
    """
    if acts.one_of(How.values, how, "how") not in IN_PERSON:
        raise Refusal(_("A ballot needs a signature: take it at the door, at a meeting or on paper."), field="how")
    if len({one.home_id for one in signed}) != len(signed):
        raise Refusal(_("The same home is in this batch twice."), field="home", code="twice")
    with acts.speaking(plan, by, at) as (act, row):
        ids = [one.home_id for one in signed]
        homes = acts.homes_of(act.project, ids, lock=True)
        for home in homes.values():
            permits.only(by.kind != "resident" and acts.may_speak(by, home))
        _belongs(signed, act.project.pk)
        _free_to_vote(homes, row)
        made = [_ballot(one, row, how, by, at) for one in signed]
        Ballot.objects.bulk_create(made, batch_size=400)
        for ballot in made:
            act.say("ballot_cast", home=ballot.home_id, n=row.number, how=str(how))
    return made


def _free_to_vote(homes: dict[int, RegisteredHome], plan: PlanVersion) -> None:
    disputed = HomeDispute.objects.filter(home__in=homes, settled_at=None).order_by("pk").first()
    if disputed:
        raise Refusal(
            _("The co-owners of %(door)s disagree: the home casts no ballot until they agree.")
            % {"door": homes[disputed.home_id].door},
            field="home",
            code="disputed",
        )
    voted = Ballot.objects.filter(home__in=homes, plan=plan, revoked_at=None).order_by("pk").first()
    if voted:
        raise Conflict(
            _("%(door)s has a valid ballot on this version already, signed on %(day)s. Revoke that one first.")
            % {"door": homes[voted.home_id].door, "day": calendar_day(voted.signed_on)}
        )


def _ballot(one: Signed, plan: PlanVersion, how: str, by: Actor, at: datetime) -> Ballot:
    if one.signed_on > acts.local_day(at):
        raise Refusal(_("This date is in the future. Check it."), field="signed_on", code="future")
    if plan.published_at and one.signed_on < acts.local_day(plan.published_at):
        raise Refusal(
            _("It was signed before version %(n)d was published on %(day)s: under another text.")
            % {"n": plan.number, "day": calendar_day(acts.local_day(plan.published_at))},
            field="signed_on",
            code="other_plan",
        )
    return Ballot(
        home_id=one.home_id,
        plan=plan,
        vote=acts.one_of(Vote.values, one.vote, "vote"),
        how=how,
        signed_by=acts.short(one.signed_by, "signed_by", LONGEST_NAMES),
        signed_on=one.signed_on,
        at=at,
        taken_by=by.user,
        scan=one.scan,
    )


def revoke_ballot(*, ballot: Ballot, reason: str, by: Actor, at: datetime) -> Ballot:
    """Take a ballot back, with the reason; the row stays. Refused for a version that is replaced."""
    reason = acts.short(reason, "reason", 200)
    with acts.speaking(ballot.plan_id, by, at) as (act, plan):
        home = acts.homes_of(act.project, [ballot.home_id], lock=True)[ballot.home_id]
        permits.only(by.kind != "resident" and acts.may_speak(by, home))
        row = Ballot.objects.select_for_update().get(pk=ballot.pk)
        if row.revoked_at is None:
            row.revoked_at, row.revoke_reason = at, reason
            row.save(update_fields=["revoked_at", "revoke_reason"])
            act.say("ballot_revoked", home=home.pk, n=plan.number)
    return row


def open_dispute(*, home: RegisteredHome, words: str, by: Actor, at: datetime) -> HomeDispute:
    """Co-owners disagree: the home casts no ballot until they agree, and a valid one is revoked. One open at a time."""
    with acts.of_home(home, by, at) as told:
        open_one = HomeDispute.objects.filter(home=home, settled_at=None).first()
        if open_one:
            return open_one
        row = HomeDispute.objects.create(home=home, words=acts.words(words), opened_at=at, opened_by=by.user)
        gone = Ballot.objects.filter(home=home, revoked_at=None, plan__state="published")
        revoked = gone.update(revoked_at=at, revoke_reason=str(_("The co-owners disagree.")))
        told.say("dispute_opened", home=home.pk, revoked=revoked)
    return row


def settle_dispute(*, dispute: HomeDispute, by: Actor, at: datetime) -> HomeDispute:
    """The co-owners agree again: from now on the home may cast a ballot, a new one."""
    with acts.of_home(dispute.home, by, at) as told:
        if HomeDispute.objects.filter(pk=dispute.pk, settled_at=None).update(settled_at=at):
            told.say("dispute_settled", home=dispute.home_id)
    dispute.refresh_from_db()
    return dispute
