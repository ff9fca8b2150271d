"""`manage.py tick`: do once what the scheduler does each minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chenyue.core import ticks


class Command(BaseCommand):
    help = "Run every regular task that is due now, and say what came of it."

    def handle(self, *args: Any, **options: Any) -> None:
        results = ticks.run_due(timezone.now())
        failed = [name for name, result in results.items() if isinstance(result, Exception)]
        for name, result in sorted(results.items()):
            self.stdout.write(f"{name}: {result}")
        self.stdout.write(f"{len(results)} done, {len(failed)} failed")
        if failed:
            raise CommandError(", ".join(failed))
