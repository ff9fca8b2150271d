"""Who could help with one need, for the page of the need: names stay masked, reasons are in words."""

from dataclasses import dataclass
from datetime import datetime

from chenyue.people import masking
from chenyue.volunteering import acts
from chenyue.volunteering.matching import offers
from chenyue.volunteering.matching.saying import part_words, reason_words
from chenyue.volunteering.matching.score import best, why_nobody
from chenyue.volunteering.models import Need, Volunteer

FEW = 5


@dataclass(frozen=True)
class Candidate:
    """One who could help: points of 100 for this need, and the reasons."""

    volunteer: Volunteer
    name: str
    points: int
    reasons: list[str]


@dataclass(frozen=True)
class Found:
    """The few who fit best, and why the others don't."""

    candidates: list[Candidate]
    others: list[str]


def for_need(need: Need, at: datetime) -> Found:
    """Eight statements, however many volunteers."""
    task = offers.tasks([need])[0]
    people = offers.people(acts.local_day(need.starts_at), at)
    fits = best(task, people, FEW)
    rows = Volunteer.objects.select_related("resident").in_bulk([one.person for one in fits])
    candidates = [
        Candidate(
            rows[one.person],
            masking.mask_name(rows[one.person].resident.name),
            one.points,
            [part_words(part) for part in one.parts],
        )
        for one in fits
    ]
    reasons = why_nobody(task, people)
    return Found(candidates, [reason_words(why, count) for why, count in sorted(reasons.items())])
