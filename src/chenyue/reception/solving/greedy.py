"""A roster without a solver: give the scarcest turns first, then mend and exchange. Pure Python.

It is the start for every search, and all there is where OR-Tools isn't installed. Rules on one person's days are never
broken here; what could not be staffed legally stays vacant and is reported.
"""

import random
import time
from collections.abc import Callable, Iterable

from chenyue.reception.solving.compiled import Compiled
from chenyue.reception.solving.state import HARD, State

Stop = Callable[[], bool]


def start(compiled: Compiled, rng: random.Random, deadline: float = float("inf")) -> State:
    """What is fixed, what was published where it still fits, then everything needed, day by day."""
    state = State(compiled)
    take(state, compiled.published)
    for day in range(compiled.begin, len(compiled.days)):
        if time.monotonic() > deadline:
            break
        fill_day(state, day, rng)
    return state


def take(state: State, pairs: Iterable[tuple[int, int]]) -> None:
    """Put what must be, then those of these turns that fit."""
    fixed(state)
    for p, s in sorted(pairs, key=lambda pair: (state.compiled.day_of[pair[1]], pair)):
        if state.fits(p, s):
            state.put(p, s)


def fixed(state: State) -> None:
    """Put what must be: pins and the past."""
    for p, one in enumerate(state.compiled.ones):
        for s in one.fixed.values():
            if s is not None:
                state.put(p, s)


def fill_day(state: State, day: int, rng: random.Random) -> None:
    """Fill what is short on this day, what has fewest candidates first, with whoever makes the score best."""
    compiled = state.compiled
    room = [p for p in range(len(compiled.people)) if state.cells[p][day] is None and compiled.options[p][day]]
    fitting = {s: [p for p in room if state.fits(p, s)] for s in compiled.by_day[day]}
    hopeless: set[tuple[int, int]] = set()
    while True:
        short = [
            (sum(p in compiled.rows[r].who for p in fitting[s]), s, r)
            for s in fitting
            for r in compiled.rows_of[s]
            if state.counts[r] < compiled.rows[r].low and (s, r) not in hopeless
        ]
        if not short:
            return
        _, s, r = min(short)
        best, chosen = 0.0, -1
        for p in fitting[s]:
            if p in compiled.rows[r].who:
                gain = state.delta(p, s) + rng.random() + _scarce(state, p)
                if gain < best:
                    best, chosen = gain, p
        if chosen < 0:
            hopeless.add((s, r))
            continue
        state.put(chosen, s)
        for people in fitting.values():
            if chosen in people:
                people.remove(chosen)


def _scarce(state: State, p: int) -> float:
    """A small handicap for people with many skills: keep them for where they are needed."""
    return 3.0 * len(state.compiled.people[p].skills)


def mend(state: State, rng: random.Random, deadline: float, stop: Stop | None = None) -> None:
    """Staff a broken shift anew against the turns in the way, and put those elsewhere: chains of ejections.

    Ends when no hard row is broken, when time is up, or after many tries without success.
    """
    compiled, idle = state.compiled, 0
    best, kept = lift(state, rng), state.copy()
    while state.broken and time.monotonic() < deadline and idle < 600 and not (stop and stop()):
        short = [r for r, row in enumerate(compiled.rows) if row.broken(state.counts[r])]
        if not short:
            return
        days = _staff_anew(state, rng.choice(compiled.rows[rng.choice(short)].shifts), rng)
        for day in sorted(days):
            fill_day(state, day, rng)
        lift(state, rng)
        idle += 1
        if state.score <= best:
            idle = 0 if state.score < best else idle
            best, kept = state.score, state.copy()
        elif idle % 4 == 0:
            state.load(kept)
    if state.score > best:
        state.load(kept)


def lift(state: State, rng: random.Random) -> int:
    """Give those who are short of their least a turn of somebody who can spare it; the score after that."""
    compiled = state.compiled
    for p, person in enumerate(compiled.people):
        shifts = [s for options in compiled.options[p][compiled.begin :] for s in options] if person.least else []
        rng.shuffle(shifts)
        for s in shifts:
            if state.turns[p] >= person.least:
                break
            if state.fits(p, s):
                _take_over(state, p, s)
    return state.score


def _take_over(state: State, p: int, s: int) -> None:
    """p takes s from one of those who have it, if that is better for the whole."""
    compiled = state.compiled
    day, before = compiled.day_of[s], state.score
    for q, one in enumerate(compiled.ones):
        if state.cells[q][day] == s and day not in one.fixed and state.turns[q] > compiled.people[q].least:
            state.drop(q, s)
            state.put(p, s)
            if state.score < before:
                return
            state.drop(p, s)
            state.put(q, s)


def _staff_anew(state: State, s: int, rng: random.Random) -> set[int]:
    """Empty a shift and staff it with whoever is least in the way elsewhere; the days that lost turns by it."""
    compiled = state.compiled
    day, days = compiled.day_of[s], {compiled.day_of[s]}
    for p, one in enumerate(compiled.ones):
        if state.cells[p][day] == s and day not in one.fixed:
            state.drop(p, s)
    for _ in range(20):
        short = [r for r in compiled.rows_of[s] if state.counts[r] < compiled.rows[r].low]
        if not short:
            break
        row = compiled.rows[min(short, key=lambda r: len(compiled.rows[r].who))]
        candidates = [
            p for p in row.who
            if s in compiled.options[p][day] and day not in compiled.ones[p].fixed and state.cells[p][day] != s
        ]  # fmt: skip
        if not candidates:
            break
        p = min(candidates, key=lambda p: _trouble(state, p, s) + rng.random() * 2 * HARD)
        days |= _clear(state, p, s)
        if state.fits(p, s):
            state.put(p, s)
    return days


def _trouble(state: State, p: int, s: int) -> float:
    """How much stands in the way of giving s to p: turns to move, rows that would overflow, price."""
    gain = state.delta(p, s) if state.cells[p][state.compiled.day_of[s]] is None else 0
    return HARD * len(_in_the_way(state, p, s)) + gain


def _in_the_way(state: State, p: int, s: int) -> list[int]:
    """p's turns that can't stand beside s."""
    compiled = state.compiled
    day, one, mine = compiled.day_of[s], compiled.ones[p], state.cells[p]
    found = []
    for other in range(max(0, day - 14), min(len(mine), one.earliest[day] + 1)):
        had = mine[other]
        if had is None or other in one.fixed:
            continue
        near = other == day or day < other < one.earliest[day] or (other < day and one.earliest[other] > day)
        if near or (abs(other - day) == 1 and not state.follows(p, day, s)):
            found.append(had)
    for window in one.windows:
        if day in window.days and all(mine[d] is not None for d in window.days if d != day):
            loose = [mine[d] for d in window.days if d != day and d not in one.fixed]
            found += [had for had in loose[:1] if had is not None and had not in found]
    return found


def _clear(state: State, p: int, s: int) -> set[int]:
    """Drop p's turns that stand in the way of s; the days they were on."""
    compiled = state.compiled
    way = _in_the_way(state, p, s)
    for had in way:
        state.drop(p, had)
    most = compiled.people[p].most
    if most is not None and state.turns[p] >= most:
        mine = [had for d, had in enumerate(state.cells[p]) if had is not None and d not in compiled.ones[p].fixed]
        for had in mine[-1:]:
            state.drop(p, had)
            way.append(had)
    return {compiled.day_of[had] for had in way}


def polish(state: State, rng: random.Random, deadline: float, stop: Stop | None = None) -> None:
    """Lower the price by handing single turns on and by exchanging two, as long as it helps."""
    compiled = state.compiled
    people = range(len(compiled.people))
    idle = 0
    while idle < 3000 and time.monotonic() < deadline and not (stop and stop()):
        idle += 1
        p = rng.randrange(len(compiled.people))
        mine = [s for day, s in enumerate(state.cells[p]) if s is not None and day not in compiled.ones[p].fixed]
        if not mine:
            continue
        s = rng.choice(mine)
        before = state.score
        state.drop(p, s)
        heirs = [q for q in rng.sample(people, min(8, len(people))) if q != p and state.fits(q, s)]
        if _hand_on(state, p, s, heirs, before):
            idle = 0
        else:
            state.put(p, s)
            if _exchange(state, p, s, rng):
                idle = 0


def _hand_on(state: State, p: int, s: int, heirs: list[int], before: int) -> bool:
    for q in heirs:
        state.put(q, s)
        if state.score < before:
            return True
        state.drop(q, s)
    return False


def _exchange(state: State, p: int, s: int, rng: random.Random) -> bool:
    """Let p and another swap s for a turn of theirs."""
    compiled = state.compiled
    q = rng.randrange(len(compiled.people))
    theirs = [t for day, t in enumerate(state.cells[q]) if t is not None and day not in compiled.ones[q].fixed]
    if q == p or not theirs:
        return False
    t = rng.choice(theirs)
    before = state.score
    state.drop(p, s)
    state.drop(q, t)
    if state.fits(p, t) and state.fits(q, s):
        state.put(p, t)
        if state.fits(q, s):
            state.put(q, s)
            if state.score < before:
                return True
            state.drop(q, s)
        state.drop(p, t)
    state.put(p, s)
    state.put(q, t)
    return False
