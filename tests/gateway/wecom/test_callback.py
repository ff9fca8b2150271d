"""Where WeCom calls us: the check of the address, messages once, and everything that must be refused."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from cast import Cast
from chenyue.gateway.models_wecom import WecomInbound, WecomLink, WecomTalk
from chenyue.gateway.wecom import crypto, heard, inbox, views
from gateway.wecom import fake as fakes
from gateway.wecom.stage import KEY, TOKEN, call, came, link, said, xml

pytestmark = pytest.mark.django_db
TEXT = {"ToUserName": fakes.CORP, "FromUserName": "mycreate", "CreateTime": 1, "MsgType": "text", "Content": "hello"}
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<xml><Encrypt>&b;</Encrypt></xml>"
)
OUTSIDE = b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Encrypt>&x;</Encrypt></xml>'


@pytest.fixture
def app(cast: Cast) -> WecomLink:
    return link(cast)


def check(row: WecomLink, echo: bytes = b"1616140317555161061", *, nonce: str = "263014780", **more: Any) -> Any:
    stamp = str(more.get("when", int(timezone.now().timestamp())))
    encrypted = crypto.encrypt(KEY, echo, more.get("corp", fakes.CORP))
    given = more.get("signature", crypto.signature(TOKEN, stamp, nonce, encrypted))
    query = {"msg_signature": given, "timestamp": stamp, "nonce": nonce, "echostr": encrypted}
    return Client().get(f"/wecom/callback/{row.code}/?{urlencode(query)}")


def test_the_check_of_the_address_answers_the_plain_words(app: WecomLink) -> None:
    answer = check(app)
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
    assert answer["Content-Type"].startswith("text/plain") and answer["Cache-Control"] == "no-store"


def test_the_check_works_before_it_is_switched_on(cast: Cast) -> None:
    row = link(cast, on=False)
    assert check(row).status_code == 200
    assert said(row, "lin", "金桂苑1幢楼道灯坏了", "1").status_code == 200
    assert came(row) == []  # but nothing is taken


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "0" * 40}, {"signature": ""}, {"corp": "ww0000000000000000"}, {"when": 1409659589},
        {"when": "-1"}, {"when": "٣"}, {"when": "9" * 40},
    ],
)  # fmt: skip
def test_a_wrong_check(app: WecomLink, wrong: dict[str, Any]) -> None:
    answer = check(app, **wrong)
    assert (answer.status_code, answer.content) == (403, b"")


def test_a_check_that_is_replayed_with_other_words(app: WecomLink) -> None:
    assert check(app).status_code == 200
    assert check(app, b"something else").status_code == 403


def test_a_message_is_kept_and_answered_with_nothing(app: WecomLink) -> None:
    answer = call(app, xml(**TEXT, MsgId="4561255354251345929", AgentID=218))
    assert (answer.status_code, answer.content) == (200, b"")
    row = WecomInbound.objects.get(link=app)
    assert (row.key, row.kind) == ("msg:4561255354251345929", "text")


def test_the_same_message_four_times_is_one(app: WecomLink, django_capture_on_commit_callbacks: Any) -> None:
    """WeCom sends again until it is answered: with the same call, or with a new signature."""
    with django_capture_on_commit_callbacks(execute=True):
        for nonce in ("n1", "n1", "n2", "n3"):
            inside = xml(**TEXT | {"Content": "金桂苑1幢二单元门口下水道堵了"}, MsgId="77")
            assert call(app, inside, nonce=nonce).status_code in (200, 403)
    assert WecomInbound.objects.filter(link=app).count() == 1
    assert WecomTalk.objects.get().words.count("下水道") == 1


def test_events_are_known_by_who_when_and_what() -> None:
    one = {"FromUserName": "lin", "CreateTime": "1409659813", "Event": "template_card_event", "TaskId": "a"}
    assert inbox.key_of(one) != inbox.key_of(one | {"TaskId": "b"})
    assert inbox.key_of(one) == inbox.key_of(dict(one))


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "f" * 40}, {"signature": "签名"}, {"tamper": "A"}, {"corp": "ww0000000000000000"},
        {"when": 1409659813}, {"when": 99999999999},
    ],
)  # fmt: skip
def test_a_forged_message_leaves_nothing(app: WecomLink, wrong: dict[str, Any]) -> None:
    answer = call(app, xml(**TEXT, MsgId="1"), **wrong)
    assert (answer.status_code, answer.content) == (403, b"")
    assert not WecomInbound.objects.exists()


def test_a_nonce_that_was_used_for_something_else(app: WecomLink) -> None:
    assert call(app, xml(**TEXT, MsgId="1"), nonce="same").status_code == 200
    assert call(app, xml(**TEXT, MsgId="2"), nonce="same").status_code == 403
    assert WecomInbound.objects.count() == 1


@pytest.mark.parametrize(
    "body", [BOMB, OUTSIDE, b"", b"<xml>", b"{}", b"\xff\xfe\x00", "<xml>😀".encode("utf-16"), b"<xml/>"]
)
def test_xml_that_does_harm(app: WecomLink, body: bytes) -> None:
    where = f"/wecom/callback/{app.code}/?msg_signature=x&timestamp=1&nonce=1"
    answer = Client().post(where, body, content_type="text/xml")
    assert (answer.status_code, answer.content) == (403, b"")


def test_harmful_xml_inside_a_right_envelope(app: WecomLink) -> None:
    assert call(app, OUTSIDE).status_code == 403
    assert not WecomInbound.objects.exists()


def test_too_much(app: WecomLink) -> None:
    where = f"/wecom/callback/{app.code}/?msg_signature=x&timestamp=1&nonce=1"
    assert Client().post(where, b"<" * (views.MOST + 1), content_type="text/xml").status_code == 413


def test_whoever_tries_again_and_again_is_stopped(app: WecomLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "WRONG", views.limits.Limit("wecom.wrong", 3, views.WRONG.within))
    assert [check(app, signature="0" * 40).status_code for _try in range(4)] == [403, 403, 403, 429]
    assert check(app).status_code == 429


def test_no_door_without_a_key_for_it(cast: Cast) -> None:
    """Unknown, ended, of a kind that isn't called, or without token: the same answer."""
    pull, bare = link(cast, "report"), link(cast, token="", aes_key="")
    ended = link(cast)
    from chenyue.gateway.wecom import links

    links.end(link=ended, by=cast.admin.actor(), at=timezone.now())
    for row in (pull, bare, ended):
        assert check(row).status_code == 404
    assert Client().put(f"/wecom/callback/{bare.code}/").status_code == 405


def test_the_message_of_another_office_isnt_ours(cast: Cast, app: WecomLink) -> None:
    """The right form, signed with somebody else's token."""
    stamp, inside = str(int(timezone.now().timestamp())), xml(**TEXT, MsgId="1")
    encrypted = crypto.encrypt(KEY, inside, fakes.CORP)
    given = crypto.signature("another-token", stamp, "n", encrypted)
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>"
    where = f"/wecom/callback/{app.code}/?msg_signature={given}&timestamp={stamp}&nonce=n"
    assert Client().post(where, body, content_type="text/xml").status_code == 403


def test_what_is_read_of_messages() -> None:
    at = timezone.now()
    found = heard.of_app(
        {"MsgType": "location", "FromUserName": "lin", "Location_X": "36.7", "Location_Y": "119.1"}, at
    )
    assert (found.kind, found.point) == ("place", (36.7, 119.1))
    odd = heard.of_app({"MsgType": "location", "Location_X": "north", "CreateTime": "9" * 30}, at)
    assert odd.point is None and odd.said_at == at
    bot = {"body": {"msgtype": "mixed", "from": {"userid": "lin"}, "mixed": {"msg_item": [
        {"msgtype": "text", "text": {"content": "井盖坏了"}},
        {"msgtype": "image", "image": {"url": "https://x/1", "aeskey": "k"}}, "odd",
    ]}}}  # fmt: skip
    found = heard.of_bot(bot, at)
    assert (found.words, found.media) == ("井盖坏了", [{"url": "https://x/1", "key": "k"}])
    assert heard.unpacked(heard.packed(found)).media == found.media
    for odd_row in ({}, {"msgtype": 7}, {"msgtype": "text", "text": "no object"}, {"msgtype": "event", "event": None}):
        heard.of_service(odd_row, at)
        heard.of_bot({"body": odd_row}, at)
        heard.of_bot(odd_row, at)
