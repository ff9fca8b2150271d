"""A member's permissions and where they hold: read once per member, kept on the instance."""

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
    held: dict[str, list[Scope]] | None = member.__dict__.get("_scopes")
    if held is None:
        held = {}
        rows = Grant.objects.filter(member_id=member.pk).order_by("pk")
        for unit_id, place_id, sensitivity, words in rows.values_list(
            "unit_id", "place_id", "sensitivity", "role__permissions"
        ):
            for word in words:
                held.setdefault(word, []).append(Scope(unit_id, place_id, sensitivity))
        member.__dict__["_scopes"] = held
    return held


def forget_scopes(member: Any) -> None:
    """Read the grants anew at the next question (after they changed)."""
    member.__dict__.pop("_scopes", None)
