"""SQL statements of each page, counted exactly: in this process, through all middleware, with session and member."""

from dataclasses import dataclass
from time import process_time
from typing import Any

from bench.asks import CSRF, Ask, Scenario, many

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")  # transactions' marks aren't counted
NOW_AND_THEN = '"core_revision"'  # the versions of cached data: read once in two seconds, whatever is asked for


@dataclass
class Counted:
    """The dearest of several requests of one kind."""

    sql: int
    cpu_ms: float
    said: list[str]


def browser(sessions: dict[str, str], member: str) -> Any:
    """A test client in which `member` is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    if member:
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[member]
    return client


def send(client: Any, ask: Ask) -> Any:
    """Send it, and what follows from it; raises AssertionError for an answer that wasn't expected."""
    answer = client.get(ask.path) if ask.form is None else client.post(ask.path, ask.form)
    assert answer.status_code in ask.expect, (
        f"{ask.path} answered {answer.status_code}: {answer.content[:2000].decode()}"
    )
    return answer


def counts(sql: str) -> bool:
    """Whether a statement is one of the page's own."""
    return not sql.startswith(FRAME) and NOW_AND_THEN not in sql


def count(sessions: dict[str, str], ask: Ask) -> Counted | None:
    """Statements of one request that is done at once; None if the server asked something first."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser(sessions, ask.member)
    began = process_time()
    with CaptureQueriesContext(connection) as captured:
        answer = send(client, ask)
    spent = (process_time() - began) * 1000
    said = [q["sql"] for q in captured.captured_queries if counts(q["sql"])]
    following = ask.then(answer.status_code, b"")
    if following is not None:
        return count(sessions, following)
    return Counted(len(said), spent, said)


def dearest(sessions: dict[str, str], asks: list[Ask]) -> Counted:
    """The most statements of any of these requests, each sent once to warm up where that changes nothing."""
    found = []
    for ask in asks:
        if ask.form is None:
            count(sessions, ask)
        found.append(count(sessions, ask))
    return max((c for c in found if c), key=lambda c: c.sql)


def count_all(office: Any, scenarios: list[Scenario]) -> dict[str, Counted]:
    """The dearest request of each scenario. Files and moves a few cases."""
    from chenyue.core import snapshots

    snapshots.load_all()  # as the server does before it starts its web processes
    found = {}
    for scenario in scenarios:
        if scenario.name == "dispatch":
            office.fill_waiting()
        asks = getattr(scenario, "asks", None) or list(many(office.refreshed(scenario), 6))
        found[scenario.name] = dearest(office.sessions, asks[:60])
    return found
