"""The pages of proofs as people use them: the code on two telephones, lists, confirming, verifying; who sees what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.core.ids import token
from chenyue.people.models import Resident, ResidentSession
from chenyue.people.resident_session import COOKIE, _print
from chenyue.volunteering import certifying, claiming, confirming, rotating
from chenyue.volunteering.claiming import Told
from chenyue.volunteering.models import Activity, Certificate, Claim, HourEntry, Plea, Scan, SpotCheck, Volunteer
from helpers import one_and_three
from volunteering.deeds_stage import DeedsStage
from works.stage import member


@pytest.fixture
def held(deeds: DeedsStage) -> Activity:
    """An activity that began an hour ago."""
    at = timezone.now() - timedelta(hours=1)
    return deeds.activity(starts_at=at, ends_at=at + timedelta(hours=2), capacity=20, served="金桂苑居民")


def telephone(resident: Resident) -> Client:
    """A browser in which a resident has signed in with their number."""
    client, key = Client(), token()
    at = timezone.now() - timedelta(days=1)
    ResidentSession.objects.create(
        key=_print(key), resident=resident, phone_index=resident.phone_index, made_at=at,
        expires_at=at + timedelta(days=30),
    )  # fmt: skip
    client.cookies[COOKIE] = key
    return client


def code(activity: Activity, ago: timedelta = timedelta(0)) -> str:
    given = rotating.code(activity.secret, activity.number, rotating.window_of(timezone.now() - ago))
    return reverse("volunteering:check-in-code", args=[activity.number, given])


def press(client: Client, activity: Activity, way: str, **more: str) -> Any:
    data = {"way": way, "idempotency_key": token()} | more
    return client.post(reverse("volunteering:check-in", args=[activity.number]), data)


def typed(deeds: DeedsStage, activity: Activity, volunteer: Volunteer) -> Claim:
    told = Told(activity.starts_at, activity.starts_at + timedelta(minutes=50), "清淤")
    at = timezone.now()
    return claiming.claim_typed(volunteers=[volunteer], told=told, by=deeds.lin, at=at, activity=activity)[0]


def test_a_volunteer_scans_in_and_out(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer()
    client = telephone(volunteer.resident)
    assert press(client, held, "in").status_code == 200  # no code read: it asks for one
    assert not Scan.objects.exists()
    assert client.get(code(held)).status_code == 303
    assert client.get(reverse("volunteering:check-in", args=[held.number])).status_code == 200
    answer = press(client, held, "in", clock="2031-01-01T00:00:00Z")
    assert answer.status_code == 303
    scan = Scan.objects.get()
    assert (scan.way, scan.volunteer, scan.offline, scan.device_at is None) == ("in", volunteer, False, False)
    assert "chenyue_ticket" in answer.cookies and not answer.cookies["chenyue_ticket"].value  # used up
    client.get(code(held))
    answer = press(client, held, "out")  # a moment later: said, nothing done
    assert answer.status_code == 422 and Scan.objects.count() == 1
    Scan.objects.update(at=timezone.now() - timedelta(minutes=45))
    client.get(code(held))
    assert press(client, held, "out").status_code == 303
    assert client.get(reverse("volunteering:checked", args=[held.number])).context["claim"].minutes in range(44, 60)


def test_a_code_opened_on_another_telephone_gives_that_one_nothing(deeds: DeedsStage, held: Activity) -> None:
    mine, friend = (telephone(deeds.volunteer().resident) for _ in range(2))
    mine.get(code(held))
    assert press(friend, held, "in").status_code == 200
    friend.get(code(held, ago=timedelta(minutes=10)))  # the picture, ten minutes later
    answer = press(friend, held, "in")
    assert answer.status_code in (303, 422)
    assert not Scan.objects.filter(offline=False).exists()  # at most one that waits for a second person


def test_six_digits_where_no_camera_reads(deeds: DeedsStage, held: Activity) -> None:
    client = telephone(deeds.volunteer().resident)
    digits = rotating.typed_code(held.secret, held.number, rotating.window_of(timezone.now()))
    url = reverse("volunteering:check-in", args=[held.number])
    for wrong in ("", "１２", "abcdef"):
        assert client.post(url, {"digits": wrong}).status_code == 422
    assert client.post(url, {"digits": digits}).status_code == 303
    assert press(client, held, "in").status_code == 303


def test_digits_cant_be_guessed_for_long(held: Activity) -> None:
    client = Client()
    url = reverse("volunteering:check-in", args=[held.number])
    for n in range(15):
        client.post(url, {"digits": f"{n:07d}"})
    digits = rotating.typed_code(held.secret, held.number, rotating.window_of(timezone.now()))
    assert client.post(url, {"digits": digits}).status_code == 422


def test_the_secret_of_the_code_is_on_no_page(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    held.secret = rotating.new_secret()
    held.save(update_fields=["secret"])
    for url in ("activity-code", "attendance"):
        page = client_of(cast.lin).get(reverse(f"volunteering:{url}", args=[held.number]))
        assert held.secret not in page.content.decode()
    part = client_of(cast.lin).get(reverse("volunteering:activity-code", args=[held.number]), {"part": "1"})
    assert part.content.decode().count("data-begins") == 20


def test_the_organiser_writes_down_and_another_approves(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer = deeds.volunteer()
    at = timezone.localtime(held.starts_at)
    data = {
        "numbers": volunteer.number.lower(), "starts_at": f"{at:%Y-%m-%dT%H:%M}", "break_minutes": "0",
        "ends_at": f"{at + timedelta(minutes=50):%Y-%m-%dT%H:%M}", "words": "手机没电", "idempotency_key": token(),
        "served_phone": "abc",
    }  # fmt: skip
    url, lin = reverse("volunteering:hours-typed", args=[held.number]), client_of(cast.lin)
    answer = lin.post(url, data)
    assert answer.status_code == 422 and "手机没电" in answer.content.decode()  # nothing typed is lost
    answer = lin.post(url, data | {"served_phone": "", "numbers": "V999999"})
    assert answer.status_code == 422 and "V999999" in answer.content.decode()
    assert lin.post(url, data | {"served_phone": "", "idempotency_key": token()}).status_code == 303
    claim = Claim.objects.get()
    decide = reverse("volunteering:decide-many")
    for who, status, left in ((cast.lin, 303, 0), (cast.sun, 200, 0), (cast.zhao, 303, 1)):
        more = {"claim": claim.pk, "what": "approve", "reason": "属实", "idempotency_key": token()}
        assert client_of(who).post(decide, more).status_code == status
        assert HourEntry.objects.count() == left
    stale = {"reason": "晚了", "version": "1", "idempotency_key": token()}
    answer = client_of(cast.zhao).post(reverse("volunteering:claim-do", args=[claim.pk, "refuse"]), stale)
    assert answer.status_code == 409


def test_by_name_and_four_digits_at_the_organisers_device(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer = deeds.volunteer("王秀兰")
    url, lin = reverse("volunteering:desk-scan", args=[held.number]), client_of(cast.lin)
    data = {"name": "王秀兰", "last_four": "9999", "way": "in"}
    answer = lin.post(url, data | {"idempotency_key": token()})
    assert answer.status_code == 422 and volunteer.resident.phone not in answer.content.decode()
    data["last_four"] = volunteer.resident.phone[-4:]
    assert lin.post(url, data | {"idempotency_key": token()}).status_code == 303
    assert Scan.objects.get().device == f"desk:{cast.lin.pk}"


def test_the_page_of_the_link_names_nobody_in_full(deeds: DeedsStage, held: Activity) -> None:
    volunteer = deeds.volunteer("王秀兰")
    claim = typed(deeds, held, volunteer)
    url = reverse("volunteering:confirm", args=[confirming.token(claim)])
    shown = Client().get(url)
    assert "王秀兰" not in shown.content.decode() and shown["Cache-Control"] == "no-store, private"
    assert Client().post(url, {"true": "yes", "idempotency_key": token()}).status_code == 303
    claim.refresh_from_db()
    assert (claim.confirmed_how, claim.confirmed_by) == ("page", None)
    assert Client().post(url, {"true": "no", "idempotency_key": token()}).status_code == 200  # answered already
    assert Client().get(reverse("volunteering:confirm", args=["nothing"])).status_code == 404


def certified(deeds: DeedsStage, cast: Cast, held: Activity) -> Certificate:
    volunteer, at = deeds.volunteer("王秀兰"), timezone.now()
    claiming.approve(typed(deeds, held, volunteer), by=cast.zhao.actor(), at=at, reason="有照片")
    day = timezone.localtime(held.starts_at).date()
    row = certifying.ask(volunteer, from_on=day, until_on=day, by=deeds.li, at=at)
    Certificate.objects.filter(pk=row.pk).update(number="Z2026-1124-0001", state="issued", issued_at=at)
    return row


def test_a_certificate_is_verified_without_a_name(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    row = certified(deeds, cast, held)
    url = reverse("volunteering:certificate-check", args=[row.code])
    shown = Client().get(url).content.decode()
    assert "Z2026-1124-0001" in shown and "王" not in shown and row.volunteer.number not in shown
    assert Client().post(url, {"name": "王秀兰"}).context["fits"] is True
    assert Client().post(url, {"name": "王秀英"}).context["fits"] is False
    for _ in range(10):
        answer = Client().post(url, {"name": "王"})
    assert answer.status_code == 422
    Certificate.objects.filter(pk=row.pk).update(state="asked", number=None)
    assert Client().get(url).status_code == 404


def test_a_paper_made_by_staff_is_written_down(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    from chenyue.timeline.models import Entry

    row = certified(deeds, cast, held)
    answer = client_of(cast.li).get(reverse("volunteering:certificate-paper", args=[row.pk, "word"]))
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store, private"
    assert Entry.objects.filter(verb="volunteering.certificate_printed", actor_key=str(cast.li.pk)).count() == 1


def test_an_export_says_what_for(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    certified(deeds, cast, held)
    day = f"{timezone.localtime(held.starts_at):%Y-%m-%d}"
    data = {"first": day, "last": day, "kind": "xlsx", "purpose": " ", "idempotency_key": token()}
    url, zhao = reverse("volunteering:hours-export"), client_of(cast.zhao)
    assert zhao.post(url, data).status_code == 422
    assert zhao.post(url, data | {"purpose": "上报"}).content[:2] == b"PK"
    keeper = member(cast, "keeper", "works_manager")
    assert client_of(keeper).get(url).status_code == 403


def test_other_units_and_strangers_find_nothing(deeds: DeedsStage, cast: Cast, held: Activity) -> None:
    volunteer = deeds.volunteer("王秀兰")
    claim = typed(deeds, held, volunteer)
    for who in (cast.sun, cast.wang, cast.zhou):
        client = client_of(who)
        for name, args in (("claim", [claim.pk]), ("attendance", [held.number]), ("activity-code", [held.number])):
            assert client.get(reverse(f"volunteering:{name}", args=args)).status_code in (403, 404)
    listed = client_of(cast.sun).get(reverse("volunteering:claims")).content.decode()
    assert volunteer.number not in listed
    assert "王秀兰" not in client_of(cast.li).get(reverse("volunteering:claim", args=[claim.pk])).content.decode()


def _more(deeds: DeedsStage, cast: Cast, held: Activity, kind: str) -> Callable[[], Any]:
    def claim() -> Any:
        return typed(deeds, held, deeds.volunteer())

    def entry() -> HourEntry:
        return claiming.approve(claim(), by=cast.zhao.actor(), at=timezone.now(), reason="属实")

    def check() -> Any:
        at = timezone.now()
        return SpotCheck.objects.create(claim=entry().claim, drawn_at=at, seed="x", due_on=at.date())

    def plea() -> Any:
        at = timezone.now()
        return Plea.objects.create(kind="hours", entry=entry(), words="不属实", at=at, due_on=at.date())

    def certificate() -> Any:
        person, at, day = entry().volunteer, timezone.now(), timezone.localtime(held.starts_at).date()
        return certifying.ask(person, from_on=day, until_on=day, by=deeds.li, at=at)

    return {"claims": claim, "hours-ledger": entry, "hours-checks": check, "hours-pleas": plea,
            "certificates": certificate, "attendance": claim}[kind]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("claims", 7),
        ("hours-ledger", 7),
        ("hours-checks", 8),
        ("hours-pleas", 8),
        ("certificates", 5),
        ("attendance", 7),
    ],
)
def test_lists_cost_the_same_for_one_and_three(
    deeds: DeedsStage, cast: Cast, held: Activity, name: str, statements: int
) -> None:
    client = client_of(cast.zhao)
    url = reverse(f"volunteering:{name}", args=[held.number] if name == "attendance" else [])
    one_and_three(lambda: client.get(url), _more(deeds, cast, held, name), statements)
