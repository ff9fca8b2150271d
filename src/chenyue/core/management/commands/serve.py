"""`manage.py serve`: the whole product on one machine."""

import gc
import hashlib
import os
import socket
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from chenyue.core import metrics, pinyin, serving, setup_code, snapshots
from chenyue.core.accepting import Shares
from chenyue.core.server import django_application


class Command(BaseCommand):
    """Prepares the data folder (tables, static files, a demo office where asked for) and serves it."""

    help = "Serves the office on one machine: web pages, event streams and jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in (default: 127.0.0.1)")
        parser.add_argument("--port", type=int, default=7070)
        parser.add_argument("--no-jobs", action="store_true", help="web pages only; jobs run elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        try:
            server = serving.listen(host, port)
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} can't be used ({error.strerror}). Try PORT={port + 1}."
            ) from error
        prepare()
        code = "" if settings.DEMO or get_user_model().objects.exists() else setup_code.ensure()
        warm()
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
        print(f"晨约 is open at http://{shown}:{port}/" + ("  (the cast: /demo/)" if settings.DEMO else ""), flush=True)
        if code:
            print(f"A new office: open /desk/set-up/first/ there and type the set-up code  {code}", flush=True)
        children = web_children(server, settings.WEB)
        if not options["no_jobs"]:
            children.append(serving.Child("jobs", serving.jobs))
        with metrics.shared():
            ended = serving.Keeper(*children).run()
        if ended:
            raise SystemExit(ended)


def web_children(server: socket.socket, count: int) -> list[serving.Child]:
    """The web processes; each takes its share of the connections."""
    shares = Shares(count)
    return [serving.Child(f"web {n + 1}", partial(serving.web, server, shares, n)) for n in range(count)]


def prepare() -> None:
    """Bring tables and static files up to date; fill an empty folder with the demo office if asked to."""
    if pending_migrations():
        print("Preparing the database …", flush=True)
        serving.in_child(lambda: call_command("migrate", verbosity=0, interactive=False))
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = _static_state()
    if not stamp.exists() or stamp.read_text() != wanted:
        serving.in_child(lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True))
        stamp.write_text(wanted)
    if settings.DEMO and not get_user_model().objects.exists():
        print("Filling an empty office with three months of life …", flush=True)
        serving.in_child(lambda: call_command("demo"))
    connections.close_all()


def pending_migrations() -> bool:
    """Whether the tables are older than the product."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _static_state() -> str:
    """A fingerprint of all static files by name, size and time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            digest.update(f"{path}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def warm() -> None:
    """Load what every request needs before the children are forked, so that they share it."""
    import a2wsgi  # noqa: F401
    import django_q.cluster  # noqa: F401
    import uvicorn.loops.auto
    import uvicorn.protocols.http.auto  # noqa: F401
    from django.template import engines
    from django.urls import get_resolver

    gc.disable()  # it would look through all of this again and again; the children switch it on
    pinyin.without_phrases()
    assert engines.all()
    assert get_resolver().url_patterns is not None
    snapshots.load_all()
    serving.load_shared()
    django_application()
