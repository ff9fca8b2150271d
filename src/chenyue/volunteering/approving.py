"""A second person decides about claims: approved hours enter the ledger and earn; a mistake has its counter-entry.

谁记录谁证明 (民政部令第67号): who organises records, and another certifies. Nobody decides about what they typed
themselves, nor about their own hours.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.rules import may as holds
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, claim_facts, crediting, detectors, flags, hours, persons, seeing
from chenyue.volunteering import telling_proofs as telling
from chenyue.volunteering.lifecycle import ActivityState, ClaimState, Grade
from chenyue.volunteering.models import Activity, Claim, HourEntry, Volunteer


def unit_of(claim: Claim) -> int | None:
    """The unit whose claim it is: that of the activity, else the recorder's."""
    if claim.activity is not None:
        return claim.activity.unit_id
    return claim.recorded_by.unit_id if claim.recorded_by else None


def may_certify(by: Actor, claim: Claim) -> bool:
    """Whether this actor certifies for the unit of the claim (not yet: whether as a second person)."""
    if by.kind == "system":
        return True
    unit = unit_of(claim)
    return by.kind == "member" and holds(by.user, seeing.CERTIFY, unit_ids=[unit] if unit else ())


def check_second(by: Actor, claim: Claim) -> None:
    """Raise NotAllowed, or Refusal `same_person` and `oneself`: one who records doesn't certify."""
    if not may_certify(by, claim):
        raise NotAllowed
    if by.kind == "member" and claim.recorded_by_id == by.user.pk:
        raise Refusal(_("You wrote these hours down yourself: a second person decides."), code="same_person")
    persons.not_oneself(by, claim.volunteer.resident, _("These are your own hours: somebody else decides."))


def approve(claim: Claim, *, by: Actor, at: datetime, reason: str = "", version: int | None = None) -> HourEntry:
    """Write the hours into the ledger and let them earn, in one transaction.

    What nobody confirmed for whom it was done becomes grade C: hours, no credits. Raises NotAllowed; Conflict for what
    is decided already; Refusal: one's own claim, hours that count already, flags without a reason.
    """
    with acts.locked(claim, version, *BESIDE) as row:
        check_second(by, row)
        _check_waiting(row)
        _check_bars(row)
        row.reason = acts.words(reason, "reason", most=300)
        if row.flags and by.kind == "member" and not row.reason:
            raise Refusal(_("Something looks wrong here: say why it counts all the same."), field="reason", code="why")
        if row.grade == Grade.B and row.confirmed_at is None:
            row.grade = Grade.C
        row.state, row.decided_at, row.decided_by = ClaimState.APPROVED, at, by.user
        acts.touch(row, "state", "grade", "reason", "decided_at", "decided_by")
        entry = HourEntry.objects.create(
            volunteer_id=row.volunteer_id, claim=row, activity_id=row.activity_id, grade=row.grade, minutes=row.minutes,
            served_on=acts.local_day(row.starts_at), reason=row.reason, at=at, by=by.user,
        )  # fmt: skip
        data = {"minutes": entry.minutes, "day": entry.served_on.isoformat(), "grade": entry.grade, "entry": entry.pk}
        acts.record(row.volunteer.subject, "hours_counted", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        crediting.earn(entry, at)
        if by.kind != "system":
            telling.counted(entry, at)
    return entry


BESIDE = ("volunteer__resident", "activity__case", "activity__place", "recorded_by")


def _check_waiting(row: Claim) -> None:
    if row.state != ClaimState.WAITING:
        raise Conflict(_("These hours were decided about already."))


def _check_bars(row: Claim) -> None:
    """What no reason overcomes. Raises Refusal."""
    activity = row.activity
    if activity is not None and activity.state == ActivityState.CANCELLED:
        raise Refusal(_("This activity was called off: nothing can be served at it."), code="cancelled")
    if activity is not None and case_open(activity):
        raise Refusal(str(flags.SENTENCES["case_open"]), code="case_open")
    Volunteer.objects.select_for_update(of=("self",)).get(pk=row.volunteer_id)
    one, counting = claim_facts.shift_of(row), [s for s in claim_facts.others(row) if s.counts]
    day = acts.local_day(row.starts_at)
    found = detectors.overlap(one, counting)
    if one.minutes + hours.of_day(row.volunteer_id, day) > detectors.DAY:
        found.append({"code": "day_full", "minutes": one.minutes + hours.of_day(row.volunteer_id, day)})
    if found:
        raise Refusal(flags.in_words(found)[0][1], code=str(found[0]["code"]))


def case_open(activity: Activity) -> bool:
    """Helping on a case earns on its close, never on a promise: or when the activity itself is done."""
    case = activity.case
    return case is not None and case.closed_at is None and activity.state != ActivityState.DONE


def refuse(claim: Claim, *, by: Actor, at: datetime, reason: str, version: int | None = None) -> Claim:
    """Decline a claim; the volunteer reads why and may ask for correction. Raises as `approve`."""
    with acts.locked(claim, version, *BESIDE) as row:
        check_second(by, row)
        _check_waiting(row)
        row.reason = acts.words(reason, "reason", needed=True, most=300)
        row.state, row.decided_at, row.decided_by = ClaimState.REFUSED, at, by.user
        acts.touch(row, "state", "reason", "decided_at", "decided_by")
        data = {"minutes": row.minutes, "day": acts.local_day(row.starts_at).isoformat()}
        acts.record(
            row.volunteer.subject, "hours_refused", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT,
            said=row.reason,
        )  # fmt: skip
        telling.refused(row, at)
    return row


def counter(
    entry: HourEntry, *, by: Actor, at: datetime, reason: str, minutes: int | None = None, decided: bool = False
) -> HourEntry:
    """Take an entry back, wholly or `minutes` of it, by an entry of its own; what it earned goes back as well.

    Never deletes. `decided`: a complaint was decided, which has its own two persons. Raises NotAllowed, Refusal,
    Conflict for one that was taken back already.
    """
    why = acts.words(reason, "reason", needed=True, most=300)
    with acts.locked(entry.claim, None, *BESIDE) as claim:
        row = HourEntry.objects.select_related("volunteer__resident").get(pk=entry.pk)
        if not decided:
            if not may_certify(by, claim):
                raise NotAllowed
            persons.not_oneself(by, claim.volunteer.resident, _("These are your own hours: somebody else decides."))
        if row.reverses_id is not None:
            raise NotFound
        if HourEntry.objects.filter(reverses=row).exists():
            raise Conflict(_("This entry was taken back already."))
        back = row.minutes if minutes is None else minutes
        if not 1 <= back <= row.minutes:
            raise Refusal(
                _("Between 1 and %(n)d minutes can be taken back.") % {"n": row.minutes}, field="minutes", code="range"
            )
        made = HourEntry.objects.create(
            volunteer_id=row.volunteer_id, claim=claim, activity_id=row.activity_id, grade=row.grade, minutes=-back,
            served_on=row.served_on, reverses=row, reason=why, at=at, by=by.user,
        )  # fmt: skip
        data = {"minutes": back, "day": row.served_on.isoformat(), "entry": row.pk}
        acts.record(
            claim.volunteer.subject,
            "hours_taken_back",
            by=by,
            at=at,
            data=data,
            visible_to=VisibleTo.RESIDENT,
            said=why,
        )
        crediting.reverse_earning(row, minutes=back, by=by, at=at, reason=why)
        telling.taken_back(made, at)
    return made


def approve_many(claims: Sequence[Claim], *, by: Actor, at: datetime, reason: str = "") -> dict[int, str]:
    """Approve several, each by itself: one that can't be approved stays waiting. Gives what was refused, and why."""
    return _each(claims, lambda claim: approve(claim, by=by, at=at, reason=reason))


def refuse_many(claims: Sequence[Claim], *, by: Actor, at: datetime, reason: str) -> dict[int, str]:
    """Decline several with one reason; see `approve_many`."""
    acts.words(reason, "reason", needed=True, most=300)
    return _each(claims, lambda claim: refuse(claim, by=by, at=at, reason=reason))


def _each(claims: Sequence[Claim], act: Callable[[Claim], object]) -> dict[int, str]:
    kept: dict[int, str] = {}
    for claim in claims:
        try:
            with transaction.atomic():
                act(claim)
        except Refusal as refusal:
            kept[claim.pk] = str(refusal.sentence)
    return kept
