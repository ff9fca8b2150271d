"""What kinds of matter a few words speak of, and how plainly: quick, without places, urgency and reasons."""

import math
from dataclasses import dataclass, field

from chenyue.catalogue.queries import catalogue
from chenyue.triage import dangers
from chenyue.triage.reading import read
from chenyue.triage.scorer import scorer
from chenyue.triage.versions import active

GENERAL = "12"  # thanks, wishes and questions: no matter by themselves
DANGER = 6.0  # points of words that show a danger now: they speak plainly whatever the catalogue calls it
LEAST = 0.02  # shares below say nothing


@dataclass(frozen=True, slots=True)
class Kinds:
    """`points` is the weight of the strongest rule that holds; `shares` what each kind has of the likeness."""

    points: float = 0.0
    shares: dict[str, float] = field(default_factory=dict)
    danger: bool = False  # whether the words show a danger now


def kinds(text: str, *, likeness: bool = True) -> Kinds:
    """The kinds of matter of a short text, by rules and likeness; without `likeness` the points alone."""
    engine, reading = scorer(catalogue(), active()), read(text)
    if not engine.leaves or reading.empty:
        return Kinds()
    heard = engine.hear(reading)
    one = reading.sentences == (reading.plain,)
    points = 0.0
    if heard[0].sums if one else engine.matcher.match(engine.matcher.words(reading.plain)):
        told = engine.points(heard)
        points = max([0.0, *(value for code, value in told.items() if not code.startswith(GENERAL))])
    danger = bool(dangers.look(reading).present)
    points = max(points, DANGER if danger else 0.0)
    if not likeness:
        return Kinds(points, danger=danger)
    logs = zip(engine.leaves, engine.first_logs(reading, heard), strict=True)
    return Kinds(points, {c.code: share for c, value in logs if (share := math.exp(value)) >= LEAST}, danger)
