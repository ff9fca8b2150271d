"""`manage.py demo`: fills an empty data folder with an office of invented people."""

import sys
import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chenyue.core import office
from chenyue.demo import building, clearing
from chenyue.people.models import Member
from chenyue.upkeep.backups import running


class Command(BaseCommand):
    """Never touches an office that isn't a demonstration."""

    help = "Fills an empty data folder with the demo office, as if it had lived for three months."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="the moment that counts as now, such as 2026-11-22T09:00 (default: now)")
        parser.add_argument("--days", type=int, default=building.DAYS, help="how long the office has lived")
        parser.add_argument("--pace", type=float, default=1.0, help="how busy it is; 0 leaves only the written stories")
        parser.add_argument("--no-backup", action="store_true", help="leave out the backup at the end")
        parser.add_argument("--again", action="store_true", help="throw away the demo office that is here, first")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _moment(options["at"])
        try:
            building.check_empty()
        except building.NotADemo as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        if Member.objects.exists():
            if not options["again"]:
                print(f"The demo office “{office.get('short_name')}” is here already. --again makes it anew.")
                return
            clearing.clear()
        began = time.monotonic()
        built = building.build(now, _tell, options["days"], options["pace"])
        _tell("")
        seconds = time.monotonic() - began
        print(f"{built.cases} cases up to {timezone.localtime(now):%Y-%m-%d %H:%M}, in {seconds:.0f} s.")
        if not options["no_backup"]:
            _back_up()
        for sentence in built.refused:
            self.stderr.write(f"Refused on the way: {sentence}")


def _back_up() -> None:
    """A demo office shows a backup that was really made and proved; where it can't be, it shows why."""
    with suppress(running.Running):
        running.run(at=timezone.now())


def _moment(text: str | None) -> datetime:
    if not text:
        return timezone.now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError("Write the moment as 2026-11-22T09:00.") from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _tell(line: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{line:40}", end="\r", flush=True)
