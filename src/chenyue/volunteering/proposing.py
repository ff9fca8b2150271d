"""Changes of credits by hand: one person asks, another decides; freezing is quick, freeing takes another person."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.people.models import Resident
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, amounts, changing, letters_ledger, persons, seeing
from chenyue.volunteering.lifecycle import PostingKind, ProposalKind, ProposalState
from chenyue.volunteering.models import Posting, Proposal


def propose(
    *, kind: str, resident: Resident, amount: int, reason: str, by: Actor, at: datetime,
    expires_on: date | None = None,
) -> Proposal:  # fmt: skip
    """Ask for a grant, for donated credits, or to take some back. Nothing moves before another person approves.

    Raises NotAllowed, Refusal at `kind`, `amount`, `reason`, `expires_on`, `oneself`.
    """
    seeing.check(by, seeing.CREDITS)
    persons.not_oneself(by, resident, _("Nobody changes their own credits: ask a colleague."))
    if resident.erased_at or resident.locked_at:
        raise Refusal(_("This person's data has been deleted or locked."), code="locked")
    chosen = acts.one_of(ProposalKind.values, kind, "kind")
    if expires_on is not None and expires_on <= acts.local_day(at):
        raise Refusal(_("The last day lies in the past."), field="expires_on", code="past")
    with transaction_of_its_own():
        row = Proposal.objects.create(
            kind=chosen, resident=resident, amount=amounts.within(amount), asked_at=at, asked_by=by.user,
            expires_on=expires_on if chosen == ProposalKind.GRANT else None,
            reason=acts.words(reason, "reason", needed=True, most=300),
        )  # fmt: skip
        _record(row, f"{row.kind}_asked", by, at, {"amount": row.amount})
    return row


def approve(*, proposal: Proposal, by: Actor, at: datetime) -> Posting:
    """The second person: it is posted. Raises NotAllowed, Refusal `same_person`, `oneself`, `short`, `pool_short`."""
    seeing.check(by, seeing.CREDITS)
    with acts.locked(proposal, None, "resident", "asked_by") as row:
        _waits(row)
        if by.user is None or by.user.pk == row.asked_by_id:
            raise Refusal(_("Another person must approve what you asked for."), code="same_person")
        persons.not_oneself(by, row.resident, _("Nobody changes their own credits: ask a colleague."))
        posting = _post(row, by, at)
        row.state, row.posting = ProposalState.APPROVED, posting
        row.decided_at, row.decided_by = at, by.user
        row.save(update_fields=["state", "posting", "decided_at", "decided_by"])
        if row.kind != ProposalKind.TAKE:
            letters_ledger.granted(row.resident, row.amount, f"proposal:{row.pk}", at)
    return posting


def _post(row: Proposal, by: Actor, at: datetime) -> Posting:
    asked, key = row.asked_by.actor(), f"proposal:{row.pk}"
    if row.kind == ProposalKind.TAKE:
        return changing.take_back(
            row.resident, row.amount, key=key, by=asked, second=by.user, at=at, reason=row.reason, reference=key
        )
    return changing.grant(
        row.resident, row.amount, key=key, by=asked, second=by.user, at=at, reason=row.reason, reference=key,
        expires_on=row.expires_on, from_pool=row.kind == ProposalKind.POOL,
    )  # fmt: skip


def refuse(*, proposal: Proposal, words: str, by: Actor, at: datetime) -> Proposal:
    """Say no, with the reason; or take one's own back."""
    seeing.check(by, seeing.CREDITS)
    with acts.locked(proposal) as row:
        _waits(row)
        own = by.user is not None and by.user.pk == row.asked_by_id
        row.words = acts.words(words, "words", needed=not own, most=300)
        row.state = ProposalState.WITHDRAWN if own else ProposalState.REFUSED
        row.decided_at, row.decided_by = at, by.user
        row.save(update_fields=["words", "state", "decided_at", "decided_by"])
        _record(row, f"proposal_{row.state}", by, at, {}, row.words)
    return row


def _waits(row: Proposal) -> None:
    if row.state != ProposalState.WAITING:
        raise Conflict(_("This was decided on already."))


def _record(row: Proposal, verb: str, by: Actor, at: datetime, data: dict[str, int], said: str = "") -> None:
    subject = f"credits:{row.resident_id}"
    acts.record(subject, verb, by=by, at=at, data=data, visible_to=VisibleTo.OFFICE, said=said)


def freeze_by_hand(
    *, resident: Resident, amount: int | None, reason: str, key: str, by: Actor, at: datetime
) -> Posting:
    """Freeze what somebody could spend, or so much of it, at once and with a reason. Raises Refusal `nothing`."""
    seeing.check(by, seeing.CREDITS)
    said = acts.words(reason, "reason", needed=True, most=300)
    with transaction_of_its_own():
        row = changing.freeze(resident, key=f"freeze:hand:{key}"[:80], by=by, at=at, reason=said, amount=amount)
        if row is None:
            raise Refusal(_("There is nothing to freeze."), field="amount", code="nothing")
    return row


def thaw_by_hand(*, frozen: Posting, reason: str, by: Actor, at: datetime) -> Posting:
    """Free what was frozen by hand: another person than who froze it. Raises NotAllowed, Refusal `same_person`."""
    seeing.check(by, seeing.CREDITS)
    if frozen.kind != PostingKind.FREEZE or not frozen.key.startswith("freeze:hand:"):
        raise NotFound
    if by.user is None or frozen.by == f"member:{by.user.pk}":
        raise Refusal(_("Another person must free what you froze."), code="same_person")
    said = acts.words(reason, "reason", needed=True, most=300)
    with transaction_of_its_own():
        row = changing.thaw(frozen, by=by, at=at, reason=said)
        if row is None:
            raise Conflict(_("Nothing of it is frozen any more."))
    return row


def frozen_by_hand(resident: Resident) -> list[Posting]:
    """What was frozen by hand and is still frozen, newest first. One statement."""
    rows = Posting.objects.filter(
        kind=PostingKind.FREEZE, key__startswith="freeze:hand:", reversed_by=None, moves__source__resident=resident
    )
    return list(rows.distinct().order_by("-pk"))


def proposals(state: str = "") -> QuerySet[Proposal]:
    """Proposals, newest first; of one state if one is given."""
    rows = Proposal.objects.select_related("resident", "asked_by", "decided_by")
    return rows.filter(state=state) if state else rows


def proposal_for(pk: int) -> Proposal:
    """A proposal by its key. Raises NotFound."""
    row = proposals().filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
