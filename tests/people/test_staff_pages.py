"""The pages of whoever manages people, and requests about personal data."""

import json
import re
from typing import Any

import pytest
from django.test import Client

import cast as players
from chenyue.people import actions, privacy
from chenyue.people.models import DataRequest, Grant, Member, Resident, Role, Unit
from chenyue.timeline.models import Entry
from helpers import one_and_three

AT = players.NOW
pytestmark = pytest.mark.django_db
KEEPERS = ["/people/members/", "/people/members/new/", "/people/units/", "/people/units/new/",
           "/people/units/drainage/", "/people/roles/", "/people/roles/new/", "/people/roles/admin/"]  # fmt: skip
PRIVACY = ["/people/requests/", "/people/requests/new/"]


@pytest.fixture
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine the versions of cached data would be read again in the middle of counting."""
    from chenyue.core import snapshots

    monkeypatch.setattr(snapshots, "CHECK_EVERY", 3600.0)


def send(client: Client, url: str, key: str = "k1", **data: Any) -> Any:
    return client.post(url, data | {"idempotency_key": key})


def test_only_those_who_may(cast: players.Cast) -> None:
    member = f"/people/members/{cast.li.pk}/"
    for url in [*KEEPERS, member, *PRIVACY, "/people/consents/"]:
        assert players.client_of(None).get(url).status_code == 302, url
        for stranger in (cast.zhou, cast.wang, cast.lin, cast.audit):
            assert players.client_of(stranger).get(url).status_code == 403, url
    for url in [*KEEPERS, member]:
        assert players.client_of(cast.zhao).get(url).status_code == 403, url
        assert players.client_of(cast.admin).get(url).status_code == 200, url
    for url in PRIVACY:
        assert players.client_of(cast.zhao).get(url).status_code == 200, url


def test_a_bounded_keeper_cannot_grant_themselves_the_rest(cast: players.Cast) -> None:
    unit = cast.units["drainage"]
    Grant.objects.create(member=cast.lin, role=Role.objects.get(code="admin"), unit=unit)
    client = players.client_of(cast.lin)
    assert client.get("/people/members/").status_code == 403
    director = Role.objects.get(code="director").pk
    answer = send(client, f"/people/members/{cast.lin.pk}/grants/", role=director, sensitivity="sealed")
    assert answer.status_code == 403
    assert not cast.lin.grants.filter(role_id=director).exists()


def test_buttons_refuse_strangers_and_links(cast: players.Cast) -> None:
    grant = cast.li.grants.first().pk
    base = f"/people/members/{cast.li.pk}/"
    for url in (f"{base}active/", f"{base}password/", f"{base}second-factor/", f"{base}grants/",
                f"/people/grants/{grant}/take/", "/people/units/drainage/active/"):  # fmt: skip
        assert send(players.client_of(cast.zhou), url).status_code == 403, url
        assert players.client_of(cast.admin).get(url).status_code == 405, url
    assert Member.objects.get(pk=cast.li.pk).password == cast.li.password


def test_adding_a_member(cast: players.Cast) -> None:
    client = players.client_of(cast.admin)
    data = {"username": "Fang", "name": "方晓", "unit": cast.units["centre"].pk, "phone": "13700000001"}
    page = send(client, "/people/members/new/", **data)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    [password] = re.findall(r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b", page.content.decode())
    member = Member.objects.get(username="fang")
    assert member.check_password(password)
    assert member.must_change_password
    again = send(client, "/people/members/new/", **data)
    assert again.status_code == 303
    assert password not in client.get(again["Location"]).content.decode()
    assert Member.objects.filter(name="方晓").count() == 1
    taken = send(client, "/people/members/new/", key="k2", **data)
    assert taken.status_code == 422
    assert "13700000001" in taken.content.decode(), "what was typed is kept"
    kept = repr(list(Entry.objects.filter(subject=f"member:{member.pk}").values_list("data", flat=True)))
    assert password not in kept


def test_changing_a_member_roles_and_account(cast: players.Cast) -> None:
    client = players.client_of(cast.admin)
    base = f"/people/members/{cast.zhou.pk}/"
    assert send(client, base, name="周新", unit="").status_code == 303
    role = Role.objects.get(code="steward").pk
    place = cast.place("金桂苑1幢").pk
    assert send(client, base + "grants/", role=role, place=place, sensitivity="normal").status_code == 303
    page = client.get(base).content.decode()
    assert "周新" in page
    assert "金桂苑1幢" in page
    grant = cast.zhou.grants.get()
    assert send(client, f"/people/grants/{grant.pk}/take/", key="k2").status_code == 303
    assert not cast.zhou.grants.exists()
    assert send(client, base + "active/", active="no").status_code == 303
    assert not Member.objects.get(pk=cast.zhou.pk).is_active
    new = send(client, base + "password/", key="k3")
    assert new.status_code == 200
    assert send(client, base + "password/", key="k3").status_code == 303, "a repeated post makes no second password"


def test_the_last_admin_reads_why_not(cast: players.Cast) -> None:
    client = players.client_of(cast.admin)
    answer = send(client, f"/people/members/{cast.admin.pk}/active/", active="no")
    assert "总要有人能管理" in client.get(answer["Location"]).content.decode()
    assert Member.objects.get(pk=cast.admin.pk).is_active


def test_units_and_roles(cast: players.Cast) -> None:
    client = players.client_of(cast.admin)
    assert send(client, "/people/units/new/", code="lamps", name="路灯所", kind="station").status_code == 303
    wrong = send(client, "/people/units/new/", key="k2", code="lamps", name="又一个", kind="station")
    assert wrong.status_code == 422
    assert send(client, "/people/units/lamps/", name="路灯管理所", kind="station").status_code == 303
    assert send(client, "/people/units/lamps/active/", active="no").status_code == 303
    unit = Unit.objects.get(code="lamps")
    assert (unit.name, unit.active) == ("路灯管理所", False)
    words = ["case.see", "case.file"]
    assert send(client, "/people/roles/new/", code="night", name="夜班", permissions=words).status_code == 303
    assert send(client, "/people/roles/night/", name="夜班", permissions=words[:1]).status_code == 303
    assert Role.objects.get(code="night").permissions == ["case.see"]
    assert send(client, "/people/roles/new/", key="k9", code="x1", name="x", permissions=["root"]).status_code == 422


@pytest.mark.usefixtures("_steady")
def test_pages_cost_the_same_with_one_and_three(cast: players.Cast) -> None:
    client = players.client_of(cast.admin)
    made: list[int] = []

    def add() -> None:
        made.append(1)
        member, _password = actions.add_member(username=f"n{len(made)}", name="新人", by=cast.admin.actor(), at=AT)
        actions.give_grant(member=member, role=Role.objects.get(code="steward"), by=cast.admin.actor(), at=AT)

    client.get("/people/members/")
    one_and_three(lambda: client.get("/people/members/"), add, 6)


def ask(cast: players.Cast, kind: str, phone: str = "13800000001") -> DataRequest:
    chen = actions.register_resident(name="陈大明", phone=phone, email="c@example.org", at=AT)
    return actions.open_request(resident=chen, kind=kind, words="我要看", by=cast.zhao.actor(), at=AT)


def made_sure(cast: players.Cast, asked: DataRequest) -> DataRequest:
    actions.confirm_identity(request=asked, how="card", by=cast.zhao.actor(), at=AT)
    return asked


def test_a_request_has_a_clock_and_a_decision(cast: players.Cast) -> None:
    client = players.client_of(cast.zhao)
    data = {"phone": "138 0000 0001", "name": "陈大明", "kind": "inspect", "words": "看看你们存了什么"}
    answer = send(client, "/people/requests/new/", **data)
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "陈**" in page
    assert "13800000001" not in page
    asked = DataRequest.objects.get()
    assert asked.due_at is not None
    assert (asked.due_at - asked.asked_at).days >= 18  # 15 working days
    no_reason = send(client, answer["Location"], granted="no")
    assert no_reason.status_code == 422
    assert send(client, answer["Location"], key="k2", granted="no", reason="无法核实本人").status_code == 303
    late = send(client, answer["Location"], key="k3", granted="yes")
    assert late.status_code == 422
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("refused", cast.zhao)
    assert client.post(f"/people/requests/{asked.pk}/copy/").status_code == 404


def test_asked_twice_is_one_request(cast: players.Cast) -> None:
    assert ask(cast, "copy").pk == ask(cast, "copy").pk


def test_the_copy_is_whole_and_recorded(cast: players.Cast) -> None:
    asked = made_sure(cast, ask(cast, "copy"))
    reason = {"subject": "case:x", "reason": "回访", "by": cast.li.actor(), "at": AT}
    actions.reveal_contact(resident=asked.resident, **reason)
    privacy.register_copy("test", lambda resident: [{"words": "水管坏了"}])
    try:
        answer = players.client_of(cast.zhao).post(f"/people/requests/{asked.pk}/copy/")
    finally:
        privacy._copies.pop("test")
    copy = json.loads(answer.content)
    assert copy["telephone"] == "13800000001"
    assert copy["looked_at"][0]["reason"] == "回访"
    assert copy["test"] == [{"words": "水管坏了"}]
    assert "attachment" in answer["Content-Disposition"]
    assert Entry.objects.filter(subject=f"resident:{asked.resident_id}", verb="people.copy_made").exists()
    for other in (cast.li, cast.zhou):
        assert players.client_of(other).post(f"/people/requests/{asked.pk}/copy/").status_code == 403


def test_erasing_leaves_a_tombstone(cast: players.Cast) -> None:
    asked = made_sure(cast, ask(cast, "delete"))
    actions.seed_consents(at=AT)
    actions.give_consent(resident=asked.resident, purpose="contact", at=AT)
    by = cast.zhao.actor()
    actions.decide_request(request=asked, granted=True, reason="", by=by, at=AT)
    stone = Resident.objects.get(pk=asked.resident_id)
    assert stone.erased_at == AT
    assert not any([stone.name, stone.phone, stone.email, stone.phone_index, stone.name_index])
    assert not stone.consents.filter(withdrawn_at=None).exists()
    asked.refresh_from_db()
    assert asked.words == ""
    assert actions.register_resident(name="陈大明", phone="13800000001", at=AT).pk != stone.pk
    kept = repr(list(Entry.objects.values_list("data", "actor_label")))
    assert "陈大明" not in kept
    assert "1380000" not in kept
    actions.erase_resident(resident=stone, by=by, at=players.at(days=1))
    assert Resident.objects.get(pk=stone.pk).erased_at == AT


@pytest.mark.usefixtures("_steady")
def test_register_costs_the_same_with_one_and_three(cast: players.Cast) -> None:
    client = players.client_of(cast.zhao)
    made: list[int] = []

    def add() -> None:
        made.append(1)
        ask(cast, "copy", phone=f"1380000{len(made):04d}")

    client.get("/people/requests/")
    one_and_three(lambda: client.get("/people/requests/"), add, 5)


def test_consent_texts_by_the_page(cast: players.Cast) -> None:
    actions.seed_consents(at=AT)
    client = players.client_of(cast.admin)
    assert client.get("/people/consents/").status_code == 200
    assert client.post("/people/consents/", {"purpose": "contact", "text": "新的说明"}).status_code == 303
    assert "第 2 版" in client.get("/people/consents/").content.decode()
    assert client.post("/people/consents/", {"purpose": "contact", "text": " "}).status_code == 422
