"""Slow work after commit: jobs on django-q2's queue in the same database.

A job is asked for inside the transaction that needs it, so that a rolled-back act leaves no job
behind. The queue may deliver twice (a worker that dies is replaced), so each handler is idempotent
and gets ids only: it reads the newest state itself.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings

F = TypeVar("F", bound=Callable[..., Any])
MAX_TEXT = 120  # characters; a payload of ids and keys has no more, and personal data stays out

_jobs: dict[str, Callable[..., Any]] = {}
log = logging.getLogger(__name__)


def job(name: str) -> Callable[[F], F]:
    """Register the handler of jobs called `name`. Modules with jobs are imported when their package starts."""

    def register(handler: F) -> F:
        _jobs[name] = handler
        return handler

    return register


def enqueue(name: str, **ids: int | str | None) -> None:
    """Ask for a job. One statement; under test (`sync`) it runs at once.

    Raises KeyError for a name nobody registered, TypeError for a payload that isn't ids.
    """
    if name not in _jobs:
        raise KeyError(name)
    for key, value in ids.items():
        if not isinstance(value, int | str | None) or len(str(value)) > MAX_TEXT:
            raise TypeError(f"a job gets ids only, not {key}")
    if settings.Q_CLUSTER.get("sync"):
        run(name, ids)
        return
    from django_q.tasks import async_task

    async_task("chenyue.core.jobs.run", name, ids, task_name=name[:100])


def run(name: str, ids: dict[str, Any]) -> None:
    """What the worker calls. An unknown name fails, is tried again and shows in the list of failures."""
    log.info("job %s", name)
    _jobs[name](**ids)
