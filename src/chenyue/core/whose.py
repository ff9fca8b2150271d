"""Whose data is being worked with.

An installation serves one office, and then there is nothing to tell apart: `whose` is "". Where one installation
serves many, each request, job and stream says so once, at its door, and everything that a process keeps in memory
is kept apart by this name. It goes with the context: to the pieces of a long answer, and to tasks that are begun
here, but not to another thread; what is handed to one goes through `carried`. Forgotten, that thread works with
nobody's data and finds no tables, rather than with another office's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_whose: ContextVar[str] = ContextVar("whose", default="")


def whose() -> str:
    """The office whose data this is; "" where there is only one."""
    return _whose.get()


@contextmanager
def within(name: str) -> Iterator[None]:
    """Work with this office's data inside; "" is nobody's where there are many."""
    token = _whose.set(name)
    try:
        yield
    finally:
        _whose.reset(token)


def settle(name: str) -> None:
    """Work with this office's data for the rest of this context: a stream, a worker's turn."""
    _whose.set(name)


def carried(act: Callable[P, R]) -> Callable[P, R]:
    """`act` for another thread: there it works with the data of whoever asked for it here."""
    name = whose()

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with within(name):
            return act(*args, **kwargs)

    return run
