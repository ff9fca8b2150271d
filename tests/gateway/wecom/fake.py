"""A WeCom server on this machine that behaves as the developer manual says, and, when told to, badly.

It knows tokens and lets them go stale, counts what it is asked, answers with `errcode`, keeps customer service's
messages behind a cursor, and can be late, answer 500, lie, or send something that is no JSON.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CORP, SECRET, AGENT = "ww5823bf96d3bd56c7", "s3cret-of-the-app-0123456789", "1000002"
ACCOUNT = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
ROBOT = "693a91f6-7e3b-4b6c-a1f1-0123456789ab"
VOICE = b"#!AMR\n" + b"\x3c" * 64
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c"
    b"IDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


class Fake:
    """What the server knows and was asked."""

    def __init__(self) -> None:
        self.tokens = 0
        self.good: set[str] = set()
        self.asked: list[tuple[str, dict[str, str], Any]] = []  # path, query, body
        self.trouble: list[Any] = []  # next answers, instead of the right ones: a number (errcode), or a word
        self.users = {"lin", "li", "wang"}
        self.messages: list[dict[str, Any]] = []  # of customer service
        self.page = 2
        self.orders: list[dict[str, Any]] = []
        self.used_codes: set[str] = set()
        self.free = threading.Event()  # ends what is late

    def to(self, path: str) -> list[Any]:
        """The bodies that were sent to a path."""
        return [body for asked, _query, body in self.asked if asked == path]

    def stale(self) -> None:
        """All tokens run out before their time."""
        self.good.clear()

    def answer(self, path: str, query: dict[str, str], body: Any) -> dict[str, Any] | bytes:
        """As the manual says."""
        if path.startswith("/pictures/"):  # of residents' reports, on a machine that asks for no token
            return PICTURE if path.endswith(".jpg") else b"MZ this is a programme"
        if path == "/cgi-bin/gettoken":
            return self._token(query)
        if path == "/cgi-bin/webhook/send":
            return {"errcode": 0, "errmsg": "ok"} if query.get("key") == ROBOT else {"errcode": 93000}
        if query.get("access_token", "") not in self.good:
            return {"errcode": 42001 if query.get("access_token") else 41001, "errmsg": "access_token expired"}
        handler = {
            "/cgi-bin/message/send": self._send,
            "/cgi-bin/message/update_template_card": self._update,
            "/cgi-bin/kf/sync_msg": self._sync,
            "/cgi-bin/kf/send_msg": lambda body: {"errcode": 0, "msgid": "kf-out"},
            "/cgi-bin/kf/account/list": lambda body: {"errcode": 0, "account_list": [{"open_kfid": ACCOUNT}]},
            "/cgi-bin/report/resident/get_order_list": self._orders,
        }.get(path)
        if path == "/cgi-bin/media/get":
            asked = query.get("media_id", "")
            if asked.startswith("voice"):
                return VOICE
            return PICTURE if asked.startswith("pic") else {"errcode": 40007, "errmsg": "invalid"}
        return handler(body) if handler else {"errcode": 40066, "errmsg": "invalid url"}

    def _token(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("corpid") != CORP:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if query.get("corpsecret") != SECRET:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        self.tokens += 1
        token = f"token-{self.tokens}"
        self.good.add(token)
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        found = {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.asked)}"}
        if body.get("touser") not in self.users:
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid"}
        return found

    def _update(self, body: dict[str, Any]) -> dict[str, Any]:
        code = body["response_code"]
        if code in self.used_codes:
            return {"errcode": 40130, "errmsg": "invalid response code"}
        self.used_codes.add(code)
        return {"errcode": 0}

    def _sync(self, body: dict[str, Any]) -> dict[str, Any]:
        start = int(body["cursor"] or 0)
        rows = self.messages[start : start + self.page]
        end = start + len(rows)
        more = int(end < len(self.messages))
        return {"errcode": 0, "next_cursor": str(end), "has_more": more, "msg_list": rows}

    def _orders(self, body: dict[str, Any]) -> dict[str, Any]:
        start, limit = int(body["cursor"] or 0), min(body["limit"], 50)
        assert isinstance(body["begin_modify_time"], int)
        rows = self.orders[start : start + limit]
        end = start + len(rows)
        return {"errcode": 0, "order_list": rows, "next_cursor": str(end) if end < len(self.orders) else ""}


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(json.loads(raw))

        def _answer(self, body: Any) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            fake.asked.append((parts.path, query, body))
            trouble = fake.trouble.pop(0) if fake.trouble else None
            if trouble == "late":
                fake.free.wait(5)
                return
            if trouble == "500":
                self._write(500, b"<h1>oops</h1>", "text/html")
            elif trouble == "lie":
                self._write(200, b'{"errcode": "fine", "access_token": 7}', "application/json")
            elif trouble == "page":
                self._write(200, b"<html>sign in to the wireless network</html>", "text/html")
            elif trouble == "away":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
            elif isinstance(trouble, int):
                self._write(200, json.dumps({"errcode": trouble, "errmsg": "no"}).encode(), "application/json")
            else:
                found = fake.answer(parts.path, query, body)
                if isinstance(found, bytes):
                    self._write(200, found, "image/png")
                else:
                    self._write(200, json.dumps(found).encode(), "application/json; charset=UTF-8")

        def _write(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running() -> Iterator[tuple[Fake, str]]:
    """The server and its address."""
    fake = Fake()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield fake, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        fake.free.set()
        server.shutdown()
        server.server_close()
