"""An office that was there before gets the words of new parts, and keeps what people decided."""

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from chenyue.people.models import Role

pytestmark = pytest.mark.django_db
STEP = importlib.import_module("chenyue.people.migrations.0003_words_of_stewards_and_works")


def upgraded() -> dict[str, set[str]]:
    STEP.forwards(SimpleNamespace(get_model=apps.get_model), None)
    return {role.code: set(role.permissions) for role in Role.objects.all()}


@pytest.fixture
def before() -> Any:
    """The roles of an office that knew nothing of reception, stewards and works."""
    Role.objects.exclude(code="works_manager").filter(grants=None).delete()
    Role.objects.filter(code="works_manager").delete()
    new = {word for words in STEP.WORDS.values() for word in words}
    for role in Role.objects.all():
        role.permissions = [word for word in role.permissions if word not in new]
        role.save()


def test_words_that_nobody_holds_go_to_the_default_roles(before: None) -> None:
    found = upgraded()
    assert {"steward.manage", "works.manage", "reception.roster"} <= found["director"]
    assert "steward.serve" in found["steward"] and "case.see" in found["steward"]
    assert "works.manage" in found["works_manager"]
    assert upgraded() == found, "a second time changes nothing"


def test_what_a_person_handed_out_stays_as_they_decided(before: None) -> None:
    role = Role.objects.get(code="receptionist")
    role.permissions = [*role.permissions, "steward.manage"]
    role.save()
    found = upgraded()
    assert "steward.manage" not in found["director"] | found["dispatcher"]
    assert "works.manage" in found["director"]


def test_an_office_that_is_not_set_up_has_no_roles_yet() -> None:
    from chenyue.people.models import Grant

    Grant.objects.all().delete()
    Role.objects.all().delete()
    assert upgraded() == {}
