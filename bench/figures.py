"""`make bench ARGS=--figures`: what figures cost over many cases, and what it costs to count them all.

python -m bench --figures                       100,000 cases in build/bench-100000
python -m bench --figures --cases 1000000       a million; or those of the folder that CHENYUE_HOME names

Cases are generated as for the pages, or taken from an earlier run. If nothing is counted yet (or with --anew) all are
counted anew, with the time that the one writer was held by each transaction. A sample of cases and of counts is then
compared with the rows themselves (--check compares everything, as `manage.py recount --check`). Figures are asked for
in this process, pages of the real server. On a busy machine (`busy`: how many wait for its cores) only the CPU says
much. Results go to bench/results/figures-<database>-<cases>.json.
"""

import http.client
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIGURE_MS, PAGE_MS, TURN_MS = 100, 300, 50
NIGHT_S = {"pains": 30, "brief of a month, all files": 10}
SAMPLE = 1_000
ASKED = 7  # times each


def main() -> int:
    """Count, measure, compare, write."""
    from django.utils import timezone

    from bench.load import database, loop_ms, machine
    from chenyue.cases.models import Case
    from chenyue.core import snapshots
    from chenyue.insight.models import DayCount, Follow

    snapshots.load_all()
    result: dict[str, Any] = {
        "kind": "figures", "database": database(), "cases": Case.objects.count(), "machine": machine(),
        "loop_ms": loop_ms(), "busy": round(os.getloadavg()[0], 1), "at": f"{datetime.now(UTC):%Y-%m-%d}",
    }  # fmt: skip
    if "--anew" in sys.argv or not Follow.objects.filter(whole_at__isnull=False).exists():
        result["recount"] = recounted()
    result["counts"] = DayCount.objects.count()
    result["faults"] = faults(timezone.localdate())
    result["figures_ms"] = by_function(timezone.now())
    result["pages_ms"] = by_http()
    result["by_night_s"] = by_night(timezone.now())
    return say(result)


@contextmanager
def turns() -> Iterator[list[float]]:
    """How long the writer's turn was held each time, in ms; nothing on PostgreSQL, where writers don't queue."""
    from chenyue.core.db.sqlite import writer

    held: list[float] = []
    began: dict[int, float] = {}
    take, free = writer.WriterLock.take, writer.WriterLock.free

    def timed_take(lock: Any, holder: object, timeout: float) -> bool:
        fresh = take(lock, holder, timeout)
        if fresh:
            began[id(lock)] = time.perf_counter()
        return fresh

    def timed_free(lock: Any, holder: object) -> None:
        if lock._holder is holder:
            held.append((time.perf_counter() - began.pop(id(lock), time.perf_counter())) * 1000)
        free(lock, holder)

    setattr(writer.WriterLock, "take", timed_take)  # noqa: B010 – types know these as methods
    setattr(writer.WriterLock, "free", timed_free)  # noqa: B010
    try:
        yield held
    finally:
        setattr(writer.WriterLock, "take", take)  # noqa: B010
        setattr(writer.WriterLock, "free", free)  # noqa: B010


def recounted() -> dict[str, Any]:
    """A full count: seconds by the wall and of the core, memory, and each hold of the writer's turn."""
    from chenyue.insight import whole

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.monotonic(), time.process_time()
    with turns() as held:
        whole.recount()
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"seconds": round(wall), "cpu_s": round(cpu), "peak_mb": round(peak), "grew_mb": round(peak - before)}
    if held:
        held.sort()
        found |= {"turns": len(held), "p50_ms": round(median(held)), "p99_ms": round(held[int(len(held) * 0.99)])}
        found |= {"over_ms": sum(one > TURN_MS for one in held), "longest_ms": round(held[-1])}
    return found


def faults(today: date) -> list[str]:
    """What differs between the kept counts and the rows: everything with --check, else a sample."""
    from chenyue.insight import proving

    return proving.differences() if "--check" in sys.argv else [*_lines(), *_sums(today)]


def _lines() -> list[str]:
    """Of a sample of cases, those whose kept line isn't what they add now."""
    from chenyue.cases.models import Case
    from chenyue.insight.models import CaseFact
    from chenyue.insight.pieces import texts

    newest = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    found = []
    dice = random.Random(9)
    for _n in range(SAMPLE // 50):
        ids = [dice.randrange(1, newest + 1) for _one in range(50)]
        kept = dict(CaseFact.objects.filter(case__in=ids).values_list("case_id", "adds"))
        found += [f"case {pk}" for pk, text in texts(ids).items() if kept.get(pk) != text]
    return found


def _sums(today: date) -> list[str]:
    """Of a sample of weeks, the counts that a plain statement over all cases finds otherwise."""
    from django.db.models import Count
    from django.utils import timezone

    from chenyue.cases.models import Case
    from chenyue.insight.figures import FIELD, counts

    dice, zone, found = random.Random(9), timezone.get_default_timezone(), []
    for axis, field in FIELD.items():
        since = today - timedelta(days=dice.randrange(10, 3000))
        begin, end = (datetime.combine(day, datetime.min.time(), zone) for day in (since, since + timedelta(days=7)))
        rows = Case.objects.filter(received_at__gte=begin, received_at__lt=end, sensitivity="normal")
        plain = {
            str(key or ""): n
            for key, n in rows.exclude(state="joined").values_list(field).annotate(Count("pk")).order_by()
        }
        kept = counts(since, since + timedelta(days=7), axis, ["received"])
        if plain != {key: held["received"] for key, held in kept.items() if held["received"]}:
            found.append(f"{axis} from {since}: received")
    return found


def by_function(at: datetime) -> dict[str, dict[str, float]]:
    """Each figure of thirty days, a year and ten years, of the office and by axis: ms in the middle and at most."""
    from django.utils import timezone

    from chenyue.insight.backlog import backlog
    from chenyue.insight.figures import CODES, figures
    from chenyue.insight.lifecycle import Axis

    after = timezone.localdate(at) + timedelta(days=1)
    found = {}
    for days, name in ((30, "30 days"), (365, "a year"), (3650, "ten years")):
        for code in CODES:
            for axis in (Axis.ALL, Axis.CATEGORY, Axis.LEAD):
                ask = partial_of(figures, [code], after - timedelta(days=days), after, axis, at=at)
                found[f"{code}, {axis.value}, {name}"] = timed(ask)
    for axis in Axis:
        found[f"backlog, {axis.value}"] = timed(partial_of(backlog, at, axis))
    return found


def partial_of(function: Callable[..., Any], *given: Any, **more: Any) -> Callable[[], Any]:
    """The call with what is given."""
    return lambda: function(*given, **more)


def timed(ask: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> dict[str, float]:
    """Ms of several calls after a first one: in the middle, the longest, and of a core for each (by `clock`)."""
    ask()
    spent, before = [], clock()
    for _n in range(ASKED):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    cpu = (clock() - before) * 1000 / ASKED
    return {"p50": round(median(spent), 1), "most": round(max(spent), 1), "cpu": round(cpu, 1)}


def by_http() -> dict[str, dict[str, float]]:
    """Pages of figures on the real server, from the question to the last byte; nothing needs a script to be seen."""
    from django.conf import settings
    from django.db import connections
    from django.urls import reverse

    from bench.office import session_of
    from bench.server import Server, cpu_seconds, family
    from chenyue.people.models import Member
    from chenyue.people.rules import may

    members = Member.objects.filter(is_active=True).order_by("pk")
    director = next(one for one in members if may(one, "insight.see", unit_ids=(), place_ids=()))
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(director)}"
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    pages = {
        "figures": reverse("insight:figures"),
        "figures, a year": reverse("insight:figures") + f"?since={int(today[:4]) - 1}{today[4:]}&until={today}",
        "on time by category": reverse("insight:compared", args=["on_time", "category"]),
        "satisfaction by unit": reverse("insight:compared", args=["satisfaction", "lead"]),
        "backlog": reverse("insight:backlog", args=["all"]),
        "backlog by category": reverse("insight:backlog", args=["category"]),
        "workload": reverse("insight:workload"),
        "small pains": reverse("insight:pains"),
    } | boards()
    connections.close_all()

    def used() -> float:
        return sum(map(cpu_seconds, family(server.process.pid)))

    server = Server(Path(os.environ.get("CHENYUE_HOME", ROOT / "var")) / "bench-server.log")
    try:
        return {name: timed(partial_of(_get, server.port, path, cookie), used) for name, path in pages.items()}
    finally:
        server.stop()


def boards() -> dict[str, str]:
    """The board of the office, and of the first community and unit there are."""
    from django.urls import reverse

    from chenyue.insight.boards import subjects

    first: dict[str, str] = {}
    for show, _name in subjects():
        kind = show.partition(":")[0]
        first.setdefault(f"board, {kind}", f"{reverse('insight:board')}?show={show}")
    return first


def by_night(at: datetime) -> dict[str, dict[str, float]]:
    """What runs of itself, in seconds: a look for small pains in its own process, and a month's brief with its files.

    The brief is taken away afterwards.
    """
    from chenyue.core.actors import SYSTEM
    from chenyue.insight.brief import acts, files, stretches

    began = time.monotonic()
    subprocess.run([sys.executable, ROOT / "manage.py", "pains"], check=True, stdout=subprocess.DEVNULL)
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {"pains": {"seconds": round(time.monotonic() - began, 1), "peak_mb": round(of_children.ru_maxrss / 1024)}}
    began = time.monotonic()
    stretch = stretches.of("monthly", at.date().replace(day=1) - timedelta(days=1))
    row, _fresh = acts.begin(stretch=stretch, by=SYSTEM, at=at)
    try:
        acts.write(row.pk, at)
        row.refresh_from_db()
        size = sum(map(len, files.contents(row, at).values()))
    finally:
        row.delete()
    found["brief of a month, all files"] = {"seconds": round(time.monotonic() - began, 1), "kb": size // 1000}
    return found


def _get(port: int, path: str, cookie: str) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")


def say(result: dict[str, Any]) -> int:
    """Write the result and the verdict."""
    name = f"figures-{result['database']}-{result['cases']}.json"
    (ROOT / "bench" / "results" / name).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    slow = {what: ms for what, ms in result["figures_ms"].items() if ms["p50"] > FIGURE_MS}
    late = {what: ms for what, ms in result["pages_ms"].items() if ms["p50"] > PAGE_MS}
    dear = dict(sorted(result["figures_ms"].items(), key=lambda item: -item[1]["p50"])[:8])
    print(json.dumps(result | {"figures_ms": dear, "slow": slow, "late": late}, indent=1, ensure_ascii=False))
    long = any(result["by_night_s"][what]["seconds"] > most for what, most in NIGHT_S.items())
    good = not (slow or late or long or result["faults"])
    print("kept" if good else "NOT KEPT")
    return 0 if good else 1
