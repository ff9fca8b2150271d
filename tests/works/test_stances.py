"""Stances and ballots: superseded, never overwritten; in person before from afar; nothing to a replaced plan."""

import pytest

from cast import Cast
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.timeline.models import Entry
from chenyue.works import actions, acts, queries
from chenyue.works.lifecycle import How
from chenyue.works.models import Ballot, Stance
from works.stage import add_home, day, member, owner, stage

DOOR = "1单元101"


def test_a_later_stance_supersedes_and_the_earlier_stays(cast: Cast):
    here = stage(cast)
    first = here.says(DOOR, "against", 1, reasons=["noise", "dust"], words="太吵了")
    second = here.says(DOOR, "rather_support", 8)
    first.refresh_from_db()
    assert first.superseded_at == second.at and first.words == "太吵了"
    assert [s.step for s in queries.history(here.home(DOOR), here.project)] == ["rather_support", "against"]
    assert queries.tally(here.plan, day(9)).stands["rather_support"].homes == 1
    assert queries.tally(here.plan, day(2)).stands["against"].homes == 1


def test_in_person_comes_before_online_whichever_was_first(cast: Cast):
    here = stage(cast)
    online = acts.resident_of(here.home(DOOR))
    web = here.says(DOOR, "support", 1, How.WEB, by=online)
    here.says(DOOR, "against", 2)
    web.refresh_from_db()
    assert web.counts and web.superseded_at == day(2)
    later = here.says(DOOR, "support", 3, How.WEB, by=online)
    assert not later.counts
    found = queries.standing(here.plan, day(4)).by_id[here.home(DOOR).pk]
    assert (found.step, found.otherwise) == ("against", "support")
    assert len(queries.history(here.home(DOOR), here.project)) == 3
    here.says(DOOR, "support", 5)
    found = queries.standing(here.plan, day(6)).by_id[here.home(DOOR).pk]
    assert (found.step, found.otherwise) == ("support", "")
    here.says(DOOR, "support", 7, How.WEB, by=online)  # the same once more is nothing to ask about
    assert queries.standing(here.plan, day(8)).by_id[here.home(DOOR).pk].otherwise == ""


def test_a_paper_entered_late_overrides_what_was_said_online_since(cast: Cast):
    here = stage(cast)
    web = here.says(DOOR, "support", 5, How.WEB, by=acts.resident_of(here.home(DOOR)))
    here.says(DOOR, "against", 6, How.PAPER, said_at=day(3))
    web.refresh_from_db()
    assert not web.counts
    assert queries.tally(here.plan, day(7)).against.homes == 1


def test_a_late_entry_from_afar_is_history_only(cast: Cast):
    here = stage(cast)
    here.says(DOOR, "support", 5, How.PHONE)
    old = here.says(DOOR, "against", 6, How.PHONE, said_at=day(3))
    assert old.superseded_at == day(5)
    assert queries.tally(here.plan, day(7)).support.homes == 1


def test_tenants_are_heard_and_do_not_count(cast: Cast):
    here = stage(cast)
    here.says(DOOR, "support", 1)
    here.says(DOOR, "against", 2, speaker="tenant", words="租期到明年")
    found = queries.tally(here.plan, day(3))
    assert (found.support.homes, found.against.homes, found.tenants) == (1, 0, 1)


def test_a_stance_taken_back_leaves_the_home_silent_and_it_may_speak_again(cast: Cast):
    here = stage(cast)
    said = here.says(DOOR, "support", 1)
    actions.withdraw_stance(stance=said, by=here.li, at=day(2))
    assert actions.withdraw_stance(stance=said, by=here.li, at=day(3)).withdrawn_at == day(2)
    assert queries.tally(here.plan, day(3)).spoken.homes == 0
    here.says(DOOR, "against", 4)
    assert queries.tally(here.plan, day(5)).against.homes == 1
    assert queries.tally(here.plan, day(1, 1)).support.homes == 1
    assert Stance.objects.filter(home=here.home(DOOR)).count() == 2


def test_an_old_stance_cannot_be_taken_back_once_a_newer_one_stands(cast: Cast):
    here = stage(cast)
    first = here.says(DOOR, "support", 1)
    here.says(DOOR, "against", 2)
    with pytest.raises(Conflict):
        actions.withdraw_stance(stance=first, by=here.li, at=day(3))


def test_nothing_is_said_to_a_replaced_plan_and_the_sentence_names_both(cast: Cast):
    here = stage(cast)
    old = here.plan
    here.next_version(14, pipes="只换公共立管。")
    with pytest.raises(Conflict) as refused:
        here.says(DOOR, "support", 15, plan=old)
    assert "第1版" in str(refused.value.sentence) or "1" in str(refused.value.sentence)
    assert "9" in str(refused.value.sentence)  # the day
    with pytest.raises(Conflict):
        here.votes(DOOR, days=15, plan=old)
    assert not Stance.objects.exists() and not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"step": "yes"}, "step"),
        ({"reasons": ["weather"]}, "reasons"),
        ({"parts": ["lift"]}, "parts"),
        ({"speaker": "dog"}, "speaker"),
        ({"said_at": day(5)}, "said_at"),
        ({"said_at": day(-1)}, "said_at"),
        ({"words": "长" * 4001}, "words"),
    ],
)
def test_bad_input_is_refused_at_its_field(cast: Cast, more, field):
    here = stage(cast)
    given = {"step": "support"} | more
    with pytest.raises(Refusal) as refused:
        here.says(DOOR, given.pop("step"), 1, **given)
    assert refused.value.field == field
    assert not Stance.objects.exists()


def test_a_home_of_another_estate_is_refused(cast: Cast):
    here = stage(cast)
    elsewhere = add_home(cast, "1单元101", "蓝湾花园1幢") if _exists(cast, "蓝湾花园1幢") else None
    here.project.buildings = [cast.place("金桂苑2幢").pk]
    here.project.save()
    with pytest.raises(Refusal) as refused:
        here.says(DOOR, "support")
    assert refused.value.field == "home"
    assert elsewhere is None or elsewhere.pk


def _exists(cast: Cast, name: str) -> bool:
    from chenyue.places.models import Place

    return Place.objects.filter(full_name=name).exists()


def test_a_batch_is_all_or_nothing(cast: Cast):
    here = stage(cast)
    said = [actions.Said(here.home(d).pk, "support") for d in ("1单元101", "1单元102")]
    made = actions.take_stances(plan=here.plan, said=said, how=How.PAPER, by=here.li, at=day(1))
    assert len(made) == 2
    wrong = [actions.Said(here.home("2单元101").pk, "support"), actions.Said(here.home("2单元102").pk, "nein")]
    with pytest.raises(Refusal):
        actions.take_stances(plan=here.plan, said=wrong, how=How.PAPER, by=here.li, at=day(1))
    twice = [actions.Said(here.home("2单元101").pk, "support")] * 2
    with pytest.raises(Refusal) as refused:
        actions.take_stances(plan=here.plan, said=twice, how=How.PAPER, by=here.li, at=day(1))
    assert refused.value.field == "home"
    assert Stance.objects.count() == 2


def test_who_may_take_down_what_a_home_says(cast: Cast):
    here = stage(cast)
    home, other = here.home(DOOR), here.home("2单元101")
    for nobody in (cast.zhou, cast.sun, cast.wang, cast.audit):
        with pytest.raises(NotAllowed):
            here.says(DOOR, "support", by=nobody.actor())
    with pytest.raises(NotAllowed):
        here.says(DOOR, "support", how=How.WEB, by=acts.resident_of(other))
    with pytest.raises(NotAllowed):
        here.says(DOOR, "support", how=How.DOOR, by=acts.resident_of(home))
    with pytest.raises(NotAllowed):
        here.says(DOOR, "support", how=How.WEB, by=Actor("resident"))
    near = member(cast, "near", "receptionist", place="金桂苑1幢")
    far = member(cast, "far", "receptionist", place="金桂苑2幢")
    assert here.says(DOOR, "support", by=near.actor()).pk
    with pytest.raises(NotAllowed):
        here.says(DOOR, "support", by=far.actor())


def test_the_timeline_never_says_what_a_home_said(cast: Cast):
    here = stage(cast)
    here.says(DOOR, "against", words="坚决反对")
    entry = Entry.objects.get(verb="works.stance_taken")
    assert entry.subject == here.project.subject
    assert "against" not in str(entry.data) and "坚决" not in str(entry.data) + str(entry.said)


# Ballots


def test_a_ballot_is_signed_once_and_may_be_revoked_with_a_reason(cast: Cast):
    here = stage(cast)
    ballot = here.votes(DOOR, "agree", 2)
    with pytest.raises(Conflict):
        here.votes(DOOR, "disagree", 3)
    with pytest.raises(Refusal) as refused:
        actions.revoke_ballot(ballot=ballot, reason=" ", by=here.li, at=day(3))
    assert refused.value.field == "reason"
    actions.revoke_ballot(ballot=ballot, reason="业主来函撤回", by=here.li, at=day(3))
    here.votes(DOOR, "disagree", 4)
    assert queries.tally(here.plan, day(5)).decision.disagree == (80_00, 1)
    assert queries.tally(here.plan, day(2, 12)).decision.agree_heads.have == 1
    assert [b.vote for b in queries.ballots_of(here.home(DOOR), here.project)] == ["disagree", "agree"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"how": How.WEB}, "how"),
        ({"how": How.PHONE}, "how"),
        ({"signed_by": ""}, "signed_by"),
        ({"signed_on": day(-1).date()}, "signed_on"),
        ({"signed_on": day(9).date()}, "signed_on"),
    ],
)
def test_a_ballot_without_what_makes_it_valid_is_refused(cast: Cast, more, field):
    here = stage(cast)
    with pytest.raises(Refusal) as refused:
        here.votes(DOOR, **more)
    assert refused.value.field == field


def test_quarrelling_coowners_cast_none_until_they_agree(cast: Cast):
    here = stage(cast)
    home = here.home(DOOR)
    ballot = here.votes(DOOR, "agree", 2)
    dispute = actions.open_dispute(home=home, words="夫妻意见不一", by=here.li, at=day(3))
    assert actions.open_dispute(home=home, words="再说一次", by=here.li, at=day(3)).pk == dispute.pk
    ballot.refresh_from_db()
    assert ballot.revoked_at == day(3)
    with pytest.raises(Refusal) as refused:
        here.votes(DOOR, "agree", 4)
    assert refused.value.code == "disputed" and DOOR in str(refused.value.sentence)
    assert queries.tally(here.plan, day(4)).disputed == 1
    actions.settle_dispute(dispute=dispute, by=here.li, at=day(5))
    here.votes(DOOR, "agree", 6)
    assert queries.tally(here.plan, day(7)).decision.agree_heads.have == 1


def test_an_owner_of_six_is_one_head_with_the_area_of_six(cast: Cast):
    here = stage(cast, doors=())
    rich, developer = owner("大户"), owner("开发", "developer")
    for n in range(1, 7):
        here.homes[f"1单元{n}01"] = add_home(cast, f"1单元{n}01", owners=[rich])
    for n in range(1, 4):
        add_home(cast, f"2单元{n}01", owners=[developer], status="unsold")
    add_home(cast, "3单元101", owners=[owner("甲"), owner("乙")])
    add_home(cast, "3单元102")
    here.votes("1单元101", "agree")
    found = queries.tally(here.plan, day(2))
    assert (found.homes, found.heads) == (11, 4)
    assert (found.decision.quorum_heads.have, found.decision.quorum_area.have) == (1, 80_00)


def test_owners_found_to_be_one_are_one_head(cast: Cast):
    here = stage(cast, doors=())
    one, other = owner("同名"), owner("同名")
    add_home(cast, "1单元101", owners=[one])
    add_home(cast, "1单元102", owners=[other])
    assert queries.tally(here.plan, day()).heads == 2
    other.same_as = one
    other.save()
    assert queries.tally(here.plan, day()).heads == 1


def test_without_a_rule_nothing_passes(cast: Cast):
    here = stage(cast, rule="none")
    for door in here.homes:
        here.votes(door)
    found = queries.tally(here.plan, day(2)).decision
    assert found.passed is None and found.agree_heads.share == 1
    assert queries.missing_words(found) == []


def test_what_is_missing_is_said_in_heads_and_area(cast: Cast):
    here = stage(cast)
    for door in list(here.homes)[:5]:
        here.votes(door)
    decision = queries.tally(here.plan, day(2)).decision
    assert (decision.quorum_heads.short, decision.quorum_area.short) == (3, 240_00)
    assert "3" in queries.missing_words(decision)[0] and "240" in queries.missing_words(decision)[0]
    assert (decision.missing.heads, decision.missing.area) == (3, 240_00)
