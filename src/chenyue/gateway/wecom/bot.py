"""智能机器人 over its long connection: needs no public address. One process holds a robot's one connection.

Who may hold it is decided by a lease in the database, renewed by the minute: a second process would throw the first
one out there, and the two would take turns for ever. The library is an extra (`wecom`) and only this process loads it.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import calling
from chenyue.core.errors import Refusal
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import crypto, files, health, heard, inbox, sending
from chenyue.gateway.wecom.heard import Heard
from chenyue.notify import delivery
from chenyue.notify.channels import Trouble
from chenyue.notify.models import Message

LEASE = timedelta(seconds=60)
TURN = 5.0  # seconds between two looks at what is to be sent
ANSWER = 15.0  # seconds for the robot's server to take a message
MOST = 20 * 1024 * 1024
BATCH = 20
THROWN_OUT = {"disconnected_event", "disconnected"}
log = logging.getLogger(__name__)


def me() -> str:
    """This process, as the lease names it."""
    return f"{socket.gethostname()}:{os.getpid()}"[:60]


def hold(link: WecomLink, who: str, at: datetime) -> bool:
    """Take or renew the lease; False while another process has it, or if the connection was switched off."""
    rows = WecomLink.objects.filter(pk=link.pk, kind=WecomLink.Kind.BOT, on=True, ended_at=None)
    free = Q(held_until=None) | Q(held_until__lte=at) | Q(held_by=who)
    return bool(rows.filter(free).update(held_by=who, held_until=at + LEASE))


def let_go(link: WecomLink, who: str) -> None:
    """Give the lease back."""
    WecomLink.objects.filter(pk=link.pk, held_by=who).update(held_until=None, held_by="")


def client_for(link: WecomLink) -> Any:
    """The library's client. Raises Refusal with what to install where it is absent."""
    try:
        library = import_module("aibot")
    except ImportError as error:
        raise Refusal(
            _("The robot needs a library that isn't installed: pip install -r requirements-wecom.lock"), code="absent"
        ) from error
    options = library.WSClientOptions(link.account, link.secret, max_reconnect_attempts=-1, logger=_Log())
    return library.WSClient(options)


class _Log:
    """The library's log without what people wrote: it would print whole frames."""

    def debug(self, message: str, *args: Any) -> None:
        """Nothing."""

    info = debug

    def warn(self, message: str, *args: Any) -> None:
        """Where it stands, not what."""
        log.warning("robot: %s", message.partition(":")[0][:80])

    error = warn


class Bot:
    """One robot: what it hears goes where everything from WeCom goes; what it says comes from the outbox."""

    def __init__(self, link: WecomLink, client: Any, who: str = "") -> None:
        self.link, self.client, self.who = link, client, who or me()
        self.ended = ""  # why it stops
        self.loop: asyncio.AbstractEventLoop | None = None
        client.on("message", self.on_message)
        client.on("event", self.on_event)
        client.on("authenticated", self.on_good)
        client.on("error", self.on_error)

    async def run(self) -> str:
        """Hear and speak until the lease is lost, the robot is thrown out or switched off; why it stopped."""
        self.loop = asyncio.get_running_loop()
        await self.client.connect()
        try:
            while not self.ended:
                await self.turn()
                await asyncio.sleep(TURN)
        finally:
            self.client.disconnect()
            await sync_to_async(let_go)(self.link, self.who)
        return self.ended

    async def turn(self) -> None:
        """Renew the lease and send what waits."""
        self.loop = self.loop or asyncio.get_running_loop()
        await sync_to_async(self._turn)(timezone.now())

    def _turn(self, at: datetime) -> None:
        _fresh_connection()
        if not hold(self.link, self.who, at):
            self.ended = _("Another process holds this robot, or it was switched off.")
            return
        held = Message.objects.filter(channel="wecom_bot", state=Message.State.QUEUED, held="away")
        held.update(next_attempt_at=at)
        waiting = Message.objects.filter(channel="wecom_bot", next_attempt_at__lte=at).order_by("pk")[:BATCH]
        with sending.speaking(self.link.pk, self.say):
            for message in waiting:
                delivery.attempt(message, at)

    def say(self, userid: str, words: str) -> str:
        """Say something to somebody, from the thread of the database. Raises Trouble of the outbox."""
        assert self.loop is not None
        body = {"msgtype": "markdown", "markdown": {"content": words}}
        asked = asyncio.run_coroutine_threadsafe(self.client.send_message(userid, body), self.loop)
        try:
            found = asked.result(timeout=ANSWER)
        except Exception as error:
            asked.cancel()
            raise Trouble(f"robot: {type(error).__name__}") from error
        code = found.get("errcode", 0) if isinstance(found, dict) else 0
        if code:
            raise Trouble(f"robot {code}", hopeless=True)
        return ""

    async def on_message(self, frame: Any) -> None:
        """Somebody wrote: put it on disk, and work on it at once."""
        self.loop = self.loop or asyncio.get_running_loop()
        if isinstance(frame, dict):
            await sync_to_async(self._heard)(frame, timezone.now())
            await self.turn()

    def _heard(self, frame: dict[str, Any], at: datetime) -> None:
        _fresh_connection()
        said = heard.of_bot(frame, at)
        body = frame.get("body")
        number = str(body.get("msgid") or "") if isinstance(body, dict) else ""
        if not number or not said.sender:
            return
        said = Heard(**{**vars(said), "media": [kept for one in said.media if (kept := _fetched(one))]})
        row = inbox.put(self.link, f"bot:{number}", said, at)
        if row is not None:
            inbox.work(row.pk, at)

    async def on_event(self, frame: Any) -> None:
        """Being thrown out ends it: another process has the robot, and fighting for it helps nobody."""
        event = frame.get("body", {}).get("event", {}) if isinstance(frame, dict) else {}
        if isinstance(event, dict) and event.get("eventtype") in THROWN_OUT:
            self.ended = _("The robot was connected somewhere else.")

    async def on_good(self, *_given: Any) -> None:
        """WeCom took the secret."""
        await sync_to_async(health.well)(self.link, timezone.now())

    async def on_error(self, error: Any) -> None:
        """Something is wrong with the connection; the library tries again by itself."""
        said = _("The robot's connection fails: %(why)s") % {"why": type(error).__name__}
        await sync_to_async(health.ill)(self.link, said, timezone.now())


def _fresh_connection() -> None:
    """A connection that the database closed is opened anew; never within somebody's transaction."""
    if not connection.in_atomic_block:
        close_old_connections()


def _fetched(one: dict[str, str]) -> dict[str, str] | None:
    """A picture is fetched at once: its address works for minutes. None if it can't be had."""
    try:
        answer = calling.call("GET", one.get("url", ""), seconds=10.0, most=MOST)
        content = crypto.opened_file(answer.body, one["key"]) if one.get("key") else answer.body
    except (Refusal, crypto.Forged) as error:
        log.warning("robot: a picture couldn't be fetched: %s", type(error).__name__)
        return None
    return {"file": files.keep(content)} if answer.good and content else None


def start(link: WecomLink, make: Callable[[WecomLink], Any] = client_for) -> str:
    """Hold the robot's connection until something ends it; why it ended. Raises Refusal if it can't begin."""
    who = me()
    client = make(link)
    if not hold(link, who, timezone.now()):
        raise Refusal(_("Another process holds this robot, or it was switched off."), code="held")
    return asyncio.run(Bot(link, client, who).run())
