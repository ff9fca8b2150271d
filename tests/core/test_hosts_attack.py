"""A name that an asker makes up must not come to stand on paper, in a code or in a letter."""

import re

import pytest
from django.test import Client, RequestFactory, override_settings

from chenyue.core import office, site
from helpers import sample_case
from house import tree

MADE_UP = "evil.example"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "arrived", "shown"),
    [
        (MADE_UP, "192.168.1.5", "http://192.168.1.5:7070/p/x/"),
        (f"{MADE_UP}:7070", "192.168.1.5", "http://192.168.1.5:7070/p/x/"),
        ("192.168.1.5:7070", "192.168.1.5", "http://192.168.1.5:7070/p/x/"),
        ("localhost:7070", "127.0.0.1", "http://localhost:7070/p/x/"),
        ("localhost:7070", "192.168.1.5", "http://192.168.1.5:7070/p/x/"),
        (MADE_UP, "fd00::5", "http://[fd00::5]:7070/p/x/"),
        ("[fd00::5]:7070", "fd00::5", "http://[fd00::5]:7070/p/x/"),
    ],
)
def test_links_lead_to_where_the_connection_arrived(host: str, arrived: str, shown: str) -> None:
    office.put(site_address="")
    request = RequestFactory().get("/", HTTP_HOST=host, SERVER_NAME=arrived, SERVER_PORT="7070")
    assert site.whole(request, "/p/x/") == shown


@pytest.mark.django_db
def test_the_offices_own_address_goes_before_any_other() -> None:
    office.put(site_address="https://chenyue.example/")
    request = RequestFactory().get("/", HTTP_HOST=MADE_UP)
    assert site.whole(request, "/p/x/") == "https://chenyue.example/p/x/"


@pytest.mark.django_db
@override_settings(ALLOWED_HOSTS=["chenyue.example"])
def test_a_named_host_is_taken() -> None:
    office.put(site_address="")
    request = RequestFactory().get("/", HTTP_HOST="chenyue.example", SERVER_NAME="10.0.0.5")
    assert site.whole(request, "/p/x/") == "http://chenyue.example/p/x/"


@pytest.mark.django_db
def test_no_slip_and_no_page_repeats_a_made_up_name(cast, client_of) -> None:
    office.put(site_address="")
    filed = sample_case(cast)
    building = cast.place("金桂苑1幢").pk
    for client, path in (
        (Client(), f"/received/{filed.appeal.receipt}/"),
        (Client(), f"/p/{filed.appeal.receipt}/"),
        (client_of(cast.li), f"/desk/slips/{filed.appeal.number}/"),
        (client_of(cast.zhao), f"/desk/set-up/places/{building}/"),
    ):
        answer = client.get(path, headers={"host": MADE_UP})
        assert MADE_UP not in answer.content.decode(), path


def test_only_one_place_makes_whole_addresses() -> None:
    asks = re.compile(r"build_absolute_uri|get_current_site")
    found = [
        tree.shown(path) for path in tree.with_suffix(".py", under=tree.SRC) if asks.search(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/desk/?q=1", True), ("http://testserver/desk/", True), ("{{", False), ("people:account", False), ("", False),
        ("//evil.example/", False), ("/\\evil.example", False), ("https://evil.example/", False), ("http:x", False),
    ],
)  # fmt: skip
def test_only_an_address_of_this_office_is_gone_back_to(given: str, kept: bool) -> None:
    """A bare word would be looked for among the names of pages, which is a fault where there is none."""
    assert site.own(RequestFactory().get("/"), given, "/home/") == (given if kept else "/home/")
