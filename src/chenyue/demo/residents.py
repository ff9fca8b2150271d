"""Invented residents: names from our own lists, telephone numbers counted up. Some come again."""

from dataclasses import dataclass
from random import Random

from chenyue.cases.actions import ReporterData
from chenyue.demo.office import table

NAMES = table("residents")


@dataclass(frozen=True)
class Voice:
    """One resident as an appeal tells of them."""

    data: ReporterData | None
    consents: bool


class Residents:
    """Who lives here. Deterministic: the same office has the same residents."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._known: list[ReporterData] = []

    def somebody(self, *, anonymous: float = 0.12) -> Voice:
        """A new or a returning resident, or somebody who only leaves a nickname."""
        if self._random.random() < anonymous:
            nickname = self._random.choice(NAMES["nicknames"]) if self._random.random() < 0.6 else ""
            return Voice(ReporterData(nickname=nickname) if nickname else None, False)
        if self._known and self._random.random() < 0.2:
            return Voice(self._random.choice(self._known), True)
        return Voice(self.somebody_new(), self._random.random() < 0.85)

    def somebody_new(self) -> ReporterData:
        """A resident who was not here before; about one in fifteen leaves an e-mail address."""
        number = len(self._known) + 1
        name = self._random.choice(NAMES["family"]) + self._random.choice(NAMES["given"])
        email = f"resident{number}@example.org" if number % 15 == 0 else ""
        found = ReporterData(name=name, phone=f"1990000{number:04d}", email=email)
        self._known.append(found)
        return found
