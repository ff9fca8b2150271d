"""Initials of names by the sound of their characters.

Whether 行 in 银行 begins with h is known from a dictionary of phrases that takes forty megabytes and is needed only
when somebody writes a name. So the processes of `serve` don't hold it: there, a process of its own spells what isn't
known yet and ends. Commands and tests load it.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable

log = logging.getLogger(__name__)

ALONE = "PYPINYIN_NO_PHRASES"  # pypinyin's own switch; read when it is imported first
MOST = 20_000  # names that are kept
PATIENCE = 20  # seconds
_SPELL = (
    "import json, sys; from pypinyin import Style, lazy_pinyin as spell; "
    "json.dump([spell(name, style=Style.FIRST_LETTER) for name in json.load(sys.stdin)], sys.stdout)"
)
_known: dict[str, str] = {}


def without_phrases() -> None:
    """Hold no phrases in this process and in those forked from it; to be called before anything is spelled."""
    os.environ[ALONE] = os.environ["PYPINYIN_NO_DICT_COPY"] = "1"


def initials(names: Iterable[str]) -> list[str]:
    """For each name the first letters of its characters, such as `cgy` for 晨光苑.

    Of a stretch without Chinese characters its own first one.
    """
    names = list(names)
    found = {name: letters for name in names if (letters := _known.get(name)) is not None}
    missing = [name for name in dict.fromkeys(names) if name not in found]
    if missing:
        spelled = (_joined(letters) for letters in _spell(missing))
        found |= zip(missing, spelled, strict=True)
        if len(_known) + len(missing) > MOST:
            _known.clear()
        _known.update((name, found[name]) for name in missing[:MOST])
    return [found[name] for name in names]


def _joined(letters: list[str]) -> str:
    return "".join(letter[:1] for letter in letters).lower()


def _spell(names: list[str]) -> list[list[str]]:
    if ALONE in os.environ and any(not name.isascii() for name in names):
        try:
            return _elsewhere(names)
        except (OSError, subprocess.SubprocessError, ValueError):
            log.exception("names are spelled character by character")
    from pypinyin import Style, lazy_pinyin

    return [lazy_pinyin(name, style=Style.FIRST_LETTER) for name in names]


def _elsewhere(names: list[str]) -> list[list[str]]:
    """In a process that loads the phrases and ends."""
    env = {name: value for name, value in os.environ.items() if name != ALONE}
    command = [sys.executable, "-I", "-c", _SPELL]
    done = subprocess.run(  # noqa: S603 – our own words
        command, input=json.dumps(names), env=env, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    found: list[list[str]] = json.loads(done.stdout)
    if len(found) != len(names):
        raise ValueError("as many were asked as were told")
    return found
