"""Two offices with the same cast, in one database and one process; each test's rows are taken back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

import cast as players
from city.two_offices import A, B, Office


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, django_db_keepdb: bool) -> Iterator[None]:
    """Register and two offices, each made as `make_office` makes it and seeded with the cast. `--reuse-db` keeps it."""
    from django.test.utils import setup_databases, teardown_databases

    from chenyue.city import register
    from chenyue.city.making import make_office

    with django_db_blocker.unblock():
        kept = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        made = [] if not django_db_keepdb else [one.code for one in register.offices(fresh=True)]
        for office in (A, B):
            if office.code in made:
                continue
            make_office(office.code, office.host, office.name, at=timezone.now(), is_city=office is B)
            with office.inside():
                players.seed()
    yield
    with django_db_blocker.unblock():
        teardown_databases(kept, 0, keepdb=django_db_keepdb)


@pytest.fixture(autouse=True)
def _fresh_register() -> Iterator[None]:
    from chenyue.city import register

    register.forget()
    register.CHECK_EVERY = 3600
    yield
    register.forget()


@pytest.fixture
def a(db: None) -> Office:
    return A


@pytest.fixture
def b(db: None) -> Office:
    return B
