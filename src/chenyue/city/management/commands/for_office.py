"""`manage.py for_office CODE COMMAND …`: any command of the product, for one office or for all."""

import os
from argparse import REMAINDER
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chenyue.city import register
from chenyue.core.errors import Refusal
from chenyue.core.whose import within


class Command(BaseCommand):
    help = "Runs a command with the data of one office; of each open one in turn with `all`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the office, or: all")
        parser.add_argument("command", nargs=REMAINDER, help="the command and what it takes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["command"]:
            raise CommandError("Which command?")
        try:
            chosen = [one for one in register.offices(fresh=True) if one.is_open]
            chosen = chosen if options["code"] == "all" else [register.get(options["code"])]
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        failed = [one.code for one in chosen if not self._run(one, options["command"], len(chosen) > 1)]
        if failed:
            raise CommandError(f"failed for {', '.join(failed)}")

    def _run(self, office: register.Listed, command: list[str], several: bool) -> bool:
        if several:
            self.stdout.write(f"{office.code}:")
        before = os.environ.get(register.OFFICE, "")
        os.environ[register.OFFICE] = office.code  # for commands that it starts in turn
        try:
            with within(office.schema):
                call_command(*command)
        except Exception as error:
            if not several:
                raise
            self.stderr.write(f"{office.code}: {error}")
            return False
        finally:
            os.environ[register.OFFICE] = before
        return True
