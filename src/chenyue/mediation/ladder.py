"""The offer ladder: whether the gap between what is asked and what is offered gets narrower. Pure.

On one topic several may ask and several may give: the gap is what all of them ask together less what all of them
would give together. It can be computed only while both sides have a figure. Others than the mediators never learn
more than one of three words (`Verdict`), and only when a mediator chooses to say it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    """All that may be said aloud about figures named in confidence."""

    CLOSING = "closing"
    NOT_CLOSING = "not_closing"
    MET = "met"


@dataclass(frozen=True)
class Named:
    """A figure: who named it, when, whether it asks or would give, and until when it stood."""

    party: int
    asks: bool
    amount: Decimal
    at: datetime
    until: datetime | None = None
    limit: bool = False


@dataclass(frozen=True)
class Step:
    """The figures as they stood from one moment on."""

    at: datetime
    asked: Decimal | None
    given: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """What is missing; zero or less: they have met. None while one side has named nothing."""
        return None if self.asked is None or self.given is None else self.asked - self.given


def steps(named: Iterable[Named]) -> list[Step]:
    """How the figures stood after each change, oldest first. A party's later figure takes the place of its earlier."""
    figures = [figure for figure in named if not figure.limit]
    moments = sorted({figure.at for figure in figures} | {figure.until for figure in figures if figure.until})
    return [Step(at, _sum(figures, True, at), _sum(figures, False, at)) for at in moments]


def _sum(figures: list[Named], asks: bool, at: datetime) -> Decimal | None:
    """Together, what stood at a moment."""
    standing: dict[int, tuple[datetime, int, Decimal]] = {}
    for order, figure in enumerate(figures):
        if figure.asks == asks and figure.at <= at and not (figure.until and figure.until <= at):
            standing[figure.party] = max(standing.get(figure.party, (figure.at, -1, figure.amount)), _at(figure, order))
    return sum((amount for _at, _order, amount in standing.values()), Decimal(0)) if standing else None


def _at(figure: Named, order: int) -> tuple[datetime, int, Decimal]:
    return figure.at, order, figure.amount


def verdict(path: list[Step], since: datetime | None = None) -> Verdict | None:
    """What may be said now: compared with the gap when something was last said (`since`), else with the first gap.

    None while there is nothing to compare: a side has named no figure, or only one gap has stood since.
    """
    gaps = [(step.at, step.gap) for step in path if step.gap is not None]
    if not gaps or path[-1].gap is None:
        return None
    now = path[-1].gap
    if now <= 0:
        return Verdict.MET
    earlier = [gap for at, gap in gaps if since is not None and at <= since]
    before = earlier[-1] if earlier else gaps[0][1]
    later = [at for at, _gap in gaps if since is None or at > since]
    if not later or (not earlier and len(gaps) < 2):
        return None
    return Verdict.CLOSING if now < before else Verdict.NOT_CLOSING


@dataclass(frozen=True)
class Room:
    """What limits leave between them: `amount` to share out if zero or more, else what is missing even then."""

    asked: Decimal
    given: Decimal

    @property
    def amount(self) -> Decimal:
        """From the least that is asked to the most that would be given."""
        return self.given - self.asked

    @property
    def missing(self) -> Decimal:
        """What is missing between the limits."""
        return -self.amount

    @property
    def overlaps(self) -> bool:
        """Whether an agreement within both limits is possible."""
        return self.amount >= 0


def room(named: Iterable[Named]) -> Room | None:
    """Whether the limits overlap. Mediators only, for ever. None while a side has named no limit."""
    limits = [figure for figure in named if figure.limit]
    if not limits:
        return None
    last = max(figure.at for figure in limits)
    ends = [figure.until for figure in limits if figure.until]
    moment = max([last, *ends])
    asked, given = _sum(limits, True, moment), _sum(limits, False, moment)
    return None if asked is None or given is None else Room(asked, given)
