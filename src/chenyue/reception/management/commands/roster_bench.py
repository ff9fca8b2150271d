"""`manage.py roster_bench FILE --seconds N --output OUT.json`: solves a published shift-scheduling instance."""

import json
import math
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


@contextmanager
def _until_asked() -> Iterator[Callable[[], bool]]:
    """What says True once this process was interrupted or asked to end: the best so far is then written."""
    asked: list[int] = []
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)} if main else {}
    for number in before:
        signal.signal(number, lambda got, _frame: asked.append(got))
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Command(BaseCommand):
    """Runs the solver core that plans the office's roster on a file in the published text format."""

    help = "Solve a published shift-scheduling instance with the solver core of the roster; write the result as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an instance in the text format of Curtois and Qu")
        parser.add_argument("--seconds", type=float, default=60.0, help="how long to search, at most (60)")
        parser.add_argument("--output", type=Path, help="where the JSON goes; without it, to standard output")
        parser.add_argument("--seed", type=int, default=1, help="the same seed takes the same steps (1)")
        parser.add_argument("--workers", type=int, default=2, help="threads of CP-SAT (2)")
        parser.add_argument("--without-solver", action="store_true", help="as where OR-Tools isn't installed")

    def handle(self, *args: Any, **options: Any) -> None:
        from chenyue.reception.solving.published import read, written
        from chenyue.reception.solving.solver import installed, solve

        if not math.isfinite(options["seconds"]) or options["seconds"] <= 0 or options["workers"] < 1:
            raise CommandError("Seconds must be more than 0, and workers 1 or more.")
        try:
            problem = read(options["file"].read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{options['file']} isn't such an instance: {error}") from error
        if not installed():
            self.stderr.write("OR-Tools isn't installed: planning by hand-overs and exchanges only, without a bound.")
        with _until_asked() as stop:
            found = solve(
                problem,
                options["seconds"],
                seed=options["seed"],
                workers=options["workers"],
                progress=self._told if options["verbosity"] > 1 else None,
                stop=stop,
                solver=False if options["without_solver"] else None,
            )
        result = {
            "objective": found.objective,
            "bound": found.bound,
            "seconds": found.seconds,
            "legal": found.legal,
            "method": found.method,
            "assignment": written(problem, found.assignment),
        }
        text = json.dumps(result, ensure_ascii=False)
        if options["output"]:
            options["output"].write_text(text + "\n", encoding="utf-8")
            self.stdout.write(f"{found.objective} (bound {found.bound}) in {found.seconds:.1f} s, by {found.method}")
        else:
            self.stdout.write(text)

    def _told(self, price: int | None, bound: float | None, seconds: float) -> None:
        self.stderr.write(f"{seconds:8.1f} s  {price}  bound {bound}")
