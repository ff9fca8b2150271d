"""`manage.py evaluate --task labels --train A.csv --test B.csv`: how well the learner learns any labels."""

import csv
import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


def read(path: Path) -> tuple[list[str], list[str]]:
    """Texts (a title before them, where there is one) and labels; CommandError if the columns are missing."""
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"text", "label"} <= set(reader.fieldnames or []):
            raise CommandError(f"{path} needs the columns text and label.")
        rows = [row for row in reader if (row["label"] or "").strip()]
    texts = ["\n".join(part for part in (row.get("title") or "", row["text"] or "") if part) for row in rows]
    return texts, [row["label"].strip() for row in rows]


class Command(BaseCommand):
    """Trains on one file, tests on the other; prints figures as JSON."""

    help = "Train the learner on a CSV of texts and labels, test it on another, print the figures as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--task", choices=["labels"], default="labels")
        parser.add_argument("--train", required=True, type=Path, nargs="+", help="CSV with text, label (and title)")
        parser.add_argument("--test", required=True, type=Path, help="CSV with text, label (and title)")

    def handle(self, *args: Any, **options: Any) -> None:
        texts: list[str] = []
        labels: list[str] = []
        for path in options["train"]:
            more, theirs = read(path)
            texts += more
            labels += theirs
        test, gold = read(options["test"])
        if len(set(labels)) < 2 or not test:
            raise CommandError("Training needs two labels at least, and the test one text.")
        self.stdout.write(json.dumps(figures(texts, labels, test, gold), ensure_ascii=False, indent=1))


def figures(texts: list[str], labels: list[str], test: list[str], gold: list[str]) -> dict[str, Any]:
    """Train, test, and count."""
    from collections import Counter

    from sklearn.metrics import accuracy_score, f1_score

    from chenyue.triage import training

    began = time.perf_counter()
    learned = training.packed(training.fit(texts, labels), dict(Counter(labels)))
    trained = time.perf_counter()
    guessed = []
    for text in test:
        margins = learned.margins(text)
        guessed.append(learned.codes[margins.index(max(margins))])
    spent = time.perf_counter() - trained
    shared = len(set(texts) & set(test))
    return {
        "task": "labels",
        "train": len(texts),
        "test": len(test),
        "labels": len(learned.codes),
        "shared_texts": shared,
        "macro_f1": round(float(f1_score(gold, guessed, average="macro")), 4),
        "accuracy": round(float(accuracy_score(gold, guessed)), 4),
        "train_seconds": round(trained - began, 2),
        "texts_per_second": round(len(test) / spent, 1) if spent else None,
        "artefact_bytes": len(learned.to_bytes()),
    }
