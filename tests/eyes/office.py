"""A real office for the browser: the real server on a free port, with the cast in its database."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Office:
    """`start`, `url(path)`, `run(code)` inside its data folder, `stop`."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.home = home
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
        folders = [str(ROOT / "src"), str(ROOT / "tests")]
        prelude = f"import sys; sys.path[:0] = {folders!r}\nimport django; django.setup()\n"
        command = [sys.executable, "-c", prelude + code]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self) -> None:
        self.run(
            "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
            "import cast; cast.seed()"
        )
        self.process = subprocess.Popen([str(ROOT / "manage.py"), "serve", "--port", str(self.port)], env=self.env)
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(self.url("/readyz"), timeout=5) as answer:
                    assert json.load(answer)["migrations"]
                return
            except OSError:
                assert time.monotonic() < until, "the office doesn't answer"
                assert self.process.poll() is None, "the office ended"
                time.sleep(0.1)

    def session_of(self, username: str) -> str:
        """The cookie of a browser in which this member has signed in."""
        return self.run(
            "import cast; from chenyue.people.models import Member\n"
            f"client = cast.client_of(Member.objects.get(username={username!r}))\n"
            "from django.conf import settings; print(client.cookies[settings.SESSION_COOKIE_NAME].value)"
        )

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
