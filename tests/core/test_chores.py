"""What is tidied by night."""

from datetime import UTC, datetime

import pytest

from chenyue.core import chores, ticks


@pytest.mark.django_db
def test_indexes_are_weighed_by_night() -> None:
    assert "core.weigh" in ticks.known()
    assert chores.weigh(datetime(2026, 3, 2, 3, tzinfo=UTC)) == {}
