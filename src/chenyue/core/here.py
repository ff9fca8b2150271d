"""What Django holds for a request (language, doors, prefix), asked three hundred times while a page is written.

Django keeps each of them in an `asgiref.local.Local`, which takes a lock and asks for the thread's number at each look.
Where there is one value, a context variable does the same (`tests/core/test_here.py`): what a thread or a task sets no
other sees, and what is called from it by way of asgiref sees it.
"""

from contextvars import ContextVar
from typing import Any

from django.urls import base
from django.utils.translation import trans_real

NOTHING = object()


class Here:
    """One value, `value`, of a thread or of a task."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: ContextVar[Any] = ContextVar("here", default=NOTHING)

    @property
    def value(self) -> Any:
        """The value; AttributeError where there is none."""
        if (found := self._held.get()) is NOTHING:
            raise AttributeError("value")
        return found

    @value.setter
    def value(self, value: Any) -> None:
        self._held.set(value)

    @value.deleter
    def value(self) -> None:
        if self._held.get() is NOTHING:
            raise AttributeError("value")
        self._held.set(NOTHING)


def hold() -> None:
    """Let Django keep them so. Called once, before the first request."""
    trans_real._active = Here()  # type: ignore[attr-defined]
    base._prefixes, base._urlconfs = Here(), Here()  # type: ignore[attr-defined]
