"""What is held for a request stays with it, as with Django's own way."""

import contextvars
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from asgiref.local import Local
from asgiref.sync import async_to_sync, sync_to_async
from django.urls import base, get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils.translation import activate, get_language, override, trans_real

from chenyue.core.here import Here

KINDS: list[Callable[[], Any]] = [Here, Local]
both = pytest.mark.parametrize("make", KINDS)


def look(held: Any) -> Any:
    return getattr(held, "value", "nothing")


def in_thread(act: Callable[[], Any]) -> Any:
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(act()))
    thread.start()
    thread.join()
    return found[0]


@both
def test_nothing_then_something_then_nothing(make: Callable[[], Any]) -> None:
    held = make()
    assert not hasattr(held, "value")
    with pytest.raises(AttributeError):
        del held.value
    held.value = None
    assert hasattr(held, "value")
    del held.value
    assert look(held) == "nothing"


@both
def test_another_thread_and_another_context_see_nothing_of_it(make: Callable[[], Any]) -> None:
    held, other = make(), make()
    held.value = "mine"
    assert in_thread(lambda: look(held)) == "nothing"
    contextvars.copy_context().run(setattr, held, "value", "theirs")
    assert look(held) == "mine"
    assert look(other) == "nothing"


@both
def test_what_is_called_by_way_of_tasks_sees_it(make: Callable[[], Any]) -> None:
    held = make()
    held.value = "mine"

    async def ask() -> Any:
        return await sync_to_async(look)(held)

    assert async_to_sync(ask)() == "mine"


def test_django_holds_language_doors_and_prefix_so() -> None:
    assert {type(trans_real._active), type(base._prefixes), type(base._urlconfs)} == {Here}  # type: ignore[attr-defined]
    with override("en"):
        assert (get_language(), in_thread(get_language)) == ("en", "zh-hans")
        contextvars.copy_context().run(activate, "zh-hant")
        assert get_language() == "en"
    set_urlconf("elsewhere")
    set_script_prefix("/office/")
    try:
        assert (get_urlconf(), get_script_prefix()) == ("elsewhere", "/office/")
        assert in_thread(lambda: (get_urlconf(), get_script_prefix())) == (None, "/")
    finally:
        set_urlconf(None)
        set_script_prefix("/")
