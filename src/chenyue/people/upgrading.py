"""What a new version brings to an office that already has roles. Called by migrations."""

from collections.abc import Mapping, Sequence
from typing import Any


def hand_out(roles: Any, words: Mapping[str, Sequence[str]]) -> None:
    """Give new permission words to the default roles; `roles` is the table as the migration knows it.

    A word that some role of the office holds already was handed out by a person, and stays as they decided.
    An office without roles isn't set up yet: it gets them all with its first administrator.
    """
    found = list(roles.objects.all())
    held = {word for role in found for word in role.permissions}
    for role in found:
        new = [word for word in words.get(role.code, ()) if word not in held]
        if new:
            role.permissions = [*role.permissions, *new]
            role.save(update_fields=["permissions"])


def add_role(roles: Any, code: str, name: str, words: Sequence[str]) -> None:
    """Add a default role to an office that has roles, unless one of this code is there."""
    if roles.objects.exists():
        roles.objects.get_or_create(code=code, defaults={"name": name, "permissions": list(words)})
