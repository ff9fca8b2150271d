"""Pages of contracts and bookings: what they show to whom, the supplier's own page, and attacks on it."""

import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core.ids import token
from chenyue.volunteering import buying
from chenyue.volunteering.models import Booking, Contract, Supplier
from helpers import one_and_three
from volunteering.contracts_doors import Bought
from volunteering.contracts_stage import PIN, Shop
from volunteering.stage import moment

pytestmark = pytest.mark.django_db
CONTRACT: dict[str, Any] = {
    "number": "CG-9", "title": "艾灸服务", "starts_on": "2026-11-01", "ends_on": "2027-10-31", "budget": "1,000.50",
    "cancel_hours": "24", "late_percent": "50", "last_hours": "2", "second_percent": "50", "missed_percent": "0",
}  # fmt: skip


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def sent(client: Client, door: str, /, *args: Any, **data: Any) -> Any:
    """A form with its key."""
    return client.post(reverse(f"volunteering:{door}", args=args), data | {"idempotency_key": token()})


def at_counter(shop: Shop, when: Any) -> Client:
    """A telephone on which the supplier has entered its number."""
    buying.set_pin(supplier=shop.supplier, pin=PIN, by=shop.zhao, at=moment())
    client = Client()
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=when):
        assert sent(client, "supplier-page", shop.supplier.code, pin=PIN).status_code == 303
    return client


# Staff


def test_a_contract_is_written_down_mended_and_signed_by_forms(shop: Shop) -> None:
    zhao, keeper = client_of(shop.cast.zhao), client_of(shop.keeper.user)
    wrong = sent(
        zhao, "contract-new", **CONTRACT | {"supplier": shop.supplier.pk, "budget": "-5", "ends_on": "2026-01-01"}
    )
    assert wrong.status_code == 422 and "艾灸服务" in wrong.content.decode()
    made = sent(zhao, "contract-new", **CONTRACT | {"supplier": shop.supplier.pk})
    row = Contract.objects.get(number="CG-9")
    assert made.status_code == 303 and (row.budget, row.terms["late"]) == (100_050, [[2, 50]])
    line = {
        "name": "艾灸", "price": "45", "quantity": "10", "credits": "2.5", "minutes": "30", "per_month": "2",
        "elder_hours": "0", "elder_age": "60",
    }  # fmt: skip
    assert sent(zhao, "service-new", row.pk, **line).status_code == 303
    sent(zhao, "contract-sign", row.pk)
    row.refresh_from_db()
    assert row.state == "draft"  # who wrote it down can't
    sent(keeper, "contract-sign", row.pk)
    row.refresh_from_db()
    assert row.state == "running"
    slots = {
        "service": row.services.get().pk, "first": "2027-03-01", "begins": "09:00", "minutes": "30", "in_a_row": "2",
        "gap": "0", "capacity": "3",
    }  # fmt: skip
    assert sent(zhao, "slots-new", row.pk, **slots).status_code == 303
    assert row.services.get().slots.count() == 2


def test_a_stale_form_of_a_draft_keeps_what_was_typed(shop: Shop) -> None:
    draft, zhao = shop.draft(number="CG-9"), client_of(shop.cast.zhao)
    data = CONTRACT | {"supplier": shop.supplier.pk, "version": draft.version}
    assert sent(zhao, "contract-edit", draft.pk, **data).status_code == 303
    late = sent(zhao, "contract-edit", draft.pk, **data | {"title": "另一个标题"})
    assert late.status_code == 409 and "另一个标题" in late.content.decode()


def test_lists_cost_the_same_with_one_row_and_with_three(shop: Shop) -> None:
    client, slot = client_of(shop.cast.zhao), shop.slot(3, capacity=30)
    one_and_three(
        lambda: client.get(reverse("volunteering:bookings") + "?only=all"),
        lambda: shop.booked(slot, shop.person()),
        4,
    )


def test_staff_see_masked_names_until_they_say_why(shop: Shop) -> None:
    person = shop.person()
    row, li = shop.booked(shop.slot(3), person), client_of(shop.cast.li)
    pages = [reverse("volunteering:booking", args=[row.number]), reverse("volunteering:slot", args=[row.slot_id])]
    for url in [*pages, reverse("volunteering:bookings") + "?only=all"]:
        body = li.get(url).content.decode()
        assert person.name not in body and person.phone not in body
    assert sent(li, "booking-do", row.number, "contact", reason="").status_code == 422
    assert sent(li, "booking-do", row.number, "contact", reason="电话核实").status_code == 303
    assert person.phone in li.get(pages[0]).content.decode()


def test_the_office_signs_in_bulk_but_not_what_looks_odd(shop: Shop) -> None:
    slot = shop.slot(3, capacity=5)
    rows = [shop.attended(slot, shop.person()) for _n in range(2)]
    Booking.objects.filter(pk=rows[1].pk).update(flags=["night"])
    keeper = client_of(shop.keeper.user)
    sent(keeper, "bookings-sign", booking=[row.number for row in rows])
    assert [Booking.objects.get(pk=row.pk).signed_at is not None for row in rows] == [True, False]


def test_an_appeal_is_decided_on_its_page(cast: Cast) -> None:
    here = Bought(cast)
    zhao = client_of(cast.zhao)
    assert sent(zhao, "booking-decide", here.plea.pk, upheld="yes", reason="", version=1).status_code == 422
    assert sent(zhao, "booking-decide", here.plea.pk, upheld="yes", reason="属实", version=1).status_code == 303
    here.missed.refresh_from_db()
    assert here.missed.state == "cancelled"


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_settlement_is_read_and_taken_home(cast: Cast, kind: str) -> None:
    here = Bought(cast)
    audit = client_of(cast.audit)
    found = audit.get(reverse("volunteering:settlement", args=[here.contract.pk, "2026-11"])).content.decode()
    assert "60.00" in found and here.signed.resident.name not in found
    file = audit.get(reverse("volunteering:settlement-file", args=[here.contract.pk, "2026-11", kind]))
    assert file.status_code == 200 and len(file.content) > 2000
    assert audit.get(reverse("volunteering:settlement", args=[here.contract.pk, "2026-13"])).status_code == 404


# Everybody


def test_the_public_page_shows_stock_price_and_budget_and_nobody(shop: Shop) -> None:
    person = shop.person()
    slot = shop.slot(3)
    shop.booked(slot, person)
    with mock.patch("chenyue.volunteering.views.contracts_public.now", return_value=moment(2)):
        body = Client().get(reverse("volunteering:services")).content.decode()
    assert "中医推拿" in body and "6,000.00" in body and "5,940.00" in body and "99 / 100" in body
    assert person.name not in body and person.phone not in body and "¥" not in body


def test_a_voucher_says_nothing_to_strangers(shop: Shop) -> None:
    row = shop.booked(shop.slot(3), shop.person())
    real = Client().get(reverse("volunteering:supplier-voucher", args=[row.code])).content.decode()
    invented = Client().get(reverse("volunteering:supplier-voucher", args=["ACDE-FGHJ-KMNP"])).content.decode()
    assert "中医推拿" not in real and row.resident.name not in real

    def plain(page: str) -> str:
        return re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}|nonce=\S+|csrf\S+|value=\"[^\"]*\"|/voucher/\S+", "", page)

    assert plain(real) == plain(invented)


# The supplier's page


def test_a_supplier_reads_a_voucher_and_the_name_is_gone(shop: Shop) -> None:
    slot, person = shop.slot(3), shop.person()
    row = shop.booked(slot, person)
    client = at_counter(shop, slot.starts_at)
    url = reverse("volunteering:supplier-page", args=[shop.supplier.code])
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=slot.starts_at):
        before = client.get(url).content.decode()
        assert person.name[:1] + "**" in before and person.name not in before and person.phone not in before
        assert row.code not in before  # only the person has the voucher
        assert sent(client, "supplier-redeem", shop.supplier.code, code=row.code).status_code == 303
        again = sent(client, "supplier-redeem", shop.supplier.code, code=row.code)
        after = client.get(url).content.decode()
    assert again.status_code == 422 and person.name[:1] + "**" not in after
    row.refresh_from_db()
    assert row.state == "attended"


def test_numbers_and_codes_are_not_guessed(shop: Shop) -> None:
    buying.set_pin(supplier=shop.supplier, pin=PIN, by=shop.zhao, at=moment())
    client, code = Client(), shop.supplier.code
    assert [sent(client, "supplier-page", code, pin=f"{n}31415").status_code for n in range(5)] == [422] * 5
    locked = sent(client, "supplier-page", code, pin=PIN)
    assert locked.status_code == 422 and "supplier" not in str(dict(client.session))


def test_codes_of_vouchers_are_not_tried_without_end(shop: Shop) -> None:
    slot = shop.slot(3)
    row = shop.booked(slot, shop.person())
    client = at_counter(shop, slot.starts_at)
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=slot.starts_at):
        for n in range(20):
            sent(client, "supplier-redeem", shop.supplier.code, code=f"ACDE-FGHJ-{n:04d}")
        assert sent(client, "supplier-redeem", shop.supplier.code, code=row.code).status_code == 422
    row.refresh_from_db()
    assert row.state == "held"


def test_a_supplier_sees_and_touches_nothing_of_another(shop: Shop) -> None:
    slot = shop.slot(3)
    row = shop.booked(slot, shop.person())
    mine = shop.supplier
    shop.supplier = shop.new_supplier(name="别家")
    client = at_counter(shop, slot.starts_at)
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=slot.ends_at):
        assert "pin" in client.get(reverse("volunteering:supplier-page", args=[mine.code])).content.decode()
        assert sent(client, "supplier-missed", mine.code, row.number).status_code == 303  # to its door
        assert sent(client, "supplier-missed", shop.supplier.code, row.number).status_code == 404
        assert sent(client, "supplier-off", shop.supplier.code, slot.pk, reason="x").status_code == 404
        assert sent(client, "supplier-redeem", shop.supplier.code, code=row.code).status_code == 422
    row.refresh_from_db()
    assert row.state == "held"


def test_a_new_number_or_address_closes_open_browsers(shop: Shop) -> None:
    slot = shop.slot(3)
    client = at_counter(shop, slot.starts_at)
    buying.set_pin(supplier=shop.supplier, pin="314159", by=shop.zhao, at=moment())
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=slot.starts_at):
        url = reverse("volunteering:supplier-page", args=[shop.supplier.code])
        assert 'name="pin"' in client.get(url).content.decode()
    old = shop.supplier.code
    buying.new_page(supplier=shop.supplier, by=shop.zhao, at=moment())
    assert Client().get(reverse("volunteering:supplier-page", args=[old])).status_code == 404


def test_the_day_ends_for_the_counter(shop: Shop) -> None:
    slot = shop.slot(3)
    client = at_counter(shop, slot.starts_at)
    tomorrow = slot.starts_at + timedelta(days=1)
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=tomorrow):
        url = reverse("volunteering:supplier-page", args=[shop.supplier.code])
        assert 'name="pin"' in client.get(url).content.decode()


def test_a_supplier_calls_a_time_off_with_a_reason(shop: Shop) -> None:
    slot = shop.slot(3)
    row = shop.booked(slot, shop.person())
    when = slot.starts_at - timedelta(hours=5)
    client = at_counter(shop, when)
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=when):
        assert sent(client, "supplier-off", shop.supplier.code, slot.pk, reason="").status_code == 422
        assert sent(client, "supplier-off", shop.supplier.code, slot.pk, reason="医师生病").status_code == 303
    row.refresh_from_db()
    assert (row.state, row.reason) == ("called_off", "医师生病")


def test_the_pin_stands_nowhere(shop: Shop) -> None:
    from chenyue.core.models import IdempotencyKey
    from chenyue.timeline.models import Entry

    zhao = client_of(shop.cast.zhao)
    assert sent(zhao, "supplier-pin", shop.supplier.pk, pin=PIN, again="1").status_code == 422
    assert sent(zhao, "supplier-pin", shop.supplier.pk, pin=PIN, again=PIN).status_code == 303
    assert not IdempotencyKey.objects.exists()
    assert PIN not in str(list(Entry.objects.filter(subject=shop.supplier.subject).values_list("data", flat=True)))
    assert Supplier.objects.get(pk=shop.supplier.pk).pin.startswith("argon2")


def test_what_is_hidden_in_words_stays_words(shop: Shop) -> None:
    supplier = shop.new_supplier(name="<script>alert(1)</script>", person="=1+1")
    body = client_of(shop.cast.zhao).get(reverse("volunteering:supplier", args=[supplier.pk])).content.decode()
    assert "<script>alert" not in body
