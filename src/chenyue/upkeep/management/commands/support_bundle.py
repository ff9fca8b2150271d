"""`manage.py support_bundle FILE`: the state of the installation, without anything about persons."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chenyue.upkeep import support


class Command(BaseCommand):
    help = "Write what somebody who helps from afar needs: versions, counts, ages, findings. Nothing about persons."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the zip to write; must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("xb") as out:
                out.write(support.bundle(timezone.now()))
        except FileExistsError as error:
            raise CommandError(f"{path} is there already; nothing was written.") from error
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: {path.stat().st_size} bytes. Open it and look before you pass it on.")
