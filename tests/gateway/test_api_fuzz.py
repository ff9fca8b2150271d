"""The API asked what its description allows, and what it doesn't: no fault of ours, and answers as described.

Schemathesis makes the calls; the seed is fixed, so that each run asks the same. For an hour's run, see docs/api.md.
"""

import os
import time
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

import stories
from cast import Cast
from gateway.api_stage import held
from reception.queue_stage import opened
from stewards.stage import steward, term
from works.site_stage import Site

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 3


SECONDS = float(os.environ.get("CHENYUE_FUZZ_SECONDS", "0"))  # how long to ask beyond the short run


def asked(operation: Any, headers: dict[str, str], number: int = 20261122, examples: int = EXAMPLES) -> None:
    """Ask one operation so many times, each answer checked; another `number`, other questions."""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()


@pytest.fixture
def kept_open() -> Any:
    """The test's connection, which the end of a request would close."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def test_no_call_is_a_fault_of_ours(cast: Cast, kept_open: None) -> None:
    stories.filed(cast, timezone.now())
    stories.answered(cast, timezone.now())
    Site(cast)  # so that more than a refusal can be met: works, a queue, a steward
    opened(cast, timezone.now())
    term(cast, steward(cast))
    headers = {"Authorization": f"Bearer {held(cast, cast.zhao, hourly=1_000_000)}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 150
    for operation in operations:
        asked(operation, headers)
    until, turn, calls = time.monotonic() + SECONDS, 0, 0
    while time.monotonic() < until:
        turn += 1
        for operation in operations:
            asked(operation, headers, number=20261122 + turn, examples=20)
            calls += 20
    if turn:
        print(f"{turn} turns, some {calls} calls")
