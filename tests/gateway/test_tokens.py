"""Tokens: offered, taken once by their owner, narrow, limited, ended; and those who try to get more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cast import Cast, client_of
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.ids import token as key
from chenyue.gateway.api import tokens
from chenyue.gateway.models_machines import MachineToken
from chenyue.notify.models import Notice
from chenyue.people import actions as people
from chenyue.people.rules import may
from chenyue.timeline.models import Entry
from gateway.api_stage import ALL, Program, held, offered, program
from helpers import one_and_three

pytestmark = pytest.mark.django_db


def test_a_token_is_offered_taken_and_shown_once(cast: Cast) -> None:
    admin, li = client_of(cast.admin), client_of(cast.li)
    day = (timezone.localdate() + timedelta(days=90)).isoformat()
    form = {
        "name": "市平台", "purpose": "收单", "owner": cast.li.pk, "words": ["case.see", "case.file"], "hourly": 100,
        "expires_on": day, "idempotency_key": key(),
    }  # fmt: skip
    assert admin.post("/desk/set-up/machines/new/", form).status_code == 303
    token = MachineToken.objects.get()
    assert (token.owner, token.words, token.read_only, token.digest) == (
        cast.li, ["case.file", "case.see"], False, None,
    )  # fmt: skip
    assert Notice.objects.get(member=cast.li).url == f"/desk/machines/{token.pk}/take/"
    assert "市平台" in li.get(f"/desk/machines/{token.pk}/take/").content.decode()
    once = {"idempotency_key": key()}
    shown = li.post(f"/desk/machines/{token.pk}/take/", once).content.decode()
    token.refresh_from_db()
    (text,) = {word for word in shown.replace("<", " ").replace(">", " ").split() if word.startswith(tokens.PREFIX)}
    assert token.digest == tokens.digest(text) and text.endswith(token.hint) and text not in str(token.__dict__)
    assert li.post(f"/desk/machines/{token.pk}/take/", once).status_code == 303, "sent twice shows nothing"
    again = li.post(f"/desk/machines/{token.pk}/take/", {"idempotency_key": key()})
    assert again.status_code == 409 and tokens.PREFIX not in again.content.decode()
    for page, who in (("/desk/set-up/machines/", admin), ("/desk/machines/", li)):
        seen = who.get(page).content.decode()
        assert f"••••{token.hint}" in seen and text not in seen
    assert Program(text).get("/cases")[0] == 200
    verbs = list(Entry.objects.filter(subject=token.subject).order_by("position").values_list("verb", flat=True))
    assert verbs == ["gateway.token_offered", "gateway.token_taken"]


def test_nobody_takes_what_was_offered_to_another(cast: Cast) -> None:
    token = offered(cast, cast.zhao)
    for who in (cast.admin, cast.li, cast.zhou):
        with pytest.raises(NotFound):
            tokens.take(token=token, by=who.actor(), at=timezone.now())
        assert client_of(who).get(f"/desk/machines/{token.pk}/take/").status_code == 404
        assert client_of(who).post(f"/desk/machines/{token.pk}/take/", {"idempotency_key": key()}).status_code == 404
    assert MachineToken.objects.get().digest is None
    for who in (cast.li, cast.zhou):
        assert client_of(who).post(f"/desk/machines/{token.pk}/end/", {"idempotency_key": key()}).status_code == 404
    assert client_of(cast.zhao).post(f"/desk/machines/{token.pk}/end/", {"idempotency_key": key()}).status_code == 303
    with pytest.raises(Conflict):
        tokens.take(token=token, by=cast.zhao.actor(), at=timezone.now())


def test_only_who_manages_machines_offers(cast: Cast) -> None:
    for who in (cast.li, cast.zhao, cast.zhou, cast.wang):
        with pytest.raises(NotAllowed):
            tokens.offer(
                name="x", purpose="", owner=who, words=["case.see"], read_only=True, hourly=1,
                expires_at=timezone.now() + timedelta(days=1), by=who.actor(), at=timezone.now(),
            )  # fmt: skip


@pytest.mark.parametrize("words", [["people.edit"], ["office.setup"], ["machine.manage"], ["nothing.at.all"]])
def test_no_token_carries_what_is_done_by_hand(cast: Cast, words: list[str]) -> None:
    with pytest.raises(Refusal) as caught:
        offered(cast, cast.admin, words)
    assert caught.value.field == "words"


def test_a_row_that_says_more_than_may_be_carried_gives_no_more(cast: Cast) -> None:
    text = held(cast, cast.admin, ["catalogue.edit"])
    MachineToken.objects.update(words=["catalogue.edit", "people.edit", "machine.manage"])
    member = tokens.caller(text, address="10.0.0.1", at=timezone.now()).member
    assert may(member, "catalogue.edit")
    assert not may(member, "people.edit") and not may(member, "machine.manage")


def test_dates_are_asked(cast: Cast) -> None:
    at = timezone.now()
    for wrong in (at - timedelta(days=1), at + timedelta(days=500)):
        with pytest.raises(Refusal) as caught:
            offered(cast, cast.li, expires_at=wrong)
        assert caught.value.field == "expires_at"


def test_a_token_is_its_owner_with_fewer_words(cast: Cast) -> None:
    text = held(cast, cast.li, ["case.see", "places.edit"])
    caller = tokens.caller(text, address="10.0.0.1", at=timezone.now())
    assert may(caller.member, "case.see") and not may(caller.member, "case.file")
    assert not may(caller.member, "places.edit"), "what the owner hasn't, the token hasn't"
    assert caller.actor.key == str(cast.li.pk) and "市平台对接" in caller.actor.label


def reason(text: str, **headers: Any) -> tuple[int, str]:
    status, found = Program(text, **headers).get("/cases")
    return status, found.get("detail", "")


def test_what_has_ended_says_so_and_opens_nothing(cast: Cast) -> None:
    text = held(cast, cast.li)
    token = MachineToken.objects.get()
    tokens.revoke(token=token, by=cast.admin.actor(), at=timezone.now())
    assert reason(text) == (401, "This token has been withdrawn.")
    late = held(cast, cast.li)
    MachineToken.objects.filter(digest=tokens.digest(late)).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reason(late) == (401, "This token has expired.")
    gone = held(cast, cast.sun)
    people.deactivate_member(member=cast.sun, by=cast.admin.actor(), at=timezone.now())
    assert reason(gone)[0] == 401
    with pytest.raises(Conflict):
        tokens.revoke(token=token, by=cast.admin.actor(), at=timezone.now())


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Basic abc", "cyt_x", "Bearer cyt_of-another-office"])
def test_no_token_or_one_of_another_office(cast: Cast, given: str) -> None:
    found = Client(HTTP_AUTHORIZATION=given).get("/api/v1/cases")
    assert found.status_code == 401 and found["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_or_a_cookie_opens_nothing(cast: Cast) -> None:
    text = held(cast, cast.li)
    assert Client().get("/api/v1/cases", {"token": text, "access_token": text}).status_code == 401
    assert client_of(cast.zhao).get("/api/v1/cases").status_code == 401


def test_who_tries_many_is_stopped_by_address(cast: Cast) -> None:
    text = held(cast, cast.li)
    for _turn in range(tokens.WRONG.most):
        assert reason("cyt_wrong")[0] == 401
    assert reason("cyt_wrong")[0] == 429
    assert reason(text)[0] == 429, "from this address nothing is looked up any more"
    assert reason(text, REMOTE_ADDR="10.9.8.7")[0] == 200


def test_a_rate_for_each_token(cast: Cast) -> None:
    calls = program(cast, cast.li, hourly=3)
    assert [calls.get("/cases")[0] for _turn in range(4)] == [200, 200, 200, 429]
    assert program(cast, cast.li).get("/cases")[0] == 200


def test_one_that_reads_only_writes_nothing(cast: Cast) -> None:
    calls = program(cast, cast.li, read_only=True)
    status, found = calls.post("/appeals", {"words": "路灯坏了", "channel": "phone"})
    assert (status, found["detail"]) == (403, "This token only reads.")


def test_the_lists_cost_the_same_with_three(cast: Cast) -> None:
    admin, li = client_of(cast.admin), client_of(cast.li)
    one_and_three(lambda: admin.get("/desk/set-up/machines/"), lambda: offered(cast, cast.li, ALL), 5)
    one_and_three(lambda: li.get("/desk/machines/"), lambda: offered(cast, cast.li, ALL), 5)


def test_a_wrong_form_keeps_what_was_typed(cast: Cast) -> None:
    form = {"name": "市平台", "owner": cast.li.pk, "words": ["case.see"], "hourly": 0, "expires_on": "2020-01-01"}
    found = client_of(cast.admin).post("/desk/set-up/machines/new/", form | {"idempotency_key": key()})
    assert found.status_code == 422 and "市平台" in found.content.decode()
