"""Shapes that several operations give."""

from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy
from ninja import Schema


def _(text: str) -> str:
    """A sentence that is said later, in the language of who reads: Ninja asks for a str and keeps what it gets."""
    return cast(str, gettext_lazy(text))


class Named(Schema):
    """Something with a code."""

    code: str
    name: str


class Person(Schema):
    """A member of staff."""

    id: int
    name: str


class PlaceName(Schema):
    """A place in few words."""

    id: int
    kind: str
    name: str


class AttachmentOut(Schema):
    """A file; its content is at `/attachments/{token}`."""

    token: str
    name: str
    stage: str
    type: str
    size: int
    sha256: str
    at: datetime


def page_of(name: str, item: Any) -> Any:
    """The schema of a page of a list: `items`, and `next` for the call of the page after it."""
    return type(name, (Schema,), {"__annotations__": {"items": list[item], "next": str | None}, "__doc__": None})
