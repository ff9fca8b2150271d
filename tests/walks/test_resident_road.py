"""A resident's whole road over HTTP: told, dispatched, answered, refused, reopened, answered, satisfied, closed."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from cast import NOW, Cast
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.core import ids
from chenyue.followup import actions, clock, queries
from chenyue.followup.models import Callback
from chenyue.timeline.models import Entry
from stories import dispatched

pytestmark = pytest.mark.django_db
WORDS = "振兴路公交站旁边那个污水井一直往外冒黑水，人行道上都没法走了。"


def text(response: Any) -> str:
    return str(response.content.decode())


def tell(client: Client, **fields: str) -> str:
    """Open the form, write, press the button; gives the receipt code of the slip."""
    page = client.get("/tell/")
    key = re.search(r'name="idempotency_key" value="([^"]+)"', text(page))
    assert key
    data = {"words": WORDS, "seen": "1", "idempotency_key": key[1], "began": page.context["began"]} | fields
    with time_machine.travel(NOW + timedelta(seconds=20), tick=False):
        response = client.post("/tell/", data)
    assert response.status_code == 303
    slip = client.get(response["Location"])
    code = re.search(r'class="code">([^<]+)<', text(slip))
    assert code
    return code[1]


@pytest.fixture
def at() -> Callable[..., Any]:
    return lambda **later: time_machine.travel(NOW + timedelta(**later), tick=False)


def test_the_whole_road_of_a_resident(client: Client, cast: Cast, at: Callable[..., Any]) -> None:
    with at():
        code = tell(client, name="陈大明", phone="13800000001", consent_contact="on", place_told="金桂苑1幢")
    case = Case.objects.get()
    with at(minutes=1):
        assert "您说的话" in text(client.get(f"/p/{code}/"))
    from types import SimpleNamespace

    dispatched(cast, SimpleNamespace(case=case))
    with at(hours=1):
        assert "清源排水公司" in text(client.get(f"/p/{code}/"))
        move(
            case=case.pk,
            move=Move.ANSWER,
            by=cast.lin.actor(),
            at=NOW + timedelta(hours=1),
            done="x",
            told="疏通好了。",
        )
    with at(hours=2):
        page = text(client.get(f"/p/{code}/"))
        assert "疏通好了。" in page
        bad = {"solved": "no", "grade": "dissatisfied", "reasons": ["came_back"], "words": "又冒了"}
        bad |= {"idempotency_key": "bad"}
        assert client.post(f"/p/{code}/rating/", bad).status_code == 303
        assert "会有工作人员看您的意见" in text(client.get(f"/p/{code}/"))
    with at(hours=3):
        refusal = queries.refusals_for(cast.zhao).get()
        later = NOW + timedelta(hours=3)
        actions.decide_refusal(refusal=refusal, reopen=True, words="马上再去", by=cast.zhao.actor(), at=later)
        case.refresh_from_db()
        assert (case.state, case.round) == ("assigned", 2)
        assert "解决了吗" not in text(client.get(f"/p/{code}/"))
        move(case=case, move=Move.ACCEPT, by=cast.lin.actor(), at=later)
        move(case=case.pk, move=Move.ANSWER, by=cast.lin.actor(), at=later, done="x", told="换了井盖，清了管。")
    token = Callback.objects.get(case=case, round=2).token
    with at(hours=4):
        assert "换了井盖" in text(client.get(f"/r/{token}/"))
        assert client.post(f"/r/{token}/", {"solved": "yes", "grade": "satisfied"}).status_code == 303
        clock.close_what_is_done(NOW + timedelta(hours=4))
        case.refresh_from_db()
        assert (case.state, case.result) == ("closed", "resolved")
        page = text(client.get(f"/p/{code}/"))
        assert "请再告诉我们一次" in page
    verbs = list(Entry.objects.filter(subject=case.subject).values_list("verb", flat=True).order_by("position"))
    assert verbs.count("followup.rated") == 2


def test_three_neighbours_of_one_trouble_are_each_told_and_asked(cast: Cast, at: Callable[..., Any]) -> None:
    browsers = [Client() for _ in range(3)]
    codes = []
    with at():
        codes.append(tell(browsers[0], place_told="金桂苑1幢"))
        for browser in browsers[1:]:
            page = browser.get("/tell/")
            data = {"words": WORDS, "place_told": "金桂苑1幢", "began": page.context["began"]}
            with time_machine.travel(NOW + timedelta(seconds=30), tick=False):
                offered = browser.post("/tell/", data | {"idempotency_key": ids.token()})
                join = re.search(r'name="join" value="([^"]+)"', text(offered))
                assert join, "a neighbour's case is offered"
                done = browser.post("/tell/", data | {"idempotency_key": ids.token(), "join": join[1]})
            codes.append(done["Location"].split("/")[2])
    case = Case.objects.get()
    assert case.appeals_count == 3
    from types import SimpleNamespace

    dispatched(cast, SimpleNamespace(case=case))
    move(case=case.pk, move=Move.ANSWER, by=cast.lin.actor(), at=NOW + timedelta(hours=1), done="x", told="疏通好了。")
    with at(hours=2):
        for number, (browser, code) in enumerate(zip(browsers, codes, strict=True)):
            page = text(browser.get(f"/p/{code}/"))
            assert "疏通好了。" in page
            assert "还有 2 位邻居" in page
            clock.close_what_is_done(NOW + timedelta(hours=2))
            case.refresh_from_db()
            assert case.state == "answered", f"{number} of three were asked"
            told = {"solved": "yes", "grade": "basically", "idempotency_key": ids.token()}
            browser.post(f"/p/{code}/rating/", told)
        clock.close_what_is_done(NOW + timedelta(hours=2))
        case.refresh_from_db()
        assert case.state == "closed"
    assert Appeal.objects.filter(case=case).count() == 3
