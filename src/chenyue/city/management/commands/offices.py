"""`manage.py offices`: the register, and opening, closing and naming offices in it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chenyue.city import making, register
from chenyue.core.errors import Refusal


class Command(BaseCommand):
    help = "Lists the offices, or changes one: --close CODE, --open CODE, --host CODE NAME."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--close", metavar="CODE", help="nobody gets in any more; the data stays")
        parser.add_argument("--open", metavar="CODE", help="open it again")
        parser.add_argument("--host", nargs=2, metavar=("CODE", "NAME"), help="one more name that it is asked for by")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for option, state in (("close", "closed"), ("open", "open")):
                if options[option]:
                    making.set_state(options[option], state)
            if options["host"]:
                making.add_host(*options["host"])
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        for one in register.offices(fresh=True):
            marks = ("" if one.is_open else "  closed") + ("  the city's own" if one.is_city else "")
            self.stdout.write(f"{one.code}  {one.name}  {' '.join(one.hosts)}{marks}")
