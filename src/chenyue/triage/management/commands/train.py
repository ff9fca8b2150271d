"""`manage.py train`: let triage learn from what people confirmed; versions, scores, and the way back."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chenyue.core.errors import Refusal
from chenyue.triage import learning, versions
from chenyue.triage.models import TriageModel


class Command(BaseCommand):
    """Trains a version, scores it on confirmed cases held back, and promotes it only if it isn't worse."""

    help = "Learn from confirmed cases: a new version, its scores, promotion only if it isn't worse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--list", action="store_true", help="show the versions and their scores")
        choice.add_argument("--rollback", action="store_true", help="go back to the version that spoke before")
        choice.add_argument("--use", type=int, metavar="VERSION", help="let this version speak; 0 is cold start")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
        elif options["rollback"] or options["use"] is not None:
            try:
                row = versions.roll_back(timezone.now(), options["use"])
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"Version {row.version} speaks." if row else "Cold start speaks.")
        else:
            self._train()

    def _train(self) -> None:
        report = learning.train(timezone.now(), self.stdout.write)
        if report.row is None:
            self.stdout.write(f"Too little to learn from yet: {report.examples} confirmed cases.")
            return
        for name, found in report.figures.items():
            self.stdout.write(f"{name}: {found.right} of {found.total} right, calibration {found.calibration:.3f}")
        outcome = "speaks now" if report.promoted else "was worse and isn't used"
        self.stdout.write(f"Version {report.row.version} {outcome}; {report.seconds:.1f} s, {_peak():.0f} MB.")

    def _list(self) -> None:
        for row in TriageModel.objects.order_by("-version"):
            own = row.scores.get("candidate", {})
            self.stdout.write(
                f"{row.version}  {row.trained_at:%Y-%m-%d %H:%M}  {row.state}  {row.examples} cases, "
                f"{row.categories} categories, {own.get('right')} of {own.get('total')} right, {row.size // 1024} KB"
            )


def _peak() -> float:
    """The most memory that this process has held, in MB."""
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
