"""A real office for the browser: the real server on a free port, with the cast in its database."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# One process for all that walks look up: starting Python and Django anew each time would take most of their time.
INSIDE = f"""
import contextlib, io, json, sys, traceback
sys.path[:0] = [{str(ROOT / "src")!r}, {str(ROOT / "tests")!r}]
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {{}})
        answer = {{"said": said.getvalue()}}
    except BaseException:
        answer = {{"wrong": traceback.format_exc()}}
    connections.close_all()
    print(json.dumps(answer), flush=True)
"""


class Office:
    """`start`, `url(path)`, `run(code)` inside its data folder, `stop`."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.home = home
        self.sessions: dict[str, str] = {}
        self.inside: subprocess.Popen[str] | None = None
        ours = {"DJANGO_SETTINGS_MODULE", "CHENYUE_DEMO", "DATABASE_URL", "CHENYUE_TEST_HOME"}
        rest = {name: value for name, value in os.environ.items() if name not in ours}
        self.env = rest | {
            "CHENYUE_HOME": str(home),
            "CHENYUE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "chenyue.config.settings",
        }

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def run(self, code: str) -> str:
        """Run Python in the office's settings, for what a walk needs to find there; what it printed."""
        if self.inside is None:
            self.inside = subprocess.Popen(
                [sys.executable, "-c", INSIDE], env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.inside.stdin is not None
        assert self.inside.stdout is not None
        self.inside.stdin.write(json.dumps(code) + "\n")
        self.inside.stdin.flush()
        answer = json.loads(self.inside.stdout.readline())
        assert "wrong" not in answer, answer["wrong"]
        return str(answer["said"]).strip()

    def furnish(self) -> None:
        """Make tables and static files and seed the cast: the pattern that the office of each file is a copy of."""
        self.run("from chenyue.core.management.commands import serve; serve.prepare()\nimport cast; cast.seed()")
        self._leave()

    def start(self, pattern: Path) -> None:
        """Serve a copy of a furnished data folder."""
        shutil.copytree(pattern, self.home, dirs_exist_ok=True)
        self.process = subprocess.Popen([str(ROOT / "manage.py"), "serve", "--port", str(self.port)], env=self.env)
        until = time.monotonic() + 300
        while True:
            try:
                with urllib.request.urlopen(self.url("/readyz"), timeout=60) as answer:
                    assert json.load(answer)["migrations"]
                return
            except OSError:
                assert time.monotonic() < until, "the office doesn't answer"
                assert self.process.poll() is None, "the office ended"
                time.sleep(0.1)

    def session_of(self, username: str) -> str:
        """The cookie of a browser in which this member has signed in; all of theirs share one session."""
        if username not in self.sessions:
            self.sessions[username] = self.run(
                "import cast; from chenyue.people.models import Member\n"
                f"client = cast.client_of(Member.objects.get(username={username!r}))\n"
                "from django.conf import settings; print(client.cookies[settings.SESSION_COOKIE_NAME].value)"
            )
        return self.sessions[username]

    def _leave(self) -> None:
        if self.inside is not None and self.inside.stdin is not None:
            self.inside.stdin.close()
            self.inside.wait(120)
            self.inside = None

    def stop(self) -> None:
        """Let it end; nobody waits for it until `ended`."""
        if self.inside is not None and self.inside.stdin is not None:
            self.inside.stdin.close()
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> None:
        """Wait until it has."""
        self.process.wait(120)
        if self.inside is not None:
            self.inside.wait(120)
