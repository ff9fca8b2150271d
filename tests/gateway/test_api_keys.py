"""Every writing operation of the API acts inside its idempotency key."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from chenyue.gateway.api import routes

ACTS = re.compile(r"\.(once|do)\(")
CALLS = re.compile(r"\b(_?[a-z]\w*)\(")
READS = frozenset({"GET"})


def writing() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The writing operations: method and path, and the function behind them."""
    for _prefix, router in routes.routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if set(operation.methods) - READS:
                    yield f"{operation.methods[0]} {path}", operation.view_func


def acts_once(function: Callable[..., Any], depth: int = 2) -> bool:
    """Whether it, or a function of its module that it calls, runs `call.once` or `call.do`."""
    function = inspect.unwrap(function)
    source = inspect.getsource(function)
    if ACTS.search(source):
        return True
    called = [function.__globals__.get(name) for name in CALLS.findall(source)]
    return depth > 0 and any(inspect.isfunction(one) and acts_once(one, depth - 1) for one in called)


def test_every_writing_operation_acts_once_for_its_key() -> None:
    found = dict(writing())
    assert len(found) > 60
    assert [name for name, function in found.items() if not acts_once(function)] == []
