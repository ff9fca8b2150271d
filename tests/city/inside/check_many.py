"""Making, migrating, counting and sharding many offices."""

import os
import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from chenyue.city import counting, making, migrating, register, sharding
from chenyue.city.models import Office
from chenyue.core.errors import Refusal
from chenyue.core.whose import within
from chenyue.followup.models import RateDefinition
from chenyue.insight.models import DayCount
from house.test_doors import names

NOVEMBER = date(2026, 11, 1)


def test_migrations_of_the_register_are_in_step(db: None) -> None:
    call_command("makemigrations", "city", check=True, dry_run=True, verbosity=0)


def test_there_are_three_doors_more() -> None:
    ours = {name for name in names() if name.startswith("city:")}
    assert ours == {"city:hand-overs", "city:hand-over", "city:counts"}  # asked in check_handing


SAME = {
    "columns": "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, "
    "a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid) FROM pg_class c JOIN pg_attribute a "
    "ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid "
    "AND d.adnum = a.attnum WHERE c.relkind = 'r' AND c.relnamespace = %s::regnamespace ORDER BY 1, a.attnum",
    "constraints": "SELECT c.relname, x.conname, pg_get_constraintdef(x.oid, true) FROM pg_constraint x "
    "JOIN pg_class c ON c.oid = x.conrelid WHERE x.connamespace = %s::regnamespace ORDER BY 1, 2",
    "indexes": "SELECT c.relname, pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i "
    "JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = %s::regnamespace ORDER BY 1",
    "triggers": "SELECT c.relname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c "
    "ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = %s::regnamespace ORDER BY 1, 2",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = %s::regnamespace ORDER BY 1",
    "sequences": "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = %s::regnamespace ORDER BY 1",
}
APART = {  # what would lead from one schema into another
    "foreign keys": "SELECT count(*) FROM pg_constraint x JOIN pg_class c ON c.oid = x.confrelid "
    "WHERE x.contype = 'f' AND x.connamespace <> c.relnamespace",
    "sequences": "SELECT count(*) FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' "
    "JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'r' WHERE d.classid = 'pg_class'::regclass "
    "AND d.refclassid = 'pg_class'::regclass AND c.relnamespace <> s.relnamespace",
    "triggers": "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p "
    "ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND c.relnamespace <> p.pronamespace",
}


def described(schema: str, sql: str) -> list[Any]:
    """As PostgreSQL writes it; casts of literals come out otherwise when they are read again."""
    with within(schema), connection.cursor() as cursor:
        cursor.execute(sql, [schema])
        return [tuple(re.sub(CAST, "", part) if isinstance(part, str) else part for part in row)
                for row in cursor.fetchall()]  # fmt: skip


CAST = r"::(character varying|text)|\[\]|[()]"


def test_an_office_is_a_whole_copy_that_leads_nowhere_else(a: Any, b: Any) -> None:
    assert migrating.pending(["", migrating.TEMPLATE, a.schema, b.schema]) == []
    for kind, sql in SAME.items():
        made, template = described(a.schema, sql), described(migrating.TEMPLATE, sql)
        assert len(made) > 4 and made == template, kind
    with connection.cursor() as cursor:
        for kind, sql in APART.items():
            cursor.execute(sql)
            assert cursor.fetchone() == (0,), kind
    with a.inside():  # rows came along, and the next key follows theirs
        assert RateDefinition.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('followup_ratedefinition', 'id'))")
            assert cursor.fetchone()[0] > max(RateDefinition.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("code", "host", "name"),
    [
        ("chenguang", "new.test", "新"), ("new", "chenguang.test", "新"), ("new", "Chenguang.TEST:80", "新"),
        ("1x", "new.test", "新"), ("a;drop", "new.test", "新"), ("x" * 31, "new.test", "新"),
        ("new", "no host", "新"), ("new", "new..test", "新"), ("new", "new.test", " "),
    ],
)  # fmt: skip
def test_an_office_that_cant_be_is_refused_before_anything_is_made(
    a: Any, code: str, host: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "bring_up_to_date", lambda *args: pytest.fail("something was made"))
    with pytest.raises(Refusal):
        making.make_office(code, host, name, at=timezone.now())
    assert Office.objects.count() == 2


def test_names_and_states_by_command(a: Any) -> None:
    out = StringIO()
    call_command("offices", host=["chenguang", "www.chenguang.test"], close="fengting", stdout=out)
    assert "www.chenguang.test" in out.getvalue() and "closed" in out.getvalue()
    assert register.by_host("www.chenguang.test") == register.get("chenguang")
    with pytest.raises(CommandError):
        call_command("offices", host=["fengting", "chenguang.test"])


def test_a_command_for_one_office_and_for_all(a: Any, b: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("for_office", "chenguang", "showmigrations", "city", "--plan", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("for_office", "nowhere", "check")
    with pytest.raises(CommandError, match="chenguang, fengting"):
        call_command("for_office", "all", "no_such_command", stdout=StringIO(), stderr=StringIO())


def test_migrations_go_on_past_an_office_that_fails(a: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def migrate(schema: str, said: Any = str) -> None:
        if schema == "office_bad":
            raise ValueError("no such column")
        if schema == "office_killed":
            os._exit(9)

    monkeypatch.setattr(migrating, "bring_up_to_date", migrate)
    monkeypatch.setattr(migrating, "connections", type("None_", (), {"close_all": staticmethod(lambda: None)}))
    found = {o.schema: o.error for o in migrating._several(["office_bad", "office_1", "office_killed", "office_2"], 2)}
    assert found == {
        "office_bad": "ValueError: no such column", "office_killed": "its process was killed",
        "office_1": "", "office_2": "",
    }  # fmt: skip


def count_days(office: Any, **values: int) -> None:
    with office.inside():
        DayCount.objects.bulk_create(
            DayCount(day=NOVEMBER, grain="m", axis="all", key="", measure=m, value=v) for m, v in values.items()
        )


def test_counts_of_the_city_hide_what_is_few(a: Any, b: Any) -> None:
    count_days(a, received=40, declined=3)
    count_days(b, received=8, declined=4)
    at = timezone.make_aware(timezone.datetime(2026, 12, 2, 8))
    for office in (a, b, a):
        with office.inside():
            counting.send_counts(at)
    rows = {row.name: dict(zip(counting.SHOWN, row.values, strict=True)) for row in counting.table(NOVEMBER)}
    assert [rows[n]["received"] for n in (a.name, b.name, "")] == [40, 8, 48]
    assert [rows[n]["declined"] for n in (a.name, b.name, "")] == [None, None, 0]
    page = b.client("zhao").get("/desk/city/counts/", {"month": "2026-11"}).content.decode()
    assert a.name in page and "48" in page and "&lt; 5" in page
    assert a.client("zhao").get("/desk/city/counts/").status_code == 404  # only the city's own
    assert b.client("lin").get("/desk/city/counts/").status_code == 403  # sees but a part of its own


def test_shard_offices_says_what_is_missing(db: None) -> None:
    errors = StringIO()
    with pytest.raises(CommandError, match="No office was moved"):
        call_command("shard_offices", stderr=errors)
    assert "citus" in errors.getvalue().lower()


@pytest.fixture
def cluster(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `shard_offices` asks of Citus, played by PostgreSQL; its real behaviour was not tried here."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL allow_system_table_mods = on")
        cursor.execute(
            "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion) "
            "VALUES (999999, 'citus', 10, 2200, false, '12.1-1')"
        )
        cursor.execute("CREATE TABLE pg_dist_node (isactive bool, shouldhaveshards bool)")
        cursor.execute("CREATE TABLE citus_schemas (schema_name regnamespace)")
        cursor.execute(
            "CREATE FUNCTION citus_schema_distribute(s regnamespace) RETURNS void LANGUAGE sql AS "
            "'INSERT INTO public.citus_schemas VALUES (s)'"
        )


def test_shard_offices_distributes_each_once(a: Any, cluster: None) -> None:
    assert len(sharding.look().missing) == 1  # no machine takes data yet
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO pg_dist_node VALUES (true, true), (true, false)")
    out = StringIO()
    call_command("shard_offices", dry_run=True, stdout=out)
    assert sharding.look().distributed == set() and "1 machines" in out.getvalue()
    for _ in range(2):
        call_command("shard_offices", stdout=out)
    assert sharding.look().distributed == {"office_chenguang", "office_fengting"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM citus_schemas")
        assert cursor.fetchone() == (2,)


def test_an_old_cluster_is_told_so(cluster: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_extension SET extversion = '11.3-1' WHERE extname = 'citus'")
    assert "11.3" in sharding.look().missing[0]
