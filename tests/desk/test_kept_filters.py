"""The filters above a list are written once and kept; what is kept is right for whoever asks."""

import pytest
from django.http import QueryDict
from django.utils.translation import override

from cast import Cast
from chenyue.desk.forms.lists import FilterForm
from chenyue.desk.templatetags import desk_filters
from chenyue.desk.templatetags.desk_filters import filter_fields

pytestmark = pytest.mark.django_db
ASKED = ("", "state=open&state=closed&urgency=urgent&to=2024-01-01", "q=%3Cb%3E&category=none&from=yesterday")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    desk_filters._written.cache_clear()


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_kept_is_what_the_form_says(cast: Cast, asked: str) -> None:
    first, again = filter_fields(QueryDict(asked)), filter_fields(QueryDict(asked))
    assert first == again
    assert desk_filters._written.cache_info().hits == 10
    form = FilterForm(QueryDict(asked))
    for name in FilterForm.base_fields:
        for error in form[name].errors:
            assert error in first
    assert first.count(" checked") == asked.count("state=") + asked.count("urgency=")
    assert "<b>" not in first


def test_each_reads_it_in_their_language_with_the_places_of_today(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = filter_fields(QueryDict(""))
    with override("en"):
        assert "Received from" in filter_fields(QueryDict("")) and "Received from" not in chinese
    monkeypatch.setattr(desk_filters, "communities", lambda: [("4711", "新社区")])
    monkeypatch.setattr(FilterForm.base_fields["community"], "choices", [("4711", "新社区")])
    assert "新社区" not in chinese and "新社区" in filter_fields(QueryDict(""))


def test_what_is_long_is_not_kept(cast: Cast) -> None:
    filter_fields(QueryDict("q=" + "长" * 200))
    assert desk_filters._written.cache_info().currsize == 9
