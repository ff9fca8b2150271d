"""Small words of the desk's pages, and what a steward's desk shows."""

from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from chenyue.cases.actions import file_appeal
from chenyue.desk.templatetags.desk_words import clocks_folded, who


def entry(verb: str) -> Any:
    return SimpleNamespace(verb=verb)


def test_what_the_clocks_said_one_after_the_other_is_one_group() -> None:
    verbs = ["case.closed", "case.escalated", "case.escalated", "case.accepted", "case.escalated"]
    groups = clocks_folded([entry(verb) for verb in verbs])
    assert [len(group) for group in groups] == [1, 2, 1, 1]
    assert [e.verb for group in groups for e in group] == verbs


def test_who_has_no_name_is_named_by_kind() -> None:
    assert who(SimpleNamespace(actor_label="李敏", actor_kind="member")) == "李敏"
    assert who(SimpleNamespace(actor_label="", actor_kind="system")) not in ("", "system")
    assert who(SimpleNamespace(actor_label="", actor_kind="resident")) not in ("", "resident")


def test_a_steward_sees_what_is_open_in_the_own_building(cast, client_of) -> None:
    words = "金桂苑1幢一单元门口的路灯不亮"
    scope = cast.wang.grants.first()
    by, at = cast.wang.actor(), timezone.now()
    case = file_appeal(words=words, channel="steward", by=by, at=at, place_id=scope.place_id).case
    file_appeal(words="育才路路灯不亮", channel="web", by=cast.li.actor(), at=at)
    page = client_of(cast.wang).get(reverse("desk:my-desk"), follow=True)
    assert [row.pk for row in page.context["cases"]] == [case.pk]
    office = client_of(cast.li).get(reverse("desk:my-desk"))
    assert "places" not in [section["name"] for section in office.context["sections"]]
