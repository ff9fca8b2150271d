"""`manage.py triage --input FILE.csv --output OUT.csv`: suggestions for many texts, for measuring."""

import csv
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chenyue.places.queries import gazetteer
from chenyue.triage import suggest
from chenyue.triage.suggestion import Suggestion

COLUMNS = [
    "id", "channel", "text", "category_code", "handling", "lead_unit", "assist_units", "urgency", "place",
    "route_away", "is_appeal", "note", "confidence", "category_top3",
]  # fmt: skip


def line(row: dict[str, str], found: Suggestion) -> dict[str, Any]:
    """One line of the output; what isn't an appeal has no decision."""
    shown = {"id": row.get("id", ""), "channel": row.get("channel", ""), "text": row["text"]}
    if not found.is_appeal:
        return shown | {"is_appeal": 0, "note": found.not_appeal_because}
    first = found.category
    further = ",".join(guess.code for guess in found.further)
    return shown | {
        "category_code": first.code if first else "",
        "handling": found.handling,
        "lead_unit": found.lead_code,
        "assist_units": ";".join(found.assist_codes),
        "urgency": found.urgency,
        "place": gazetteer().path(found.place) if found.place else "",
        "route_away": ";".join(road.number for road in found.routes_away),
        "is_appeal": 1,
        "note": f"另含:{further}" if further else "",
        "confidence": first.confidence if first else 0,
        "category_top3": ";".join(guess.code for guess in found.categories[:3]),
    }


class Command(BaseCommand):
    """Reads id, channel, text; writes what triage suggests for each."""

    help = "Suggest category, units, urgency and place for each text of a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--input", required=True, type=Path, help="CSV with the columns id, channel, text")
        parser.add_argument("--output", required=True, type=Path, help="CSV that is written")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["input"]
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        at = timezone.now()
        count, began = 0, time.perf_counter()
        with (
            source.open(encoding="utf-8-sig", newline="") as file,
            options["output"].open("w", encoding="utf-8", newline="") as target,
        ):
            reader = csv.DictReader(file)
            if "text" not in (reader.fieldnames or []):
                raise CommandError(f"{source} has no column named text.")
            writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for row in reader:
                writer.writerow(line(row, suggest(row["text"] or "", None, at)))
                count += 1
        seconds = time.perf_counter() - began
        self.stdout.write(f"{count} texts in {seconds:.1f} s, written to {options['output']}.")
