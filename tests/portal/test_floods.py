"""The residents' doors in a flood: words are kept, browsers work, an emergency passes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.bulletin.models import Piece
from chenyue.cases.models import Appeal
from chenyue.core import floods, ids, limits, office
from chenyue.core import proof_of_work as work
from chenyue.people.models import PhoneCode
from chenyue.portal import signing_in
from chenyue.timeline.models import Entry
from chenyue.volunteering.models import Need
from stories import WORDS

pytestmark = pytest.mark.django_db
FIRE = "金桂苑3幢二楼着火了，浓烟往楼上冒，有人困在里面！"


@pytest.fixture
def flood(cast: Cast) -> None:
    """So much has come from everywhere that each form is asked to pay; not so much that a test works for long."""
    office.put(tell_min_seconds=0, flood_from_all=8)
    kept = floods.Guard.now()
    for _n in range(8):
        limits.counted([(kept.everywhere(), floods.EVERYBODY)], timezone.now())


def fields(page: Any) -> dict[str, str]:
    """The hidden fields that a flood is about."""
    wanted = r'name="(proof_task|proof|proof_round|idempotency_key)" value="([^"]*)"'
    return dict(re.findall(wanted, page.content.decode()))


def worked(found: dict[str, str]) -> dict[str, str]:
    bits, since, seed = found["proof_task"].split(".")
    return found | {"proof": work.solve(work.Task(int(bits), int(since), seed))}


def told(**more: str) -> dict[str, str]:
    return {"words": WORDS, "seen": "1", "began": signing.dumps(0.0, salt="portal.began")} | more


def test_the_form_comes_back_with_its_words_and_goes_off_when_it_has_worked(flood: None, client: Client) -> None:
    page = client.post("/tell/", told(idempotency_key=ids.token(), name="陈大明"))
    html, found = page.content.decode(), fields(page)
    assert page.status_code == 429 and Appeal.objects.count() == 0
    assert WORDS in html and "陈大明" in html and "core/js/proof" in html and "data-proof-again" in html
    assert 'href="tel:120"' in html and "20" in re.sub(r"<[^>]*>", " ", html)
    sent = told(**worked(found))
    first, again = client.post("/tell/", sent), client.post("/tell/", sent)
    assert first.status_code == again.status_code == 303 and first["Location"] == again["Location"]
    other = client.post("/tell/", sent | {"idempotency_key": ids.token()})
    assert other.status_code == 429 and Appeal.objects.count() == 1, "an answer is worth one form"


def test_who_wrote_for_a_while_before_the_flood_notices_nothing(flood: None, client: Client) -> None:
    key = ids.token()
    since = int(timezone.now().timestamp()) - 60
    task = work.task(f"{floods.whose()}\nportal.tell\n{key}", 0, since)
    assert client.post("/tell/", told(idempotency_key=key, proof_task=str(task))).status_code == 303


def test_an_emergency_is_never_held_back(flood: None, client: Client) -> None:
    assert client.post("/tell/", told(words=FIRE, idempotency_key=ids.token())).status_code == 303
    assert Appeal.objects.get().words == FIRE


def test_whose_case_is_followed_is_not_forgotten(flood: None, client: Client) -> None:
    page = client.post("/tell/", told(idempotency_key=ids.token(), join="x" * 9))
    assert 'name="join" value="xxxxxxxxx"' in page.content.decode()


def test_after_some_rounds_it_waits_for_a_hand(flood: None, client: Client) -> None:
    rounds = [client.post("/tell/", told(idempotency_key="k", proof_round=n)) for n in ("4", "5", "x")]
    assert ["data-proof-again" in page.content.decode() for page in rounds] == [True, False, True]


@pytest.mark.parametrize(
    ("path", "words", "made"),
    [
        ("/news/hand-in/", {"title": "邻居帮忙", "text": "楼上的小伙子帮我修了灯，真好。" * 3, "name": "周奶奶",
                            "phone": "13900001234", "consent": "on"}, Piece),
        ("/volunteering/ask/", {"title": "请帮忙换灯泡", "kind": "repair", "length": "60", "name": "周奶奶",
                                "starts_at": "2099-05-01T10:00", "phone": "13900001234", "agree": "on",
                                "words": "够不着"}, Need),
        ("/me/sign-in/", {"phone": "13900001234"}, PhoneCode),
    ],
)  # fmt: skip
def test_other_doors_of_strangers_too(
    flood: None, client: Client, path: str, words: Any, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "_sends", lambda: True)
    before = made.objects.count()
    page = client.post(path, words | {"idempotency_key": ids.token()})
    html = page.content.decode()
    assert page.status_code in (422, 429) and made.objects.count() == before
    assert "data-proof-again" in html and all(typed in html for typed in words.values())


def test_the_office_sets_it_and_it_is_written_down(cast: Cast) -> None:
    admin = client_of(cast.admin)
    url = reverse("desk:set-up-floods")
    page = admin.get(url)
    values = {name: str(value) for name, value in page.context["form"].initial.items()}
    sent = values | {"flood_guard": "always", "flood_from_all": "500", "idempotency_key": ids.token()}
    assert admin.post(url, sent | {"flood_from_all": "-1"}).status_code == 422
    assert admin.post(url, sent).status_code == 303
    assert (office.get("flood_guard"), office.get("flood_from_all")) == ("always", 500)
    assert Entry.objects.filter(data__changes__flood_from_all=[120, 500]).exists()


def test_the_page_says_that_there_is_a_flood(flood: None, cast: Cast, get: Callable[..., str]) -> None:
    assert get(cast.admin).count("notice-due") == 1


@pytest.fixture
def get() -> Callable[..., str]:
    return lambda who: client_of(who).get(reverse("desk:set-up-floods")).content.decode()
