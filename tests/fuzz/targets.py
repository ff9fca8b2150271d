"""What is tried: each target takes one input and may refuse it in its own way; anything else it raises is a fault."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from chenyue.core.errors import Refusal

TARGETS: dict[str, "Target"] = {}


@dataclass(frozen=True)
class Target:
    """A parser, inputs for it, how it may say no, and how many inputs it gets in a run of the tests."""

    name: str
    run: Callable[[Any], Any]
    inputs: st.SearchStrategy[Any]
    refuses: tuple[type[BaseException], ...]
    examples: int

    def once(self, value: Any) -> str:
        """One input, in a transaction that is undone: "answered" or "refused". Anything else is raised."""
        with undone():
            try:
                self.run(value)
                return "answered"
            except Refusal as no:
                if not str(no.sentence).strip():
                    raise AssertionError("a refusal needs a sentence") from no
                return "refused"
            except self.refuses:
                return "refused"
            except BaseException as fault:
                fault.add_note(f"{self.name}: {value!r}")  # as it is, whatever a terminal shows of it
                raise


def target(
    inputs: st.SearchStrategy[Any], *refuses: type[BaseException], examples: int = 15
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Register a function as a target; a `Refusal` with a sentence is always a fair answer."""

    def register(run: Callable[[Any], Any]) -> Callable[[Any], Any]:
        name = run.__name__
        TARGETS[name] = Target(name, run, inputs, refuses, examples)
        return run

    return register


class _Undo(Exception):
    """Nothing that a target writes stays."""


@contextmanager
def undone() -> Any:
    """Whatever is written within is undone."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass
