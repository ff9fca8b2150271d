"""Events: how a lower package tells an upper one. Listeners run at once, in the same transaction.

A listener that fails makes the action fail; slow things are put into the outbox or a job.
Who listens to what is written on one page: `chenyue.wiring`.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen(event: type[E], listener: Callable[[E], None]) -> None:
    """Call `listener` for each `event` from now on; the order of registration is kept."""
    if listener not in _listeners[event]:
        _listeners[event].append(listener)


def emit(event: object) -> None:
    """Tell everyone who listens to this kind of event."""
    for listener in _listeners[type(event)]:
        listener(event)
