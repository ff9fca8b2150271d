"""What happens by itself: days that come near, what is anonymised, what is forgotten with a person."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from chenyue.core.actors import SYSTEM
from chenyue.notify.models import Notice
from chenyue.people.privacy import copy_of, erase_resident
from chenyue.people.residents import register_resident
from chenyue.timeline.models import Entry
from chenyue.works import actions, chores, queries
from chenyue.works.lifecycle import ProjectState
from chenyue.works.models import Ballot, Defect, Objection, Owner, Stance, WorksFile
from works.stage import BEGAN, add_home, day, stage

DOOR = "1单元101"


def verbs(here, *names: str) -> list[str]:
    rows = Entry.objects.filter(subject=here.project.subject, verb__in=[f"works.{n}" for n in names])
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_an_objection_is_told_once_before_its_day_and_once_after(cast: Cast):
    here = stage(cast)
    row = actions.raise_objection(project=here.project, home=here.home(DOOR), words="太吵", by=here.li, at=day(1))
    Notice.objects.all().delete()
    due = row.due_at
    for hours in (-30, -20, -10, 0, 1, 5):
        chores.tell_due(due + timedelta(hours=hours))
    assert verbs(here, "objection_due", "objection_late") == ["works.objection_due", "works.objection_late"]
    told = list(Notice.objects.order_by("pk").values_list("member__username", "urgent"))
    assert told.count(("lin", False)) == 1 and told.count(("lin", True)) == 1
    assert ("zhao", True) in told and ("zhao", False) not in told


def test_after_a_long_sleep_only_the_late_one_is_told_and_answers_end_it(cast: Cast):
    here = stage(cast)
    row = actions.raise_objection(project=here.project, home=here.home(DOOR), words="太吵", by=here.li, at=day(1))
    chores.tell_due(day(20))
    chores.tell_due(day(21))
    assert verbs(here, "objection_due", "objection_late") == ["works.objection_late"]
    actions.answer_objection(objection=row, decision="reject", words="好", by=cast.lin.actor(), at=day(22))
    Objection.objects.update(warned_at=None)
    assert chores.tell_due(day(23)) == 0


def test_a_defect_is_told_too(cast: Cast):
    here = stage(cast)
    Defect.objects.create(
        number="D1", project=here.project, words="裂了", unit=cast.units["drainage"], at=day(1), due_at=day(4)
    )
    chores.tell_due(day(3, 12))
    chores.tell_due(day(5))
    assert verbs(here, "defect_due", "defect_late") == ["works.defect_due", "works.defect_late"]


def test_when_it_needn_t_be_kept_words_go_and_figures_stay(cast: Cast, django_capture_on_commit_callbacks):
    here = stage(cast)
    here.says(DOOR, "against", 1, reasons=["noise", "dust"], words="张三说太吵")
    here.says("1单元102", "support", 1)
    here.votes("1单元102", signed_by="李四")
    row = actions.raise_objection(project=here.project, home=here.home(DOOR), words="太吵", by=here.li, at=day(1))
    actions.answer_objection(objection=row, decision="reject", words="八点后", by=cast.lin.actor(), at=day(2))
    actions.respond(objection=row, accepted=True, words="行吧", by=here.li, at=day(3))
    path = default_storage.save("works/2026/09/scan.jpg", ContentFile(b"x"))
    WorksFile.objects.create(
        project=here.project, kind="scan", path=path, name="签字页", content_type="image/jpeg", size=1,
        sha256="0" * 64, at=BEGAN,
    )  # fmt: skip
    before = queries.tally(here.plan, day(4))
    code = here.home(DOOR).code
    here.project.state, here.project.keep_until = ProjectState.CLOSED, day(30).date()
    here.project.save()
    assert chores.anonymise(day(30)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert chores.anonymise(day(31)) == 1
    assert chores.anonymise(day(32)) == 0
    assert not any(s.words or s.reasons for s in Stance.objects.all())
    assert not any(b.signed_by for b in Ballot.objects.all())
    row.refresh_from_db()
    assert not row.words and not row.answers.get().response and row.answers.get().words == "八点后"
    assert not any(o.name or o.name_index for o in Owner.objects.all())
    assert not WorksFile.objects.exists() and not default_storage.exists(path)
    assert queries.home_by_code(code) is None
    after = queries.tally(here.plan, day(4))
    assert (after.stands, after.decision, after.heads) == (before.stands, before.decision, before.heads)
    entry = Entry.objects.get(verb="works.anonymised")
    assert entry.data["reasons"] == {"noise": 1, "dust": 1} and entry.data["stances"] == 2


def test_owners_stay_while_another_project_of_the_estate_goes_on(cast: Cast):
    here = stage(cast)
    stage(cast, doors=(), number="W2026-0902")
    here.project.keep_until = day(1).date()
    here.project.save()
    chores.anonymise(day(3))
    assert Owner.objects.first().name


def test_a_resident_is_forgotten_and_the_count_stays(cast: Cast):
    here = stage(cast, doors=())
    chen = register_resident(name="陈大明", phone="13800000001", at=day(), by=here.li)
    mine = Owner.objects.create(name="陈大明", phone="13800000001", resident=chen, made_at=BEGAN)
    here.homes[DOOR] = add_home(cast, DOOR, owners=[mine])
    here.says(DOOR, "against", 1, words="陈大明：电话13800000001")
    here.votes(DOOR, signed_by="陈大明")
    row = actions.raise_objection(
        project=here.project, home=here.home(DOOR), words="我是陈大明，不同意", by=here.li, at=day(1)
    )
    copy = copy_of(chen)["works"]
    assert [h["home"] for h in copy] == ["金桂苑1幢1单元101"]
    assert copy[0]["stances"][0]["words"] and copy[0]["ballots"] and copy[0]["objections"]
    before = queries.tally(here.plan, day(2)).decision
    erase_resident(resident=chen, by=SYSTEM, at=day(3))
    mine.refresh_from_db()
    row.refresh_from_db()
    kept = [row.words, Stance.objects.get().words, Ballot.objects.get().signed_by, mine.name, mine.phone]
    assert not any("大明" in words or "13800000001" in words for words in kept)
    assert queries.tally(here.plan, day(2)).decision == before


def test_a_copy_leaves_out_what_a_coowner_or_the_next_owner_said(cast: Cast):
    here = stage(cast, doors=())
    chen = register_resident(name="陈大明", phone="13800000001", at=day(), by=here.li)
    mine = Owner.objects.create(name="陈大明", resident=chen, made_at=BEGAN)
    other = Owner.objects.create(name="周某", made_at=BEGAN)
    home = here.homes[DOOR] = add_home(cast, DOOR, owners=[mine, other])
    here.says(DOOR, "against", 1, words="秘密")
    mine.ownerships.update(until=day(5).date())
    here.says(DOOR, "support", 9)
    copy = copy_of(chen)["works"]
    assert [(s["step"], s["words"]) for s in copy[0]["stances"]] == [("against", "")]
    assert home.pk
