"""Few buildings to give away: the cheapest way, exactly, without a solver.

Each steward takes a set of them (often the empty one); over stewards one after the other the best price of each set
that is given away so far is kept. Nine buildings among eighty stewards are 1.6 million steps: about a second.
"""

from collections.abc import Mapping

from chenyue.stewards.solving.problem import ESTATE, Problem

MOST = 9  # buildings; each one more takes three times as long
NEVER = 1 << 80


def cheapest(problem: Problem, kept: Mapping[int, int]) -> dict[int, int]:
    """Who gets each building that isn't `kept`, at the lowest price; what nobody may take is left out."""
    open_ = [b.id for b in problem.buildings if b.id not in kept]
    if len(open_) > MOST:
        raise ValueError(f"{len(open_)} buildings are too many")
    full = 1 << len(open_)
    best = [0, *[NEVER] * (full - 1)]
    chosen: list[tuple[int, list[int]]] = []
    theirs: dict[int, list[int]] = {}
    for building, steward in kept.items():
        theirs.setdefault(steward, []).append(building)
    for row in problem.serving:
        prices = _prices(problem, row.id, open_, theirs.get(row.id, []))
        sets = [taken for taken in range(1, full) if prices[taken] < NEVER]
        after, picked = best[:], [0] * full
        for taken in sets:
            rest = full - 1 ^ taken
            before = rest
            while True:  # all sets that have nothing of `taken`
                if (price := best[before] + prices[taken]) < after[before | taken]:
                    after[before | taken], picked[before | taken] = price, taken
                if not before:
                    break
                before = before - 1 & rest
        best = after
        chosen.append((row.id, picked))
    vacant = problem.prices.vacant
    given = min(range(full), key=lambda taken: (best[taken] + vacant * (len(open_) - taken.bit_count()), taken))
    return _read(given, chosen, open_)


def _prices(problem: Problem, steward: int, open_: list[int], theirs: list[int]) -> list[int]:
    """What each set of the open buildings costs with this steward, beyond what they keep."""
    row, band, prices = problem.steward[steward], problem.bands[steward], problem.prices
    able = [steward in problem.options[b] for b in open_]
    own = [problem.own(b, steward) if ok else NEVER for b, ok in zip(open_, able, strict=True)]
    base = round(row.carries * 10) + sum(problem.weight[b] for b in theirs)
    estates = {problem.building[b].estate for b in theirs}
    room = len(open_) if row.most is None else row.most - row.holds - len(theirs)

    def outside(load: int) -> int:
        off = band.off(load)
        return prices.tenth * off + (prices.outside if off else 0)

    found = [0]
    for taken in range(1, 1 << len(open_)):
        mine = [n for n in range(len(open_)) if taken >> n & 1]
        if len(mine) > room or not all(able[n] for n in mine):
            found.append(NEVER)
            continue
        load = base + sum(problem.weight[open_[n]] for n in mine)
        spans = len(estates | {problem.building[open_[n]].estate for n in mine})
        more = ESTATE * (max(0, spans - 1) - max(0, len(estates) - 1))
        rescued = prices.emptied if steward in problem.active and not theirs else 0
        found.append(sum(own[n] for n in mine) + outside(load) - outside(base) + more - rescued)
    return found


def _read(given: int, chosen: list[tuple[int, list[int]]], open_: list[int]) -> dict[int, int]:
    who = {}
    for steward, picked in reversed(chosen):
        taken = picked[given]
        for n, building in enumerate(open_):
            if taken >> n & 1:
                who[building] = steward
        given ^= taken
    return who
