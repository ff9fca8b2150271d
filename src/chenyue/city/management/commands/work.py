"""`manage.py work` where there are many offices: the worker of jobs and ticks of all of them."""

from typing import Any

from django.core.management.base import BaseCommand

from chenyue.city import jobs


class Command(BaseCommand):
    help = "Run jobs and regular tasks of all offices until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.run()
