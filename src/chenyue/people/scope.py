"""A member's permissions and where they hold: read once per member, kept on the instance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chenyue.people.models import Grant, Member


@dataclass(frozen=True)
class Scope:
    """Where a permission holds: within a unit and a place (None: everywhere), up to a sensitivity."""

    unit_id: int | None
    place_id: int | None
    sensitivity: str


def scopes(member: Any, word: str) -> list[Scope]:
    """The scopes in which a member holds `word`; none for strangers and deactivated members.

    All grants are read at the first question, in one statement, and kept on the instance.
    """
    if not isinstance(member, Member) and not getattr(member, "is_authenticated", False):
        return []
    if not member.is_active or member.pk is None:
        return []
    return list(all_scopes(member).get(word, []))


def all_scopes(member: Any) -> dict[str, list[Scope]]:
    """Every permission word of a member with its scopes."""
    # By attribute: a request holds its member behind a lazy stand-in, whose `__dict__` is its own.
    held: dict[str, list[Scope]] | None = getattr(member, "_scopes", None)
    if held is None:
        rows = Grant.objects.filter(member_id=member.pk).order_by("pk")
        held = hold(member, rows.values_list("unit_id", "place_id", "sensitivity", "role__permissions"))
    return held


def hold(member: Any, grants: Iterable[tuple[Any, Any, Any, Any]]) -> dict[str, list[Scope]]:
    """Keep grants (unit, place, sensitivity, words) that were read, on the instance."""
    held: dict[str, list[Scope]] = {}
    for unit_id, place_id, sensitivity, words in grants:
        for word in words:
            held.setdefault(word, []).append(Scope(unit_id, place_id, sensitivity))
    member._scopes = held
    return held


def forget_scopes(member: Any) -> None:
    """Read the grants anew at the next question (after they changed)."""
    member._scopes = None
