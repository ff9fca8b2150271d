"""A service in a thread that answers as it is told: SMS gateways and robots of groups."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]


class Service(ThreadingHTTPServer):
    """What came in stands in `seen` (path, headers, body); `answer` says what goes back, or None for silence."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, dict[str, str], str]] = []
        self.answer: Callable[[], Answer | None] = lambda: (200, {"code": 0, "errcode": 0, "Code": "OK"})
        self.stop = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def host(self) -> str:
        """Where: name and port."""
        return f"127.0.0.1:{self.server_port}"

    def close(self) -> None:
        """No more."""
        self.stop.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        said = self.rfile.read(size).decode("utf-8", "replace")
        self.server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, said))
        answer = self.server.answer()
        if answer is None:
            self.server.stop.wait(3)
            return
        status, body = answer
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST

    def log_message(self, *_args: Any) -> None:
        """Tests print nothing."""
