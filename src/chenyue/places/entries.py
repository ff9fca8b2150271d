"""What the gazetteer holds and what it answers."""

from dataclasses import dataclass

SURE = 0.5  # from this score on a hit may be filled in; below it a person chooses


@dataclass(frozen=True)
class PlaceInfo:
    """One place as lists and routing need it; `kind` is a value of `models.Kind`.

    `community_id`, `estate_id` and `building_id` name the one it is, or lies in.
    """

    id: int
    kind: str
    name: str
    full_name: str
    parent_id: int | None = None
    community_id: int | None = None
    estate_id: int | None = None
    building_id: int | None = None
    village: bool = False
    aliases: tuple[str, ...] = ()
    initials: str = ""
    active: bool = True


@dataclass(frozen=True)
class PlaceHit:
    """A place that was meant: how surely (0–1, see `SURE`), and by which words.

    `start` and `end` are positions in the text that was given; `room` is the home as told (`401`).
    """

    place_id: int
    full_name: str
    room: str = ""
    score: float = 1.0
    matched_text: str = ""
    start: int = 0
    end: int = 0

    @property
    def label(self) -> str:
        """What people read: `金桂苑3幢2单元401`."""
        return self.full_name + self.room
