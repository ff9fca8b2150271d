"""A client knows the office only by its pages. What it sends carries a key; when the answer is lost it sends the very
same again, until it is told. Nothing of the product is imported here.
"""

import contextlib
import http.client
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from chaos.diary import DONE, FAULT, LEFT, REFUSED, TRIED, Diary

CSRF = "b" * 32  # a browser's own secret; the form's field repeats it
PATIENCE = 20.0  # seconds until an answer counts as lost
AGAIN = (429, 500, 502, 503, 504, 507)  # not done, or nobody knows: send the same again
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)


@dataclass
class Form:
    """One thing to be done, with its key inside."""

    kind: str
    mark: str
    path: str
    fields: dict[str, Any]
    cookie: str = ""
    photo: bytes = b""
    asks: Callable[["Reply", dict[str, Any]], dict[str, Any] | None] = field(default=lambda reply, fields: None)
    reads: Callable[["Reply"], str | None] = field(default=lambda reply: "")  # what it gave; None: it wasn't done


@dataclass
class Reply:
    """What came back."""

    status: int
    where: str
    text: str
    cookie: str = ""


class Stopped(Exception):
    """The run is over."""


class Client:
    """One person's browser after another, on one connection."""

    def __init__(self, plan: dict[str, Any], diary: Diary, dice: random.Random, stopping: threading.Event) -> None:
        self.plan, self.diary, self.dice, self.stopping = plan, diary, dice, stopping
        self.line: http.client.HTTPConnection | None = None

    def mark(self) -> str:
        """A mark that nobody else uses."""
        return f"{self.dice.getrandbits(48):012x}"

    def posted(self, **fields: Any) -> dict[str, Any]:
        """The fields of a form with a key of its own."""
        return {"csrfmiddlewaretoken": CSRF, "idempotency_key": f"{self.dice.getrandbits(128):032x}", **fields}

    def do(self, form: Form) -> str | None:
        """Send it until it is done and give what it gave; None if it was refused. Raises Stopped when time is over."""
        self.diary.note(TRIED, kind=form.kind, mark=form.mark)
        fields, tries = form.fields, 0
        name = {"kind": form.kind, "mark": form.mark}
        while not self.stopping.is_set():
            tries += 1
            asked = time.monotonic()
            reply = self._once(form, fields)
            if reply is None or reply.status in AGAIN:
                self.stopping.wait(PAUSES[min(tries, len(PAUSES)) - 1])
                continue
            further = form.asks(reply, fields) if reply.status == 200 else None
            if further is not None:  # the page asks something first
                fields, tries = further, tries - 1
                continue
            gave = form.reads(reply) if reply.status in (202, 303) else None
            if gave is None:
                said = f"{reply.status} {reply.where} {words(reply.text)}"
                self.diary.note(REFUSED, **name, tries=tries, said=said)
                return None
            self.diary.note(DONE, **name, asked=asked, tries=tries, gave=gave, kept=reply.status == 202)
            return gave if reply.status == 303 else None
        self.diary.note(LEFT, **name, tries=tries)
        raise Stopped

    def _once(self, form: Form, fields: dict[str, Any]) -> Reply | None:
        try:
            body, kind = sent(fields, form.photo)
            ask = self._both if self.plan.get("double") else self._ask
            reply = ask("POST", form.path, form.cookie, body, kind)
        except (OSError, http.client.HTTPException) as error:
            self.diary.note(FAULT, what=type(error).__name__)
            return None
        if reply.status in AGAIN:
            self.diary.note(FAULT, what=str(reply.status), said=words(reply.text))
        return reply

    def _both(self, method: str, path: str, cookie: str, body: bytes, kind: str) -> Reply:
        """The same twice at once; noted where the two are told different things."""
        other = Client(self.plan, self.diary, self.dice, self.stopping)
        found: list[Reply] = []

        def ask() -> None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                found.append(other._ask(method, path, cookie, body, kind))

        beside = threading.Thread(target=ask)
        beside.start()
        try:
            reply = self._ask(method, path, cookie, body, kind)
        finally:
            beside.join()
        for one in found:
            told = {(reply.status, reply.where), (one.status, one.where)}
            if len(told) > 1 and not {reply.status, one.status} & {*AGAIN, 200}:
                self.diary.note(FAULT, what="told differently", said=str(sorted(told)))
        return reply

    def look(self, path: str, cookie: str = "") -> Reply:
        """Read a page, again and again until it comes. Raises Stopped when time is over."""
        tries = 0
        while not self.stopping.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                reply = self._ask("GET", path, cookie)
                if reply.status not in AGAIN:
                    return reply
            self.stopping.wait(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1
        raise Stopped

    def _ask(self, method: str, path: str, cookie: str, body: bytes | None = None, kind: str = "") -> Reply:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.plan["port"], timeout=PATIENCE)
        headers = {"Cookie": f"csrftoken={CSRF}" + (f"; {cookie}" if cookie else "")}
        if kind:
            headers["Content-Type"] = kind
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except BaseException:
            self.line.close()
            self.line = None
            raise
        return Reply(answer.status, answer.headers.get("Location", ""), text)


def words(page: str) -> str:
    """The beginning of a page's main part without its marks, for a note of what went wrong."""
    errors = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', page, re.DOTALL)
    main = " ".join(errors) or page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:160]


def sent(fields: dict[str, Any], photo: bytes) -> tuple[bytes, str]:
    """A form's body and its type."""
    if not photo:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    edge = "chaos-7d1f3b"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
    parts += [head.encode() + b"Content-Type: image/jpeg\r\n\r\n", photo, f"\r\n--{edge}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={edge}"
