"""The same form sent twice at the same moment: one effect, and both read the same answer; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast, client_of
from chenyue.cases.models import Addition, Appeal, Case
from chenyue.timeline.models import Entry
from helpers import sample_case, together

pytestmark = pytest.mark.django_db(transaction=True)


def both(clients: list[Client], path: str, data: dict[str, Any]) -> list[tuple[int, str]]:
    """What each of them is answered: status and where it leads."""
    found = together(*(lambda client=client: client.post(path, data) for client in clients))
    return [(answer.status_code, answer.get("Location", "")) for answer in found]


def test_of_two_presses_at_once_one_has_an_effect() -> None:
    cast = Cast()
    filed = sample_case(cast)
    case, receipt = filed.case, filed.appeal.receipt

    first, second = both([client_of(cast.lin), client_of(cast.lin)], _move(case), _form(case))
    assert first == second and first[0] == 303
    assert Entry.objects.filter(subject=case.subject, verb="case.accepted").count() == 1

    first, second = both(
        [Client(), Client()], f"/p/{receipt}/words/", {"words": "又冒水了。", "idempotency_key": "more"}
    )
    assert first == second and first[0] == 303
    assert Addition.objects.filter(appeal=filed.appeal).count() == 1

    with time_machine.travel(NOW, tick=False):
        began = Client().get("/tell/").context["began"]
    told = {"words": "路灯坏了，晚上看不见路。", "began": began, "seen": "1", "idempotency_key": "tell"}
    with time_machine.travel(NOW + timedelta(seconds=9), tick=False):
        first, second = both([Client(), Client()], "/tell/", told)
    assert first == second and first[0] == 303
    assert Appeal.objects.exclude(pk=filed.appeal.pk).count() == 1


def _move(case: Case) -> str:
    return reverse("desk:move", args=[case.number, "accept"])


def _form(case: Case) -> dict[str, Any]:
    return {"version": case.version, "idempotency_key": "accept"}
