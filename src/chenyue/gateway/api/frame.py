"""What all operations share: who calls, doing something once, types of values, pages of lists.

Imports Ninja: only `build` and the operations import this.
"""

import json
import math
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime

from chenyue.core import limits
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.idempotency import run_once
from chenyue.core.paging import Page
from chenyue.gateway.api import tokens
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.people.scope import all_scopes

KEY = "Idempotency-Key"
YEARS = range(1990, 2200)  # moments of an office's matters; others don't fit databases and zones
READING = ("GET", "HEAD")
MOST = 200  # rows of a page


class Bearer:
    """`Authorization: Bearer cyt_…`, and nothing else: no cookie, no word in the address."""

    openapi_type, openapi_scheme = "http", "bearer"
    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> "Call":
        """Who calls. Raises what `tokens.caller` raises, and NotAllowed if a token that only reads would write."""
        at = timezone.now()
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        found = tokens.caller(
            text.strip() if scheme.lower() == "bearer" else "", address=limits.address(request), at=at
        )
        if found.token.read_only and request.method not in READING:
            raise NotAllowed(_("This token only reads."))
        return Call(found, request, at)


class Call:
    """A call: who, when, and what it may do. It stands as `request.auth`."""

    def __init__(self, caller: tokens.Caller, request: HttpRequest, at: datetime) -> None:
        self.caller, self.request, self.at = caller, request, at

    @property
    def member(self) -> Member:
        """In whose name."""
        return self.caller.member

    @property
    def by(self) -> Actor:
        """The `by` of actions."""
        return self.caller.actor

    def may(self, word: str) -> bool:
        """Whether a permission holds in some scope."""
        return may(self.member, word)

    def words(self) -> list[str]:
        """What this token may do now: of its words those that its owner holds."""
        return sorted(word for word in all_scopes(self.member) if self.may(word))

    def need(self, *words: str) -> None:
        """NotAllowed unless one of these permissions holds in some scope."""
        if not any(self.may(word) for word in words):
            raise NotAllowed

    def once(self, act: Callable[[], dict[str, Any]], content: Any) -> dict[str, Any]:
        """Run `act` once for the `Idempotency-Key` of this call; what it gives holds no personal data.

        A retry of the same call finds what the first did; the same key with another content is refused.
        """
        what = [self.request.method, self.request.path, content]
        key = self.request.headers.get(KEY, "")
        if not key:
            raise Refusal(_("The header Idempotency-Key is missing."), code="no_key")
        result, _fresh = run_once(scope=f"api:{self.caller.token.pk}", key=key, at=self.at, act=act, content=what)
        return result

    def do(self, act: Callable[[], Any], content: Any) -> dict[str, Any]:
        """`once` for an act whose result the answer doesn't need: `{"done": True}`."""

        def acting() -> dict[str, Any]:
            act()
            return {"done": True}

        return self.once(acting, content)


def call(request: HttpRequest) -> Call:
    """The call behind a request of an operation."""
    return request.auth  # type: ignore[attr-defined,no-any-return]


class Careful(Parser):
    """JSON as databases can keep it: no NUL, no half characters, no infinities."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body. Any error here is answered with 400."""
        found = json.loads(request.body, parse_constant=_not_a_number)
        _check(found)
        return found


def _not_a_number(name: str) -> Any:
    raise ValueError(name)


def _check(value: Any) -> None:
    """Raises ValueError for a text that can't be kept (UnicodeEncodeError is one) and for numbers without end."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode()
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check(key)
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("infinite")


def _usual(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(_("Not a moment of our times."))
    return moment


def _usual_day(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(_("Not a day of our times."))
    return day


def _on_the_clock(clock: time) -> time:
    """A time of day in the office; whose zone it would be isn't asked."""
    if clock.tzinfo is not None:
        raise ValueError(_("A time of day without a zone, such as 08:30."))
    return clock.replace(microsecond=0)


def _whole(text: str) -> str:
    """A text of an address or a form, as databases can keep it."""
    try:
        _check(text)
    except ValueError as error:
        raise ValueError(_("These characters can't be kept.")) from error
    return text


# Types of what is sent. Lengths are those of the forms that people fill in.
Moment = Annotated[AwareDatetime, AfterValidator(_usual)]
Day = Annotated[date, AfterValidator(_usual_day)]
Clock = Annotated[time, AfterValidator(_on_the_clock)]
Id = Annotated[int, Field(ge=1, le=2**53)]
Text = Annotated[str, AfterValidator(_whole)]
Code = Annotated[str, AfterValidator(_whole), Field(min_length=1, max_length=40)]
Line = Annotated[str, AfterValidator(_whole), Field(max_length=200)]
Words = Annotated[str, AfterValidator(_whole), Field(min_length=1, max_length=8000)]
MaybeWords = Annotated[str, AfterValidator(_whole), Field(max_length=8000)]
Cursor = Annotated[str, AfterValidator(_whole), Field(max_length=400)]
Limit = Annotated[int, Field(ge=1, le=MOST)]


class Done(Schema):
    """A write that gives nothing back but that it was done."""

    done: bool = True


def listed(page: Page[Any], cursor: str, shape: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """A page of a list. Refusal for a cursor that isn't of this list: a program must not begin anew unawares."""
    if cursor and page.rows and not page.previous:
        raise Refusal(_("This cursor isn't of this list."), field="cursor", code="cursor")
    return {"items": [shape(row) for row in page.rows], "next": page.next or None}


def all_of(rows: Iterable[Any], shape: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """A list that is short enough to be given whole."""
    return {"items": [shape(row) for row in rows], "next": None}
