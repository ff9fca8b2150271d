"""The table of doors: every URL, and what each member of the cast gets there.

One row per URL name. `kwargs` and `data` may be callables that get the world of `test_doors.world`
(a place, a case with its receipt, and so on), so that rows stay short. `method` is `get` unless said.
A status may be a set where several are right. Columns: nobody signed in, then the cast
(`wang` steward, `li` clerk, `lin` the unit that leads the sample case, `zhao` director, `sun` another
unit, `admin`, `zhou` the stranger). `everybody(200)` and friends fill a row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WHO = ("anonymous", "wang", "li", "lin", "zhao", "sun", "admin", "zhou")
Status = int | set[int]


@dataclass(frozen=True)
class Door:
    """One URL, how it's knocked at, and who is let in."""

    expect: dict[str, Status]
    kwargs: dict[str, Any] | Callable[[Any], dict[str, Any]] = field(default_factory=dict)
    method: str = "get"
    data: dict[str, Any] | Callable[[Any], dict[str, Any]] = field(default_factory=dict)


def everybody(status: Status, **others: Status) -> dict[str, Status]:
    """The same for all, but for those named."""
    return dict.fromkeys(WHO, status) | others


def staff(status: Status = 200, **others: Status) -> dict[str, Status]:
    """Signed-in members get `status`, the stranger 403 or 404, and who hasn't signed in is sent to sign in."""
    return dict.fromkeys(WHO, status) | {"anonymous": 302, "zhou": {403, 404}} | others


def only(*names: str, status: Status = 200, refused: Status = frozenset({403, 404})) -> dict[str, Status]:  # type: ignore[assignment]
    """Those named get `status`, other members `refused`, and who hasn't signed in is sent to sign in."""
    return dict.fromkeys(WHO, refused) | {"anonymous": 302} | dict.fromkeys(names, status)


DOORS: dict[str, Door | list[Door]] = {
    "healthz": Door(everybody(200)),
    "readyz": Door(everybody(200)),
    "metrics": Door(everybody(200)),  # from this machine itself; see tests/core for others
    "core:look": Door(everybody(302), method="post", data={"look": "elder"}),
    "core:styleguide": Door(only("admin") | {"anonymous": {302, 403}}),
}
