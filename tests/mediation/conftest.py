"""Fixtures of mediation."""

import pytest

from cast import Cast
from mediation.stage import MediationStage, stage


@pytest.fixture
def mediated(cast: Cast) -> MediationStage:
    """A mediation under way, with two parties and a mediator; see `stage`."""
    return stage(cast)
