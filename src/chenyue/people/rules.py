"""Who may do what, where. Pure, apart from reading a member's grants once."""

from collections.abc import Collection
from typing import Any

from chenyue.people.models import Sensitivity
from chenyue.people.permissions import OF_THE_WHOLE
from chenyue.people.scope import Scope, scopes

_RANKS = [str(Sensitivity.NORMAL), str(Sensitivity.PRIVATE), str(Sensitivity.SEALED)]


def may(
    member: Any,
    word: str,
    *,
    unit_ids: Collection[int] | None = None,
    place_ids: Collection[int] | None = None,
    sensitivity: str = "normal",
) -> bool:
    """Whether a member may do `word` to a thing of these units, at these places, this closely kept.

    `place_ids` are the thing's place and all it lies in. None means "anywhere": the word in any
    scope will do. An empty collection is a thing without unit or place: only an unbounded grant fits.
    Words of the whole office (`permissions.OF_THE_WHOLE`) need an unbounded grant wherever they are asked.
    """
    if word in OF_THE_WHOLE:
        unit_ids, place_ids = unit_ids or (), place_ids or ()
    return any(fits(scope, unit_ids, place_ids, sensitivity) for scope in scopes(member, word))


def fits(
    scope: Scope, unit_ids: Collection[int] | None, place_ids: Collection[int] | None, sensitivity: str = "normal"
) -> bool:
    """Whether one scope covers a thing; see `may`."""
    if not covers(scope.sensitivity, sensitivity):
        return False
    if unit_ids is not None and scope.unit_id is not None and scope.unit_id not in unit_ids:
        return False
    return place_ids is None or scope.place_id is None or scope.place_id in place_ids


def covers(granted: str, asked: str) -> bool:
    """Whether a grant up to `granted` reaches what is kept as closely as `asked`."""
    return _RANKS.index(str(granted)) >= _RANKS.index(str(asked))


def levels(granted: str) -> list[str]:
    """The sensitivities that a grant up to `granted` reaches."""
    return _RANKS[: _RANKS.index(str(granted)) + 1]
