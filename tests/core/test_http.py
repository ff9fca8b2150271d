"""Habits of views and the switches of the look."""

import io
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from chenyue.core import http
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.kept_files import Opened


def posted(**data: str):
    request = RequestFactory().post("/", data)
    request.user = AnonymousUser()
    return request


def test_work_done_answers_303():
    response = http.see_other("core:look")
    assert (response.status_code, response["Location"]) == (303, "/look/")
    assert http.see_other("/x/?a=1")["Location"] == "/x/?a=1"


def test_anybody_without_account_is_a_resident():
    assert http.actor(posted()) == Actor("resident")


def test_a_form_sent_twice_has_one_effect(db):
    done: list[int] = []

    def act() -> dict[str, int]:
        done.append(1)
        return {"n": len(done)}

    request = posted(idempotency_key="k-once")
    assert http.once(request, "test", act, {"words": "a"}) == ({"n": 1}, True)
    assert http.once(request, "test", act, {"words": "a"}) == ({"n": 1}, False)
    assert done == [1]


def test_a_key_used_for_something_else_is_refused_and_replaced(db):
    request = posted(idempotency_key="k-reused")
    http.once(request, "test", dict, {"words": "a"})
    with pytest.raises(Refusal):
        http.once(request, "test", dict, {"words": "b"})
    assert http.form_key(request) != "k-reused"
    with pytest.raises(Refusal):
        http.once(posted(), "test", dict)


def test_the_key_of_one_person_opens_nothing_for_another(cast):
    """A form's key was seen over a shoulder: with it one neither reads the other's result nor stops the other's act."""
    key = "seen-over-a-shoulder"
    mine, theirs = posted(idempotency_key=key), posted(idempotency_key=key)
    mine.user, theirs.user = cast.li, cast.zhao
    assert http.once(mine, "door", lambda: {"receipt": "of li"}) == ({"receipt": "of li"}, True)
    assert http.once(theirs, "door", lambda: {"receipt": "of zhao"}) == ({"receipt": "of zhao"}, True)
    assert http.once(mine, "door", lambda: {"receipt": "again"}) == ({"receipt": "of li"}, False)


def test_an_act_that_fails_leaves_the_key_free(db):
    def refuse() -> dict[str, int]:
        raise Refusal("no")

    request = posted(idempotency_key="k-free")
    with pytest.raises(Refusal):
        http.once(request, "test", refuse, 1)
    assert http.form_key(request) == "k-free"
    assert http.once(request, "test", lambda: {"ok": 1}, 1) == ({"ok": 1}, True)


def test_a_part_is_given_to_htmx_only_and_caches_are_told(monkeypatch):
    asked = []
    monkeypatch.setattr(http, "render", lambda r, t, c, status: asked.append(t) or http.HttpResponse(status=status))
    request = posted()
    request.htmx = SimpleNamespace(boosted=False, history_restore_request=False)
    response = http.page_or_part(request, "a.html", "rows", status=422)
    assert response.status_code == 422
    assert "HX-Request" in response["Vary"]
    request.htmx = SimpleNamespace(boosted=False, history_restore_request=True)
    http.page_or_part(request, "a.html", "rows")
    del request.htmx
    http.page_or_part(request, "a.html", "rows")
    assert asked == ["a.html#rows", "a.html", "a.html"]


@pytest.mark.parametrize(
    ("sent", "cookie", "value"),
    [
        ({"text": "large"}, "chenyue_text", "large"),
        ({"text": "xl"}, "chenyue_text", "xl"),
        ({"theme": "dark"}, "chenyue_theme", "dark"),
        ({"language": "en"}, "django_language", "en"),
    ],
)
def test_switches_keep_the_choice_and_go_back(db, sent, cookie, value):
    response = Client().post("/look/", sent | {"next": "/privacy/?a=1"})
    assert (response.status_code, response["Location"]) == (303, "/privacy/?a=1")
    assert response.cookies[cookie].value == value


def test_switches_refuse_other_sites_and_unknown_sizes(db):
    response = Client().post("/look/", {"text": "huge", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert not response.cookies
    assert Client().get("/look/").status_code == 405


def test_the_page_is_rendered_in_the_chosen_size_without_script(cast, client_of):
    client = client_of(cast.li)
    assert 'data-text="' not in client.get("/styleguide/").content.decode().split("<head>")[0]
    client.cookies["chenyue_text"] = "xl"
    client.cookies["chenyue_theme"] = "dark"
    top = client.get("/styleguide/").content.decode().split("<head>")[0]
    assert 'lang="zh-Hans" data-text="xl" data-theme="dark"' in top
    client.cookies["chenyue_text"] = '"><script>'
    assert "data-text" not in client.get("/styleguide/").content.decode().split("<head>")[0]


def test_the_elder_switch_is_the_first_control_of_a_page(cast, client_of):
    html = client_of(cast.li).get("/styleguide/").content.decode()
    header = html[html.index("<header") :]
    assert header.index("长辈版") < header.index("<a ")


def test_the_styleguide_is_for_staff(db):
    assert Client().get("/styleguide/").status_code == 403


def test_what_somebody_uploaded_is_never_run_by_a_browser():
    picture = http.served(Opened(io.BytesIO(b"x"), "image/jpeg", "灯.jpg"))
    page = http.served(Opened(io.BytesIO(b"<script>"), "text/html", "a.html"))
    for answer in (picture, page):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert picture["Content-Disposition"].startswith("inline") and page["Content-Disposition"].startswith("attachment")
