"""Posters and cards: what stands on them, who may make them, what has become wrong, and by the hundred."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cast import NOW, client_of
from chenyue.core import ids, office, papers
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.notify.models import Notice
from chenyue.people.actions import give_grant
from chenyue.people.models import Role
from chenyue.places.models import Kind, Place
from chenyue.reception.models import Opening, Venue
from chenyue.stewards import on_paper, printing, reprinting
from chenyue.stewards.models import PrintJob, Term
from chenyue.timeline.models import Entry
from stewards.stage import steward, term

BASE = "https://chenguang.example.org"


def ask(cast, kind="poster", names=("金桂苑1幢", "金桂苑2幢"), **more):
    found = [cast.place(name).pk for name in names]
    return printing.ask(kind=kind, building_ids=found, base=BASE, by=cast.zhao.actor(), at=NOW, **more)


def doors(cast, *names):
    return on_paper.doors([cast.place(name).pk for name in names], BASE, NOW)


def test_a_door_says_who_answers_and_never_a_private_number(cast):
    who = steward(cast, phone="13812345678")
    term(cast, who, "金桂苑2幢")
    term(cast, who, "金桂苑3幢")
    door = doors(cast, "金桂苑2幢")[0]
    assert (door["steward"], door["role"], door["name"]) == ("周桂珍", "楼长", "金桂苑2幢")
    assert door["range"] == "金桂苑2幢、金桂苑3幢"
    assert door["url"] == f"{BASE}/q/{cast.place('金桂苑2幢').code}/" and "<svg" in door["qr"]
    assert "13812345678" not in str(on_paper.data("poster", [cast.place("金桂苑2幢").pk], BASE, NOW))


def test_a_name_that_isnt_shown_and_a_vacant_building(cast):
    term(cast, steward(cast, shows_name=False), "金桂苑2幢")
    hidden, vacant = doors(cast, "金桂苑2幢", "金桂苑3幢")
    assert (hidden["steward"], hidden["role"], hidden["range"]) == ("", "楼长", "")
    assert (vacant["steward"], vacant["role"]) == ("", "") and "楼长" not in vacant["help"]


def test_who_stands_in_for_a_week_isnt_on_the_paper(cast):
    term(cast, steward(cast), "金桂苑2幢")
    term(cast, steward(cast, "林妙"), "金桂苑2幢", "substitute", until=NOW.date() + timedelta(days=5))
    term(cast, steward(cast, "梅香"), "金桂苑3幢", "deputy")
    assert [(d["steward"], d["role"]) for d in doors(cast, "金桂苑2幢", "金桂苑3幢")] == [
        ("周桂珍", "楼长"),
        ("梅香", "代理楼长"),
    ]


def test_the_paper_names_where_people_are_received(cast):
    venue = Venue.objects.create(
        name="群众接待室", address="晨光路18号", feed_token=ids.token(), screen_token=ids.token()
    )
    Opening.objects.create(venue=venue, weekdays=[0, 1, 2, 3, 4], starts="07:00", ends="08:30", since=NOW.date())
    site = Venue.objects.create(
        name="改造现场点", kind="on_site", place=cast.place("金桂苑1幢"), feed_token="f", screen_token="s"
    )
    Opening.objects.create(venue=site, weekdays=[2], starts="17:00", ends="19:00", since=NOW.date())
    Venue.objects.create(name="没有开放时间", feed_token="x", screen_token="y")
    other = Place.objects.filter(kind=Kind.BUILDING).exclude(estate=cast.place("金桂苑1幢").estate).first()
    own, far = on_paper.doors([cast.place("金桂苑2幢").pk, other.pk], BASE, NOW)
    assert [line.split("：")[0] for line in own["venues"]] == ["改造现场点", "群众接待室"]
    assert own["venues"][1].endswith("07:00–08:30\n晨光路18号")
    assert [line.split("：")[0] for line in far["venues"]] == ["群众接待室"]


@pytest.mark.parametrize(("kind", "pages"), [("poster", 2), ("card", 1)])
def test_a_print_is_made_told_and_kept(cast, kind, pages, django_capture_on_commit_callbacks):
    office.put(supervision_phone="010-12345678")
    job = ask(cast, kind)
    job.refresh_from_db()
    assert (job.state, job.pages, job.done, job.missing) == ("ready", pages, 2, "")
    assert printing.path_of(job).read_bytes().startswith(b"%PDF-")
    assert Notice.objects.filter(member=cast.zhao, url=reverse("stewards:print", args=[job.pk])).count() == 1
    assert Entry.objects.filter(subject="office:papers", verb="papers.asked").count() == 1
    printing.make(job.pk)  # delivered twice: nothing happens
    assert Notice.objects.filter(member=cast.zhao).count() == 1
    assert printing.sweep(NOW + timedelta(days=29)) == 0
    assert printing.sweep(NOW + timedelta(days=31)) == 1 and not printing.path_of(job).exists()


def test_two_hundred_posters_are_one_file(cast):
    estate = cast.place("金桂苑1幢").estate
    Place.objects.bulk_create(
        Place(
            kind=Kind.BUILDING, parent=estate, name=f"{n}座", full_name=f"金桂苑{n}座", estate=estate,
            community=estate.community, code=f"T{n:05d}",
        )
        for n in range(200)
    )  # fmt: skip
    found = Place.objects.filter(name__endswith="座").values_list("pk", flat=True)
    job = printing.ask(kind="poster", building_ids=found, base=BASE, by=cast.zhao.actor(), at=NOW)
    job.refresh_from_db()
    assert (job.state, job.pages, job.done) == ("ready", 200, 200)


def test_names_that_cant_be_drawn_are_told(cast):
    term(cast, steward(cast, name="周𠮷"), "金桂苑2幢")
    job = ask(cast)
    job.refresh_from_db()
    assert job.missing == "𠮷"
    page = client_of(cast.zhao).get(reverse("stewards:print", args=[job.pk])).content.decode()
    assert "𠮷" in page and "□" in page


def test_what_goes_wrong_is_said_on_the_page(cast, monkeypatch):
    def slow(*args, **more):
        raise papers.TooSlow("too slow")

    monkeypatch.setattr(papers, "pdf", slow)
    with pytest.raises(papers.TooSlow):
        ask(cast)
    job = PrintJob.objects.create(kind="card", buildings=[], made_at=NOW, made_by=cast.zhao)
    with pytest.raises(Refusal):
        printing.make(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and job.words


def test_who_may_not_print(cast):
    found = [cast.place("金桂苑1幢").pk]
    for member in (cast.wang, cast.sun, cast.zhou):
        with pytest.raises(NotAllowed):
            printing.ask(kind="poster", building_ids=found, base=BASE, by=member.actor(), at=NOW)
    job = ask(cast)
    with pytest.raises(NotFound):
        printing.job_for(cast.wang, job.pk)


@pytest.mark.parametrize(("kind", "ids_", "field"), [("x", None, "kind"), ("poster", [], "buildings")])
def test_what_cant_be_printed(cast, kind, ids_, field):
    found = [cast.place("金桂苑1幢").pk] if ids_ is None else ids_
    with pytest.raises(Refusal) as caught:
        printing.ask(kind=kind, building_ids=found, base=BASE, by=cast.zhao.actor(), at=NOW)
    assert caught.value.field == field


def test_only_papers_that_became_wrong_are_printed_again(cast):
    one, two, three = (cast.place(f"金桂苑{n}幢").pk for n in (1, 2, 3))
    Term.objects.all().delete()
    ask(cast)
    assert reprinting.changed("poster", [one, two, three]) == [three]
    assert reprinting.changed("card", [one, two, three]) == [one, two, three]
    term(cast, steward(cast), "金桂苑2幢", at=NOW + timedelta(days=1))
    assert reprinting.changed("poster", [one, two, three]) == [two, three]


def test_the_page_asks_waits_and_gives_the_file(cast):
    client = client_of(cast.zhao)
    estate = cast.place("金桂苑1幢").estate_id
    page = client.get(reverse("stewards:papers"))
    assert page.status_code == 200
    data = {"kind": "poster", "where": str(estate), "idempotency_key": ids.token()}
    answer = client.post(reverse("stewards:papers"), data)
    job = PrintJob.objects.get()
    assert answer.status_code == 303 and answer["Location"] == reverse("stewards:print", args=[job.pk])
    assert client.post(reverse("stewards:papers"), data)["Location"] == answer["Location"]
    assert PrintJob.objects.count() == 1
    file = client.get(reverse("stewards:print-file", args=[job.pk]))
    assert file["Content-Type"] == "application/pdf" and b"".join(file).startswith(b"%PDF-")
    again = client.post(reverse("stewards:papers"), data | {"changed": "on", "idempotency_key": ids.token()})
    assert again.status_code == 422 and "changed" in again.context["form"].errors
    assert client.post(reverse("stewards:papers"), {"kind": "poster", "where": "999999"}).status_code == 422


def test_the_list_costs_the_same_with_more_prints(cast, django_assert_num_queries):
    client, url = client_of(cast.zhao), reverse("stewards:papers")

    def made():
        PrintJob.objects.create(kind="card", buildings=[1], state="ready", made_at=NOW, made_by=cast.zhao)

    made()
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    made()
    made()
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(one) == len(three)


def test_the_right_to_print_is_a_word(cast):
    give_grant(member=cast.sun, role=Role.objects.get(code="dispatcher"), by=cast.admin.actor(), at=NOW)
    assert client_of(cast.sun).get(reverse("stewards:papers")).status_code == 200
