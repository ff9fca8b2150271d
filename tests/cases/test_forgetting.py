"""A resident's data is deleted: what names them goes everywhere, what was handled stays. And a copy holds it all."""

import pytest

from cast import at
from chenyue.cases import search
from chenyue.cases.actions import ReporterData, add_words, file_appeal
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.actors import Actor
from chenyue.followup.actions import rate
from chenyue.followup.models import Callback
from chenyue.notify.models import Message
from chenyue.people import actions as people
from chenyue.people import privacy
from chenyue.timeline.models import Entry

CHEN = Actor("resident")
NEIGHBOUR = ReporterData("王小二", "13700000002", "wang@example.org")


@pytest.fixture
def case(story, cast):
    chen = ReporterData("陈大明", "13800000001", "chen@example.org", "老陈")
    words = "我是陈大明，电话13800000001，井盖冒黑水，邮箱chen@example.org。"
    filed = file_appeal(
        words=words, title="陈大明反映井盖", channel="web", by=CHEN, at=at(), reporter=chen, consent_contact=True,
        category_code="0103",
    )  # fmt: skip
    file_appeal(words="我也看到了", channel="web", by=CHEN, at=at(), reporter=NEIGHBOUR, join_number=filed.case.number)
    add_words(appeal=filed.appeal, words="打13800000001找陈大明", by=CHEN, at=at(0.1))
    done = story.go(story.go(story.dispatch(filed.case), Move.ACCEPT, "lin", 1), Move.ANSWER, "lin", 2, told="已清。")
    callback = Callback.objects.get(appeal=filed.appeal)
    rate(callback=callback, grade="satisfied", solved=True, words="谢谢，陈大明", by=CHEN, at=at(3))
    return done


def test_a_copy_holds_appeals_ratings_and_consents_and_nothing_of_others(case):
    who = case.appeals.order_by("pk")[0].reporter
    people.give_consent(resident=who, purpose="contact", at=at())
    copy = privacy.copy_of(who)
    (appeal,) = copy["appeals"]
    assert "井盖冒黑水" in appeal["words"] and appeal["added"] == ["打13800000001找陈大明"]
    assert [a["told"] for a in appeal["answers"]] == ["已清。"]
    assert copy["ratings"][0]["grade"] == "satisfied"
    assert copy["consents"][0]["purpose"] == "contact"
    assert "王小二" not in repr(copy) and "13700000002" not in repr(copy)


def test_what_names_the_erased_goes_and_the_record_stays(case, cast):
    mine, other = case.appeals.order_by("pk")
    people.erase_resident(resident=mine.reporter, by=cast.zhao.actor(), at=at(9))
    mine.refresh_from_db()
    assert "井盖冒黑水" in mine.words and "陈**" in mine.words and "138****0001" in mine.words
    assert (mine.email, mine.nickname, mine.title, mine.suggestion) == ("", "", "陈**反映井盖", {})
    said = [a.words for a in mine.additions.all()] + [Callback.objects.get(appeal=mine).rating.words]
    letters = [m.address + m.title + m.body for m in Message.objects.filter(about=case.subject)]
    kept = repr([mine.words, mine.title, Case.objects.get(pk=case.pk).title, *said, *letters])
    for gone in ("陈大明", "13800000001", "chen@example.org"):
        assert gone not in kept
    assert any("wang@example.org" in letter for letter in letters)  # the neighbour's letters stay
    assert not list(search.matching(Case.objects.all(), "13800000001"))
    assert "陈大明" not in repr(list(Entry.objects.values_list("data", flat=True)))
    other.refresh_from_db()
    assert other.words == "我也看到了" and other.reporter.name == "王小二"
    assert Callback.objects.get(appeal=mine).rating.grade == "satisfied"


def test_nobody_calls_the_erased(story, cast, chen):
    filed = file_appeal(
        words="井盖响", channel="web", by=CHEN, at=at(), reporter=chen, consent_contact=True, category_code="0103"
    )
    done = story.go(story.go(story.dispatch(filed.case), Move.ACCEPT, "lin", 1), Move.ANSWER, "lin", 2, told="好了")
    assert Callback.objects.get(case=done).next_try_at is not None
    people.erase_resident(resident=filed.appeal.reporter, by=cast.zhao.actor(), at=at(9))
    assert Callback.objects.get(case=done).next_try_at is None


def test_what_others_wrote_about_them_and_their_photos_go_too(story, cast, django_capture_on_commit_callbacks):
    from pathlib import Path

    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile

    from chenyue.cases.actions import add_note
    from chenyue.cases.models import Answer, Assignment, Attachment, Note
    from chenyue.timeline import queries, verify

    picture = SimpleUploadedFile("我家门口.jpg", story_photo(), "image/jpeg")
    chen = ReporterData("陈大明", "13800000001")
    filed = file_appeal(
        words="井盖响", channel="web", by=CHEN, at=at(), reporter=chen, category_code="0103", attachments=[picture]
    )
    case = story.go(story.dispatch(filed.case), Move.ACCEPT, "lin", 1)
    add_note(case=case, words="陈大明脾气急，打13800000001", by=cast.li.actor(), at=at(1))
    done = "已联系陈大明，约好周三"
    case = story.go(case, Move.ANSWER, "lin", 2, told="陈大明您好，井盖已换。", done=done)
    held = list(Attachment.objects.filter(case=case).values_list("file", "preview"))
    paths = [Path(settings.MEDIA_ROOT) / path for row in held for path in row if path]
    assert paths and all(path.exists() for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        people.erase_resident(resident=filed.appeal.reporter, by=cast.zhao.actor(), at=at(9))
    assert not Attachment.objects.filter(case=case).exists()
    assert not any(path.exists() for path in paths)
    answer = Answer.objects.get(case=case)
    kept = [answer.told, answer.done, *Note.objects.values_list("words", flat=True)]
    kept += Assignment.objects.filter(case=case).values_list("report", flat=True)
    entries = queries.entries(case.subject, queries.visible_for("office"))
    kept += [line.sentence + line.words for line in entries]
    kept += [repr(row) for row in Entry.objects.filter(subject=case.subject).values_list("data", "said")]
    assert "井盖已换" in answer.told and "周三" in answer.done
    for gone in ("陈大明", "13800000001", "我家门口"):
        assert gone not in "\n".join(kept)
    assert any(line.verb == "case.files_forgotten" and "1 张照片" in line.sentence for line in entries)
    assert [line.words for line in entries if line.verb == "case.answered"] == ["（已随个人信息一并删除）"]
    assert [fault for fault in verify.faults() if not isinstance(fault, int)] == []


def story_photo() -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    return out.getvalue()
