"""Family ties: who may pass credits on to whom. Both agree, a member of staff who knows neither side approves."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.models import Resident
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, letters_ledger, persons, seeing
from chenyue.volunteering.lifecycle import Kin
from chenyue.volunteering.models import FamilyTie

MOST = 8  # open ties of one giver: a family, not a market


def ask_tie(
    *, giver: Resident, receiver: Resident, kin: str, by: Actor, at: datetime, proof: str = "",
    both_agree: bool = False,
) -> FamilyTie:  # fmt: skip
    """Ask that `giver` may pass credits on to `receiver`, who is their `kin`. Whoever asks has agreed by that.

    A member of staff at the window takes it down for both (`both_agree`: both were there and said so), or for the
    giver. Raises NotAllowed, Refusal at `kin`, `receiver` or `proof`.
    """
    own = by.kind == "resident" and by.key == str(receiver.pk)
    if not own:
        seeing.check_for(by, giver)
    giver_at = None if own else at
    receiver_at = at if own or (both_agree and by.kind != "resident") else None
    if giver.pk == receiver.pk:
        raise Refusal(_("Nobody is a relative of themselves."), field="receiver", code="oneself")
    if FamilyTie.objects.filter(giver=giver, ended_at=None).count() >= MOST:
        raise Refusal(_("There are %(n)d relatives already.") % {"n": MOST}, field="receiver", code="too_many")
    row = FamilyTie(
        giver=giver, receiver=receiver, kin=acts.one_of(Kin.values, kin, "kin"), giver_at=giver_at,
        receiver_at=receiver_at, proof=acts.words(proof, "proof", most=200), made_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(_("This relative is registered already."), field="receiver", code="known") from error
    _record(row, "tie_asked", by, at)
    return row


def agree_tie(*, tie: FamilyTie, by: Actor, at: datetime, who: Resident | None = None) -> FamilyTie:
    """The other side agrees. `who`: the side that says so at the window, where a member takes it down.

    Raises NotAllowed for anybody else, Conflict where it has ended.
    """
    with acts.locked(tie) as row:
        _open(row)
        key = _speaks(by, who)
        if key not in (str(row.giver_id), str(row.receiver_id)):
            raise NotAllowed
        side = "giver_at" if key == str(row.giver_id) else "receiver_at"
        if getattr(row, side) is None:
            setattr(row, side, at)
            row.save(update_fields=[side])
            _record(row, "tie_agreed", by, at)
    return row


def _speaks(by: Actor, who: Resident | None) -> str:
    """The key of the resident whose word it is; "" for nobody's."""
    if by.kind == "resident":
        return by.key
    if who is None:
        return ""
    seeing.check_for(by, who)
    return str(who.pk)


def approve_tie(*, tie: FamilyTie, proof: str, by: Actor, at: datetime) -> FamilyTie:
    """Staff have seen what proves it (household register, marriage certificate): from now on credits may pass.

    Raises NotAllowed, Refusal without both consents (`consents`), without proof (at `proof`), or of one's own.
    """
    seeing.check(by, seeing.CREDITS)
    with acts.locked(tie, None, "giver", "receiver") as row:
        _open(row)
        for side in (row.giver, row.receiver):
            persons.not_oneself(by, side, _("Nobody approves for themselves: ask a colleague."))
        if row.giver_at is None or row.receiver_at is None:
            raise Refusal(_("Both have to agree first."), code="consents")
        if row.approved_at is None:
            row.proof = acts.words(proof or row.proof, "proof", needed=True, most=200)
            row.approved_by, row.approved_at = by.user, at
            row.save(update_fields=["proof", "approved_by", "approved_at"])
            _record(row, "tie_approved", by, at)
            letters_ledger.tie_approved(row, at)
    return row


def end_tie(
    *, tie: FamilyTie, by: Actor, at: datetime, reason: str = "", who: Resident | None = None
) -> FamilyTie:  # fmt: skip
    """End a tie, or refuse one that was asked for; what passed stays passed. Either side, or staff with a reason.

    `who`: the side that says so at the window.
    """
    with acts.locked(tie) as row:
        _open(row)
        own = _speaks(by, who) in (str(row.giver_id), str(row.receiver_id))
        if not own:
            seeing.check(by, seeing.CREDITS)
        row.reason = acts.words(reason, "reason", needed=not own, most=200)
        row.ended_at = at
        row.save(update_fields=["reason", "ended_at"])
        _record(row, "tie_ended", by, at)
    return row


def _open(row: FamilyTie) -> None:
    if row.ended_at is not None:
        raise Conflict(_("This tie has ended."))


def _record(row: FamilyTie, verb: str, by: Actor, at: datetime) -> None:
    for pk in (row.giver_id, row.receiver_id):
        data = {"tie": row.pk, "kin": row.kin}
        acts.record(f"credits:{pk}", verb, by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)


def ties_of(resident: Resident) -> QuerySet[FamilyTie]:
    """Open ties of a resident, either way."""
    rows = FamilyTie.objects.filter(Q(giver=resident) | Q(receiver=resident), ended_at=None)
    return rows.select_related("giver", "receiver", "approved_by").order_by("pk")


def waiting_ties() -> QuerySet[FamilyTie]:
    """Ties that nobody has approved yet, oldest first."""
    rows = FamilyTie.objects.filter(approved_at=None, ended_at=None)
    return rows.select_related("giver", "receiver").order_by("pk")


def tie_of(resident: Resident | None, pk: int) -> FamilyTie:
    """A tie by its key: of this resident, or (None) any. Raises NotFound."""
    rows = FamilyTie.objects.select_related("giver", "receiver", "approved_by").filter(pk=pk)
    if resident is not None:
        rows = rows.filter(Q(giver=resident) | Q(receiver=resident))
    found = rows.first()
    if found is None:
        raise NotFound
    return found
