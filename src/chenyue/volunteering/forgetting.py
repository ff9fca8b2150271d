"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring.

Hours, postings and bookings stay as figures without a name: the office accounts for them, and nobody can change them.
Bookings and sign-ups that lie ahead are given back, credits that are left go to those who can't earn any.
"""

from typing import Any

from django.db.models import Q

from chenyue.core.actors import SYSTEM
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.timeline import actions as timeline
from chenyue.volunteering import accounts, acts, crediting, ending, hours, joining, needs, spending, ties, waiting
from chenyue.volunteering.lifecycle import BookingState, NeedState, VolunteerState, WaitState
from chenyue.volunteering.models import (
    Account,
    Booking,
    Certificate,
    Claim,
    FamilyTie,
    Need,
    Plea,
    Posting,
    Volunteer,
    WaitingPlace,
)

AHEAD = (NeedState.ASKED, NeedState.VERIFIED, NeedState.PLANNED)


def on_erased(event: ResidentErased) -> None:
    """Give back what lies ahead, then clear what says who it was."""
    _give_back(event)
    subjects = [f"credits:{event.resident.pk}"]
    volunteer = Volunteer.objects.filter(resident=event.resident).first()
    if volunteer is not None:
        _forget_volunteer(volunteer, event)
        subjects.append(volunteer.subject)
    subjects += _forget_needs(event)
    for row in Booking.objects.filter(resident=event.resident).exclude(reason=""):
        Booking.objects.filter(pk=row.pk).update(reason=_masked(row.reason, event))
        subjects.append(row.subject)
    for plea in Plea.objects.filter(resident=event.resident):
        Plea.objects.filter(pk=plea.pk).update(
            words=_masked(plea.words, event), reason=_masked(plea.reason, event)
        )  # fmt: skip
    for subject in subjects:
        timeline.forget_words(subject, lambda words: _masked(words, event) != words, by=event.by, at=event.at)
    acts.record(subjects[0], "forgotten", by=event.by, at=event.at)


def _masked(words: str, event: ResidentErased) -> str:
    return masking.forget_person(words, event.name)


def _give_back(event: ResidentErased) -> None:
    who, at = event.resident, event.at
    for row in Booking.objects.filter(Q(resident=who) | Q(payer=who), state=BookingState.HELD, slot__starts_at__gt=at):
        ending.cancel(booking=row, by=SYSTEM, at=at)
    for place in WaitingPlace.objects.filter(
        Q(resident=who) | Q(payer=who), state__in=(WaitState.WAITING, WaitState.CALLED)
    ).select_related("slot"):
        waiting.leave(place=place, by=SYSTEM, at=at)
    for tie in FamilyTie.objects.filter(Q(giver=who) | Q(receiver=who), ended_at=None):
        ties.end_tie(tie=tie, by=SYSTEM, at=at, reason="-")
    for need in Need.objects.filter(resident=who, state__in=AHEAD):
        needs.withdraw(need, by=SYSTEM, at=at)
    _donate(who, event)


def _donate(who: Resident, event: ResidentErased) -> None:
    if not Account.objects.filter(resident=who).exists():
        return
    purse = accounts.locked([who.pk], event.at)[who.pk]
    left = accounts.total(spending.spendable(purse, acts.local_day(event.at)))
    if left:
        crediting.donate(who, left, key=f"donate:erased:{who.pk}", by=SYSTEM, at=event.at)


def _forget_volunteer(row: Volunteer, event: ResidentErased) -> None:
    if row.state != VolunteerState.LEFT:
        row = joining.leave(row, by=SYSTEM, at=event.at)
    row.birth_on = row.guardian_at = row.insured_until = row.place = None
    row.guardian_name = row.guardian_how = row.limits = ""
    row.licences, row.times = {}, []
    row.save()
    row.skills.clear()
    for claim in Claim.objects.filter(volunteer=row):
        Claim.objects.filter(pk=claim.pk).update(words=_masked(claim.words, event), reason=_masked(claim.reason, event))
    for paper in Certificate.objects.filter(volunteer=row).exclude(remarks=""):
        Certificate.objects.filter(pk=paper.pk).update(remarks=_masked(paper.remarks, event))


def _forget_needs(event: ResidentErased) -> list[str]:
    found = list(Need.objects.filter(resident=event.resident).order_by("pk"))
    for row in found:
        Need.objects.filter(pk=row.pk).update(title=_masked(row.title, event)[:80], words="", risks="")
    return [row.subject for row in found]


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """All of volunteering that is kept about a resident, for their copy (PIPL 45); nobody else's names."""
    volunteer = Volunteer.objects.filter(resident=resident).first()
    found: list[dict[str, Any]] = []
    if volunteer is not None:
        found.append({"what": "volunteer", **_volunteer(volunteer)})
        found += [
            {"what": "hours", "day": row.served_on.isoformat(), "minutes": row.minutes, "grade": row.grade,
             "activity": row.activity.title if row.activity else "", "reason": row.reason}
            for row in hours.entries(volunteer)
        ]  # fmt: skip
        found += [
            {"what": "sign_up", "activity": row.activity.title, "at": row.at.isoformat(), "state": row.state}
            for row in volunteer.sign_ups.select_related("activity").order_by("pk")
        ]
        found += [
            {"what": "certificate", "number": row.number, "state": row.state, "minutes": row.minutes}
            for row in volunteer.certificates.order_by("pk")
        ]
    return found + _credits(resident) + _asked(resident)


def _volunteer(row: Volunteer) -> dict[str, Any]:
    return {
        "number": row.number, "state": row.state, "joined": row.joined_at.isoformat(),
        "born": row.birth_on.isoformat() if row.birth_on else None, "guardian": row.guardian_name,
        "skills": [skill.name for skill in row.skills.all()], "times": row.times, "limits": row.limits,
        "licences": {code: held.get("until") for code, held in row.licences.items()},
    }  # fmt: skip


def _credits(resident: Resident) -> list[dict[str, Any]]:
    """Postings that touched this resident's accounts, with what changed; hundredths of a credit."""
    own = {account.pk: account.kind for account in Account.objects.filter(resident=resident)}
    touched = Q(moves__source__in=own) | Q(moves__target__in=own)
    rows = Posting.objects.filter(touched).distinct().prefetch_related("moves").order_by("pk") if own else []
    return [
        {"what": "credits", "kind": row.kind, "at": row.at.isoformat(), "reason": row.reason,
         "reference": row.reference, "change": _change(row, own)}
        for row in rows
    ]  # fmt: skip


def _change(row: Posting, own: dict[int, str]) -> int:
    came = sum(move.amount for move in row.moves.all() if move.target_id in own)
    return came - sum(move.amount for move in row.moves.all() if move.source_id in own)


def _asked(resident: Resident) -> list[dict[str, Any]]:
    bookings = Booking.objects.filter(resident=resident).select_related("slot__service").order_by("pk")
    return [
        *(
            {"what": "booking", "number": row.number, "service": row.slot.service.name, "state": row.state,
             "when": row.slot.starts_at.isoformat(), "credits": row.credits}
            for row in bookings
        ),
        *(
            {"what": "need", "number": row.number, "title": row.title, "words": row.words, "state": row.state}
            for row in Need.objects.filter(resident=resident).order_by("pk")
        ),
        *(
            {"what": "complaint", "words": row.words, "at": row.at.isoformat(), "state": row.state,
             "reason": row.reason}
            for row in Plea.objects.filter(resident=resident).order_by("pk")
        ),
        *(
            {"what": "relative", "kin": row.kin, "since": row.made_at.isoformat()}
            for row in FamilyTie.objects.filter(Q(giver=resident) | Q(receiver=resident)).order_by("pk")
        ),
    ]  # fmt: skip
