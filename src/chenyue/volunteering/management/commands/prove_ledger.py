"""`manage.py prove_ledger`: prove that the ledger of credits neither lost nor invented anything."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chenyue.volunteering import proving


class Command(BaseCommand):
    help = "Proves the ledger of credits: holdings, origins, two persons, guards, seals; names what is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for name in proving.names():
            wrong = list(proving.faults(name))
            for fault in wrong:
                self.stderr.write(f"{name}: {fault.sentence}")
            if not wrong and options["verbosity"] > 0:
                self.stdout.write(f"{name}: ok")
            found += len(wrong)
        if found:
            raise CommandError(f"The ledger is wrong in {found} places.")
        self.stdout.write(f"All {proving.counted()} postings are as they were written, and nothing is missing.")
