"""Fixtures of WeCom's tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.wecom import fake as fakes


@pytest.fixture
def wecom(settings: Any) -> Iterator[tuple[fakes.Fake, str]]:
    """The fake server, and its address, which the operator of this installation lets be called."""
    with fakes.running() as (fake, address):
        settings.OUTBOUND_HOSTS = [address.removeprefix("http://")]
        yield fake, address
