"""Personal data: one spelling, found again, masked, encrypted."""

import pytest
from django.db import connection

import cast as players
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.people import actions, masking, personal, queries
from chenyue.people.models import Look, Resident
from chenyue.people.residents import agrees, contact
from chenyue.timeline.models import Entry
from helpers import count

AT = players.NOW


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001", "１３８００００００ ０１", "+86 138 0000 0001", "+8613800000001", "8613800000001",
        "0086-138-0000-0001", " 138-0000-0001\u200b", "（138）00000001", "138 0000 0001",
    ],
)  # fmt: skip
def test_one_spelling_of_a_mobile(typed: str) -> None:
    assert personal.phone(typed) == "13800000001"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("0531-88880000", "053188880000"), ("+86 531 8888 0000", "053188880000"), ("88880000转12", "88880000-12"),
     ("12345", "12345"), ("", ""), ("  ", "")],
)  # fmt: skip
def test_other_numbers(typed: str, stored: str) -> None:
    assert personal.phone(typed) == stored


@pytest.mark.parametrize("typed", ["abc", "1234", "张三13800000001", "1" * 16, "138000x0001!"])
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        personal.phone(typed)
    assert refused.value.field == "phone"


def test_id_numbers_are_checked() -> None:
    assert personal.id_number(" 11010519491231002x ") == "11010519491231002X"  # the example of GB 11643
    with pytest.raises(Refusal):
        personal.id_number("110105194912310021")


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (masking.mask_phone, "13800000001", "138****0001"),
        (masking.mask_phone, "88880000", "88****00"),
        (masking.mask_phone, "", ""),
        (masking.mask_name, "李小明", "李**"),
        (masking.mask_name, "李明", "李*"),
        (masking.mask_name, "欧阳小明", "欧阳**"),
        (masking.mask_name, "李", "李*"),
        (masking.mask_name, "", ""),
        (masking.mask_id, "11010519491231002X", "110105********002X"),
        (masking.mask_email, "chenming@example.org", "c***@example.org"),
    ],
)
def test_masks(mask: object, plain: str, masked: str) -> None:
    assert mask(plain) == masked  # type: ignore[operator]


def test_masks_inside_words() -> None:
    words = (
        "我叫陈大明，电话138-0000-0001或0531-88880000，身份证11010519491231002X，"
        "邮箱a.b@example.org，3-2-401，2026年11月22日"
    )
    masked = masking.mask_words(words)
    for secret in ("138-0000-0001", "13800000001", "88880000", "194912", "a.b@"):
        assert secret not in masked
    assert "3-2-401" in masked
    assert "2026年11月22日" in masked
    assert masking.holds_contact(words)
    assert not masking.holds_contact("3-2-401 漏水三天，20261122 起")


@pytest.mark.django_db
def test_a_resident_is_registered_once() -> None:
    one = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    same = actions.register_resident(name=" 陳大明 ", phone="+86 138 0000 0001", email="c@example.org", at=AT)
    assert same.pk == one.pk
    assert Resident.objects.get(pk=one.pk).email == "c@example.org"
    wife = actions.register_resident(name="王芳", phone="13800000001", at=AT)
    assert wife.pk != one.pk
    nameless = actions.register_resident(phone="13800000009", at=AT)
    named = actions.register_resident(name="李雷", phone="13800000009", at=AT)
    assert named.pk == nameless.pk
    assert Resident.objects.get(pk=named.pk).name == "李雷"


@pytest.mark.django_db
def test_registering_costs_one_statement_or_two() -> None:
    assert count(lambda: actions.register_resident(name="新人", phone="13800000002", at=AT)) == 2
    assert count(lambda: actions.register_resident(name="新人", phone="13800000002", at=AT)) == 1
    assert count(lambda: actions.register_resident(name="没有电话", at=AT)) == 1


@pytest.mark.django_db
def test_two_at_once_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from chenyue.people import residents

    first = actions.register_resident(name="陈大明", phone="13800000003", at=AT)
    looked = []
    real = residents._known

    def blind_once(wanted: Resident) -> Resident | None:
        looked.append(1)
        return None if len(looked) == 1 else real(wanted)

    monkeypatch.setattr(residents, "_known", blind_once)
    assert actions.register_resident(name="陈大明", phone="13800000003", at=AT).pk == first.pk


@pytest.mark.django_db
def test_nothing_readable_is_stored() -> None:
    actions.register_resident(
        name="陈大明", phone="13800000001", email="c@example.org", id_number="11010519491231002X", at=AT
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_resident")
        raw = repr(cursor.fetchall())
    for secret in ("陈大明", "13800000001", "c@example.org", "1949"):
        assert secret not in raw
    assert str(Resident.objects.first()).startswith("Resident ")


@pytest.mark.django_db
def test_found_only_exactly() -> None:
    chen = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    assert [r.pk for r in queries.find_residents(phone="+86 138 0000 0001")] == [chen.pk]
    assert queries.find_residents(phone="1380000000") == []
    assert queries.find_residents(name="陈大明") == []
    assert queries.find_residents(phone="13800000001", name="王芳") == []
    assert queries.find_residents(phone="not a number") == []


def test_contact_is_masked_by_default() -> None:
    chen = Resident(name="陈大明", phone="13800000001", email="chen@example.org", address="金桂苑1幢101")
    shown = repr(contact(chen))
    assert "138****0001" in shown
    for secret in ("大明", "13800000001", "101", "chen@"):
        assert secret not in shown
    assert contact(chen, unmasked=True).phone == "13800000001"
    assert contact(None).name == ""


@pytest.mark.django_db
def test_looking_needs_permission_and_reason_and_leaves_a_trace(cast: players.Cast) -> None:
    chen = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    look = {"resident": chen, "subject": "case:x", "at": AT}
    with pytest.raises(NotAllowed):
        actions.reveal_contact(**look, reason="想看看", by=cast.zhou.actor())
    with pytest.raises(NotAllowed):
        actions.reveal_contact(**look, reason="想看看", by=cast.wang.actor())
    for reason in ("", " ", "x" * 201):
        with pytest.raises(Refusal):
            actions.reveal_contact(**look, reason=reason, by=cast.li.actor())
    assert not Look.objects.exists()
    shown = actions.reveal_contact(**look, reason="回访，另一号码13900000002", by=cast.li.actor())
    assert shown["phone"] == "13800000001"
    entry = Entry.objects.get(subject="case:x")
    assert (entry.verb, entry.visible_to, entry.actor_key) == ("people.contact_revealed", "office", str(cast.li.pk))
    assert "1380000" not in repr(entry.data)
    assert "13900000002" not in repr(entry.data)
    assert queries.unmasked(cast.li, [chen.pk], "case:x", AT) == {chen.pk}
    assert queries.unmasked(cast.li, [chen.pk], "case:x", players.at(hours=1)) == set()
    assert queries.unmasked(cast.sun, [chen.pk], "case:x", AT) == set()
    assert queries.unmasked(cast.li, [chen.pk], "case:y", AT) == set()


@pytest.mark.django_db
def test_looking_is_bound_to_the_unit(cast: players.Cast) -> None:
    chen = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    theirs, own = {cast.units["greening"].pk}, {cast.units["drainage"].pk}
    look = {"resident": chen, "subject": "case:x", "at": AT, "reason": "上门联系", "by": cast.lin.actor()}
    with pytest.raises(NotAllowed):
        actions.reveal_contact(**look, unit_ids=theirs)
    with pytest.raises(NotAllowed):
        actions.reveal_contact(**look, unit_ids=own, sensitivity="private")
    assert actions.reveal_contact(**look, unit_ids=own)["name"] == "陈大明"


@pytest.mark.django_db
def test_locked_data_is_not_shown(cast: players.Cast) -> None:
    chen = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    actions.lock_resident(resident=chen, locked=True, by=cast.li.actor(), at=AT)
    with pytest.raises(Refusal):
        actions.reveal_contact(resident=chen, subject="case:x", reason="回访", by=cast.li.actor(), at=AT)
    actions.lock_resident(resident=chen, locked=False, by=cast.li.actor(), at=AT)
    assert actions.reveal_contact(resident=chen, subject="case:x", reason="回访", by=cast.li.actor(), at=AT)


@pytest.mark.django_db
def test_consents_have_versions_and_can_be_taken_back(cast: players.Cast) -> None:
    chen = actions.register_resident(name="陈大明", phone="13800000001", at=AT)
    by = cast.li.actor()
    actions.seed_consents(at=AT)
    actions.seed_consents(at=AT)
    given = actions.give_consent(resident=chen, purpose="contact", at=AT)
    assert given.text.version == 1
    assert agrees(chen, "contact")
    newer = actions.save_consent_text(purpose="contact", text="新的说明", by=by, at=AT)
    assert newer.version == 2
    assert actions.save_consent_text(purpose="contact", text="新的说明", by=by, at=AT).pk == newer.pk
    assert actions.give_consent(resident=chen, purpose="contact", at=AT).text_id == newer.pk
    assert actions.withdraw_consent(resident=chen, purpose="contact", by=by, at=AT) == 2
    assert actions.withdraw_consent(resident=chen, purpose="contact", by=by, at=AT) == 0
    assert not agrees(chen, "contact")
    with pytest.raises(Refusal):
        actions.give_consent(resident=chen, purpose="nothing", at=AT)
