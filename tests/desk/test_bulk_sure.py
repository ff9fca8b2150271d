"""What is done to many at once and can't be undone is said before, and done to those that were shown."""

import re
from typing import Any

import pytest

from chenyue.cases.models import Case
from chenyue.core.ids import token
from chenyue.desk.forms.lists import BulkForm
from chenyue.desk.views import bulk
from helpers import sample_case

pytestmark = pytest.mark.django_db


def act(client: Any, **data: Any) -> Any:
    return client.post("/desk/cases/bulk/", {"act": "dispatch", "idempotency_key": token()} | data)


def test_all_that_match_is_asked_first_and_means_those_that_were_shown(cast: Any, client_of: Any) -> None:
    first = sample_case(cast, dispatched=False).case
    client = client_of(cast.li)
    shown = act(client, everything="1", query="")
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "没有办法撤回" in page
    first.refresh_from_db()
    assert first.state == "received", "nothing is done yet"
    later = sample_case(cast, dispatched=False, words="2幢的路灯不亮").case
    fields = dict(re.findall(r'name="(act|query|words|sure)" value="([^"]*)"', page))
    numbers = re.findall(r'name="numbers" value="([^"]*)"', page)
    assert act(client, **fields, numbers=numbers).status_code == 303
    states = dict(Case.objects.filter(pk__in=[first.pk, later.pk]).values_list("number", "state"))
    assert states == {first.number: "assigned", later.number: "received"}


def test_a_few_ticked_ones_are_done_at_once(cast: Any, client_of: Any) -> None:
    case = sample_case(cast, dispatched=False).case
    assert act(client_of(cast.li), numbers=[case.number]).status_code == 303


def test_many_ticked_ones_are_asked_first(cast: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MANY", 1)
    cases = [sample_case(cast, words=f"{n}幢的路灯不亮").case for n in (1, 2)]
    answer = act(client_of(cast.zhao), act="remind", words="<b>请快</b>", numbers=[case.number for case in cases])
    assert answer.status_code == 200
    assert "&lt;b&gt;请快" in answer.content.decode()


def test_each_act_can_be_undone_or_says_that_it_cannot(cast: Any, client_of: Any) -> None:
    assert {act for act, _label in BulkForm.ACTS} == {*BulkForm.FOR_GOOD, "officer"}
    sample_case(cast)
    assert "只有“指定经办人”可以撤销" in client_of(cast.li).get("/desk/cases/").content.decode()
