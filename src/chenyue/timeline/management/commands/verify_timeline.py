"""`manage.py verify_timeline`: prove that nobody changed the history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chenyue.timeline.models import Chain, Entry
from chenyue.timeline.verify import Fault, faults


class Command(BaseCommand):
    help = "Proves every chain and every seal of the timeline; names what is broken and fails then."

    def handle(self, *args: Any, **options: Any) -> None:
        total = Chain.objects.count()
        found: list[Fault] = []
        for item in faults():
            if isinstance(item, Fault):
                found.append(item)
                where = item.subject + (f" #{item.position}" if item.position is not None else "")
                self.stderr.write(f"{where}: {item.sentence}")
            elif options["verbosity"] > 0:
                self.stdout.write(f"{item} / {total}")
        if found:
            raise CommandError(f"The timeline is broken in {len(found)} places; the first is {found[0].subject}.")
        self.stdout.write(f"Every one of {Entry.objects.count()} entries in {total} chains is as it was written.")
