"""`manage.py recount`: counts every case anew; `--check` only compares, and fails where the kept counts differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chenyue.insight import following, proving, whole
from chenyue.insight.turns import Lost


class Command(BaseCommand):
    """Makes or proves the counts behind the figures."""

    help = "Counts every case anew for the figures; with --check compares the kept counts and changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; fails where something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._check()
            else:
                self.stdout.write(f"{whole.recount()} cases counted.")
        except Lost:
            raise CommandError("Somebody else counts just now. Try again in some minutes.") from None

    def _check(self) -> None:
        while following.follow(timezone.now()):
            pass
        found = proving.differences()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError("The kept counts differ. `manage.py recount` makes them anew.")
        self.stdout.write("The kept counts are those of all cases.")
