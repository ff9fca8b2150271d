"""`make bench ARGS=--bookings`: 10,000 attempts to book 100 slots at once; never oversold, never spent twice.

Eight processes call the product's own function against one database: SQLite in a folder of its own, or the (empty) one
that DATABASE_URL names. 2,000 residents have credits for one booking each and try five slots: some are refused for
lack of credits, some for lack of places, and both are counted by code. Then the same over HTTP on the real server, in
small: residents who have signed in press the button (left out with --function). Results go to
bench/results/bookings-<database>.json.
"""

import http.client
import json
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SLOTS, PLACES, PEOPLE, TRIES, WORKERS = 100, 10, 2000, 5, 8
HTTP_PEOPLE, HTTP_SLOTS, HTTP_PLACES, HTTP_CLIENTS = 120, 5, 4, 8
CREDITS = 300
Pairs = list[tuple[int, int]]


def main() -> int:
    """Prepare, measure, prove, write."""
    import contextlib

    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ.setdefault("CHENYUE_LOG_LEVEL", "ERROR")
    os.environ.pop("CHENYUE_DEMO", None)
    kept = os.environ.get("CHENYUE_HOME")
    with contextlib.nullcontext(kept) if kept else tempfile.TemporaryDirectory() as home:
        os.environ["CHENYUE_HOME"] = str(home)
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        result: dict[str, Any] = {"database": connection.vendor, "function": by_function()}
        if "--function" not in sys.argv:
            result["http"] = by_http(Path(str(home)))
        result["faults"] = prove()
    return say(result)


def prepare(slots: int, places: int, people: int) -> tuple[list[int], list[int]]:
    """A running contract, its slots, and people with credits for one booking each; ids of slots and people."""
    from django.db import transaction
    from django.utils import timezone

    from chenyue.core import rows
    from chenyue.core.actors import SYSTEM
    from chenyue.people.models import Member, Resident
    from chenyue.volunteering.accounts import locked, office
    from chenyue.volunteering.lifecycle import AccountKind, ContractState, PostingKind
    from chenyue.volunteering.models import Contract, Lot, Service, Slot, Supplier
    from chenyue.volunteering.posting import Shift, post

    at = timezone.now()
    first = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    today = timezone.localtime(at).date()
    supplier = Supplier.objects.create(name="诊所", code=f"bench-{slots}", licence_until=date(2099, 1, 1), made_at=at)
    contract = Contract.objects.create(
        number=f"BENCH-{slots}", title="服务", supplier=supplier, state=ContractState.RUNNING, starts_on=today,
        ends_on=today + timedelta(days=365), budget=slots * places * 6000, made_at=at,
    )  # fmt: skip
    service = Service.objects.create(
        contract=contract, name="推拿", price=6000, quantity=slots * places, credits=CREDITS, per_month=0, elder_hours=0
    )
    for n in range(slots):
        start = first + timedelta(minutes=45 * n)
        end = start + timedelta(minutes=30)
        times = {"starts_at": start, "ends_at": end, "published_at": at - timedelta(days=1)}
        Slot.objects.create(service=service, capacity=places, **times)
    found, second = [], Member.objects.create(username=f"bench-{slots}", name="第二人")
    with transaction.atomic():
        for _n in range(people):
            person = Resident.objects.create(created_at=at)
            lot = Lot(resident=person, earned_on=today, amount=CREDITS)
            rows.insert(lot)
            purse = locked([person.pk], at)[person.pk]
            move = Shift(lot, office(AccountKind.ISSUANCE, at), purse.person, CREDITS)
            post(PostingKind.GRANT, [move], key=f"bench:{person.pk}", by=SYSTEM, second=second, at=at)
            found.append(person.pk)
    return list(Slot.objects.filter(service=service).values_list("pk", flat=True)), found


def by_function() -> dict[str, Any]:
    """10,000 attempts by eight processes."""
    slots, people = prepare(SLOTS, PLACES, PEOPLE)
    rng = random.Random(8)
    pairs = [(slot, person) for person in people for slot in rng.sample(slots, TRIES)]
    rng.shuffle(pairs)
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue()
    ready = context.Barrier(WORKERS + 1)
    work = [context.Process(target=_work, args=(pairs[n::WORKERS], ready, queue)) for n in range(WORKERS)]
    for one in work:
        one.start()
    ready.wait(120)
    began = time.monotonic()
    parts = [queue.get(timeout=1800) for _one in work]
    seconds = time.monotonic() - began
    for one in work:
        one.join()
    return _summed(parts, seconds, len(pairs), SLOTS * PLACES)


def _summed(parts: list[dict[str, Any]], seconds: float, attempts: int, places: int) -> dict[str, Any]:
    outcomes: Counter[str] = Counter()
    for part in parts:
        outcomes.update(part["outcomes"])
    waits = sorted(wait for part in parts for wait in part["waits"])
    return {
        "attempts": attempts, "places": places, "seconds": round(seconds, 1),
        "outcomes": dict(sorted(outcomes.items())), "without_sentence": sum(part["mute"] for part in parts),
        "errors": [error for part in parts for error in part["errors"]][:5],
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1), "p95_ms": round(waits[int(len(waits) * 0.95)] * 1000, 1),
        "longest_ms": round(waits[-1] * 1000, 1),
    }  # fmt: skip


def _work(pairs: Pairs, ready: Any, queue: Any) -> None:
    """One process: each attempt is a transaction of its own, as a request's would be."""
    import django

    django.setup()
    from django.utils import timezone

    from chenyue.core.errors import Refusal
    from chenyue.people.models import Resident
    from chenyue.volunteering import booking
    from chenyue.volunteering.seeing import resident_actor

    found: dict[str, Any] = {"outcomes": Counter(), "waits": [], "errors": [], "mute": 0}
    ready.wait(120)
    for slot, person in pairs:
        began = time.monotonic()
        try:
            resident = Resident.objects.get(pk=person)
            booking.book(slot=slot, resident=resident, by=resident_actor(resident), at=timezone.now())
            found["outcomes"]["booked"] += 1
        except Refusal as refusal:
            found["outcomes"][refusal.code] += 1
            found["mute"] += not str(refusal.sentence)
        except Exception as error:  # what must never happen is counted, too
            found["outcomes"]["error"] += 1
            found["errors"].append(repr(error)[:300])
        found["waits"].append(time.monotonic() - began)
    queue.put(found)


def by_http(home: Path) -> dict[str, Any]:
    """Residents who have signed in press the button on the real server, all for the same few slots."""
    from django.db import connections

    from bench.server import Server

    slots, people = prepare(HTTP_SLOTS, HTTP_PLACES, HTTP_PEOPLE)
    cookies = _signed_in(people)
    connections.close_all()
    server = Server(home / "server.log")
    try:
        jobs = [(person, slots[n % len(slots)]) for n, person in enumerate(people)]
        parts: list[dict[str, Any]] = [{} for _n in range(HTTP_CLIENTS)]
        began = time.monotonic()
        threads = [
            threading.Thread(target=_press, args=(server.port, jobs[n::HTTP_CLIENTS], cookies, parts[n]))
            for n in range(HTTP_CLIENTS)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        seconds = time.monotonic() - began
    finally:
        server.stop()
    return _summed(parts, seconds, len(jobs), HTTP_SLOTS * HTTP_PLACES)


def _signed_in(people: list[int]) -> dict[int, str]:
    """The cookie of each resident, as if the code had been typed."""
    import secrets

    from django.utils import timezone

    from chenyue.people import resident_session
    from chenyue.people.models import Resident, ResidentSession

    at, found = timezone.now(), {}
    for person in Resident.objects.filter(pk__in=people):
        token = secrets.token_urlsafe(24)
        ResidentSession.objects.create(
            key=resident_session._print(token), resident=person, phone_index=person.phone_index, made_at=at,
            expires_at=at + timedelta(hours=2),
        )  # fmt: skip
        found[person.pk] = f"{resident_session.COOKIE}={token}"
    return found


def _press(port: int, jobs: Pairs, cookies: dict[int, str], found: dict[str, Any]) -> None:
    """Open the page of services, press the button; what the answer leads to says what came of it."""
    found |= {"outcomes": Counter(), "waits": [], "errors": [], "mute": 0}
    for person, slot in jobs:
        began = time.monotonic()
        try:
            found["outcomes"][_one(port, slot, cookies[person])] += 1
        except Exception as error:
            found["outcomes"]["error"] += 1
            found["errors"].append(repr(error)[:300])
        found["waits"].append(time.monotonic() - began)


def _one(port: int, slot: int, cookie: str) -> str:
    import re
    from urllib.parse import urlencode

    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/volunteering/me/services/", headers={"Cookie": cookie})
    page = line.getresponse()
    jar = [cookie, *(value.split(";")[0] for name, value in page.getheaders() if name.lower() == "set-cookie")]
    text = page.read().decode()
    mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    key = re.search(r'name="idempotency_key" value="([^"]+)"', text)
    if mark is None or key is None:
        return f"no form ({page.status})"
    body = urlencode({"csrfmiddlewaretoken": mark[1], "idempotency_key": key[1]})
    headers = {"Cookie": "; ".join(jar), "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", f"/volunteering/me/services/{slot}/book/", body, headers)
    answer = line.getresponse()
    answer.read()
    where = answer.getheader("Location") or ""
    return "booked" if answer.status == 303 and "/bookings/" in where else f"{answer.status} refused"


def prove() -> list[str]:
    """What is wrong now with the ledger and the counters; empty if nothing is."""
    from chenyue.volunteering import proving, proving_contracts  # noqa: F401 – its checks
    from chenyue.volunteering.models import Slot

    found = [f"{fault.check}: {fault.sentence}" for fault in proving.faults()]
    found += [f"slot {row.pk} is oversold" for row in Slot.objects.all() if row.taken > row.capacity]
    return found


def say(result: dict[str, Any]) -> int:
    """Write the result and the verdict."""
    result["at"] = f"{datetime.now(UTC):%Y-%m-%d}"
    name = f"bookings-{result['database']}.json"
    (ROOT / "bench" / "results" / name).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))
    good = not result["faults"]
    for part in (result[name] for name in ("function", "http") if name in result):
        good &= part["outcomes"].get("booked", 0) <= part["places"] and not part["errors"]
        good &= not part["without_sentence"]
    print("kept" if good else "NOT KEPT")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
