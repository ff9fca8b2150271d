"""Tables of the hotline: read whatever they are, filed once, undone, answered in the sender's columns."""

import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Addition, Appeal, Case, Note
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.core.tables import write_xlsx
from chenyue.gateway.hotline import batches, filing, handing_back, undoing
from chenyue.gateway.models import HotlineBatch, HotlineItem, HotlineSource
from chenyue.people.models import Unit
from chenyue.timeline.models import Entry

pytestmark = pytest.mark.django_db
HEAD = "工单编号 标题 诉求内容 来电时间 诉求人 来电号码 详细地址 办结期限 办理结果 是否满意".split()  # noqa: SIM905
SEWER = "金桂苑1幢2单元门口污水井堵了，污水漫到路上"
LAMP = "丹桂花园门口的路灯坏了三天，晚上看不见路"


def line(number: str, words: str, **more: str) -> list[str]:
    yesterday = timezone.localtime() - timedelta(days=1)
    cells = {"工单编号": number, "诉求内容": words, "来电时间": f"{yesterday:%Y-%m-%d} 06:10", "诉求人": "陈大明"}
    return [(cells | more).get(heading, "") for heading in HEAD]


def workbook(*lines: list[str], head: list[str] = HEAD) -> bytes:
    return write_xlsx(head, lines, "工单")


def take(cast: Cast, data: bytes, name: str = "工单.xlsx", sender: str = "12345热线") -> HotlineBatch:
    found = batches.keep(data=data, filename=name, sender=sender, by=cast.li.actor(), at=timezone.now())
    return HotlineBatch.objects.get(pk=found.pk)


def filed(cast: Cast, batch: HotlineBatch, known: str = "skip") -> HotlineBatch:
    batches.file(batch=batch, known_choice=known, by=cast.li.actor(), at=timezone.now())
    return HotlineBatch.objects.get(pk=batch.pk)


def test_a_table_is_read_before_anything_is_filed(cast: Cast) -> None:
    batch = take(cast, workbook(line("20261101123456789", SEWER, 来电号码="13800000088"), line("", LAMP)))
    assert batch.state == "read" and batch.counts == {"right": 1, "wrong": 1}
    (seen,) = batches.preview_of(batch)
    assert seen["number"] == "20261101123456789" and "138****0088" in seen["who"] and "大明" not in seen["who"]
    assert batch.errors[0][:2] == [3, "工单编号"]
    assert not Appeal.objects.filter(channel="hotline").exists()


def test_each_order_is_filed_once_with_what_the_hotline_said(cast: Cast) -> None:
    more = {"来电号码": "13800000088", "办结期限": "2026-12-01 17:00", "详细地址": "金桂苑1幢"}
    data = workbook(line("H-1", SEWER, **more), line("H-2", LAMP))
    batch = filed(cast, take(cast, data))
    assert batch.state == "done" and batch.counts == {"filed": 2}, batch.errors
    appeal = Appeal.objects.get(channel="hotline", external_number="H-1")
    assert appeal.reporter.phone == "13800000088" and appeal.case.building == cast.place("金桂苑1幢")
    assert timezone.localtime(appeal.received_at).hour == 6
    assert "办结期限：2026-12-01 17:00" in Note.objects.get(case=appeal.case).words
    again = filed(cast, take(cast, data))
    assert again.counts == {"skipped": 2} and Appeal.objects.filter(channel="hotline").count() == 2


def test_known_orders_are_added_to_or_taken_as_new_events(cast: Cast) -> None:
    filed(cast, take(cast, workbook(line("H-1", SEWER), line("H-2", LAMP))))
    later = workbook(line("H-1", SEWER + "，今天更严重了"), line("H-2", LAMP))
    assert filed(cast, take(cast, later), "update").counts == {"added": 1, "same": 1}
    assert "更严重" in Addition.objects.get().words
    assert filed(cast, take(cast, later), "update").counts == {"same": 2}, "the same table adds nothing twice"
    anew = filed(cast, take(cast, workbook(line("H-1", "又堵了，比上次还厉害"))), "anew")
    second = Appeal.objects.get(external_number="H-1#2")
    assert anew.counts == {"filed": 1}
    assert second.case == Appeal.objects.get(external_number="H-1").case, "the case is still open: it joins"


def test_an_order_with_its_answer_is_history_and_nobody_is_told(cast: Cast) -> None:
    head = [*HEAD, "办结时间"]
    done = [*line("H-9", LAMP, 来电时间="2026-01-05 08:00", 办理结果="路灯已修好。"), "2026-01-07 10:00"]
    batch = filed(cast, take(cast, workbook(done, head=head)))
    case = Appeal.objects.get(external_number="H-9").case
    assert batch.counts == {"history": 1} and case.state == State.CLOSED
    assert timezone.localtime(case.closed_at).date().isoformat() == "2026-01-07"


@pytest.mark.parametrize("form", ["gb18030", "html", "utf8-title"])
def test_old_systems_tables_are_read(cast: Cast, form: str) -> None:
    rows = [["工单编号", "诉求内容"], ["2026110112345678901", SEWER]]
    data = {
        "gb18030": "\r\n".join(",".join(row) for row in rows).encode("gb18030"),
        "html": (
            "<html><table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows) + "</table>"
        ).encode(),
        "utf8-title": ("市热线平台导出,\n" + "\n".join(",".join(row) for row in rows)).encode("utf-8-sig"),
    }[form]
    batch = filed(cast, take(cast, data, "导出.xls"))
    assert batch.counts == {"filed": 1}, batch.errors
    assert Appeal.objects.filter(external_number="2026110112345678901").exists()


def test_a_number_that_lost_its_digits_is_refused_with_the_reason(cast: Cast) -> None:
    book = openpyxl.Workbook()
    book.active.append(["工单编号", "诉求内容"])
    book.active.append([20261101123456789, SEWER])
    book.active.append(["2.0261101123456789e16", LAMP])
    out = io.BytesIO()
    book.save(out)
    batch = take(cast, out.getvalue())
    assert batch.counts == {"right": 0, "wrong": 2}
    assert filed(cast, batch).counts == {"refused": 2}


def test_the_same_number_twice_in_a_table_is_filed_once(cast: Cast) -> None:
    batch = take(cast, workbook(line("H-1", SEWER), line("H-1", LAMP)))
    assert batch.counts == {"right": 1, "wrong": 1}
    assert filed(cast, batch).counts == {"filed": 1, "refused": 1}
    assert len(HotlineBatch.objects.get(pk=batch.pk).errors) == 1, "told once"


def test_headings_nobody_knows_are_chosen_by_a_person_and_remembered(cast: Cast) -> None:
    data = workbook(["A-1", SEWER], head=["流水", "工单内容摘要"])
    batch = take(cast, data, sender="某平台")
    assert batch.state == "refused" and "工单编号" not in batch.headings
    known = workbook(["A-1", SEWER, "x"], head=["流水", "工单内容摘要", "标题"])
    batch = take(cast, known, sender="某平台")
    with pytest.raises(Refusal, match="工单编号"):
        batches.file(batch=batch, known_choice="skip", by=cast.li.actor(), at=timezone.now())
    chosen = {"number": "流水", "words": "工单内容摘要"}
    batches.choose(batch=batch, columns=chosen, sheet="", known_choice="skip", by=cast.li.actor(), at=timezone.now())
    assert HotlineSource.objects.get(name="某平台").columns == chosen
    assert filed(cast, HotlineBatch.objects.get(pk=batch.pk)).counts == {"filed": 1}
    assert take(cast, data, sender="某平台").counts == {"right": 1, "wrong": 0}, "the next table needs no choice"


def test_a_stopped_table_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = take(cast, workbook(*(line(f"H-{n}", f"{LAMP}，第{n}盏") for n in range(5))))
    monkeypatch.setattr(filing, "CHECKED", 2)
    real = filing.take

    def stopping(found: HotlineBatch, row: Any, written: Any, **more: Any) -> None:
        real(found, row, written, **more)
        if found.items.count() == 2:
            batches.stop(batch=found, by=cast.li.actor())

    monkeypatch.setattr(filing, "take", stopping)
    stopped = filed(cast, batch)
    assert stopped.state == "stopped" and stopped.items.count() == 2
    monkeypatch.setattr(filing, "take", real)
    assert filed(cast, stopped).counts == {"filed": 5}
    with pytest.raises(Conflict):
        batches.file(batch=stopped, known_choice="skip", by=cast.li.actor(), at=timezone.now())


def test_a_table_is_undone_within_a_day(cast: Cast) -> None:
    data = workbook(line("H-1", SEWER), line("H-2", LAMP))
    batch = filed(cast, take(cast, data))
    begun = Appeal.objects.get(external_number="H-2").case
    move(
        case=begun,
        move=Move.DISPATCH,
        by=cast.zhao.actor(),
        at=timezone.now(),
        lead_id=Unit.objects.get(code="drainage").pk,
    )
    undoing.undo(batch=batch, by=cast.li.actor(), at=timezone.now())
    batch.refresh_from_db()
    assert batch.state == "undone" and batch.counts == {"undone": 1, "kept": 1}
    gone = HotlineItem.objects.get(number="H-1").appeal
    assert gone.withdrawn_at and gone.case.state == State.CLOSED and gone.case.result == "withdrawn"
    begun.refresh_from_db()
    assert begun.state == State.ASSIGNED
    assert filed(cast, take(cast, data)).counts == {"filed": 1, "skipped": 1}, "the number is free again"


def test_after_a_day_nothing_is_undone(cast: Cast) -> None:
    batch = filed(cast, take(cast, workbook(line("H-1", SEWER))))
    with pytest.raises(Refusal, match="24"):
        undoing.undo(batch=batch, by=cast.li.actor(), at=timezone.now() + timedelta(hours=25))


def test_answers_go_back_in_the_senders_columns(cast: Cast) -> None:
    batch = filed(cast, take(cast, workbook(line("H-1", SEWER, 来电号码="13800000088"), line("H-2", LAMP))))
    case = Appeal.objects.get(external_number="H-1").case
    at = timezone.now()
    move(case=case, move=Move.DISPATCH, by=SYSTEM, at=at, lead_id=Unit.objects.get(code="drainage").pk, assist_ids=[])
    move(case=case, move=Move.ACCEPT, by=SYSTEM, at=at)
    move(case=case, move=Move.ANSWER, by=SYSTEM, at=at, told="=井已疏通，路面已冲洗。", done="疏通", result="resolved")
    out = handing_back.table(batch=batch, by=cast.li.actor(), at=at)
    rows = list(openpyxl.load_workbook(io.BytesIO(out)).worksheets[-1].values)
    assert list(rows[0]) == [*HEAD, "办结时间", "是否解决"] and len(rows) == 2
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["工单编号"] == "H-1" and told["诉求内容"] == SEWER and told["来电号码"] == "13800000088"
    assert told["办理结果"] == "'=井已疏通，路面已冲洗。", "no spreadsheet takes it for a formula"
    assert Entry.objects.filter(subject=batch.subject, verb="gateway.hotline_answers").exists()


def test_nobody_else_brings_tables_in_or_takes_them_out(cast: Cast) -> None:
    batch = filed(cast, take(cast, workbook(line("H-1", SEWER))))
    now = timezone.now()
    for who in (cast.wang, cast.sun, cast.zhou):
        for act in (
            lambda by: batches.keep(data=b"x", filename="x.csv", sender="x", by=by, at=now),
            lambda by: batches.file(batch=batch, known_choice="", by=by, at=now),
            lambda by: undoing.undo(batch=batch, by=by, at=now),
            lambda by: handing_back.table(batch=batch, by=by, at=now),
        ):
            with pytest.raises(NotAllowed):
                act(who.actor())
        for name in ("gateway:hotline-batch", "gateway:hotline-errors"):
            assert client_of(who).get(reverse(name, args=[batch.pk])).status_code in (403, 404)
        assert client_of(who).post(reverse("gateway:hotline-answers", args=[batch.pk])).status_code in (403, 404)


def test_what_is_kept_of_a_row_is_encrypted(cast: Cast) -> None:
    from django.db import connection

    filed(cast, take(cast, workbook(line("H-1", SEWER, 来电号码="13800000088"))))
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM gateway_hotlineitem")
        stored = str(cursor.fetchall())
    assert "13800000088" not in stored and "陈大明" not in stored
    assert json.loads(HotlineItem.objects.get().told)["来电号码"] == "13800000088"


def send(client: Client, where: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(where, args=args), {"idempotency_key": token()} | data)


def test_the_pages_carry_it_from_the_file_to_the_answers(cast: Cast) -> None:
    client = client_of(cast.li)
    table = io.BytesIO(workbook(line("H-1", SEWER), line("", LAMP)))
    table.name = "热线.xlsx"
    sent = send(client, "gateway:hotline", sender="12345热线", table=table)
    assert sent.status_code == 303
    page = client.get(sent["Location"]).content.decode()
    assert "H-1" in page and "陈**" in page and "陈大明" not in page
    batch = HotlineBatch.objects.get()
    wrong = client.get(reverse("gateway:hotline-errors", args=[batch.pk]))
    assert wrong["Content-Type"].endswith("sheet") and len(wrong.content) > 1000
    assert send(client, "gateway:hotline-act", batch.pk, "file", known="skip").status_code == 303
    case = Case.objects.get(appeals__external_number="H-1")
    assert case.number in client.get(sent["Location"]).content.decode()
    assert send(client, "gateway:hotline-act", batch.pk, "undo").status_code == 303
    assert HotlineBatch.objects.get().state == "undone"


def test_a_table_without_sender_or_no_table_says_so_and_keeps_what_was_typed(cast: Cast) -> None:
    client = client_of(cast.li)
    answer = send(client, "gateway:hotline", sender="12345热线")
    assert answer.status_code == 422 and "12345热线" in answer.content.decode()
    table = io.BytesIO(b"\x00\x01nonsense")
    table.name = "x.xlsx"
    found = send(client, "gateway:hotline", sender="x", table=table)
    assert found.status_code == 303 and HotlineBatch.objects.get().state == "refused"
    assert client.get(found["Location"]).status_code == 200
    assert send(client, "gateway:hotline-act", HotlineBatch.objects.get().pk, "drop").status_code == 303


def test_a_heading_chosen_twice_is_told_on_the_page(cast: Cast) -> None:
    batch = take(cast, workbook(line("H-1", SEWER)))
    fields = {"known": "skip", "column_number": "工单编号", "column_words": "诉求内容", "column_title": "诉求内容"}
    answer = send(client_of(cast.li), "gateway:hotline-act", batch.pk, "choose", **fields)
    assert answer.status_code == 422 and "诉求内容" in answer.content.decode()
    assert HotlineBatch.objects.get().state == "read"


def test_rows_that_told_of_a_person_go_with_their_data(cast: Cast) -> None:
    from chenyue.gateway.forgetting import copy_of
    from chenyue.people.actions import confirm_identity, erase_resident, open_request

    filed(cast, take(cast, workbook(line("H-1", SEWER, 来电号码="13800000088"))))
    resident, at = Appeal.objects.get(external_number="H-1").reporter, timezone.now()
    assert copy_of(resident)[0]["number"] == "H-1"
    assert "陈大明" in HotlineItem.objects.get().told
    request = open_request(resident=resident, kind="delete", words="", by=cast.zhao.actor(), at=at)
    confirm_identity(request=request, how="card", by=cast.zhao.actor(), at=at)
    erase_resident(resident=resident, request=request, by=cast.zhao.actor(), at=at)
    assert HotlineItem.objects.get().told == "{}"


def test_the_district_offices_columns_are_known(cast: Cast) -> None:
    head = "工单编号 标题 诉求内容 诉求类型 区交办时间 办结期限 求助人员 号码 事件发生地 详细地址".split()  # noqa: SIM905
    row = [
        "H-7",
        "路灯",
        LAMP,
        "求助",
        "2026-11-02 08:30",
        "5个工作日",
        "陈大明",
        "138****0001",
        "晨光社区",
        "金桂苑1幢",
    ]
    batch = filed(cast, take(cast, workbook(row, head=head)))
    assert batch.counts == {"filed": 1}, batch.errors
    appeal = Appeal.objects.get(external_number="H-7")
    assert timezone.localtime(appeal.received_at).strftime("%m-%d %H:%M") == "11-02 08:30"
    assert appeal.place_told == "晨光社区 金桂苑1幢" and appeal.case.building == cast.place("金桂苑1幢")
    noted = Note.objects.get(case=appeal.case).words
    assert "办结期限：5个工作日" in noted and "号码：138****0001" in noted, "what can't be read is told to people"


def test_a_row_that_a_worker_still_holds_is_not_filed_into_a_table_taken_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped and undone while a stretch is on its way: nothing may be filed behind the one who takes it back."""
    batch = take(cast, workbook(*(line(f"H-{n}", f"{LAMP}，第{n}盏") for n in range(4))))
    real = filing.take

    def undone(found: HotlineBatch, row: Any, written: Any, **more: Any) -> None:
        real(found, row, written, **more)
        if found.items.count() == 1 and HotlineBatch.objects.get(pk=found.pk).state == "filing":
            batches.stop(batch=found, by=cast.li.actor())
            undoing.undo(batch=found, by=cast.li.actor(), at=timezone.now())

    monkeypatch.setattr(filing, "take", undone)
    found = filed(cast, batch)
    assert found.state == "undone" and found.items.count() == 1
    assert Appeal.objects.filter(channel="hotline", withdrawn_at=None).count() == 0


def test_what_a_wrong_cell_said_is_encrypted_too(cast: Cast) -> None:
    from django.db import connection

    batch = take(cast, workbook(line("H-1", SEWER, 来电时间="陈大明说过")))
    assert "陈大明说过" in batch.errors[0][2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gateway_hotlinebatch")
        assert "陈大明" not in str(cursor.fetchall())
