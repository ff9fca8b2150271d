"""Fixtures of volunteering."""

import pytest

from cast import Cast
from volunteering.deeds_stage import DeedsStage


@pytest.fixture
def deeds(cast: Cast) -> DeedsStage:
    """An office with people who would like to help; see `deeds_stage`."""
    return DeedsStage(cast)
