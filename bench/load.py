"""Eight clients in a process of their own drive the real server: `python -m bench`."""

import argparse
import http.client
import json
import os
import random
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import understanding
from bench.asks import CSRF, Ask, OneOf, Scenario
from bench.budgets import BUDGETS
from bench.count import count_all
from bench.office import Office, bare
from bench.server import ROOT, Server

CLIENTS = 8


@dataclass
class Measured:
    """What one scenario did: requests, how long each took (ms), CPU of the server, what went wrong.

    An act is one request, but for an appeal that is asked something back first: that is two.
    """

    requests: int = 0
    acts: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def cpu_ms(self) -> float:
        return self.cpu * 1000 / self.requests if self.requests else 0.0

    def share(self, part: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * part))] if self.times else 0.0


class Client(threading.Thread):
    """One browser that asks again as soon as it has its answer."""

    def __init__(self, port: int, scenario: Scenario, sessions: dict[str, str], until: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.scenario, self.sessions, self.until = scenario, sessions, until
        self.dice = random.Random(seed)
        self.times: list[float] = []
        self.acts = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        while time.perf_counter() < self.until and (ask := self.scenario.ask(self.dice)) is not None:
            following: Ask | None = ask
            while following is not None:
                began = time.perf_counter()
                following = self.send(following)
                self.times.append((time.perf_counter() - began) * 1000)
            self.acts += 1
        self.line.close()

    def send(self, ask: Ask) -> Ask | None:
        cookies = f"csrftoken={CSRF}"
        if ask.member:
            cookies += f"; chenyue_session={self.sessions[ask.member]}"
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
        body = None
        if ask.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(ask.form)
        self.line.request("GET" if body is None else "POST", ask.path, body, headers)
        answer = self.line.getresponse()
        read = answer.read()
        if answer.status not in ask.expect:
            self.wrong.append(f"{ask.path}: {answer.status}")
            return None
        return ask.then(answer.status, read)


def drive(
    server: Server, scenario: Scenario, sessions: dict[str, str], seconds: float, clients: int = CLIENTS
) -> Measured:
    """Run one scenario for that long with that many clients."""
    until = time.perf_counter() + seconds
    threads = [Client(server.port, scenario, sessions, until, seed) for seed in range(clients)]
    cpu, began = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured = Measured(seconds=time.perf_counter() - began, cpu=server.cpu() - cpu)
    for thread in threads:
        measured.times += thread.times
        measured.wrong += thread.wrong
        measured.acts += thread.acts
    measured.requests = len(measured.times) - len(measured.wrong)
    return measured


def first_view_kb(port: int, path: str, cookie: str = "") -> float:
    """All bytes that a browser fetches, as they are sent, until the page stands."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept-Encoding": "gzip, br", "Cookie": cookie}
    total, todo, seen = 0, [path], set()
    while todo:
        wanted = todo.pop()
        if wanted in seen:
            continue
        seen.add(wanted)
        line.request("GET", wanted, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{wanted}: {answer.status}"
        total += len(body) + sum(len(f"{k}: {v}\r\n") for k, v in answer.getheaders())
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            body = gzip.decompress(body)
        if answer.headers.get("Content-Encoding") != "br":
            todo += named(body.decode("utf-8", "ignore"), wanted)
    return total / 1024


def named(text: str, base: str) -> list[str]:
    """Files of our own that a page, a style or a script names."""
    from urllib.parse import urljoin

    found = re.findall(r'(?:href|src)="(/static/[^"#]+)', text)
    found += [urljoin(base, u) for u in re.findall(r'url\("?([^")#]+\.woff2)"?\)', text)]
    found += [urljoin(base, u) for u in re.findall(r'(?:from|import)\s*"([./][^"]+\.js)"', text)]
    return found


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """A whole run: statements in this process, then the server under load."""
    office = Office()
    counted = count_all(office, office.scenarios())
    result: dict[str, Any] = {
        "database": database(), "cases": options.cases, "machine": machine(), "seconds": options.seconds,
        "loop_ms": loop_ms(),
        "pages": {name: {"sql": found.sql} for name, found in counted.items()},
    }  # fmt: skip
    if options.quick:
        return result
    settle()
    result["understanding"] = understanding.measure()
    log = Path(os.environ.get("CHENYUE_HOME", ROOT / "var")) / "bench-server.log"
    Server(log).stop()
    server = Server(log)
    try:
        result["start_s"] = round(server.start_seconds, 2)
        under_load(server, office, options.seconds, result)
    finally:
        server.stop()
    return result


def settle() -> None:
    """What an office does once, before it is measured: the first count of all cases, which a job would begin now."""
    from django.core.management import call_command

    from chenyue.insight.models import Follow

    if not Follow.objects.filter(whole_at__isnull=False).exists():
        call_command("recount")


def under_load(server: Server, office: Office, seconds: float, result: dict[str, Any]) -> None:
    rates: dict[str, float] = {}
    peak = 0.0
    for scenario in bare():
        drive(server, scenario, office.sessions, 1)
        alone = drive(server, scenario, office.sessions, seconds / 2, clients=1)
        measured = drive(server, scenario, office.sessions, seconds)
        rates[scenario.name] = measured.rate
        result["pages"][scenario.name] = shown(measured, alone)
    for planned in office.scenarios():
        if planned.name == "dispatch":
            office.fill_waiting()
        scenario = office.refreshed(planned)
        drive(server, scenario, office.sessions, 1)  # warm
        # CPU is counted with one client: with eight, the clients and two threads of a process on two cores take each
        # other's caches and turns, and the same work counts as up to twice as much.
        alone = drive(server, scenario, office.sessions, seconds / 2, clients=1)
        measured = drive(server, scenario, office.sessions, seconds)
        page = result["pages"].setdefault(scenario.name, {})
        page |= shown(measured, alone)
        budget = BUDGETS.get(scenario.name)
        if budget and budget.bare:
            page["ratio"] = round(measured.rate / rates[budget.bare], 3)
        peak = max(peak, server.memory())
    result["lists"] = dear_lists(server, office)
    result["memory_mb"], result["resident_mb"] = round(peak, 1), server.resident()
    result["first_view_kb"] = {
        "resident": round(first_view_kb(server.port, "/"), 1),
        "staff": round(first_view_kb(server.port, "/desk/cases/", f"chenyue_session={office.sessions['li']}"), 1),
    }


def dear_lists(server: Server, office: Office) -> dict[str, float]:
    """CPU ms of each list by itself, so that no dear one hides among cheap ones; the dearest first."""
    found = {}
    for name, ask in office.lists().items():
        found[name] = round(drive(server, OneOf("list", [ask]), office.sessions, 0.7, clients=2).cpu_ms, 2)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def shown(measured: Measured, alone: Measured) -> dict[str, Any]:
    for sentence in sorted(set(measured.wrong))[:3]:
        print(f"      went wrong: {sentence} (in all {len(measured.wrong)})")
    return {
        "rate": round(measured.rate, 1), "cpu_ms": round(measured.cpu_ms, 2),
        "cpu_alone_ms": round(alone.cpu_ms, 2), "acts": measured.acts,
        "requests": measured.requests,
        "p50_ms": round(measured.share(0.5), 1), "p95_ms": round(measured.share(0.95), 1),
        "wrong": len(measured.wrong),
    }  # fmt: skip


def database() -> str:
    from django.db import connection

    return str(connection.vendor)


def loop_ms() -> float:
    """CPU ms of a fixed loop: how quick the core is at this moment, with all that runs beside us."""
    found = []
    for _ in range(9):
        began, number, kept = time.process_time(), 0, {}
        for step in range(100_000):
            number += step * 3 % 7
            kept[step & 255] = str(number)
        found.append((time.process_time() - began) * 1000)
    return round(sorted(found)[4], 1)


def machine() -> str:
    """Cores and memory, nothing else."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GB"


def write(result: dict[str, Any]) -> Path:
    """Keep the result beside the others."""
    folder = ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"{result['database']}-{result['cases']}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return path
