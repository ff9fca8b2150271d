"""Two offices asked in turn in one process: nothing that one keeps in memory or on disk is found by the other."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.catalogue.models import Category
from chenyue.catalogue.queries import catalogue
from chenyue.city import apart, entering, register
from chenyue.core import crypto, limits, office, snapshots
from chenyue.core.errors import Refusal
from chenyue.core.idempotency import run_once
from chenyue.core.models import OfficeSetting
from chenyue.core.whose import carried, whose, within
from helpers import sample_case


def test_each_says_its_own_name_again_and_again(a: Any, b: Any) -> None:
    pages = [(one.name, one.client().get("/").content.decode()) for one in (a, b, a, b)]
    for name, page in pages:
        assert name in page
        assert (b.name if name == a.name else a.name) not in page


def test_settings_and_catalogue(a: Any, b: Any) -> None:
    with a.inside():
        office.put(phone="0571-11111111")
        row = Category.objects.get(code="0102")
        Category.objects.filter(pk=row.pk).update(name="只在甲处")
        snapshots.bump("catalogue")
        assert catalogue().by_code["0102"].name == "只在甲处"
    with b.inside():
        assert office.get("phone") == ""
        assert catalogue().by_code["0102"].name == row.name
    with a.inside():
        assert office.get("phone") == "0571-11111111"
        assert catalogue().by_code["0102"].name == "只在甲处"


def test_prepared_queries_and_statements(a: Any, b: Any) -> None:
    from chenyue.cases import queries

    with a.inside():
        filed = sample_case(a.cast())
        assert queries.case_for(a.cast().zhao, filed.case.number).pk == filed.case.pk
    with b.inside(), pytest.raises(Refusal):
        queries.case_for(b.cast().zhao, filed.case.number)
    with a.inside():
        assert queries.case_for(a.cast().zhao, filed.case.number).pk == filed.case.pk


def test_limits_keys_and_memory(a: Any, b: Any) -> None:
    limit, now = limits.Limit("test", 1, timedelta(hours=1)), timezone.now()
    with a.inside():
        limits.note(limit, "10.0.0.1", now)
        assert limits.reached(limit, "10.0.0.1", now)
        assert run_once(scope="s", key="k", at=now, act=lambda: {"n": 1}) == ({"n": 1}, True)
        cache.set("n", "a's")
    with b.inside():
        assert not limits.reached(limit, "10.0.0.1", now)
        assert run_once(scope="s", key="k", at=now, act=lambda: {"n": 2}) == ({"n": 2}, True)
        assert cache.get("n") is None


def test_files_secrets_and_signatures(a: Any, b: Any) -> None:
    with a.inside():
        path = default_storage.save("attachments/x.txt", ContentFile(b"a's"))
        home, sealed, signed = settings.HOME, crypto.encrypt("13800000001", "x"), signing.dumps("a's")
        assert crypto.decrypt(sealed, "x") == "13800000001"
        index = crypto.blind_index("13800000001", "phone")
    with b.inside():
        assert not default_storage.exists(path)
        assert home != settings.HOME and settings.MEDIA_ROOT.is_relative_to(settings.HOME)
        assert crypto.blind_index("13800000001", "phone") != index
        with pytest.raises(ValueError, match="field key"):
            crypto.decrypt(sealed, "x")
        with pytest.raises(signing.BadSignature):
            signing.loads(signed)
    with a.inside():
        assert default_storage.open(path).read() == b"a's"
        default_storage.delete(path)


def test_secrets_are_never_made_by_the_way(tmp_path: Any) -> None:
    with within("office_nowhere"), pytest.raises(ImproperlyConfigured):
        _ = settings.SECRET_KEY
    assert not (settings.HOME / apart.FOLDER / "office_nowhere").exists()


def test_nobodys_data_and_a_missing_table_are_errors(a: Any, b: Any) -> None:
    with transaction.atomic(), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.count()  # outside of any office there are no cases
    with transaction.atomic():
        with within(""), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE core_only_here (n int)")
        with a.inside(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT n FROM core_only_here")  # the register's tables aren't an office's
        transaction.set_rollback(True)


def test_the_schema_is_right_after_what_was_taken_back(a: Any, b: Any) -> None:
    with a.inside():
        OfficeSetting.objects.update_or_create(name="phone", defaults={"value": "a"})
    with transaction.atomic(), b.inside():
        OfficeSetting.objects.update_or_create(name="phone", defaults={"value": "b"})
        transaction.set_rollback(True)
    with a.inside():
        assert OfficeSetting.objects.get(name="phone").value == "a"
    with b.inside():
        assert not OfficeSetting.objects.filter(name="phone").exists()


def test_nothing_else_sets_the_schema(a: Any, b: Any) -> None:
    with a.inside(), pytest.raises(RuntimeError, match="whose"):
        connection.set_schema(b.schema)
    with a.inside():
        assert connection.schema_name == a.schema
    assert connection.schema_name == "public"


def test_a_long_answer_goes_on_in_its_office(a: Any, b: Any) -> None:
    from django.http import StreamingHttpResponse
    from django.test import RequestFactory

    from chenyue.city.middleware import WhoseOffice

    door = WhoseOffice(lambda request: StreamingHttpResponse(office.get("name") for _ in range(2)))
    ours, theirs = (door(RequestFactory().get("/x", headers={"host": one.host})) for one in (a, b))
    pieces = [next(iter_) for iter_ in (iter(ours), iter(theirs))]  # each piece is asked for outside of any office
    assert [piece.decode() for piece in pieces] == [a.name, b.name]


def test_streams_enter_the_office_they_were_asked_for(a: Any, b: Any) -> None:
    register.offices()  # held: the thread that looks it up has no part in this transaction

    async def entered(host: str) -> tuple[bool, str]:
        found = await entering.enter({"headers": [(b"host", host.encode())]})
        return found, whose()

    assert asyncio.run(entered(f"{a.host}:7070")) == (True, a.schema)
    assert asyncio.run(entered(b.host)) == (True, b.schema)
    assert asyncio.run(entered("elsewhere.test")) == (False, "")
    assert whose() == ""


def test_keys_of_live_pages_open_nothing_elsewhere(a: Any, b: Any) -> None:
    from chenyue.reception import live

    with a.inside():
        text = live.key_of_line(1, timezone.localdate())
        assert live.read_key(text) is not None
    with b.inside():
        assert live.read_key(text) is None


def test_a_thread_gets_its_office_only_by_being_told(a: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool, a.inside():
        assert pool.submit(lambda: connection.schema_name).result() == "public"
        assert pool.submit(carried(lambda: connection.schema_name)).result() == a.schema
