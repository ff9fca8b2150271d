"""The shorter way to a view leads where Django's own way leads."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.urls import Resolver404, URLResolver, get_resolver, path, reverse
from django.urls.resolvers import RegexPattern, ResolverMatch

from chenyue.core.addresses import Shortened, address

SAMPLES = {"int": "7", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
PART = re.compile(r"<(?:(\w+):)?\w+>|\(\?P<\w+>.*")


def routes(resolver: Any, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        whole = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one, whole)
        else:
            yield PART.sub(lambda found: SAMPLES.get(found[1] or "", "ab3"), whole.strip("^$"))


def said(found: ResolverMatch) -> tuple[Any, ...]:
    return found.func, found.args, found.kwargs, found.view_name, found.route


def ask(resolve: Any, wanted: str) -> Any:
    try:
        return said(resolve(wanted))
    except Resolver404:
        return None


def test_every_address_leads_where_it_led() -> None:
    quick = get_resolver().url_patterns
    assert [type(one) for one in quick if isinstance(one, URLResolver)][-1] is Shortened
    root = next(one for one in quick if isinstance(one, Shortened))
    plain = URLResolver(RegexPattern(""), root.url_patterns)  # in these nothing is shortened
    asked = [*list(routes(get_resolver()))[::8], "", "desk", "desk/", "desk/cases/x/y/z/", "p/", "nowhere/", "api/v1/x"]
    found = {one: ask(root.resolve, one) for one in asked}
    assert found == {one: ask(plain.resolve, one) for one in asked}
    assert sum(one is not None for one in found.values()) > 60


def test_an_address_is_worked_out_for_its_own_doors() -> None:
    assert address("desk:cases") == reverse("desk:cases")
    assert address("desk:no-such-door") is None


@pytest.mark.parametrize("prefix", ["/", "/office/"])
def test_an_address_begins_as_the_installation_says(prefix: str) -> None:
    from django.urls import set_script_prefix

    set_script_prefix(prefix)
    try:
        assert address("desk:cases") == f"{prefix}desk/cases/"
    finally:
        set_script_prefix("/")


urlpatterns = [path("elsewhere/", lambda request: None, name="healthz")]  # type: ignore[arg-type,return-value]


@override_settings(ROOT_URLCONF=__name__)
def test_other_doors_have_other_addresses() -> None:
    assert address("healthz") == "/elsewhere/"
