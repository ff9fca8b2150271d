"""`file_appeals`: each row once through the door, answered ones as history, bad rows said and left out."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from chenyue.cases import ticks
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Answer, Appeal, Case
from chenyue.cases.progress import progress
from chenyue.core import tables
from chenyue.core.errors import Refusal
from chenyue.followup import rates
from chenyue.followup.clock import close_what_is_done
from chenyue.followup.models import Callback
from chenyue.gateway import rows
from chenyue.gateway.actions import Filing
from chenyue.notify.models import Message, Notice
from chenyue.timeline.models import Entry
from helpers import outside_data

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = "title,text,time,user"
COLUMNS = {"title": "title", "text": "text", "time": "time", "reporter": "user"}
ANSWERS = COLUMNS | {"answer": "reply", "answered": "reply_time"}
LAMP = "路灯坏了,振兴路公交站旁边的路灯不亮已经一个星期了，晚上看不见路。,2019-03-05 08:10:00,U1"
GAS = "煤气味,楼道里煤气味很重，快来人！,2019-03-06 22:00:00,U2"
DONE = "井盖响,金桂苑门口的井盖一压就响，夜里睡不着。,2019/4/25 9:32:09,U3,您好，井盖已经更换。,2019/5/8 16:00:00"


def table(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def filing(cast, *lines: str, columns=COLUMNS, data: bytes | None = None, head: str = HEAD, **more) -> Filing:
    given = {"channel": "web", "at": cast.now, "filename": "旧件.csv", "columns": columns} | more
    return Filing(data=data if data is not None else table(*lines, head=head), **given)


def answered(cast, *lines: str, **more) -> Filing:
    return filing(cast, *lines, columns=ANSWERS, head=f"{HEAD},reply,reply_time", **more)


def sentences(of: Filing) -> dict[int, str]:
    return {wrong.row: str(wrong.sentence) for wrong in of.report.errors}


# What a row becomes


def test_a_row_becomes_an_appeal_at_its_own_time_told_by_a_nickname(cast):
    report = filing(cast, LAMP).run()
    assert (report.filed, report.known, report.errors, report.without_time) == (1, 0, [], 0)
    appeal = Appeal.objects.select_related("case").get()
    assert appeal.received_at == datetime(2019, 3, 5, 8, 10, tzinfo=ZONE)
    assert (appeal.filed_at, appeal.nickname, appeal.reporter, appeal.channel) == (cast.now, "U1", None, "web")
    assert appeal.case.title == "路灯坏了"
    assert report.categories.total() == report.urgencies["normal"] == 1


def test_where_it_came_from_is_in_the_history_for_the_office_only(cast):
    filing(cast, LAMP).run()
    case = Case.objects.get()
    entry = Entry.objects.get(subject=case.subject, verb="gateway.taken_over")
    assert (entry.data, entry.at) == ({"file": "旧件.csv", "row": 2}, cast.now)
    shown = progress(Appeal.objects.get().receipt)
    assert "旧件" not in " ".join(str(e.sentence) for e in shown.entries)


def test_a_row_without_a_time_was_received_now_and_is_counted(cast):
    report = filing(cast, "路灯坏了,路灯不亮,,U1").run()
    assert (report.without_time, report.history) == (1, 0)
    case = Case.objects.get()
    assert case.received_at == cast.now
    assert case.triage_due_at is not None


def test_a_title_too_long_for_a_title_keeps_its_words(cast):
    filing(cast, f"{'长' * 150},路灯不亮,,U1").run()
    appeal = Appeal.objects.get()
    assert len(appeal.title) == 120
    assert appeal.words == "长" * 150 + "\n路灯不亮"


# Once, and on from where it ended


def test_the_same_file_again_files_nothing(cast):
    filing(cast, LAMP, GAS).run()
    again = filing(cast, LAMP, GAS, filename="renamed.csv").run()
    assert (again.filed, again.known) == (0, 2)
    assert Appeal.objects.count() == 2


def test_what_was_cut_off_goes_on(cast):
    lines = [LAMP, GAS, LAMP]

    def cut(report):
        if report.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filing(cast, *lines).run(cut)
    report = filing(cast, *lines).run()
    assert (report.filed, report.known) == (1, 2)
    assert Appeal.objects.count() == 3


def test_a_number_of_its_own_makes_a_row_known_in_any_file(cast):
    columns = COLUMNS | {"number": "id"}
    first = filing(cast, f"{LAMP},77", f"{GAS},77", columns=columns, head=f"{HEAD},id").run()
    other = filing(cast, f"{GAS},78", f"{LAMP},77", columns=columns, head=f"{HEAD},id").run()
    assert (first.filed, first.known, other.filed, other.known) == (1, 1, 1, 1)
    assert set(Appeal.objects.values_list("external_number", flat=True)) == {"77", "78"}


def test_a_dry_run_keeps_nothing_and_says_the_same(cast):
    bad = "空,,2019-03-05 08:10:00,U9"
    report = filing(cast, LAMP, bad, dry_run=True).run()
    assert (report.filed, len(report.errors)) == (1, 1)
    assert not Appeal.objects.exists()
    assert not Entry.objects.filter(subject__startswith="case:").exists()
    assert filing(cast, LAMP, bad).run().filed == 1


def test_a_limit_stops_there(cast):
    assert filing(cast, LAMP, GAS, LAMP, limit=2).run().filed == 2


# History is no news


def test_old_words_make_no_alarm_and_no_clock(cast):
    report = filing(cast, LAMP, GAS).run()
    assert report.history == 2
    assert set(Case.objects.values_list("urgency", "triage_due_at", "next_at")) == {("normal", None, None)}
    assert Appeal.objects.get(nickname="U2").suggestion["emergency"] is None
    ticks.run_clocks(cast.now + timedelta(days=90))
    assert not Notice.objects.exists()


def test_news_in_a_table_is_news(cast):
    filing(cast, GAS.replace("2019-03-06 22:00:00", "2026-11-24 08:30:00")).run()
    case = Case.objects.get()
    assert case.urgency == "emergency"
    assert case.triage_due_at == datetime(2026, 11, 24, 8, 45, tzinfo=ZONE)
    assert Notice.objects.filter(urgent=True).exists()


def test_taking_an_old_one_up_starts_its_promises_then(cast):
    filing(cast, GAS).run()
    later = cast.now + timedelta(hours=1)
    case = move(case=Case.objects.get(), move=Move.DISPATCH, by=cast.li.actor(), at=later)
    assert case.clock_started_at == later
    assert case.resolve_due_at > later


# Answers


def test_an_answered_row_is_history_with_its_own_times(cast):
    report = answered(cast, DONE).run()
    assert (report.filed, report.answered, report.history, report.errors) == (1, 1, 0, [])
    case = Case.objects.get()
    received, given = datetime(2019, 4, 25, 9, 32, 9, tzinfo=ZONE), datetime(2019, 5, 8, 16, tzinfo=ZONE)
    assert (case.state, case.urgency, case.next_at) == (State.CLOSED, "normal", None)
    assert (case.received_at, case.dispatched_at) == (received, received)
    assert (case.accepted_at, case.answered_at, case.closed_at) == (given, given, given)
    assert (case.accept_due_at, case.contact_due_at, case.resolve_due_at) == (None, None, None)
    assert case.number.startswith("2019-0425-")
    assert Answer.objects.get().told == "您好，井盖已经更换。"


def test_nobody_is_told_or_asked_about_history(cast):
    answered(cast, DONE).run()
    assert not Notice.objects.exists()
    assert not Message.objects.exists()
    callback = Callback.objects.get()
    assert (callback.state, callback.excluded_reason) == (Callback.State.EXCLUDED, "history")
    close_what_is_done(cast.now)
    day = callback.ended_at.date()
    rate = rates.compute("satisfaction", day, day + timedelta(days=1), at=cast.now)
    assert (rate.denominator, rate.parts["excluded"]) == (0, 1)
    on_time = rates.compute("on_time", day, day + timedelta(days=1), at=cast.now)
    assert on_time.denominator == 0  # nobody here promised anything
    long_ago = rates.compute("satisfaction", date(1999, 1, 1), date(1999, 2, 1), at=cast.now)
    assert long_ago.denominator == 0


def test_an_answer_without_a_time_or_older_than_its_words_is_refused(cast):
    one = answered(cast, "a,井盖响,2019-04-25 09:00:00,U,换了,", "b,井盖响,2019-04-25 09:00:00,U,换了,2019-04-24")
    one.run()
    assert sorted(sentences(one)) == [2, 3]
    assert not Case.objects.exists()


def test_a_row_that_has_no_answer_stays_open(cast):
    report = answered(cast, f"{LAMP},,").run()
    assert (report.answered, report.filed) == (0, 1)
    assert Case.objects.get().state == State.RECEIVED


# Bad input


def test_a_broken_row_of_a_gb18030_file_is_said_and_the_others_are_filed(cast):
    text = "\n".join([HEAD, LAMP, "坏行,这一行的字坏了,,U", GAS]).encode("gb18030")
    broken = text.replace("坏行".encode("gb18030"), b"\xff\xff\x80")
    one = filing(cast, data=broken)
    assert one.run().filed == 2
    assert list(sentences(one)) == [3]
    assert Appeal.objects.get(nickname="U1").words.startswith("振兴路公交站")


@pytest.mark.parametrize(
    "line",
    [
        "日期,路灯不亮,1900-01-01 00:00:00,U",
        "日期,路灯不亮,2031-01-01 00:00:00,U",
        "日期,路灯不亮,昨天早上,U",
        "日期,路灯不亮,2019-02-31 08:00:00,U",
        "空,,2019-03-05 08:10:00,U",
        "空,\x00 \u202e,2019-03-05 08:10:00,U",
        f"长,{'字' * 8001},2019-03-05 08:10:00,U",
        "多一格,路灯不亮,2019-03-05 08:10:00,U,多的",
        '引号,"路灯不亮,2019-03-05 08:10:00,U',
    ],
)
def test_a_bad_row_is_refused_with_a_sentence_and_the_next_one_is_filed(cast, line):
    one = filing(cast, line, LAMP)
    assert one.run().filed == 1
    assert list(sentences(one)) == [2]
    assert len(sentences(one)[2]) > 5
    sheet = tables.read_table(one.error_sheet())
    assert [row["text"] for row in sheet.rows] == [one.sheet.rows[0]["text"]]


def test_odd_characters_and_seven_thousand_of_them_are_taken(cast):
    filing(cast, f"😀,井盖坏了😀\u202e请来修\x00{'字' * 7000},2019-03-05 08:10:00,U").run()
    appeal = Appeal.objects.get()
    assert appeal.words == f"井盖坏了😀请来修{'字' * 7000}"
    assert appeal.title == "😀"


@pytest.mark.parametrize(
    ("written", "fields"),
    [("text", rows.TOLD), ("text=", rows.TOLD), ("nonsense=a", rows.TOLD), ("text=a", rows.ANSWERED)],
)
def test_a_mapping_that_makes_no_sense_is_refused(written, fields):
    with pytest.raises(Refusal):
        rows.mapping(written, fields)


@pytest.mark.parametrize("columns", [{"title": "title"}, {"text": "words"}, {"text": "text", "answer": "title"}])
def test_columns_that_are_missing_are_refused_before_anything_is_filed(cast, columns):
    with pytest.raises(Refusal):
        filing(cast, LAMP, columns=columns)


# The command


@pytest.fixture
def call(cast, tmp_path):
    def called(data: bytes, *options: str) -> tuple[str, str]:
        path = tmp_path / "旧件.csv"
        path.write_bytes(data)
        out, told = io.StringIO(), io.StringIO()
        call_command("file_appeals", str(path), *options, stdout=out, stderr=told)
        return out.getvalue(), told.getvalue()

    return called


MAP = ("--map", "title=title,text=text,time=time,reporter=user")


def test_the_command_reports_and_writes_the_refused_rows(call, tmp_path):
    errors = tmp_path / "errors.xlsx"
    out, told = call(table(LAMP, "空,,,U"), *MAP, "--errors", str(errors))
    assert "1" in out.splitlines()[0]
    assert "3" in told
    assert len(tables.read_table(errors.read_bytes()).rows) == 1


def test_the_command_takes_answers(call):
    call(table(DONE, head=f"{HEAD},reply,reply_time"), *MAP, "--answers", "answer=reply,answered=reply_time")
    assert Case.objects.get().state == State.CLOSED


def test_a_dry_run_says_so(call):
    out, _told = call(table(LAMP), *MAP, "--dry-run")
    assert len(out.splitlines()) >= 4
    assert not Case.objects.exists()


@pytest.mark.parametrize("options", [("--map", "text=nothing"), ("--map", "what"), (*MAP, "--answers", "answer=x")])
def test_the_command_refuses_with_a_sentence(call, options):
    with pytest.raises(CommandError):
        call(table(LAMP), *options)


def test_a_file_of_two_hundred_megabytes_is_refused_unread(cast, tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read into memory"))
    with pytest.raises(CommandError, match="30"):
        call_command("file_appeals", str(path), *MAP)


def test_no_such_file(cast, tmp_path):
    with pytest.raises(CommandError):
        call_command("file_appeals", str(tmp_path / "none.csv"), *MAP)


# Real messages


def test_the_first_two_hundred_real_messages(cast):
    data = outside_data("appeals", "inbox.csv").read_bytes()
    report = filing(cast, data=data, limit=200).run()
    assert (report.filed, report.errors) == (200, [])
    assert report.history + report.without_time == 200
    assert report.urgencies["normal"] >= report.history  # what has no time may be of today
    assert ticks.run_clocks(cast.now + timedelta(days=60)) <= report.without_time
