"""Every door of the house, knocked at with hostile forms and addresses by whoever is let in.

What a door reads is heard from the view itself: the names that it asks of the form and of the address. Each knock is
undone. An answer of 500 and more, or an error that no view caught, is a fault of ours.
"""

import copy
import random
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDict

from cast import client_of
from chenyue.core.http import KEY
from chenyue.core.ids import token
from fuzz import hostile
from fuzz.guests import guest
from house.doors import DOORS, Door
from house.test_twice import closed, made, offered, rewind, status

WHO = ("zhao", "li", "admin", "wang", "lin", "audit", "sun", "anonymous")
LET_IN = {200, 303, 409, 422}
SKIPPED = ("csrfmiddlewaretoken",)


@dataclass
class Knock:
    """One request."""

    url: str
    posted: bool
    data: dict[str, Any] = field(default_factory=dict)
    raw: tuple[bytes, str] | None = None  # a body and its type

    def __str__(self) -> str:
        what = self.raw if self.raw else {name: _short(value) for name, value in self.data.items()}
        return f"{'POST' if self.posted else 'GET'} {_short(self.url)} {what!r}"


@dataclass(frozen=True)
class Fault:
    """What went wrong, and where in the house."""

    door: str
    who: str
    what: str
    where: str
    knock: str

    @property
    def sign(self) -> tuple[str, str]:
        """The same for faults that are one."""
        return self.what.partition(":")[0], self.where


@dataclass
class Learnt:
    """What a door reads: the names it asks of the address and of the form, and a form as a person might fill it in."""

    address: set[str] = field(default_factory=set)
    form: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    filled: dict[str, Any] = field(default_factory=dict)
    closed: bool = False  # to forms


def _short(value: Any) -> Any:
    return f"{value[:60]}… ({len(value)})" if isinstance(value, str) and len(value) > 90 else value


@contextmanager
def heard() -> Iterator[list[tuple[Any, Any]]]:
    """Which names are asked of which dictionary of a request."""
    found: list[tuple[Any, Any]] = []
    one, many = MultiValueDict.__getitem__, MultiValueDict.getlist

    def get(self: Any, key: Any) -> Any:
        found.append((self, key))
        return one(self, key)

    def getlist(self: Any, key: Any, default: Any = None) -> Any:
        found.append((self, key))
        return many(self, key, default)

    def holds(self: Any, key: Any) -> bool:
        found.append((self, key))
        return dict.__contains__(self, key)

    with (
        mock.patch.object(MultiValueDict, "__getitem__", get),
        mock.patch.object(MultiValueDict, "getlist", getlist),
        mock.patch.object(MultiValueDict, "__contains__", holds, create=True),
    ):
        yield found


class Knocker:
    """One of the cast at one door."""

    def __init__(self, name: str, who: str, client: Client) -> None:
        self.name, self.who, self.client = name, who, client
        self.faults: list[Fault] = []
        self.slowest, self.knocks = 0.0, 0

    def send(self, knock: Knock) -> Any:
        """Knock, and undo it; the answer, None after a fault."""
        cookies, began = copy.deepcopy(self.client.cookies), time.perf_counter()
        rewind(knock.data)
        self.knocks += 1
        try:
            with transaction.atomic():
                answer = self._ask(knock)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                transaction.set_rollback(True)
        except Exception as error:
            self._note(knock, f"{type(error).__name__}: {error}", _place(error))
            return None
        finally:
            self.client.cookies = cookies
            self.slowest = max(self.slowest, time.perf_counter() - began)
        if answer.status_code >= 500:
            self._note(knock, str(answer.status_code), self.name)
        return answer

    def _ask(self, knock: Knock) -> Any:
        if not knock.posted:
            return self.client.get(knock.url, knock.data or None)
        if knock.raw:
            return self.client.generic("POST", knock.url, *knock.raw)
        return self.client.post(knock.url, knock.data)

    def _note(self, knock: Knock, what: str, where: str) -> None:
        self.faults.append(Fault(self.name, self.who, what[:200], where, str(knock)[:700]))

    def learn(self, url: str, given: dict[str, Any]) -> Learnt:
        """Open the page and send its form, and hear what is asked for."""
        found = Learnt()
        with heard() as asked:
            page = self.send(Knock(url, False))
            first = self.send(Knock(url, True, given | {KEY: token()}))
            found.closed = first is not None and first.status_code == 405
            pages = [one for one in (page, first) if one is not None]
            told = [] if found.closed else offered(url, pages)
            found.filled = given | (told[-1] if told else {})
            if told:
                pages.append(self.send(Knock(url, True, found.filled | {KEY: token()})))
        for page in pages:
            if page is None:
                continue
            request = page.wsgi_request
            for name, where in (("address", request.GET), ("form", request.POST), ("files", request.FILES)):
                keys = {key for held, key in asked if held is where and isinstance(key, str)}
                getattr(found, name).update(keys)
        found.form |= {name for name in found.filled if name not in found.files}
        found.form -= {*SKIPPED}
        return found


def _place(error: BaseException) -> str:
    """The last line of the house that the error came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/chenyue/" in frame.filename]
    return f"{frames[-1].filename.rpartition('/chenyue/')[2]}:{frames[-1].name}" if frames else "outside"


def forms(learnt: Learnt, url: str, dice: random.Random, long: int) -> Knock:
    """One hostile form."""
    names = sorted({*learnt.form, KEY} if dice.random() < 0.05 else learnt.form)
    data = {KEY: token(), **learnt.filled}
    how = dice.random()
    if not names and not learnt.files:
        how = 0.99
    if how < 0.68:
        for name in dice.sample(names, min(len(names), dice.choice([1, 1, 1, 2, 3]))):
            data[name] = hostile.word(dice, data.get(name), long)
    elif how < 0.74:
        value = hostile.word(dice, "", long // 10)
        data |= dict.fromkeys(learnt.form, value)
    elif how < 0.79:
        data = {name: value for name, value in data.items() if dice.random() < 0.6}
    elif how < 0.85:
        for name in dice.sample(names, min(len(names), 2)):
            data[name] = [hostile.word(dice, data.get(name), 100) for _n in range(dice.choice([2, 3, 30]))]
    elif how < 0.95:
        for name in dice.sample(sorted({*names, *learnt.files}), 1):
            data[name] = hostile.file(dice, long) if dice.random() < 0.8 else hostile.word(dice)
    else:
        return Knock(url, True, raw=raw(data, dice))
    return Knock(url, True, data)


def raw(data: dict[str, Any], dice: random.Random) -> tuple[bytes, str]:
    """A body that no browser makes."""
    texts = {name: value for name, value in data.items() if isinstance(value, str)}
    if dice.random() < 0.5:
        body = urlencode(texts).encode()
        at = dice.randrange(len(body) + 1)
        return body[:at] + dice.choice(hostile.RAW) + body[at:], "application/x-www-form-urlencoded"
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (dice.choice([b"\\ud800", b"\xff\xfe\xd8\x00", b"+2AA-", value.encode()]))
        for name, value in texts.items()
    ]
    return b"\r\n".join([*parts, b"--b--\r\n"]), dice.choice(hostile.TYPES)


def address(learnt: Learnt, url: str, dice: random.Random, long: int) -> Knock:
    """One hostile address: what stands behind the question mark."""
    names = dice.sample(sorted(learnt.address), min(len(learnt.address), dice.choice([1, 1, 2, 9])))
    return Knock(url, False, {name: hostile.word(dice, "", min(long, 20_000)) for name in names})


def path(name: str, kwargs: dict[str, Any], learnt: Learnt, dice: random.Random) -> Knock | None:
    """One hostile address: what stands before it. None where no such address leads to the door."""
    key = dice.choice(sorted(kwargs))
    try:
        url = reverse(name, kwargs=kwargs | {key: dice.choice([*hostile.WORDS, 10**18, 10**30, 0, 2**63, "x" * 300])})
    except (NoReverseMatch, AttributeError, TypeError, ValueError):  # a converter of ours takes days, not words
        return None
    posted = not learnt.closed and dice.random() < 0.5
    return Knock(url, posted, {KEY: token(), **learnt.filled} if posted else {})


def let_in(name: str, door: Door) -> list[str]:
    """Whom the table lets in here; a guest where there is one for this door."""
    found = [who for who in WHO if LET_IN & status(door.expect[who]) and not (who == "anonymous" and closed(door))]
    return found[:1]


def knock_at(name: str, world: Any, dice: random.Random, times: int, long: int = hostile.LONG) -> Iterator[Knocker]:
    """So many hostile forms, addresses and paths at each row of a door."""
    found = DOORS[name]
    for door in found if isinstance(found, list) else [found]:
        with transaction.atomic():
            kwargs, data = made(door, world)
            visitor = guest(name, world)
        if visitor:
            client, kwargs, who = visitor.client, visitor.kwargs or kwargs, visitor.who
        else:
            allowed = let_in(name, door)
            if not allowed:
                continue
            who = allowed[0]
            client = client_of(None if who == "anonymous" else getattr(world.cast, who))
        yield _at_row(Knocker(name, who, client), kwargs, data, dice, times, long)


def _at_row(
    knocker: Knocker, kwargs: dict[str, Any], data: dict[str, Any], dice: random.Random, times: int, long: int
) -> Knocker:
    url = reverse(knocker.name, kwargs=kwargs)
    learnt = knocker.learn(url, data)
    for _time in range(times):
        if not learnt.closed:
            knocker.send(forms(learnt, url, dice, long))
        if learnt.address and dice.random() < 0.7:
            knocker.send(address(learnt, url, dice, long))
        if kwargs and dice.random() < 0.3 and (knock := path(knocker.name, kwargs, learnt, dice)):
            knocker.send(knock)
    return knocker
