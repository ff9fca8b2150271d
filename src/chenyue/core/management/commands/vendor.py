"""`manage.py vendor --check`: the files of other projects are what the list says."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chenyue.core import vendored


class Command(BaseCommand):
    """Checks the vendored files, or builds the icon sprite anew from an unpacked @tabler/icons."""

    help = "Check vendored files against their list; --icons FOLDER rebuilds the icon sprite."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="say whether all files are as listed (default)")
        parser.add_argument("--icons", type=Path, metavar="FOLDER", help="…/@tabler/icons/icons/outline")
        parser.add_argument("--add", nargs="*", default=[], metavar="NAME", help="icons to add to the sprite")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["icons"]:
            names = sorted(vendored.icon_names() | set(options["add"]))
            path = vendored.FOLDER / "icons.svg"
            path.write_text(vendored.sprite(options["icons"], names))
            self.stdout.write(f"{len(names)} icons. Put this into VENDOR.toml: sha256 = {vendored.sha256(path)}")
            return
        found = list(vendored.problems())
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{len(vendored.entries())} vendored files are as listed.")
