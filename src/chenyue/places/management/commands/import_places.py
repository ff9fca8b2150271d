"""`manage.py import_places FILE`: communities, estates and buildings from a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.places import actions


class Command(BaseCommand):
    help = "Import places from an Excel or CSV table; rows that are wrong are told and left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--errors", type=Path, help="write the rows to mend to this workbook")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            report = actions.import_places(
                file.read_bytes(), file.name, by=SYSTEM, at=timezone.now(), dry_run=options["dry_run"]
            )
        except OSError as error:
            raise CommandError(_("The file can't be read: %(error)s") % {"error": error}) from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for wrong in report.errors:
            where = f"{wrong.column}: " if wrong.column else ""
            self.stderr.write(_("Row %(row)d: %(what)s") % {"row": wrong.row, "what": f"{where}{wrong.sentence}"})
        if report.errors and options["errors"]:
            options["errors"].write_bytes(report.error_sheet)
        counts = {"created": report.created, "updated": report.updated, "errors": len(report.errors)}
        self.stdout.write(_("%(created)d places added, %(updated)d changed, %(errors)d rows to mend.") % counts)
