"""Word templates that an office may replace by its own, each registered with what fills it.

    word_templates.register("works.closing", _("Closing report of works"), HERE / "data/closing.docx", sample)
    word_templates.fill("works.closing", data)

`sample` gives made-up data with every blank in it: it stands for all that may be written in the template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from chenyue.core import papers, text
from chenyue.core.errors import NotFound, Sentence
from chenyue.core.models import OwnTemplate

NAME = 120  # characters of a file's name that are kept


@dataclass(frozen=True)
class WordTemplate:
    """A kind of paper: its code, what people call it, the template that ships, and a sample of what fills it."""

    code: str
    title: Sentence
    path: Path
    sample: Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Blank:
    """Something a template may say: how it is written, and what the sample has there."""

    name: str
    sample: str
    inside: str = ""  # the list whose rows have it, and how they are gone through


_kinds: dict[str, WordTemplate] = {}


def register(code: str, title: Sentence, path: Path, sample: Callable[[], Mapping[str, Any]]) -> None:
    """Make a kind of paper known; called when its package starts."""
    _kinds[code] = WordTemplate(code, title, path, sample)


def kinds() -> list[WordTemplate]:
    """All kinds of paper whose template can be replaced."""
    return [_kinds[code] for code in sorted(_kinds)]


def kind(code: str) -> WordTemplate:
    """One of them. Raises NotFound."""
    if code not in _kinds:
        raise NotFound
    return _kinds[code]


def own(code: str) -> OwnTemplate | None:
    """The office's own template, if it has one. One statement."""
    return OwnTemplate.objects.filter(code=code).first()


def all_own() -> dict[str, OwnTemplate]:
    """Name and day of the office's own templates, by code. One statement."""
    return {row.code: row for row in OwnTemplate.objects.defer("content")}


def current(code: str) -> bytes:
    """The template in force."""
    found = own(code)
    return bytes(found.content) if found else kind(code).path.read_bytes()


def fill(code: str, data: Mapping[str, Any]) -> papers.Paper:
    """The paper, from the office's own template or the one that ships. Raises Refusal, TooSlow."""
    return papers.word(current(code), data)


def replace(*, code: str, content: bytes, name: str, at: datetime) -> OwnTemplate:
    """Take an office's template: looked at and filled with the sample first. Raises Refusal with a sentence.

    Who may, and the entry on the timeline, are the caller's.
    """
    papers.check(content, kind(code).sample())
    with transaction.atomic():
        row, _new = OwnTemplate.objects.update_or_create(
            code=code, defaults={"content": content, "name": text.clean(name)[-NAME:] or f"{code}.docx", "at": at}
        )
    return row


def restore(code: str) -> bool:
    """Go back to the template that ships; whether there was another."""
    return bool(OwnTemplate.objects.filter(code=kind(code).code).delete()[0])


def sample_of(code: str) -> papers.Paper:
    """The template in force, filled with the sample."""
    return fill(code, kind(code).sample())


def blanks(code: str) -> list[Blank]:
    """Everything that may be written in a template, in the order of the sample."""
    return list(_blanks(kind(code).sample(), "", ""))


def _blanks(data: Mapping[str, Any], before: str, inside: str) -> list[Blank]:
    found = []
    for name, value in data.items():
        full = f"{before}{name}"
        if isinstance(value, Mapping):
            found += _blanks(value, f"{full}.", inside)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found += _blanks(value[0], "row.", full)
        elif isinstance(value, list):
            found.append(Blank("row", str(value[0]) if value else "", full))
        else:
            shown = value.words if isinstance(value, papers.Picture) else value
            found.append(Blank(full, "" if shown is None else str(shown)[:60], inside))
    return found
