"""Reading: who sees which project, next doors, lines, early warning; quick for 3,000 homes, few statements."""

import pytest

from cast import Cast
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.works import actions, acts, queries, register
from chenyue.works.lifecycle import How
from chenyue.works.models import Ballot, Owner, Ownership, RegisteredHome, Stance
from growth import STEEP, least
from helpers import count, one_and_three
from works.stage import AREA, BEGAN, DOORS, Stage, add_home, day, member, owner, stage

NUMBER = "W2026-0901"


def test_who_sees_the_project_and_may_do_what(cast: Cast):
    stage(cast)
    near = member(cast, "near", "receptionist", place="金桂苑1幢")
    community = member(cast, "community", "receptionist", place="晨光社区")
    far = member(cast, "far", "receptionist", place="丹桂花园")
    builder = member(cast, "builder", "unit_officer", unit="builder")
    table = {
        "zhao": "see record answer manage",
        "li": "see record",
        "lin": "see answer",
        "sun": "",
        "wang": "",
        "zhou": "",
        "admin": "",
    }
    rows = [(getattr(cast, name), may) for name, may in table.items()]
    rows += [(near, "see record"), (community, "see record"), (far, ""), (builder, "see answer")]
    for who, may in rows:
        for to in ("see", "record", "answer", "manage"):
            if to in may.split():
                assert queries.project_for(who, NUMBER, to).number == NUMBER
            else:
                with pytest.raises(NotAllowed if may else NotFound):
                    queries.project_for(who, NUMBER, to)
        assert [p.number for p in queries.visible(who)] == ([NUMBER] if may else []), who.username


def test_who_must_answer_an_objection_sees_its_project(cast: Cast):
    here = stage(cast)
    row = actions.raise_objection(project=here.project, home=here.home(DOORS[0]), words="树", by=here.li, at=day(1))
    actions.give_objection(objection=row, answerer=cast.sun, by=here.li, at=day(1))
    assert queries.project_for(cast.sun, NUMBER).number == NUMBER


def test_residents_read_what_is_published_and_a_code_opens_one_home(cast: Cast):
    here = stage(cast)
    with pytest.raises(NotFound):
        queries.public(NUMBER)
    here.project.published_at = day()
    here.project.save()
    assert queries.public(NUMBER.lower()).number == NUMBER
    home = here.home(DOORS[0])
    home.code = "ACDE-FGHJ-KMNP"
    home.save()
    assert queries.home_by_code(" acde fghj kmnp ", here.project) == home
    assert queries.home_by_code("ACDE-FGHJ-KMNQ", here.project) is None
    here.project.buildings = [cast.place("金桂苑2幢").pk]
    here.project.save()
    assert queries.home_by_code("ACDE-FGHJ-KMNP", here.project) is None


# Next doors


def test_doors_are_ordered_by_what_a_visit_is_worth_with_the_reason(cast: Cast):
    here = stage(cast)
    here.votes(DOORS[0])
    here.says(DOORS[1], "undecided")
    here.says(DOORS[2], "against")
    here.says(DOORS[3], "support")
    row = actions.raise_objection(project=here.project, home=here.home(DOORS[1]), words="吵", by=here.li, at=day(1))
    actions.answer_objection(objection=row, decision="reject", words="八点后", by=cast.lin.actor(), at=day(2))
    found = queries.next_doors(here.plan, day(3))
    assert found[0].door == DOORS[1] and any(row.number in why for why in found[0].reasons)
    assert found[-1].door == DOORS[2]
    assert DOORS[0] not in [d.door for d in found] and len(found) == 11
    assert all(d.worth > 0 and d.reasons for d in found)
    assert len(queries.next_doors(here.plan, day(3), limit=4)) == 4
    assert queries.next_doors(here.plan, day(3), building=cast.place("金桂苑2幢").pk) == []


def test_an_owner_of_six_is_one_visit_worth_more(cast: Cast):
    here = stage(cast)
    rich = owner("大户")
    for n in range(1, 7):
        here.homes[f"3单元{n}01"] = add_home(cast, f"3单元{n}01", owners=[rich])
    first = queries.next_doors(here.plan, day(1))[0]
    assert (first.homes, first.area, first.door[:3]) == (6, 6 * AREA, "3单元")


def test_what_was_said_online_against_what_was_said_in_person_asks_for_a_visit(cast: Cast):
    here = stage(cast)
    here.says(DOORS[5], "support")
    here.says(DOORS[5], "against", 2, How.WEB, by=acts.resident_of(here.home(DOORS[5])))
    here.says(DOORS[6], "support")
    worth = {d.door: d.worth for d in queries.next_doors(here.plan, day(3))}
    assert worth[DOORS[5]] > worth[DOORS[6]]


def test_a_line_needs_every_home(cast: Cast):
    here = stage(cast)
    for door in ("1单元101", "1单元201", "2单元101", "2单元201", "2单元301"):
        here.says(door, "support")
    here.votes("2单元301", "disagree")  # its ballot, not its stance, counts
    here.votes("1单元301", "agree")
    found = {line.line: line for line in queries.lines(here.plan, day(2))}
    assert found["1单元01"].complete and [h.room for h in found["1单元01"].homes] == ["101", "201", "301"]
    assert (found["2单元01"].missing, found["1单元02"].missing) == (1, 3)
    assert [line.complete for line in queries.lines(here.plan, day(2))][-1] is True
    last = queries.next_doors(here.plan, day(2))
    assert not any("2单元301" in d.door for d in last)


def test_early_warning_sees_a_fall_a_cluster_what_is_stale_and_what_is_late(cast: Cast):
    here = stage(cast, stale_days=10)
    for door in DOORS[:6]:
        here.says(door, "support", 1)
    for door in DOORS[6:10]:
        here.says(door, "against", 1)
    for door in DOORS[:3]:
        here.says(door, "undecided", 10)
    actions.raise_objection(project=here.project, home=here.home(DOORS[6]), words="吵", by=here.li, at=day(1))
    at = day(13)
    found = queries.warnings(here.project, queries.standing(here.plan, at), queries.trend(here.project, at), at)
    assert [w.kind for w in found] == ["falling", "cluster", "stale", "overdue"]
    assert "3" in found[0].sentence and "2单元" in found[1].sentence and "7" in found[2].sentence
    quiet = queries.warnings(
        here.project, queries.standing(here.plan, day(0)), queries.trend(here.project, day(0)), day(0)
    )
    assert quiet == []


# What lists and figures cost


def test_lists_cost_the_same_with_one_row_and_with_three(cast: Cast):
    here = stage(cast)
    home = here.home(DOORS[0])
    steps = iter(("support", "against", "undecided", "support", "against", "support"))
    days = iter(range(1, 20))

    def say():
        here.says(DOORS[0], next(steps), next(days))

    def history():
        return [(s.plan.number, s.taken_by.name, s.carried_from) for s in queries.history(home, here.project)]

    one_and_three(history, say, 1)

    extra = iter(range(1, 10))

    def add_owned():
        n = next(extra)
        here.homes[f"4单元{n}01"] = add_home(cast, f"4单元{n}01", owners=[owner(f"甲{n}"), owner(f"乙{n}")])

    def owners():
        ids = [h.pk for door, h in here.homes.items() if door[0] == "4"]
        return [o.name for found in queries.owners_of(ids).values() for o in found]

    one_and_three(owners, add_owned, 2)
    assert len(owners()) == 6


def test_figures_cost_the_same_with_one_home_and_with_three(cast: Cast):
    here = stage(cast, doors=())
    names = iter(DOORS)

    def add():
        door = next(names)
        here.homes[door] = add_home(cast, door, owners=[owner("某某")])
        here.says(door, "support")
        here.votes(door)

    one_and_three(lambda: queries.tally(here.plan, day(2)), add, 7)
    assert count(lambda: queries.trend(here.project, day(9))) == 3
    assert count(lambda: queries.next_doors(here.plan, day(2))) == 7
    assert count(lambda: queries.lines(here.plan, day(2))) == 7
    assert count(lambda: register.summary(here.project)) == 7
    assert count(lambda: queries.doubts([cast.place("金桂苑").pk])) == 2


def many(here: Stage, numbers: range) -> None:
    """So many homes with their owners, stances and ballots; two of a hundred owners have two homes."""
    place = here.cast.place("金桂苑1幢")
    homes = [
        RegisteredHome(
            estate_id=place.estate_id, building=place, entrance=f"{n % 3}单元", room=str(n), line=f"{n % 9}",
            area=60_00 + n, code=f"P{n:05d}", made_at=BEGAN,
        )
        for n in numbers
    ]  # fmt: skip
    RegisteredHome.objects.bulk_create(homes)
    owners = Owner.objects.bulk_create([Owner(made_at=BEGAN) for _ in homes])
    owned = [Ownership(home=home, owner=owners[n - (n % 50 == 1)]) for n, home in enumerate(homes)]
    Ownership.objects.bulk_create(owned)
    steps = ("support", "rather_support", "undecided", "against")
    stances = [
        Stance(home=home, plan=here.plan, step=steps[n % 4], how="door", at=day(1 + n % 60))
        for n, home in enumerate(homes)
    ]
    Stance.objects.bulk_create(stances)
    voting = [home for n, home in enumerate(homes) if n % 3]
    ballots = [
        Ballot(home=home, plan=here.plan, vote="agree", how="door", signed_on=day(2).date(), at=day(2))
        for home in voting
    ]
    Ballot.objects.bulk_create(ballots)


def test_the_tally_of_four_times_as_many_homes_takes_four_times_as_long(cast: Cast):
    here = stage(cast, doors=())

    def seconds() -> tuple[float, float]:
        return least(lambda: queries.tally(here.plan, day(70))), least(lambda: queries.trend(here.project, day(70)))

    many(here, range(600))
    few = seconds()
    many(here, range(600, 2400))
    found = queries.tally(here.plan, day(70))
    assert (found.homes, found.heads, found.spoken.homes, found.decision.homes_voting) == (2400, 2352, 2400, 1600)
    assert all(after < STEEP * before for before, after in zip(few, seconds(), strict=True))
