"""`manage.py import_year FILE.csv`: put a year's holidays and make-up days into the calendar."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import tables
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.workdays import actions


class Command(BaseCommand):
    help = "Import a year's holidays and make-up workdays from a table with day, kind, name, source."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--provisional", action="store_true", help="the official notice isn't out yet")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            sheet = tables.read_table(file.read_bytes(), file.name, expected=("day", "kind", "name", "source"))
            table = actions.import_year(
                rows=[row.values for row in sheet.rows],
                by=SYSTEM,
                at=timezone.now(),
                provisional=options["provisional"],
            )
        except OSError as error:
            raise CommandError(_("The file can't be read: %(error)s") % {"error": error}) from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(year)d: %(days)d days differ, %(workdays)d workdays.")
            % {"year": table.year, "days": len(table.days), "workdays": table.workdays}
        )
