"""Calls drawn by lot: somebody who had no part in it asks whom it served, or who organised.

The draw of a day is fixed by a seed made from the office's key and the day: nobody can foresee it, and anybody who has
the key can make it again. Drawn are typed hours that a second person approved; those approved in spite of a flag are
always drawn.
"""

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core import crypto
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.people.models import Member
from chenyue.people.rules import may as holds
from chenyue.volunteering import acts, approving, complaining, persons, seeing, thresholds
from chenyue.volunteering import telling_proofs as telling
from chenyue.volunteering.lifecycle import ClaimState
from chenyue.volunteering.models import Claim, HourEntry, SpotCheck

RESULTS = ("true", "doubtful", "false", "unreached")
BACK = 7  # days whose draw is made up for when a tick stood still


def seed_of(day: date) -> str:
    """The seed of a day's draw (32 hex digits)."""
    return crypto.blind_index(day.isoformat(), "volunteering.draw")


def falls(seed: str, claim: int, percent: int) -> bool:
    """Whether the lot falls on a claim. Pure: the same seed gives the same draw."""
    return int(hashlib.sha256(f"{seed}:{claim}".encode()).hexdigest(), 16) % 100 < percent


def draw(at: datetime) -> int:
    """Draw from what was approved on each of the last days before today; how many calls are new."""
    limits, today = thresholds.now(), acts.local_day(at)
    rows = Claim.objects.filter(
        state=ClaimState.APPROVED, decided_at__gt=at - timedelta(days=BACK + 1), recorded_by__isnull=False,
        spot_check=None,
    ).exclude(decided_by=None)  # fmt: skip
    due, made = today + timedelta(days=limits.check_days), []
    for claim in rows.order_by("pk"):
        day = acts.local_day(claim.decided_at or at)
        seed = seed_of(day)
        if day < today and (claim.flags or falls(seed, claim.pk, limits.check_percent)):
            given = {"drawn_at": at, "seed": seed, "due_on": due}
            check, new = SpotCheck.objects.get_or_create(claim=claim, defaults=given)
            made += [check] if new else []
    telling.drawn(made, at)
    return len(made)


def visible(member: Member) -> QuerySet[SpotCheck]:
    """Calls that this member may make or read of."""
    if seeing.sees_all(member):
        return SpotCheck.objects.all()
    units = seeing.units_of(member, seeing.CERTIFY) or []
    return SpotCheck.objects.filter(claim__activity__unit__in=units)


def may_call(by: Actor, check: SpotCheck) -> bool:
    """Whether this actor makes such calls at all."""
    return by.kind == "member" and (holds(by.user, seeing.SERVE) or approving.may_certify(by, check.claim))


def answer(check: SpotCheck, *, result: str, words: str, by: Actor, at: datetime) -> SpotCheck:
    """What the call said. Doubtful and false make a complaint, which freezes the credits until it is decided.

    Raises NotAllowed; Refusal `same_person` for who recorded or certified, `oneself`; Conflict for one answered.
    """
    acts.one_of(RESULTS, result, "result")
    said = acts.words(words, "words", needed=result != "true", most=300)
    with acts.locked(check, None, *(f"claim__{name}" for name in approving.BESIDE)) as row:
        claim = row.claim
        if not may_call(by, row):
            raise NotAllowed
        if by.user.pk in (claim.recorded_by_id, claim.decided_by_id):
            raise Refusal(_("You recorded or certified these hours: a third person calls."), code="same_person")
        persons.not_oneself(by, claim.volunteer.resident, _("These are your own hours: somebody else calls."))
        if row.result not in ("", "unreached"):
            raise Conflict(_("This call was made already."))
        row.result, row.words, row.asked_at, row.asked_by = result, said, at, by.user
        row.save(update_fields=["result", "words", "asked_at", "asked_by"])
        data = {"minutes": claim.minutes, "day": acts.local_day(claim.starts_at).isoformat(), "result": result}
        acts.record(claim.volunteer.subject, "spot_checked", by=by, at=at, data=data, said=said)
        if result in ("doubtful", "false"):
            entry = HourEntry.objects.filter(claim=claim, reverses=None).first()
            if entry is not None and complaining.open_of(entry) is None and complaining.left(entry):
                complaining.complain(entry, words=said, by=by, at=at)
    return row
