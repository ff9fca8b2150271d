"""Units: returns that are reviewed, joint handling, whistles, and who loses access."""

import pytest

from chenyue.cases import rules
from chenyue.cases.actions import accept_part, add_note, bulk_move, confirm_triage, excuse_part, move, report_part
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Assignment, Case, Note, Return
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.notify.models import Notice
from chenyue.people.models import Grant, Role
from chenyue.timeline.models import Entry


def returned(story, case=None, by="lin", hours=1, **more):
    case = case or story.dispatch(story.file())
    return story.go(case, Move.RETURN, by, hours, **({"reason": "not_our_duty", "words": "不是市政管道"} | more))


def test_an_upheld_return_goes_to_the_proposed_unit_and_the_clock_runs_on(story):
    units = story.cast.units
    case = returned(story, proposed_id=units["greening"].pk)
    due = case.resolve_due_at
    assert case.review_due_at
    assert case.state == State.ASSIGNED
    case = story.go(case, Move.UPHOLD_RETURN, "zhao", 2, words="确属绿化")
    assert (case.lead, case.state, case.resolve_due_at) == (units["greening"], State.ASSIGNED, due)
    assert case.review_due_at is None
    assert case.accept_due_at > story.at(2)
    old = Assignment.objects.get(case=case, unit=units["drainage"])
    assert (old.state, old.active) == (Assignment.State.RETURNED, False)
    with pytest.raises(NotFound):
        story.go(case, Move.ACCEPT, "lin", 3)
    assert story.go(case, Move.ACCEPT, "sun", 3).state == State.HANDLING


def test_a_refused_return_is_final_for_that_unit_in_this_round(story):
    case = story.go(returned(story), Move.REFUSE_RETURN, "zhao", 2, words="井在市政道路上")
    assert case.lead.code == "drainage"
    with pytest.raises(Refusal) as refused:
        returned(story, case, hours=3)
    assert refused.value.code == "return_final"
    assert Move.RETURN not in rules.moves_for(
        story.cast.lin, case, list(case.assignments.all()), returned_before=[case.lead_id]
    )


def test_one_return_at_a_time_and_nothing_else_meanwhile(story):
    case = returned(story)
    with pytest.raises(Conflict):
        returned(story, case, hours=1.1)
    with pytest.raises(Refusal):
        story.go(case, Move.ACCEPT, "lin", 1.1)
    with pytest.raises(NotAllowed):
        story.go(case, Move.REFUSE_RETURN, "lin", 1.1, words="不退了")


def test_a_second_return_proposes_a_whistle(story):
    units = story.cast.units
    case = returned(story, proposed_id=units["greening"].pk)
    assert not rules.proposes_whistle(case)
    case = story.go(case, Move.UPHOLD_RETURN, "zhao", 2)
    case = returned(story, case, by="sun", hours=3)
    assert rules.proposes_whistle(case)
    assert Entry.objects.filter(subject=case.subject, verb="case.whistle_proposed").count() == 1
    assert case.returns_count == 2
    assert Return.objects.filter(case=case).count() == 2


def test_a_joint_answer_waits_for_each_assist(story):
    case = story.handling("greening", "centre" if "centre" in story.cast.units else "office")
    assert case.handling == "joint"
    with pytest.raises(Refusal) as refused:
        story.go(case, Move.ANSWER, "lin", 2, told="好了")
    assert refused.value.code == "assists_open"
    assert story.cast.units["greening"].name in str(refused.value.sentence)
    accept_part(case=case, by=story.cast.sun.actor(), at=story.at(2))
    report_part(case=case, done="树坑已清理", by=story.cast.sun.actor(), at=story.at(3))
    with pytest.raises(NotAllowed):
        story.go(case, Move.ANSWER, "sun", 3, told="好了")
    other = case.assignments.exclude(unit__code="greening").get(role="assist")
    with pytest.raises(NotAllowed):
        excuse_part(assignment=other, reason="不涉及", by=story.cast.sun.actor(), at=story.at(3))
    excuse_part(assignment=other, reason="现场不涉及", by=story.cast.zhao.actor(), at=story.at(3))
    assert story.go(case, Move.ANSWER, "lin", 4, told="好了").state == State.ANSWERED


def test_an_assisting_unit_sees_only_its_part(story):
    case = story.dispatch(story.file(), "greening")
    parts = list(case.assignments.all())
    assert rules.moves_for(story.cast.sun, case, parts) in ([], [Move.WHISTLE])
    assert "accept_part" in rules.parts_for(story.cast.sun, case, parts)
    assert rules.parts_for(story.cast.zhou, case, parts) == []


def test_moves_for_shows_what_can_be_done(story):
    case = story.dispatch(story.file())
    parts = list(case.assignments.all())
    assert {Move.ACCEPT, Move.RETURN} <= set(rules.moves_for(story.cast.lin, case, parts))
    assert Move.ACCEPT not in rules.moves_for(story.cast.li, case, parts)
    assert rules.moves_for(story.cast.zhou, case, parts) == []


def test_a_whistle_calls_all_units(story):
    case = story.dispatch(story.file(), "greening")
    story.go(case, Move.WHISTLE, "zhao", 1, words="现场会商", meeting_at=story.at(24), place="三楼会议室")
    heard = Notice.objects.filter(key__startswith="whistled").values_list("member__username", flat=True)
    assert set(heard) == {"lin", "sun"}


def test_a_private_matter_stays_away_from_the_accused_unit(story):
    greening = story.cast.units["greening"]
    private = next(c for c in _categories() if c.private)
    case = story.file(words=f"{greening.name}的工作人员态度恶劣，还收红包", category_code=private.code)
    assert (case.sensitivity, case.accused_unit) == ("private", greening)
    Grant.objects.create(member=story.cast.sun, role=Role.objects.get(code="director"), sensitivity="sealed")
    fresh = type(story.cast.sun).objects.get(pk=story.cast.sun.pk)
    assert not rules.may_see(fresh, case, [])
    with pytest.raises(Refusal):
        story.go(case, Move.DISPATCH, "zhao", 1, lead_id=greening.pk)
    with pytest.raises(NotFound):
        move(case=case, move=Move.TRIAGE, by=fresh.actor(), at=story.at(1))


def _categories():
    from chenyue.catalogue.queries import catalogue

    return catalogue().leaves()


def test_a_triage_correction_never_sends_the_case_elsewhere(story):
    case = story.handling()
    before = (case.lead_id, case.resolve_due_at, case.state)
    other = next(c for c in _categories() if c.lead_code == "greening")
    case = story.go(case, Move.TRIAGE, "li", 2, category_code=other.code)
    assert (case.lead_id, case.resolve_due_at, case.state) == before
    assert case.category.code == other.code


def test_a_stale_form_and_a_double_click(story):
    case = story.dispatch(story.file())
    with pytest.raises(Conflict):
        story.go(case, Move.ACCEPT, "lin", 1, version=case.version - 1)
    story.go(case, Move.ACCEPT, "lin", 1, version=case.version)
    with pytest.raises(Conflict):
        story.go(case, Move.ACCEPT, "lin", 1, version=case.version)
    assert Entry.objects.filter(subject=case.subject, verb="case.accepted").count() == 1


def test_many_at_once_each_for_itself(story):
    first, second, third = story.file(), story.file(), story.file()
    story.dispatch(second)
    lead = story.cast.units["drainage"].pk
    found = bulk_move(
        cases=[first, second, third], move=Move.DISPATCH, by=story.cast.li.actor(), at=story.at(1), lead_id=lead
    )
    assert [o.ok for o in found] == [True, False, True]
    assert found[1].sentence
    assert Case.objects.get(pk=third.pk).state == State.ASSIGNED


def test_confirming_dispatches_nothing(story):
    cases = [story.file(), story.file()]
    assert all(o.ok for o in confirm_triage(cases=cases, by=story.cast.li.actor(), at=story.at(1)))
    for case in cases:
        case.refresh_from_db()
        assert case.triaged_at == story.at(1)
        assert case.state == State.RECEIVED


def test_settled_at_once(story):
    case = story.go(story.file(), Move.SETTLE, "li", 0.2, told="窗口已当场说明办法。", result="explained")
    assert (case.state, case.result) == (State.ANSWERED, "explained")
    assert case.lead_id == (story.cast.li.unit_id or case.lead_id)


def test_a_note_stays_inside(story):
    case = story.handling()
    add_note(case=case, words="居民情绪激动，勿直接上门", by=story.cast.lin.actor(), at=story.at(1))
    entries = Entry.objects.filter(subject=case.subject)
    assert "情绪" not in " ".join(str(e.data) for e in entries)
    assert Note.objects.get(case=case).words.startswith("居民情绪")
    with pytest.raises(NotFound):
        add_note(case=case, words="偷看", by=story.cast.zhou.actor(), at=story.at(1))


def test_the_system_follows_the_table_too(story):
    with pytest.raises(Conflict):
        move(case=story.file(), move=Move.CLOSE, by=SYSTEM, at=story.at(1))
