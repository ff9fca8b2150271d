"""What is bound to the keys of one installation, and how it comes under those of another.

Three kinds: values encrypted by `core.crypto` (opened going out, encrypted again coming in), blind indexes (made
anew from the value beside them), and seals of the timeline (sealed anew, after the old ones were proved). What can't
be made anew stands as it is, and its key travels: `core.carried`.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import models

from chenyue.core import carried, crypto
from chenyue.people import personal
from chenyue.timeline.models import Seal
from chenyue.timeline.seals import mac

Indexes = dict[str, tuple[str, Callable[[str], str]]]
_SEALED = re.compile(r"1:[A-Za-z0-9+/]{38,}={0,2}")  # a nonce of 12 bytes, a tag of 16, and something between

# Blind indexes: of which column of the same row, made how. By name, and where a model does it otherwise.
_BY_NAME: Indexes = {
    "name_index": ("name", personal.name_index),
    "phone_index": ("phone", personal.phone_index),
    "id_index": ("id_number", personal.id_index),
}
_OTHERWISE: dict[str, Indexes] = {
    "works.Owner": {"id_index": ("id_number", lambda value: crypto.blind_index(value, "id"))},
}


def indexes(model: type[models.Model]) -> Indexes:
    """The blind indexes of a model: column → of which other column, made how."""
    names = {field.name for field in model._meta.concrete_fields}
    found = {column: rule for column, rule in _BY_NAME.items() if column in names and rule[0] in names}
    return found | _OTHERWISE.get(str(model._meta.label), {})


def contexts(model: type[models.Model], column: str, row: models.Model) -> list[str]:
    """Under which names a sealed text outside an encrypted column may have been encrypted."""
    found = [f"{model._meta.db_table}.{column}"]
    if model._meta.label == "core.OfficeSetting":
        found += [f"office.{row.pk}", str(row.pk), *(carried.context(kind) for kind in carried.kinds())]
    return found


def opened(value: Any, names: list[str]) -> tuple[Any, list[list[Any]], bool]:
    """`value` with all sealed texts in it plain; of each its path within and the name it was encrypted under.

    The last says whether something looked sealed that none of `names` opens. It stays as it is: anybody can type it.
    """
    found: list[list[Any]] = []
    strange = False

    def walk(part: Any, path: list[Any]) -> Any:
        nonlocal strange
        if isinstance(part, dict):
            return {key: walk(part[key], [*path, key]) for key in sorted(part)}  # jsonb has an order of its own
        if isinstance(part, list | tuple):
            return [walk(inner, [*path, n]) for n, inner in enumerate(part)]
        if isinstance(part, str) and _SEALED.fullmatch(part):
            for name in names:
                try:
                    plain = crypto.decrypt(part, name)
                except ValueError:
                    continue
                found.append([path, name])
                return plain
            strange = True
        return part

    return walk(value, []), found, strange


def closed(value: Any, sealed: list[list[Any]]) -> Any:
    """The opposite of `opened`, with this installation's key."""
    for path, name in sealed:
        if not path:
            return crypto.encrypt(value, name)
        inner = value
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = crypto.encrypt(inner[path[-1]], name)
    return value


class Seals:
    """Seals of the timeline in order: going out each says whether it holds, coming in it's made under this key."""

    def __init__(self) -> None:
        self._before = ""

    def hold(self, seal: Seal) -> bool:
        """Whether the next seal is what was sealed."""
        holds = seal.mac == mac(seal) and seal.previous == self._before
        self._before = seal.mac
        return holds

    def again(self, seal: Seal, held: bool) -> None:
        """Seal it anew; one that didn't hold where it came from doesn't hold here."""
        seal.previous = self._before
        seal.mac = mac(seal) if held else ""
        self._before = seal.mac
