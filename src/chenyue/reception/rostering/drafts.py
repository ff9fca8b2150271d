"""A plan's draft: sitting → people, as rows keep it and as the solver core reads it; judged as it stands."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chenyue.reception.models import Plan
from chenyue.reception.rostering import saying
from chenyue.reception.rostering.building import Built, build
from chenyue.reception.solving.checking import Checker
from chenyue.reception.solving.problem import Assignment, Breach, Code, Turn

Draft = dict[str, list[list[int | bool]]]


def turns(draft: Mapping[str, list[list[int | bool]]]) -> frozenset[Turn]:
    """The turns of a draft."""
    return frozenset(Turn(str(person), shift) for shift, people in draft.items() for person, _lead in people)


def stored(found: Iterable[Turn], built: Built) -> Draft:
    """Turns as a plan keeps them, leads first; turns outside the range are left out."""
    inside = set(built.planned)
    draft: dict[str, list[str]] = defaultdict(list)
    for turn in found:
        if turn.shift in inside and turn.person in built.people:
            draft[turn.shift].append(turn.person)
    return {shift: _led(people, built) for shift, people in sorted(draft.items(), key=lambda item: int(item[0]))}


def _led(people: list[str], built: Built) -> list[list[int | bool]]:
    """Who leads stands first; a second leading cadre at a sitting assists."""
    ordered = sorted(people, key=lambda p: (not built.people[p].lead, int(p)))
    return [[int(p), i == 0 and built.people[p].lead] for i, p in enumerate(ordered)]


@dataclass(frozen=True)
class Trouble:
    """A broken rule in words, and the sittings and people it is about."""

    words: str
    sittings: tuple[int, ...]
    people: tuple[int, ...]
    code: str


class Judge:
    """Judges what is drafted for some days, and changes of it, before they are made."""

    def __init__(self, built: Built, drafted: frozenset[Turn]) -> None:
        self.built = built
        self.assignment = Assignment(drafted | built.around().turns)

    @staticmethod
    def of(plan: Plan, at: datetime) -> "Judge":
        """For a plan's draft."""
        built = build(plan.first, plan.last, at=at, checks=True)
        return Judge(built, turns(plan.draft))

    @staticmethod
    def standing(built: Built) -> "Judge":
        """For what is on duty as it stands."""
        return Judge(built, built.standing().turns)

    @cached_property
    def checker(self) -> Checker:
        return Checker(self.built.problem)

    def troubles(self) -> list[Trouble]:
        """Every rule that the draft breaks, in words."""
        return self._in_words(self.checker.check(self.assignment))

    def change(
        self,
        remove: Iterable[tuple[int, int]] = (),
        add: Iterable[tuple[int, int]] = (),
        passing_over: Container[Code] = (),
    ) -> list[Trouble]:
        """What a change would newly break; pairs (person id, sitting id). Too few members is no news while changing."""
        gone, more = [(str(p), str(s)) for p, s in remove], [(str(p), str(s)) for p, s in add]
        found = self.checker.change(self.assignment, gone, more)
        quiet = (Code.STAFFED, Code.LEAST)
        return self._in_words(b for b in found if b.code not in quiet and b.code not in passing_over)

    def _in_words(self, breaches: Iterable[Breach]) -> list[Trouble]:
        return [
            Trouble(
                saying.sentence(b, self.built), tuple(int(s) for s in b.shifts), tuple(int(p) for p in b.people), b.code
            )
            for b in breaches
        ]
