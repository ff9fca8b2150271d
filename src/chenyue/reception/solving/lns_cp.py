"""Large-neighbourhood search with CP-SAT: a few people, or a stretch of days, are made free and solved anew."""

import time

from chenyue.reception.solving import greedy
from chenyue.reception.solving.bounds import relaxed
from chenyue.reception.solving.cp import Part
from chenyue.reception.solving.lns_columns import Chooser
from chenyue.reception.solving.solver import SMALL, Search

Cell = tuple[int, int]
PEOPLE, UNEVEN, WEEK, BROKEN = range(4)
POLISH = 0.08  # of the time goes into simple exchanges first: they bring most, quickest
MIDDLING = 4000  # possible turns up to which the relaxation is solved for a bound
PATIENCE = 3.0  # seconds without gain after which a legal roster is good enough; at least a quarter of the time
SLICE = 1.0  # seconds for one neighbourhood at most


def run(search: Search) -> None:
    """Improve until it is over or proven, or nothing has helped for long."""
    if _whole(search):
        return
    greedy.polish(search.state, search.rng, time.monotonic() + POLISH * search.seconds, search.stop)
    search.tell()
    chooser = Chooser([PEOPLE, UNEVEN, WEEK], search.rng)
    size, idle, last = 4, 0, time.monotonic()
    patience = max(PATIENCE, search.seconds / 4)
    while not search.done() and (search.state.broken or time.monotonic() - last < patience):
        arm = BROKEN if search.state.broken and search.rng.random() < 0.7 else chooser.pick()
        began = time.monotonic()
        before = search.state.score
        part = Part(search.state, _cells(search, arm, size + min(idle // 20, 6)))
        if not part.x:
            idle += 1
            if idle > 200:
                return
            continue
        found = part.solve(min(SLICE, search.left), search.rng.randrange(1 << 30), search.workers)
        if found.cells is not None:
            kept = search.state.copy()
            search.state.load(found.cells)
            if search.state.score > before:
                search.state.load(kept)
        gained = search.state.score < before
        idle, last = (0, time.monotonic()) if gained else (idle + 1, last)
        if arm != BROKEN:
            chooser.learn(arm, gained, time.monotonic() - began)
        search.tell()


def _whole(search: Search) -> bool:
    """A small problem goes to CP-SAT as a whole, a middling one to HiGHS for a bound; True if that settled it."""
    compiled = search.compiled
    size = sum(len(options) for person in compiled.options for options in person)
    if size > MIDDLING:
        return False
    part = Part(search.state, [(p, day) for p in range(len(compiled.people)) for day in range(len(compiled.days))])
    found = part.solve(search.left / 3 if size <= SMALL else 0.05, search.seed, search.workers, search.over)
    if found.cells is not None:
        kept, before = search.state.copy(), search.state.score
        search.state.load(found.cells)
        if search.state.score > before:
            search.state.load(kept)
    if not search.state.broken:
        search.raise_bound(part.base + found.bound)
        if not search.proven() and search.seconds >= 5:
            bound = relaxed(part, search.left / 5)
            if bound is not None:
                search.raise_bound(part.base + bound)
    search.tell()
    return search.done() or (found.optimal and size <= SMALL)


def _cells(search: Search, arm: int, size: int) -> list[Cell]:
    compiled, rng = search.compiled, search.rng
    everyone, days = range(len(compiled.people)), range(compiled.begin, len(compiled.days))
    if arm == WEEK and len(days):
        start = rng.choice(days)
        length = max(2, 280 // max(1, len(everyone)))
        return [(p, day) for p in everyone for day in range(start, min(start + length, len(compiled.days)))]
    if arm == BROKEN:
        return _around(search)
    if arm == UNEVEN:
        return [(p, day) for p in _uneven(search, size) for day in days]
    return [(p, day) for p in rng.sample(everyone, min(size, len(everyone))) for day in days]


def _around(search: Search) -> list[Cell]:
    """Everyone, some days around a broken rule; wider from time to time."""
    state, compiled, rng = search.state, search.compiled, search.rng
    broken = [row for r, row in enumerate(compiled.rows) if row.broken(state.counts[r])]
    if not broken:
        return _cells(search, PEOPLE, 6)
    day = compiled.day_of[rng.choice(rng.choice(broken).shifts)]
    reach = rng.choice((2, 3, 5, 8))
    span = range(max(compiled.begin, day - reach), min(len(compiled.days), day + reach + 1))
    return [(p, d) for p in range(len(compiled.people)) for d in span]


def _uneven(search: Search, size: int) -> list[int]:
    """Those furthest from their fair share, above and below, and some by chance."""
    state, compiled, rng = search.state, search.compiled, search.rng
    lead = rng.random() < 0.5
    group = [p for p, person in enumerate(compiled.people) if person.lead == lead] or list(range(len(compiled.people)))
    lines = [len(compiled.ones[p].lines) for p in group]
    if not min(lines, default=0):
        return rng.sample(group, min(size, len(group)))
    number = rng.randrange(min(lines))

    def off(p: int) -> int:
        line = compiled.ones[p].lines[number]
        return line.start + state.sums[p][number] - line.target

    ranked = sorted(group, key=lambda p: (off(p), rng.random()))
    some = max(1, size // 2)
    chosen = ranked[: some // 2 + some % 2] + ranked[-(some // 2) :] if some > 1 else ranked[-1:]
    rest = [p for p in group if p not in chosen]
    return chosen + rng.sample(rest, min(size - len(chosen), len(rest)))
