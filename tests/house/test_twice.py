"""Every form is sent twice with the same key, as after a lost answer: it has one effect, and no refusal comes back.

Each door of the table is opened with what its page asks for, filled in as a person might (`paper_forms`). What the
second sending writes is listened to statement by statement, so that an UPDATE shows as well as a row too many.
"""

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core.errors import Refusal
from chenyue.core.http import KEY
from chenyue.core.ids import token
from helpers import sample_case
from house.doors import DOORS, Door
from house.journal import written
from house.paper_forms import filled, forms
from house.test_doors import World
from house.twice import AGAIN, ELSEWHERE

PARTS = 4  # so that parallel workers share the walk; neighbours stay together, who stand on the same rows
WHO = ("zhao", "li", "admin", "wang", "lin", "audit", "sun", "anonymous")
LET_IN = {200, 303, 409, 422}


@dataclass
class Tried:
    """What came of a door: its answers, and what was written at the first and at the second sending."""

    statuses: tuple[int, ...] = ()
    first: list[str] = field(default_factory=list)
    second: list[str] = field(default_factory=list)


def test_what_is_named_is_a_door() -> None:
    assert sorted((set(AGAIN) | set(ELSEWHERE)) - set(DOORS)) == []


def walked() -> list[str]:
    return [name for name in DOORS if name not in ELSEWHERE]


@pytest.mark.parametrize("part", range(PARTS))
def test_each_form_has_one_effect_however_often_it_is_sent(part: int, cast: Cast) -> None:
    names, wrong, used_up = walked(), {}, []
    with transaction.atomic():
        world = World(cast, sample_case(cast))
        for name in names[len(names) * part // PARTS : len(names) * (part + 1) // PARTS]:
            try:
                wrong[name] = opened(name, world)
            except Refusal:
                used_up.append(name)  # a door before this one has made in the world what this one wants to make
        transaction.set_rollback(True)
    for name in used_up:
        with transaction.atomic():
            wrong[name] = opened(name, World(Cast(), sample_case(cast)))
            transaction.set_rollback(True)
    assert not any(wrong.values()), "\n".join(f"{name}: {told}" for name, told in wrong.items() if told)


def opened(name: str, world: World) -> str:
    """What is wrong with this door; "" if nothing is. Raises Refusal where its row can't be made."""
    found, nothing = DOORS[name], []
    for door in sorted(found if isinstance(found, list) else [found], key=lambda door: door.method == "get"):
        with transaction.atomic():
            kwargs, data = made(door, world)
        for who in let_in(door):
            client = client_of(None if who == "anonymous" else getattr(world.cast, who))
            tried = knocked(client, reverse(name, kwargs=kwargs), data, door.method != "get")
            if tried is None:
                return ""  # only for looking
            if tried.first:
                return judged(name, tried)
            nothing.append(f"{who} {tried.statuses}")
    return f"no sending had an effect ({'; '.join(nothing)}): give its row what it needs, or name it in house/twice.py"


def made(door: Door, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    kwargs = door.kwargs(world) if callable(door.kwargs) else door.kwargs
    data = door.data(world) if callable(door.data) else door.data
    return dict(kwargs), {} if door.method == "get" else dict(data)


def judged(name: str, tried: Tried) -> str:
    if tried.second and name not in AGAIN:
        return f"the second sending writes: {sorted(set(tried.second))}"
    if tried.statuses[1] >= 400:
        return f"answered {tried.statuses[0]}, and {tried.statuses[1]} to the second sending"
    return ""


def let_in(door: Door) -> list[str]:
    """Whom the table lets in here, at most two."""
    found = [who for who in WHO if LET_IN & status(door.expect[who]) and not (who == "anonymous" and closed(door))]
    return found[:2]


def closed(door: Door) -> bool:
    return status(door.expect["anonymous"]) == {302, 303}


def status(given: Any) -> set[int]:
    return {given} if isinstance(given, int) else set(given)


def knocked(client: Any, url: str, given: dict[str, Any], posted: bool) -> Tried | None:
    """Send what is given, then what the page's own form asks for, until something is written. None: no form here."""
    tries, done = [given], Tried()
    for at in range(5):
        if at >= len(tries):
            break
        done, pages = twice(client, url, tries[at] | {KEY: token()})
        if done.first:
            return done
        if done.statuses[0] == 405:
            return None
        if at == 0:
            told = offered(url, [client.get(url)]) or offered(url, pages)
            tries += [given | one for one in told]
    return done if posted or len(tries) > 1 else None


def offered(url: str, pages: list[Any]) -> list[dict[str, Any]]:
    """What a person might fill in here: as little as is needed, then everything."""
    found: list[dict[str, Any]] = []
    for page in pages:
        if page.streaming or not page.get("Content-Type", "").startswith("text/html"):
            continue
        for form in forms(page.content.decode()):
            if form.action.partition("?")[0] in ("", url):
                found += [told for told in (filled(form, eager=False), filled(form, eager=True)) if told not in found]
    return found


def twice(client: Any, url: str, data: dict[str, Any]) -> tuple[Tried, list[Any]]:
    """Send it, and once more if it wrote something; afterwards all is as it was."""
    cookies, done = copy.deepcopy(client.cookies), Tried()
    with transaction.atomic():
        with written() as first:
            answer = client.post(url, data)
        done = Tried((answer.status_code,), first if answer.status_code < 400 else [])
        if done.first:
            rewind(data)
            with written() as done.second:
                done.statuses += (client.post(url, data).status_code,)
        transaction.set_rollback(True)
    client.cookies = cookies
    return done, [answer]


def rewind(data: dict[str, Any]) -> None:
    for value in data.values():
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, "seek"):
                one.seek(0)
