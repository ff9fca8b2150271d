"""Terms: one steward a building, what a term lets see, handing on, standing in, leaving in the middle of a case."""

from datetime import date, timedelta
from typing import Any

import pytest

from cast import NOW, at
from chenyue.cases import queries as cases
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.people.models import Grant, Member
from chenyue.stewards import actions, queries, ticks
from chenyue.stewards.models import HandOver, Steward, Term
from chenyue.timeline.models import Entry
from helpers import together
from stewards.stage import TODAY, steward, term

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sees(member: Member, case: Any) -> bool:
    """Asked anew, as the next request would."""
    fresh = Member.objects.get(pk=member.pk)
    return cases.visible(fresh).filter(pk=case.pk).exists()


def test_a_building_has_one_steward(cast: Any) -> None:
    first = steward(cast)
    term(cast, first)
    with pytest.raises(Conflict) as refused:
        term(cast, steward(cast, "钱秀英"))
    assert "周桂珍" in str(refused.value.sentence) and "金桂苑2幢" in str(refused.value.sentence)
    with pytest.raises(Refusal):
        term(cast, first)
    assert Term.objects.filter(building=cast.place("金桂苑2幢"), ended_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_claim_a_building_at_once(cast: Any) -> None:
    rivals = [steward(cast, name) for name in ("周桂珍", "钱秀英")]
    place, by = cast.place("金桂苑2幢"), cast.zhao.actor()

    def claim(who: Steward) -> Term:
        return actions.begin_term(steward=who, building=place, role="main", since=TODAY, by=by, at=NOW)

    found = together(*(lambda who=who: claim(who) for who in rivals))
    assert sorted(type(result).__name__ for result in found) == ["Conflict", "Term"]
    assert Term.objects.filter(building=place).count() == 1
    winner = next(result for result in found if isinstance(result, Term))
    loser = next(result for result in found if isinstance(result, Conflict))
    assert winner.steward.name in str(loser.sentence)


def test_a_term_opens_the_building_and_its_end_closes_it(cast: Any) -> None:
    from helpers import sample_case

    case = sample_case(cast).case
    who = steward(cast, member=cast.zhou)
    assert not sees(cast.zhou, case)
    begun = term(cast, who, "金桂苑3幢")
    assert begun.grant is not None and begun.grant.place == cast.place("金桂苑3幢")
    assert not sees(cast.zhou, case)  # another building of the same estate
    begun = term(cast, who, "金桂苑1幢")
    assert sees(cast.zhou, case)
    opened = actions.end_term(term=begun, reason="resigned", by=cast.zhao.actor(), at=NOW, words="2单元401要多去看看。")
    assert not sees(cast.zhou, case)
    assert opened is not None and opened.words.startswith("2单元401")
    assert queries.buildings_of(cast.zhou, NOW) == [cast.place("金桂苑3幢").pk]
    with pytest.raises(Conflict):
        actions.end_term(term=begun, reason="resigned", by=cast.zhao.actor(), at=NOW)


def test_leaving_in_the_middle_of_a_case(cast: Any) -> None:
    """Open cases stay with their history and their steward of that day; the next one sees them."""
    from helpers import sample_case

    old, new = steward(cast, "王建国", cast.wang), steward(cast, "周某", cast.zhou)
    term(cast, old, "金桂苑1幢")
    case = sample_case(cast).case
    entries = Entry.objects.filter(subject=case.subject).count()
    opened = actions.leave(steward=old, reason="moved", by=cast.zhao.actor(), at=NOW, words="钥匙在门卫。")
    assert [h.building.full_name for h in opened] == ["金桂苑1幢"]
    old.refresh_from_db()
    assert (old.state, old.ended_on, old.moved_on) == ("ended", TODAY, TODAY)
    assert not sees(cast.wang, case) and queries.buildings_of(cast.wang, NOW) == []
    assert queries.for_member(cast.wang) is None
    case.refresh_from_db()
    assert case.state == "assigned" and Entry.objects.filter(subject=case.subject).count() == entries
    begun = term(cast, new, "金桂苑1幢", since=TODAY + DAY, at=at(days=1))
    assert sees(cast.zhou, case)
    hand_over = HandOver.objects.get()
    assert hand_over.begun == begun
    place = cast.place("金桂苑1幢").pk
    assert queries.steward_on(place, TODAY) == old and queries.steward_on(place, TODAY + DAY) == new
    actions.acknowledge(hand_over=hand_over, by=cast.zhou.actor(), at=at(days=1))
    hand_over.refresh_from_db()
    assert hand_over.acknowledged_by == cast.zhou
    with pytest.raises(Conflict):
        actions.acknowledge(hand_over=hand_over, by=cast.zhou.actor(), at=at(days=1))


def test_handing_on_in_one_step(cast: Any) -> None:
    old, new = steward(cast), steward(cast, "钱秀英")
    first = term(cast, old)
    begun, opened = actions.hand_on(term=first, to=new, reason="age", words="慢慢来", by=cast.zhao.actor(), at=NOW)
    assert opened is not None and opened.begun == begun and begun.steward == new
    assert queries.answering([first.building_id], TODAY)[first.building_id].steward_id == new.pk
    new.avoids = [first.building_id]
    new.save()
    third = steward(cast, "孙阿姨", avoids=[first.building_id])
    with pytest.raises(Refusal) as refused:
        actions.hand_on(term=begun, to=third, reason="age", by=cast.zhao.actor(), at=NOW)
    assert refused.value.field == "to"
    begun.refresh_from_db()
    assert begun.ended_at is None  # all or nothing


def test_standing_in_for_a_holiday(cast: Any) -> None:
    away, other = steward(cast, member=cast.wang), steward(cast, "钱秀英", cast.zhou)
    term(cast, away, "金桂苑2幢")
    term(cast, away, "金桂苑3幢")
    boss = cast.zhao.actor()
    with pytest.raises(Refusal, match="金桂苑2幢"):  # no deputy: nothing is written
        actions.substitute(steward=away, by_whom=None, since=TODAY, until=TODAY + DAY, by=boss, at=NOW)
    begun = actions.substitute(steward=away, by_whom=other, since=TODAY, until=TODAY + 6 * DAY, by=boss, at=NOW)
    assert len(begun) == 2
    away.refresh_from_db()
    assert away.state == "away"
    places = [cast.place(name).pk for name in ("金桂苑2幢", "金桂苑3幢")]
    assert {a.steward_id for a in queries.answering(places, TODAY).values()} == {other.pk}
    assert queries.buildings_of(cast.zhou, NOW) == sorted(places)
    assert {a.steward_id for a in queries.answering(places, TODAY + 7 * DAY).values()} == {away.pk}
    with pytest.raises(Conflict):
        actions.substitute(steward=away, by_whom=other, since=TODAY + DAY, until=TODAY + DAY, by=boss, at=NOW)
    with pytest.raises(Refusal):
        actions.substitute(steward=away, by_whom=away, since=TODAY, until=TODAY, by=boss, at=NOW)
    ticks.turn(at(days=6))
    assert Term.objects.filter(role="substitute", ended_at=None).count() == 2
    ticks.turn(at(days=7))
    away.refresh_from_db()
    assert away.state == "active" and not Term.objects.filter(role="substitute", ended_at=None).exists()
    assert not Grant.objects.filter(member=cast.zhou).exists()
    assert Notice.objects.filter(member=cast.wang, text__contains="欢迎回来").count() == 1
    ticks.turn(at(days=7.01))
    assert Notice.objects.filter(member=cast.wang, text__contains="欢迎回来").count() == 1


def test_the_deputy_stands_in_and_stays_deputy(cast: Any) -> None:
    away, deputy = steward(cast), steward(cast, "钱秀英", cast.zhou)
    term(cast, away)
    own = term(cast, deputy, role="deputy")
    begun = actions.substitute(steward=away, by_whom=None, since=TODAY, until=TODAY + DAY, by=cast.zhao.actor(), at=NOW)
    assert begun[0].steward == deputy and begun[0].grant_id == own.grant_id
    actions.come_back(steward=away, by=cast.zhao.actor(), at=at(hours=1))
    own.refresh_from_db()
    assert own.ended_at is None and Grant.objects.filter(pk=own.grant_id).exists()  # still needed
    away.refresh_from_db()
    assert away.state == "active"


def test_a_term_that_begins_later_opens_nothing_before(cast: Any) -> None:
    who = steward(cast, member=cast.zhou)
    begun = term(cast, who, since=TODAY + 3 * DAY, role="deputy")
    assert begun.grant is None and queries.buildings_of(cast.zhou, NOW) == []
    ticks.turn(at(days=2))
    begun.refresh_from_db()
    assert begun.grant is None
    ticks.turn(at(days=3))
    begun.refresh_from_db()
    assert begun.grant is not None and queries.buildings_of(cast.zhou, at(days=3)) == [begun.building_id]


def test_a_term_runs_out(cast: Any) -> None:
    who = steward(cast, member=cast.zhou)
    begun = term(cast, who, until=TODAY + 10 * DAY)
    ticks.remind(NOW)
    ticks.remind(at(hours=2))
    assert Notice.objects.filter(member=cast.zhou, key__startswith="steward.ending").count() == 1
    assert Notice.objects.filter(member=cast.zhao, key__startswith="steward.ending").count() == 1
    ticks.turn(at(days=11))
    begun.refresh_from_db()
    assert begun.end_reason == "expired" and begun.until == TODAY + 10 * DAY and begun.grant is None
    assert HandOver.objects.get(ended=begun).begun is None
    assert Notice.objects.filter(member=cast.zhao, key__startswith="steward.vacant").exists()
    assert queries.steward_on(begun.building_id, TODAY + 11 * DAY) is None


def test_meaning_to_stop_and_going_on_after_all(cast: Any) -> None:
    who = steward(cast, member=cast.zhou)
    begun = term(cast, who)
    actions.leave(steward=who, reason="resigned", on=TODAY + 5 * DAY, by=cast.zhao.actor(), at=NOW, words="照顾孙子")
    begun.refresh_from_db()
    assert begun.ended_at is None and begun.until == TODAY + 5 * DAY
    actions.come_back(steward=who, by=cast.zhao.actor(), at=at(days=1))
    begun.refresh_from_db()
    assert begun.until is None and not HandOver.objects.exists()
    actions.leave(steward=who, reason="resigned", on=TODAY + 5 * DAY, by=cast.zhao.actor(), at=at(days=2))
    ticks.turn(at(days=6))
    who.refresh_from_db()
    begun.refresh_from_db()
    assert who.state == "ended" and begun.end_reason == "resigned" and not Grant.objects.filter(member=cast.zhou)


def test_another_account_takes_over_what_terms_let_see(cast: Any) -> None:
    who = steward(cast, member=cast.zhou)
    term(cast, who)
    version = who.version
    who = actions.save_steward(steward=who, version=version, member=cast.wang, by=cast.zhao.actor(), at=NOW)
    assert not Grant.objects.filter(member=cast.zhou).exists()
    assert Grant.objects.filter(member=cast.wang, place=cast.place("金桂苑2幢")).exists()
    with pytest.raises(Conflict):
        actions.save_steward(steward=who, version=version, note="旧", by=cast.zhao.actor(), at=NOW)
    with pytest.raises(Refusal) as refused:
        steward(cast, "又一个", member=cast.wang)
    assert refused.value.field == "member"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"phone": "不详"}, "phone"),
        ({"birth_year": 2020}, "birth_year"),
        ({"share": 5}, "share"),
        ({"keeps": [1, 2], "avoids": [2]}, "avoids"),
    ],
)
def test_what_a_steward_can_t_be(cast: Any, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.save_steward(**({"name": "周桂珍"} | fields), by=cast.zhao.actor(), at=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"until": date(2026, 10, 1)}, "until"),
        ({"since": date(2026, 10, 1), "until": date(2026, 10, 2)}, "until"),
        ({"since": date(2028, 1, 1)}, "since"),
        ({"role": "substitute"}, "until"),
        ({"place": "金桂苑"}, "building"),
    ],
)
def test_days_and_places_that_can_t_be(cast: Any, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        term(cast, steward(cast), **more)
    assert refused.value.field == field


def test_limits_and_history(cast: Any) -> None:
    who = steward(cast, most_buildings=1)
    first = term(cast, who)
    with pytest.raises(Refusal, match="1"):
        term(cast, who, "金桂苑3幢")
    actions.end_term(term=first, reason="resigned", by=cast.zhao.actor(), at=NOW)
    with pytest.raises(Refusal) as refused:  # nobody can have been steward in another's days
        term(cast, steward(cast, "钱秀英"), since=date(2026, 11, 10))
    assert refused.value.field == "since"


@pytest.mark.parametrize("name", ["wang", "lin", "sun", "admin", "audit", "zhou"])
def test_nobody_else_appoints(cast: Any, name: str) -> None:
    """Another steward and one of the building itself as little as the stranger."""
    who = steward(cast, member=cast.wang)
    begun = term(cast, who, "金桂苑1幢")
    by = getattr(cast, name).actor()
    for act in (
        lambda: actions.save_steward(name="自己", by=by, at=NOW),
        lambda: actions.begin_term(steward=who, building=begun.building, role="deputy", since=TODAY, by=by, at=NOW),
        lambda: actions.end_term(term=begun, reason="other", by=by, at=NOW),
        lambda: actions.substitute(steward=who, by_whom=None, since=TODAY, until=TODAY, by=by, at=NOW),
        lambda: actions.leave(steward=who, reason="other", by=by, at=NOW),
        lambda: actions.come_back(steward=who, by=by, at=NOW),
        lambda: actions.save_facts(building=begun.building, tenants=1, by=by, at=NOW),
        lambda: actions.see_phone(steward=who, reason="问一下", by=by, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_coverage_is_few_statements_and_says_what_is_wrong(cast: Any) -> None:
    from helpers import one_and_three

    who = steward(cast, birth_year=1950, moved_on=TODAY)
    names = iter(["金桂苑2幢", "金桂苑3幢", "金桂苑4幢"])
    estate = cast.place("金桂苑").pk
    one_and_three(lambda: queries.coverage(TODAY, estate), lambda: term(cast, who, next(names)), 3)
    rows = {row.building.full_name: row for row in queries.coverage(TODAY, estate)}
    assert rows["金桂苑1幢"].vacant and "vacant" in rows["金桂苑1幢"].flags
    assert {"old", "moved", "no_deputy"} <= set(rows["金桂苑2幢"].flags) and rows["金桂苑2幢"].main == who


def test_load_counts_weighted_homes(cast: Any) -> None:
    place = cast.place("金桂苑1幢")
    assert queries.load(TODAY)[place.pk] == 36
    actions.save_facts(building=place, elderly_alone=4, disabled=1, tenants=10, by=cast.zhao.actor(), at=NOW)
    assert queries.load(TODAY)[place.pk] == 36 + 4 * 2 + 1 * 2 - 10 * 0.5
    with pytest.raises(Refusal) as refused:
        actions.save_facts(building=place, tenants=40, by=cast.zhao.actor(), at=NOW)
    assert refused.value.field == "tenants"


def test_a_phone_is_looked_at_with_a_reason(cast: Any) -> None:
    who = steward(cast, phone="138 1234 5678")
    with pytest.raises(Refusal):
        actions.see_phone(steward=who, reason=" ", by=cast.zhao.actor(), at=NOW)
    assert actions.see_phone(steward=who, reason="约交接时间", by=cast.zhao.actor(), at=NOW) == "13812345678"
    assert Entry.objects.filter(subject=who.subject, verb="steward.phone_seen").count() == 1


def test_silence_is_said_once(cast: Any) -> None:
    who = steward(cast, since=date(2026, 8, 1))
    term(cast, who)
    ticks.remind(at(days=59))  # written down today: nobody was silent before
    assert not Notice.objects.filter(key__startswith="steward.quiet").exists()
    actions.touch(steward_id=who.pk, at=at(days=10))
    actions.touch(steward_id=who.pk, at=at(days=5))  # came later, was earlier
    who.refresh_from_db()
    assert who.last_active_at == at(days=10)
    for days in (70, 71, 72):
        ticks.remind(at(days=days))
    assert Notice.objects.filter(member=cast.zhao, key__startswith="steward.quiet").count() == 1
