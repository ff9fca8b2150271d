"""`manage.py import_rules FILE.json`: new law about joint decisions of owners, or a covenant's own rule."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.works import law


class Command(BaseCommand):
    """A rule that is there is never changed; it may only get its last day."""

    help = "Adds rules of joint decisions from a file in the form of works/data/rules.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8")
            with transaction.atomic():
                done = law.save(rows=law.read(text), by=SYSTEM, at=timezone.now())
                transaction.set_rollback(options["dry_run"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"This file can't be read: {error}") from error
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        for name in done.added:
            print(f"added: {name}")
        for name in done.ended:
            print(f"given a last day: {name}")
        print(f"unchanged: {done.unchanged}" + (" (dry run, nothing written)" if options["dry_run"] else ""))
