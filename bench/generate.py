"""A database of so many cases, made of rows like the real ones: `python bench/generate.py --cases 100000`.

Cases end as most do (closed and rated), about one in a hundred is open, some have a long history.
Timelines are hash-chained, words are searchable, contact data is encrypted: what is measured later
is what an office would have after years.
"""

import argparse
import hashlib
import os
import random
import sys
import time
import tomllib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chenyue.config.settings")

BATCH = 10_000
LONG_HISTORY = 2000  # one case in so many has a timeline of 50 entries and more
VERBS = [
    ("case.received", "resident"),
    ("case.triaged", "office"),
    ("case.dispatched", "resident"),
    ("case.accepted", "resident"),
    ("case.answered", "resident"),
    ("case.closed", "resident"),
]
OPEN_STATES = ["received", "assigned", "handling", "waiting"]


def hash_of(subject: str, position: int, verb: str, at: datetime, visible: str, previous: str) -> str:
    """`timeline.hashing.entry_hash` of an act of the system without data, five times as fast (a test compares)."""
    moment = at.isoformat(timespec="microseconds")
    said = f'["{subject}",{position},"{verb}","system","system","","{moment}",{{}},"{visible}","{previous}"]'
    return hashlib.sha256(said.encode()).hexdigest()


def receipt_of(appeal: int) -> str:
    """A code as residents get it; here it follows from the appeal's id."""
    from chenyue.core.ids import READABLE, read_receipt

    digits = []
    for _place in range(12):
        appeal, digit = divmod(appeal, len(READABLE))
        digits.append(READABLE[digit])
    return read_receipt("".join(reversed(digits)))


@lru_cache(maxsize=100_000)
def tokens_of(part: str) -> list[str]:
    """The search tokens of one sentence, which many cases share."""
    from chenyue.core.text import tokens

    return tokens(part)


class Generator:
    """Keeps the ids and the dice; `batch` writes the next so many cases."""

    def __init__(self, total: int, seed: int = 7) -> None:
        from bench.bulk import Table
        from chenyue.cases.models import Appeal, Assignment, Case
        from chenyue.catalogue.queries import catalogue
        from chenyue.followup.models import Callback, Rating
        from chenyue.people.models import Resident
        from chenyue.places.models import Place
        from chenyue.timeline.models import Chain, Entry

        self.dice = random.Random(seed)
        self.total = total
        self.end = datetime.now(UTC).replace(microsecond=0)
        self.start = self.end - timedelta(days=3650)
        self.matters = tomllib.loads((ROOT / "src/chenyue/demo/data/matters.toml").read_text("utf-8"))["matter"]
        self.catalogue = catalogue()
        self.leaves = {c.code: c for c in self.catalogue.leaves()}
        self.matters = [m for m in self.matters if m["code"] in self.leaves]
        self.places = list(Place.objects.filter(kind="building"))
        self.sentences = [w for m in self.matters for w in m["words"]]
        self.models = (Resident, Case, Appeal, Assignment, Entry, Callback, Rating)
        self.tables = {m.__name__: Table(m) for m in (*self.models, Chain)}
        self.search: list[list[Any]] = []
        last_entry = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()  # of the seeded office
        self.id = dict.fromkeys(("case", "appeal", "assignment"), 0) | {"entry": last_entry or 0}
        self.day, self.in_day = "", 0
        self.next_resident = 0

    def run(self) -> None:
        began = time.monotonic()
        for first in range(0, self.total, BATCH):
            self.batch(min(BATCH, self.total - first))
            done = first + BATCH
            print(
                f"\r{min(done, self.total):>9,} of {self.total:,} cases, {time.monotonic() - began:.0f} s",
                end="",
                flush=True,
            )
        print()

    def count_on(self) -> None:
        """The numbers of the last day go on where they ended."""
        from chenyue.core.models import Counter

        for kind in ("case", "appeal"):
            Counter.objects.update_or_create(name=f"{kind}:{self.day}", defaults={"value": self.in_day})

    def batch(self, count: int) -> None:
        from django.db import transaction

        for _ in range(count):
            self.case()
        with transaction.atomic():
            for table in self.tables.values():
                table.flush()
            self.flush_search()

    def flush_search(self) -> None:
        from django.db import connection

        from bench.bulk import insert

        key = "case_id" if connection.vendor == "postgresql" else "rowid"
        insert("cases_search", f"{key}, tokens", self.search)
        self.search = []

    def case(self) -> None:
        dice = self.dice
        self.id["case"] += 1
        number_of = self.id["case"]
        at = self.start + (self.end - self.start) * (number_of / self.total)
        still_open = number_of > self.total * 0.9 and dice.random() < 0.1
        state = dice.choice(OPEN_STATES) if still_open else "closed"
        matter = dice.choices(self.matters, [m["weight"] for m in self.matters])[0]
        category = self.leaves[matter["code"]]
        place = dice.choice(self.places)
        said = [dice.choice(matter["words"]), *dice.sample(self.sentences, dice.choice((1, 2, 4, 5, 9)))]
        said = [sentence.replace("{p}", place.full_name) for sentence in said]
        words = "".join(said)
        title = words[:28]
        number = self.number(at)
        lead = self.lead(category, place)
        case = self.case_row(number_of, number, state, category, place, lead, at, title)
        self.appeal_row(case, number, words, place, at)
        if state != "received":
            self.assignment_row(case, lead, at, state)
        self.entries(case, state, at)
        if state == "closed":
            self.rating(case, at)
        # Sentences end in a mark, so the tokens of the whole are those of its parts.
        found = [t for part in (f"{number}\n{title}\n{place.full_name}", *said) for t in tokens_of(part)]
        self.search.append([number_of, self.searchable(found)])

    @staticmethod
    def searchable(found: list[str]) -> str:
        from django.db import connection

        from chenyue.cases.search import vector

        return vector(found) if connection.vendor == "postgresql" else " ".join(found)

    def number(self, at: datetime) -> str:
        day = (at + timedelta(hours=8)).strftime("%Y-%m%d")
        self.in_day = self.in_day + 1 if day == self.day else 1
        self.day = day
        return f"{day}-{self.in_day:04d}"

    def lead(self, category: Any, place: Any) -> int:
        unit = self.catalogue.unit_by_code[category.lead_code]
        if unit.code == "community":
            return self.catalogue.committee_of.get(place.community_id, self.catalogue.unit_by_code["centre"].id)
        if unit.code == "property":
            firm = self.catalogue.firm_of.get(place.estate_id)
            return firm or self.catalogue.committee_of.get(place.community_id, self.catalogue.unit_by_code["centre"].id)
        return unit.id

    def case_row(
        self, pk: int, number: str, state: str, category: Any, place: Any, lead: int, at: datetime, title: str
    ) -> SimpleNamespace:
        given, ended = state != "received", state == "closed"
        due = at + timedelta(days=self.dice.choice((1, 3, 5, 10)))
        answered = at + timedelta(hours=self.dice.uniform(2, 150)) if ended else None
        self.tables["Case"].add(
            id=pk, number=number, title=title, category_id=category.id, place_id=place.pk, room="",
            community_id=place.community_id, estate_id=place.estate_id, building_id=place.pk,
            urgency=category.urgency, handling=category.handling or "direct", state=state, round=1,
            sensitivity="normal", channel=self.dice.choice(("web", "phone", "reception", "steward", "hotline")),
            lead_id=lead if given else None, result="resolved" if ended else "", received_at=at,
            triaged_at=at + timedelta(minutes=9) if given else None,
            dispatched_at=at + timedelta(minutes=10) if given else None,
            accept_by="4wh", contact_by="1wd", resolve_by="5wd", clock_started_at=at,
            accept_due_at=at + timedelta(hours=4), contact_due_at=at + timedelta(days=1), resolve_due_at=due,
            accepted_at=at + timedelta(hours=1) if given else None,
            contacted_at=at + timedelta(hours=3) if given else None, answered_at=answered,
            closed_at=answered + timedelta(days=2) if answered else None, touched_at=at,
        )  # fmt: skip
        return SimpleNamespace(pk=pk, number=number, lead=lead, answered=answered)

    def appeal_row(self, case: SimpleNamespace, number: str, words: str, place: Any, at: datetime) -> None:
        from chenyue.core import crypto

        self.id["appeal"] += 1
        if self.next_resident == 0 or self.dice.random() < 0.4:
            self.next_resident += 1
            phone = f"199{self.next_resident:08d}"
            self.tables["Resident"].add(
                id=self.next_resident, name=f"住户{self.next_resident}", phone=phone,
                name_index=crypto.blind_index(f"住户{self.next_resident}", "name"),
                phone_index=crypto.blind_index(phone, "phone"), created_at=at,
            )  # fmt: skip
        self.tables["Appeal"].add(
            id=self.id["appeal"], number=f"A{number}", case_id=case.pk, first_case_id=case.pk, channel="web",
            reporter_id=self.dice.randint(1, self.next_resident), title="", words=words, place_id=place.pk,
            receipt=receipt_of(self.id["appeal"]), received_at=at, filed_at=at,
        )  # fmt: skip

    def assignment_row(self, case: SimpleNamespace, unit: int, at: datetime, state: str) -> None:
        self.id["assignment"] += 1
        self.tables["Assignment"].add(
            id=self.id["assignment"], case_id=case.pk, unit_id=unit, role="lead",
            state={"closed": "done", "assigned": "sent"}.get(state, "accepted"), active=True,
            sent_at=at + timedelta(minutes=10), accepted_at=at + timedelta(hours=1), ended_at=case.answered,
        )  # fmt: skip

    def entries(self, case: SimpleNamespace, state: str, at: datetime) -> None:
        verbs = VERBS if state == "closed" else VERBS[: 1 + OPEN_STATES.index(state)]
        verbs = [*verbs, *[("case.reminded", "unit")] * (50 if case.pk % LONG_HISTORY == 0 else 0)]
        subject, head = f"case:{case.number}", ""
        add = self.tables["Entry"].add
        for position, (verb, visible) in enumerate(verbs, 1):
            self.id["entry"] += 1
            moment = at + timedelta(hours=position)
            previous, head = head, hash_of(subject, position, verb, moment, visible, head)
            add(
                id=self.id["entry"], subject=subject, position=position, verb=verb, actor_kind="system",
                actor_key="system", at=moment, visible_to=visible, previous=previous, hash=head,
            )  # fmt: skip
        self.tables["Chain"].add(subject=subject, length=len(verbs), head=head)

    def rating(self, case: SimpleNamespace, at: datetime) -> None:
        grade = self.dice.choices(("satisfied", "basically", "dissatisfied"), (80, 12, 8))[0]
        ended = case.answered + timedelta(days=1)
        self.tables["Callback"].add(
            id=case.pk, case_id=case.pk, appeal_id=self.id["appeal"], round=1, state="rated",
            token=f"bench-{case.pk}", expires_at=ended, created_at=case.answered, ended_at=ended,
        )  # fmt: skip
        self.tables["Rating"].add(
            id=case.pk, callback_id=case.pk, case_id=case.pk, grade=grade, solved=grade != "dissatisfied", at=ended
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000)
    wanted = options.parse_args()

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    import cast
    from bench.bulk import hurry, settle_sequences
    from chenyue.timeline import triggers

    call_command("migrate", verbosity=0)
    from chenyue.cases.models import Case

    if Case.objects.exists():
        sys.exit("This database has cases already; choose an empty CHENYUE_HOME or DATABASE_URL.")
    cast.seed()
    # The heads are written whole: moving them entry by entry would double the time.
    triggers.remove(connection)
    hurry()
    generator = Generator(wanted.cases)
    generator.run()
    generator.count_on()
    triggers.install(connection)
    settle_sequences(generator.models)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
