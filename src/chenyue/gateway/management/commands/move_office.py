"""`manage.py move_office --to postgres://…`: an office that outgrew one machine moves to PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.gateway import moving
from chenyue.gateway.archives import incoming
from chenyue.timeline.verify import Fault, faults


class Command(BaseCommand):
    help = "Copy the whole office from SQLite to an empty PostgreSQL database, and prove the copy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", metavar="postgres://USER:PASSWORD@HOST/NAME")
        parser.add_argument("--finish", action="store_true", help="make the word index and prove the timeline, there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["finish"]:
            self._finish()
            return
        if connections[moving.HERE].vendor != "sqlite" or not options["to"]:
            raise CommandError(_("Say where to: --to postgres://…, and start it without DATABASE_URL."))
        try:
            there = dj_database_url.parse(options["to"])
        except ValueError as error:
            raise CommandError(_("This isn't the address of a database.")) from error
        connections.databases[moving.THERE] = connections.configure_settings({"default": {}, moving.THERE: there})[
            moving.THERE
        ]
        self._move(options["to"])
        if not _run_there(options["to"], "move_office", "--finish"):
            raise CommandError(_("The copy is there, but the last steps failed; nothing was changed here."))

    def _move(self, url: str) -> None:
        for table in moving.unknown_tables():
            self.stderr.write(
                _("Not moved: the table %(table)s, which no part of the product knows.") % {"table": table}
            )
        try:
            moved = moving.move(self.stdout.write, lambda: _make_tables(url))
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        except DatabaseError as error:
            raise CommandError(_("The other database refuses: %(error)s") % {"error": error}) from error
        if moved.too_long:
            where = ", ".join(moved.too_long[:10])
            raise CommandError(
                _("Words are longer than their column, shorten them first: %(where)s") % {"where": where}
            )
        total = sum(moved.rows.values())
        said = _("%(rows)d rows of %(tables)d tables are there, each compared with its original.")
        self.stdout.write(said % {"rows": total, "tables": len(moved.rows)})

    def _finish(self) -> None:
        self.stdout.write(_("The word index of %(count)d cases is made.") % {"count": incoming.index_all()})
        broken = [fault for fault in faults() if isinstance(fault, Fault)]
        if broken:
            raise CommandError(_("The timeline is broken at %(where)s.") % {"where": broken[0].subject})
        self.stdout.write(_("Every chain of the timeline is proved. Set DATABASE_URL and start the office."))
        self.stdout.write(_("Photos and secrets.json stay in the data folder, and are needed as before."))


def _make_tables(url: str) -> None:
    if not _run_there(url, "migrate", "--no-input", "--verbosity", "0"):
        raise Refusal(_("The tables could not be made there; the reason stands above."), code="tables")


def _run_there(url: str, *arguments: str) -> bool:
    """Run a command as a process of its own whose database is the new one; whether it succeeded."""
    env = os.environ | {"DATABASE_URL": url, "CHENYUE_HOME": str(settings.HOME)}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, str(Path(settings.ROOT) / "manage.py"), *arguments]
    return subprocess.run(command, env=env, check=False).returncode == 0  # noqa: S603 – our own command
