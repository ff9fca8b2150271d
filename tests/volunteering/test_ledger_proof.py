"""The proof finds what was tampered with, whatever it was; and the database refuses what it can."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from chenyue.volunteering import crediting, proving, sealing, triggers
from chenyue.volunteering.models import Lot, Posting
from volunteering.stage import BEGAN, Stage, add_rule, moment


def lived(cast: Any) -> Stage:
    """A ledger with something of everything."""
    stage = Stage(cast)
    stage.rule = add_rule(expiry="year_end")
    someone, other = stage.rich(500), stage.rich(200)
    hold = {"by": stage.li, "at": BEGAN}
    spent = crediting.hold(someone.resident, 150, key="h1", reference="booking:B1", **hold)
    crediting.burn(spent, 100, by=stage.li, at=moment(1))
    back = crediting.hold(someone.resident, 150, key="h2", reference="booking:B2", **hold)
    crediting.release(back, by=stage.li, at=moment(61), fault=True, reason="停诊")
    crediting.hold(someone.resident, 40, key="h3", reference="booking:B3", **hold)
    crediting.donate(other.resident, 50, key="d", by=stage.li, at=BEGAN)
    crediting.grant(other.resident, 10, key="g", by=stage.li, second=cast.zhao, at=BEGAN, reason="慰问")
    entry = stage.hours(other, 60)
    crediting.earn(entry, BEGAN)
    frozen = crediting.freeze(entry, key="f", by=stage.zhao, at=BEGAN)
    assert frozen
    crediting.thaw(frozen, by=stage.zhao, at=moment(1))
    stage.counter(entry)
    crediting.reverse_earning(entry, by=stage.zhao, at=moment(2), reason="记错了")
    crediting.expire(date(2027, 1, 1), moment(62))
    return stage


def tamper(sql: str, *values: Any) -> None:
    """What somebody with the database's own password could do."""
    triggers.remove(connection, follow=False)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON" if connection.vendor == "sqlite" else "SELECT 1")
        cursor.execute(sql, values)
        cursor.execute("PRAGMA ignore_check_constraints = OFF" if connection.vendor == "sqlite" else "SELECT 1")
    triggers.remove(connection)
    triggers.install(connection)


def found() -> set[str]:
    """The checks that find something."""
    return {fault.check for fault in proving.faults()}


def test_a_ledger_that_lived_is_proved_and_sealed(cast: Any) -> None:
    lived(cast)
    assert sealing.seal(moment(63)) == Posting.objects.count()
    assert sealing.seal(moment(63)) == 0
    said = StringIO()
    call_command("prove_ledger", stdout=said)
    assert "seals: ok" in said.getvalue()


H, E = "volunteering_holding", "volunteering_hourentry"
CHANGES: list[tuple[str, str]] = [
    ("holdings", f"UPDATE {H} SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM {H} WHERE amount > 0)"),
    ("seals", "UPDATE volunteering_posting SET reason = 'x' WHERE kind = 'grant'"),
    ("origins", "UPDATE volunteering_conversionrule SET per_hour = 300"),
    ("origins", "UPDATE volunteering_lot SET minutes = minutes + 1 WHERE entry_id IS NOT NULL"),
    ("two persons", "UPDATE volunteering_posting SET by = 'member:' || second_id WHERE second_id IS NOT NULL"),
    ("hours", f"UPDATE {E} SET minutes = 30 WHERE id IN (SELECT reverses_id FROM {E} WHERE reverses_id IS NOT NULL)"),
    ("ends", "UPDATE volunteering_posting SET reverses_id = NULL WHERE kind = 'burn'"),
    ("ways", "UPDATE volunteering_posting SET kind = 'hold' WHERE kind = 'expire'"),
]


def test_what_was_changed_past_the_guards_is_found(cast: Any) -> None:
    """One ledger for all: each change is taken back before the next."""
    stage = lived(cast)
    stage.earned(stage.volunteer(), 60)
    sealing.seal(moment(63))
    assert found() == set()
    for check, sql in CHANGES:
        with transaction.atomic():
            tamper(sql)
            assert list(proving.faults(check)), sql
            transaction.set_rollback(True)
    last = Posting.objects.latest("pk")
    tamper("DELETE FROM volunteering_move WHERE posting_id = %s", last.pk)
    tamper("DELETE FROM volunteering_posting WHERE id = %s", last.pk)
    assert {"seals", "holdings", "origins"} <= found()
    with pytest.raises(CommandError):
        call_command("prove_ledger", stdout=StringIO(), stderr=StringIO())


def test_a_missing_trigger_is_found(cast: Any) -> None:
    triggers.remove(connection, follow=False)
    assert found() == {"guards"}


@pytest.mark.parametrize("table", triggers.FROZEN)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_history(cast: Any, table: str, act: str) -> None:
    stage = Stage(cast)
    stage.rich(100)
    sealing.seal(BEGAN)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_a_crash_at_any_statement_leaves_nothing_half_posted(cast: Any) -> None:
    """Each statement of a hold and of what ends it fails once; then nothing of it is there."""
    stage = Stage(cast)
    someone = stage.rich(300)
    held = crediting.hold(someone.resident, 100, key="first", reference="booking:B1", by=stage.li, at=BEGAN)
    before = shape()
    acts: list[Callable[[], Any]] = [
        lambda: crediting.hold(someone.resident, 120, key="k", reference="booking:B2", by=stage.li, at=BEGAN),
        lambda: crediting.burn(held, 40, by=stage.li, at=moment(1)),
        lambda: crediting.donate(someone.resident, 10, key="d", by=stage.li, at=BEGAN),
        lambda: crediting.grant(someone.resident, 10, key="g", by=stage.li, second=None, at=BEGAN, reason="慰问"),
    ]
    for act in acts:
        crashed = 0
        while crash_at(crashed, act):
            assert shape() == before
            crashed += 1
        assert crashed > 4
        before = shape()
    assert Lot.objects.count() == 2
    assert list(proving.faults("holdings")) == []


class Crash(BaseException):
    """The machine stops."""


def crash_at(number: int, act: Callable[[], Any]) -> bool:
    """Let statement `number` of an act fail; whether the act had so many."""
    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return execute(sql, params, many, context)
        result = execute(sql, params, many, context)
        seen += 1
        if seen > number:
            raise Crash
        return result

    try:
        with connection.execute_wrapper(count), transaction.atomic():
            act()
    except Crash:
        return True
    return False


def shape() -> list[Any]:
    """Everything there is of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, lot_id, amount FROM volunteering_holding WHERE amount <> 0 ORDER BY 1, 2")
        held = cursor.fetchall()
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM volunteering_posting), (SELECT COUNT(*) FROM volunteering_move), "
            "(SELECT COUNT(*) FROM volunteering_lot), (SELECT COUNT(*) FROM timeline_entry)"
        )
        return [held, cursor.fetchall()]
