"""What the clients ask for: each scenario makes requests, ready to be sent over HTTP or to a test client."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

CSRF = "b" * 32  # a browser's own secret; the form's field repeats it


@dataclass
class Ask:
    """One request. `expect`: the statuses that mean it was done."""

    path: str
    form: dict[str, Any] | None = None
    member: str = ""
    expect: tuple[int, ...] = (200,)
    then: Callable[[int, bytes], "Ask | None"] = field(default=lambda status, body: None, repr=False)


def posted(**fields: Any) -> dict[str, Any]:
    """The fields of a form with a key of its own."""
    return {"csrfmiddlewaretoken": CSRF, "idempotency_key": uuid4().hex, **fields}


class Scenario:
    """A name and an endless (or not) row of asks. `deque.popleft` and `next` on a list's cycle are safe among threads."""

    name = ""

    def ask(self, dice: random.Random) -> Ask | None:
        """The next request, None when there's nothing left to ask."""
        raise NotImplementedError


class OneOf(Scenario):
    """Any of some asks."""

    def __init__(self, name: str, asks: list[Ask]) -> None:
        self.name, self.asks = name, asks

    def ask(self, dice: random.Random) -> Ask | None:
        return dice.choice(self.asks)


class File(Scenario):
    """A resident tells; if the page asks something first (danger, neighbours' cases), sends it again as seen."""

    name = "file"

    def __init__(self, office: "Any") -> None:
        self.office = office

    def ask(self, dice: random.Random) -> Ask:
        place, full_name = dice.choice(self.office.buildings)
        words = "".join(dice.sample(self.office.sentences, 2)).replace("{p}", full_name)
        phone = f"198{dice.randrange(10**8):08d}"
        fields = posted(
            words=words, place=str(place), place_told=full_name, name=f"来人{phone[-4:]}", phone=phone,
            consent_contact="on", began=self.office.began, seen="",
        )  # fmt: skip

        def again(status: int, body: bytes) -> Ask | None:
            return None if status == 303 else Ask("/tell/", {**fields, "seen": "1"}, expect=(303,))

        return Ask("/tell/", fields, expect=(303, 200), then=again)


@dataclass
class Prepared:
    """A case that waits for its next move."""

    number: str
    version: int


class Moves(Scenario):
    """One kind of move on cases that wait for it; what is done waits for the next kind."""

    def __init__(self, office: "Any", name: str, waiting: "deque[Prepared]", after: "deque[Prepared] | None") -> None:
        self.office, self.name, self.waiting, self.after = office, name, waiting, after

    def ask(self, dice: random.Random) -> Ask | None:
        try:
            case = self.waiting.popleft()
        except IndexError:
            return None
        member, details = self.office.move(self.name)
        form = posted(version=str(case.version), **details)
        path = f"/desk/cases/{case.number}/{self.name}/"

        def moved(status: int, body: bytes) -> None:
            if status == 303 and self.after is not None:
                self.after.append(Prepared(case.number, case.version + 1))

        return Ask(path, form, member, (303,), moved)


def many(scenario: Scenario, count: int) -> Iterator[Ask]:
    """So many asks of a scenario, as far as there are."""
    dice = random.Random(3)
    for _one in range(count):
        ask = scenario.ask(dice)
        if ask is None:
            return
        yield ask
