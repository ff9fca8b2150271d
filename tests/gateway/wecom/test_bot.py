"""The smart robot: one holder, words through the same door, pictures fetched at once, answers from the outbox."""

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.management import CommandError, call_command
from django.utils import timezone

from cast import Cast
from chenyue.cases.models import Appeal, Attachment
from chenyue.core import calling
from chenyue.core.errors import Refusal
from chenyue.gateway.models_wecom import WecomInbound, WecomLink
from chenyue.gateway.wecom import bot, known, talks
from chenyue.notify.models import Message
from gateway.wecom import fake as fakes
from gateway.wecom.stage import deliver, link

pytestmark = pytest.mark.django_db
AT = timezone.now()


class FakeClient:
    """The library's interface as far as it is used: events that are emitted, messages that are sent."""

    def __init__(self) -> None:
        self.heard: dict[str, Callable[..., Any]] = {}
        self.sent: list[tuple[str, str]] = []
        self.connected = 0
        self.answer: Any = {"errcode": 0}

    def on(self, name: str, act: Callable[..., Any]) -> None:
        self.heard[name] = act

    async def connect(self) -> None:
        self.connected += 1

    def disconnect(self) -> None:
        self.connected -= 1

    async def send_message(self, chatid: str, body: dict[str, Any]) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.sent.append((chatid, body["markdown"]["content"]))
        return self.answer

    def emit(self, name: str, *given: Any) -> None:
        async_to_sync(self.heard[name])(*given)


@pytest.fixture
def row(cast: Cast) -> WecomLink:
    return link(cast, "bot", account="aibXXXX")


@pytest.fixture
def client(row: WecomLink) -> FakeClient:
    found = FakeClient()
    bot.Bot(row, found, "here:1")
    return found


WORDS = "金桂苑3幢楼道的灯坏了半个月"


def frame(words: str = WORDS, number: str = "m1", who: str = "lin", **more: Any) -> dict[str, Any]:
    body = {"msgid": number, "aibotid": "aib", "chattype": "single", "from": {"userid": who}, "msgtype": "text"}
    return {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": body | {"text": {"content": words}} | more}


def test_what_is_said_to_the_robot_is_an_appeal(client: FakeClient) -> None:
    client.emit("message", frame())
    client.emit("message", frame())  # sent again after a lost connection
    talks.tick(timezone.now() + timedelta(minutes=2))
    assert Appeal.objects.get().channel == "wecom" and WecomInbound.objects.count() == 1


def test_its_answers_wait_for_the_process_that_holds_it(row: WecomLink, client: FakeClient) -> None:
    client.emit("message", frame())
    talks.tick(timezone.now() + timedelta(minutes=2))
    deliver(timezone.now() + timedelta(minutes=3))  # the worker can't: it waits, and costs no attempt
    message = Message.objects.get(channel="wecom_bot")
    assert (message.state, message.held, message.attempts) == ("queued", "away", 0)
    async_to_sync(bot.Bot(row, client, "here:1").turn)()
    message.refresh_from_db()
    assert message.state == "sent" and client.sent[0][0] == "lin" and "A20" in client.sent[0][1]


@pytest.mark.parametrize("answer", [{"errcode": 846604}, ConnectionError("gone"), TimeoutError()])
def test_an_answer_that_fails(row: WecomLink, client: FakeClient, answer: Any) -> None:
    client.answer = answer
    client.emit("message", frame("帮助"))
    assert Message.objects.get(channel="wecom_bot").state in ("failed", "dead")


def test_a_code_binds_its_sender(cast: Cast, client: FakeClient) -> None:
    code = known.new_code(member=cast.lin, at=timezone.now())
    client.emit("message", frame(f"绑定 {code}"))
    assert known.member_of(fakes.CORP, "lin") == cast.lin
    assert any(cast.lin.name in words for _who, words in client.sent)


def test_pictures_are_fetched_at_once_and_opened(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    key = bytes(range(32))
    fill = 32 - len(fakes.PICTURE) % 32
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = box.update(fakes.PICTURE + bytes([fill]) * fill) + box.finalize()
    monkeypatch.setattr(calling, "call", lambda *given, **more: calling.Answer(200, sealed))
    image = {"url": "https://wework.example.org/p", "aeskey": base64.b64encode(key).decode()}
    item = [{"msgtype": "text", "text": {"content": "金桂苑3幢的灯不亮"}}, {"msgtype": "image", "image": image}]
    client.emit("message", frame(msgtype="mixed", mixed={"msg_item": item}))
    talks.tick(timezone.now() + timedelta(minutes=2))
    assert Attachment.objects.filter(appeal=Appeal.objects.get(), content_type="image/jpeg").count() == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "https://169.254.169.254/latest", "file:///etc/passwd", ""])
def test_a_picture_that_leads_inside_isnt_fetched(client: FakeClient, url: str, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = []
    client.emit("message", frame(msgtype="image", image={"url": url, "aeskey": "x"}))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("odd", [None, 7, "x", {}, {"body": None}, {"body": {"msgid": []}}, {"body": {"msgtype": {}}}])
def test_frames_that_make_no_sense(client: FakeClient, odd: Any) -> None:
    client.emit("message", odd)
    client.emit("event", odd if isinstance(odd, dict) and isinstance(odd.get("body", {}), dict) else {})
    assert not Appeal.objects.exists()


def test_one_process_holds_it(row: WecomLink) -> None:
    assert bot.hold(row, "a:1", AT) and not bot.hold(row, "b:2", AT)
    assert bot.hold(row, "a:1", AT + timedelta(seconds=40))
    assert not bot.hold(row, "b:2", AT + timedelta(seconds=90))
    assert bot.hold(row, "b:2", AT + timedelta(seconds=101))  # the first one died
    bot.let_go(row, "a:1")  # and what it does afterwards changes nothing
    assert not bot.hold(row, "a:1", AT + timedelta(seconds=102))


def test_a_robot_that_is_switched_off_or_thrown_out_stops(row: WecomLink) -> None:
    client = FakeClient()
    robot = bot.Bot(row, client, "here:1")
    client.emit("event", {"body": {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}})
    assert robot.ended
    other = bot.Bot(row, FakeClient(), "here:1")
    WecomLink.objects.filter(pk=row.pk).update(on=False)
    async_to_sync(other.turn)()
    assert other.ended


def test_it_runs_until_it_ends(row: WecomLink, monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient()
    robot = bot.Bot(row, client, "here:1")
    monkeypatch.setattr(bot, "TURN", 0)
    monkeypatch.setattr(robot, "_turn", lambda at: setattr(robot, "ended", "enough"))
    assert async_to_sync(robot.run)() == "enough" and client.connected == 0


def test_without_the_library_it_says_what_to_install(row: WecomLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aibot", None)
    with pytest.raises(CommandError, match=r"requirements-wecom\.lock"):
        call_command("wecom_bot")
    WecomLink.objects.filter(pk=row.pk).update(held_by="b:2", held_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Refusal):
        bot.start(row, make=lambda link: FakeClient())
    WecomLink.objects.filter(pk=row.pk).update(on=False)
    with pytest.raises(CommandError):
        call_command("wecom_bot")


def test_the_library_has_what_is_used(row: WecomLink) -> None:
    """The real one, where it is installed: the names of methods and events that this office relies on."""
    aibot = pytest.importorskip("aibot", reason="requirements-wecom.lock isn't installed here")
    client = bot.client_for(row)
    for name in ("on", "connect", "disconnect", "send_message"):
        assert callable(getattr(client, name))
    seen: list[Any] = []
    client.on("message", seen.append)
    client.on("event", seen.append)
    handler = aibot.MessageHandler(bot._Log())

    async def told() -> None:
        handler.handle_frame(frame(), client)
        event = {"msgtype": "event", "event": {"eventtype": "enter_chat"}}
        handler.handle_frame({"cmd": "aibot_event_callback", "body": event}, client)
        await asyncio.sleep(0)

    asyncio.run(told())
    assert len(seen) == 2
