"""Why each change is made, why somebody's load stays uneven, why a building stays vacant: facts, not yet sentences.

A fact is a word with its figures; `planning.saying` puts it into the reader's language. Per cents are of a steward's
own fair load: 100 is even.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from chenyue.stewards.solving import checking
from chenyue.stewards.solving.problem import REACH, Assignment, Change, First, Problem

Fact = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Load:
    """What one steward carries before and after: per cent of a fair load, and weighted homes."""

    steward: int
    before: int
    after: int
    homes_before: float
    homes_after: float
    buildings_before: int
    buildings_after: int
    outside: bool
    why: Fact | None  # why it stays uneven


class Explainer:
    """Facts about one answer."""

    def __init__(self, problem: Problem, found: Assignment) -> None:
        self.problem, self.found = problem, found
        self.before = {b: s for b, s in problem.current.items() if b in problem.building}
        self.loads_before = checking.loads(problem, self.before)
        self.loads_after = checking.loads(problem, found.who)
        self.held_before, self.held_after = Counter(self.before.values()), Counter(found.who.values())
        self.changes = found.changes(problem)
        self.broken = {(x.building, x.steward): x.rule for x in checking.breaches(problem, self.before)}
        self.outside_after = set(checking.outside(problem, found.who))

    def percent(self, steward: int, tenths: int) -> int:
        """A load as per cent of what is fair for this steward. Without a fair load (share 0) it is 0."""
        band = self.problem.bands.get(steward)
        return round(100 * tenths / band.fair) if band and band.fair else 0

    def why(self, change: Change) -> list[Fact]:
        """Why a building changes hands (or stays vacant), what comes of it, and why it is this steward."""
        if change.after is None:
            return [self._cause(change), self.nobody(change.building)]
        facts = [self._cause(change), *self._suits(change.building, change.after)]
        without = self._without(change)
        return [*facts, without] if without else facts

    def _cause(self, change: Change) -> Fact:
        problem, before, after = self.problem, change.before, change.after
        if before is None:
            return ("vacant", {})
        if before in problem.leaving or before not in problem.steward:
            return ("leaves", {"steward": before})
        if self.broken.get((change.building, before)) == "avoids":
            return ("avoids", {"steward": before})
        if after is not None and change.building in problem.steward[after].keeps:
            return ("keeps", {"steward": after})
        if self.broken.get((None, before)) == "most":
            return ("most", {"steward": before, "most": problem.steward[before].most})
        band = problem.bands[before]
        if self.loads_before[before] > band.high:
            return ("heavy", {"steward": before, **self._moved(before)})
        if after is not None and self.loads_before[after] < problem.bands[after].low:
            return ("light", {"steward": after, **self._moved(after)})
        if any(c.after == before for c in self.changes):
            return ("room", {"steward": before})
        return self._shorter(change)

    def _shorter(self, change: Change) -> Fact:
        if change.before is not None and change.after is not None:
            was, now = (self.problem.metres(change.building, s) for s in (change.before, change.after))
            if was is not None and now is not None and now < was:
                return ("nearer", {"was": was, "now": now})
        return ("together", {})

    def _moved(self, steward: int) -> dict[str, int]:
        return {
            "before": self.percent(steward, self.loads_before[steward]),
            "after": self.percent(steward, self.loads_after[steward]),
        }

    def _suits(self, building: int, steward: int) -> list[Fact]:
        problem = self.problem
        row, place = problem.steward[steward], problem.building[building]
        facts: list[Fact] = []
        if steward in problem.deputies.get(building, ()):
            facts.append(("deputy", {"steward": steward}))
        others = [b for b, s in self.before.items() if s == steward and b != building]
        near = sum(problem.building[b].estate == place.estate for b in others) if place.estate is not None else 0
        if row.home == building:
            facts.append(("lives", {"steward": steward}))
        elif (metres := problem.metres(building, steward)) is not None:
            nearer = [s for s in problem.options[building] if (problem.metres(building, s) or 0) < metres]
            facts.append(("way", {"steward": steward, "metres": metres, "nearer": len(nearer), "home": row.home or 0}))
        if near:
            facts.append(("estate", {"steward": steward, "n": near}))
        if place.dialect:
            facts.append(("dialect" if place.dialect in row.dialects else "foreign", {"dialect": place.dialect}))
        facts.append(("load", {"steward": steward, **self._moved(steward)}))
        return facts

    def _without(self, change: Change) -> Fact | None:
        """What the loads would be if all were done but this."""
        weight = self.problem.weight[change.building]
        for steward, more in ((change.before, weight), (change.after, -weight)):
            if steward in self.problem.bands:
                load = self.loads_after[steward] + more
                if self.problem.bands[steward].off(load) and steward not in self.outside_after:
                    return ("without", {"steward": steward, "percent": self.percent(steward, load)})
        return None

    def nobody(self, building: int) -> Fact:
        """Why nobody takes a building: how many must not, are full, take no more."""
        avoid = full = closed = 0
        for row in self.problem.serving:
            if building in row.avoids:
                avoid += 1
            elif not self.problem.may(building, row):
                closed += 1
            elif row.most is not None and self.held_after[row.id] + row.holds >= row.most:
                full += 1
        return ("nobody", {"avoid": avoid, "full": full, "closed": closed, "serving": len(self.problem.serving)})

    def loads(self) -> list[Load]:
        """Each steward's load before and after, those who leave among them."""
        rows = []
        for row in self.problem.stewards:
            before, after = self.loads_before[row.id], self.loads_after[row.id]
            out = row.id in self.outside_after
            rows.append(
                Load(
                    row.id, self.percent(row.id, before), self.percent(row.id, after), before / 10, after / 10,
                    self.held_before[row.id], self.held_after[row.id], out, self.uneven(row.id) if out else None,
                )
            )  # fmt: skip
        return rows

    def uneven(self, steward: int) -> Fact:
        """Why this load isn't within the band: proven where it can be."""
        problem, row, band = self.problem, self.problem.steward[steward], self.problem.bands[steward]
        load, mine = self.loads_after[steward], [b for b, s in self.found.who.items() if s == steward]
        limits = {"low": round(band.low / 10, 1), "high": round(band.high / 10, 1)}
        kept = [problem.weight[b] for b in row.keeps - row.avoids if self.found.who.get(b) == steward]
        if sum(kept) > band.high:
            return ("kept_heavy", {"homes": sum(kept) / 10, **limits})
        if load > band.high and len(mine) == 1:
            return ("one_alone", {"homes": load / 10, **limits})
        if load < band.low and not row.more:
            return ("no_more", limits)
        if not self._fits(steward):
            return ("nothing_fits", limits)
        if not self._fits(steward, near=True):
            return ("out_of_reach", limits | {"metres": REACH})
        if len(problem.serving) > len(problem.buildings):
            return ("more_stewards", {"stewards": len(problem.serving), "buildings": len(problem.buildings)})
        if problem.first is First.CHANGES:
            return ("only_needed", limits)
        return ("proven", limits) if self.found.proven else ("not_found", limits)

    def _fits(self, steward: int, near: bool = False) -> bool:
        """Whether any set of buildings that this steward may have lies within the band, whatever others then have.

        With `near` only those within reach count, and those that are theirs.
        """
        problem, row, band = self.problem, self.problem.steward[steward], self.problem.bands[steward]
        able = [b for b, ids in problem.options.items() if steward in ids]
        if near:
            able = [b for b in able if not problem.far(b, steward) or self.found.who.get(b) == steward]
        forced = [b for b in able if problem.options[b] == (steward,)]
        room = len(able) if row.most is None else max(0, row.most - row.holds)
        base = round(row.carries * 10) + sum(problem.weight[b] for b in forced)
        reach = [0] * (len(able) + 1)  # reach[n]: bit w is set if n buildings can weigh w
        reach[len(forced)] = 1
        mask = (1 << max(1, band.high - base + 1)) - 1
        counts = range(len(forced), min(room, len(able)))
        for building in able:
            if building not in forced:
                for n in reversed(counts):
                    reach[n + 1] |= (reach[n] << problem.weight[building]) & mask
        return any(reached >> max(0, band.low - base) for reached in reach[: room + 1])
