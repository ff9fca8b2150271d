"""Briefs: counted rightly, one of a kind and stretch, changed by a person, released as files, and nobody is in them."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.urls import reverse

from cast import NOW, Cast, client_of
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core import office, word_templates
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.followup.models import RateDefinition
from chenyue.insight.brief import acts, annex, chores, counting, files, paper, telling
from chenyue.insight.lifecycle import PainKind
from chenyue.insight.models import Brief, Follow, Pain, PainRun
from chenyue.notify.models import Message, Notice
from helpers import one_and_three
from insight.brief_stage import LATER, MONDAY, NAME, PHONE, ROOM, WORDS, drafted, lived, texts
from pdf_text import words as pdf_text
from reception.queue_stage import SEVEN, opened, ticket
from stories import filed


@pytest.fixture
def week(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A week that was lived; jobs run at a moment after it, whatever the clock says."""
    lived(cast)
    monkeypatch.setattr(acts.jobs, "enqueue", lambda _name, brief: acts.write(brief, LATER))
    return cast


def sheet_words(content: bytes) -> str:
    """Everything that stands in a zipped office file."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def test_a_week_is_counted_with_its_parts_and_its_definition(week: Cast) -> None:
    row = drafted()
    assert row.state == "draft" and row.until == date(2026, 11, 29)
    assert row.figures["counts"]["received"] == {"now": 2, "before": 1, "year": None}
    rate = row.figures["rates"]["first_contact"]
    assert (rate["denominator"], rate["version"], rate["small"]) == (1, 1, True)
    assert texts(row)["overview.received"].startswith("本周受理事项2件，收到诉求2件；受理量比上周多1件")


def test_a_private_matter_is_in_no_figure(week: Cast) -> None:
    before = drafted()
    filed(week, NOW, words=WORDS, category_code="1202")
    assert Case.objects.exclude(sensitivity="normal").count() == 2
    Brief.objects.all().delete()
    after = drafted()
    assert after.figures == before.figures and after.sentences == before.sentences


def test_nobody_is_in_any_file(week: Cast) -> None:
    row = acts.release(brief=drafted(), by=week.zhao.actor(), at=LATER)
    found = {kind: files.opened(row, kind).file.read() for kind in files.KINDS}
    told = sheet_words(found["docx"]) + sheet_words(found["xlsx"]) + pdf_text(found["pdf"])
    told += str(row.figures) + str(row.sentences)
    for secret in (NAME, PHONE, "503", "503室", ROOM, WORDS, WORDS[:8], week.chen.name, week.chen.phone):
        assert secret not in told.replace(" ", "") or (secret == "503" and secret not in str(row.sentences))
    assert "工作周报" in told and "本周受理事项2件" in told


def test_the_office_s_own_template_is_looked_at_and_used(week: Cast) -> None:
    own = docx.Document()
    own.add_paragraph("内部资料 {{ title }}")
    written = io.BytesIO()
    own.save(written)
    code = paper.code("weekly")
    with pytest.raises(Refusal, match="reporter"):
        word_templates.replace(code=code, content=_with(own, "{{ reporter }}"), name="错.docx", at=LATER)
    word_templates.replace(code=code, content=written.getvalue(), name="周报.docx", at=LATER)
    row = drafted()
    row.released_by = week.zhao
    assert "内部资料 工作周报" in sheet_words(files.contents(row, LATER)["docx"])
    assert set(paper.data_of(row, LATER)) == set(paper.SAMPLE), "what a template may say is what there is"


def _with(document: Any, words: str) -> bytes:
    document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_nothing_in_the_annex_runs_as_a_formula(week: Cast) -> None:
    row = drafted()
    row.figures["communities"] = [["=cmd|' /C calc'!A0", 1, None, 0, 0]]
    row.changes = [["overview.done", "", "+1+1"]]
    made = sheet_words(annex.workbook(row, LATER))
    assert "<f>" not in made and "&#39;=cmd" in made.replace("'=cmd", "&#39;=cmd")


def test_two_who_ask_at_once_get_the_same_brief(week: Cast) -> None:
    by = week.zhao.actor()
    one = acts.ask(kind="weekly", day=MONDAY, by=by, at=LATER)
    two = acts.ask(kind="weekly", day=MONDAY + timedelta(days=6), by=by, at=LATER)
    assert one.pk == two.pk and Brief.objects.count() == 1


@pytest.mark.parametrize(("kind", "days"), [("daily", 1), ("weekly", 0), ("monthly", 0), ("daily", -4000)])
def test_days_that_have_not_been_are_refused(week: Cast, kind: str, days: int) -> None:
    with pytest.raises(Refusal) as refused:
        acts.ask(kind=kind, day=NOW.date() + timedelta(days=days), by=week.zhao.actor(), at=NOW)
    assert refused.value.field == "day"


def test_only_who_releases_may_ask_change_or_release(week: Cast) -> None:
    row, by = drafted(), week.li.actor()
    for act in (
        lambda: acts.ask(kind="weekly", day=MONDAY, by=by, at=LATER),
        lambda: acts.edit(brief=row, texts={}, by=by, at=LATER),
        lambda: acts.release(brief=row, by=by, at=LATER),
        lambda: acts.again(brief=row, by=by, at=LATER),
        lambda: acts.take_back(brief=row, words="错了", by=by, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_original_of_a_changed_sentence_is_kept_and_stays_when_written_anew(week: Cast) -> None:
    by, row = week.zhao.actor(), drafted()
    said = texts(row)
    changed = {"overview.received": "本周共受理两件。", "found.nothing": ""}
    row = acts.edit(brief=row, texts=said | changed, by=by, at=LATER, version=row.version)
    kept = {key: (written, now) for key, written, now in row.sentences}
    assert kept["overview.received"] == (said["overview.received"], "本周共受理两件。")
    assert kept["found.nothing"][1] == "" and kept["notes.private"][1] is None
    acts.again(brief=row, by=by, at=LATER)
    row.refresh_from_db()
    assert row.state == "draft"
    assert {key: now for key, _written, now in row.sentences}["overview.received"] == "本周共受理两件。"
    with pytest.raises(Conflict):
        acts.edit(brief=row, texts=changed, by=by, at=LATER, version=1)


@pytest.mark.parametrize("words", ["请打13912345678联系。", "住在503室的居民。", "甲" * 601])
def test_personal_data_is_not_typed_into_a_brief(week: Cast, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        acts.edit(brief=drafted(), texts={"overview.done": words}, by=week.zhao.actor(), at=LATER)
    assert refused.value.field == "overview_done"


def test_a_release_is_told_once_and_taken_back_with_words(week: Cast) -> None:
    week.li.__class__.objects.filter(pk=week.li.pk).update(email="li@example.org")
    office.put(brief_readers={"daily": [], "weekly": [week.li.pk, week.zhou.pk], "monthly": []})
    by = week.zhao.actor()
    row = acts.release(brief=drafted(), by=by, at=LATER)
    with pytest.raises(Conflict):
        acts.release(brief=row, by=by, at=LATER)
    assert list(Notice.objects.filter(key__startswith="brief:").values_list("member__username", flat=True)) == ["li"]
    letter = Message.objects.get(template="brief-released")
    assert letter.address == "li@example.org" and "本周受理事项2件" in letter.body and NAME not in letter.body
    paths = [row.files[kind]["path"] for kind in files.KINDS]
    row = acts.take_back(brief=row, words="接待人数有误", by=by, at=LATER)
    assert row.state == "draft" and set(row.files) == {"former"}
    assert files.known(set(paths)) == set(paths)
    row = acts.release(brief=row, by=by, at=LATER)
    assert "接待人数有误" in pdf_text(files.opened(row, "pdf").file.read()).replace(" ", "")


def test_a_definition_that_changed_in_between_is_said(week: Cast) -> None:
    old = RateDefinition.objects.get(code="first_contact")
    many = RateDefinition(**{f.name: getattr(old, f.name) for f in old._meta.fields if f.name != "id"})
    many.version, many.since, many.parameters = 2, MONDAY + timedelta(days=2), {"small_below": 0}
    many.save()
    row = drafted()
    assert row.figures["rates"]["first_contact"]["mixed"]
    assert "一律按最后一天的第2版计算" in texts(row)["rates.first_contact"]


def test_what_goes_wrong_is_said_and_tried_again_by_hand(week: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> None:
        raise ValueError("secret inside")

    with monkeypatch.context() as patched:
        patched.setattr(counting, "gather", broken)
        row = drafted()
    assert row.state == "failed" and "ValueError" in row.reason and "secret" not in row.reason
    assert Notice.objects.filter(member=week.zhao, text__contains="工作周报").exists()
    acts.again(brief=row, by=week.zhao.actor(), at=LATER)
    row.refresh_from_db()
    assert row.state == "draft" and row.reason == ""


def test_while_the_counts_are_made_a_brief_waits(week: Cast) -> None:
    Follow.objects.update(whole_at=None, counting_at=LATER)
    row = drafted()
    assert row.state == "waiting" and row.reason


def test_the_schedule_writes_each_once(week: Cast) -> None:
    office.put(set_up=True)
    early, due = LATER - timedelta(hours=28), LATER - timedelta(hours=27)  # the Monday after, at five and at six
    assert chores.write_due(early) == 0
    assert chores.write_due(due) == 1  # of October there is nothing at all
    assert chores.write_due(due + timedelta(minutes=5)) == 0
    assert chores.write_due(LATER) == 1
    assert set(Brief.objects.values_list("kind", "since", "state")) == {
        ("weekly", MONDAY, "draft"), ("monthly", date(2026, 11, 1), "draft"),
    }  # fmt: skip
    office.put(briefs={"daily": False, "weekly": False, "monthly": False})
    assert chores.due(due) == []


def test_the_daily_sheet_comes_when_the_room_has_closed(cast: Cast) -> None:
    lived(cast)
    from chenyue.reception.queue import actions

    by, office_at = cast.li.actor(), SEVEN + timedelta(minutes=85)
    room = opened(cast)
    ticket(cast, room)
    assert [one for one in chores.due(office_at) if one.kind == "daily"] == []
    actions.close_sitting(sitting=room, by=by, at=office_at)
    (stretch,) = (one for one in chores.due(office_at) if one.kind == "daily")
    assert stretch.since == room.day
    row = drafted("daily", room.day, office_at)
    assert row.figures["reception"]["unheard"] == 1 and row.figures["partial"]
    assert next(iter(texts(row))) == "reception.room"


def pain(kind: str, cases: list[int], **more: Any) -> Pain:
    run = PainRun.objects.create(at=LATER, kind=kind, since=MONDAY, until=MONDAY)
    return Pain.objects.create(
        kind=kind, key=f"{kind}-{len(cases)}-{len(more)}", run=run, title="…", cases=cases, count=len(cases),
        first_on=MONDAY, last_on=MONDAY + timedelta(days=2), seen_at=LATER, **more,
    )  # fmt: skip


def test_findings_are_told_without_doors_people_or_private_matters(week: Cast) -> None:
    place = week.place("金桂苑3幢")
    normal = list(Case.objects.filter(sensitivity="normal").order_by("pk"))
    private = Case.objects.exclude(sensitivity="normal").get()
    pain(PainKind.SPOT, [c.pk for c in normal], place=place, category=normal[0].category, expected=0.5)
    words = [
        "路灯",
        NAME,
        "何晓",
        "赵卫东",
        "13912345678",
        "503室",
        "老伯",
        "小王带人",
        "不亮的",
        "我家门口的灯坏了",
        "路灯",
    ]
    pain(PainKind.TOPIC, [normal[1].pk, private.pk], words=words)
    pain(PainKind.TOPIC, [private.pk], words=["烟酒"])
    pain(PainKind.DOOR, [normal[0].pk], place=place, room="503")
    found = drafted().figures["found"]
    assert found["spots"] == [["金桂苑3幢", normal[0].category.name, len(normal), 0.5, 3]]
    assert found["topics"] == [["路灯、不亮", 1, 3]] and found["doors"] == 1


def test_a_community_has_its_own_brief_without_the_room(week: Cast) -> None:
    from chenyue.places.queries import communities

    pk = int(communities()[0][0])
    row = drafted(community=pk)
    assert row.figures["reception"] is None and drafted().pk != row.pk
    assert sheet_words(annex.workbook(row, LATER))


def test_who_reads_what(week: Cast) -> None:
    row = drafted()
    url = reverse("insight:brief", args=[row.pk])
    for who, status in (("zhao", 200), ("li", 404), ("lin", 404), ("zhou", 403)):
        assert client_of(getattr(week, who)).get(url).status_code == status
    acts.release(brief=row, by=week.zhao.actor(), at=LATER)
    assert [client_of(getattr(week, who)).get(url).status_code for who in ("li", "audit", "lin")] == [200, 200, 404]
    office.put(brief_readers={"daily": [], "weekly": [week.lin.pk, week.zhou.pk], "monthly": []})
    assert [client_of(getattr(week, who)).get(url).status_code for who in ("lin", "sun", "zhou")] == [200, 404, 403]


def test_the_list_costs_the_same_with_one_and_three(week: Cast) -> None:
    client, days = client_of(week.zhao), iter(range(0, 70, 7))
    one_and_three(
        lambda: client.get(reverse("insight:briefs")), lambda: drafted(day=MONDAY - timedelta(days=next(days))), 4
    )


def test_pages_are_walked_from_asking_to_the_file(week: Cast) -> None:
    client = client_of(week.zhao)

    def sent(name: str, *args: Any, **data: Any) -> Any:
        from chenyue.core.ids import token

        return client.post(reverse(f"insight:{name}", args=args), data | {"idempotency_key": token()})

    assert sent("brief-new", kind="weekly", day="2999-01-01").status_code == 422
    assert sent("brief-new", kind="weekly", day="2026-11-\x00").status_code == 422
    row = drafted()
    page = client.get(reverse("insight:brief", args=[row.pk])).content.decode()
    assert "总体情况" in page and "口径" in page
    refused = sent("brief-edit", row.pk, version=row.version, overview_done="请打13912345678。")
    assert refused.status_code == 422 and "13912345678" in refused.content.decode()
    assert sent("brief-edit", row.pk, version=row.version, overview_received="换一种说法。").status_code == 303
    assert "换一种说法" in client.get(reverse("insight:brief", args=[row.pk])).content.decode()
    assert client.get(reverse("insight:brief-preview", args=[row.pk, "xlsx"])).status_code == 200
    assert sent("brief-release", row.pk, version="1").status_code == 303
    row.refresh_from_db()
    assert row.state == "draft"  # a stale page releases nothing
    sent("brief-release", row.pk, version=row.version)
    answer = client.get(reverse("insight:brief-file", args=[row.pk, "pdf"]))
    assert answer.status_code == 200 and b"".join(answer).startswith(b"%PDF-")
    assert sent("brief-take-back", row.pk, words="").status_code == 422
    assert sent("brief-readers", on=["weekly"], hour="7", weekly=[week.zhou.pk]).status_code == 422
    assert sent("brief-readers", on=["weekly"], hour="7", weekly=[week.li.pk]).status_code == 303
    assert telling.chosen("weekly") == [week.li.pk] and office.get("briefs")["daily"] is False


def test_an_answer_late_in_the_day_is_counted_when_it_is_written(week: Cast) -> None:
    case = Case.objects.filter(sensitivity="normal", state="received").order_by("pk").first()
    assert case is not None
    move(case=case, move=Move.TRIAGE, by=week.li.actor(), at=NOW + timedelta(hours=3))
    assert drafted().figures["counts"]["received"]["now"] == 2
