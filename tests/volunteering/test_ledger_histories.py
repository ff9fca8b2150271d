"""Random histories: whatever people do with credits, in whatever order, the ledger stays right at every step."""

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chenyue.core.errors import Refusal
from chenyue.volunteering import crediting, proving, sealing
from chenyue.volunteering.accounts import balance, totals
from chenyue.volunteering.models import Account, FamilyTie, Holding, HourEntry, Move, Posting
from volunteering.stage import BEGAN, Stage, acts_for, add_rule, moment

EXAMPLES = int(os.environ.get("CHENYUE_HISTORIES", "4"))  # more by hand
STEPS = 20
WHO = st.integers(0, 2)
AMOUNT = st.integers(1, 260)
ANY = st.integers(0, 10**6)


def tried(act: Callable[[], Any]) -> str:
    """Why an act was refused; nothing if it wasn't. What is refused leaves nothing behind."""
    try:
        with transaction.atomic():
            act()
    except Refusal as refusal:
        return refusal.code
    return ""


class Histories(RuleBasedStateMachine):
    """Three people of one family; time goes on by some days with each step."""

    cast: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.outside = transaction.atomic()
        self.outside.__enter__()
        self.stage = Stage(self.cast)
        self.stage.rule = add_rule(
            expiry="years", expiry_years=1, day_minutes=180, balance_cap=1500, grace_days=20, starts_on=date(2020, 1, 1)
        )
        self.people = [self.stage.volunteer() for _ in range(3)]
        for giver in self.people:
            for receiver in self.people:
                if giver != receiver:
                    given = {"giver": giver.resident, "receiver": receiver.resident, "kin": "parent"}
                    agreed = dict.fromkeys(["made_at", "giver_at", "receiver_at", "approved_at"], BEGAN)
                    FamilyTie.objects.create(**given, **agreed)
        self.days, self.number = 0, 0
        self.hours: dict[int, int] = defaultdict(int)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outside.__exit__(None, None, None)

    @property
    def at(self) -> Any:
        return moment(self.days)

    def key(self) -> str:
        self.number += 1
        return f"k{self.number}"

    def free(self, who: int) -> int:
        return balance(self.people[who].resident_id, self.at.date()).free

    @rule(who=WHO, minutes=st.integers(1, 240), ago=st.integers(0, 400))
    def earn(self, who: int, minutes: int, ago: int) -> None:
        before = balance(self.people[who].resident_id, self.at.date()).all
        day = self.at.date() - timedelta(days=ago)
        entry = self.stage.hours(self.people[who], minutes, served_on=day)
        self.hours[who] += minutes
        posting = crediting.earn(entry, self.at)
        assert crediting.earn(entry, self.at) == posting or posting is None
        came = balance(self.people[who].resident_id, self.at.date()).all - before
        assert 0 <= came <= minutes * 100 // 60

    @rule(who=WHO, amount=AMOUNT)
    def hold(self, who: int, amount: int) -> None:
        free, key = self.free(who), self.key()
        asked: dict[str, Any] = {"key": key, "reference": f"booking:{key}", "by": self.stage.li, "at": self.at}
        refused = tried(lambda: crediting.hold(self.people[who].resident, amount, **asked))
        assert (refused == "short") == (amount > free)
        assert self.free(who) == (free if refused else free - amount)

    @rule(pick=ANY, way=st.sampled_from(["release", "fault", "burn", "part"]))
    def end(self, pick: int, way: str) -> None:
        held = list(Posting.objects.filter(kind="hold", reversed_by=None).order_by("pk"))
        if not held:
            return
        chosen = held[pick % len(held)]
        whole = sum(chosen.moves.values_list("amount", flat=True))
        if way in ("release", "fault"):
            crediting.release(chosen, by=self.stage.li, at=self.at, fault=way == "fault")
            return
        amount = whole if way == "burn" else pick % (whole + 1)
        crediting.burn(chosen, amount, by=self.stage.li, at=self.at)

    @rule(who=WHO, to=WHO, amount=AMOUNT)
    def transfer(self, who: int, to: int, amount: int) -> None:
        free, giver, receiver = self.free(who), self.people[who].resident, self.people[to].resident
        if who == to:
            return
        given: dict[str, Any] = {"key": self.key(), "by": acts_for(giver), "at": self.at}
        refused = tried(lambda: crediting.transfer(giver, receiver, amount, **given))
        assert refused in ("", "short", "receiver_full")
        assert (amount <= free) if not refused else (refused == "receiver_full" or amount > free)

    @rule(who=WHO, amount=AMOUNT)
    def donate(self, who: int, amount: int) -> None:
        free, giver = self.free(who), self.people[who].resident
        given: dict[str, Any] = {"key": self.key(), "by": acts_for(giver), "at": self.at}
        assert tried(lambda: crediting.donate(giver, amount, **given)) == ("short" if amount > free else "")

    @rule(who=WHO, amount=AMOUNT, pool=st.booleans())
    def grant(self, who: int, amount: int, pool: bool) -> None:
        given: dict[str, Any] = {"by": self.stage.li, "second": self.cast.zhao, "at": self.at, "reason": "慰问"}
        given |= {"key": self.key(), "from_pool": pool}
        refused = tried(lambda: crediting.grant(self.people[who].resident, amount, **given))
        assert refused in ("", "pool_short")

    @rule(pick=ANY)
    def freeze_or_thaw(self, pick: int) -> None:
        frozen = list(Posting.objects.filter(kind="freeze", reversed_by=None).order_by("pk"))
        if frozen and pick % 2:
            crediting.thaw(frozen[pick % len(frozen)], by=self.stage.zhao, at=self.at, fault=pick % 3 == 0)
            return
        entry = self.some_entry(pick)
        if entry is not None:
            crediting.freeze(entry, key=self.key(), by=self.stage.zhao, at=self.at)

    @rule(pick=ANY, part=st.booleans())
    def void(self, pick: int, part: bool) -> None:
        entry = self.some_entry(pick)
        if entry is None or HourEntry.objects.filter(reverses=entry).exists():
            return
        minutes = 1 + pick % entry.minutes if part else entry.minutes
        self.stage.counter(entry, minutes)
        self.hours[self.people.index(entry.volunteer)] -= minutes
        again = {"by": self.stage.zhao, "at": self.at, "reason": "记错了", "minutes": minutes}
        crediting.reverse_earning(entry, **again)
        crediting.reverse_earning(entry, **again)

    def some_entry(self, pick: int) -> HourEntry | None:
        entries = list(HourEntry.objects.filter(reverses=None, volunteer__in=self.people).order_by("pk"))
        return entries[pick % len(entries)] if entries else None

    @rule(days=st.integers(1, 120))
    def time_goes_on(self, days: int) -> None:
        self.days += days

    @rule()
    def expire(self) -> None:
        held = totals()["held"]
        crediting.expire(self.at.date(), self.at)
        assert totals()["held"] == held
        assert crediting.expire(self.at.date(), self.at) == 0

    @rule(pick=ANY)
    def a_key_again(self, pick: int) -> None:
        """Whatever was posted under a key isn't posted again, and no other thing is."""
        rows = list(Posting.objects.filter(kind="hold").order_by("pk"))
        if not rows:
            return
        row = rows[pick % len(rows)]
        amount = sum(row.moves.values_list("amount", flat=True))
        giver = row.moves.order_by("pk")[0].source.resident_id
        asked: dict[str, Any] = {"key": row.key, "reference": row.reference, "by": self.stage.li, "at": self.at}
        assert crediting.hold(giver, amount, **asked) == row
        assert tried(lambda: crediting.hold(giver, amount + 1, **asked)) == "conflict"

    @invariant()
    def replay_equals_balances(self) -> None:
        counted: dict[tuple[int, int], int] = defaultdict(int)
        for lot, source, target, amount in Move.objects.values_list("lot", "source", "target", "amount"):
            counted[source, lot] -= amount
            counted[target, lot] += amount
        held = {
            (account, lot): amount for account, lot, amount in Holding.objects.values_list("account", "lot", "amount")
        }
        assert {k: v for k, v in counted.items() if v} == {k: v for k, v in held.items() if v}
        issuance = Account.objects.filter(kind="issuance").values_list("pk", flat=True).first()
        assert all(amount >= 0 for (account, _lot), amount in held.items() if account != issuance)
        assert sum(held.values()) == 0

    @invariant()
    def hours_are_a_fact(self) -> None:
        for number, volunteer in enumerate(self.people):
            assert crediting.served(volunteer.resident_id) == self.hours[number]

    @invariant()
    def now_and_then_everything_is_proved(self) -> None:
        self.number += 1
        if self.number % 10 == 0:
            sealing.seal(self.at)
            assert [fault for name in proving.names() if name != "guards" for fault in proving.faults(name)] == []


def test_random_histories_keep_every_invariant(cast: Any) -> None:
    Histories.cast = cast
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True)
    )
