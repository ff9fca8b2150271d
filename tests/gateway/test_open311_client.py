"""An independent client of Open311, from the package index, reads what we publish."""

from typing import Any
from urllib.parse import urlsplit

import georeport
import pytest
import requests
from django.test import Client

from cast import Cast
from gateway.test_open311 import given, opened, post, said

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["json", "xml"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client, whose calls reach the product without a network."""

    def get(url: str, params: dict[str, str] | None = None, **more: Any) -> requests.Response:
        answer, found = Client().get(urlsplit(url).path, params or {}), requests.Response()
        found.status_code, found._content, found.url = answer.status_code, answer.content, url
        found.headers.update(dict(answer.headers))
        return found

    monkeypatch.setattr("georeport.georeport.requests.get", get)
    return georeport.GeoReport("https://chenyue.example/open311/v2", output_format=request.param)


def listed(found: Any) -> list[Any]:
    """Its XML reader gives a lone child as itself."""
    return found if isinstance(found, list) else [found]


def test_services_definition_requests_and_one_request(cast: Cast, client: Any) -> None:
    service, key = opened(cast, "污水", public=True), given(cast)
    code = service.category.code
    assert [row["service_code"] for row in listed(client.get_service_list())] == [code]
    definition = client.get_service_definition(code)
    assert definition["service_code"] == code and "floor" in str(definition)
    numbers = [said(post(key, service, description=f"井堵了第{n}次"))[0]["service_request_id"] for n in range(2)]
    found = listed(client.get_service_requests())
    assert {row["service_request_id"] for row in found} == set(numbers)
    assert {row["status"] for row in found} == {"open"}
    one = listed(client.get_service_request(numbers[0]))[0]
    assert one["service_request_id"] == numbers[0] and one["service_name"] == service.category.name
