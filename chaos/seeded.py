"""For `python -m chaos.defences`: a pytest plugin for a run whose database has been made and filled before."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """The office of the cast is there already: don't found it once more."""
    import cast

    cast.seed = lambda: None
