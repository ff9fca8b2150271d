"""`manage.py pains`: looks for hot spots, doors with recurring cases and emerging topics, and keeps what it finds."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from chenyue.insight import pains


class Command(BaseCommand):
    """What the nightly job calls in a process of its own."""

    help = "Looks for small pains: hot spots, doors with recurring cases, emerging topics."

    def handle(self, *args: Any, **options: Any) -> None:
        for run in pains.look(timezone.now()):
            self.stdout.write(f"{run.kind}: {run.found} found, {run.tests} looked at, {run.seconds} s")
