"""`manage.py migrate_offices`: the tables of all offices brought up to date, several at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chenyue.city import migrating


class Command(BaseCommand):
    help = "Migrates the register and all offices; names those that failed, and goes on with the others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", help="only these offices (default: all)")
        parser.add_argument("--jobs", type=int, default=2, help="how many at once (default: 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = migrating.migrate_all(options["jobs"], self._say, options["codes"])
        failed = [outcome.schema for outcome in outcomes if outcome.error]
        self.stdout.write(f"{len(outcomes) - len(failed)} migrated, {len(failed)} failed")
        if failed:
            raise CommandError(", ".join(sorted(failed)))

    def _say(self, outcome: migrating.Outcome) -> None:
        self.stdout.write(f"{outcome.schema}: {outcome.error or f'{outcome.seconds:.1f} s'}")
