"""Complaints about hours, and wishes to have them corrected: credits are frozen until somebody else decides.

A volunteer's own wish for correction (民政部令第67号: the organiser verifies and corrects) freezes nothing.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.models import Member, Resident
from chenyue.people.rules import may as holds
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, approving, crediting, persons, seeing, thresholds
from chenyue.volunteering import telling_proofs as telling
from chenyue.volunteering.lifecycle import PleaKind, PleaState
from chenyue.volunteering.models import HourEntry, Plea, Posting

BESIDE = ("volunteer__resident", "claim__activity", "claim__recorded_by")


def open_of(entry: HourEntry) -> Plea | None:
    """The complaint about an entry that is still to be decided."""
    return Plea.objects.filter(entry=entry, state=PleaState.OPEN, kind=PleaKind.HOURS).first()


def left(entry: HourEntry) -> int:
    """Minutes of an entry that still count."""
    back = HourEntry.objects.filter(reverses=entry).aggregate(minutes=Sum("minutes"))["minutes"] or 0
    return entry.minutes + back


def visible(member: Member) -> QuerySet[Plea]:
    """Complaints about hours that this member may read of."""
    rows = Plea.objects.filter(kind=PleaKind.HOURS)
    if seeing.sees_all(member):
        return rows
    return rows.filter(entry__activity__unit__in=seeing.units_of(member, seeing.CERTIFY) or [])


def is_own(plea: Plea) -> bool:
    """Whether the volunteer asks to have the own hours corrected."""
    return plea.entry is not None and plea.resident_id == plea.entry.volunteer.resident_id


def complain(entry: HourEntry, *, words: str, by: Actor, at: datetime, resident: Resident | None = None) -> Plea:
    """Take a complaint down; what the entry earned is frozen, unless the volunteer asks to be corrected.

    By staff who may see hours (`resident`: who says it, if known), or by the volunteer, signed in. Raises NotAllowed,
    NotFound for a counter-entry, Refusal for one that is taken back, Conflict while one is open.
    """
    said = acts.words(words, "words", needed=True, most=1000)
    with acts.locked(entry.claim, None, *approving.BESIDE) as claim:
        row = HourEntry.objects.select_related(*BESIDE).get(pk=entry.pk)
        _may_say(by, row, resident)
        if row.reverses_id is not None:
            raise NotFound
        if not left(row):
            raise Refusal(_("These hours were taken back already."), code="taken_back")
        if open_of(row) is not None:
            raise Conflict(_("Somebody is looking into these hours already."))
        limits = thresholds.now()
        plea = Plea.objects.create(
            kind=PleaKind.HOURS, entry=row, resident=resident, words=said, at=at, taken_by=by.user,
            due_on=acts.local_day(at) + timedelta(days=limits.plea_days),
        )  # fmt: skip
        acts.record(claim.volunteer.subject, "hours_complaint", by=by, at=at, data=_data(row, plea))
        if not is_own(plea):
            crediting.freeze(row, key=_key(plea), by=by, at=at, reference=f"plea:{plea.pk}")
        telling.complained(plea, at)
    return plea


def _may_say(by: Actor, row: HourEntry, resident: Resident | None) -> None:
    if by.kind == "resident":
        if resident is None or by.key != seeing.resident_actor(resident).key:
            raise NotAllowed
        if resident.pk != row.volunteer.resident_id:
            raise NotFound
    elif not (by.kind == "system" or (by.kind == "member" and seeing.takes_part(by.user))):
        raise NotAllowed


def may_decide(by: Actor, plea: Plea) -> bool:
    """Whether this actor decides about complaints: who keeps the credits, or certifies for the unit."""
    entry = plea.entry
    return (
        by.kind == "member"
        and entry is not None
        and (holds(by.user, seeing.CREDITS) or approving.may_certify(by, entry.claim))
    )


def decide(
    plea: Plea, *, upheld: bool, reason: str, by: Actor, at: datetime, minutes: int | None = None,
    version: int | None = None,
) -> Plea:  # fmt: skip
    """Decide: upheld takes back `minutes` (all that count, unless said; none for 0), refused frees what was frozen.

    Raises NotAllowed; Refusal `same_person` for who took the complaint down, recorded or certified the hours, and
    `oneself`; Conflict for one that is decided.
    """
    why = acts.words(reason, "reason", needed=True, most=500)
    with acts.locked(plea, version, *(f"entry__{name}" for name in BESIDE)) as row:
        entry = row.entry
        if entry is None or not may_decide(by, row):
            raise NotAllowed
        _second(by, row, entry)
        if row.state != PleaState.OPEN:
            raise Conflict(_("This complaint was decided already."))
        row.state = PleaState.UPHELD if upheld else PleaState.REFUSED
        row.decided_at, row.decided_by, row.reason = at, by.user, why
        acts.touch(row, "state", "decided_at", "decided_by", "reason")
        back = _back(row, entry, minutes) if upheld else 0
        if back:
            approving.counter(entry, by=by, at=at, reason=why, minutes=back, decided=True)
        frozen = Posting.objects.filter(key=_key(row)).first()
        if frozen is not None:
            crediting.thaw(frozen, by=by, at=at, reason=why, fault=not upheld)
        verb = "hours_complaint_upheld" if upheld else "hours_complaint_refused"
        acts.record(
            entry.volunteer.subject, verb, by=by, at=at, data=_data(entry, row), visible_to=VisibleTo.RESIDENT, said=why
        )
    return row


def _key(plea: Plea) -> str:
    """The key of the posting that froze what a complaint is about."""
    return f"freeze:plea:{plea.pk}"


def _back(plea: Plea, entry: HourEntry, minutes: int | None) -> int:
    """Minutes to take back: nothing by itself where the volunteer asked, all of it where somebody complained."""
    if minutes is not None:
        return minutes
    return 0 if is_own(plea) else left(entry)


def _second(by: Actor, plea: Plea, entry: HourEntry) -> None:
    if by.user.pk in (plea.taken_by_id, entry.claim.recorded_by_id, entry.claim.decided_by_id):
        raise Refusal(
            _("You took this down, or recorded or certified the hours: somebody else decides."), code="same_person"
        )
    persons.not_oneself(by, entry.volunteer.resident, _("These are your own hours: somebody else decides."))


def _data(entry: HourEntry, plea: Plea) -> dict[str, object]:
    return {"minutes": entry.minutes, "day": entry.served_on.isoformat(), "entry": entry.pk, "plea": plea.pk}
