"""Plan versions: never edited, replaced; whose stance comes along and who is asked again; the trend over them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import Cast
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.works import actions, plans, queries
from chenyue.works.lifecycle import Step
from chenyue.works.models import Ballot, PlanPart, RegisteredHome, Stance
from works.stage import DOORS, day, stage

CONCERNED, OTHER = "1单元101", "2单元102"


def test_only_homes_that_a_change_concerns_are_asked_again(cast: Cast):
    here = stage(cast)
    for door in (CONCERNED, "1单元201", OTHER):
        here.says(door, "support", 1)
    new = here.next_version(14, sheds="拆除车棚，另建充电棚。")
    assert (here.published.carried, here.published.ask_again) == (1, 2)
    found = queries.standing(new, day(15))
    assert {h.door: h.stand for h in found.homes if h.stand != "silent"} == {
        CONCERNED: "ask_again",
        "1单元201": "ask_again",
        OTHER: "support",
    }
    assert found.by_id[here.home(OTHER).pk].carried
    here.plan = new
    here.says(CONCERNED, "rather_against", 16)
    found = queries.tally(new, day(17))
    assert (found.stands["ask_again"].homes, found.carried, found.against.homes) == (1, 1, 1)
    assert [(s.plan.number, s.ask_again) for s in queries.history(here.home(CONCERNED), here.project)] == [
        (2, False),
        (2, True),
        (1, False),
    ]
    third = here.next_version(28)
    found = queries.standing(third, day(29)).by_id
    assert found[here.home("1单元201").pk].stand == "ask_again"  # still not asked
    assert found[here.home(CONCERNED).pk].stand == "rather_against"
    root = Stance.objects.get(plan=third, home=here.home(OTHER)).carried_from
    assert root.plan_id == Stance.objects.order_by("pk").first().plan_id and root.at == day(1)


def test_what_came_along_grows_stale_from_the_day_it_was_said(cast: Cast):
    here = stage(cast, stale_days=30)
    here.says(OTHER, "support", 1)
    new = here.next_version(28)
    assert queries.tally(new, day(30)).stale == 0
    assert queries.tally(new, day(32)).stale == 1


def test_ballots_never_come_along(cast: Cast):
    here = stage(cast)
    here.votes(OTHER)
    new = here.next_version(14)
    assert queries.tally(new, day(15)).decision.homes_voting == 0
    assert queries.tally(here.plan, day(15)).decision.homes_voting == 1
    assert Ballot.objects.count() == 1


def test_everybody_may_be_asked_again(cast: Cast):
    here = stage(cast)
    here.says(OTHER, "support", 1)
    plan = actions.make_plan(project=here.project, title="第二版", by=here.zhao, at=day(7))
    done = actions.publish_plan(plan=plan, by=here.zhao, at=day(7), ask_everyone=True)
    assert (done.carried, done.ask_again) == (0, 1)


def test_what_was_taken_back_and_what_tenants_said_does_not_come_along(cast: Cast):
    here = stage(cast)
    actions.withdraw_stance(stance=here.says(OTHER, "support", 1), by=here.li, at=day(2))
    here.says(CONCERNED, "against", 1, speaker="tenant")
    new = here.next_version(14)
    assert not Stance.objects.filter(plan=new).exists()


def test_a_published_version_is_never_changed(cast: Cast):
    here = stage(cast)
    for act in (
        lambda: actions.save_plan(plan=here.plan, title="改", words="", by=here.zhao, at=day(1)),
        lambda: actions.save_part(plan=here.plan, key="pipes", title="改", text="改", by=here.zhao, at=day(1)),
        lambda: actions.remove_part(plan=here.plan, key="pipes", by=here.zhao, at=day(1)),
        lambda: actions.drop_plan(plan=here.plan, by=here.zhao, at=day(1)),
        lambda: actions.publish_plan(plan=here.plan, by=here.zhao, at=day(1)),
    ):
        with pytest.raises(Refusal):
            act()
    assert PlanPart.objects.get(plan=here.plan, key="pipes").text == "更换全部立管。"


def test_one_draft_at_a_time_and_it_may_be_thrown_away(cast: Cast):
    here = stage(cast)
    draft = actions.make_plan(project=here.project, title="二", by=here.zhao, at=day(1))
    with pytest.raises(Refusal):
        actions.make_plan(project=here.project, title="三", by=here.zhao, at=day(1))
    with pytest.raises(Refusal, match="草稿"):
        here.says(CONCERNED, "support", plan=draft)
    actions.drop_plan(plan=draft, by=here.zhao, at=day(1))
    assert actions.make_plan(project=here.project, title="三", by=here.zhao, at=day(1)).number == 2


def test_a_version_without_parts_is_not_published(cast: Cast):
    here = stage(cast)
    draft = actions.make_plan(project=here.project, title="二", by=here.zhao, at=day(1))
    for key in ("pipes", "sheds"):
        actions.remove_part(plan=draft, key=key, by=here.zhao, at=day(1))
    with pytest.raises(Refusal):
        actions.publish_plan(plan=draft, by=here.zhao, at=day(1))


def test_parts_are_about_places_of_the_project_only(cast: Cast):
    here = stage(cast)
    draft = actions.make_plan(project=here.project, title="二", by=here.zhao, at=day(1))
    elsewhere = next(p for p in _buildings() if p.estate_id != cast.place("金桂苑").pk)
    for whom in ({"buildings": [elsewhere.pk]}, {"lines": [f"{elsewhere.pk}:1单元01"]}, {"homes": [999_999]}):
        with pytest.raises(Refusal):
            actions.save_part(plan=draft, title="新", text="新", whom=whom, by=here.zhao, at=day(1))
    added = actions.save_part(plan=draft, title="车 棚", text="新", by=here.zhao, at=day(1))
    again = actions.save_part(plan=draft, title="车 棚", text="新", by=here.zhao, at=day(1))
    assert (added.key, again.key) == ("车-棚", "车-棚-2")


def _buildings():
    from chenyue.places.models import Place

    return Place.objects.filter(kind="building").order_by("pk")


def test_who_may_write_plans(cast: Cast):
    here = stage(cast)
    for nobody in (cast.li, cast.lin, cast.wang, cast.zhou):
        with pytest.raises(NotAllowed):
            actions.make_plan(project=here.project, title="x", by=nobody.actor(), at=day(1))


def test_differences_are_named(cast: Cast):
    here = stage(cast)
    draft = actions.make_plan(project=here.project, title="二", by=here.zhao, at=day(1))
    actions.save_part(plan=draft, key="pipes", title="雨污管道", text="更换全部立管。\n", by=here.zhao, at=day(1))
    actions.save_part(plan=draft, key="sheds", title="车棚", text="拆除车棚。", by=here.zhao, at=day(1))
    actions.save_part(plan=draft, key="lamps", title="路灯", text="换灯。", by=here.zhao, at=day(1))
    found = plans.diff(here.plan.parts.all(), draft.parts.all())
    assert {c.key: c.kind for c in found} == {"pipes": "same", "sheds": "moved", "lamps": "added"}
    assert [c.kind for c in plans.diff(draft.parts.all(), here.plan.parts.all())][-1] == "removed"


# The trend


def test_the_trend_turns_week_by_week_and_every_home_is_somewhere(cast: Cast):
    here = stage(cast)
    for door in DOORS[:6]:
        here.says(door, "against", 1)
    for door in DOORS[:3]:
        here.says(door, "rather_support", 9)
    new = here.next_version(15, sheds="保留车棚。")
    here.plan = new
    for door in DOORS[:6]:
        here.says(door, "support", 22)
    found = queries.trend(here.project, day(24))
    assert [w.monday for w in found.weeks] == [day(7 * n).date() for n in range(4)]
    assert [w.version for w in found.weeks] == [1, 1, 2, 2]
    assert [w.counts["against"] for w in found.weeks] == [6, 3, 2, 0]
    assert [w.counts["rather_support"] for w in found.weeks] == [0, 3, 1, 0]
    assert [w.counts["ask_again"] for w in found.weeks] == [0, 0, 3, 0]
    assert [w.counts["support"] for w in found.weeks] == [0, 0, 0, 6]
    assert all(sum(w.counts.values()) == found.homes == 12 for w in found.weeks)
    assert found.changes == {day(0).date(): 1, day(14).date(): 2}
    assert len(found.series()) == 7 and len(found.moments) == 4


def test_a_trend_without_a_plan_is_empty(cast: Cast):
    here = stage(cast)
    assert queries.trend(here.project, day(-1)).weeks == []


acts_of_a_home = st.lists(
    st.tuples(
        st.integers(0, 27),  # day
        st.integers(0, 3),  # home
        st.sampled_from([*map(str, Step), "withdraw"]),
        st.sampled_from(["door", "web", "paper", "phone"]),
    ),
    max_size=14,
)


@pytest.mark.django_db
@given(story=acts_of_a_home)
@settings(max_examples=10, deadline=None)
def test_the_trend_is_what_the_tally_says_at_each_moment(story):
    from django.db import transaction

    from chenyue.core import ids

    with transaction.atomic():
        here = stage(Cast(), doors=DOORS[:4], number=f"W{ids.token()[:12]}")
        replaced = False
        for when, n, step, how in sorted(story):
            if when >= 14 and not replaced:
                here.plan, replaced = here.next_version(14, sheds="另建车棚。"), True
            home = here.home(DOORS[n])
            if step == "withdraw":
                held = Stance.objects.filter(
                    home=home, plan=here.plan, counts=True, superseded_at=None, withdrawn_at=None
                )
                if row := held.first():
                    actions.withdraw_stance(stance=row, by=here.li, at=day(when, 3))  # said at 2:24
            else:
                here.says(DOORS[n], step, when + 0.1, how)
        for week in queries.trend(here.project, day(28)).weeks:
            plan = next(v for v in queries.versions(here.project) if v.number == week.version)
            found = queries.tally(plan, week.until)
            assert {s: c.homes for s, c in found.stands.items()} == week.counts
            assert sum(week.counts.values()) == 4
        one = Stance.objects.filter(counts=True, superseded_at=None).values_list("home_id", "plan_id")
        assert len(one) == len(set(one))
        transaction.set_rollback(True)
    assert not RegisteredHome.objects.exists()
