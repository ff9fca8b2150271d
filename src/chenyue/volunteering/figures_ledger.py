"""Figures of the ledger that everybody may read: sums of all, never of one person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Sum

from chenyue.volunteering.accounts import totals
from chenyue.volunteering.models import HourEntry, Volunteer

FEW = 5  # fewer people than this are told as "a few": a sum of one is that one's


@dataclass(frozen=True)
class Figures:
    """Minutes and hundredths of all people together."""

    volunteers: int
    minutes: int
    issued: int
    outstanding: int  # to spend, held or frozen
    pool: int
    spent: int
    expired: int
    taken_back: int

    @property
    def few(self) -> bool:
        """Too few people for figures that give nobody away."""
        return self.volunteers < FEW


def figures() -> Figures:
    """All of it. Three statements."""
    of: dict[str, int] = totals()
    served: Any = HourEntry.objects.aggregate(total=Sum("minutes"))
    return Figures(
        volunteers=Volunteer.objects.filter(hours__minutes__gt=0).distinct().count(),
        minutes=int(served["total"] or 0),
        issued=-of["issuance"],
        outstanding=of["person"] + of["held"] + of["frozen"],
        pool=of["pool"],
        spent=of["burnt"],
        expired=of["expired"],
        taken_back=of["voided"],
    )


def public(day: date) -> Figures | None:
    """The figures for everybody, counted anew once a day; None while there are too few people."""
    key = f"volunteering.figures:{day}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = figures()
        cache.set(key, found, 24 * 3600)
    return None if found.few else found
