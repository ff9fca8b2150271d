"""`manage.py work`: the worker of jobs and ticks."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from chenyue.core import ticks


class Command(BaseCommand):
    help = "Run jobs and regular tasks until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        ticks.ensure_schedule()
        call_command("qcluster")
