"""Root-cause projects: begun of a finding, done, counted by the same rule, proved or not; who may; photographs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cast import NOW, Cast
from chenyue.catalogue.models import Category
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.insight import counting, deciding, forgetting, root_chores, root_files, roots
from chenyue.insight.counting import Rule
from chenyue.insight.keeping import keep
from chenyue.insight.looking import doors_until, spots_until
from chenyue.insight.models import Pain, RootProject
from chenyue.insight.roots import Plan
from chenyue.notify.models import Notice
from chenyue.people.events import ResidentErased
from chenyue.timeline.queries import entries, visible_for
from insight.pains_stage import Town
from insight.root_doors import PIXEL

TODAY = timezone.localtime(NOW).date()
DAY = timedelta(days=1)


@pytest.fixture
def town(cast: Cast) -> Town:
    return Town(cast)


def spot(town: Town) -> Pain:
    town.usual()
    town.cases(town.places[0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 20, 27])
    keep(spots_until(TODAY), at=NOW, seconds=0)
    return Pain.objects.get()


def plan(town: Town, rule: Rule, /, **more: Any) -> Plan:
    found = Plan(
        "换一段塌陷的污水管", town.cast.units["drainage"], town.cast.lin, "管段塌陷。", "换管。", TODAY - DAY * 59,
        TODAY, 3, TODAY + DAY * 20, rule,
    )  # fmt: skip
    return replace(found, **more)


def made(town: Town, pain: Pain | None = None, **more: Any) -> RootProject:
    rule = counting.rule_of(pain) if pain else Rule(town.places[0].pk, town.kind.pk)
    return roots.make(plan=plan(town, rule, **more), pain=pain, by=town.cast.zhao.actor(), at=NOW)


def fresh(row: RootProject) -> RootProject:
    return RootProject.objects.get(pk=row.pk)


def test_from_a_finding_to_its_proof(town: Town) -> None:
    pain = spot(town)
    row = made(town, pain)
    assert row.number == f"R{TODAY.year}-0001"
    assert (row.before_count, row.counted) == (17, {"place": town.places[0].pk, "category": town.kind.pk})
    assert Pain.objects.get().state == "project"
    with pytest.raises(Conflict):
        made(town, pain)
    roots.done(project=row, on=TODAY, by=town.cast.lin.actor(), at=NOW)
    town.cases(town.places[0], [-20, -30], words="还有一次")
    town.cases(town.places[0], [-21], words="还有一次")
    assert root_chores.count_what_is_due(NOW + DAY * 60) == 0
    assert root_chores.count_what_is_due(NOW + DAY * 61) == 1
    row = fresh(row)
    assert (row.state, row.after_count, row.proof["verdict"], row.count_on) == ("proved", 1, "proved", None)
    assert row.proof["high"] < 1 and row.proof["after_until"] == (TODAY + DAY * 60).isoformat()
    assert Notice.objects.filter(member=town.cast.lin, url=f"/desk/insight/projects/{row.number}/").count() == 1
    told = [line.verb for line in entries(row.subject, visible_for("office"))]
    assert told == ["root.proved", "root.done", "root.made"]
    assert root_chores.count_what_is_due(NOW + DAY * 62) == 0


def test_what_did_not_help_has_failed_and_is_found_again(town: Town) -> None:
    pain = spot(town)
    row = made(town, pain)
    roots.done(project=row, on=TODAY, by=town.cast.zhao.actor(), at=NOW)
    town.cases(town.places[0], [-n for n in range(3, 60, 4)])
    keep(spots_until(TODAY + DAY * 20), at=NOW, seconds=0)
    assert Pain.objects.get().state == "project"
    root_chores.count_what_is_due(NOW + DAY * 61)
    row = fresh(row)
    assert (row.state, row.proof["verdict"]) == ("failed", "same")
    keep(spots_until(TODAY + DAY * 20), at=NOW, seconds=0)
    assert Pain.objects.get().state == "new"
    again = roots.reopen(project=row, reason="管只换了一半。", by=town.cast.lin.actor(), at=NOW + DAY * 62)
    assert (again.state, again.done_on, again.proof) == ("open", None, {})


def test_too_few_are_counted_on_and_the_end_is_a_year(town: Town) -> None:
    town.cases(town.places[0], [5, 9, 14, 22])
    row = made(town, target=1)
    roots.done(project=row, on=TODAY, by=town.cast.lin.actor(), at=NOW)
    town.cases(town.places[1], [-n for n in range(1, 400, 3)])
    days = []
    while (row := fresh(row)).count_on is not None and row.state == "proving":
        days.append((row.count_on - TODAY).days)
        root_chores.count_what_is_due(NOW + DAY * days[-1])
    # Twice the days make four before and none after a proof.
    assert (days, row.state, row.proof["verdict"]) == ([61, 121], "proved", "proved")


def test_a_kind_that_was_split_meanwhile_proves_nothing(town: Town) -> None:
    town.cases(town.places[0], list(range(1, 40, 2)))
    row = made(town)
    roots.done(project=row, on=TODAY, by=town.cast.lin.actor(), at=NOW)
    Category.objects.filter(pk=town.kind.pk).update(active=False)
    root_chores.count_what_is_due(NOW + DAY * 61)
    row = fresh(row)
    assert (row.state, row.proof["verdict"], row.count_on) == ("proving", "changed", None)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"before_from": TODAY, "before_until": TODAY - DAY}, "before_until"),
        ({"before_until": TODAY + DAY}, "before_until"),
        ({"before_from": TODAY - DAY * 5}, "before_from"),
        ({"rule": Rule()}, "category"),
        ({"target": 4}, "target"),
    ],
)
def test_what_a_project_can_not_be_held_to(town: Town, changed: dict[str, Any], field: str) -> None:
    town.cases(town.places[0], [5, 9, 14, 22])
    with pytest.raises(Refusal) as refused:
        made(town, **({"target": 1} | changed))
    assert refused.value.field == field
    assert not RootProject.objects.exists()


def test_it_is_held_to_what_was_agreed_once_it_is_done(town: Town) -> None:
    town.cases(town.places[0], [5, 9, 14, 22])
    row, lin = made(town, target=1), town.cast.lin.actor()
    changed = roots.change(project=row, plan=plan(town, Rule.read(row.counted), target=2), by=lin, at=NOW, version=1)
    assert changed.target == 2
    with pytest.raises(Conflict):
        roots.change(project=row, plan=plan(town, Rule.read(row.counted)), by=lin, at=NOW, version=1)
    with pytest.raises(Refusal):
        roots.done(project=row, on=TODAY + DAY, by=lin, at=NOW)
    with pytest.raises(Refusal):
        roots.done(project=row, on=TODAY - DAY, by=lin, at=NOW)
    roots.done(project=row, on=TODAY, by=lin, at=NOW)
    with pytest.raises(Conflict):
        roots.change(project=row, plan=plan(town, Rule.read(row.counted)), by=lin, at=NOW)
    assert roots.stop(project=row, reason="房子要拆。", by=lin, at=NOW).state == "stopped"


def test_who_may_not(town: Town) -> None:
    town.cases(town.places[0], [5, 9, 14, 22])
    with pytest.raises(NotAllowed):
        roots.make(plan=plan(town, Rule(town.places[0].pk), target=1), by=town.cast.li.actor(), at=NOW)
    row = made(town, target=1)
    for act in (
        lambda by: roots.done(project=row, on=TODAY, by=by, at=NOW),
        lambda by: roots.stop(project=row, reason="不做了", by=by, at=NOW),
        lambda by: root_files.add(
            project=row, stage="before", uploads=[SimpleUploadedFile("前.png", PIXEL)], words="", by=by, at=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            act(town.cast.sun.actor())
    assert fresh(row).version == 1


def test_one_over_its_day_is_told_once(town: Town) -> None:
    town.cases(town.places[0], [5, 9, 14, 22])
    made(town, target=1)
    for n in (21, 22):
        root_chores.count_what_is_due(NOW + DAY * n)
    assert Notice.objects.filter(member=town.cast.lin).count() == 1


def test_photographs_come_and_go_with_their_files(town: Town) -> None:
    town.cases(town.places[0], [5, 9, 14, 22])
    row, by = made(town, target=1), town.cast.lin.actor()
    picture = SimpleUploadedFile("前.png", PIXEL)
    row = root_files.add(project=row, stage="before", uploads=[picture], words="塌陷处", by=by, at=NOW)
    kept = row.files[0]
    assert (kept["stage"], kept["words"]) == ("before", "塌陷处") and default_storage.exists(kept["path"])
    assert root_chores._known({kept["path"], "roots/else.jpg"}) == {kept["path"]}
    paper = SimpleUploadedFile("前.pdf", b"%PDF-1.4\n%%EOF\n")
    with pytest.raises(Refusal):
        root_files.add(project=row, stage="before", uploads=[paper], words="", by=by, at=NOW)
    assert root_files.remove(project=row, token=kept["token"], by=by, at=NOW).files == []


def test_a_decision_needs_a_reason_and_one_who_may(town: Town) -> None:
    pain, zhao = spot(town), town.cast.zhao.actor()
    with pytest.raises(Refusal) as refused:
        deciding.decide(pain=pain, to="dismissed", reason=" ", by=zhao, at=NOW)
    assert refused.value.field == "reason"
    with pytest.raises(NotAllowed):
        deciding.decide(pain=pain, to="seen", reason="", by=town.cast.li.actor(), at=NOW)
    with pytest.raises(Conflict):
        deciding.decide(pain=pain, to="project", reason="", by=zhao, at=NOW)
    row = deciding.decide(pain=pain, to="dismissed", reason="台风天。", by=zhao, at=NOW, version=1)
    assert (row.state, row.decided_count, row.decided_by) == ("dismissed", row.count, town.cast.zhao)
    with pytest.raises(Conflict):
        deciding.decide(pain=pain, to="seen", reason="", by=zhao, at=NOW, version=1)


def test_who_is_forgotten_is_no_longer_known_to_have_come_again(town: Town) -> None:
    who = town.person()
    town.cases(town.places[1], [4, 30, 40, 50], who=who)
    keep(doors_until(TODAY), at=NOW, seconds=0)
    pain = Pain.objects.get()
    assert forgetting.copy_of(who)[0]["times"] == 4
    row = made(town, pain, target=1)
    assert row.counted["who"] == who.pk
    forgetting.on_erased(ResidentErased(who, None, town.cast.zhao.actor(), NOW, name="何大爷", email="", phone=""))
    pain = Pain.objects.get()
    assert (pain.cases, pain.state, str(who.pk) in pain.key.split(":")) == ([], "gone", False)
    assert fresh(row).counted == {} and counting.changed(Rule.read(fresh(row).counted))
    assert forgetting.copy_of(who) == []
