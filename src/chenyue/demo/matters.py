"""What people say here, and what they are answered: our own sentences, filled with places of the office."""

from dataclasses import dataclass
from random import Random
from typing import Any

from chenyue.demo.office import DATA, Office, table
from chenyue.places.models import Kind, Place

OPENINGS = ["", "", "", "", "您好，", "您好，", "麻烦反映一下："]
CLOSINGS = [
    "",
    "",
    "",
    "",
    "谢谢！",
    "希望早点有个说法。",
    "已经好几天了。",
    "大家都盼着解决。",
    "家里有老人，拖不起。",
]


@dataclass(frozen=True)
class Matter:
    """A kind of thing that happens: its category, what is said, and how it ends."""

    code: str
    weight: float
    where: str  # building, estate, road, spot, village, none
    words: tuple[str, ...]
    done: str
    told: str


@dataclass(frozen=True)
class Said:
    """Words as they come in, and where."""

    words: str
    place: Place | None
    room: str


def all_matters() -> list[Matter]:
    """All of the data files, in the order of their names."""
    rows: list[dict[str, Any]] = []
    for path in sorted(DATA.glob("matters*.toml")):
        rows += table(path.stem)["matter"]
    return [Matter(**{**row, "words": tuple(row["words"])}) for row in rows]


class Teller:
    """Chooses what is said next. The same sentence at the same place isn't said twice in a row."""

    def __init__(self, office: Office, random: Random) -> None:
        self.office, self.random = office, random
        self.matters = all_matters()
        self._weights = [m.weight for m in self.matters]
        self._lately: list[str] = []

    def matter(self, *codes: str) -> Matter:
        """Some matter, by weight; of these categories if any are given."""
        if codes:
            return self.random.choice([m for m in self.matters if m.code in codes])
        return self.random.choices(self.matters, self._weights)[0]

    def say(self, matter: Matter, place: Place | None = None) -> Said:
        """Words for a matter, at a place of the right kind."""
        for _ in range(6):
            found = self._say(matter, place or self.place(matter.where))
            if found.words[:24] not in self._lately:
                break
        self._lately = [*self._lately[-200:], found.words[:24]]
        return found

    def place(self, where: str) -> Place | None:
        """A place of this kind; older estates speak up more often."""
        if where == "none":
            return None
        rows = self.office.places[{"road": Kind.ROAD, "spot": Kind.SPOT, "estate": Kind.ESTATE,
                                   "village": "village"}.get(where, Kind.BUILDING)]  # fmt: skip
        if where in ("building", "estate"):
            rows = [p for p in rows if not (p.community and p.community.village)]
        return rows[min(int(self.random.betavariate(1, 1.6) * len(rows)), len(rows) - 1)]

    def _say(self, matter: Matter, place: Place | None) -> Said:
        core = self.random.choice(matter.words).replace("{p}", place.full_name if place else "")
        words = self.random.choice(OPENINGS) + core + self.random.choice(CLOSINGS)
        at_home = matter.where == "building" and self.random.random() < 0.35
        room = f"{self.random.randint(1, 6)}0{self.random.randint(1, 2)}" if at_home else ""
        return Said(words, place, room)
