"""What is to be rostered, in neutral words: people, days, shifts, rules, prices.

One description serves the office's sittings and the shift-scheduling instances that are published for comparison
(Curtois and Qu 2014): a `Shift` is a sitting of a venue on a day there, a shift type on a day here. Everything is
frozen and plain, nothing is imported but the standard library, and nothing knows Django or a solver.

Days are counted from 0. Ids are the caller's own strings. Prices are whole numbers, lower is better. What is hard is
either kept or reported as a `Breach`; what is soft is paid for.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

TURN = 10  # the weight of a plain turn in the ledger: tenths of a turn, so that 1.5 turns are 15


class Turn(NamedTuple):
    """One person at one shift."""

    person: str
    shift: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the horizon. `weekend` numbers the weekend it belongs to, for the limit on weekends worked."""

    date: datetime.date | None = None
    workday: bool = True
    holiday: bool = False
    weekend: int | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A sitting of a venue on a day (or one shift type on one day), with what it needs.

    `kind` names what follows what ("early", "evening"); `least` and `most` members are hard unless `under` or `over`
    prices a missing or surplus member. `leads` is how many of them lead: hard, None asks for nothing. `skills` are
    counts of people who have a skill (a dialect is a skill). `points` weigh the turn in the ledger, in tenths.
    `marks` are further tallies it counts in: "monday", "evening", "weekend", "holiday". A shift with `least` 0 and
    `most` None only reminds of those who stand there (pinned, or past): nobody else is put there.
    """

    id: str
    day: int
    kind: str
    venue: str = ""
    minutes: int = 0
    least: int = 2
    most: int | None = 2
    under: int | None = None
    over: int | None = None
    leads: int | None = None
    skills: tuple[tuple[str, int], ...] = ()
    points: int = TURN
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Patterns:
    """Limits on the pattern of one person's days, as the published instances have them. None: no limit.

    Runs of days worked at most and at least, runs of days off at least (a run that touches the edge of the horizon may
    be shorter), weekends worked at most, minutes between two values, turns of a kind at most.
    """

    most_run: int | None = None
    least_run: int = 1
    least_rest: int = 1
    most_weekends: int | None = None
    least_minutes: int = 0
    most_minutes: int | None = None
    most_of_kind: Mapping[str, int] = field(default_factory=dict)

    @property
    def binds(self) -> bool:
        """True if there is any limit."""
        return self != Patterns()


@dataclass(frozen=True, slots=True)
class Person:
    """Who can be rostered.

    `off` are days of leave. `barred` are shifts this person can't take (a venue or a time of day that is impossible).
    `familiar` venues cost nothing, others the price of the unfamiliar; empty: all are familiar. `history` is the
    ledger before the first planned day: tally → amount ("points" in tenths, marks in turns). `share` is the part of a
    full load (0.5 for half). `least` and `most` limit the turns planned. `gap` overrides the rules' gap.
    """

    id: str
    name: str = ""
    lead: bool = False
    unit: str = ""
    skills: frozenset[str] = frozenset()
    off: frozenset[int] = frozenset()
    barred: frozenset[str] = frozenset()
    familiar: frozenset[str] = frozenset()
    history: Mapping[str, int] = field(default_factory=dict)
    share: float = 1.0
    least: int = 0
    most: int | None = None
    gap: int | None = None
    patterns: Patterns = field(default_factory=Patterns)


@dataclass(frozen=True, slots=True)
class Wish:
    """Someone wants a shift (or, `wanted` false, wants to be spared it); a broken wish costs `weight`."""

    person: str
    shift: str
    weight: int
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """Something to spread evenly: "points", or a mark of shifts. Being n off one's share costs `price` · n²."""

    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all.

    `gap`: two turns of a person lie at least so many workdays apart (1: on the next workday at the earliest; 0: no
    rule); `gap_leads` for those who lead. `follow`: (kind, kind) that may not follow on the next day. `unit_most`:
    members of one unit on duty on one day at most. `most_running`: around public holidays nobody works more days in a
    row than this, ordinary workdays included (全国年节及纪念日放假办法 art. 7); `around` is how many days before
    and after a holiday that is looked at. `fairness`: what is spread evenly, among leads and among others apart.
    `change`: price of a published turn that is taken away.
    """

    gap: int = 3
    gap_leads: int = 2
    follow: frozenset[tuple[str, str]] = frozenset()
    unit_most: int | None = 2
    most_running: int | None = 6
    around: int = 10
    fairness: tuple[Tally, ...] = (Tally("points", 1), Tally("monday", 20), Tally("evening", 20))
    unfamiliar: int = 5
    change: int = 1000


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is at which shift."""

    turns: frozenset[Turn] = frozenset()

    @staticmethod
    def of(turns: Iterable[tuple[str, str]]) -> "Assignment":
        """From pairs (person, shift)."""
        return Assignment(frozenset(Turn(*turn) for turn in turns))

    def shifts(self, person: str) -> set[str]:
        """The shifts of one person."""
        return {turn.shift for turn in self.turns if turn.person == person}

    def people(self, shift: str) -> set[str]:
        """The people of one shift."""
        return {turn.person for turn in self.turns if turn.shift == shift}

    def changed(self, remove: Iterable[tuple[str, str]] = (), add: Iterable[tuple[str, str]] = ()) -> "Assignment":
        """The same with some turns taken away and others added."""
        return Assignment((self.turns - {Turn(*t) for t in remove}) | {Turn(*t) for t in add})


@dataclass(frozen=True, slots=True)
class Problem:
    """A roster to be made.

    Days before `first` only remind: their turns (from `published`) stay, count for gaps, and belong to the ledger's
    history. Days before `frozen` are past: their turns stay as published, and count. Later published turns may
    change, at the price of a change. `pins` must be kept as they are. A person has one turn a day at most.
    """

    days: tuple[Day, ...]
    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    rules: Rules = field(default_factory=Rules)
    wishes: tuple[Wish, ...] = ()
    pins: frozenset[Turn] = frozenset()
    published: Assignment | None = None
    first: int = 0
    frozen: int = 0


class Code(StrEnum):
    """The hard rules, by name."""

    UNKNOWN = "unknown"  # a person or shift that the problem doesn't have
    ONE_A_DAY = "one_a_day"
    PAST = "past"
    PIN = "pin"
    STAFFED = "staffed"  # fewer members than needed
    FULL = "full"  # more members than wanted
    LEAD = "lead"  # not exactly so many leads
    SKILL = "skill"  # `detail` names the skill
    UNIT = "unit"  # `detail` names the unit
    LEAVE = "leave"
    BARRED = "barred"
    GAP = "gap"
    FOLLOW = "follow"
    LEAST = "least"
    MOST = "most"
    RUNNING = "running"  # too many working days in a row around a holiday
    MOST_RUN = "most_run"
    LEAST_RUN = "least_run"
    LEAST_REST = "least_rest"
    WEEKENDS = "weekends"
    MINUTES_MOST = "minutes_most"
    MINUTES_LEAST = "minutes_least"
    KIND = "kind"  # too many turns of one kind; `detail` names it


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """A hard rule at one place: broken (`actual` against `limit`), or, in a conflict, the rule itself (`actual` None).

    `people`, `days` and `shifts` say where; they are sorted. `chenyue.reception.why` makes sentences of it.
    """

    code: Code
    people: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    shifts: tuple[str, ...] = ()
    limit: int | None = None
    actual: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What a roster costs, by what for."""

    cover: int = 0
    wishes: int = 0
    fairness: int = 0
    venues: int = 0
    changes: int = 0

    @property
    def total(self) -> int:
        """All together: the objective."""
        return self.cover + self.wishes + self.fairness + self.venues + self.changes


@dataclass(frozen=True, slots=True)
class Solution:
    """A roster. `objective` is its price; no roster is cheaper than `bound`; `proven` says that none is cheaper.

    `breaches` are hard rules it could not keep: empty if it is legal. `method` says what found it; "greedy" is what
    works without a solver installed, and gives no bound.
    """

    assignment: Assignment
    objective: int
    bound: float | None
    seconds: float
    proven: bool
    breaches: tuple[Breach, ...] = ()
    method: str = "greedy"

    @property
    def legal(self) -> bool:
        """True if every hard rule is kept."""
        return not self.breaches


@dataclass(frozen=True, slots=True)
class StandIn:
    """Someone who could take a shift: the price of it, and the rules it would break (none: legal)."""

    person: str
    price: int
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """What to give way in, its price, and the roster that is then possible: found, not guessed."""

    gives: tuple[Breach, ...]
    price: int
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a roster is impossible.

    `conflict` is a smallest set of rules that can't hold together: each was left out once, and the others then could
    (`verified` false: time ran out before that was shown for all). `repairs` stand cheapest first. A problem that can
    be solved has no conflict and `possible` is true; a legal roster that was come upon is then the only repair, and
    gives way in nothing. `possible` None means that time ran out before it was known.
    """

    possible: bool | None
    conflict: tuple[Breach, ...] = ()
    verified: bool = False
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Replan:
    """A roster made anew after some turns were lost. `changed` are published turns that are no longer there."""

    solution: Solution
    lost: frozenset[Turn]
    changed: frozenset[Turn]
    added: frozenset[Turn]
