"""`manage.py make_office`: a new office of the city."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chenyue.city import making, migrating
from chenyue.core.errors import Refusal


class Command(BaseCommand):
    help = "Makes an office: its tables, its folder with its own secrets, its place in the register."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="small letters, digits and low lines, such as chenguang")
        parser.add_argument("host", help="the name it is asked for by, such as chenguang.example.org")
        parser.add_argument("name", help="such as 晨光街道办事处")
        parser.add_argument("--city", action="store_true", help="the city's own: its people see the counts of all")

    def handle(self, *args: Any, **options: Any) -> None:
        began, at = time.monotonic(), timezone.now()
        try:
            migrating.bring_up_to_date("", self.stdout.write)
            made = making.make_office(
                options["code"], options["host"], options["name"], at=at, is_city=options["city"],
                said=self.stdout.write,
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{made.office.name} is there after {time.monotonic() - began:.0f} s.")
        self.stdout.write(f"Open /desk/set-up/first/ at {options['host']} and type the set-up code  {made.code}")
