"""Request ids, careful headers, and the pages for what goes wrong."""

import errno
import logging
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from chenyue.config import urls as product
from chenyue.core import logs, trouble
from chenyue.core.errors import Conflict, NotAllowed, Refusal


def raising(error: Exception) -> Any:
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        raise error

    return view


def words(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("words", ""))


urlpatterns = [
    *product.urlpatterns,
    path("refused/", raising(Refusal("Choose a place first."))),
    path("not-allowed/", raising(NotAllowed())),
    path("conflict/", raising(Conflict())),
    path("full/", raising(OperationalError("database or disk is full"))),
    path("full-file/", raising(OSError(errno.ENOSPC, "No space left on device"))),
    path("away/", raising(OperationalError("connection to server failed"))),
    path("fault/", raising(OperationalError("no such column: x"))),
    path("big/", raising(RequestDataTooBig("x"))),
    path("words/", words),
    path("p/<str:receipt>/", lambda request, receipt: HttpResponse("mine")),
]
handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/refused/", 422),
        ("/not-allowed/", 403),
        ("/conflict/", 409),
        ("/full/", 507),
        ("/full-file/", 507),
        ("/away/", 503),
        ("/fault/", 500),
        ("/big/", 413),
        ("/nowhere/", 404),
    ],
)
def test_each_trouble_has_its_page(browser: Client, url: str, status: int) -> None:
    response = browser.get(url)
    assert response.status_code == status
    page = response.content.decode()
    assert '<html lang="zh-' in page
    assert "<h1" in page
    assert "Traceback" not in page


def test_a_refusal_says_its_sentence(browser: Client) -> None:
    assert "Choose a place first." in browser.get("/refused/").content.decode()


def test_htmx_gets_a_note_instead_of_a_page(browser: Client) -> None:
    response = browser.get("/refused/", headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()
    assert "Choose a place first." in response.content.decode()


def test_trouble_pages_need_no_database(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        for error in (OperationalError("disk is full"), OperationalError("gone"), RequestDataTooBig()):
            response = trouble.answer(request, error)
            assert response is not None


def test_ids_are_given_and_only_safe_ones_kept(browser: Client) -> None:
    made = browser.get("/healthz")["X-Request-ID"]
    assert len(made) == 32
    assert browser.get("/healthz", headers={"X-Request-ID": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    assert browser.get("/healthz", headers={"X-Request-ID": 'x"><script>'})["X-Request-ID"] != 'x"><script>'


def test_headers_of_every_page(browser: Client) -> None:
    response = browser.get("/healthz")
    assert "camera=(self)" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "HX-Request" in response["Vary"]
    assert response["X-Frame-Options"] == "DENY"
    policy = response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert all(f"{what} 'none'" in policy for what in ("frame-ancestors", "object-src", "base-uri"))


def test_a_page_for_one_person_is_kept_nowhere(browser: Client, cast: Any, client_of: Any) -> None:
    assert "no-store" in browser.get("/p/ACDE-FGHJ-KMNP/")["Cache-Control"]
    assert client_of(cast.li).get("/healthz")["Cache-Control"] == "no-store"
    assert browser.get("/healthz")["Cache-Control"] == "private, no-cache"


def test_a_stale_form_loses_no_word() -> None:
    browser = Client(enforce_csrf_checks=True)
    data = {"words": "楼道灯坏了三天，老人摔了一跤 <b>", "password": "geheim", "idempotency_key": "k"}
    response = browser.post("/words/", data, headers={"Origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "楼道灯坏了三天，老人摔了一跤 &lt;b&gt;" in page
    assert "geheim" not in page
    token = browser.cookies["csrftoken"].value
    again = browser.post("/words/", data | {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"})
    assert again.content.decode() == data["words"]


def test_a_form_of_another_site_is_not_echoed() -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/words/", {"words": "send money"}, headers={"Origin": "http://elsewhere.example"})
    assert response.status_code == 403
    assert "send money" not in response.content.decode()


@pytest.mark.parametrize(
    ("charset", "status"), [("unicode_escape", 400), ("base64", 400), ("utf-8", 200), ("nonsense", 200)]
)
def test_a_form_in_another_encoding_is_refused(browser: Client, charset: str, status: int) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n\\ud800\r\n--b--\r\n'
    answer = browser.generic("POST", "/words/", body, f"multipart/form-data; boundary=b; charset={charset}")
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "PROPFIND"])
def test_methods_that_nothing_here_has_are_refused(browser: Client, method: str) -> None:
    assert browser.generic(method, "/healthz").status_code == 405


def test_counters_are_for_this_machine_only(browser: Client) -> None:
    assert "chenyue_requests_total" in browser.get("/metrics").content.decode()
    assert browser.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert browser.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


def test_health(browser: Client) -> None:
    assert browser.get("/healthz").content == b"ok"
    said = browser.get("/readyz").json()
    assert said["database"] is said["migrations"] is True
    assert not any(said.get(name) for name in ("kept", "set_aside"))  # on PostgreSQL: what waits on this machine


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("GET /p/ACDE-FGHJ-KMNP/ 200", "GET /p/…/ 200"),
        ("/r/tokentoken/?x=1 said", "/r/…/ said"),
        ("/tell/?phone=13800000001&name=陈 x", "/tell/ x"),
        ("call 13800000001 now", "call … now"),
        ("id 110105194912310021", "id …"),
        ("case 2026-1122-0007", "case 2026-1122-0007"),
        ("GET /v/abcDEF123/ 200", "GET /v/…/ 200"),
        ("POST /w/abcDEF123/ 200", "POST /w/…/ 200"),
        ("GET /open311/v2/tokens/abcDEF123.json 200", "GET /open311/v2/tokens/… 200"),
    ],
)
def test_logs_keep_no_secret(line: str, safe: str) -> None:
    assert logs.blot(line) == safe


def test_a_line_has_the_id_of_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        logs.configure({"level": "INFO"})
        token = logs.request_id.set("abc-12345678")
        try:
            raise ValueError("phone 13800000001")
        except ValueError:
            logging.getLogger("x").exception("failed for %s", "13900000002")
        logs.request_id.reset(token)
        line = capsys.readouterr().err
        assert '"request_id": "abc-12345678"' in line
        assert "13800000001" not in line
        assert "13900000002" not in line
    finally:
        root.handlers, root.level = before, level
