"""An invented office to measure and to test with: members, venues, sittings, leave, history. The same for one seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chenyue.reception.solving.problem import TURN, Day, Person, Problem, Rules, Shift, Wish

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
)
UNITS = ("党政办", "城建办", "民生办", "平安办", "综合执法", "市场监管", "司法所", "应急办", "文体站", "财政所")
DIALECT = "dialect"
LAW = "law"


@dataclass(frozen=True, slots=True)
class Size:
    """How large an office is to be."""

    members: int = 40
    leads: int = 8
    venues: int = 3
    days: int = 91
    first: date = date(2026, 1, 1)
    kinds: tuple[str, ...] = ("early", "evening")
    every_day: bool = True
    leave: int = 6
    gap: int = 3
    gap_leads: int = 0
    seed: int = 7


def office(size: Size | None = None, holidays: Sequence[date] = ()) -> Problem:
    """On workdays every venue has every kind of sitting, on rest days the first only, and
    on public holidays none; two members, one of whom leads.

    With six sittings a workday and eight leads, each lead serves three days in four: no gap is possible for them, and
    no two of them are on leave on one day.
    """
    size = size or Size()
    rng = random.Random(size.seed)
    days = tuple(_days(size, set(holidays)))
    shifts = tuple(_shifts(size, days))
    taken: set[int] = set()
    people = tuple(_person(number, size, rng, taken) for number in range(size.members))
    return Problem(
        days=days,
        shifts=shifts,
        people=people,
        rules=Rules(gap=size.gap, gap_leads=size.gap_leads, follow=frozenset({("evening", "early")})),
        wishes=tuple(
            Wish(rng.choice(people).id, rng.choice(shifts).id, rng.choice((10, 20, 40)), rng.random() < 0.5)
            for _ in range(size.members)
        ),
    )


def _days(size: Size, holidays: set[date]) -> list[Day]:
    found = []
    for number in range(size.days):
        on = size.first + timedelta(days=number)
        rest = on.weekday() >= 5
        week = (on - timedelta(days=on.weekday())).toordinal() // 7
        found.append(Day(on, not rest and on not in holidays, on in holidays, week if rest else None))
    return found


def _shifts(size: Size, days: Sequence[Day]) -> list[Shift]:
    found = []
    for number, day in enumerate(days):
        if day.date is None or day.holiday or not (day.workday or size.every_day):
            continue
        for kind in size.kinds:
            for venue in range(1, size.venues + 1 if day.workday else 2):
                marks = {kind} | ({"monday"} if day.date.weekday() == 0 else set())
                marks |= {"weekend"} if not day.workday else set()
                points = TURN + (2 if kind == "evening" else 0) + (0 if day.workday else 3)
                skills = [(LAW, 1)] if venue == 1 else [(DIALECT, 1)] if venue == size.venues else []
                found.append(
                    Shift(
                        f"{day.date.isoformat()}-{kind}-{venue}", number, kind, f"venue-{venue}", 90,
                        leads=1, skills=tuple(skills), points=points, marks=frozenset(marks),
                    )
                )  # fmt: skip
    return found


def _leave(size: Size, rng: random.Random, taken: set[int]) -> set[int]:
    """A stretch and some single days, on none of which another of `taken` is away."""
    free = [day for day in range(size.days) if day not in taken]
    long = min(size.leave, size.days) // 2
    begins = [day for day in free if all(d in free for d in range(day, day + long))]
    begin = rng.choice(begins) if begins and long else 0
    off = set(range(begin, begin + long)) if begins else set()
    rest = [day for day in free if day not in off]
    return off | set(rng.sample(rest, min(len(rest), size.leave - len(off))))


def _person(number: int, size: Size, rng: random.Random, taken: set[int]) -> Person:
    lead = number < size.leads
    skills = {skill for skill, part in ((LAW, 0.4), (DIALECT, 0.5)) if rng.random() < part}
    if number % 4 == 0:
        skills.add(LAW)
    if number % 4 in (1, 2):
        skills.add(DIALECT)
    off = _leave(size, rng, taken if lead else set())
    if lead:
        taken |= off
    return Person(
        id=f"m{number + 1:02}",
        name=SURNAMES[number % len(SURNAMES)] + "同志",
        lead=lead,
        unit="" if lead else UNITS[number % len(UNITS)],
        skills=frozenset(skills),
        off=frozenset(off),
        familiar=frozenset(f"venue-{v}" for v in rng.sample(range(1, size.venues + 1), min(2, size.venues))),
        history={"points": rng.randrange(0, 4) * TURN, "monday": rng.randrange(0, 2), "evening": rng.randrange(0, 3)},
    )
