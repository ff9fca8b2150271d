"""Who may do what, and who may say so."""

import pytest
from django.contrib.auth.models import AnonymousUser

import cast as players
from chenyue.core.errors import Refusal
from chenyue.people import actions, permissions, queries, rules
from chenyue.people.models import Grant, Member, Role, Unit
from chenyue.timeline.models import Entry
from helpers import count, one_and_three

AT = players.NOW
pytestmark = pytest.mark.django_db


def test_default_roles_use_known_words_only() -> None:
    for role in Role.objects.all():
        assert set(role.permissions) <= set(permissions.WORDS), role.code
    held = {word for role in Role.objects.all() for word in role.permissions}
    assert held == set(permissions.WORDS), "a word that no role carries can never be used"


def test_strangers_may_nothing(cast: players.Cast) -> None:
    for who in (cast.zhou, AnonymousUser(), None):
        assert not any(rules.may(who, word) for word in permissions.WORDS)
        assert queries.scopes(who, "case.see") == []


def test_within_unit_place_and_sensitivity(cast: players.Cast) -> None:
    own, other = cast.units["drainage"].pk, cast.units["greening"].pk
    assert rules.may(cast.lin, "case.work")
    assert rules.may(cast.lin, "case.work", unit_ids={own, other})
    assert not rules.may(cast.lin, "case.work", unit_ids={other})
    assert not rules.may(cast.lin, "case.work", unit_ids=set())
    assert not rules.may(cast.lin, "case.work", unit_ids={own}, sensitivity="private")
    here, there = cast.place("金桂苑1幢").pk, cast.place("金桂苑2幢").pk
    assert rules.may(cast.wang, "case.see", place_ids={here, 1})
    assert not rules.may(cast.wang, "case.see", place_ids={there})
    assert rules.may(cast.zhao, "case.see", unit_ids=set(), place_ids=set(), sensitivity="sealed")
    assert not rules.may(cast.li, "case.dispatch", sensitivity="sealed")
    assert rules.may(cast.li, "case.dispatch", sensitivity="private")


def test_grants_are_read_once(cast: players.Cast) -> None:
    assert count(lambda: [rules.may(cast.li, word) for word in permissions.WORDS]) == 1
    assert count(lambda: rules.may(cast.li, "case.see")) == 0


def test_deactivated_members_may_nothing_and_vanish(cast: players.Cast) -> None:
    actions.deactivate_member(member=cast.li, by=cast.admin.actor(), at=AT)
    fresh = Member.objects.get(pk=cast.li.pk)
    assert not rules.may(fresh, "case.see")
    assert cast.li not in queries.members()
    assert cast.li not in queries.members_with("case.dispatch")


def test_members_with_a_word(cast: players.Cast) -> None:
    assert set(queries.members_with("case.work", unit_id=cast.units["drainage"].pk)) == {cast.lin, cast.zhao}
    assert set(queries.members_with("case.see", sensitivity="sealed")) == {cast.zhao}


def test_grants_are_given_once_and_recorded(cast: players.Cast) -> None:
    by, role = cast.admin.actor(), Role.objects.get(code="receptionist")
    one = actions.give_grant(member=cast.zhou, role=role, by=by, at=AT, unit=cast.units["centre"])
    two = actions.give_grant(member=cast.zhou, role=role, by=by, at=AT, unit=cast.units["centre"])
    assert one.pk == two.pk
    assert rules.may(cast.zhou, "case.file")
    actions.take_grant(grant=one, by=by, at=AT)
    assert not rules.may(cast.zhou, "case.file")
    verbs = list(Entry.objects.filter(subject=f"member:{cast.zhou.pk}").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["people.grant_given", "people.grant_taken"]


def test_set_roles(cast: players.Cast) -> None:
    by = cast.admin.actor()
    steward, head = Role.objects.get(code="steward"), Role.objects.get(code="unit_head")
    unit = cast.units["drainage"]
    actions.set_roles(member=cast.zhou, roles=[steward], by=by, at=AT)
    actions.set_roles(member=cast.zhou, roles=[head], by=by, at=AT, unit=unit)
    assert [(g.role, g.unit) for g in cast.zhou.grants.all()] == [(head, unit)]


def test_the_last_keeper_stays(cast: players.Cast) -> None:
    by = cast.admin.actor()
    with pytest.raises(Refusal) as refused:
        actions.deactivate_member(member=cast.admin, by=by, at=AT)
    assert refused.value.code == "last_admin"
    assert Member.objects.get(pk=cast.admin.pk).is_active
    [grant] = cast.admin.grants.all()
    with pytest.raises(Refusal):
        actions.take_grant(grant=grant, by=by, at=AT)
    role = Role.objects.get(code="admin")
    with pytest.raises(Refusal):
        actions.save_role(role=role, code="admin", name="管理员", words=["texts.edit"], by=by, at=AT)
    assert "people.edit" in Role.objects.get(code="admin").permissions
    actions.give_grant(member=cast.li, role=role, by=by, at=AT, unit=cast.units["centre"])
    with pytest.raises(Refusal):  # a keeper within bounds isn't enough
        actions.deactivate_member(member=cast.admin, by=by, at=AT)
    actions.give_grant(member=cast.li, role=role, by=by, at=AT)
    actions.deactivate_member(member=cast.admin, by=by, at=AT)


def test_nobody_manages_people_and_audits(cast: players.Cast) -> None:
    by = cast.admin.actor()
    for member, code in ((cast.admin, "auditor"), (cast.audit, "admin")):
        with pytest.raises(Refusal) as refused:
            actions.give_grant(member=member, role=Role.objects.get(code=code), by=by, at=AT)
        assert refused.value.field == "role"


def test_roles_and_units(cast: players.Cast) -> None:
    by = cast.admin.actor()
    role = actions.save_role(code="night", name="夜班", words=["case.see", "case.file"], by=by, at=AT)
    assert role.permissions == ["case.see", "case.file"]
    with pytest.raises(Refusal):
        actions.save_role(code="night", name="又一个", words=[], by=by, at=AT)
    with pytest.raises(Refusal):
        actions.save_role(code="bad", name="坏", words=["root"], by=by, at=AT)
    unit = actions.save_unit(code="lamps", name="路灯所", kind="station", by=by, at=AT)
    assert unit.initials == "lds"
    actions.set_unit_active(unit=unit, active=False, by=by, at=AT)
    assert unit not in queries.units()


def test_first_member_only_once() -> None:
    with pytest.raises(Refusal):
        actions.add_first_member(username="boss", name="头", password="a long enough phrase", at=AT)
    Entry.objects.none()
    Grant.objects.all().delete()
    Member.objects.all().delete()
    with pytest.raises(Refusal):
        actions.add_first_member(username="boss", name="头", password="12345678", at=AT)
    boss = actions.add_first_member(username="Boss", name="头", password="a long enough phrase", at=AT)
    assert boss.username == "boss"
    assert rules.may(boss, "people.edit", unit_ids=(), place_ids=())


def test_lists_cost_the_same_with_one_and_three(cast: players.Cast) -> None:
    by = cast.admin.actor()
    role = Role.objects.get(code="steward")
    made: list[int] = []

    def add_member() -> None:
        made.append(1)
        member, _password = actions.add_member(username=f"new{len(made)}", name="新人", by=by, at=AT)
        actions.give_grant(member=member, role=role, by=by, at=AT)

    one_and_three(lambda: [[g.role.name for g in m.grants.all()] for m in queries.member_list()], add_member, 3)

    def add_unit() -> None:
        made.append(1)
        Unit.objects.create(code=f"u{len(made)}", name="新科", kind="station")

    one_and_three(lambda: [(u.people, u.community) for u in queries.unit_list()], add_unit, 1)
