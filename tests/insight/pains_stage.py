"""A small town of cases for the look for small pains."""

from datetime import timedelta
from typing import Any

from cast import NOW, Cast
from chenyue.cases.models import Appeal, Case
from chenyue.catalogue.models import Category
from chenyue.core import ids
from chenyue.people.models import Resident


class Town:
    """Cases made straight as rows: a look reads thousands of them, and they come from nowhere in particular."""

    def __init__(self, cast: Cast, now: Any = NOW) -> None:
        self.cast, self.now = cast, now
        self.kind = Category.objects.get(code="0102")
        self.places = [cast.place(f"金桂苑{n}幢") for n in range(1, 7)]
        self.n = 0

    def cases(self, place: Any, agos: list[int], **more: Any) -> list[Case]:
        """A case so many days ago, each; `who`, `words`, `room`, `kind`, `sensitivity` for all of them."""
        said = {"words": "", "who": None, "room": "", "kind": self.kind, "sensitivity": "normal", "hour": 10} | more
        made = Case.objects.bulk_create([self._case(place, ago, said) for ago in agos])
        rows = [self._appeal(case, said["who"], said["words"] or f"第{case.pk}次说这件事") for case in made]
        Appeal.objects.bulk_create(rows)
        return made

    def _case(self, place: Any, ago: int, said: dict[str, Any]) -> Case:
        self.n += 1
        at = (self.now - timedelta(days=ago)).replace(hour=said["hour"])
        return Case(
            number=f"T-{self.n:05d}", title="下水道又堵了", category=said["kind"], place=place, building=place,
            estate=place.estate, community=place.community, room=said["room"], channel="web", received_at=at,
            touched_at=at, sensitivity=said["sensitivity"],
        )  # fmt: skip

    def _appeal(self, case: Case, who: Resident | None, words: str) -> Appeal:
        return Appeal(
            number=f"A{case.number}", case=case, first_case=case, channel="web", reporter=who, words=words,
            receipt=ids.receipt_code(), received_at=case.received_at, filed_at=case.received_at,
        )  # fmt: skip

    def usual(self) -> None:
        """A quiet year at all places: what is usual."""
        for n, place in enumerate(self.places):
            self.cases(place, list(range(40 + n, 390, 50)))
            self.cases(place, [3 + 4 * n])

    def person(self, name: str = "何大爷") -> Resident:
        """Somebody who tells."""
        return Resident.objects.create(name=name, created_at=self.now)
