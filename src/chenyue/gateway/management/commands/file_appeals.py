"""`manage.py file_appeals FILE.csv --map text=…`: another system's messages become appeals."""

import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.models import Channel
from chenyue.catalogue.models import Urgency
from chenyue.core.errors import Refusal
from chenyue.core.tables import MAX_BYTES
from chenyue.gateway import rows
from chenyue.gateway.actions import Filing, Report

MOST_TOLD = 20  # refused rows that are told one by one, and categories
EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = "File a table of messages as appeals, each once; with --answers those that were answered become history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", required=True, help=f"field=column,… with the fields {', '.join(rows.TOLD)}")
        parser.add_argument("--answers", default="", help="answer=column,answered=column: what was answered, and when")
        parser.add_argument("--channel", default=Channel.WEB, choices=Channel.values, help="how the messages came")
        parser.add_argument("--limit", type=int, help="only the first rows")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and keep nothing")
        parser.add_argument("--errors", type=Path, help="write the refused rows to this workbook (.xlsx)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            filing = _filing(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(_("The file can't be read: %(error)s") % {"error": error}) from error
        try:
            filing.run(self._progress())
        except KeyboardInterrupt:
            self.stderr.write(_("Stopped. The same command goes on where this one ended."))
        finally:  # after a fault, too: what was filed stays filed
            self._tell(filing.report, options["dry_run"])
        if filing.report.errors and options["errors"]:
            options["errors"].write_bytes(filing.error_sheet())
            self.stdout.write(_("The refused rows are in %(file)s.") % {"file": options["errors"]})

    def _progress(self) -> Any:
        last = time.monotonic()

        def tell(report: Report) -> None:
            nonlocal last
            if time.monotonic() - last >= EVERY:
                last = time.monotonic()
                counts = {"done": report.done, "whole": report.whole, "refused": len(report.errors)}
                self.stderr.write(_("%(done)d of %(whole)d rows, %(refused)d refused") % counts)

        return tell

    def _tell(self, report: Report, dry_run: bool) -> None:
        for wrong in report.errors[:MOST_TOLD]:
            where = f"{wrong.column}: " if wrong.column else ""
            self.stderr.write(_("Row %(row)d: %(what)s") % {"row": wrong.row, "what": f"{where}{wrong.sentence}"})
        if len(report.errors) > MOST_TOLD:
            self.stderr.write(
                _("… and %(more)d more; --errors writes them all.") % {"more": len(report.errors) - MOST_TOLD}
            )
        for line in _lines(report):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was kept."))


def _filing(options: dict[str, Any]) -> Filing:
    file: Path = options["file"]
    if file.stat().st_size > MAX_BYTES:  # before it is read into memory
        raise Refusal(_("This file is larger than 30 MB. Split it and import the parts."))
    columns = rows.mapping(options["map"], rows.TOLD) | rows.mapping(options["answers"], rows.ANSWERED)
    return Filing(
        data=file.read_bytes(),
        filename=file.name,
        columns=columns,
        channel=options["channel"],
        at=timezone.now(),
        limit=options["limit"],
        dry_run=options["dry_run"],
    )


def _lines(report: Report) -> list[str]:
    """The report in sentences."""
    counts = {"filed": report.filed, "known": report.known, "refused": len(report.errors)}
    found = [_("%(filed)d filed, %(known)d known already, %(refused)d refused.") % counts]
    if report.answered:
        found.append(_("%(count)d with their answer, as history; nobody was told.") % {"count": report.answered})
    if report.history:
        found.append(
            _("%(count)d are from long ago: no clock runs until somebody takes them up.") % {"count": report.history}
        )
    if report.without_time:
        found.append(
            _("%(count)d had no time: now counts, or when they were answered.") % {"count": report.without_time}
        )
    tried = report.filed + len(report.errors)
    if tried:
        speed = {"mean": report.seconds / tried * 1000, "slowest": report.slowest * 1000, "row": report.slowest_row}
        speed["rate"] = tried / report.seconds if report.seconds else 0
        found.append(
            _("%(mean).1f ms a row (%(rate).0f rows a second); the slowest, row %(row)d, %(slowest).0f ms.") % speed
        )
    if report.filed:
        found.append(_("Urgency: %(list)s") % {"list": _listed(report.urgencies, dict(Urgency.choices))})
        place = {"found": report.places["found"], "filed": report.filed}
        found.append(_("A place was found in %(found)d of %(filed)d.") % place)
        found.append(_("Categories: %(list)s") % {"list": _listed(report.categories, {"": _("none")})})
    return found


def _listed(counts: Counter[str], words: dict[str, Any]) -> str:
    parts = [f"{words.get(name, name)} {count}" for name, count in counts.most_common(MOST_TOLD)]
    left = sum(counts.values()) - sum(count for _name, count in counts.most_common(MOST_TOLD))
    return ", ".join([*parts, *([_("others %(count)d") % {"count": left}] if left else [])])
