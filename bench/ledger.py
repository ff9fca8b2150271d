"""`make bench ARGS=--ledger`: a million postings; balance and bank book, a hold with its end, the proof of it all.

On SQLite in build/bench-ledger, or in the (empty) database that DATABASE_URL names; filled once (`--postings 100000`
for less). Moves are inserted as the product inserts them: triggers keep the holdings. Results go to
bench/results/ledger-<database>.json.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
PEOPLE, HEAVY, CHUNK = 20_000, 5000, 20_000
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
BUDGETS = {"balance_p95_ms": 50, "statement_p95_ms": 50, "proof_s": 60}


def main() -> int:
    """Fill, measure, write, say whether the budgets are kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postings", type=int, default=1_000_000)
    wanted = options.parse_known_args()[0].postings
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ.setdefault("CHENYUE_HOME", str(ROOT / "build" / f"bench-ledger-{wanted}"))
    os.environ.setdefault("CHENYUE_LOG_LEVEL", "ERROR")
    os.environ.pop("CHENYUE_DEMO", None)
    Path(os.environ["CHENYUE_HOME"]).mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    result: dict[str, Any] = {"database": connection.vendor, "machine": f"{os.cpu_count()} cores"}
    result["filled_s"] = fill(wanted)
    result |= {"load": round(os.getloadavg()[0], 1)} | measured()
    lost = [name for name, most in BUDGETS.items() if result[name] > most]
    if result["faults"]:
        lost.append("faults")
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"ledger-{connection.vendor}.json"
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, value in result.items():
        print(f"{name:24} {value}{'   LOST' if name in lost else ''}")
    return 1 if lost else 0


class Filler:
    """Writes rows as the product's verbs would: hours and lots, holds, what ends them, donations."""

    def __init__(self, people: list[int]) -> None:
        from bench.bulk import Table
        from chenyue.volunteering import accounts
        from chenyue.volunteering.models import Claim, ConversionRule, HourEntry, Lot, Move, Posting, Volunteer

        self.dice = random.Random(8)
        self.people = people
        self.rule = ConversionRule.objects.create(
            version=1, starts_on=date(2020, 1, 1), per_hour=100, grades=["A"], made_at=BEGAN, approved_at=BEGAN
        )
        kinds = ("issuance", "burnt", "pool")
        self.office = {kind: accounts.office(kind, BEGAN).pk for kind in kinds}
        self.purses = {
            pk: tuple(accounts.account(kind, pk, BEGAN).pk for kind in ("person", "held")) for pk in people[:1]
        }
        self._purses(people)
        self.tables = [Table(model) for model in (Claim, HourEntry, Lot, Posting, Move)]
        self.claims, self.entries, self.lots, self.postings, self.moves = self.tables
        self.volunteers = dict(Volunteer.objects.values_list("resident", "pk"))
        self.free: dict[int, deque[tuple[int, int]]] = {pk: deque() for pk in people}
        self.held: deque[tuple[int, int, list[tuple[int, int]]]] = deque()
        self.hours = self.posted = self.moved = 0

    def _purses(self, people: list[int]) -> None:
        from bench.bulk import Table
        from chenyue.volunteering.models import Account, Volunteer

        accounts, volunteers = Table(Account), Table(Volunteer)
        first = max(pk for purse in [*self.purses.values(), tuple(self.office.values())] for pk in purse) + 2
        for n, pk in enumerate(people[1:]):
            at = first + 3 * n
            for offset, kind in enumerate(("person", "held", "frozen")):
                accounts.add(id=at + offset, kind=kind, resident_id=pk, issues=False, opened_at=BEGAN)
            self.purses[pk] = (at, at + 1)
        for n, pk in enumerate(people):
            volunteers.add(id=n + 1, number=f"V{n + 1:06d}", resident_id=pk, state="active", joined_at=BEGAN)
        accounts.flush()
        volunteers.flush()

    def one(self) -> None:
        """One more posting: of ten, about six earn, two hold, two end a hold; now and then somebody donates."""
        roll, heavy = self.dice.random(), self.dice.random() < HEAVY / 1_000_000
        who = self.people[0] if heavy else self.dice.choice(self.people)
        if roll < 0.57 or not self.free[who]:
            self.earn(who)
        elif roll < 0.79:
            self.hold(who)
        elif roll < 0.99 and self.held:
            self.end()
        else:
            self.posting("donate", "", [(*self.free[who].popleft(), self.purses[who][0], self.office["pool"])])

    def earn(self, who: int) -> None:
        """An hour entry, its claim, its lot."""
        self.hours += 1
        pk, minutes = self.hours, self.dice.choice((60, 90, 120, 180))
        at = BEGAN + timedelta(minutes=2 * pk)
        volunteer = self.volunteers[who]
        self.claims.add(
            id=pk, volunteer_id=volunteer, grade="A", state="approved", starts_at=at, ends_at=at + timedelta(hours=3),
            minutes=minutes, key=f"bench:{pk}", recorded_at=at,
        )  # fmt: skip
        day = at.date()
        self.entries.add(id=pk, volunteer_id=volunteer, claim_id=pk, grade="A", minutes=minutes, served_on=day, at=at)
        amount = minutes * 100 // 60
        self.lots.add(
            id=pk, rule_id=self.rule.pk, entry_id=pk, resident_id=who, earned_on=day, amount=amount, minutes=minutes,
            expires_on=date(day.year + 8, 12, 31),
        )  # fmt: skip
        moves = [(pk, amount, self.office["issuance"], self.purses[who][0])]
        self.posting("earn", f"hours:{pk}", moves, key=f"earn:hours:{pk}", rule_id=self.rule.pk)
        self.free[who].append((pk, amount))

    def hold(self, who: int) -> None:
        """Up to two lots, oldest first."""
        taken = [self.free[who].popleft() for _ in range(min(2, len(self.free[who])))]
        person, held = self.purses[who]
        self.posting("hold", f"booking:B{self.posted}", [(*part, person, held) for part in taken])
        self.held.append((self.posted, who, taken))

    def end(self) -> None:
        """The oldest hold is spent, or (one in ten) given back."""
        pk, who, taken = self.held.popleft()
        person, held = self.purses[who]
        back = self.dice.random() < 0.1
        target = person if back else self.office["burnt"]
        kind = "release" if back else "burn"
        self.posting(kind, f"booking:B{pk - 1}", [(*part, held, target) for part in taken], reverses_id=pk)
        if back:
            self.free[who].extend(taken)

    def posting(self, kind: str, reference: str, moves: list[tuple[int, int, int, int]], **more: Any) -> None:
        self.posted += 1
        at = BEGAN + timedelta(minutes=self.posted)
        key = more.pop("key", f"{kind}:{self.posted}")
        self.postings.add(id=self.posted, kind=kind, key=key, at=at, by="system:system", reference=reference, **more)
        for lot, amount, source, target in moves:
            self.moved += 1
            self.moves.add(
                id=self.moved, posting_id=self.posted, lot_id=lot, source_id=source, target_id=target, amount=amount
            )

    def flush(self) -> None:
        """Insert what was collected, in one transaction."""
        from django.db import transaction

        with transaction.atomic():
            for table in self.tables:
                table.flush()


def fill(wanted: int) -> float:
    """So many postings, unless an earlier run made them; seconds."""
    from bench.bulk import Table
    from chenyue.people.models import Resident
    from chenyue.volunteering.models import Posting

    if Posting.objects.exists():
        return 0.0
    began, residents = time.monotonic(), Table(Resident)
    for pk in range(1, PEOPLE + 1):
        residents.add(id=pk, created_at=BEGAN)
    residents.flush()
    filler = Filler(list(range(1, PEOPLE + 1)))
    while filler.posted < wanted:
        for _ in range(min(CHUNK, wanted - filler.posted)):
            filler.one()
        filler.flush()
    _numbers_go_on()
    return round(time.monotonic() - began, 1)


def _numbers_go_on() -> None:
    """PostgreSQL counts its own numbers; rows with numbers of ours came past them."""
    from django.core.management.color import no_style
    from django.db import connection

    from chenyue.people.models import Resident
    from chenyue.volunteering import models

    used = [Resident, *(getattr(models, name) for name in models.__all__)]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), used):
            cursor.execute(sql)
        cursor.execute("ANALYZE")


def measured() -> dict[str, Any]:
    """Times of what people ask for, and of the proof."""
    from chenyue.volunteering import proving, sealing
    from chenyue.volunteering.models import Posting

    dice = random.Random(9)
    people = [dice.randint(1, PEOPLE) for _ in range(1000)]
    found: dict[str, Any] = {"postings": Posting.objects.count()}
    found |= _reading(people) | _p95("hold_and_end_p95", _spending(people[:300]))
    began = time.monotonic()
    sealing.seal(datetime.now(UTC))
    found["seal_s"], checks, wrong = round(time.monotonic() - began, 1), {}, 0
    whole, cpu = time.monotonic(), time.process_time()
    for name in proving.names():
        began = time.monotonic()
        wrong += len(list(proving.faults(name)))
        checks[name] = round(time.monotonic() - began, 1)
    return found | {
        "proof_s": round(time.monotonic() - whole, 1),
        "proof_cpu_s": round(time.process_time() - cpu, 1),
        "checks_s": checks,
        "faults": wrong,
    }


def _reading(people: list[int]) -> dict[str, Any]:
    from chenyue.people.models import Resident
    from chenyue.volunteering.accounts import balance
    from chenyue.volunteering.models import Move
    from chenyue.volunteering.statement import statement

    day, heavy = date(2023, 1, 1), Resident(pk=1)
    rows = [Resident(pk=pk) for pk in people]
    deep = statement(heavy, size=1000, on=day).next
    found: dict[str, Any] = {"heavy_moves": Move.objects.filter(target__resident=1).count()}
    found |= _p95("balance_p95", [_ms(lambda row=row: balance(row, day)) for row in rows])
    found |= _p95("statement_p95", [_ms(lambda row=row: statement(row, on=day)) for row in rows])
    found |= _p95("heavy_balance", [_ms(lambda: balance(heavy, day)) for _ in range(50)])
    found |= _p95("heavy_statement", [_ms(lambda: statement(heavy, on=day)) for _ in range(50)])
    return found | _p95("heavy_deep_page", [_ms(lambda: statement(heavy, before=deep, on=day)) for _ in range(50)])


def _spending(people: list[int]) -> list[tuple[float, float]]:
    """A hold and its release, committed, of people who have enough."""
    from chenyue.core.actors import SYSTEM
    from chenyue.volunteering import crediting
    from chenyue.volunteering.accounts import balance

    at, times = datetime(2023, 1, 1, 4, 0, tzinfo=UTC), []

    def act(pk: int, key: str) -> None:
        held = crediting.hold(pk, 50, key=key, reference="booking:bench", by=SYSTEM, at=at)
        crediting.release(held, by=SYSTEM, at=at)

    for pk in people:
        if balance(pk, at.date()).free >= 50:
            times.append(_ms(lambda pk=pk: act(pk, f"bench:{time.monotonic_ns()}")))
    return times


def _ms(act: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the wall and of the processor: on a busy machine only the second says much."""
    began, cpu = time.perf_counter(), time.thread_time()
    act()
    return (time.perf_counter() - began) * 1000, (time.thread_time() - cpu) * 1000


def _p95(name: str, times: list[tuple[float, float]]) -> dict[str, float]:
    at = int(len(times) * 0.95)
    wall, cpu = (round(sorted(column)[at], 2) for column in zip(*times, strict=True))
    return {f"{name}_ms": wall, f"{name}_cpu_ms": cpu}
