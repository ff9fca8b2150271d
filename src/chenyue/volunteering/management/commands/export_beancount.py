"""`manage.py export_beancount FILE`: write the ledger of credits for beancount."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chenyue.volunteering import beancount


class Command(BaseCommand):
    help = "Writes the ledger of credits as beancount text; bean-check counts it anew. `-` is standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] == "-":
            sys.stdout.writelines(beancount.export())
            return
        with Path(options["file"]).open("w", encoding="utf-8") as file:
            file.writelines(beancount.export())
        self.stdout.write(f"Written to {options['file']}.")
