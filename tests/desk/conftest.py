"""What all tests of the desk share."""

import pytest

from chenyue.core import snapshots


@pytest.fixture(autouse=True)
def _no_look_at_versions(monkeypatch):
    """The look at the versions of cached data comes by the wall clock; on a slow machine it would spoil a count."""
    monkeypatch.setattr(snapshots, "CHECK_EVERY", 3600)
