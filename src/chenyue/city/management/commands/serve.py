"""`manage.py serve` where there are many offices: all of them on one machine."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from chenyue.city import jobs, migrating, register
from chenyue.core import metrics, serving, snapshots
from chenyue.core.management.commands import serve
from chenyue.core.whose import within


class Command(serve.Command):
    """Prepares the tables of all offices and the static files, and serves."""

    help = "Serves all offices on one machine: web pages, event streams and jobs."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        try:
            server = serving.listen(host, port)
        except OSError as error:
            raise CommandError(f"Port {port} on {host} can't be used ({error.strerror}).") from error
        self._prepare()
        offices = [one for one in register.offices(fresh=True) if one.is_open]
        load(offices)
        self.stdout.write(f"晨约 serves {len(offices)} offices on port {port}: " + " ".join(names(offices)))
        self.stdout.flush()
        children = serve.web_children(server, settings.WEB)
        if not options["no_jobs"]:
            children.append(serving.Child("jobs", jobs.run))
        with metrics.shared():
            ended = serving.Keeper(*children).run()
        if ended:
            raise SystemExit(ended)

    def _prepare(self) -> None:
        migrating.bring_up_to_date("", self.stdout.write)
        late = migrating.pending([one.schema for one in register.offices(fresh=True)])
        if late:
            self.stdout.write(f"Bringing {len(late)} offices up to date …")
            for outcome in migrating.migrate_all(settings.CORES, str):
                if outcome.error:  # the others are served; this one answers 500 until it is mended
                    self.stderr.write(f"{outcome.schema}: {outcome.error}")
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        wanted = serve._static_state()
        if not stamp.exists() or stamp.read_text() != wanted:
            serving.in_child(lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True))
            stamp.write_text(wanted)
        connections.close_all()


def names(offices: list[register.Listed]) -> list[str]:
    """By which they are asked for."""
    return [host for one in offices for host in one.hosts[:1]]


def load(offices: list[register.Listed]) -> None:
    """Load what every request needs before the children are forked: libraries once, data of each office apart."""
    for n, office in enumerate(offices):
        try:
            with within(office.schema):
                serve.warm() if n == 0 else snapshots.load_all()
        except Exception as error:  # one office in trouble keeps no other from being served
            print(f"{office.code}: {error}")
