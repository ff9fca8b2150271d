"""A form that was done and comes again: done once, and its retry is no refusal."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import stories
from chenyue.cases.models import SavedView
from chenyue.core.models import IdempotencyKey
from chenyue.people.models import Grant

pytestmark = pytest.mark.django_db


def take(client: Client, grant: Grant, key: str = "take") -> Any:
    return client.post(reverse("people:take-grant", args=[grant.pk]), {"idempotency_key": key})


def test_what_is_gone_by_one_s_own_doing_is_said_to_be_done(cast: Any, client_of: Any) -> None:
    admin, grant = client_of(cast.admin), Grant.objects.filter(member=cast.sun).order_by("pk")[0]
    assert take(admin, grant).status_code == 303
    retry = take(admin, grant)
    assert retry.status_code == 200
    assert "已经办过了" in retry.content.decode()
    assert take(admin, grant, "another form").status_code == 404


def test_another_person_and_another_door_learn_nothing(cast: Any, client_of: Any) -> None:
    admin, grants = client_of(cast.admin), list(Grant.objects.filter(member=cast.sun).order_by("pk"))
    assert take(admin, grants[0]).status_code == 303
    assert take(client_of(cast.zhao), grants[0]).status_code in (403, 404)
    assert admin.post(reverse("notify:open", args=[999_999]), {"idempotency_key": "take"}).status_code == 404


def test_a_key_used_for_other_words_is_still_refused(cast: Any, client_of: Any) -> None:
    clerk, door = client_of(cast.li), reverse("desk:save-view")
    form = {"idempotency_key": "view", "name": "我的", "query": "state=open"}
    assert clerk.post(door, form).status_code == 303
    assert clerk.post(door, form).status_code == 303
    assert clerk.post(door, form | {"name": "别的"}).status_code == 422
    assert SavedView.objects.count() == 1


def test_no_word_of_what_was_sent_is_kept_with_the_key(cast: Any) -> None:
    stories.filed(cast)
    for row in IdempotencyKey.objects.all():
        assert row.request == "" or len(row.request) == 32
