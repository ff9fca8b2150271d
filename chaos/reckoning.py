"""After the faults: what was acknowledged against what is there. Pure; `effects` reads the database for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from chaos.diary import DONE, REFUSED, Act

Effects = Mapping[str, Mapping[str, list[str]]]  # kind → mark → what it gave, once for each effect found
SHOWN = 5


@dataclass
class Verdict:
    """What came of it. Everything but `acknowledged`, `unknown` and the times must be nothing."""

    acknowledged: int = 0
    kept: int = 0  # of these: taken in while the database was away
    retried: int = 0  # of these: told only after an answer was lost
    unknown: int = 0  # never answered: may have happened or not, once at most
    unknown_done: int = 0  # of these: it had happened
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # there, but not what the client was told
    refused: list[str] = field(default_factory=list)  # told no, though nothing spoke against it
    half_done: list[str] = field(default_factory=list)  # chains, ledgers, counts, files that don't agree
    kinds: dict[str, int] = field(default_factory=dict)
    longest_gap: float = 0.0

    @property
    def good(self) -> bool:
        """Nothing lost, nothing twice, nothing half done."""
        return not (self.lost or self.duplicated or self.wrong or self.refused or self.half_done)

    def shown(self) -> dict[str, Any]:
        """As it goes into the results."""
        faults = {
            name: getattr(self, name)[:SHOWN]
            for name in ("lost", "duplicated", "wrong", "refused", "half_done")
            if getattr(self, name)
        }
        return {
            "acknowledged": self.acknowledged, "kept": self.kept, "retried": self.retried, "unknown": self.unknown,
            "unknown_done": self.unknown_done, "lost": len(self.lost), "duplicated": len(self.duplicated),
            "wrong": len(self.wrong), "refused": len(self.refused), "half_done": len(self.half_done),
            "longest_gap_s": round(self.longest_gap, 2), "kinds": dict(sorted(self.kinds.items())),
            "good": self.good, **({"faults": faults} if faults else {}),
        }  # fmt: skip


def reckon(acts: Iterable[Act], effects: Effects, half_done: Iterable[str] = ()) -> Verdict:
    """Compare each act with its effects: an acknowledged one has exactly one, any other one at most."""
    found = Verdict(half_done=list(half_done))
    acts = list(acts)
    for act in acts:
        there = effects.get(act.kind, {}).get(act.mark, [])
        if len(there) > 1:
            found.duplicated.append(f"{act.kind} {act.mark}: {len(there)} times")
        if act.state == DONE:
            _acknowledged(found, act, there)
        elif act.state == REFUSED:
            found.refused.append(f"{act.kind} {act.mark} at try {act.tries}: {act.said}")
        else:
            found.unknown += 1
            found.unknown_done += bool(there)
    found.longest_gap = longest_gap([act.done for act in acts if act.state == DONE])
    return found


def _acknowledged(found: Verdict, act: Act, there: list[str]) -> None:
    found.acknowledged += 1
    found.kept += act.kept
    found.retried += act.tries > 1
    found.kinds[act.kind] = found.kinds.get(act.kind, 0) + 1
    if not there:
        found.lost.append(f"{act.kind} {act.mark}")
    elif act.gave and act.gave not in there:
        found.wrong.append(f"{act.kind} {act.mark}: told {act.gave}, there is {there[0]}")


def longest_gap(moments: Iterable[float]) -> float:
    """Seconds of the longest stretch in which nobody was told that something is done."""
    return max((later - earlier for earlier, later in pairwise(sorted(moments))), default=0.0)


def back_after(kills: Iterable[float], acts: Iterable[Act]) -> list[float]:
    """For each kill, seconds until the end of the first act that was asked for after it; none where none followed."""
    done = sorted((act.asked, act.done) for act in acts if act.state == DONE)
    found = []
    for moment in kills:
        later = [end for asked, end in done if asked >= moment]
        if later:
            found.append(min(later) - moment)
    return found
