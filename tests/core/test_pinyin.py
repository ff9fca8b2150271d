"""Initials of names, in a process that holds the phrases and in one that doesn't."""

import subprocess
from typing import Any

import pytest

from chenyue.core import pinyin, text

pytestmark = pytest.mark.own_database
NAMES = ["晨光苑", "银行宿舍", "长兴路3幢", "Peach 园", "", "  ", "银行宿舍"]


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_known", {})


def test_initials_know_phrases() -> None:
    assert text.initials_of(NAMES) == ["cgy", "yhss", "cxl3c", "py", "", "", "yhss"]
    assert text.initials("银行") == "yh"


def test_a_server_lets_another_process_spell_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    held = pinyin.initials(NAMES)
    pinyin._known.clear()
    monkeypatch.setenv(pinyin.ALONE, "1")
    calls: list[Any] = []
    real = subprocess.run

    def run(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", run)
    assert pinyin.initials(NAMES) == held
    assert pinyin.initials(reversed(NAMES)) == held[::-1]
    assert len(calls) == 1, "what is known isn't asked again"
    assert pinyin.initials(["Tower 3"]) == ["t"]
    assert len(calls) == 1, "and what has no character needs nobody"


def test_names_are_spelled_even_if_no_process_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pinyin.ALONE, "1")

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "run", refuse)
    assert pinyin.initials(["晨光苑"]) == ["cgy"]


def test_what_is_kept_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "MOST", 3)
    for name in ("一", "二", "三", "四", "五"):
        pinyin.initials([name])
    assert len(pinyin._known) <= 3
    assert pinyin.initials(["一", "五"]) == ["y", "w"]
